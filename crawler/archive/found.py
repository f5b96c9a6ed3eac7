"""The articles at places of the index: as a query is asked of them, and as a search shows them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, select

from crawler.archive.index import second_of
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.request import Found
from crawler.archive.snippet import marked, snippet_of
from crawler.archive.tables import article, article_topic, revision, topic
from crawler.article import article_from_json
from crawler.topics.evaluate import hits
from crawler.topics.subject import Glanced, Subject, printed_fields
from crawler.topics.tree import Node

_PLACES_PER_QUESTION: Final = 200
_FIRST_S: Final = seconds_of(datetime.min.replace(tzinfo=UTC))
_LAST_S: Final = seconds_of(datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Row:
    """A stored article: the row of its table, its topics, and how a query sees it."""

    facts: Any
    topics: tuple[str, ...]
    subject: Subject


def rows_at(connection: Connection, places: Sequence[int]) -> dict[int, Row]:
    """Return the articles that stand at these places, by place."""
    rows: dict[int, Row] = {}
    for start in range(0, len(places), _PLACES_PER_QUESTION):
        some = places[start : start + _PLACES_PER_QUESTION]
        topics = _topics_at(connection, some)
        for facts in connection.execute(_described(some)):
            place = facts.search_rowid
            rows[place] = _row(facts, topics.get(place, ()))
    return rows


def found_of(row: Row, tree: Node) -> Found:
    """Return an article as a search shows it, with the words marked that the query found."""
    facts = row.facts
    found = hits(tree, row.subject)
    title = tuple((hit.start, hit.end) for hit in found if hit.field == "title")
    snippet, marks = snippet_of(row.subject.printed, found)
    return Found(
        article_id=facts.id,
        title=facts.title,
        url=facts.url,
        published_at=None if facts.published_at is None else moment_of(facts.published_at, facts.published_offset_min),
        published_from=facts.published_from,
        region=facts.region,
        section=facts.section,
        topics=row.topics,
        snippet=snippet,
        story_id=facts.story_id,
        title_marks=marked(title),
        snippet_marks=marks,
    )


def _row(facts: Any, topics: tuple[str, ...]) -> Row:
    # Near the years 1 and 9999 the moment may have no date in UTC.
    ordered_at = moment_of(min(max(second_of(facts.search_rowid), _FIRST_S), _LAST_S))
    subject = Glanced(
        printed_fields(article_from_json(json.loads(facts.as_json))),
        # What the row says is what the index knows: an article goes on being in the section that named it first.
        section=facts.section,
        region=facts.region,
        kind=facts.kind,
        host=facts.host,
        ordered_at=ordered_at,
        topics=frozenset(topics),
    )
    return Row(facts, topics, subject)


def _described(places: Sequence[int]) -> Select[Any]:
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    return (
        select(article, revision.c.article.label("as_json")).join(revision, current)
        .where(article.c.search_rowid.in_(places))
    )  # fmt: skip


def _topics_at(connection: Connection, places: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of the topics that the articles at these places have now."""
    named = (
        select(article.c.search_rowid, topic.c.name)
        .join(
            article_topic,
            and_(article_topic.c.article_id == article.c.id, article_topic.c.revision == article.c.revision),
        )
        .join(topic, topic.c.id == article_topic.c.topic_id)
        .where(article.c.search_rowid.in_(places), article_topic.c.search_rowid.is_not(None))
        .order_by(topic.c.id)
    )
    topics: dict[int, tuple[str, ...]] = {}
    for place, name in connection.execute(named):
        topics[place] = (*topics.get(place, ()), name)
    return topics
