from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, TypeDecorator, insert, make_url, select, text

from storage.database import Database
from storage.types import Instant, Names, Wall, WallTime, from_micros, to_micros

DIALECTS = [make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://")]
ZONES = ("Europe/Stockholm", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")

offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=offsets)  # noqa: DTZ001
walls = st.builds(
    WallTime,
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

kept = Table(
    "kept",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Instant),
    Column("wall", Wall),
    Column("names", Names),
)


def there_and_back(kind: TypeDecorator[Any], value: object) -> set[object]:
    there = [(dialect, kind.process_bind_param(value, dialect)) for dialect in DIALECTS]
    return {kind.process_result_value(driver_value, dialect) for dialect, driver_value in there}


@given(moments)
def test_an_instant_comes_back_to_the_microsecond_and_in_utc(moment: datetime) -> None:
    (back,) = there_and_back(Instant(), moment)
    assert back == moment
    assert isinstance(back, datetime)
    assert back.tzinfo is UTC


@given(moments, moments)
def test_instants_are_kept_in_their_order(one: datetime, other: datetime) -> None:
    assert (to_micros(one) < to_micros(other)) is (one < other)


@given(st.integers(-(10**16), 10**17))
def test_micros_are_whole(micros: int) -> None:
    assert to_micros(from_micros(micros)) == micros


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_micros(NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="no time zone"):
        WallTime.at(NOW.replace(tzinfo=None), "UTC")


@given(walls)
def test_a_wall_time_comes_back(wall: WallTime) -> None:
    assert there_and_back(Wall(), wall) == {wall}


@given(moments.filter(lambda moment: 1950 < moment.year < 2100), st.sampled_from(ZONES))
def test_a_wall_shows_an_instant_unless_the_hour_is_the_repeated_one(moment: datetime, zone: str) -> None:
    off = moment - WallTime.at(moment, zone).instant()
    assert off == timedelta(0) or moment.astimezone(ZoneInfo(zone)).fold == 1


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-11-27T17:00[Europe/Stockholm]", "2026-11-27T16:00"),
        ("2026-07-27T17:00[Europe/Stockholm]", "2026-07-27T15:00"),
        ("2026-03-29T02:30[Europe/Stockholm]", "2026-03-29T01:30"),  # skipped: shown as 03:30
        ("2026-10-25T02:30[Europe/Stockholm]", "2026-10-25T00:30"),  # shown twice: the first
        ("2026-11-27T17:00:05[Asia/Kathmandu]", "2026-11-27T11:15:05"),
    ],
)
def test_what_a_clock_shows_is_an_instant(wall: str, utc: str) -> None:
    parsed = WallTime.parse(wall)
    assert str(parsed) == wall
    assert parsed.instant() == datetime.fromisoformat(utc + "Z")


@pytest.mark.parametrize("nonsense", ["", "2026-11-27T17:00", "[UTC]", "2026-11-27T17:00[UTC", "5pm[UTC]"])
def test_nonsense_is_no_wall_time(nonsense: str) -> None:
    with pytest.raises(ValueError, match=r"wall time|isoformat"):
        WallTime.parse(nonsense)


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "../etc/passwd", "Europe", "å\0"])
def test_a_place_without_clocks(zone: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        WallTime(NOW.replace(tzinfo=None), zone)


def test_an_instant_is_not_what_a_clock_shows() -> None:
    with pytest.raises(ValueError, match="is an instant"):
        WallTime(NOW, "UTC")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple))
def test_names_come_back(names: tuple[str, ...]) -> None:
    assert there_and_back(Names(), names) == {names}


def test_one_name_is_not_several() -> None:
    with pytest.raises(ValueError, match="not several"):
        Names().process_bind_param("ann", DIALECTS[0])


def test_every_type_in_a_table(database_url: str) -> None:
    row = (1, NOW, WallTime.parse("2026-11-27T17:00[Europe/Stockholm]"), ("ann", "日本", "\0"))
    later = NOW + timedelta(microseconds=1)
    with Database.open(database_url) as database:
        database.submit(kept.metadata.create_all).result()
        database.submit(
            lambda c: c.execute(insert(kept), [dict(zip(kept.c.keys(), row, strict=True))])
        ).result()
        database.submit(lambda c: c.execute(insert(kept).values(id=2, at=later))).result()

        rows = database.read(lambda c: c.execute(select(kept).order_by(kept.c.id)).all()).result()
        assert rows == [row, (2, later, None, None)]
        due = database.read(lambda c: c.scalars(select(kept.c.id).where(kept.c.at <= NOW)).all()).result()
        assert due == [1]
        raw = database.read(
            lambda c: c.execute(text("SELECT at, wall FROM kept WHERE id = 1")).one()
        ).result()
        assert raw == (to_micros(NOW), "2026-11-27T17:00[Europe/Stockholm]")
