"""What was stored lately, in the order in which it was stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of
from crawler.archive.tables import article, article_topic, revision, topic


@dataclass(frozen=True, slots=True)
class StoredLately:
    """One revision that was stored: the first of an article, or what became of it; with the topics it has now."""

    revision_id: int
    article_id: int
    number: int
    stored_at: datetime
    crawl_id: int | None
    title: str
    region: str | None
    section: str | None
    topics: tuple[str, ...]


def stored_after(archive: Archive, *, revision_id: int, limit: int = 200) -> list[StoredLately]:
    """Return the revisions that were stored after one, oldest first."""
    told = (article.c.title, article.c.region, article.c.section)
    found = (
        select(
            revision.c.id, revision.c.article_id, revision.c.number, revision.c.stored_at, revision.c.crawl_id, *told
        )
        .join(article, article.c.id == revision.c.article_id)
        .where(revision.c.id > revision_id)
        .order_by(revision.c.id)
        .limit(limit)
    )
    with archive.reading() as connection:
        return [_lately(connection, row) for row in connection.execute(found).all()]


def last_revision(archive: Archive) -> int:
    """Return the number of the revision that was stored last; 0 where there is none."""
    with archive.reading() as connection:
        return int(connection.execute(select(func.coalesce(func.max(revision.c.id), 0))).scalar_one())


def _lately(connection: Any, row: Any) -> StoredLately:
    names = select(topic.c.name).join(article_topic, article_topic.c.topic_id == topic.c.id)
    matched = names.where(article_topic.c.article_id == row.article_id, article_topic.c.revision == row.number)
    return StoredLately(
        revision_id=row.id,
        article_id=row.article_id,
        number=row.number,
        stored_at=moment_of(row.stored_at),
        crawl_id=row.crawl_id,
        title=row.title,
        region=row.region,
        section=row.section,
        topics=tuple(connection.execute(matched.order_by(topic.c.id)).scalars()),
    )
