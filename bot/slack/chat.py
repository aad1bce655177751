"""Slack behind the verbs of `bot.chat`, and the three more its listener needs.

Whatever goes wrong becomes `Undelivered`, which says whether trying again can help.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat import Undelivered
from bot.slack import words
from bot.slack.modals import home, modal, window
from bot.slack.pictures import Pictures, attempts
from bot.slack.render import render
from handlers.notices import Form, HomePage, News, Notice, Poll
from storage.records import MessageId, PersonId, PlaceId

TIMEOUT = 10
"""Seconds a call may take."""
READ_BACK = 1
"""The same, while Slack waits for our acknowledgement."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message cannot be edited any more, but its place is still there."""

INVALID = "invalid_blocks"

PASSING = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "rollup_error",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Slack is busy or unwell."""

MENDABLE = {
    "account_inactive": "the app was removed from Slack, or its bot was deactivated",
    "invalid_auth": "Slack does not accept the bot's token",
    "missing_scope": "the Slack app lacks a scope",
    "not_allowed_token_type": "Slack wants a bot token here",
    "not_authed": "there is no bot token",
    "token_expired": "the bot's token has expired",
    "token_revoked": "the bot's token was revoked",
}
"""What an operator can mend: everything owed is delivered afterwards."""

log = logging.getLogger(__name__)


def make_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client on a session shared by all calls. It never tries twice: that is the courier's business."""
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT,
        session=session,
        retry_handlers=[],
        logger=_quiet(),
    )


class SlackChat:
    """Says notices in Slack."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._pictures = Pictures(client, calling)

    async def post(self, place: PlaceId, notice: Notice) -> MessageId:
        """Say it in a channel, to a person, or in a message's thread. Raises `Undelivered`.

        News in the thread of a direct message is shown beside the thread too, or nobody would see it there.
        A poll is posted with its faces; a face that could not be put on is no reason to ask again.
        A digest is posted with its picture; when that cannot be shown, without.
        """
        channel, thread = _target(place)
        aloud = isinstance(notice, News) and thread is not None and channel.startswith("D")
        refused: Undelivered | None = None
        async for attempt in attempts(await self._pictures.put_in(notice)):
            try:
                where, ts = await self._post(channel, thread, attempt, aloud)
                break
            except Undelivered as error:
                if error.why != INVALID:
                    raise
                refused = error
        else:
            assert refused is not None
            raise refused
        if isinstance(notice, Poll) and notice.score is None and not notice.closed and not notice.tapped:
            await self._offer(where, ts, notice)
        return words.message(where, ts)

    async def _post(self, channel: str, thread: str | None, notice: Notice, aloud: bool) -> tuple[str, str]:
        message = render(notice)
        async with calling(self._client.timeout):
            posted = await self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                reply_broadcast=True if aloud else None,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(posted["channel"]), str(posted["ts"])

    async def edit(self, message: MessageId, notice: Notice) -> None:
        """Bring a message up to date. Raises `Undelivered`."""
        channel, ts = _target(message)
        now = render(notice)
        async with calling(self._client.timeout):
            await self._client.chat_update(channel=channel, ts=ts or "", text=now.text, blocks=now.blocks)

    async def say_to_one(self, place: PlaceId, person: PersonId, notice: Notice) -> None:
        """Say it in a place so that only one person sees it; directly when the place is theirs.

        Raises `Undelivered`.
        """
        channel, thread = _target(place)
        user, _ = _target(person)
        if channel == user:
            await self.post(place, notice)
            return
        message = render(notice)
        async with calling(self._client.timeout):
            await self._client.chat_postEphemeral(
                channel=channel, user=user, text=message.text, blocks=message.blocks, thread_ts=thread
            )

    async def open(
        self, trigger_id: str, form: Form, also: Mapping[str, str] | None = None, *, above: bool = False
    ) -> None:
        """Open a form with the trigger it came with, within three seconds of it; `above` one that is open.

        Raises `Undelivered`.
        """
        opened = self._client.views_push if above else self._client.views_open
        async with calling(self._client.timeout):
            await opened(trigger_id=trigger_id, view=modal(form, also))

    async def redraw(self, view: Mapping[str, Any], form: Form, *, whatever: bool = False) -> None:
        """Draw a form over the view that was pressed in, keeping what stays the same in it.

        Raises `Undelivered`: "hash_conflict" when the view has changed since, unless it is to be drawn over
        `whatever` stands there now.
        """
        unchanged = None if whatever else str(view.get("hash") or "") or None
        async with calling(self._client.timeout):
            await self._client.views_update(
                view_id=str(view["id"]), hash=unchanged, view=modal(form, over=view)
            )

    async def show(self, trigger_id: str, notice: Notice, instead_of: str | None = None) -> None:
        """Show a notice in a modal of its own, or `instead_of` the view of that id. Raises `Undelivered`."""
        async with calling(self._client.timeout):
            if instead_of:
                await self._client.views_update(view_id=instead_of, view=window(notice))
            else:
                await self._client.views_open(trigger_id=trigger_id, view=window(notice))

    async def read_back(self, channel: str, ts: str) -> tuple[str, str]:
        """A message's text and a link to it; each is empty when Slack does not say.

        Slack allows some apps to read back only once a minute, so nothing may depend on it.
        """
        return await self._text_of(channel, ts), await self._link_to(channel, ts)

    async def _text_of(self, channel: str, ts: str) -> str:
        try:
            async with calling(READ_BACK):
                found = await self._client.conversations_replies(
                    channel=channel, ts=ts, inclusive=True, limit=1
                )
        except Undelivered as error:
            log.info("a message could not be read back: %s", error.why)
            return ""
        return str(next((one.get("text") for one in found["messages"]), "") or "")

    async def _link_to(self, channel: str, ts: str) -> str:
        try:
            async with calling(READ_BACK):
                found = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except Undelivered as error:
            log.info("a message has no link: %s", error.why)
            return ""
        return str(found["permalink"])

    async def publish_home(self, person: PersonId, page: HomePage) -> None:
        """Bring a person's Home tab up to date. Raises `Undelivered`."""
        user, _ = _target(person)
        async with calling(self._client.timeout):
            await self._client.views_publish(user_id=user, view=home(page))

    async def respond(self, response_url: str, notice: Notice, *, replace: bool = False) -> None:
        """Answer where somebody typed or clicked, to them alone; or `replace` the message they clicked on.

        Raises `Undelivered`.
        """
        message = render(notice)
        webhook = AsyncWebhookClient(
            response_url,
            timeout=TIMEOUT,
            session=self._client.session,
            retry_handlers=[],
            logger=_quiet(),
        )
        async with calling(self._client.timeout):
            answer = await webhook.send(
                text=message.text,
                blocks=message.blocks,
                response_type=None if replace else "ephemeral",
                replace_original=replace,
            )
        if code := _complaint(answer.status_code, answer.body):
            raise _refused(code, answer.status_code, answer.headers)

    async def _offer(self, channel: str, ts: str, poll: Poll) -> None:
        """Put the faces on, in order, so that a vote is one click."""
        for face in poll.scale:
            try:
                async with calling(self._client.timeout):
                    await self._client.reactions_add(channel=channel, timestamp=ts, name=face.mark)
            except Undelivered as error:
                if error.why == "already_reacted":
                    continue
                log.warning(
                    "the face %s could not be put on the poll %s/%s: %s", face.mark, channel, ts, error.why
                )
                if not error.permanent:
                    return


@asynccontextmanager
async def calling(seconds: float) -> AsyncIterator[None]:
    """One call. Its time is kept here, because the SDK's own timeout is ignored on a shared session."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except SlackApiError as error:
        raise _undelivered(error) from None  # its text repeats the answer, and with it people's words
    except TimeoutError:
        raise Undelivered("Slack did not answer in time") from None
    except (aiohttp.ClientError, OSError) as error:
        raise Undelivered(f"Slack could not be reached: {type(error).__name__}") from None
    except AttributeError as error:  # the SDK stumbles over an answer in plain text, such as a proxy's
        raise Undelivered("Slack's answer could not be understood") from error


def _target(place: PlaceId) -> tuple[str, str | None]:
    try:
        return words.target(place)
    except ValueError as error:
        raise Undelivered(str(error), permanent=True) from None


def _undelivered(error: SlackApiError) -> Undelivered:
    answer = error.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
    data = getattr(answer, "data", None)
    said: Mapping[str, Any] = data if isinstance(data, dict) else {}
    return _refused(str(said.get("error", "")), status, answer.headers, needed=str(said.get("needed", "")))


def _refused(code: str, status: int, headers: Mapping[str, str], *, needed: str = "") -> Undelivered:
    """What Slack's word for a failure means for whoever owes the message."""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Undelivered(code or "ratelimited", retry_in=_retry_after(headers))
    if code in MENDABLE:
        lacking = f" {needed}" if needed else ""
        return Undelivered(f"{MENDABLE[code]}{lacking} ({code})")
    if code in PASSING or status >= 500 or not code:
        return Undelivered(code or f"Slack answered {status}", retry_in=_retry_after(headers))
    return Undelivered(code, permanent=True, gone=code in GONE)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _complaint(status: int, body: str) -> str:
    """Slack's word for why an answer to a `response_url` was not taken; empty when it was."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if isinstance(said, dict) and not said.get("ok", True):
        return str(said.get("error", "")) or "unknown_error"
    return "" if status == 200 else body.strip()[:100] or f"HTTP {status}"


def _quiet() -> logging.Logger:
    """The SDK writes whole messages into its debug log, and composes them even when nobody reads it."""
    logger = logging.getLogger("bot.slack.sdk")
    logger.setLevel(logging.WARNING)
    return logger
