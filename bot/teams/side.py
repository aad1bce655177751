"""Teams as the application wires it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.chat import Chat, Undelivered
from bot.clock import Beat
from bot.front import Front
from bot.settings import BadSettings, Settings, parse_digests
from bot.side import LOOK_UP_EVERY, REFRESH_EVERY, patiently
from bot.teams import words
from bot.teams.adapter import TeamsAdapter, make_handler
from bot.teams.answers import Answers
from bot.teams.chat import TeamsChat
from bot.teams.connectors import Connectors
from bot.teams.directory import Directory
from bot.teams.guard import Guard
from bot.teams.invokes import Invokes
from bot.teams.listen import Listener
from bot.teams.references import References
from bot.teams.tokens import NOT_ACCEPTED, Credentials, bot_framework
from handlers.offering import channel_of_link
from storage.records import PersonId, PlaceId

NOT_IN_TEAM = "the bot cannot see yet who is in that channel. Add the app to its team first, or name no lead"
NO_MEMBER = "is not in the Teams channels that the settings name"
NOWHERE_TO_LOOK = "is an e-mail address, but the settings name no channel on Teams to look in"
_PERSON = re.compile(r"29:\S+|[^@\s]+@[^@\s]+\.[^@\s]+")


class TeamsSide:
    """A tenant, reached through the Bot Framework."""

    name = "teams"

    def __init__(
        self, settings: Settings, session: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._now = now
        self._guard = Guard(
            session,
            settings.teams_app_id,
            settings.teams_tenant_id,
            development=settings.teams_development,
            openid_url=settings.teams_openid_url,
            issuer=bot_framework(settings.teams_login_url),
        )
        self._connectors = Connectors(session, _credentials(settings), development=settings.teams_development)
        self._references = References(
            self._connectors,
            settings.teams_service_url,
            settings.teams_tenant_id,
            f"28:{settings.teams_app_id}",
        )

    async def meet(self) -> None:
        """Get a token; a password that Microsoft does not accept is a `BadSettings`."""
        await patiently("Teams", self._connectors.prove, _unusable)

    def knows(self, name: str) -> bool:
        """A channel's id or the link to it, an account's id, or an e-mail address."""
        return channel_of_link(name) is not None or _PERSON.fullmatch(name) is not None

    async def places(self, names: set[str]) -> dict[str, PlaceId]:
        """Channels, by the link to them or their ids."""
        return {name: words.place(channel) for name in names if (channel := channel_of_link(name))}

    async def person(self, name: str) -> PersonId:
        """A colleague by e-mail address, looked for in the channels of the settings. Raises `BadSettings`."""
        if name.startswith("29:"):
            return words.person(name)
        channels = _channels(self._settings)
        for channel in channels:
            for member in await self._members(channel):
                if name.lower() in _addresses(member):
                    return words.person(str(member["id"]))
        raise BadSettings(f"DESKBELL_LEAD: {name} {NO_MEMBER if channels else NOWHERE_TO_LOOK}.")

    def wire(self, front: Front) -> Chat:
        """Listen on behalf of this front desk."""
        self._references.attach(front)
        chat = TeamsChat(self._connectors, self._references)
        self._answers = Answers(chat)
        self.directory = Directory(self._connectors, self._references, front, self._now)
        invokes = Invokes(front, self._answers, self._references, self.directory)
        self._listener = Listener(front, self._answers, self._references, self.directory, invokes, self._now)
        return chat

    def routes(self, app: web.Application) -> None:
        """`POST /teams/messages`."""
        adapter = TeamsAdapter(self._guard, self._connectors)
        app.router.add_post("/teams/messages", make_handler(adapter, self._listener))

    async def begin(self) -> None:
        """Remember where everybody is reached."""
        await self._references.load()

    def beats(self) -> Sequence[Beat]:
        """Who is who, now and then."""
        return [
            ("look up in Teams", LOOK_UP_EVERY, self.directory.look_up),
            ("refresh Teams", REFRESH_EVERY, self.directory.refresh),
        ]

    async def look_around(self) -> None:
        """Read who is who, where the bot is, and who belongs to the triage channels."""
        await self.directory.refresh()

    async def finish(self, seconds: float) -> None:
        """Wait for answers that are on their way to people."""
        await self._answers.finish(seconds)

    async def end(self) -> None:
        """Everything comes over HTTP."""

    async def _members(self, channel: str) -> list[dict[str, Any]]:
        async def ask() -> list[dict[str, Any]]:
            try:
                return await self._connectors.members(self._settings.teams_service_url, channel)
            except Undelivered as error:
                if error.permanent:
                    raise BadSettings(f"DESKBELL_LEAD: {NOT_IN_TEAM} ({error.why}).") from None
                raise

        return await patiently("Teams", ask, _unusable)


def _credentials(settings: Settings) -> Credentials | None:
    password = settings.teams_app_password
    if not settings.teams_app_id or password is None:
        return None
    return Credentials(settings.teams_app_id, password, settings.teams_tenant_id, settings.teams_login_url)


def _channels(settings: Settings) -> list[str]:
    """The channels on Teams that the settings name: the triage channel first, then the digests'."""
    digests = parse_digests(settings.digest, settings.timezone)
    named = (settings.triage_channel, *(channel for _, _, channel, _ in digests))
    return list(dict.fromkeys(channel for name in named if (channel := channel_of_link(name))))


def _addresses(member: Mapping[str, Any]) -> set[str]:
    return {str(member[key]).lower() for key in ("email", "userPrincipalName") if member.get(key)}


def _unusable(why: str) -> None:
    if why.startswith(NOT_ACCEPTED):
        raise BadSettings(f"DESKBELL_TEAMS_APP_PASSWORD: {why}.") from None
