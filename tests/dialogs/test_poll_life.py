"""The poll's life as people read it, on Slack and on Teams: reminder, end, reopen, who knows, recovery."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.front import Front
from bot.playground.records import Message
from handlers.poll_words import ANONYMOUS
from storage import catalogue, ratings
from storage.records import AnonymousVote, Privacy, Service, Team
from tests.handlers.office import unnamed
from tests.shop import Shop, buttons
from tests.teams import TeamsShop, open_teams_shop

FACES = ["Bad", "Poor", "Okay", "Good", "Great"]


async def stock(front: Front) -> None:
    """A service for each mode, of a team that the manager leads."""

    def unit(tx: Connection) -> None:
        house = front.house
        catalogue.keep_team(tx, house.org, Team("flowers", "Flowers", lead=house.lead, place=house.triage))
        for mode in Privacy:
            catalogue.keep_service(tx, house.org, Service(mode, mode.title(), "flowers", privacy=mode))
        catalogue.count_up(tx, house.org, catalogue.revision(tx, house.org))

    await front.keep(unit)


@pytest.fixture
async def slack(shop: Shop) -> Shop:
    await stock(shop.app.front)
    return shop


@pytest.fixture
async def teams(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        await stock(shop.app.front)
        yield shop


async def score(shop: Shop | TeamsShop, number: int = 1) -> int | None:
    poll = await shop.app.front.look(lambda tx: ratings.latest(tx, "main", number))
    assert poll is not None
    return poll.score


async def votes(shop: Shop | TeamsShop) -> list[AnonymousVote]:
    return await shop.app.front.look(lambda tx: unnamed(tx, "main"))


def asking(shop: Shop, number: int = 1) -> Message:
    """The message that asks the clerk about a request, with faces or with buttons."""
    said = [one for one in shop.dm(shop.clerk) if one.by_bot and f"resolved #{number}" in one.text]
    return said[-1]


# Slack


async def test_one_reminder_and_one_tap(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.wait(days=2, minutes=30)
    reminder = slack.dm(slack.clerk)[-1]
    assert reminder.text.startswith("How was the service for #1 “a bouquet”? One tap is enough.")
    assert buttons(reminder) == FACES
    await slack.press(slack.clerk, reminder, "Good")
    assert await score(slack) == 4
    assert "Thank you. You chose :slightly_smiling_face: good." in slack.poll(slack.clerk).text
    said = slack.clerk.sees_message(reminder.channel, reminder.ts)
    assert said.text == "Thank you for your answer about #1."
    assert not buttons(said)


async def test_when_it_is_over_both_messages_say_so(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.wait(days=7, minutes=30)
    assert "This question is closed now." in slack.poll(slack.clerk).text
    assert "The question about #1 is closed now." in slack.news(slack.clerk)


async def test_a_tapped_vote_is_taken_back_by_a_button(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.says(slack.clerk, "rate 1 2")
    assert "Take it back" in buttons(slack.poll(slack.clerk))
    await slack.press(slack.clerk, slack.poll(slack.clerk), "Take it back")
    assert await score(slack) is None
    assert "How was the service?" in slack.poll(slack.clerk).text


async def test_a_number_under_the_question(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.writes(slack.clerk, "5", under=slack.poll(slack.clerk))
    assert await score(slack) == 5
    await slack.writes(slack.clerk, "5 stars, and quick", under=slack.poll(slack.clerk))
    assert await score(slack) == 5
    assert "“5 stars, and quick”" in slack.poll(slack.clerk).text


async def test_words_for_the_digest_are_asked_for(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.says(slack.clerk, "rate 1 5 lovely")
    await slack.press(slack.clerk, slack.poll(slack.clerk), "The digest may quote it")
    assert "Keep it out of the digest" in buttons(slack.poll(slack.clerk))
    await slack.dialog((slack.clerk, "unshare 1", "The digest does not repeat your words."))
    assert "The digest may quote it" in buttons(slack.poll(slack.clerk))


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        (Privacy.NAMED, "Your answer is shown with your name to those who serve the request."),
        (Privacy.CONFIDENTIAL, "Only Margit Ek, the lead of the team, sees your answer."),
        (Privacy.ANONYMOUS, ANONYMOUS),
    ],
)
async def test_it_says_who_sees_the_answer(slack: Shop, mode: Privacy, says: str) -> None:
    await slack.files(f"a bouquet #{mode}")
    await slack.says(slack.flora, "resolve 1")
    assert says in asking(slack).text


async def test_an_anonymous_vote(slack: Shop) -> None:
    await slack.files("a bouquet #anonymous")
    await slack.says(slack.flora, "resolve 1")
    poll = asking(slack)
    assert not poll.reactions, "they would stay on the message"
    assert buttons(poll) == FACES
    await slack.press(slack.clerk, poll, "Poor")
    poll = slack.clerk.sees_message(poll.channel, poll.ts)
    assert "You chose :slightly_frowning_face: poor." in poll.text
    assert "Add a comment …" not in buttons(poll)
    await slack.press(slack.clerk, poll, "Attitude")
    await slack.press(slack.clerk, slack.clerk.sees_message(poll.channel, poll.ts), "Bad")
    assert await score(slack) == 1
    await slack.dialog(
        (slack.clerk, "comment 1 it was me", "no words are kept with it"),
        (slack.manager, "made good 1", "nothing to make good about #1, as far as you may know"),
    )
    await slack.wait(days=7, minutes=30)
    assert await votes(slack) == [AnonymousVote("flowers", "anonymous", "2026-W49", 1, ("attitude",))]
    assert "nothing leads from the answer back to you" in slack.clerk.sees_message(poll.channel, poll.ts).text
    assert not [one for one in slack.news(slack.clerk) if "One tap is enough" in one]
    for who in (slack.flora, slack.manager):
        assert not [one for one in slack.news(who) if "rated" in one]
        assert not [line for line in await slack.history(1, who) if "rat" in line]


async def test_a_confidential_vote_is_the_lead_s_to_know(slack: Shop) -> None:
    await slack.files("a bouquet #confidential")
    await slack.says(slack.flora, "resolve 1")
    await slack.reacts(slack.clerk, slack.poll(slack.clerk), "rage")
    assert not [one for one in slack.news(slack.flora) if "rated" in one]
    told = slack.news(slack.manager)[-1]
    assert told.startswith("Carl Berg rated the service for #1 “a bouquet” as bad. You have until")
    assert await slack.history(1, slack.flora) == [
        "Carl Berg asked for it",
        "Flora Nilsson resolved it",
    ]
    assert (await slack.history(1, slack.manager))[-1] == "Carl Berg rated the service"


async def test_a_bad_vote_made_good(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.reacts(slack.clerk, slack.poll(slack.clerk), "rage")
    await slack.press(slack.clerk, slack.poll(slack.clerk), "Timeliness")
    first = slack.poll(slack.clerk)
    told = slack.dm(slack.flora)[-1]
    assert "as bad. What fell short: timeliness." in told.text
    assert buttons(told) == ["Show", "Made good …"]
    assert await slack.press(slack.flora, told, "Made good …") == "Made good: #1"
    assert not await slack.submit(slack.flora, text="two bouquets, at once")
    again = slack.poll(slack.clerk)
    assert again.ts != first.ts
    assert "Is it good now?" in again.text
    assert (
        "Flora Nilsson says that what fell short with #1 is made good: “two bouquets, at once”" in again.text
    )
    assert "you are asked once more below" in slack.clerk.sees_message(first.channel, first.ts).text
    await slack.reacts(slack.clerk, first, "star-struck")
    assert await score(slack) == 1, "the first answer stays"
    await slack.reacts(slack.clerk, again, "star-struck")
    assert "Carl Berg now says: great." in slack.flora.sees_message(told.channel, told.ts).text
    day, now = timedelta(days=1), slack.clock.at
    (found,) = await slack.app.front.look(lambda tx: ratings.recoveries(tx, "main", now - day, now + day))
    assert (found.second, found.recovered) == (5, True)


async def test_nobody_makes_it_good_and_the_lead_hears_once_more(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.reacts(slack.clerk, slack.poll(slack.clerk), "rage")
    await slack.wait(days=1, minutes=30)
    assert "Nobody has said yet that it is made good" in slack.news(slack.manager)[-1]
    await slack.wait(days=3)
    assert len([one for one in slack.news(slack.manager) if "Nobody has said yet" in one]) == 1


async def test_saying_that_it_is_made_good(slack: Shop) -> None:
    await slack.files()
    await slack.says(slack.flora, "resolve 1")
    await slack.dialog(
        (slack.flora, "made good 1", "There is nothing to make good about #1"),
        (slack.clerk, "rate 1 1", "as bad"),
        (slack.driver, "made good 1", "Only its owner or the lead can say"),
        (slack.flora, "made good #1: new roses", "Carl Berg is asked once more how it is now."),
        (slack.manager, "made good 1", "Flora Nilsson has said already that #1 is made good."),
    )


# Teams


async def resolved(teams: TeamsShop, line: str = "a bouquet") -> None:
    await teams.files(line)
    await teams.says(teams.flora, "resolve 1")


async def test_teams_one_reminder_and_the_end(teams: TeamsShop) -> None:
    await resolved(teams)
    poll = teams.poll(teams.clerk)
    await teams.wait(days=2, minutes=30)
    reminder = teams.chat(teams.clerk)[-1]
    assert "One tap is enough." in reminder.plain
    assert list(reminder.buttons) == FACES
    await teams.wait(days=5)
    said = {one.id: one.plain for one in teams.chat(teams.clerk)}
    assert "This question is closed now." in said[poll.id]
    assert "The question about #1 is closed now." in said[reminder.id]


async def test_teams_a_vote_is_taken_back_by_a_button(teams: TeamsShop) -> None:
    await resolved(teams)
    await teams.press(teams.clerk, teams.poll(teams.clerk), "🤩 great")
    assert await score(teams) == 5
    await teams.press(teams.clerk, teams.poll(teams.clerk), "Take it back")
    assert await score(teams) is None
    assert "How was the service?" in teams.poll(teams.clerk).plain


async def test_teams_a_reopen_cancels_and_the_next_resolution_asks_again(teams: TeamsShop) -> None:
    await resolved(teams)
    first = teams.poll(teams.clerk)
    await teams.says(teams.clerk, "reopen 1")
    said = {one.id: one.plain for one in teams.chat(teams.clerk)}
    assert "#1 was reopened, so this question is closed." in said[first.id]
    await teams.says(teams.flora, "resolve 1")
    assert teams.poll(teams.clerk).id != first.id


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        (Privacy.NAMED, "Your answer is shown with your name to those who serve the request."),
        (Privacy.CONFIDENTIAL, "Only Margit Ek, the lead of the team, sees your answer."),
        (Privacy.ANONYMOUS, ANONYMOUS),
    ],
)
async def test_teams_it_says_who_sees_the_answer(teams: TeamsShop, mode: Privacy, says: str) -> None:
    await resolved(teams, f"a bouquet #{mode}")
    poll = teams.poll(teams.clerk)
    assert says in poll.plain
    assert ("Or put a reaction on this message" in poll.plain) == (mode is not Privacy.ANONYMOUS)


async def test_teams_an_anonymous_vote(teams: TeamsShop) -> None:
    await resolved(teams, "a bouquet #anonymous")
    await teams.press(teams.clerk, teams.poll(teams.clerk), "😡 bad")
    await teams.press(teams.clerk, teams.poll(teams.clerk), "Delivery")
    for who in (teams.flora, teams.manager):
        assert not [one for one in teams.news(who) if "rated" in one]
        assert not [line for line in await teams.history(1, who) if "rat" in line]
    await teams.wait(days=7, minutes=30)
    assert await votes(teams) == [AnonymousVote("flowers", "anonymous", "2026-W49", 1, ("delivery",))]


async def test_teams_a_bad_vote_made_good(teams: TeamsShop) -> None:
    await resolved(teams)
    await teams.press(teams.clerk, teams.poll(teams.clerk), "😡 bad")
    told = teams.chat(teams.flora)[-1]
    assert "Carl Berg rated the service for #1" in told.plain
    assert "Carl Berg rated the service for #1" in teams.chat(teams.manager)[-1].plain
    await teams.press(teams.flora, told, "Made good …")
    assert not await teams.submit(teams.flora, text="two bouquets")
    again = teams.poll(teams.clerk)
    assert "Is it good now?" in again.plain
    await teams.press(teams.clerk, again, "🙂 good")
    assert "Carl Berg now says: good." in {one.id: one.plain for one in teams.chat(teams.flora)}[told.id]
    assert await score(teams) == 1
