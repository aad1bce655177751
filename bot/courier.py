"""The courier pays what is owed: leases a place, composes its first post, says it, settles.

1. Nothing is said that was not kept, and nothing is settled that was not said.
2. Killed between saying and settling, the lease runs out and it is said again: never lost.
3. A place is served by one courier at a time, in order, and at the pace the platform likes.
4. Any number of couriers may run, in any number of processes: the database keeps them apart.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.chat import Chat, Undelivered
from bot.front import Front, Transaction, Unkept
from handlers import outbox
from handlers.notices import Notice
from handlers.outbox import Composed
from storage.records import MessageId, Post

log = structlog.get_logger()

AT_ONCE = 16
WHEN_BUSY = 4
"""How many places one courier serves at the same time; and while people wait for answers."""
PACE = timedelta(seconds=1)
"""How long a place rests after a message: Slack wants about one a second in a channel."""
PATIENCE = 4.0
"""Seconds that `stop` waits for deliveries under way."""


class Courier:
    """Delivers posts through the chats, by platform name."""

    def __init__(
        self,
        front: Front,
        chats: Mapping[str, Chat],
        now: Callable[[], datetime],
        *,
        pace: timedelta = PACE,
    ) -> None:
        self._front = front
        self._chats = chats
        self._now = now
        self._pace = pace
        self._lease = secrets.token_hex(8)
        self._last = ""
        self._claiming = asyncio.Lock()
        self._owed = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There may be something to deliver. Cheap, and may be called as often as one likes."""
        self._owed.set()

    def start(self) -> None:
        """Begin to deliver, until `stop`."""
        self._running = asyncio.create_task(self._run(), name="courier")
        self.wake()

    async def stop(self) -> None:
        """Take no more on, and finish what is under way."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=PATIENCE)

    async def deliver_due(self) -> None:
        """Deliver until nothing more is due just now: for the demo's clock and for tests."""
        while await self._take_on(AT_ONCE) or self._under_way:
            await asyncio.gather(*self._under_way)

    async def _run(self) -> None:
        while True:
            await self._owed.wait()
            self._owed.clear()
            try:
                calm = await self._front.quiet()
                while await self._take_on(AT_ONCE if calm else WHEN_BUSY):
                    calm = await self._front.quiet()
            except Unkept as error:
                log.warning("the courier cannot reach the database", error=type(error).__name__)
            except Exception:
                log.exception("the courier stumbled")

    async def _take_on(self, at_once: int) -> int:
        """Start a delivery for each place that is free and owed something; says for how many."""
        async with self._claiming:
            return await self._claim(at_once)

    async def _claim(self, at_once: int) -> int:
        room = at_once - len(self._under_way)
        if room <= 0:
            return 0
        now, house = self._now(), self._front.house
        places = await self._front.look(lambda tx: outbox.owing(tx, house, now, self._last, room))
        if not places:
            return 0
        self._last = places[-1]
        posts = await self._front.keep(lambda tx: outbox.claim(tx, house, places, now, self._lease))
        for post in posts:
            task = asyncio.create_task(self._deliver(post))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return len(posts)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.wake()

    async def _deliver(self, post: Post) -> None:
        """One post, from composing to settling. Whatever happens, the loop goes on."""
        try:
            composed = await self._compose(post)
            if composed is None:
                await self._settle(
                    lambda tx, now: outbox.dropped(tx, self._front.house, post, self._lease, now)
                )
                return
            message = await self._say(post, composed)
            await self._said(post, message, composed.notice)
        except Undelivered as error:
            await self._fail(post, error)
        except Unkept as error:
            # the lease runs out, and it is done again
            log.warning("a delivery could not be settled", post=post.key, error=type(error).__name__)

    async def _compose(self, post: Post) -> Composed | None:
        """What to say; when that fails, the post waits as if it could not be delivered."""
        now = self._now()
        try:
            return await self._front.look(lambda tx: outbox.compose(tx, self._front.house, post, now))
        except Unkept:
            raise
        except Exception:
            log.exception("a post could not be composed", post=post.key)
            raise Undelivered("it could not be composed") from None

    async def _say(self, post: Post, composed: Composed) -> MessageId:
        """Say it, and give the message. Raises `Undelivered`."""
        chat = self._chats.get(composed.place.partition(":")[0])
        if chat is None:
            raise Undelivered("this platform is not connected")
        try:
            if post.message:
                await chat.edit(post.message, composed.notice)
                return post.message
            return await chat.post(composed.place, composed.notice)
        except Undelivered:
            raise
        except Exception:
            log.exception("a post could not be said", post=post.key)
            raise Undelivered("it could not be said") from None

    async def _said(self, post: Post, message: MessageId, notice: Notice) -> None:
        """It was said: settle, and do what follows. What was said is settled even when the rest fails."""
        house = self._front.house

        def settle(tx: Transaction, now: datetime) -> None:
            outbox.delivered(tx, house, post, message, self._lease, now + self._pace)

        def settle_and_follow_up(tx: Transaction, now: datetime) -> None:
            settle(tx, now)
            outbox.follow_up(tx, house, post, notice, now)

        try:
            await self._settle(settle_and_follow_up)
        except Unkept:
            raise
        except Exception:
            log.exception("what follows a post failed", post=post.key)
            await self._settle(settle)
        if self._pace:
            asyncio.get_running_loop().call_later(self._pace.total_seconds(), self.wake)

    async def _fail(self, post: Post, error: Undelivered) -> None:
        log.warning("a post was not delivered", post=post.key, why=error.why, permanent=error.permanent)
        house = self._front.house

        def settle(tx: Transaction, now: datetime) -> None:
            if error.permanent:
                outbox.given_up(tx, house, post, error.why, error.gone, self._lease, now)
            else:
                outbox.put_off(tx, house, post, error.why, error.retry_in, self._lease, now)

        try:
            await self._settle(settle)
        except Unkept as unkept:
            log.warning("a failure could not be settled", post=post.key, error=type(unkept).__name__)

    async def _settle(self, settle: Callable[[Transaction, datetime], None]) -> None:
        now = self._now()
        await self._front.keep(lambda tx: settle(tx, now))
