"""Trouble on demand: what goes wrong with which call, and how often."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """One planned failure of the Web API.

    `before` says whether the call fails instead of being done, or after it was done. `drop` closes the
    connection without an answer. `delay`, in seconds, comes before the answer. With a delay alone the call
    is done, slowly.
    """

    method: str
    error: str | None = None
    status: int | None = None
    retry_after: float | None = None
    times: int = 1
    channel: str | None = None
    before: bool = True
    delay: float = 0.0
    drop: bool = False

    @property
    def fails(self) -> bool:
        """Whether the caller gets something else than the answer."""
        return self.drop or self.error is not None or self.status is not None

    def concerns(self, method: str, channel: str | None) -> bool:
        """Whether it is this call's turn to fail."""
        return self.times > 0 and self.method in ("*", method) and self.channel in (None, channel)


class Faults:
    """The failures still to come, in the order they were planned."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Add one."""
        self._planned.append(fault)

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The failure that meets this call, which uses it up once."""
        for fault in self._planned:
            if fault.concerns(method, channel):
                fault.times -= 1
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong from here on."""
        self._planned.clear()
