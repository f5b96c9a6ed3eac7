"""Letting go of articles that no topic ever had: some at a time, so that no writer waits and a kill loses nothing.

What goes is the article with its revisions, its pages and its place in the search index. Its links stay in the ledger,
with the reason, so that it is not fetched again.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, literal, select, tuple_, update

from crawler.archive import reasons, writes
from crawler.archive.applying import is_pending
from crawler.archive.connect import Archive
from crawler.archive.moments import seconds_of
from crawler.archive.tables import (
    article,
    article_author,
    article_topic,
    link,
    page,
    rematch,
    revision,
    story,
    story_mark,
    topic,
)

# Articles that go in one transaction: a tenth of a second of writing.
_AT_ONCE: Final = 100
_MARKS_AT_ONCE: Final = 1_000
_NO_TOPIC: Final = "no topic is followed, so everything stays"
_TOPICS_WAIT: Final = "topics wait to be applied to what is stored; see: tribunwatch topic apply"
_TIME_IS_UP: Final = "the time was up; the next time goes on with it"


@dataclass(frozen=True, slots=True)
class LetGo:
    """How many articles were let go of, or would be, and how many stay.

    Of those that stay, `left` have had their time and still are to go; `reason` says why they did not yet.
    """

    articles: int
    kept: int
    left: int = 0
    reason: str | None = None


def let_go(archive: Archive, *, days: int, now: datetime, dry_run: bool = False, longest_s: float = math.inf) -> LetGo:
    """Let go of the articles that no topic ever had and that were last stored more than so many days ago.

    What a person imported stays, since no crawl would bring it back. Nothing goes where no topic is followed, or while
    topics wait to be applied: they may yet have it. With 0 days, everything stays for ever.
    """
    oldest_s = seconds_of(now - timedelta(days=days))
    gone, why = 0, None
    if days and not dry_run:
        reason = f"{reasons.LET_GO} after {days} days without a topic"
        gone, why = _let_go_bit_by_bit(archive, oldest_s, reason, now_s=seconds_of(now), longest_s=longest_s)
    with archive.reading() as connection:
        kept = int(connection.execute(select(func.count()).select_from(article)).scalar_one())
        if not days:
            return LetGo(0, kept)
        why = why or _why_not_now(connection)
        left = int(connection.execute(select(func.count()).where(_may_go(oldest_s))).scalar_one())
    if dry_run and why is None:
        return LetGo(left, kept - left)
    return LetGo(gone, kept, left, why if left else None)


def _let_go_bit_by_bit(
    archive: Archive, oldest_s: int, reason: str, *, now_s: int, longest_s: float
) -> tuple[int, str | None]:
    """Return how many articles went, and why not all."""
    until_s = time.monotonic() + longest_s
    gone = after = 0
    why = None
    while why is None:
        with archive.reading() as connection:
            why = _why_not_now(connection)
            some = select(article.c.id).where(article.c.id > after, _may_go(oldest_s)).order_by(article.c.id)
            ids = connection.execute(some.limit(_AT_ONCE)).scalars().all()
        if not ids or why is not None:
            break
        if time.monotonic() > until_s:
            why = _TIME_IS_UP
            break
        gone += archive.write(partial(_take_out, ids=ids, oldest_s=oldest_s, reason=reason, now_s=now_s))
        after = ids[-1]
    if gone:
        _forget_marks(archive)
    return gone, why


def _may_go(oldest_s: int) -> ColumnElement[bool]:
    """Return the condition that an article has had its time.

    The newest article and the newest story stay, or SQLite would give their numbers to others.
    """
    newest = article.alias("newest")
    imported = and_(revision.c.article_id == article.c.id, revision.c.crawl_id.is_(None), revision.c.reason.is_(None))
    return and_(
        article.c.last_stored_at < oldest_s,
        article.c.id < select(func.max(newest.c.id)).scalar_subquery(),
        article.c.story_id < select(func.max(story.c.id)).scalar_subquery(),
        ~select(article_topic.c.article_id).where(article_topic.c.article_id == article.c.id).exists(),
        ~select(rematch.c.article_id).where(rematch.c.article_id == article.c.id).exists(),
        ~select(revision.c.id).where(imported).exists(),
    )


def _why_not_now(connection: Connection) -> str | None:
    followed = select(literal(1)).select_from(topic).where(topic.c.ended_at.is_(None)).limit(1)
    if connection.execute(followed).first() is None:
        return _NO_TOPIC
    waiting = select(literal(1)).select_from(topic).where(is_pending).limit(1)
    return _TOPICS_WAIT if connection.execute(waiting).first() is not None else None


def _take_out(connection: Connection, *, ids: Sequence[int], oldest_s: int, reason: str, now_s: int) -> int:
    """Take out those of the articles that still may go; return how many."""
    if _why_not_now(connection) is not None:
        return 0
    rows = connection.execute(
        select(article.c.id, article.c.story_id, article.c.search_rowid).where(article.c.id.in_(ids), _may_go(oldest_s))
    ).all()
    going = [row.id for row in rows]
    stories = {row.story_id for row in rows}
    is_of_these = link.c.article_id.in_(going)
    keys = connection.execute(select(link.c.key).where(is_of_these)).scalars().all()
    # What the site took away stays "gone".
    is_stored = link.c.state == "stored"
    connection.execute(
        update(link)
        .where(is_of_these)
        .values(
            article_id=None,
            retitled_at=None,
            state=case((is_stored, "skipped"), else_=link.c.state),
            state_at=case((is_stored, now_s), else_=link.c.state_at),
            reason=case((is_stored, reason), else_=link.c.reason),
        )
    )
    connection.execute(delete(page).where(page.c.article_id.in_(going)))
    connection.execute(delete(page).where(page.c.key.in_(keys), page.c.solved_at.is_not(None)))
    for table in (article_author, revision):
        connection.execute(delete(table).where(table.c.article_id.in_(going)))
    connection.execute(delete(article).where(article.c.id.in_(going)))
    told = select(article.c.id).where(article.c.story_id == story.c.id).exists()
    connection.execute(delete(story).where(story.c.id.in_(stories), ~told))
    # In order and after everything else: see `saving.py`.
    places = sorted(row.search_rowid for row in rows)
    writes.DELETE_SEARCH.run_many(connection, ({"b_rowid": place} for place in places))
    return len(rows)


def _forget_marks(archive: Archive) -> None:
    """Take away the marks of stories that are no more."""
    mark = (story_mark.c.mark, story_mark.c.story_id)
    dead = select(*mark).where(~select(story.c.id).where(story.c.id == story_mark.c.story_id).exists()).order_by(*mark)
    after = None
    while True:
        with archive.reading() as connection:
            some = dead if after is None else dead.where(tuple_(*mark) > tuple_(*after))
            rows = [tuple(row) for row in connection.execute(some.limit(_MARKS_AT_ONCE))]
        if not rows:
            return
        archive.write(
            lambda connection, rows=rows: connection.execute(delete(story_mark).where(tuple_(*mark).in_(rows)))  # type: ignore[misc]
        )
        after = rows[-1]
