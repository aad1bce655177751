"""The numbers in the names are those of the promises in `storage.database.Database`."""

import asyncio
import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, exc, text

from storage.database import BATCH, Database, Stale, parse_url

BROKEN = "a decision went wrong"


def tables(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE notes (n INTEGER PRIMARY KEY, pad TEXT)")


def note(n: int, pad: str = "") -> Callable[[Connection], int]:
    def keep(connection: Connection) -> int:
        connection.execute(text("INSERT INTO notes VALUES (:n, :pad)"), {"n": n, "pad": pad})
        return n

    return keep


def broken_note(n: int) -> Callable[[Connection], int]:
    def keep(connection: Connection) -> int:
        note(n)(connection)
        raise ZeroDivisionError(BROKEN)

    return keep


def numbers(connection: Connection) -> list[int]:
    return [row[0] for row in connection.exec_driver_sql("SELECT n FROM notes ORDER BY n")]


def path(url: str) -> str:
    return url.removeprefix("sqlite:///")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database.open(database_url) as database:
        database.submit(tables).result()
        yield database


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    with Database.open(sqlite_url, busy=0.05) as database:
        database.submit(tables).result()
        yield database


@contextlib.contextmanager
def writer_held(database: Database) -> Iterator[None]:
    """While this lasts, whatever is submitted queues up."""
    free, held = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        held.set()
        assert free.wait(10)

    holding = database.submit(hold)
    assert held.wait(10)
    yield
    free.set()
    holding.result()


# 1. A future resolves after its unit is on disk


def test_1_what_is_answered_is_seen_by_others(database: Database) -> None:
    assert database.submit(note(1)).result() == 1
    assert database.read(numbers).result() == [1]


def test_1_many_at_once(database: Database) -> None:
    futures = [database.submit(note(n)) for n in range(3 * BATCH + 7)]
    assert [future.result() for future in futures] == list(range(3 * BATCH + 7))
    assert database.read(numbers).result() == list(range(3 * BATCH + 7))


def test_1_a_commit_is_shared_and_nobody_is_answered_before_it(sqlite: Database, sqlite_url: str) -> None:
    seen: list[int] = []

    def look_from_outside(_: Connection) -> None:
        with contextlib.closing(sqlite3.connect(path(sqlite_url))) as other:
            seen.extend(row[0] for row in other.execute("SELECT n FROM notes"))

    with writer_held(sqlite):
        first = sqlite.submit(note(1))
        second = sqlite.submit(lambda _: first.done())
        sqlite.submit(look_from_outside)
    assert second.result() is False
    assert first.result() == 1
    assert seen == []


async def test_1_a_future_can_be_awaited(database: Database) -> None:
    units = (asyncio.wrap_future(database.submit(note(n))) for n in range(20))
    assert await asyncio.gather(*units) == list(range(20))


BURST = """
import sys
from threading import Semaphore
from storage.database import Database
from tests.storage.test_database import note, tables

database = Database.open(sys.argv[1])
database.submit(tables).result()
ahead = Semaphore(200)
def tell(future):
    sys.stdout.write(f"{future.result()}\\n")  # in one piece, as several threads tell
    sys.stdout.flush()
    ahead.release()
for n in range(1_000_000):
    ahead.acquire()
    database.submit(note(n)).add_done_callback(tell)
"""


def test_1_kill_9_loses_nothing_that_was_answered(database_url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", BURST, database_url], stdout=subprocess.PIPE) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(1_500)]
        os.kill(process.pid, signal.SIGKILL)
        lines += [line for line in process.stdout if line.endswith(b"\n")]
    assert process.returncode == -signal.SIGKILL
    with Database.open(database_url) as database:
        assert {int(line) for line in lines} <= set(database.read(numbers).result())


# 2. A unit that raises fails alone; a commit that fails fails all who shared it


def test_2_a_unit_that_raises_fails_alone(database: Database) -> None:
    with writer_held(database):
        futures = [database.submit(broken_note(n) if n % 3 == 1 else note(n)) for n in range(9)]
    wait(futures)
    assert [type(future.exception()) for future in futures if future.exception()] == [ZeroDivisionError] * 3
    assert database.read(numbers).result() == [0, 2, 3, 5, 6, 8]


def test_2_a_unit_that_raises_with_nobody_beside_it(database: Database) -> None:
    with pytest.raises(ZeroDivisionError, match=BROKEN):
        database.submit(broken_note(1)).result()
    assert database.read(numbers).result() == []


def test_2_a_statement_that_fails_fails_its_unit(database: Database) -> None:
    with writer_held(database):
        futures = [database.submit(note(n)) for n in (1, 2, 1, 3)]
    (error,) = [error for future in futures if (error := future.exception())]
    assert isinstance(error, exc.IntegrityError)
    assert database.read(numbers).result() == [1, 2, 3]


def test_2_a_commit_that_fails_fails_all(sqlite: Database) -> None:
    sqlite.submit(
        lambda c: c.exec_driver_sql(
            "CREATE TABLE answers (n INTEGER REFERENCES notes (n) DEFERRABLE INITIALLY DEFERRED)"
        )
    ).result()
    with writer_held(sqlite):
        futures: list[Future[object]] = [
            sqlite.submit(note(1)),
            sqlite.submit(lambda c: c.exec_driver_sql("INSERT INTO answers VALUES (99)").rowcount),
            sqlite.submit(broken_note(2)),
        ]
    for future in futures:
        with pytest.raises(exc.IntegrityError, match="FOREIGN KEY"):
            future.result()
    assert sqlite.submit(note(3)).result() == 3
    assert sqlite.read(numbers).result() == [3]


def test_2_even_an_exit_leaves_the_writer_at_work(database: Database) -> None:
    def leave(_: Connection) -> None:
        raise SystemExit(3)

    assert isinstance(database.submit(leave).exception(), SystemExit)
    assert database.submit(note(1)).result() == 1


# 3. A locked, full or unreachable database


def test_3_locked_by_another_process(sqlite: Database, sqlite_url: str) -> None:
    with contextlib.closing(sqlite3.connect(path(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(exc.OperationalError, match="locked"):
            sqlite.submit(note(1)).result()
        assert sqlite.read(numbers).result() == []
        other.execute("ROLLBACK")
    assert sqlite.submit(note(2)).result() == 2
    assert sqlite.read(numbers).result() == [2]


def test_3_locked_on_postgresql(postgres_url: str) -> None:
    with Database.open(postgres_url, busy=0.05) as database, psycopg.connect(postgres_url) as other:
        database.submit(tables).result()
        other.execute("LOCK TABLE notes")
        with pytest.raises(exc.OperationalError, match="lock timeout"):
            database.submit(note(1)).result()
        other.rollback()
        assert database.submit(note(2)).result() == 2


def test_3_full(sqlite: Database) -> None:
    def limit(pages: int) -> Callable[[Connection], None]:
        return lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages}").close()

    sqlite.submit(limit(20)).result()
    with writer_held(sqlite):
        futures = [sqlite.submit(note(n, "x" * 30_000)) for n in range(5)]
    wait(futures)
    kept = [future.result() for future in futures if not future.exception()]
    errors = [error for future in futures if (error := future.exception())]
    assert len(errors) >= 3
    for error in errors:
        assert isinstance(error, exc.OperationalError)
        assert "full" in str(error)
    assert sqlite.read(numbers).result() == kept

    sqlite.submit(limit(10_000)).result()
    assert sqlite.submit(note(9, "x" * 100_000)).result() == 9


def test_3_an_unreachable_postgresql(tmp_path: Path) -> None:
    with Database.open(f"postgresql://ann:s3cret@/desk?host={tmp_path}") as database:
        for run in (database.submit, database.read):
            with pytest.raises(exc.OperationalError) as caught:
                run(numbers).result()
            assert "s3cret" not in str(caught.value)


def test_3_connections_that_were_cut(postgres_url: str, postgres_server: str) -> None:
    with Database.open(postgres_url) as database:
        database.submit(tables).result()
        database.read(numbers).result()
        with psycopg.connect(postgres_server, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'deskbell'"
            )
        assert database.submit(note(1)).result() == 1
        assert database.read(numbers).result() == [1]


def test_3_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(exc.OperationalError, match="unable to open"):
        Database.open(f"sqlite:///{tmp_path}/nowhere/desk.db")


# 4. Tried once more


def failing(times: int, error: Exception, first: int) -> tuple[Callable[[Connection], int], list[int]]:
    tries: list[int] = []

    def unit(connection: Connection) -> int:
        note(first + len(tries))(connection)
        tries.append(1)
        if len(tries) <= times:
            raise error
        return len(tries)

    return unit, tries


def test_4_stale_is_tried_once_more_on_postgresql(postgres_url: str) -> None:
    with Database.open(postgres_url) as database:
        database.submit(tables).result()
        unit, _ = failing(1, Stale(), 1)
        assert database.submit(unit).result() == 2

        unit, tries = failing(9, Stale(), 11)
        with pytest.raises(Stale):
            database.submit(unit).result()
        assert len(tries) == 2

        unit, tries = failing(1, ZeroDivisionError(), 21)
        with pytest.raises(ZeroDivisionError):
            database.submit(unit).result()
        assert len(tries) == 1
        assert database.read(numbers).result() == [2]


def test_4_a_deadlock_is_tried_once_more(postgres_url: str) -> None:
    both_have_one = threading.Barrier(2)
    mark = text("UPDATE notes SET pad = pad || 'x' WHERE n = :n")
    tries: list[tuple[int, int]] = []

    def cross(one: int, other: int) -> Callable[[Connection], None]:
        def unit(connection: Connection) -> None:
            tries.append((one, other))
            connection.execute(mark, {"n": one})
            if len(tries) <= 2:
                both_have_one.wait(5)
            connection.execute(mark, {"n": other})

        return unit

    with Database.open(postgres_url, busy=10) as database:
        database.submit(tables).result()
        wait([database.submit(note(1)), database.submit(note(2))])
        for future in [database.submit(cross(1, 2)), database.submit(cross(2, 1))]:
            future.result()
        assert len(tries) == 3
        assert (
            database.read(lambda c: c.exec_driver_sql("SELECT pad FROM notes").all()).result()
            == [("xx",)] * 2
        )


# 5. Reads


def test_5_a_read_cannot_write(database: Database) -> None:
    with pytest.raises((exc.OperationalError, exc.InternalError), match=r"readonly|read-only"):
        database.read(note(1)).result()
    assert database.submit(note(1)).result() == 1
    assert database.read(numbers).result() == [1]


def test_5_a_read_sees_one_moment(database: Database) -> None:
    def look_twice(connection: Connection) -> tuple[list[int], list[int]]:
        before = numbers(connection)
        database.submit(note(1)).result()
        return before, numbers(connection)

    assert database.read(look_twice).result() == ([], [])
    assert database.read(numbers).result() == [1]


def test_5_in_memory() -> None:
    with Database.open("sqlite://") as database:
        database.submit(tables).result()
        database.submit(note(1)).result()
        with pytest.raises(exc.OperationalError, match="readonly"):
            database.read(note(2)).result()
        database.submit(note(3)).result()
        assert database.read(numbers).result() == [1, 3]


# 6. Cancelling


def test_6_a_cancelled_unit_is_skipped(sqlite: Database) -> None:
    with writer_held(sqlite):
        futures = [sqlite.submit(note(n)) for n in range(3)]
        assert futures[1].cancel()
    with pytest.raises(CancelledError):
        futures[1].result()
    assert sqlite.submit(note(9)).result() == 9
    assert sqlite.read(numbers).result() == [0, 2, 9]


def test_6_everything_cancelled(sqlite: Database) -> None:
    with writer_held(sqlite):
        assert all(sqlite.submit(note(n)).cancel() for n in range(3))
    assert sqlite.submit(note(9)).result() == 9
    assert sqlite.read(numbers).result() == [9]


def test_6_too_late_to_cancel(sqlite: Database) -> None:
    started, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> int:
        started.set()
        assert go.wait(10)
        return note(1)(connection)

    future = sqlite.submit(slow)
    assert started.wait(10)
    assert not future.cancel()
    go.set()
    assert future.result() == 1


# Opening and closing


def ours() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("deskbell-")}


def test_close_finishes_what_is_queued_and_lets_go(database_url: str) -> None:
    database = Database.open(database_url)
    database.submit(tables).result()
    futures = [database.submit(note(n)) for n in range(500)]
    futures.append(database.read(lambda _: 500))
    assert ours()
    database.close()
    assert [future.result(0) for future in futures] == list(range(501))
    assert ours() == set()
    for run in (database.submit, database.read):
        with pytest.raises(RuntimeError, match="closed"):
            run(numbers)
    database.close()


def test_close_tidies_the_file(sqlite_url: str) -> None:
    with Database.open(sqlite_url) as database:
        database.submit(tables).result()
        database.read(numbers).result()
    assert [file.name for file in Path(path(sqlite_url)).parent.iterdir()] == ["deskbell.db"]


def test_a_process_may_end_without_closing(sqlite_url: str) -> None:
    code = f"from storage.database import Database\nDatabase.open({sqlite_url!r}).submit(str).result()"
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
    assert time.monotonic() - started < 20


def test_sqlite_is_careful(sqlite: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert sqlite.submit(pragmas).result() == ["wal", 2, 1, 50, 0]
    assert sqlite.read(pragmas).result()[-2:] == [50, 1]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.db",
        "sqlite://desk.db",
        "sqlite:///desk.db?s3cret=1",
        "sqlite+aiosqlite:///desk.db",
        "mysql://ann:s3cret@host/desk",
        "postgresql+asyncpg://ann:s3cret@host/desk",
        "postgresql://ann:s3cret@s3cret@host/desk",
        "postgresql://ann:x:s3cret@host:s3cret/desk",
    ],
)
def test_a_bad_url_is_one_clear_line_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"database|SQLite") as caught:
        Database.open(url)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_has_one_driver(scheme: str) -> None:
    assert parse_url(f"{scheme}://ann@host/desk").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url", ["postgresql://ann:s3cret@host/desk", "postgresql://ann@host/desk?password=s3cret&sslmode=require"]
)
def test_nothing_shows_the_password(url: str) -> None:
    with Database.open(url) as database:
        assert re.fullmatch(r"<Database postgresql\+psycopg://ann(:\*\*\*)?@host/desk>", repr(database))
        assert "s3cret" not in str(vars(database))
    assert repr(database).endswith(", closed>")
