"""What the Bot Connector answers instead of doing as it was asked, in Teams' own codes."""

from __future__ import annotations


class Refusal(Exception):
    """An HTTP status with Teams' code for it and a sentence; `retry_after` in seconds."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


def malformed(why: str) -> Refusal:
    """The request makes no sense; `why` says where."""
    return Refusal(400, "BadSyntax", why)


def no_conversation() -> Refusal:
    """Nobody knows that conversation."""
    return Refusal(404, "ConversationNotFound", "Conversation not found.")


def no_activity() -> Refusal:
    """Nobody knows that message."""
    return Refusal(
        404,
        "ActivityNotFoundInConversation",
        "The message ID provided could not be found in the conversation.",
    )


def no_member() -> Refusal:
    """Nobody by that id is there."""
    return Refusal(404, "MemberNotFoundInConversation", "Member not found in conversation.")


def not_in_roster() -> Refusal:
    """The bot is not there, or no longer."""
    return Refusal(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")


def blocked() -> Refusal:
    """The person does not want to hear from the bot."""
    return Refusal(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")


def never_met() -> Refusal:
    """The person has not added the app, and is in no team that has it."""
    return Refusal(403, "ForbiddenOperationException", "Bot is not installed in user's personal scope.")


def not_ours() -> Refusal:
    """The message is somebody else's."""
    return Refusal(403, "NotEnoughPermissions", "The bot doesn't have enough permissions for this action.")


def too_big() -> Refusal:
    """The activity is over the limit."""
    return Refusal(413, "MessageSizeTooBig", "Message size too large.")


def too_many(retry_after: float) -> Refusal:
    """The bot writes too fast."""
    return Refusal(429, "Throttled", "Too many requests.", retry_after=retry_after)


def not_offered() -> Refusal:
    """Teams does not do that."""
    return Refusal(501, "NotImplemented", "Deleting activities is not supported.")
