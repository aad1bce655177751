"""The poll: whose emoji count and which, what follows a vote, and who is asked, when and how often."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.playground import events, payloads
from bot.playground.people import Colleague
from bot.playground.records import Json, Message
from storage import ratings
from tests.shop import MONDAY, HandClock, Shop, buttons, open_shop

FACES = ["rage", "slightly_frowning_face", "neutral_face", "slightly_smiling_face", "star-struck"]
FAULTS = ["Delivery", "Timeliness", "Information", "Professionalism", "Attitude"]


async def asked(shop: Shop, who: Colleague | None = None) -> Message:
    """A request of somebody's is resolved by Flora; the poll they get."""
    who = who or shop.clerk
    n = await shop.files("a bouquet", who)
    await shop.says(shop.flora, f"resolve {n} it is on the table")
    return shop.poll(who)


async def score(shop: Shop, number: int = 1) -> int | None:
    """What is kept as the answer."""
    poll = await shop.app.front.look(lambda tx: ratings.latest(tx, "main", number))
    assert poll is not None
    return poll.score


async def test_it_says_what_was_done_by_whom_and_who_sees_the_answer(shop: Shop) -> None:
    poll = await asked(shop)
    for stands in (
        "How was the service?",
        "a bouquet",
        "Flora Nilsson resolved #1: “it is on the table”",
        "Your answer is shown with your name to those who serve the request.",
    ):
        assert stands in poll.text
    assert list(poll.reactions) == FACES
    assert await score(shop) is None, "the bot's own five are no votes"
    assert len([one for one in shop.dm(shop.clerk) if one.reactions]) == 1


@pytest.mark.parametrize(
    ("face", "expected", "label"),
    [
        (FACES[0], 1, "bad"),
        (FACES[1], 2, "poor"),
        (FACES[2], 3, "okay"),
        (FACES[3], 4, "good"),
        (FACES[4], 5, "great"),
    ],
)
async def test_a_face_is_a_vote_and_the_same_message_says_thanks(
    shop: Shop, face: str, expected: int, label: str
) -> None:
    poll = await asked(shop)
    await shop.reacts(shop.clerk, poll, face)
    assert await score(shop) == expected
    now = shop.poll(shop.clerk)
    assert now.ts == poll.ts
    assert f"Thank you. You chose :{face}: {label}." in now.text
    faults = FAULTS if expected <= 2 else []
    reopen = ["Reopen …"] if expected <= 2 else []
    assert buttons(now) == [*faults, "Add a comment …", *reopen]


async def test_the_last_face_counts_and_taking_it_off_leaves_the_one_before(shop: Shop) -> None:
    poll = await asked(shop)
    for face, expected in (("star-struck", 5), ("neutral_face", 3), ("rage", 1)):
        await shop.reacts(shop.clerk, poll, face)
        assert await score(shop) == expected
    for face, left in (("neutral_face", 1), ("rage", 5), ("star-struck", None)):
        await shop.unreacts(shop.clerk, poll, face)
        assert await score(shop) == left
    assert "How was the service?" in shop.poll(shop.clerk).text, "nothing is chosen, so it asks again"
    await shop.reacts(shop.clerk, poll, "slightly_smiling_face")
    assert await score(shop) == 4


@pytest.mark.parametrize("name", ["thumbsup", "tada", "heart", "+1::skin-tone-3", "ticket"])
async def test_what_is_not_on_the_scale_changes_nothing(shop: Shop, name: str) -> None:
    poll = await asked(shop)
    await shop.reacts(shop.clerk, poll, name)
    assert await score(shop) is None
    await shop.reacts(shop.clerk, poll, "rage", name)
    await shop.unreacts(shop.clerk, poll, name)
    assert await score(shop) == 1


@pytest.fixture
async def hands(shop_url: str) -> AsyncIterator[Shop]:
    """A shop whose scale is hands, which have skin tones and aliases."""
    async with open_shop(shop_url, scale="-1 punch raised_hand ok_hand +1") as shop:
        yield shop


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("+1", 5),
        ("thumbsup", 5),
        ("+1::skin-tone-2", 5),
        ("thumbsup::skin-tone-6", 5),
        ("thumbsdown", 1),
        ("hand::skin-tone-3", 3),
        ("facepunch", 2),
        ("ok_hand::skin-tone-4", 4),
    ],
)
async def test_skin_tones_and_aliases_are_the_same_emoji(hands: Shop, name: str, expected: int) -> None:
    poll = await asked(hands)
    await tell(hands, reaction(hands, hands.clerk, name, poll))
    assert await score(hands) == expected


def reaction(shop: Shop, who: Colleague, name: str, poll: Message, kind: str = "reaction_added") -> Json:
    """The event of a reaction, as Slack would send it at this moment."""
    return events.reaction(shop.workspace, kind, who.id, name, poll)


async def tell(shop: Shop, event: Json) -> None:
    ack = await shop.workspace.delivery.event(event)
    assert ack.ok
    await shop.settle()


async def test_only_the_requester_s_counts(shop: Shop) -> None:
    poll = await asked(shop)
    for who in (shop.flora, shop.manager, shop.svea):
        await tell(shop, reaction(shop, who, "rage", poll))
        await tell(shop, reaction(shop, who, "rage", poll, "reaction_removed"))
    await tell(shop, reaction(shop, shop.workspace.person(shop.workspace.bot_user), "rage", poll))
    assert await score(shop) is None


async def test_who_filed_for_a_colleague_is_not_asked(shop: Shop) -> None:
    await shop.files("a bouquet for @svea")
    await shop.says(shop.flora, "resolve 1")
    assert shop.poll(shop.svea)
    assert not [one for one in shop.dm(shop.clerk) if one.reactions]
    await shop.dialog((shop.clerk, "rate 1 5", "Only the requester rates the service."))


async def test_reactions_on_other_messages_are_nothing(shop: Shop) -> None:
    await asked(shop)
    await shop.reacts(shop.clerk, shop.own_card(1, shop.clerk), "rage")
    await shop.reacts(shop.clerk, shop.card(1, shop.clerk), "star-struck")
    assert await score(shop) is None


async def test_events_that_come_twice_or_in_the_wrong_order(shop: Shop) -> None:
    poll = await asked(shop)
    first = reaction(shop, shop.clerk, "star-struck", poll)
    shop.clock.at = MONDAY.replace(minute=1)
    second = reaction(shop, shop.clerk, "rage", poll)
    shop.clock.at = MONDAY.replace(minute=2)
    gone = reaction(shop, shop.clerk, "rage", poll, "reaction_removed")
    for event, expected in ((second, 1), (first, 1), (gone, 5), (second, 5), (gone, 5), (first, 5)):
        await tell(shop, event)
        assert await score(shop) == expected
    story = await shop.history(1)
    assert story == [
        "Carl Berg asked for it",
        "Flora Nilsson resolved it: “it is on the table”",
        "Carl Berg rated the service",
        "Carl Berg rated the service",
    ], "a line for each time that the vote was another one"


async def test_a_removal_told_before_its_vote(shop: Shop) -> None:
    poll = await asked(shop)
    put = reaction(shop, shop.clerk, "rage", poll)
    shop.clock.at = MONDAY.replace(minute=1)
    await tell(shop, reaction(shop, shop.clerk, "rage", poll, "reaction_removed"))
    await tell(shop, put)
    assert await score(shop) is None


async def test_a_typed_rating_counts_like_a_face(shop: Shop) -> None:
    poll = await asked(shop)
    await shop.dialog((shop.clerk, "rate 1 2 it was late", "You rated the service for #1 as poor."))
    assert await score(shop) == 2
    assert "“it was late”" in shop.poll(shop.clerk).text
    assert "You chose :slightly_frowning_face: poor." in shop.poll(shop.clerk).text
    await shop.reacts(shop.clerk, poll, "slightly_smiling_face")
    await shop.dialog(
        (shop.clerk, "rate 1 6", "Say how it was with a number from 1 (bad) to 5 (great)."),
        (shop.clerk, "rate 1", "Say how it was with a number from 1 (bad) to 5 (great)."),
    )


async def test_a_comment_by_button_by_reply_and_typed(shop: Shop) -> None:
    poll = await asked(shop)
    await shop.reacts(shop.clerk, poll, "slightly_smiling_face")
    assert await shop.press(shop.clerk, shop.poll(shop.clerk), "Add a comment …") == "Comment on #1"
    assert not await shop.submit(shop.clerk, text="fresh and <!channel> bright")
    assert "“fresh and &lt;!channel&gt; bright”" in shop.poll(shop.clerk).text
    await shop.writes(shop.clerk, "and on time", under=poll)
    assert "“and on time”" in shop.poll(shop.clerk).text
    assert "Change your comment …" in buttons(shop.poll(shop.clerk))
    await shop.dialog((shop.clerk, "comment 1 thanks again", "your comment is kept with your rating"))
    assert "“thanks again”" in shop.poll(shop.clerk).text
    assert await score(shop) == 4
    assert not shop.thread(shop.card(1, shop.flora), shop.flora), "a comment is not part of the conversation"


async def test_what_fell_short_is_ticked_and_taken_back(shop: Shop) -> None:
    poll = await asked(shop)
    await shop.reacts(shop.clerk, poll, "rage")
    await shop.press(shop.clerk, shop.poll(shop.clerk), "Timeliness")
    await shop.press(shop.clerk, shop.poll(shop.clerk), "Attitude")
    assert [label for label in buttons(shop.poll(shop.clerk)) if "✓" in label] == [
        "✓ Timeliness",
        "✓ Attitude",
    ]
    await shop.press(shop.clerk, shop.poll(shop.clerk), "✓ Attitude")
    assert [label for label in buttons(shop.poll(shop.clerk)) if "✓" in label] == ["✓ Timeliness"]
    low = shop.poll(shop.clerk)
    await shop.reacts(shop.clerk, poll, "star-struck")
    assert buttons(shop.poll(shop.clerk)) == ["Add a comment …"]
    await shop.press_old(shop.clerk, low, "Delivery")
    assert "What fell short is asked after a rating of 1 or 2." in str(
        [one.text for one in shop.whispers(shop.clerk, shop.clerk.dm)]
    )


async def test_others_cannot_rate_with_buttons(shop: Shop) -> None:
    await asked(shop)
    await shop.dialog(
        (shop.flora, "rate 1 5", "Only the requester rates the service."),
        (shop.flora, "comment 1 fine", "Only the requester rates the service."),
        (shop.flora, "fault 1 attitude", "Only the requester rates the service."),
    )


async def test_reopening_closes_the_poll_and_the_next_resolution_asks_again(shop: Shop) -> None:
    first = await asked(shop)
    await shop.reacts(shop.clerk, first, "rage")
    assert await shop.press(shop.clerk, shop.poll(shop.clerk), "Reopen …") == "Reopen #1"
    await shop.submit(shop.clerk, text="it wilted")
    closed = shop.clerk.sees_message(first.channel, first.ts)
    assert "#1 was reopened, so this question is closed." in closed.text
    assert not buttons(closed)
    await shop.reacts(shop.clerk, first, "star-struck")
    assert await score(shop) == 1, "what is closed counts no more votes"
    await shop.says(shop.driver, "resolve 1 a new one")
    second = shop.poll(shop.clerk)
    assert second.ts != first.ts
    assert "David Holm resolved #1: “a new one”" in second.text, "who resolved is frozen at that moment"
    await shop.reacts(shop.clerk, second, "star-struck")
    assert await score(shop) == 5


async def test_no_poll_after_anything_but_a_real_resolution_by_somebody_else(shop: Shop) -> None:
    for end, who in (("resolve", shop.clerk), ("cancel", shop.clerk), ("decline", shop.flora)):
        n = await shop.files()
        await shop.says(who, f"{end} {n}" + (" no" if end == "decline" else ""))
    assert not [one for one in shop.dm(shop.clerk) if one.reactions]
    await shop.dialog((shop.clerk, "rate 1 5", "Nobody is asked to rate #1"))


@pytest.fixture
async def early(shop_url: str) -> AsyncIterator[Shop]:
    """Half past eight in Stockholm, half past seven in London."""
    async with open_shop(shop_url, HandClock(datetime(2026, 11, 23, 7, 30, tzinfo=UTC))) as shop:
        yield shop


async def test_it_waits_for_the_requesters_own_working_hours(early: Shop) -> None:
    for who in (early.clerk, early.manager):
        n = await early.files("a bouquet", who)
        await early.says(early.flora, f"resolve {n}")
        assert not [one for one in early.dm(who) if one.reactions]
    await early.wait(minutes=30)
    assert early.poll(early.clerk), "it is nine in Stockholm"
    assert not [one for one in early.dm(early.manager) if one.reactions], "and eight in London"
    await early.wait(minutes=60)
    assert early.poll(early.manager)


async def test_a_poll_still_to_come_is_dropped_by_a_reopen(early: Shop) -> None:
    await early.files()
    await early.says(early.flora, "resolve 1")
    await early.says(early.clerk, "reopen 1")
    await early.wait(hours=2)
    assert not [one for one in early.dm(early.clerk) if one.reactions]


async def test_not_on_a_weekend(shop: Shop) -> None:
    shop.clock.at = datetime(2026, 11, 28, 11, tzinfo=UTC)
    await shop.files()
    await shop.says(shop.flora, "resolve 1")
    await shop.wait_until(datetime(2026, 11, 30, 7, 30, tzinfo=UTC))
    assert not [one for one in shop.dm(shop.clerk) if one.reactions]
    await shop.wait(minutes=30)
    assert shop.poll(shop.clerk)


def polls_of(shop: Shop, who: Colleague) -> int:
    return len([one for one in shop.dm(who) if one.reactions])


async def test_at_most_three_a_week_for_one_person(shop: Shop) -> None:
    for number in range(1, 5):
        await shop.files()
        told = await shop.says(shop.flora, f"resolve {number}")
        assert ("will be asked how it was" in told) == (number <= 3)
        assert polls_of(shop, shop.clerk) == min(number, 3)
    assert "Flora Nilsson resolved #4" in shop.news(shop.clerk)[-1], "who is not asked hears all the same"
    await shop.dialog((shop.clerk, "rate 4 5", "You rated the service for #4 as great."))
    await asked(shop, shop.driver)
    assert polls_of(shop, shop.driver) == 1, "others are asked as ever"


async def test_who_asks_every_day_is_asked_again_when_the_week_is_over(shop: Shop) -> None:
    for number in range(1, 9):
        await shop.files()
        await shop.says(shop.flora, f"resolve {number}")
        await shop.wait(days=1, minutes=1)
    assert polls_of(shop, shop.clerk) == 4, "on Monday to Wednesday, and on the next Monday"


async def test_it_is_closed_after_seven_days(shop: Shop) -> None:
    poll = await asked(shop)
    await shop.wait(days=7, minutes=30)
    assert "This question is closed now." in shop.clerk.sees_message(poll.channel, poll.ts).text
    await shop.reacts(shop.clerk, poll, "rage")
    assert await score(shop) is None
    await shop.dialog((shop.clerk, "rate 1 5", "The question about #1 is closed now."))


async def test_a_request_of_somebody_who_left_asks_nobody(shop: Shop) -> None:
    await shop.files("a bouquet", shop.svea)
    await shop.workspace.deactivate(shop.svea.id)
    assert await shop.says(shop.flora, "resolve 1") == "#1 is resolved."


async def test_a_face_that_slack_refuses_is_left_out(shop: Shop) -> None:
    await shop.files()
    shop.workspace.fail("reactions.add", error="invalid_name")
    shop.workspace.fail("reactions.add", error="already_reacted")
    await shop.says(shop.flora, "resolve 1")
    assert list(shop.poll(shop.clerk).reactions) == FACES[2:]
    assert polls_of(shop, shop.clerk) == 1


async def test_an_event_repeated_under_another_id(shop: Shop) -> None:
    poll = await asked(shop)
    event = reaction(shop, shop.clerk, "rage", poll)
    for number in range(3):
        again = payloads.event_callback(shop.workspace, event, f"EvAGAIN{number}")
        assert again["event_id"] != payloads.event_callback(shop.workspace, event, "Ev1")["event_id"]
        await tell(shop, event)
    assert await score(shop) == 1
