"""A platform behind two verbs. Features are Notices, so this never grows."""

from typing import Protocol

from handlers.notices import Notice
from storage.records import MessageId, PlaceId


class Undelivered(Exception):
    """A message could not be delivered.

    `permanent` says that trying again cannot help, and `why` is the platform's own word for the
    reason. Otherwise `retry_in` is how many seconds the platform asked us to wait, or None.
    `gone` says that it was the message to edit that no longer exists, not the place.
    """

    def __init__(
        self, why: str, *, permanent: bool = False, retry_in: float | None = None, gone: bool = False
    ) -> None:
        super().__init__(why)
        self.why = why
        self.permanent = permanent
        self.retry_in = retry_in
        self.gone = gone


class Chat(Protocol):
    """What the courier needs of a platform."""

    async def post(self, place: PlaceId, notice: Notice) -> MessageId:
        """Say it in a place (a channel, a person's direct messages, or a message's thread).

        Raises `Undelivered`.
        """

    async def edit(self, message: MessageId, notice: Notice) -> None:
        """Bring a message up to date. Raises `Undelivered`."""
