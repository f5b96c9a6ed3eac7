"""What a query is asked of: an article's fields, and what else is known of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.article import Article, Kind
from crawler.topics.families import forms
from crawler.topics.tree import Phrase, TextField, Token
from crawler.topics.words import Word, folded_words, split


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
    _places: dict[TextField, Mapping[str, list[int]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _words: dict[TextField, list[Word]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _starts: dict[tuple[TextField, tuple[Token, ...]], list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def words(self, name: TextField) -> list[Word]:
        """Return the words of a field in order."""
        if name not in self._words:
            self._words[name] = split(self.printed.get(name, ""))
        return self._words[name]

    def starts(self, phrase: Phrase, name: TextField) -> list[int]:
        """Return at which words of a field the phrase begins, in order."""
        key = (name, phrase.tokens)
        if key not in self._starts:
            self._starts[key] = self._find(phrase.tokens, name)
        return self._starts[key]

    def _find(self, tokens: tuple[Token, ...], name: TextField) -> list[int]:
        found = self._at(tokens[0], name)
        for offset, token in enumerate(tokens[1:], start=1):
            if not found:
                break
            follows = set(self._at(token, name))
            found = [at for at in found if at + offset in follows]
        return found

    def _at(self, token: Token, name: TextField) -> list[int]:
        """Return at which words of a field the token stands, in order."""
        places = self._index(name)
        if token.is_prefix:
            return sorted(at for word in places if word.startswith(token.folded) for at in places[word])
        if token.is_family:
            return sorted(at for word in forms(token.folded) for at in places.get(word, ()))
        found = places.get(token.folded, [])
        if token.is_acronym and found:
            words = self.words(name)
            return [at for at in found if words[at].is_acronym]
        return found

    def _index(self, name: TextField) -> Mapping[str, list[int]]:
        """Return where each folded word of a field stands."""
        if name not in self._places:
            places: dict[str, list[int]] = {}
            for at, word in enumerate(folded_words(self.printed.get(name, ""))):
                places.setdefault(word, []).append(at)
            self._places[name] = places
        return self._places[name]


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
