"""Slack as the application wires it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import aiohttp
from aiohttp import web

from bot.chat import Chat
from bot.clock import Beat
from bot.front import Front
from bot.settings import BadSettings, Settings
from bot.side import LOOK_UP_EVERY, REFRESH_EVERY, patiently
from bot.slack import words
from bot.slack.answers import Answers
from bot.slack.chat import SlackChat, calling, make_client
from bot.slack.directory import Directory, find_channels, find_person
from bot.slack.events import Events
from bot.slack.listen import Listener, make_bolt
from bot.slack.web import add_route
from storage.records import PersonId, PlaceId

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

T = TypeVar("T")

UNUSABLE_TOKEN = ("invalid_auth", "not_authed", "token_revoked", "account_inactive", "not_allowed_token_type")


class SlackSide:
    """A workspace, reached with a bot's token."""

    name = "slack"

    def __init__(
        self, settings: Settings, session: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        token = settings.slack_bot_token
        assert token is not None
        self._settings = settings
        self._now = now
        self._client = make_client(token.get_secret_value(), settings.slack_api_url, session)
        self._socket: AsyncSocketModeHandler | None = None

    async def meet(self) -> None:
        """Ask Slack who we are; a token it does not know is a `BadSettings`."""
        self._bot_user, self._bot_id, self._home = await _ask(self._introduce)

    def knows(self, name: str) -> bool:  # noqa: ARG002 - any name may be a channel's here
        """Slack's names look like anything."""
        return True

    async def places(self, names: set[str]) -> dict[str, PlaceId]:
        """Channels by name, `#desk`, or by id. Raises `BadSettings` when the bot cannot see one."""
        asked = {name for name in names if not _is_id(name)}
        ids = await _ask(lambda: find_channels(self._client, asked)) if asked else {}
        found: dict[str, PlaceId] = {}
        for name in sorted(names):
            channel = name if _is_id(name) else ids.get(name.lstrip("#").lower())
            if channel is None:
                raise BadSettings(
                    f"There is no channel {name} that the bot can see. Invite the bot, or use its ID (C…)."
                )
            found[name] = words.place(channel)
        return found

    async def person(self, name: str) -> PersonId:
        """A colleague by handle, `@ann`, or by id. Raises `BadSettings` when there is none."""
        user = name if _is_id(name) else await _ask(lambda: find_person(self._client, name))
        if user is None:
            raise BadSettings(f"DESKBELL_LEAD: there is no colleague {name}. Use their member ID (U…).")
        return words.person(user)

    def wire(self, front: Front) -> Chat:
        """Listen on behalf of this front desk."""
        chat = SlackChat(self._client)
        self._answers = Answers(front, chat)
        self.directory = Directory(self._client, front, self._now, self._home, self._settings.away_marks)
        self._events = Events(front, self._answers, chat, self.directory, self._bot_user)
        listener = Listener(front, self._answers, self._events, self._bot_user)
        self._bolt = make_bolt(self._client, listener, self._bot_user, self._bot_id)
        return chat

    def routes(self, app: web.Application) -> None:
        """`POST /slack/events`, unless Socket Mode brings everything."""
        if self._settings.slack_app_token is None:
            secret = self._settings.slack_signing_secret
            assert secret is not None
            add_route(app, self._bolt, self._events.hear, secret.get_secret_value())

    async def begin(self) -> None:
        """Open the Socket Mode connection, where that is used."""
        if self._settings.slack_app_token is not None:
            self._socket = await self._connected(self._settings.slack_app_token.get_secret_value())

    def beats(self) -> Sequence[Beat]:
        """Who is who, now and then."""
        return [
            ("look up", LOOK_UP_EVERY, self.directory.look_up),
            ("refresh", REFRESH_EVERY, self.directory.refresh),
        ]

    async def look_around(self) -> None:
        """Read who is who, where the bot is, and who belongs to the triage channels."""
        await self.directory.refresh()

    async def finish(self, seconds: float) -> None:
        """Wait for answers that are on their way to people."""
        await self._answers.finish(seconds)

    async def end(self) -> None:
        """Close the Socket Mode connection."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call] # Bolt says nothing of it

    async def _introduce(self) -> tuple[str, str, frozenset[str]]:
        """The bot's user and id, and the ids of the workspace and the organisation that it serves."""
        async with calling(self._client.timeout):
            answer = await self._client.auth_test()
        home = (answer.get("team_id"), answer.get("enterprise_id"))
        return (
            str(answer["user_id"]),
            str(answer.get("bot_id") or ""),
            frozenset(str(one) for one in home if one),
        )

    async def _connected(self, app_token: str) -> "AsyncSocketModeHandler":
        """A Socket Mode connection. Imported here, as few need it and it takes a while."""
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

        socket = AsyncSocketModeHandler(self._bolt, app_token, web_client=self._client)
        await socket.connect_async()  # type: ignore[no-untyped-call] # Bolt says nothing of it
        return socket


def _is_id(name: str) -> bool:
    return name[:1] in ("C", "G", "U", "W") and name.isalnum() and name.isupper()


async def _ask(ask: Callable[[], Awaitable[T]]) -> T:
    return await patiently("Slack", ask, _unusable)


def _unusable(why: str) -> None:
    if any(code in why for code in UNUSABLE_TOKEN):
        raise BadSettings(f"DESKBELL_SLACK_BOT_TOKEN: {why}.") from None
    if "missing_scope" in why:
        raise BadSettings(f"{why[0].upper()}{why[1:]}; see the README for the scopes.") from None
