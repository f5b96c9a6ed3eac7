"""Puts the blocks of an article where they belong: into the text, or beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from crawler.article import Dateline, Paragraph, ParagraphKind, Photo, Related, Syndication
from crawler.parser import conventions, people
from crawler.parser.blocks import Block, BlockKind
from crawler.parser.cuts import Cuts, note
from crawler.parser.datelines import split_dateline

_LONGEST_HEADLINE = 200
# A shorter line need not end like a sentence, for example in a song.
_LONGEST_SHORT_LINE = 90
_FINAL_MARKS = frozenset(".?!:;…”\"')*]")
_KINDS: Final[Mapping[BlockKind, ParagraphKind]] = MappingProxyType(
    {"line": "text", "subhead": "subhead", "item": "item"}
)
_PRINTED = frozenset({"line", "subhead"})
_APART = frozenset({"photo", "related", "summary"})


@dataclass(slots=True)
class Sorted:
    """The blocks of an article, sorted; made by `sort_blocks`, and only read by others.

    What is printed on every page (photos, the summary) stands in it as often.
    """

    text: list[Paragraph] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    reporters: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    second_headline: str | None = None
    dateline: Dateline | None = None
    sign_off: str | None = None
    source: str | None = None
    syndicated_from: Syndication | None = None
    has_disclaimer: bool = False


def sort_blocks(pages: Sequence[Sequence[Block]], cuts: Cuts = None) -> Sorted:
    """Return the blocks of all pages, each where it belongs; what is cut goes to `cuts`, if given."""
    found = Sorted()
    text = found.text
    append, begins_prose, new = text.append, conventions.begins_prose, tuple.__new__
    quote_ends = conventions.QUOTE_ENDS
    goes_on = False
    waits_for: str | None = None
    for block in pages[0] if len(pages) == 1 else _joined(pages):
        kind, line, _, _ = block
        if waits_for is None and kind in _PRINTED:
            # Most lines are told by their first letters; a bar alone is looked for four times as fast as one between
            # spaces, and a paragraph is made twice as fast as by its name.
            if begins_prose(line[:3]) and "|" not in line:
                if line[-1] in quote_ends:
                    append(_paragraph(kind, line))
                else:
                    append(new(Paragraph, ("text" if kind == "line" else "subhead", line)))
                continue
            if conventions.is_prose(line):
                append(_paragraph(kind, line))
                goes_on = goes_on or line[0].islower()
                continue
        waits_for = _take(block, found, waits_for, cuts)
        goes_on = goes_on or (len(text) > 0 and text[-1].text[0].islower())
    _take_endings(found, cuts)
    _take_dateline(found)
    if goes_on:
        found.text = _mended(text)
    return found


def _paragraph(kind: BlockKind, text: str) -> Paragraph:
    is_quote = kind != "item" and conventions.is_quote(text)
    # Made twice as fast as by its name.
    return tuple.__new__(Paragraph, ("quote" if is_quote else _KINDS[kind], text))


def _joined(pages: Iterable[Sequence[Block]]) -> list[Block]:
    """Return the blocks of all pages; a sentence that a page break cut in two is one again."""
    joined: list[Block] = []
    for blocks in pages:
        rest = list(blocks)
        if joined:
            end = _nearest_line(joined, range(len(joined) - 1, -1, -1))
            start = _nearest_line(rest, range(len(rest)))
            if end is not None and start is not None and _goes_on(joined[end].text, rest[start].text):
                joined[end] = joined[end]._replace(text=f"{joined[end].text} {rest[start].text}")
                del rest[start]
        joined += rest
    return joined


def _nearest_line(blocks: Sequence[Block], numbers: Iterable[int]) -> int | None:
    """Return which block is the nearest paragraph, over photos, links and a summary printed anew."""
    for number in numbers:
        block = blocks[number]
        if block.kind in {"item", "subhead"}:
            return None
        if block.kind == "line" and not conventions.is_apart(block.text):
            return number
    return None


def _goes_on(text: str, following: str) -> bool:
    return text[-1] not in _FINAL_MARKS and following[0].islower()


def _mended(text: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the text, a long paragraph that breaks off joined with the one that goes on in lower case."""
    mended: list[Paragraph] = []
    pieces: list[str] = []
    for paragraph in text:
        if (
            pieces
            and paragraph.text[0].islower()
            and mended[-1].kind == paragraph.kind == "text"
            and len(pieces[0]) > _LONGEST_SHORT_LINE
            and _goes_on(pieces[-1], paragraph.text)
        ):
            pieces.append(paragraph.text)
            continue
        if len(pieces) > 1:
            mended[-1] = _paragraph("line", " ".join(pieces))
        mended.append(paragraph)
        pieces = [paragraph.text]
    if len(pieces) > 1:
        mended[-1] = _paragraph("line", " ".join(pieces))
    return mended


def _take(block: Block, found: Sorted, waits_for: str | None, cuts: Cuts) -> str | None:
    """Put one block where it belongs; return what must follow it.

    That is "summary" in the summary, "title" after a bare "Baca juga:", "titles" in the list below it, "links" in the
    list of links below "Berita Rekomendasi".
    """
    line = block.text
    if block.kind in _APART:
        if block.photo:
            found.photos.append(block.photo)
        elif block.kind == "related":
            # Of a text its reader knows the whole line.
            note(cuts, "related", line if block.url else "")
            _add_related(found, line, block.url)
        else:
            found.summary.append(line)
        return waits_for
    item = line if block.kind == "item" else conventions.item_text(line)
    if waits_for == "summary" and item is not None:
        found.summary.append(item)
        return waits_for
    if waits_for == "title" or (waits_for == "titles" and item is not None):
        note(cuts, "related", line)
        _add_related(found, item or line, block.url)
        return None if item is None else "titles"
    if waits_for == "links" and block.kind == "item" and block.url:
        note(cuts, "related", line)
        _add_related(found, line, block.url)
        return waits_for
    is_taken, waits_for = _take_special(block, found, cuts) if block.kind != "item" else (False, None)
    if not is_taken:
        found.text.append(_paragraph(block.kind, line) if item is None else Paragraph("item", item))
    return waits_for


def _take_special(block: Block, found: Sorted, cuts: Cuts) -> tuple[bool, str | None]:
    """Put a line that is no paragraph where it belongs; return whether it was one, and what must follow it."""
    line = block.text
    if not conventions.is_special(line):
        return False, None
    title = conventions.related_title(line)
    if title is not None and (block.url or not conventions.is_read(line) or title.startswith(("http://", "https://"))):
        note(cuts, "related", line)
        if title:
            _add_related(found, title, block.url)
        # What an arrow points away from stands above it.
        return True, None if title or line.endswith((">", "»")) else "title"
    if (start := conventions.summary_start(line)) is not None:
        note(cuts, "heading of the summary", line)
        if start:
            found.summary.append(start)
        return True, "summary"
    rule: str | None
    if original := conventions.syndication(line):
        rule = "syndication"
        named, bylines = original
        found.syndicated_from = found.syndicated_from or (named if named.url else replace(named, url=block.url))
        found.bylines += [bylines] if bylines else []
    elif people.is_byline(line):
        rule = "byline"
        found.bylines.append(line)
    elif (names := people.reporters(line)) is not None:
        rule = "report line"
        found.reporters += names
    elif conventions.is_disclaimer(line):
        rule = "disclaimer"
        found.has_disclaimer = True
    else:
        rule = conventions.noise(line)
    note(cuts, rule or "", line if rule else "")
    return rule is not None, "links" if conventions.opens_links(line) else None


def _add_related(found: Sorted, title: str, url: str | None) -> None:
    is_address = title.startswith(("http://", "https://")) and " " not in title
    found.related.append(Related(title, url or (title if is_address else None)))


def _take_endings(found: Sorted, cuts: Cuts) -> None:
    """Take the sign-off and the source off the end of the text."""
    text = found.text
    while text and text[-1].kind != "item":
        line = text[-1].text
        if found.sign_off is None and conventions.is_sign_off(line):
            found.sign_off = line
        elif found.source is None and (named := conventions.source(line)):
            found.source = named
            note(cuts, "source", line)
        else:
            break
        text.pop()


def _take_dateline(found: Sorted) -> None:
    """Take the dateline, and a second headline above it, off the beginning of the text."""
    text = found.text
    for number, paragraph in enumerate(text[:2]):
        split = split_dateline(paragraph.text) if paragraph.kind != "item" else None
        if not split:
            continue
        above = text[0] if number else None
        if above and (above.kind == "item" or len(above.text) > _LONGEST_HEADLINE or above.text.endswith(".")):
            return
        found.dateline, rest = split
        found.second_headline = above.text if above else None
        text[: number + 1] = [_paragraph("line", rest)] if rest else []
        return
