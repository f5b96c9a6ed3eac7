"""The query language: what was typed becomes a tree. docs/query.md tells all of it.

    banjir -rob title:(demak OR "jawa tengah") KPK NEAR/5 geledah ~serang covid-19 section:bisnis after:2024-05

What binds stronger stands first: brackets and fields, NEAR, NOT, AND (which may be left out), OR.
"""

import re
from dataclasses import dataclass
from typing import Final

from crawler.errors import QueryError
from crawler.topics.grammar import read_tree
from crawler.topics.mending import mistake
from crawler.topics.tree import All, AnyOf, Dated, Facet, Near, Node, Not, Phrase

MAX_LETTERS: Final = 2_000
_MOST_MENDS: Final = 10
# Control characters that are no space, and halves of letters: no article has them, and no database takes them.
_BROKEN: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood, as typed and as a tree."""

    text: str
    tree: Node


def parse_query(text: str, *, in_topic: bool = False, families: bool = False) -> Query:
    """Return what a query asks for.

    Args:
        text: What was typed.
        in_topic: It is the query of a topic, which may not speak of topics, and must need something to be there.
        families: Every plain word means its family, as if a ~ stood before it.

    Raises:
        QueryError: It cannot be understood; the message names the column, counted from 1.
    """
    try:
        return Query(text, _read(text, in_topic=in_topic, families=families))
    except QueryError as error:
        mend = _checked_mend(error.mend, in_topic=in_topic, families=families)
        raise QueryError(error.reason, column=error.column, mend=mend) from None


def needs_something(node: Node, *, negated: bool = False) -> bool:
    """Say whether a word or a facet must be there; where none must, nearly every article is found."""
    match node:
        case Not(part):
            return needs_something(part, negated=not negated)
        case All(parts) | AnyOf(parts):
            one_is_enough = isinstance(node, All) != negated
            return (any if one_is_enough else all)(needs_something(part, negated=negated) for part in parts)
        case Phrase() | Near() | Facet():
            return not negated
        case Dated():
            return False


def _read(text: str, *, in_topic: bool, families: bool) -> Node:
    if len(text) > MAX_LETTERS:
        raise QueryError(f"{len(text)} letters are too many, write at most {MAX_LETTERS}", column=MAX_LETTERS + 1)
    if broken := _BROKEN.search(text):
        reason = "this letter is broken or invisible, leave it out"
        raise mistake(reason, text=text, column=broken.start(), mended=_BROKEN.sub("", text))
    tree = read_tree(text, in_topic=in_topic, families=families)
    if in_topic and not needs_something(tree):
        raise QueryError("nearly every article has this; name a word that must be there", column=1)
    return tree


def _checked_mend(mend: str | None, *, in_topic: bool, families: bool) -> str | None:
    """Return the mended query once it can be understood as a whole: one mistake may hide another."""
    for _ in range(_MOST_MENDS):
        if mend is None:
            return None
        try:
            _read(mend, in_topic=in_topic, families=families)
        except QueryError as error:
            mend = error.mend
        else:
            return mend
    return None
