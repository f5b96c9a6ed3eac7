"""The way into an archive: how it is opened, read, written, and held for one crawl, whichever database holds it."""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

from sqlalchemy import Connection, Engine, event

from crawler.archive import schema
from crawler.archive.patience import AGAIN_S, FULL, Patience
from crawler.archive.sqlite import SqliteFile
from crawler.archive.sqlite_faults import sqlite_concern
from crawler.errors import (
    ArchiveError,
    ArchiveFullError,
    ArchiveOlderError,
    ArchiveReadOnlyError,
    ArchiveUnreachableError,
    MissingPackageError,
)

__all__ = ["WAIT_S", "Archive", "Transaction", "sqlite_concern"]

# How long a write waits for that of another process (a crawl writes for milliseconds, an upgrade or a person's own
# tool for longer), for room on the disk, and for a server that restarts.
WAIT_S: Final = 90.0

# What several steps of one transaction are given, for those who speak no SQL themselves.
Transaction = Connection

_Done = TypeVar("_Done")

_POSTGRESQL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://")
# The name of the execution option that says how a transaction begins.
_BEGIN = "archive_begin"


class Database(Protocol):
    """What holds an archive: a file of SQLite, or a PostgreSQL server."""

    engine: Engine
    # As it is shown, and as it is opened again: that may hold a password.
    location: str
    address: str
    # The file, where it is one.
    path: Path | None
    # What is told while it is waited for.
    patience: Patience

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees the archive as it stood at its first question, and writes nothing."""

    def begin_writing(self, connection: Connection) -> None:
        """Begin a transaction that is the only one to write until its end; where others write, wait for them."""

    def told(self) -> AbstractContextManager[None]:
        """Turn what the database reports in the block into an ArchiveError."""

    def nothing_here(self) -> ArchiveError:
        """Return what is told where there is no table at all, and none is to be made."""

    def expect_unchanged(self) -> None:
        """Stop where what was opened, or held for a crawl, is not there any more."""

    def crawl_lock(self) -> AbstractContextManager[None]:
        """Hold it for one crawl."""

    def end_other_holder(self) -> None:
        """Let go of it in the place of another crawl that is lost and holds it still, where that can be done."""

    def upkeep_lock(self, *, wait_s: float) -> AbstractContextManager[None]:
        """Hold it for one upkeep."""


class Archive:
    """Everything stored, in one database. `Archive.open` opens it, `close` or the end of `with` closes it.

    Reading never waits for writing. One process writes at a time, and has the right to from the beginning of its
    transaction on, so it never fails half way because another process wrote meanwhile.
    """

    def __init__(self, database: Database, *, is_readonly: bool, wait_s: float) -> None:
        self.location = database.location
        self.address = database.address
        self.path = database.path
        self.is_readonly = is_readonly
        self._wait_s = wait_s
        self._database = database
        self._engine = database.engine
        self._fence: Callable[[Connection], None] | None = None
        self._reader = self._engine.execution_options(**{_BEGIN: database.begin_reading})
        self._writer = self._engine.execution_options(**{_BEGIN: database.begin_writing})

        @event.listens_for(self._engine, "begin")
        def begin(connection: Connection) -> None:
            connection.get_execution_options()[_BEGIN](connection)

    @classmethod
    def open(  # noqa: PLR0913  - how it is opened, by keyword
        cls,
        location: str | Path,
        *,
        create: bool = False,
        readonly: bool = False,
        unfinished: bool = False,
        older: bool = False,
        wait_s: float = WAIT_S,
        cache_kib: int | None = None,
    ) -> Self:
        """Return the archive at the location, with the tables of this Tribunwatch.

        Args:
            location: A path, `sqlite:///PATH`, or `postgresql://USER@HOST/DATABASE`.
            create: Make a new archive where there is none; for a file also its missing folders.
            readonly: Never write.
            unfinished: Also open what is a copy that was not finished.
            older: Also open what an earlier Tribunwatch made, and leave its tables as they are.
            wait_s: How long to wait for another process that writes, for room, and for a server that was there before.
            cache_kib: How much of a file each connection keeps in memory; None for what suits a crawl.

        Raises:
            ArchiveOlderError: An earlier Tribunwatch made it; see `upgrading.py`.
            ArchiveError: It cannot be opened; the message says why and what to do.
            MissingPackageError: It is on PostgreSQL, and psycopg is not installed.
        """
        may_make = create and not readonly
        database: Database
        if isinstance(location, str) and _POSTGRESQL.match(location):
            database = _open_server(location, wait_s=wait_s)
        else:
            database = SqliteFile(location, create=may_make, readonly=readonly, wait_s=wait_s, cache_kib=cache_kib)
        archive = cls(database, is_readonly=readonly, wait_s=wait_s)
        try:
            archive._prepare(may_make=may_make, unfinished=unfinished, older=older)
        except BaseException:
            archive.close()
            raise
        return archive

    def _prepare(self, *, may_make: bool, unfinished: bool, older: bool) -> None:
        """See to it that it has the tables of this Tribunwatch; those of an older one stay, see `upgrading.py`."""
        with self.reading() as connection:
            found = schema.found_in(connection, self.location, unfinished=unfinished)
        if found == schema.HEAD or (found and older):
            return
        if not found and not may_make:
            raise self._database.nothing_here()
        if found:
            raise ArchiveOlderError(
                self.location,
                f"made by an older Tribunwatch (schema {found}, this one needs {schema.HEAD}); "
                "run: tribunwatch archive upgrade",
            )
        with self.writing() as connection:
            schema.bring_up_to_date(connection, self.location)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the archive as it stood at the first question, whatever is written meanwhile."""
        with self._database.told(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the connection that alone may write: all is stored at the end of the block, or nothing.

        Raises:
            ArchiveHeldError: Another process wrote for the whole waiting time, or holds the crawl that this one lost.
            ArchiveReadOnlyError: The archive was opened for reading, or may not be written to.
            ArchiveFullError: No room; nothing was stored.
            ArchiveMissingError: The file was taken away or replaced since it was opened.
            ArchiveUnreachableError: The server broke off; the next transaction connects anew.
        """
        if self.is_readonly:
            raise ArchiveReadOnlyError(self.location, "is opened for reading only")
        with self._database.told(), self._writer.connect() as connection, connection.begin():
            self._database.expect_unchanged()
            if self._fence is not None:
                self._fence(connection)
            yield connection

    def write(self, work: Callable[[Connection], _Done]) -> _Done:
        """Do work in a transaction like that of `writing`, and return what it returns.

        Where there is no room for it, or the server broke off before anything was confirmed, as when it restarts,
        nothing of it is stored: it is done again, for as long as others are waited for. Where the server broke off
        while confirming, nobody knows whether the work is stored: that is an error.
        """
        # From the first fault on: the work itself may take long.
        until_s = math.inf
        while True:
            is_done = False
            try:
                with self.writing() as connection:
                    done = work(connection)
                    is_done = True
            except (ArchiveFullError, ArchiveUnreachableError) as error:
                is_full = isinstance(error, ArchiveFullError)
                if time.monotonic() >= until_s or (is_done and not is_full):
                    raise
                until_s = min(until_s, time.monotonic() + self._wait_s)
                if is_full:
                    self._database.patience.tell(FULL)
            else:
                self._database.patience.end(FULL)
                return done
            time.sleep(AGAIN_S)

    @property
    def waits_for(self) -> str | None:
        """Why somebody of this process waits for it, as it was told in the log; None where nobody does for long."""
        return self._database.patience.told

    @contextmanager
    def fenced(self, fence: Callable[[Connection], None]) -> Iterator[None]:
        """Let a check stand before everything that is written in the block, in the same transaction."""
        self._fence = fence
        try:
            yield
        finally:
            self._fence = None

    def crawl_lock(self) -> AbstractContextManager[None]:
        """Hold the archive for one crawl; it is let go of whenever this process ends, even by kill -9.

        Raises:
            ArchiveHeldError: Another crawl holds it; the message names its process.
        """
        return self._database.crawl_lock()

    def end_other_holder(self) -> None:
        """Take it from a lost crawl that holds it still, where the database can do so: PostgreSQL can.

        Only for the one whose crawl is running: then every other is lost.
        """
        self._database.end_other_holder()

    def upkeep_lock(self, *, wait_s: float = 0) -> AbstractContextManager[None]:
        """Hold the archive for one upkeep (pruning, backup, upgrade); crawls go on meanwhile.

        Raises:
            ArchiveHeldError: Another upkeep held it for so long; the message names its process.
        """
        return self._database.upkeep_lock(wait_s=wait_s)

    def close(self) -> None:
        """Let go of it; the last one to do so folds the write-ahead log of SQLite into the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open_server(location: str, *, wait_s: float) -> Database:
    try:
        # Loading psycopg costs 0.2 s, and it is only there where it was asked for.
        from crawler.archive.postgres import PostgresDatabase  # noqa: PLC0415  - see above
    except ImportError as error:
        raise MissingPackageError("archives on PostgreSQL", "psycopg", "postgres") from error
    return PostgresDatabase(location, wait_s=wait_s)
