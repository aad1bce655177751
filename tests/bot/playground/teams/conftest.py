from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.playground.teams.people import Colleague
from bot.playground.teams.serve import serving
from bot.playground.teams.shop import GENERAL, GRETA, MARGIT, SHOP_DESK, TEAM, ZONE
from bot.playground.teams.tenant import Tenant
from bot.teams.connectors import Connectors
from tests.bot.playground.teams.florist import Clocks, ListeningBot

GROUP = "19:f10ca1f10ca1@thread.v2"
BOB = "29:1bob"


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
async def tenant(clocks: Clocks) -> AsyncIterator[Tenant]:
    """A shop that is served, with nobody listening yet: two in the team, a third in a group chat."""
    tenant = Tenant(clocks.now, monotonic=clocks.monotonic)
    tenant.add_person(MARGIT, "Margit Ek", "margit@petals.example", title="Manager", tz=ZONE)
    tenant.add_person(GRETA, "Greta Holm", "greta@petals.example", tz="America/New_York")
    tenant.add_person(BOB, "Bob Ray", "bob@petals.example")
    tenant.add_team(TEAM, "Petals & Post", members=[MARGIT, GRETA], bot=True)
    tenant.add_channel(SHOP_DESK, "Shop desk", team=TEAM)
    tenant.add_group(GROUP, "Night shift", members=[MARGIT, BOB])
    tenant.delivery.retry_delays = (0.0, 0.0)
    async with serving(tenant):
        yield tenant


@pytest.fixture
async def bot(tenant: Tenant) -> AsyncIterator[ListeningBot]:
    """An app that listens."""
    bot = ListeningBot()
    server = TestServer(bot.application())
    await server.start_server()
    tenant.app_url = str(server.make_url("/teams/messages"))
    yield bot
    tenant.app_url = None
    await server.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def connectors(tenant: Tenant, http: aiohttp.ClientSession) -> Connectors:
    """The SDK's client, as the app uses it."""
    return Connectors(http, None, development=True)


@pytest.fixture
def margit(tenant: Tenant) -> Colleague:
    return tenant.person(MARGIT)


@pytest.fixture
def greta(tenant: Tenant) -> Colleague:
    return tenant.person(GRETA)


@pytest.fixture
def bob(tenant: Tenant) -> Colleague:
    return tenant.person(BOB)


__all__ = ["BOB", "GENERAL", "GROUP", "SHOP_DESK"]
