"""An archive on a PostgreSQL server: how it is reached and begun, and held for one crawl."""

import os
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import ConnStatus
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import OperationalError

from crawler.archive.faults import NOTHING_HERE, without_password
from crawler.archive.patience import AGAIN_S, AWAY, HELD, TOLD_AFTER_S, Patience
from crawler.archive.postgres_faults import NO_ADDRESS, not_connected, told
from crawler.archive.tables import APPLICATION_ID, make_ready_for_postgresql
from crawler.errors import ArchiveError, ArchiveHeldError, ArchiveMissingError, ArchiveUnreachableError

_OLDEST: Final = 130000
# Advisory locks are 64 bits: the application and the kind of lock above, the schema that holds the archive below.
_WRITE, _CRAWL, _UPKEEP = APPLICATION_ID << 32, (APPLICATION_ID ^ 1) << 32, (APPLICATION_ID ^ 2) << 32
# What a session takes to end whose process was killed.
_LETTING_GO_S: Final = 2.0
_PAUSE_S: Final = 0.05
# Between two statements of a writing transaction lie milliseconds.
_LONGEST_IDLE_S: Final = 60

# A dead server or network is noticed within a minute. What the address or the environment says goes first.
_USUAL: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "fallback_application_name": "tribunwatch",
}
# The tables are looked for where they are made, and nowhere else on the search path. To compile a question costs more
# than any of ours takes. What was confirmed is stored, whatever the server confirms to others.
_SETTLE: Final = """
    SELECT n.nspname, n.oid, set_config('search_path', quote_ident(n.nspname), false),
        set_config('lock_timeout', %s, false), set_config('jit', 'off', false),
        set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false)
    FROM (SELECT current_schema() AS name) AS here LEFT JOIN pg_namespace AS n ON n.nspname = here.name
"""
# The session that holds a crawl does nothing for hours, and is not to be ended for that; one whose machine vanished is.
_SETTLE_HOLDER: Final = """
    SELECT set_config(name, wanted.value, false)
    FROM (VALUES ('idle_session_timeout', '0'), ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'),
        ('tcp_keepalives_count', '3')) AS wanted (name, value) JOIN pg_settings USING (name)
"""
_HOLDING: Final = """
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = %s AND l.objid = %s
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_HOLDER: Final = f"SELECT a.application_name {_HOLDING}"
_END_HOLDER: Final = f"SELECT pg_terminate_backend(a.pid) {_HOLDING}"
_HOLDER_NAME = re.compile(r"tribunwatch (?:crawl|upkeep) (?P<pid>\d+) (?P<machine>.+)")


make_ready_for_postgresql()


class PostgresDatabase:
    """A schema of a database that holds an archive. Reading never waits for writing.

    Writers queue for one lock of the archive before they look at anything, so what one of them saw stays as it is.
    """

    path: Path | None = None

    def __init__(self, location: str, *, wait_s: float) -> None:
        """Connect for the first time; the address is one of libpq, which also reads PGPASSWORD and the like."""
        self.address = location
        self.location = without_password(location)
        self._given = _parse(location, self.location)
        # 0 would mean to wait for ever.
        self._wait_ms = max(1, round(wait_s * 1000))
        self._wait_s = wait_s
        self.patience = Patience(self.location)
        self._schema = 0
        # Whether it is held for a crawl, and the session that does so, unless the server ended it.
        self._is_held = False
        self._holding = threading.Lock()
        self._holder: psycopg.Connection[Any] | None = None
        # Our own words begin a transaction, so the driver must not; SQLAlchemy says them, so that it knows of a
        # connection that ends meanwhile. One that the server ended is noticed when it is next taken from the pool.
        self.engine = create_engine(
            "postgresql+psycopg://", creator=self._connect, pool_pre_ping=True, use_native_hstore=False
        )
        with self.engine.connect():
            pass

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees the archive as it stood at its first question."""
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def begin_writing(self, connection: Connection) -> None:
        """Take the lock of all writers first; what a statement sees is decided when it begins, so after that."""
        until_s = time.monotonic() + self._wait_ms / 1000
        first_ms = min(self._wait_ms, round(1000 * TOLD_AFTER_S))
        while True:
            try:
                connection.exec_driver_sql(
                    f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {first_ms}; "
                    f"SELECT pg_advisory_xact_lock({_WRITE | self._schema}); SET LOCAL lock_timeout = {self._wait_ms}"
                )
                break
            except OperationalError as error:
                if not isinstance(error.orig, psycopg.errors.LockNotAvailable) or time.monotonic() >= until_s:
                    raise
                connection.exec_driver_sql("ROLLBACK")
            self.patience.tell(HELD)
        self.patience.end(HELD)

    def told(self) -> AbstractContextManager[None]:
        """Turn what PostgreSQL reports in the block into an ArchiveError."""
        return told(self.location)

    def nothing_here(self) -> ArchiveError:
        """Return what is told of a schema without any table, where none is to be made."""
        return ArchiveMissingError(self.location, NOTHING_HERE)

    def expect_unchanged(self) -> None:
        """Stop where this crawl lost its hold when the server broke off, and another one has it now."""
        if not self._is_held:
            return
        # The crawl and its signs of life write in threads of their own.
        with self._holding:
            if self._holder is None or not _is_alive(self._holder):
                self._let_go()
                self._holder = self._take_crawl_lock()

    def end_other_holder(self) -> None:
        """End the session that holds it for a crawl which is lost: it may stand still on another machine."""
        with psycopg.connect(**self._given, autocommit=True) as session, told(self.location):
            session.execute(_END_HOLDER, (_CRAWL >> 32, self._schema))

    @contextmanager
    def crawl_lock(self) -> Iterator[None]:
        """Hold the archive for one crawl; the server lets go of it when this process ends."""
        self._holder = self._take_crawl_lock()
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._let_go()

    @contextmanager
    def upkeep_lock(self, *, wait_s: float) -> Iterator[None]:
        """Hold the archive for one upkeep, as for a crawl."""
        holder = self._take_lock(_UPKEEP, "upkeep", wait_s=max(wait_s, _LETTING_GO_S))
        try:
            yield
        finally:
            holder.close()

    def _let_go(self) -> None:
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.close()

    def _take_crawl_lock(self) -> psycopg.Connection[Any]:
        return self._take_lock(_CRAWL, "crawl", wait_s=_LETTING_GO_S)

    def _take_lock(self, lock: int, what: str, *, wait_s: float) -> psycopg.Connection[Any]:
        """Return a session of its own that holds a lock."""
        holder = self._connect(application_name=f"tribunwatch {what} {os.getpid()} {socket.gethostname()}")
        try:
            with told(self.location):
                holder.execute(_SETTLE_HOLDER)
                self._wait_for_lock(holder, lock, what, wait_s=wait_s)
        except BaseException:
            holder.close()
            raise
        return holder

    def _wait_for_lock(self, session: psycopg.Connection[Any], lock: int, what: str, *, wait_s: float) -> None:
        deadline = time.monotonic() + wait_s
        while session.execute("SELECT pg_try_advisory_lock(%s)", (lock | self._schema,)).fetchone() != (True,):
            if time.monotonic() > deadline:
                row = session.execute(_HOLDER, (lock >> 32, self._schema)).fetchone()
                known = _HOLDER_NAME.fullmatch(row[0] or "") if row else None
                who = f"process {known['pid']} on {known['machine']}" if known else "another process"
                raise ArchiveHeldError(
                    self.location,
                    f"{'a crawl' if what == 'crawl' else 'the upkeep'} of {who} is using it; wait until it ends, or "
                    "stop that process",
                )
            time.sleep(_PAUSE_S)

    def _connect(self, **how: Any) -> psycopg.Connection[Any]:
        """Return a connection with the settings that every archive needs.

        A server that was there before is waited for as long as other writers are: what runs then goes on at once when
        it is back.
        """
        began_s = time.monotonic()
        while True:
            try:
                connection = psycopg.connect(**{**self._given, **how}, autocommit=True)
                break
            except psycopg.Error as error:
                fault = not_connected(error, self.location)
                waited_s = time.monotonic() - began_s
                if not isinstance(fault, ArchiveUnreachableError) or not self._schema or waited_s > self._wait_s:
                    raise fault from error
            if waited_s > TOLD_AFTER_S:
                self.patience.tell(AWAY)
            time.sleep(AGAIN_S)
        self.patience.end(AWAY)
        try:
            self._settle(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _settle(self, connection: psycopg.Connection[Any]) -> None:
        """See to it that the server is new enough, the database takes every letter, and the tables have one place."""
        info = connection.info
        if info.server_version < _OLDEST:
            raise ArchiveError(
                self.location,
                f"the server is PostgreSQL {info.server_version // 10000}, and {_OLDEST // 10000} or later is needed; "
                "upgrade it, or name another",
            )
        encoding = info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise ArchiveError(
                self.location,
                f"the database is in {encoding}, which lacks letters of the articles; make another: "
                "createdb --encoding=UTF8 --template=template0 NAME",
            )
        with told(self.location):
            row = connection.execute(_SETTLE, (f"{self._wait_ms}ms",)).fetchone()
        if row is None or row[1] is None:
            raise ArchiveError(
                self.location,
                f"the user has no schema for the tables; give one: CREATE SCHEMA AUTHORIZATION {info.user}",
            )
        self._schema = row[1]


def _parse(location: str, shown: str) -> dict[str, Any]:
    """Return what libpq is to connect with."""
    _, _, rest = location.partition("://")
    try:
        given: dict[str, Any] = conninfo_to_dict(f"postgresql://{rest}")
    except psycopg.ProgrammingError as error:
        raise ArchiveError(shown, NO_ADDRESS) from error
    usual = dict(_USUAL)
    if "PGCONNECT_TIMEOUT" in os.environ:
        del usual["connect_timeout"]
    # What the articles are written in, whatever PGCLIENTENCODING says.
    return {**usual, **given, "client_encoding": "UTF8"}


def _is_alive(connection: psycopg.Connection[Any]) -> bool:
    """Say whether the session still stands, without asking the server: the last thing it sends is that it ends."""
    server = connection.pgconn
    with suppress(psycopg.Error):
        while server.status == ConnStatus.OK and select.select([server.socket], [], [], 0)[0]:
            server.consume_input()
    return server.status == ConnStatus.OK
