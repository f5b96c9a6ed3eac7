"""Topics: what people follow, and where an article says it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from crawler.article import Article, Link
from crawler.errors import TopicsError
from crawler.topics.term import Term, join_tags, parse_term
from crawler.topics.words import folded_words, split

Field = Literal["title", "text", "tags"]


@dataclass(frozen=True, slots=True)
class Topic:
    """What people follow: an article has the topic when any of the keywords stands in it as whole words."""

    name: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a keyword stands: `words` is what is printed from `start` to `end` of the field.

    The fields are the title, the text (`Article.text`), and the tags joined by ", ".
    """

    field: Field
    keyword: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that an article has, with every place that says so: title first, in the order of reading."""

    topic: str
    hits: tuple[Hit, ...]


class _Filed(NamedTuple):
    """A keyword as it waits under one of its words, which is the `anchor`-th of the term."""

    topic: str
    keyword: str
    term: Term
    anchor: int


class TopicSet:
    """All topics, ready to be found in articles.

    Each keyword is filed under its rarest word, so an article looks its own words up instead of trying every keyword:
    a thousand topics cost little more than ten.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self._filed = _file_keywords(self.topics)

    def match(self, article: Article) -> tuple[Match, ...]:
        """Return the topics of the article, in the order of the topics."""
        return self.match_text(article.title, article.text, article.tags)

    def match_text(self, title: str, text: str, tags: Iterable[str]) -> tuple[Match, ...]:
        """Return the topics that a title, a text and tags have, in the order of the topics."""
        hits: dict[str, list[Hit]] = {}
        fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text), ("tags", join_tags(tags)))
        for field, printed in fields:
            found = sorted(self._find(field, printed), key=lambda pair: (pair[1].start, pair[1].end))
            for topic, hit in found:
                hits.setdefault(topic, []).append(hit)
        return tuple(Match(topic.name, tuple(hits[topic.name])) for topic in self.topics if topic.name in hits)

    def may_want(self, link: Link) -> bool:
        """Say whether a topic stands in the link's title or keywords, or, when it has neither, might be behind it."""
        if not link.title and not link.keywords:
            return bool(self._filed)
        fields: tuple[tuple[Field, str], ...] = (("title", link.title or ""), ("tags", join_tags(link.keywords)))
        return any(True for field, printed in fields for _ in self._find(field, printed))

    def _find(self, field: Field, printed: str) -> Iterator[tuple[str, Hit]]:
        """Return each keyword that stands in the field with the name of its topic."""
        folded = folded_words(printed)
        if self._filed.keys().isdisjoint(folded):
            return
        found = [
            (position - filed.anchor, filed)
            for position, word in enumerate(folded)
            for filed in self._filed.get(word, ())
            if position >= filed.anchor
            and filed.term.words == folded[position - filed.anchor : position - filed.anchor + len(filed.term.words)]
        ]
        # Where words stand and how they are printed takes a closer look, which most articles are spared.
        words = split(printed) if found else []
        for first, (topic, keyword, term, _) in found:
            if term.stands_at(first, words):
                start, end = words[first].start, words[first + len(term.words) - 1].end
                yield topic, Hit(field, keyword, start, end, printed[start:end])


def _file_keywords(topics: tuple[Topic, ...]) -> dict[str, list[_Filed]]:
    """Return the keywords by their rarest word: the one fewest keywords share, and of those the longest."""
    terms: dict[tuple[str, Term], str] = {}
    for topic in topics:
        for keyword in topic.keywords:
            term = parse_term(keyword)
            if term is None:
                raise TopicsError(f'topic "{topic.name}": keyword "{keyword}" has no letter or digit; write a word')
            terms.setdefault((topic.name, term), keyword)
    shared = Counter(word for _, term in terms for word in set(term.words))
    filed: dict[str, list[_Filed]] = {}
    for (name, term), keyword in terms.items():
        anchor = min(range(len(term.words)), key=lambda at: (shared[term.words[at]], -len(term.words[at])))
        filed.setdefault(term.words[anchor], []).append(_Filed(name, keyword, term, anchor))
    return filed
