from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import conversations
from storage.database import Database
from storage.records import Conversation
from tests.storage.test_requests import ORG

CHANNEL = Conversation(
    "teams:19:a@thread.tacv2", "19:a@thread.tacv2", "https://smba/emea/", "tenant", "19:team@thread.tacv2"
)
PERSON = Conversation("teams:29:ann", "a:1x", "https://smba/emea/")


def keep(database: Database, act: Any, *given: Any) -> Any:
    return database.submit(lambda tx: act(tx, ORG, *given)).result()


def test_what_was_kept_comes_out(kept: Database) -> None:
    assert keep(kept, conversations.everything) == []
    keep(kept, conversations.keep, PERSON)
    keep(kept, conversations.keep, CHANNEL)
    assert keep(kept, conversations.get, PERSON.place) == PERSON
    assert keep(kept, conversations.everything) == [CHANNEL, PERSON]
    assert keep(kept, conversations.get, "teams:29:bob") is None
    assert kept.read(lambda tx: conversations.get(tx, "other", PERSON.place)).result() is None


@pytest.mark.parametrize(
    "change", [{"conversation": "a:2"}, {"service_url": "https://smba/amer/"}, {"tenant": "t"}, {"team": "x"}]
)
def test_the_latest_way_counts(kept: Database, change: dict[str, str]) -> None:
    keep(kept, conversations.keep, PERSON)
    keep(kept, conversations.keep, replace(PERSON, **change))
    assert keep(kept, conversations.everything) == [replace(PERSON, **change)]


def test_dropped(kept: Database) -> None:
    keep(kept, conversations.keep, PERSON)
    keep(kept, conversations.keep, CHANNEL)
    keep(kept, conversations.drop, PERSON.place)
    keep(kept, conversations.drop, "teams:29:bob")
    assert keep(kept, conversations.everything) == [CHANNEL]


def test_two_processes_that_hear_of_it_at_once(kept: Database) -> None:
    both = Barrier(2)

    def unit(tx: Connection) -> None:
        if tx.dialect.name == "postgresql":
            both.wait(5)
        conversations.keep(tx, ORG, PERSON)

    for future in [kept.submit(unit) for _ in range(2)]:
        future.result(10)
    assert keep(kept, conversations.everything) == [PERSON]
