"""Whether a query holds for a subject, and where its words stand: the tree read as it is defined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from crawler.topics.subject import Subject
from crawler.topics.tree import All, AnyOf, Dated, Facet, Near, Node, Not, Phrase, TextField

# A phrase, and at which places it begins.
_Place: TypeAlias = tuple[Phrase, Sequence[int]]


class Hit(NamedTuple):
    """One place where a phrase stands: `words` is what is printed from `start` to `end` of the field.

    `keyword` is the phrase as it was typed; the text of each field is that of `subject.printed_fields`. A tuple, since
    thousands of topics have hundreds of them in an article.
    """

    field: TextField
    keyword: str
    start: int
    end: int
    words: str


def holds(node: Node, subject: Subject) -> bool:  # noqa: PLR0911  - one return for each kind of part
    """Say whether the query finds the subject."""
    match node:
        case Phrase():
            return bool(subject.starts(node))
        case Near():
            return bool(subject.near(node)[0])
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
    return found_in(node, subject) or ()


def found_in(node: Node, subject: Subject) -> tuple[Hit, ...] | None:
    """Return the hits where the query holds, of which there may be none, and None where it does not."""
    if isinstance(node, Phrase):
        starts, words = subject.starts(node), len(node.tokens)
        return tuple([_hit(at, words, node.printed, subject) for at in starts]) if starts else None
    places = _places(node, subject)
    if places is None:
        return None
    # The fields stand in a row, so that this is the order of reading.
    found = dict.fromkeys(
        sorted((at, len(phrase.tokens), phrase.printed) for phrase, starts in places for at in starts)
    )
    return tuple(_hit(*each, subject) for each in found)


def spans(node: Node, subject: Subject) -> "Spans":
    """Return where the words of `hits` begin and end, each found out only when it is read."""
    places = _places(node, subject) or ()
    return Spans(sorted({(at, len(phrase.tokens)) for phrase, starts in places for at in starts}), subject)


@dataclass(frozen=True, slots=True)
class Spans:
    """Places of words in a row, and how many words there are."""

    places: Sequence[tuple[int, int]]
    subject: Subject

    def of(self, field: TextField) -> Iterator[tuple[int, int]]:
        """Yield where those of one field begin and end, in the order of reading."""
        subject = self.subject
        return (subject.span(at, words)[1:] for at, words in self.places if subject.field_of(at) == field)


def _hit(at: int, words: int, keyword: str, subject: Subject) -> Hit:
    field, start, end = subject.span(at, words)
    # As `Hit(…)` does it, in half the time.
    return tuple.__new__(Hit, (field, keyword, start, end, subject.printed[field][start:end]))


def _places(node: Node, subject: Subject) -> list[_Place] | None:
    """Return at which words the phrases begin that make a part hold; None where it does not."""
    if isinstance(node, Phrase):
        starts = subject.starts(node)
        return [(node, starts)] if starts else None
    if isinstance(node, AnyOf):
        each = [places for part in node.parts if (places := _places(part, subject)) is not None]
        return [place for places in each for place in places] if each else None
    if isinstance(node, All):
        together: list[_Place] = []
        for part in node.parts:
            places = _places(part, subject)
            if places is None:
                return None
            together += places
        return together
    if isinstance(node, Near):
        lefts, rights = subject.near(node)
        return [(node.left, lefts), (node.right, rights)] if lefts else None
    return [] if holds(node, subject) else None


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
