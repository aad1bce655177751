"""One test for each definition in `docs/numbers.md`, against the example that is worked by hand there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from handlers import figures, numbers, weeks
from handlers.figures import hours
from handlers.house import House
from handlers.isoweeks import bounds, midnight, week_of, weeks_back
from handlers.lifecycle import reopen, resolve
from handlers.numbers import Scope, ninetieth, wilson
from storage import numbers as kept
from storage import ratings, requests, sums
from storage.database import Database
from storage.migrate import upgrade
from storage.records import Poll, Privacy
from storage.sums import Part, Sums
from tests.handlers.ledger import DAN, END, FLORA, HOUSE, START, WEEK, expected, furnish
from tests.handlers.office import ANN, Office, moment

T = TypeVar("T")
SCOPES = {"everybody": Scope(), "flowers": Scope(team="flowers"), "drivers": Scope(team="drivers")}


class Ledger:
    """The example in a database."""

    def __init__(self, database: Database, house: House = HOUSE) -> None:
        self.database, self.house = database, house
        self.keep(lambda tx: furnish(tx, house.org))

    def keep(self, unit: Callable[[Connection], T]) -> T:
        return self.database.submit(unit).result()

    def rows(self) -> list[Sums]:
        return self.keep(lambda tx: weeks.of_week(tx, self.house, WEEK))

    def says(self, number: Callable[[Sums], str]) -> dict[str, str]:
        return {whose: number(numbers.of(self.rows(), scope)) for whose, scope in SCOPES.items()}

    def close_all(self, at: str = "2026-12-28 09:00") -> list[str]:
        """As much as can be closed: "2026-W48 requests"."""
        closed = []
        while part := self.keep(lambda tx: weeks.close_one(tx, self.house, moment(at))):
            closed.append(" ".join(part))
        return closed

    def reopened(self, number: int, resolved_at: str = "") -> None:
        """A request is reopened long after, and perhaps resolved again."""

        def unit(tx: Connection) -> None:
            before = requests.get(tx, self.house.org, number)
            assert before is not None
            after = reopen(before, True, before.resolve_by, moment("2027-01-04 10:00"))
            requests.change(tx, self.house.org, before, after)
            weeks.changed(tx, self.house, before, after)
            if resolved_at:
                again = resolve(after, "", FLORA, moment(resolved_at))
                requests.change(tx, self.house.org, replace(after, revision=before.revision + 1), again)

        self.keep(unit)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    upgrade(database_url)
    with Database.open(database_url) as database:
        yield Ledger(database)


@pytest.fixture
def quick() -> Iterator[Ledger]:
    with Office(house=HOUSE) as office:
        yield Ledger(office.database)


def time(seconds: float | None) -> str:
    return "–" if seconds is None else hours(seconds)


def interval(counted: Sums) -> str:
    known = numbers.satisfaction(counted)
    return f"{known[0]:.0%}, {known[1]:.0%} to {known[2]:.0%}" if known else "–"


DEFINITIONS: dict[str, Callable[[Sums], str]] = {
    "filed": lambda one: str(one.filed),
    "resolved": lambda one: str(one.resolved),
    "first response, median": lambda one: time(numbers.middle(one.responses)),
    "first response, 90th percentile": lambda one: time(ninetieth(one.responses)),
    "resolution, median": lambda one: time(numbers.middle(one.resolutions)),
    "resolution, 90th percentile": lambda one: time(ninetieth(one.resolutions)),
    "on target": lambda one: figures.share(one.on_target, one.targeted),
    "promises kept": lambda one: figures.share(one.kept, one.promised),
    "reopened": lambda one: figures.share(one.reopened, one.resolved),
    "response rate": lambda one: f"{one.votes} of {one.asked}",
    "satisfaction": interval,
    "fell short": lambda one: ", ".join(f"{reason} ({count})" for reason, count in one.reasons) or "–",
    "recovered": lambda one: figures.share(one.recovered, one.recoveries),
}


@pytest.mark.parametrize("number", DEFINITIONS)
def test_each_number_is_what_the_page_works_out_by_hand(quick: Ledger, number: str) -> None:
    assert quick.says(DEFINITIONS[number]) == expected(number)


@pytest.mark.parametrize("number", DEFINITIONS)
def test_and_the_same_of_a_week_that_is_closed(quick: Ledger, number: str) -> None:
    assert quick.close_all()
    assert quick.says(DEFINITIONS[number]) == expected(number)


def test_open_at_the_end(quick: Ledger) -> None:
    def at_the_end(scope: Scope) -> str:
        return str(quick.keep(lambda tx: kept.open_at(tx, "main", END, scope.team, scope.service)))

    assert {whose: at_the_end(scope) for whose, scope in SCOPES.items()} == expected("open at the end")
    assert quick.keep(lambda tx: kept.open_at(tx, "main", START)) == 1, "number 4"


def test_a_person_has_numbers_from_five_votes_on(quick: Ledger) -> None:
    found = numbers.by_person(quick.rows())
    assert set(found) == {FLORA}
    assert (found[FLORA].resolved, found[FLORA].votes) == (5, 5)
    assert DAN in {one.person for one in quick.rows()}, "though he resolved one"


def test_by_team_and_by_service(quick: Ledger) -> None:
    assert {key: one.filed for key, one in numbers.by_team(numbers.told(quick.rows())).items()} == {
        "flowers": 5,
        "drivers": 3,
    }
    assert set(numbers.by_service(numbers.told(quick.rows()))) == {""}


# closed weeks


def everything(ledger: Ledger) -> dict[str, list[Sums]]:
    found = ledger.keep(lambda tx: weeks.of_weeks(tx, ledger.house, "2027-W01", 12, spans=True))
    return {week: sorted(rows, key=repr) for week, rows in found.items()}


def test_requests_are_closed_when_the_week_is_over_and_polls_a_week_later(ledger: Ledger) -> None:
    live = everything(ledger)
    assert ledger.close_all("2026-11-29 23:59") == ["2026-W47 requests"]
    assert ledger.close_all("2026-11-30 00:00") == ["2026-W47 polls", "2026-W48 requests"]
    assert everything(ledger) == live
    assert ledger.close_all("2026-12-06 23:59") == []
    assert ledger.close_all("2026-12-07 00:00") == ["2026-W49 requests"], "48's polls are still open"
    ledger.keep(lambda tx: close_polls(tx))
    assert ledger.close_all("2026-12-07 00:00") == ["2026-W48 polls"]
    assert everything(ledger) == live
    ledger.keep(lambda tx: tx.exec_driver_sql("UPDATE requests SET private = true"))
    assert everything(ledger)[WEEK] == live[WEEK], "its requests are not read again"


def close_polls(tx: Connection) -> None:
    tx.exec_driver_sql("UPDATE polls SET closed_at = asked_at")


def test_three_weeks_after_its_end_nobody_is_waited_for(ledger: Ledger) -> None:
    assert "2026-W48 polls" not in ledger.close_all("2026-12-20 23:59")
    assert ledger.close_all("2026-12-21 00:00")[0] == "2026-W48 polls"


def test_closing_again_changes_nothing(ledger: Ledger) -> None:
    ledger.close_all()
    before = everything(ledger)
    assert ledger.close_all() == []
    ledger.keep(lambda tx: sums.close(tx, "main", WEEK, Part.REQUESTS, [Sums(filed=99)]))
    assert everything(ledger) == before


def test_what_was_closed_can_be_rebuilt(ledger: Ledger) -> None:
    ledger.close_all()
    before = everything(ledger)
    ledger.keep(lambda tx: tx.exec_driver_sql("UPDATE weeks SET filed = 99"))
    assert everything(ledger) != before
    ledger.keep(lambda tx: weeks.rebuild(tx, HOUSE))
    assert everything(ledger) == before, "from the requests"
    ledger.close_all()
    assert everything(ledger) == before


def test_reopened_long_after_it_is_counted_in_the_week_of_its_last_resolution(ledger: Ledger) -> None:
    ledger.close_all()
    ledger.reopened(1)
    by_week = {week: sum(one.resolved for one in rows) for week, rows in everything(ledger).items()}
    assert by_week[WEEK] == 5, "not resolved any more, at once"
    ledger.close_all()
    ledger.reopened(3, "2027-01-05 10:00")
    by_week = {week: sum(one.resolved for one in rows) for week, rows in everything(ledger).items()}
    assert (by_week[WEEK], by_week["2027-W01"]) == (4, 1)
    assert sum(by_week.values()) == 6, "1 is open, 3 is counted once, 8 in the week after"


def test_moved_after_its_week_is_over_it_is_counted_for_who_has_it(ledger: Ledger) -> None:
    """Number 7, which nobody has resolved, was the drivers'."""
    ledger.close_all()

    def moved(tx: Connection) -> None:
        before = requests.get(tx, "main", 7)
        assert before is not None
        after = replace(before, team="flowers")
        requests.change(tx, "main", before, after)
        weeks.changed(tx, ledger.house, before, after)

    ledger.keep(moved)
    for _ in ("from its requests", "closed again"):
        assert ledger.says(DEFINITIONS["filed"]) == {"everybody": "8", "flowers": "6", "drivers": "2"}
        ledger.close_all()


def test_no_week_is_older_than_the_first_request(ledger: Ledger) -> None:
    assert next(iter(everything(ledger))) == "2026-W47"
    empty = ledger.keep(lambda tx: weeks.of_weeks(tx, replace(HOUSE, org="other"), WEEK, 12))
    assert list(empty) == [WEEK]


# votes that not everybody may know


@pytest.mark.parametrize("privacy", [Privacy.ANONYMOUS, Privacy.CONFIDENTIAL])
@pytest.mark.parametrize("votes", [0, 1, 4, 5])
def test_too_few_of_them_are_in_no_number(quick: Ledger, votes: int, privacy: Privacy) -> None:
    """Otherwise they could be found by subtraction."""

    def unit(tx: Connection) -> None:
        for number in range(votes):
            at = moment("2026-11-25 10:00")
            poll = Poll(0, 3, 50 + number, ANN, FLORA, at, at, 1, at, team="flowers", service="hr")
            poll = ratings.open_poll(tx, "main", replace(poll, privacy=privacy, reasons=("attitude",)))
            if privacy is Privacy.ANONYMOUS:
                ratings.seal(tx, "main", poll, WEEK, 5)

    quick.keep(unit)
    rows = quick.rows()
    told = 5 if votes == 5 else 0
    for scope, others in ((Scope(), 5), (Scope(team="flowers"), 5), (Scope(service="hr"), 0)):
        counted = numbers.of(rows, scope)
        assert counted.votes == others + told
        assert dict(counted.reasons).get("attitude", 0) == told
    assert numbers.by_person(rows)[FLORA].votes == 5, "votes with a name alone count for a person"


def test_what_is_too_little_week_by_week_is_too_little_together() -> None:
    """Who asks for one week more learns nothing of that week alone."""
    four = Sums(service="hr", privacy=Privacy.CONFIDENTIAL, asked=4, scores=(4, 0, 0, 0, 0))
    five = Sums(service="hr", privacy=Privacy.CONFIDENTIAL, asked=5, scores=(0, 0, 0, 0, 5))
    assert numbers.of_weeks([[four], [four]]).votes == 0
    assert numbers.of_weeks([[four], [five]]).scores == (0, 0, 0, 0, 5)
    assert numbers.of([four, four]).votes == 8, "in one span they are together"


def test_anonymous_votes_count_in_the_span_in_which_their_week_ends(quick: Ledger) -> None:
    def unit(tx: Connection) -> list[int]:
        at = moment("2026-11-25 10:00")
        for number in range(5):
            poll = Poll(0, 3, 50 + number, ANN, FLORA, at, at, 1, service="hr", privacy=Privacy.ANONYMOUS)
            ratings.seal(tx, "main", ratings.open_poll(tx, "main", poll), WEEK, 5)
        spans = [(START + shift * DAY, END + shift * DAY) for shift in range(-1, 8)]
        return [sum(one.votes for one in weeks.of_span(tx, HOUSE, *span) if one.service) for span in spans]

    assert quick.keep(unit) == [0, 5, 5, 5, 5, 5, 5, 5, 0], "in exactly one of seven days' spans in a row"


DAY = timedelta(days=1)

# arithmetic


@pytest.mark.parametrize(
    ("spans", "rank"), [((), None), ((7,), 7), (tuple(range(1, 11)), 9), (tuple(range(1, 12)), 10)]
)
def test_the_90th_percentile_is_by_nearest_rank(spans: tuple[int, ...], rank: int | None) -> None:
    assert ninetieth(spans) == rank


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (59, "59 min"),
        (60, "1 h 00 min"),
        (479, "7 h 59 min"),
        (480, "1 working day"),
        (509, "1 working day"),
        (510, "1 working day 1 h"),
        (41 * 60 + 50, "5 working days 2 h"),
        (47 * 60 + 40, "6 working days"),
    ],
)
def test_from_a_working_day_on_times_are_told_to_the_nearest_hour(minutes: int, told: str) -> None:
    assert hours(minutes * 60) == told


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_nine_of_ten_do_not_exceed_it_and_fewer_do_not_exceed_less(spans: list[int]) -> None:
    spans.sort()
    found = ninetieth(spans)
    assert found is not None
    assert sum(span <= found for span in spans) >= 0.9 * len(spans)
    assert sum(span < found for span in spans) < 0.9 * len(spans)


some_sums = st.builds(
    Sums,
    team=st.sampled_from(["", "a", "b"]),
    filed=st.integers(0, 9),
    scores=st.tuples(*[st.integers(0, 3)] * 5),
    reasons=st.just((("attitude", 1),)),
    responses=st.lists(st.integers(0, 99)).map(lambda spans: tuple(sorted(spans))),
)


@given(st.lists(some_sums), st.integers(0, 5))
def test_adding_up_does_not_care_in_which_order(rows: list[Sums], cut: int) -> None:
    halves = [numbers.together(rows[:cut]), numbers.together(rows[cut:])]
    whole = numbers.together(rows)
    assert replace(numbers.together(halves), team="") == replace(whole, team="")
    assert whole.filed == sum(one.filed for one in rows)
    assert whole.votes == sum(one.votes for one in rows)


ZONES = ("UTC", "Europe/Stockholm", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Auckland")


@given(st.sampled_from(ZONES), st.integers(0, 52 * 60))
def test_weeks_follow_each_other_without_a_gap(zone: str, ahead: int) -> None:
    start = moment("2024-01-01 12:00", zone) + timedelta(days=7 * ahead)
    week = week_of(start, zone)
    begin, end = bounds(week, zone)
    assert begin <= start < end
    assert week_of(begin, zone) == week
    after = week_of(end, zone)
    assert after > week
    assert bounds(after, zone)[0] == end
    assert weeks_back(after, 2) == [week, after]


def test_midnight_that_is_skipped_is_when_the_clocks_go_on() -> None:
    cairo = midnight(moment("2026-04-24 12:00", "Africa/Cairo").date(), "Africa/Cairo")
    assert cairo == moment("2026-04-24 01:00", "Africa/Cairo")


def test_the_worked_interval_of_the_page() -> None:
    assert wilson(4, 5) == pytest.approx((0.3755, 0.9638), abs=0.00005)
