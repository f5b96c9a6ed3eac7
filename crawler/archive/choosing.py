"""What of the ledger is to be fetched: when that was chosen anew, every link that waits is looked at again."""

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, or_, select, text, update

from crawler.archive.connect import Archive
from crawler.archive.ledger import is_unwanted
from crawler.archive.moments import seconds_of
from crawler.archive.run_tables import crawl
from crawler.archive.tables import PENDING, link
from crawler.article import Link


def choose_anew(
    archive: Archive,
    *,
    choice: str,
    refusal: Callable[[Link], str | None],
    now: datetime,
    crawl_id: int,
) -> int:
    """Skip what is not wanted any more, take up what is wanted again, and return how many links that were.

    Nothing is looked at where the choice is that of the last time.

    Args:
        archive: Under the lock of a crawl.
        choice: A text that changes when other links are wanted.
        refusal: Why a link is not wanted; None where it is.
        now: The present moment, aware.
        crawl_id: The crawl that is beginning.
    """
    with archive.reading() as connection:
        if _last_choice(connection) == choice:
            return 0
        rows = connection.execute(
            select(link.c.id, link.c.url, link.c.title, link.c.keywords, link.c.state, link.c.reason).where(
                or_(text(PENDING), and_(link.c.state == "skipped", is_unwanted(link.c.reason)))
            )
        )
        changed = []
        for row in rows:
            reason = refusal(Link(row.url, title=row.title, keywords=tuple(json.loads(row.keywords))))
            was = row.reason if row.state == "skipped" else None
            if reason != was:
                changed.append({"b_id": row.id, "b_state": "skipped" if reason else "seen", "b_reason": reason})
    step = (
        update(link)
        .where(link.c.id == bindparam("b_id"), or_(text(PENDING), link.c.state == "skipped"))
        .values(state=bindparam("b_state"), reason=bindparam("b_reason"), state_at=seconds_of(now), not_before=None)
    )

    def choose(connection: Connection) -> None:
        if changed:
            connection.execute(step, changed)
        # It stands with one crawl alone: a back-fill that goes on may choose later than crawls of higher numbers.
        connection.execute(update(crawl).where(crawl.c.choice.is_not(None)).values(choice=None))
        connection.execute(update(crawl).where(crawl.c.id == crawl_id).values(choice=choice))

    archive.write(choose)
    return len(changed)


def _last_choice(connection: Connection) -> str | None:
    found = select(crawl.c.choice).where(crawl.c.choice.is_not(None)).order_by(crawl.c.id.desc()).limit(1)
    return connection.execute(found).scalar_one_or_none()
