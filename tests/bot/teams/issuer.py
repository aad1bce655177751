"""Microsoft's side of the door, for tests: keys, a token issuer, the login service, and a Bot Connector."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

APP = "11111111-aaaa-bbbb-cccc-222222222222"
TENANT = "99999999-dddd-eeee-ffff-000000000000"
PASSWORD = "the-password-of-the-bot"
ISSUER = "https://api.botframework.com"


@cache
def rsa_key(name: str) -> RSAPrivateKey:
    """A key of that name, the same each time: making one takes a while."""
    return generate_private_key(65537, 2048)


@dataclass
class Issuer:
    """Signs tokens, publishes the keys, and hands out the bot's own tokens."""

    address: str = ""
    published: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"one": ("msteams", "skype")})
    besides: list[Any] = field(default_factory=list)
    down: bool = False
    fetches: int = 0
    asked_for_tokens: list[dict[str, str]] = field(default_factory=list)
    lasts: int = 3600
    login_answer: Callable[[], web.Response] | None = None

    @property
    def openid_url(self) -> str:
        return f"{self.address}/v1/.well-known/openidconfiguration"

    def mint(
        self,
        service_url: str | None = "",
        *,
        kid: str = "one",
        signed_by: str | None = None,
        headers: dict[str, Any] | None = None,
        **other: Any,
    ) -> str:
        """A token as the Bot Framework's, but for the `other` claims; None takes one away."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": APP, "nbf": now - 60, "exp": now + 3600, "serviceurl": service_url}
        claims = {name: value for name, value in {**usual, **other}.items() if value is not None}
        key = rsa_key(signed_by or kid)
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid, **(headers or {})})

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/.well-known/openidconfiguration", self._document)
        app.router.add_get("/v1/.well-known/keys", self._published)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        return app

    async def _document(self, _: web.Request) -> web.Response:
        self.fetches += 1
        if self.down:
            return web.Response(status=503, text="<html>not now</html>")
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.address}/v1/.well-known/keys"})

    async def _published(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [*self.besides, *_all(self.published)]})

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked_for_tokens.append({**form, "tenant": request.match_info["tenant"]})
        if self.login_answer:
            return self.login_answer()
        if form.get("client_secret") != PASSWORD or form.get("client_id") != APP:
            said = {"error": "invalid_client", "error_description": f"AADSTS7000215: {form} is wrong"}
            return web.json_response(said, status=401)
        token = f"token-{len(self.asked_for_tokens)}"
        return web.json_response({"token_type": "Bearer", "expires_in": self.lasts, "access_token": token})


@dataclass(frozen=True)
class Call:
    """What the connector was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Service:
    """A Bot Connector that keeps what it was asked, and answers as told; else with an id."""

    address: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: list[Callable[[], Any]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{anything:.*}", self._hear)
        return app

    async def _hear(self, request: web.Request) -> web.Response:
        text = await request.text()
        self.calls.append(
            Call(request.method, request.raw_path, dict(request.headers), json.loads(text) if text else None)
        )
        if self.answers:
            answer = self.answers.pop(0)()
            response: web.Response = answer if isinstance(answer, web.Response) else await answer
            return response
        return web.json_response({"id": f"a-{len(self.calls)}"}, status=201)


def says(status: int, code: str = "", **headers: str) -> Callable[[], web.Response]:
    """An answer with Teams' error body, whose message repeats what somebody wrote."""
    body = {"error": {"code": code, "message": "the words of a person"}} if code else None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: web.json_response(body, status=status, headers=named)


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """An application on a port of this machine; gives its address."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    async with serving(issuer.app()) as issuer.address:
        yield issuer


@asynccontextmanager
async def connecting() -> AsyncIterator[Service]:
    service = Service()
    async with serving(service.app()) as service.address:
        yield service


def _all(published: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    return [_jwk(kid, endorsements) for kid, endorsements in published.items()]


def _jwk(kid: str, endorsements: tuple[str, ...]) -> dict[str, Any]:
    jwk = RSAAlgorithm.to_jwk(rsa_key(kid).public_key(), as_dict=True)
    return {**jwk, "kid": kid, "use": "sig", "endorsements": list(endorsements)}
