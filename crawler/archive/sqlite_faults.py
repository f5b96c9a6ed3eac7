"""What SQLite and the system report of a file, told as one line that says what and what to do."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from crawler.archive.faults import HELD, NOT_AN_ARCHIVE, Fault
from crawler.errors import (
    ArchiveBrokenError,
    ArchiveError,
    ArchiveFullError,
    ArchiveHeldError,
    ArchiveReadOnlyError,
)

READ_ONLY = "may not be written to; check who owns the file and its folder, or name another with --archive"
FULL = (
    "no room left on the disk, or a size limit is reached; nothing of this step was stored: make room, then run again"
)
DAMAGED = "the file is damaged; keep it, and go on with a backup"
UNREADABLE = "cannot be opened; check the rights on the file and its folder"
DEVICE = "the disk reports a fault; nothing of this step was stored: check the disk, then run again"
GONE = "the file was taken away or replaced while in use, so nothing more is stored; put it back, then run again"

# By the primary result code of SQLite.
_BY_CODE: dict[int, Fault] = {
    sqlite3.SQLITE_BUSY: (ArchiveHeldError, HELD),
    sqlite3.SQLITE_LOCKED: (ArchiveHeldError, HELD),
    sqlite3.SQLITE_READONLY: (ArchiveReadOnlyError, READ_ONLY),
    sqlite3.SQLITE_PERM: (ArchiveReadOnlyError, READ_ONLY),
    sqlite3.SQLITE_CANTOPEN: (ArchiveError, UNREADABLE),
    sqlite3.SQLITE_FULL: (ArchiveFullError, FULL),
    sqlite3.SQLITE_IOERR: (ArchiveError, DEVICE),
    sqlite3.SQLITE_CORRUPT: (ArchiveBrokenError, DAMAGED),
    sqlite3.SQLITE_NOTADB: (ArchiveBrokenError, NOT_AN_ARCHIVE),
}
# Codes that say more than their family.
_BY_EXTENDED_CODE: dict[int, Fault] = {
    # A size limit of the process or a quota arrives as a failed write.
    sqlite3.SQLITE_IOERR_WRITE: (ArchiveFullError, FULL),
}
_PRIMARY = 0xFF

_BY_ERRNO: dict[int, Fault] = {
    errno.EACCES: (ArchiveReadOnlyError, READ_ONLY),
    errno.EPERM: (ArchiveReadOnlyError, READ_ONLY),
    errno.EROFS: (ArchiveReadOnlyError, READ_ONLY),
    errno.ENOSPC: (ArchiveFullError, FULL),
    errno.EDQUOT: (ArchiveFullError, FULL),
    errno.EFBIG: (ArchiveFullError, FULL),
}


@contextmanager
def told(location: str) -> Iterator[None]:
    """Turn what SQLite and the system report in the block into an ArchiveError; everything else passes through."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error) and (known := _known(error.orig)):
            raise known[0](location, known[1]) from error
        raise
    except sqlite3.Error as error:
        if known := _known(error):
            raise known[0](location, known[1]) from error
        raise


def fault_of(error: OSError, location: str) -> ArchiveError:
    """Return the ArchiveError for what the system said about the file or its folder."""
    known = _BY_ERRNO.get(error.errno or 0)
    if known is not None:
        return known[0](location, known[1])
    return ArchiveError(location, f"{os.strerror(error.errno) if error.errno else error}; name another with --archive")


def _known(error: sqlite3.Error) -> Fault | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    return _BY_EXTENDED_CODE.get(code) or _BY_CODE.get(code & _PRIMARY)


def sqlite_concern(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """Return a warning if this SQLite may lose committed data when two connections write and checkpoint at once.

    The WAL-reset fault: from 3.7.0 up to 3.51.2, mended in 3.51.3 and, for older lines, in 3.50.7 and 3.44.6.
    """
    mended_lines: dict[tuple[int, ...], tuple[int, ...]] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
    mended = mended_lines.get(version[:2], (3, 51, 3))
    if not (3, 7, 0) <= version < mended:
        return None
    return (
        f"SQLite {'.'.join(map(str, version))} has the WAL-reset fault: in rare cases, two processes that write to the "
        "archive at the same time can lose stored articles; let one write at a time, or use SQLite 3.51.3 or later"
    )
