"""The numbers are those of `handlers.recovery`. Lea leads; Bob resolves what Ann asked for, Monday at ten."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from handlers import csat
from handlers.house import SCALE
from handlers.intents import React, Reply
from handlers.notices import Answer, News, Poll, Refused, Story
from handlers.words import plain
from storage import catalogue, numbers, ratings
from storage.records import Outcome, Privacy, Service, Team
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, TRIAGE, Office, moment

NOBODY = "There is nothing to make good about #1, as far as you may know."


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def offers(office: Office, privacy: Privacy, lead: str | None = LEA) -> None:
    def unit(tx: Connection) -> None:
        team = Team("flowers", "Flowers", lead=lead, place=TRIAGE)
        catalogue.keep_team(tx, HOUSE.org, team)
        catalogue.keep_service(tx, HOUSE.org, Service("bouquets", "Bouquets", "flowers", privacy=privacy))
        catalogue.count_up(tx, HOUSE.org)

    office.keep(unit)


def rated(office: Office, score: int = 1, privacy: Privacy = Privacy.NAMED, more: str = "") -> None:
    """A bouquet from filing to its rating, everything delivered."""
    offers(office, privacy)
    office.file(ANN, "roses #bouquets")
    office.say(BOB, "resolve 1")
    office.deliver()
    office.say(ANN, f"rate 1 {score} {more}")
    office.deliver()


def told(office: Office, who: str) -> list[str]:
    """What somebody was told of bad votes, posted or edited, in order."""
    said = (notice for place, notice in office.said if place == who and isinstance(notice, News))
    words = (plain(one.words) for one in said)
    return [one for one in words if "rat" in one or "made" in one or "good" in one]


@pytest.mark.parametrize(
    ("privacy", "who"),
    [(Privacy.NAMED, {BOB, LEA}), (Privacy.CONFIDENTIAL, {LEA}), (Privacy.ANONYMOUS, set())],
)
@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_1_who_is_told(office: Office, privacy: Privacy, who: set[str], score: int) -> None:
    rated(office, score, privacy)
    office.wait(hours=1)
    heard = {one for one in (ANN, BOB, CAT, LEA, TRIAGE) if told(office, one)}
    assert heard == (who if score <= 2 else set())


def test_1_a_reaction_tells_as_well(office: Office) -> None:
    office.file(ANN, "roses")
    office.say(BOB, "resolve 1")
    office.deliver()
    message = office.post(csat.key(1, 1)).message
    assert message is not None
    office.do(ANN, React(message, SCALE[0].mark, True, office.now))
    office.deliver()
    assert len(told(office, BOB)) == len(told(office, LEA)) == 1


def test_1_in_working_hours(office: Office) -> None:
    rated(office, 5)
    office.now = moment("2026-11-23 21:00")
    office.say(ANN, "rate 1 1")
    office.deliver()
    assert told(office, BOB) == []
    office.until("2026-11-24 09:01")
    assert len(told(office, BOB)) == 1


def test_1_who_leads_and_owns_is_told_once(office: Office) -> None:
    offers(office, Privacy.NAMED)
    office.file(ANN, "roses #bouquets")
    office.say(LEA, "resolve 1")
    office.say(ANN, "rate 1 1")
    office.deliver()
    assert len(told(office, LEA)) == 1


def test_1_a_lead_who_voted_is_told_nothing(office: Office) -> None:
    offers(office, Privacy.CONFIDENTIAL)
    office.file(LEA, "roses #bouquets")
    office.say(BOB, "resolve 1")
    office.say(LEA, "rate 1 1")
    office.wait(days=3)
    assert told(office, LEA) == told(office, BOB) == []


def test_2_it_says_what_fell_short_as_it_stands(office: Office) -> None:
    rated(office, 2, more="the roses were tulips")
    first = told(office, BOB)[-1]
    assert first.startswith("Ann rated the service for #1 “roses” as poor. “the roses were tulips”")
    assert "You have until" in first
    office.say(ANN, "fault 1 delivery")
    office.deliver()
    assert "What fell short: delivery." in told(office, BOB)[-1]
    office.say(ANN, "rate 1 4")
    office.deliver()
    assert told(office, BOB)[-1] == "Ann has changed the rating of #1. There is nothing to make good."
    assert office.say(BOB, "made good 1") == Refused((NOBODY,))
    office.say(ANN, "rate 1 1")
    office.deliver()
    assert "as bad" in told(office, BOB)[-1]


def test_2_nothing_is_said_that_was_put_right_before_it_was_read(office: Office) -> None:
    rated(office, 5)
    office.now = moment("2026-11-23 21:00")
    office.say(ANN, "rate 1 1")
    office.say(ANN, "rate 1 4")
    office.wait(days=2)
    assert told(office, BOB) == told(office, LEA) == []


def test_3_after_a_working_day_the_lead_is_told_once_more(office: Office) -> None:
    rated(office, 1)
    office.until("2026-11-24 09:59")
    assert len(told(office, LEA)) == 1
    office.until("2026-11-24 10:01")
    assert told(office, LEA)[-1].startswith("Nobody has said yet that it is made good: Ann rated")
    assert len(told(office, BOB)) == 1
    office.wait(days=20)
    assert len([one for one in told(office, LEA) if "Nobody has said" in one]) == 1


@pytest.mark.parametrize("meanwhile", ["rate 1 4", "reopen 1", "made good 1"])
def test_3_unless_there_is_nothing_to_make_good_any_more(office: Office, meanwhile: str) -> None:
    rated(office, 1)
    office.say(BOB if "made" in meanwhile else ANN, meanwhile)
    office.wait(days=5)
    assert not [one for one in told(office, LEA) if "Nobody has said" in one]


def second(office: Office) -> list[Poll]:
    said = (notice for _, notice in office.said if isinstance(notice, Poll))
    return [one for one in said if one.question == "Is it good now?"]


@pytest.mark.parametrize(("vote", "recovered"), [(5, True), (4, True), (3, False), (1, False)])
def test_4_the_requester_is_asked_once_more(office: Office, vote: int, recovered: bool) -> None:
    rated(office, 1)
    office.now += timedelta(hours=1)
    answer = office.say(BOB, "made good 1 fresh roses")
    assert isinstance(answer, Answer)
    assert plain(answer.words) == "Good. Ann is asked once more how it is now."
    office.deliver()
    (asked,) = second(office)
    assert plain(asked.done) == "Bob says that what fell short with #1 is made good: “fresh roses”"
    assert told(office, LEA)[-1] == "Bob has made #1 good: “fresh roses” Ann was asked once more."
    office.say(ANN, f"rate 1 {vote}")
    office.deliver()
    assert second(office)[-1].score == vote
    assert told(office, BOB)[-1].endswith(f"Ann now says: {SCALE[vote - 1].label}.")
    (found,) = outcomes(office)
    assert (found.poll.score, found.second, found.recovered, found.made_good) == (1, vote, recovered, True)
    given = office.keep(lambda tx: numbers.asked(tx, HOUSE.org, moment("2026-11-23 00:00"), office.now))
    assert [poll.score for poll in given] == [1], "satisfaction counts the first"


def outcomes(office: Office) -> list[Outcome]:
    start, end = moment("2026-11-23 00:00"), office.now + timedelta(days=1)
    return office.keep(lambda tx: ratings.recoveries(tx, HOUSE.org, start, end))


def test_4_the_first_answer_stays_the_first(office: Office) -> None:
    rated(office, 1)
    office.say(BOB, "made good 1")
    office.deliver()
    first = office.post(csat.key(1, 1)).message
    assert first is not None
    office.do(ANN, React(first, SCALE[4].mark, True, office.now))
    poll = office.keep(lambda tx: ratings.latest(tx, HOUSE.org, 1))
    assert poll is not None
    assert (poll.score, poll.closed_why) == (1, "asked again")
    closed = [one for _, one in office.said if isinstance(one, Poll) and one.closed]
    assert closed[-1].closed.startswith("It was made good since")


def test_4_a_second_bad_vote_opens_nothing(office: Office) -> None:
    rated(office, 1)
    office.say(BOB, "made good 1")
    office.deliver()
    office.say(ANN, "rate 1 1 still tulips")
    office.deliver()
    assert told(office, BOB)[-1].endswith("Ann now says: bad.")
    office.wait(days=10)
    assert isinstance(office.say(BOB, "made good 1"), Refused)
    assert second(office)[-1].closed == "This question is closed now."


@pytest.mark.parametrize(
    ("privacy", "who", "why"),
    [
        (Privacy.NAMED, CAT, "Only its owner or the lead can say that #1 is made good."),
        (Privacy.NAMED, ANN, NOBODY),
        (Privacy.CONFIDENTIAL, BOB, NOBODY),
        (Privacy.CONFIDENTIAL, CAT, NOBODY),
        (Privacy.ANONYMOUS, BOB, NOBODY),
        (Privacy.ANONYMOUS, LEA, NOBODY),
    ],
)
def test_4_who_may_say_so_and_nobody_learns_by_trying(
    office: Office, privacy: Privacy, who: str, why: str
) -> None:
    rated(office, 1, privacy)
    assert office.say(who, "made good 1") == Refused((why,))
    office.say(ANN, "rate 1 5")
    if privacy is not Privacy.NAMED or who == ANN:
        assert office.say(who, "made good 1") == Refused((why,)), "the same, whatever was voted"


@pytest.mark.parametrize("privacy", [Privacy.NAMED, Privacy.CONFIDENTIAL])
def test_4_the_lead_says_it_too_and_once(office: Office, privacy: Privacy) -> None:
    rated(office, 2, privacy)
    assert isinstance(office.say(LEA, "made good 1"), Answer)
    refused = office.say(LEA, "made good 1")
    assert isinstance(refused, Refused)
    assert plain(refused.why) == "Lea has said already that #1 is made good."


def test_5_reopening_takes_its_place(office: Office) -> None:
    rated(office, 1)
    office.say(ANN, "reopen 1")
    office.deliver()
    assert told(office, BOB)[-1] == "Ann rated the service for #1 “roses” as bad. It was reopened."
    refused = office.say(BOB, "made good 1")
    assert isinstance(refused, Refused)
    assert plain(refused.why) == "#1 is open again. Resolve it, and Ann is asked again."
    office.say(BOB, "resolve 1")
    office.say(ANN, "rate 1 4")
    (found,) = outcomes(office)
    assert (found.second, found.recovered, found.made_good) == (4, True, False)


def test_5_a_second_question_is_closed_by_it_as_well(office: Office) -> None:
    rated(office, 1)
    office.say(BOB, "made good 1")
    office.deliver()
    office.say(ANN, "reopen 1")
    office.deliver()
    assert second(office)[-1].closed.startswith("#1 was reopened")
    assert isinstance(office.say(ANN, "rate 1 5"), Refused)


def test_a_reply_under_it_is_carried_nowhere(office: Office) -> None:
    rated(office, 1, Privacy.CONFIDENTIAL)
    (post,) = [one for one in office.posts(1) if one.kind == "recovery"]
    assert post.message is not None
    assert isinstance(office.do(LEA, Reply(post.message, "why did Ann do that?")), Refused)
    assert "note" not in office.verbs(1)


def story(office: Office, who: str) -> str:
    told_ = office.say(who, "history 1")
    assert isinstance(told_, Story)
    return "\n".join(plain(words) for _, words in told_.lines)


@pytest.mark.parametrize(
    ("privacy", "who"),
    [(Privacy.NAMED, {ANN, BOB, CAT, LEA}), (Privacy.CONFIDENTIAL, {ANN, LEA}), (Privacy.ANONYMOUS, set())],
)
def test_who_reads_of_it_in_the_history(office: Office, privacy: Privacy, who: set[str]) -> None:
    rated(office, 1, privacy)
    office.say(LEA, "made good 1 new roses")
    dan = "slack:UDAN"
    reads = {one for one in (ANN, BOB, CAT, LEA, dan) if "rat" in story(office, one)}
    assert reads == who
    assert {one for one in (ANN, BOB, CAT, LEA, dan) if "made good" in story(office, one)} == who
