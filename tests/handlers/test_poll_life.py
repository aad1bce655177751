"""The life of polls: resolved, reopened, voted, taken back, reminded, closed, restarted, in any order.

Whatever happens, in whichever order it is told:

1. A request has at most one open poll, and a resolution at most two: the second asks once more.
2. A poll has one vote: of what its requester put on it, the latest that was not taken off.
3. Nobody else's vote counts, and none on a poll that is closed: what is closed stays as it is.
4. Nothing is posted about a poll that is closed; what was posted is edited.
5. There is one reminder at most, and of an anonymous poll none, nor is anybody told of its vote.
6. Nobody is given more than three polls in a week; a second question about the same is not one of them.
7. Who resolved, the team, the service and who may know stay as they were.
8. A confidential vote is told to the lead alone.
9. Every anonymous vote that stood when its poll closed is counted, and nothing of it stays with the poll.
10. Of an anonymous service, one week at most has fewer than five votes: the last, which waits for the next.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, select

from handlers import csat
from handlers.intents import React
from handlers.may import ENOUGH_VOTES
from handlers.notices import Answer
from handlers.poll_intents import MadeGood
from storage import catalogue, ratings
from storage.polled import polls
from storage.records import Poll, Post, PostKind, Privacy, Service, Team
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, TRIAGE, Office, unnamed

FACES = [face.mark for face in HOUSE.scale]
EVERYBODY = (ANN, ANN, ANN, BOB, CAT, LEA)
MODES = tuple(Privacy)
SPANS = (timedelta(minutes=5), timedelta(hours=5), timedelta(days=1), timedelta(days=3), timedelta(days=8))
FROZEN = ("number", "resolution", "person", "resolver", "asked_at", "team", "service", "privacy")
WEEK = timedelta(days=7)

which = st.integers(0, 5)
people = st.sampled_from(EVERYBODY)


class Watched(Office):
    """An office where every post that is made for the first time is looked at."""

    posted: list[tuple[datetime, Post, Poll]]

    def settle(self, post: Post) -> None:
        before = len(self.said)
        super().settle(post)
        asked = (PostKind.POLL, PostKind.REMINDER, PostKind.RECOVERY)
        if len(self.said) == before or post.message is not None or post.kind not in asked:
            return
        poll = self.keep(lambda tx: ratings.get(tx, HOUSE.org, int(post.ref)))
        assert poll is not None
        self.posted.append((self.now, post, poll))
        if post.kind is not PostKind.RECOVERY:
            assert poll.closed_at is None, "promise 4"


class PollLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name)}/desk.db"
        self.office = Watched(self.url)
        self.office.posted = []
        self.requests = 0
        self.put: dict[int, dict[str, tuple[datetime, bool, int]]] = {}
        """By poll and mark: when it was last put or taken off, whether it is there, and its score."""
        self.known: dict[int, Poll] = {}
        self.counted: Counter[int] = Counter()

    @initialize()
    def furnish(self) -> None:
        def unit(tx: Connection) -> None:
            catalogue.keep_team(tx, HOUSE.org, Team("flowers", "Flowers", lead=LEA, place=TRIAGE))
            for mode in MODES:
                catalogue.keep_service(tx, HOUSE.org, Service(mode, mode.title(), "flowers", privacy=mode))
            catalogue.count_up(tx, HOUSE.org)

        self.office.keep(unit)

    # What people do

    @rule(mode=st.sampled_from(MODES), who=st.sampled_from([BOB, CAT, LEA, ANN]))
    def file_and_resolve(self, mode: Privacy, who: str) -> None:
        self.requests = self.office.file(ANN, f"roses #{mode}")
        self.office.say(who, f"resolve {self.requests}")
        self.office.deliver()

    @precondition(lambda self: self.requests)
    @rule(which=which, who=st.sampled_from([BOB, CAT]))
    def resolve(self, which: int, who: str) -> None:
        self.office.say(who, f"resolve {self.number(which)}")
        self.office.deliver()

    @precondition(lambda self: self.requests)
    @rule(which=which)
    def reopen(self, which: int) -> None:
        self.office.say(ANN, f"reopen {self.number(which)}")
        self.office.deliver()

    @precondition(lambda self: self.known)
    @rule(
        which=which,
        who=people,
        score=st.integers(1, 5),
        added=st.booleans(),
        seconds=st.integers(-9, 0),
        known=st.booleans(),
    )
    def react(self, which: int, who: str, score: int, added: bool, seconds: int, known: bool) -> None:
        """On one of the polls, perhaps told late, perhaps a removal before its addition, or another emoji."""
        poll = list(self.known.values())[-1 - which % len(self.known)]
        post = self.office.post(csat.key(poll.number, poll.resolution)) if poll.put_at else None
        if post is None or post.message is None:
            return
        at = self.office.now + timedelta(seconds=seconds)
        mark = FACES[score - 1] if known else "tada"
        with self.changes(poll, allowed=known and who == ANN):
            self.office.do(who, React(post.message, mark, added, at))
        if known and who == ANN and poll.closed_at is None:
            self.cast(poll, mark, at, added, score)

    @precondition(lambda self: self.requests)
    @rule(which=which, who=people, score=st.integers(1, 5))
    def rate(self, which: int, who: str, score: int) -> None:
        number = self.number(which)
        if isinstance(self.office.say(who, f"rate {number} {score}"), Answer):
            assert who == ANN, "promise 3"
            self.cast(self.answering(number), csat.TYPED, self.office.now, True, score)

    @precondition(lambda self: self.requests)
    @rule(which=which, who=people)
    def unrate(self, which: int, who: str) -> None:
        number = self.number(which)
        if isinstance(self.office.say(who, f"unrate {number}"), Answer):
            assert who == ANN, "promise 3"
            put = self.put[self.answering(number).id]
            for mark, (at, there, score) in list(put.items()):
                if there and at <= self.office.now:
                    put[mark] = (self.office.now, False, score)

    @precondition(lambda self: self.requests)
    @rule(
        which=which,
        who=people,
        verb=st.sampled_from(["comment {} so so", "fault {} attitude", "fault {} delivery", "share {}"]),
    )
    def say_more(self, which: int, who: str, verb: str) -> None:
        number = self.number(which)
        before = self.everything() if who != ANN else []
        self.office.say(who, verb.format(number))
        assert before in ([], self.everything()), "promise 3"

    @precondition(lambda self: self.requests)
    @rule(which=which, who=st.sampled_from([BOB, CAT, LEA]))
    def make_good(self, which: int, who: str) -> None:
        self.office.do(who, MadeGood(self.number(which), "again"))
        self.office.deliver()

    # What time and machines do

    @rule(span=st.sampled_from(SPANS))
    def wait(self, span: timedelta) -> None:
        self.office.wait(seconds=span.total_seconds())

    @rule()
    def restart(self) -> None:
        old = self.office
        old.database.close()
        self.office = Watched(self.url, at=old.now)
        self.office.posted, self.office._numbers = old.posted, old._numbers

    # What is looked at afterwards

    @invariant()
    def all_is_in_order(self) -> None:
        self.office.deliver()
        found = self.everything()
        for poll in found:
            before = self.known.get(poll.id)
            self.put.setdefault(poll.id, {})
            self.has_one_vote(poll, before)
            if before is not None:
                assert [getattr(poll, name) for name in FROZEN] == [getattr(before, name) for name in FROZEN]
                assert before.closed_at is None or replace(poll, quotable=before.quotable) == before
            self.known[poll.id] = poll
        still = Counter(poll.number for poll in found if poll.closed_at is None)
        assert max(still.values(), default=0) <= 1
        self.was_posted_in_measure()
        votes = self.office.keep(lambda tx: unnamed(tx, HOUSE.org))
        assert Counter(vote.score for vote in votes if vote.score) == self.counted, "promise 9"
        told = Counter((vote.service, vote.week) for vote in votes if vote.score)
        few = [week for (_, week), of in told.items() if of < ENOUGH_VOTES]
        assert len(few) <= 1, "promise 10"

    def has_one_vote(self, poll: Poll, before: Poll | None) -> None:
        """Promises 2 and 9."""
        stands = self.stands(poll.id)
        if poll.privacy is Privacy.ANONYMOUS and poll.closed_at is not None:
            if stands is not None and (before is None or before.closed_at is None):
                self.counted[stands] += 1
            assert (poll.score, poll.voted_at, poll.reasons, poll.comment) == (None, None, (), "")
        else:
            assert poll.score == stands
            assert not poll.reasons or (stands is not None and stands <= 2)

    def was_posted_in_measure(self) -> None:
        """Promises 5, 6 and 8."""
        posted = self.office.posted
        times = [at for at, post, poll in posted if post.kind is PostKind.POLL and not poll.again]
        assert all(later - at >= WEEK for at, later in zip(times, times[3:], strict=False))
        reminders = Counter(poll.id for _, post, poll in posted if post.kind is PostKind.REMINDER)
        assert max(reminders.values(), default=0) <= 1
        for _, post, poll in posted:
            assert post.kind is PostKind.POLL or poll.privacy is not Privacy.ANONYMOUS
            if post.kind is PostKind.RECOVERY:
                assert post.place in ((BOB, CAT, LEA) if poll.privacy is Privacy.NAMED else (LEA,))
            else:
                assert post.place == ANN == poll.person != poll.resolver

    def number(self, which: int) -> int:
        """One of the requests, the latest first."""
        return max(1, self.requests - which)

    def answering(self, number: int) -> Poll:
        """The poll that a typed answer was for: the only one that is open."""
        (poll,) = self.office.keep(lambda tx: ratings.open_of(tx, HOUSE.org, number))
        return poll

    def cast(self, poll: Poll, mark: str, at: datetime, added: bool, score: int) -> None:
        """What `storage.ratings.cast` promises, said again."""
        put = self.put.setdefault(poll.id, {})
        before = put.get(mark)
        if before is None or before[0] < at or (before[0] == at and (before[1] or not added)):
            put[mark] = (at, added, score)

    def stands(self, poll: int) -> int | None:
        there = [(at, mark, score) for mark, (at, added, score) in self.put[poll].items() if added]
        latest = max((at for at, _, _ in there), default=None)
        first = sorted((mark, score) for at, mark, score in there if at == latest)
        return first[0][1] if first else None

    @contextmanager
    def changes(self, poll: Poll, *, allowed: bool) -> Iterator[None]:
        """Promise 3."""
        before = self.everything()
        yield
        if not allowed or poll.closed_at is not None:
            assert self.everything() == before

    def everything(self) -> list[Poll]:
        def unit(tx: Connection) -> list[Poll]:
            found = [ratings.get(tx, HOUSE.org, id_) for id_ in tx.execute(select(polls.c.id)).scalars()]
            return [poll for poll in found if poll is not None]

        return self.office.keep(unit)

    def teardown(self) -> None:
        self.office.database.close()
        self.folder.cleanup()


TestPollLife = PollLife.TestCase
TestPollLife.settings = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
