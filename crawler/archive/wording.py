"""The text of a query in the words of a search index.

An index may not be able to say all of it: that a word of a phrase is in capitals, or too many forms of a family in a
row. Then it is asked for somewhat more, and the stored article decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Protocol, TypeAlias

from crawler.archive.alternatives import Any, Every, Form, Leaf, Mark
from crawler.archive.index import acronym_mark
from crawler.topics.families import forms
from crawler.topics.tree import Near, Phrase, TextField, Token

# So many rows of words may one phrase become; each is looked up by itself.
MOST_PHRASES: Final = 64

Fields: TypeAlias = tuple[TextField, ...]
Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """An expression of the index that finds all that is asked for; where it is not exact, perhaps more.

    An empty expression finds nothing; None finds everything.
    """

    expression: str | None
    is_exact: bool = True


NOTHING: Final = Wording("")
EVERYTHING: Final = Wording(None)
UNSAID: Final = Wording(None, is_exact=False)


class Language(Protocol):
    """How an index is asked. A word that ends with * is the beginning of words."""

    # What every article has.
    every: str

    def words_of(self, token: Token) -> Words | None:
        """Return the words that a prefix stands for, as the index is asked for them; None where they are too many."""

    def known(self, words: Words) -> Words:
        """Return those of the words that the index may hold."""

    def phrases(self, phrases: Sequence[Words], fields: Fields) -> Wording:
        """Ask for any of the phrases in any of the fields."""

    def near(self, pairs: Sequence[tuple[Words, Words]], within: int, fields: Fields) -> Wording:
        """Ask for any of the pairs near each other in one of the fields."""

    def marks(self, marks: Sequence[str]) -> str:
        """Ask for any of the marks."""

    def both(self, expressions: Sequence[str]) -> str:
        """Ask for all of them."""

    def either(self, expressions: Sequence[str]) -> str:
        """Ask for any of them."""

    def without(self, expression: str, other: str) -> str:
        """Ask for the one where the other does not hold."""


def worded(form: Form, language: Language) -> Wording:
    """Return what an index is asked for text and marks."""
    return _worded(form, language)[0]


def _worded(form: Form, language: Language) -> tuple[Wording, int]:
    """Return the wording of a form and its depth; what is deepest is written first, which spares the index's parser."""
    if not isinstance(form, Every | Any):
        return _leaf(form, language), 0
    sorted_parts = sorted((_worded(part, language) for part in form.parts), key=lambda each: -each[1])
    depth = 1 + max((each[1] for each in sorted_parts), default=0)
    wordings = [each[0] for each in sorted_parts]
    if isinstance(form, Any):
        return either(wordings, language), depth
    return _but(both(wordings, language), [_leaf(leaf, language) for leaf in form.but], language), depth


def both(wordings: Sequence[Wording], language: Language) -> Wording:
    """Return the wording of what holds where all do."""
    if any(each.expression == "" for each in wordings):
        return NOTHING
    expressions = [each.expression for each in wordings if each.expression is not None]
    is_exact = all(each.is_exact for each in wordings)
    return Wording(language.both(expressions) if expressions else None, is_exact)


def either(wordings: Iterable[Wording], language: Language) -> Wording:
    """Return the wording of what holds where one does."""
    possible = [each for each in wordings if each.expression != ""]
    is_exact = all(each.is_exact for each in possible)
    expressions = [each.expression for each in possible if each.expression is not None]
    if len(expressions) < len(possible):
        return Wording(None, is_exact or any(each == EVERYTHING for each in possible))
    return Wording(language.either(expressions), is_exact) if expressions else NOTHING


def _but(wording: Wording, unwanted: Sequence[Wording], language: Language) -> Wording:
    """Return the wording without what is not wanted, as far as the index knows exactly where that is."""
    if wording.expression == "" or EVERYTHING in unwanted:
        return NOTHING
    exact = [each.expression for each in unwanted if each.is_exact and each.expression]
    is_exact = wording.is_exact and all(each.is_exact for each in unwanted)
    if not exact:
        return Wording(wording.expression, is_exact)
    return Wording(language.without(wording.expression or language.every, language.either(exact)), is_exact)


def _leaf(leaf: Leaf, language: Language) -> Wording:
    match leaf:
        case Phrase():
            return _phrase(leaf, language)
        case Near():
            return _near(leaf, language)
        case Mark(word):
            return Wording(language.marks([word]))
    raise AssertionError(leaf)


def _phrase(phrase: Phrase, language: Language) -> Wording:
    if len(phrase.tokens) == 1 and phrase.tokens[0].is_acronym:
        return _capitals(phrase.tokens[0], phrase.fields, language)
    rows = _rows(phrase, language)
    if rows is None:
        return _apart(phrase, phrase.fields, language)
    return both([language.phrases(rows, phrase.fields), *_all_capitals(phrase, phrase.fields, language)], language)


def _near(near: Near, language: Language) -> Wording:
    fields = tuple(field for field in near.left.fields if field in near.right.fields)
    if not fields:
        return NOTHING
    lefts, rights = _rows(near.left, language), _rows(near.right, language)
    if lefts is None or rights is None or len(lefts) * len(rights) > MOST_PHRASES:
        found = both([_apart(phrase, fields, language) for phrase in (near.left, near.right)], language)
    else:
        found = language.near(list(product(lefts, rights)), near.within, fields)
    capitals = [each for phrase in (near.left, near.right) for each in _all_capitals(phrase, fields, language)]
    return both([found, *capitals], language)


def _apart(phrase: Phrase, fields: Fields, language: Language) -> Wording:
    """Ask for each of the words wherever it stands."""
    said = []
    for token in phrase.tokens:
        words = _words(token, language)
        said.append(UNSAID if words is None else language.phrases([(word,) for word in words], fields))
    return both([*said, *_all_capitals(phrase, fields, language), UNSAID], language)


def _rows(phrase: Phrase, language: Language) -> list[Words] | None:
    """Return the rows of words that a phrase stands for; None where they are too many."""
    choices = []
    count = 1
    for token in phrase.tokens:
        words = _words(token, language)
        if words is None:
            return None
        # A single word may have many forms; in a row they multiply.
        choices.append(language.known(words) if len(words) > 1 and len(phrase.tokens) > 1 else words)
        count *= len(choices[-1])
    return list(product(*choices)) if count <= MOST_PHRASES or len(choices) == 1 else None


def _words(token: Token, language: Language) -> Words | None:
    if token.is_prefix:
        return language.words_of(token)
    return tuple(sorted(forms(token.folded))) if token.is_family else (token.folded,)


def _all_capitals(phrase: Phrase, fields: Fields, language: Language) -> list[Wording]:
    """Ask for the acronyms of a phrase in capitals; that they are where the phrase is, no index knows."""
    capitals = [_capitals(token, fields, language) for token in phrase.tokens if token.is_acronym]
    return [*capitals, UNSAID] if capitals else []


def _capitals(token: Token, fields: Fields, language: Language) -> Wording:
    return Wording(language.marks([acronym_mark(field, token.folded) for field in fields]))
