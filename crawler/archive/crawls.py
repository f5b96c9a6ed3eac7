"""The crawls: who asked for each, when it ran, with what options, how it ended, and its report."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select

from crawler.archive.clean import clean_value
from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.run_tables import crawl, crawl_line
from crawler.errors import NotFoundError
from crawler.processes import Process

CrawlState = Literal["queued", "running", "succeeded", "partial", "failed", "interrupted", "cancelled", "lost"]
# How a crawl tells itself that it ended.
EndState = Literal["succeeded", "partial", "failed", "interrupted", "cancelled"]
# How the reason begins of a crawl that reached nobody; the host and the cause follow.
OFFLINE: Final = "the network is down: "
Cause = Literal["person", "schedule", "catch_up", "retry", "api"]


@dataclass(frozen=True, slots=True)
class GaveWay:
    """A time in which a back-fill rests for the news: since when, to which crawl it gave way, and when it went on."""

    at: datetime
    to: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl. A queued one waits to begin or go on; a lost one was killed, so its report is the last that it told.

    `process` is that which runs it, or ran it; `attempt` counts from 1, over the crawls that `retry_of` names. While it
    runs, `gives_way_to` is the crawl that it is asked to make room for; `gave_way` are the times when it did.
    """

    crawl_id: int
    state: CrawlState
    cause: Cause
    requested_at: datetime
    not_before: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    options: dict[str, Any]
    report: dict[str, Any]
    reason: str | None
    retry_of: int | None
    attempt: int
    stop_asked_at: datetime | None
    stop_reason: str | None
    heartbeat_at: datetime | None
    service_id: int | None
    process: Process | None
    gives_way_to: int | None
    gave_way: tuple[GaveWay, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it waits or runs."""
        return self.state in {"queued", "running"}

    @property
    def rests(self) -> bool:
        """Tell whether it has begun, gave way, and waits to go on."""
        return self.state == "queued" and bool(self.gave_way)

    def parts(self) -> Iterator[tuple[datetime, datetime | None]]:
        """Yield when it began and when it ended, or gave way: once, or as often as it went on; None while it runs."""
        began_at = self.started_at
        for each in self.gave_way:
            if began_at is not None:
                yield began_at, each.at
            began_at = each.until
        if began_at is not None:
            yield began_at, self.ended_at


@dataclass(frozen=True, slots=True)
class CrawlLine:
    """One line of a crawl's log; `number` counts from 1 within the crawl."""

    number: int
    at: datetime
    level: str
    line: str


def offline_reason(host: str, cause: str) -> str:
    """Return the reason of a crawl that reached nobody: one of the hosts, and why it could not be reached."""
    return f"{OFFLINE}{host}: {cause}"


def unreached_of(reason: str | None) -> tuple[str, str] | None:
    """Return the host and the cause of such a reason; None of any other."""
    host, _, cause = (reason or "").removeprefix(OFFLINE).partition(": ")
    return (host, cause) if reason is not None and reason.startswith(OFFLINE) else None


def list_crawls(archive: Archive, *, limit: int = 20, only_open: bool = False) -> list[Crawl]:
    """Return the crawls, newest first."""
    found = select(crawl).order_by(crawl.c.id.desc()).limit(limit)
    if only_open:
        found = found.where(crawl.c.state.in_(("queued", "running")))
    with archive.reading() as connection:
        return [crawl_of(row) for row in connection.execute(found)]


def running_crawls(archive: Archive) -> list[Crawl]:
    """Return the crawls that run, or seem to."""
    with archive.reading() as connection:
        rows = connection.execute(select(crawl).where(crawl.c.state == "running").order_by(crawl.c.id)).all()
    return [crawl_of(row) for row in rows]


def load_crawl(archive: Archive, *, crawl_id: int) -> Crawl:
    """Return one crawl.

    Raises:
        NotFoundError: There is no such crawl.
    """
    with archive.reading() as connection:
        row = connection.execute(select(crawl).where(crawl.c.id == crawl_id)).one_or_none()
    if row is None:
        raise no_crawl(crawl_id)
    return crawl_of(row)


def crawl_lines(archive: Archive, *, crawl_id: int, after: int = 0, limit: int = 1000) -> list[CrawlLine]:
    """Return what a crawl told after a line of its log, in order."""
    found = select(crawl_line).where(crawl_line.c.crawl_id == crawl_id, crawl_line.c.number > after)
    with archive.reading() as connection:
        rows = connection.execute(found.order_by(crawl_line.c.number).limit(limit)).all()
    return [CrawlLine(row.number, moment_of(row.at), row.level, row.line) for row in rows]


def no_crawl(crawl_id: int) -> NotFoundError:
    """Return what is told of a number that no crawl has."""
    return NotFoundError(f"no crawl {crawl_id} in the archive; see: tribunwatch crawls list")


def crawl_of(row: Any) -> Crawl:
    """Return the crawl that a row of the table is."""
    return Crawl(
        crawl_id=row.id,
        state=row.state,
        cause=row.cause,
        requested_at=moment_of(row.requested_at),
        not_before=_moment(row.not_before),
        started_at=_moment(row.started_at),
        ended_at=_moment(row.ended_at),
        options=json.loads(row.options),
        report=json.loads(row.report) if row.report else {},
        reason=row.reason,
        retry_of=row.retry_of,
        attempt=row.attempt,
        stop_asked_at=_moment(row.stop_asked_at),
        stop_reason=row.stop_reason,
        heartbeat_at=_moment(row.heartbeat_at),
        service_id=row.service_id,
        process=None if row.pid is None else Process(row.machine, row.pid, row.process_began),
        gives_way_to=row.gives_way_to,
        gave_way=gave_way_of(row.gave_way),
    )


def gave_way_of(text: str | None) -> tuple[GaveWay, ...]:
    """Return when a crawl gave way, as it stands in its row."""
    return tuple(GaveWay(moment_of(at), to, _moment(until)) for at, to, until in json.loads(text or "[]"))


def gave_way_as_text(several: Iterable[GaveWay]) -> str:
    """Return the same as it is written into the row."""
    rows = [[seconds_of(each.at), each.to, None if each.until is None else seconds_of(each.until)] for each in several]
    return json.dumps(rows, separators=(",", ":"))


def so_far_of(archive: Archive, *, crawl_id: int) -> dict[str, Any] | None:
    """Return what a crawl had counted when it gave way last; None where it never did."""
    with archive.reading() as connection:
        told = connection.execute(select(crawl.c.so_far).where(crawl.c.id == crawl_id)).scalar_one()
    return None if told is None else dict(json.loads(told))


def as_text(value: Mapping[str, Any]) -> str:
    """Return a JSON object as it stands in a row."""
    return json.dumps(clean_value(dict(value)), ensure_ascii=False, separators=(",", ":"))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment_of(seconds)
