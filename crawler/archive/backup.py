"""Backups: a whole archive in one file of SQLite, made while it is used, and put back where none is."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawler.archive import schema
from crawler.archive.checks import count_rows
from crawler.archive.connect import WAIT_S, Archive
from crawler.archive.copying import Tell, copy_archive
from crawler.archive.copying_older import copy_older
from crawler.archive.sqlite_faults import DAMAGED, told
from crawler.archive.tables import APPLICATION_ID, metadata
from crawler.errors import ArchiveBrokenError, ArchiveError, ArchiveOlderError
from crawler.whole_file import whole_file

# 4 MiB; between two steps the progress is told and Ctrl-C is heard.
_PAGES_A_STEP: Final = 1_024
_MAGIC: Final = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, as it was counted in the file itself; the file or archive, and the size of the file."""

    location: str
    rows: Mapping[str, int]
    bytes: int


def back_up(archive: Archive, file: Path, *, tell: Tell) -> Backup:
    """Write everything that the archive holds now into one file, while crawls go on.

    The file is an archive of SQLite by itself, whatever database it came from. It gets its name when it is whole and
    was compared with the archive; an older backup of that name is replaced then.

    Raises:
        InputFileError: Nothing can be written under this name.
        OutputFileError, ArchiveFullError: No room.
        ArchiveError: Under this name stands something else than a backup.
        ArchiveBrokenError: The archive is damaged; no backup was made.
    """
    _expect_replaceable(file)
    with whole_file(file) as unfinished:
        if archive.path is None:
            counts = _copy_rows(archive, unfinished.path, tell)
        else:
            counts = _copy_pages(archive, unfinished.path, file, tell)
        with _opened(unfinished.path, file) as copy:
            # One file, without a log beside it, that can be read from a folder where nothing may be written.
            copy.execute("PRAGMA journal_mode = DELETE")
        rows = _verify(unfinished.path, file, tell)
        if rows != counts:
            raise ArchiveBrokenError(
                str(file), "the backup does not hold what the archive does; nothing was kept of it"
            )
        size = unfinished.path.stat().st_size
    return Backup(str(file), rows, size)


def restore(file: Path, location: str | Path, *, tell: Tell, wait_s: float = WAIT_S) -> Backup:
    """Put a backup back as an archive, where there is none yet or an empty one.

    Raises:
        ArchiveError: There is an archive already, or the file is no backup.
        ArchiveBrokenError: The backup is damaged; nothing was put back.
    """
    with Archive.open(file, readonly=True, older=True) as backup:
        path = None if "://" in str(location) else Path(location).expanduser().resolve()
        if path is None or path.exists():
            _expect_up_to_date(backup)
            copied = copy_archive(backup, location, tell=tell, wait_s=wait_s)
            return Backup(copied.location, copied.rows, file.stat().st_size)
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as unfinished:
            counts = _copy_pages(backup, unfinished.path, path, tell)
            rows = _verify(unfinished.path, file, tell)
            if rows != counts:
                raise ArchiveBrokenError(str(file), DAMAGED)
            size = unfinished.path.stat().st_size
    return Backup(str(path), rows, size)


def _expect_up_to_date(backup: Archive) -> None:
    """Refuse to copy the rows of an older backup: only a file is restored as it is, and brought up to date there."""
    with backup.reading() as connection:
        number = schema.found_in(connection, backup.location)
    if number < schema.HEAD:
        raise ArchiveOlderError(
            backup.location,
            f"made by an older Tribunwatch (schema {number}, this one needs {schema.HEAD}); restore it into a new "
            "file, and copy that: tribunwatch archive copy",
        )


def _expect_replaceable(file: Path) -> None:
    """Refuse to write over what is no backup, or over an archive that is in use."""
    path = file.expanduser()
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb") as there:
        head = there.read(72)
    if not head.startswith(_MAGIC) or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise ArchiveError(str(file), "is something else than a backup, and stays; name another file")
    if any(Path(f"{path.resolve()}{side}").exists() for side in ("-wal", "-shm", "-lock", "-upkeep")):
        raise ArchiveError(str(file), "is an archive in use, not a backup, and stays; name another file")


def _copy_rows(archive: Archive, path: Path, tell: Tell) -> dict[str, int]:
    with archive.reading() as connection:
        is_older = schema.found_in(connection, archive.location) < schema.HEAD
    return copy_older(archive, path, tell=tell) if is_older else dict(copy_archive(archive, path, tell=tell).rows)


def _copy_pages(archive: Archive, path: Path, shown: Path, tell: Tell) -> dict[str, int]:
    """Copy a file of SQLite page by page; return how many rows each table has at that moment."""
    with archive.reading() as connection:
        # From the first question on, the connection sees one moment: so what others write does not begin it anew.
        counts = count_rows(connection)
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise TypeError("pages are of SQLite")
        with _opened(path, shown) as copy:
            source.backup(
                copy, pages=_PAGES_A_STEP, progress=lambda _, left, total: tell("backup", total - left, total)
            )
    return counts


def _verify(path: Path, shown: Path, tell: Tell) -> dict[str, int]:
    """Read the whole file, and return how many rows each table has."""
    tell("check", 0, 0)
    with _opened(path, shown) as copy:
        wrong = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if wrong != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise ArchiveBrokenError(str(shown), f"{DAMAGED} ({wrong})")
        names = {row[0] for row in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        return {
            table.name: int(copy.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0])  # noqa: S608  - our own names
            for table in metadata.sorted_tables
            if table.name in names
        }


@contextmanager
def _opened(path: Path, shown: Path) -> Iterator[sqlite3.Connection]:
    with told(str(shown)), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection
