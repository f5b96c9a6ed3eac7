"""Searching: the newest articles that have all the words, by topic, time and place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, literal, literal_column, or_, select

from crawler.archive.connect import Archive
from crawler.archive.index import acronym_mark, first_rowid
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.snippet import snippet_of
from crawler.archive.tables import SEARCH, article, article_topic, revision, topic
from crawler.archive.tables import search as index
from crawler.article import article_from_json
from crawler.errors import NotFoundError
from crawler.nearest import nearest
from crawler.topics import Term, Terms

_ROWS_PER_QUESTION: Final = 200


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked for; every condition must hold, None asks for nothing.

    `since` and `until` look at when the article was published, where the site does not say, when it was listed, else
    when it was first stored; `until` itself is no longer part of it.
    """

    query: Terms | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    section: str | None = None
    region: str | None = None
    host: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One article that was found; `snippet` shows the words as they are printed in the text."""

    article_id: int
    title: str
    url: str | None
    published_at: datetime | None
    published_from: str | None
    region: str | None
    section: str | None
    topics: tuple[str, ...]
    snippet: str
    story_id: int

    @property
    def is_dated_by_listing(self) -> bool:
        """Whether the page told no time of publication, so that the listing's time stands in its place."""
        return (self.published_from or "").startswith(("sitemap", "index"))


def search(archive: Archive, request: SearchRequest, *, topics_known: bool = False) -> list[Found]:
    """Return the newest articles that were asked for, newest first.

    With `topics_known`, a topic that has no article yet is no error: the caller knows that it exists.

    Raises:
        NotFoundError: The archive knows no such topic; the message names the nearest.
    """
    with archive.reading() as connection:
        wanted = _wanted(connection, request, topics_known=topics_known)
        if wanted is None:
            return []
        rows = list(islice(_hits(connection, request, wanted, enough=request.limit), request.limit))
        topics = _topics_of(connection, [row.id for row in rows])
        return [_found(row, topics.get(row.id, ()), request.query) for row in rows]


def count(archive: Archive, request: SearchRequest, *, cap: int = 1001) -> int:
    """Return how many articles a search finds, whatever its limit, counted up to `cap`: 1001 means "1,000 and more"."""
    with archive.reading() as connection:
        wanted = _wanted(connection, request, topics_known=True)
        if wanted is None:
            return 0
        if _index_decides(request.query):
            return int(connection.execute(select(func.count()).select_from(wanted.limit(cap).subquery())).scalar_one())
        hits = _hits(connection, request, wanted, enough=cap)
        return sum(1 for _ in islice(hits, cap))


def places_of(connection: Connection, request: SearchRequest) -> Iterator[int]:
    """Return the places of all articles that were asked for, newest first, whatever the limit.

    Raises:
        NotFoundError: The archive knows no such topic.
    """
    wanted = _wanted(connection, request, topics_known=False)
    if wanted is not None:
        for row in _hits(connection, request, wanted, enough=_ROWS_PER_QUESTION):
            yield row.search_rowid


def _has_words_in_index(connection: Connection, query: Terms) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return literal_column(SEARCH).op("MATCH")(match_expression(query))
    return and_(*(_holds_term(term) for term in query.terms))


def _holds_term(term: Term) -> ColumnElement[bool]:
    """Return the condition that the rows themselves hold a term, where nothing but them is there to ask."""
    capitals = [
        or_(*(_holds("marks", acronym_mark(field, word)) for field in ("title", "text", "tag")))
        for word, is_acronym in zip(term.words, term.acronyms, strict=True)
        if is_acronym
    ]
    if len(term.words) == 1 and capitals:
        return capitals[0]
    return and_(or_(*(_holds(name, " ".join(term.words)) for name in ("title", "text", "tags"))), *capitals)


def _holds(column: str, words: str) -> ColumnElement[bool]:
    return (literal(" ") + index.c[column] + literal(" ")).contains(f" {words} ", autoescape=True)


def match_expression(query: Terms) -> str:
    """Return what the index is asked: every article that the query finds, and perhaps some more (`_index_decides`)."""
    return " AND ".join(_match_term(term) for term in query.terms)


def _match_term(term: Term) -> str:
    capitals = [_match_acronym(word) for word, is_acronym in zip(term.words, term.acronyms, strict=True) if is_acronym]
    if len(term.words) == 1 and capitals:
        return capitals[0]
    return " AND ".join([f'{{title text tags}} : "{" ".join(term.words)}"', *capitals])


def _match_acronym(word: str) -> str:
    marks = (acronym_mark(field, word) for field in ("title", "text", "tag"))
    return f"marks : ({' OR '.join(marks)})"


def _index_decides(query: Terms | None) -> bool:
    """Say whether the index alone gives the right answer.

    It knows the acronyms of an article, not where they stand: "ketua PAN" needs a look at the text itself.
    """
    return query is None or all(len(term.words) == 1 or not any(term.acronyms) for term in query.terms)


def _wanted(connection: Connection, request: SearchRequest, *, topics_known: bool) -> Select[Any] | None:
    """Return the question for the places in the index, newest first; None where a known topic has no article."""
    topic_id = None
    if request.topic is not None:
        topic_id = _topic_id(connection, request.topic, is_known=topics_known)
        if topic_id is None:
            return None
    place: ColumnElement[int]
    if request.query is not None:
        place = index.c.rowid
        wanted = select(place).where(_has_words_in_index(connection, request.query))
        if topic_id is not None:
            wanted = wanted.where(exists().where(_has_topic(topic_id), article_topic.c.search_rowid == place))
    elif topic_id is not None:
        place = article_topic.c.search_rowid
        wanted = select(place).where(_has_topic(topic_id), place.is_not(None))
    else:
        place = article.c.search_rowid
        wanted = select(place)
    if request.since is not None:
        wanted = wanted.where(place >= first_rowid(seconds_of(request.since)))
    if request.until is not None:
        wanted = wanted.where(place < first_rowid(seconds_of(request.until)))
    described = article.alias("described")
    asked = {"section": request.section, "region": request.region, "host": request.host}
    conditions = [described.c[name] == value for name, value in asked.items() if value is not None]
    if conditions:
        wanted = wanted.where(exists().where(described.c.search_rowid == place, *conditions))
    return wanted.order_by(place.desc())


def _has_topic(topic_id: int) -> ColumnElement[bool]:
    return article_topic.c.topic_id == topic_id


def _topic_id(connection: Connection, name: str, *, is_known: bool) -> int | None:
    ids: dict[str, int] = {row.name: row.id for row in connection.execute(select(topic.c.name, topic.c.id))}
    if name in ids:
        return ids[name]
    for known, topic_id in ids.items():
        if known.casefold() == name.casefold():
            return topic_id
    if is_known:
        return None
    raise NotFoundError(f"no topic {name!r} in the archive{nearest(name, ids)}; see: tribunwatch topic list")


def _hits(connection: Connection, request: SearchRequest, wanted: Select[Any], *, enough: int) -> Iterator[Any]:
    """Return the rows of the articles in order, looking into the text where the index does not decide."""
    place = wanted.selected_columns[0]
    query = None if _index_decides(request.query) else request.query
    before: int | None = None
    while True:
        step = wanted if before is None else wanted.where(place < before)
        # Looking twice as far as needed: most of what the index offers holds.
        size = min(_ROWS_PER_QUESTION, enough if query is None else 2 * enough)
        places = list(connection.execute(step.limit(size)).scalars())
        rows = {row.search_rowid: row for row in connection.execute(_described(places))}
        for each in places:
            row = rows.get(each)
            if row is not None and (query is None or _has_words(row, query)):
                yield row
        if len(places) < size:
            return
        before = places[-1]


def _described(places: list[int]) -> Select[Any]:
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    return (
        select(article, revision.c.article.label("as_json")).join(revision, current)
        .where(article.c.search_rowid.in_(places))
    )  # fmt: skip


def _has_words(row: Any, query: Terms) -> bool:
    stored = article_from_json(json.loads(row.as_json))
    return query.matches(stored.title, stored.text, stored.tags)


def _topics_of(connection: Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of the topics that each of the articles has now."""
    topics: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(ids), _ROWS_PER_QUESTION):
        current = article_topic.c.search_rowid.is_not(None)
        some = article_topic.c.article_id.in_(ids[start : start + _ROWS_PER_QUESTION])
        named = (
            select(article_topic.c.article_id, topic.c.name)
            .join(topic, topic.c.id == article_topic.c.topic_id)
            .where(current, some)
            .order_by(topic.c.id)
        )
        for article_id, name in connection.execute(named):
            topics[article_id] = (*topics.get(article_id, ()), name)
    return topics


def _found(row: Any, topics: tuple[str, ...], query: Terms | None) -> Found:
    return Found(
        article_id=row.id,
        title=row.title,
        url=row.url,
        published_at=None if row.published_at is None else moment_of(row.published_at, row.published_offset_min),
        published_from=row.published_from,
        region=row.region,
        section=row.section,
        topics=topics,
        snippet=snippet_of(article_from_json(json.loads(row.as_json)), query),
        story_id=row.story_id,
    )
