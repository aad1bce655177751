from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app answered a delivery.

    `status` is None when no answer came; then `error` is Slack's word for it: `operation_timeout`,
    `dispatch_failed`. `body` is parsed JSON, plain text, or None.
    """

    status: int | None = None
    body: Any = None
    error: str | None = None
    final: bool = False

    @property
    def ok(self) -> bool:
        """Whether the app took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def why(self) -> str:
        """Slack's word for what went wrong; empty when nothing did."""
        return "" if self.ok else self.error or "dispatch_failed"
