"""Reading what is stored: one article, all of them newest first, the topics, the listings.

`life_of` and `check` stand in modules of their own and are given from here as well.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, union

from crawler.archive.checks import Finding, check
from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.life import Life, life_of
from crawler.archive.moments import moment_of
from crawler.archive.tables import article, article_topic, link, revision, topic
from crawler.article import Article, article_from_json
from crawler.errors import AddressError, NotFoundError
from crawler.site import Address, identify
from crawler.topics import Hit, Match

__all__ = [
    "Finding",
    "KeptArticle",
    "Life",
    "StoredArticle",
    "check",
    "life_of",
    "load_article",
    "newest_articles",
]

_ARTICLES_PER_STEP: Final = 200
_LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as its current revision has it, with what is known about it."""

    article_id: int
    key: str
    article: Article
    revision: int
    revisions: int
    first_stored_at: datetime
    stored_at: datetime
    matches: tuple[Match, ...]
    story_id: int
    # Other addresses of the same content, and the addresses of copies.
    also_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article and its number in the archive."""

    article_id: int
    article: Article


def load_article(archive: Archive, ref: str | int) -> StoredArticle:
    """Return one article by its number, its address (in any form) or its key.

    Raises:
        NotFoundError: The archive has no such article; the message says what to try.
    """
    with archive.reading() as connection:
        row = connection.execute(_current().where(is_meant(ref))).first()
        if row is None:
            raise NotFoundError(f"no article {str(ref)[:200]!r} in the archive; see: tribunwatch why URL")
        return StoredArticle(
            article_id=row.id,
            key=row.key,
            article=article_from_json(json.loads(row.as_json)),
            revision=row.revision,
            revisions=connection.execute(
                select(func.count()).select_from(revision).where(revision.c.article_id == row.id)
            ).scalar_one(),
            first_stored_at=moment_of(row.first_stored_at),
            stored_at=moment_of(row.stored_at),
            matches=_matches(connection, row),
            story_id=row.story_id,
            also_at=_also_at(connection, row),
        )


def newest_articles(archive: Archive) -> Iterator[KeptArticle]:
    """Return every article as it is now, newest first, read bit by bit: the archive is not held meanwhile."""
    before: int | None = None
    while True:
        step = _current().order_by(article.c.search_rowid.desc()).limit(_ARTICLES_PER_STEP)
        if before is not None:
            step = step.where(article.c.search_rowid < before)
        with archive.reading() as connection:
            rows = connection.execute(step).all()
        for row in rows:
            yield KeptArticle(row.id, article_from_json(json.loads(row.as_json)))
        if len(rows) < _ARTICLES_PER_STEP:
            return
        before = rows[-1].search_rowid


def _current() -> Select[Any]:
    return select(article, revision.c.article.label("as_json"), revision.c.stored_at).join(
        revision, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    )


def is_meant(ref: str | int) -> ColumnElement[bool]:
    """Return the condition that an article is the one of this number, address (in any form) or key."""
    text = clean_text(str(ref)).strip()
    if text.isascii() and text.isdigit():
        return article.c.id == min(int(text[:20]), _LARGEST_ID)
    address = _address_of(text)
    key = address.key if address else text
    # A key is a host and either a content id or a path.
    host, _, content_id = key.partition("/")
    same_content = and_(article.c.host == host, article.c.content_id == content_id)
    linked = select(link.c.article_id).where(link.c.key == key, link.c.article_id.is_not(None))
    return article.c.id.in_(
        union(select(article.c.id).where(article.c.key == key), select(article.c.id).where(same_content), linked)
    )


def _address_of(text: str) -> Address | None:
    """Return the address of an article that a person wrote, with https:// or without; None where it is none."""
    for written in (text, f"https://{text}"):
        with suppress(AddressError):
            address = identify(written)
            return address if address.is_readable else None
    return None


def _matches(connection: Connection, row: Any) -> tuple[Match, ...]:
    found = (
        select(topic.c.name, article_topic.c.hits)
        .join(topic, topic.c.id == article_topic.c.topic_id)
        .where(article_topic.c.article_id == row.id, article_topic.c.revision == row.revision)
        .order_by(topic.c.id)
    )
    return tuple(
        Match(each.name, tuple(Hit(**hit) for hit in json.loads(each.hits))) for each in connection.execute(found)
    )


def _also_at(connection: Connection, row: Any) -> tuple[str, ...]:
    copies = (
        select(article.c.url)
        .where(article.c.story_id == row.story_id, article.c.id != row.id, article.c.url.is_not(None))
        .order_by(article.c.id)
    )
    other_links = select(link.c.url).where(link.c.article_id == row.id, link.c.key != row.key).order_by(link.c.id)
    urls = [*connection.execute(other_links).scalars(), *connection.execute(copies).scalars()]
    return tuple(url for url in dict.fromkeys(urls) if url != row.url)
