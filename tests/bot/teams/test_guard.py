"""Who gets in, and who does not: real tokens, real keys fetched over real sockets."""

import asyncio
import base64
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.teams.guard import LEEWAY, Claims, Foreign, Guard, NoKeys
from bot.teams.keys import CALM, KEPT, UNEASY
from tests.bot.teams.issuer import APP, TENANT, Issuer, issuing, rsa_key

SERVICE = "https://smba.trafficmanager.net/emea/"
CLAIMS = Claims(APP, SERVICE, frozenset({"msteams"}))


class Clock:
    """Monotonic time that a test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuing() as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(session: aiohttp.ClientSession, issuer: Issuer, clock: Clock) -> Guard:
    return Guard(session, APP, TENANT, openid_url=issuer.openid_url, now=clock)


def activity(**other: Any) -> dict[str, Any]:
    usual = {
        "type": "message",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "conversation": {"id": "19:x@thread.tacv2", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
    }
    return {**usual, **other}


async def test_a_right_token_says_who_speaks(guard: Guard, issuer: Issuer) -> None:
    claims = await guard.claims(f"Bearer {issuer.mint(SERVICE)}")
    assert claims == Claims(APP, SERVICE, frozenset({"msteams", "skype"}))
    guard.speaks_for(claims, activity())


now = int(time.time())
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("signed by somebody else", {"signed_by": "stranger"}),
    ("a key nobody published", {"kid": "two"}),
    ("expired", {"exp": now - 400}),
    ("not yet valid", {"nbf": now + 4000}),
    ("never ends", {"exp": None}),
    ("for another bot", {"aud": "33333333"}),
    ("for several bots", {"aud": [APP, "33333333"]}),
    ("for nobody", {"aud": None}),
    ("issued by another", {"iss": "https://sts.windows.net/"}),
    ("issued by nobody", {"iss": None}),
    ("without a service URL", {"service_url": None}),
    ("with an odd service URL", {"service_url": 5}),
]


@pytest.mark.parametrize(("_", "claims"), WRONG, ids=[why for why, _ in WRONG])
async def test_a_wrong_token_does_not_get_in(
    guard: Guard, issuer: Issuer, _: str, claims: dict[str, Any]
) -> None:
    with pytest.raises(Foreign):
        await guard.claims(f"Bearer {issuer.mint(**{'service_url': SERVICE, **claims})}")


@pytest.mark.parametrize(("claim", "off"), [("exp", -200), ("nbf", 200)])
async def test_clocks_may_differ_by_five_minutes(guard: Guard, issuer: Issuer, claim: str, off: int) -> None:
    claims: dict[str, Any] = {claim: int(time.time()) + off}
    assert await guard.claims(f"Bearer {issuer.mint(SERVICE, **claims)}")


def _by_hand(secret: bytes, **header: str) -> str:
    """A token that no library would make."""
    claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": SERVICE, "exp": now + 3600}
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", **header}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.digest(secret, signed, "sha256") if secret else b""
    return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


HEADERS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer  ",
    "Bearer nonsense",
    "Bearer a.b.c",
    "Bearer é.è.à",
    "Basic dXNlcjpwYXNz",
    "Bearer Bearer {token}",
    "Bearer {token} {token}",
    "Bearer {token}, Bearer {token}",
    "{token}",
    "Bearer {token}x",
    f"Bearer {_by_hand(b'', alg='none', kid='one')}",
    f"Bearer {_by_hand(b'', alg='RS256', kid='one')}",
    f"Bearer {_by_hand(b'', alg='RS256')}",
]


@pytest.mark.parametrize("header", HEADERS)
async def test_a_header_that_is_no_token_does_not_get_in(guard: Guard, issuer: Issuer, header: str) -> None:
    with pytest.raises(Foreign):
        await guard.claims(header.replace("{token}", issuer.mint(SERVICE)))


@pytest.mark.parametrize("form", [Encoding.DER, Encoding.PEM])
async def test_the_public_key_is_no_secret_to_sign_with(guard: Guard, form: Encoding) -> None:
    public = rsa_key("one").public_key().public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(Foreign):
        await guard.claims(f"Bearer {_by_hand(public, alg='HS256', kid='one')}")


async def test_a_token_that_was_proven_gets_in_until_it_runs_out(guard: Guard, issuer: Issuer) -> None:
    ends = int(time.time()) - LEEWAY + 2
    header = f"Bearer {issuer.mint(SERVICE, exp=ends)}"
    for _ in range(2):
        assert await guard.claims(header)
    await asyncio.sleep(ends + LEEWAY + 0.1 - time.time())
    with pytest.raises(Foreign):
        await guard.claims(header)


async def test_a_token_that_was_proven_helps_no_other(guard: Guard, issuer: Issuer) -> None:
    token = issuer.mint(SERVICE)
    assert await guard.claims(f"Bearer {token}")
    signed, _, signature = token.rpartition(".")
    forged = issuer.mint("https://elsewhere.example/").rpartition(".")[0]
    for other in (f"{signed}.", f"{signed}.A{signature[1:]}x", f"{forged}.{signature}"):
        with pytest.raises(Foreign):
            await guard.claims(f"Bearer {other}")


async def test_a_token_that_was_proven_falls_with_its_key(guard: Guard, issuer: Issuer, clock: Clock) -> None:
    header = f"Bearer {issuer.mint(SERVICE)}"
    assert await guard.claims(header)
    issuer.published = {"two": ("msteams",)}
    clock.time += KEPT
    with pytest.raises(Foreign):
        await guard.claims(header)


async def test_keys_are_fetched_once_however_many_ask(guard: Guard, issuer: Issuer) -> None:
    await asyncio.gather(*(guard.claims(f"Bearer {issuer.mint(SERVICE)}") for _ in range(20)))
    assert issuer.fetches == 1


async def test_a_new_key_is_asked_for_once_it_turns_up(guard: Guard, issuer: Issuer, clock: Clock) -> None:
    await guard.claims(f"Bearer {issuer.mint(SERVICE)}")
    issuer.published = {"two": ("msteams",)}
    clock.time += CALM
    assert await guard.claims(f"Bearer {issuer.mint(SERVICE, kid='two')}")
    assert issuer.fetches == 2
    with pytest.raises(Foreign):  # the old one is no longer published
        await guard.claims(f"Bearer {issuer.mint(SERVICE)}")


async def test_invented_keys_do_not_make_us_fetch_again_and_again(
    guard: Guard, issuer: Issuer, clock: Clock
) -> None:
    await guard.claims(f"Bearer {issuer.mint(SERVICE)}")
    for n in range(20):
        clock.time += 10
        with pytest.raises(Foreign):
            await guard.claims(f"Bearer {issuer.mint(SERVICE, kid='two', headers={'kid': f'invented-{n}'})}")
    assert issuer.fetches == 1


async def test_keys_are_kept_for_a_day_and_longer_while_there_are_no_others(
    guard: Guard, issuer: Issuer, clock: Clock
) -> None:
    header = f"Bearer {issuer.mint(SERVICE)}"
    await guard.claims(header)
    clock.time += KEPT
    issuer.down = True
    assert await guard.claims(header)
    assert await guard.claims(header)
    assert issuer.fetches == 2
    issuer.down = False
    clock.time += CALM
    assert await guard.claims(header)
    assert issuer.fetches == 3


async def test_without_any_key_nothing_can_be_proven_for_a_moment(
    guard: Guard, issuer: Issuer, clock: Clock
) -> None:
    header = f"Bearer {issuer.mint(SERVICE)}"
    issuer.down = True
    for _ in range(3):
        with pytest.raises(NoKeys):
            await guard.claims(header)
    assert issuer.fetches == 1
    issuer.down = False
    clock.time += UNEASY
    assert await guard.claims(header)


async def test_keys_of_another_kind_are_passed_over(guard: Guard, issuer: Issuer) -> None:
    issuer.besides = [
        None,
        {},
        {"kty": "EC", "kid": "one"},
        {"kty": "RSA", "kid": 5, "n": "x", "e": "y"},
        {"kty": "RSA", "kid": "two"},
        {"kty": "RSA", "kid": "three", "n": "!", "e": "é"},
        {"kty": "RSA", "kid": "four", "n": 5, "e": []},
        {"kty": "oct", "kid": "one", "k": "c2VjcmV0"},
    ]
    assert await guard.claims(f"Bearer {issuer.mint(SERVICE)}")


async def test_a_key_set_without_keys_is_none(guard: Guard, issuer: Issuer) -> None:
    issuer.published = {}
    with pytest.raises(NoKeys):
        await guard.claims(f"Bearer {issuer.mint(SERVICE)}")


STRANGE: list[tuple[str, dict[str, Any]]] = [
    ("another service URL", {"serviceUrl": "https://evil.example/"}),
    ("the same host, another path", {"serviceUrl": "https://smba.trafficmanager.net/amer/"}),
    ("unprotected", {"serviceUrl": "http://smba.trafficmanager.net/emea/"}),
    ("this machine", {"serviceUrl": "http://127.0.0.1:8080/"}),
    ("no service URL", {"serviceUrl": None}),
    ("an odd service URL", {"serviceUrl": ["x"]}),
    ("no URL at all", {"serviceUrl": "https://[x/"}),
    ("another channel", {"channelId": "webchat"}),
    ("no channel", {"channelId": None}),
    ("another tenant", {"conversation": {"tenantId": "other"}, "channelData": {"tenant": {"id": "other"}}}),
    ("two tenants", {"conversation": {"tenantId": "other"}}),
    ("another two", {"channelData": {"tenant": {"id": "other"}}}),
    ("no tenant", {"conversation": {"id": "x"}, "channelData": {}}),
    ("no tenant at all", {"conversation": None, "channelData": None}),
    ("an odd tenant", {"channelData": {"tenant": {"id": {"a": 1}}}}),
]


@pytest.mark.parametrize(("_", "other"), STRANGE, ids=[why for why, _ in STRANGE])
def test_a_token_does_not_speak_for_something_else(guard: Guard, _: str, other: dict[str, Any]) -> None:
    with pytest.raises(Foreign):
        guard.speaks_for(CLAIMS, activity(**other))


@pytest.mark.parametrize(
    "other",
    [
        {"serviceUrl": SERVICE.rstrip("/")},
        {"conversation": {"id": "x"}},
        {"channelData": None},
        {"channelData": {"tenant": "?"}},
        {"conversation": {"tenantId": TENANT.upper()}},
    ],
)
def test_a_token_speaks_for_what_fits(guard: Guard, other: dict[str, Any]) -> None:
    guard.speaks_for(CLAIMS, activity(**other))


def test_a_key_speaks_only_for_the_channels_it_lists(guard: Guard) -> None:
    guard.speaks_for(Claims(APP, SERVICE, frozenset()), activity())
    with pytest.raises(Foreign):
        guard.speaks_for(Claims(APP, SERVICE, frozenset({"webchat"})), activity())


async def test_nobody_gets_in_by_the_bot_having_no_id(session: aiohttp.ClientSession) -> None:
    for app, tenant in (("", ""), ("", TENANT), (APP, "")):
        with pytest.raises(ValueError, match="anybody"):
            Guard(session, app, tenant)


async def test_development_speaks_with_this_machine_alone(session: aiohttp.ClientSession) -> None:
    guard = Guard(session, "", "", development=True)
    claims = await guard.claims("")
    for url in ("http://127.0.0.1:1/", "http://localhost:3978", "https://[::1]/x"):
        guard.speaks_for(claims, {"type": "message", "serviceUrl": url})
    for url in (
        SERVICE,
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "ftp://localhost/",
    ):
        with pytest.raises(Foreign):
            guard.speaks_for(claims, {"type": "message", "serviceUrl": url})


async def test_development_with_an_id_wants_tokens_too(
    session: aiohttp.ClientSession, issuer: Issuer
) -> None:
    guard = Guard(session, APP, TENANT, development=True, openid_url=issuer.openid_url)
    with pytest.raises(Foreign):
        await guard.claims("")
    local = "http://127.0.0.1:4/"
    guard.speaks_for(await guard.claims(f"Bearer {issuer.mint(local)}"), activity(serviceUrl=local))


async def test_no_token_stands_in_an_error_or_the_log(
    guard: Guard, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for token in (issuer.mint(SERVICE, aud="x"), issuer.mint(SERVICE, signed_by="stranger"), "a.b.c"):
        with pytest.raises(Foreign) as caught:
            await guard.claims(f"Bearer {token}")
        assert token[-20:] not in f"{caught.value!r} {caught.value.why} {guard!r} {caplog.text}"
