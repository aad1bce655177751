"""What a person typed, as Teams hands it to a bot and draws it for people: with mentions made out."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.playground.records import Json

from .records import Message, Person

if TYPE_CHECKING:
    from .tenant import Tenant

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)']")
_AT = re.compile(r"<at>(.*?)</at>")


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody types. `mention_bot` says whether the bot is mentioned; None: if it is written so."""

    text: str
    mention_bot: bool | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """The same as Teams has it: `text` for bots, `html` for people, and who is mentioned."""

    text: str
    html: str
    entities: tuple[Json, ...]


def typed(tenant: Tenant, words: Words) -> Typed:
    """Make out the mentions in what was typed; names are matched as they are written on the card index."""
    text = words.text
    if words.mention_bot and f"@{tenant.bot.name}".casefold() not in text.casefold():
        text = f"@{tenant.bot.name} {text}"
    known = {each.name.casefold(): each for each in tenant.people.values() if not each.left}
    if words.mention_bot is not False:
        known[tenant.bot.name.casefold()] = tenant.bot
    mentioned: list[Person] = []

    def mark(found: re.Match[str]) -> str:
        mentioned.append(known[found[1].casefold()])
        return f"<at>{mentioned[-1].name}</at>"

    marked = _names(known).sub(mark, text)
    return Typed(marked, drawn(marked), tuple(map(mention, mentioned)))


def _names(known: dict[str, Person]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?<!\w)@({names})(?!\w)", re.IGNORECASE)


def mention(person: Person) -> Json:
    """The entity that makes an `<at>` in the text a mention."""
    return {
        "type": "mention",
        "mentioned": {"id": person.id, "name": person.name},
        "text": f"<at>{person.name}</at>",
    }


def drawn(text: str, *, graph: bool = False) -> str:
    """A text with `<at>` in it as HTML; as Graph writes it, or as clients do."""
    parts, number = [], 0
    for index, part in enumerate(_AT.split(text)):
        if index % 2:
            parts.append(_mention(part, number, graph=graph))
            number += 1
        else:
            parts.append(_linked(part))
    return "<p>" + "".join(parts).replace("\n", "<br>") + "</p>"


def _mention(name: str, number: int, *, graph: bool) -> str:
    if graph:
        return f'<at id="{number}">{html.escape(name)}</at>'
    kind = "http://schema.skype.com/Mention"
    return f'<span itemtype="{kind}" itemscope itemid="{number}">{html.escape(name)}</span>'


def _linked(text: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = html.escape(found[0])
        parts += [html.escape(text[end : found.start()], quote=False), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, html.escape(text[end:], quote=False)])


def quoted(tenant: Tenant, message: Message) -> str:
    """The quotation that stands above a reply in a chat."""
    author = tenant.named(message.author)
    who = f"28:{tenant.app_id}" if author.is_bot else f"8:orgid:{author.object_id}"
    preview = html.escape((message.plain or message.summary).split("\n")[0][:100], quote=False)
    return (
        f'<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="{message.id}">\n'
        f'<strong itemprop="mri" itemid="{who}">{html.escape(author.name)}</strong>'
        f'<span itemprop="time" itemid="{message.id}"></span>\n'
        f'<p itemprop="preview">{preview}</p>\n</blockquote>\n'
    )
