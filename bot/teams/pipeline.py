"""How the SDK's client reaches Teams: over our own session, with our token, and to its own service alone.

Whatever is not a success leaves as `Undelivered`, so nobody needs the SDK's exceptions, whose text repeats
the answer and with it people's words.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from msrest.pipeline import Response
from msrest.pipeline.async_abc import AsyncHTTPPolicy, AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import RawDeserializer, UserAgentPolicy
from msrest.universal_http import HTTPClientResponse
from yarl import URL

from bot.chat import Undelivered
from bot.teams.tokens import NOT_ACCEPTED, Tokens

LONGEST_WAIT = 86_400
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")


class NotAccepted(Undelivered):
    """Teams did not accept the token."""


class NotOffered(Undelivered):
    """Teams does not do this here at all."""


def make_pipeline(
    session: aiohttp.ClientSession, tokens: Tokens | None, service_url: str, timeout: float
) -> Any:
    """What a client of this service URL sends its requests through; a call may take `timeout` seconds."""
    policies: list[Any] = [
        UserAgentPolicy("Deskbell", overwrite=True),
        _TokenPolicy(tokens, _origin(service_url)),
    ]
    return AsyncPipeline(policies, _Sender(session, timeout))


class _TokenPolicy(AsyncHTTPPolicy[Any, Any]):
    """Shows the bot's token to the service this client is for, and to nobody else."""

    def __init__(self, tokens: Tokens | None, origin: tuple[str, str | None, int | None]) -> None:
        super().__init__()
        self.next: Any
        self._tokens = tokens
        self._origin = origin

    async def send(self, request: Any, **options: Any) -> Any:
        """Add the token, and forget it when it is not accepted."""
        if self._tokens is None or _origin(request.http_request.url) != self._origin:
            return await self.next.send(request, **options)
        token = await self._tokens.get()
        request.http_request.headers["Authorization"] = f"Bearer {token}"
        try:
            return await self.next.send(request, **options)
        except NotAccepted:
            self._tokens.drop(token)
            raise


class _Sender(AsyncHTTPSender[Any, Any]):
    """Sends over the session all calls share. It never tries twice: that is the courier's business."""

    def __init__(self, session: aiohttp.ClientSession, timeout: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def __aexit__(self, *_: object) -> None:
        """The session is not ours to close."""

    async def send(self, request: Any, **_: Any) -> Any:
        """One request, one answer. Raises `Undelivered`."""
        asked = request.http_request
        try:
            async with self._session.request(
                asked.method,
                URL(asked.url, encoded=True),
                data=asked.data.encode() if asked.data else None,
                headers=dict(asked.headers),
                allow_redirects=False,
                timeout=self._timeout,
            ) as answer:
                status, headers, body = answer.status, answer.headers, await answer.read()
        except TimeoutError:
            raise Undelivered("Teams did not answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Undelivered(f"Teams could not be reached: {type(error).__name__}") from None
        if not 200 <= status < 300:
            raise refused(asked.method, status, headers, body)
        return _response(request, body)


def _response(request: Any, body: bytes) -> Any:
    """A success as the SDK's operations expect it; which one of them it was is all the same."""
    try:
        said = json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        raise Undelivered("Teams' answer could not be understood") from None
    response = HTTPClientResponse(request.http_request, None)
    response.status_code = 200
    return Response(request, response, {RawDeserializer.CONTEXT_NAME: said})


def refused(method: str, status: int, headers: Mapping[str, str], body: bytes) -> Undelivered:
    """What Teams' answer means for whoever owes the message."""
    code = _error_code(body)
    why = code or f"Teams answered {status}"
    if status == 401:
        return NotAccepted(f"{NOT_ACCEPTED} ({code or status})")
    if status == 501 and method == "DELETE":
        return NotOffered(why, permanent=True)
    if status in (408, 412, 429) or not 400 <= status < 500:
        return Undelivered(why, retry_in=_retry_after(headers))
    gone = status == 404 and method in ("PUT", "DELETE") and code != "ConversationNotFound"
    return Undelivered(why, permanent=True, gone=gone)


def _error_code(body: bytes) -> str:
    """Teams' word for a failure; anything that is not a single word may be somebody's text."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < LONGEST_WAIT else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
