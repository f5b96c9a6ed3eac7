"""Crawls that were lost, killed or standing still; what they leave is gone on with, at most three times.

A loss that came with the end of its service is not the crawl's fault, and is no attempt.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select, update

from crawler.archive import reasons
from crawler.archive.connect import Archive
from crawler.archive.crawls import OFFLINE, Crawl, as_text
from crawler.archive.moments import seconds_of
from crawler.archive.requests import Requested, request_in, with_listings_of
from crawler.archive.run_tables import crawl
from crawler.archive.services import is_dead
from crawler.archive.steps import Step, take_step
from crawler.archive.tables import page

# Where so many crawls for the same request were lost, it is the request's own fault.
MOST_ATTEMPTS: Final = 3
# Where its service died with it so often in a row, and nothing was stored between, it may be what kills the service.
MOST_WITH_SERVICE: Final = 10
# How long the second and the third attempt wait: the first loss may have been a matter of chance.
_PAUSES_S: Final = (0, 60)
# How long it waits each time after nobody could be reached; the last one holds from then on.
_OFFLINE_PAUSES_S: Final = (60, 120, 300, 600, 900)


def lose_crawl(  # noqa: PLR0913  - what is known of the end
    archive: Archive,
    seen: Crawl,
    *,
    reason: str,
    now: datetime,
    is_with_service: bool = False,
    crashed_at: Collection[str] = (),
) -> bool:
    """Write down that a crawl was lost, unless it lived or ended since it was seen; say whether it was.

    What a service was asked for is asked for once more, in the same transaction. `is_with_service` says that its
    service is ending; of one that is dead, the archive tells it. `crashed_at` are the links that it was at when it
    ended by a fault: that is an attempt of each, so that one that crashes every crawl is given up in the end.
    """
    is_as_seen = (
        crawl.c.id == seen.crawl_id,
        crawl.c.heartbeat_at == (None if seen.heartbeat_at is None else seconds_of(seen.heartbeat_at)),
    )
    with archive.writing() as connection:
        at = f", at {', '.join(crashed_at)}" if crashed_at else ""
        told = f"{reason}{at}"
        is_lost = bool(lose_in(connection, *is_as_seen, reason=told, now=now, is_with_service=is_with_service))
        for key in crashed_at if is_lost else ():
            step = Step(key, "failed", f"{reasons.CRASHED}{reason}", seconds_of(now), seen.crawl_id)
            take_step(connection, step)
    return is_lost


def write_nothing_new(archive: Archive, *, crawl_id: int) -> None:
    """Write the row of a crawl as it stands: who can do so knows that the crawl could have written, too.

    An empty transaction would not do, since a disk without room takes it; nor would a row that nothing changes in.
    """
    with archive.writing() as connection:
        for step in (1, -1):
            row = update(crawl).where(crawl.c.id == crawl_id)
            connection.execute(row.values(attempt=crawl.c.attempt + step))


def lose_in(
    connection: Connection,
    *which: ColumnElement[bool],
    reason: str,
    now: datetime,
    is_with_service: bool = False,
) -> int:
    """Do the same with all running crawls for which the conditions hold, and return how many there were.

    What a person runs himself is not asked for again: he sees it end. One that was asked to stop is cancelled.
    """
    lost = update(crawl).where(crawl.c.state == "running", *which)
    lost = lost.values(state="lost", ended_at=seconds_of(now), reason=reason)
    rows = connection.execute(lost.returning(crawl)).all()
    for row in rows:
        if row.stop_reason is not None:
            cancelled = {"state": "cancelled", "reason": f"{row.stop_reason}; {reason}"}
            connection.execute(update(crawl).where(crawl.c.id == row.id).values(**cancelled))
        elif row.service_id is None:
            continue
        elif is_with_service or is_dead(connection, row.service_id, now=now):
            _lose_with_service(connection, row, reason=reason, now=now)
        elif row.attempt < MOST_ATTEMPTS:
            go_on_with(connection, row, attempt=row.attempt + 1, now=now, wait_s=_PAUSES_S[row.attempt - 1])
        else:
            told = f"{reason}; lost {row.attempt} times, so it is not tried again"
            connection.execute(update(crawl).where(crawl.c.id == row.id).values(reason=told))
    return len(rows)


def _lose_with_service(connection: Connection, row: Any, *, reason: str, now: datetime) -> None:
    """Ask for a crawl once more that was lost together with its service, at the same attempt."""
    # Pages come in the order of time, and nobody stored anything since.
    last = select(page.c.crawl_id).where(page.c.article_id.is_not(None)).order_by(page.c.id.desc()).limit(1)
    has_stored = connection.execute(last).scalar() == row.id
    times = 1 if has_stored else row.lost_with_service + 1
    if times >= MOST_WITH_SERVICE:
        told = f"{reason}; its service died with it {times} times in a row, so it is not tried again"
        connection.execute(update(crawl).where(crawl.c.id == row.id).values(reason=told))
        return
    again = go_on_with(connection, row, attempt=row.attempt, now=now)
    if again.how == "new":
        counted = update(crawl).where(crawl.c.id == again.crawl_id)
        connection.execute(counted.values(lost_with_service=times))


def try_when_online(connection: Connection, row: Any, *, now: datetime) -> None:
    """Ask for a crawl that reached nobody once more, after a pause that grows while that goes on.

    However many crawls reach nobody, one that waits for that is enough: it takes their listings along.
    """
    times, each = 0, row
    while each is not None and (each.reason or "").startswith(OFFLINE) and times < len(_OFFLINE_PAUSES_S):
        times += 1
        before = select(crawl.c.reason, crawl.c.retry_of).where(crawl.c.id == each.retry_of)
        each = connection.execute(before).one_or_none()
    options = json.loads(row.options)
    waiting = select(crawl).where(crawl.c.state == "queued", crawl.c.cause == "retry", crawl.c.not_before.is_not(None))
    for other in connection.execute(waiting):
        both = with_listings_of(json.loads(other.options), options)
        if both is not None:
            connection.execute(update(crawl).where(crawl.c.id == other.id).values(options=as_text(both)))
            return
    go_on_with(connection, row, attempt=row.attempt, now=now, wait_s=_OFFLINE_PAUSES_S[times - 1])


def go_on_with(connection: Connection, row: Any, *, attempt: int, now: datetime, wait_s: float = 0) -> Requested:
    """Ask for a crawl that does what the one of this row left, unless somebody asked for that already."""
    return request_in(
        connection,
        options=json.loads(row.options),
        cause="retry",
        now=now,
        not_before=now + timedelta(seconds=wait_s) if wait_s else None,
        retry_of=row.id,
        attempt=attempt,
    )
