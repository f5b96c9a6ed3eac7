"""Samples: single readings of a host, from one crawl or from those before it, to be looked at by a person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select

from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of
from crawler.archive.run_tables import crawl
from crawler.archive.tables import page, revision
from crawler.article import Article, article_from_json

# So many pages are looked at; a change that none of them shows is none.
_MOST: Final = 2_000
_COLUMNS: Final = ("id", "key", "article_id", "url", "fetched_at", "layout", "reason", "crawl_id", "kept_bytes")


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as it was fetched, and the article as it was read then; None where it could not be."""

    url: str
    fetched_at: datetime
    layout: str | None
    reason: str | None
    is_page_kept: bool
    article: Article | None


def samples_of(archive: Archive, *, crawl_id: int, host: str) -> Iterator[Sample]:
    """Return what a crawl read of a host, in the order in which it came."""
    with archive.reading() as connection:
        # Pages come in the order of time, so the last one before the crawl is quickly found.
        began_s = select(crawl.c.started_at).where(crawl.c.id == crawl_id).scalar_subquery()
        before = connection.execute(
            select(page.c.id).where(page.c.fetched_at < began_s).order_by(page.c.id.desc()).limit(1)
        ).scalar_one_or_none()
        question = _of_host(host).where(page.c.id > (before or 0), page.c.crawl_id == crawl_id).order_by(page.c.id)
        yield from _samples(connection, question)


def samples_before(archive: Archive, *, crawl_id: int, host: str) -> Iterator[Sample]:
    """Return what earlier crawls read of a host, newest first."""
    with archive.reading() as connection:
        question = _of_host(host).where(page.c.crawl_id < crawl_id).order_by(page.c.id.desc())
        yield from _samples(connection, question)


def _of_host(host: str) -> Select[Any]:
    # A key begins with its host.
    here = page.c.key.startswith(f"{clean_text(host)}/", autoescape=True)
    return select(*(page.c[name] for name in _COLUMNS)).where(here).limit(_MOST)


def _samples(connection: Connection, question: Select[Any]) -> Iterator[Sample]:
    for row in connection.execute(question).all():
        yield Sample(
            url=row.url,
            fetched_at=moment_of(row.fetched_at),
            layout=row.layout,
            reason=row.reason,
            is_page_kept=row.kept_bytes is not None,
            article=None if row.reason else _article_then(connection, row),
        )


def _article_then(connection: Connection, row: Any) -> Article | None:
    """Return the article as it stood when the page was fetched, not as it was edited since."""
    then = (
        select(func.max(revision.c.number))
        .where(revision.c.article_id == row.article_id, revision.c.stored_at <= row.fetched_at)
        .scalar_subquery()
    )
    stored = connection.execute(
        select(revision.c.article).where(and_(revision.c.article_id == row.article_id, revision.c.number == then))
    ).scalar_one_or_none()
    return article_from_json(json.loads(stored)) if stored else None
