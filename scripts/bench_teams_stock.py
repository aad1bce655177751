"""The floor: a bot that echoes, behind the stock adapter, built as Microsoft's samples build it."""

import sys
from typing import Any

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botframework.connector.auth import (
    AppCredentials,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)

from tests.bot.teams.issuer import APP, ISSUER, PASSWORD, TENANT


class _Echo:
    """Says what it hears."""

    async def on_turn(self, context: TurnContext) -> None:
        await context.send_activity(f"You said: {context.activity.text}")


class _Token(AppCredentials):  # type: ignore[misc] # botframework has no types
    """A token that is there already: msal refuses to ask a login service on this machine for one."""

    def get_access_token(self, *_: object) -> str:
        return "token-1"


class _Factory(PasswordServiceClientCredentialFactory):  # type: ignore[misc] # botframework has no types
    async def create_credentials(self, *_: object, **__: object) -> Any:
        return _Token(APP)


async def _stock(issuer: str) -> web.Application:
    """As in the samples, with our issuer in the place of Microsoft's."""
    authentication = BotFrameworkAuthenticationFactory.create(
        to_channel_from_bot_login_url=f"{issuer}/{TENANT}",
        to_channel_from_bot_oauth_scope="https://api.botframework.com",
        to_bot_from_channel_token_issuer=ISSUER,
        to_bot_from_channel_open_id_metadata_url=f"{issuer}/v1/.well-known/openidconfiguration",
        credential_factory=_Factory(APP, PASSWORD),
    )
    adapter, bot = CloudAdapter(authentication), _Echo()

    async def messages(request: web.Request) -> web.Response:
        response: web.Response = await adapter.process(request, bot)
        return response

    app = web.Application()
    app.router.add_post("/teams/messages", messages)
    return app


def main(port: int, issuer: str) -> None:
    """Serve until killed."""
    web.run_app(_stock(issuer), host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
