"""What the client makes of the app's answers; whatever is wrong with them is kept in `tenant.faults`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from bot.playground.ack import Ack
from bot.playground.records import Json

from . import cards
from .records import CARD, Message

if TYPE_CHECKING:
    from .people import Colleague
    from .tenant import Tenant

WRONG = "Something went wrong. Please try again."
"""What the client says when the app does not answer as it should."""
SENTENCE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
SIZES = ("small", "medium", "large")


def to_press(tenant: Tenant, who: Colleague, on: Message, ack: Ack) -> None:
    """The answer to an Action.Execute: another card, for this person alone, or a sentence."""
    body = _body(tenant, who, ack)
    if body is None:
        return
    kind, value, code = body.get("type"), body.get("value"), body.get("statusCode")
    if kind == SENTENCE and code == 200 and isinstance(value, str) and value:
        tenant.toast(who.id, value)
    elif kind == CARD and code == 200 and isinstance(value, dict):
        if _sound(tenant, value, "the answer to a button"):
            tenant.show(on, who.id, value)
        else:
            tenant.toast(who.id, WRONG)
    elif kind == ERROR and isinstance(value, dict) and isinstance(code, int) and code >= 400:
        tenant.toast(who.id, str(value.get("message") or WRONG))
    else:
        _fault(tenant, who, f"no answer to a button: {body}")


def to_dialog(tenant: Tenant, who: Colleague, ack: Ack, *, empty: bool) -> Json | None:
    """The task in an answer about a dialog: {"title", "card", "height", "width"}; None closes it.

    `empty` says whether the dialog may be closed without a word.
    """
    if ack.ok and not ack.body and empty:
        return None
    body = _body(tenant, who, ack)
    task = body.get("task") if body is not None else None
    if not isinstance(task, dict):
        if body is not None and (body or not empty):
            _fault(tenant, who, f"no answer to a dialog: {body}")
        return None
    if task.get("type") == "message" and isinstance(task.get("value"), str) and task["value"]:
        tenant.toast(who.id, task["value"])
        return None
    return _continued(tenant, who, task)


def _continued(tenant: Tenant, who: Colleague, task: Json) -> Json | None:
    value = task.get("value")
    if task.get("type") != "continue" or not isinstance(value, dict):
        _fault(tenant, who, f"no answer to a dialog: {task}")
        return None
    unknown = value.keys() - {"title", "height", "width", "card"}
    card, title = value.get("card"), value.get("title")
    if unknown or not isinstance(title, str) or not title or not _is_card(card):
        _fault(tenant, who, f"no dialog: {value}")
        return None
    wrong = [
        value.get(key, "medium") for key in ("height", "width") if not _is_size(value.get(key, "medium"))
    ]
    if wrong or not _sound(tenant, card["content"], f"the dialog {title!r}", dialog=True):
        _fault(tenant, who, f"a dialog of size {wrong}") if wrong else tenant.toast(who.id, WRONG)
        return None
    return {**value, "card": card["content"]}


def to_search(tenant: Tenant, who: Colleague, ack: Ack) -> list[tuple[Json, Json]]:
    """What a search of the message extension found: a card and a preview each."""
    body = _body(tenant, who, ack)
    if body is None:
        return []
    found = body.get("composeExtension")
    if not isinstance(found, dict) or found.get("type") not in ("result", "message"):
        _fault(tenant, who, f"no answer to a search: {body}")
        return []
    if found["type"] == "message":
        tenant.toast(who.id, str(found.get("text") or WRONG))
        return []
    results = [_result(tenant, who, each) for each in found.get("attachments") or ()]
    return [each for each in results if each is not None]


def _result(tenant: Tenant, who: Colleague, found: Any) -> tuple[Json, Json] | None:
    preview = _object(found.get("preview")) if isinstance(found, dict) else {}
    content = _object(preview.get("content"))
    kinds = ("application/vnd.microsoft.card.hero", "application/vnd.microsoft.card.thumbnail")
    if not _is_card(found) or not content.get("title") or preview.get("contentType") not in kinds:
        _fault(tenant, who, f"no result of a search: {found}")
        return None
    return (found["content"], content) if _sound(tenant, found["content"], "a result of a search") else None


def _body(tenant: Tenant, who: Colleague, ack: Ack) -> Json | None:
    """What the app answered, or None after telling the person that it did not."""
    if ack.ok and isinstance(ack.body, dict):
        return ack.body
    if ack.ok:
        _fault(tenant, who, f"an answer that is no object: {ack.body!r}")
        return None
    tenant.toast(who.id, WRONG)
    return None


def _is_card(found: Any) -> TypeGuard[Json]:
    return (
        isinstance(found, dict)
        and found.get("contentType") == CARD
        and isinstance(found.get("content"), dict)
    )


def _object(given: Any) -> Json:
    return given if isinstance(given, dict) else {}


def _is_size(given: Any) -> bool:
    return given in SIZES or (isinstance(given, int) and not isinstance(given, bool) and given > 0)


def _sound(tenant: Tenant, card: Json, where: str, *, dialog: bool = False) -> bool:
    found = cards.check(card, people=tenant.people.keys() | {tenant.bot.id}, dialog=dialog)
    tenant.faults += [f"{where}: {fault}" for fault in found]
    return not found


def _fault(tenant: Tenant, who: Colleague, words: str) -> None:
    tenant.faults.append(words)
    tenant.toast(who.id, WRONG)
