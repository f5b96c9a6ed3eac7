"""What a query is asked of: an article's fields, and what else is known of it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress
from typing import Any, Final, get_args

from crawler.article import Article, Kind
from crawler.topics.families import forms
from crawler.topics.tree import ANYWHERE, Near, Phrase, TextField, Token
from crawler.topics.words import Places, folded_words, is_acronym

FIELDS: Final[tuple[TextField, ...]] = get_args(TextField)
# The words of all fields are numbered in one row, so that a phrase is looked for once and not field by field. Between
# two fields is more room than any text takes, and so nothing stands next to or near what is in another field.
_ROOM_BITS: Final = 32
_WITHIN: Final = (1 << _ROOM_BITS) - 1


@dataclass(frozen=True, slots=True)
class Subject:
    """An article as a query sees it.

    `printed` is the text of each field as the offsets of hits count in it; a field that is not there is empty.
    `ordered_at` is when the article was published, else listed, else first stored; where it is None no date holds.
    What was found out of the words is remembered, so that many queries may be asked of one subject.
    """

    printed: Mapping[TextField, str]
    section: str | None = None
    region: str | None = None
    kind: Kind | None = None
    host: str | None = None
    ordered_at: datetime | None = None
    topics: frozenset[str] = frozenset()
    _said: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    # Where words stand: those that were looked for, and, once any other is asked for, all.
    _found: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _rows: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _words: dict[int, Places] = field(default_factory=dict, init=False, repr=False, compare=False)
    _several: dict[tuple[str, bool], list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def words(self) -> set[str]:
        """Return the folded words of all fields."""
        if not self._said:
            self._said.update(*(folded_words(text) for text in self.printed.values()))
        return self._said

    def look_for(self, words: Iterable[str]) -> None:
        """Find out where folded words stand of which many will be asked: it takes a third of the time of all words."""
        sought: dict[str, list[int]] = {word: [] for word in words}
        for number, name in enumerate(FIELDS):
            said = folded_words(self.printed.get(name, ""))
            numbered = enumerate(said, start=number << _ROOM_BITS)
            for at, word in compress(numbered, map(sought.__contains__, said)):
                sought[word].append(at)
        self._found.update(sought)

    def starts(self, phrase: Phrase) -> Sequence[int]:
        """Return at which places the phrase begins in its fields, in order; `span` tells where that is."""
        tokens = phrase.tokens
        found = self._at(tokens[0])
        for offset in range(1, len(tokens)):
            if not found:
                return found
            follows = set(self._at(tokens[offset]))
            found = [at for at in found if at + offset in follows]
        # Most words stand nowhere, and an author is seldom called by a word of the text.
        if found and (phrase.fields != ANYWHERE or found[-1] >= _FIRST_ELSEWHERE):
            found = [at for at in found if FIELDS[at >> _ROOM_BITS] in phrase.fields]
        return found

    def near(self, node: Near) -> tuple[Sequence[int], Sequence[int]]:
        """Return at which places the two begin that are near each other; both are empty where none are."""
        lefts, rights = self.starts(node.left), self.starts(node.right)
        # One begins at most so many words behind where the other begins.
        behind_left, behind_right = (len(phrase.tokens) + node.within for phrase in (node.left, node.right))
        starts = [at for at in lefts if _is_any(rights, at - behind_right, at + behind_left)]
        return starts, [at for at in rights if _is_any(lefts, at - behind_left, at + behind_right)] if starts else ()

    def field_of(self, place: int) -> TextField:
        """Return in which field a place is."""
        return FIELDS[place >> _ROOM_BITS]

    def span(self, place: int, words: int = 1) -> tuple[TextField, int, int]:
        """Return in which field words in a row stand, and where they begin and end there."""
        number = place >> _ROOM_BITS
        places = self._words.get(number)
        if places is None:
            places = self._words[number] = Places(self.printed.get(FIELDS[number], ""))
        start, end = places.span(place & _WITHIN, words)
        return FIELDS[number], start, end

    def _at(self, token: Token) -> Sequence[int]:
        """Return at which places the token stands, in order."""
        if token.is_prefix or token.is_family:
            key = (token.folded, token.is_family)
            if key not in self._several:
                self._several[key] = sorted(at for word in _meant(token, self.words()) for at in self._row(word))
            return self._several[key]
        found = self._row(token.folded)
        if token.is_acronym and found:
            return [at for at in found if self._is_acronym(at)]
        return found

    def _row(self, word: str) -> Sequence[int]:
        """Return at which places a folded word stands, in order."""
        if (found := self._found.get(word)) is not None:
            return found
        return (self._rows or self._read())[word] if word in self.words() else ()

    def _is_acronym(self, place: int) -> bool:
        field, start, end = self.span(place)
        return is_acronym(self.printed[field][start:end])

    def _read(self) -> Mapping[str, list[int]]:
        """Return the places of each folded word."""
        rows = defaultdict(list)
        for number, name in enumerate(FIELDS):
            for at, word in enumerate(folded_words(self.printed.get(name, "")), start=number << _ROOM_BITS):
                rows[word].append(at)
        self._rows.update(rows)
        return self._rows


_FIRST_ELSEWHERE: Final = min(FIELDS.index(name) for name in FIELDS if name not in ANYWHERE) << _ROOM_BITS


def _is_any(places: Sequence[int], first: int, last: int) -> bool:
    """Say whether one of the places, which are in order, is not before the first and not after the last."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def _meant(token: Token, words: set[str]) -> Iterable[str]:
    """Return those of the words for which a prefix or a family stands."""
    if token.is_prefix:
        return [word for word in words if word.startswith(token.folded)]
    return words & forms(token.folded)


def subject_of(article: Article, *, ordered_at: datetime | None = None, topics: Iterable[str] = ()) -> Subject:
    """Return the article as queries see it, at `ordered_at` and with the topics that it has."""
    return Subject(
        printed=printed_fields(article),
        section=article.section,
        region=article.region,
        kind=article.kind,
        host=article.host,
        ordered_at=ordered_at,
        topics=frozenset(topics),
    )


def printed_fields(article: Article) -> dict[TextField, str]:
    """Return the text of each field: what the search index holds, and what the offsets of hits count in."""
    return {
        "title": article.title,
        "lead": "\n\n".join(filter(None, (article.second_headline, article.lead))),
        "text": article.text,
        "tag": ", ".join(article.tags),
        "author": ", ".join((*article.authors, *article.reporters)),
    }


def fields_of(stored: Mapping[str, Any]) -> dict[TextField, str]:
    """Return the text of each field of an article that is plain JSON values (`article_as_json`), as above."""
    return {
        "title": stored["title"],
        "lead": "\n\n".join(filter(None, (stored["second_headline"], stored["lead"]))),
        "text": "\n\n".join([paragraph["text"] for paragraph in stored["paragraphs"]]),
        "tag": ", ".join(stored["tags"]),
        "author": ", ".join((*stored["authors"], *stored["reporters"])),
    }
