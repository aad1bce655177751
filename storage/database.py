"""Where decisions meet the disk: `submit` a unit of work, and its future resolves once it is kept.

A unit is a plain function of a SQLAlchemy `Connection` inside a transaction. It never commits, and it
may be run twice, so it changes nothing but the database.

On SQLite one writer thread takes what has queued up, runs each unit in a savepoint of one transaction
and commits once for all of them: a commit costs 0.7 ms, a unit 0.1 ms. On PostgreSQL units run side by
side, each in a transaction of its own.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import sleep
from typing import Any, Final, Protocol, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from storage.wiping import empty_log

T = TypeVar("T")
Unit = Callable[[Connection], T]

BATCH: Final = 256
"""At most so many units share a commit, so that none of them waits long for its answer."""
BUSY: Final = 1.5
"""Seconds a write waits for somebody else's lock before it fails: less than people wait for us."""
WRITERS: Final = 8
READERS: Final = 4
CONNECT_TIMEOUT: Final = 5
AGAIN: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization failure and deadlock: nothing was kept, and another try may succeed."""
PAUSE: Final = 0.02
"""Seconds before that other try: whoever won a deadlock needs a moment to finish."""


Unkept = OperationalError
"""What a unit fails with when the database is locked, full or out of reach: nothing of it was kept."""


class Stale(Exception):
    """What was read is no longer so."""


class Database:
    """One database, open for units of work from any thread.

    1. A future resolves after its unit is on disk, or fails and nothing of the unit was kept.
    2. A unit that raises fails alone; a commit that fails fails all who shared it.
    3. A locked, full or unreachable database is SQLAlchemy's OperationalError in the future, and the next
       units are tried as if nothing had happened.
    4. On PostgreSQL a `Stale`, a serialization failure or a deadlock is tried once more.
    5. Reads see a snapshot and cannot write. On SQLite in memory they take their turn in the writer.
    6. A future cancelled before its turn is skipped; afterwards it can't be cancelled.
    """

    def __init__(self, name: str, ways: "_Ways") -> None:
        self._name = name
        self._ways = ways
        self._lock = Lock()
        self._closed = False

    @classmethod
    def open(cls, url: str, *, busy: float = BUSY) -> Self:
        """Open `sqlite:///file`, `sqlite://` (in memory) or `postgresql://…`; anything else is a ValueError.

        `busy` is how many seconds a write waits for somebody else's lock. A SQLite file that cannot be
        opened is an OperationalError at once; PostgreSQL is first asked by the first unit.
        """
        parsed = parse_url(url)
        ways: _Ways = _Sqlite(parsed, busy) if is_sqlite(parsed) else _Postgres(parsed, busy)
        return cls(parsed.set(query={}).render_as_string(hide_password=True), ways)

    def submit(self, unit: Unit[T]) -> Future[T]:
        """Run a unit that may write."""
        with self._lock:
            self._must_be_open()
            return self._ways.write(unit)

    def read(self, unit: Unit[T]) -> Future[T]:
        """Run a unit that only reads."""
        with self._lock:
            self._must_be_open()
            return self._ways.read(unit)

    def close(self) -> None:
        """Finish what is queued and let go of all threads and connections. Later units are a RuntimeError."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._ways.close()

    def _must_be_open(self) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Database {self._name}{', closed' if self._closed else ''}>"


def parse_url(url: str) -> URL:
    """Understand a database URL, or raise a ValueError of one line that repeats no password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "the database URL cannot be read; it looks like sqlite:///deskbell.db "
            "or postgresql://user:password@host/name"
        ) from None
    match parsed.drivername:
        case "sqlite" | "sqlite+pysqlite":
            if parsed.host or parsed.username or parsed.query:
                raise ValueError("a SQLite URL is three slashes and a file, no more: sqlite:///deskbell.db")
            return parsed
        case "postgresql" | "postgres" | "postgresql+psycopg":
            if parsed.host and "@" in parsed.host:
                raise ValueError("the database URL has two @: write the one in the password as %40")
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"the database is SQLite or PostgreSQL with psycopg, not {other}")


def is_sqlite(url: URL) -> bool:
    """Say whether it is SQLite; else it is PostgreSQL."""
    return url.get_backend_name() == "sqlite"


def in_memory(url: URL) -> bool:
    """Say whether it is a SQLite database that only one connection sees."""
    return is_sqlite(url) and url.database in (None, "", ":memory:")


def sqlite_engine(
    url: URL, busy: float, *, begin: str, pragmas: tuple[str, ...], connections: int = 1
) -> Engine:
    """Make an engine whose transactions start with `begin`, in place of the driver's own way."""
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error is logged; what people wrote is not
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": busy,
            "cached_statements": 512,
        },
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def postgres_engine(url: URL, busy: float, *, connections: int = 1) -> Engine:
    """Make an engine of READ COMMITTED transactions. What the URL says itself has precedence."""
    ours: dict[str, Any] = {
        "application_name": "deskbell",
        "connect_timeout": CONNECT_TIMEOUT,
        "options": f"-c lock_timeout={int(busy * 1000)}",
    }
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,  # a restarted server costs nobody a unit
        hide_parameters=True,
        connect_args={key: value for key, value in ours.items() if key not in url.query},
    )


class _Ways(Protocol):
    """How a kind of database runs units."""

    def write(self, unit: Unit[T]) -> Future[T]: ...
    def read(self, unit: Unit[T]) -> Future[T]: ...
    def close(self) -> None: ...


class _Sqlite:
    """One writer, a few readers."""

    def __init__(self, url: URL, busy: float) -> None:
        self._writer = _Writer(
            sqlite_engine(
                url,
                busy,
                begin="BEGIN IMMEDIATE",
                pragmas=("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"),
            )
        )
        self._readers = (
            None
            if in_memory(url)
            else _Readers(
                sqlite_engine(url, busy, begin="BEGIN", pragmas=("query_only=ON",), connections=READERS)
            )
        )

    def write(self, unit: Unit[T]) -> Future[T]:
        return self._writer.submit(unit)

    def read(self, unit: Unit[T]) -> Future[T]:
        return self._readers.submit(unit) if self._readers else self._writer.submit(_only_looking(unit))

    def close(self) -> None:
        if self._readers:
            self._readers.close()
        self._writer.close()  # last, so that it tidies the log away


class _Postgres:
    """A thread and a connection for each unit at work, writers and readers apart."""

    def __init__(self, url: URL, busy: float) -> None:
        self._engine = postgres_engine(url, busy, connections=WRITERS)
        self._writers = ThreadPoolExecutor(WRITERS, "deskbell-write")
        reading = postgres_engine(url, busy, connections=READERS)
        self._readers = _Readers(
            reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )

    def write(self, unit: Unit[T]) -> Future[T]:
        return self._writers.submit(self._twice, unit)

    def read(self, unit: Unit[T]) -> Future[T]:
        return self._readers.submit(unit)

    def close(self) -> None:
        self._writers.shutdown()
        self._engine.dispose()
        self._readers.close()

    def _twice(self, unit: Unit[T]) -> T:
        try:
            return self._once(unit)
        except Stale:
            pass
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in AGAIN:
                raise
            sleep(PAUSE)
        return self._once(unit)

    def _once(self, unit: Unit[T]) -> T:
        with self._engine.begin() as connection:
            return unit(connection)


class _Readers:
    """A few threads, each with a connection while it reads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(READERS, "deskbell-read")

    def submit(self, unit: Unit[T]) -> Future[T]:
        return self._threads.submit(self._read, unit)

    def close(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    def _read(self, unit: Unit[T]) -> T:
        with self._engine.begin() as connection:
            return unit(connection)


class _Job:
    """A unit and the promise given for it."""

    __slots__ = ("error", "future", "result", "unit")

    def __init__(self, unit: Unit[Any], future: Future[Any]) -> None:
        self.unit = unit
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        self.result = self.unit(connection)

    def run_apart(self, connection: Connection, sqlite: Any) -> None:
        """Run in a savepoint; an error stays here unless it took the whole transaction with it."""
        sqlite.execute("SAVEPOINT unit")
        try:
            self.result = self.unit(connection)
        except BaseException as error:
            if not sqlite.in_transaction:
                raise
            sqlite.execute("ROLLBACK TO unit")
            self.error = error
        sqlite.execute("RELEASE unit")

    def answer(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class _Writer:
    """The one thread that writes to a SQLite file. It outlives every error."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._engine.connect().close()  # whoever opens the file hears that it can't be
        self._thread = Thread(target=self._work, name="deskbell-writer", daemon=True)
        self._thread.start()

    def submit(self, unit: Unit[T]) -> Future[T]:
        future: Future[T] = Future()
        self._queue.put(_Job(unit, future))
        return future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _work(self) -> None:
        while self._turn():
            pass

    def _turn(self) -> bool:
        jobs, more = self._take()
        if jobs:
            self._keep(jobs)
        return more

    def _take(self) -> tuple[list[_Job], bool]:
        """Wait for a job, take what else has queued up, and say whether more may come."""
        jobs: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
            if len(jobs) == BATCH:
                return jobs, True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return jobs, True
        return jobs, False

    def _keep(self, jobs: list[_Job]) -> None:
        """Run the jobs in one transaction, and answer once it is on disk."""
        try:
            with self._engine.begin() as connection:
                if len(jobs) == 1:
                    jobs[0].run(connection)
                else:
                    sqlite = connection.connection.driver_connection
                    for job in jobs:
                        job.run_apart(connection, sqlite)
        except BaseException as error:
            for job in jobs:
                job.error = error
        for job in jobs:
            job.answer()
        with suppress(DBAPIError):  # what was kept is kept; the next turn tries again
            empty_log(self._engine)


def _only_looking(unit: Unit[T]) -> Unit[T]:
    def look(connection: Connection) -> T:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        try:
            return unit(connection)
        finally:
            connection.exec_driver_sql("PRAGMA query_only=OFF")

    return look
