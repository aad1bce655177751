"""The numbers are those of `handlers.polling`. It is Monday, ten o'clock; Bob resolves what Ann asked for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import Connection

from handlers import csat
from handlers.house import SCALE
from handlers.intents import React, Reply
from handlers.notices import Answer, News, Nothing, Poll, Refused
from handlers.words import plain
from storage import catalogue, ratings
from storage import numbers as counting
from storage.records import Poll as Kept
from storage.records import Service, Team
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, MONDAY, TRIAGE, Office, a_request, moment

BAD, POOR, OKAY, GOOD, GREAT = (face.mark for face in SCALE)
SECOND = timedelta(seconds=1)


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def resolved(office: Office, by: str = BOB) -> int:
    """A request of Ann's from filing to its resolution, everything delivered."""
    number = office.file(ANN, "toner")
    office.say(by, f"resolve {number} new roll")
    office.deliver()
    return number


def asked(office: Office, number: int) -> list[Poll]:
    """How the question about a request was shown, one after the other."""
    return [notice for _, notice in office.said if isinstance(notice, Poll) and notice.number == number]


def kept(office: Office, number: int) -> Kept:
    poll = office.keep(lambda tx: ratings.latest(tx, office.house.org, number))
    assert poll is not None
    return poll


def react(
    office: Office, number: int, mark: str, who: str = ANN, added: bool = True, at: timedelta = SECOND
) -> None:
    poll = kept(office, number)
    message = office.post(csat.key(poll.number, poll.resolution)).message
    assert message is not None
    assert office.do(who, React(message, mark, added, office.now + at)) == Nothing()


def test_1_the_requester_is_asked_once(office: Office) -> None:
    number = resolved(office)
    (poll,) = asked(office, number)
    assert plain(poll.done) == "Bob resolved #1: “new roll”"
    assert [place for place, notice in office.said if isinstance(notice, Poll)] == [ANN]
    assert (poll.score, poll.faults, poll.closed) == (None, (), "")


def test_1_nobody_rates_what_they_resolved_themselves(office: Office) -> None:
    number = resolved(office, by=ANN)
    assert asked(office, number) == []
    assert isinstance(office.say(ANN, f"rate {number} 5"), Refused)


def test_1_nor_what_ended_by_itself(office: Office) -> None:
    number = office.file(ANN, "toner")
    office.say(BOB, f"ask {number} which printer?")
    office.wait(days=8)
    assert office.verbs(number)[-1] == "give up"
    assert asked(office, number) == []
    assert isinstance(office.say(ANN, f"rate {number} 5"), Refused)


@pytest.mark.parametrize("end", ["cancel 1", "decline 1 not ours"])
def test_1_nor_what_was_not_done(office: Office, end: str) -> None:
    office.file(ANN, "toner")
    office.say(ANN if "cancel" in end else BOB, end)
    office.deliver()
    assert asked(office, 1) == []
    assert isinstance(office.say(ANN, "rate 1 5"), Refused)


def test_1_nor_who_has_left(office: Office) -> None:
    number = office.file(ANN, "toner")
    office.leaves(ANN)
    office.say(BOB, f"resolve {number}")
    office.deliver()
    assert asked(office, number) == []


@pytest.mark.parametrize(("sampling", "fewest", "most"), [(0, 0, 0), (30, 200, 400), (100, 1000, 1000)])
def test_1_so_many_of_a_service_s_resolutions_as_it_says(sampling: int, fewest: int, most: int) -> None:
    service = Service("bouquets", "Bouquets", "flowers", sampling=sampling)
    house = replace(HOUSE, services={"bouquets": service})
    several = [a_request(number=number, service="bouquets", resolutions=1) for number in range(1000)]
    sampled = [csat.is_sampled(house, request) for request in several]
    assert fewest <= sum(sampled) <= most
    assert sampled == [csat.is_sampled(house, request) for request in several], "the same answer each time"
    again = [csat.is_sampled(house, replace(request, resolutions=2)) for request in several]
    assert (again != sampled) is (0 < sampling < 100)


def test_1_who_is_not_asked_hears_that_it_is_done(office: Office) -> None:
    def unit(tx: Connection) -> None:
        catalogue.keep_team(tx, HOUSE.org, Team("flowers", "Flowers", place=TRIAGE))
        catalogue.keep_service(tx, HOUSE.org, Service("bouquets", "Bouquets", "flowers", sampling=0))
        catalogue.count_up(tx, HOUSE.org)

    office.keep(unit)
    office.file(ANN, "roses #bouquets")
    office.say(BOB, "resolve 1")
    said = [notice for place, notice in office.deliver() if place.startswith(ANN)]
    assert not [one for one in said if isinstance(one, Poll)]
    assert [plain(one.words) for one in said if isinstance(one, News)] == ["Bob resolved #1 “roses”."]


def test_5_a_reaction_is_a_vote_and_another_one_changes_it(office: Office) -> None:
    number = resolved(office)
    react(office, number, OKAY)
    assert kept(office, number).score == 3
    react(office, number, GREAT, at=2 * SECOND)
    assert kept(office, number).score == 5
    react(office, number, GREAT, added=False, at=3 * SECOND)
    assert kept(office, number).score == 3
    react(office, number, OKAY, added=False, at=4 * SECOND)
    assert kept(office, number).score is None
    assert kept(office, number).voted_at is None


EVENTS = [(OKAY, True, 1), (BAD, True, 2), (BAD, False, 3), (POOR, False, 4)]
ORDERS = list(permutations(EVENTS))


@pytest.mark.parametrize("order", ORDERS, ids=["".join(str(event[2]) for event in order) for order in ORDERS])
def test_5_in_whichever_order_they_are_told(office: Office, order: tuple[tuple[str, bool, int], ...]) -> None:
    number = resolved(office)
    for mark, added, at in order:
        react(office, number, mark, added=added, at=at * SECOND)
    assert kept(office, number).score == 3


@pytest.mark.parametrize("who", [BOB, CAT, LEA, "slack:UDESKBELL"])
def test_4_only_the_requester_s_counts(office: Office, who: str) -> None:
    number = resolved(office)
    react(office, number, GREAT, who=who)
    assert kept(office, number).score is None
    assert isinstance(office.say(who, f"rate {number} 5"), Refused)


def test_4_nobody_takes_another_s_vote_away(office: Office) -> None:
    number = resolved(office)
    react(office, number, GREAT)
    react(office, number, GREAT, who=BOB, added=False, at=2 * SECOND)
    assert kept(office, number).score == 5


def test_4_other_emoji_do_nothing(office: Office) -> None:
    number = resolved(office)
    react(office, number, "tada")
    assert kept(office, number).score is None


def test_4_nor_do_emoji_on_other_messages(office: Office) -> None:
    number = resolved(office)
    card = office.post(f"card:{number}:{ANN}").message
    assert card is not None
    office.do(ANN, React(card, GREAT, True, office.now))
    office.do(ANN, React("slack:C9/1", GREAT, True, office.now))
    assert kept(office, number).score is None


@pytest.mark.parametrize("score", range(1, 6))
def test_6_after_the_vote(office: Office, score: int) -> None:
    number = resolved(office)
    react(office, number, SCALE[score - 1].mark)
    office.deliver()
    shown = asked(office, number)[-1]
    assert shown.score == score
    assert bool(shown.faults) is (score <= 2)
    lines = [button.line for button in shown.buttons]
    assert lines == [f"comment {number} …"] + ([f"reopen {number} …"] if score <= 2 else [])


def test_6_what_fell_short_is_ticked_and_unticked(office: Office) -> None:
    number = resolved(office)
    assert isinstance(office.say(ANN, f"fault {number} timeliness"), Refused)
    react(office, number, POOR)
    for tapped, reasons in (
        ("timeliness", ("timeliness",)),
        ("delivery", ("delivery", "timeliness")),
        ("timeliness", ("delivery",)),
    ):
        office.say(ANN, f"fault {number} {tapped}")
        assert kept(office, number).reasons == reasons
    react(office, number, GREAT, at=2 * SECOND)
    assert kept(office, number).reasons == (), "nothing fell short any more"


def test_6_a_comment_before_the_vote(office: Office) -> None:
    number = resolved(office)
    office.say(ANN, f"comment {number} so quick")
    assert (kept(office, number).score, kept(office, number).comment) == (None, "so quick")
    react(office, number, GREAT)
    office.deliver()
    assert (asked(office, number)[-1].score, asked(office, number)[-1].comment) == (5, "so quick")


def test_6_a_vote_is_taken_back_however_it_was_given(office: Office) -> None:
    number = resolved(office)
    assert isinstance(office.say(ANN, f"unrate {number}"), Refused)
    office.say(ANN, f"rate {number} 4")
    office.deliver()
    assert f"unrate {number}" in [button.line for button in asked(office, number)[-1].buttons]
    react(office, number, GREAT, at=-SECOND)
    office.say(ANN, f"unrate {number}")
    assert kept(office, number).score is None
    assert office.verbs(number)[-2:] == ["rate", "unrate"]
    office.deliver()
    assert asked(office, number)[-1].score is None, "it asks again"
    react(office, number, OKAY)
    assert kept(office, number).score == 3


def test_6_a_reaction_leaves_the_same_line_as_words_do(office: Office) -> None:
    number = resolved(office)
    react(office, number, GOOD)
    react(office, number, GOOD)
    react(office, number, "tada")
    react(office, number, GREAT, at=2 * SECOND)
    react(office, number, GREAT, added=False, at=3 * SECOND)
    react(office, number, GOOD, added=False, at=4 * SECOND)
    assert office.verbs(number)[-4:] == ["rate", "rate", "rate", "unrate"]
    assert [line.who for line in office.story(number)][-1] == ANN


@pytest.mark.parametrize(
    ("words", "score", "comment"),
    [("4", 4, ""), ("2/5", 2, ""), ("5!", 5, ""), ("4 of you", None, "4 of you")],
)
def test_5_a_number_under_the_question_is_a_vote(
    office: Office, words: str, score: int | None, comment: str
) -> None:
    number = resolved(office)
    message = office.post(csat.key(number, 1)).message
    assert message is not None
    assert office.do(ANN, Reply(message, words)) == Nothing()
    assert (kept(office, number).score, kept(office, number).comment) == (score, comment)


# 8. The reminder


def reminders(office: Office) -> list[News]:
    said = (notice for place, notice in office.said if place == ANN and isinstance(notice, News))
    return [one for one in said if "#1" in plain(one.words)]


def test_8_one_reminder_after_two_working_days(office: Office) -> None:
    number = resolved(office)
    office.until("2026-11-25 09:59")
    assert reminders(office) == []
    office.until("2026-11-25 10:01")
    (said,) = reminders(office)
    assert plain(said.words).startswith("How was the service for #1 “toner”?")
    assert [button.line for button in said.buttons] == [f"rate 1 {score}" for score in range(1, 6)]
    office.wait(days=4)
    assert len(reminders(office)) == 1
    office.say(ANN, f"rate {number} 4")
    office.deliver()
    assert plain(reminders(office)[-1].words) == "Thank you for your answer about #1."
    assert reminders(office)[-1].buttons == ()


def test_8_over_a_weekend(office: Office) -> None:
    office.now = moment("2026-11-27 15:00")
    resolved(office)
    office.until("2026-12-01 14:59")
    assert reminders(office) == []
    office.until("2026-12-01 15:01")
    assert len(reminders(office)) == 1


@pytest.mark.parametrize("said", ["rate 1 4", "comment 1 on its way"])
def test_8_nobody_who_has_said_something_is_reminded(office: Office, said: str) -> None:
    resolved(office)
    office.say(ANN, said)
    office.wait(days=8)
    assert reminders(office) == []


def test_8_nor_is_who_was_never_asked(office: Office) -> None:
    office.closed[ANN] = "user_not_found"
    resolved(office)
    office.closed.clear()
    office.wait(days=8)
    assert reminders(office) == []


def test_8_nor_when_it_was_reopened(office: Office) -> None:
    resolved(office)
    office.say(ANN, "reopen 1")
    first = len(office.said)
    office.wait(days=8)
    assert not [
        one for place, one in office.said[first:] if isinstance(one, News) and "service" in plain(one.words)
    ]


def test_8_who_is_away_is_reminded_when_they_are_back(office: Office) -> None:
    resolved(office)
    office.say(ANN, "away until friday")
    office.until("2026-11-27 08:59")
    assert reminders(office) == []
    office.until("2026-11-27 09:30")
    assert len(reminders(office)) == 1


def test_8_and_not_at_all_when_it_would_be_closed_by_then(office: Office) -> None:
    resolved(office)
    office.say(ANN, "away until 2 december")
    office.wait(days=14)
    assert reminders(office) == []


def test_8_after_a_time_of_rest_it_comes_in_working_hours(office: Office) -> None:
    resolved(office)
    office.now = moment("2026-11-28 11:00")
    office.sweep()
    assert office.deliver() == []
    office.until("2026-11-30 08:59")
    assert reminders(office) == []


# 9. Closing


def test_9_seven_days_after_it_was_put(office: Office) -> None:
    office.now = moment("2026-11-27 20:00")
    number = resolved(office)
    office.until("2026-12-07 08:59")
    assert kept(office, number).closed_at is None
    office.until("2026-12-07 10:00")
    assert kept(office, number).closed_at is not None
    assert kept(office, number).closed_why == "over"
    assert office.post("reminder:1:1").message is not None


def test_9_what_was_said_after_it_says_that_it_is_closed(office: Office) -> None:
    number = resolved(office)
    office.wait(days=7, hours=1)
    assert asked(office, number)[-1].closed == "This question is closed now."
    assert plain(reminders(office)[-1].words) == "The question about #1 is closed now."
    said = len(office.said)
    office.wait(days=30)
    assert len(office.said) == said, "then it is quiet"


def test_what_was_frozen_stays_when_the_request_moves_on(office: Office) -> None:
    number = resolved(office)
    before = kept(office, number)
    office.say(ANN, f"reopen {number}")
    office.say(BOB, f"give {number} @cat")
    after = kept(office, number)
    assert (after.resolver, after.team, after.service, after.privacy) == (
        before.resolver,
        before.team,
        before.service,
        before.privacy,
    )


def test_words_are_quoted_only_where_their_writer_lets_them(office: Office) -> None:
    number = resolved(office)
    assert isinstance(office.say(ANN, f"share {number}"), Refused)
    office.say(ANN, f"rate {number} 5 like magic")
    office.deliver()
    assert f"share {number}" in [button.line for button in asked(office, number)[-1].buttons]
    assert isinstance(office.say(BOB, f"share {number}"), Refused)
    assert not kept(office, number).quotable
    office.say(ANN, f"share {number}")
    assert kept(office, number).quotable
    office.say(ANN, f"comment {number} well")
    assert not kept(office, number).quotable, "other words, another question"
    office.say(ANN, f"share {number}")
    office.say(ANN, f"unshare {number}")
    assert not kept(office, number).quotable


def test_6_a_comment_stays_when_the_vote_changes(office: Office) -> None:
    number = resolved(office)
    assert isinstance(office.say(ANN, f"rate {number} 4 quick"), Answer)
    assert (kept(office, number).score, kept(office, number).comment) == (4, "quick")
    office.say(ANN, f"rate {number} 5")
    assert (kept(office, number).score, kept(office, number).comment) == (5, "quick")
    office.say(ANN, f"comment {number} and friendly")
    assert (kept(office, number).score, kept(office, number).comment) == (5, "and friendly")


def test_5_a_typed_vote_and_an_emoji_are_one_vote(office: Office) -> None:
    number = resolved(office)
    react(office, number, OKAY)
    office.now += timedelta(minutes=1)
    office.say(ANN, f"rate {number} 5")
    assert kept(office, number).score == 5
    react(office, number, POOR)
    assert kept(office, number).score == 2


def test_7_a_reopened_request_is_rated_again(office: Office) -> None:
    number = resolved(office)
    react(office, number, BAD)
    office.say(ANN, f"reopen {number}")
    office.deliver()
    assert "was reopened" in asked(office, number)[-1].closed
    assert asked(office, number)[-1].buttons == ()
    assert kept(office, number).score == 1, "the vote was given, and stays"
    assert isinstance(office.say(ANN, f"rate {number} 5"), Refused)
    office.say(BOB, f"resolve {number}")
    office.deliver()
    assert (asked(office, number)[-1].score, asked(office, number)[-1].closed) == (None, "")
    assert office.post(f"poll:{number}:1").message != office.post(f"poll:{number}:2").message


def test_7_a_question_that_was_not_put_yet_is_never_put(office: Office) -> None:
    office.now = moment("2026-11-23 20:00")
    number = resolved(office)
    office.say(ANN, f"reopen {number}")
    office.until("2026-11-24 12:00")
    assert asked(office, number) == []


@pytest.mark.parametrize(
    ("done", "at"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 17:00", "2026-11-24 09:00"),
        ("2026-11-27 22:00", "2026-11-30 09:00"),
        ("2026-11-28 12:00", "2026-11-30 09:00"),
    ],
)
def test_2_asked_in_working_hours(office: Office, done: str, at: str) -> None:
    office.now = moment(done)
    office.say(BOB, f"resolve {office.file(ANN, 'toner')}")
    assert office.post("poll:1:1").due_at == moment(at)


def test_9_open_for_seven_days(office: Office) -> None:
    number = resolved(office)
    office.wait(days=7)
    react(office, number, GOOD)
    assert kept(office, number).score == 4
    office.wait(hours=1)
    react(office, number, BAD)
    assert kept(office, number).score == 4
    assert asked(office, number)[-1].closed == "This question is closed now."
    assert isinstance(office.say(ANN, f"rate {number} 1"), Refused)


def test_3_at_most_three_a_week(office: Office) -> None:
    numbers = [resolved(office) for _ in range(5)]
    assert [len(asked(office, number)) for number in numbers] == [1, 1, 1, 0, 0]
    assert isinstance(office.say(ANN, f"rate {numbers[-1]} 5"), Answer), "who wants to may still say it"


def test_3_questions_that_were_not_put_do_not_count(office: Office) -> None:
    """One request a day, for two weeks: three are asked about in every week."""
    numbers = []
    for _ in range(14):
        numbers.append(resolved(office))
        office.wait(days=1, minutes=1)
    assert [bool(asked(office, number)) for number in numbers] == [True, True, True, *[False] * 4] * 2
    given = office.keep(lambda tx: counting.asked(tx, office.house.org, MONDAY, MONDAY + timedelta(days=15)))
    assert len(given) == 6, "who was not asked did not fail to answer"


def test_who_resolved_is_frozen(office: Office) -> None:
    number = resolved(office)
    assert kept(office, number).resolver == BOB
    office.say(ANN, f"reopen {number}")
    office.say(BOB, f"give {number} @cat")
    office.say(CAT, f"resolve {number}")
    polls = office.keep(lambda tx: counting.asked(tx, office.house.org, MONDAY, MONDAY + timedelta(days=1)))
    assert [poll.resolver for poll in polls] == [BOB, CAT]


@pytest.mark.parametrize("score", [0, 6, 17])
def test_there_are_five_steps(office: Office, score: int) -> None:
    number = resolved(office)
    assert isinstance(office.say(ANN, f"rate {number} {score}"), Refused)
    assert kept(office, number).score is None
