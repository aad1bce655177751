"""Tells what happened in the shop, as its people did it: real commands, buttons, threads and reactions.

What happened stands in `story_weeks`; here it is acted out, with the clock at each moment, and between the
moments what time brings by itself: nudges, polls in working hours, digests, closing.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.app import Deskbell
from bot.playground.clock import MovableClock
from bot.playground.people import Colleague
from bot.playground.records import Message
from bot.playground.shop import SHOP_DESK, ZONE
from bot.playground.story_weeks import CHAT, REQUESTS
from bot.playground.workspace import EVENTS, Workspace

FIRST_DAY = -15
"""In working days before today."""
OPENING = time(7, 30)
NOW = time(10, 12)
CLOSING = time(17)
SOON = 12
"""Minutes that Deskbell's words may come later than what people type: a card need not change so often."""
DIGEST = time(9)
MONDAY = 0

_ROW = re.compile(r"(?P<day>-?\d+) (?P<at>\d\d:\d\d) (?P<who>[a-z]+) +(?P<does>\S.*)")
_DAY = re.compile(r"(?:(?P<named>day) )?(?P<day>[+-]?\d+)")
_BLANK = re.compile(r"{([^}]+)}")
_BUTTON = re.compile(r"\[(?P<label>[^]]+)\] ?(?P<words>.*)")
_VOTE = re.compile(r"\((?P<score>[1-5])\) ?(?P<words>.*)")
_SAID = re.compile(r"(?P<channel>#[a-z]+) (?P<words>.*)")
_FACE = re.compile(r":([a-z0-9_+-]+):")


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody does something: `about` is the request's name in the story, empty for small talk."""

    day: int
    at: time
    who: str
    does: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is done at a time of day; some can be done only when all that was said before can be seen."""

    at: time
    act: Callable[[], Awaitable[None]]
    looks: bool


class Teller:
    """Acts the story out, up to today at ten past ten. Afterwards `numbers` says which request is which."""

    def __init__(self, workspace: Workspace, app: Deskbell, clock: MovableClock, today: date) -> None:
        self.workspace = workspace
        self._app = app
        self._clock = clock
        self._today = today
        self._people = {user.name: workspace.person(user.id) for user in workspace.users.values()}
        self.numbers: dict[str, int] = {}

    async def tell(self, begins: Callable[[date], None]) -> None:
        """From the first day to now; `begins` hears of each day."""
        await self._app.courier.stop()  # nothing may be under way when the clock jumps
        story = list(rows())
        for day in range(FIRST_DAY, 1):
            begins(workday(self._today, day))
            await self._day(day, [row for row in story if row.day == day])
        self._clock.move(moment(self._today, 0, NOW))
        await self._settle()
        self._app.courier.start()

    async def _day(self, day: int, happens: list[Row]) -> None:
        self._clock.move(moment(self._today, day, OPENING))
        if day == 0:
            self._all_read()
        since = OPENING
        for turn in self._turns(day, happens):
            if turn.looks or turn.at >= _later(since, SOON):
                await self._settle()
                since = turn.at
            self._clock.move(moment(self._today, day, turn.at))
            await turn.act()
        await self._settle()

    def _turns(self, day: int, happens: list[Row]) -> list[Turn]:
        """What people do that day, and what the clock does: it looks before each slot for nudges."""
        slots = self._app.front.house.slots
        looks = [*(_later(at, -1) for at in slots), CLOSING]
        if workday(self._today, day).weekday() == MONDAY:
            looks.append(DIGEST)
        turns = [Turn(row.at, partial(self._act, row), row.does[0] not in "/#") for row in happens]
        turns += [Turn(at, self._sweep, False) for at in looks if day < 0 or at < NOW]
        turns += [Turn(at, self._settle, True) for at in slots if day < 0 or at < NOW]
        return sorted(turns, key=lambda turn: turn.at)

    async def _sweep(self) -> None:
        await self._app.front.sweep()
        await self._settle()

    async def _settle(self) -> None:
        """Wait until what was said is heard, carried out and delivered.

        The app is spared the echo of its own words, which it would not listen to.
        """
        self.workspace.subscribed = frozenset()
        await self._app.finish()
        await self._app.courier.deliver_due()
        await self.workspace.settled()
        self.workspace.subscribed = EVENTS

    async def _act(self, row: Row) -> None:
        who, does = self._people[row.who], _BLANK.sub(lambda blank: self._filled(blank[1], row), row.does)
        match does[0]:
            case "/":
                place = await self._types(who, does[1:], row)
            case "[":
                place = await self._presses(who, does, row)
            case ">":
                place = await self._replies(who, does[1:].strip(), row)
            case "(":
                place = await self._votes(who, does, row)
            case _:
                place = await self._chats(who, does)
        if row.day == 0:
            self.workspace.mark_read(who.id, place)

    async def _types(self, who: Colleague, line: str, row: Row) -> str:
        answer = await who.command(SHOP_DESK, f"/request {line}")
        if row.about not in self.numbers:
            found = re.match(r"#(\d+) ", answer.text)
            assert found, answer
            self.numbers[row.about] = int(found[1])
        return SHOP_DESK

    async def _presses(self, who: Colleague, does: str, row: Row) -> str:
        found = _BUTTON.fullmatch(does)
        assert found, does
        card = self._card(who, row)
        await who.press(card, found["label"])
        if found["words"]:
            await who.submit({"text": found["words"]})
        return card.channel

    async def _replies(self, who: Colleague, words: str, row: Row) -> str:
        card = self._card(who, row)
        await who.say(card.channel, words, card.ts)
        await self._settle()  # a conversation is quick
        return card.channel

    async def _votes(self, who: Colleague, does: str, row: Row) -> str:
        found = _VOTE.fullmatch(does)
        assert found, does
        poll = self._newest(who, who.dm, row, poll=True)
        scale = self._app.front.house.scale
        await who.react(poll, next(face.mark for face in scale if face.score == int(found["score"])))
        if found["words"]:
            await who.say(poll.channel, found["words"], poll.ts)
        return poll.channel

    async def _chats(self, who: Colleague, does: str) -> str:
        found = _SAID.fullmatch(does)
        assert found, does
        channel, words = found["channel"], found["words"]
        if face := _FACE.fullmatch(words):
            await who.react([one for one in who.sees(channel) if not one.by_bot][-1], face[1])
        else:
            await who.say(channel, words)
        there = self.workspace.channel(channel)
        assert there is not None
        return there.id

    def _card(self, who: Colleague, row: Row) -> Message:
        """The request's card: in their direct messages if it is there, else at the desk."""
        try:
            return self._newest(who, who.dm, row)
        except LookupError:
            return self._newest(who, SHOP_DESK, row)

    def _newest(self, who: Colleague, channel: str, row: Row, *, poll: bool = False) -> Message:
        """The newest message that is a request's card; or its poll, which has faces under it."""
        begins = f"#{self.numbers[row.about]} "
        for message in reversed(who.sees(channel)):
            ours = message.by_bot and not message.ephemeral_to and not message.is_reply
            if ours and bool(message.reactions) == poll and _speaks_of(message, begins, anywhere=poll):
                return message
        raise LookupError(f"{row.about} is not in {channel}")

    def _filled(self, blank: str, row: Row) -> str:
        """A day as people write it there, or a request's number; `{n}` is the row's own request."""
        if found := _DAY.fullmatch(blank):
            there, here = workday(self._today, int(found["day"])), workday(self._today, row.day)
            return f"{there:%A}" if found["named"] else typed(there, here)
        return str(self.numbers[row.about if blank == "n" else blank])

    def _all_read(self) -> None:
        """Everybody has read everything up to here."""
        for who in self._people.values():
            for channel in self.workspace.conversations_of(who.id):
                self.workspace.mark_read(who.id, channel.id)


def _speaks_of(message: Message, begins: str, *, anywhere: bool) -> bool:
    lines = message.text.splitlines()
    return any(line.startswith(begins) for line in (lines if anywhere else lines[:1]))


def forget_whispers(workspace: Workspace) -> None:
    """What the bot said to one person alone does not last, in Slack neither."""
    for channel in workspace.channels:
        for user in workspace.users:
            for message in workspace.log.all(channel, user):
                if message.ephemeral_to:
                    workspace.remove(message)


def workday(today: date, offset: int) -> date:
    """The working day so many working days after today, or before."""
    day, step = today, timedelta(days=1 if offset > 0 else -1)
    for _ in range(abs(offset)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def moment(today: date, offset: int, at: time) -> datetime:
    """That time of that working day, on the shop's clock."""
    return datetime.combine(workday(today, offset), at, ZoneInfo(ZONE))


def _later(at: time, minutes: int) -> time:
    return (datetime.combine(date.min, at) + timedelta(days=1, minutes=minutes)).time()


def typed(day: date, today: date) -> str:
    """A day not far off, as somebody types it today."""
    ahead = (day - today).days
    if ahead < 2:
        return ("today", "tomorrow")[ahead]
    return f"{day:%A}".lower() if ahead < 7 else f"next {day:%A}".lower()


def rows() -> Iterator[Row]:
    """The whole story, request by request. Raises ValueError for a line that cannot be read."""
    for about, lines in (*REQUESTS.items(), ("", CHAT)):
        for line in filter(None, map(str.strip, lines.splitlines())):
            found = _ROW.fullmatch(line)
            if found is None:
                raise ValueError(f"the story has a line that nobody can act: {line}")
            yield Row(int(found["day"]), time.fromisoformat(found["at"]), found["who"], found["does"], about)
