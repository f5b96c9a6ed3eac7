"""Whether a query holds for a subject, and where its words stand: the tree read as it is defined."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from crawler.topics.subject import Subject
from crawler.topics.tree import All, AnyOf, Dated, Facet, Near, Node, Not, Phrase, TextField

_FIELDS: tuple[TextField, ...] = get_args(TextField)


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a phrase stands: `words` is what is printed from `start` to `end` of the field.

    `keyword` is the phrase as it was typed; the text of each field is that of `subject.printed_fields`.
    """

    field: TextField
    keyword: str
    start: int
    end: int
    words: str


def holds(node: Node, subject: Subject) -> bool:  # noqa: PLR0911  - one return for each kind of part
    """Say whether the query finds the subject."""
    match node:
        case Phrase(fields=fields):
            return any(subject.starts(node, field) for field in fields)
        case Near():
            return any(True for _ in _near(node, subject))
        case All(parts):
            return all(holds(part, subject) for part in parts)
        case AnyOf(parts):
            return any(holds(part, subject) for part in parts)
        case Not(part):
            return not holds(part, subject)
        case Facet():
            return _has(node, subject)
        case Dated():
            return _is_dated(node, subject)


def hits(node: Node, subject: Subject) -> tuple[Hit, ...]:
    """Return where the words stand that make the query hold, field by field in the order of reading.

    What is under NOT has no place, nor has what stands in a part that does not hold; of NEAR only what is near counts.
    """
    found = dict.fromkeys(_hits(node, subject)) if holds(node, subject) else ()
    return tuple(sorted(found, key=lambda hit: (_FIELDS.index(hit.field), hit.start, hit.end)))


def _hits(node: Node, subject: Subject) -> Iterator[Hit]:
    """Yield the hits of a part that holds."""
    if isinstance(node, Phrase):
        for field in node.fields:
            yield from _standing(node, field, subject.starts(node, field), subject)
    elif isinstance(node, Near):
        for field, lefts, rights in _near(node, subject):
            yield from _standing(node.left, field, lefts, subject)
            yield from _standing(node.right, field, rights, subject)
    elif isinstance(node, All | AnyOf):
        for part in node.parts:
            if holds(part, subject):
                yield from _hits(part, subject)


def _standing(phrase: Phrase, field: TextField, starts: list[int], subject: Subject) -> Iterator[Hit]:
    for at in starts:
        words = subject.words(field)
        start, end = words[at].start, words[at + len(phrase.tokens) - 1].end
        yield Hit(field, phrase.printed, start, end, subject.printed[field][start:end])


def _near(node: Near, subject: Subject) -> Iterator[tuple[TextField, list[int], list[int]]]:
    """Yield each field in which the two are near, with those of their places that are."""
    for field in node.left.fields:
        if field in node.right.fields:
            lefts, rights = subject.starts(node.left, field), subject.starts(node.right, field)
            # One begins at most so many words behind where the other begins.
            behind_left, behind_right = (len(phrase.tokens) + node.within for phrase in (node.left, node.right))
            starts = [at for at in lefts if _is_any(rights, at - behind_right, at + behind_left)]
            if starts:
                others = [at for at in rights if _is_any(lefts, at - behind_left, at + behind_right)]
                yield field, starts, others


def _is_any(places: list[int], first: int, last: int) -> bool:
    """Say whether one of the places, which are in order, is not before the first and not after the last."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def _has(facet: Facet, subject: Subject) -> bool:
    value = facet.value.casefold()
    match facet.name:
        case "section":
            return _is_same(subject.section, value)
        case "region":
            return _is_same(subject.region, value)
        case "kind":
            return _is_same(subject.kind, value)
        case "topic":
            return any(_is_same(topic, value) for topic in subject.topics)


def _is_same(known: str | None, folded: str) -> bool:
    return known is not None and known.casefold() == folded


def _is_dated(dated: Dated, subject: Subject) -> bool:
    at = subject.ordered_at
    if at is None:
        return False
    return (dated.since is None or dated.since <= at) and (dated.until is None or at < dated.until)
