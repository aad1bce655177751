"""What the clock does to an office: bundles, the lead, and those who wait. It is Monday, ten o'clock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from handlers.notices import Answer, Form, Listing, News, Notice, Nudge, Refused, Story
from handlers.words import plain
from storage import catalogue
from storage.records import PlaceId, Service, Status, Team
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, TRIAGE, Office, moment

DAN = "slack:UDAN"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def nudges(said: list[tuple[PlaceId, Notice]]) -> list[tuple[str, list[int]]]:
    return [
        (place, [item.number for item in notice.items]) for place, notice in said if isinstance(notice, Nudge)
    ]


def test_several_requests_are_one_message_in_the_next_slot(office: Office) -> None:
    for text in ("toner @bob", "paper @bob !high", "chairs @cat"):
        office.file(ANN, text)
    assert nudges(office.until("2026-11-23 14:00")) == [(BOB, [2])]
    assert nudges(office.until("2026-11-24 09:30")) == [(BOB, [2, 1]), (CAT, [3])]


def test_the_urgent_goes_at_once(office: Office) -> None:
    office.file(ANN, "water on the floor !urgent")
    assert nudges(office.until("2026-11-23 10:30")) == [(TRIAGE, [1])]


def stuck(said: list[tuple[PlaceId, Notice]]) -> list[tuple[str, str, list[str]]]:
    """Who was told of what does not move, why, and what they can do about it."""
    return [
        (place, f"{plain(item.why)} {plain(item.expected)}", [button.line for button in item.buttons])
        for place, notice in said
        if isinstance(notice, Nudge)
        for item in notice.items
        if "nudged" in plain(item.why)
    ]


def test_after_three_nudges_the_lead_is_told_once_and_then_it_is_quiet(office: Office) -> None:
    office.file(ANN, "toner")
    said = office.until("2026-12-16 12:00")
    assert [place for place, _ in nudges(said)] == [TRIAGE] * 3 + [LEA]
    assert stuck(said) == [
        (
            LEA,
            "The channel was nudged 3 times; nobody has taken it since Mon 23 Nov, 10:00. Can you help?",
            ["show 1", "give 1 …"],
        )
    ]
    assert office.verbs().count("escalate") == 1


@pytest.mark.parametrize(
    ("lines", "place", "why"),
    [
        (["LEA: away until 31 december cover @cat"], CAT, "For Lea: Bob was nudged 3 times; it was"),
        (["LEA: away until 31 december"], TRIAGE, "Bob was nudged 3 times; it was due Mon 30 Nov, 10:00."),
        (["BOB: give 1 @lea", "LEA: take 1"], TRIAGE, "Lea was nudged 3 times; it was due"),
        (["BOB: take 1 by tuesday 12:00"], LEA, "Bob was nudged 3 times; it was promised for Tue 24 Nov"),
    ],
)
def test_who_hears_of_what_does_not_move(office: Office, lines: list[str], place: str, why: str) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1")
    for line in lines:
        who, _, said = line.partition(": ")
        office.say({"LEA": LEA, "BOB": BOB}[who], said)
    told = stuck(office.until("2026-12-16 12:00"))
    assert [(one[0], one[1].startswith(why)) for one in told] == [(place, True)], told


def test_what_does_not_move_is_not_told_when_it_moved_meanwhile(office: Office) -> None:
    office.file(ANN, "toner @bob")
    office.until("2026-11-26 14:00")
    assert office.verbs().count("nudge") == 3
    assert office.request().escalated_at is not None
    office.say(BOB, "take 1")
    assert stuck(office.until("2026-11-27 09:30")) == []
    assert "escalate" not in office.verbs()


def test_without_a_lead_and_a_channel_the_requester_hears() -> None:
    with Office(house=replace(HOUSE, triage=None, lead=None)) as office:
        office.file(ANN, "toner @bob")
        assert [one[0] for one in stuck(office.until("2026-12-16 12:00"))] == [ANN]


def test_the_lead_reads_all_that_is_stuck_in_one_message(office: Office) -> None:
    for _ in range(3):
        office.file(ANN, "toner")
    told = [one for one in nudges(office.until("2026-12-16 12:00")) if one[0] == LEA]
    assert told == [(LEA, [1, 2, 3])]


def test_what_there_is_no_room_for_is_said_in_the_next_slot(office: Office) -> None:
    for _ in range(10):
        office.file(ANN, "toner @bob")
    (first,) = nudges(office.until("2026-11-24 09:30"))
    assert first == (BOB, list(range(1, 9)))
    for number in range(1, 9):
        office.say(BOB, f"resolve {number}")
    office.deliver()
    assert nudges(office.until("2026-11-24 14:00")) == [(BOB, [9, 10])]


def test_a_step_begins_the_count_again(office: Office) -> None:
    office.file(ANN, "toner")
    office.until("2026-11-25 12:00")
    office.say(BOB, "note 1 the shop is closed")
    office.until("2026-12-03 12:00")
    assert office.request().escalated_at is None


def test_who_wants_no_bundles_gets_the_rest_a_minute_later(office: Office) -> None:
    office.fill(BOB, "settings", {"slots": "at once"})
    for _ in range(10):
        office.file(ANN, "toner @bob")
    assert nudges(office.until("2026-11-23 14:02")) == [(BOB, list(range(1, 9))), (BOB, [9, 10])]


def news(said: list[tuple[PlaceId, Notice]], word: str) -> list[str]:
    return [plain(one.words) for _, one in said if isinstance(one, News) and word in plain(one.words)]


def test_nothing_is_said_while_it_is_parked_and_its_clock_stands_still(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1")
    office.say(BOB, "snooze 1 until 10 december 12:00 the spring is ordered")
    said = office.until("2026-12-10 12:00")
    assert nudges(said) == []
    assert news(said, "late") == []
    assert office.request().resolve_by == moment("2026-12-17 12:00"), "a week of work is still left"
    (bundle,) = (one for _, one in office.until("2026-12-10 14:00") if isinstance(one, Nudge))
    (item,) = bundle.items
    assert plain(item.why) == "It was parked until now: “the spring is ordered”"
    assert plain(item.expected) == "How does it go? It is due Thu 17 Dec, 12:00."


def test_a_promise_that_was_parked_over_is_late_when_it_is_no_longer_parked(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1 by tuesday 12:00")
    office.say(BOB, "snooze 1 until thursday 10:00 the spring is ordered")
    assert news(office.until("2026-11-26 09:59"), "late") == []
    listing = office.say(BOB, "list late")
    assert isinstance(listing, Listing)
    assert not listing.rows
    late = "#1 “toner” is late: it was promised for Tue 24 Nov, 12:00. Bob is asked for a new date."
    assert news(office.until("2026-11-26 10:00"), "late") == [late]


def test_who_moves_what_is_parked_starts_its_clock(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "snooze 1 until 10 december 12:00 the spring is ordered")
    office.until("2026-11-24 10:00")
    office.say(BOB, "take 1")
    request = office.request()
    assert (request.paused_at, request.snoozed_until) == (None, None)
    assert request.resolve_by == moment("2026-12-01 10:00"), "eight hours later than without"


def test_the_history_says_how_long_the_clock_stood_still(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1")
    for line, until in (
        ("wait 1 until tomorrow 12:00", "2026-11-24 13:00"),
        ("ask 1 which?", "2026-11-24 15:30"),
        ("snooze 1 until thursday 10:00 no van", "2026-11-27 09:00"),
    ):
        office.say(BOB, line)
        office.until(until)
        if line.startswith("ask"):
            office.say(ANN, "answer 1 black")
    story = office.say(ANN, "history 1")
    assert isinstance(story, Story)
    assert [plain(words) for _, words in story.lines if "stood still" in plain(words)] == [
        "It goes on. The clock had stood still for 1d 2h of work",
        "Ann answered: “black”. The clock had stood still for 2h 30m of work",
        "It is no longer parked. The clock had stood still for 1d 2h 30m of work",
    ]
    assert office.request().resolve_by == moment("2026-12-02 17:00"), "2 days and 7 hours on"


def test_a_promise_that_is_moved_tells_both_dates(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1 by tuesday 12:00")
    office.deliver()
    office.say(BOB, "take 1 by friday 12:00")
    assert news(office.deliver(), "Bob") == [
        "Bob now promises #1 “toner” by Fri 27 Nov, 12:00. Before, it was Tue 24 Nov, 12:00."
    ]


def with_team(office: Office, team: Team) -> None:
    def unit(tx: Connection) -> None:
        catalogue.keep_team(tx, office.house.org, team)
        catalogue.keep_service(tx, office.house.org, Service("bouquets", "Bouquets", team.key))
        catalogue.count_up(tx, office.house.org, catalogue.revision(tx, office.house.org))

    office.keep(unit)


DUTY = Team(
    "flowers",
    "Flowers",
    lead=LEA,
    place="slack:C2",
    members=(BOB, CAT),
    rota=(BOB, CAT),
    rota_from="2026-11-23",
)


def test_what_nobody_has_is_said_to_who_is_on_duty(office: Office) -> None:
    with_team(office, DUTY)
    office.file(ANN, "roses #bouquets")
    said = office.until("2026-11-24 09:30")
    assert nudges(said) == [(BOB, [1])]
    (item,) = (item for _, one in said if isinstance(one, Nudge) for item in one.items)
    assert plain(item.why) == "Ann has waited since Mon 23 Nov, 10:00, and you are on duty."
    office.say(BOB, "away until friday cover @lea")
    office.file(ANN, "lilies #bouquets")
    said = office.until("2026-11-24 14:00")
    assert [place for place, _ in nudges(said)] == [LEA], "nobody is nudged who is away"


def test_the_team_says_which_settings_there_are(office: Office) -> None:
    with_team(office, replace(DUTY, slots=("morning", "both")))
    form = office.say(BOB, "settings")
    assert isinstance(form, Form)
    assert [value for value, _ in form.fields[0].options] == ["both", "morning"]
    refused = office.fill(BOB, "settings", {"slots": "at once"})
    assert isinstance(refused, Refused)
    assert plain(refused.why).startswith("Your team has agreed on other times. Choose “Twice a day")
    assert isinstance(office.fill(BOB, "settings", {"slots": "morning"}), Answer)
    assert isinstance(office.fill(ANN, "settings", {"slots": "at once"}), Answer), "she is in no team"


def test_a_setting_that_is_not_allowed_any_more_counts_as_the_nearest(office: Office) -> None:
    office.fill(BOB, "settings", {"slots": "at once"})
    with_team(office, replace(DUTY, slots=("afternoon",)))
    office.file(ANN, "toner @bob")
    assert nudges(office.until("2026-11-24 13:59")) == []
    assert nudges(office.until("2026-11-24 14:00")) == [(BOB, [1])]


def test_what_is_late_stands_in_its_order_with_its_owner(office: Office) -> None:
    for line in ("toner by thursday 12:00", "paper by tuesday 12:00", "chairs"):
        office.file(ANN, line)
    office.say(BOB, "take 1")
    office.until("2026-11-26 12:00")
    listing = office.say(BOB, "list late")
    assert isinstance(listing, Listing)
    assert [(row.number, plain(row.words)) for row in listing.rows] == [
        (2, "Needed by Tue 24 Nov, 12:00. Nobody has it."),
        (1, "Needed by Thu 26 Nov, 12:00. You have it."),
    ]


def test_list_team_shows_what_my_teams_have_not_taken(office: Office) -> None:
    with_team(office, replace(DUTY, members=(CAT, DAN)))
    office.described(DAN, "Dan")
    office.file(ANN, "toner")
    office.file(ANN, "roses #bouquets")

    def listed(who: str) -> list[int]:
        listing = office.say(who, "list team")
        assert isinstance(listing, Listing)
        return sorted(row.number for row in listing.rows)

    assert (listed(BOB), listed(CAT), listed(LEA)) == ([1], [1, 2], [1, 2])
    assert (listed(DAN), listed(ANN)) == ([2], [1, 2]), "who serves nowhere sees everything"


def test_what_was_raised_before_it_was_parked_is_not_said(office: Office) -> None:
    office.file(ANN, "toner by tuesday 13:00 @bob")
    office.say(BOB, "take 1")
    office.until("2026-11-24 13:30")
    office.say(BOB, "snooze 1 until 26 november 12:00 the spring is ordered")
    assert nudges(office.until("2026-11-24 16:00")) == []


def test_any_news_is_not_refused_because_deskbell_asked(office: Office) -> None:
    office.file(ANN, "toner @bob !high")
    office.until("2026-11-24 09:30")
    assert "nudge" in office.verbs()
    assert isinstance(office.say(ANN, "nudge 1"), Answer)
    assert isinstance(office.say(ANN, "nudge 1"), Refused)
    office.now += timedelta(days=1)
    assert isinstance(office.say(ANN, "nudge 1"), Answer)


def test_without_an_answer_it_ends_and_what_waited_for_it_goes_on(office: Office) -> None:
    office.file(ANN, "toner")
    office.file(CAT, "print the menu")
    office.say(BOB, "take 2")
    office.say(BOB, "wait 2 on 1")
    office.say(BOB, "ask 1 which printer?")
    said = office.until("2026-11-25 12:00")
    assert [place for place, _ in nudges(said)] == []
    assert nudges(office.until("2026-11-25 14:00")) == [(ANN, [1])], "who was asked is nudged"
    office.until("2026-11-30 12:00")
    assert office.request(1).status is Status.RESOLVED
    assert office.request(2).status is Status.TAKEN


@pytest.mark.parametrize(("said", "status"), [("", Status.CLOSED), ("reopen 1", Status.TAKEN)])
def test_what_is_resolved_is_closed_unless_somebody_objects(
    office: Office, said: str, status: Status
) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "resolve 1")
    office.until("2026-11-27 12:00")
    if said:
        office.say(ANN, said)
    office.until("2026-11-30 09:30")
    assert office.request().status is (status if said else Status.RESOLVED)
    office.until("2026-11-30 10:00")
    assert office.request().status is status


def test_a_week_of_downtime_is_one_look(office: Office) -> None:
    office.file(ANN, "toner @bob")
    office.now = moment("2026-12-01 12:00")
    office.sweep()
    assert office.verbs() == ["file", "late"]
    assert nudges(office.until("2026-12-01 14:00")) == [(BOB, [1])]


def test_what_became_due_while_it_waited_is_found_as_soon_as_the_wait_is_over(office: Office) -> None:
    """Nobody was there when the wait ended: the clock looks four days later."""
    office.file(ANN, "toner !urgent by tomorrow 09:00")
    office.say(BOB, "wait 1 until today 11:00")
    office.now += timedelta(days=4)
    office.sweep()
    request = office.request()
    assert request.status is Status.OPEN
    assert "late" in office.verbs()
    assert request.nudge_at is not None
    assert request.nudge_at > office.now
