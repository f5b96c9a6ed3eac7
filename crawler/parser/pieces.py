"""The pieces of markup of the plainest form, and the text of elements that hold only inline elements."""

import re
from html import unescape

from crawler.parser.body import BREAK

# A paragraph of nothing but text; a script; a comment; a tag; anything else. With each goes the text behind it, so
# that the pieces together are the whole markup.
_PIECE = re.compile(
    r"(?:<p>([^<]*)</p>"
    r"|<script(?: [^<>]*)?>(?:[^<]++|<(?!/script|!--))*+</script>"
    r"|<!-- (?:[^<-]++|-(?!->|-!>))*+-->"
    r"|<(/?)([a-z][a-z0-9-]*)((?: +[a-z][a-z-]*=\"[^\"<>]*\")*) ?/?>"
    r"|(<))([^<]*)"
)
INSIDE, CLOSES, NAME, ATTRIBUTES, _UNKNOWN, TEXT = range(6)
INLINE = frozenset({"a", "b", "em", "i", "span", "strong", "u", "small", "sup", "sub", "code"})
_STRONG = frozenset({"b", "strong"})
# Only these references are decoded alike by both ways of reading, or wherever they stand.
_ODD_NUMBER = re.compile(r"&#(?!(?:0?3[49]|x27|8[0-9]{3}|160);)")
_ODD_REFERENCE = re.compile(r"&(?!(?:amp|quot|lt|gt|#0?3[49]|#x27);)")

# What is longer is left to the parser: a reader in the crawl's own process must never take long. Only the piece that is
# next is looked at, and who looked to the end of the markup for the end of a script in vain gives up: none costs twice.
_LONGEST_MARKUP = 400_000

Piece = tuple[str, ...]


class GaveUpError(Exception):
    """The markup is not of the plainest form."""


class Inline:
    """The text of an element that holds only inline elements, what it has in bold first, and its first link."""

    __slots__ = ("bold", "link_text", "text", "url")

    def __init__(self, text: str) -> None:
        self.text = decoded(text)
        self.bold: str | None = None
        self.url: str | None = None
        self.link_text = ""

    def close(self, name: str, start: int, *, is_outermost: bool) -> None:
        """Note what an inline element held that begins at a place of the text and ends here."""
        if name in _STRONG and is_outermost and self.bold is None and not self.text[:start].strip():
            self.bold = self.text[start:]
        elif name == "a" and not self.link_text:
            self.link_text = self.text[start:]


class Pieces:
    """Goes over markup piece by piece; `place` is where the next one begins.

    Raises:
        GaveUpError: There is too much of it, or a character that has a meaning here.
    """

    __slots__ = ("_match", "behind", "markup", "place")

    def __init__(self, markup: str) -> None:
        if len(markup) > _LONGEST_MARKUP or BREAK in markup:
            raise GaveUpError
        self._match = _PIECE.match
        self.markup = markup
        self.place = 0
        self.behind = ""

    def next(self) -> Piece:
        """Return the piece that begins at `place`, and go behind it; `behind` is the text that ends it.

        Raises:
            GaveUpError: What stands there is no piece.
        """
        found = self._match(self.markup, self.place)
        if not found:
            raise GaveUpError
        piece: Piece = found.groups("")
        if piece[_UNKNOWN]:
            raise GaveUpError
        self.place = found.end()
        self.behind = piece[TEXT]
        return piece

    def ends_with(self, tag: str) -> bool:
        """Tell whether nothing but a tag is left, and go behind it."""
        is_last = self.markup[self.place :] == tag
        if is_last:
            self.place = len(self.markup)
        return is_last

    def inline(self, closing: str) -> Inline:
        """Return what an element holds whose start tag was the piece before, and go behind its end tag.

        Raises:
            GaveUpError: It holds other than inline elements, or they are not closed in order.
        """
        words = Inline(self.behind)
        is_open: list[tuple[str, int]] = []
        while True:
            piece = self.next()
            name = piece[NAME]
            if piece[CLOSES]:
                if name == closing and not is_open:
                    return words
                if not is_open or is_open[-1][0] != name:
                    raise GaveUpError
                words.close(name, is_open.pop()[1], is_outermost=not is_open)
            elif name in INLINE:
                if name == "a":
                    if any(opened == "a" for opened, _ in is_open):
                        raise GaveUpError
                    words.url = words.url or attribute(piece, "href") or None
                is_open.append((name, len(words.text)))
            elif name == "br":
                words.text += BREAK
            else:
                raise GaveUpError
            words.text += decoded(piece[TEXT])


def decoded(text: str) -> str:
    """Return a text with its character references replaced.

    Raises:
        GaveUpError: One of them is not decoded alike everywhere.
    """
    if "&" not in text:
        return text
    if _ODD_NUMBER.search(text):
        raise GaveUpError
    return unescape(text)


def attribute(piece: Piece, wanted: str) -> str:
    """Return an attribute of a start tag, "" if it has none of the name."""
    _, found, rest = piece[ATTRIBUTES].partition(f' {wanted}="')
    if not found:
        return ""
    value = rest[: rest.index('"')]
    if "&" in value:
        if _ODD_REFERENCE.search(value):
            raise GaveUpError
        value = unescape(value)
    return value


def must_be_blank(text: str) -> None:
    """Give up where text stands outside of any element of its own."""
    if text and not text.isspace():
        raise GaveUpError
