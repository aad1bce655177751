"""The keys Microsoft signs with: fetched when first needed, kept for a day, asked for again for a new one."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt

KEPT = 86_400.0
"""Seconds after which the keys are fetched anew. Until that succeeds the old ones serve."""
CALM = 300.0
"""Seconds between two fetches: whoever invents key ids must not make us knock at Microsoft's door."""
UNEASY = 5.0
"""The same while there is no key at all, and so nobody can be let in."""
TIMEOUT = 5.0

log = logging.getLogger(__name__)


class NoKeys(Exception):
    """There is no key yet to check anything with; the caller should ask again."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and the channels it may speak for (none listed: any)."""

    public: Any = field(repr=False)
    endorsements: frozenset[str]


class Keys:
    """The keys behind an OpenID metadata document."""

    def __init__(
        self, session: aiohttp.ClientSession, metadata_url: str, now: Callable[[], float] = monotonic
    ) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._now = now
        self._keys: Mapping[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def find(self, kid: str) -> Key | None:
        """The key of that id, or None. Raises `NoKeys` when none could be fetched yet."""
        if kid not in self._keys or self._now() - self._fetched >= KEPT:
            async with self._one_at_a_time:
                await self._refresh(kid)
        if not self._keys:
            raise NoKeys("the keys of the Bot Framework could not be fetched")
        return self._keys.get(kid)

    async def _refresh(self, kid: str) -> None:
        """Fetch, unless another request has just done so while we waited."""
        now = self._now()
        if kid in self._keys and now - self._fetched < KEPT:
            return
        if now - self._tried < (CALM if self._keys else UNEASY):
            return
        try:
            self._keys = await self._fetch()
            self._fetched = now
        except (aiohttp.ClientError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the keys of the Bot Framework could not be fetched: %s", type(error).__name__)
        self._tried = now

    async def _fetch(self) -> Mapping[str, Key]:
        """Read the document, then the keys, which must be as well protected as the document is."""
        async with asyncio.timeout(TIMEOUT):
            document = await self._read(self._metadata_url)
            address = str(document["jwks_uri"])
            if urlsplit(address).scheme not in ("https", urlsplit(self._metadata_url).scheme):
                raise ValueError("the keys are not at an https address")
            listed = await self._read(address)
        keys = {str(one["kid"]): key for one in listed["keys"] if (key := _key(one))}
        if not keys:
            raise ValueError("there is no usable key")
        return keys

    async def _read(self, url: str) -> Any:
        async with self._session.get(url, allow_redirects=False, raise_for_status=True) as answer:
            return await answer.json(content_type=None)


def _key(listed: Any) -> Key | None:
    """A listed key, unless it is of a kind that is none of ours."""
    if not isinstance(listed, dict) or listed.get("kty") != "RSA" or not isinstance(listed.get("kid"), str):
        return None
    try:
        public = jwt.PyJWK(listed, algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return Key(public, frozenset(map(str, listed.get("endorsements") or ())))
