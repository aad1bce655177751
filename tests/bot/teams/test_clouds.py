"""Microsoft's clouds: whose tokens are let in, and for whom the bot's own are asked."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.teams.guard import Foreign
from bot.teams.side import TeamsSide
from bot.teams.tokens import Credentials, bot_framework
from tests.bot.teams.issuer import APP, PASSWORD, TENANT, Issuer, issuing

WORLD, GOVERNMENT = "https://api.botframework.com", "https://api.botframework.us"
SERVICE = "https://smba.example/teams/"

CLOUDS = [
    ("https://login.microsoftonline.com", WORLD),
    ("https://login.microsoftonline.com/", WORLD),
    ("https://login.microsoftonline.us", GOVERNMENT),
    ("https://LOGIN.microsoftonline.US/", GOVERNMENT),
    ("https://login.microsoftonline.us:443", GOVERNMENT),
    ("https://login.microsoftonline.us.example.com", WORLD),
    ("https://example.com/login.microsoftonline.us", WORLD),
    ("http://127.0.0.1:8081", WORLD),
    ("", WORLD),
]


@pytest.mark.parametrize(("login", "framework"), CLOUDS)
def test_the_login_service_tells_the_cloud(login: str, framework: str) -> None:
    assert bot_framework(login) == framework
    assert Credentials(APP, SecretStr(PASSWORD), TENANT, login).scope == f"{framework}/.default"


def side(session: aiohttp.ClientSession, issuer: Issuer, login: str) -> TeamsSide:
    given: dict[str, Any] = {
        "teams_app_id": APP,
        "teams_app_password": PASSWORD,
        "teams_tenant_id": TENANT,
        "teams_openid_url": issuer.openid_url,
        "teams_login_url": login,
    }
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg] # pydantic-settings' own
    return TeamsSide(settings, session, lambda: datetime.now(UTC))


@pytest.mark.parametrize(("login", "framework"), [CLOUDS[0], CLOUDS[2]])
async def test_each_cloud_lets_in_its_own_tokens_alone(login: str, framework: str) -> None:
    other = WORLD if framework == GOVERNMENT else GOVERNMENT
    async with issuing() as issuer, aiohttp.ClientSession() as session:
        guard = side(session, issuer, login)._guard
        claims = await guard.claims(f"Bearer {issuer.mint(SERVICE, iss=framework)}")
        assert claims.service_url == SERVICE
        with pytest.raises(Foreign, match="InvalidIssuerError"):
            await guard.claims(f"Bearer {issuer.mint(SERVICE, iss=other)}")
