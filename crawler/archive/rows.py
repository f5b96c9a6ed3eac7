"""Stored articles as rows for an export: everything that is known of each, its text whole."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, and_, select

from crawler.archive.connect import Archive
from crawler.archive.found import topics_of
from crawler.archive.moments import moment_of
from crawler.archive.search import SearchRequest, places_of
from crawler.archive.tables import article, revision
from crawler.article import article_from_json

_ROWS_PER_QUESTION: Final = 200


def article_rows(archive: Archive, request: SearchRequest) -> Iterator[dict[str, Any]]:
    """Return a row for every article that was asked for, newest first, whatever the limit, read bit by bit.

    All of them as the archive stood at the first: an article that moves meanwhile comes neither twice nor not at all.
    """
    with archive.reading() as connection:
        yield from _rows_at(connection, places_of(connection, request))


def _rows_at(connection: Connection, places: Iterable[int]) -> Iterator[dict[str, Any]]:
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    question = select(article, revision.c.article.label("as_json")).join(revision, current)
    left = iter(places)
    while some := list(islice(left, _ROWS_PER_QUESTION)):
        found = {row.search_rowid: row for row in connection.execute(question.where(article.c.search_rowid.in_(some)))}
        topics = topics_of(connection, [row.id for row in found.values()])
        for place in some:
            yield _row(found[place], topics.get(found[place].id, []))


def _row(row: Any, topics: list[str]) -> dict[str, Any]:
    stored = article_from_json(json.loads(row.as_json))
    return {
        "published_at": None if row.published_at is None else moment_of(row.published_at, row.published_offset_min),
        "region": row.region,
        "section": row.section,
        "kind": row.kind,
        "topics": topics,
        "title": row.title,
        "lead": stored.lead,
        "text": stored.text,
        "tags": list(stored.tags),
        "authors": list(stored.authors),
        "url": row.url,
        "host": row.host,
        "id": row.id,
        "story_id": row.story_id,
        "revision": row.revision,
        "published_from": row.published_from,
        "is_dated_by_listing": stored.is_dated_by_listing,
        "modified_at": None if row.modified_at is None else moment_of(row.modified_at, row.modified_offset_min),
        "listed_at": None if row.listed_at is None else moment_of(row.listed_at),
        "first_stored_at": moment_of(row.first_stored_at),
        "last_stored_at": moment_of(row.last_stored_at),
        "is_premium": bool(row.is_premium),
        "is_complete": bool(row.is_complete),
    }
