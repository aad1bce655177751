"""Hot statements: compiled once, then run on the driver's cursor.

Core takes 65 µs for an insert and `exec_driver_sql` 16 µs (33 µs for a select), where the driver
itself needs 4 µs. A `Hot` statement is still written in Core, knows the column types and fails with
SQLAlchemy's errors; only the work that would be the same each time is done once for each dialect.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Delete, Dialect, Insert, Select, Update, func
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

Statement = Select[Any] | Insert | Update | Delete
Processor = Callable[[Any], Any]


def unindexed(column: Column[T]) -> ColumnElement[T]:
    """A column as no index knows it: what it is compared with is looked at in each row.

    SQLite keeps no statistics here. It takes every index for as good as another, and does not know that a
    partial one has a few rows where the table has a million: so it is left no other to use.
    """
    return func.coalesce(column, column)


class Hot:
    """A Core statement for a path where every microsecond counts.

    Each parameter is a named `bindparam` and is given at each run, no more and no fewer. What Core
    would have to work out anew each time is refused with a TypeError at the first run: expanding `IN`
    and defaults computed in Python.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """Run it and say how many rows it touched."""
        cursor = self._execute(connection, parameters)[0]
        try:
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def run_all(self, connection: Connection, several: Sequence[Mapping[str, Any]]) -> None:
        """Run it once with each of several sets of parameters; not at all when there are none."""
        if several:
            self._execute(connection, several)[0].close()

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and give every row, of a SELECT or of RETURNING, as plain tuples of typed values."""
        cursor, compiled = self._execute(connection, parameters)
        try:
            found: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return compiled.typed(found)

    def first(self, connection: Connection, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Give the first row, if there is one."""
        rows = self.rows(connection, parameters)
        return rows[0] if rows else None

    def _execute(
        self, connection: Connection, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> tuple[Any, "_Compiled"]:
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        cursor = connection.connection.cursor()
        try:
            if isinstance(parameters, Mapping):
                cursor.execute(compiled.sql, compiled.values(parameters))
            else:
                cursor.executemany(compiled.sql, [compiled.values(each) for each in parameters])
        except dialect.loaded_dbapi.Error as error:
            cursor.close()
            raise DBAPIError.instance(
                compiled.sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
            ) from error
        return cursor, compiled


class _Compiled:
    """A statement in one dialect's words."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        columns = list(statement.exported_columns)
        if isinstance(statement, Insert) and not columns:
            statement = statement.inline()  # or PostgreSQL is asked for a key that nobody reads
        compiled: SQLCompiler = statement.compile(dialect=dialect)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("a hot statement computes no defaults in Python")
        if compiled.post_compile_params or compiled.literal_execute_params or compiled.escaped_bind_names:
            raise TypeError("a hot statement has plainly named parameters, none of them expanding")
        self.sql = str(compiled)
        binds = {name: (bind, _to_driver(bind.type, dialect)) for name, bind in compiled.binds.items()}
        self._given = sum(bind.required for bind, _ in binds.values())
        self._fixed = {
            name: process(bind.value) if process else bind.value
            for name, (bind, process) in binds.items()
            if not bind.required
        }
        self._processed = [
            (name, process) for name, (bind, process) in binds.items() if bind.required and process
        ]
        self._order = _in_order(compiled.positiontup) if compiled.positional else None
        made = ((at, _from_driver(column.type, dialect)) for at, column in enumerate(columns))
        self._typed = [(at, process) for at, process in made if process]

    def values(self, parameters: Mapping[str, Any]) -> Any:
        """What the driver wants: a sequence or a mapping, by the dialect's style."""
        if len(parameters) != self._given:
            raise TypeError(f"{self._given} parameters are needed, not {sorted(parameters)}: {self.sql}")
        values = {**self._fixed, **parameters} if self._fixed else dict(parameters)
        for name, process in self._processed:
            values[name] = process(values[name])
        return values if self._order is None else self._order(values)

    def typed(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The same rows with the values of our types."""
        if not self._typed:
            return rows
        made = []
        for row in rows:
            values = list(row)
            for at, process in self._typed:
                values[at] = process(values[at])
            made.append(tuple(values))
        return made


def _in_order(names: list[str] | None) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """A function that takes values out of a mapping in that order."""
    if names and len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names or ()]


def _to_driver(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
