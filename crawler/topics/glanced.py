"""An article of which one query is asked: its words are looked for where they stand, and never numbered."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from crawler.topics.sought import Sought, Span
from crawler.topics.subject import FIELDS, Subject
from crawler.topics.tree import ANYWHERE, Near, Phrase, TextField
from crawler.topics.words import has_room


@dataclass(frozen=True, slots=True)
class Glanced(Subject):
    """A subject that finds the same as any, and sooner where little is asked of it.

    Its fields stand in one text, a space between two of them, and a place is that of a letter in this text.
    """

    _sought: Sought = field(init=False, repr=False, compare=False)
    # Where each field begins.
    _firsts: list[int] = field(init=False, repr=False, compare=False)
    # Where so many words in a row end that begin at a place.
    _ends: dict[tuple[int, int], int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the fields together."""
        texts = [self.printed.get(name, "") for name in FIELDS]
        object.__setattr__(self, "_sought", Sought(" ".join(texts)))
        object.__setattr__(self, "_firsts", [*accumulate([len(text) + 1 for text in texts[:-1]], initial=0)])

    def starts(self, phrase: Phrase) -> Sequence[int]:
        """Return at which places the phrase begins in its fields, in order; `span` tells where that is."""
        return self._places(phrase, self._inside(phrase.fields, self._standing(phrase)))

    def near(self, node: Near) -> tuple[Sequence[int], Sequence[int]]:
        """Return at which places the two begin that are near each other; both are empty where none are."""
        fields = tuple(name for name in node.left.fields if name in node.right.fields)
        lefts = self._inside(fields, self._standing(node.left))
        rights = self._inside(fields, self._standing(node.right)) if lefts else []
        return (
            self._places(node.left, self._near(lefts, rights, words=node.within)),
            self._places(node.right, self._near(rights, lefts, words=node.within)),
        )

    def field_of(self, place: int) -> TextField:
        """Return in which field a place is."""
        return FIELDS[bisect_right(self._firsts, place) - 1]

    def span(self, place: int, words: int = 1) -> tuple[TextField, int, int]:
        """Return in which field words in a row stand that were found, and where they begin and end there."""
        number = bisect_right(self._firsts, place) - 1
        first = self._firsts[number]
        return FIELDS[number], place - first, self._ends[place, words] - first

    def _places(self, phrase: Phrase, spans: Sequence[Span]) -> list[int]:
        """Return the places of a phrase that was found, and remember where they end."""
        words = len(phrase.tokens)
        for start, end in spans:
            self._ends[start, words] = end
        return [start for start, _ in spans]

    def _inside(self, fields: Sequence[TextField], spans: list[Span]) -> list[Span]:
        """Return those of the spans that are in one of the fields."""
        # Most is asked of all fields but the last, and stands in none or not in that.
        if not spans or (fields == ANYWHERE and spans[-1][0] < self._firsts[-1]):
            return spans
        return [span for span in spans if self.field_of(span[0]) in fields]

    def _standing(self, phrase: Phrase) -> list[Span]:
        """Return where the phrase stands in any field."""
        found = self._sought.spans(phrase.tokens[0])
        for token in phrase.tokens[1:]:
            if not found:
                break
            found = self._followed(found, self._sought.spans(token))
        return found

    def _followed(self, spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
        """Return those of the spans that one of the others follows, both as one, with no word between them."""
        starts = [start for start, _ in others]
        found = []
        for start, end in spans:
            behind = bisect_left(starts, end)
            if behind < len(others) and self._is_near(end, starts[behind], words=0):
                found.append((start, others[behind][1]))
        return found

    def _near(self, spans: Sequence[Span], others: Sequence[Span], *, words: int) -> list[Span]:
        """Return those of the spans that have one of the others near them: over them, or with so few words between."""
        starts = [start for start, _ in others]
        ends = [end for _, end in others]
        found = []
        for start, end in spans:
            before, behind = bisect_right(ends, start), bisect_left(starts, end)
            if (
                before < behind
                or (behind < len(others) and self._is_near(end, starts[behind], words=words))
                or (before and self._is_near(ends[before - 1], start, words=words))
            ):
                found.append((start, end))
        return found

    def _is_near(self, end: int, start: int, *, words: int) -> bool:
        """Say whether at most so many words stand between the end of one and the start of another in its field."""
        return has_room(self._sought.text, end, start, words=words) and (
            bisect_right(self._firsts, end) == bisect_right(self._firsts, start)
        )
