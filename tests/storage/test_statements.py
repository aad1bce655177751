from datetime import UTC, datetime
from enum import Enum, StrEnum

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.statements import Hot
from storage.types import Instant, Names, Wall, WallTime


class Status(StrEnum):
    OPEN = "open"
    DONE = "done"


class Size(Enum):
    SMALL = 1


notes = Table(
    "notes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Instant),
    Column("wall", Wall),
    Column("names", Names),
    Column("status", Text),
    Column("size", EnumType(Size, native_enum=False)),
    Column("open", Boolean),
    Column("key", Text),
    UniqueConstraint("key"),
)
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WALL = WallTime(datetime(2026, 11, 27, 17), "Europe/Stockholm")  # noqa: DTZ001
NOTE = {
    "at": NOW,
    "wall": WALL,
    "names": ("ann",),
    "status": Status.OPEN,
    "size": Size.SMALL,
    "open": True,
    "key": "50 % of 'it'",
}
KEPT = (NOW, WALL, ("ann",), "open", Size.SMALL, True, "50 % of 'it'")

add = Hot(insert(notes).values({name: bindparam(name) for name in NOTE}))
add_and_number = Hot(
    insert(notes).values({name: bindparam(name) for name in NOTE}).returning(notes.c.id, notes.c.at)
)
move = Hot(
    update(notes)
    .where(notes.c.key == bindparam("which"), notes.c.open)
    .values(at=bindparam("to"), status="done")
)
find = Hot(
    select(*(notes.c[name] for name in NOTE)).where(notes.c.at == bindparam("at"), notes.c.key.like("50 %"))
)
forget = Hot(delete(notes).where(notes.c.at <= bindparam("until")))
twice = Hot(
    select(notes.c.at, notes.c.at, notes.c.key).where(
        notes.c.at < bindparam("x"), notes.c.at != bindparam("x")
    )
)


def test_a_note_s_whole_life(database_url: str) -> None:
    def life(connection: Connection) -> None:
        assert add.run(connection, NOTE) == 1
        assert find.rows(connection, {"at": NOW}) == [KEPT]
        assert add_and_number.first(connection, {**NOTE, "key": None}) == (2, NOW)
        later = NOW.replace(hour=9)
        assert move.run(connection, {"which": NOTE["key"], "to": later}) == 1
        assert find.first(connection, {"at": NOW}) is None
        assert find.first(connection, {"at": later}) == (later, WALL, ("ann",), "done", *KEPT[4:])
        assert twice.rows(connection, {"x": later}) == [(NOW, NOW, None)]
        assert forget.run(connection, {"until": later}) == 2

    with Database.open(database_url) as database:
        database.submit(notes.metadata.create_all).result()
        database.submit(life).result()


def test_the_same_as_core(database_url: str) -> None:
    with Database.open(database_url) as database:
        database.submit(notes.metadata.create_all).result()
        database.submit(lambda c: add.run(c, NOTE)).result()
        core = select(*(notes.c[name] for name in NOTE))
        rows = database.read(lambda c: [tuple(row) for row in c.execute(core)]).result()
        assert rows == database.read(lambda c: find.rows(c, {"at": NOW})).result() == [KEPT]


def test_errors_are_sqlalchemy_s_and_repeat_nothing_that_was_written(database_url: str) -> None:
    with Database.open(database_url) as database:
        database.submit(notes.metadata.create_all).result()
        database.submit(lambda c: add.run(c, NOTE)).result()
        with pytest.raises(IntegrityError) as caught:
            database.submit(lambda c: add.run(c, {**NOTE, "status": "a secret"})).result()
        assert "INSERT INTO notes" in str(caught.value)
        assert "a secret" not in str(caught.value)


@pytest.mark.parametrize("parameters", [{}, {"until": NOW, "also": 1}])
def test_too_few_and_too_many_parameters(sqlite_url: str, parameters: dict[str, object]) -> None:
    with Database.open(sqlite_url) as database, pytest.raises(TypeError, match="1 parameters are needed"):
        database.submit(lambda c: forget.run(c, parameters)).result()


counted = Table(
    "counted", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer, default=lambda: 1)
)


@pytest.mark.parametrize(
    "cold",
    [
        Hot(select(notes.c.id).where(notes.c.id.in_(bindparam("ids", expanding=True)))),
        Hot(insert(counted).values(id=bindparam("id"))),
    ],
    ids=["expanding", "default in Python"],
)
def test_what_core_works_out_each_time_is_refused(sqlite_url: str, cold: Hot) -> None:
    with Database.open(sqlite_url) as database, pytest.raises(TypeError, match="a hot statement"):
        database.submit(lambda c: cold.rows(c, {"ids": [1]})).result()
