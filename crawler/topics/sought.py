"""Words looked for where they stand in a text that is not cut into words: a search shows a few of very many.

Most words stand in a text as letters of ASCII between marks that end a word. So the text is written anew as bytes, one
for each letter: small letters and figures as they are, all else as a space. What may have to be read otherwise is left
out of them and cut as `split` does it: what stands between two spaces and has an apostrophe or a letter beyond ASCII;
and where a word is asked for that figures may change, what has a figure (`10.000`, `Rp5`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from crawler.topics.families import forms
from crawler.topics.tree import Token
from crawler.topics.words import Word, is_acronym, split

# Where words begin and end in a text.
Span: TypeAlias = tuple[int, int]

# By its byte, how a letter is written: small, or as a space.
_LETTERS: Final = bytes(ord(chr(byte).lower()) if bytes([byte]).isalnum() else ord(" ") for byte in range(256))
# All but the rest of ASCII, and marks that newspapers print often and that only end a word.
_ODD: Final = re.compile("[^\x00-&(-_a-\x7f\xa0“”–—•…]")
_ODD_OR_FIGURE: Final = re.compile("[^\x00-&(-/:-_a-\x7f\xa0“”–—•…]")
_CURRENCY: Final = "rp"


@dataclass(frozen=True, slots=True)
class _Cut:
    """The letters of a text as bytes, and the words that are not among them, in order.

    A space stands before the letters, so that a word's place in the text is that of the space before it.
    """

    letters: bytes
    words: list[Word]

    def standing(self, folded: str) -> Iterator[Span]:
        """Yield where a word stands."""
        wanted = f" {folded} ".encode()
        at = self.letters.find(wanted)
        while at >= 0:
            yield at, at + len(wanted) - 2
            # The space behind it may be the one before the next.
            at = self.letters.find(wanted, at + len(wanted) - 1)

    def begun(self, folded: str) -> Iterator[Span]:
        """Yield where words stand that begin so."""
        wanted = f" {folded}".encode()
        at = self.letters.find(wanted)
        while at >= 0:
            end = self.letters.index(b" ", at + 1)
            yield at, end - 1
            at = self.letters.find(wanted, end)

    def known(self, wanted: frozenset[str]) -> frozenset[str]:
        """Return those of the words that stand among the letters."""
        return wanted if len(wanted) == 1 else wanted & set(self.letters.decode().split())


class Sought:
    """A text in which words are looked for."""

    __slots__ = ("_cut", "_cut_at_figures", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._cut: _Cut | None = None
        self._cut_at_figures: _Cut | None = None

    def spans(self, token: Token) -> list[Span]:
        """Return where the words stand for which a token stands, in order."""
        folded = token.folded
        wanted = forms(folded) if token.is_family else frozenset((folded,))
        cut = self._cut_for(may_have_figures=token.is_prefix or not folded.isalpha() or _CURRENCY in wanted)
        if token.is_prefix:
            found = [*cut.begun(folded)]
            others = [(word.start, word.end) for word in cut.words if word.folded.startswith(folded)]
        else:
            found = [span for each in cut.known(wanted) for span in cut.standing(each)]
            others = [(word.start, word.end) for word in cut.words if word.folded in wanted]
        if others or len(wanted) > 1:
            found = sorted([*found, *others])
        if token.is_acronym:
            found = [(start, end) for start, end in found if is_acronym(self.text[start:end])]
        return found

    def _cut_for(self, *, may_have_figures: bool) -> _Cut:
        if may_have_figures:
            self._cut_at_figures = cut = self._cut_at_figures or _cut_at(_ODD_OR_FIGURE, self.text)
        else:
            self._cut = cut = self._cut or _cut_at(_ODD, self.text)
        return cut


def _cut_at(odd: re.Pattern[str], text: str) -> _Cut:
    """Return a text cut into words where something odd stands between two spaces."""
    letters = b" %b " % text.encode("ascii", "replace").translate(_LETTERS)
    is_plain = odd is _ODD and text.isascii() and "'" not in text and "`" not in text
    found = None if is_plain else odd.search(text)
    if found is None:
        return _Cut(letters, [])
    words = []
    rest = bytearray(letters)
    end = 0
    while found is not None:
        # What is odd again in the same piece is behind its end.
        start = text.rfind(" ", end, found.start()) + 1 or end
        end = text.find(" ", found.end())
        end = len(text) if end < 0 else end
        words += [
            word._replace(start=word.start + start, end=word.end + start) for word in split(text[start:end])
        ]  # fmt: skip
        rest[start + 1 : end + 1] = b" " * (end - start)
        found = odd.search(text, end)
    return _Cut(bytes(rest), words)
