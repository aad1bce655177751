"""The stock CloudAdapter with a door of our own, the clients kept, and answers that Teams understands.

What the adapter answers is chosen with two facts in mind: to a bot that answers 5xx again and again Teams
stops delivering for half a day, and what is answered 5xx once is delivered once or twice more.

1. Not from Teams, or not for us: 401. Too long: 413. No activity: 400.
2. The keys to check it with could not be fetched: 503. Nothing can be read then, and another delivery is the
   only chance it has.
3. An activity we do not know: 200, and nothing happens.
4. An event that could not be kept: 503, so that Teams delivers it again; but after `MOST_AGAIN` of these
   within `WITHIN` seconds 200, because an outage must not cost half a day of silence. Of a message that could
   not be kept the listener tells its author instead, and it is answered 200: said again, it is kept once.
5. A message or an event on which our own code failed: 200. It would fail again.
6. An invoke that failed in any way: 400. Teams shows the person an error; a 5xx would do no more for them,
   and would be repeated and counted. The listener answers what it can foresee with a card of its own.
7. An invoke nobody answers: 404, for the same reason instead of the stock adapter's 501.
"""

import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, Protocol, cast

from aiohttp import web
from botbuilder.core import InvokeResponse
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)
from msrest.serialization import Model

from bot.front import Unkept
from bot.teams.connectors import Connectors
from bot.teams.guard import Claims, Foreign, Guard, NoKeys

MOST_BYTES = 256 * 1024
"""Activities are up to about 100 KB."""
MOST_AGAIN = 5
WITHIN = 300.0
HEARD = "deskbell.heard"
"""Where a turn keeps what came in."""
INVOKE = "invoke"

log = logging.getLogger(__name__)


class Bot(Protocol):
    """Whoever listens."""

    async def on_turn(self, context: Any) -> None:
        """Hear one activity (`heard(context)`); to an invoke, `answer(context, body)`."""


def heard(context: Any) -> dict[str, Any]:
    """The activity as it came in. `context.activity` has only what the SDK itself needs of it."""
    found: dict[str, Any] = context.turn_state[HEARD]
    return found


def answer(context: Any, body: Mapping[str, Any] | None = None, status: int = 200) -> None:
    """What an invoke is answered with; without a body an open dialog closes."""
    response = Activity(type=ActivityTypes.invoke_response, value=InvokeResponse(status=status, body=body))
    context.turn_state[TeamsAdapter.INVOKE_RESPONSE] = response


def make_handler(adapter: "TeamsAdapter", bot: Bot) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler of `POST /teams/messages`."""

    async def messages(request: web.Request) -> web.StreamResponse:
        return await adapter.process(request, bot)

    return messages


class TeamsAdapter(CloudAdapter):  # type: ignore[misc] # botbuilder has no types
    """Between aiohttp and a bot."""

    INVOKE_RESPONSE = CloudAdapter._INVOKE_RESPONSE_KEY

    def __init__(self, guard: Guard, connectors: Connectors, now: Callable[[], float] = monotonic) -> None:
        super().__init__(_Authentication(connectors))
        self._guard = guard
        self._again = Patience(now)

    async def process(self, request: web.Request, bot: Bot, *_: object) -> web.Response:
        """Check, read, let the bot hear it, and answer. Raises nothing that is not a fault of aiohttp's."""
        try:
            claims = await self._guard.claims(request.headers.get("Authorization", ""))
            body = await _read(request)
            if body is None:
                return web.Response(status=413, text="That is too long.")
            said = _activity_in(body)
            if said is None:
                return web.Response(status=400, text="That is no activity.")
            self._guard.speaks_for(claims, said)
        except Foreign as foreign:
            log.info("somebody else knocked at the door for Teams: %s", foreign.why)
            return web.Response(status=401, text="This does not come from Teams.")
        except web.RequestPayloadError:
            return web.Response(status=400, text="That is not packed as it says.")
        except NoKeys as error:
            log.warning("nothing from Teams can be let in: %s", error)
            return web.Response(status=503, text="Please try again.")
        return await self._let_in(claims, said, bot)

    async def _let_in(self, claims: Claims, said: dict[str, Any], bot: Bot) -> web.Response:
        async def turn(context: Any) -> None:
            context.turn_state[HEARD] = said
            await bot.on_turn(context)

        try:
            response = await self.process_activity(self._admitted(claims), _known(said), turn)
            return _answered(response, said["type"] == INVOKE)
        except Unkept as error:
            log.error("%s could not be kept: %s", _what(said), type(error).__name__)
            again = said["type"] != INVOKE and self._again.may()
            return _failed(said, again)
        except Exception:
            log.exception("%s could not be heard", _what(said))
            return _failed(said, again=False)

    def _admitted(self, claims: Claims) -> Any:
        identity = ClaimsIdentity({"aud": claims.app_id, "serviceurl": claims.service_url}, True)
        result = AuthenticateRequestResult()
        result.claims_identity = identity
        result.connector_factory = self.bot_framework_authentication.create_connector_factory(identity)
        return result


class Patience:
    """Says whether Teams may be asked to deliver again, so that it does not give up on us."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._asked: deque[float] = deque(maxlen=MOST_AGAIN)

    def may(self) -> bool:
        """Whether this time is not one too many."""
        now = self._now()
        if len(self._asked) == MOST_AGAIN and now - self._asked[0] < WITHIN:
            return False
        self._asked.append(now)
        return True


class _Kept(ConnectorFactory):  # type: ignore[misc] # botframework has no types
    """Gives the adapter the client that is there already."""

    def __init__(self, connectors: Connectors) -> None:
        self._connectors = connectors

    async def create(self, service_url: str, *_: object) -> Any:
        """The client for a service URL."""
        return self._connectors.client(service_url)


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc] # botframework has no types
    """What the stock adapter wants to know. Who is let in is decided before it is asked."""

    def __init__(self, connectors: Connectors) -> None:
        self._kept = _Kept(connectors)

    async def authenticate_request(self, *_: object) -> Any:
        """Nobody comes in this way."""
        raise PermissionError("only `process` lets anybody in")

    async def authenticate_streaming_request(self, *_: object) -> Any:
        """Nor this way."""
        raise PermissionError("only `process` lets anybody in")

    def create_connector_factory(self, *_: object) -> Any:
        """The clients are the same for everybody."""
        return self._kept

    async def create_user_token_client(self, *_: object) -> None:
        """Nobody signs in through the bot."""


async def _read(request: web.Request) -> bytes | None:
    """The body, or None when it is longer than anything Teams sends."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _activity_in(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("type") and isinstance(said["type"], str) else None


def _known(said: Mapping[str, Any]) -> Any:
    """As much of an activity as the SDK needs, if it has the type the SDK expects.

    Its own deserialiser takes a third of a millisecond, and refuses the whole for a field it cannot read.
    """
    return Activity(
        **_texts(said, _ACTIVITY),
        from_property=ChannelAccount(**_texts(said.get("from"), _ACCOUNT)),
        recipient=ChannelAccount(**_texts(said.get("recipient"), _ACCOUNT)),
        conversation=ConversationAccount(**_texts(said.get("conversation"), _CONVERSATION)),
        value=said.get("value"),
        channel_data=said.get("channelData"),
    )


_ACTIVITY = {
    "type": "type",
    "id": "id",
    "name": "name",
    "text": "text",
    "locale": "locale",
    "replyToId": "reply_to_id",
    "channelId": "channel_id",
    "serviceUrl": "service_url",
}
_ACCOUNT = {"id": "id", "name": "name", "aadObjectId": "aad_object_id"}
_CONVERSATION = {"id": "id", "conversationType": "conversation_type", "tenantId": "tenant_id"}


def _texts(said: Any, names: Mapping[str, str]) -> dict[str, str]:
    found = said if isinstance(said, dict) else {}
    return {ours: found[theirs] for theirs, ours in names.items() if isinstance(found.get(theirs), str)}


def _answered(response: Any, invoke: bool) -> web.Response:
    """The bot's answer, on the wire. Only an invoke has one."""
    if not invoke:
        return web.Response(status=200)
    if response is None or int(response.status) == 501:
        return web.Response(status=404)
    if response.body is None:
        return web.Response(status=int(response.status))
    text = json.dumps(response.body, default=_plain)
    return web.Response(status=int(response.status), text=text, content_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return cast(Any, value).serialize()
    raise TypeError(f"{type(value).__name__} is no answer to an invoke")


def _failed(said: Mapping[str, Any], again: bool) -> web.Response:
    if said["type"] == INVOKE:
        return web.Response(status=400)
    return web.Response(status=503 if again else 200)


def _what(said: Mapping[str, Any]) -> str:
    """What came in, for the log: without a word of what anybody said."""
    return f"{said['type']!r:.60} {said.get('name')!r:.60} {said.get('id')!r:.60}"
