"""Searching: the newest articles for which a query holds, page by page."""

import heapq
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from math import inf
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from crawler.archive.alternatives import Mark, alternatives_of
from crawler.archive.connect import Archive
from crawler.archive.cursor import cursor_after, place_of
from crawler.archive.found import Row, found_of, rows_at
from crawler.archive.index import facet_mark, second_of
from crawler.archive.moments import moment_of
from crawler.archive.places import Question, Walk, question_of, question_of_cut
from crawler.archive.ranking import RANKED, by_relevance
from crawler.archive.request import Found, SearchPage, SearchRequest
from crawler.archive.tables import topic
from crawler.archive.topics import is_there
from crawler.archive.widening import Reach, Widening, is_canceled
from crawler.errors import NotFoundError, QueryError
from crawler.nearest import nearest
from crawler.topics.evaluate import holds
from crawler.topics.tree import Node

__all__ = ["Count", "Found", "SearchPage", "SearchRequest", "asked", "count", "places_of", "search"]

# So many articles are looked at for one page where the index does not decide; then the page ends as it is.
LOOKED_AT: Final = 2_000
_MOST_PLACES: Final = 200
_LONGEST_MS: Final = 2_000
# After so long, a page ends as it is where the index does not decide.
_SEARCHED_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it is asked of the database: its questions, and the tree that decides where they do not."""

    tree: Node
    questions: Sequence[Question]
    reach: Reach = field(default_factory=Reach)

    @property
    def is_exact(self) -> bool:
        """Say whether every place that is found holds."""
        return all(each.is_exact for each in self.questions)

    def places(self, connection: Connection, *, before: int | None, size: int) -> Iterator[tuple[int, bool]]:
        """Return the places of all questions, newest first and each once, and whether it is sure that they hold."""
        if len(self.questions) == 1:
            (only,) = self.questions
            return ((place, only.is_exact) for place in only.places(connection, before=before, size=size))
        return self._merged(connection, before=before, size=size)

    def _merged(self, connection: Connection, *, before: int | None, size: int) -> Iterator[tuple[int, bool]]:
        each = [_told(question, connection, before=before, size=size) for question in self.questions]
        for place, same in groupby(heapq.merge(*each), key=lambda pair: pair[0]):
            # Beyond, one of the questions may have more.
            if self.reach.place is not None and -place < self.reach.place:
                return
            yield -place, not all(is_open for _, is_open in same)


def _told(question: Question, connection: Connection, *, before: int | None, size: int) -> Iterator[tuple[int, bool]]:
    for place in question.places(connection, before=before, size=size):
        yield -place, not question.is_exact


def asked(connection: Connection, request: SearchRequest, *, topics_known: bool = False, until_s: float = inf) -> Asked:
    """Return how the database is asked for what is wanted, and until when (time.monotonic) it is looked for.

    Raises:
        NotFoundError: The archive knows no such topic; the message names the nearest.
        QueryError: It takes too many questions, or the author's name has no word.
    """

    def ids_of(name: str) -> tuple[int, ...]:
        known_topics = connection.execute(select(topic.c.name, topic.c.id).where(is_there))
        ids: dict[str, int] = {row.name: row.id for row in known_topics}
        found = tuple(topic_id for known, topic_id in ids.items() if known.casefold() == name.casefold())
        if not found and not topics_known:
            raise NotFoundError(f"no topic {name!r} in the archive{nearest(name, ids)}; see: tribunwatch topic list")
        return found

    tree = request.tree
    host = () if request.host is None else (Mark(facet_mark("host", request.host)),)
    alternatives = alternatives_of(tree, ids_of, also=host)
    is_server = connection.dialect.name == "postgresql"
    possible = [question_of(connection, each, story_id=request.story_id) for each in alternatives]
    reach = Reach(until_s)
    questions: list[Question] = [
        Widening.of(each, reach) if isinstance(each, Walk) and is_server and each.is_of_index else each
        for each in possible
        if each is not None
    ]
    if is_server and alternatives and (cut := question_of_cut(connection)):
        questions.append(cut)
    return Asked(tree, questions, reach)


def search(archive: Archive, request: SearchRequest, *, topics_known: bool = False) -> SearchPage:
    """Return a page of the newest articles that were asked for, newest first.

    With `topics_known`, a topic that has no article yet is no error: the caller knows that it exists.

    Raises:
        NotFoundError: The archive knows no such topic; the message names the nearest.
        QueryError: The cursor is none of this search, or the search takes too many questions.
    """
    before = place_of(request)
    with archive.reading() as connection, _in_time(connection):
        until_s = time.monotonic() + _SEARCHED_S
        wanted = asked(connection, request, topics_known=topics_known, until_s=until_s)
        if request.sort == "relevance":
            return _best(connection, request, wanted)
        hits = Hits(connection, wanted, before=before, enough=request.limit + 1)
        rows = list(islice(hits.rows(), request.limit + 1))
        found = tuple(found_of(row, wanted.tree) for row in rows[: request.limit])
        if len(rows) > request.limit:
            return SearchPage(found, cursor_after(request, rows[request.limit - 1].facts.search_rowid))
        if hits.gave_up_at is not None:
            back_to = moment_of(second_of(hits.gave_up_at))
            return SearchPage(found, cursor_after(request, hits.gave_up_at), searched_back_to=back_to)
        return SearchPage(found)


@contextmanager
def _in_time(connection: Connection) -> Iterator[None]:
    """Let no question of a page take long, where the database can be told so."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_LONGEST_MS}")
    try:
        yield
    except OperationalError as error:
        if not is_canceled(error):
            raise
        raise QueryError("takes too long on so great an archive; add a word, or a date range") from error


def _best(connection: Connection, request: SearchRequest, wanted: Asked) -> SearchPage:
    """Return the best of the newest that are found."""
    places = list(islice(Hits(connection, wanted, before=None, enough=RANKED).places(), RANKED))
    best = by_relevance(connection, wanted.questions, places)[: request.limit]
    rows = rows_at(connection, best)
    return SearchPage(tuple(found_of(rows[place], wanted.tree) for place in best), ranked=len(places))


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles a search finds; where `is_all` is false, so many and perhaps more."""

    number: int
    is_all: bool


def count(archive: Archive, request: SearchRequest, *, most: int = 1_000) -> Count:
    """Return how many articles a search finds, whatever its limit.

    It counts no further than needed, "1,000+", and looks no longer than a page does.
    """
    with archive.reading() as connection:
        wanted = asked(connection, request, topics_known=True, until_s=time.monotonic() + _SEARCHED_S)
        if wanted.is_exact and len(wanted.questions) == 1:
            some = wanted.questions[0].select.limit(most + 1).subquery()
            found = int(connection.execute(select(func.count()).select_from(some)).scalar_one())
            return Count(min(found, most), is_all=found <= most)
        hits = Hits(connection, wanted, before=None, enough=most)
        found = sum(1 for _ in islice(hits.places(), most + 1))
        return Count(min(found, most), is_all=found <= most and hits.gave_up_at is None)


def places_of(connection: Connection, request: SearchRequest) -> Iterator[int]:
    """Return the places of all articles that were asked for, newest first, however many, however long it takes.

    Raises:
        NotFoundError: The archive knows no such topic.
        QueryError: It takes too many questions, or the author's name has no word.
    """
    wanted = asked(connection, request)
    return Hits(connection, wanted, before=None, enough=_MOST_PLACES, looks=None).places()


class Hits:
    """The articles that were asked for, newest first; where the index does not decide, each is looked at."""

    def __init__(
        self, connection: Connection, wanted: Asked, *, before: int | None, enough: int, looks: int | None = LOOKED_AT
    ) -> None:
        """Take how many are wanted at least, and how many may be looked at; None for all."""
        self._connection = connection
        self._wanted = wanted
        self._before = before
        self._looks = looks
        # Looking twice as far as needed: most of what the index offers holds.
        self._size = min(_MOST_PLACES, enough if wanted.is_exact else 2 * enough)
        # Where it stopped to look, if it did.
        self.gave_up_at: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the articles."""
        for some, looked_at in self._steps():
            rows = rows_at(self._connection, list(some))
            yield from (rows[place] for place in self._held(some, rows))
            if self._has_looked_enough(looked_at, some):
                return

    def places(self) -> Iterator[int]:
        """Yield the places; no article is read of which it is sure that it holds."""
        for some, looked_at in self._steps():
            rows = rows_at(self._connection, [place for place, is_sure in some.items() if not is_sure])
            yield from self._held(some, rows)
            if self._has_looked_enough(looked_at, some):
                return

    def _steps(self) -> Iterator[tuple[dict[int, bool], int]]:
        """Yield places with whether it is sure that they hold, and how many have to be looked at so far."""
        places = self._wanted.places(self._connection, before=self._before, size=self._size)
        looked_at = 0
        while some := dict(islice(places, self._size)):
            looked_at += sum(not is_sure for is_sure in some.values())
            yield some, looked_at
        self.gave_up_at = self._wanted.reach.place

    def _held(self, some: Mapping[int, bool], rows: Mapping[int, Row]) -> Iterator[int]:
        """Yield of some places those that hold, until there is no time to look at more."""
        # Behind fewer than were asked for there are none.
        last = min(some) if len(some) < self._size else None
        for place, is_sure in some.items():
            if is_sure or holds(self._wanted.tree, rows[place].subject):
                yield place
            if not is_sure and place != last and time.monotonic() >= self._wanted.reach.until_s:
                self.gave_up_at = place
                return

    def _has_looked_enough(self, looked_at: int, some: Mapping[int, bool]) -> bool:
        if self.gave_up_at is None and self._looks is not None and looked_at >= self._looks and len(some) == self._size:
            self.gave_up_at = min(some)
        return self.gave_up_at is not None
