"""The rows of an older archive on a server, copied into a file of SQLite with the tables that it has: for a backup."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, create_engine, insert

from crawler.archive import schema
from crawler.archive.connect import Archive
from crawler.archive.copying import Tell, batches, digest_of
from crawler.archive.tables import SEARCH
from crawler.errors import ArchiveBrokenError

_NOT_ROWS: Final = ("alembic_version", SEARCH)


def copy_older(archive: Archive, path: Path, *, tell: Tell) -> dict[str, int]:
    """Copy every row, compare both sides, and return how many rows each table has.

    The search index stays empty: it is made anew from the articles when the file is brought up to date.

    Raises:
        ArchiveBrokenError: The copy is not what the archive holds.
    """
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path, isolation_level=None))
    counts: dict[str, int] = {}
    try:
        with archive.reading() as source, engine.connect() as target:
            number = schema.found_in(source, archive.location)
            target.exec_driver_sql("BEGIN")
            schema.migrate(target, to=f"{number:04d}")
            for table in _tables(target).sorted_tables:
                for rows in batches(source, table):
                    target.execute(insert(table), rows)
                    counts[table.name] = counts.get(table.name, 0) + len(rows)
                    tell(table.name, counts[table.name], 0)
                if digest_of(source, table) != digest_of(target, table):
                    raise ArchiveBrokenError(archive.location, f"the table {table.name} is not as it was copied")
                counts.setdefault(table.name, 0)
            target.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()
    return counts


def _tables(target: Connection) -> MetaData:
    """Return the tables as that schema has them, which our own words do not know any more."""
    found = MetaData()
    found.reflect(target, only=lambda name, _: not name.startswith(_NOT_ROWS))
    return found
