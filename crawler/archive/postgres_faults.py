"""What PostgreSQL reports, told as one line that says what and what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

from crawler.archive.faults import HELD, Fault, without_password
from crawler.errors import (
    ArchiveBrokenError,
    ArchiveError,
    ArchiveFullError,
    ArchiveHeldError,
    ArchiveReadOnlyError,
    ArchiveUnreachableError,
)

NO_ADDRESS: Final = "is no address of a database; write postgresql://USER@HOST/DATABASE, and a % of a password as %25"
_BROKEN_OFF: Final = (
    "the database server broke off the connection; what was not confirmed is not stored: run the same command again "
    "when it answers"
)
_DAMAGED: Final = "the server reports damage; go on with a backup"
_DEVICE: Final = "the server's disk reports a fault; nothing of this step was stored: check it, then run again"
_LACKING: Final = "a table or column that belongs to it is missing; go on with a backup"
_NO_RIGHTS: Final = "the user of the database lacks a right; see docs/postgresql.md for those that are needed"
_CUT_SHORT: Final = (
    "the server cut a step short, and nothing of it was stored; raise its statement_timeout, then run again"
)

# By SQLSTATE, or its first two letters.
_BY_STATE: Final[dict[str, Fault]] = {
    "55P03": (ArchiveHeldError, HELD),
    "40": (ArchiveHeldError, "another session got in the way, and nothing of this step was stored; run it again"),
    "25006": (
        ArchiveReadOnlyError,
        "may not be written to: the server is a standby, or read-only for this user; name the one that is written to",
    ),
    "42501": (ArchiveReadOnlyError, _NO_RIGHTS),
    "53100": (
        ArchiveFullError,
        "no room left on the server's disk; nothing of this step was stored: make room, then run again",
    ),
    "53": (ArchiveError, "the server lacks memory or connections, and nothing of this step was stored; run it again"),
    "57014": (ArchiveError, _CUT_SHORT),
    "57": (ArchiveUnreachableError, _BROKEN_OFF),
    "25P03": (ArchiveUnreachableError, _BROKEN_OFF),
    "08": (ArchiveUnreachableError, _BROKEN_OFF),
    "58": (ArchiveError, _DEVICE),
    "XX001": (ArchiveBrokenError, _DAMAGED),
    "XX002": (ArchiveBrokenError, _DAMAGED),
    "42P01": (ArchiveBrokenError, _LACKING),
    "42703": (ArchiveBrokenError, _LACKING),
    "3F000": (ArchiveBrokenError, _LACKING),
}

# A server that lets nobody in sends no SQLSTATE that libpq hands on; in another language than English, only its own
# words are told.
_NO_DATABASE = re.compile(r'database "(?P<name>.*)" does not exist')
_NOT_LET_IN = re.compile(
    r'authentication failed|no password supplied|role ".*" does not exist|pg_hba\.conf|permission denied for database'
    r"|not permitted to log in"
)
_LINE = re.compile(r"(?:FATAL:\s*)(.*)")


@contextmanager
def told(location: str) -> Iterator[None]:
    """Turn what PostgreSQL reports in the block into an ArchiveError; faults of our own SQL pass through."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error) and (known := _known(error.orig)):
            raise known[0](location, known[1]) from error
        raise
    except psycopg.Error as error:
        if known := _known(error):
            raise known[0](location, known[1]) from error
        raise


def not_connected(error: psycopg.Error, location: str) -> ArchiveError:
    """Return what is told where no connection could be made."""
    text = without_password(str(error))
    words = (_LINE.findall(text) or [text.strip().splitlines()[0] if text.strip() else "no answer"])[-1]
    words = words.removeprefix("connection failed: ").removeprefix("connection is bad: ").strip()
    if words.startswith("invalid "):
        return ArchiveError(location, f"{NO_ADDRESS} ({words})")
    if missing := _NO_DATABASE.search(words):
        return ArchiveError(
            location, f"that server has no such database; make it: createdb --encoding=UTF8 {missing['name']}"
        )
    if _NOT_LET_IN.search(words):
        return ArchiveError(
            location,
            f"the server does not let this user in ({words}); check the name, the password (PGPASSWORD or ~/.pgpass), "
            "and the server's pg_hba.conf",
        )
    return ArchiveUnreachableError(
        location, f"cannot be reached ({words}); check the address and the server, then run the same command again"
    )


def _known(error: psycopg.Error) -> Fault | None:
    state = error.sqlstate
    if state is None:
        return (ArchiveUnreachableError, _BROKEN_OFF) if isinstance(error, psycopg.OperationalError) else None
    known = _BY_STATE.get(state) or _BY_STATE.get(state[:2])
    said = error.diag.message_primary
    if known is None or known[0] in {ArchiveHeldError, ArchiveUnreachableError} or not said:
        return known
    return known[0], f"{known[1]} ({said})"
