"""Whose turn it is: of the crawls that wait, the news goes before what is past, but not for ever."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, or_, select, update

from crawler.archive.connect import Archive
from crawler.archive.moments import seconds_of
from crawler.archive.run_tables import crawl

# A back-fill that waits for so long, since it was asked for or gave way, goes before whatever else waits.
LONGEST_WAIT: Final = timedelta(minutes=10)

_IS_BACKFILL = crawl.c.priority < 0


def next_in(connection: Connection, *, now: datetime) -> int | None:
    """Return the crawl whose turn it is of those that wait; None where none does.

    What is asked for now goes first, then the back-fills: those that have begun before those that have not.
    """
    first = _waiting(now).order_by(_IS_BACKFILL, crawl.c.gave_way.is_(None), crawl.c.priority.desc(), crawl.c.id)
    backfill = connection.execute(first.where(_IS_BACKFILL).limit(1)).one_or_none()
    if backfill is not None:
        waits_since = backfill.requested_at if backfill.not_before is None else backfill.not_before
        if waits_since <= seconds_of(now - LONGEST_WAIT):
            return int(backfill.id)
    found = connection.execute(first.limit(1)).one_or_none()
    return None if found is None else int(found.id)


def ask_to_give_way(archive: Archive, *, crawl_id: int, now: datetime) -> int | None:
    """Ask a crawl that runs to make room for one that waits, and return for which.

    None where none goes before it, where it is no back-fill, or where it was asked to stop or to give way before.
    """
    may_be_asked = (
        *(crawl.c.id == crawl_id, crawl.c.state == "running", _IS_BACKFILL),
        *(crawl.c.stop_asked_at.is_(None), crawl.c.gives_way_to.is_(None)),
    )
    is_first = _waiting(now).where(~_IS_BACKFILL).order_by(crawl.c.priority.desc(), crawl.c.id).limit(1)
    with archive.reading() as connection:
        if connection.execute(select(crawl.c.id).where(*may_be_asked)).first() is None:
            return None
        found = connection.execute(is_first).one_or_none()
    if found is None:
        return None
    with archive.writing() as connection:
        asked = update(crawl).where(*may_be_asked).values(gives_way_to=found.id)
        return int(found.id) if connection.execute(asked).rowcount else None


def _waiting(now: datetime) -> Select[tuple[int, int, int | None]]:
    is_ready = or_(crawl.c.not_before.is_(None), crawl.c.not_before <= seconds_of(now))
    return select(crawl.c.id, crawl.c.requested_at, crawl.c.not_before).where(crawl.c.state == "queued", is_ready)
