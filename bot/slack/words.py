"""Slack's words to ours, and back: identities, typed text, emoji."""

import re
from collections.abc import Iterator

from handlers.mentions import clean, mention
from storage.records import MessageId, PersonId, PlaceId

PREFIX = "slack:"

_TOKEN = re.compile(r"<([^<>]*)>")
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,30}")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_GROUP_CALLS = ("here", "channel", "everyone")


def person(user: str) -> PersonId:
    """Our name for a Slack user."""
    return PREFIX + user


def place(channel: str) -> PlaceId:
    """Our name for a channel."""
    return PREFIX + channel


def message(channel: str, ts: str) -> MessageId:
    """Our name for a message; it is also the place of its thread."""
    return f"{PREFIX}{channel}/{ts}"


def user(person: PersonId) -> str | None:
    """The Slack user behind a person, or None when they live elsewhere."""
    name = person.removeprefix(PREFIX)
    return name if person.startswith(PREFIX) and _USER.fullmatch(name) else None


def target(place: PlaceId) -> tuple[str, str | None]:
    """The channel (or user) to post to, and the message to answer. A place elsewhere is a ValueError."""
    if not place.startswith(PREFIX):
        raise ValueError(f"{place!r} is not on Slack")
    channel, _, ts = place.removeprefix(PREFIX).partition("/")
    return channel, ts or None


def escape(text: str) -> str:
    """Text as Slack wants it where it would read tokens in angle brackets."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse, exactly once."""
    return _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)


def from_slack(text: str, bot_user: str) -> str:
    """What somebody typed, with people as mention tokens, everything else as they saw it, and without us.

    Cleaned first, so that a mention token can only come from a mention Slack made.
    """
    return "".join(_read(_without(clean(text), bot_user))).strip()


def _without(text: str, bot_user: str) -> str:
    if not bot_user:
        return text
    return re.sub(rf"[ \t]*<@{re.escape(bot_user)}(?:\|[^<>]*)?>[ \t]*", " ", text)


def _read(text: str) -> Iterator[str]:
    end = 0
    for token in _TOKEN.finditer(text):
        yield unescape(text[end : token.start()])
        yield _meant(token[1])
        end = token.end()
    yield unescape(text[end:])


def _meant(token: str) -> str:
    body, _, label = token.partition("|")
    label = unescape(label)
    match body[:1]:
        case "@" if _USER.fullmatch(body[1:]):
            return mention(person(body[1:]))
        case "#" if _CHANNEL.fullmatch(body[1:]):
            return f"#{label or body[1:]}"
        case "!":
            return label if "^" in body and label else _call(body[1:])
        case _:
            return _link(unescape(body), label)


def _call(body: str) -> str:
    name = body.partition("^")[0]
    return f"@{name}" if name in _GROUP_CALLS else "@group"


def _link(url: str, label: str) -> str:
    shown = label.rstrip("/")
    if not shown or url.rstrip("/") == shown:
        return url
    if url.rstrip("/").endswith((f"://{shown}", f"mailto:{shown}", f"tel:{shown}")):
        return label
    return f"{label} ({url})"
