"""The topics as their table has them: what each is, how many articles have it, how far it was applied."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, or_, select

from crawler.archive.clean import clean_text, clean_value
from crawler.archive.connect import Archive
from crawler.archive.index import second_of
from crawler.archive.moments import moment_of
from crawler.archive.tables import article, article_topic, topic
from crawler.errors import NotFoundError
from crawler.nearest import nearest
from crawler.topics import Hit, Topic

_OPTIONS: Final = ("families", "sections", "hosts", "mute", "fetch", "every")
_PLAIN: Final = Topic("")
# Not removed: of a topic that was, an empty row is left.
is_there: Final = or_(topic.c.ended_at.is_(None), topic.c.definition != "")


@dataclass(frozen=True, slots=True)
class KeptTopic:
    """A topic as the archive has it, and how far it was applied.

    `applied` is the share of the archive that was looked at since the topic changed, 1.0 when that is all; of a topic
    that is not followed any more (`ended_at`) nothing is looked at.
    """

    topic: Topic
    origin: str
    articles: int
    newest_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None
    applied: float


def list_topics(archive: Archive) -> list[KeptTopic]:
    """Return all topics that the archive knows, also those that have ended, in the order in which they came."""
    with archive.reading() as connection:
        shares = _Shares(connection)
        return [_kept(row, shares) for row in connection.execute(_counted())]


def kept_topic(archive: Archive, name: str) -> KeptTopic:
    """Return one topic by its name in any case; raises NotFoundError."""
    with archive.reading() as connection:
        known = named(connection, name)
        row = connection.execute(_counted().where(topic.c.id == known.id)).one()
        return _kept(row, _Shares(connection))


def generation_in(connection: Connection) -> int:
    """Return the number that rises with each change of what is followed."""
    return connection.execute(select(func.max(topic.c.generation))).scalar_one() or 0


def named(connection: Connection, name: str) -> Any:
    """Return the row of the topic of this name, in any case; raises NotFoundError with the nearest name."""
    found = find_named(connection, name)
    if found is None:
        names = connection.execute(select(topic.c.name).where(is_there)).scalars().all()
        raise NotFoundError(f"no topic {name!r} in the archive{nearest(name, names)}; see: tribunwatch topic list")
    return found


def find_named(connection: Connection, name: str, *, with_removed: bool = False) -> Any:
    """Return the row of the topic of this name, else of one that differs by its case; None where there is none."""
    found = select(topic) if with_removed else select(topic).where(is_there)
    rows = connection.execute(found).all()
    exact = next((row for row in rows if row.name == name), None)
    return exact or next((row for row in rows if folded_name(row.name) == folded_name(name)), None)


def topic_of(row: Any) -> Topic:
    """Return the topic of a row."""
    options: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(row.options).items()
    }
    return Topic(name=row.name, title=row.title, keywords=tuple(json.loads(row.keywords)), query=row.query, **options)


def row_of(each: Topic, origin: str) -> dict[str, Any]:
    """Return what the table keeps of a topic."""
    options = {name: getattr(each, name) for name in _OPTIONS}
    return {
        "name": clean_text(each.name),
        "title": clean_value(each.title),
        "keywords": to_json(each.keywords),
        "query": clean_value(each.query),
        "options": to_json({name: value for name, value in options.items() if value != getattr(_PLAIN, name)}),
        "origin": origin,
        "definition": each.definition,
    }


def hits_as_json(hits: Iterable[Hit]) -> str:
    """Return hits as their table keeps them."""
    return to_json(
        [
            {"field": hit.field, "keyword": hit.keyword, "start": hit.start, "end": hit.end, "words": hit.words}
            for hit in hits
        ]
    )


def folded_name(name: str) -> str:
    """Return the name as it is compared."""
    return " ".join(clean_text(name).casefold().split())


def to_json(value: Any) -> str:
    """Return a value as the tables keep it."""
    return json.dumps(clean_value(value), ensure_ascii=False, separators=(",", ":"))


class _Shares:
    """How much of the archive stands at or above a place; each counted once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counted: dict[int | None, int] = {}

    def of(self, row: Any) -> float:
        """Return which share was looked at for the topic of a row."""
        if row.applied_at is not None:
            return 1.0
        if row.applied_below is None or not (total := self._count(None)):
            return 0.0
        return self._count(row.applied_below) / total

    def _count(self, place: int | None) -> int:
        if place not in self._counted:
            counted = select(func.count()).select_from(article)
            if place is not None:
                counted = counted.where(article.c.search_rowid >= place)
            self._counted[place] = self._connection.execute(counted).scalar_one()
        return self._counted[place]


def _counted() -> Select[Any]:
    """Return the question for topics with their articles of today, and the place of the newest."""
    is_current = and_(article_topic.c.topic_id == topic.c.id, article_topic.c.search_rowid.is_not(None))
    articles = select(func.count()).select_from(article_topic).where(is_current).scalar_subquery()
    newest = select(func.max(article_topic.c.search_rowid)).where(is_current).scalar_subquery()
    return select(topic, articles.label("articles"), newest.label("newest")).where(is_there).order_by(topic.c.id)


def _kept(row: Any, shares: _Shares) -> KeptTopic:
    return KeptTopic(
        topic=topic_of(row),
        origin=row.origin,
        articles=row.articles,
        newest_at=None if row.newest is None else moment_of(second_of(row.newest)),
        changed_at=moment_of(row.changed_at),
        ended_at=None if row.ended_at is None else moment_of(row.ended_at),
        applied=shares.of(row),
    )
