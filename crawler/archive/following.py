"""Which topics are followed: those of the topics file, and those that were added to the archive."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select, update

from crawler.archive.connect import Archive
from crawler.archive.moments import seconds_of
from crawler.archive.tables import article, article_topic, topic
from crawler.archive.topics import find_named, folded_name, generation_in, named, row_of, topic_of
from crawler.errors import TopicsError
from crawler.topics import Topic, TopicSet

_DELETED_AT_ONCE: Final = 2_000


def follow_topics(archive: Archive, topics: Iterable[Topic], *, now: datetime) -> TopicSet:
    """Follow these topics of the topics file beside those of the archive, and return all.

    A topic that has left the file has ended: its matches stay, and are there at once when it comes back. What is new or
    asks for other articles than before waits to be applied (`applying.py`). A name counts without its case.
    """
    wanted = {folded_name(each.name): row_of(each, "file") for each in topics}
    with archive.reading() as connection:
        changes = _changes(connection, wanted)
    if changes:
        with archive.writing() as connection:
            _write(connection, _changes(connection, wanted), now_s=seconds_of(now))
    return followed_topics(archive)


def followed_topics(archive: Archive, of_file: Iterable[Topic] = ()) -> TopicSet:
    """Return what is followed as the archive knows it, or with `of_file`, as it will once it has these topics."""
    file_topics = tuple(of_file)
    names = {folded_name(each.name) for each in file_topics}
    with archive.reading() as connection:
        generation = generation_in(connection)
        kept = followed_in(connection, origin="archive" if file_topics else None)
    others = (each for each in kept.values() if folded_name(each.name) not in names)
    return TopicSet([*file_topics, *others], generation=generation)


def followed_in(connection: Connection, *, origin: str | None = None) -> dict[int, Topic]:
    """Return the topics that are followed by their numbers, in their order."""
    found = select(topic).where(topic.c.ended_at.is_(None)).order_by(topic.c.id)
    if origin is not None:
        found = found.where(topic.c.origin == origin)
    return {row.id: topic_of(row) for row in connection.execute(found)}


def add_topic(archive: Archive, added: Topic, *, now: datetime) -> None:
    """Follow one topic more, which is kept in the archive alone.

    Raises:
        TopicsError: There is one of this name, with another definition or from the topics file.
    """
    with archive.writing() as connection:
        row = row_of(added, "archive")
        known = find_named(connection, added.name, with_removed=True)
        if known is not None and known.ended_at is None:
            if known.origin == "file":
                raise TopicsError(f'topic "{known.name}" is in the topics file; change it there, or take another name')
            if _is_changed(known, row):
                raise TopicsError(
                    f'there is a topic "{known.name}" already; choose another name, or first run: '
                    f'tribunwatch topic remove "{known.name}"'
                )
        _write(connection, [(known, row)], now_s=seconds_of(now))


def remove_topic(archive: Archive, name: str, *, now: datetime) -> tuple[str, int]:
    """Follow a topic no longer and drop its matches; return its name, and how many matches there were.

    Raises:
        NotFoundError: There is none of this name.
        TopicsError: It comes from the topics file.
    """
    with archive.writing() as connection:
        known = named(connection, name)
        if known.origin == "file" and known.ended_at is None:
            raise TopicsError(f'topic "{known.name}" comes from the topics file; remove it there')
        if known.ended_at is None:
            _end(connection, [known.id], now_s=seconds_of(now))
    # Bit by bit, so that a crawl never waits; whoever is killed here finds the topic ended and begins again.
    removed = 0
    while dropped := _drop_matches(archive, known.id):
        removed += dropped
    # The row stays, empty: it holds the generation, which must never fall.
    empty = {"title": None, "keywords": "[]", "query": None, "options": "{}", "origin": "archive", "definition": ""}
    with archive.writing() as connection:
        connection.execute(update(topic).where(topic.c.id == known.id, topic.c.ended_at.is_not(None)).values(**empty))
    return known.name, removed


def _changes(connection: Connection, wanted: Mapping[str, Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    """Return pairs of a row and what it becomes: None and a new one, or a row of the file and None where it ends."""
    rows = {folded_name(row.name): row for row in connection.execute(select(topic))}
    changes = [(rows.get(name), row) for name, row in wanted.items() if _is_changed(rows.get(name), row)]
    ended = (row for name, row in rows.items() if row.origin == "file" and row.ended_at is None and name not in wanted)
    return [*changes, *((row, None) for row in ended)]


def _is_changed(known: Any, row: Mapping[str, Any]) -> bool:
    return known is None or known.ended_at is not None or any(getattr(known, name) != row[name] for name in row)


def _write(connection: Connection, changes: Iterable[tuple[Any, Any]], *, now_s: int) -> None:
    generation = generation_in(connection) + 1
    # Where nothing is stored, there is nothing to apply a topic to: what comes later is matched as it comes.
    is_empty = connection.execute(select(article.c.id).limit(1)).first() is None
    unapplied = {"generation": generation, "applied_below": None, "applied_at": now_s if is_empty else None}
    for known, row in changes:
        if row is None:
            _end(connection, [known.id], now_s=now_s)
        elif known is None:
            connection.execute(insert(topic).values(**row, **unapplied, changed_at=now_s))
        else:
            # One that comes back keeps its matches; what was stored meanwhile is looked at as if it were new.
            is_to_apply = known.definition != row["definition"] or known.ended_at is not None
            changed = {**row, **(unapplied if is_to_apply else {}), "ended_at": None, "changed_at": now_s}
            connection.execute(update(topic).where(topic.c.id == known.id).values(**changed))


def _end(connection: Connection, ids: list[int], *, now_s: int) -> None:
    ended = {"ended_at": now_s, "generation": generation_in(connection) + 1}
    connection.execute(update(topic).where(topic.c.id.in_(ids)).values(**ended))


def _drop_matches(archive: Archive, topic_id: int) -> int:
    some = select(article_topic.c.article_id).where(article_topic.c.topic_id == topic_id).limit(_DELETED_AT_ONCE)
    with archive.writing() as connection:
        ids = sorted(set(connection.execute(some).scalars()))
        mine = and_(article_topic.c.topic_id == topic_id, article_topic.c.article_id.in_(ids))
        return connection.execute(delete(article_topic).where(mine)).rowcount if ids else 0
