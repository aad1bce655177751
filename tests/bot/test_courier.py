"""The courier with a real database and a chat of our own. Its promises are numbered in `bot.courier`."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from bot.chat import Chat, Undelivered
from bot.courier import Courier
from bot.front import Front
from handlers import directory, outbox
from handlers.house import House
from handlers.intents import Caller
from handlers.notices import Card, News, Notice, Nudge, Said
from storage import people, posts, requests
from storage.database import Database
from storage.records import MessageId, Person, PlaceId, Post, PostKind, Request, Status
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, MONDAY, TRIAGE, ZONE, moment

T = TypeVar("T")

SECOND = timedelta(seconds=1)
NOW_AND_THEN = 0.01


@dataclass(frozen=True)
class Message:
    """What was said: where, in which message, and whether it was an edit."""

    place: PlaceId
    id: MessageId
    notice: Notice
    edit: bool


class Room:
    """A chat that remembers what was said in it, and fails when it is told to."""

    def __init__(self) -> None:
        self.said: list[Message] = []
        self.trouble: defaultdict[str, deque[Exception]] = defaultdict(deque)
        """What the next attempts in a place, or on a message, fail with."""
        self.closed: dict[PlaceId, Undelivered] = {}
        """Places where nothing can be said, and why."""
        self.attempts = 0
        """How often somebody tried there."""
        self.dies = False
        """The process is killed after something was said."""
        self.open = asyncio.Event()
        self.open.set()
        self.busy: set[str] = set()

    async def post(self, place: PlaceId, notice: Notice) -> MessageId:
        message = f"{place.partition('/')[0]}/{len(self.said) + 1}"
        await self._say(Message(place, message, notice, False))
        return message

    async def edit(self, message: MessageId, notice: Notice) -> None:
        await self._say(Message(message.partition("/")[0], message, notice, True))

    async def _say(self, message: Message) -> None:
        channel = message.place.partition("/")[0]
        assert channel not in self.busy, "two couriers speak in one place"
        self.busy.add(channel)
        try:
            await self.open.wait()
            await asyncio.sleep(0)
            for where in (message.id, channel):
                if self.trouble[where]:
                    raise self.trouble[where].popleft()
            if channel in self.closed:
                self.attempts += 1
                raise self.closed[channel]
            self.said.append(message)
            if self.dies:
                raise asyncio.CancelledError
        finally:
            self.busy.remove(channel)

    def in_place(self, place: PlaceId) -> list[Message]:
        return [message for message in self.said if message.place.partition("/")[0] == place]

    def now(self, message: MessageId) -> Notice:
        return [one.notice for one in self.said if one.id == message][-1]


class Desk:
    """A front, a courier, a chat, and a clock that stands still until it is moved."""

    def __init__(self, url: str, house: House, pace: timedelta) -> None:
        self.house, self.now, self._pace = house, MONDAY, pace
        self.database = Database.open(url)
        self.couriers: list[Courier] = []
        self.front = Front(self.database, house, lambda: self.now, self.wake)
        self.room = Room()
        self.courier = self.another()

    def another(self) -> Courier:
        chats: dict[str, Chat] = {"slack": self.room}
        courier = Courier(self.front, chats, lambda: self.now, pace=self._pace)
        self.couriers.append(courier)
        return courier

    def wake(self) -> None:
        for courier in self.couriers:
            courier.wake()

    async def keep(self, unit: Callable[[Connection], T]) -> T:
        return await self.front.keep(unit)

    async def say(self, who: str, line: str, place: PlaceId = TRIAGE) -> Notice:
        return await self.front.say(line, Caller(who, place, source="slack"))

    async def post(self, key: str) -> Post:
        found = await self.keep(lambda tx: posts.by_key(tx, self.house.org, key))
        assert found is not None, key
        return found

    async def request(self, number: int = 1) -> Request:
        found = await self.keep(lambda tx: requests.get(tx, self.house.org, number))
        assert found is not None
        return found

    async def card(self, place: PlaceId = TRIAGE, number: int = 1) -> Card:
        message = (await self.post(f"card:{number}:{place}")).message
        assert message is not None
        notice = self.room.now(message)
        assert isinstance(notice, Card)
        return notice

    async def deliver(self, after: timedelta = timedelta()) -> list[Message]:
        """Deliver what is due, some time later; gives what was said."""
        self.now += after
        first = len(self.room.said)
        await self.courier.deliver_due()
        return self.room.said[first:]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - it is somebody else's state
                await asyncio.sleep(NOW_AND_THEN)


@asynccontextmanager
async def open_desk(url: str, house: House = HOUSE, pace: timedelta = timedelta()) -> AsyncIterator[Desk]:
    desk = Desk(url, house, pace)

    def everybody(tx: Connection) -> None:
        for person, name in ((ANN, "Ann"), (BOB, "Bob"), (CAT, "Cat"), (LEA, "Lea")):
            people.describe(tx, house.org, Person(person, name, name.lower(), ZONE))
        people.set_members(tx, house.org, TRIAGE, (BOB, CAT, LEA))

    try:
        await desk.keep(everybody)
        yield desk
    finally:
        desk.room.open.set()
        for courier in desk.couriers:
            await courier.stop()
        await asyncio.to_thread(desk.database.close)


@pytest.fixture
async def desk(upgraded_url: str) -> AsyncIterator[Desk]:
    async with open_desk(upgraded_url) as desk:
        yield desk


@pytest.fixture
async def small(upgraded_sqlite: object, tmp_path: object) -> AsyncIterator[Desk]:
    """One of SQLite, where the kind of database does not matter."""
    import shutil

    async with open_desk(f"sqlite:///{shutil.copy(str(upgraded_sqlite), str(tmp_path))}") as desk:
        yield desk


def kinds(said: list[Message]) -> list[str]:
    return [f"{type(message.notice).__name__}{' edited' if message.edit else ''}" for message in said]


async def test_1_what_was_kept_is_said_where_it_belongs(desk: Desk) -> None:
    await desk.say(ANN, "toner")
    assert sorted((one.place, one.edit) for one in await desk.deliver()) == [(TRIAGE, False), (ANN, False)]
    assert await desk.deliver() == [], "and once"
    await desk.say(BOB, "take 1")
    assert sorted(kinds(await desk.deliver())) == ["Card edited", "Card edited", "News"]
    assert (await desk.card()).status is Status.TAKEN
    assert len({one.id for one in desk.room.said if isinstance(one.notice, Card)}) == 2, "edited in place"


async def test_3_a_place_is_served_in_order(desk: Desk) -> None:
    await desk.say(ANN, "toner")
    for line in ("note 1 one", "note 1 two", "note 1 three"):
        await desk.say(BOB, line)
    await desk.deliver()
    assert kinds(desk.room.in_place(ANN)) == ["Card", "Said", "Said", "Said"]
    said = [one.notice.text for one in desk.room.in_place(ANN) if isinstance(one.notice, Said)]
    assert said == ["one", "two", "three"]


async def test_3_news_is_said_in_the_thread_of_its_card(small: Desk) -> None:
    await small.say(ANN, "toner")
    await small.say(BOB, "take 1")
    await small.deliver()
    card, news = small.room.in_place(ANN)
    assert news.place == card.id


async def test_3_three_changes_are_one_edit(small: Desk) -> None:
    await small.say(ANN, "toner")
    await small.deliver()
    for line in ("take 1", "snooze 1 until tomorrow spring", "resolve 1 new roll"):
        await small.say(BOB, line)
    await small.deliver()
    assert kinds(small.room.in_place(TRIAGE)) == ["Card", "Card edited"]
    assert (await small.card()).status is Status.RESOLVED


async def test_3_a_place_rests_after_a_message(upgraded_url: str) -> None:
    async with open_desk(upgraded_url, pace=SECOND) as desk:
        await desk.say(ANN, "toner")
        await desk.say(ANN, "paper")
        assert sorted(one.place for one in await desk.deliver()) == [TRIAGE, ANN]
        assert await desk.deliver(SECOND - timedelta(milliseconds=1)) == []
        assert sorted(one.place for one in await desk.deliver(timedelta(milliseconds=1))) == [TRIAGE, ANN]
        assert await desk.deliver(SECOND) == []


async def test_a_place_that_is_asked_to_wait_waits_with_all_it_is_owed(desk: Desk) -> None:
    desk.room.trouble[TRIAGE].append(Undelivered("ratelimited", retry_in=30))
    await desk.say(ANN, "toner")
    await desk.say(ANN, "paper")
    assert {one.place for one in await desk.deliver()} == {ANN}, "other places go on"
    assert (await desk.post(f"card:1:{TRIAGE}")).error == "ratelimited"
    assert await desk.deliver(29 * SECOND) == []
    said = await desk.deliver(SECOND)
    assert [one.notice.number for one in said if isinstance(one.notice, Card)] == [1, 2]


async def test_backing_off_doubles_to_an_hour(small: Desk) -> None:
    await small.say(ANN, "toner")
    small.room.trouble[TRIAGE].extend(Undelivered("server_error") for _ in range(14))
    waits = []
    for _ in range(14):
        await small.deliver()
        post = await small.post(f"card:1:{TRIAGE}")
        assert post.due_at is not None
        waits.append((post.due_at - small.now) // SECOND)
        small.now = post.due_at
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]
    await small.deliver()
    post = await small.post(f"card:1:{TRIAGE}")
    assert (post.due_at, post.attempts, post.error) == (None, 0, "")


async def test_what_backs_off_does_not_hold_up_the_rest(small: Desk) -> None:
    await small.say(ANN, "toner")
    await small.say(ANN, "paper")
    small.room.trouble[TRIAGE].append(Undelivered("server_error"))
    said = await small.deliver()
    assert [one.notice.number for one in said if one.place == TRIAGE and isinstance(one.notice, Card)] == [2]


async def test_a_chat_that_breaks_is_tried_again(small: Desk) -> None:
    small.room.trouble[TRIAGE].append(ZeroDivisionError("a bug of ours"))
    await small.say(ANN, "toner")
    assert {one.place for one in await small.deliver()} == {ANN}
    assert {one.place for one in await small.deliver(2 * SECOND)} == {TRIAGE}


async def test_2_killed_after_it_was_said(desk: Desk) -> None:
    """It is said once more, when the lease has ended: never lost."""
    await desk.say(ANN, "toner")
    desk.room.dies = True
    with pytest.raises(asyncio.CancelledError):
        await desk.deliver()
    desk.room.dies = False
    first = len(desk.room.said)
    other = desk.another()
    await other.deliver_due()
    desk.now += outbox.LEASE
    await other.deliver_due()
    assert {one.place for one in desk.room.said[first:]} == {ANN, TRIAGE}
    assert (await desk.post(f"card:1:{TRIAGE}")).due_at is None


async def test_a_change_while_it_is_said_is_said_too(desk: Desk) -> None:
    await desk.say(ANN, "toner")
    desk.room.open.clear()
    under_way = asyncio.create_task(desk.courier.deliver_due())
    await desk.until(lambda: desk.room.busy == {ANN, TRIAGE})
    await desk.say(BOB, "take 1")
    desk.room.open.set()
    await under_way
    assert kinds(desk.room.in_place(TRIAGE)) == ["Card", "Card edited"]
    states = [one.notice.status for one in desk.room.in_place(TRIAGE) if isinstance(one.notice, Card)]
    assert states == [Status.OPEN, Status.TAKEN]


@pytest.mark.parametrize(("taken", "nudged"), [(False, True), (True, False)])
async def test_a_nudge_that_became_untrue_is_not_said(small: Desk, taken: bool, nudged: bool) -> None:
    await small.say(ANN, "toner @bob !high")
    await small.front.sweep()
    small.now = moment("2026-11-23 13:00")
    await small.front.sweep()
    if taken:
        await small.say(BOB, "take 1")
    await small.deliver()
    small.now = moment("2026-11-23 14:00")
    assert any(isinstance(one.notice, Nudge) for one in await small.deliver()) is nudged
    key = f"nudge:{BOB}:{small.now.isoformat(timespec='seconds')}"
    assert (await small.post(key)).due_at is None


async def test_a_platform_that_is_not_connected(small: Desk) -> None:
    await small.keep(
        lambda tx: posts.owe(tx, "main", "k", PostKind.DIGEST, "teams:C1", MONDAY, ref=MONDAY.isoformat())
    )
    await small.say(ANN, "toner", "teams:C1")
    await small.keep(
        lambda tx: posts.owe(tx, "main", "card:1:teams", PostKind.CARD, "teams:C1", MONDAY, number=1)
    )
    assert {one.place for one in await small.deliver()} == {ANN, TRIAGE}
    post = await small.post("card:1:teams")
    assert (post.error, post.attempts) == ("this platform is not connected", 1)
    assert (await small.post("k")).due_at is None, "there was nothing to say"


GONE = Undelivered("message_not_found", permanent=True, gone=True)
ARCHIVED = Undelivered("is_archived", permanent=True)
LEFT = Undelivered("user_disabled", permanent=True)


async def test_a_card_that_somebody_deleted_is_posted_anew(desk: Desk) -> None:
    await desk.say(ANN, "toner")
    await desk.deliver()
    old = await desk.post(f"card:1:{TRIAGE}")
    assert old.message is not None
    desk.room.trouble[old.message].append(GONE)
    await desk.say(BOB, "take 1")
    await desk.deliver()
    new = await desk.post(f"card:1:{TRIAGE}")
    assert new.message not in (None, old.message)
    assert (await desk.card()).status is Status.TAKEN
    await desk.say(ANN, "note 1 soon")
    await desk.deliver()
    thread = [one.place for one in desk.room.in_place(TRIAGE) if isinstance(one.notice, Said)]
    assert thread == [new.message], "the conversation goes on under the new one"


# The numbers of the next are those of `handlers.fallback`.


@pytest.mark.parametrize(
    ("house", "refuge"),
    [(HOUSE, TRIAGE), (replace(HOUSE, triage=None), LEA), (replace(HOUSE, triage=None, lead=None), ANN)],
    ids=["channel", "lead", "requester"],
)
async def test_fallback_1_the_owner_has_left(upgraded_url: str, house: House, refuge: str) -> None:
    async with open_desk(upgraded_url, house) as desk:
        await desk.say(ANN, "toner @bob")
        desk.room.closed[BOB] = LEFT
        await desk.deliver()
        request = await desk.request()
        assert (request.status, request.owner, request.place) == (Status.OPEN, None, refuge)
        assert (await desk.card(refuge)).status is Status.OPEN
        assert (await desk.post(f"card:1:{BOB}")).error == "user_disabled"
        known = await desk.keep(lambda tx: people.get(tx, "main", BOB))
        assert known is not None
        assert not known.active


async def test_fallback_1_what_they_had_in_a_channel_is_open_there(small: Desk) -> None:
    await small.say(ANN, "toner")
    await small.say(BOB, "take 1")
    await small.say(ANN, "paper @bob")
    small.room.closed[BOB] = LEFT
    await small.deliver()
    request = await small.request(1)
    assert (request.status, request.owner, request.place) == (Status.OPEN, None, TRIAGE)
    assert (await small.card(TRIAGE, 1)).status is Status.OPEN


async def test_fallback_1_the_platform_says_so_before_anything_fails(small: Desk) -> None:
    await small.say(ANN, "toner @bob")
    await small.deliver()
    left = Person(BOB, "Bob", "bob", ZONE, active=False)
    await small.keep(lambda tx: directory.describe(tx, small.house, left, small.now))
    await small.deliver()
    assert (await small.request()).place == TRIAGE
    assert (await small.card()).status is Status.OPEN


async def test_fallback_2_the_channel_is_archived(desk: Desk) -> None:
    await desk.say(ANN, "toner")
    await desk.say(BOB, "take 1")
    desk.room.closed[TRIAGE] = ARCHIVED
    await desk.deliver()
    request = await desk.request()
    assert (request.status, request.owner, request.place) == (Status.TAKEN, BOB, LEA)
    assert (await desk.card(LEA)).status is Status.TAKEN


async def test_fallback_2_the_lead_s_own_messages_are_closed(small: Desk) -> None:
    """A desk in the lead's messages, taken by somebody else; then the lead leaves: the owner stays."""
    small.room.closed[TRIAGE] = ARCHIVED
    await small.say(ANN, "toner")
    await small.deliver()
    assert (await small.request()).place == LEA
    await small.say(LEA, "give 1 @bob")
    await small.say(BOB, "take 1")
    small.room.closed[LEA] = LEFT
    await small.deliver()
    request = await small.request()
    assert (request.owner, request.status) == (BOB, Status.TAKEN)
    assert request.place not in (LEA, BOB)


async def test_fallback_2_nothing_is_left_but_the_requester(small: Desk) -> None:
    """The channel is archived and the lead has left: it comes to rest, and does not go to and fro."""
    small.room.closed[TRIAGE] = ARCHIVED
    small.room.closed[LEA] = LEFT
    await small.say(ANN, "toner")
    async with asyncio.timeout(10):
        await small.deliver()
    assert (await small.request()).place == ANN
    assert small.room.attempts < 10, "it was not tried for ever"


async def test_fallback_3_news_for_a_channel_that_is_gone(desk: Desk) -> None:
    await desk.say(ANN, "toner")
    await desk.deliver()
    await desk.say(ANN, "note 1 it is the second floor")
    desk.room.closed[TRIAGE] = ARCHIVED
    said = await desk.deliver()
    assert {type(one.notice) for one in said if one.place.partition("/")[0] == LEA} == {Card, Said}


async def test_fallback_3_a_nudge_for_a_channel_that_is_gone(small: Desk) -> None:
    await small.say(ANN, "toner !high")
    await small.front.sweep()
    await small.deliver()
    small.now = moment("2026-11-23 13:00")
    await small.front.sweep()
    small.now = moment("2026-11-23 14:00")
    small.room.closed[TRIAGE] = ARCHIVED
    said = await small.deliver()
    assert (await small.request()).place == LEA
    assert {type(one.notice) for one in said if one.place.partition("/")[0] == LEA} == {Card}


async def test_fallback_3_a_nudge_for_an_owner_who_left(small: Desk) -> None:
    await small.say(ANN, "toner @bob")
    await small.front.sweep()
    await small.deliver()
    small.now = moment("2026-11-24 12:00")
    await small.front.sweep()
    small.now = moment("2026-11-24 14:00")
    small.room.closed[BOB] = LEFT
    said = await small.deliver()
    request = await small.request()
    assert (request.owner, request.place) == (None, TRIAGE)
    assert any(one.place == TRIAGE and isinstance(one.notice, Card) for one in said)


async def test_fallback_4_what_the_requester_alone_was_to_see(small: Desk) -> None:
    await small.say(ANN, "toner")
    await small.deliver()
    await small.say(BOB, "take 1")
    small.room.closed[ANN] = LEFT
    said = await small.deliver()
    assert [type(one.notice) for one in said] == [Card], "the channel's card; nobody hears Ann's news"
    assert (await small.request()).place == TRIAGE


async def test_4_two_couriers_say_everything_once(desk: Desk) -> None:
    for number in range(12):
        await desk.say(ANN if number % 2 else CAT, f"toner {number}")
    other = desk.another()
    for courier in (desk.courier, other):
        courier.start()
    await desk.until(lambda: len(desk.room.said) == 24)
    await asyncio.sleep(0.1)
    cards = [(one.place, one.notice.number) for one in desk.room.said if isinstance(one.notice, Card)]
    assert len(cards) == len(set(cards)) == 24
    assert [number for place, number in cards if place == TRIAGE] == list(range(1, 13)), "and in order"


async def test_what_people_do_wakes_the_courier(small: Desk) -> None:
    small.courier.start()
    await small.say(ANN, "toner")
    await small.until(lambda: len(small.room.said) == 2)
    await small.say(BOB, "take 1")
    await small.until(lambda: len(small.room.said) == 5)
    assert isinstance(small.room.in_place(ANN)[-1].notice, Card | News)


async def test_stopping_finishes_what_is_in_hand_and_takes_no_more(desk: Desk) -> None:
    desk.room.open.clear()
    desk.courier.start()
    await desk.say(ANN, "toner")
    await desk.until(lambda: desk.room.busy == {ANN, TRIAGE})
    await desk.say(BOB, "take 1")
    stopping = asyncio.create_task(desk.courier.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    desk.room.open.set()
    await stopping
    assert kinds(desk.room.said) == ["Card", "Card"]
    card = await desk.post(f"card:1:{TRIAGE}")
    assert card.message is not None
    assert card.due_at == desk.now, "the change is left to the next process"
    claimed = await desk.keep(lambda tx: posts.owing(tx, "main", desk.now, "", 9))
    assert claimed == [TRIAGE, ANN], "which need not wait for a lease to end"


async def test_a_courier_that_was_never_started_stops(small: Desk) -> None:
    await small.courier.stop()


async def test_a_database_out_of_reach_is_survived(small: Desk) -> None:
    small.courier.start()
    await small.say(ANN, "toner")
    await small.until(lambda: len(small.room.said) == 2)
    await small.keep(lambda tx: tx.exec_driver_sql("ALTER TABLE places RENAME TO hidden"))
    await small.say(BOB, "take 1")
    await asyncio.sleep(0.1)
    assert len(small.room.said) == 2
    await small.keep(lambda tx: tx.exec_driver_sql("ALTER TABLE hidden RENAME TO places"))
    small.courier.wake()
    await small.until(lambda: len(small.room.said) == 5)
