"""Places in the index for which one alternative of a query holds, newest first, read without sorting or counting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
)

from crawler.archive.alternatives import Alternative
from crawler.archive.fts5 import Fts5
from crawler.archive.statement import Statement
from crawler.archive.tables import SEARCH, article, article_topic, search_vectors
from crawler.archive.tables import search as index
from crawler.archive.text_search import TsQuery
from crawler.archive.tsvector import Tsquery
from crawler.archive.wording import EVERYTHING, worded

# The articles of a smaller topic are walked, and each is looked up in the index; else those of the index are walked.
_SMALL_TOPIC: Final = 1_000

# All places lie between these.
_BEFORE_ALL: Final = -(2**63)
_BEHIND_ALL: Final = 2**63 - 1

_fts5_has = literal_column(SEARCH).op("MATCH", is_comparison=True)
_place = index.c.rowid
_NEWEST: Final = Statement(
    select(_place)
    .where(_fts5_has(bindparam("b_words")), _place >= bindparam("b_first"), _place < bindparam("b_end"))
    .order_by(_place.desc())
    .limit(bindparam("b_size"))
)  # fmt: skip
_walked = article.alias("walked")
_walked_topic = article_topic.alias("walked_topic")
_had = article_topic.alias("had")


class Question(Protocol):
    """One alternative as the database is asked: its places, newest first."""

    @property
    def is_exact(self) -> bool:
        """Say whether all of them hold; else the stored article decides."""

    @property
    def expression(self) -> str | None:
        """Return what the index is asked."""

    @property
    def select(self) -> Select[Any]:
        """Return all places, in no order."""

    def places(self, connection: Connection, *, before: int | None, size: int) -> Iterator[int]:
        """Yield the places, asking for so many at a time."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A question of any kind; where `is_of_index` is true, the index is what is walked."""

    select: Select[Any]
    place: ColumnElement[int]
    is_exact: bool
    expression: str | None = None
    is_of_index: bool = False
    first: int | None = None
    end: int | None = None

    def places(self, connection: Connection, *, before: int | None, size: int) -> Iterator[int]:
        """Yield the places, asking for so many at a time."""
        while True:
            step = self.select if before is None else self.select.where(self.place < before)
            some = list(connection.execute(step.order_by(self.place.desc()).limit(size)).scalars())
            yield from some
            if len(some) < size:
                return
            before = some[-1]


@dataclass(frozen=True, slots=True)
class Newest:
    """A question that walks the index of SQLite and asks for nothing beside its words and a range of places."""

    expression: str
    is_exact: bool
    first: int | None
    end: int | None

    @property
    def select(self) -> Select[Any]:
        """Return all places, in no order."""
        return _within(select(_place).where(_fts5_has(self.expression)), _place, self.first, self.end)

    def places(self, connection: Connection, *, before: int | None, size: int) -> Iterator[int]:
        """Yield the places, asking for so many at a time."""
        ends = [end for end in (self.end, before) if end is not None]
        end = min(ends) if ends else _BEHIND_ALL
        first = _BEFORE_ALL if self.first is None else self.first
        while True:
            some = _NEWEST.rows(connection, b_words=self.expression, b_first=first, b_end=end, b_size=size)
            for (place,) in some:
                yield place
            if len(some) < size:
                return
            (end,) = some[-1]


def question_of(
    connection: Connection, alternative: Alternative, *, story_id: int | None = None
) -> Walk | Newest | None:
    """Return how the database is asked for an alternative, of one story or of all; None where nothing can be found."""
    is_sqlite = connection.dialect.name == "sqlite"
    wording = (
        EVERYTHING
        if alternative.text is None
        else worded(alternative.text, Fts5(connection) if is_sqlite else Tsquery())
    )
    if wording.expression == "":
        return None
    first, end = alternative.first, alternative.end
    is_bare = story_id is None and not alternative.topics and not alternative.but
    if is_sqlite and is_bare and wording.expression is not None:
        return Newest(wording.expression, wording.is_exact, first, end)
    match = None if wording.expression is None else matching(connection, wording.expression)
    topics = sorted(alternative.topics)
    found, place = _begun(connection, match, topics, story_id=story_id)
    for topic_id in topics:
        found = found.where(_has_topic(topic_id, place))
    for topic_id in sorted(alternative.but):
        found = found.where(~_has_topic(topic_id, place))
    found = _within(found, place, first, end)
    is_of_index = place is index.c.rowid
    return Walk(found, place, wording.is_exact, wording.expression, is_of_index, first, end)


def question_of_cut(connection: Connection) -> Walk | None:
    """Return how the articles are asked for that the index could not take whole; None where there is none."""
    if connection.dialect.name == "sqlite":
        return None
    cut = select(search_vectors.c.rowid).where(search_vectors.c.is_cut)
    if connection.execute(cut.limit(1)).first() is None:
        return None
    return Walk(cut, search_vectors.c.rowid, is_exact=False)


def matching(connection: Connection, expression: str) -> ColumnElement[bool]:
    """Return the condition that the index has what an expression asks for."""
    if connection.dialect.name == "sqlite":
        return _fts5_has(expression)
    whole = ~literal_column(f"{SEARCH}.is_cut", Boolean)
    return and_(literal_column(f"{SEARCH}.words").op("@@", is_comparison=True)(cast(expression, TsQuery)), whole)


def _begun(
    connection: Connection, match: ColumnElement[bool] | None, topics: list[int], *, story_id: int | None
) -> tuple[Select[Any], ColumnElement[int]]:
    """Return what is walked: a story, a topic, which is then taken from the list, the index, or all articles."""
    place: ColumnElement[int] = _walked.c.search_rowid
    if story_id is not None:
        found = select(place).where(_walked.c.story_id == story_id)
    elif topics and (match is None or _is_small(connection, topics[0])):
        place = _walked_topic.c.search_rowid
        found = select(place).where(_walked_topic.c.topic_id == topics.pop(0), place.is_not(None))
    elif match is not None:
        return select(index.c.rowid).where(match), index.c.rowid
    else:
        found = select(place)
    if match is not None:
        found = found.where(exists().where(index.c.rowid == place, match))
    return found, place


def _within(found: Select[Any], place: ColumnElement[int], first: int | None, end: int | None) -> Select[Any]:
    if first is not None:
        found = found.where(place >= first)
    return found if end is None else found.where(place < end)


def _has_topic(topic_id: int, place: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(_had.c.topic_id == topic_id, _had.c.search_rowid == place)


def _is_small(connection: Connection, topic_id: int) -> bool:
    some = select(_had.c.topic_id).where(_had.c.topic_id == topic_id, _had.c.search_rowid.is_not(None))
    counted = select(func.count()).select_from(some.limit(_SMALL_TOPIC + 1).subquery())
    return int(connection.execute(counted).scalar_one()) <= _SMALL_TOPIC
