"""The search language in its first form: words and "quoted phrases", and every one of them must be there.

    banjir "kim jong un" covid-19 KPK

What is not a word does not count: "PSSI (U-23)", "5%" and "Rp10.000" are searched as they stand. Several words glued
by marks ("covid-19") must stand next to each other. A word of two to five capitals ("PAN") is found only where the text
has it in capitals. A capital AND says what is meant anyway. A capital OR or NOT is refused until it is understood:
searching for the word itself would answer another question.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.errors import QueryError
from crawler.topics.words import Word, split

# More words than anybody types; a search of thousands of words would hold the archive for seconds.
MAX_WORDS = 64
_QUOTES = '"“”„'
_PIECE = re.compile(
    rf"[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<open>[{_QUOTES}])|(?P<bare>[^\s(){_QUOTES}]+)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand next to each other, folded; where `acronyms` is true only capitals count."""

    words: tuple[str, ...]
    acronyms: tuple[bool, ...]

    def stands_at(self, position: int, words: Sequence[Word]) -> bool:
        """Say whether the term begins at `words[position]`."""
        found = words[position : position + len(self.words)]
        return len(found) == len(self.words) and all(
            word.folded == folded and (word.is_acronym or not is_acronym)
            for word, folded, is_acronym in zip(found, self.words, self.acronyms, strict=True)
        )

    def stands_in(self, words: Sequence[Word]) -> bool:
        """Say whether the term stands anywhere in these words."""
        first = self.words[0]
        return any(word.folded == first and self.stands_at(at, words) for at, word in enumerate(words))


@dataclass(frozen=True, slots=True)
class Terms:
    """A search that was understood: all of its terms are wanted, each in any field."""

    terms: tuple[Term, ...]

    def matches(self, title: str, text: str, tags: Iterable[str]) -> bool:
        """Say whether an article is found; `tags` are read one after another, as if printed in a line."""
        fields = [split(title), split(text), split(join_tags(tags))]
        return all(any(term.stands_in(words) for words in fields) for term in self.terms)


def join_tags(tags: Iterable[str]) -> str:
    """Return the tags as one text: the one that the offsets of a hit in the tags count in."""
    return ", ".join(tags)


def parse_term(text: str) -> Term | None:
    """Return what a keyword or a phrase asks for; None when it holds no letter and no digit."""
    words = split(text)
    if not words:
        return None
    return Term(words=tuple(word.folded for word in words), acronyms=tuple(word.is_acronym for word in words))


def parse_terms(text: str) -> Terms:
    """Return what a search asks for, each term once.

    Raises:
        QueryError: A quotation mark is never closed, an operator is not supported yet, or there is no word, or far
            too many; the message names the column, counted from 1.
    """
    terms: dict[Term, None] = {}
    for piece in _PIECE.finditer(text):
        column = piece.start() + 1
        if piece["open"]:
            raise QueryError("this quotation mark is never closed; write a second one, or leave it out", column=column)
        if piece["bare"] in {"OR", "NOT"}:
            raise QueryError(
                f"{piece['bare']} is not supported yet, all words must be there; "
                f'write "{piece["bare"]}" in quotation marks to search for the word itself',
                column=column,
            )
        if piece["bare"] == "AND":
            continue
        term = parse_term(piece["bare"] or piece["phrase"] or "")
        if term:
            terms[term] = None
    if not terms:
        raise QueryError('there is no word to search for; write a word or a "phrase in quotes"', column=1)
    count = sum(len(term.words) for term in terms)
    if count > MAX_WORDS:
        raise QueryError(f"{count} words are too many; write at most {MAX_WORDS}")
    return Terms(tuple(terms))
