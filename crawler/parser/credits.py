"""Names and dates that stand round a body without elements of their own; looked for where no others are found."""

import re
from html import unescape
from typing import NamedTuple

from crawler.dates import parse_printed_date
from crawler.parser import people
from crawler.parser.spacing import tidy

# A longer stretch is not looked at, nor one with so many scripts: each may be looked at to the end.
_LONGEST = 60_000
_MOST_SCRIPTS = 20
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:div|p|h[1-6]|li|ul|ol|section|header|main|article|table|tr|td|br|hr|time|figure|figcaption)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_AUTHOR = re.compile(
    r"<(?P<tag>div|span|p|h[3-6])\b[^<>]{0,300}?\bclass\s?=\s?[\"'][^\"'<>]{0,200}?\bauthor\b[^<>]{0,300}>"
    r"(?P<names>.{0,1000}?)</(?P=tag)",
    re.DOTALL | re.IGNORECASE,
)
_LABEL = re.compile(r"(?:penulis|editor)\s?:", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NAMED_BELOW = (b"ditor", b"enulis", b"author")
_BELOW_WITHIN = 4_000
_MOST_WORDS = 8
_MOST_WORDS_OF_A_NAME = 5


class Credits(NamedTuple):
    """Lines such as "Penulis: X", and what is printed as the moment of publication."""

    bylines: tuple[str, ...] = ()
    printed_date: str | None = None


def credits_above(page: bytes, title: int, body: int) -> Credits:
    """Return what is printed between title and body of a page."""
    if not 0 <= title < body <= title + _LONGEST:
        return Credits()
    # The last tag is that of the body, up to its class.
    markup = page[title : max(title, page.rfind(b"<", title, body))].decode("utf-8", "replace")
    lines = _lines(markup)
    bylines = _bylines(lines, may_follow=True)
    if not any(line[:1] in "pP" for line in bylines):
        bylines = (*_author(markup), *bylines)
    return Credits(bylines, next((line for line in lines if _is_moment(line)), None))


def _author(markup: str) -> tuple[str, ...]:
    """Return the names of the element that is of the class "author"; a label in it is read as any other line."""
    found = _AUTHOR.search(markup) if "author" in markup.lower() else None
    names = tidy(unescape(_TAG.sub(" ", found["names"]))) if found else ""
    is_named = len(names) > 0 and len(names.split()) <= _MOST_WORDS and ":" not in names
    return (f"Penulis: {names}",) if is_named else ()


def credits_below(page: bytes, end: int) -> tuple[str, ...]:
    """Return the lines that name authors and editors not far below a body."""
    region = page[end : end + _BELOW_WITHIN]
    if not any(word in region for word in _NAMED_BELOW):
        return ()
    # What is cut off at the end of the region is no line.
    markup = region[: region.rfind(b"<")].decode("utf-8", "replace")
    return (*_bylines(_lines(markup), may_follow=False), *_author(markup))


def _lines(markup: str) -> list[str]:
    """Return the text of markup line by line, as its blocks break it."""
    low = markup.lower()
    if low.count("<script") + low.count("<style") + low.count("<!--") > _MOST_SCRIPTS:
        return []
    # Between most of the blocks there is nothing but white space.
    parts = [part for part in _BREAK.split(_UNSEEN.sub(" ", markup)) if part and not part.isspace()]
    return [line for part in parts if (line := tidy(unescape(_TAG.sub("", part) if "<" in part else part)))]


def _bylines(lines: list[str], *, may_follow: bool) -> tuple[str, ...]:
    """Return the lines that name somebody; the name may follow its label in an element of its own."""
    found = []
    for number, line in enumerate(lines):
        if _LABEL.fullmatch(line):
            following = lines[number + 1] if may_follow and number + 1 < len(lines) else ""
            if following and _may_be_name(following):
                found.append(f"{line} {following}")
        elif people.is_byline(line) and not _DIGIT.search(line):
            found.append(line)
    return tuple(found)


def _may_be_name(line: str) -> bool:
    """Tell whether a line below a bare label may be a name: every word begins like one."""
    words = line.split()
    return (
        len(words) <= _MOST_WORDS_OF_A_NAME
        and not _DIGIT.search(line)
        and not _LABEL.match(line)
        and line[-1] not in "?!:"
    )


def _is_moment(line: str) -> bool:
    try:
        parse_printed_date(line)
    except ValueError:
        return False
    return True
