"""Which generation of the site's pages a page is of, told by a few marks in its bytes; nothing is parsed for it.

A 2016 to 2019, B 2020 to 2021, C 2021 to 2023, D 2024 to mid 2025, E since September 2025; m. and AMP pages have forms
of their own. It is only told, never relied on: every page is read in the same way.
"""

import re
from typing import Final

UNKNOWN: Final = "unknown"
_AMP = (b"<html amp", "<html ⚡".encode())
_LATER_AMP = (b"cdn.ampproject.org/v0.js", b"<style amp-custom")
_FIRST_TAGS = 300
_HEAD_WITHIN = 6_000
_BETWEEN_WITHIN = 30_000
_TITLE_WITHIN = 300
_MACHINE_TIME = re.compile(rb"<time\b[^<>]{0,200}\bdatetime\s*=")
_PLAIN_MARKS_OF_D = (b"Tayang:", b"bsh mb20", b'<h5 id="penulis"')
_LATER_MARKS_OF_D = (b"keywordBrandSafety", b"total-page")
_GRAPH = b'"@graph"'


def is_amp(page: bytes) -> bool:
    """Tell whether a page in UTF-8 says of itself that it is an AMP page."""
    place = page.find(b"<html ", 0, _FIRST_TAGS)
    return place >= 0 and page.startswith(_AMP, place)


def layout_of(page: bytes, title: int, body: int, *, says_amp: bool) -> str:
    """Return "A" to "E", "amp", "mobile", or "unknown" for a page in UTF-8.

    Args:
        page: The page.
        title: Where its title stands, or the topic line above it.
        body: Where the class of its body stands.
        says_amp: What `is_amp` says of it.
    """
    if says_amp:
        return "amp"
    if not 0 < body - title <= _BETWEEN_WITHIN:
        return UNKNOWN
    element = page[page.rfind(b"<", 0, body) : page.find(b">", body)]
    between = page[max(0, title - _TITLE_WITHIN) : body]
    if b"arttitle" not in between and b"side-article" not in element:
        start = page[:_HEAD_WITHIN]
        return "amp" if any(mark in start for mark in _LATER_AMP) else "mobile"
    return _generation(page, between, element, body)


def _generation(page: bytes, between: bytes, body: bytes, place: int) -> str:
    if b"read_title" in between or b"timeago" in between:
        return "A"
    if _MACHINE_TIME.search(between):
        return "E"
    if b"multi-fontsize" not in body and b"editcontent" not in body:
        return "B" if b"side-article" in body else UNKNOWN
    # The pages of D and E behind the first say least; only E has all of its JSON-LD in one graph.
    if page.find(_GRAPH, 0, _HEAD_WITHIN) >= 0:
        return "E"
    if any(mark in between for mark in _PLAIN_MARKS_OF_D) or b"editcontent" in body:
        return "D"
    return "D" if any(page.find(mark, place, place + _BETWEEN_WITHIN) >= 0 for mark in _LATER_MARKS_OF_D) else "C"
