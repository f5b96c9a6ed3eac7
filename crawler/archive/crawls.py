"""The crawls: when each ran, with what options, how it ended, and its report."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select, update

from crawler.archive.clean import clean_value
from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.tables import crawl
from crawler.errors import NotFoundError

CrawlState = Literal["running", "succeeded", "partial", "failed", "interrupted", "lost"]


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl; a lost one was killed, so it has no end and an empty report."""

    crawl_id: int
    state: CrawlState
    started_at: datetime
    ended_at: datetime | None
    options: dict[str, Any]
    report: dict[str, Any]
    pid: int
    machine: str


def begin_crawl(archive: Archive, *, options: Mapping[str, Any], now: datetime) -> int:
    """Write down that a crawl begins, and return its number.

    To be called under `Archive.crawl_lock`: then no other crawl can be running, and what says so was lost.
    """
    with archive.writing() as connection:
        connection.execute(update(crawl).where(crawl.c.state == "running").values(state="lost"))
        begun = insert(crawl).values(
            state="running",
            started_at=seconds_of(now),
            options=_json(options),
            pid=os.getpid(),
            machine=socket.gethostname(),
        )
        return int(connection.execute(begun.returning(crawl.c.id)).scalar_one())


def end_crawl(archive: Archive, *, crawl_id: int, state: CrawlState, report: Mapping[str, Any], now: datetime) -> None:
    """Write down how a crawl ended.

    Raises:
        NotFoundError: There is no such crawl.
    """
    ended = update(crawl).where(crawl.c.id == crawl_id)
    with archive.writing() as connection:
        done = connection.execute(ended.values(state=state, ended_at=seconds_of(now), report=_json(report)))
        if not done.rowcount:
            raise _no_crawl(crawl_id)


def list_crawls(archive: Archive, *, limit: int = 20) -> list[Crawl]:
    """Return the crawls, newest first."""
    with archive.reading() as connection:
        return [_crawl(row) for row in connection.execute(select(crawl).order_by(crawl.c.id.desc()).limit(limit))]


def load_crawl(archive: Archive, *, crawl_id: int) -> Crawl:
    """Return one crawl.

    Raises:
        NotFoundError: There is no such crawl.
    """
    with archive.reading() as connection:
        row = connection.execute(select(crawl).where(crawl.c.id == crawl_id)).one_or_none()
    if row is None:
        raise _no_crawl(crawl_id)
    return _crawl(row)


def _no_crawl(crawl_id: int) -> NotFoundError:
    return NotFoundError(f"no crawl {crawl_id} in the archive; see: tribunwatch crawls list")


def _crawl(row: Any) -> Crawl:
    return Crawl(
        crawl_id=row.id,
        state=row.state,
        started_at=moment_of(row.started_at),
        ended_at=None if row.ended_at is None else moment_of(row.ended_at),
        options=json.loads(row.options),
        report=json.loads(row.report) if row.report else {},
        pid=row.pid,
        machine=row.machine,
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(clean_value(dict(value)), ensure_ascii=False, separators=(",", ":"))
