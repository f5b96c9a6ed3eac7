"""Nearly the same text: a reprint that another site shortened, edited or began anew is the story of its original.

Texts are compared by their runs of four words (shingles). A few of these runs, chosen by their words and not by their
place, are the marks by which the archive finds what may be alike; what it finds is then compared whole.

Source of the measure: trials on synthetic reprints, where a containment of at least 0.5 of the runs of four words
merged none that was not one. By these few marks most are found that have every tenth word changed, and all with fewer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from crawler.article import Article
from crawler.stories.sameness import own_paragraphs

MARKS = 12
_RUN = 4
# A mark is a longer run, so that a common phrase makes none that many share.
_MARK_RUN = 5
# Below so many words a text says too little to be told from others by a part of it.
_FEWEST_WORDS = 40
_SHARED = 0.5
# A copy may be the first page only; a round-up that holds a whole short article is far longer than it.
_SHORTEST_OF_LONGEST = 0.4
# Price lists, standings and horoscopes of two days share their words and differ in their figures.
_FEWEST_FIGURES, _SHARED_FIGURES = 3, 0.8
# Points and commas go without a trace ("Rp10.000" is one figure), every other mark parts two words.
_KEPT = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyz") | frozenset(range(128, 256))
_WORDS = bytes(code if code in _KEPT else 32 for code in bytes(range(256)).lower())
_DROPPED = b".,'"
_FIGURE = re.compile(rb"[^ ]*[0-9][^ ]*")
_SHORTEST_TELLING = 8


@dataclass(frozen=True, slots=True)
class Likeness:
    """The words of an article by which it is compared, and the marks by which it is found."""

    host: str | None
    is_roundup: bool
    words: tuple[bytes, ...]
    marks: tuple[int, ...]


def likeness(article: Article) -> Likeness:
    """Return by what an article is compared with others; without marks where it has too little text."""
    text = "\n".join(own_paragraphs(article))
    words = tuple(text.encode("utf-8", "surrogatepass").translate(_WORDS, _DROPPED).split())
    is_roundup = article.kind == "roundup"
    marks = _marks(words) if len(words) >= _FEWEST_WORDS and not is_roundup else ()
    return Likeness(article.host, is_roundup, words, marks)


def are_alike(one: Likeness, other: Likeness) -> bool:
    """Tell whether two articles of different sites are the same text, edited.

    A site does not reprint itself: what is alike on one host is a series. A round-up tells many stories, so it is none
    of them.
    """
    if one.host == other.host or one.is_roundup or other.is_roundup:
        return False
    shorter, longer = sorted((len(one.words), len(other.words)))
    if shorter < _FEWEST_WORDS or shorter < _SHORTEST_OF_LONGEST * longer:
        return False
    figures, others = _figures(one.words), _figures(other.words)
    if min(len(figures), len(others)) >= _FEWEST_FIGURES and _contained(figures, others) < _SHARED_FIGURES:
        return False
    return _contained(_runs(one.words), _runs(other.words)) >= _SHARED


def _marks(words: tuple[bytes, ...]) -> tuple[int, ...]:
    """Return a few runs: those that begin with the words of the smallest numbers, which is as good as drawn by lot."""
    if len(_number_of) > _MOST_REMEMBERED:
        _number_of.clear()
    telling = {_number_of[word]: word for word in set(words[: -_MARK_RUN + 1]) if len(word) >= _SHORTEST_TELLING}
    starts = (words.index(telling[number]) for number in sorted(telling)[:MARKS])
    return tuple({crc32(b" ".join(words[start : start + _MARK_RUN])) for start in starts})


class _Numbers(dict[bytes, int]):
    """The number of each word, remembered: the same words come in every article."""

    def __missing__(self, word: bytes) -> int:
        self[word] = number = crc32(word)
        return number


_number_of = _Numbers()
_MOST_REMEMBERED = 50_000


def _runs(words: tuple[bytes, ...]) -> set[tuple[bytes, ...]]:
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _figures(words: Iterable[bytes]) -> set[bytes]:
    return set(_FIGURE.findall(b" ".join(words)))


def _contained(some: set[bytes] | set[tuple[bytes, ...]], others: set[bytes] | set[tuple[bytes, ...]]) -> float:
    """Return which share of the smaller set the other one has, too."""
    least = min(len(some), len(others))
    return len(some & others) / least if least else 0.0
