"""What people write, change, delete and react to; and what of it the bot is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.records import Json

from . import payloads
from .records import PERSONAL, Conversation, Message
from .typed import Words, quoted, typed

if TYPE_CHECKING:
    from .tenant import Tenant

__all__ = ["Words", "deleted", "edited", "reacted", "said"]


async def said(
    tenant: Tenant,
    person: str,
    place: Conversation,
    words: Words,
    *,
    root: str | None = None,
    quoting: Message | None = None,
) -> Message:
    """Put a person's message into a conversation, and tell the bot if it is to hear it."""
    given = typed(tenant, words)
    message = tenant.post(
        place.id,
        person,
        given.text,
        html=(quoted(tenant, quoting) if quoting else "") + given.html,
        entities=given.entities,
        root=root,
        quotes=quoting.id if quoting else None,
    )
    if _hears(tenant, message):
        await tenant.delivery.activity(payloads.message(tenant, message))
    return message


async def edited(tenant: Tenant, message: Message, words: Words) -> Message:
    """Change what a message says. The bot hears of it as it would hear a new one."""
    given = typed(tenant, words)
    changed = tenant.change(message, text=given.text, html=given.html, entities=given.entities, edited=True)
    if _hears(tenant, changed):
        event = payloads.message_event(tenant, changed, "messageUpdate", "editMessage")
        await tenant.delivery.activity(event)
    return changed


async def deleted(tenant: Tenant, message: Message) -> None:
    """Delete a message."""
    heard = _hears(tenant, message)
    tenant.remove(message)
    if heard:
        event = payloads.message_event(tenant, message, "messageDelete", "softDeleteMessage")
        await tenant.delivery.activity(event)


async def reacted(tenant: Tenant, person: str, message: Message, change: str, kind: str) -> None:
    """Tell the bot of a reaction, if it was to a message of its own."""
    if message.by_bot and tenant.bot_in(message.conversation):
        event: Json = payloads.reaction(tenant, person, message, change, kind)
        await tenant.delivery.activity(event)


def _hears(tenant: Tenant, message: Message) -> bool:
    if not tenant.bot_in(message.conversation) or message.author in tenant.blocked:
        return False
    if tenant.hears_everything or tenant.conversations[message.conversation].kind == PERSONAL:
        return True
    return any(each["mentioned"]["id"] == tenant.bot.id for each in message.entities)
