"""Deliveries to the app: activities, posted to its one address with a token that Teams signs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp

from bot.playground.ack import Ack
from bot.playground.records import Json

from .records import Sent

if TYPE_CHECKING:
    from .tenant import Tenant

PATIENCE = 10.0
"""Seconds until Teams gives up waiting; people then read that something went wrong."""


class Delivery:
    """Carries what people do to the app, and waits as long as Teams would for its answer.

    Invokes are sent once. Everything else is repeated after each of `retry_delays` (seconds) until the app
    takes it: the same activity, with the same id.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._http: aiohttp.ClientSession | None = None
        self.retry_delays: Sequence[float] = (0.0, 0.05, 0.1)
        self.patience = PATIENCE

    async def activity(self, activity: Json) -> Ack:
        """Deliver a message or an event, repeating it while the app does not take it."""
        ack = await self._send(activity, 0)
        for attempt, delay in enumerate(self.retry_delays, start=1):
            if ack.ok or not self._tenant.app_url:
                break
            await asyncio.sleep(delay)
            ack = await self._send(activity, attempt)
        return ack

    async def invoke(self, activity: Json) -> Ack:
        """Deliver what somebody waits for."""
        return await self._send(activity, 0)

    async def again(self, sent: Sent) -> Ack:
        """Deliver once more what was delivered before, as happens when an answer got lost on the way."""
        return await self._send(sent.activity, sent.attempt + 1)

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _send(self, activity: Json, attempt: int) -> Ack:
        url = self._tenant.app_url
        ack = await self._post(url, activity) if url else Ack(error="unreachable")
        self._tenant.deliveries.append(Sent(activity, attempt, ack.status, ack.body, ack.error))
        return ack

    async def _post(self, url: str, activity: Json) -> Ack:
        timeout = aiohttp.ClientTimeout(total=self.patience)
        body = json.dumps(activity).encode()
        try:
            async with self._session().post(
                url, data=body, headers=self._headers(), timeout=timeout
            ) as answer:
                return await _read(answer)
        except TimeoutError:
            return Ack(error="timeout")
        except aiohttp.ClientError:
            return Ack(error="unreachable")

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Microsoft-SkypeBotApi"}
        if self._tenant.mint_token is not None:
            headers["Authorization"] = f"Bearer {self._tenant.mint_token()}"
        return headers

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http


async def _read(answer: aiohttp.ClientResponse) -> Ack:
    text = await answer.text()
    if not 200 <= answer.status < 300:
        return Ack(answer.status, text, "refused")
    try:
        return Ack(answer.status, json.loads(text) if text.strip() else None)
    except ValueError:
        return Ack(answer.status, text)
