"""The door: nothing from outside is read before Slack's signature on it has been checked."""

import hashlib
import hmac
from collections.abc import Mapping

MOST_SECONDS = 300
"""How old a signed request may be: an older one may be somebody's copy."""


def is_from_slack(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether Slack signed exactly this body, within the last five minutes (`now` is in Unix seconds).

    The scheme is Slack's `v0`: HMAC-SHA256 with the signing secret over `v0:timestamp:body`.
    """
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > MOST_SECONDS:
        return False
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("X-Slack-Signature", "").encode())
