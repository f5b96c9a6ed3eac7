"""A few words of an article that show why it was found, and where in them the words stand that were asked for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from crawler.topics.evaluate import Hit
from crawler.topics.tree import TextField

Marks = tuple[tuple[int, int], ...]

_BEFORE: Final = 60
_LENGTH: Final = 200
# A second and a third piece are shorter; each shows hits that the pieces before do not.
_PIECES: Final = 3
_LENGTH_OF_MORE: Final = 90
_BEFORE_IN_MORE: Final = 30
_MORE: Final = "…"


def snippet_of(printed: Mapping[TextField, str], hits: Sequence[Hit]) -> tuple[str, Marks]:
    """Return words of the text in one line, and where in the line hits stand.

    They are those around the first hit, and around the next that is not shown by them; where nothing was found in the
    text, how it begins.
    """
    field: TextField = "text" if printed["text"] else "lead"
    text = printed[field]
    places = marked((hit.start, hit.end) for hit in hits if hit.field == field)
    line = ""
    marks: list[tuple[int, int]] = []
    shown = 0
    for number in range(_PIECES):
        place = next((each for each in places if each[0] >= shown), None)
        if number and place is None:
            break
        start, end = _piece(text, place[0] if place else 0, after=shown, is_first=not number)
        if start and (start > shown or not number):
            line += _MORE if not number else f" {_MORE} "
        line, found = _add(line, text, start, end, [each for each in places if start <= each[0] and each[1] <= end])
        marks.extend(found)
        shown = end
    return line + (_MORE if shown < len(text) else ""), tuple(marks)


def marked(places: Iterable[tuple[int, int]]) -> Marks:
    """Return the places in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


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
