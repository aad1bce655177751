"""What a person typed, as Slack hands it to an app: escaped, with mentions and links made out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .emoji import as_names

if TYPE_CHECKING:
    from .workspace import Workspace

_URL = r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)'\"])"
_EMAIL = r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
_EVERYONE = r"(?<!\w)@(?P<all>here|channel|everyone)(?!\w)"


def escape(text: str) -> str:
    """The three characters that Slack's markup is made of, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or "(?!)"


def in_message(workspace: Workspace, text: str) -> str:
    """The text of a `message` event: `<@U1>`, `<#C1|general>`."""
    return _marked(workspace, text, lambda id, _: f"<@{id}>")


def in_command(workspace: Workspace, text: str) -> str:
    """The text of a slash command with escaping switched on: `<@U1|ann>`, `<#C1|general>`."""
    return _marked(workspace, text, lambda id, handle: f"<@{id}|{handle}>")


def _marked(workspace: Workspace, text: str, mention: Callable[[str, str], str]) -> str:
    people = {
        name.casefold(): user
        for user in workspace.users.values()
        if not user.deleted
        for name in (user.real_name, user.name)
        if name
    }
    channels = {c.name.casefold(): c for c in workspace.channels.values() if not c.im}
    person = rf"(?<!\w)@(?P<person>{_any(people)})(?!\w)"
    channel = rf"(?<!\w)#(?P<channel>{_any(channels)})(?![\w-])"
    token = re.compile("|".join((_URL, _EMAIL, person, _EVERYONE, channel)), re.IGNORECASE)

    def marked(found: re.Match[str]) -> str:
        if found["url"]:
            return f"<{escape(found['url'])}>"
        if found["email"]:
            return f"<mailto:{found['email']}|{found['email']}>"
        if found["person"]:
            user = people[found["person"].casefold()]
            return mention(user.id, user.name)
        if found["all"]:
            return f"<!{found['all'].lower()}>"
        there = channels[found["channel"].casefold()]
        return f"<#{there.id}|{there.name}>"

    parts: list[str] = []
    end = 0
    for found in token.finditer(text):
        parts += [escape(text[end : found.start()]), marked(found)]
        end = found.end()
    return as_names("".join([*parts, escape(text[end:])]))
