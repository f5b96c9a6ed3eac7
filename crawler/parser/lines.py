"""The lines of a plain-text rendering: tidied, without what renderers leave behind, up to the tail."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from crawler.parser import conventions, people
from crawler.parser.cuts import Cuts, note
from crawler.parser.datelines import split_dateline
from crawler.parser.spacing import tidy

LineKind = Literal["line", "related", "item", "zoom", "sizes", "pager"]


class Line(NamedTuple):
    """One line; lines of one group have no blank line between them.

    The kind is "line", but for a row of a table ("item"), what a box of links held ("related"), the button over a
    picture ("zoom"), the AMP menu of letter sizes ("sizes"), and the page number ("pager").
    """

    text: str
    group: int
    kind: LineKind = "line"


TAYANG = re.compile(r"(?:tayang|dipublikasikan|diterbitkan|publish(?:ed)?)\s?:\s?(?P<date>.*)", re.IGNORECASE)
PAGER = re.compile(r"halaman\s(?P<page>\d{1,3})\s?(?:/|dari)\s?(?P<pages>\d{1,3})", re.IGNORECASE)
_PICTURE_MARK = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
_PICTURE_END = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:\?\S{0,40})?\)?", re.IGNORECASE)
_PICTURE_SIGNS = (":quality(", "/foto/bank/")
_TABLE_RULE = re.compile(r"[|:\- ]*-{2,}[|:\- ]*")
_ZOOM = re.compile(
    r"zoom-?in\s?(?:lihat\sfoto)?\s?(?P<title>.*)|lihat\sfoto\s?(?P<more>(?:(?-i:[A-Z0-9“\"'‘(\[]).*)?)", re.IGNORECASE
)
_KIND_STARTS = frozenset("hHzZlL")
_SIZES = frozenset({"aa", "text sizes", "medium", "large", "larger"})
_LEAST_SIZES = 2
_BELOW = re.compile(r"dapatkan\sberita\spilihan\s.{0,60}|baca\swhatsapp\s.{0,40}|ikuti\skami(?:\sdi)?", re.IGNORECASE)

# Cells of a table that was flattened below the text are short, and most are figures.
_LONGEST_CELL = 40
_FEWEST_CELLS = 8


def cut_lines(text: str, cuts: Cuts = None) -> list[Line]:
    """Return the lines of a rendering up to its tail, without furniture and residue."""
    lines = _without_tail(_marked(_without_bars(_lines(text, cuts), cuts)), cuts)
    if lines and lines[0].group == lines[-1].group:
        # A rendering without blank lines: every line is a block of its own.
        return [line._replace(group=number) for number, line in enumerate(lines)]
    return lines


def zoom_title(line: str) -> str | None:
    """Return what the button over a picture repeats, "" where it repeats nothing; None for any other line."""
    found = _ZOOM.fullmatch(line)
    return (found["title"] or found["more"] or "") if found else None


def _lines(text: str, cuts: Cuts) -> list[Line]:
    lines: list[Line] = []
    group = 0
    for raw in text.splitlines():
        line = tidy(raw)
        if not line:
            group += 1
            continue
        if "![" in line or any(sign in line for sign in _PICTURE_SIGNS):
            shorter = _without_pictures(line)
            note(cuts, "address of a picture", line if shorter != line else "")
            line = shorter
        if line:
            lines.append(Line(line, group))
    return lines


def _without_pictures(line: str) -> str:
    """Return a line without pictures as Markdown writes them and without the addresses of picture files."""
    words = []
    for word in _PICTURE_MARK.sub(" ", line).split():
        if any(sign in word for sign in _PICTURE_SIGNS):
            end = _PICTURE_END.search(word)
            words.append(word[end.end() :] if end else "")
        else:
            words.append(word)
    return " ".join(filter(None, words))


def _without_bars(lines: Sequence[Line], cuts: Cuts) -> Iterator[Line]:
    """Yield the lines, flattened tables made rows again, and flattened boxes the links that they were."""
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and _is_row(lines[end].text):
            end += 1
        if end == number:
            yield lines[number]
            number += 1
            continue
        rows = lines[number:end]
        if any(_TABLE_RULE.fullmatch(row.text) or row.text == "|" for row in rows) and len(rows) > 1:
            yield from _table(rows, cuts)
        else:
            yield from (row._replace(text=row.text.removesuffix(" |")) for row in rows)
        number = end


def _is_row(line: str) -> bool:
    return "|" in line and not (people.is_byline(line) or split_dateline(line) or people.reporters(line))


def _table(rows: Sequence[Line], cuts: Cuts) -> Iterator[Line]:
    cells = {row: _cells(row.text) for row in rows if not _TABLE_RULE.fullmatch(row.text)}
    is_box = all(len(each) <= 1 for each in cells.values()) and (
        any(row.text == "|" for row in rows)
        or all(conventions.is_headline(cell) for each in cells.values() for cell in each)
    )
    for row in rows:
        printed = cells.get(row)
        if not printed:
            note(cuts, "rule of a table", row.text)
        elif is_box:
            yield Line(printed[0], row.group, "related")
        else:
            yield Line(" | ".join(printed), row.group, "item" if len(printed) > 1 else "line")


def _cells(row: str) -> list[str]:
    return [cell for each in row.split("|") if (cell := each.strip())]


def _marked(lines: Iterator[Line]) -> list[Line]:
    """Return the lines, the button over a picture and the AMP menu of letter sizes marked as such."""
    marked = [line._replace(kind=_kind_of(line)) if line.text[:1] in _KIND_STARTS else line for line in lines]
    number = 0
    while number < len(marked):
        end = number
        while end < len(marked) and marked[end].text.lower() in _SIZES:
            end += 1
        # "AA" alone may be a line of a song; it belongs to the menu or to the tail where its neighbours do.
        if end - number >= _LEAST_SIZES or (end > number and _is_among_furniture(marked, number)):
            marked[number:end] = [line._replace(kind="sizes") for line in marked[number:end]]
        number = end + 1
    return marked


def _kind_of(line: Line) -> LineKind:
    if PAGER.fullmatch(line.text):
        return "pager"
    return "zoom" if _is_zoom(line) else line.kind


def _is_zoom(line: Line) -> bool:
    title = zoom_title(line.text) if line.kind == "line" else None
    return title is not None and not title.endswith((".", ".”", '."'))


def _is_among_furniture(lines: Sequence[Line], number: int) -> bool:
    neighbours = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
    return any(conventions.is_noise(each.text) for each in neighbours)


def _without_tail(lines: Sequence[Line], cuts: Cuts) -> list[Line]:
    """Return the lines up to the tail, without the furniture between them."""
    end = _end(lines)
    pagers = [line for line in lines[end:] if line.kind == "pager"]
    for line in lines[end:]:
        note(cuts, f"tail: {lines[end].text[:40]}", line.text)
    kept: list[Line] = []
    for line in lines[:end]:
        if rule := _noise(line):
            note(cuts, rule, line.text)
        else:
            kept.append(line)
    return kept + pagers


def _noise(line: Line) -> str | None:
    text = line.text
    is_furniture = line.kind == "line" and conventions.is_special(text) and not conventions.opens_links(text)
    return conventions.noise(text) if is_furniture else None


def _end(lines: Sequence[Line]) -> int:
    """Return how many lines stand before the tail.

    What ends a text does so only below the names, the date or the dateline, if the document has any: menus above the
    headline have the same words.
    """
    start = next((number for number, line in enumerate(lines) if _is_below_title(line)), 0)
    end = next((number for number in range(start + 1, len(lines)) if _is_end(lines[number])), len(lines))
    if end == len(lines):
        end = _above_cells(lines)
    # Below the lines that advertise a channel there may be cells of a table, but no text.
    for number in range(end - 1, start, -1):
        if _BELOW.fullmatch(lines[number].text):
            end = number
        elif not _is_cell(lines[number].text):
            break
    return end


def _is_below_title(line: Line) -> bool:
    # "AA" alone also stands in the tail, and a brand alone in a menu.
    is_button = line.kind == "zoom" or (line.kind == "sizes" and " " in line.text)
    return is_button or (starts(line) and not is_brand(line.text))


def _is_end(line: Line) -> bool:
    return line.kind == "line" and conventions.is_end(line.text)


def is_brand(line: str) -> bool:
    """Tell whether a line is a brand alone, which may be a dateline, a credit, or a word of a menu."""
    return " " not in line and line[-1].isalnum() and split_dateline(line) is not None


def starts(line: Line) -> bool:
    """Tell whether a line stands below the headline for certain: names, time, summary, dateline."""
    text = line.text
    return line.kind == "line" and (
        people.is_byline(text)
        or TAYANG.fullmatch(text) is not None
        or conventions.summary_start(text) is not None
        or split_dateline(text) is not None
    )


def _above_cells(lines: Sequence[Line]) -> int:
    """Return how many lines stand before a table that was flattened to one cell a line below the sign-off."""
    number = len(lines)
    while number and _is_cell(lines[number - 1].text):
        number -= 1
    cells = lines[number:]
    figures = sum(line.text.lstrip("+-").isdigit() for line in cells)
    if len(cells) < _FEWEST_CELLS or figures * 2 < len(cells) or not number:
        return len(lines)
    last = lines[number - 1].text
    return number if conventions.is_sign_off(last) or conventions.source(last) else len(lines)


def _is_cell(line: str) -> bool:
    return len(line) <= _LONGEST_CELL and not line.endswith((".", "?", "!", '"', "”", ")"))
