"""What was told while things ran, let go of when it is old: the log lines of crawls, and firings of schedules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, func, select

from crawler.archive.connect import Archive
from crawler.archive.moments import seconds_of
from crawler.archive.run_tables import crawl, crawl_line, firing, listing_answer, upkeep

# Crawls whose lines go in one transaction, and firings that do.
_CRAWLS_AT_ONCE: Final = 20
_FIRINGS_AT_ONCE: Final = 1_000
# Where no service runs, nobody learns from what listings answer to crawls by hand.
_UNLEARNED: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many log lines and firings were let go of, or would be."""

    lines: int
    firings: int


def forget_history(archive: Archive, *, days: int, now: datetime, dry_run: bool = False) -> Forgotten:
    """Let go of the log lines of crawls that ended more than so many days ago, and of the firings made before then.

    The crawls themselves stay, with their reports, and so do firings that brought an upkeep. What listings answered
    waits a week to be learned from.
    """
    oldest_s = seconds_of(now - timedelta(days=days))
    is_over = and_(crawl.c.ended_at < oldest_s, crawl.c.id == crawl_line.c.crawl_id)
    old_lines = select(crawl.c.id).where(is_over).exists()
    old_firings = and_(
        firing.c.made_at < oldest_s, ~select(upkeep.c.id).where(upkeep.c.firing_id == firing.c.id).exists()
    )
    if dry_run:
        with archive.reading() as connection:
            return Forgotten(_count(connection, crawl_line, old_lines), _count(connection, firing, old_firings))
    crawls = select(crawl_line.c.crawl_id).where(old_lines).distinct().limit(_CRAWLS_AT_ONCE)
    firings = select(firing.c.id).where(old_firings).limit(_FIRINGS_AT_ONCE)
    lines = rows = 0
    while ids := _found(archive, crawls):
        lines += archive.write(partial(_forget, condition=crawl_line.c.crawl_id.in_(ids), table=crawl_line))
    while ids := _found(archive, firings):
        rows += archive.write(partial(_forget, condition=and_(firing.c.id.in_(ids), old_firings), table=firing))
    old_answers = listing_answer.c.at < seconds_of(now - _UNLEARNED)
    if _found(archive, select(listing_answer.c.id).where(old_answers).limit(1)):
        archive.write(partial(_forget, condition=old_answers, table=listing_answer))
    return Forgotten(lines, rows)


def _found(archive: Archive, question: Select[Any]) -> list[int]:
    with archive.reading() as connection:
        return list(connection.execute(question).scalars())


def _forget(connection: Connection, *, table: Table, condition: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(condition)).rowcount


def _count(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
