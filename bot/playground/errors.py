from collections.abc import Sequence


class SlackRefusal(Exception):
    """What the Web API answers instead of doing as it was asked.

    `code` is Slack's word for it, `messages` its details, `retry_after` (seconds) makes it an HTTP 429.
    """

    def __init__(
        self, code: str, messages: Sequence[str] = (), *, status: int = 200, retry_after: float | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.status = status
        self.retry_after = retry_after


class NotThere(LookupError):
    """A person reached for something that is not on their screen; the sentence says what."""
