"""Whether an activity that a bot wants to send is one that Teams would draw as it was meant."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.playground.records import Json

from . import cards, limits, refusals
from .records import CARD

if TYPE_CHECKING:
    from .tenant import Tenant

_PICTURE = re.compile(r'(?<=")data:image/[^"]*')
_AT = re.compile(r"<at>.*?</at>")


def check(tenant: Tenant, activity: Json, where: str) -> None:
    """Raise a Refusal for a faulty activity; its faults are kept in `tenant.faults`."""
    whole = json.dumps(activity, ensure_ascii=False)
    pictures = sum(map(len, _PICTURE.findall(whole)))
    if len(whole.encode()) - pictures > limits.MESSAGE_BYTES or len(whole) > limits.WITH_PICTURES:
        raise refusals.too_big()
    faults = _faults(tenant, activity)
    tenant.faults += [f"{where}: {fault}" for fault in faults]
    if faults:
        raise refusals.malformed("; ".join(faults))


def _faults(tenant: Tenant, activity: Json) -> list[str]:
    attachments = activity.get("attachments") or []
    if activity.get("type") != "message":
        return [f"no message: type {activity.get('type')!r}"]
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        return ["attachments must be objects in a list"]
    if not activity.get("text") and not attachments:
        return ["there is nothing in this message"]
    return _text_faults(tenant, activity) + _card_faults(tenant, activity, attachments)


def _text_faults(tenant: Tenant, activity: Json) -> list[str]:
    text = activity.get("text") or ""
    if not isinstance(text, str):
        return ["text must be a string"]
    if activity.get("textFormat") not in (None, "plain", "markdown", "xml"):
        return [f"unknown textFormat: {activity['textFormat']}"]
    given = activity.get("entities") or []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        return ["entities must be objects in a list"]
    entities = [each for each in given if each.get("type") == "mention"]
    texts, known = [str(each.get("text")) for each in entities], tenant.people.keys() | {tenant.bot.id}
    faults = [f"nobody is behind {each}" for each in set(_AT.findall(text)) - set(texts)]
    faults += [f"{each} is in no text" for each in texts if each not in text]
    unknown = [each for each in entities if (each.get("mentioned") or {}).get("id") not in known]
    return faults + [f"{each.get('text')} mentions somebody unknown" for each in unknown]


def _card_faults(tenant: Tenant, activity: Json, attachments: list[Json]) -> list[str]:
    if not attachments:
        return []
    faults = [
        f"unknown attachment: {each.get('contentType')}"
        for each in attachments
        if each.get("contentType") != CARD
    ]
    if activity.get("text"):
        faults.append("Teams splits a text from its card, and then returns no id: send one of them")
    if not isinstance(activity.get("summary"), str) or not activity["summary"].strip():
        faults.append("a card needs a summary, for notifications and screen readers")
    people = tenant.people.keys() | {tenant.bot.id}
    return faults + [fault for card in _cards(attachments) for fault in cards.check(card, people=people)]


def _cards(attachments: list[Json]) -> list[Any]:
    return [each.get("content") for each in attachments if each.get("contentType") == CARD]
