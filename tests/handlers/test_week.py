"""A simulated week: what a team of twelve reads of 300 requests. `tests.handlers.week` prints it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from handlers import targets, worktime
from handlers.house import local
from handlers.lifecycle import ENDED, UNFINISHED
from handlers.notices import Item, News, Nudge, When
from handlers.nudges import is_urgent
from handlers.words import plain
from storage.records import Entry, Person, Priority, Request
from tests.handlers.office import moment
from tests.handlers.week import ASKERS, DESK, FLOWERS, HUGO, JON, KIM, LOTTA, REQUESTS, TEAM, Message, Week

EVERYBODY = {one.id: one for one in (*TEAM, *ASKERS)}
PATIENCE = timedelta(days=4)
"""The longest anybody's next slot is away: two quiet days beside a weekend."""


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    with Week() as week:
        yield week.run()


def bundles(week: Week) -> list[Message]:
    """Every nudge when it was first said."""
    return [one for one in week.read if isinstance(one.notice, Nudge) and not one.edited]


def items(message: Message) -> list[tuple[Item, Request]]:
    assert isinstance(message.notice, Nudge)
    return list(zip(message.notice.items, message.stood, strict=True))


def goes_at_once(message: Message) -> bool:
    """Whether all in it is urgent: such a message keeps to no slot."""
    return all(is_urgent(request) for request in message.stood)


def test_the_week_is_a_week_of_work(week: Week) -> None:
    found = Counter(week.request(number).status for number in week.numbers)
    assert len(week.numbers) == REQUESTS
    assert sum(found[status] for status in ENDED) > REQUESTS / 2
    assert sum(found[status] for status in UNFINISHED) > REQUESTS / 10
    verbs = {line.verb for number in week.numbers for line in week.story(number)}
    assert verbs >= {"take", "promise", "ask", "answer", "wait until", "resume", "snooze", "unpark", "give"}
    assert verbs >= {"late", "nudge", "escalate", "orphan", "give up", "assign"}


def test_nobody_gets_more_than_two_bundles_a_day(week: Week) -> None:
    read = Counter(
        (one.place, local(one.at, zone_of(week, one)).date())
        for one in bundles(week)
        if not goes_at_once(one)
    )
    assert max(read.values()) == 2, read.most_common(3)


def test_what_is_urgent_is_little(week: Week) -> None:
    urgent = [one for one in bundles(week) if goes_at_once(one)]
    filed = [number for number in week.numbers if week.request(number).priority is Priority.URGENT]
    assert 0 < len(urgent) <= 5 * len(filed)
    assert len(urgent) < len(bundles(week)) / 2


def test_nobody_is_nudged_outside_their_hours_or_on_a_quiet_day(week: Week) -> None:
    for one in bundles(week):
        reader = EVERYBODY.get(one.place)
        if reader is None or goes_at_once(one):
            continue
        assert worktime.is_working(week.hours_of(reader), one.at), (reader.name, one.at)
        assert f"{local(one.at, reader.zone):%a}".lower() not in reader.quiet_days, (reader.name, one.at)


def test_who_chose_one_bundle_gets_one(week: Week) -> None:
    for one in bundles(week):
        reader = EVERYBODY.get(one.place)
        if reader is not None and reader.slots in ("morning", "afternoon") and not goes_at_once(one):
            hour = local(one.at, reader.zone).hour
            assert hour == {"morning": 9, "afternoon": 14}[reader.slots], (reader.name, one.at)
    assert any(one.place == HUGO.id for one in bundles(week)), "what he chose the team does not allow"


def test_nothing_that_has_ended_is_nudged(week: Week) -> None:
    for one in bundles(week):
        assert all(request.status in UNFINISHED for request in one.stood)
        assert not any(targets.is_parked(request, one.at) for request in one.stood)


def test_every_nudge_says_why_and_what_is_expected_and_by_when(week: Week) -> None:
    for message in bundles(week):
        for item, request in items(message):
            assert plain(item.why), request.number
            assert plain(item.expected), request.number
            assert item.buttons, request.number
            assert any(isinstance(span, When) for span in (*item.why, *item.expected)), item
            assert plain(item.why)[-1] in ".”", item


def test_a_private_request_is_told_to_nobody_else(week: Week) -> None:
    for message in bundles(week):
        for item, request in items(message):
            known = {request.requester, request.filed_by, request.owner, LOTTA.id, *request.followers}
            assert not request.private or message.place in known or item.title == "Private request"


def test_nothing_late_stays_silent(week: Week) -> None:
    """Whatever became late was moved, or said to somebody who can, before their next slots were over."""
    late = 0
    for number in week.numbers:
        story = week.story(number)
        for line in (one for one in story if one.verb == "late"):
            if week.now - line.at < PATIENCE:
                continue
            late += 1
            assert heard(week, number, line.at) or went_on(story, line), (number, line)
    assert late > 10, "there is something to see"


def test_who_asked_hears_that_it_is_late(week: Week) -> None:
    told = [plain(one.notice.words) for one in week.read if isinstance(one.notice, News)]
    late = {number for number in week.numbers if any(one.verb == "late" for one in week.story(number))}
    for number in late:
        request = week.request(number)
        said = any(f"#{number} " in one and " is late: it was " in one for one in told)
        assert said or not targets.is_late(request, week.now), number


def test_what_is_told_to_the_lead_is_told_once(week: Week) -> None:
    for number in week.numbers:
        since = 0
        for line in week.story(number):
            since = 0 if line.who is not None else since + (line.verb == "escalate")
            assert since <= 1, number


def test_who_is_away_or_has_left_is_left_in_peace(week: Week) -> None:
    for one in bundles(week):
        if one.place == JON.id:
            assert not moment("2026-11-24 08:30") < one.at < moment("2026-11-27 09:00")
        if one.place == KIM.id:
            assert one.at < moment("2026-11-25 11:00")
    assert not [
        number for number in week.numbers if week.request(number).owner == KIM.id and unfinished(week, number)
    ]


def heard(week: Week, number: int, since: datetime) -> bool:
    """Whether it was in a bundle from then on, or the lead knew already."""
    knew = week.request(number).escalated_at
    said = any(
        number in {one.number for one in message.stood} for message in bundles(week) if message.at >= since
    )
    return said or (knew is not None and knew <= since)


def went_on(story: list[Entry], late: Entry) -> bool:
    """Whether somebody moved it before it would have been said."""
    return any(line.who is not None and line.at - late.at < PATIENCE for line in story if line.id > late.id)


def unfinished(week: Week, number: int) -> bool:
    return week.request(number).status in UNFINISHED


def zone_of(week: Week, message: Message) -> str:
    reader: Person | None = EVERYBODY.get(message.place)
    return reader.zone if reader else week.house.zone_of(FLOWERS)


def test_the_channel_hears_only_of_what_its_lead_does_not_move(week: Week) -> None:
    """Somebody is on duty for all that nobody owns, and the lead hears of everybody else's."""
    for one in bundles(week):
        assert one.place != DESK or {request.owner for request in one.stood} == {LOTTA.id}
