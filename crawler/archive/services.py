"""The services that run on an archive, or ran: each has a row, and says every few seconds that it lives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from crawler.archive.connect import Archive
from crawler.archive.crawls import as_text
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.run_tables import service
from crawler.processes import Process

# How often a service says that it lives, and after how long a silence it counts as dead. A disk without room is noticed
# when it does, and that is to be told within 5 s.
BEAT_S: Final = 4.0
DEAD_AFTER_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class KnownService:
    """One service; `address` is where it answers, `state` what else it told of itself with its last sign of life."""

    service_id: int
    process: Process
    version: str
    address: str | None
    state: dict[str, Any]
    started_at: datetime
    heartbeat_at: datetime
    ended_at: datetime | None


def register_service(archive: Archive, *, process: Process, version: str, address: str | None, now: datetime) -> int:
    """Write down that a service began, and return its number."""
    row = insert(service).values(
        machine=process.machine,
        pid=process.pid,
        process_began=process.began,
        version=version,
        address=address,
        started_at=seconds_of(now),
        heartbeat_at=seconds_of(now),
    )
    with archive.writing() as connection:
        return int(connection.execute(row.returning(service.c.id)).scalar_one())


def beat(archive: Archive, service_id: int, *, state: Mapping[str, Any], now: datetime) -> None:
    """Give a sign of life, with what the service tells of itself."""
    row = update(service).where(service.c.id == service_id)
    with archive.writing() as connection:
        connection.execute(row.values(heartbeat_at=seconds_of(now), state=as_text(state)))


def end_service(archive: Archive, service_id: int, *, now: datetime) -> None:
    """Write down that a service ended as it should."""
    row = update(service).where(service.c.id == service_id)
    with archive.writing() as connection:
        connection.execute(row.values(ended_at=seconds_of(now)))


def last_services(archive: Archive, *, limit: int = 20) -> list[KnownService]:
    """Return the services that began last, newest first, whether or not they live."""
    with archive.reading() as connection:
        return [_known(row) for row in connection.execute(select(service).order_by(service.c.id.desc()).limit(limit))]


def live_services(archive: Archive, *, now: datetime) -> list[KnownService]:
    """Return the services that run on the archive now, oldest first.

    Their signs of life tell it; a process of this machine that is gone is dead at once.
    """
    heard = seconds_of(now - timedelta(seconds=DEAD_AFTER_S))
    silent_not = select(service).where(service.c.ended_at.is_(None), service.c.heartbeat_at >= heard)
    with archive.reading() as connection:
        found = [_known(row) for row in connection.execute(silent_not.order_by(service.c.id))]
    return [each for each in found if not each.process.is_gone]


def stopped_services(archive: Archive) -> list[KnownService]:
    """Return the services of this machine that stand still (SIGSTOP), oldest first; each may hold the archive."""
    did_not_end = select(service).where(service.c.ended_at.is_(None)).order_by(service.c.id)
    with archive.reading() as connection:
        found = [_known(row) for row in connection.execute(did_not_end)]
    return [each for each in found if each.process.is_stopped]


def live_service(archive: Archive, *, now: datetime) -> KnownService | None:
    """Return the service that takes what is asked for: of those that run, the one that runs longest."""
    return next(iter(live_services(archive, now=now)), None)


def is_dead(connection: Connection, service_id: int, *, now: datetime) -> bool:
    """Tell whether a service has ended or was killed; of one that is not of this machine, its silence tells."""
    row = connection.execute(select(service).where(service.c.id == service_id)).one()
    known = _known(row)
    if known.process.is_here:
        return known.ended_at is not None or known.process.is_gone
    return known.ended_at is not None or known.heartbeat_at < now - timedelta(seconds=DEAD_AFTER_S)


def _known(row: Any) -> KnownService:
    return KnownService(
        service_id=row.id,
        process=Process(row.machine, row.pid, row.process_began),
        version=row.version,
        address=row.address,
        state=json.loads(row.state),
        started_at=moment_of(row.started_at),
        heartbeat_at=moment_of(row.heartbeat_at),
        ended_at=None if row.ended_at is None else moment_of(row.ended_at),
    )
