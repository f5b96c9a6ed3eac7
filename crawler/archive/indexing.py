"""The search index made anew from the articles, step by step."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from crawler.archive import writes
from crawler.archive.index import index_row, with_facts
from crawler.archive.tables import article, revision
from crawler.article import article_from_json


@dataclass(frozen=True, slots=True)
class Reached:
    """The last place that was filled, and how many were."""

    rowid: int
    count: int


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
    writes.INSERT_SEARCH.run_many(
        connection,
        (
            {
                "rowid": row["search_rowid"],
                **with_facts(index_row(article_from_json(json.loads(row["as_json"]))), row),
            }
            for row in rows
        ),
    )
    return Reached(rows[-1]["search_rowid"], len(rows))
