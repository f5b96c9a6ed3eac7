"""The order by relevance, of the newest that were found: to rank all of a common word would take seconds."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Float, cast, func, literal_column, select

from crawler.archive.places import Question, matching
from crawler.archive.tables import SEARCH
from crawler.archive.tables import search as index
from crawler.archive.text_search import TsQuery

# So many of the newest are ranked.
RANKED: Final = 1_000
# Of the columns title, lead, text, tags, author and marks: what is in the title says most.
_WEIGHTS: Final = "8.0, 4.0, 1.0, 3.0, 2.0, 0.0"


# The same for the weights D, C, B and A of PostgreSQL: tags, text, lead, title.
_WEIGHTS_BACK: Final = "{0.4,0.1,0.5,1.0}"


def by_relevance(connection: Connection, questions: Sequence[Question], places: Sequence[int]) -> list[int]:
    """Return the places, the most relevant first; of those that are equally so, the newest."""
    scores = dict.fromkeys(places, 0.0)
    for question in questions:
        if question.expression is None or not places:
            continue
        score = _score(connection, question.expression)
        inside = index.c.rowid.between(min(places), max(places))
        matches = matching(connection, question.expression)
        for place, value in connection.execute(select(index.c.rowid, score).where(matches, inside)):
            if place in scores:
                scores[place] = max(scores[place], value)
    return sorted(places, key=lambda place: (scores[place], place), reverse=True)


def _score(connection: Connection, expression: str) -> ColumnElement[float]:
    if connection.dialect.name == "sqlite":
        # FTS5 says how irrelevant it is.
        return -literal_column(f"bm25({SEARCH}, {_WEIGHTS})", Float)
    weights: ColumnElement[object] = literal_column(f"'{_WEIGHTS_BACK}'::float4[]")
    return func.ts_rank(weights, literal_column(f"{SEARCH}.words"), cast(expression, TsQuery), type_=Float)
