"""From one release's tables to the next.

Revisions are numbered files, `migrations/versions/0001_first.py` and on, in one line without branches.
So whether a database is behind is a question of names, and Alembic, slow to import, is left alone until
there is something to do.
"""

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from storage.database import in_memory, is_sqlite, parse_url, postgres_engine, sqlite_engine

MIGRATIONS = Path(__file__).with_name("migrations")
PATIENCE = 60.0
"""Seconds that a process waits for another one's upgrade before it gives up on its own."""
LOCK = 0x6465736B
"""PostgreSQL's advisory lock for upgrades: of many replicas that start together, one does the work."""

_VERSION = table("alembic_version", column("version_num"))
_NUMBERED = re.compile(r"(\d{4})_\w+\.py")


def head() -> str:
    """The revision this release's code is written for."""
    names = (_NUMBERED.fullmatch(path.name) for path in (MIGRATIONS / "versions").iterdir())
    return max(name[1] for name in names if name)


def current(url: str) -> str | None:
    """The revision the database has, or None when there is none yet. A missing file stays missing."""
    parsed = parse_url(url)
    if is_sqlite(parsed) and (in_memory(parsed) or not Path(str(parsed.database)).exists()):
        return None
    engine = _engine(url, "BEGIN")
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(_VERSION.name):
                return None
            found: str | None = connection.scalar(select(_VERSION.c.version_num))
            return found
    finally:
        engine.dispose()


def behind(url: str) -> bool:
    """Say whether `upgrade` has work to do. A database of a later release is not behind."""
    return (current(url) or "") < head()


def upgrade(url: str) -> None:
    """Bring the tables up to `head`: everything or, when anything fails, nothing.

    Any number of processes may call it at once. A database in memory is a ValueError: it would be gone.
    """
    if in_memory(parse_url(url)):
        raise ValueError("a database in memory has no past to upgrade from; create its tables")
    if behind(url):
        _upgrade(url)


def _upgrade(url: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = _engine(url, "BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            _wait_for_others(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_references(connection)
    finally:
        engine.dispose()


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # on SQLite, BEGIN IMMEDIATE has waited
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":  # which does not look while tables are rebuilt
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise RuntimeError(f"the upgrade would leave {broken[0]} pointing at missing {broken[2]}")


def _engine(url: str, begin: str) -> Engine:
    """One connection to look or to change with; on SQLite without foreign keys, as tables are rebuilt."""
    parsed = parse_url(url)
    if is_sqlite(parsed):
        return sqlite_engine(parsed, PATIENCE, begin=begin, pragmas=("foreign_keys=OFF",))
    return postgres_engine(parsed, PATIENCE)
