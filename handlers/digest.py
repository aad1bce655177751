"""A week of the desk: gathered, and said once to each channel and week that is not empty.

Numbers, each beside the week before:
- filed, resolved (requests whose last resolution lies in the week), open at its end
- median time to first response and to resolution, in the team's working time, of those resolved in the week
- on target: the share of resolved requests that made their resolution target
- promises kept: the same for promises
- satisfaction: the share of 4 and 5 among the votes on polls given in the week, with the number of votes,
  the response rate, and a 95 % interval (E. B. Wilson, 1927, JASA 22:209-212); no figure under five votes

Private requests are counted nowhere here and named nowhere.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Connection

from handlers import cards, targets, worktime
from handlers.house import House, Subscription, local
from handlers.notices import Answer, Button, Digest, Figure, Mention, Notice, Row, Words
from handlers.turn import Turn
from storage import people, posts, ratings, requests
from storage.records import PersonId, Poll, Post, PostKind, Request
from storage.types import WallTime

WEEK = timedelta(days=7)
ENOUGH_VOTES = 5
HAPPY = 4
MOST_ROWS = 5
DAY_OF_WORK = 8
"""Hours, from nine to five."""
NONE = "–"
NOBODY_ASKED = "nobody was asked"
MOST_THANKED = 5
Z95 = 1.959963984540054
"""The standard normal quantile for 97.5 %: a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Week:
    """What happened from `start` up to, not including, `end`."""

    start: datetime
    end: datetime
    filed: tuple[Request, ...]
    resolved: tuple[Request, ...]
    polls: tuple[Poll, ...]
    still_open: int

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened."""
        return not (self.filed or self.resolved or any(poll.score for poll in self.polls))

    @property
    def votes(self) -> list[int]:
        """The scores given, 1 to 5."""
        return [poll.score for poll in self.polls if poll.score is not None]


def owe(tx: Connection, house: House, subscription: Subscription, now: datetime) -> None:
    """Owe the digest that is due, unless it is owed or said already: once for each channel and week.

    After a time of rest only the latest is owed: nobody wants last month's.
    """
    due = latest_due(subscription, now)
    year, week, _ = local(due, subscription.zone).isocalendar()
    posts.owe(
        tx,
        house.org,
        f"digest:{subscription.place}:{year}-W{week:02}",
        PostKind.DIGEST,
        subscription.place,
        now,
        ref=due.isoformat(),
    )


def latest_due(subscription: Subscription, now: datetime) -> datetime:
    """The last moment up to `now` when the channel's digest was due, by the wall clock of its zone."""
    today = local(now, subscription.zone).date()
    day = today - timedelta(days=(today.weekday() - subscription.weekday) % 7)
    due = WallTime(datetime.combine(day, subscription.at), subscription.zone).instant()
    if due <= now:
        return due
    earlier = datetime.combine(day - WEEK, subscription.at)
    return WallTime(earlier, subscription.zone).instant()


def compose_post(tx: Connection, house: House, post: Post) -> Digest | None:
    """The digest as it was due; None for a week in which nothing happened."""
    end = datetime.fromisoformat(post.ref)
    return compose(tx, house, end) if not gather(tx, house, end - WEEK, end).empty else None


def preview(turn: Turn) -> Notice:
    """The last seven days, to whoever asked, alone."""
    if gather(turn.tx, turn.house, turn.now - WEEK, turn.now).empty:
        return Answer(words=("Nothing was filed or resolved in the last seven days, so there is no digest.",))
    return compose(turn.tx, turn.house, turn.now)


def gather(tx: Connection, house: House, start: datetime, end: datetime) -> Week:
    """Everything that counts in a span of time; private requests do not."""
    filed = requests.filed_between(tx, house.org, start, end)
    resolved = requests.resolved_between(tx, house.org, start, end)
    polls = ratings.asked_between(tx, house.org, start, end)
    hidden = requests.private_numbers(tx, house.org, (poll.number for poll in polls))
    return Week(
        start=start,
        end=end,
        filed=tuple(request for request in filed if not request.private),
        resolved=tuple(request for request in resolved if not request.private),
        polls=tuple(poll for poll in polls if poll.number not in hidden),
        still_open=requests.open_at(tx, house.org, end),
    )


def compose(tx: Connection, house: House, end: datetime) -> Digest:
    """The digest of the seven days before `end`, beside the seven days before those."""
    week = gather(tx, house, end - WEEK, end)
    before = gather(tx, house, end - 2 * WEEK, end - WEEK)
    pressing = [request for request in requests.unfinished(tx, house.org) if not request.private]
    late = [request for request in pressing if targets.is_late(request, end)]
    oldest = sorted((r for r in pressing if r not in late), key=lambda request: request.filed_at)
    return Digest(
        title=f"The week to {_last_day(week, house)}",
        summary=_summary(week, late),
        figures=tuple(_figures(week, before, house)),
        shortfalls=_shortfalls(week),
        late=_rows(tx, house, late, end),
        oldest=_rows(tx, house, oldest, end),
        thanks=_thanks(tx, house, week),
        footnote="Times are working time. Private requests are not counted. Ask me for help to see more.",
    )


def wilson(happy: int, votes: int) -> tuple[float, float]:
    """The 95 % interval of a share, after Wilson (1927): from 0 to 1, for one vote or more."""
    share, z2 = happy / votes, Z95 * Z95
    middle = share + z2 / (2 * votes)
    spread = Z95 * math.sqrt(share * (1 - share) / votes + z2 / (4 * votes * votes))
    scale = 1 + z2 / votes
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def satisfaction(week: Week) -> str:
    """The share of 4 and 5 with its votes, response rate and interval; no share under five votes."""
    votes = week.votes
    if not week.polls:
        return NOBODY_ASKED
    rate = f"{len(votes)} of {len(week.polls)} answered"
    if len(votes) < ENOUGH_VOTES:
        return f"too few votes to say ({rate})"
    happy = sum(score >= HAPPY for score in votes)
    low, high = wilson(happy, len(votes))
    return f"{happy / len(votes):.0%} ({rate}; 95% interval {low:.0%} to {high:.0%})"


def _figures(week: Week, before: Week, house: House) -> list[Figure]:
    measures: tuple[tuple[str, Callable[[Week], str]], ...] = (
        ("Filed", lambda one: str(len(one.filed))),
        ("Resolved", lambda one: str(len(one.resolved))),
        ("Open at the end", lambda one: str(one.still_open)),
        ("First response, median", lambda one: _median(house, one.resolved, lambda r: r.responded_at)),
        ("Resolution, median", lambda one: _median(house, one.resolved, lambda r: r.resolved_at)),
        ("On target", lambda one: _share([targets.on_target(request) for request in one.resolved])),
        ("Promises kept", lambda one: _share([targets.kept_promise(request) for request in one.resolved])),
        ("Satisfaction", satisfaction),
    )
    return [Figure(label, measure(week), _worth_comparing(measure(before))) for label, measure in measures]


def _worth_comparing(value: str) -> str:
    """The week before, where there was one to speak of."""
    return "" if value in (NONE, NOBODY_ASKED) else value.partition(" (")[0]


def _median(house: House, resolved: Sequence[Request], until: Callable[[Request], datetime | None]) -> str:
    spans = [
        worktime.between(house.clock_of(request), request.filed_at, at).total_seconds()
        for request in resolved
        if (at := until(request)) is not None
    ]
    return _hours(median(spans)) if spans else NONE


def _hours(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < DAY_OF_WORK:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(hours, DAY_OF_WORK)
    return f"{_count(days, 'working day')} {hours} h" if hours else _count(days, "working day")


def _share(answers: Sequence[bool | None]) -> str:
    known = [answer for answer in answers if answer is not None]
    return f"{sum(known)} of {len(known)}" if known else NONE


def _last_day(week: Week, house: House) -> str:
    last = local(week.end, house.zone)
    return f"{last:%A} {last.day} {last:%B %Y}"


def _summary(week: Week, late: Sequence[Request]) -> Words:
    filed, resolved = len(week.filed), len(week.resolved)
    words = (
        f"{_count(filed, 'request')} came in and {resolved} {'was' if resolved == 1 else 'were'} resolved."
    )
    return (
        f"{words} {_count(len(late), 'request')} {'is' if len(late) == 1 else 'are'} late."
        if late
        else words,
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _shortfalls(week: Week) -> Words:
    told = Counter(reason for poll in week.polls for reason in poll.reasons)
    if not told:
        return ()
    most = ", ".join(f"{reason} ({count})" for reason, count in told.most_common(3))
    return (f"Fell short most: {most}.",)


def _by_name(words: Words) -> Words:
    """People by name, without calling them: a channel's digest wakes nobody."""
    return tuple(span.name if isinstance(span, Mention) else span for span in words)


def _rows(tx: Connection, house: House, found: Sequence[Request], end: datetime) -> tuple[Row, ...]:
    rows = []
    for request in found[:MOST_ROWS]:
        words = _by_name(cards.in_a_row(request, cards.names_of(tx, house, request), house.zone, end))
        rows.append(
            Row(
                request.number,
                request.title,
                words,
                (Button(f"Show #{request.number}", f"show {request.number}"),),
            )
        )
    return tuple(rows)


def _thanks(tx: Connection, house: House, week: Week) -> Words:
    """Helpers by name, those first who made most people happy; without numbers, which would be too few."""
    happy = Counter[PersonId](
        poll.resolver
        for poll in week.polls
        if poll.resolver and poll.score is not None and poll.score >= HAPPY
    )
    if not happy:
        return ()
    names = people.several(tx, house.org, set(happy))
    thanked = [names[person].name for person, _ in happy.most_common(MOST_THANKED) if person in names]
    return (f"Thanks to {_listed(thanked)}.",) if thanked else ()


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
