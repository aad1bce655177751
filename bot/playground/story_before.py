"""What happened in the shop before the story begins: ten weeks that the digest can look back on.

The desk itself carries it out, each line at its time, but nobody is sent anything: the windows begin with the
story. A line is one request: the working day before today and the time when it was filed, by whom, what was
typed | who took it, and when | when it was done | the vote, if there was one, and what fell short.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.front import Transaction
from bot.playground.story import FIRST_DAY, OPENING, moment
from handlers import desk
from handlers.house import House
from handlers.intents import Caller
from handlers.notices import Filed, Refused
from handlers.sweep import sweep
from storage.records import PersonId

BEFORE = """
    -65 09:20 svea the lamp over the door is out #repairs        | david 10:05 | -64 11:30 | 5
    -65 13:40 flora twine, the rough one                         | carl 14:10  | -63 10:25 | 4
    -64 10:15 carl four bouquets for the school’s teachers       | flora 10:40 | -64 15:20 | 5
    -63 09:50 david the wash hall’s opening hours                | svea 10:10  | -63 13:05 | 4
    -62 11:25 margit the ledger of the summer                    | svea 13:10  | -61 14:45 | 5
    -61 09:30 flora a ladder to the market @david #deliveries    | david 09:45 | -61 12:15 | 5

    -60 09:10 svea a new roll of paper for the till              | carl 09:25  | -60 11:00 | 5
    -60 13:20 flora the tap at the workbench drips #repairs      | david 13:50 | -58 15:10 | 4
    -59 10:05 svea white ribbon, two fingers wide                | carl 10:40  | -57 11:30 | 4
    -59 14:15 carl vases to the town hall @david #deliveries     | david 14:30 | -58 09:45 | 5
    -58 09:30 david the tyre of the cargo trolley is flat        | carl 11:10  | -57 16:20 | 3
    -57 11:00 margit the prices of the wholesaler, side by side  | svea 13:05  | -56 10:30 | 5
    -56 09:50 flora sharper knives !high                         | carl 10:15  | -56 15:40 | 4

    -55 09:15 svea the price tags for the window                 | carl 09:35  | -55 13:20 | 5
    -55 10:40 carl a bouquet for the dentist’s counter           | flora 10:55 | -54 11:15 | 5
    -54 09:20 flora moss for the church @david #deliveries       | david 13:40 | -52 10:20 | 2 timeliness
    -54 15:05 david a map of the new one-way streets             | svea 15:30  | -53 12:10 | 4
    -53 10:10 svea the shop’s radio crackles #repairs            | david 11:45 | -51 14:30 | 4
    -52 13:30 flora green wire, the thin one @carl #supplies     | carl 14:10  | -51 09:40 | 5
    -51 09:05 carl the funeral’s cards have the wrong date !high | svea 09:12  | -51 10:25 | 5

    -50 09:25 svea the door mat is worn through                  | carl 10:30  | -48 11:00 | 4
    -50 14:10 flora the lift table sinks #repairs !high          | david 15:20 | -46 10:15 | 2 timeliness
    -49 09:40 carl wreaths to the chapel @david #deliveries      | david 09:50 | -49 11:35 | 5
    -48 10:20 david gloves, the thin ones                        | svea 11:05  | -47 13:15 | 5
    -47 11:30 margit last month’s hours of everybody             | svea 13:25  | -46 15:50 | 3
    -46 09:35 svea the scale at the counter shows too much       | david 10:05 | -46 14:20 | 4
    -46 13:10 flora labels for the cold room                     | carl 13:30  | -46 16:10

    -45 09:10 carl the card reader loses its network !urgent     | david 09:18 | -45 10:40 | 5
    -45 10:30 svea an arch for the Berg wedding                  | flora 10:50 | -42 15:30 | 5
    -44 09:45 flora buckets, the tall ones @svea #supplies       | svea 10:20  | -43 11:10 | 4
    -44 14:40 david the van needs washing                        | carl 16:05  | -43 15:00 | 4
    -43 13:15 svea the flyers to the school @david #deliveries   | david 13:25 | -42 09:30 | 5
    -42 10:05 margit the insurance wants pictures of the shop    | carl 10:45  | -41 12:20 | 4
    -41 09:30 flora the scissors are blunt again                 | carl 09:55  | -41 14:10 | 4

    -40 09:20 svea the lock of the display case sticks #repairs  | david 11:40 | -38 10:10 | 4
    -40 13:35 carl sample bouquets for the hotel                 | flora 13:55 | -39 11:45 | 5
    -39 10:15 flora two hands on Thursday, the prom is early     | svea 10:25  | -37 15:10 | 5
    -38 09:40 david boxes to the market hall @carl #deliveries   | carl 09:50  | -38 12:30
    -37 11:20 svea change for the till, small coins              | carl 11:35  | -37 14:05 | 5
    -36 14:25 margit which vases we still have, as a list        | carl 15:10  | -34 11:00 | 3

    -35 09:15 flora the cold room hums louder #repairs           | david 09:40 | -34 13:50 | 5
    -35 10:50 svea cards with the new logo !high                 | carl 11:30  | -31 09:35 | 2 timeliness
    -34 09:25 carl a centrepiece for the bank’s reception        | flora 09:45 | -33 10:30 | 5
    -33 13:05 david the garage remote has no battery             | svea 13:20  | -33 15:15 | 5
    -32 10:00 svea the linen to the laundry @david #deliveries   | david 10:10 | -32 12:40 | 4
    -31 09:10 flora floral tape, green and white @carl #supplies | carl 09:50  | -31 15:25 | 4

    -30 09:35 svea the window has a crack in the corner #repairs | david 10:20 | -28 16:00 | 4
    -30 14:20 carl the opening hours on the web page are old     | svea 14:40  | -29 09:50 | 5
    -29 10:30 flora eight bags of gravel                         | carl 11:15  | -27 13:30 | 4
    -28 09:15 svea two wreaths for the Holm funeral !high        | flora 09:22 | -27 11:20 | 5
    -28 13:40 margit the lease says something about signs        | svea 14:30  | -26 10:40 | 4
    -27 15:10 david a second fuel card                           | svea 15:25  | -26 13:10 | 5
    -26 09:50 flora the bench is too low for Carl                | david 10:35 | -24 14:15 | 5

    -25 09:20 carl roses to the theatre @david #deliveries       | david 09:30 | -24 10:15 | 2 timeliness
    -25 11:10 svea a quote for the Lind wedding                  | flora 11:40 | -24 15:35 | 5
    -24 09:30 flora silver wire @carl #supplies                  | carl 10:45  | -23 13:10 | 4
    -23 10:05 david the tail lift is slow #repairs               | carl 13:30  | -21 11:50 | 3
    -22 09:40 svea the gift wrap is nearly gone                  | carl 10:10  | -22 15:45 | 5
    -21 09:55 flora a picture of every wedding of this year      | svea 10:30  | -21 16:15 | 5

    -20 09:30 svea the cellar stairs need a light #repairs       | david 10:15 | -18 14:40 | 5
    -20 13:15 carl the bank’s centrepiece once more              | flora 13:30 | -19 11:05 | 4
    -19 10:20 flora the crates go back @david #deliveries        | david 10:35 | -18 13:25 | 4
    -18 09:45 margit who works on which Saturday                 | svea 11:00  | -17 10:50 | 5
    -17 11:15 svea oasis bricks, one box !high                   | carl 11:35  | -16 12:40 | 5
    -16 09:25 david the hand truck squeaks                       | carl 09:50  | -16 14:20 | 5
"""

_LINE = re.compile(
    r"(?P<day>-\d+) (?P<filed>\d\d:\d\d) (?P<who>[a-z]+) (?P<what>[^|]+?) +"
    r"\| (?P<by>[a-z]+) (?P<taken>\d\d:\d\d) +"
    r"\| (?P<last>-\d+) (?P<done>\d\d:\d\d)"
    r"(?: \| (?P<score>[1-5])(?P<faults>( [a-z]+)*))?"
)
_A_WHILE = timedelta(minutes=25)
"""From when it is done to when it is rated."""
_MOST = 100
_NOT_SAID = """
    DELETE FROM posts
    WHERE kind NOT IN ('card', 'poll', 'digest')
       OR number IN (SELECT number FROM requests WHERE status <> 'closed')
       OR number IN (SELECT number FROM polls WHERE closed_at IS NULL)
"""
"""What is news no more; and what the story's clock will end has no message to be brought in step."""
_SAID = "UPDATE posts SET due_at = NULL, message = CASE kind WHEN 'card' THEN NULL ELSE key END"
"""The questions were asked, and the digests read; a card is drawn anew when something happens to it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody types a line at a moment; `{n}` is the number that the request was given."""

    at: datetime
    request: int
    who: str
    line: str


def tell_before(tx: Transaction, house: House, people: Mapping[str, PersonId], today: date) -> None:
    """Everything that is written above, as it happened; `people` are known by first name."""
    numbers: dict[int, str] = {}
    everything = sorted(acts(today), key=lambda act: act.at)
    looks = everything[0].at
    for act in everything:
        looks = _look_in(tx, house, looks, act.at)
        caller = Caller(people[act.who], source="slack")
        line = act.line.format(n=numbers.get(act.request))
        answer = desk.say(tx, house, caller, line, act.at)
        assert not isinstance(answer, Refused), (line, answer)
        if isinstance(answer, Filed):
            numbers[act.request] = str(answer.number)
    sweep(tx, house, moment(today, FIRST_DAY, OPENING), _MOST)


def leave_unsaid(database: Path) -> None:
    """Nothing of it is sent to anybody."""
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(_NOT_SAID)
        opened.execute(_SAID)


def acts(today: date) -> Iterator[Act]:
    """What people did, request by request. Raises ValueError for a line that cannot be read."""
    lines = filter(None, map(str.strip, BEFORE.splitlines()))
    for request, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"before the story there is a line that nobody can act: {line}")
        yield from _of_one(request, found.groupdict(), today)


def _of_one(request: int, told: Mapping[str, str | None], today: date) -> Iterator[Act]:
    who, by, score = told["who"] or "", told["by"] or "", told["score"]

    def at(day: str, clock: str) -> datetime:
        return moment(today, int(told[day] or 0), time.fromisoformat(told[clock] or ""))

    yield Act(at("day", "filed"), request, who, told["what"] or "")
    yield Act(at("day", "taken"), request, by, "take {n}")
    yield Act(at("last", "done"), request, by, "resolve {n}")
    if score:
        yield Act(at("last", "done") + _A_WHILE, request, who, f"rate {{n}} {score}")
    for fault in (told["faults"] or "").split():
        yield Act(at("last", "done") + _A_WHILE, request, who, f"fault {{n}} {fault}")


def _look_in(tx: Transaction, house: House, since: datetime, until: datetime) -> datetime:
    """What the clock does by itself: it looks once a week. Gives when it looks next."""
    while since <= until:
        sweep(tx, house, since, _MOST)
        since += timedelta(weeks=1)
    return since
