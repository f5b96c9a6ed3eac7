"""Bringing an older archive up to date: under a lock, a backup first, and then all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from crawler.archive import schema
from crawler.archive.backup import back_up
from crawler.archive.backup_folder import make_folder, stem_of
from crawler.archive.connect import WAIT_S, Archive
from crawler.archive.copying import Tell
from crawler.archive.indexing import index_all
from crawler.archive.tables import search
from crawler.archive.upkeep import note_upgrade

# Of two that begin at once, one waits for the other: a backup comes first, and may take long.
_LONGEST_WAIT_S: Final = 3600.0
_ROWS_TOGETHER: Final = 1_000


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Which schema the archive had, and the backup that holds it as it was."""

    was: int
    backup: Path


def upgrade_with_backup(
    location: str | Path, *, folder: Path, clock: Callable[[], datetime], tell: Tell, wait_s: float = WAIT_S
) -> Upgraded | None:
    """Bring an archive up to date; None where it is, or another process did it while this one waited.

    What it held before is put into the folder as a backup, which stays. Killed at any moment, the archive has the old
    tables or the new ones, and the next one begins anew.

    Raises:
        ArchiveHeldError: A crawl of an older Tribunwatch is using it, or another upkeep, for an hour.
        ArchiveNewerError: A later Tribunwatch made it.
        ArchiveError: No backup could be made, so nothing was changed; or a migration failed, and nothing of it stays.
    """
    began_at = clock()
    with (
        Archive.open(location, older=True, wait_s=wait_s) as archive,
        archive.upkeep_lock(wait_s=_LONGEST_WAIT_S),
    ):
        with archive.reading() as connection:
            was = schema.found_in(connection, archive.location)
        if was == schema.HEAD:
            return None
        with archive.crawl_lock():
            make_folder(folder)
            file = folder / f"{stem_of(archive)}-before-schema-{schema.HEAD}.db"
            made = back_up(archive, file, tell=tell)
            with archive.writing() as connection:
                schema.bring_up_to_date(connection, archive.location)
                _fill_index(connection)
                report = {"was": was, "schema": schema.HEAD, "file": str(file), "bytes": made.bytes}
                note_upgrade(connection, report, began_at=began_at, now=clock())
    return Upgraded(was, file)


def _fill_index(connection: Connection) -> None:
    """Make the search index of an archive that was kept without one (`copying_older.py`)."""
    if connection.execute(select(search.c.rowid).limit(1)).first() is not None:
        return
    reached = index_all(connection, after=None, most=_ROWS_TOGETHER)
    while reached is not None:
        reached = index_all(connection, after=reached.rowid, most=_ROWS_TOGETHER)
