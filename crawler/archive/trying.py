"""A topic tried on what is stored, whether it is followed or not."""

import heapq
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import select

from crawler.archive.connect import Archive
from crawler.archive.found import Row, rows_at
from crawler.archive.index import second_of
from crawler.archive.moments import moment_of
from crawler.archive.reading import is_meant
from crawler.archive.request import SearchRequest
from crawler.archive.search import places_of
from crawler.archive.tables import article
from crawler.errors import NotFoundError
from crawler.topics import Hit, Query, Subject, Topic, tree_of
from crawler.topics.evaluate import hits

_COUNTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Tried:
    """An article that a topic finds, with every place that says so."""

    article_id: int
    title: str
    url: str | None
    ordered_at: datetime
    hits: tuple[Hit, ...]
    subject: Subject


@dataclass(frozen=True, slots=True)
class Trial:
    """The newest articles that a topic finds, and how many there are; where `is_all` is false, so many and more."""

    newest: tuple[Tried, ...]
    number: int
    is_all: bool


def try_topic(archive: Archive, topic: Topic, *, limit: int) -> Trial:
    """Return what a topic finds in the archive, newest first."""
    tree = tree_of(topic)
    query = Query(topic.query or "", tree)
    requests = [SearchRequest(query=query, host=host) for host in topic.hosts] or [SearchRequest(query=query)]
    most = max(limit, _COUNTED)
    with archive.reading() as connection:
        several = (places_of(connection, request) for request in requests)
        places = list(islice(heapq.merge(*several, reverse=True), most + 1))
        newest = places[:limit]
        rows = rows_at(connection, newest)
        tried = tuple(_tried(rows[place], place, hits(tree, rows[place].subject)) for place in newest)
    return Trial(tried, min(len(places), most), is_all=len(places) <= most)


def stored_row(archive: Archive, ref: str | int) -> Row:
    """Return one article as a query sees it, by its number, its address or its key; raises NotFoundError."""
    with archive.reading() as connection:
        place = connection.execute(select(article.c.search_rowid).where(is_meant(ref))).scalars().first()
        if place is None:
            raise NotFoundError(f"no article {str(ref)[:200]!r} in the archive; see: tribunwatch why URL")
        return rows_at(connection, [place])[place]


def _tried(row: Row, place: int, found: tuple[Hit, ...]) -> Tried:
    return Tried(row.facts.id, row.facts.title, row.facts.url, moment_of(second_of(place)), found, row.subject)
