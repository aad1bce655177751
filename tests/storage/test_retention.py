"""The words of what ended long ago are removed; what is counted stays."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from handlers import health
from handlers.house import House
from storage import history, ratings, requests, retention
from storage.database import Database
from storage.records import Entry, Poll, Request, Service, Status
from storage.tables import metadata
from tests.storage.test_requests import ANN, BOB, NOW, ORG, a_request, add

DAY = timedelta(days=1)
SECRET = "peonies"
HOUSE = House(
    services=MappingProxyType(
        {
            "bouquets": Service("bouquets", "Bouquets", "flowers", retention=90),
            "vans": Service("vans", "Vans", "flowers"),
        }
    )
)


def ended(number: int, days_ago: int, service: str = "bouquets", **more: Any) -> Request:
    at = NOW - days_ago * DAY
    words = dict.fromkeys(("title", "details", "question", "outcome", "last_note", "snooze_reason"), SECRET)
    known: dict[str, Any] = {
        "status": Status.CLOSED,
        "filed_at": at - DAY,
        "resolved_at": at,
        "ended_at": at,
        "resolutions": 1,
        "service": service,
        "answers": (("Which?", SECRET),),
    }
    return a_request(number, **{**words, **known, **more})


def written(tx: Connection, number: int) -> None:
    history.append(tx, ORG, Entry(number, NOW, ANN, "note", text=SECRET, fact="kept"))
    answer: dict[str, Any] = {"score": 2, "voted_at": NOW, "comment": SECRET, "reasons": ("attitude",)}
    poll = ratings.open_poll(tx, ORG, Poll(0, number, 1, ANN, BOB, NOW, **answer))
    ratings.open_recovery(tx, ORG, poll, NOW, NOW)
    ratings.change_recovery(tx, ORG, poll.id, what=SECRET)


def prune(tx: Connection) -> int:
    return health.prune(tx, HOUSE, NOW)


def test_the_words_go_and_the_numbers_stay(kept: Database) -> None:
    before = ended(1, 91)

    def unit(tx: Connection) -> tuple[int, Request | None, list[str]]:
        add(tx, before)
        written(tx, 1)
        count = prune(tx)
        left = [str(row) for table in metadata.tables.values() for row in tx.execute(select(table))]
        return count, requests.get(tx, ORG, 1), left

    count, after, left = kept.submit(unit).result()
    assert count == 1
    assert not [row for row in left if SECRET in row]
    bare: dict[str, Any] = dict.fromkeys(("details", "question", "outcome", "last_note", "snooze_reason"), "")
    assert after == replace(
        before, title="Removed after 90 days", answers=(), revision=before.revision + 1, **bare
    )

    def counted(tx: Connection) -> tuple[Any, Any]:
        return ratings.latest(tx, ORG, 1), history.of(tx, ORG, 1)[0]

    poll, line = kept.submit(counted).result()
    assert (poll.score, poll.reasons, poll.comment) == (2, ("attitude",), "")
    assert (line.verb, line.fact, line.text) == ("note", "kept", "")


def test_what_is_young_unfinished_or_of_another_service_stays(kept: Database) -> None:
    several = (
        ended(1, 89),
        ended(2, 400, "vans"),
        ended(3, 400, ""),
        ended(4, 400, status=Status.OPEN, ended_at=None, resolved_at=None),
    )

    def unit(tx: Connection) -> tuple[int, list[Request | None]]:
        add(tx, *several)
        add(tx, ended(1, 400), org="other")
        return prune(tx), [requests.get(tx, ORG, number) for number in range(1, 5)]

    assert kept.submit(unit).result() == (0, list(several))


def test_it_is_done_a_little_at_a_time_and_once(kept: Database) -> None:
    many = [ended(number, 100) for number in range(1, health.AT_ONCE + 4)]

    def unit(tx: Connection) -> list[int]:
        add(tx, *many)
        return [prune(tx) for _ in range(3)]

    assert kept.submit(unit).result() == [health.AT_ONCE, 3, 0]


def test_what_is_reopened_and_ends_again_is_removed_again(kept: Database) -> None:
    def unit(tx: Connection) -> list[int]:
        add(tx, ended(1, 100))
        first = prune(tx)
        bare = requests.get(tx, ORG, 1)
        assert bare is not None
        requests.change(tx, ORG, bare, replace(bare, last_note=SECRET))
        found = retention.ended_before(tx, ORG, "bouquets", NOW, 9)
        return [first, *found, prune(tx)]

    assert kept.submit(unit).result() == [1, 1, 1]
