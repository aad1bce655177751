"""A desk without a chat: people say lines, time passes, and what is owed is composed and settled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from handlers import catalogue, desk, directory, outbox, targets
from handlers.house import House
from handlers.intents import Caller, Intent
from handlers.notices import Filed, Notice
from handlers.sweep import sweep
from storage import anonymous, history, people, posts, requests, tables
from storage.database import Database
from storage.migrate import upgrade
from storage.records import AnonymousVote, Conversation, Entry, Person, PlaceId, Post, Request, Status

T = TypeVar("T")

ZONE = "Europe/Stockholm"
TRIAGE = "slack:C1"
ANN, BOB, CAT, LEA = "slack:UANN", "slack:UBOB", "slack:UCAT", "slack:ULEA"
"""Ann asks; Bob and Cat serve in the triage channel; Lea leads."""
HOUSE = House(zone=ZONE, triage=TRIAGE, lead=LEA)


def moment(text: str, zone: str = ZONE) -> datetime:
    """`2026-11-23 10:00` on a zone's clocks, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


MONDAY = moment("2026-11-23 10:00")
STRIDE = timedelta(hours=6)


def a_request(**more: Any) -> Request:
    """One that Ann has filed on Monday at ten."""
    known: dict[str, Any] = {
        "number": 1,
        "status": Status.OPEN,
        "title": "toner",
        "requester": ANN,
        "filed_by": ANN,
        "place": TRIAGE,
        "filed_at": MONDAY,
        "moved_at": MONDAY,
    }
    return Request(**{**known, **more})


class Office:
    """A database, a house and a clock in one hand."""

    def __init__(self, url: str = "sqlite://", house: House = HOUSE, at: datetime = MONDAY) -> None:
        self.house, self.now = house, at
        self.said: list[tuple[PlaceId, Notice]] = []
        """Every message that was posted or edited, in order."""
        self.closed: dict[PlaceId, str] = {}
        """Places where nothing can be said, and why."""
        self._numbers = count(1)
        if url != "sqlite://":
            upgrade(url)
        self.database = Database.open(url)
        if url == "sqlite://":
            self.database.submit(lambda tx: tables.metadata.create_all(tx)).result()
        self.keep(self._furnish)

    def _furnish(self, tx: Connection) -> None:
        for person, name in ((ANN, "Ann"), (BOB, "Bob"), (CAT, "Cat"), (LEA, "Lea")):
            people.describe(tx, self.house.org, Person(person, name, handle=name.lower(), zone=ZONE))
        if self.house.triage:
            people.set_members(tx, self.house.org, TRIAGE, (BOB, CAT, LEA))

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def keep(self, unit: Callable[[Connection], T]) -> T:
        def informed(tx: Connection) -> T:
            self.house = catalogue.current(tx, self.house)
            return unit(tx)

        return self.database.submit(informed).result()

    def say(self, who: str, line: str, place: PlaceId = TRIAGE) -> Notice:
        caller = Caller(who, place, source=who.partition(":")[0])
        return self.keep(lambda tx: desk.say(tx, self.house, caller, line, self.now))

    def file(self, who: str, line: str, place: PlaceId = TRIAGE) -> int:
        """Say a line that files, and give the number."""
        filed = self.say(who, line, place)
        assert isinstance(filed, Filed), filed
        return filed.number

    def fill(self, who: str, form: str, values: dict[str, str]) -> Notice:
        caller = Caller(who, TRIAGE, source=who.partition(":")[0])
        return self.keep(lambda tx: desk.fill(tx, self.house, caller, form, {}, {**values}, self.now))

    def described(self, who: str, name: str, **more: Any) -> None:
        """The platform says who somebody is."""
        known = Person(who, name, **{"handle": name.split()[0].lower(), "zone": ZONE, **more})
        self.keep(lambda tx: directory.describe(tx, self.house, known, self.now))

    def says_hello(self, who: str) -> None:
        """Somebody can be written to from now on."""
        self.closed.pop(who, None)
        hello = Conversation(who, f"a:{who}", "https://teams.test")
        self.keep(lambda tx: directory.met(tx, self.house, hello, self.now))

    def do(self, who: str, intent: Intent, key: str | None = None) -> Notice:
        caller = Caller(who, TRIAGE, key=key, source=who.partition(":")[0])
        return self.keep(lambda tx: desk.handle(tx, self.house, caller, intent, self.now))

    def request(self, number: int = 1) -> Request:
        found = self.keep(lambda tx: requests.get(tx, self.house.org, number))
        assert found is not None
        return found

    def story(self, number: int = 1) -> list[Entry]:
        return self.keep(lambda tx: history.of(tx, self.house.org, number))

    def verbs(self, number: int = 1) -> list[str]:
        return [line.verb for line in self.story(number)]

    def posts(self, number: int = 1) -> list[Post]:
        return self.keep(lambda tx: posts.of_request(tx, self.house.org, number))

    def post(self, key: str) -> Post:
        found = self.keep(lambda tx: posts.by_key(tx, self.house.org, key))
        assert found is not None, key
        return found

    def claim(self, lease: str = "courier", limit: int = 100) -> list[Post]:
        def unit(tx: Connection) -> list[Post]:
            places = outbox.owing(tx, self.house, self.now, "", limit)
            return outbox.claim(tx, self.house, places, self.now, lease)

        return self.keep(unit)

    def compose(self, post: Post) -> outbox.Composed | None:
        return self.keep(lambda tx: outbox.compose(tx, self.house, post, self.now))

    def deliver(self) -> list[tuple[PlaceId, Notice]]:
        """Deliver everything that is due, and give what was said."""
        first = len(self.said)
        while claimed := self.claim():
            for post in claimed:
                self.settle(post)
        return self.said[first:]

    def settle(self, post: Post) -> None:
        composed = self.compose(post)
        if composed is None:
            self.keep(lambda tx: outbox.dropped(tx, self.house, post, "courier", self.now))
            return
        if why := self.closed.get(composed.place.partition("/")[0]):
            self.fail(post, why)
            return
        self.said.append((composed.place, composed.notice))
        message = post.message or f"{composed.place.partition('/')[0]}/{next(self._numbers)}"
        self.keep(lambda tx: outbox.delivered(tx, self.house, post, message, "courier", self.now))
        self.keep(lambda tx: outbox.follow_up(tx, self.house, post, composed.notice, self.now))

    def fail(self, post: Post, why: str, gone: bool = False) -> None:
        self.keep(lambda tx: outbox.given_up(tx, self.house, post, why, gone, "courier", self.now))

    def sweep(self) -> None:
        while self.keep(lambda tx: sweep(tx, self.house, self.now, 25)) == 25:
            pass

    def wait(self, **time: float) -> list[tuple[PlaceId, Notice]]:
        """Let time pass from one due time to the next; gives what was said."""
        first, end = len(self.said), self.now + timedelta(**time)
        while self.now < end:
            self.now = self.keep(lambda tx: self._next(tx, end))
            self.sweep()
            self.deliver()
        return self.said[first:]

    def _next(self, tx: Connection, end: datetime) -> datetime:
        """The next moment when something is due, but never more than a few hours on."""
        times = (tables.requests.c.nudge_at, tables.posts.c.due_at)
        due = [tx.execute(select(func.min(at)).where(at > self.now)).scalar_one() for at in times]
        soonest: datetime = min([end, self.now + STRIDE, *(at for at in due if at)])
        return soonest

    def until(self, text: str) -> list[tuple[PlaceId, Notice]]:
        """Let time pass until a moment in the office."""
        return self.wait(seconds=(moment(text) - self.now).total_seconds())

    def leaves(self, person: str) -> None:
        """Somebody is no longer with us."""

        def unit(tx: Connection) -> None:
            known = people.get(tx, self.house.org, person)
            assert known is not None
            directory.describe(tx, self.house, replace(known, active=False), self.now)

        self.keep(unit)


def unnamed(tx: Connection, org: str) -> list[AnonymousVote]:
    """Every vote without a name, of whichever week."""
    weeks = tx.execute(select(tables.anonymous_votes.c.week).distinct()).scalars().all()
    return [vote for week in sorted(weeks) for vote in anonymous.of_week(tx, org, week)]


def set_out(request: Request, house: House = HOUSE) -> Request:
    """The request with the times it would have been given when it was filed."""
    respond_by, resolve_by = targets.times(request, house, request.filed_at)
    return replace(request, respond_by=respond_by, resolve_by=resolve_by)
