"""The weekly digest: what it says, and that it is said exactly once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.records import Message
from bot.playground.shop import DELIVERIES, GENERAL
from tests.shop import Shop, open_shop

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
"""Four in the afternoon in the shop."""
WEEK = timedelta(days=7)


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[Shop]:
    """A shop whose #general wants the digest on Fridays at four."""
    async with open_shop(shop_url, digest="fri 16:00 #general") as shop:
        yield shop


def digests(shop: Shop, channel: str = GENERAL) -> list[Message]:
    return [one for one in shop.workspace.log.all(channel) if one.text.startswith("The week to")]


async def tick(shop: Shop) -> None:
    await shop.app.front.sweep()
    await shop.settle()


async def a_week(shop: Shop) -> None:
    """Six requests, five of them done and rated, one of them late."""
    await shop.says(shop.clerk, "ribbon by tuesday")
    for face, who in (("star-struck", shop.clerk), ("slightly_smiling_face", shop.driver)) * 2:
        n = await shop.files("a bouquet", who)
        await shop.says(shop.flora, f"take {n} by tuesday")
        await shop.says(shop.flora, f"resolve {n}")
        await shop.reacts(who, shop.poll(who), face)
    n = await shop.files("paper", shop.svea)
    await shop.says(shop.driver, f"resolve {n}")
    await shop.reacts(shop.svea, shop.poll(shop.svea), "rage")
    await shop.press(shop.svea, shop.poll(shop.svea), "Timeliness")


async def test_what_it_says(shop: Shop) -> None:
    await a_week(shop)
    await shop.wait_until(FRIDAY)
    (digest,) = digests(shop)
    for stands in (
        "The week to Friday 27 November 2026",
        "6 requests came in and 5 were resolved. 1 request is late.",
        "Filed 6 (0 the week before)",
        "Resolved 5 (0 the week before)",
        "Open at the end 1",
        "Promises kept 4 of 4",
        "On target 5 of 5",
        "Satisfaction 80% (5 of 5 answered; ",
        "38%",
        "96%",
        "ell short most: timeliness (1).",
        "#1 ribbon",
        "Thanks to Flora Nilsson",
    ):
        assert stands in digest.text, digest.text


async def test_the_second_week_stands_beside_the_first(shop: Shop) -> None:
    await a_week(shop)
    await shop.wait_until(FRIDAY + timedelta(days=1))
    await shop.files("tulips")
    shop.clock.at = FRIDAY + WEEK
    await tick(shop)
    assert len(digests(shop)) == 2
    assert "Filed 1 (6 the week before)" in digests(shop)[-1].text
    assert "nobody was asked" in digests(shop)[-1].text


async def test_under_five_votes_there_is_no_figure(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "resolve 1")
    await shop.reacts(shop.clerk, shop.poll(shop.clerk), "rage")
    await shop.wait_until(FRIDAY)
    assert "too few votes to say (1 of 1 answered)" in digests(shop)[0].text
    assert "0%" not in digests(shop)[0].text


async def test_not_before_its_hour_and_once_however_often_the_clock_looks(shop: Shop) -> None:
    await shop.files()
    await shop.wait_until(FRIDAY - timedelta(minutes=1))
    assert not digests(shop)
    await shop.wait_until(FRIDAY)
    for _ in range(3):
        await tick(shop)
    await shop.wait(hours=2)
    assert len(digests(shop)) == 1


async def test_an_empty_week_says_nothing(shop: Shop) -> None:
    await shop.wait_until(FRIDAY + timedelta(minutes=1))
    assert not digests(shop)
    await shop.dialog((shop.clerk, "digest", "so there is no digest."))
    await shop.files()
    await tick(shop)
    assert not digests(shop), "that week is over"


async def test_a_week_of_private_requests_alone_is_empty(shop: Shop) -> None:
    await shop.files("private a raise")
    await shop.says(shop.flora, "resolve 1")
    await shop.reacts(shop.clerk, shop.poll(shop.clerk), "rage")
    await shop.wait_until(FRIDAY)
    assert not digests(shop)


async def test_a_private_request_leaves_no_trace(shop: Shop) -> None:
    await a_week(shop)
    await shop.says(shop.clerk, "private a raise by tuesday")
    n = await shop.files("private a desk", shop.manager)
    await shop.says(shop.flora, f"resolve {n}")
    await shop.reacts(shop.manager, shop.poll(shop.manager), "rage")
    await shop.wait_until(FRIDAY)
    text = digests(shop)[0].text
    for stands in ("Filed 6", "Resolved 5", "Open at the end 1", "5 of 5 answered", "1 request is late."):
        assert stands in text
    assert "raise" not in text
    assert "desk" not in text


async def test_a_restart_does_not_repeat_it(shop: Shop) -> None:
    await shop.files()
    await shop.wait_until(FRIDAY)
    await shop.close()
    await shop.open()
    await tick(shop)
    assert len(digests(shop)) == 1


@pytest.mark.parametrize("down", [timedelta(hours=5), timedelta(days=3)])
async def test_nobody_was_there_when_it_was_due(shop: Shop, down: timedelta) -> None:
    await shop.files()
    await shop.close()
    shop.clock.at = FRIDAY + down
    await shop.open()
    await tick(shop)
    assert len(digests(shop)) == 1
    assert "The week to Friday 27 November 2026" in digests(shop)[0].text, "as it was due"


async def test_after_weeks_of_rest_only_the_latest_is_said(shop: Shop) -> None:
    await shop.files()
    await shop.close()
    shop.clock.at = FRIDAY + 3 * WEEK - timedelta(hours=1)
    await shop.open()
    await shop.files("tulips", shop.clerk)
    shop.clock.at = FRIDAY + 3 * WEEK
    await tick(shop)
    assert ["The week to Friday 18 December 2026" in one.text for one in digests(shop)] == [True]


async def test_slack_was_away_when_it_was_due(shop: Shop) -> None:
    await shop.files()
    await shop.wait_until(FRIDAY - timedelta(minutes=30))
    shop.workspace.fail("chat.postMessage", status=503, channel=GENERAL, times=2)
    await shop.wait_until(FRIDAY)
    assert not digests(shop)
    await shop.wait(hours=1)
    assert len(digests(shop)) == 1


async def test_two_processes_say_it_once(database_url: str) -> None:
    async with open_shop(database_url, digest="fri 16:00 #general; fri 16:00 #deliveries") as shop:
        other = await shop.another_app()
        try:
            await shop.files()
            await other.courier.deliver_due()
            shop.clock.at = FRIDAY
            await asyncio.gather(*(app.front.sweep() for app in (shop.app, other) * 3))
            await asyncio.gather(*(app.courier.deliver_due() for app in (shop.app, other) * 2))
            await shop.settle()
        finally:
            await other.stop()
        assert len(digests(shop)) == len(digests(shop, DELIVERIES)) == 1
        assert shop.card(1, shop.flora)
        assert shop.own_card(1, shop.clerk)


async def test_its_hour_is_on_the_wall_of_its_zone(shop_url: str) -> None:
    async with open_shop(
        shop_url, digest="fri 16:00 #general; fri 16:00 #deliveries America/New_York"
    ) as shop:
        await shop.files()
        await shop.wait_until(FRIDAY)
        assert (len(digests(shop)), len(digests(shop, DELIVERIES))) == (1, 0)
        await shop.wait_until(FRIDAY + timedelta(hours=6))
        assert (len(digests(shop)), len(digests(shop, DELIVERIES))) == (1, 1)


async def test_asked_for_it_is_for_me_alone(shop: Shop) -> None:
    await a_week(shop)
    await shop.wait(minutes=1)
    await shop.dialog((shop.clerk, "digest", "6 requests came in and 5 were resolved."), channel=GENERAL)
    assert not digests(shop)
    assert not shop.whispers(shop.flora, GENERAL)
