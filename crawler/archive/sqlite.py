"""An archive in a file of SQLite: how it is found, opened and begun, and held for one crawl."""

import fcntl
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine
from sqlalchemy.engine.interfaces import DBAPICursor

from crawler.archive.faults import HELD_BY, NOT_AN_ARCHIVE, NOTHING_HERE, without_password
from crawler.archive.patience import HELD, TOLD_AFTER_S, Patience
from crawler.archive.sqlite_faults import GONE, UNREADABLE, fault_of, told
from crawler.archive.sqlite_holder import holder_of
from crawler.archive.tables import APPLICATION_ID
from crawler.errors import (
    ArchiveBrokenError,
    ArchiveError,
    ArchiveHeldError,
    ArchiveMissingError,
    ArchiveReadOnlyError,
)

_CACHE_KIB: Final = 16 * 1024
# What is kept of the write-ahead log after a checkpoint; it grows while a reader stays open.
_WAL_KEPT_BYTES: Final = 64 * 1024 * 1024
# 16 MiB of log between two checkpoints: the pages that every article changes are written back once for many of them.
_CHECKPOINT_PAGES: Final = 4096
_PAUSE_S: Final = 0.05

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SQLITE = "sqlite:///"
_OTHER_KIND = (
    "this kind of database is not supported; name a file, such as tribunwatch.db, or postgresql://USER@HOST/DATABASE"
)


class SqliteFile:
    """A file that holds an archive. Reading never waits for writing.

    A writing transaction takes the write lock at once, so it never fails half way because another process wrote
    meanwhile.
    """

    def __init__(
        self, location: str | Path, *, create: bool, readonly: bool, wait_s: float, cache_kib: int | None = None
    ) -> None:
        """Find the file; with `create`, one that is missing is made, with its folders."""
        self.path: Path | None = (path := _path_of(location))
        self.location = self.address = str(path)
        _look(path, self.location, create=create)
        self.engine = _make_engine(
            path, self.location, readonly=readonly, wait_s=wait_s, cache_kib=cache_kib or _CACHE_KIB
        )
        status = path.stat()
        self._wait_s = wait_s
        self.patience = Patience(self.location)
        self._path = path
        self._file = (status.st_dev, status.st_ino)

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees the file as it stood at its first question."""
        _cursor_of(connection).execute("BEGIN DEFERRED")

    def begin_writing(self, connection: Connection) -> None:
        """Take the write lock; SQLite is left to wait by itself for a moment at a time, so that signals are heard."""
        cursor = _cursor_of(connection)
        until_s = time.monotonic() + self._wait_s
        cursor.execute(f"PRAGMA busy_timeout = {round(1000 * min(self._wait_s, TOLD_AFTER_S))}").fetchall()
        try:
            while True:
                try:
                    cursor.execute("BEGIN IMMEDIATE")
                    break
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                        raise
                    holder = holder_of(self._path)
                    if time.monotonic() >= until_s:
                        raise ArchiveHeldError(self.location, HELD_BY.format(**holder._asdict())) from error
                self.patience.tell(HELD, words=holder.takes_no_write)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {round(1000 * self._wait_s)}").fetchall()
        self.patience.end(HELD)

    def told(self) -> AbstractContextManager[None]:
        """Turn what SQLite reports in the block into an ArchiveError."""
        return told(self.location)

    def expect_unchanged(self) -> None:
        """Stop where the file was taken away or replaced: SQLite would go on writing into the one that has no name."""
        try:
            found = self._path.stat()
        except OSError:
            found = None
        if found is None or (found.st_dev, found.st_ino) != self._file:
            raise ArchiveMissingError(self.location, GONE)

    def nothing_here(self) -> ArchiveError:
        """Return what is told of a file without any table, where none is to be made."""
        return ArchiveBrokenError(self.location, NOT_AN_ARCHIVE)

    def end_other_holder(self) -> None:
        """Do nothing: only the end of its process lets go of a file, and that is for who may kill it."""

    def crawl_lock(self) -> AbstractContextManager[None]:
        """Hold the file for one crawl; the system lets go of it whenever this process ends, even by kill -9."""
        return self._lock(f"{self.path}-lock", "a crawl", wait_s=0)

    def upkeep_lock(self, *, wait_s: float) -> AbstractContextManager[None]:
        """Hold the file for one upkeep, as for a crawl."""
        return self._lock(f"{self.path}-upkeep", "the upkeep", wait_s=wait_s)

    @contextmanager
    def _lock(self, lock: str, what: str, *, wait_s: float) -> Iterator[None]:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except OSError as error:
            raise fault_of(error, self.location) from error
        deadline = time.monotonic() + wait_s
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() < deadline:
                        time.sleep(_PAUSE_S)
                        continue
                    holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
                    who = f"process {holder}" if holder.isdigit() else "another process"
                    raise ArchiveHeldError(
                        self.location, f"{what} of {who} is using it; wait until it ends, or stop that process"
                    ) from error
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)


def _cursor_of(connection: Connection) -> DBAPICursor:
    """Return a way past SQLAlchemy's own, which costs more than SQLite needs to begin and commit."""
    return connection.connection.cursor()


def _path_of(location: str | Path) -> Path:
    """Return the file that a location names; links are followed, so that one archive has one lock."""
    text = str(location)
    if isinstance(location, str) and _SCHEME.match(text):
        if not text.startswith(_SQLITE):
            raise ArchiveError(without_password(text), _OTHER_KIND)
        text = text.removeprefix(_SQLITE)
        if "?" in text:
            raise ArchiveError(location, "options after ? are not supported; name the file alone")
    if text in {"", ":memory:"}:
        raise ArchiveError(str(location), "an archive is a file; name one, such as tribunwatch.db")
    if "\0" in text:
        raise ArchiveError(text.replace("\0", "\\0"), "no file name holds a NUL character; name another")
    try:
        return Path(text).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise ArchiveError(text, f"{error}; name another with --archive") from error


def _look(path: Path, shown: str, *, create: bool) -> None:
    """Look at what is there before SQLite does; with `create`, make an empty file where there is none.

    SQLite itself never makes one: a file that is taken away while in use must not come back empty.
    """
    try:
        if path.is_dir():
            raise ArchiveError(shown, f"is a folder; name a file, such as {path / 'tribunwatch.db'}")
        if not path.exists():
            if not create:
                raise ArchiveMissingError(shown, NOTHING_HERE)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        elif not path.is_file():
            raise ArchiveBrokenError(shown, NOT_AN_ARCHIVE)
    except OSError as error:
        raise fault_of(error, shown) from error


def _make_engine(path: Path, shown: str, *, readonly: bool, wait_s: float, cache_kib: int) -> Engine:
    def connect() -> sqlite3.Connection:
        with told(shown):
            connection = _connect(path, shown, readonly=readonly, wait_s=wait_s)
            connection.execute(f"PRAGMA cache_size = -{cache_kib}")
            return connection

    # Threads may hand a connection on, as the pool does; SQLite itself is built for it (threadsafety 3).
    return create_engine("sqlite:///", creator=connect, poolclass=QueuePool, pool_reset_on_return=None)


def _connect(path: Path, shown: str, *, readonly: bool, wait_s: float) -> sqlite3.Connection:
    """Return a connection with the settings that every archive needs.

    isolation_level None: the driver must not begin or commit by itself, or DDL and savepoints would not roll back.
    """
    address = f"file:{quote(str(path))}"
    if readonly:
        return _connect_readonly(address, path, shown, wait_s=wait_s)
    connection = _driver_connect(f"{address}?mode=rw", wait_s)
    try:
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            _switch_to_wal(connection, shown, wait_s)
        _settle(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_readonly(address: str, path: Path, shown: str, *, wait_s: float) -> sqlite3.Connection:
    """Return a connection that cannot write.

    A WAL archive in a folder that may not be written to is readable where its two side files are there, or where no
    log is left over: then nobody is writing, and the file stands still.
    """
    connection = _driver_connect(f"{address}?mode=ro", wait_s)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        log = Path(f"{path}-wal")
        if not os.access(path, os.R_OK, effective_ids=True):
            raise ArchiveError(shown, UNREADABLE) from error
        if log.exists() and log.stat().st_size:
            raise ArchiveReadOnlyError(
                shown,
                "its last writer left a log that can only be read where the folder may be written to; "
                "copy the archive with its -wal file to a folder of your own",
            ) from error
        connection = _driver_connect(f"{address}?mode=ro&immutable=1", wait_s)
    except BaseException:
        connection.close()
        raise
    _settle(connection)
    return connection


def _driver_connect(address: str, wait_s: float) -> sqlite3.Connection:
    return sqlite3.connect(
        address, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def _settle(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")


def _switch_to_wal(connection: sqlite3.Connection, shown: str, wait_s: float) -> None:
    """Make it a WAL archive; a database of somebody else is left as it is.

    SQLite does not wait here for another process that does the same, so we do.
    """
    deadline = time.monotonic() + wait_s
    while True:
        try:
            is_ours = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            if not is_ours and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
                raise ArchiveBrokenError(shown, NOT_AN_ARCHIVE)
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return
