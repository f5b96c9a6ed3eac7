"""A few words of an article that show why it was found, and where in them the words stand that were asked for."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Marks = tuple[tuple[int, int], ...]

_BEFORE: Final = 60
_LENGTH: Final = 200
# A second and a third piece are shorter; each shows hits that the pieces before do not.
_PIECES: Final = 3
_LENGTH_OF_MORE: Final = 90
_BEFORE_IN_MORE: Final = 30
_MORE: Final = "…"


def snippet_of(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, Marks]:
    """Return words of a text in one line, and where in the line hits stand.

    They are those around the first hit, and around the next that is not shown by them; where nothing was found in the
    text, how it begins. No more of the hits are read than are shown, and one.

    Args:
        text: As it is printed.
        spans: Where the hits begin and end in it, in order.
    """
    places = marked(spans)
    place = next(places, None)
    line = ""
    marks: list[tuple[int, int]] = []
    shown = 0
    for number in range(_PIECES):
        while place is not None and place[0] < shown:
            place = next(places, None)
        if number and place is None:
            break
        start, end = _piece(text, place[0] if place else 0, after=shown, is_first=not number)
        if start and (start > shown or not number):
            line += _MORE if not number else f" {_MORE} "
        inside = []
        while place is not None and place[0] < end:
            if place[1] <= end:
                inside.append(place)
            place = next(places, None)
        line, found = _add(line, text, start, end, inside)
        marks.extend(found)
        shown = end
    return line + (_MORE if shown < len(text) else ""), tuple(marks)


def marked(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans that are in order, those that overlap as one."""
    first, last = 0, 0
    for start, end in spans:
        if start < last:
            last = max(end, last)
            continue
        if last:
            yield first, last
        first, last = start, end
    if last:
        yield first, last


def _piece(text: str, place: int, *, after: int, is_first: bool) -> tuple[int, int]:
    """Return the first and the end of whole words around a place, none of them before what is shown already."""
    before, length = (_BEFORE, _LENGTH) if is_first else (_BEFORE_IN_MORE, _LENGTH_OF_MORE)
    start = max(after, place - before)
    if start > after:
        # To the next word, unless there is none.
        start = _next_word(text, start, last=place)
    end = start + length
    if end < len(text):
        # After a whole word, unless there is none.
        last_space = max(text.rfind(" ", place + 1, end + 1), text.rfind("\n", place + 1, end + 1))
        end = last_space if last_space > place else end
    return start, min(end, len(text))


def _next_word(text: str, start: int, *, last: int) -> int:
    return next((at + 1 for at in range(start, last) if text[at].isspace()), start)


def _add(line: str, text: str, start: int, end: int, places: Sequence[tuple[int, int]]) -> tuple[str, Marks]:
    """Return the line with a part of the text behind it, every gap as one space, and the places in the line."""
    marks = []
    at = start
    for first, last in places:
        line = _joined(line, text[at:first])
        begun = len(line)
        line = _joined(line, text[first:last])
        marks.append((begun, len(line)))
        at = last
    return _joined(line, text[at:end]).rstrip(), tuple(marks)


def _joined(line: str, text: str) -> str:
    words = " ".join(text.split())
    before = " " if text[:1].isspace() and line and not line.endswith(" ") else ""
    after = " " if words and text[-1:].isspace() else ""
    return f"{line}{before}{words}{after}"
