"""Whose a crawl is while it runs: claimed with a token, kept by signs of life, ended or lost.

Each write of a crawl checks its token in its own transaction (`Archive.fenced`), so that a ghost, which stood still
while another took its place, changes nothing.
"""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, func, insert, select, update

from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.crawls import (
    OFFLINE,
    Crawl,
    EndState,
    GaveWay,
    as_text,
    crawl_of,
    gave_way_as_text,
    gave_way_of,
)
from crawler.archive.losing import go_on_with, lose_in, try_when_online
from crawler.archive.moments import seconds_of
from crawler.archive.requests import insert_request
from crawler.archive.run_tables import crawl, crawl_line
from crawler.archive.statement import Statement
from crawler.archive.turns import next_in
from crawler.errors import CrawlLostError
from crawler.processes import Process

# A crawl that gave no sign of life for so long is lost.
LEASE_S: Final = 30.0
LEFT: Final = "its process ended without a word"
# So much of a crawl's log is kept; what comes later is counted in its last line.
MOST_LINES: Final = 2000
# What a row says of who runs the crawl; one that waits has nothing of it.
_OF_CLAIM: Final = ("token", "lease_until", "heartbeat_at", "service_id", "machine", "pid", "process_began")

_IS_OURS = Statement(
    select(crawl.c.id).where(
        crawl.c.id == bindparam("b_id"), crawl.c.token == bindparam("b_token"), crawl.c.state == bindparam("b_state")
    )
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one crawl; who has the token has it, until another takes it."""

    crawl_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a crawl that runs is asked for: to stop, and why; to give way, and to which crawl."""

    stop: str | None = None
    give_way_to: int | None = None


def begin_crawl(archive: Archive, *, options: Mapping[str, Any], process: Process, now: datetime) -> Lease:
    """Ask for a crawl and begin it at once, past all that waits.

    To be called under `Archive.crawl_lock`: then no other crawl can be running, and what says so was lost.
    """
    with archive.writing() as connection:
        lose_in(connection, reason=LEFT, now=now)
        # Even where another waits that would do this too: what that does besides is not done here.
        number = insert_request(connection, options=options, cause="person", now=now)
        return _begin(connection, number, process=process, now=now, service_id=None)


def claim_crawl(archive: Archive, *, process: Process, now: datetime, service_id: int | None = None) -> Lease | None:
    """Begin the crawl whose turn it is, or go on with it where it gave way; None where none waits or one runs.

    At most one crawl runs on an archive at a time, so that no host is asked twice at once.
    """
    # Looked at every second: most of these looks need not write, and so wait for nobody.
    with archive.reading() as connection:
        if _may_begin(connection, now) is None:
            return None
    with archive.writing() as connection:
        found = _may_begin(connection, now)
        return None if found is None else _begin(connection, found, process=process, now=now, service_id=service_id)


def give_back(archive: Archive, lease: Lease) -> None:
    """Let a crawl wait again that was claimed, and that nobody has taken up."""
    with archive.writing() as connection:
        expect_ours(connection, lease)
        this = crawl.c.id == lease.crawl_id
        gave_way = gave_way_of(connection.execute(select(crawl.c.gave_way).where(this)).scalar_one())
        begun = _gave_way(*gave_way[:-1], replace(gave_way[-1], until=None)) if gave_way else {"started_at": None}
        waits = {"state": "queued", **dict.fromkeys(_OF_CLAIM), **begun}
        connection.execute(update(crawl).where(this).values(waits))


def take_up(archive: Archive, lease: Lease, *, process: Process, now: datetime) -> Crawl:
    """Let a process run the crawl that its service claimed, and return it.

    Raises:
        CrawlLostError: It is not to be run any more.
    """

    def take(connection: Connection) -> Crawl:
        expect_ours(connection, lease)
        row = update(crawl).where(crawl.c.id == lease.crawl_id).values(**_sign(now, process)).returning(crawl)
        return crawl_of(connection.execute(row).one())

    return archive.write(take)


def fenced(archive: Archive, lease: Lease) -> AbstractContextManager[None]:
    """Let every writing transaction of the block check the lease first, and end with CrawlLostError without it."""
    return archive.fenced(lambda connection: expect_ours(connection, lease))


def oust_ghost(archive: Archive, lease: Lease) -> None:
    """End the session of a lost crawl that holds the archive in the way of this one.

    Raises:
        CrawlLostError: It is this one that is lost.
    """
    with archive.reading() as connection:
        expect_ours(connection, lease)
    archive.end_other_holder()


def renew(
    archive: Archive,
    lease: Lease,
    *,
    now: datetime,
    report: Mapping[str, Any] | None = None,
    lines: Iterable[tuple[datetime, str, str]] = (),
) -> Wishes:
    """Give a sign of life, with the report as it stands and new lines of the log (when, level, text).

    Returns:
        What the crawl is asked for meanwhile.

    Raises:
        CrawlLostError: Another has taken its place.
    """
    values: dict[str, Any] = {"heartbeat_at": seconds_of(now), "lease_until": _until(now)}
    if report is not None:
        values["report"] = as_text(report)
    with archive.writing() as connection:
        expect_ours(connection, lease)
        add_lines(connection, lease.crawl_id, lines)
        row = update(crawl).where(crawl.c.id == lease.crawl_id).values(**values)
        asked = connection.execute(row.returning(crawl.c.stop_reason, crawl.c.gives_way_to)).one()
    return Wishes(asked.stop_reason, asked.gives_way_to)


def end_crawl(  # noqa: PLR0913  - the end of a row is written whole
    archive: Archive,
    lease: Lease,
    *,
    state: EndState,
    now: datetime,
    report: Mapping[str, Any] | None = None,
    reason: str | None = None,
    lines: Iterable[tuple[datetime, str, str]] = (),
    so_far: Mapping[str, Any] | None = None,
) -> EndState | Literal["queued"]:
    """Write down how a crawl ended, with the last lines of its log; nothing is written by it any more after that.

    One that was interrupted because it was asked to stop is cancelled. One that was asked to give way waits again, with
    what it had counted (`so_far`). Otherwise what a service was asked for, and was interrupted in, is asked for once
    more, in the same transaction; and after a pause what reached nobody (OFFLINE).

    Returns:
        The state that it has now.

    Raises:
        CrawlLostError: Another has taken its place.
    """
    told = list(lines)

    def end(connection: Connection) -> EndState | Literal["queued"]:
        expect_ours(connection, lease)
        add_lines(connection, lease.crawl_id, told)
        ended = connection.execute(
            row.values(state=state, ended_at=seconds_of(now), reason=reason).returning(crawl)
        ).one()
        last, why = state, reason
        if state == "interrupted":
            if ended.stop_reason is not None:
                last, why = "cancelled", ended.stop_reason
            elif ended.gives_way_to is not None and so_far is not None:
                connection.execute(row.values(**_resting(ended, so_far, report or {}, now)))
                return "queued"
            elif ended.service_id is not None:
                go_on_with(connection, ended, attempt=ended.attempt, now=now)
        elif ended.service_id is not None and reason is not None and reason.startswith(OFFLINE):
            try_when_online(connection, ended, now=now)
        report_too = {} if report is None else {"report": as_text({**report, "state": last})}
        connection.execute(row.values(state=last, reason=why, **report_too))
        return last

    row = update(crawl).where(crawl.c.id == lease.crawl_id)
    return archive.write(end)


def expect_ours(connection: Connection, lease: Lease) -> None:
    """Stop where the crawl is not the holder's any more."""
    if _IS_OURS.row(connection, b_id=lease.crawl_id, b_token=lease.token, b_state="running") is None:
        raise CrawlLostError(lease.crawl_id)


def add_lines(connection: Connection, crawl_id: int, lines: Iterable[tuple[datetime, str, str]]) -> None:
    """Add lines to the log of a crawl, up to as many as are kept; a last one says that more came."""
    asked = select(func.coalesce(func.max(crawl_line.c.number), 0)).where(crawl_line.c.crawl_id == crawl_id)
    number = int(connection.execute(asked).scalar_one())
    rows: list[dict[str, Any]] = []
    for at, level, line in lines:
        number += 1
        if number > MOST_LINES:
            break
        text = clean_text(line) if number < MOST_LINES else "the log is full; what came later is not kept"
        rows.append({"crawl_id": crawl_id, "number": number, "at": seconds_of(at), "level": level, "line": text})
    if rows:
        connection.execute(insert(crawl_line), rows)


def _may_begin(connection: Connection, now: datetime) -> int | None:
    if connection.execute(select(crawl.c.id).where(crawl.c.state == "running").limit(1)).first():
        return None
    return next_in(connection, now=now)


def _begin(connection: Connection, crawl_id: int, *, process: Process, now: datetime, service_id: int | None) -> Lease:
    lease, this = Lease(crawl_id, secrets.token_hex(16)), crawl.c.id == crawl_id
    gave_way = gave_way_of(connection.execute(select(crawl.c.gave_way).where(this)).scalar_one())
    begun = _gave_way(*gave_way[:-1], replace(gave_way[-1], until=now)) if gave_way else {"started_at": seconds_of(now)}
    claimed = {"state": "running", "token": lease.token, "service_id": service_id, **_sign(now, process), **begun}
    connection.execute(update(crawl).where(this).values(claimed))
    return lease


def _resting(row: Any, so_far: Mapping[str, Any], report: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return what the row of a crawl says that gave way and waits to go on."""
    return {
        **dict.fromkeys((*_OF_CLAIM, "ended_at", "reason", "gives_way_to")),
        **_gave_way(*gave_way_of(row.gave_way), GaveWay(now, row.gives_way_to)),
        "state": "queued",
        "report": as_text({**report, "state": "queued"}),
        "so_far": as_text(so_far),
        # Since when it waits.
        "not_before": seconds_of(now),
    }


def _gave_way(*several: GaveWay) -> dict[str, Any]:
    return {"gave_way": gave_way_as_text(several)}


def _sign(now: datetime, process: Process) -> dict[str, Any]:
    return {
        "heartbeat_at": seconds_of(now),
        "lease_until": _until(now),
        "machine": process.machine,
        "pid": process.pid,
        "process_began": process.began,
    }


def _until(now: datetime) -> int:
    return seconds_of(now + timedelta(seconds=LEASE_S))
