"""The plain-text reader: cuts a rendering such as the seed document into fields and blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from crawler.article import Photo
from crawler.dates import parse_printed_day
from crawler.parser import conventions, people
from crawler.parser.blocks import Block, Cut
from crawler.parser.datelines import split_dateline
from crawler.parser.spacing import tidy

_TAYANG = re.compile(r"(?:tayang|dipublikasikan|diterbitkan|publish(?:ed)?)\s?:\s?(?P<date>.+)", re.IGNORECASE)
_PAGER = re.compile(r"halaman\s(?P<page>\d{1,3})\s?/\s?(?P<pages>\d{1,3})", re.IGNORECASE)
_BYLINE_LABEL = re.compile(r"(?:penulis|editor)\s?:?", re.IGNORECASE)

# A lone line of at most so many letters between two paragraphs is a subhead.
_LONGEST_SUBHEAD = 90
_SENTENCE_ENDS = (".", "?", "!", ":", ";", ",", "”", '"')
# A topic line is short; a title is not.
_LONGEST_TOPIC_LINE = 45
_LONGEST_CREDIT = 120
_LONGEST_NAME = 60
# Of so many head lines the first is the title, the second the lead, what is left the second headline.
_MOST_HEAD_LINES = 4
# A lead is mostly not longer, and a title never.
_LONGEST_LEAD = 400


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    group: int  # lines of one group have no blank line between them


_NO_LINES = (_Line("", -1),) * 3


def cut_text(text: str) -> Cut:
    """Return the fields and blocks of a plain-text rendering."""
    lines = _lines(text)
    viewed_on: date | None = None
    while lines and (day := _day(lines[0].text)):
        viewed_on = viewed_on or day
        lines = lines[1:]
    lines = _without_tail(lines)
    end = _head_end(lines)
    topic_line, title, lead, second_headline = _head_fields([line.text for line in lines[:end]])
    bylines, printed_date, rest = _credits(lines[end:])
    page, pages, rest = _pager(rest)
    photos, rest = _head_photos(rest)
    return Cut(
        title=title,
        topic_line=topic_line,
        lead=lead,
        second_headline=second_headline,
        bylines=bylines,
        printed_date=printed_date,
        viewed_on=viewed_on,
        blocks=(*photos, *_body(rest)),
        page=page,
        pages=pages,
    )


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    group = 0
    for raw in text.splitlines():
        line = tidy(raw)
        if line:
            lines.append(_Line(line, group))
        else:
            group += 1
    if lines and lines[0].group == lines[-1].group:
        # A rendering without blank lines: every line is a block of its own.
        return [replace(line, group=number) for number, line in enumerate(lines)]
    return lines


def _day(line: str) -> date | None:
    try:
        return parse_printed_day(line)
    except ValueError:
        return None


def _without_tail(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines up to the tail, without the furniture between them."""
    kept: list[_Line] = []
    for line in lines:
        if conventions.is_end(line.text) and kept:
            break
        if not conventions.is_noise(line.text):
            kept.append(line)
    return kept


def _head_end(lines: Sequence[_Line]) -> int:
    """Return how many lines stand before the first that cannot be topic line, title, lead or second headline."""
    for number, line in enumerate(lines):
        if number == 0:
            continue
        if (
            number == _MOST_HEAD_LINES
            or _starts_text(line.text)
            or _TAYANG.fullmatch(line.text)
            or _BYLINE_LABEL.fullmatch(line.text)
            or len(line.text) > _LONGEST_LEAD
            or _photo_at(lines, number)
            or _captioned_at(lines, number)
        ):
            return number
    return min(len(lines), _MOST_HEAD_LINES)


def _starts_text(line: str) -> bool:
    return (
        people.is_byline(line)
        or split_dateline(line) is not None
        or people.reporters(line) is not None
        or conventions.summary_start(line) is not None
        or conventions.related_title(line) is not None
        or conventions.is_disclaimer(line)
        or conventions.item_text(line) is not None
    )


def _head_fields(head: Sequence[str]) -> tuple[str | None, str | None, str | None, str | None]:
    """Return topic line, title, lead and second headline from the first lines."""
    if not head:
        return None, None, None, None
    topic_line = None
    if len(head) > 1 and _is_topic_line(head[0], head[1]):
        topic_line, head = head[0], head[1:]
    padded = [*head, None, None]
    return topic_line, padded[0], padded[1], padded[2]


def _is_topic_line(line: str, following: str) -> bool:
    """Tell a short line above a title from a short title above a lead: leads are sentences, titles have capitals."""
    if len(line) > _LONGEST_TOPIC_LINE or len(following) <= len(line) or line.endswith((".", "?", "!")):
        return False
    words = [word for word in following.split() if word[0].isalpha() and len(word) > len("dari")]
    capitals = sum(word[0].isupper() for word in words)
    return not following.endswith(".") and capitals * 2 >= len(words)


def _credits(lines: Sequence[_Line]) -> tuple[tuple[str, ...], str | None, list[_Line]]:
    """Return bylines and printed date of the lines under the lead, and the lines after them."""
    bylines: list[str] = []
    printed_date = None
    number = 0
    while number < len(lines):
        line = lines[number].text
        if found := _TAYANG.fullmatch(line):
            printed_date = found["date"]
        elif _BYLINE_LABEL.fullmatch(line):
            following = lines[number + 1].text if number + 1 < len(lines) else ""
            if _is_name(following):
                bylines.append(f"{line.rstrip(': ')}: {following}")
                number += 1
        elif people.is_byline(line):
            bylines.append(line)
        elif line != "|":
            break
        number += 1
    return tuple(bylines), printed_date, list(lines[number:])


def _is_name(line: str) -> bool:
    return bool(line) and len(line) <= _LONGEST_NAME and not _BYLINE_LABEL.match(line) and not _TAYANG.match(line)


def _pager(lines: Sequence[_Line]) -> tuple[int, int, list[_Line]]:
    for number, line in enumerate(lines):
        if found := _PAGER.fullmatch(line.text):
            page, pages = int(found["page"]), int(found["pages"])
            rest = [*lines[:number], *lines[number + 1 :]]
            return (page, pages, rest) if 1 <= page <= pages else (1, 1, rest)
    return 1, 1, list(lines)


def _head_photos(lines: Sequence[_Line]) -> tuple[tuple[Block, ...], list[_Line]]:
    """Return the photos above the text; here a caption need not repeat its credit."""
    photos: list[Block] = []
    number = 0
    while found := (_photo_at(lines, number) or _captioned_at(lines, number)):
        taken, photo = found
        photos.append(Block("photo", "", photo=photo))
        number += taken
    return tuple(photos), list(lines[number:])


def _body(lines: Sequence[_Line]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    is_alone: list[bool] = []
    number = 0
    while number < len(lines):
        if found := _photo_at(lines, number):
            taken, photo = found
            blocks.append(Block("photo", "", photo=photo))
            is_alone.append(False)
            number += taken
            continue
        group = lines[number].group
        blocks.append(Block("line", lines[number].text))
        neighbours = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
        is_alone.append(all(line.group != group for line in neighbours))
        number += 1
    return _with_subheads(blocks, is_alone)


def _photo_at(lines: Sequence[_Line], number: int) -> tuple[int, Photo] | None:
    """Return a photo that this line and the next one or two print for certain, and how many lines it takes.

    That is: a caption printed twice, the second time with its credit in brackets; or a credit line and a caption
    that repeats the credit at its end.
    """
    first, second, third = (line.text for line in (*lines[number : number + 3], *_NO_LINES)[:3])
    if first and (credit := _credit_behind(first, second)):
        return 2, _photo(credit, first)
    if not first or len(first) > _LONGEST_CREDIT or len(second) <= len(first) + 2:
        return None
    if _credit_behind(second, third) == first:
        return 3, _photo(first, second)
    if second.removesuffix(")").endswith(first):
        return 2, _photo(first, second)
    return None


def _captioned_at(lines: Sequence[_Line], number: int) -> tuple[int, Photo] | None:
    """Return a photo above the text: two lines that stand together, the first of which may be a credit."""
    group = [line.text for line in lines[number : number + 4] if line.group == lines[number].group]
    if len(group) != 2 or len(group[0]) > _LONGEST_CREDIT or len(group[1]) <= len(group[0]):  # noqa: PLR2004  - a pair
        return None
    if _starts_text(group[0]) or not people.may_be_credit(group[0]):
        return None
    return 2, _photo(*group)


def _credit_behind(caption: str, again: str) -> str | None:
    """Return the credit in brackets that the second printing of a caption carries."""
    if not again.startswith(caption):
        return None
    glued = again[len(caption) :].strip()
    return glued[1:-1].strip() or None if glued.startswith("(") and glued.endswith(")") else None


def _photo(credit: str, caption: str) -> Photo:
    found, shorter = people.without_credit(caption, credit)
    return Photo(credit=found, caption=shorter)


def _with_subheads(blocks: Sequence[Block], is_alone: Sequence[bool]) -> tuple[Block, ...]:
    """Return the blocks, lone short lines between two paragraphs made subheads."""
    sizes = [_size(block) for block in blocks]
    judged = list(blocks)
    numbers = [number for number, size in enumerate(sizes) if size != "apart"]
    for before, here, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if (
            sizes[here] == "short"
            and is_alone[here]
            and sizes[before] != "short"
            and sizes[after] == "long"
            and _may_head(blocks[here].text)
        ):
            judged[here] = blocks[here]._replace(kind="subhead")
    return tuple(judged)


def _size(block: Block) -> str:
    """Return "short", "long", "mark" for a sign-off, or "apart" for what will not be a paragraph."""
    line = block.text
    if block.kind == "photo" or conventions.is_apart(line):
        return "apart"
    if conventions.is_sign_off(line):
        return "mark"
    if conventions.item_text(line) is not None or split_dateline(line):
        return "long"
    return "short" if len(line) <= _LONGEST_SUBHEAD and not line.endswith(_SENTENCE_ENDS) else "long"


def _may_head(line: str) -> bool:
    return line[0].isupper() or line[0].isdigit() or line[0] in "“\"'‘"
