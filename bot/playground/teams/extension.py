"""The message extension: the action on a message, the search, and what is shared out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import answers, dialogs, payloads
from .records import CARD, Dialog, Message, Result

if TYPE_CHECKING:
    from .people import Colleague
    from .tenant import Tenant

MOST = 25
"""Results that the client asks for at a time."""


async def message_action(tenant: Tenant, who: Colleague, message: Message) -> Dialog | None:
    """The app's action was chosen in a message's menu; the dialog that opens, if one does."""
    place = tenant.conversations[message.conversation]
    value = {
        "commandId": tenant.message_command,
        "commandContext": "message",
        "messagePayload": payloads.message_payload(tenant, message),
        "context": dialogs.CONTEXT,
    }
    invoke = payloads.invoke(tenant, "composeExtension/fetchTask", who.id, place, value, message)
    del invoke["replyToId"]  # it is about the message, and no part of it
    ack = await tenant.delivery.invoke(invoke)
    told = answers.to_dialog(tenant, who, ack, empty=False)
    if told is None:
        return None
    begun = Dialog(who.id, place.id, "", {}, command=tenant.message_command, payload=value, zone=who.user.tz)
    tenant.show_dialog(who.id, dialogs.made(begun, told))
    return who.dialog


async def search(tenant: Tenant, who: Colleague, words: str, conversation: str) -> list[Result]:
    """Words were typed into the search, or nothing yet."""
    place = tenant.personal(who.id) if conversation == who.chat else who.place(conversation)
    asked = {"name": "query", "value": words} if words else {"name": "initialRun", "value": "true"}
    value = {
        "commandId": tenant.search_command,
        "parameters": [asked],
        "queryOptions": {"skip": 0, "count": MOST},
    }
    ack = await tenant.delivery.invoke(
        payloads.invoke(tenant, "composeExtension/query", who.id, place, value)
    )
    found = answers.to_search(tenant, who, ack)
    return [Result(str(each["title"]), str(each.get("text") or ""), card) for card, each in found[:MOST]]


def share(tenant: Tenant, person: str, result: Result, conversation: str) -> Message:
    """A card that was found is sent by the person who found it."""
    attachment = {"contentType": CARD, "content": result.card}
    return tenant.post(conversation, person, attachments=(attachment,), summary=result.title)
