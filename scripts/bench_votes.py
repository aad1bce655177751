"""Polls that wait for a vote, each with its message, and the votes on them as Slack tells of them."""

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from handlers.house import SCALE
from handlers.lifecycle import resolve
from scripts.bench_load import PEOPLE, signed
from storage import posts, ratings, requests
from storage.database import Database
from storage.migrate import upgrade
from storage.records import Poll, Post, PostKind, Request, Status

ORG, RESOLVER = "main", f"slack:U{PEOPLE - 1:04}"
SCORES = (5, 5, 5, 5, 5, 5, 4, 4, 3, 2)
"""Of ten votes one is bad: somebody is told of it."""
_MARKS = {face.score: face.mark for face in SCALE}


def message(number: int) -> tuple[str, str, str]:
    """Whom a poll asks, and the channel and time of its message."""
    person = number % (PEOPLE - 1)
    return f"U{person:04}", f"D{person:04}", f"{1_764_000_000 + number}.000100"


def prepare(path: Path, how_many: int) -> None:
    """A new database with so many polls that were put and wait."""
    url = f"sqlite:///{path}"
    upgrade(url)
    with Database.open(url) as database:

        def ask_all(tx: Connection) -> None:
            for number in range(1, how_many + 1):
                _ask(tx, number, datetime.now(UTC))

        database.submit(ask_all).result()


def _ask(tx: Connection, number: int, now: datetime) -> None:
    user, channel, ts = message(number)
    asker = f"slack:{user}"
    open_ = Request(number, Status.OPEN, "toner", asker, "slack:C1", now, now, owner=RESOLVER)
    requests.add(tx, ORG, resolve(open_, "", RESOLVER, now))
    poll = Poll(0, number, 1, asker, RESOLVER, now, put_at=now, close_at=now + timedelta(days=7))
    poll = ratings.open_poll(tx, ORG, poll)
    key = f"poll:{number}:1"
    posts.owe(tx, ORG, key, PostKind.POLL, asker, now, number=number, person=asker, ref=str(poll.id))
    owed = posts.by_key(tx, ORG, key) or Post(0, "", PostKind.POLL, "")
    posts.settle(tx, ORG, owed, message=f"slack:{channel}/{ts}", due_at=None)


def vote(number: int) -> bytes:
    """The vote on a poll: a `reaction_added` as Slack sends it, on the wire."""
    user, channel, ts = message(number)
    event = {
        "type": "reaction_added",
        "user": user,
        "reaction": _MARKS[_score(number)],
        "item_user": "UDESKBELL",
        "item": {"type": "message", "channel": channel, "ts": ts},
        "event_ts": f"{time.time():.6f}",
    }
    envelope = {
        "token": "x",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:08}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T1",
                "user_id": "UDESKBELL",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{number}",
    }
    return signed(json.dumps(envelope).encode(), "application/json")


def _score(number: int) -> int:
    return SCORES[number % len(SCORES)]


def make_sure(path: Path, how_many: int) -> None:
    """Every vote up to this one stands, as it was given and once. Raises `RuntimeError` when one does not."""
    with closing(sqlite3.connect(path)) as connection:
        found = dict(connection.execute("SELECT number, score FROM polls WHERE resolution > 0"))
        (told,) = connection.execute("SELECT count(*) FROM history WHERE verb = 'rate'").fetchone()
    missing = [number for number in range(1, how_many + 1) if found.get(number) != _score(number)]
    if missing or told != how_many:
        raise RuntimeError(f"{how_many} votes were taken, {len(missing)} are missing, {told} are told of")
