"""Counting what a search finds: by day, topic, section, region or author. All of it is counted, for charts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, func, literal_column, select, union

from crawler.archive.connect import Archive
from crawler.archive.index import WITHIN_BITS
from crawler.archive.request import SearchRequest
from crawler.archive.search import asked, places_of
from crawler.archive.tables import article, article_author, article_topic, topic

By = Literal["day", "topic", "section", "region", "author"]

_DAY_S: Final = 86_400
# Days are those of Jakarta, which has no summer time (Keppres 41/1987).
_JAKARTA_S: Final = 7 * 3_600
# More days than lie between the year 1 and 1970: databases round a negative quotient up.
_DAYS_BEFORE: Final = 800_000
_EPOCH: Final = date(1970, 1, 1)
_AT_ONCE: Final = 500


def count_by(archive: Archive, request: SearchRequest, by: By) -> list[tuple[str | None, int]]:
    """Return how many articles of a search there are of each: days in their order, all else with the most first.

    An article counts once for each of its topics and authors; None counts those that tell none.

    Raises:
        NotFoundError: The archive knows no such topic; the message names the nearest.
        QueryError: It takes too many questions, or the author's name has no word.
    """
    counts: Counter[Any] = Counter()
    with archive.reading() as connection:
        for places in _all_places(connection, request):
            for value, number in connection.execute(_counted(places, by)):
                counts[value] += number
    if by == "day":
        return [(_day(value), counts[value]) for value in sorted(counts)]
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or ""))


def _all_places(connection: Connection, request: SearchRequest) -> Iterator[Select[Any]]:
    """Yield questions that together give every place once."""
    wanted = asked(connection, request)
    if wanted.is_exact and wanted.questions:
        selects = [question.select for question in wanted.questions]
        places = selects[0].subquery() if len(selects) == 1 else union(*selects).subquery()
        yield select(next(iter(places.c)).label("place"))
        return
    places_left = places_of(connection, request)
    while some := list(islice(places_left, _AT_ONCE)):
        yield select(article.c.search_rowid.label("place")).where(article.c.search_rowid.in_(some))


def _counted(places: Select[Any], by: By) -> Select[Any]:
    found = places.subquery("found")
    if by == "day":
        second = f"(found.place >> {WITHIN_BITS}) + {_JAKARTA_S + _DAY_S * _DAYS_BEFORE}"
        value: Any = literal_column(f"({second}) / {_DAY_S}")
        return select(value, func.count()).select_from(found).group_by(value)
    described = found.join(article, article.c.search_rowid == found.c.place)
    if by == "topic":
        had = (article_topic.c.article_id == article.c.id) & article_topic.c.search_rowid.is_not(None)
        value = topic.c.name
        described = described.outerjoin(article_topic, had).outerjoin(topic, topic.c.id == article_topic.c.topic_id)
    elif by == "author":
        value = article_author.c.name
        described = described.outerjoin(article_author, article_author.c.article_id == article.c.id)
    else:
        value = article.c[by]
    return select(value, func.count()).select_from(described).group_by(value)


def _day(number: int) -> str:
    # Days outside of the calendar hold what the calendar's first or last day does by another clock.
    days = min(max(number - _DAYS_BEFORE, (date.min - _EPOCH).days), (date.max - _EPOCH).days)
    return (_EPOCH + timedelta(days=days)).isoformat()
