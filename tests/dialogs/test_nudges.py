"""Nudges and escalation on a clock that moves: few, true and useful."""

from datetime import UTC, datetime

import pytest

from bot.playground.people import Colleague
from bot.playground.records import Message
from bot.playground.shop import GENERAL, SHOP_DESK
from tests.shop import HandClock, Shop, buttons, harmless_text, open_shop

MON, TUE, WED, THU, FRI = (datetime(2026, 11, day, tzinfo=UTC) for day in range(23, 28))
"""Midnight in UTC: half past nine in the shop is 08:30 here, and in London 09:30."""


def at(day: datetime, clock: str) -> datetime:
    """A moment of a day, on UTC's clock."""
    hour, minute = map(int, clock.split(":"))
    return day.replace(hour=hour, minute=minute)


def nudges(shop: Shop, who: Colleague, place: str = "") -> list[Message]:
    """The nudges in somebody's direct messages, or in a channel."""
    seen = shop.workspace.log.all(place) if place else shop.dm(who)
    return [
        one
        for one in seen
        if one.by_bot
        and ("for you:" in one.text or "wait for somebody" in one.text or "waits for somebody" in one.text)
    ]


async def test_not_taken_half_of_the_target_and_at_it(shop: Shop) -> None:
    """Filed at ten, with eight working hours to answer: half is at two, and the next slot is tomorrow's."""
    await shop.files()
    await shop.wait_until(at(TUE, "08:00"))
    assert not nudges(shop, shop.flora, SHOP_DESK)
    await shop.wait_until(at(TUE, "08:30"))
    (nudge,) = nudges(shop, shop.flora, SHOP_DESK)
    for stands in (
        "This waits for somebody to take it:",
        "#1 a bouquet.",
        "Carl Berg asked Mon 23 Nov, 10:00, and nobody has taken it yet.",
        "Take it, or hand it over, by Tue 24 Nov, 10:00.",
    ):
        assert stands in nudge.text
    assert buttons(nudge) == ["Take it", "Waiting on them …", "Snooze …", "Hand over …"]
    await shop.wait_until(at(TUE, "13:30"))
    assert len(nudges(shop, shop.flora, SHOP_DESK)) == 2, "at the target, which came true at ten"


async def test_the_owner_is_nudged_at_their_own_half_past_nine_and_two(shop: Shop) -> None:
    """Half the target is at two in the shop: Flora's slot is over, Margit's in London to come."""
    for who in ("@flora", "@margit"):
        await shop.files(f"a wreath {who}")
    for moment, flora, margit in (
        (at(MON, "13:30"), 0, 0),
        (at(MON, "14:00"), 0, 1),
        (at(TUE, "08:00"), 0, 1),
        (at(TUE, "08:30"), 1, 1),
        (at(TUE, "09:00"), 1, 1),
        (at(TUE, "09:30"), 1, 2),
        (at(TUE, "13:00"), 2, 2),
    ):
        await shop.wait_until(moment)
        assert (len(nudges(shop, shop.flora)), len(nudges(shop, shop.manager))) == (flora, margit), moment


async def test_several_requests_come_in_one_message_the_urgent_first(shop: Shop) -> None:
    for line in ("vases @flora", "a wreath @flora !high", "ribbon @flora"):
        await shop.files(line)
    await shop.wait_until(at(TUE, "08:30"))
    told = nudges(shop, shop.flora)
    bundle = told[-1]
    assert "requests wait for you:" in bundle.text
    for number in (1, 3):
        assert f"#{number} " in bundle.text
    assert bundle.text.index("#1 ") < bundle.text.index("#3 ")
    assert len(told) <= 2


async def test_what_is_urgent_goes_at_once(shop: Shop) -> None:
    """One working hour to answer: half of it has passed at half past ten."""
    await shop.files("the cold room is warm !urgent")
    await shop.wait(minutes=30)
    assert "#1 the cold room is warm" in nudges(shop, shop.flora, SHOP_DESK)[0].text
    await shop.wait(minutes=30)
    assert len(nudges(shop, shop.flora, SHOP_DESK)) == 2


@pytest.mark.parametrize(
    "line", ["take 1", "resolve 1", "cancel 1", "snooze 1 until thursday no van", "wait 1 until friday"]
)
async def test_a_nudge_that_became_untrue_is_not_sent(shop: Shop, line: str) -> None:
    await shop.files("a bouquet @flora")
    await shop.wait_until(at(TUE, "08:00"))
    await shop.says(shop.clerk if line == "cancel 1" else shop.flora, line)
    await shop.wait_until(at(TUE, "13:30"))
    assert not nudges(shop, shop.flora)


async def test_a_nudge_follows_the_request_to_its_new_owner(shop: Shop) -> None:
    await shop.files("a bouquet @flora")
    await shop.wait_until(at(TUE, "08:00"))
    await shop.says(shop.flora, "give 1 @david")
    await shop.wait_until(at(TUE, "13:00"))
    assert not nudges(shop, shop.flora)
    assert nudges(shop, shop.driver)


async def test_the_buttons_of_a_nudge(shop: Shop) -> None:
    await shop.files("a bouquet by tuesday 14:00")
    await shop.says(shop.flora, "take 1")
    await shop.wait_until(at(TUE, "08:30"))
    await shop.wait_until(at(TUE, "14:00"))
    await shop.wait_until(at(WED, "08:30"))
    nudge = nudges(shop, shop.flora)[-1]
    assert "It was needed by Tue 24 Nov, 14:00." in nudge.text
    assert "When will it be done?" in nudge.text
    assert buttons(nudge) == ["Done", "New date …", "Waiting on them …", "Snooze …", "Hand over …"]
    for label, form in (
        ("New date …", "Promise #1"),
        ("Waiting on them …", "Ask about #1"),
        ("Snooze …", "Snooze #1"),
        ("Hand over …", "Hand over #1"),
    ):
        assert await shop.press(shop.flora, nudge, label) == form
        await shop.flora.close()
    assert "#1 is resolved." in await shop.press(shop.flora, nudge, "Done")


async def test_while_parked_nobody_is_nudged_and_the_requester_knows_why(shop: Shop) -> None:
    await shop.files("a bouquet by tuesday")
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.flora, "snooze 1 until thursday 10:00 the van is away")
    assert "Parked until: Thu 26 Nov, 10:00: “the van is away”" in shop.own_card(1, shop.clerk).text
    await shop.wait_until(at(THU, "08:30"))
    assert not nudges(shop, shop.flora)
    assert "(late)" not in shop.own_card(1, shop.clerk).text
    assert len(shop.news(shop.clerk)) == 1, "that it was taken"
    await shop.wait_until(at(THU, "09:00"))
    assert shop.news(shop.clerk)[1:] == [
        "#1 “a bouquet” is late: it was needed by Tue 24 Nov, 17:00. Flora Nilsson is asked for a new date."
    ]
    assert "(late)" in shop.own_card(1, shop.clerk).text
    await shop.wait_until(at(THU, "13:00"))
    (nudge,) = nudges(shop, shop.flora)
    assert "It was needed by Tue 24 Nov, 17:00." in nudge.text
    assert "Parked until" not in shop.own_card(1, shop.clerk).text


def told_the_lead(shop: Shop) -> list[Message]:
    return [one for one in shop.dm(shop.manager) if one.by_bot and "nudged 3 times" in one.text]


async def test_after_three_nudges_the_lead_is_told_once_by_name_and_reason(shop: Shop) -> None:
    await shop.files("a bouquet by tuesday 14:00")
    await shop.says(shop.flora, "take 1")
    await shop.wait_until(at(datetime(2026, 12, 8, tzinfo=UTC), "16:00"))
    assert len(nudges(shop, shop.flora)) == 3, [one.text for one in nudges(shop, shop.flora)]
    (told,) = told_the_lead(shop)
    for stands in (
        "This is stuck and needs your help:",
        "#1 a bouquet",
        "Flora Nilsson was nudged 3 times; it was needed by Tue 24 Nov, 13:00.",  # in London, where she is
        "Can you help?",
    ):
        assert stands in told.text
    assert buttons(told)[:2] == ["Show", "Hand over …"]
    assert not any("nudged" in one for one in shop.thread(shop.card(1, shop.flora), shop.flora))
    assert "The lead was told that it does not move" in await shop.history(1)
    assert await shop.press(shop.manager, told, "Hand over …") == "Hand over #1"
    await shop.manager.close()
    await shop.says(shop.flora, "note 1 tulips tomorrow")
    await shop.wait_until(at(datetime(2026, 12, 15, tzinfo=UTC), "16:00"))
    assert len(nudges(shop, shop.flora)) > 3, "it moved, so it counts anew"


async def test_a_channel_is_nudged_three_times_too(shop: Shop) -> None:
    await shop.files("a bouquet by friday")
    await shop.wait_until(at(datetime(2026, 12, 8, tzinfo=UTC), "16:00"))
    assert len(nudges(shop, shop.flora, SHOP_DESK)) == 3
    (told,) = told_the_lead(shop)
    assert "The channel was nudged 3 times; nobody has taken it since Mon 23 Nov, 09:00." in told.text


async def test_a_private_request_escalates_to_the_lead(shop: Shop) -> None:
    await shop.files("private a raise by tuesday 14:00")
    await shop.says(shop.flora, "take 1")
    await shop.wait_until(at(datetime(2026, 12, 8, tzinfo=UTC), "16:00"))
    (told,) = told_the_lead(shop)
    assert "a raise" in told.text
    assert "raise" not in str([one.text for one in shop.workspace.log.all(SHOP_DESK)])


async def test_nobody_is_called_to_a_channel(shop: Shop) -> None:
    await shop.files("a bouquet by tuesday")
    await shop.wait_until(at(FRI, "16:00"))
    for channel in shop.workspace.channels:
        for message in shop.workspace.log.all(channel):
            assert "broadcast" not in str(message.blocks)
            assert harmless_text(message)


async def test_what_the_requester_hears_by_themselves(shop: Shop) -> None:
    await shop.files("a bouquet")
    await shop.says(shop.flora, "take 1 by tuesday 12:00")
    await shop.wait_until(at(TUE, "12:00"))
    await shop.says(shop.flora, "take 1 by wednesday 12:00")
    await shop.says(shop.flora, "resolve 1 here it is")
    assert shop.news(shop.clerk) == [
        "Flora Nilsson has taken #1 “a bouquet” and promises it by Tue 24 Nov, 12:00.",
        "#1 “a bouquet” is late: it was promised for Tue 24 Nov, 12:00. "
        "Flora Nilsson is asked for a new date.",
        "Flora Nilsson now promises #1 “a bouquet” by Wed 25 Nov, 12:00. Before, it was Tue 24 Nov, 12:00.",
        "How was the service?",
    ]


async def test_who_was_asked_is_nudged_and_then_it_is_resolved_with_a_way_back(shop: Shop) -> None:
    await shop.files("a bouquet")
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.flora, "ask 1 which colour?")
    await shop.wait_until(at(WED, "13:00"))
    (nudge,) = nudges(shop, shop.clerk)
    assert "It waits for your answer: “which colour?”" in nudge.text
    assert buttons(nudge) == ["Answer …"]
    assert not nudges(shop, shop.flora), "the owner waits like everybody else"
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "09:30"))
    assert "nobody answered" in (await shop.history(1))[-1]
    given_up = shop.dm(shop.clerk)[-1]
    assert "a question that nobody answered for five working days, so it is resolved." in given_up.text
    assert not [one for one in shop.dm(shop.clerk) if one.reactions], "that was no service to rate"
    assert await shop.press(shop.clerk, given_up, "Reopen …") == "Reopen #1"
    assert not await shop.submit(shop.clerk)
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text


async def test_an_answer_in_time_ends_the_waiting(shop: Shop) -> None:
    await shop.files("a bouquet")
    await shop.says(shop.flora, "ask 1 which colour?")
    await shop.wait_until(at(WED, "08:00"))
    await shop.says(shop.clerk, "answer 1 white")
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "09:30"))
    assert not nudges(shop, shop.clerk)
    assert "Waiting for somebody to take it." in shop.card(1, shop.flora).text


async def test_giving_up_wakes_what_waited_for_it(shop: Shop) -> None:
    await shop.files("paper")
    await shop.files("a bouquet")
    await shop.says(shop.flora, "take 2")
    await shop.says(shop.flora, "wait 2 on 1")
    await shop.says(shop.driver, "ask 1 which size?")
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "09:30"))
    assert "Flora Nilsson has it." in shop.card(2, shop.flora).text


async def test_resolved_becomes_closed_after_five_working_days(shop: Shop) -> None:
    await shop.files("a bouquet")
    await shop.says(shop.flora, "resolve 1")
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "08:30"))
    assert len(await shop.history(1)) == 2
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "09:00"))
    assert (await shop.history(1))[-1] == "Closed: nobody objected for five working days"
    await shop.dialog(
        (shop.flora, "take 1", "#1 was already closed by Flora Nilsson. Say reopen 1 first."),
        (shop.clerk, "reopen 1", "#1 is open again."),
    )


async def test_what_was_paused_goes_on_at_its_hour(shop: Shop) -> None:
    await shop.files("a bouquet")
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.flora, "wait 1 until tomorrow 10:00")
    await shop.wait_until(at(TUE, "08:59"))
    assert "Paused until Tue 24 Nov, 10:00." in shop.card(1, shop.flora).text
    await shop.wait_until(at(TUE, "09:00"))
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    assert shop.thread(shop.card(1, shop.flora), shop.flora) == [
        "Flora Nilsson: #1 “a bouquet” was paused until now. It can go on."
    ]


async def test_waiting_stops_the_clock(shop: Shop) -> None:
    await shop.files("a bouquet")
    assert "Due: Mon 30 Nov, 10:00" in shop.card(1, shop.flora).text
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.flora, "wait 1 until thursday 10:00")
    assert "Due:" not in shop.card(1, shop.flora).text
    await shop.wait_until(at(THU, "09:00"))
    assert "Due: Thu 3 Dec, 10:00" in shop.card(1, shop.flora).text


@pytest.mark.parametrize(
    ("values", "quiet", "loud"),
    [
        ({"slots": "afternoon"}, at(TUE, "12:30"), at(TUE, "13:00")),
        ({"slots": "morning"}, at(TUE, "08:00"), at(TUE, "08:30")),
        ({"slots": "both", "quiet_days": ["tue"]}, at(TUE, "22:00"), at(WED, "08:30")),
        ({"slots": "at once"}, at(MON, "12:30"), at(MON, "13:00")),
    ],
)
async def test_everybody_may_choose_when(
    shop: Shop, values: dict[str, str], quiet: datetime, loud: datetime
) -> None:
    await shop.says(shop.flora, "settings")
    assert not await shop.submit(shop.flora, **values)
    await shop.files("a bouquet @flora")
    await shop.wait_until(quiet)
    assert not nudges(shop, shop.flora)
    await shop.wait_until(loud)
    assert nudges(shop, shop.flora)


async def test_nothing_is_nudged_on_a_weekend_or_twice_in_a_slot(shop: Shop) -> None:
    await shop.files("a bouquet by friday 16:30")
    await shop.says(shop.flora, "take 1", GENERAL)
    await shop.wait_until(at(FRI, "16:00"))
    before = len(nudges(shop, shop.flora))
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "08:00"))
    assert len(nudges(shop, shop.flora)) == before
    await shop.wait_until(at(datetime(2026, 11, 30, tzinfo=UTC), "08:30"))
    for _ in range(3):
        await shop.app.front.sweep()
        await shop.settle()
    assert len(nudges(shop, shop.flora)) == before + 1


async def test_a_nudge_that_could_not_be_delivered_is_not_counted(shop: Shop) -> None:
    await shop.files("a bouquet @flora")
    await shop.wait_until(at(TUE, "08:00"))
    shop.workspace.fail("chat.postMessage", status=500, channel=shop.flora.id, times=1)
    shop.workspace.fail("chat.postMessage", status=500, channel=shop.flora.dm, times=1)
    await shop.wait_until(at(TUE, "08:30"))
    assert not nudges(shop, shop.flora)
    assert "Nudged" not in await shop.history(1)
    await shop.wait(minutes=1)
    assert len(nudges(shop, shop.flora)) == 1
    assert "Nudged" in await shop.history(1)


@pytest.mark.parametrize(
    ("rules", "due"),
    [
        ({}, "Due: Tue 29 Dec, 10:00"),
        ({"holidays": "SE"}, "Due: Wed 30 Dec, 10:00"),
        ({"holidays": "SE", "hours": "mon-thu 08:00-18:00"}, "Due: Tue 29 Dec, 10:00"),
    ],
)
async def test_nothing_is_due_on_days_when_nobody_works(
    shop_url: str, rules: dict[str, str], due: str
) -> None:
    """It is Tuesday, ten o'clock, before Christmas; Friday is a holiday. The team owes 40 working hours."""
    clock = HandClock(datetime(2026, 12, 22, 9, tzinfo=UTC))
    async with open_shop(shop_url, clock, **rules) as shop:
        await shop.files()
        assert due in shop.card(1, shop.flora).text
