"""What is destroyed is gone from the files too: SQLite keeps the pages of before in its log for a while."""

from typing import Any, Final

from sqlalchemy import Connection, Engine

_WIPED: Final = "wiped"
"""In a connection's own notes: something was destroyed that the log may still hold."""


def wiped(tx: Connection) -> None:
    """What this unit takes out of the database must not survive in its files either.

    On SQLite whatever is deleted is overwritten (`secure_delete`), and once the unit is kept, the log that
    still holds the pages of before is emptied as soon as nobody reads from it. On PostgreSQL `VACUUM` and
    the rotation of its log do that: see docs/operating.md.
    """
    tx.info[_WIPED] = True


def empty_log(engine: Engine) -> None:
    """Empty SQLite's log, when something was destroyed since. When somebody reads it, a later call does."""
    connection = engine.raw_connection()
    try:
        if not connection.info.get(_WIPED):
            return
        sqlite: Any = connection.driver_connection
        patience = sqlite.execute("PRAGMA busy_timeout").fetchone()[0]
        sqlite.execute("PRAGMA busy_timeout=0")
        try:
            busy = sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            sqlite.execute(f"PRAGMA busy_timeout={patience}")
        connection.info[_WIPED] = bool(busy)
    finally:
        connection.close()
