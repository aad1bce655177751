"""A week of a team of twelve and of those who ask them, on a clock that is moved: who reads what, and when.

People behave as people do: most of what is asked is taken and resolved, some is forgotten, some waits for an
answer that never comes, promises are kept and broken. Every run is the same for the same seed.

    python -m tests.handlers.week [name]

prints what each of them would have read, day by day.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from rich.console import Console
from rich.panel import Panel
from sqlalchemy import Connection

from handlers import outbox, worktime
from handlers.house import House, local
from handlers.lifecycle import UNFINISHED
from handlers.notices import Card, Filed, News, Notice, Nudge, Refused
from handlers.words import plain
from storage import catalogue, people, requests
from storage.records import Person, PlaceId, Post, PostKind, Request, Rule, Service, Team
from tests.handlers.office import ZONE, Office, moment

SEED = 4
REQUESTS = 300
DESK = "slack:CFLOWERS"
STARTS, FILED_BY, ENDS = "2026-11-23 07:00", "2026-11-27 16:00", "2026-12-01 18:00"
LONDON, NEW_YORK, KATHMANDU = "Europe/London", "America/New_York", "Asia/Kathmandu"


def colleague(name: str, zone: str = ZONE, slots: str = "both", quiet_days: tuple[str, ...] = ()) -> Person:
    handle = name.lower().replace(" ", "")
    return Person(f"slack:U{handle.upper()}", name, handle, zone, slots=slots, quiet_days=quiet_days)


TEAM = (
    colleague("Lotta"),  # leads
    colleague("Amir"),
    colleague("Beata", slots="morning"),
    colleague("Carl", quiet_days=("wed",)),
    colleague("Dora", LONDON),
    colleague("Emil", slots="afternoon"),
    colleague("Fay", NEW_YORK),
    colleague("Gita", KATHMANDU),
    colleague("Hugo", slots="at once"),  # which the team does not allow
    colleague("Ines", quiet_days=("mon", "fri")),
    colleague("Jon"),  # is away from Tuesday to Friday; Amir covers
    colleague("Kim"),  # leaves on Wednesday
)
LOTTA, AMIR, HUGO, JON, KIM = TEAM[0], TEAM[1], TEAM[8], TEAM[10], TEAM[11]
ASKERS = tuple(colleague(f"Asker {n}", (ZONE, LONDON, NEW_YORK)[n % 3]) for n in range(20))
WISHES = (
    "a bouquet for the lobby",
    "vases for the conference room",
    "the cold room is too warm",
    "a wreath for Mrs Lindqvist",
    "white lilies, forty of them",
    "the delivery van needs a new tyre",
    "ribbons in the house colours",
    "flowers for the reception desk",
)
FLOWERS = Team(
    "flowers",
    "Flowers",
    lead=LOTTA.id,
    place=DESK,
    hours="mon-fri 08:00-17:00",
    rule=Rule.NONE,
    rota=tuple(one.id for one in TEAM[1:5]),
    rota_from="2026-11-23",
    slots=("both", "morning", "afternoon"),
    members=tuple(one.id for one in TEAM),
)
SERVICES = (
    Service("bouquets", "Bouquets", "flowers", rule=Rule.ROUND_ROBIN),
    Service("repairs", "Repairs", "flowers"),
    Service("vans", "Vans", "flowers", rule=Rule.LEAST_LOADED, targets=("normal: 4h / 16h",)),
)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody read, and when."""

    at: datetime
    place: PlaceId
    notice: Notice
    kind: PostKind
    edited: bool
    stood: tuple[Request, ...] = ()
    """The requests that a nudge speaks of, as they stood when it was said."""


class Week(Office):
    """The office, with everything that was said in it, and with plans of what people will do."""

    def __init__(self, seed: int = SEED, number: int = REQUESTS) -> None:
        self.read: list[Message] = []
        self.chance = Random(seed)  # noqa: S311 - the same week every time is what is wanted
        self.plans: list[tuple[datetime, int, str, str]] = []
        self.numbers: list[int] = []
        self._order = count()
        super().__init__(house=House(zone=ZONE, triage="slack:C1", lead=LOTTA.id), at=moment(STARTS))
        self._file(number)
        self.plan(moment("2026-11-24 08:30"), JON.id, f"away until friday 09:00 cover @{AMIR.handle}")
        self.plan(moment("2026-11-25 11:00"), KIM.id, "leaves")

    def __enter__(self) -> "Week":
        return self

    def _furnish(self, tx: Connection) -> None:
        for person in (*TEAM, *ASKERS):
            people.describe(tx, self.house.org, person)
            people.prefer(tx, self.house.org, person.id, person.slots, person.quiet_days)
        people.set_members(tx, self.house.org, DESK, FLOWERS.members)
        catalogue.keep_team(tx, self.house.org, FLOWERS)
        for service in SERVICES:
            catalogue.keep_service(tx, self.house.org, service)
        catalogue.count_up(tx, self.house.org, catalogue.revision(tx, self.house.org))

    def settle(self, post: Post) -> None:
        """Say what is owed, in one unit of work, and remember who read it."""
        said = self.keep(lambda tx: self._said(tx, post))
        if said is not None:
            self.read.append(said)
            if isinstance(said.notice, Nudge) and not said.edited:
                self._react(said.place, said.notice)

    def _said(self, tx: Connection, post: Post) -> Message | None:
        composed = outbox.compose(tx, self.house, post, self.now)
        if composed is None:
            outbox.dropped(tx, self.house, post, "courier", self.now)
            return None
        place, notice = composed.place.partition("/")[0], composed.notice
        items = notice.items if isinstance(notice, Nudge) else ()
        found = (requests.get(tx, self.house.org, item.number) for item in items)
        stood = tuple(request for request in found if request is not None)
        message = post.message or f"{place}/{len(self.read)}"
        outbox.delivered(tx, self.house, post, message, "courier", self.now)
        outbox.follow_up(tx, self.house, post, notice, self.now)
        return Message(self.now, place, notice, post.kind, post.message is not None, stood)

    def plan(self, at: datetime, who: str, line: str) -> None:
        heappush(self.plans, (at, next(self._order), who, line))

    def run(self, until: str = ENDS) -> "Week":
        """Everybody does what they meant to, and the clock does the rest."""
        end = moment(until)
        while self.plans and self.plans[0][0] <= end:
            at, _, who, line = heappop(self.plans)
            self.wait(seconds=(at - self.now).total_seconds())
            self._act(who, line)
            self.deliver()
        self.wait(seconds=(end - self.now).total_seconds())
        return self

    def hours_of(self, person: Person) -> worktime.Calendar:
        team = FLOWERS if person.id in FLOWERS.members else self.house.desk
        return self.house.hours_of(team, person.zone)

    # What people do

    def _file(self, number: int) -> None:
        for _ in range(number):
            asker, wish = self.chance.choice(ASKERS), self.chance.choice(WISHES)
            first, last = moment(STARTS), moment(FILED_BY)
            at = first + (last - first) * self.chance.random()
            at = worktime.next_working(self.hours_of(asker), at)
            to = self.chance.choices(
                ("#bouquets", "#repairs", "#vans", f"@{self.chance.choice(TEAM).handle}"), (4, 3, 2, 1)
            )[0]
            priority = self.chance.choices(("!low", "", "!high", "!urgent"), (10, 70, 17, 3))[0]
            day = self.chance.choices(("", "by friday", "by tomorrow 15:00"), (80, 12, 8))[0]
            private = self.chance.choices(("", "private"), (95, 5))[0]
            line = " ".join(part for part in (private, wish, to, priority, day) if part)
            self.plan(at, asker.id, line)

    def _act(self, who: str, line: str) -> None:
        """Do it, unless they are not here or it has become pointless; and plan what follows."""
        if line == "leaves":
            self.leaves(who)
            return
        if line.startswith("away"):
            self.say(who, line)
            return
        verb, _, rest = line.partition(" ")
        number = rest.partition(" ")[0]
        if not number.isdecimal():
            self._file_now(who, line)
            return
        actor = self._actor(who, int(number))
        if actor is None:
            return
        if not isinstance(self.say(actor, line), Refused) and verb == "take":
            self._go_on(int(number))

    def _file_now(self, who: str, line: str) -> None:
        before = self.now
        notice = self.say(who, line)
        assert isinstance(notice, Filed), notice
        number = notice.number
        self.numbers.append(number)
        if self.chance.random() < 0.85:  # else nobody sees it
            self.plan(
                before + timedelta(hours=self.chance.expovariate(1 / 3)),
                "",
                f"take {number}{self._promise()}",
            )

    def _promise(self) -> str:
        return self.chance.choices(("", " by tomorrow 15:00", " by friday 12:00"), (65, 20, 15))[0]

    def _actor(self, who: str, number: int) -> str | None:
        """Who does it: they themselves, else its owner, else somebody of the team who is at work."""
        request = self.request(number)
        if request.status not in UNFINISHED:
            return None
        if who:
            return who
        here = [one for one in self._team() if self._is_here(one)]
        if request.owner:
            return request.owner if any(one.id == request.owner for one in here) else None
        return self.chance.choice(here).id if here else None

    def _team(self) -> list[Person]:
        known = self.keep(lambda tx: people.several(tx, self.house.org, FLOWERS.members))
        return [known[one] for one in FLOWERS.members]

    def _is_here(self, person: Person) -> bool:
        working = worktime.is_working(self.house.hours_of(FLOWERS, person.zone), self.now)
        return person.active and not person.is_away(self.now) and working

    def _later(self, hours: float) -> datetime:
        """A moment of work after some hours of it."""
        return worktime.add(
            self.house.hours_of(FLOWERS), self.now, timedelta(hours=self.chance.expovariate(1 / hours))
        )

    def _go_on(self, number: int) -> None:
        """What becomes of what was taken."""
        plan = self.chance.choices(
            ("resolve", "ask", "wait", "snooze", "give", "moves", "forget"), (56, 12, 6, 6, 4, 6, 10)
        )[0]
        asker = self.request(number).requester
        match plan:
            case "resolve":
                self.plan(self._later(5), "", f"resolve {number} it is done")
            case "ask":
                self.plan(self._later(1), "", f"ask {number} which colour should it be?")
                if self.chance.random() < 0.5:
                    self.plan(self._later(10), asker, f"answer {number} white, please")
                    self.plan(self._later(24), "", f"resolve {number} white it is")
            case "wait":
                self.plan(self._later(2), "", f"wait {number} until thursday 10:00")
                self.plan(moment("2026-11-26 15:00"), "", f"resolve {number} it came")
            case "snooze":
                self.plan(self._later(2), "", f"snooze {number} until friday 10:00 the van comes on Friday")
                self.plan(self._later(45), "", f"resolve {number} it came")
            case "give":
                to = self.chance.choice(TEAM)
                self.plan(self._later(2), "", f"give {number} @{to.handle} you know this better")
                self.plan(self._later(20), "", f"resolve {number} it is done")
            case "moves":
                self.plan(self._later(4), "", f"take {number} by monday 12:00")
                self.plan(self._later(30), "", f"resolve {number} it is done")
            case _:
                return

    def _react(self, place: PlaceId, nudge: Nudge) -> None:
        """Who is nudged does something about some of it, soon."""
        for item in nudge.items:
            if place == DESK or self.chance.random() < 0.5:
                continue
            said = [button.line for button in item.buttons if "…" not in button.line][:1]
            lines = said or [f"answer {item.number} white, please"] * bool(item.buttons)
            for line in lines:
                self.plan(self.now + timedelta(minutes=self.chance.randint(3, 180)), place, line)


def main(names: list[str]) -> None:
    """Print what was read, by person and day."""
    week = Week().run()
    console = Console(width=110)
    everybody = [*TEAM, Person(DESK, "The channel #flowers"), *ASKERS]
    for person in everybody:
        if names and not any(person.name.lower().startswith(name.lower()) for name in names):
            continue
        console.rule(f"[bold]{person.name}")
        for day, messages in _by_day(week, person):
            console.print(f"\n[bold]{day}[/bold]")
            for message in messages:
                console.print(Panel(_shown(message, person), width=100))
    _sum_up(week, console)


def _by_day(week: Week, person: Person) -> Iterator[tuple[str, list[Message]]]:
    days: dict[str, list[Message]] = {}
    for message in week.read:
        if message.place == person.id and not message.edited and not isinstance(message.notice, Card):
            days.setdefault(f"{local(message.at, person.zone or ZONE):%A %d %B}", []).append(message)
    yield from days.items()


def _shown(message: Message, person: Person) -> str:
    clock = f"[dim]{local(message.at, person.zone or ZONE):%H:%M}  {message.kind}[/dim]\n"
    notice = message.notice
    if isinstance(notice, Nudge):
        items = [
            f"  [bold]#{item.number} {item.title}[/bold]\n  {plain(item.why)} {plain(item.expected)}\n"
            f"  [dim]{' | '.join(button.label for button in item.buttons)}[/dim]"
            for item in notice.items
        ]
        more = [f"  … and {notice.more} more"] if notice.more else []
        return clock + "\n".join((plain(notice.words), *items, *more))
    buttons = " | ".join(button.label for button in getattr(notice, "buttons", ()))
    said = plain(notice.words) if isinstance(notice, News) else f"{type(notice).__name__}"
    return f"{clock}{said}\n[dim]{buttons}[/dim]"


def _sum_up(week: Week, console: Console) -> None:
    console.rule("All in all")
    fresh = [one for one in week.read if not one.edited]
    for kind in PostKind:
        console.print(f"{kind}: {sum(one.kind is kind for one in fresh)}")
    for status, many in Counter(week.request(number).status for number in week.numbers).items():
        console.print(f"{status}: {many}")


if __name__ == "__main__":
    main(sys.argv[1:])
