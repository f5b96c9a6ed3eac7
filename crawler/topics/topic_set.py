"""The percolator: all topics, ready to be found in articles.

Each way in which a topic can hold (`needs`) is filed under its rarest need. An article looks its own words up, so that
thousands of topics cost a few times what ten do, and only the topics of which a whole way is there are asked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from crawler.article import Article, Link
from crawler.errors import QueryError, TopicsError
from crawler.topics.evaluate import found_in, holds
from crawler.topics.families import forms
from crawler.topics.needs import ACRONYM, FAMILY, PREFIX, Key, Need, Way, ways_of
from crawler.topics.speaks import listed_phrases
from crawler.topics.subject import Subject, subject_of
from crawler.topics.topic import Match, Topic, alternatives_of, conditions_of
from crawler.topics.tree import All, AnyOf, Near, Node, Not, Phrase
from crawler.topics.words import prepare


class TopicSet:
    """All topics that are followed.

    `generation` is that of the archive which gave them; None where they come from no archive.
    """

    def __init__(self, topics: Iterable[Topic], *, generation: int | None = None) -> None:
        self.topics = tuple(topics)
        self.generation = generation
        # A topic holds by any one of its keywords, and of most topics most keywords are nowhere.
        ways = [(number, way) for number, topic in enumerate(self.topics) for way in _readable(topic)]
        self._conditions = [conditions_of(topic) for topic in self.topics]
        self._owners = [number for number, _ in ways]
        self._alternatives = [way for _, way in ways]
        self._filed = _Filed(self._alternatives)
        self._listed: _Listed | None = None

    def match(self, article: Article, *, ordered_at: datetime | None = None) -> tuple[Match, ...]:
        """Return the topics of the article, in the order of the topics.

        Args:
            article: As it is, or will be, stored.
            ordered_at: When it was published, else listed, else first stored, for topics that ask for a time.
        """
        return self.match_subject(subject_of(article, ordered_at=ordered_at))

    def match_subject(self, subject: Subject) -> tuple[Match, ...]:
        """Return the topics that hold for a subject, in the order of the topics."""
        candidates: defaultdict[int, list[Node]] = defaultdict(list)
        for each in self._filed.candidates(subject):
            candidates[self._owners[each]].append(self._alternatives[each])
        matches = []
        for number, alternatives in candidates.items():
            topic = self.topics[number]
            if topic.hosts and subject.host not in topic.hosts:
                continue
            found = found_in(alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives)), subject)
            conditions = self._conditions[number]
            if found is not None and (not conditions or all(holds(each, subject) for each in conditions)):
                matches.append(Match(topic.name, found))
        return tuple(matches)

    def may_want(self, link: Link, *, host: str | None = None, section: str | None = None) -> bool:
        """Say whether a topic may want what the link leads to.

        It may where host and section do not contradict it and one of its words stands in the title or the keywords of
        the link; and where that cannot be told: the link has neither, or the topic asks for what no listing tells, or
        wants everything (`fetch = "all"`).
        """
        if self._listed is None:
            self._listed = _Listed(self.topics)
        return any(topic.is_of(host, section) for topic in self._listed.wanting(link))


def _readable(topic: Topic) -> tuple[Node, ...]:
    """Return the alternatives of a topic; a query that an earlier version wrote may be none of this one."""
    try:
        conditions_of(topic)
        return alternatives_of(topic)
    except QueryError as error:
        raise TopicsError(f'topic "{topic.name}": {error.reason}; change it, or remove it') from error


class _Listed:
    """The words of the topics that may stand in a listing."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = topics
        self._phrases = [
            None if topic.fetch == "all" else listed_phrases(AnyOf(alternatives_of(topic))) for topic in topics
        ]
        self._untold = [number for number, phrases in enumerate(self._phrases) if phrases is None]
        self._trees = [AnyOf(phrases) for phrases in self._phrases if phrases]
        self._filed = _Filed(self._trees)
        self._numbers = [number for number, phrases in enumerate(self._phrases) if phrases]

    def wanting(self, link: Link) -> Iterable[Topic]:
        """Return the topics of which the link speaks, or might speak."""
        if not link.title and not link.keywords:
            return self._topics
        subject = subject_of(Article(title=link.title or "", tags=link.keywords))
        spoken = (each for each in self._filed.candidates(subject) if holds(self._trees[each], subject))
        return (self._topics[number] for number in [*self._untold, *(self._numbers[each] for each in spoken)])


# A way that is filed under its rarest need: its second rarest (where it needs nothing else, the rarest again, so that
# one look serves all), what it needs besides, and of which trees it is one. An article looks at hundreds, and a tuple
# with names would be taken apart much slower.
_Under: TypeAlias = tuple[Key, tuple[Key, ...], tuple[int, ...]]


class _Filed:
    """The ways of many trees, each under its rarest need."""

    def __init__(self, trees: Sequence[Node]) -> None:
        ways: defaultdict[Way, list[int]] = defaultdict(list)
        for number, tree in enumerate(trees):
            for way in ways_of(tree):
                ways[way].append(number)
        self._always = ways.pop(frozenset(), [])
        shared: Counter[Key] = Counter()
        for way, numbers in ways.items():
            for key in way:
                shared[key] += len(numbers)
        self._filed: defaultdict[Key, list[_Under]] = defaultdict(list)
        for way, numbers in ways.items():
            rarest, *others = sorted(way, key=lambda key: _commonness(key, shared))
            other = others[0] if others else rarest
            self._filed[rarest].append((other, tuple(others[1:]), tuple(numbers)))
        needs = [key for key in shared if isinstance(key, Need)]
        self._has_acronyms = any(need.kind == ACRONYM for need in needs)
        self._of_facets = {need for need in needs if need.kind not in {ACRONYM, PREFIX, FAMILY}}
        self._prefixes: dict[int, set[str]] = {}
        self._families: dict[str, list[Need]] = {}
        for need in needs:
            if need.kind == PREFIX:
                self._prefixes.setdefault(len(need.value), set()).add(need.value)
            elif need.kind == FAMILY:
                for form in forms(need.value):
                    self._families.setdefault(form, []).append(need)
        self._words = [tuple(_words_of(tree)) for tree in trees]

    def candidates(self, subject: Subject) -> list[int]:
        """Return the numbers of the trees that may hold, in order; the subject then knows where their words stand."""
        known_forms = self._families.keys() & subject.words()
        there = self._there(subject, known_forms)
        found = {
            number
            for key in self._filed.keys() & there
            for other, rest, numbers in self._filed[key]
            if other in there and there.issuperset(rest)
            for number in numbers
        }
        found.update(self._always)
        if found:
            subject.look_for(known_forms.union(*map(self._words.__getitem__, found)))
        return sorted(found)

    def _there(self, subject: Subject, known_forms: set[str]) -> set[Key]:
        """Return what the subject has of all that is needed, and its words."""
        words = subject.words()
        there: set[Key] = set(words)
        for form in known_forms:
            there.update(self._families[form])
        for letters, prefixes in self._prefixes.items():
            there.update(Need(PREFIX, prefix) for prefix in prefixes & {word[:letters] for word in words})
        if self._has_acronyms:
            texts = subject.printed.values()
            there.update(Need(ACRONYM, word) for text in texts for word in prepare(text).acronyms.split())
        if self._of_facets:
            facets = (("section", subject.section), ("region", subject.region), ("kind", subject.kind))
            there.update(Need(name, value.casefold()) for name, value in facets if value is not None)
        return there


def _words_of(node: Node) -> Iterator[str]:
    """Return the words that a tree may ask for, but for the other forms of families and what begins with a prefix."""
    match node:
        case Phrase(tokens):
            yield from (token.folded for token in tokens)
        case Near(left, right):
            yield from _words_of(left)
            yield from _words_of(right)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _words_of(part)
        case Not(part):
            yield from _words_of(part)


def _commonness(key: Key, shared: Counter[Key]) -> tuple[int, int, int]:
    """Return how common a need is thought to be: by its kind, by how many ways share it, and by its length."""
    if isinstance(key, str):
        return 0, shared[key], -len(key)
    return {ACRONYM: 0, FAMILY: 1, PREFIX: 2}.get(key.kind, 3), shared[key], -len(key.value)
