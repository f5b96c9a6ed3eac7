"""A topic: what people follow, as the topics file or the archive has it, and the tree that decides what it matches."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from crawler.errors import TopicsError
from crawler.topics.evaluate import Hit
from crawler.topics.grammar import all_of, any_of, not_of
from crawler.topics.phrase import parse_phrase
from crawler.topics.query import parse_query
from crawler.topics.serial import SERIAL
from crawler.topics.tree import AnyOf, Facet, Node, Phrase

Fetch = Literal["all", "likely"]
# Raised whenever the same topic matches other articles than before: with the rules of words, families or queries.
RULES: Final = 1
_MOST_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Topic:
    """What people follow: an article has the topic when any of the keywords stands in it, or when the query holds.

    With `families` a word means all its forms. `sections` and `hosts`, where there are any, are the only ones whose
    articles have the topic; hosts are whole names. What one of `mute` holds for (a name of `serial.SERIAL`, or a query)
    has it never. `fetch` and `every` say what a crawl fetches for it and when: they decide no match.
    """

    name: str
    keywords: tuple[str, ...] = ()
    query: str | None = None
    title: str | None = None
    families: bool = False
    sections: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    fetch: Fetch = "likely"
    every: str = "auto"

    @property
    def shown(self) -> str:
        """What people are shown as its name."""
        return self.title or self.name

    @property
    def definition(self) -> str:
        """A mark of all that decides which articles have the topic; it changes with its matches only."""
        muted = sorted(mute_query(each) for each in self.mute)
        decides = [RULES, self.keywords, self.query, self.families, self.sections, self.hosts, muted]
        return hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:32]

    def is_of(self, host: str | None, section: str | None) -> bool:
        """Say whether what a link on this host in this section leads to may have the topic; what is not known may."""
        is_here = not self.hosts or host is None or host in self.hosts
        return is_here and (not self.sections or section is None or _folded(section) in map(_folded, self.sections))


class Match(NamedTuple):
    """A topic that an article has, with every place that says so: title first, in the order of reading.

    A tuple, as its hits are: an article may have hundreds.
    """

    topic: str
    hits: tuple[Hit, ...]


def mute_query(mute: str) -> str:
    """Return the query of what is muted, which is named or written out."""
    return SERIAL.get(mute, mute)


def tree_of(topic: Topic) -> Node:
    """Return the tree of the topic: its words, its sections, and what it mutes. Its hosts stand in no tree.

    Raises:
        QueryError: The query, or one that is muted, is not usable.
        TopicsError: A keyword has no word, or there is nothing to look for.
    """
    return all_of([any_of(list(alternatives_of(topic))), *conditions_of(topic)])


@lru_cache(maxsize=_MOST_REMEMBERED)
def alternatives_of(topic: Topic) -> tuple[Node, ...]:
    """Return what is looked for, of which one is enough: each keyword, and each part that OR joins in the query.

    Raises:
        QueryError, TopicsError: As `tree_of`.
    """
    wanted: list[Node] = [_phrase(topic, keyword) for keyword in topic.keywords]
    if topic.query:
        wanted.append(parse_query(topic.query, in_topic=True, families=topic.families).tree)
    if not wanted:
        raise TopicsError(f'topic "{topic.name}": there is neither a keyword nor a query; write one of them')
    whole = any_of(wanted)
    return whole.parts if isinstance(whole, AnyOf) else (whole,)


def conditions_of(topic: Topic) -> list[Node]:
    """Return what must hold besides: that it stands in one of the sections, and that nothing is muted.

    Raises:
        QueryError: As `tree_of`.
    """
    muted = [not_of(parse_query(mute_query(mute), in_topic=True).tree) for mute in topic.mute]
    sections: list[Node] = [Facet("section", section) for section in topic.sections]
    return [any_of(sections), *muted] if sections else muted


def _phrase(topic: Topic, keyword: str) -> Phrase:
    phrase = parse_phrase(keyword, families=topic.families)
    if phrase is None:
        raise TopicsError(f'topic "{topic.name}": keyword "{keyword}" has no letter or digit; write a word')
    return phrase


def _folded(text: str) -> str:
    return text.casefold()
