"""Topics applied to what is stored: newest first and bit by bit, so that a kill loses nothing and no crawl waits.

Each topic remembers down to which place it was applied. What is found replaces, article by article, what was matched
before; so whoever begins again, or does the same at the same time, comes to the same end.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, or_, select, update

from crawler.archive.connect import Archive
from crawler.archive.following import followed_in
from crawler.archive.index import second_of
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.tables import article, article_topic, rematch, revision, topic
from crawler.archive.topics import generation_in, hits_as_json
from crawler.article import article_from_json
from crawler.errors import ArchiveFullError, ArchiveHeldError, ArchiveUnreachableError
from crawler.topics import Subject, TopicSet, subject_of

_ARTICLES_AT_ONCE: Final = 200
# A topic of which the archive was not yet looked through to the end.
is_pending: Final = and_(topic.c.ended_at.is_(None), topic.c.applied_at.is_(None))


@dataclass(frozen=True, slots=True)
class Applied:
    """How many articles were looked at of how many, and how many matches were added, taken away or changed by it."""

    done: int
    total: int
    changed: int


class _Following(NamedTuple):
    """Topics with their numbers in the archive, as they stood in one generation."""

    generation: int
    topics: TopicSet
    ids: Mapping[str, int]


class _Found(NamedTuple):
    """What one article has now: by the number of a topic, its hits as JSON."""

    article_id: int
    revision: int
    place: int
    hits: Mapping[int, str]


def apply_topics(archive: Archive, *, clock: Callable[[], datetime]) -> Iterator[Applied]:
    """Match what waits to be matched, and tell after each step how far that is; whoever stops listening stops it.

    Articles that were matched by topics of an earlier generation come first, then those topics that are new or changed
    are taken through the whole archive.
    """
    changed = 0
    for step in _rematch_noted(archive):
        changed += step
    following: _Following | None = None
    done = total = 0
    while True:
        with archive.reading() as connection:
            generation = generation_in(connection)
            is_due, below = _frontier(connection)
            if not is_due:
                if following is not None:
                    yield Applied(total, total, changed)
                return
            if following is None or following.generation != generation:
                following = _following(connection, generation, only_pending=True)
                done, total = _counted(connection, below)
            rows = connection.execute(_stored(below)).all()
        found = [_match(row, following) for row in rows]
        with archive.writing() as connection:
            if generation_in(connection) != generation:
                continue
            changed += _replace(connection, found, following)
            is_end = len(rows) < _ARTICLES_AT_ONCE
            _mark(connection, last=None if is_end else rows[-1].search_rowid, now_s=seconds_of(clock()))
        done += len(rows)
        yield Applied(done, max(done, total), changed)


def apply_for(archive: Archive, longest_s: float, *, clock: Callable[[], datetime]) -> Applied | None:
    """Apply topics for so long at most; return how far that is, None where nothing was left to do."""
    until_s = time.monotonic() + longest_s
    told = None
    # The archive takes no write for long: what is left, the next crawl takes up.
    with suppress(ArchiveHeldError, ArchiveFullError, ArchiveUnreachableError):
        for told in apply_topics(archive, clock=clock):  # noqa: B007  - the last one is returned
            if time.monotonic() > until_s:
                break
    return told


def stored_subject(row: Any) -> Subject:
    """Return a stored article as queries see it: its current revision, where and when the archive has it."""
    where = {name: getattr(row, name) for name in ("host", "region", "section", "kind")}
    stored = replace(article_from_json(json.loads(row.as_json)), **where)
    return subject_of(stored, ordered_at=moment_of(second_of(row.search_rowid)))


def _rematch_noted(archive: Archive) -> Iterator[int]:
    """Match the articles anew that were noted for it, against all that is followed."""
    following: _Following | None = None
    while True:
        with archive.reading() as connection:
            generation = generation_in(connection)
            noted = select(rematch.c.article_id).order_by(rematch.c.article_id).limit(_ARTICLES_AT_ONCE)
            rows = connection.execute(_articles().where(article.c.id.in_(noted))).all()
            if not rows:
                return
            if following is None or following.generation != generation:
                following = _following(connection, generation)
        found = [_match(row, following) for row in rows]
        with archive.writing() as connection:
            if generation_in(connection) != generation:
                continue
            yield _replace(connection, found, following)
            done = _unchanged_of(connection, found)
            connection.execute(delete(rematch).where(rematch.c.article_id.in_(done)))


def _frontier(connection: Connection) -> tuple[bool, int | None]:
    """Return whether a topic waits to be applied, and below which place; None is the top."""
    row = connection.execute(
        select(func.count(), func.count(topic.c.applied_below), func.max(topic.c.applied_below)).where(is_pending)
    ).one()
    return row[0] > 0, row[2] if row[0] == row[1] else None


def _following(connection: Connection, generation: int, *, only_pending: bool = False) -> _Following:
    found = select(topic.c.id).where(is_pending if only_pending else topic.c.ended_at.is_(None))
    wanted = set(connection.execute(found).scalars())
    kept = {topic_id: each for topic_id, each in followed_in(connection).items() if topic_id in wanted}
    topics = TopicSet(kept.values(), generation=generation)
    return _Following(generation, topics, {each.name: topic_id for topic_id, each in kept.items()})


def _counted(connection: Connection, below: int | None) -> tuple[int, int]:
    counted = select(func.count()).select_from(article)
    total = connection.execute(counted).scalar_one()
    if below is None:
        return 0, total
    return connection.execute(counted.where(article.c.search_rowid >= below)).scalar_one(), total


def _articles() -> Select[Any]:
    is_current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    return select(
        *(article.c[name] for name in ("id", "revision", "search_rowid", "host", "region", "section", "kind")),
        revision.c.article.label("as_json"),
    ).join(revision, is_current)


def _stored(below: int | None) -> Select[Any]:
    newest = _articles().order_by(article.c.search_rowid.desc()).limit(_ARTICLES_AT_ONCE)
    return newest if below is None else newest.where(article.c.search_rowid < below)


def _match(row: Any, following: _Following) -> _Found:
    matches = following.topics.match_subject(stored_subject(row))
    hits = {following.ids[match.topic]: hits_as_json(match.hits) for match in matches}
    return _Found(row.id, row.revision, row.search_rowid, hits)


def _unchanged_of(connection: Connection, found: Sequence[_Found]) -> set[int]:
    """Return the articles that still are as they were read; the others were matched by whoever changed them."""
    ids = [each.article_id for each in found]
    rows = connection.execute(
        select(article.c.id, article.c.revision, article.c.search_rowid).where(article.c.id.in_(ids))
    )
    now = {row.id: (row.revision, row.search_rowid) for row in rows}
    return {each.article_id for each in found if now.get(each.article_id) == (each.revision, each.place)}


def _replace(connection: Connection, found: Sequence[_Found], following: _Following) -> int:
    """Let the articles have these matches of these topics and no others of them; return how many changed."""
    unchanged = _unchanged_of(connection, found)
    ids = frozenset(following.ids.values())
    rows = connection.execute(
        select(article_topic.c.article_id, article_topic.c.topic_id, article_topic.c.hits).where(
            article_topic.c.article_id.in_(unchanged), article_topic.c.search_rowid.is_not(None)
        )
    )
    stored = {(row.article_id, row.topic_id): row.hits for row in rows if row.topic_id in ids}
    wanted = {(each.article_id, number): hits for each in found for number, hits in each.hits.items()}
    places = {each.article_id: each for each in found if each.article_id in unchanged}
    gone = [key for key in stored if key not in wanted]
    added = [key for key in wanted if key not in stored and key[0] in unchanged]
    other = [key for key in stored if key in wanted and stored[key] != wanted[key]]

    def bound(keys: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
        return [{"b_article_id": key[0], "b_topic_id": key[1], "b_revision": places[key[0]].revision} for key in keys]

    if gone:
        connection.execute(delete(article_topic).where(_is_this), bound(gone))
    if other:
        values = [{**row, "b_hits": wanted[key]} for row, key in zip(bound(other), other, strict=True)]
        connection.execute(update(article_topic).where(_is_this).values(hits=bindparam("b_hits")), values)
    if added:
        rows_added = [
            {
                "article_id": key[0],
                "topic_id": key[1],
                "revision": places[key[0]].revision,
                "hits": wanted[key],
                "search_rowid": places[key[0]].place,
            }
            for key in added
        ]
        connection.execute(insert(article_topic), rows_added)
    return len(gone) + len(added) + len(other)


_is_this: Final = and_(
    article_topic.c.article_id == bindparam("b_article_id"),
    article_topic.c.topic_id == bindparam("b_topic_id"),
    article_topic.c.revision == bindparam("b_revision"),
)


def _mark(connection: Connection, *, last: int | None, now_s: int) -> None:
    """Keep how far the topics that wait were applied; without a last place, to the end."""
    if last is None:
        connection.execute(update(topic).where(is_pending).values(applied_at=now_s, applied_below=None))
        return
    is_above = or_(topic.c.applied_below.is_(None), topic.c.applied_below > last)
    connection.execute(update(topic).where(is_pending, is_above).values(applied_below=last))
