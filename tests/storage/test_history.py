from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage import history, requests
from storage.database import Database
from storage.history import Repeated
from storage.records import Entry
from tests.storage.test_requests import ANN, BOB, NOW, ORG, a_request

LINE = Entry(1, NOW, ANN, "file", text="tøner", fact="f", source="slack", team_only=True, key="click-1")
PLAIN = Entry(1, NOW, ANN, "note")


@pytest.fixture
def one(kept: Database) -> Database:
    kept.submit(lambda tx: requests.add(tx, ORG, a_request())).result()
    return kept


def append(database: Database, *lines: Entry) -> list[int]:
    return database.submit(lambda tx: [history.append(tx, ORG, line) for line in lines]).result()


def test_what_goes_in_comes_out(one: Database) -> None:
    (first,) = append(one, LINE)
    assert one.read(lambda tx: history.entry(tx, ORG, first)).result() == replace(LINE, id=first)
    assert one.read(lambda tx: history.entry(tx, "other", first)).result() is None
    assert one.read(lambda tx: history.number_of(tx, ORG, "click-1")).result() == 1
    assert one.read(lambda tx: history.number_of(tx, ORG, "click-2")).result() is None


def test_oldest_first(one: Database) -> None:
    ids = append(one, LINE, PLAIN, replace(PLAIN, at=NOW - timedelta(hours=1)))
    assert [line.id for line in one.read(lambda tx: history.of(tx, ORG, 1)).result()] == sorted(ids)


def test_the_same_delivery_is_kept_once(one: Database) -> None:
    """What the unit did before it heard is undone with it."""
    append(one, LINE)

    def unit(tx: Connection) -> None:
        history.append(tx, ORG, PLAIN)
        history.append(tx, ORG, replace(LINE, verb="take"))

    with pytest.raises(Repeated) as raised:
        one.submit(unit).result()
    assert raised.value.key == "click-1"
    assert "click-1" not in str(raised.value), "keys are not for logs"
    assert [line.verb for line in one.read(lambda tx: history.of(tx, ORG, 1)).result()] == ["file"]


def test_a_repeated_delivery_does_not_disturb_those_beside_it(one: Database) -> None:
    append(one, LINE)
    beside = [one.submit(partial(history.append, org=ORG, entry=line)) for line in (PLAIN, LINE, PLAIN)]
    assert [type(future.exception()) for future in beside] == [type(None), Repeated, type(None)]


def test_two_of_the_same_delivery_at_once(one: Database) -> None:
    both = Barrier(2, timeout=1)

    def unit(tx: Connection) -> int:
        if tx.dialect.name == "postgresql":
            both.wait()
        return history.append(tx, ORG, LINE)

    together = [one.submit(unit) for _ in range(2)]
    errors = [future.exception(10) for future in together]
    assert sorted(type(error).__name__ for error in errors) == ["NoneType", "Repeated"]


def test_another_organisation_has_its_own_keys(one: Database) -> None:
    append(one, LINE)
    one.submit(lambda tx: requests.add(tx, "other", a_request())).result()
    one.submit(lambda tx: history.append(tx, "other", LINE)).result()


def test_without_a_key_nothing_is_repeated(one: Database) -> None:
    assert len(set(append(one, PLAIN, PLAIN, PLAIN))) == 3


def test_a_line_needs_its_request(one: Database) -> None:
    with pytest.raises(IntegrityError):
        append(one, replace(PLAIN, number=9))


def test_the_last_that_somebody_did(one: Database) -> None:
    """The clock's own nudges are not the requester's."""
    ids = append(
        one,
        replace(PLAIN, verb="nudge"),
        PLAIN,
        replace(PLAIN, verb="nudge", who=BOB),
        replace(PLAIN, verb="nudge", who=None),
    )
    last = one.read(lambda tx: history.last(tx, ORG, 1, "nudge")).result()
    assert last is not None
    assert last.id == ids[2]
    assert one.read(lambda tx: history.last(tx, ORG, 1, "take")).result() is None


def test_how_many_requests_something_happened_to(one: Database) -> None:
    one.submit(lambda tx: requests.add(tx, ORG, a_request(2))).result()
    hour = timedelta(hours=1)
    append(one, PLAIN, PLAIN, replace(PLAIN, number=2), replace(PLAIN, at=NOW + hour))

    def count(start: datetime, end: datetime) -> int:
        return one.read(lambda tx: history.count_between(tx, ORG, "note", start, end)).result()

    assert count(NOW, NOW + hour) == 2
    assert count(NOW + hour, NOW + 2 * hour) == 1
    assert count(datetime(2020, 1, 1, tzinfo=UTC), NOW) == 0
