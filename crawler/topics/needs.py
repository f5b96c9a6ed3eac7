"""What an article must have for a query to hold: so that most queries are never asked at all.

A need is one word of the article, or what stands for several: the beginning of a word, a family, an acronym, a section.
A way is a set of needs all of which must be there; where a query holds, at least one of its ways is there. An article
that has a way may still not hold: whether the words stand next to each other only `evaluate` tells.
"""

from collections.abc import Iterable
from itertools import product
from typing import Final, NamedTuple, TypeAlias

from crawler.topics.tree import All, AnyOf, Facet, Near, Node, Phrase, Token


class Need(NamedTuple):
    """One thing that an article must have; as words, a kind for itself would cost every look-up."""

    kind: str
    value: str


# A plain word stands for itself: an article has hundreds of them, which are looked up as they are.
Key: TypeAlias = str | Need
Way: TypeAlias = frozenset[Key]
ACRONYM: Final = "acronym"
PREFIX: Final = "prefix"
FAMILY: Final = "family"
# Of a query with more ways some are put together: a way that needs less is there more often, and never wrong.
_MOST_WAYS: Final = 64


def ways_of(node: Node) -> tuple[Way, ...]:
    """Return the ways in which the node can hold; one that needs nothing is an empty one."""
    match node:
        case Phrase(tokens):
            return (frozenset(map(_need, tokens)),)
        case Near(left, right):
            return _together([ways_of(left), ways_of(right)])
        case Facet(name, value):
            return (frozenset({Need(name, value.casefold())}),)
        case AnyOf(parts):
            ways = tuple(dict.fromkeys(way for part in parts for way in ways_of(part)))
            return ways if all(ways) else (frozenset(),)
        case All(parts):
            return _together([ways_of(part) for part in parts])
    return (frozenset(),)


def _together(several: Iterable[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Return the ways of things that must hold all: those with words first, the fewest first, and not too many."""
    together: tuple[Way, ...] = (frozenset(),)
    for ways in sorted(several, key=lambda ways: (not all(map(_has_word, ways)), len(ways))):
        if len(together) * len(ways) <= max(_MOST_WAYS, len(together), len(ways)):
            together = tuple(dict.fromkeys(one | other for one, other in product(together, ways)))
    return together


def _has_word(way: Way) -> bool:
    return any(isinstance(key, str) or key.kind in {ACRONYM, FAMILY} for key in way)


def _need(token: Token) -> Key:
    if token.is_acronym:
        return Need(ACRONYM, token.folded)
    if token.is_prefix:
        return Need(PREFIX, token.folded)
    if token.is_family:
        return Need(FAMILY, token.folded)
    return token.folded
