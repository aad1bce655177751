"""What fits, and how fast a bot may write."""

from __future__ import annotations

MESSAGE_BYTES = 28 * 1024
"""Of an activity's JSON. The documented limit has grown over the years (28, 40, 100 KB): this always fits."""

WITH_PICTURES = 50 * 1024
"""Characters with pictures that are within the card: of UTF-16, these are the 100 KB."""

PACES = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""So many messages in so many seconds, for each conversation."""

PAGE_LEAST, PAGE_MOST = 50, 500
"""Members on a page, whatever was asked for."""


def wait(sent: list[float], at: float) -> float:
    """Seconds until one more message may be sent, after those sent at these times; nought is now."""
    waits = [0.0]
    for span, most in PACES:
        within = [each for each in sent if each > at - span]
        if len(within) >= most:
            waits.append(within[-most] + span - at)
    return max(waits)
