"""Teams' words to ours, and back: identities, typed text; reactions and emoji are in `bot.teams.faces`.

What was typed comes twice:

1. `text` is plain. A typed "<b>" stands in it as it is; but some clients leave entities in it (`&nbsp;`
   behind a mention), and where a link leads is lost. A mention is `<at>Name</at>`, with an entity that says
   whom it means; that entity has no `text` when the name has an "&" in it.
2. An attachment `text/html` comes beside it where anything but bare words was typed, and always from newer
   clients. It is escaped exactly once, so it is what is read where there is one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.teams import hypertext
from bot.teams.faces import emoji, mark
from bot.teams.hypertext import Named
from bot.teams.shapes import an_object, objects
from handlers.mentions import clean, mention
from storage.records import MessageId, PersonId, PlaceId

__all__ = [
    "PREFIX",
    "emoji",
    "from_html",
    "heard",
    "mark",
    "message",
    "person",
    "place",
    "quoted",
    "target",
    "thread",
    "user",
]

PREFIX = "teams:"
HTML = "text/html"

_USER = re.compile(r"29:[\w.:+=~-]{1,250}")
_THREAD = ";messageid="
_AT = re.compile(r"<at\b[^<>]{0,99}>(.{0,300}?)</at>", re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(r"<quoted\b[^<>]*/?>(?:</quoted>)?", re.IGNORECASE)
_AFTER_A_NAME = re.compile(r"[,:](?=\s|$)\s*")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#39|#160);")
_BLANK = " \t\xa0"


def person(account: str) -> PersonId:
    """Our name for somebody, by the `id` of their account ("29:…")."""
    return PREFIX + account


def place(conversation: str) -> PlaceId:
    """Our name for a conversation, without the thread that its id may name."""
    return PREFIX + conversation.partition(_THREAD)[0]


def message(conversation: str, activity: str) -> MessageId:
    """Our name for a message; it is also the place of its thread."""
    return f"{place(conversation)}/{activity}"


def user(person: PersonId) -> str | None:
    """The account behind a person, or None when they live elsewhere."""
    account = person.removeprefix(PREFIX)
    return account if person.startswith(PREFIX) and _USER.fullmatch(account) else None


def target(place: PlaceId) -> tuple[str, str | None]:
    """The conversation (or account) to post to, and the message to answer. Elsewhere is a ValueError."""
    if not place.startswith(PREFIX):
        raise ValueError(f"{place!r} is not on Teams")
    conversation, _, activity = place.removeprefix(PREFIX).partition("/")
    return conversation, activity or None


def thread(activity: Mapping[str, Any]) -> str | None:
    """The activity that began the thread in which this one was said, or None outside of threads."""
    conversation = an_object(activity.get("conversation")).get("id")
    root = conversation.partition(_THREAD)[2] if isinstance(conversation, str) else ""
    return root.partition(";")[0] or None


def heard(activity: Mapping[str, Any], bot_id: str) -> str:
    """What somebody typed, with people as mention tokens; without us, and without what it quotes.

    Cleaned before tokens are put in, so that they can only come from a mention Teams made.
    """
    html, typed = _html(activity), activity.get("text")
    mentioned = _mentioned(activity)
    said = _spell(hypertext.read(html).pieces, mentioned, bot_id) if html else ""
    if not said and isinstance(typed, str):
        said = _spell(_read_plain(typed, activity, mentioned), mentioned, bot_id)
    return said


def quoted(activity: Mapping[str, Any], bot_id: str = "") -> tuple[str, str] | None:
    """The id of the message that a reply quotes, and the reply itself, read as by `heard`; or None."""
    html = _html(activity)
    answered = hypertext.quoted(html) or _quoted_entity(activity)
    bot = bot_id or str(an_object(activity.get("recipient")).get("id") or "")
    return (answered, heard(activity, bot)) if answered else None


def from_html(html: str) -> str:
    """The text of a message as it was read: no markup, lines kept, links as "label (url)"."""
    return _spell(hypertext.read(html).pieces, [], "")


@dataclass(slots=True)
class _Mentioned:
    """Somebody mentioned in an activity: who, and by which names they may stand in its text."""

    id: str
    names: frozenset[str]
    met: bool = False
    """Whether one mention of them was found already: another of the same name is the next."""


def _mentioned(activity: Mapping[str, Any]) -> list[_Mentioned]:
    found = []
    for entity in objects(activity.get("entities")):
        if entity.get("type") == "mention":
            account = an_object(entity.get("mentioned"))
            shown = _AT.fullmatch(str(entity.get("text") or "").strip())
            names = {str(account.get("name") or ""), shown[1] if shown else ""}
            found.append(_Mentioned(str(account.get("id") or ""), frozenset(map(_name, names)) - {""}))
    return found


def _name(text: str) -> str:
    """A name as it is compared: Teams escapes it in one place and not in another."""
    return " ".join(unescape(clean(text)).split())


def _read_plain(typed: str, activity: Mapping[str, Any], mentioned: list[_Mentioned]) -> list[str | Named]:
    """`text`, in pieces. An `<at>` that no entity speaks of was typed."""
    if activity.get("textFormat") in ("xml", "html"):
        return hypertext.read(typed).pieces
    if _quoted_entity(activity):
        typed = _QUOTED.sub("", typed)
    names = {name for each in mentioned for name in each.names}
    pieces: list[str | Named] = []
    end = 0
    for at in _AT.finditer(typed):
        if _name(at[1]) in names:
            pieces += [_unescaped(typed[end : at.start()]), Named(_name(at[1]))]
            end = at.end()
    return [*pieces, _unescaped(typed[end:])]


def _spell(pieces: Iterable[str | Named], mentioned: list[_Mentioned], bot_id: str) -> str:
    """The pieces as one text of ours, without the bot."""
    for each in mentioned:
        each.met = False
    said = ""
    after_us = False
    for piece in pieces:
        if isinstance(piece, str):
            text = _cleaned(piece)
            said += text.lstrip(_BLANK) if after_us else text
            after_us = after_us and not text.strip(_BLANK)
            continue
        who = _find(piece, mentioned)
        after_us = who is not None and who.id == bot_id
        if after_us:
            said = said.rstrip(_BLANK) + " "
        else:
            said += _token(piece, who)
    lines = (line.replace("\xa0", " ").rstrip() for line in said.split("\n"))
    said = "\n".join(lines).strip()
    return _AFTER_A_NAME.sub("", said, count=1) if _AFTER_A_NAME.match(said) else said


def _find(named: Named, mentioned: list[_Mentioned]) -> _Mentioned | None:
    """Who is meant: by the mention's number where its name agrees, else the next one of that name."""
    fitting = [each for each in mentioned if _name(named.name) in each.names]
    if named.number.isdecimal() and len(named.number) < 4 and int(named.number) < len(mentioned):
        numbered = mentioned[int(named.number)]
        if numbered in fitting:
            return numbered
    found = next((each for each in fitting if not each.met), fitting[-1] if fitting else None)
    if found is not None:
        found.met = True
    return found


def _token(named: Named, who: _Mentioned | None) -> str:
    """A person's token; a team, a tag or another bot by name."""
    if who is not None and user(person(who.id)):
        return mention(person(who.id))
    return "@" + _cleaned(named.name)


def _cleaned(piece: str) -> str:
    """One piece of a text, clean, with the spaces at its end."""
    return clean(piece + ".")[:-1]


def _unescaped(text: str) -> str:
    """Plain text as it was typed: the few entities that clients leave in it, once."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def _html(activity: Mapping[str, Any]) -> str:
    for attachment in objects(activity.get("attachments")):
        content = attachment.get("content")
        if attachment.get("contentType") == HTML and isinstance(content, str):
            return content
    return ""


def _quoted_entity(activity: Mapping[str, Any]) -> str:
    """The message that newer clients say in an entity is quoted."""
    for entity in objects(activity.get("entities")):
        if entity.get("type") == "quotedReply":
            return str(an_object(entity.get("quotedReply")).get("messageId") or "")
    return ""
