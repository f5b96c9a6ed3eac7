"""How the archive stands: what waits and runs, what was done last, and how large it is."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, crawl_of
from crawler.archive.moments import moment_of
from crawler.archive.run_tables import crawl, upkeep

# Of so many crawls, the one that ended last is looked for.
_LATELY: Final = 100
_CLOSED = crawl.c.state.not_in(("queued", "running"))


@dataclass(frozen=True, slots=True)
class UpkeepDone:
    """One pruning, backup or upgrade; without an end it runs, or was killed."""

    task: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    report: dict[str, Any]

    @property
    def reason(self) -> str | None:
        """Why it failed or was lost, or did not do all."""
        return self.report.get("reason")


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits, runs and ended last.

    `queued` crawls wait; the one that waits longest does so since `oldest_queued_at`. Of these, `resting` have begun
    and gave way. `upkeep` is the last of each task, and the last of each that succeeded. `archive_bytes` is what the
    archive takes, with its write-ahead log.
    """

    queued: int
    oldest_queued_at: datetime | None
    running: Crawl | None
    resting: tuple[Crawl, ...]
    last: Crawl | None
    upkeep: tuple[UpkeepDone, ...]
    archive_bytes: int


def standing_of(archive: Archive) -> Standing:
    """Return how the archive stands now."""
    waits = select(func.count(), func.min(func.coalesce(crawl.c.not_before, crawl.c.requested_at)))
    newest = func.max(upkeep.c.id)
    is_last = upkeep.c.id.in_(select(newest).group_by(upkeep.c.task))
    is_last_good = upkeep.c.id.in_(select(newest).where(upkeep.c.state == "succeeded").group_by(upkeep.c.task))
    with archive.reading() as connection:
        queued, oldest = connection.execute(waits.where(crawl.c.state == "queued")).one()
        running = connection.execute(select(crawl).where(crawl.c.state == "running").limit(1)).first()
        rests = select(crawl).where(crawl.c.state == "queued", crawl.c.gave_way.is_not(None)).order_by(crawl.c.id)
        resting = [crawl_of(row) for row in connection.execute(rests)]
        ended = select(crawl.c.id).where(_CLOSED, crawl.c.started_at.is_not(None))
        # One that gave way ends after others of higher numbers.
        lately = select(crawl).where(crawl.c.id.in_(ended.order_by(crawl.c.id.desc()).limit(_LATELY)))
        last = connection.execute(lately.order_by(crawl.c.ended_at.desc(), crawl.c.id.desc()).limit(1)).first()
        rows = connection.execute(select(upkeep).where(is_last | is_last_good).order_by(upkeep.c.id)).all()
        size = _file_bytes(archive.path) if archive.path else _server_bytes(connection)
    return Standing(
        queued=queued,
        oldest_queued_at=None if oldest is None else moment_of(oldest),
        running=None if running is None else crawl_of(running),
        resting=tuple(resting),
        last=None if last is None else crawl_of(last),
        upkeep=tuple(upkeep_of(row) for row in rows),
        archive_bytes=size,
    )


def last_upkeep(stands: Standing, task: str, *, succeeded: bool = False) -> UpkeepDone | None:
    """Return the last upkeep of a task; with `succeeded`, the last that did."""
    found = (each for each in reversed(stands.upkeep) if each.task == task)
    return next((each for each in found if not succeeded or each.state == "succeeded"), None)


def crawls_after(archive: Archive, *, after: int, limit: int = 1000) -> list[Crawl]:
    """Return crawls by number, those up to `after` left out."""
    with archive.reading() as connection:
        found = select(crawl).where(crawl.c.id > after).order_by(crawl.c.id).limit(limit)
        return [crawl_of(row) for row in connection.execute(found)]


def size_of(archive: Archive) -> int:
    """Return how many bytes the archive takes on its disk, with its write-ahead log."""
    if archive.path is not None:
        return _file_bytes(archive.path)
    with archive.reading() as connection:
        return _server_bytes(connection)


def upkeep_of(row: Any) -> UpkeepDone:
    """Return the upkeep that a row of the table is."""
    return UpkeepDone(
        task=row.task,
        state=row.state,
        started_at=moment_of(row.started_at),
        ended_at=None if row.ended_at is None else moment_of(row.ended_at),
        report=json.loads(row.report),
    )


def _file_bytes(path: Path) -> int:
    log = Path(f"{path}-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def _server_bytes(connection: Any) -> int:
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
