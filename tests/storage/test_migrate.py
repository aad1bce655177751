import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import conversations, migrate, people, ratings, requests
from storage.database import Database
from storage.records import Person, Poll
from storage.tables import metadata
from storage.types import EPOCH


def test_a_new_database_is_behind_until_it_is_upgraded(database_url: str) -> None:
    assert migrate.current(database_url) is None
    assert migrate.behind(database_url)
    migrate.upgrade(database_url)
    assert migrate.current(database_url) == migrate.head()
    assert not migrate.behind(database_url)
    migrate.upgrade(database_url)


def test_the_revisions_lead_to_the_tables(database_url: str) -> None:
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        differences = database.submit(
            lambda c: compare_metadata(MigrationContext.configure(c), metadata)
        ).result()
    assert differences == []


def test_the_numbers_are_alembic_s() -> None:
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_heads() == [migrate.head()]


def test_looking_makes_no_file(sqlite_url: str, tmp_path: Path) -> None:
    assert migrate.behind(sqlite_url)
    assert list(tmp_path.iterdir()) == []


def test_a_later_release_is_not_behind(database_url: str) -> None:
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        database.submit(
            lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        ).result()
    assert not migrate.behind(database_url)


def test_memory_has_no_past() -> None:
    with pytest.raises(ValueError, match="memory"):
        migrate.upgrade("sqlite://")


PEOPLE = (
    "INSERT INTO people (org, id, name, handle, zone, active, bot, slots, quiet_days, known) "
    "VALUES ('main', :id, 'Ann', 'ann', 'UTC', true, false, 'morning', '[\"fri\"]', true)"
)
"""Somebody, as the code of 0001 writes them."""
MEMBERS = "INSERT INTO members (org, place, person) VALUES ('main', 'slack:C1', :id)"
COUNTERS = "INSERT INTO counters (org, requests) VALUES ('main', 7)"


def write(database: Database, statement: str, **values: str) -> None:
    database.submit(lambda c: c.execute(text(statement), values)).result()


def command_for(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def test_0002_keeps_what_is_there_and_the_code_of_0001_goes_on_writing(database_url: str) -> None:
    with Database.open(database_url) as database:
        database.submit(lambda c: command.upgrade(command_for(c), "0001")).result()
        write(database, PEOPLE, id="slack:U1")
        write(database, MEMBERS, id="slack:U1")
        write(database, COUNTERS)
    assert migrate.current(database_url) == "0001"
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        write(database, PEOPLE, id="slack:U2")
        found = database.read(lambda tx: people.several(tx, "main", ["slack:U1", "slack:U2"])).result()
        assert found == {
            who: Person(who, "Ann", "ann", "UTC", slots="morning", quiet_days=("fri",))
            for who in ("slack:U1", "slack:U2")
        }
        assert database.read(lambda tx: people.members_of(tx, "main", "slack:C1")).result() == {"slack:U1"}
        assert database.submit(lambda tx: requests.next_number(tx, "main")).result() == 8
        assert database.read(lambda tx: conversations.everything(tx, "main")).result() == []


def test_0002_can_be_taken_back(database_url: str) -> None:
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        write(database, PEOPLE, id="slack:U1")
        database.submit(lambda c: command.downgrade(command_for(c), "0001")).result()
        write(database, PEOPLE, id="slack:U2")
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        assert database.read(lambda tx: people.count(tx, "main")).result() == 2


POLL = (
    "INSERT INTO polls (org, number, resolution, person, asked_at, comment, reasons, score) "
    "VALUES ('main', :number, 1, 'slack:U1', 0, '', '[]', 4)"
)
"""A poll, as the code of 0004 writes it."""


def test_0005_keeps_polls_and_the_code_of_0004_goes_on_asking(database_url: str) -> None:
    with Database.open(database_url) as database:
        database.submit(lambda c: command.upgrade(command_for(c), "0004")).result()
        write(database, POLL.replace(":number", "1"))
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        write(database, POLL.replace(":number", "2"))
        kept = database.read(lambda tx: [ratings.latest(tx, "main", number) for number in (1, 2)]).result()
        assert kept == [Poll(number, number, 1, "slack:U1", None, EPOCH, score=4) for number in (1, 2)]
        old = EPOCH + timedelta(days=7)
        assert len(database.read(lambda tx: ratings.overdue(tx, "main", old, old)).result()) == 2


def test_0005_can_be_taken_back(database_url: str) -> None:
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        write(database, POLL.replace(":number", "1"))
        database.submit(lambda c: command.downgrade(command_for(c), "0004")).result()
        write(database, POLL.replace(":number", "2"))
    migrate.upgrade(database_url)
    with Database.open(database_url) as database:
        kept = database.read(lambda tx: [ratings.latest(tx, "main", number) for number in (1, 2)]).result()
        assert [poll and poll.score for poll in kept] == [4, 4]


UPGRADE = "import sys; from storage import migrate; migrate.upgrade(sys.argv[1])"
UP_TO_DATE = """
import sys
from storage import migrate
assert not migrate.behind(sys.argv[1])
assert "alembic" not in sys.modules
"""


def test_several_processes_upgrade_at_once(database_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", UPGRADE, database_url]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert not migrate.behind(database_url)


def test_an_up_to_date_start_is_spared_alembic(sqlite_url: str) -> None:
    migrate.upgrade(sqlite_url)
    subprocess.run([sys.executable, "-c", UP_TO_DATE, sqlite_url], check=True, timeout=60)
