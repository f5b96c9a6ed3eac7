"""A statement of SQLAlchemy Core, compiled once: what runs for every article must cost microseconds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.expression import ClauseElement


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A construct in the words of one database; `is_named` tells whether its driver takes values by name."""

    sql: str
    names: list[str]
    fixed: Mapping[str, Any]
    is_named: bool
    # Takes the values out of those given, in the order of the names.
    take: Callable[[Mapping[str, Any]], Sequence[Any]]

    def bound(self, values: Mapping[str, Any]) -> Sequence[Any] | dict[str, Any]:
        """Return the values as the driver takes them."""
        if self.fixed:
            values = {**self.fixed, **values}
        if self.is_named:
            return {name: values[name] for name in self.names}
        return self.take(values)


class Statement:
    """A Core construct that is turned into SQL at its first use, and then given to the driver as it is.

    The execution of SQLAlchemy costs ten times what SQLite needs for the work, and an article takes a dozen statements.
    So there are plain tuples for rows, no typed results, and no lists for IN. It runs within the transaction of the
    connection, and what the driver reports is told like everything else (`Archive.reading`, `Archive.writing`).
    """

    def __init__(self, construct: ClauseElement, *, columns: Iterable[str] = ()) -> None:
        """Take the construct; `columns` are those an INSERT fills, each by the value of its name."""
        self._construct = construct
        self._columns = list(columns) or None
        self._compiled: dict[str, _Compiled] = {}

    def row(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """Run it and return the first row; None where there is none."""
        cursor = self._execute(connection, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        cursor.close()
        return found

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run it and return every row."""
        cursor = self._execute(connection, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
        return found

    def value(self, connection: Connection, **values: Any) -> Any:
        """Run it and return the first value of the first row; None where there is none."""
        found = self.row(connection, **values)
        return found[0] if found else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Run it and return how many rows it wrote."""
        cursor = self._execute(connection, values)
        written: int = cursor.rowcount
        cursor.close()
        return written

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for each row of values; does nothing where there is none."""
        compiled = self._for(connection)
        bound: Any = [compiled.bound(row) for row in rows]
        if not bound:
            return
        cursor = connection.connection.cursor()
        if len(bound) == 1:
            # For many, PostgreSQL's driver sets up a pipeline first.
            cursor.execute(compiled.sql, bound[0])
        else:
            cursor.executemany(compiled.sql, bound)
        cursor.close()

    def _execute(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        compiled = self._for(connection)
        cursor = connection.connection.cursor()
        cursor.execute(compiled.sql, compiled.bound(values))
        return cursor

    def _for(self, connection: Connection) -> _Compiled:
        known = self._compiled.get(connection.dialect.name)
        return known or self._compile(connection)

    def _compile(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        compiled: Any = self._construct.compile(dialect=dialect, column_keys=self._columns)
        # Where values go by their places, one may be needed twice.
        names = list(compiled.positiontup if compiled.positional else compiled.binds)
        self._compiled[dialect.name] = made = _Compiled(
            sql=str(compiled),
            names=names,
            fixed={name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required},
            is_named=not compiled.positional,
            take=itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names],
        )
        return made
