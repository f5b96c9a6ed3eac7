"""The words of PostgreSQL's text search: what its index holds of an article, and how it is asked.

The words are our own, so no dictionary of PostgreSQL is used: an article is given as the literal of a tsvector, a query
as that of a tsquery. The fields stand one after another, far apart, and are told by their weights; words of authors and
marks begin with a sign that no word has. The index knows no weights: so the words of the short fields that people ask
for stand there with a sign as well, and it decides where one of them is asked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crawler.archive.index import COLUMNS, EVERY
from crawler.archive.wording import NOTHING, Fields, Wording, Words
from crawler.topics.tree import ANYWHERE, TextField, Token

_WEIGHTS: Final[Mapping[TextField, str]] = {"title": "A", "lead": "B", "text": "C", "tag": "D"}
_OF_FIELDS: Final = re.compile(r":\*?[ABCD]")
_OF_AUTHOR: Final = "@"
_SIGNS: Final[Mapping[TextField, str]] = {"title": "+", "tag": "#"}
_MARK: Final = "="
# More words than a phrase, or two that are near each other, may have between them.
_APART: Final = 300
# What a tsvector cannot hold, it leaves out in silence, or refuses: we say so.
_LAST_POSITION: Final = 16_000
_MOST_POSITIONS: Final = 250
_MOST_LETTERS: Final = 500
_MOST_BYTES: Final = 800_000
# So many distances are asked for one by one; beyond, the stored article decides.
_MOST_DISTANCES: Final = 130


def vector_of(row: Mapping[str, str]) -> tuple[str, bool]:
    """Return the literal of an article, of which the index has these words, and whether it had to be cut."""
    positions: dict[str, list[str]] = {}
    is_cut = False
    first = 1
    for field, column in COLUMNS.items():
        sign = _OF_AUTHOR if field == "author" else ""
        weight = _WEIGHTS.get(field, "")
        words = row[column].split()
        for at, word in enumerate(words, start=first):
            found = positions.setdefault(f"{sign}{word}", [])
            if at > _LAST_POSITION or len(found) >= _MOST_POSITIONS or len(word) > _MOST_LETTERS:
                is_cut = True
            else:
                found.append(f"{at}{weight}")
        first += len(words) + _APART
    lexemes = [f"{_quoted(word)}:{','.join(found)}" for word, found in positions.items() if found]
    for field, sign in _SIGNS.items():
        once = dict.fromkeys(row[COLUMNS[field]].split())
        lexemes += [_quoted(f"{sign}{word}") for word in once if len(word) <= _MOST_LETTERS]
    lexemes += [_quoted(f"{_MARK}{mark}") for mark in dict.fromkeys(row["marks"].split())]
    if sum(map(len, lexemes)) * 2 > _MOST_BYTES and sum(len(each.encode()) for each in lexemes) > _MOST_BYTES:
        return _quoted(f"{_MARK}{EVERY}"), True
    return " ".join(lexemes), is_cut


class Tsquery:
    """How a tsquery asks. All words are quoted, so no word can be read as anything else."""

    every = f"'{_MARK}{EVERY}'"

    def words_of(self, token: Token) -> Words | None:
        """Return the words that a prefix stands for: here they need not be known."""
        return (f"{token.folded}*",)

    def known(self, words: Words) -> Words:
        """Return the words: to ask for one that the index has not costs next to nothing."""
        return words

    def phrases(self, phrases: Sequence[Words], fields: Fields) -> Wording:
        """Ask for any of the phrases in any of the fields."""
        asked = [each for words in phrases if _is_possible(words) for each in self._ways(words, fields)]
        return Wording(self.either(asked)) if asked else NOTHING

    def near(self, pairs: Sequence[tuple[Words, Words]], within: int, fields: Fields) -> Wording:
        """Ask for any of the pairs near each other in one of the fields: for one distance after the other."""
        possible = [pair for pair in pairs if all(map(_is_possible, pair))]
        if not possible:
            return NOTHING
        is_simple = all(len(words) == 1 for pair in possible for words in pair)
        if is_simple and len(possible) * 2 * within <= _MOST_DISTANCES:
            asked = [
                self._narrowed(f"({_phrase(one, part)} <{distance}> {_phrase(other, part)})", (*one, *other), part)
                for part in _parts(fields)
                for left, right in possible
                for one, other in ((left, right), (right, left))
                for distance in range(within + 2)
            ]
            return Wording(self.either(asked))
        both = [
            self._narrowed(f"({_phrase(left, part)} & {_phrase(right, part)})", (*left, *right), part)
            for part in _parts(fields)
            for left, right in possible
        ]
        return Wording(self.either(both), is_exact=False)

    def marks(self, marks: Sequence[str]) -> str:
        """Ask for any of the marks."""
        return self.either([_quoted(f"{_MARK}{mark}") for mark in marks])

    def both(self, expressions: Sequence[str]) -> str:
        """Ask for all of them."""
        return expressions[0] if len(expressions) == 1 else f"({' & '.join(expressions)})"

    def either(self, expressions: Sequence[str]) -> str:
        """Ask for any of them."""
        return expressions[0] if len(expressions) == 1 else f"({' | '.join(expressions)})"

    def without(self, expression: str, other: str) -> str:
        """Ask for the one where the other does not hold."""
        return f"({expression} & !{other})"

    def _ways(self, words: Words, fields: Fields) -> Iterator[str]:
        """Yield what holds where one of the fields has the words: a word of a field with a sign is looked up by it."""
        for part in _parts(fields):
            is_decided = len(words) == 1 and part != ANYWHERE
            signed = [field for field in part if is_decided and field in _SIGNS]
            yield from (_word(words[0], _SIGNS[field]) for field in signed)
            if others := tuple(field for field in part if field not in signed):
                yield self._narrowed(_phrase(words, others), words, others)

    def _narrowed(self, expression: str, words: Words, part: Fields) -> str:
        """Return it for those articles alone that have the words in a field with a sign."""
        sign = _SIGNS.get(part[0]) if len(part) == 1 else None
        return expression if sign is None else self.both([expression, *(_word(word, sign) for word in words)])


def needs_looking_at(expression: str) -> bool:
    """Say whether the index alone cannot tell for which articles it holds: it knows neither positions nor fields."""
    # No word has one of these signs; behind a colon stand the weights of fields, and the star of a prefix.
    return "<" in expression or _OF_FIELDS.search(expression) is not None


def _parts(fields: Fields) -> list[Fields]:
    """Return the fields in parts that can be asked for at once: those with weights, and the authors."""
    weighted = tuple(field for field in fields if field in _WEIGHTS)
    return [part for part in (weighted, tuple(field for field in fields if field not in _WEIGHTS)) if part]


def _is_possible(words: Words) -> bool:
    """Say whether the index has such words; the stored article decides where it was cut."""
    return all(len(word) <= _MOST_LETTERS for word in words)


def _phrase(words: Words, part: Fields) -> str:
    sign = "" if part[0] in _WEIGHTS else _OF_AUTHOR
    weights = "" if sign or part == ANYWHERE else "".join(_WEIGHTS[field] for field in part)
    asked = [_word(word, sign, weights) for word in words]
    return asked[0] if len(asked) == 1 else f"({' <-> '.join(asked)})"


def _word(word: str, sign: str, weights: str = "") -> str:
    star = "*" if word.endswith("*") else ""
    how = f":{star}{weights}" if star or weights else ""
    return f"{_quoted(sign + word.removesuffix('*'))}{how}"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
