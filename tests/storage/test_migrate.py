import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import migrate
from storage.database import Database
from storage.tables import metadata


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
