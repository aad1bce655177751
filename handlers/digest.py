"""The digest: a week beside the week before, said once to each channel that wants it, unless it was empty.

What each number is stands in `handlers.numbers`; who gets it when, in `handlers.subscribing`. It tells of the
seven whole days before the day on which it is due, on the organisation's clock: on a Monday, of the calendar
week that is over. Asked for, it tells of the last seven days up to now. Its picture is of calendar weeks.

Private requests are counted nowhere here and named nowhere. People are thanked for votes alone that were
given with a name, and quoted where whoever wrote it allowed that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers import cards, numbers, targets, trends, weeks
from handlers.digest_intents import PreviewDigest
from handlers.figures import MEASURES, NONE, how_many, worth_comparing
from handlers.house import House, Subscription, local
from handlers.isoweeks import bounds, midnight, week_of, weeks_back
from handlers.may import may_tell_vote
from handlers.notices import Answer, Button, Digest, Figure, Mention, Notice, Quote, Row, Words
from handlers.numbers import HAPPY, Scope
from handlers.subscribing import LOST, everything, scope_name, tell_lost, the_place
from handlers.turn import Turn
from storage import numbers as kept
from storage import people, requests
from storage.numbers import Asked
from storage.records import PersonId, Post
from storage.sums import Sums

A_WEEK = timedelta(days=7)
MOST_ROWS = 5
MOST_THANKED = 5
MOST_QUOTED = 3
LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Span:
    """What a digest tells of: from `start` up to, not including, `end`; and what it is set beside."""

    before: datetime
    start: datetime
    end: datetime
    scope: Scope = numbers.EVERYBODY
    due: bool = False
    """Whether it is told in whole days, when they are over."""


@dataclass(frozen=True, slots=True)
class Week:
    """What happened in the seven days, and in those before."""

    span: Span
    counted: Sums
    before: Sums
    open_at_end: int
    open_before: int
    calendar: Mapping[str, list[Sums]]
    """Calendar weeks that were read for it, whole."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened."""
        return not (self.counted.filed or self.counted.resolved or self.counted.votes)


def compose_post(tx: Connection, house: House, post: Post) -> Notice | None:
    """The digest as it was due; None for a week in which nothing happened, and where nobody wants it now."""
    if post.ref.startswith(LOST):
        return tell_lost(tx, house, post)
    subscription = everything(tx, house).get(post.place)
    if subscription is None:
        return None
    return compose(tx, house, whole_days(house, datetime.fromisoformat(post.ref), _scope(subscription)))


def show(turn: Turn) -> Notice:
    """The last seven days, to whoever asked, alone."""
    now = turn.now
    span = Span(now - 2 * A_WEEK, now - A_WEEK, now)
    found = compose(turn.tx, turn.house, span)
    return found or Answer(
        words=("Nothing was filed or resolved in the last seven days, so there is no digest.",)
    )


def preview(turn: Turn, intent: PreviewDigest) -> Notice:
    """What a channel would read if its digest were due now; what it is about, as it is subscribed."""
    place = the_place(turn, intent.channel)
    subscription = everything(turn.tx, turn.house).get(place)
    scope = _scope(subscription) if subscription else numbers.EVERYBODY
    found = compose(turn.tx, turn.house, whole_days(turn.house, turn.now, scope))
    return found or Answer(
        words=("Nothing was filed or resolved in the seven days before today, so nothing would be posted.",)
    )


def whole_days(house: House, due: datetime, scope: Scope = numbers.EVERYBODY) -> Span:
    """The seven days before the day of a moment, on the organisation's clock."""
    day = local(due, house.zone).date()
    before, start, end = (midnight(day - back * A_WEEK, house.zone) for back in (2, 1, 0))
    return Span(before, start, end, scope, due=True)


def gather(tx: Connection, house: House, span: Span) -> Week:
    """Everything that counts in a span and before it; private requests do not."""
    keys = span.scope.team, span.scope.service
    read: dict[str, list[Sums]] = {}
    return Week(
        span,
        counted=_counted(tx, house, span.start, span.end, span.scope, read),
        before=_counted(tx, house, span.before, span.start, span.scope, read),
        open_at_end=kept.open_at(tx, house.org, span.end, *keys),
        open_before=kept.open_at(tx, house.org, span.start, *keys),
        calendar=read,
    )


def _counted(
    tx: Connection, house: House, start: datetime, end: datetime, scope: Scope, read: dict[str, list[Sums]]
) -> Sums:
    """From the sums of a calendar week where it is one; then it stands in `read`."""
    week = week_of(start, house.zone)
    if bounds(week, house.zone) != (start, end):
        return numbers.of(weeks.of_span(tx, house, start, end), scope)
    read[week] = weeks.of_week(tx, house, week)
    return numbers.of(read[week], scope)


def compose(tx: Connection, house: House, span: Span) -> Digest | None:
    """The digest of seven days beside those before; None when nothing happened in them."""
    week = gather(tx, house, span)
    if week.empty:
        return None
    keys, end = (span.scope.team, span.scope.service), span.end
    late = [one.number for one in kept.perhaps_late(tx, house.org, end, *keys) if targets.is_late(one, end)]
    oldest = kept.oldest(tx, house.org, end, MOST_ROWS, *keys, without=frozenset(late))
    praised = kept.praised(tx, house.org, span.start, end, HAPPY)
    told = [one for one in praised if span.scope.has(one) and may_tell_vote(one.privacy)]
    return Digest(
        title=_title(house, span),
        summary=_summary(week.counted, late),
        figures=tuple(_figures(week)),
        shortfalls=_shortfalls(week.counted),
        late=_rows(tx, house, late[:MOST_ROWS], end),
        oldest=_rows(tx, house, oldest, end),
        thanks=_thanks(tx, house, told),
        quotes=_quotes(tx, house, told),
        footnote="Times are working time. Private requests are not counted. Say report for all the numbers.",
        trend=trends.trend(tx, house, weeks_back(week_of(end, house.zone), 2)[0], span.scope, week.calendar),
        buttons=tuple(_buttons(house, week, late)),
    )


def _scope(subscription: Subscription) -> Scope:
    return Scope(subscription.team, subscription.service)


def _title(house: House, span: Span) -> str:
    last = local(span.end, house.zone) - timedelta(days=1 if span.due else 0)
    name = scope_name(house, span.scope.team, span.scope.service)
    return f"{f'{name}: the' if name else 'The'} week to {last:%A} {last.day} {last:%B %Y}"


def _figures(week: Week) -> list[Figure]:
    told = [(label, measure(week.counted), measure(week.before)) for label, measure in MEASURES.items()]
    shown = [*told[:2], ("Open at the end", str(week.open_at_end), str(week.open_before)), *told[2:]]
    figures = (Figure(label, value, worth_comparing(before)) for label, value, before in shown)
    return [one for one in figures if one.value != NONE or one.before]


def _summary(counted: Sums, late: Sequence[int]) -> Words:
    were = "was" if counted.resolved == 1 else "were"
    came = f"{how_many(counted.filed, 'request')} came in and {counted.resolved} {were} resolved."
    now = f" {how_many(len(late), 'request')} {'is' if len(late) == 1 else 'are'} late." if late else ""
    return (came + now,)


def _shortfalls(counted: Sums) -> Words:
    if not counted.reasons:
        return ()
    often = sorted(counted.reasons, key=lambda told: -told[1])[:3]
    return (f"Fell short most: {', '.join(f'{reason} ({count})' for reason, count in often)}.",)


def _rows(tx: Connection, house: House, numbers: Sequence[int], end: datetime) -> tuple[Row, ...]:
    rows = []
    for request in filter(None, (requests.get(tx, house.org, number) for number in numbers)):
        words = _by_name(cards.in_a_row(request, cards.names_of(tx, house, request), house.zone, end))
        show = Button(f"Show #{request.number}", f"show {request.number}")
        rows.append(Row(request.number, request.title, words, (show,)))
    return tuple(rows)


def _by_name(words: Words) -> Words:
    """People by name, without calling them: a channel's digest wakes nobody."""
    return tuple(span.name if isinstance(span, Mention) else span for span in words)


def _thanks(tx: Connection, house: House, told: Sequence[Asked]) -> Words:
    """Helpers by name, those first who made most people happy; without numbers, which would be too few."""
    happy = Counter[PersonId](one.resolver for one in told if one.resolver)
    names = people.several(tx, house.org, set(happy)) if happy else {}
    thanked = [names[person].name for person, _ in happy.most_common(MOST_THANKED) if person in names]
    return (f"Thanks to {_listed(thanked)}.",) if thanked else ()


def _quotes(tx: Connection, house: House, told: Sequence[Asked]) -> tuple[Words, ...]:
    """What was written beside the happiest votes, of whom it speaks; never who wrote it."""
    shared = [one for one in told if one.quotable and one.comment.strip() and one.resolver]
    best = sorted(shared, key=lambda one: -(one.score or 0))
    names = people.several(tx, house.org, {one.resolver for one in best if one.resolver})
    known = [(names[one.resolver].name, one.comment) for one in best if one.resolver in names]
    return tuple((f"About {name}: ", Quote(_cut(comment))) for name, comment in known[:MOST_QUOTED])


def _cut(comment: str) -> str:
    words = " ".join(comment.split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"


def _buttons(house: House, week: Week, late: Sequence[int]) -> list[Button]:
    """What can be opened to the requests behind it, where there are any."""
    span, counted = week.span, week.counted
    scope = span.scope
    last = local(span.end, house.zone).date() - timedelta(days=1)
    when = f" {last}" if span.due else ""
    whose = f" service {scope.service}" if scope.service else f" team {scope.team}" if scope.team else ""
    counts = (
        ("Filed", "filed", counted.filed, when),
        ("Resolved", "resolved", counted.resolved, when),
        ("Past target", "missed", counted.targeted - counted.on_target, when),
        ("Broken promises", "broken", counted.promised - counted.kept, when),
        ("Reopened", "reopened", counted.reopened, when),
        ("Late now", "late", len(late), ""),
        ("Open now", "open", week.open_at_end, ""),
    )
    return [Button(label, f"digest {kind}{at}{whose}") for label, kind, count, at in counts if count]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
