"""A query cut into pieces: words, phrases, operators, brackets and fields, each with its place."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, NoReturn, TypeAlias

from crawler.topics.fields import field_name
from crawler.topics.mending import mistake, put, shown
from crawler.topics.words import split

PieceKind: TypeAlias = Literal["word", "phrase", "family", "field", "open", "close", "and", "or", "not", "near", "end"]

QUOTES: Final = '"“”„‟«»＂'
NEAR_WITHIN: Final = 10
MOST_WITHIN: Final = 100
_PIECE: Final = re.compile(
    rf"""
      (?P<space>\s++)
    | (?P<open>\()
    | (?P<close>\))
    | [{QUOTES}](?P<phrase>[^{QUOTES}]*+)[{QUOTES}]
    | (?P<quote>[{QUOTES}])
    # A dash is NOT where it stands before something; between two words it is a mark, as in "covid-19".
    | (?P<not>(?<![){QUOTES}])[-–−]++(?=[^\s)]))
    | (?P<family>~++(?=[^\s)]))
    | (?P<field>[A-Za-z]++\s*+[:=])
    | (?P<word>[^\s(){QUOTES}]++)
    """,
    re.VERBOSE,
)
_WORD: Final = re.compile(rf"[^\s(){QUOTES}]++")
# "near" in small letters is an English word; NEAR5 means NEAR/5.
_NEAR: Final = re.compile(r"NEAR[0-9]*|(?:NEAR|near|Near)/.*")
_SIGNS: Final[Mapping[str | None, PieceKind]] = MappingProxyType(
    {"open": "open", "close": "close", "not": "not", "family": "family"}
)
_OPERATORS: Final[Mapping[str, PieceKind]] = MappingProxyType({"and": "and", "or": "or", "not": "not"})


class Piece(NamedTuple):
    """One piece of a query: `text[start:end]`; `inside` is what it holds, a phrase without its marks."""

    kind: PieceKind
    inside: str
    start: int
    end: int
    within: int = 0


def cut(text: str) -> list[Piece]:
    """Return the pieces of a query in order; the last is its end.

    What holds no word, such as a lone "&", is left out.

    Raises:
        QueryError: A quotation mark is never closed, a field is unknown, or NEAR has no number that it can have.
    """
    pieces = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        # Every letter begins one of the pieces.
        assert found is not None  # noqa: S101
        kind = found.lastgroup
        if kind == "field":
            name = field_name(text, found)
            if name is None:
                found, kind = _WORD.match(text, at) or found, "word"
            else:
                pieces.append(Piece("field", name, at, found.end()))
        if kind == "quote":
            _refuse_quote(text, at)
        elif kind == "word":
            pieces.extend(_word(text, at, found.end()))
        elif kind == "phrase":
            if split(found["phrase"]):
                pieces.append(Piece("phrase", found["phrase"], at, found.end()))
        elif kind in _SIGNS:
            pieces.append(Piece(_SIGNS[kind], found.group(), at, found.end()))
        at = found.end()
    pieces.append(Piece("end", "", len(text), len(text)))
    return pieces


def _refuse_quote(text: str, at: int) -> NoReturn:
    is_last = not split(text[at:])
    raise mistake(
        "this quotation mark is never closed; write a second one, or leave it out",
        text=text,
        column=at,
        mended=text[:at] if is_last else f'{text}"',
    )


def _word(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield the piece of a run of letters and marks: an operator, or a word; nothing when no word is in it."""
    raw = text[start:end]
    operator = _OPERATORS.get(raw.casefold())
    if operator is not None:
        yield Piece(operator, raw, start, end)
    elif _NEAR.fullmatch(raw):
        yield Piece("near", raw, start, end, within=_within(text, start, end))
    elif raw.strip("|") == "":
        mended = put(text, start, end, "OR")
        raise mistake(f"{raw[:2]} is not understood, write OR or leave it out", text=text, column=start, mended=mended)
    elif raw[0] == "!" and split(raw):
        mended = f"{text[:start]}-{text[start:].lstrip('!')}"
        raise mistake(
            "! is not understood; write - or NOT before what must not be there", text=text, column=start, mended=mended
        )
    elif split(raw) or "*" in raw or raw == "~":
        yield Piece("word", raw, start, end)


def _within(text: str, start: int, end: int) -> int:
    """Return how many words may stand between the two of a NEAR."""
    number = text[start + len("near") : end]
    if not number:
        return NEAR_WITHIN
    asked = number.removeprefix("/")
    # In "NEAR/5b" only the space is missing.
    behind = asked.lstrip("0123456789")
    digits = asked.removesuffix(behind)
    # Four digits are too many words already, and Python reads no number of thousands.
    within = int(digits.lstrip("0")[:4] or 0)
    if asked != number and not behind and 1 <= within <= MOST_WITHIN:
        return within
    meant = max(1, min(within, MOST_WITHIN)) if digits else NEAR_WITHIN
    raise mistake(
        f"how many words may be between the two is written NEAR/5, from 1 to {MOST_WITHIN}, not {shown(asked)!r}",
        text=text,
        column=start,
        mended=put(text, start, end, f"NEAR/{meant} {behind if digits else ''}".rstrip()),
    )
