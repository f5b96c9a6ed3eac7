"""Cuts the article out of a page by bytes, so that a twentieth of the page has to be parsed; checked, or not at all.

The beginning must be a headline in markup, not in a script or a comment. The end of the body is found by counting `div`
elements; who parses the part checks by the mark behind it that the parser sees the body end there, too.
"""

import re
from typing import NamedTuple

from crawler.parser.head import USUAL_TITLE
from crawler.parser.layout import is_amp
from crawler.parser.machine import last_comment

# What stands behind the part: where a parser finds it inside the body, or not at all, the end was wrong.
END_ID = "shortcut-end"
END_MARK = '<i id="shortcut-end"></i>'

_TITLE = b'id="arttitle"'
_TITLE_ID = b"arttitle"
_USUAL_TITLE = USUAL_TITLE.encode()
_TO_ID = _USUAL_TITLE.index(_TITLE)
_BODY = b"txt-article"
_BODY_TAG = re.compile(rb'<div(?:\s[^<>]*)?\sclass="(?:[^"<>]*\s)?txt-article[\s"][^<>]*>?')
_BODY_WITHIN = 30_000
_TOPIC_LINE = re.compile(rb"<h2(?:(?!</h2).)*</h2>(?:\s++|<!--.*?-->|<(?!!--)[^<>]*>)*+", re.DOTALL)
_TOPIC_WITHIN = 1_500
_TAG_WITHIN = 300
_DOT = ord(".")
# A comment or a form that holds a whole headline of the layout begins so near above it.
_ENCLOSED_WITHIN = 4_000
# Between title and body these would make markup of text, or the other way round; scripts and comments if left open.
_RAW_TEXT = (b"<style", b"<te", b"<iframe", b"<xmp", b"<noembed", b"<noframes", b"<plaintext")
# None of these and none of the next begins otherwise; mostly there is nothing of the kind.
_ANY_OF_THEM = re.compile(rb"<(?:scr|sty|te|if|xm|no|pl|!)")
_CLOSED = ((b"<!--", b"-->"), (b"<script", b"</script"))


class Part(NamedTuple):
    """Where the article stands in a page: from the topic line above its title to the end of its body.

    `title` and `body` are the places of their marks, `close` that of the end tag of the body. Above the title there
    is no script from `clear_from` on.
    """

    start: int
    title: int
    body: int
    close: int
    end: int
    clear_from: int


def article_part(page: bytes) -> Part | None:
    """Return where the article stands, None where that is not beyond doubt."""
    says_amp = is_amp(page)
    title = _headline_without_id(page) if says_amp else _headline_with_id(page)
    start = page.rfind(b"<", 0, max(0, title))
    if start < 0 or title - start > _TAG_WITHIN or not page.startswith(b"<h1", start) or _is_enclosed(page, start):
        return None
    clear_from = _last_script(page, start)
    if clear_from is None:
        return None
    name = page.find(_BODY, title, title + _BODY_WITHIN)
    tag = page.rfind(b"<", title, name)
    found = _BODY_TAG.match(page, tag, name + _TAG_WITHIN) if 0 <= name - tag <= _TAG_WITHIN else None
    if not found:
        return None
    between = page[title : found.start()]
    if b"</h1" not in between or (_ANY_OF_THEM.search(between) and not _is_all_markup(between)):
        return None
    close = _end_of_div(page, found.end())
    end = page.find(b">", close) + 1 if close else 0
    above = _above(page, start)
    return Part(above, title, name, close, end, clear_from) if close and end and above is not None else None


def _is_all_markup(between: bytes) -> bool:
    return not (
        any(opening in between for opening in _RAW_TEXT) or any(_is_left_open(between, *each) for each in _CLOSED)
    )


def _headline_with_id(page: bytes) -> int:
    """Return the place of the id of the headline, or of the headline above the body where none has one, as on m."""
    # So long a word is found in half the time.
    usual = page.find(_USUAL_TITLE)
    if usual >= 0:
        return usual + _TO_ID
    named = page.find(_TITLE_ID)
    return page.find(_TITLE, max(0, named - len(_TITLE))) if named >= 0 else _headline_without_id(page)


def _headline_without_id(page: bytes) -> int:
    """Return the place of the last headline above the body, -1 where that is not beyond doubt."""
    body = page.find(_BODY)
    while body > 0 and page[body - 1] == _DOT:  # in a style sheet
        body = page.find(_BODY, body + 1)
    title = page.rfind(b"<h1", max(0, body - _BODY_WITHIN), body) if body >= 0 else -1
    return title + 1 if title >= 0 and page.find(b"<H1", title, body) < 0 else -1


def _last_script(page: bytes, place: int) -> int | None:
    """Return where the last script above a place ends, 0 if there is none, None if one begins and does not end."""
    last = place
    while (last := page.rfind(b"script", 0, last)) >= 0:
        before = page[max(0, last - 2) : last]
        if before == b"</":
            return last - 2
        if before[-1:] == b"<":
            return None
    return 0


def _is_left_open(markup: bytes, opening: bytes, closing: bytes) -> bool:
    last = markup.rfind(opening)
    return last >= 0 and markup.find(closing, last) < 0


def _is_enclosed(page: bytes, place: int) -> bool:
    """Tell whether a place is in an attribute, a comment or a form, or may be."""
    near = max(0, place - _ENCLOSED_WITHIN)
    comment = last_comment(page, near, place)
    return (
        page.rfind(b"<", near, place) > page.rfind(b">", near, place)
        or (comment >= 0 and page.find(b"-->", comment, place) < 0)
        # The longer a word, the sooner it is seen that it is not there.
        or page.rfind(b"<textarea", near, place) >= 0
        or page.rfind(b"<template", near, place) >= 0
    )


def _above(page: bytes, title: int) -> int | None:
    """Return where the topic line next to the title begins, the title itself where there is none; None if in doubt."""
    topic = page.rfind(b"<h2", max(0, title - _TOPIC_WITHIN), title)
    if topic < 0:
        return title
    # Mostly they are neighbours, and the dear look at what stands between them is not needed.
    if page.count(b"</h2", topic, title) != 1:
        return None
    if page[topic:title].rstrip().endswith(b"</h2>") or _TOPIC_LINE.fullmatch(page, topic, title):
        return topic
    between = page[page.find(b"</h2", topic) : title]
    # A text that no eye sees keeps nobody from being a neighbour.
    return title if between.isascii() and b"&" not in between else None


def _end_of_div(page: bytes, place: int) -> int | None:
    """Return where the end tag of the element stands whose start tag ends at a place."""
    depth = 1
    while (close := page.find(b"</div", place)) >= 0:
        depth += page.count(b"<div", place, close) - 1
        if not depth:
            return close
        place = close + 1
    return None
