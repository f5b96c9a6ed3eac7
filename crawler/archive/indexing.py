"""Filling the search index: with what is stored, and anew from all articles, step by step."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from crawler.archive import writes
from crawler.archive.index import index_row, with_facts
from crawler.archive.tables import article, revision
from crawler.archive.tsvector import vector_of
from crawler.article import article_from_json


@dataclass(frozen=True, slots=True)
class Reached:
    """The last place that was filled, and how many were."""

    rowid: int
    count: int


def put_words(connection: Connection, words: Mapping[int, Mapping[str, str]]) -> None:
    """Put articles into the index, by their places and in the order of these: the words that `index_row` gave."""
    if connection.dialect.name == "sqlite":
        writes.INSERT_SEARCH.run_many(connection, ({"rowid": rowid, **words[rowid]} for rowid in sorted(words)))
        return
    vectors = ((rowid, *vector_of(words[rowid])) for rowid in sorted(words))
    writes.INSERT_VECTOR.run_many(
        connection, ({"b_rowid": rowid, "b_words": vector, "b_is_cut": is_cut} for rowid, vector, is_cut in vectors)
    )


def index_all(connection: Connection, *, after: int | None, most: int) -> Reached | None:
    """Put the words of the next articles into the index, oldest first, within the transaction of the caller.

    Returns:
        How far it came; None when there is no article left.
    """
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    question = select(article, revision.c.article.label("as_json")).join(revision, current)
    if after is not None:
        question = question.where(article.c.search_rowid > after)
    rows = [dict(row) for row in connection.execute(question.order_by(article.c.search_rowid).limit(most)).mappings()]
    if not rows:
        return None
    words = {
        row["search_rowid"]: with_facts(index_row(article_from_json(json.loads(row["as_json"]))), row) for row in rows
    }
    put_words(connection, words)
    return Reached(rows[-1]["search_rowid"], len(rows))
