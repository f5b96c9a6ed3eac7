"""Tells whether a page came to its end: one that was cut on its way is not mistaken for the whole."""

from typing import Final

from crawler.parser.machine import is_in_markup

_BEGINNINGS: Final = (b"<html", b"<!doctype")
_USUAL: Final = b"<!DOCTYPE html>"
_BEGINS_WITHIN: Final = 1_024
_ENDS: Final = (b"</body", b"</html", b"</BODY", b"</HTML")


def has_end(page: bytes, title: int, outside: int = 0) -> bool:
    """Tell whether what begins as a whole page ends as one, and whether in a part of a page every `div` is closed.

    Args:
        page: The page in UTF-8.
        title: Where its headline stands; what was cut before it has no title.
        outside: A place of which it is known that it is in no script.
    """
    if page.startswith(_USUAL) or any(beginning in page[:_BEGINS_WITHIN].lower() for beginning in _BEGINNINGS):
        # Scripts hold whole pages in strings.
        return any((place := page.rfind(end, title)) >= 0 and is_in_markup(page, place, outside) for end in _ENDS)
    return page.count(b"<div", title) <= page.count(b"</div", title)
