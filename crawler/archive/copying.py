"""Everything that an archive holds, copied into another one, between SQLite and PostgreSQL in both directions.

A run reads one moment of the source, and remembers in the target how far it came: killed, it goes on there. At the end
every table is read from both sides and compared. Until then the target is no archive, and says so when it is opened.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from crawler.archive import schema
from crawler.archive.checks import count_rows
from crawler.archive.connect import WAIT_S, Archive
from crawler.archive.indexing import index_all
from crawler.archive.table_parts import Whole
from crawler.archive.tables import metadata, search
from crawler.errors import ArchiveBrokenError, ArchiveError

_ROWS_TOGETHER: Final = 1_000
# A page that was kept is large.
_BODIES_TOGETHER: Final = 50
_OTHERS: Final = "holds something already; name a new file, or an empty database"
_DIFFERS: Final = "is not as it was copied; is another process writing to it? Copy into a new one"

# How far each table came, while the target is no archive yet.
progress = Table(
    "copy_progress",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("last_key", Text, nullable=False),
    Column("rows", Whole, nullable=False),
)

# Told what is done, how much of it, and of how much.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has, on both sides, and where the copy is."""

    location: str
    rows: Mapping[str, int]
    # It went on where an earlier run was broken off.
    is_resumed: bool
    # What an earlier run had copied is not what the source holds now, so all of it was copied anew.
    is_begun_anew: bool


def copy_archive(source: Archive, location: str | Path, *, tell: Tell, wait_s: float = WAIT_S) -> Copied:
    """Copy an archive into a new or empty one, or go on with a copy that was broken off.

    What is stored in the source meanwhile is not in the copy: hold it with its `crawl_lock` where that matters.

    Raises:
        ArchiveHeldError: Another copy is writing to the target.
        ArchiveError: The target holds something already, or cannot be written; the message says what to do.
        ArchiveBrokenError: The copy is not what the source holds.
    """
    with Archive.open(location, create=True, unfinished=True, wait_s=wait_s) as target, _held(source, target):
        is_resumed = _begin(target)
        is_begun_anew = False
        # What was asked first is what is seen: whatever is written to the source meanwhile.
        with source.reading() as connection:
            totals = count_rows(connection)
            wrong = _copy(connection, target, totals, tell)
            if wrong and is_resumed:
                is_begun_anew = True
                _empty(target)
                wrong = _copy(connection, target, totals, tell)
        if wrong:
            raise ArchiveBrokenError(target.location, f"the table {wrong} {_DIFFERS}")
        _finish(target)
    return Copied(target.location, totals, is_resumed=is_resumed, is_begun_anew=is_begun_anew)


def _held(source: Archive, target: Archive) -> AbstractContextManager[None]:
    if source.location == target.location:
        raise ArchiveError(target.location, _OTHERS)
    return target.crawl_lock()


def _begin(target: Archive) -> bool:
    """Mark the target as a copy that is not finished; say whether it was one already."""
    with target.writing() as connection:
        if schema.is_unfinished(connection):
            return True
        if any(
            connection.execute(select(table.primary_key.columns.values()[0]).limit(1)).first() is not None
            for table in metadata.sorted_tables
        ):
            raise ArchiveError(target.location, _OTHERS)
        schema.mark(connection, unfinished=True)
        progress.create(connection, checkfirst=False)
    return False


def _copy(source: Connection, target: Archive, totals: Mapping[str, int], tell: Tell) -> str | None:
    """Copy what the target lacks; return the first table that is not the same on both sides afterwards."""
    for table in metadata.sorted_tables:
        try:
            _copy_table(source, target, table, totals[table.name], tell)
        except IntegrityError:
            # A row of an earlier run, which the source does not hold any more, stands in the way.
            return table.name
    _index(target, totals["article"], tell)
    return differing(source, target, 2 * sum(totals.values()), tell)


def _copy_table(source: Connection, target: Archive, table: Table, total: int, tell: Tell) -> None:
    # A row may name a later one of its own table: that is filled in when all of them are there.
    inward = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    last, done = _reached(target, table)
    if total:
        tell(table.name, done, total)
    for rows in batches(source, table, after=last):
        last = [rows[-1][column.name] for column in table.primary_key]
        done += len(rows)
        with target.writing() as connection:
            connection.execute(
                insert(table), [{**row, **dict.fromkeys((each.name for each in inward), None)} for row in rows]
            )
            _remember(connection, table, last, done)
        tell(table.name, done, total)
    for column in inward:
        _fill_in(source, target, table, column)
    if total and target.path is None and "id" in table.columns:
        _set_sequence(target, table)


def _fill_in(source: Connection, target: Archive, table: Table, column: Column[Any]) -> None:
    (key,) = table.primary_key
    named = source.execute(select(key.label("b_key"), column.label("b_value")).where(column.is_not(None))).mappings()
    rows = [dict(row) for row in named]
    if rows:
        filled = update(table).where(key == bindparam("b_key")).values({column.name: bindparam("b_value")})
        with target.writing() as connection:
            connection.execute(filled, rows)


def _set_sequence(target: Archive, table: Table) -> None:
    """Let PostgreSQL number new rows from where the copied ones end."""
    largest = select(func.max(table.c.id)).scalar_subquery()
    with target.writing() as connection:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), largest)))


def _index(target: Archive, total: int, tell: Tell) -> None:
    """Make the search index of the copied articles, in the order in which it holds them."""
    last, done = _reached(target, search)
    tell(search.name, done, total)
    while True:
        with target.writing() as connection:
            reached = index_all(connection, after=last[0] if last else None, most=_ROWS_TOGETHER)
            if reached is None:
                return
            last = [reached.rowid]
            done += reached.count
            _remember(connection, search, last, done)
        tell(search.name, done, total)


def _reached(target: Archive, table: Table) -> tuple[list[Any] | None, int]:
    with target.reading() as connection:
        row = connection.execute(select(progress).where(progress.c.name == table.name)).first()
    return (json.loads(row.last_key), row.rows) if row else (None, 0)


def _remember(connection: Connection, table: Table, last: Sequence[Any], done: int) -> None:
    connection.execute(delete(progress).where(progress.c.name == table.name))
    connection.execute(insert(progress).values(name=table.name, last_key=json.dumps(last), rows=done))


def batches(
    connection: Connection, table: Table, *, after: Sequence[Any] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Return the rows in the order of their keys, so many at a time that they fit into memory."""
    keys = list(table.primary_key)
    has_bodies = any(isinstance(column.type, LargeBinary) for column in table.columns)
    most = _BODIES_TOGETHER if has_bodies else _ROWS_TOGETHER
    while True:
        question = select(table).order_by(*keys).limit(most)
        if after is not None:
            question = question.where(tuple_(*keys) > tuple_(*after))
        rows = [dict(row) for row in connection.execute(question).mappings()]
        if rows:
            yield rows
            after = [rows[-1][column.name] for column in keys]
        if len(rows) < most:
            return


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def differing(source: Connection, target: Archive, total: int, tell: Tell) -> str | None:
    """Return the first table that does not hold the same rows on both sides."""
    done = 0

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        tell("compare", done, total)

    with target.reading() as connection:
        for table in metadata.sorted_tables:
            if digest_of(source, table, told) != digest_of(connection, table, told):
                return table.name
        if _count(connection, search) != _count(connection, metadata.tables["article"]):
            return search.name
    return None


def digest_of(connection: Connection, table: Table, told: Callable[[int], None] = lambda _: None) -> tuple[int, str]:
    """Return how many rows a table has, and a hash over all of them in the order of their keys."""
    digest = hashlib.blake2b(digest_size=32)
    count = 0
    for rows in batches(connection, table):
        for row in rows:
            digest.update(repr(tuple(row.values())).encode("utf-8", "surrogatepass"))
        count += len(rows)
        told(len(rows))
    return count, digest.hexdigest()


def _empty(target: Archive) -> None:
    with target.writing() as connection:
        for table in (progress, search, *reversed(metadata.sorted_tables)):
            connection.execute(delete(table))


def _finish(target: Archive) -> None:
    with target.writing() as connection:
        progress.drop(connection, checkfirst=False)
        schema.mark(connection, unfinished=False)
