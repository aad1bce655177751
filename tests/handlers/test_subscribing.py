"""Subscriptions, with the numbers of the cases in `handlers.subscribing`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from handlers import directory, fallback
from handlers.digest_intents import (
    OpenSubscription,
    PreviewDigest,
    ShowBehind,
    ShowDigest,
    Subscribe,
    Unsubscribe,
)
from handlers.house import Subscription
from handlers.intents import File, Misunderstood
from handlers.language import read, reads
from handlers.notices import Answer, Button, Digest, Form, News, Refused
from handlers.subscribing import everything, next_due
from handlers.words import plain
from storage import catalogue, tables
from storage.records import Channel, Team
from tests.handlers.office import ANN, BOB, CAT, LEA, MONDAY, ZONE, Office, moment

NEW_YEAR = moment("2024-01-01 00:00")
GENERAL, FLOWERS, ELSEWHERE = "slack:CGEN", "slack:CFLOWERS", "slack:CELSE"
SETTLED = Subscription(GENERAL, 4, time(16), ZONE)


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        furnish(office)
        yield office


def furnish(office: Office) -> None:
    def unit(tx: Connection) -> None:
        for place, name in ((GENERAL, "general"), (FLOWERS, "flowers"), ("teams:19:a@thread.tacv2", "Desk")):
            catalogue.name_channel(tx, "main", Channel(place, name))
        catalogue.keep_team(tx, "main", Team("flowers", "Flowers", lead=CAT, members=(CAT,)))
        catalogue.count_up(tx, "main")

    office.keep(unit)


def subscribed(office: Office) -> dict[str, Subscription]:
    return office.keep(lambda tx: everything(tx, office.house))


def said(notice: object) -> str:
    assert isinstance(notice, Answer | Refused | News), notice
    return plain(notice.why if isinstance(notice, Refused) else notice.words)


def digests(office: Office) -> list[tuple[str, str]]:
    """The places and weeks of every digest that was ever owed."""

    def unit(tx: Connection) -> list[tuple[str, str]]:
        keys = [row.key for row in tx.execute(select(tables.posts.c.key)) if row.key.startswith("digest:")]
        return sorted((key.rpartition(":")[0], key.rpartition(":")[2]) for key in keys)

    return office.keep(unit)


# what a line means

LINES: list[tuple[str, Any]] = [
    ("digest", ShowDigest()),
    ("Digest please", ShowDigest()),
    ("digest …", OpenSubscription()),
    ("digest subscribe …", OpenSubscription()),
    ("digest subscribe #general …", OpenSubscription("#general")),
    ("digest preview", PreviewDigest()),
    ("digest preview #general", PreviewDigest("#general")),
    ("digest subscribe", Subscribe()),
    ("digest subscribe this", Misunderstood),
    (
        "digest subscribe #general mon 09:00 Europe/Stockholm team flowers",
        Subscribe("#general", 0, time(9), "Europe/Stockholm", team="flowers"),
    ),
    ("digest subscribe fridays at 4 pm", Misunderstood),
    ("digest subscribe on Fridays at 4pm in #general", Subscribe("#general", 4, time(16))),
    ("digest subscribe 12am", Subscribe(at=time(0))),
    ("digest subscribe 7.30, sun", Subscribe(weekday=6, at=time(7, 30))),
    ("digest subscribe service #bouquets", Subscribe(service="bouquets")),
    ("digest subscribe UTC", Subscribe(zone="UTC")),
    ("digest subscribe Europe/Stockholmm", Misunderstood),
    ("digest subscribe 25:00", Misunderstood),
    ("digest subscribe 13pm", Misunderstood),
    ("digest unsubscribe", Unsubscribe()),
    ("digest unsubscribe from everything here", Misunderstood),
    ("digest unsubscribe #general", Unsubscribe("#general")),
    ("digest late", ShowBehind("late")),
    ("digest resolved 2026-11-29", ShowBehind("resolved", date(2026, 11, 29))),
    ("digest filed 2026-11-29 team flowers", ShowBehind("filed", date(2026, 11, 29), team="flowers")),
    ("digest late again, the printer", File),
    ("digest filed 0001-01-01", File),
    ("digest the report for Bob", File),
]


@pytest.mark.parametrize(("line", "intent"), LINES)
def test_what_a_line_means(line: str, intent: Any) -> None:
    found = read(line, MONDAY, ZONE)
    assert isinstance(found, intent) if isinstance(intent, type) else found == intent


def test_looking_changes_nothing() -> None:
    for line in ("digest", "digest …", "digest preview", "digest late 2026-11-29", "digest subscribe …"):
        assert reads(line)
    for line in ("digest subscribe", "digest unsubscribe #general", "digest the report"):
        assert not reads(line)


# 1, 2


def test_1_2_whoever_is_in_a_channel_subscribes_it(office: Office) -> None:
    assert said(office.say(ANN, "digest subscribe", GENERAL)) == (
        "#general gets the digest on Mondays at 09:00 (Europe/Stockholm). "
        "The first one comes on Mon 30 Nov, 09:00."
    )
    assert subscribed(office)[GENERAL] == Subscription(GENERAL, 0, time(9), ZONE, since=office.now)
    assert "no digest any more" in said(office.say(BOB, "digest unsubscribe", GENERAL))
    assert subscribed(office) == {}
    assert "gets no digest" in said(office.say(BOB, "digest unsubscribe", GENERAL))


def test_1_one_subscription_and_the_last_word_wins(office: Office) -> None:
    office.say(ANN, "digest subscribe", GENERAL)
    office.say(BOB, "digest subscribe fri 16:00 America/New_York team Flowers", GENERAL)
    assert subscribed(office) == {
        GENERAL: Subscription(GENERAL, 4, time(16), "America/New_York", "flowers", since=office.now)
    }


def test_1_what_the_settings_name_is_subscribed_until_somebody_says_otherwise(office: Office) -> None:
    office.house = replace(office.house, digests=(SETTLED,))
    assert subscribed(office) == {GENERAL: SETTLED}
    office.say(ANN, "digest subscribe tue", GENERAL)
    assert subscribed(office)[GENERAL].weekday == 1
    office.say(ANN, "digest unsubscribe", GENERAL)
    assert subscribed(office) == {}, "also after a restart, with the same settings"


def test_2_others_may_not_but_leads_may(office: Office) -> None:
    line = "digest subscribe #general"
    assert "Only people of that channel" in said(office.say(ANN, line, FLOWERS))
    assert "Only people of that channel" in said(office.say(ANN, "digest unsubscribe #general", ""))
    assert subscribed(office) == {}
    for lead in (LEA, CAT):
        assert said(office.say(lead, line, "")).startswith("#general gets")
    assert said(office.say(BOB, "digest subscribe #flowers", FLOWERS)).startswith("#flowers gets")


@pytest.mark.parametrize(
    ("line", "place", "why"),
    [
        ("digest subscribe", "", "Say which channel"),
        ("digest subscribe", LEA, "Say which channel"),
        ("digest subscribe #nowhere", "", "I know no channel “#nowhere”"),
        ("digest subscribe", ELSEWHERE, "I am not in that channel"),
        ("digest subscribe team nobody", GENERAL, "There is no team “nobody”"),
        ("digest subscribe service nothing", GENERAL, "There is no service “nothing”"),
        ("digest preview", "", "Say which channel"),
    ],
)
def test_what_is_refused(office: Office, line: str, place: str, why: str) -> None:
    assert why in said(office.say(LEA, line, place))
    assert subscribed(office) == {}


# the form


def test_the_form_shows_what_is_and_keeps_what_is_chosen(office: Office) -> None:
    form = office.say(LEA, "digest …", GENERAL)
    assert isinstance(form, Form)
    assert [field.initial for field in form.fields] == ["#general", "0", "09:00", ZONE, "everything"]
    assert form.intro == ()
    kept = {"channel": "#general", "weekday": "3", "time": "07:45", "zone": "UTC", "about": "team:flowers"}
    assert "on Thursdays at 07:45 (UTC), about Flowers" in said(office.fill(LEA, "digest", kept))
    again = office.say(LEA, "digest subscribe #general …", "")
    assert isinstance(again, Form)
    assert [field.initial for field in again.fields] == list(kept.values())
    assert plain(again.intro) == "At present: on Thursdays at 07:45 (UTC), about Flowers."


@pytest.mark.parametrize(
    ("field", "value"), [("zone", "Mars/Olympus"), ("channel", "#nowhere"), ("about", "team:nobody")]
)
def test_what_is_wrong_in_the_form_is_said_beside_its_field(office: Office, field: str, value: str) -> None:
    kept = {"channel": "#general", "weekday": "3", "time": "07:45", "zone": "UTC", "about": "everything"}
    refused = office.fill(LEA, "digest", {**kept, field: value})
    assert isinstance(refused, Refused)
    assert refused.field == field


def test_what_a_channel_would_read(office: Office) -> None:
    assert "nothing would be posted" in said(office.say(ANN, "digest preview", GENERAL))
    office.file(ANN, "tulips")
    assert "nothing would be posted" in said(office.say(ANN, "digest preview", GENERAL)), "today is not over"
    office.now += timedelta(days=1)
    shown = office.say(ANN, "digest preview", GENERAL)
    assert isinstance(shown, Digest)
    assert shown.title == "The week to Monday 23 November 2026"
    office.say(ANN, "digest subscribe team flowers", GENERAL)
    assert "nothing would be posted" in said(office.say(ANN, "digest preview", GENERAL))


# 3 to 6: once for each channel and week


def swept(office: Office, until: str, every: timedelta = timedelta(minutes=30), by: int = 1) -> None:
    """The clock looks, `by` so many processes at a time, and all that is owed is said."""
    while office.now <= moment(until):
        for _ in range(by):
            office.sweep()
        office.deliver()
        office.now += every


SPRING, AUTUMN = "2026-03-27 12:00", "2026-10-23 12:00"
"""Fridays before the clocks go on in the night to Sunday the 29th, and back in that to the 25th."""


@pytest.mark.parametrize("at", ["02:00", "02:30", "03:00", "00:00", "23:59"])
@pytest.mark.parametrize(
    ("friday", "ends", "weeks"),
    [
        (SPRING, "2026-04-13 00:55", ["2026-W13", "2026-W14", "2026-W15"]),
        (AUTUMN, "2026-11-09 00:55", ["2026-W43", "2026-W44", "2026-W45"]),
    ],
)
def test_3_5_once_a_week_over_both_changes_of_the_clocks(
    at: str, friday: str, ends: str, weeks: list[str]
) -> None:
    with Office(at=moment(friday)) as office:
        furnish(office)
        office.say(ANN, f"digest subscribe sun {at}", GENERAL)
        swept(office, ends, timedelta(minutes=55))  # so that it looks at another minute each hour
        assert digests(office) == [(f"digest:{GENERAL}", week) for week in weeks]


def test_3_the_change_of_the_day_neither_doubles_nor_hurries(office: Office) -> None:
    office.say(ANN, "digest subscribe mon 11:00", GENERAL)
    swept(office, "2026-11-23 12:00")
    office.say(ANN, "digest subscribe thu", GENERAL)
    swept(office, "2026-12-03 12:00", timedelta(hours=3))
    assert [week for _, week in digests(office)] == ["2026-W48", "2026-W49"]
    assert office.post(f"digest:{GENERAL}:2026-W49").ref == moment("2026-12-03 09:00").isoformat()


def test_4_after_a_time_of_rest_only_the_latest(office: Office) -> None:
    office.say(ANN, "digest subscribe", GENERAL)
    office.now = moment("2026-12-23 12:00")
    swept(office, "2026-12-24 12:00")
    assert [week for _, week in digests(office)] == ["2026-W52"]


def test_6_nothing_that_was_due_before_it_was_wanted(office: Office) -> None:
    office.say(ANN, "digest subscribe mon 09:00", GENERAL)  # it is Monday, ten o'clock
    swept(office, "2026-11-30 08:59", timedelta(hours=1))
    assert digests(office) == []
    swept(office, "2026-11-30 12:00")
    assert [week for _, week in digests(office)] == ["2026-W49"]


@given(
    st.builds(
        Subscription,
        st.just(GENERAL),
        st.integers(0, 6),
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.sampled_from([ZONE, "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]),
    ),
    st.integers(0, 6 * 525_600).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
)
def test_the_next_one_is_within_a_week(subscription: Subscription, now: datetime) -> None:
    after = next_due(subscription, now)
    assert now < after <= now + timedelta(days=7, hours=2)


def test_whoever_ended_it_gets_none_even_when_it_is_owed(office: Office) -> None:
    office.file(ANN, "tulips")
    office.say(ANN, "digest subscribe", GENERAL)
    office.now = moment("2026-11-30 09:00")
    office.sweep()
    office.say(ANN, "digest unsubscribe", GENERAL)
    assert not [notice for _, notice in office.deliver() if isinstance(notice, Digest)]


# 7


def lost(office: Office) -> list[tuple[str, str]]:
    return [(place, said(notice)) for place, notice in office.said if isinstance(notice, News)]


@pytest.mark.parametrize(("line", "hears"), [("", LEA), (" team flowers", CAT)])
def test_7_a_channel_that_is_archived_gets_none_and_the_lead_hears_once(
    office: Office, line: str, hears: str
) -> None:
    office.file(ANN, "tulips", GENERAL)
    if line:
        office.file(ANN, "roses @flowers", GENERAL)
    office.say(ANN, f"digest subscribe{line}", GENERAL)
    office.closed[GENERAL] = "is_archived"
    swept(office, "2026-12-15 12:00", timedelta(hours=6))
    told = [text for place, text in lost(office) if place == hears and "digest" in text]
    assert len(told) == 1
    assert told[0].startswith("The weekly digest can’t be posted in #general any more")
    assert [week for place, week in digests(office) if place == f"digest:{GENERAL}"] == ["2026-W49"]
    assert subscribed(office) == {}


def test_7_without_a_lead_who_subscribed_it_hears(office: Office) -> None:
    office.house = replace(office.house, lead=None)
    office.say(ANN, "digest subscribe", GENERAL)
    office.keep(lambda tx: fallback.place_lost(tx, office.house, GENERAL, "is_archived", office.now))
    office.keep(lambda tx: fallback.place_lost(tx, office.house, GENERAL, "is_archived", office.now))
    assert [place for place, _ in office.deliver()] == [ANN]


def test_7_it_gets_them_again_when_it_is_back_or_subscribed_anew(office: Office) -> None:
    office.house = replace(office.house, digests=(SETTLED,))
    channel = Channel(GENERAL, "general")
    office.keep(lambda tx: fallback.place_lost(tx, office.house, GENERAL, "is_archived", office.now))
    assert subscribed(office) == {}
    office.keep(lambda tx: directory.came(tx, office.house, channel, office.now))
    assert subscribed(office) == {GENERAL: replace(SETTLED, since=office.now)}
    office.say(ANN, "digest unsubscribe", GENERAL)
    office.keep(lambda tx: directory.came(tx, office.house, channel, office.now))
    assert subscribed(office) == {}, "who ended it meant it"
    office.say(ANN, "digest subscribe", GENERAL)
    assert GENERAL in subscribed(office)


def test_7_another_failure_loses_nothing(office: Office) -> None:
    office.file(ANN, "tulips")
    office.say(ANN, "digest subscribe", GENERAL)
    office.closed[GENERAL] = "msg_blocks_too_long"
    swept(office, "2026-12-01 12:00", timedelta(hours=6))
    assert GENERAL in subscribed(office)


def test_the_buttons_of_the_answer_say_lines(office: Office) -> None:
    answer = office.say(LEA, "digest subscribe #general")
    assert isinstance(answer, Answer)
    assert answer.buttons == (
        Button("Preview", "digest preview #general"),
        Button("Change …", "digest subscribe #general …"),
    )


def test_a_lead_who_is_gone_is_not_told(office: Office) -> None:
    office.described(LEA, "Lea", active=False)
    office.say(ANN, "digest subscribe", GENERAL)
    office.keep(lambda tx: fallback.place_lost(tx, office.house, GENERAL, "is_archived", office.now))
    assert [place for place, _ in office.deliver()] == [ANN]
