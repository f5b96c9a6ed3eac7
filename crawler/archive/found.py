"""The articles at places of the index: as a query is asked of them, and as a search shows them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from crawler.archive.index import second_of
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.request import Found
from crawler.archive.snippet import marked, snippet_of
from crawler.archive.statement import Statement
from crawler.archive.tables import article, article_topic, revision, topic
from crawler.article import Kind
from crawler.topics.evaluate import spans
from crawler.topics.glanced import Glanced
from crawler.topics.subject import Subject, fields_of
from crawler.topics.tree import Node, TextField

# A page and one more; of fewer the last is asked for again.
_AT_ONCE: Final = 21
_FIRST_S: Final = seconds_of(datetime.min.replace(tzinfo=UTC))
_LAST_S: Final = seconds_of(datetime.max.replace(tzinfo=UTC))


class Facts(NamedTuple):
    """What the row of an article says; the columns of _DESCRIBED in order."""

    search_rowid: int
    id: int
    title: str
    url: str | None
    host: str | None
    region: str | None
    section: str | None
    kind: Kind
    story_id: int
    published_at: int | None
    published_offset_min: int | None
    published_from: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A stored article: the row of its table, its topics, and how a query sees it."""

    facts: Facts
    topics: tuple[str, ...]
    subject: Subject


_NAMES: Final = [f"b_{number}" for number in range(_AT_ONCE)]
_asked: list[ColumnElement[int]] = [bindparam(name) for name in _NAMES]
_DESCRIBED: Final = Statement(
    select(*(article.c[name] for name in Facts._fields), revision.c.article.label("as_json"))
    .join(revision, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision))
    .where(article.c.search_rowid.in_(_asked))
)  # fmt: skip
# Only of its current revision it has the place of its article, see tables.py.
_TOPICS: Final = Statement(
    select(article_topic.c.article_id, topic.c.name)
    .join(topic, topic.c.id == article_topic.c.topic_id)
    .where(article_topic.c.article_id.in_(_asked), article_topic.c.search_rowid.is_not(None))
    .order_by(topic.c.id)
)


def rows_at(connection: Connection, places: Sequence[int]) -> dict[int, Row]:
    """Return the articles that stand at these places, by place."""
    rows: dict[int, Row] = {}
    for start in range(0, len(places), _AT_ONCE):
        found = _DESCRIBED.rows(connection, **_asking(places[start : start + _AT_ONCE]))
        described = [(Facts(*facts), as_json) for *facts, as_json in found]
        topics = topics_of(connection, [facts.id for facts, _ in described])
        for facts, as_json in described:
            rows[facts.search_rowid] = _row(facts, json.loads(as_json), tuple(topics.get(facts.id, ())))
    return rows


def topics_of(connection: Connection, articles: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the topics that articles have now, by the number of the article."""
    topics: defaultdict[int, list[str]] = defaultdict(list)
    for start in range(0, len(articles), _AT_ONCE):
        for number, name in _TOPICS.rows(connection, **_asking(articles[start : start + _AT_ONCE])):
            topics[number].append(name)
    return topics


def found_of(row: Row, tree: Node) -> Found:
    """Return an article as a search shows it, with the words marked that the query found."""
    facts, printed = row.facts, row.subject.printed
    shown: TextField = "text" if printed["text"] else "lead"
    hits = spans(tree, row.subject)
    snippet, marks = snippet_of(printed[shown], hits.of(shown))
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
        title_marks=tuple(marked(hits.of("title"))),
        snippet_marks=marks,
    )


def _asking(numbers: Sequence[int]) -> dict[str, int]:
    return dict(zip(_NAMES, [*numbers, *[numbers[-1]] * (_AT_ONCE - len(numbers))], strict=True))


def _row(facts: Facts, stored: Mapping[str, Any], topics: tuple[str, ...]) -> Row:
    # Near the years 1 and 9999 the moment may have no date in UTC.
    ordered_at = moment_of(min(max(second_of(facts.search_rowid), _FIRST_S), _LAST_S))
    subject = Glanced(
        fields_of(stored),
        # What the row says is what the index knows: an article goes on being in the section that named it first.
        section=facts.section,
        region=facts.region,
        kind=facts.kind,
        host=facts.host,
        ordered_at=ordered_at,
        topics=frozenset(topics),
    )
    return Row(facts, topics, subject)
