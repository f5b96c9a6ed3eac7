"""The search index: where an article stands in it, and the words that it holds."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection

from crawler.archive import writes
from crawler.article import Article
from crawler.topics import prepare
from crawler.topics.subject import printed_fields
from crawler.topics.tree import TextField

# The place of an article in the index is its moment in seconds, then a number within the second: the order by
# publication is the order of the rows, and nothing is sorted.
WITHIN_BITS: Final = 12
_LAST_WITHIN: Final = (1 << WITHIN_BITS) - 1
# The column of each field.
COLUMNS: Final[Mapping[TextField, str]] = {
    "title": "title",
    "lead": "lead",
    "text": "text",
    "tag": "tags",
    "author": "author",
}
# The facts of an article that its marks tell.
FACETS: Final = ("section", "region", "kind", "host")
# The mark that every article has: what a search starts from that only says what is not wanted.
EVERY: Final = "every"
# Before an acronym among the marks: the field that has it.
_ACRONYM_OF: Final[Mapping[TextField, str]] = {
    "title": "1",
    "lead": "2",
    "text": "3",
    "tag": "4",
    "author": "5",
}
_ESCAPE: Final = "ˑ"


def first_rowid(ordered_s: int) -> int:
    """Return the first place of a second; everything older stands before it."""
    return ordered_s << WITHIN_BITS


def second_of(rowid: int) -> int:
    """Return the second of a place."""
    return rowid >> WITHIN_BITS


def search_rowid(connection: Connection, ordered_s: int) -> int:
    """Return a free place for an article of this second.

    After 4,096 articles of one second the next second is used: such a thing only happens where a great import has no
    dates, and then the order within it means nothing.
    """
    while True:
        first = first_rowid(ordered_s)
        last = first + _LAST_WITHIN
        taken: int | None = writes.LAST_ROWID.value(connection, b_first=first, b_last=last)
        if taken is None:
            return first
        if taken < last:
            return taken + 1
        ordered_s += 1


def index_row(article: Article) -> dict[str, str]:
    """Return the words of an article as the index holds them: folded, by field, and its acronyms among the marks."""
    row: dict[str, str] = {}
    marks: list[str] = []
    for field, text in printed_fields(article).items():
        prepared = prepare(text)
        row[COLUMNS[field]] = prepared.words
        marks.extend(acronym_mark(field, acronym) for acronym in prepared.acronyms.split())
    return {**row, "marks": " ".join(marks)}


def names_of(article: Article) -> tuple[str, ...]:
    """Return who wrote an article, each name once."""
    return tuple(dict.fromkeys((*article.authors, *article.reporters)))


def acronym_mark(field: TextField, acronym: str) -> str:
    """Return the mark of an article that has an acronym in a field."""
    return f"{_ACRONYM_OF[field]}{acronym}"


@lru_cache(maxsize=4_096)
def facet_mark(name: str, value: str) -> str:
    """Return the mark of a fact: one word for any index, the same for values that differ by case only."""
    escaped = (
        letter if letter.isascii() and letter.isalnum() else f"{_ESCAPE}{ord(letter):x}{_ESCAPE}"
        for letter in value.casefold()
    )
    return f"{name}{''.join(escaped)}"


def facet_marks(facts: Mapping[str, Any]) -> Iterable[str]:
    """Return the marks of an article by what is known of it, with the one that every article has."""
    yield EVERY
    for name in FACETS:
        if facts[name] is not None:
            yield facet_mark(name, facts[name])


def with_facts(words: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the row of an article: its words, and among the marks also what is known of it."""
    return {**words, "marks": " ".join((*facet_marks(facts), words["marks"]))}
