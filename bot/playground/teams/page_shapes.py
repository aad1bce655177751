"""People, conversations, messages and dialogs as the page draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.records import Json

from .records import PERSONAL, Conversation, Dialog, Message, Person

if TYPE_CHECKING:
    from .tenant import Tenant

_COLOURS = ("#4f6bed", "#8764b8", "#c239b3", "#038387", "#498205", "#ca5010", "#a4262c", "#69797e")


def page_person(person: Person, index: int) -> Json:
    """Somebody, with a colour of their own."""
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "email": person.email,
        "tz": person.tz,
        "is_bot": person.is_bot,
        "left": person.left,
        "color": _COLOURS[index % len(_COLOURS)],
    }


def page_conversation(tenant: Tenant, conversation: Conversation, viewer: str) -> Json:
    """A line of the side bar. A chat with the bot has the bot's name."""
    team = tenant.teams[conversation.team] if conversation.team else None
    name = tenant.bot.name if conversation.kind == PERSONAL else conversation.name
    return {
        "id": conversation.id,
        "kind": conversation.kind,
        "name": name,
        "team": {"id": team.id, "name": team.name} if team else None,
        "members": list(tenant.members(conversation.id)),
        "bot": tenant.bot_in(conversation.id),
        "unread": tenant.unread(viewer, conversation.id),
    }


def page_message(tenant: Tenant, message: Message) -> Json:
    """A message as one person sees it, with what its thread amounts to.

    A person's message is drawn from `html`, the bot's from `text` (Markdown) or `card`.
    """
    replies = [] if message.is_reply else tenant.log.replies(message.conversation, message.id)
    return {
        "conversation": message.conversation,
        "id": message.id,
        "author": message.author,
        "at": message.at.isoformat(),
        "text": message.text,
        "html": message.html,
        "plain": message.plain,
        "card": message.card,
        "summary": message.summary,
        "by_bot": message.by_bot,
        "root": message.root,
        "quotes": message.quotes,
        "reply_count": len(replies),
        "reply_authors": list(dict.fromkeys(each.author for each in replies)),
        "latest_reply": replies[-1].id if replies else None,
        "reactions": [{"kind": kind, "people": list(people)} for kind, people in message.reactions.items()],
        "edited": message.edited,
        "deleted": message.deleted,
    }


def page_dialog(dialog: Dialog | None) -> Json | None:
    """A dialog; None stays None."""
    if dialog is None:
        return None
    return {
        "title": dialog.title,
        "card": dialog.card,
        "height": dialog.height,
        "width": dialog.width,
        "conversation": dialog.conversation,
        "message": dialog.message,
    }
