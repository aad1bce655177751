"""The floor: a Bolt app that only acknowledges, with the settings that make it fastest."""

import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench", bot_user_id="UBOT"
    )


async def _acknowledge(ack: AsyncAck) -> None:
    await ack("Thank you.")


async def _heard() -> None:
    """Bolt acknowledges an event by itself."""


def main(port: int, secret: str) -> None:
    """Serve until killed."""
    app = AsyncApp(signing_secret=secret, authorize=_authorize, process_before_response=True)
    app.command("/request")(_acknowledge)
    app.event("reaction_added")(_heard)

    async def events(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    web.run_app(server, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
