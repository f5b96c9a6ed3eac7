"""How Indonesian words are made of a base: one table of rules, read forwards to make words and backwards to undo them.

A word is `opening + base + suffix + clitic`. The opening ends with what stands between the prefix and the base: the
nasal of meN- and peN-, which may swallow the first letter of the base (tulis: menulis, sapu: menyapu), or the r of
ber-, ter- and per-, which is not doubled (rasa: merasa, berasa). Reduplication needs no rule: the hyphen parts it.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

# How a prefix meets the base: nothing between them, the nasal of meN-, the r of ber-, or the nasal of headlines.
Joint: TypeAlias = Literal["", "N", "R", "ng"]
# Whether a base takes every affix, those that any new word takes, or clitics alone.
Takes: TypeAlias = Literal["affixes", "regular", "clitics"]


class Rule(NamedTuple):
    """A prefix with the suffixes and the clitics that go with it; `is_regular` where any new word takes it."""

    prefix: str
    joint: Joint
    suffixes: tuple[str, ...]
    clitics: tuple[str, ...]
    is_regular: bool = False


class Reduction(NamedTuple):
    """A word undone to a base: how many letters of it are seen, and whether one k of two is missing ("menunjukan")."""

    base: str
    seen: int
    is_slip: bool


# What a word may begin with, by the letter of the base that it swallowed: the rules, and what of it stands between.
_Openings: TypeAlias = dict[str, list[tuple[str, list[tuple[Rule, str]]]]]

_ALL = ("", "nya", "lah", "kah", "pun", "ku", "mu")
_MOST = ("", "nya", "lah", "kah", "ku", "mu")
_PASSIVE = ("", "nya", "lah", "kah")
_LONG = ("", "nya")

_BARE = Rule("", "", ("", "an", "kan", "i"), _ALL, is_regular=True)
_RULES = (
    _BARE,
    Rule("me", "N", ("", "kan", "i"), _MOST, is_regular=True),
    Rule("di", "", ("", "kan", "i"), _PASSIVE, is_regular=True),
    Rule("te", "R", ("", "kan", "i"), _PASSIVE, is_regular=True),
    Rule("be", "R", ("", "an", "kan"), _PASSIVE, is_regular=True),
    Rule("pe", "N", ("", "an"), _MOST, is_regular=True),
    Rule("pe", "R", ("", "an", "kan", "i"), _MOST, is_regular=True),
    Rule("ke", "", ("", "an"), _MOST, is_regular=True),
    Rule("se", "", ("", "an"), _LONG, is_regular=True),
    Rule("mempe", "R", ("", "kan", "i"), _MOST, is_regular=True),
    Rule("dipe", "R", ("", "kan", "i"), _PASSIVE, is_regular=True),
    Rule("", "ng", ("",), ("",)),
    Rule("pe", "", ("", "an"), _MOST),
    Rule("terpe", "R", ("", "kan"), _LONG),
    Rule("membe", "R", ("kan", "i"), _MOST),
    Rule("dibe", "R", ("kan", "i"), _PASSIVE),
    Rule("pembe", "R", ("", "an"), _LONG),
    Rule("menye", "", ("", "kan", "i"), _MOST),
    Rule("dise", "", ("kan", "i"), _PASSIVE),
    Rule("penye", "", ("", "an"), _LONG),
    Rule("menge", "", ("kan", "i"), _MOST),
    Rule("dike", "", ("kan", "i"), _PASSIVE),
    Rule("penge", "", ("an",), _LONG),
    Rule("kebe", "R", ("an",), _MOST),
    Rule("kete", "R", ("an",), _MOST),
    Rule("kepe", "N", ("an",), _LONG),
    Rule("kepe", "", ("an",), _LONG),
    Rule("kepe", "R", ("an",), _LONG),
    Rule("kese", "", ("an",), _MOST),
    Rule("berke", "", ("an",), _LONG),
    Rule("berpe", "N", ("", "an"), _LONG),
    Rule("berpe", "R", ("an",), _LONG),
    Rule("sepe", "N", ("", "an"), _LONG),
    Rule("sepe", "R", ("an",), _LONG),
)
_VOWELS = "aeiou"
# What the nasal is before a first letter, and what it is where it swallows that letter.
_NASAL: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys("aeioughq", ("ng", "")),
    **dict.fromkeys("bfv", ("m", "")),
    **dict.fromkeys("cdjz", ("n", "")),
    **dict.fromkeys("lrwymn", ("", "")),
    "k": ("ng", "ng"),
    "p": ("m", "m"),
    "s": ("n", "ny"),
    "t": ("n", "n"),
}
# Before p and t the same would join too much that is something else: madu, nada.
_OF_HEADLINES = {"k": "ng", "s": "ny"}
_BEFORE_ONE_SYLLABLE = "nge"
_SHORTEST_BEFORE_I = 4  # "mali" is not mal and -i


def derive(base: str, takes: Takes) -> Iterator[str]:
    """Yield every word that the rules make of the base, the base first."""
    for rule in _RULES:
        for between, swallowed in _joints(rule.joint, base):
            opened = rule.prefix + between + base[swallowed:]
            for suffix in _suffixes(rule, base, takes):
                for clitic in rule.clitics:
                    yield opened + suffix + clitic


def undo(word: str, takes: Mapping[str, Takes]) -> Iterator[Reduction]:
    """Yield every way in which the rules make the word of one of the bases, of which `takes` says what they take."""
    openings = [(before, ways) for before in range(_LONGEST_OPENING + 1) if (ways := _OPENINGS.get(word[:before]))]
    for clitic, suffix in _endings(word):
        end = len(word) - len(clitic) - len(suffix)
        for before, ways in openings:
            if before >= end:
                break
            seen = word[before:end]
            for swallowed, rules in ways:
                base = swallowed + seen
                for rule, between in rules if base in takes else ():
                    if (
                        clitic in rule.clitics
                        and suffix in _suffixes(rule, base, takes[base])
                        and (between, len(swallowed)) in _joints(rule.joint, base)
                    ):
                        yield Reduction(base, len(seen), suffix not in rule.suffixes)


def _endings(word: str) -> Iterator[tuple[str, str]]:
    """Yield every clitic with every suffix before it that the word may end with."""
    for clitic in _ALL:
        if word.endswith(clitic):
            without = word[: len(word) - len(clitic)]
            for suffix in _BARE.suffixes:
                if without.endswith(suffix):
                    yield clitic, suffix


def _suffixes(rule: Rule, base: str, takes: Takes) -> tuple[str, ...]:
    """Return the suffixes that may follow the base under the rule."""
    if takes == "clitics":
        return ("",) if rule is _BARE else ()
    if takes == "regular" and not rule.is_regular:
        return ()
    suffixes = rule.suffixes
    if base.endswith("i") or (rule is _BARE and len(base) < _SHORTEST_BEFORE_I):
        suffixes = tuple(suffix for suffix in suffixes if suffix != "i")
    may_slip = base.endswith("k") and "kan" in suffixes and "an" not in suffixes
    return (*suffixes, "an") if may_slip else suffixes


def _joints(joint: Joint, base: str) -> tuple[tuple[str, int], ...]:
    """Return what may stand between prefix and base, each with the number of letters of the base that it swallows."""
    if joint == "N":
        return _nasals(base)
    if joint == "ng":
        return _nasals_of_headlines(base)
    if joint == "R" and not base.startswith("r"):
        # Before a first syllable with er the r may be left out: bekerja, beternak, tepercaya.
        return (("", 0), ("r", 0)) if base[1:3] == "er" and base[3:4] not in _VOWELS else (("r", 0),)
    return (("", 0),)


def _nasals(base: str) -> tuple[tuple[str, int], ...]:
    kept, swallowing = _NASAL.get(base[0], ("", ""))
    found = [(kept, 0)]
    if swallowing and base[1:2] in tuple(_VOWELS):
        found.append((swallowing, 1))
    if _has_one_syllable(base):
        found.append((_BEFORE_ONE_SYLLABLE, 0))  # mengecat, pengeboman
    return tuple(found)


def _nasals_of_headlines(base: str) -> tuple[tuple[str, int], ...]:
    """Return how headlines shorten meN-: ngaku, nyerang, ngecat."""
    if base[0] in _VOWELS:
        return (("ng", 0),)
    swallowed = ((_OF_HEADLINES[base[0]], 1),) if base[0] in _OF_HEADLINES and base[1:2] in tuple(_VOWELS) else ()
    return (*swallowed, (_BEFORE_ONE_SYLLABLE, 0)) if _has_one_syllable(base) else swallowed


def _has_one_syllable(base: str) -> bool:
    return sum(letter in _VOWELS for letter in base) == 1


def _openings() -> _Openings:
    """Return every opening that the rules can make, whatever the base."""
    kept_nasals = {(kept, "") for kept, _ in _NASAL.values()} | {(_BEFORE_ONE_SYLLABLE, "")}
    joints: Mapping[Joint, set[tuple[str, str]]] = {
        "": {("", "")},
        "R": {("", ""), ("r", "")},
        "N": kept_nasals | {(nasal, letter) for letter, (_, nasal) in _NASAL.items() if nasal},
        "ng": {("ng", ""), (_BEFORE_ONE_SYLLABLE, "")} | {(nasal, letter) for letter, nasal in _OF_HEADLINES.items()},
    }
    rules: dict[str, dict[str, list[tuple[Rule, str]]]] = {}
    for rule in _RULES:
        for between, swallowed in joints[rule.joint]:
            rules.setdefault(rule.prefix + between, {}).setdefault(swallowed, []).append((rule, between))
    return {opening: list(by_swallowed.items()) for opening, by_swallowed in rules.items()}


_OPENINGS = _openings()
_LONGEST_OPENING = max(map(len, _OPENINGS))
