"""The search index: where an article stands in it, and the words that it holds."""

from typing import Final

from sqlalchemy import Connection

from crawler.archive import writes
from crawler.article import Article
from crawler.topics import join_tags, prepare

# The place of an article in the index is its moment in seconds, then a number within the second: the order by
# publication is the order of the rows, and nothing is sorted.
_WITHIN_BITS: Final = 12
_LAST_WITHIN: Final = (1 << _WITHIN_BITS) - 1


def first_rowid(ordered_s: int) -> int:
    """Return the first place of a second; everything older stands before it."""
    return ordered_s << _WITHIN_BITS


def second_of(rowid: int) -> int:
    """Return the second of a place."""
    return rowid >> _WITHIN_BITS


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
    """Return the words of an article as the index holds them: folded, and its acronyms apart."""
    title, text, tags = prepare(article.title), prepare(article.text), prepare(join_tags(article.tags))
    acronyms = dict.fromkeys(f"{title.acronyms} {text.acronyms} {tags.acronyms}".split())
    return {"title": title.words, "text": text.words, "tags": tags.words, "acronyms": " ".join(acronyms)}
