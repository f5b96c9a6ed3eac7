"""Photos in a plain-text rendering: credit and caption, told from text by how often and where they are printed."""

import re
from collections.abc import Sequence

from crawler.article import Photo
from crawler.parser import conventions, people
from crawler.parser.cuts import Cuts, note
from crawler.parser.datelines import split_dateline
from crawler.parser.lines import Line, is_brand, starts

_LONGEST_CREDIT = 120
# A credit that nothing in it tells, directly above a caption, with the dateline below them: "BMKG".
_LONGEST_UNKNOWN = 40
_NO_LINES = (Line("", -1),) * 3
# A dateline, or what stands before it, follows a photo above the text within so many lines.
_TEXT_WITHIN = 5
# "KECELAKAAN LALU LINTAS AS, …", "AKSI DEMO- …", "HANYUT DI SUNGAI -- …": captions since 2025.
_KEYWORD = re.compile(r"[A-Z][A-Z0-9 ,.'’/&()-]{3,80}?(?:\s?(?:-{1,2}|–)\s|,\s)(?=[“\"(A-Z]?\w*[a-z0-9])")
_LEAST_KEYWORD = 4
_SENTENCE_ENDS = (".", "?", "!", '"', "”")
# "… di kampung itu. (BMKG)": no sentence ends so, and no headline.
_WORD_BEHIND = re.compile(r"[.?!”\"]\s?\((\w[^\s()]{1,40})\)$")

Found = tuple[int, Photo]


def photo_at(lines: Sequence[Line], number: int) -> Found | None:
    """Return a photo that this line and the next one or two print for certain, and how many lines it takes.

    That is: a caption printed twice, the second time with its credit in brackets; or a credit line and a caption
    that repeats the credit at its end; or a caption that begins with its keyword and ends with its credit.
    """
    first, second, third = (line.text for line in (*lines[number : number + 3], *_NO_LINES)[:3])
    if not first:
        return None
    found: Found | None = None
    if credit := _credit_behind(first, second):
        found = 2, photo(credit, first)
    elif first.endswith(")") and (first == second or _has_keyword(first)):
        credit, caption = people.without_credit(first, None)
        found = (2 if first == second else 1, Photo(credit=credit, caption=caption)) if credit else None
    elif len(first) <= _LONGEST_CREDIT and len(second) > len(first) + 2:
        if _credit_behind(second, third) == first:
            found = 3, photo(first, second)
        elif second.removesuffix(")").endswith(first):
            found = 2, photo(first, second)
    return found


def photo_above(
    lines: Sequence[Line], number: int, *, has_button: bool = False, is_lone: bool = True, is_first: bool = False
) -> Found | None:
    """Return a photo above the text, where a caption need not repeat its credit.

    Args:
        lines: All lines.
        number: The first of the photo.
        has_button: Whether the button that enlarges a picture stands right before it.
        is_first: Whether it is the first line below the AMP menu of letter sizes, where captions stand.
        is_lone: Whether a caption may stand alone; a title looks like one.
    """
    if found := photo_at(lines, number):
        return found
    if number >= len(lines) or lines[number].kind != "line" or _starts_text_at(lines, number):
        return None
    first, second = (*lines[number : number + 2], *_NO_LINES)[:2]
    if first.text == second.text and len(first.text) > _LEAST_KEYWORD and _is_above_text(lines, number + 2):
        return 2, photo(None, first.text)
    if _is_pair(lines, number, has_button=has_button, is_low=is_lone or number > 1):
        return 2, photo(first.text, second.text)
    if has_button or (is_lone and (is_first or _is_above_text(lines, number + 1)) and _is_caption(first.text)):
        word = _WORD_BEHIND.search(first.text)
        return 1, photo(word[1] if word else None, first.text)
    return None


def _is_pair(lines: Sequence[Line], number: int, *, has_button: bool, is_low: bool) -> bool:
    """Tell whether two lines above the text are a credit and a caption that does not repeat it.

    They may stand apart where they are too low for a title and its lead.
    """
    first, second = (*lines[number : number + 2], *_NO_LINES)[:2]
    if not second.text or second.kind != "line" or _starts_text(second) or len(first.text) > _LONGEST_CREDIT:
        return False
    is_longer = len(second.text) > len(first.text)
    together = sum(line.group == first.group for line in lines[number : number + 4]) == 2  # noqa: PLR2004  - a pair
    is_above_text = is_low and _is_above_text(lines, number + 2)
    # A rendering without blank lines says nothing by its groups; a keyword does, and text right below.
    is_right_above = is_above_text and _is_above_text(lines[: number + 3], number + 2)
    is_marked = is_right_above or (is_low and _has_keyword(second.text))
    if has_button and (first.group == second.group or is_marked) and not first.text.endswith(_SENTENCE_ENDS):
        return is_longer
    if people.may_be_credit(first.text):
        return (is_longer and (together or is_marked)) or is_above_text or has_button
    is_credit = len(first.text) <= _LONGEST_UNKNOWN and not first.text.endswith(".")
    return is_credit and ((together and is_above_text) or (is_right_above and is_longer and " " not in first.text))


def photo(credit: str | None, caption: str) -> Photo:
    """Return a photo, the credit taken off the end of its caption."""
    found, shorter = people.without_credit(caption, credit)
    return Photo(credit=found, caption=shorter)


def note_photo(cuts: Cuts, lines: Sequence[Line]) -> None:
    """Keep the lines that print a photo, if anybody asked."""
    for line, again in zip(lines, (None, *lines), strict=False):
        is_again = again is not None and line.text.startswith(again.text[: len(line.text)])
        note(cuts, "caption repeated" if is_again else "photo", line.text)


def _starts_text_at(lines: Sequence[Line], number: int) -> bool:
    """Tell whether the text starts at a line; a brand alone, or several, with the dateline below it, is a credit."""
    text = lines[number].text
    is_credit = is_brand(text) or ("|" in text and people.may_be_credit(text))
    return not (is_credit and _is_above_text(lines, number + 2)) and _starts_text(lines[number])


def _starts_text(line: Line) -> bool:
    text = line.text
    return (
        starts(line)
        or people.reporters(text) is not None
        or conventions.related_title(text) is not None
        or conventions.item_text(text) is not None
    )


def _is_above_text(lines: Sequence[Line], number: int) -> bool:
    """Tell whether a dateline, a summary or a report line follows soon, with at most a second headline before it."""
    for line in lines[number : number + _TEXT_WITHIN]:
        if (
            split_dateline(line.text)
            or people.reporters(line.text) is not None
            or conventions.summary_start(line.text) is not None
            or conventions.is_disclaimer(line.text)
        ):
            return True
    return False


def _is_caption(line: str) -> bool:
    """Tell whether a lone line above the text is a caption: by its keyword, or by a credit in brackets at its end."""
    if _has_keyword(line):
        return True
    return line.endswith(")") and (people.without_credit(line, None)[0] or _WORD_BEHIND.search(line)) is not None


def _has_keyword(line: str) -> bool:
    return _KEYWORD.match(line) is not None and split_dateline(line) is None


def _credit_behind(caption: str, again: str) -> str | None:
    """Return the credit in brackets that the second printing of a caption carries."""
    if not again.startswith(caption):
        return None
    glued = again[len(caption) :].strip()
    return glued[1:-1].strip() or None if glued.startswith("(") and glued.endswith(")") else None
