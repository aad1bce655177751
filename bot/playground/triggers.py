"""Trigger ids: what allows an app to open a modal in front of the person who just did something."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from . import limits
from .errors import SlackRefusal


@dataclass(slots=True)
class _Trigger:
    user: str
    view: str | None
    made: float
    used: bool = False


class Triggers:
    """Each trigger lives three seconds and is good for one modal; the time is monotonic, in seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._made: dict[str, _Trigger] = {}

    def mint(self, user: str, view: str | None = None) -> str:
        """A fresh trigger for this person, from inside this view if there is one."""
        self._forget_old()
        id = f"{len(self._made) + 1}.{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
        self._made[id] = _Trigger(user, view, self._monotonic())
        return id

    def redeem(self, id: str) -> tuple[str, str | None]:
        """Whom and in which view it was made for; raises SlackRefusal when it is unknown, late or spent."""
        trigger = self._made.get(id)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusal("exchanged_trigger_id")
        if self._monotonic() - trigger.made > limits.TRIGGER_SECONDS:
            raise SlackRefusal("expired_trigger_id")
        trigger.used = True
        return trigger.user, trigger.view

    def _forget_old(self) -> None:
        horizon = self._monotonic() - 3_600
        self._made = {id: trigger for id, trigger in self._made.items() if trigger.made > horizon}
