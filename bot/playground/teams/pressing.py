"""Pressing the buttons of a card: what the client collects, sends, and does with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.ack import Ack
from bot.playground.errors import NotThere
from bot.playground.records import Json

from . import answers, dialogs, fields, payloads, reading
from .records import Dialog, Message

if TYPE_CHECKING:
    from .people import Colleague
    from .tenant import Tenant

_TAKING = ("Action.Execute", "Action.Submit")


@dataclass(frozen=True, slots=True)
class Placed:
    """A button, and the fields that are sent with it: those of its card, and of the cards around that."""

    action: Json
    fields: dict[str, Json]

    @property
    def label(self) -> str:
        """What stands on it."""
        return str(self.action.get("title") or "")


async def press(
    tenant: Tenant,
    who: Colleague,
    shown: Message | Dialog,
    label: str,
    inputs: dict[str, Any],
    *,
    confirm: bool | str = False,
) -> Ack:
    """Press a button by its label; see `Colleague.press`."""
    card = _card(shown)
    placed = find(card, label)
    if placed.action["type"] == "Action.ShowCard" and confirm:
        placed = _behind(placed, confirm)
    return await act(tenant, who, shown, placed, inputs)


async def press_at(
    tenant: Tenant, who: Colleague, shown: Message | Dialog, pointer: str, inputs: dict[str, Any]
) -> Ack:
    """Press the button at a place in the card."""
    return await act(tenant, who, shown, _at(_card(shown), pointer), inputs)


async def fill(
    tenant: Tenant, who: Colleague, shown: Message | Dialog, values: dict[str, Any], label: str
) -> dict[str, str]:
    """Fill in the fields of a card and press its button; what stands in the way, by field."""
    card = _card(shown)
    placed = find(card, label) if label else _main(card)
    await act(tenant, who, shown, placed, values)
    return who.objections


async def act(
    tenant: Tenant, who: Colleague, shown: Message | Dialog, placed: Placed, given: dict[str, Any]
) -> Ack:
    """Do what a button does, with some of its fields filled in."""
    action, kind = placed.action, placed.action["type"]
    who.objections = {}
    if action.get("isEnabled") is False:
        raise NotThere(f"{placed.label} cannot be pressed.")
    if kind == "Action.OpenUrl":
        who.opened.append(str(action["url"]))
    if kind not in _TAKING:
        return Ack(200)
    values = fields.filled(placed.fields, given)
    who.objections = fields.objections(placed.fields, values)
    if who.objections:
        return Ack(error="inputs")
    data = action.get("data") or {}
    return await _send(tenant, who, shown, action, {**data, **values})


async def _send(tenant: Tenant, who: Colleague, shown: Message | Dialog, action: Json, data: Json) -> Ack:
    if isinstance(shown, Dialog):
        return await dialogs.submit(tenant, who, shown, data)
    if action["type"] == "Action.Execute":
        return await _execute(tenant, who, shown, {**action, "data": data}, "manual")
    if _teams(data).get("type") == "task/fetch":
        return await dialogs.fetch(tenant, who, shown, data)
    return await tenant.delivery.activity(payloads.button_message(tenant, who.id, shown, data))


async def _execute(tenant: Tenant, who: Colleague, on: Message, action: Json, trigger: str) -> Ack:
    sent = {key: action[key] for key in ("type", "id", "title", "verb", "data") if key in action}
    value = {"action": sent, "trigger": trigger}
    place = tenant.conversations[on.conversation]
    invoke = payloads.invoke(tenant, "adaptiveCard/action", who.id, place, value, on)
    ack = await tenant.delivery.invoke(invoke)
    answers.to_press(tenant, who, on, ack)
    return ack


async def refresh(tenant: Tenant, who: Colleague, message: Message) -> Ack:
    """Let a card refresh itself: by itself when it names this person, by hand when it does not."""
    held = tenant.log.find(message.conversation, message.id)
    wanted = (held.card or {}).get("refresh") if held else None
    if wanted is None:
        raise NotThere("That card does not refresh itself.")
    trigger = "automatic" if who.id in wanted.get("userIds", ()) else "manual"
    return await _execute(tenant, who, message, {"data": {}, **wanted["action"]}, trigger)


def find(card: Json, label: str) -> Placed:
    """The button with this label. What can be seen without unfolding anything comes first."""
    for placed in _by_depth(card):
        found = [each for each in placed if each.label == label]
        if len(found) > 1 and any(each.action != found[0].action for each in found):
            raise NotThere(f"There are {len(found)} buttons {label!r} here.")
        if found:
            return found[0]
    raise NotThere(f"There is no button {label!r} here, but: {', '.join(reading.buttons(card)) or 'none'}.")


def _at(card: Json, pointer: str) -> Placed:
    found: Any = card
    within = reading.inputs(card)
    try:
        for step in pointer.strip("/").split("/"):
            found = found[int(step) if isinstance(found, list) else step]
            if isinstance(found, dict) and found.get("type") == "AdaptiveCard":
                within |= reading.inputs(found)
    except (KeyError, IndexError, ValueError, TypeError):
        found = None
    if not isinstance(found, dict) or not str(found.get("type")).startswith("Action."):
        raise NotThere(f"There is no button at {pointer}.")
    return Placed(found, {} if found.get("associatedInputs") == "none" else within)


def _by_depth(card: Json) -> Iterator[list[Placed]]:
    level = _placed(card, {})
    while level:
        yield level
        unfolding = [each for each in level if each.action.get("type") == "Action.ShowCard"]
        level = [inner for each in unfolding for inner in _placed(each.action["card"], each.fields)]


def _placed(card: Json, around: dict[str, Json]) -> list[Placed]:
    within = {**around, **reading.inputs(card)}
    return [
        Placed(action, {} if action.get("associatedInputs") == "none" else within)
        for action in reading.own_actions(card)
    ]


def _behind(placed: Placed, confirm: bool | str) -> Placed:
    inner = _placed(placed.action["card"], placed.fields)
    found = inner if confirm is True else [each for each in inner if each.label == confirm]
    if len(found) != 1:
        raise NotThere(f"Behind {placed.label!r} stands: {', '.join(each.label for each in inner)}.")
    return found[0]


def _main(card: Json) -> Placed:
    taking = [each for each in _placed(card, {}) if each.action["type"] in _TAKING]
    if not taking:
        raise NotThere("There is nothing to send here.")
    return next((each for each in taking if each.fields), taking[0])


def _card(shown: Message | Dialog) -> Json:
    if shown.card is None:
        raise NotThere("There are no buttons on that message.")
    return shown.card


def _teams(data: Json) -> Json:
    found = data.get("msteams")
    return found if isinstance(found, dict) else {}
