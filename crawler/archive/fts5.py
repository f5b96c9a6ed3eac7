"""The words of SQLite's FTS5: how its index is asked."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select

from crawler.archive.index import COLUMNS, EVERY
from crawler.archive.statement import Statement
from crawler.archive.tables import search_words
from crawler.archive.wording import NOTHING, Fields, Wording, Words
from crawler.topics.tree import Token

# For so many words a prefix may stand; FTS5 itself would merge all their places before it gives the first.
MOST_OF_A_PREFIX: Final = 100

_term = search_words.c.term
_FROM: Final = Statement(select(_term).where(_term >= bindparam("b_word")).limit(1))
_AFTER: Final = Statement(select(_term).where(_term > bindparam("b_word")).limit(1))
_IS: Final = Statement(select(_term).where(_term == bindparam("b_word")).limit(1))


class Fts5:
    """How FTS5 is asked. All words are quoted, so no word can be read as anything else."""

    every = f'marks : "{EVERY}"'

    def __init__(self, connection: Connection) -> None:
        """Take the connection by which the words of the index are looked up."""
        self._connection = connection

    def words_of(self, token: Token) -> Words | None:
        """Return the words that the index has of a prefix; None where they are too many."""
        words: list[str] = []
        word = _FROM.value(self._connection, b_word=token.folded)
        while word is not None and word.startswith(token.folded):
            if len(words) == MOST_OF_A_PREFIX:
                return None
            words.append(word)
            word = _AFTER.value(self._connection, b_word=word)
        return tuple(words)

    def known(self, words: Words) -> Words:
        """Return those of the words that the index has."""
        return tuple(word for word in words if _IS.value(self._connection, b_word=word) is not None)

    def phrases(self, phrases: Sequence[Words], fields: Fields) -> Wording:
        """Ask for any of the phrases in any of the fields."""
        if not phrases:
            return NOTHING
        return Wording(f"{_columns(fields)} : {self.either([_quoted(words) for words in phrases])}")

    def near(self, pairs: Sequence[tuple[Words, Words]], within: int, fields: Fields) -> Wording:
        """Ask for any of the pairs near each other in one of the fields."""
        if not pairs:
            return NOTHING
        near = [f"NEAR({_quoted(left)} {_quoted(right)}, {within})" for left, right in pairs]
        return Wording(f"{_columns(fields)} : {self.either(near)}")

    def marks(self, marks: Sequence[str]) -> str:
        """Ask for any of the marks."""
        return f"marks : {self.either([_quoted((mark,)) for mark in marks])}"

    def both(self, expressions: Sequence[str]) -> str:
        """Ask for all of them."""
        return expressions[0] if len(expressions) == 1 else f"({' AND '.join(expressions)})"

    def either(self, expressions: Sequence[str]) -> str:
        """Ask for any of them."""
        return expressions[0] if len(expressions) == 1 else f"({' OR '.join(expressions)})"

    def without(self, expression: str, other: str) -> str:
        """Ask for the one where the other does not hold."""
        return f"({expression} NOT {other})"


def _columns(fields: Fields) -> str:
    return f"{{{' '.join(COLUMNS[field] for field in fields)}}}"


def _quoted(words: Words) -> str:
    return '"' + " ".join(words).replace('"', '""') + '"'
