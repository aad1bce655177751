"""The door: nothing Teams sends is read before its token is proven, nor heeded before it fits the token."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Any

import aiohttp
import jwt

from bot.settings import LOOPBACK, TEAMS_KEYS
from bot.teams.keys import Key, Keys, NoKeys

ISSUER = "https://api.botframework.com"
LEEWAY = 300
"""Seconds by which Microsoft's clock and ours may differ."""
MOST_PROVEN = 100
"""Tokens that need not be proven again: Microsoft shows the same one for about an hour."""
CHANNEL = "msteams"
_SERVICE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?:/[A-Za-z0-9._~%/-]*)?",
    re.ASCII,
)
"""Plain enough that everybody who reads it reads the same host."""

__all__ = ["Claims", "Foreign", "Guard", "NoKeys", "may_be_called"]


class Foreign(Exception):
    """Who speaks is not who they say they are. `why` is for the log; it never holds any of the token."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Claims:
    """What a proven token says. Without an app id (development) there is neither token nor claim."""

    app_id: str
    service_url: str
    endorsements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Proven:
    """What a token was found to say, the key it was proven with, and until when (Unix time) it holds."""

    claims: Claims
    kid: str
    key: Key
    until: float


class Guard:
    """Lets in what the Bot Framework has signed for this bot, and for nobody else.

    1. The token is signed with RS256 by a key of the Bot Framework, and was issued by it for our app id.
    2. It is valid now, give or take five minutes.
    3. The key may speak for Teams.
    4. The activity comes through Teams, and its service URL is the one in the token.
    5. The activity comes from our own tenant.

    Without an app id there is nothing to check a token against. That is refused, except for development,
    where only a service on this machine is spoken with.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        app_id: str,
        tenant_id: str,
        *,
        development: bool = False,
        openid_url: str = TEAMS_KEYS,
        issuer: str = ISSUER,
        now: Callable[[], float] = monotonic,
    ) -> None:
        if not development and not (app_id and tenant_id):
            raise ValueError("Teams needs an app id and a tenant id; without them anybody could get in")
        self._app_id = app_id
        self._tenant_id = tenant_id.lower()
        self._development = development
        self._issuer = issuer
        self._keys = Keys(session, openid_url, now)
        self._known: dict[bytes, _Proven] = {}
        """By the digests of tokens: no token is kept."""

    async def claims(self, authorization: str) -> Claims:
        """What the bearer token says, once proven.

        Raises `Foreign`; and `NoKeys` when the keys could not be fetched, so that nothing can be proven.
        """
        if not self._app_id:
            return Claims("", "")
        token = _bearer(authorization)
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        kid = known.kid if known else _key_id(token)
        key = await self._keys.find(kid)
        if key is None:
            raise Foreign("the token's key is not one of the Bot Framework's")
        if known is None or known.key is not key or time.time() >= known.until:
            known = self._proven_now(token, kid, key)
            self._remember(digest, known)
        return known.claims

    def speaks_for(self, claims: Claims, activity: Mapping[str, Any]) -> None:
        """Make sure that whoever holds these claims may have sent this activity. Raises `Foreign`."""
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or not may_be_called(
            service_url, known=bool(self._app_id), development=self._development
        ):
            raise Foreign("the service URL is none that may be called")
        if not self._app_id:
            return
        if service_url.rstrip("/") != claims.service_url.rstrip("/"):
            raise Foreign("the service URL is not the token's")
        channel = activity.get("channelId")
        if channel != CHANNEL:
            raise Foreign("it does not come through Teams")
        if claims.endorsements and channel not in claims.endorsements:
            raise Foreign("the token's key may not speak for Teams")
        if _tenants(activity) != {self._tenant_id}:
            raise Foreign("it does not come from the configured tenant")

    def _remember(self, digest: bytes, proven: _Proven) -> None:
        while len(self._known) >= MOST_PROVEN:
            del self._known[next(iter(self._known))]
        self._known[digest] = proven

    def _proven_now(self, token: str, kid: str, key: Key) -> _Proven:
        said = self._said(token, key.public)
        service_url = said.get("serviceurl")
        if not isinstance(service_url, str) or not service_url:
            raise Foreign("the token names no service URL")
        claims = Claims(self._app_id, service_url, key.endorsements)
        return _Proven(claims, kid, key, int(said["exp"]) + LEEWAY)

    def _said(self, token: str, key: Any) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
        except jwt.PyJWTError as error:
            raise Foreign(f"the token does not hold: {type(error).__name__}") from None


def may_be_called(url: str, *, known: bool, development: bool) -> bool:
    """Whether a service URL is one this bot may speak with.

    Known to Microsoft, it speaks with https addresses; in development, also with this machine; without an
    app id, only with that.
    """
    parts = _SERVICE_URL.fullmatch(url)
    if parts is None or int(parts["port"] or 0) > 65535:
        return False
    here = parts["host"].strip("[]").lower() in LOOPBACK
    return (development and here) or (known and parts["scheme"] == "https" and not here)


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token or not token.isascii():
        raise Foreign("there is no bearer token")
    return token


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Foreign("the token cannot be read") from None
    if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
        raise Foreign("the token is not signed as the Bot Framework signs")
    return str(header["kid"])


def _tenants(activity: Mapping[str, Any]) -> set[str]:
    """The tenants an activity names: one, if all is well."""
    conversation, data = activity.get("conversation"), activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = (
        conversation.get("tenantId") if isinstance(conversation, dict) else None,
        tenant.get("id") if isinstance(tenant, dict) else None,
    )
    return {str(one).lower() for one in named if one}
