from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.page import serving
from bot.playground.workspace import Workspace
from tests.bot.playground.florist import Clocks, ListeningApp, petals


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
async def workspace(clocks: Clocks) -> AsyncIterator[Workspace]:
    """A shop that is served, with nobody listening yet."""
    workspace = petals(clocks)
    async with serving(workspace):
        yield workspace


@pytest.fixture
async def app(workspace: Workspace) -> AsyncIterator[ListeningApp]:
    """An app that listens over HTTP."""
    app = ListeningApp(workspace.signing_secret)
    server = TestServer(app.application())
    await server.start_server()
    workspace.app_url = str(server.make_url("/slack/events"))
    yield app
    workspace.app_url = None
    await server.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def slack(workspace: Workspace, http: aiohttp.ClientSession) -> AsyncWebClient:
    """The official client, pointed at the playground."""
    base = f"{workspace.base_url}/slack/api/"
    return AsyncWebClient(workspace.bot_token, base_url=base, session=http, retry_handlers=[])
