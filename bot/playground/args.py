"""The arguments of a Web API call, however they came: query, form or JSON."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .errors import SlackRefusal
from .records import Json

_TRUE = ("1", "true", True, 1)


async def arguments(request: web.Request) -> Json:
    """Everything the caller sent; raises SlackRefusal when it cannot be read."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        return given | await _json_body(request)
    if request.can_read_body:
        given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return given


async def _json_body(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError as fault:
        raise SlackRefusal("invalid_json") from fault
    if not isinstance(body, dict):
        raise SlackRefusal("json_not_object")
    return {key: value for key, value in body.items() if value is not None}


class Args:
    """Typed looks at what was given; a missing requirement raises SlackRefusal `invalid_arguments`."""

    def __init__(self, given: Json) -> None:
        self._given = given

    def __contains__(self, key: str) -> bool:
        return key in self._given

    def need(self, key: str) -> str:
        """A string that must be there."""
        value = self.text(key)
        if not value:
            raise SlackRefusal("invalid_arguments", [f"missing required field: {key}"])
        return value

    def text(self, key: str, default: str = "") -> str:
        """A string that may be absent."""
        value = self._given.get(key, default)
        return value if isinstance(value, str) else str(value)

    def maybe(self, key: str) -> str | None:
        """A string, or None when absent or empty."""
        return self.text(key) or None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A boolean, in any of the ways Slack takes one."""
        return self._given[key] in _TRUE if key in self._given else default

    def count(self, key: str, default: int) -> int:
        """A positive number; raises SlackRefusal `invalid_limit`."""
        try:
            number = int(self._given.get(key) or default)
        except (TypeError, ValueError) as fault:
            raise SlackRefusal("invalid_limit") from fault
        if not 0 < number <= 1_000:
            raise SlackRefusal("invalid_limit")
        return number

    def json(self, key: str, refusal: str) -> Any:
        """A structure, which in a form is JSON in a string; unreadable is refused with this code."""
        value = self._given.get(key)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as fault:
            raise SlackRefusal(refusal) from fault
