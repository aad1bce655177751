"""Two bots that echo, or only hear: behind the stock adapter, and behind ours. And a sink to echo into."""

import sys
from typing import Any

import aiohttp
from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botframework.connector.auth import (
    AppCredentials,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)
from pydantic import SecretStr

from bot.teams.adapter import TeamsAdapter, make_handler
from bot.teams.connectors import Connectors
from bot.teams.guard import Guard
from bot.teams.tokens import Credentials
from tests.bot.teams.issuer import APP, ISSUER, PASSWORD, TENANT


class Listener:
    """Says what it hears, if it says anything."""

    def __init__(self, echo: bool) -> None:
        self._echo = echo

    async def on_turn(self, context: TurnContext) -> None:
        if self._echo:
            await context.send_activity(f"You said: {context.activity.text}")


class _Token(AppCredentials):  # type: ignore[misc] # botframework has no types
    """A token that is there already: msal refuses to ask a login service on this machine for one."""

    def get_access_token(self, *_: object) -> str:
        return "token-1"


class _Factory(PasswordServiceClientCredentialFactory):  # type: ignore[misc] # botframework has no types
    async def create_credentials(self, *_: object, **__: object) -> Any:
        return _Token(APP)


async def stock(issuer: str, listener: Listener) -> web.Application:
    """As Microsoft's samples build it, with our issuer in the place of Microsoft's."""
    authentication = BotFrameworkAuthenticationFactory.create(
        to_channel_from_bot_login_url=f"{issuer}/{TENANT}",
        to_channel_from_bot_oauth_scope="https://api.botframework.com",
        to_bot_from_channel_token_issuer=ISSUER,
        to_bot_from_channel_open_id_metadata_url=f"{issuer}/v1/.well-known/openidconfiguration",
        credential_factory=_Factory(APP, PASSWORD),
    )
    adapter = CloudAdapter(authentication)

    async def messages(request: web.Request) -> web.Response:
        response: web.Response = await adapter.process(request, listener)
        return response

    return _app(messages)


async def ours(issuer: str, listener: Listener) -> web.Application:
    """As Deskbell builds it."""
    session = aiohttp.ClientSession()
    openid_url = f"{issuer}/v1/.well-known/openidconfiguration"
    guard = Guard(session, APP, TENANT, development=True, openid_url=openid_url)
    credentials = Credentials(APP, SecretStr(PASSWORD), TENANT, issuer)
    app = _app(
        make_handler(TeamsAdapter(guard, Connectors(session, credentials, development=True)), listener)
    )

    async def close(_: web.Application) -> None:
        await session.close()

    app.on_cleanup.append(close)
    return app


async def sink() -> web.Application:
    """Takes every message."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"id": "1"}, status=201)

    app = web.Application()
    app.router.add_post("/{anything:.*}", take)
    return app


def _app(messages: Any) -> web.Application:
    app = web.Application()
    app.router.add_post("/teams/messages", messages)
    return app


def main(kind: str, port: int, issuer: str = "", does: str = "") -> None:
    """Serve until killed."""
    kinds: dict[str, Any] = {
        "stock": lambda: stock(issuer, Listener(does == "echoing")),
        "ours": lambda: ours(issuer, Listener(does == "echoing")),
        "sink": sink,
    }
    web.run_app(kinds[kind](), host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
