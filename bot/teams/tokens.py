"""The bot's own token, with which it speaks to Teams: asked for with id and password, kept while it is good.

Microsoft's msal library does the same, but blocks a thread, and refuses a login service on this machine.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from bot.chat import Undelivered
from bot.settings import TEAMS_LOGIN

EARLY = 300.0
"""Seconds before its end at which a token is no longer used."""
TIMEOUT = 10.0
NOT_ACCEPTED = "Microsoft does not accept the bot's id or password"
"""For an operator to mend; everything owed is delivered afterwards."""
_CODE = re.compile(r"[A-Za-z_]{1,50}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who the bot is to Microsoft: a single-tenant app registration."""

    app_id: str
    password: SecretStr
    tenant_id: str
    login_url: str = TEAMS_LOGIN

    @property
    def scope(self) -> str:
        """What the token is for."""
        return f"{bot_framework(self.login_url)}/.default"


class Tokens:
    """One token, asked for once however many wait for it."""

    def __init__(
        self, session: aiohttp.ClientSession, credentials: Credentials, now: Callable[[], float] = monotonic
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._now = now
        self._token = ""
        self._good_until = float("-inf")
        self._asking: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """A token that is good for a while yet. Raises `Undelivered`."""
        if self._token and self._now() < self._good_until:
            return self._token
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        return await asyncio.shield(self._asking)

    def drop(self, token: str) -> None:
        """Forget a token that was not accepted; another one that has come since stays."""
        if token == self._token:
            self._token = ""

    async def _ask(self) -> str:
        status, said = await self._post()
        if status in (400, 401, 403):
            raise Undelivered(f"{NOT_ACCEPTED} ({_code(said)})")
        token, lasts = said.get("access_token"), said.get("expires_in")
        if status != 200 or not isinstance(token, str) or not token:
            raise Undelivered(f"Microsoft's login answered {status} without a token")
        self._token = token
        self._good_until = self._now() + _good_for(lasts)
        return token

    async def _post(self) -> tuple[int, dict[str, Any]]:
        who = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": who.app_id,
            "client_secret": who.password.get_secret_value(),
            "scope": who.scope,
        }
        url = f"{who.login_url.rstrip('/')}/{who.tenant_id}/oauth2/v2.0/token"
        try:
            async with (
                asyncio.timeout(TIMEOUT),
                self._session.post(url, data=form, allow_redirects=False) as answer,
            ):
                said = await answer.json(content_type=None)
                return answer.status, said if isinstance(said, dict) else {}
        except TimeoutError:
            raise Undelivered("Microsoft's login did not answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Undelivered(f"Microsoft's login could not be reached: {type(error).__name__}") from None
        except ValueError:
            raise Undelivered("Microsoft's login answered what could not be understood") from None


def bot_framework(login_url: str) -> str:
    """The Bot Framework in the cloud of this login service: it issues Teams' tokens, and takes the bot's.

    GCC High and DoD, Microsoft's clouds for the government of the United States, have one of their own.
    """
    host = urlsplit(login_url).hostname or ""
    return f"https://api.botframework.{'us' if host.endswith('.us') else 'com'}"


def _code(said: dict[str, Any]) -> str:
    """Microsoft's word for it, and not its description: that names the tenant and the app."""
    code = said.get("error")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "no reason given"


def _good_for(lasts: Any) -> float:
    seconds = float(lasts) if isinstance(lasts, int | str) and str(lasts).isdigit() else 2 * EARLY
    return max(seconds - EARLY, seconds / 2)
