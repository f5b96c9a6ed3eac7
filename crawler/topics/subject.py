"""What a query is asked of: an article's fields, and what else is known of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, get_args

from crawler.article import Article, Kind
from crawler.topics.families import forms
from crawler.topics.tree import ANYWHERE, Phrase, TextField, Token
from crawler.topics.words import Places, folded_words, is_acronym

_FIELDS: Final[tuple[TextField, ...]] = get_args(TextField)
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
    _rows: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _words: dict[int, Places] = field(default_factory=dict, init=False, repr=False, compare=False)
    _several: dict[tuple[str, bool], list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

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
            found = [at for at in found if _FIELDS[at >> _ROOM_BITS] in phrase.fields]
        return found

    def span(self, place: int, words: int = 1) -> tuple[TextField, int, int]:
        """Return in which field words in a row stand, and where they begin and end there."""
        number = place >> _ROOM_BITS
        places = self._words.get(number)
        if places is None:
            places = self._words[number] = Places(self.printed.get(_FIELDS[number], ""))
        return _FIELDS[number], *places.span(place & _WITHIN, words)

    def _at(self, token: Token) -> Sequence[int]:
        """Return at which places the token stands, in order."""
        rows = self._rows or self._read()
        if token.is_prefix or token.is_family:
            key = (token.folded, token.is_family)
            if key not in self._several:
                self._several[key] = _any_place(token, rows)
            return self._several[key]
        found = rows.get(token.folded, ())
        if token.is_acronym and found:
            return [at for at in found if self._is_acronym(at)]
        return found

    def _is_acronym(self, place: int) -> bool:
        field, start, end = self.span(place)
        return is_acronym(self.printed[field][start:end])

    def _read(self) -> Mapping[str, list[int]]:
        """Return the places of each folded word."""
        rows = defaultdict(list)
        for number, name in enumerate(_FIELDS):
            for at, word in enumerate(folded_words(self.printed.get(name, "")), start=number << _ROOM_BITS):
                rows[word].append(at)
        self._rows.update(rows)
        return self._rows


class Glanced(Subject):
    """A subject of which one query is asked: its words are looked for, where many queries would have all numbered."""

    __slots__ = ()

    def _at(self, token: Token) -> Sequence[int]:
        if self._rows or token.is_prefix or token.is_family or token.is_acronym:
            return super()._at(token)
        found = []
        for number, name in enumerate(_FIELDS):
            words = folded_words(self.printed.get(name, ""))
            at = -1
            for _ in range(words.count(token.folded)):
                at = words.index(token.folded, at + 1)
                found.append((number << _ROOM_BITS) + at)
        return found


_FIRST_ELSEWHERE: Final = min(_FIELDS.index(name) for name in _FIELDS if name not in ANYWHERE) << _ROOM_BITS


def _any_place(token: Token, rows: Mapping[str, list[int]]) -> list[int]:
    """Return where the words stand for which a prefix or a family stands, in order."""
    if token.is_prefix:
        words: Iterable[str] = (word for word in rows if word.startswith(token.folded))
    else:
        words = forms(token.folded) & rows.keys()
    return sorted(at for word in words for at in rows[word])


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
