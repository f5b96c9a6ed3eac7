"""How PostgreSQL is asked for the newest places first: in windows of time that become wider.

Its planner takes the index of words where it should walk by date, or the other way round, and then a page takes 20
seconds. So the way is chosen here. The newest articles are walked and looked at one by one: that fills a page of what
is not rare, and tells how rare it is. What is rarer is looked up in the index of words; that index knows neither
positions nor all fields, so these are looked at in the articles that have the words, and again the newest come first.
Where that takes too long for a page, on a slow disk, it ends, and the page says how far back it looked.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from math import inf
from typing import Final, Self

from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from crawler.archive.places import Walk
from crawler.archive.tables import article
from crawler.archive.tsvector import needs_looking_at

# So many articles are walked first, then so many more, where that is likely to fill a page. Each takes 5 µs, and 100
# where its words are on the disk. To look up frequent words takes more than to walk, and still leaves each to be looked
# at where the index does not decide: so that is walked further.
_WALKED: Final = (300, 1_500)
_WALKED_FURTHER: Final = (300, 1_200, 4_000, 7_000)
# No window is walked that takes longer, or would by what the last one took: the words are on a slow disk.
_LONGEST_WALK_S: Final = 0.4
# So many articles the first window of the index has where it does not decide; the next ones are wider by as much again.
_LOOKED_UP: Final = 10_000
_WIDER: Final = 4

_CANCELED: Final = "57014"

# A way that is shut counts as so dear that PostgreSQL would compile the question first, which takes a second.
_SHUT: Final = "SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL "
_WALK: Final = f"{_SHUT}enable_bitmapscan = off"
_LOOK_UP: Final = f"{_SHUT}enable_indexscan = off"
# What it costs to look at an article, PostgreSQL does not know: it would look at all that have the words, and only then
# at whether they are in the window.
_LOOK_UP_AND_AT: Final = f"{_LOOK_UP}; SET LOCAL cpu_tuple_cost = 100"


class _TooSlowError(Exception):
    """The server ended a question, since it took too long."""


@dataclass(slots=True)
class Reach:
    """Until when a search may go on (time.monotonic), and at which place one of its questions ended before its end."""

    until_s: float = inf
    place: int | None = None

    def end_at(self, place: int | None) -> None:
        """Note that one of the questions of the search ended at a place."""
        if place is not None:
            self.place = place if self.place is None else max(self.place, place)


@dataclass(frozen=True, slots=True)
class Widening(Walk):
    """A question that walks the index of PostgreSQL."""

    reach: Reach = field(default_factory=Reach)

    @classmethod
    def of(cls, question: Walk, reach: Reach) -> Self:
        """Return the question, asked in this way."""
        return cls(**{each.name: getattr(question, each.name) for each in fields(Walk)}, reach=reach)

    def places(self, connection: Connection, *, before: int | None, size: int) -> Iterator[int]:
        """Yield the places, window by window."""
        if self.end is not None:
            before = self.end if before is None else min(before, self.end)
        is_undecided = needs_looking_at(self.expression or "")
        widths = _WALKED_FURTHER if is_undecided else _WALKED
        found = walked = 0
        per_article_s = 0.0
        for width in widths:
            if per_article_s * width > _LONGEST_WALK_S:
                break
            began_s = time.monotonic()
            low = _place_behind(connection, before, width)
            # No further than to what a page still lacks.
            missing = size - found % size
            try:
                for place in self._inside(connection, _WALK, low=low, before=before, size=missing):
                    before = place
                    found += 1
                    yield place
            except _TooSlowError:
                break
            before = low
            if self._is_over(low):
                return
            walked += width
            per_article_s = (time.monotonic() - began_s) / width
            if found * sum(widths) < size * walked:
                break
        yield from self._looked_up(connection, before=before, size=size, is_undecided=is_undecided)

    def _looked_up(self, connection: Connection, *, before: int | None, size: int, is_undecided: bool) -> Iterator[int]:
        """Yield the places that the index of words knows, window by window."""
        width = _LOOKED_UP
        way = _LOOK_UP_AND_AT if is_undecided else _LOOK_UP
        while True:
            began_s = time.monotonic()
            low = _place_behind(connection, before, width) if is_undecided else None
            try:
                for place in self._inside(connection, way, low=low, before=before, size=size):
                    before = place
                    yield place
            except _TooSlowError:
                self.reach.end_at(before)
                return
            before = low
            if self._is_over(low):
                return
            took_s, left_s = time.monotonic() - began_s, self.reach.until_s - time.monotonic()
            if took_s > left_s:
                self.reach.end_at(before)
                return
            width = int(width * min(_WIDER, left_s / took_s))

    def _inside(
        self, connection: Connection, way: str, *, low: int | None, before: int | None, size: int
    ) -> Iterator[int]:
        """Yield the places of a window."""
        while some := self._window(connection, way, low=low, before=before, size=size):
            yield from some
            if len(some) < size:
                return
            before = some[-1]

    def _is_over(self, low: int | None) -> bool:
        return low is None or (self.first is not None and low <= self.first)

    def _window(self, connection: Connection, way: str, *, low: int | None, before: int | None, size: int) -> list[int]:
        asked = self.select
        if low is not None:
            asked = asked.where(self.place >= low)
        if before is not None:
            asked = asked.where(self.place < before)
        if way is _WALK:
            asked = asked.order_by(self.place.desc())
        else:
            # All that the window has, before it is put in order: else the planner walks by date after all.
            hits = asked.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
            (place,) = hits.c
            asked = select(place).order_by(place.desc())
        longest_s = self._longest_s(way)
        savepoint = connection.begin_nested()
        try:
            connection.exec_driver_sql(way)
            if longest_s < inf:
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, round(1000 * longest_s))}")
            return list(connection.execute(asked.limit(size)).scalars())
        except OperationalError as error:
            if longest_s == inf or not is_canceled(error):
                raise
            raise _TooSlowError from error
        finally:
            # Takes back what was set.
            savepoint.rollback()

    def _longest_s(self, way: str) -> float:
        """Return how long a question may take in this way, before it is better to go another, or to end the page."""
        if self.reach.until_s == inf or way is _LOOK_UP:
            return inf
        return _LONGEST_WALK_S if way is _WALK else self.reach.until_s - time.monotonic()


def is_canceled(error: OperationalError) -> bool:
    """Say whether the server ended a statement since it took too long."""
    return getattr(error.orig, "sqlstate", None) == _CANCELED


def _place_behind(connection: Connection, before: int | None, width: int) -> int | None:
    """Return the last place of so many articles, the newest before a place; None where there are fewer."""
    place = article.c.search_rowid
    behind = select(place).order_by(place.desc()).offset(width - 1).limit(1)
    return connection.execute(behind if before is None else behind.where(place < before)).scalar()
