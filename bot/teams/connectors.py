"""What the bot does in Teams: one client of the SDK for each service URL, kept.

Building a client takes ten milliseconds, and the stock adapter builds two for each turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from urllib.parse import quote

import aiohttp
from botframework.connector import BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from msrest import Serializer
from msrest.pipeline.universal import RawDeserializer

from bot.chat import Undelivered
from bot.teams.guard import may_be_called
from bot.teams.pipeline import NotOffered, make_pipeline
from bot.teams.tokens import Credentials, Tokens

MOST = 50
"""Service URLs: one for each region, so this is plenty."""
TIMEOUT = 10.0
"""Seconds a call may take."""
PAGE = 200
MOST_PAGES = 100
JSON = {"Accept": "application/json"}
UNNAMED = "unnamed"
"""Stands for the id of what was said when Teams took it and gave none, as it does now and then (202). To take
that for a failure would say it twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to a service: the SDK's client, and its operations with plain dicts going in and coming out."""

    client: Any
    plain: Any


class Connectors:
    """Speaks to Teams. Every method raises `Undelivered`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        credentials: Credentials | None,
        *,
        development: bool = False,
        timeout: float = TIMEOUT,
    ) -> None:
        """Without credentials (development) nothing carries a token, and only this machine is spoken with."""
        if credentials is None and not development:
            raise ValueError("Teams needs an app id and a password")
        self._session = session
        self._tokens = Tokens(session, credentials) if credentials else None
        self._development = development
        self._timeout = timeout
        self._lines: dict[str, Line] = {}

    async def prove(self) -> None:
        """Get a token, if there is anything to get one with: at the start, a wrong password is noticed."""
        if self._tokens:
            await self._tokens.get()

    def client(self, service_url: str) -> Any:
        """The SDK's own client for a service URL, for the SDK's own adapter."""
        return self._line(service_url).client

    async def send(
        self, service_url: str, conversation: str, activity: Mapping[str, Any], reply_to: str | None = None
    ) -> str:
        """Put an activity into a conversation, and return its id."""
        talk = self._line(service_url).plain
        if reply_to:
            said = await talk.reply_to_activity(_sound(conversation), _sound(reply_to), activity)
        else:
            said = await talk.send_to_conversation(_sound(conversation), activity)
        return _id(said) if said else UNNAMED

    async def update(
        self, service_url: str, conversation: str, activity_id: str, activity: Mapping[str, Any]
    ) -> None:
        """Put an activity in the place of an earlier one. `gone` when that no longer exists."""
        talk = self._line(service_url).plain
        await talk.update_activity(_sound(conversation), _sound(activity_id), activity)

    async def delete(self, service_url: str, conversation: str, activity_id: str) -> bool:
        """Take an activity away. False where Teams does not do that: it stays, and that is no failure."""
        talk = self._line(service_url).plain
        try:
            await talk.delete_activity(_sound(conversation), _sound(activity_id))
        except NotOffered:
            return False
        return True

    async def create_personal(self, service_url: str, tenant: str, bot_id: str, person_id: str) -> str:
        """The id of the conversation of the bot with one person, begun if there was none."""
        wanted = {
            "isGroup": False,
            "bot": {"id": bot_id},
            "members": [{"id": person_id}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        return _id(await self._line(service_url).plain.create_conversation(wanted))

    async def members(self, service_url: str, conversation: str) -> list[dict[str, Any]]:
        """Everybody in a conversation (in a team's channel: everybody in the team), as Teams tells it."""
        talk = self._line(service_url).plain
        everybody: list[dict[str, Any]] = []
        token: str | None = None
        for _ in range(MOST_PAGES):
            page = _object(await talk.get_conversation_paged_members(_sound(conversation), PAGE, token))
            everybody += [member for member in page.get("members") or () if isinstance(member, dict)]
            token = page.get("continuationToken")
            if not token:
                break
        return everybody

    async def member(self, service_url: str, conversation: str, person_id: str) -> dict[str, Any]:
        """One person in a conversation, as Teams tells it."""
        talk = self._line(service_url).plain
        return _object(await talk.get_conversation_member(_sound(conversation), _sound(person_id)))

    async def team(self, service_url: str, team: str) -> dict[str, Any]:
        """A team, as Teams tells it: its name. The bot must be in it."""
        return _object(await self._get(service_url, _path(team)))

    async def channels(self, service_url: str, team: str) -> list[dict[str, Any]]:
        """The channels of a team, as Teams tells them: the first one, General, has no name."""
        found = _object(await self._get(service_url, f"{_path(team)}/conversations"))
        return [each for each in found.get("conversations") or () if isinstance(each, dict)]

    async def _get(self, service_url: str, path: str) -> Any:
        """What the SDK knows only for code that waits is asked for over the same pipeline."""
        client = self._line(service_url).client._client
        return _as_is("", await client.async_send(client.get(path, {}, JSON)))

    def _line(self, service_url: str) -> Line:
        address = service_url.rstrip("/") + "/"
        if address not in self._lines:
            if not may_be_called(address, known=self._tokens is not None, development=self._development):
                raise Undelivered("the service URL is none that may be called", permanent=True)
            if len(self._lines) >= MOST:
                del self._lines[next(iter(self._lines))]
            pipeline = make_pipeline(self._session, self._tokens, address, self._timeout)
            self._lines[address] = _make_line(pipeline, address)
        return self._lines[address]


class _AsIs(Serializer):
    """Sends a dict as it is. The SDK's own model of an activity loses whom a mention mentions."""

    def body(self, data: Any, *_: Any, **__: Any) -> Any:
        """What goes out."""
        return dict(data)


def _as_is(_: str, response: Any) -> Any:
    """What came in."""
    return response.context[RawDeserializer.CONTEXT_NAME]


def _make_line(pipeline: Any, address: str) -> Line:
    config = BotFrameworkConnectorConfiguration(
        (),  # the pipeline has the credentials; None is refused
        address,
        pipeline_type=partial(_given, pipeline),
    )
    client = ConnectorClient(None, custom_configuration=config)
    return Line(client, ConversationsOperations(client._client, config, cast(Any, _AsIs)(), _as_is))


def _given(pipeline: Any, _: Any) -> Any:
    return pipeline


def _sound(identity: str) -> str:
    """An id as part of a path: it must not lead out of it."""
    if identity in ("", ".", ".."):
        raise Undelivered("that is not an id of Teams", permanent=True)
    return identity


def _path(team: str) -> str:
    return f"/v3/teams/{quote(_sound(team), safe='')}"


def _object(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Undelivered("Teams' answer could not be understood")
    return said


def _id(said: Any) -> str:
    made = _object(said).get("id")
    if not isinstance(made, str) or not made:
        raise Undelivered("Teams' answer names no id")
    return made
