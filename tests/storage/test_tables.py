"""The tables as they are in a migrated database, and whether their indexes are used."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from storage import anonymous, conversations, history, numbers, people, posts, raised, ratings, requests
from storage.database import Database
from storage.records import Conversation, Entry, Person, Poll, Post, PostKind, Privacy, Status
from storage.tables import metadata
from tests.storage.test_requests import ANN, BOB, NOW, ORG, a_request

MANY = 400


def shape(tx: Connection) -> dict[str, Any]:
    """Everything the database itself knows of our tables, in words that both kinds share."""
    look = inspect(tx)
    return {
        table: {
            "columns": {
                (column["name"], column["nullable"], str(column["type"]))
                for column in look.get_columns(table)
            },
            "key": look.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted(unique["column_names"] for unique in look.get_unique_constraints(table)),
            "foreign": sorted(
                (key["constrained_columns"], key["referred_table"]) for key in look.get_foreign_keys(table)
            ),
            "indexes": {
                (index["name"], tuple(index["column_names"]), index["unique"])
                for index in look.get_indexes(table)
                if not index.get("duplicates_constraint")
            },
        }
        for table in metadata.tables
    }


def partial(tx: Connection) -> dict[str, str]:
    """The conditions of partial indexes, as the database writes them."""
    question = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        if tx.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes "
        "WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %'"
    )
    return {row[0]: row[1].split(" WHERE ")[1].strip("()").lower() for row in tx.execute(text(question))}


def test_the_migrations_make_exactly_the_tables(kept: Database, request: pytest.FixtureRequest) -> None:
    migrated = kept.read(lambda tx: (shape(tx), partial(tx))).result()
    url = "sqlite://" if "sqlite" in request.node.name else request.getfixturevalue("postgres_url")
    with Database.open(url) as fresh:
        fresh.submit(metadata.create_all).result()
        assert fresh.submit(lambda tx: (shape(tx), partial(tx))).result() == migrated


def test_every_table_begins_with_the_organisation() -> None:
    for table in metadata.tables.values():
        first = next(column.name for column in table.columns if column.name != "id")
        assert first == "org", table.name
        for index in table.indexes:
            columns = [column.name for column in index.columns]
            # the clock's own index begins with its due time: it asks for all that is due
            assert columns[0] == "org" or columns[:2] == ["nudge_at", "org"], index.name


@pytest.fixture(params=["with statistics", "without"])
def full(request: pytest.FixtureRequest, upgraded_sqlite: Any, tmp_path: Any) -> Iterator[Database]:
    """SQLite with many rows in it; nobody gathers statistics about them but who wants to."""
    import shutil

    path = shutil.copy(upgraded_sqlite, tmp_path / "full.db")
    with Database.open(f"sqlite:///{path}") as database:
        database.submit(_fill).result()
        if request.param == "with statistics":
            database.submit(lambda tx: tx.exec_driver_sql("ANALYZE").close()).result()
        yield database


def _fill(tx: Connection) -> None:
    for number in range(1, MANY + 1):
        ended = number % 10 != 0
        requests.add(
            tx,
            ORG,
            a_request(
                number,
                status=Status.RESOLVED if ended else Status.OPEN,
                requester=f"slack:U{number % 50}",
                owner=BOB if number % 20 == 0 else None,
                filed_at=NOW + timedelta(minutes=number),
                ended_at=NOW if ended else None,
                resolved_at=NOW + timedelta(minutes=number) if ended else None,
                waiting_request=number - 1 if number % 50 == 0 else None,
                nudge_at=NOW + timedelta(minutes=number) if number % 5 == 0 else None,
            ),
        )
        history.append(tx, ORG, Entry(number, NOW, ANN, "file", key=f"k{number}"))
        posts.owe(tx, ORG, f"p{number}", PostKind.CARD, f"slack:C{number % 20}", NOW, number=number)
        if number % 10:
            settled = Post(number, "", PostKind.CARD, "")
            posts.settle(tx, ORG, settled, message=f"m{number}", due_at=None)
        known = Person(
            f"slack:U{number}", "Ann", f"ann{number}", email=f"u{number}@x.test" if number % 3 else ""
        )
        people.describe(tx, ORG, known)
        if number % 50 == 1:
            people.link(tx, ORG, known.id, "slack:U7")
        conversations.keep(tx, ORG, Conversation(known.id, f"a:{number}", "https://x.test"))
        poll = Poll(0, number, 1, ANN, BOB, NOW + timedelta(minutes=number))
        poll = ratings.open_poll(tx, ORG, replace(poll, **_due(number)))
        if number % 40 == 0:
            ratings.open_recovery(tx, ORG, poll, NOW, NOW)


def _due(number: int) -> dict[str, Any]:
    """What makes some polls due, anonymous or over."""
    remind_at = NOW + timedelta(minutes=number) if number % 10 == 0 else None
    closed_at = NOW + timedelta(minutes=number) if number % 7 else None
    privacy = Privacy.ANONYMOUS if number % 9 == 0 else Privacy.NAMED
    return {"remind_at": remind_at, "closed_at": closed_at, "privacy": privacy}


LATER = NOW + timedelta(minutes=5)
PLANS: dict[str, tuple[Any, set[str]]] = {
    "due": (lambda tx: requests.due(tx, ORG, NOW, 25), {"ix_requests_nudge"}),
    "unfinished": (lambda tx: requests.unfinished(tx, ORG), {"ix_requests_unfinished"}),
    "owned": (lambda tx: requests.owned(tx, ORG, BOB), {"ix_requests_unfinished"}),
    "untaken": (lambda tx: requests.untaken(tx, ORG), {"ix_requests_unfinished"}),
    "recent": (lambda tx: requests.recent_of(tx, ORG, "slack:U7", 5), {"ix_requests_requester"}),
    "filed": (lambda tx: numbers.filed_numbers(tx, ORG, NOW, LATER), {"ix_requests_filed"}),
    "resolved": (lambda tx: numbers.done(tx, ORG, NOW, LATER), {"ix_requests_resolved"}),
    "chain": (lambda tx: requests.waiting_for(tx, ORG, 49), {"ix_requests_chain"}),
    "story": (lambda tx: history.of(tx, ORG, 7), {"ix_history_number"}),
    "last": (lambda tx: history.last(tx, ORG, 7, "nudge"), {"ix_history_number"}),
    "repeated": (lambda tx: history.number_of(tx, ORG, "k7"), {"sqlite_autoindex_history_1"}),
    "owing": (lambda tx: posts.owing(tx, ORG, NOW, "", 16), {"ix_posts_owed", "sqlite_autoindex_places_1"}),
    "claim": (
        lambda tx: posts.claim(tx, ORG, ["slack:C0"], NOW, LATER, "lease"),
        {"ix_posts_owed"},
    ),
    "message": (lambda tx: posts.by_message(tx, ORG, "m7"), {"ix_posts_message"}),
    "key": (lambda tx: posts.by_key(tx, ORG, "p7"), {"sqlite_autoindex_posts_1"}),
    "cards": (lambda tx: posts.touch_cards(tx, ORG, 7, NOW), {"ix_posts_number"}),
    "bundle": (lambda tx: raised.of_bundle(tx, ORG, "nudge:x"), {"ix_raised_post_key"}),
    "nudged": (lambda tx: raised.sent_since(tx, ORG, 7, NOW), {"ix_raised_number"}),
    "overdue": (lambda tx: ratings.overdue(tx, ORG, NOW, NOW), {"ix_polls_open"}),
    "open at": (
        lambda tx: numbers.open_at(tx, ORG, LATER),
        {"ix_requests_unfinished", "ix_requests_ended"},
    ),
    "late": (lambda tx: numbers.perhaps_late(tx, ORG, LATER), {"ix_requests_unfinished"}),
    "oldest": (lambda tx: numbers.oldest(tx, ORG, LATER, 5), {"ix_requests_unfinished"}),
    "open now": (lambda tx: numbers.open_now(tx, ORG), {"ix_requests_unfinished"}),
    "asked": (lambda tx: numbers.asked(tx, ORG, NOW, LATER), {"ix_polls_asked", "ix_posts_number"}),
    "to remind of": (lambda tx: ratings.to_remind_of(tx, ORG, NOW, 9), {"ix_polls_remind"}),
    "to check": (lambda tx: ratings.to_check(tx, ORG, NOW, 9), {"ix_recoveries_check"}),
    "nameless": (lambda tx: anonymous.of_week(tx, ORG, "2026-W48"), {"USING PRIMARY KEY"}),
    "recovered": (lambda tx: ratings.recoveries(tx, ORG, NOW, LATER), {"ix_polls_asked"}),
    "open of": (lambda tx: ratings.open_of(tx, ORG, 7), {"sqlite_autoindex_polls_1"}),
    "unanswered": (
        lambda tx: ratings.unanswered(tx, ORG, ANN, LATER + timedelta(hours=5)),
        {"ix_polls_person"},
    ),
    "person": (lambda tx: people.get(tx, ORG, ANN), {"sqlite_autoindex_people_1"}),
    "handle": (lambda tx: people.by_handle(tx, ORG, "ann7", "slack"), {"ix_people_handle"}),
    "email": (lambda tx: people.of_email(tx, ORG, "u7@x.test"), {"ix_people_email"}),
    "accounts": (lambda tx: people.accounts(tx, ORG, "slack:U7"), {"ix_people_same_as"}),
    "team": (
        lambda tx: people.members_of(tx, ORG, "slack:C1", linked=True),
        {"sqlite_autoindex_members_1", "sqlite_autoindex_people_1"},
    ),
    "concerning": (
        lambda tx: requests.concerning(tx, ORG, "slack:U7"),
        {"ix_requests_requester", "ix_requests_unfinished"},
    ),
    "owed": (lambda tx: posts.owed_in(tx, ORG, "slack:C0"), {"ix_posts_owed"}),
    "conversation": (lambda tx: conversations.get(tx, ORG, ANN), {"sqlite_autoindex_conversations_1"}),
    "often": (lambda tx: ratings.asked_since(tx, ORG, ANN, LATER), {"ix_polls_person", "ix_posts_number"}),
}


@pytest.mark.parametrize(("ask", "indexes"), PLANS.values(), ids=PLANS.keys())
def test_questions_are_answered_from_an_index(full: Database, ask: Any, indexes: set[str]) -> None:
    plans = full.submit(lambda tx: explained(tx, ask)).result()
    used = " ".join(plans)
    assert {index for index in indexes if index not in used} == set(), plans
    scans = [
        line for line in plans if line.startswith("SCAN") and line not in ("SCAN walk", "SCAN CONSTANT ROW")
    ]
    assert scans == [], "no table is read from end to end"


def explained(tx: Connection, ask: Any) -> list[str]:
    """What SQLite does for each statement that `ask` runs; found by listening at the driver."""
    raw: Any = tx.connection.driver_connection
    heard: list[str] = []
    raw.set_trace_callback(heard.append)
    try:
        ask(tx)
    finally:
        raw.set_trace_callback(None)
    statements = [one for one in heard if one.split()[0] in ("SELECT", "UPDATE", "INSERT", "DELETE", "WITH")]
    assert statements
    return [str(row[3]) for one in statements for row in raw.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()]
