"""The life of requests: anybody does anything at any time, the clock sweeps, couriers come and fail.

Whatever happens, in whichever order:

1. A history only grows, and with every change of its request.
2. Status, owner, waiting and ending tell one story.
3. The clock looks again at everything that can become due, and at nothing else.
4. Nothing waits for a request that has ended.
5. A place has one card of a request.
6. What is owed is said in the end, and once for each key unless a courier was lost on the way.
7. A private text is composed for nobody but those it concerns, and a team's whisper for nobody but the team.
8. Nobody is nudged about what has ended, is parked, or waits.
9. What is due is moved by just as much working time as the history says that the clock stood still.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection

from handlers import directory, intents, outbox, past, targets, worktime
from handlers.csat import key as poll_key
from handlers.house import Subscription
from handlers.intents import Draft, Intent
from handlers.lifecycle import ENDED, UNFINISHED
from handlers.notices import Filed, Notice, Nudge, Refused, Story
from storage import history, people, posts, ratings, requests
from storage.records import Entry, Post, PostKind, Priority, Request, Status, WaitingOn
from storage.types import WallTime
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, TRIAGE, ZONE, Office

DAN = "slack:UDAN"
OTHER_ACCOUNTS = {BOB: "teams:29:bob", ANN: "teams:29:ann"}
"""Where people are linked: they speak from either."""
EVERYBODY = (ANN, BOB, CAT, LEA, DAN)
VERBS = (
    "take",
    "take",
    "give",
    "ask",
    "wait_until",
    "wait_on",
    "note",
    "whisper",
    "resolve",
    "resolve",
    "reopen",
    "cancel",
    "decline",
    "nudge",
    "snooze",
    "follow",
    "unfollow",
)
OUTCOMES = ("said", "said", "said", "later", "limited", "never", "gone", "unmet", "lost")
FACES = [face.mark for face in HOUSE.scale]
HOUSES = {
    "a channel and a lead": replace(HOUSE, digests=(Subscription(TRIAGE, 0, HOUSE.slots[0], ZONE),)),
    "no channel": replace(HOUSE, triage=None),
    "no lead": replace(HOUSE, lead=None),
    "two platforms": replace(HOUSE, link_people=True),
}

people_ = st.sampled_from(EVERYBODY)
which = st.integers(0, 5)
spans = st.sampled_from(
    [timedelta(minutes=1), timedelta(minutes=40), timedelta(hours=5), timedelta(days=1), timedelta(days=4)]
)


def vault(number: int) -> str:
    """What is written in a request's texts: to be found in whatever gives them away."""
    return f"vault{number}x"


def hush(number: int) -> str:
    return f"hush{number}x"


@dataclass
class InHand:
    """A post that a courier has leased."""

    post: Post
    lease: str


@dataclass
class Sent:
    """How often each key was posted, and how often a courier was lost with it."""

    posted: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.office: Office | None = None
        self.stories: dict[int, list[Entry]] = {}
        self.revisions: dict[int, int] = {}
        self.in_hand: list[InHand] = []
        self.sent = Sent()
        self.leases = 0
        self.speaks = count()

    @property
    def here(self) -> Office:
        assert self.office is not None
        return self.office

    # What people do

    @precondition(lambda self: self.office is None)
    @rule(house=st.sampled_from(sorted(HOUSES)))
    def open_the_office(self, house: str) -> None:
        self.office = Office(house=HOUSES[house])
        for who, account in OTHER_ACCOUNTS.items():
            for one in (who, account) if self.here.house.link_people else ():
                self.here.described(one, one, email=f"{who[-3:]}@x.test")

    @precondition(lambda self: self.office is not None)
    @rule(
        who=people_,
        to=st.none() | people_,
        behalf=st.none() | people_,
        priority=st.sampled_from(Priority),
        private=st.booleans(),
        soon=st.none() | spans,
    )
    def file(
        self,
        who: str,
        to: str | None,
        behalf: str | None,
        priority: Priority,
        private: bool,
        soon: timedelta | None,
    ) -> None:
        number = len(self.stories) + 1
        needed = WallTime.at(self.here.now + soon, ZONE) if soon else None
        draft = Draft(
            f"toner {vault(number)}",
            f"black {vault(number)}",
            priority,
            to=to,
            behalf=behalf,
            private=private,
            needed_by=needed,
        )
        notice = self.do(who, intents.File(draft))
        if isinstance(notice, Filed):
            assert notice.number == number, "numbers run without a gap"
            self.stories[number] = []

    @precondition(lambda self: self.stories)
    @rule(
        who=people_,
        which=which,
        verb=st.sampled_from(VERBS),
        other=people_,
        second=which,
        span=spans,
    )
    def step(self, who: str, which: int, verb: str, other: str, second: int, span: timedelta) -> None:
        number = 1 + which % len(self.stories)
        before, story = self.here.request(number), self.here.story(number)
        notice = self.do(who, self.intent(verb, number, other, 1 + second % len(self.stories), span))
        after = self.here.request(number)
        if isinstance(notice, Refused):
            assert after == before
            assert self.here.story(number) == story
        elif verb not in ("follow", "unfollow", "take"):
            assert len(self.here.story(number)) > len(story)

    def intent(self, verb: str, n: int, other: str, second: int, span: timedelta) -> Intent:
        until = WallTime.at(self.here.now + span, ZONE)
        said = f"words {vault(n)}"
        made: dict[str, Intent] = {
            "take": intents.Take(n, until if span > timedelta(hours=1) else None),
            "give": intents.Give(n, other, said),
            "ask": intents.Ask(n, f"which? {vault(n)}"),
            "wait_until": intents.WaitUntil(n, until),
            "wait_on": intents.WaitOn(n, second),
            "note": intents.Note(n, said),
            "whisper": intents.Note(n, hush(n), team_only=True),
            "resolve": intents.Resolve(n, said),
            "reopen": intents.Reopen(n, said),
            "cancel": intents.Cancel(n),
            "decline": intents.Decline(n, said),
            "nudge": intents.AnyNews(n),
            "snooze": intents.Snooze(n, until, said),
            "follow": intents.Follow(n),
            "unfollow": intents.Follow(n, on=False),
        }
        return made[verb]

    @precondition(lambda self: self.stories)
    @rule(who=people_, which=which, score=st.integers(1, 5), typed=st.booleans(), added=st.booleans())
    def rate(self, who: str, which: int, score: int, typed: bool, added: bool) -> None:
        number = 1 + which % len(self.stories)
        poll = self.here.keep(lambda tx: ratings.latest(tx, self.here.house.org, number))
        post = poll and self.here.keep(
            lambda tx: posts.by_key(tx, self.here.house.org, poll_key(number, poll.resolution))
        )
        if typed:
            self.do(who, intents.Rate(number, score, vault(number)))
        elif post and post.message:
            self.do(who, intents.React(post.message, FACES[score - 1], added, self.here.now))
        after = poll and self.here.keep(lambda tx: ratings.get(tx, self.here.house.org, poll.id))
        if poll and (self.whose(who) != poll.person or poll.closed_at):
            assert after == poll, "nobody else votes, and nobody after the end"

    @precondition(lambda self: self.stories)
    @rule(
        who=people_,
        line=st.sampled_from(["list open", "list team", "find toner", "digest", "list mine", "late"]),
    )
    def look_around(self, who: str, line: str) -> None:
        self.heard(who, self.here.say(who, "list late" if line == "late" else line), person=True)

    @precondition(lambda self: self.stories)
    @rule(who=people_, which=which, story=st.booleans())
    def look_at(self, who: str, which: int, story: bool) -> None:
        number = 1 + which % len(self.stories)
        looked: Intent = intents.History(number) if story else intents.Show(number)
        self.do(who, looked)

    @precondition(lambda self: self.office is not None)
    @rule(who=people_, cover=st.none() | people_, span=st.none() | spans)
    def is_away_for(self, who: str, cover: str | None, span: timedelta | None) -> None:
        until = WallTime.at(self.here.now + span, ZONE) if span else None
        self.do(who, intents.Away(until, cover) if until else intents.Back())

    @precondition(lambda self: self.stories)
    @rule(who=st.sampled_from([BOB, CAT, LEA, ANN]))
    def leaves(self, who: str) -> None:
        self.here.leaves(who)

    @precondition(lambda self: self.stories)
    @rule(who=people_)
    def says_hello(self, who: str) -> None:
        """For the first time, or again after the bot was removed."""
        self.here.keep(lambda tx: directory.forgotten(tx, self.here.house, who))
        self.here.says_hello(who)

    # What the clock and the couriers do

    @precondition(lambda self: self.office is not None)
    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        self.here.now += span

    @precondition(lambda self: self.stories)
    @rule()
    def sweep(self) -> None:
        self.here.sweep()
        for request in self.requests():
            assert request.nudge_at is None or request.nudge_at > self.here.now, request.number

    @precondition(lambda self: self.stories)
    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        self.leases += 1
        lease = f"lease {self.leases}"
        for post in self.here.claim(lease, limit):
            for one in self.in_hand:
                if one.post.id == post.id:
                    self.sent.lost[post.key] += 1  # its lease has ended; it may come back all the same
            self.in_hand.append(InHand(post, lease))

    @precondition(lambda self: self.in_hand)
    @rule(index=st.integers(0, 9), how=st.sampled_from(OUTCOMES))
    def deliver(self, index: int, how: str) -> None:
        one = self.in_hand.pop(index % len(self.in_hand))
        composed = self.here.compose(one.post)
        if composed is None:
            self.settle(lambda tx: outbox.dropped(tx, self.here.house, one.post, one.lease, self.here.now))
            return
        self.heard(composed.place, composed.notice)
        match how:
            case "said":
                self.say(one, composed)
            case "later":
                self.put_off(one, None)
            case "limited":
                self.put_off(one, 40.0)
            case "never":
                why = "account_inactive" if self.gone(one.post.place) else "is_archived"
                self.give_up(one, why, False)
            case "gone":
                self.give_up(one, "message_not_found", True)
            case "unmet":
                self.give_up(one, "BotNotInConversationRoster", False)
            case _:
                self.sent.posted[one.post.key] += one.post.message is None
                self.sent.lost[one.post.key] += 1

    def say(self, one: InHand, composed: outbox.Composed) -> None:
        key = one.post.key
        self.sent.posted[key] += one.post.message is None
        message = one.post.message or f"{composed.place}/{sum(self.sent.posted.values())}"
        self.settle(
            lambda tx: outbox.delivered(
                tx, self.here.house, one.post, message, one.lease, self.here.now + timedelta(seconds=1)
            )
        )
        self.settle(
            lambda tx: outbox.follow_up(tx, self.here.house, one.post, composed.notice, self.here.now)
        )

    def put_off(self, one: InHand, retry_in: float | None) -> None:
        self.settle(
            lambda tx: outbox.put_off(
                tx, self.here.house, one.post, "busy", retry_in, one.lease, self.here.now
            )
        )

    def give_up(self, one: InHand, why: str, gone: bool) -> None:
        if gone:
            self.sent.lost[one.post.key] += 1
        self.settle(
            lambda tx: outbox.given_up(tx, self.here.house, one.post, why, gone, one.lease, self.here.now)
        )

    def settle(self, unit: object) -> None:
        self.here.keep(unit)  # type: ignore[arg-type] # a function of a transaction

    def gone(self, place: str) -> bool:
        known = self.here.keep(lambda tx: people.get(tx, self.here.house.org, place))
        return known is not None and not known.active

    # What is looked at afterwards

    def do(self, who: str, intent: Intent) -> Notice:
        account = OTHER_ACCOUNTS.get(who, who) if self.here.house.link_people else who
        notice = self.here.do(account if next(self.speaks) % 3 else who, intent)
        self.heard(who, notice, person=True)
        return notice

    def heard(self, place: str, notice: Notice, person: bool = False) -> None:
        """Promises 7 and 8."""
        words, place = repr(notice), self.whose(place.partition("/")[0])
        team = {self.whose(BOB), CAT, LEA}
        for request in self.requests():
            serving = {request.owner, self.here.house.lead}
            if request.place == TRIAGE:
                serving |= team
            concerned = {request.requester, request.filed_by, *request.followers, request.owner}
            concerned |= {self.here.house.lead} | (serving if person else set())
            if request.private and vault(request.number) in words:
                assert place in concerned, f"#{request.number} was given away to {place}: {words}"
            if hush(request.number) in words:
                shared = request.place != request.owner and not request.private
                served = team if shared and self.here.house.triage else set()
                everybody = request.place != request.owner and self.here.house.triage is None
                assert isinstance(notice, Story)
                assert place in serving | served or everybody, f"#{request.number} was whispered to {place}"
        if isinstance(notice, Nudge):
            for item in notice.items:
                if not item.buttons:
                    continue  # it was nudged, and says what has become of it
                request = self.here.request(item.number)
                assert request.status in UNFINISHED
                parked = request.snoozed_until is not None and request.snoozed_until > self.here.now
                asks = item.buttons[0].line.startswith("answer")
                assert asks or not parked
                assert asks or request.status is not Status.WAITING

    def whose(self, account: str) -> str:
        """The person of an account."""
        found = self.here.keep(lambda tx: people.get(tx, self.here.house.org, account))
        return (found.same_as if found else None) or account

    def requests(self) -> list[Request]:
        return self.here.keep(self._requests)

    def _requests(self, tx: Connection) -> list[Request]:
        found = [requests.get(tx, self.here.house.org, number) for number in self.stories]
        return [request for request in found if request is not None]

    @invariant()
    def all_is_in_order(self) -> None:
        if not self.stories:
            return

        def unit(tx: Connection) -> tuple[list[Request], dict[int, list[Entry]], dict[int, list[Post]]]:
            org = self.here.house.org
            return (
                self._requests(tx),
                {number: history.of(tx, org, number) for number in self.stories},
                {number: posts.of_request(tx, org, number) for number in self.stories},
            )

        everything, stories, owed = self.here.keep(unit)
        for request in everything:
            self.history_only_grows(request, stories[request.number])
            self.tells_one_story(request, Counter(line.verb for line in stories[request.number]))
            self.stood_still_as_told(request, stories[request.number])
            self.looked_at_again(request)
            self.one_card_in_a_place(request, owed[request.number])
            if request.waiting_request is not None:
                assert everything[request.waiting_request - 1].status in UNFINISHED

    def history_only_grows(self, request: Request, now: list[Entry]) -> None:
        before = self.stories[request.number]
        assert now[: len(before)] == before
        if request.revision != self.revisions.get(request.number, 1):
            assert len(now) > len(before)
        self.stories[request.number] = now
        self.revisions[request.number] = request.revision

    def tells_one_story(self, request: Request, verbs: Counter[str]) -> None:
        waits = request.status is Status.WAITING
        assert (request.ended_at is not None) is (request.status in ENDED)
        assert (request.resolved_at is not None) is (request.status in (Status.RESOLVED, Status.CLOSED))
        assert (request.waiting_on is not None) is waits
        until = request.snoozed_until
        if waits or until is None or until > self.here.now:  # else the clock will see to it
            assert (request.paused_at is not None) is (waits or until is not None)
        assert (request.question != "") is (request.waiting_on is WaitingOn.REQUESTER)
        assert (request.waiting_until is not None) is (request.waiting_on is WaitingOn.DATE)
        assert (request.waiting_request is not None) is (request.waiting_on is WaitingOn.REQUEST)
        assert request.resolutions == verbs["resolve"] + verbs["give up"]
        if request.status is Status.TAKEN:
            assert request.owner
            assert request.responded_at

    def stood_still_as_told(self, request: Request, story: list[Entry]) -> None:
        """Promise 9."""
        if request.paused_at or {"reopen", "move"} & {line.verb for line in story}:
            return
        house = self.here.house
        calendar, (_, due) = house.clock_of(request), targets.times(request, house, request.filed_at)
        stood = sum(past.pauses(story, calendar).values(), timedelta())
        assert request.resolve_by == (worktime.add(calendar, due, stood) if stood else due)

    def looked_at_again(self, request: Request) -> None:
        never = request.status in (Status.CLOSED, Status.CANCELLED, Status.DECLINED)
        if never or request.waiting_on is WaitingOn.REQUEST:
            assert request.nudge_at is None
        elif request.escalated_at is None:
            assert request.nudge_at is not None

    def one_card_in_a_place(self, request: Request, owed: list[Post]) -> None:
        cards = Counter(post.place for post in owed if post.kind is PostKind.CARD)
        assert set(cards.values()) == {1}
        assert {request.place, request.requester} <= set(cards)

    def teardown(self) -> None:
        if self.office is None:
            return
        for one in self.in_hand:
            self.sent.lost[one.post.key] += 1
        self.in_hand = []
        self.here.now += outbox.LEASE
        for _ in range(300):
            self.pay()
            if not self.owed():
                break
            self.here.now += timedelta(hours=1)
        assert self.owed() == []
        for key, times in self.sent.posted.items():
            assert times <= 1 + self.sent.lost[key], f"{key} was said {times} times"
        self.office.database.close()

    def pay(self) -> None:
        while claimed := self.here.claim("last"):
            for post in claimed:
                composed = self.here.compose(post)
                one = InHand(post, "last")
                if composed is None:
                    self.settle(
                        lambda tx, post=post: outbox.dropped(tx, self.here.house, post, "last", self.here.now)
                    )
                else:
                    self.heard(composed.place, composed.notice)
                    self.say(one, composed)
            self.here.now += timedelta(seconds=2)

    def owed(self) -> list[str]:
        rows = self.here.keep(
            lambda tx: tx.exec_driver_sql("SELECT key FROM posts WHERE due_at IS NOT NULL").all()
        )
        return [row[0] for row in rows]


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
