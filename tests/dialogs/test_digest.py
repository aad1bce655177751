"""The weekly digest: what it says, and that it is said exactly once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.records import Json, Message
from bot.playground.shop import DELIVERIES, GENERAL, SHOP_DESK
from tests.shop import HandClock, Shop, open_shop
from tests.teams import TEAM, open_teams_shop

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
        "The week to Thursday 26 November 2026",
        "6 requests came in and 5 were resolved. 1 request is late.",
        "Filed 6 (0 the week before)",
        "Resolved 5 (0 the week before)",
        "Open at the end 1",
        "Promises kept 4 of 4",
        "On target 100% (5 of 5)",
        "Reopened 0% (0 of 5)",
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
    assert "Satisfaction 0%" not in digests(shop)[0].text


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
    assert "The week to Thursday 26 November 2026" in digests(shop)[0].text, "as it was due"


async def test_after_weeks_of_rest_only_the_latest_is_said(shop: Shop) -> None:
    await shop.files()
    await shop.close()
    shop.clock.at = FRIDAY + 3 * WEEK - timedelta(days=1)
    await shop.open()
    await shop.files("tulips", shop.clerk)
    shop.clock.at = FRIDAY + 3 * WEEK
    await tick(shop)
    assert ["The week to Thursday 17 December 2026" in one.text for one in digests(shop)] == [True]


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


# subscribed by people, with its picture

NEXT_MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""Nine in the morning in the shop."""


@pytest.fixture
async def plain(shop_url: str) -> AsyncIterator[Shop]:
    """A shop whose settings speak of no digest."""
    async with open_shop(shop_url) as shop:
        yield shop


def pictures(shop: Shop, message: Message) -> list[tuple[bytes, str]]:
    """The pictures in a message, and what they show in words."""
    shown = [block for block in message.blocks if block["type"] == "image"]
    return [(shop.workspace.files.all[one["slack_file"]["id"]].content, one["alt_text"]) for one in shown]


async def test_subscribed_in_its_channel_and_posted_with_a_picture(plain: Shop) -> None:
    await plain.dialog(
        (plain.clerk, "digest subscribe", "#general gets the digest on Mondays at 09:00"), channel=GENERAL
    )
    await a_week(plain)
    await plain.wait_until(NEXT_MONDAY)
    (digest,) = digests(plain)
    assert digest.text.startswith("The week to Sunday 29 November 2026")
    ((drawn, alt),) = pictures(plain, digest)
    assert drawn.startswith(b"\x89PNG")
    assert alt.startswith("1 calendar week to 29 November 2026. From 23 Nov: 6 filed, 5 resolved")
    assert alt in digest.text, "a screen reader says it too"


async def test_slack_looks_at_the_picture_first(plain: Shop) -> None:
    await plain.says(plain.clerk, "digest subscribe", GENERAL)
    await plain.files()
    plain.workspace.files.slow = 2
    await plain.wait_until(NEXT_MONDAY)
    (digest,) = digests(plain)
    assert len(pictures(plain, digest)) == 1


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("files.getUploadURLExternal", {"error": "missing_scope"}),
        ("files.getUploadURLExternal", {"status": 503}),
        ("files.completeUploadExternal", {"error": "file_update_failed"}),
        ("", {}),
    ],
)
async def test_when_the_upload_fails_it_goes_out_without(plain: Shop, method: str, fault: Json) -> None:
    await plain.says(plain.clerk, "digest subscribe", GENERAL)
    await plain.files()
    if method:
        plain.workspace.fail(method, times=9, **fault)
    else:
        plain.workspace.files.slow = 99  # and Slack never shows it
    await plain.wait_until(NEXT_MONDAY)
    (digest,) = digests(plain)
    assert pictures(plain, digest) == []
    assert "1 request came in" in digest.text


async def test_a_button_opens_what_is_behind_a_number(plain: Shop) -> None:
    await plain.says(plain.clerk, "digest subscribe", GENERAL)
    await a_week(plain)
    private = await plain.files("private a raise")
    await plain.says(plain.flora, f"resolve {private}")
    await plain.wait_until(NEXT_MONDAY)
    shown = await plain.press(plain.svea, digests(plain)[0], "Resolved")
    assert shown.startswith("Resolved")
    assert [f"#{number}" in shown for number in (1, 2, 6, private)] == [False, True, True, False]
    assert "#1 ribbon" in await plain.press(plain.svea, digests(plain)[0], "Late now")


async def test_by_form_for_a_lead_alone(plain: Shop) -> None:
    await plain.dialog((plain.manager, "digest …", "The weekly digest"), channel=SHOP_DESK)
    faults = await plain.submit(plain.manager, channel="#general", zone="Mars/Olympus")
    assert "There is no time zone" in faults["zone"]
    await plain.submit(plain.manager, channel="#general", weekday="4", time="16:00", zone="Europe/Stockholm")
    await plain.files()
    await plain.wait_until(FRIDAY)
    assert len(digests(plain)) == 1
    await plain.dialog(
        (plain.clerk, "digest unsubscribe #general", "Only people of that channel can do that"),
        (plain.manager, "digest unsubscribe #general", "#general gets no digest any more."),
    )
    await plain.files()
    await plain.wait_until(FRIDAY + WEEK)
    assert len(digests(plain)) == 1


async def test_a_channel_that_is_archived_is_told_to_the_lead_once_and_comes_back(plain: Shop) -> None:
    await plain.says(plain.clerk, "digest subscribe fri 16:00", GENERAL)
    await plain.workspace.archive(GENERAL)
    await plain.files()
    await plain.wait_until(FRIDAY + WEEK)
    told = [text for text in plain.news(plain.manager) if "digest" in text]
    assert len(told) == 1
    assert "can’t be posted in" in told[0]
    await plain.workspace.unarchive(GENERAL)
    await plain.settle()
    await plain.files("tulips")
    await plain.wait_until(FRIDAY + 2 * WEEK)
    assert len(digests(plain)) == 1


async def test_archived_while_nobody_listened(plain: Shop) -> None:
    await plain.says(plain.clerk, "digest subscribe fri 16:00", GENERAL)
    await plain.files()
    plain.workspace.subscribed = frozenset()
    await plain.workspace.archive(GENERAL)
    await plain.wait_until(FRIDAY + WEEK)
    assert len([text for text in plain.news(plain.manager) if "digest" in text]) == 1


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
async def test_once_over_the_changes_of_the_clocks(shop_url: str, change: datetime) -> None:
    """Half past two on that Sunday is skipped in spring and comes twice in autumn."""
    friday = change - timedelta(days=2, hours=-9)
    async with open_shop(shop_url, HandClock(friday), digest="sun 02:30 #general") as shop:
        await shop.files()
        said = []
        for quarter in range(4 * 5):
            shop.clock.at = change + quarter * timedelta(minutes=15)
            await tick(shop)
            said.append(len(digests(shop)))
        assert (said[0], said[-1]) == (0, 1)


async def test_in_teams_with_its_picture_in_the_card(shop_url: str) -> None:
    async with open_teams_shop(shop_url) as shop:
        said = await shop.says(shop.clerk, "digest subscribe mon 09:00", TEAM)
        assert "gets the digest on Mondays at 09:00" in said
        await shop.files()
        await shop.wait(days=6, hours=23)
        (digest,) = [one for one in shop.tenant.log.all(TEAM) if one.summary.startswith("The week to")]
        assert digest.card is not None
        (picture,) = [one for one in digest.card["body"] if one["type"] == "Image"]
        assert picture["url"].startswith("data:image/png;base64,")
        assert picture["altText"].startswith("1 calendar week to 29 November 2026.")
        shown = await shop.press(shop.svea, digest, "Filed")
        assert shown


async def test_in_teams_when_the_card_is_refused_it_goes_out_without(shop_url: str) -> None:
    async with open_teams_shop(shop_url) as shop:
        await shop.says(shop.clerk, "digest subscribe mon 09:00", TEAM)
        await shop.files()
        shop.clock.at = NEXT_MONDAY
        await shop.app.front.sweep()
        shop.tenant.fail("send", status=413, code="MessageSizeTooBig")
        await shop.settle()
        (digest,) = [one for one in shop.tenant.log.all(TEAM) if one.summary.startswith("The week to")]
        assert digest.card is not None
        assert not [one for one in digest.card["body"] if one["type"] == "Image"]
