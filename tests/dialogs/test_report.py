"""The report over real sockets: the link that is said, the pages behind it, and who sees nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.front import Front
from bot.playground.people import Colleague
from bot.playground.shop import CLERK, DESIGNER, SHOP_DESK
from storage import catalogue
from storage.records import Privacy, Service, Team
from tests.shop import Shop, elements, open_shop
from tests.teams import TEAM, open_teams_shop

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
EVIL = "<script>alert(1)</script> & Söner"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/report/[\w.~-]+")


async def stock(front: Front) -> None:
    """The flowers, led by Flora, with a name that would be markup; what is asked of pay is confidential."""
    flora, carl = f"slack:{DESIGNER}", f"slack:{CLERK}"

    def unit(tx: Connection) -> None:
        team = Team("flowers", EVIL, lead=flora, place=front.house.triage, members=(flora,))
        catalogue.keep_team(tx, front.house.org, team)
        catalogue.keep_team(tx, front.house.org, Team("till", "Till", members=(carl,)))
        catalogue.keep_service(tx, front.house.org, Service("roses", "Roses", "flowers"))
        pay = Service("pay", "Pay", "flowers", privacy=Privacy.CONFIDENTIAL)
        catalogue.keep_service(tx, front.house.org, pay)
        catalogue.count_up(tx, front.house.org)

    await front.keep(unit)


@pytest.fixture
async def busy(shop_url: str) -> AsyncIterator[Shop]:
    """A week with six public requests and a private one, and the Tuesday after it."""
    async with open_shop(shop_url) as shop:
        await stock(shop.app.front)
        for face in ("star-struck", "star-struck", "slightly_smiling_face", "slightly_smiling_face", "rage"):
            n = await shop.files("=roses for table three #roses", shop.clerk)
            await shop.says(shop.flora, f"resolve {n}")
            await shop.wait(days=1) if n % 3 == 0 else None
            await shop.reacts(shop.clerk, shop.poll(shop.clerk), face) if n < 4 else None
            await shop.says(shop.clerk, f"rate {n} {5 if n < 5 else 1}") if n >= 4 else None
        await shop.says(shop.clerk, "fault 5 timeliness")
        await shop.files("a vase by tuesday #roses", shop.clerk)
        secret = await shop.files("private a raise #roses", shop.svea)
        await shop.says(shop.flora, f"resolve {secret}")
        shop.clock.at = TUESDAY
        yield shop


async def link(shop: Shop, who: Colleague) -> str:
    """What somebody is given for `/request report`."""
    await shop.dialog((who, "report", "Open the report. It is for you alone"))
    (url,) = {one["url"] for one in elements(shop.whispers(who)[-1].blocks) if one.get("type") == "link"}
    assert LINK.fullmatch(url), url
    return str(url)


@asynccontextmanager
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser with nothing in it."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def opened(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """The button behind a link is pressed."""
    async with session.post(url) as answer:
        return answer.status, await answer.text()


async def got(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with session.get(url) as answer:
        return answer.status, await answer.text()


def at(url: str, path: str) -> str:
    """Another page beside a link."""
    return f"{url.partition('/report/')[0]}{path}"


async def test_a_link_leads_to_a_button_and_the_button_to_the_numbers(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        status, door = await got(session, url)
        assert status == 200
        assert "The report for Svea Lund" in door
        assert "Filed" not in door, "looking opens nothing"
        status, page = await opened(session, url)
        assert status == 200
        for stands in (
            "23 November 2026 to 29 November 2026",
            "For Svea Lund alone, until Tue 1 Dec, 10:15",
            "5 of 5 answered; 95% interval 38% to 96%",
            "Timeliness",
            "Roses",
            "Who serves whom",
            "Till",
        ):
            assert stands in page, stands
        assert "raise" not in page
        assert (await got(session, at(url, "/report")))[1] == page, "without the link, in the same browser"


async def test_text_from_people_is_never_markup(busy: Shop) -> None:
    url = await link(busy, busy.flora)
    async with browser() as session:
        _, page = await opened(session, url)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söner" in page
        assert "<script" not in page
        _, sheet = await got(session, at(url, "/report/numbers.csv"))
        assert EVIL in sheet
        _, behind = await got(session, at(url, "/report/requests?which=filed&about=%3Cscript%3E"))
        assert "=roses for table three" in behind
        assert "<script" not in behind


async def test_nothing_of_it_is_kept_or_led_elsewhere_or_executed(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        async with session.post(url, allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
            assert answer.headers["Location"] == "/report"
        for flag in ("HttpOnly", "SameSite=Strict", "Path=/report", "Max-Age=900"):
            assert flag in cookie
        for path in ("/report", "/report/requests?which=late", "/report/numbers.csv", "/report/nonsense"):
            async with session.get(at(url, path)) as page:
                assert page.headers["Cache-Control"] == "no-store"
                assert page.headers["Referrer-Policy"] == "no-referrer"
                assert page.headers["X-Content-Type-Options"] == "nosniff"
                policy = page.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "script-src" not in policy, "so there are none"


async def test_each_number_opens_to_its_requests(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        await opened(session, url)
        _, filed = await got(session, at(url, "/report/requests?which=filed&from=2026-11-23&to=2026-11-29"))
        assert [f"#{n}<" in filed for n in range(1, 8)] == [True] * 6 + [False], "7 is private"
        _, late = await got(session, at(url, "/report/requests?which=late"))
        assert "#6<" in late
        assert "As it is now" in late
        _, missed = await got(session, at(url, "/report/requests?which=missed&from=2020-01-06&to=2020-01-12"))
        assert "Nothing was resolved past its target." in missed
        status, nothing = await got(session, at(url, "/report/requests?which=everything"))
        assert (status, "no link of ours" in nothing) == (404, True)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=2026-11-23&to=2026-11-29", "1 calendar week, 23 November 2026 to 29 November 2026"),
        ("from=2026-11-25&to=2026-12-01", "2 calendar weeks, 23 November 2026 to 6 December 2026"),
        ("from=2026-12-01&to=2026-11-25", "2 calendar weeks"),  # the wrong way round
        ("from=1900-01-01&to=9999-12-31", "2 calendar weeks"),  # as long as there is something
        ("from=yesterday&to=&about=team:nobody", "1 calendar week"),
        ("from=%00&to=2026-W48&about=", "1 calendar week"),
    ],
)
async def test_the_weeks_are_chosen(busy: Shop, query: str, says: str) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        await opened(session, url)
        status, page = await got(session, at(url, f"/report?{query}"))
        assert status == 200
        assert says in page


async def test_of_a_team_or_a_service_alone(busy: Shop) -> None:
    await busy.files("a chair", busy.clerk)
    url = await link(busy, busy.svea)
    async with browser() as session:
        await opened(session, url)
        _, page = await got(session, at(url, "/report?from=2026-11-23&to=2026-12-01&about=service:roses"))
        assert "<h1>Roses</h1>" in page
        assert "By service" not in page
        sheet = (await got(session, at(url, "/report/numbers.csv?to=2026-12-01&about=team:flowers")))[1]
        assert [line.split(",")[2] for line in sheet.splitlines()[1:2]] == ["6"], "the chair is nobody's"


async def test_people_are_seen_by_themselves_and_their_lead(busy: Shop) -> None:
    seen = {}
    for who in (busy.flora, busy.clerk, busy.manager):
        async with browser() as session:
            seen[who.id] = "By person" in (await opened(session, await link(busy, who)))[1]
    assert seen == {busy.flora.id: True, busy.clerk.id: False, busy.manager.id: True}


async def test_a_few_confidential_votes_are_in_none_of_it(busy: Shop) -> None:
    n = await busy.files("my salary #pay", busy.driver)
    await busy.says(busy.flora, f"resolve {n}")
    await busy.says(busy.driver, f"rate {n} 1")
    async with browser() as session:
        url = await link(busy, busy.flora)
        await opened(session, url)
        _, page = await got(session, at(url, "/report?from=2026-11-23&to=2026-12-01"))
        assert "5 of 5 answered" in page, "five named ones, and not the sixth"
        assert "Pay" in page


async def test_opened_by_somebody_else(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as mine, browser() as theirs:
        assert (await opened(mine, url))[0] == 200
        assert (await opened(mine, url))[0] == 200, "again in the same browser"
        status, said = await opened(theirs, url)
        assert status == 403
        assert "This link was opened already, in another browser." in said
        assert "Filed" not in said
        assert (await got(theirs, at(url, "/report")))[0] == 410, "nor without it"


@pytest.mark.parametrize("tail", ["x", "/..", "%2e", "."])
async def test_altered(busy: Shop, tail: str) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        status, said = await opened(session, url + tail)
        assert status in (404, 405)
        assert "Filed" not in said
        assert (await got(session, at(url, "/report")))[0] == 410


async def test_over(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        await opened(session, url)
        busy.clock.at = replace_minutes(busy.clock.at, 15)
        for path in ("/report", "/report/numbers.csv", "/report/weeks.png", "/report/requests?which=late"):
            status, said = await got(session, at(url, path))
            assert status == 410
            assert "This link is over" in said
        assert (await got(session, url))[0] == (await opened(session, url))[0] == 410


def replace_minutes(at: datetime, minutes: int) -> datetime:
    return at.replace(minute=at.minute + minutes)


async def test_the_picture_is_drawn_light_and_dark(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        assert (await got(session, at(url, "/report/weeks.png")))[0] == 410
        await opened(session, url)
        drawn = []
        for query in ("", "?dark=1"):
            async with session.get(at(url, f"/report/weeks.png{query}")) as answer:
                assert answer.content_type == "image/png"
                drawn.append(await answer.read())
        assert drawn[0] != drawn[1]


async def test_the_desk_cannot_be_read(busy: Shop) -> None:
    url = await link(busy, busy.svea)
    async with browser() as session:
        await opened(session, url)
        await busy.app.front.keep(lambda tx: tx.exec_driver_sql("ALTER TABLE weeks RENAME TO elsewhere"))
        status, said = await got(session, at(url, "/report"))
        assert status == 503
        assert "cannot be read just now" in said


async def test_under_an_address_with_a_path(shop_url: str) -> None:
    async with open_shop(shop_url) as shop:
        await shop.files()
        front = shop.app.front
        base = front.house.address
        front.house = replace(front.house, address="https://example.com/desk")
        await shop.dialog((shop.svea, "report", "Open the report"))
        (url,) = {
            one["url"] for one in elements(shop.whispers(shop.svea)[-1].blocks) if one.get("type") == "link"
        }
        assert url.startswith("https://example.com/desk/report/")
        async with browser() as session:
            here = url.replace("https://example.com/desk", base)  # as the proxy takes it off
            async with session.post(here, allow_redirects=False) as answer:
                assert answer.headers["Location"] == "/desk/report"
                assert "Path=/desk/report" in answer.headers["Set-Cookie"]
                assert "Secure" in answer.headers["Set-Cookie"]
            assert "/desk/report/report.css" in (await got(session, here))[1]


async def test_without_an_address_it_says_what_to_set(shop_url: str) -> None:
    async with open_shop(shop_url) as shop:
        shop.app.front.house = replace(shop.app.front.house, address="")
        await shop.dialog((shop.svea, "report", "in DESKBELL_PUBLIC_URL"))


async def test_in_teams_the_link_is_for_who_asks_alone(shop_url: str) -> None:
    async with open_teams_shop(shop_url) as shop:
        await shop.says(shop.svea, "report", TEAM)
        assert "/report/" not in str([one.card for one in shop.tenant.log.all(TEAM)])
        said = str([one.card for one in shop.tenant.log.all(shop.svea.chat)])
        assert (found := LINK.search(said)), said
        async with browser() as session:
            assert "The report for Svea Lund" in (await got(session, found[0]))[1]


async def test_two_at_once(busy: Shop) -> None:
    """Two browsers press at the same moment: one of them has it."""
    url = await link(busy, busy.svea)
    async with browser() as one, browser() as other:
        statuses = [status for status, _ in await asyncio.gather(opened(one, url), opened(other, url))]
        assert sorted(statuses) == [200, 403]


async def test_a_line_that_goes_on_is_a_request(shop_url: str) -> None:
    async with open_shop(shop_url) as shop:
        await shop.dialog((shop.clerk, "report the broken window to the landlord", "#1 "), channel=SHOP_DESK)
