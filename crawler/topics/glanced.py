"""An article of which one query is asked: its words are looked for where they stand, and never numbered."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.topics.sought import Sought, Span
from crawler.topics.subject import FIELDS, ROOM_BITS, Subject
from crawler.topics.tree import Near, Phrase, TextField
from crawler.topics.words import has_room

_WITHIN = (1 << ROOM_BITS) - 1


@dataclass(frozen=True, slots=True)
class Glanced(Subject):
    """A subject that finds the same as any, and sooner where little is asked of it.

    Its places are those of letters, where others have those of words.
    """

    _sought: dict[TextField, Sought] = field(default_factory=dict, init=False, repr=False, compare=False)
    # Where so many words in a row end that begin at a place.
    _ends: dict[tuple[int, int], int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def starts(self, phrase: Phrase) -> Sequence[int]:
        """Return at which places the phrase begins in its fields, in order; `span` tells where that is."""
        return [
            place
            for number, name in enumerate(FIELDS)
            if name in phrase.fields
            for place in self._places(number, phrase, self._standing(name, phrase))
        ]

    def near(self, node: Near) -> tuple[Sequence[int], Sequence[int]]:
        """Return at which places the two begin that are near each other; both are empty where none are."""
        near_left: list[int] = []
        near_right: list[int] = []
        for number, name in enumerate(FIELDS):
            if name in node.left.fields and name in node.right.fields:
                text = self.printed.get(name, "")
                lefts = self._standing(name, node.left)
                rights = self._standing(name, node.right) if lefts else []
                near_left += self._places(number, node.left, _near(lefts, rights, text, words=node.within))
                near_right += self._places(number, node.right, _near(rights, lefts, text, words=node.within))
        return near_left, near_right

    def span(self, place: int, words: int = 1) -> tuple[TextField, int, int]:
        """Return in which field words in a row stand that were found, and where they begin and end there."""
        return FIELDS[place >> ROOM_BITS], place & _WITHIN, self._ends[place, words]

    def _places(self, number: int, phrase: Phrase, spans: Sequence[Span]) -> list[int]:
        """Return the places of a phrase that was found in a field, and remember where they end."""
        places = [number << ROOM_BITS | start for start, _ in spans]
        words = len(phrase.tokens)
        self._ends.update(((place, words), end) for place, (_, end) in zip(places, spans, strict=True))
        return places

    def _standing(self, name: TextField, phrase: Phrase) -> list[Span]:
        """Return where the phrase stands in a field."""
        sought = self._sought.get(name)
        if sought is None:
            sought = self._sought[name] = Sought(self.printed.get(name, ""))
        found = sought.spans(phrase.tokens[0])
        for token in phrase.tokens[1:]:
            if not found:
                break
            found = _followed(found, sought.spans(token), sought.text)
        return found


def _followed(spans: Sequence[Span], others: Sequence[Span], text: str) -> list[Span]:
    """Return those of the spans that one of the others follows, both as one, with no word between them."""
    starts = [start for start, _ in others]
    found = []
    for start, end in spans:
        behind = bisect_left(starts, end)
        if behind < len(others) and has_room(text, end, starts[behind], words=0):
            found.append((start, others[behind][1]))
    return found


def _near(spans: Sequence[Span], others: Sequence[Span], text: str, *, words: int) -> list[Span]:
    """Return those of the spans that have one of the others near them: over them, or with so few words between."""
    starts = [start for start, _ in others]
    ends = [end for _, end in others]
    found = []
    for start, end in spans:
        before, behind = bisect_right(ends, start), bisect_left(starts, end)
        if (
            before < behind
            or (behind < len(others) and has_room(text, end, starts[behind], words=words))
            or (before and has_room(text, ends[before - 1], start, words=words))
        ):
            found.append((start, end))
    return found
