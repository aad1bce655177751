"""Dialogs: how they are opened, sent, kept open and closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.playground.ack import Ack
from bot.playground.records import Json

from . import answers, payloads
from .records import Dialog, Message

if TYPE_CHECKING:
    from .people import Colleague
    from .tenant import Tenant

CONTEXT = {"theme": "default"}


async def fetch(tenant: Tenant, who: Colleague, on: Message, data: Json) -> Ack:
    """A button that opens a dialog was pressed."""
    place = tenant.conversations[on.conversation]
    value = {"data": data, "context": CONTEXT}
    ack = await tenant.delivery.invoke(payloads.invoke(tenant, "task/fetch", who.id, place, value, on))
    told = answers.to_dialog(tenant, who, ack, empty=False)
    if told is not None:
        tenant.show_dialog(who.id, made(Dialog(who.id, place.id, "", {}, on.id, zone=who.user.tz), told))
    return ack


async def submit(tenant: Tenant, who: Colleague, dialog: Dialog, data: Json) -> Ack:
    """A button in a dialog was pressed. When the app does not answer, the dialog stays."""
    place = tenant.conversations[dialog.conversation]
    on = tenant.log.find(place.id, dialog.message) if dialog.message else None
    if dialog.command:
        name, value = "composeExtension/submitAction", {**(dialog.payload or {}), "data": data}
    else:
        name, value = "task/submit", {"data": data, "context": CONTEXT}
    ack = await tenant.delivery.invoke(payloads.invoke(tenant, name, who.id, place, value, on))
    told = answers.to_dialog(tenant, who, ack, empty=True)
    if ack.ok:
        tenant.show_dialog(who.id, made(dialog, told) if told is not None else None)
    return ack


def made(dialog: Dialog, told: Json) -> Dialog:
    """The dialog as the app now wants it."""
    height, width = told.get("height", "medium"), told.get("width", "medium")
    return replace(dialog, title=told["title"], card=told["card"], height=height, width=width)
