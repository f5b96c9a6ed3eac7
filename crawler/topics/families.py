"""Indonesian word families: menyerang, diserang, serangan and penyerang are of one root, serang.

A word is undone by the rules of `affixes.py`, but only to a root that is known. Three files know them: `roots.txt`, the
roots that take affixes; `guards.txt`, the words that only look derived, or are names, and take clitics alone; and
`irregular.txt`, which gives a root the words that the rules do not make of it, or would make of another. What
reduces to nothing known is a root itself.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from crawler.topics.affixes import Takes, derive, undo

_SHORTEST_NEW_ROOT = 3


class _Lexicon(NamedTuple):
    """The known bases: the root of each, what each takes, and the bases of each root."""

    root: Mapping[str, str]
    takes: Mapping[str, Takes]
    bases: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=65_536)
def root_of(word: str) -> str:
    """Return the root of a folded word: the word itself where nothing is known of which it could be made.

    Of several bases one that needs no slip of the writer comes first; then the one of which most letters are seen; then
    the one that lost none ("mengusut" is usut, not kusut); then the first by the alphabet, which means nothing: where
    that is wrong, `irregular.txt` says so.
    """
    lexicon = _lexicon()
    if word in lexicon.root:
        return lexicon.root[word]
    found = min(
        undo(word, lexicon.takes),
        key=lambda it: (it.is_slip, -it.seen, len(it.base), it.base),
        default=None,
    )
    return lexicon.root[found.base] if found else word


@lru_cache(maxsize=4_096)
def forms(word: str) -> frozenset[str]:
    """Return every folded form of the family of a typed, folded word, that word among them.

    Of a known root these are all words that the rules make and that have this root. A word of which no root is known,
    such as a name, has the forms that any new word takes, as far as they are of no known root.
    """
    lexicon = _lexicon()
    root = root_of(word)
    if bases := lexicon.bases.get(root):
        made = (form for base in bases for form in derive(base, lexicon.takes[base]))
        return frozenset(form for form in made if root_of.__wrapped__(form) == root)
    if not (word.isascii() and word.isalpha()):
        return frozenset((word,))
    takes: Takes = "regular" if len(word) >= _SHORTEST_NEW_ROOT else "clitics"
    made = (form for form in derive(word, takes) if form not in lexicon.root and root_of.__wrapped__(form) == form)
    return frozenset((word, *made))


@cache
def _lexicon() -> _Lexicon:
    bases: dict[str, tuple[str, ...]] = {}
    takes: dict[str, Takes] = {}
    takes |= dict.fromkeys(" ".join(_lines("roots.txt")).split(), "affixes")
    takes |= dict.fromkeys(" ".join(_lines("guards.txt")).split(), "clitics")
    bases |= {word: (word,) for word in takes}
    for line in _lines("irregular.txt"):
        root, others = line.split(":")
        for other in others.split():
            base = other.removeprefix("+")
            bases[root] += (base,)
            takes[base] = "clitics" if base == other else "affixes"
    return _Lexicon({base: root for root, all_of_it in bases.items() for base in all_of_it}, takes, bases)


def _lines(name: str) -> list[str]:
    """Return the lines of a file beside this one, without comments."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
