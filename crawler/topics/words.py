"""Words of a text: how it is cut, what is the same word, what is an acronym. One rule for topics and for the search.

A word is a run of letters and digits. The fold decides which printed words are the same word:

- case, accents of Latin, Greek and Cyrillic letters, Arabic vowel signs, soft hyphens and width do not matter:
  "PUTIN" = "Putin", "Højlund" = "Hojlund";
- an apostrophe between letters is left out: "Jum'at" = "Jumat", "don't" = "dont"; but 's at the end is a word
  of its own, so that "Trump's" is found by "Trump";
- every other mark ends the word: "covid-19" is covid 19, "U-23" is u 23, "tribunnews.com" is tribunnews com;
- a number stays whole: "10.000" = "10,000" = "10000", "5,2" = "5.2" and neither is "52"; "17.00" is one word;
- "Rp10.000" is rp 10000, as "Rp 10.000" and "Rp. 10.000" are.

Folded words are made of characters only that the FTS5 tokenizer unicode61 (remove_diacritics 0, no tokenchars) takes as
they are, so the index holds the very words that are matched here. Scripts with vowel signs (Thai, Javanese) are cut at
the signs, in texts and keywords alike.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count
from typing import NamedTuple

# What stands inside a word and does not count: accents, Arabic signs, tatweel, soft hyphen, zero-width characters.
_SILENT = "\u00ad\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200d\u2060\ufeff"
_APOSTROPHE = "'’‘ʼʻ`´"  # the site prints all of these
# Runs are possessive, so no text can make the cutting slow; the marks are looked at only where one of them stands.
_WORD = re.compile(
    r"[Rr][Pp](?=\d)"  # the currency is a word of its own, glued to the amount or not
    rf"|[^\W_]++(?:[{_SILENT}{_APOSTROPHE}.,]"
    rf"(?:(?<=[{_SILENT}])|(?<=[{_APOSTROPHE}])(?![sS](?![^\W_]|[{_SILENT}]))(?=[^\W\d_])|(?<=\d[.,])(?=\d))[^\W_]*+)*+"
)
_DROPPED = re.compile(f"[{_SILENT}{_APOSTROPHE}]+")
_NUMBER = re.compile(r"\d+(?:[.,⁄]\d+)+")
# Between the figures of a number stands a letter that looks like a point: every tokenizer keeps it inside the word.
_POINT = "ˑ"
# Latin letters that Unicode does not see as a letter with an accent, although readers do.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
# Letters that every tokenizer knows since Unicode 6.1, already folded. All others are written as their number.
_KNOWN = re.compile(
    "[0-9a-z\u00df-\u00f6\u00f8-\u024f\u0250-\u02af\u02d1\u0370-\u03ff\u0400-\u04ff\u05d0-\u05ea\u0620-\u064a"
    "\u0660-\u0669\u066e-\u06d3\u06d5\u06ee-\u06fc\u3041-\u3096\u30a1-\u30fa\u3400-\u4db5\u4e00-\u9fcb\uac00-\ud7a3]"
)
_GROUP_DIGITS = 3
# Marks that stand around a word and change nothing of it.
_AROUND = '.,:;!?()[]"“”…-–—'
_UNSPACED = re.compile(r"\S+")
# Between two paragraphs.
_GAP = "\n\n"
# So many pieces are counted at once to find out where a word stands.
_TOGETHER = 16
_ACRONYM_LETTERS = range(2, 6)
# So many characters are remembered of earlier texts: some 50,000 pieces, 10 MB.
_MOST_REMEMBERED = 500_000
_MOST_SPANS = 20_000


class Word(NamedTuple):
    """One word of a text: how it compares, how it is printed, and where (`text[start:end]` is `printed`)."""

    folded: str
    printed: str
    start: int
    end: int
    is_acronym: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the search index stores of a text: its folded words, and its acronyms, each joined by one space."""

    words: str
    acronyms: str


def split(text: str) -> list[Word]:
    """Return the words of the text in order."""
    words = []
    for found in _WORD.finditer(text):
        printed = found.group()
        folded = printed.lower() if printed.isascii() and printed.isalnum() else _fold_word(printed)
        if folded:
            start, end = found.span()
            words.append(Word(folded, printed, start, end, printed.isupper() and is_acronym(printed)))
    return words


def has_room(text: str, start: int, end: int, *, words: int) -> bool:
    """Say whether at most so many words stand in a part of a text that begins and ends where a word does.

    No more of it is read than is needed to know.
    """
    for found in _WORD.finditer(text, start, end):
        if _fold_word(found.group()):
            words -= 1
            if words < 0:
                return False
    return True


class Places:
    """Where the words of a text stand, by their number; only those that are asked for are looked at closely.

    No word reaches over a space, so that each is found in the piece between two spaces in which it stands.
    """

    __slots__ = ("_cut", "_gaps", "_printed", "_starts")

    def __init__(self, text: str) -> None:
        self._cut = cut = _cut(text)
        # With one space between two pieces, and two between paragraphs, the letters tell where a piece begins. They are
        # counted some pieces at a time, as far as was asked for: the first hits stand early.
        self._starts = [0]
        self._gaps: list[int] = []
        self._printed: list[int] = []
        if " ".join(cut.pieces) == text.replace(_GAP, " "):
            self._gaps.extend(accumulate(len(paragraph) + 1 for paragraph in text.split(_GAP)))
        else:
            self._printed.extend(each.start() for each in _UNSPACED.finditer(text))

    def span(self, number: int, words: int = 1) -> tuple[int, int]:
        """Return where words in a row begin and end, as `split` has them; `number` is that of the first, from 0."""
        pieces = self._cut.pieces
        piece, inside = self._cut.piece_of(number) if self._cut.odd else (number, 0)
        start, end = _spans[pieces[piece]][inside]
        if self._printed:
            first = self._printed[piece]
        else:
            counted = piece // _TOGETHER
            while len(self._starts) <= counted:
                self._count_on()
            first = self._starts[counted]
            if before := pieces[counted * _TOGETHER : piece]:
                first += len(" ".join(before)) + 1
            first += bisect_right(self._gaps, first)
        return first + start, self.span(number + words - 1)[1] if words > 1 else first + end

    def _count_on(self) -> None:
        """Count the letters of the next pieces."""
        done = len(self._starts) * _TOGETHER
        some = self._cut.pieces[done - _TOGETHER : done]
        self._starts.append(self._starts[-1] + len(" ".join(some)) + 1)


def folded_words(text: str) -> Sequence[str]:
    """Return the folded words of the text in order: those of `split`, in a fraction of its time."""
    return _cut(text).words


@lru_cache(maxsize=8)
def fold(text: str) -> str:
    """Return the folded words joined by one space: two texts with the same fold are the same words."""
    return " ".join(_cut(text).words)


@lru_cache(maxsize=8)
def prepare(text: str) -> Prepared:
    """Return what the search index stores: the words of `split`, and the distinct acronyms in order of appearance."""
    words = fold(text)
    pieces = _cut(text).pieces
    acronyms: dict[str, None] = {}
    if not _pieces.acronyms.keys().isdisjoint(pieces):
        for piece in pieces:
            if piece in _pieces.acronyms:
                acronyms.update(dict.fromkeys(_pieces.acronyms[piece]))
    return Prepared(words, acronyms=" ".join(acronyms))


def is_acronym(printed: str) -> bool:
    """Say whether a printed word is two to five letters, all capitals: "PAN", "KPK", "MBG"."""
    if not printed.isupper():
        return False
    letters = printed if printed.isascii() else unicodedata.normalize("NFC", printed)
    return len(letters) in _ACRONYM_LETTERS and letters.isalpha()


class _Cut(NamedTuple):
    """A text cut at its spaces; never to be changed.

    Nearly every piece is one word. `odd` are the numbers of those that are none or several (`–`, `covid-19`), and
    `firsts` those of the first word that stands in each of them, or behind it where there is none.
    """

    pieces: list[str]
    words: list[str]
    odd: list[int]
    firsts: list[int]

    def piece_of(self, number: int) -> tuple[int, int]:
        """Return in which piece a word stands, and which of its words it is, both from 0."""
        at = bisect_right(self.firsts, number) - 1
        if at < 0:
            return number, 0
        inside, odd = number - self.firsts[at], self.odd[at]
        behind = inside - len(_spans[self.pieces[odd]])
        return (odd, inside) if behind < 0 else (odd + 1 + behind, 0)


# The topics and the search index ask for the words of the same title, text and tags, one right after the other.
@lru_cache(maxsize=8)
def _cut(text: str) -> _Cut:
    """Return a text as it is cut; the words of its pieces are then remembered."""
    if _pieces.characters > _MOST_REMEMBERED:
        _pieces.forget()
    pieces = text.split()
    words = [*map(_pieces.__getitem__, pieces)]
    if _pieces.odd.isdisjoint(pieces):
        return _Cut(pieces, words, [], [])
    odd = [*compress(count(), map(_pieces.odd.__contains__, pieces))]
    firsts: list[int] = []
    apart: list[str] = []
    done = 0
    for at in odd:
        apart += words[done:at]
        firsts.append(len(apart))
        apart += words[at].split()
        done = at + 1
    return _Cut(pieces, apart + words[done:], odd, firsts)


class _Pieces(dict[str, str]):
    """The folded words of each piece of text between two spaces; most stood in other texts before.

    No word reaches over a space, so that a piece says the same wherever it stands.
    """

    def __init__(self) -> None:
        super().__init__()
        self.acronyms: dict[str, tuple[str, ...]] = {}
        # The pieces that are none or several.
        self.odd: set[str] = set()
        self.characters = 0

    def __missing__(self, piece: str) -> str:
        self.characters += len(piece)
        bare = piece.strip(_AROUND)
        if bare.isascii() and bare.isalpha():
            folded = bare.lower()
            if is_acronym(bare):
                self.acronyms[piece] = (folded,)
        else:
            words = split(piece)
            folded = " ".join(word.folded for word in words)
            if acronyms := tuple(word.folded for word in words if word.is_acronym):
                self.acronyms[piece] = acronyms
            if len(words) != 1:
                self.odd.add(piece)
        # One object for both, where both are the same, is half the memory to look at.
        self[piece] = piece if piece == folded else folded
        return folded

    def forget(self) -> None:
        """Begin anew; what is remembered of a whole text leads to the acronyms of its pieces."""
        _cut.cache_clear()
        self.clear()
        self.acronyms.clear()
        self.odd.clear()
        self.characters = 0


class _Spans(dict[str, tuple[tuple[int, int], ...]]):
    """Where the words of each piece begin and end in it."""

    def __missing__(self, piece: str) -> tuple[tuple[int, int], ...]:
        if len(self) >= _MOST_SPANS:
            self.clear()
        self[piece] = spans = tuple((word.start, word.end) for word in split(piece))
        return spans


_pieces = _Pieces()
_spans = _Spans()


def _fold_word(printed: str) -> str:
    """Return the folded word; empty when nothing of it counts, such as a lone modifier letter."""
    if printed.isascii() and printed.isalnum():
        return printed.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", printed).casefold())
    folded = unicodedata.normalize("NFKC", _DROPPED.sub("", folded).translate(_PLAIN))
    folded = _NUMBER.sub(_fold_number, folded)
    return "".join(letter if _KNOWN.match(letter) else f"u{ord(letter):x}" for letter in folded if letter.isalnum())


def _fold_number(found: re.Match[str]) -> str:
    """Return the number without the marks of its thousands, and with one kind of decimal mark."""
    figures = re.split(r"[.,⁄]", found.group())
    marks = [mark for mark in found.group() if mark in ".,⁄"]
    has_decimals = len(marks) > 1 and marks[-1] not in marks[:-1]
    groups = figures[:-1] if has_decimals else figures
    is_grouped = (
        len(set(marks[: len(groups) - 1])) == 1
        and not groups[0].startswith("0")
        and len(groups[0]) <= _GROUP_DIGITS
        and all(len(group) == _GROUP_DIGITS for group in groups[1:])
    )
    if not is_grouped:
        return _POINT.join(figures)
    return _POINT.join(["".join(groups), *figures[len(groups) :]])
