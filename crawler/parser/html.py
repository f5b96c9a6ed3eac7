"""The HTML reader: cuts a page of the site into fields and blocks."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from html import unescape
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from crawler.dates import parse_printed_day
from crawler.markup import check_markup
from crawler.parser import people
from crawler.parser.below import end_of_body, read_content_id, read_pager, read_source, read_tags
from crawler.parser.blocks import Block, Cut
from crawler.parser.body import cut_body
from crawler.parser.credits import credits_above, credits_below
from crawler.parser.cuts import Cuts
from crawler.parser.endings import has_end
from crawler.parser.head import USUAL_TITLE, Head, cut_head, topic_in_trail
from crawler.parser.layout import is_amp, layout_of
from crawler.parser.machine import is_in_markup, places_in_markup, read_machine_data
from crawler.parser.machine_data import MachineData
from crawler.parser.plain import read_plain
from crawler.parser.shortcut import END_ID, END_MARK, Part, article_part

_DOCTYPE = "<!doctype html>"
_DAY = re.compile(rb">\s*((?:Senin|Selasa|Rabu|Kamis|Jum.{0,6}at|Sabtu|Minggu), \d{1,2} [A-Z][a-z]{2,8} \d{4})\s*<")
_DAY_CLASS = b"date-now"
_DAY_WITHIN = 300
_MOST_DAYS = 30
_READ_WHOLE = frozenset(
    {
        *("h1", "h2", "h3", "h4", "h5", "h6", "time", "arttitle", "penulis", "editor", "artimg"),
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"),
    }
)
_HEADLINES = (b"<h1", b"<H1")
_NO_FRAMES = frozenset({"html", "body"})


def cut_page(  # noqa: PLR0913  - each is a choice of its own
    page: bytes,
    *,
    url: str | None,
    needs_address: bool = True,
    needs_id: bool = True,
    in_short: bool = True,
    with_tree: bool = True,
    cuts: Cuts = None,
    number: int = 1,
) -> Cut:
    """Return the fields and blocks of one page.

    Args:
        page: The page in UTF-8.
        url: For messages only.
        needs_address: Whether the address of the article must be read from the page.
        needs_id: Whether the site's id must be read from the page.
        in_short: Whether the article may be cut out of the page before it is parsed; the result is the same.
        with_tree: Whether a tree may be built, which only a process that may crash should do.
        cuts: Where what is cut from the body is kept; this needs a tree.
        number: Which page of the article it is if it does not tell.

    Raises:
        PageRefusedError: The markup would cost too much to parse.
        TreeNeededError: A tree is needed, and may not be built.
    """
    says_amp = is_amp(page)
    part = article_part(page) if in_short else None
    found = _read_part(page, part, url, says_amp=says_amp, with_tree=with_tree) if part and cuts is None else None
    if found is None and not with_tree:
        raise TreeNeededError
    head, blocks = found or _read_whole(page, url, cuts, says_amp=says_amp)
    title = part.title if part else _title_place(page, says_amp=says_amp)
    body = part.body if part else _body_place(page, title)
    end = part.close if part else end_of_body(page, body)
    content_id = read_content_id(page, title) if needs_id else None
    # Where the body of a part ends that was read as such no script is open.
    outside = part.close if part and found else 0
    tags = read_tags(page, end, outside)
    machine = read_machine_data(
        page,
        needs_address=needs_address or (needs_id and not content_id),
        needs_keywords=not tags,
        content_id=content_id,
    )
    number, pages = read_pager(page, title, end, number=number, url=url or machine.url)
    bylines, printed_date = _credits(page, head, machine, (title, body, end))
    return Cut(
        title=head.title,
        topic_line=head.topic_line or topic_in_trail(page, title),
        lead=head.lead,
        bylines=bylines,
        printed_date=printed_date,
        viewed_on=_viewed_on(page, title, part.clear_from if part else title, says_amp=says_amp),
        blocks=(picture, *blocks) if (picture := head.picture) else tuple(blocks),
        tags=tags,
        source=read_source(page, end, outside),
        page=number,
        pages=pages,
        has_body=head.has_body,
        has_end=has_end(page, title, outside),
        machine=machine,
        layout=layout_of(page, title, body, says_amp=says_amp),
        end=end,
    )


def _title_place(page: bytes, *, says_amp: bool) -> int:
    """Return about where the headline stands, 0 if there is none."""
    for mark in _HEADLINES if says_amp else (USUAL_TITLE[1:].encode(), b"arttitle", *_HEADLINES):
        if (place := next(places_in_markup(page, mark), -1)) >= 0:
            return place
    return 0


def _body_place(page: bytes, title: int) -> int:
    """Return where the body begins, the place of the title where that is not to be seen."""
    return next(places_in_markup(page, b"txt-article", title), title)


def _credits(
    page: bytes, head: Head, machine: MachineData, places: tuple[int, int, int]
) -> tuple[tuple[str, ...], str | None]:
    """Return names and date of the head; what neither it nor the machine data has, from round the body.

    `places` are those of title, body and end of the body.
    """
    title, body, end = places
    bylines, printed_date = head.bylines, head.printed_date
    if not (bylines or (machine.authors and machine.editors)) or not (printed_date or machine.published):
        above = credits_above(page, title, body)
        bylines, printed_date = bylines or above.bylines, printed_date or above.printed_date
    named = people.read_bylines(bylines)
    if (named.authors and named.editors) or (machine.authors and machine.editors):
        return bylines, printed_date
    lacks_authors, lacks_editors = not (named.authors or machine.authors), not (named.editors or machine.editors)
    if lacks_authors or lacks_editors:
        below = people.read_bylines(credits_below(page, end))
        if lacks_authors and below.authors:
            bylines += (f"Penulis: {', '.join(below.authors)}",)
        if lacks_editors and below.editors:
            bylines += (f"Editor: {', '.join(below.editors)}",)
    return bylines, printed_date


class TreeNeededError(Exception):
    """The page is not of the form that can be read without building a tree."""


def _read_part(
    page: bytes, part: Part, url: str | None, *, says_amp: bool, with_tree: bool
) -> tuple[Head, Sequence[Block]] | None:
    """Return what a part of a page holds, None if the parser does not see its end where it was cut, or may not look."""
    markup = page[part.start : part.end]
    text = markup.decode("utf-8", "replace")
    if read := read_plain(text):
        return read
    if not with_tree:
        return None
    check_markup(markup, url)
    # Without its doctype a page is parsed by the rules of old.
    doctype = _DOCTYPE if page[: 2 * len(_DOCTYPE)].lstrip().lower().startswith(_DOCTYPE.encode()) else ""
    tree = LexborHTMLParser(doctype + text + END_MARK)
    head = cut_head(tree, has_title_id=not says_amp)
    above = tree.css_first(f"#{END_ID}")
    if not head.title or head.body is None or above is None:
        return None
    while (above := above.parent) is not None:
        # What was left open above the end goes on behind it: the body, what is read as a whole, or what makes bold.
        if above.mem_id == head.body.mem_id or above.tag in _READ_WHOLE or above.id in _READ_WHOLE:
            return None
        # What may be the frame of the picture: its caption is looked for in all of it.
        if head.photo and above.tag not in _NO_FRAMES and above.id != "article_con":
            return None
    return head, cut_body(head.body)


def _read_whole(page: bytes, url: str | None, cuts: Cuts, *, says_amp: bool) -> tuple[Head, Sequence[Block]]:
    check_markup(page, url)
    tree = LexborHTMLParser(page.decode("utf-8", "replace"))
    head = cut_head(tree, has_title_id=not says_amp)
    return head, cut_body(head.body, cuts) if head.body else ()


def _viewed_on(page: bytes, title: int, clear_from: int, *, says_amp: bool) -> date | None:
    """Return the day without a time that is printed above the title: the day on which the page was fetched.

    Between `clear_from` and the title there is no script.
    """
    # An AMP page is half head, and what is printed stands behind it.
    start = max(0, page.rfind(b"<body", 0, title)) if says_amp else 0
    # It stands in the header, above the last script; and with more before it it is found in half the time.
    place = page.rfind(b'class="' + _DAY_CLASS, start, clear_from)
    if place < 0:
        place = page.rfind(_DAY_CLASS, start, title)
    found = _DAY.search(page, place, place + _DAY_WITHIN) if place >= 0 else None
    if not found or not (place > clear_from or is_in_markup(page, place)):
        start = start or max(0, page.rfind(b"<body", 0, title))
        printed = islice(_DAY.finditer(page, start, title), _MOST_DAYS)
        found = next((day for day in printed if is_in_markup(page, day.start())), None)
    return _day(found[1]) if found else None


# All pages that are fetched on one day print the same one.
@lru_cache(maxsize=8)
def _day(printed: bytes) -> date | None:
    try:
        return parse_printed_day(unescape(printed.decode("utf-8", "replace")))
    except ValueError:
        return None
