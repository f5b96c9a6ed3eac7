"""A query cut into pieces: words, phrases, operators, brackets and fields, each with its place."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, NoReturn, TypeAlias, get_args

from crawler.errors import QueryError
from crawler.nearest import nearest_name
from crawler.topics.tree import FacetName, TextField
from crawler.topics.words import split

PieceKind: TypeAlias = Literal["word", "phrase", "family", "field", "open", "close", "and", "or", "not", "near", "end"]

QUOTES: Final = '"“”„‟«»＂'
TEXT_FIELDS: Final[Mapping[str, TextField]] = MappingProxyType({name: name for name in get_args(TextField)})
FACETS: Final[Mapping[str, FacetName]] = MappingProxyType({name: name for name in get_args(FacetName)})
DATES: Final = ("after", "before")
FIELDS: Final = (*TEXT_FIELDS, *FACETS, *DATES)
NEAR_WITHIN: Final = 10
MOST_WITHIN: Final = 100
# What people write before a colon when they mean one of the fields.
_MEANT: Final[Mapping[str, str]] = MappingProxyType(
    {
        wrong: field
        for field, wrongs in (
            ("title", "judul headline"),
            ("lead", "teras subjudul"),
            ("text", "isi teks body konten content"),
            ("tag", "tags label keyword"),
            ("author", "penulis wartawan reporter jurnalis"),
            ("section", "rubrik kanal kategori category"),
            ("region", "daerah wilayah site situs"),
            ("kind", "jenis tipe type"),
            ("topic", "topik topics"),
            ("after", "sejak setelah sesudah mulai since from tgl tanggal date hari bulan tahun"),
            ("before", "sebelum hingga sampai until"),
        )
        for wrong in wrongs.split()
    }
)
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
    | (?P<field>[A-Za-z]++:)
    | (?P<word>[^\s(){QUOTES}]++)
    """,
    re.VERBOSE,
)
_WORD: Final = re.compile(rf"[^\s(){QUOTES}]++")
# "near" in small letters is an English word.
_NEAR: Final = re.compile(r"NEAR|(?:NEAR|near|Near)/.*")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_SIGNS: Final[Mapping[str | None, PieceKind]] = MappingProxyType(
    {"open": "open", "close": "close", "not": "not", "family": "family"}
)
_OPERATORS: Final[Mapping[str, PieceKind]] = MappingProxyType({"and": "and", "or": "or", "not": "not"})
# Shorter names before a colon are none of ours: "QS:2", "a:b".
_FEWEST_LETTERS: Final = 3
_MOST_SHOWN: Final = 40
# Less alike is another word: "LIVE:" is not meant to be lead.
_LIKENESS: Final = 0.7


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
            name = _field_name(text, found)
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


def refuse(reason: str, *, text: str, column: int, mended: str | None = None) -> NoReturn:
    """Tell what is wrong at `text[column]`; `mended` is the text after this one mistake was mended.

    Raises:
        QueryError: Always.
    """
    mend = None if mended is None else " ".join(_printable(mended).split())
    raise QueryError(reason, column=min(column, len(text)) + 1, mend=mend or None)


def put(text: str, piece: Piece, value: str) -> str:
    """Return the query with a value in the place of the piece."""
    return f"{text[: piece.start]}{value}{text[piece.end :]}"


def shown(text: str) -> str:
    """Return a piece of a query as a message shows it: on one line, cut when it is long."""
    printed = _printable(text)
    return printed if len(printed) <= _MOST_SHOWN else f"{printed[:_MOST_SHOWN]}…"


def _printable(text: str) -> str:
    """Return the text without what cannot be seen, such as soft hyphens, and with spaces for all other such things."""
    seen = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return "".join(letter if letter.isprintable() else " " for letter in seen)


def _refuse_quote(text: str, at: int) -> NoReturn:
    is_last = not split(text[at:])
    refuse(
        "this quotation mark is never closed; write a second one, or leave it out",
        text=text,
        column=at,
        mended=text[:at] if is_last else f'{text}"',
    )


def _field_name(text: str, found: re.Match[str]) -> str | None:
    """Return the field that these letters and their colon name; None where they are words, as in "Catatan: ".

    Letters glued to what follows look like a field, and are refused when there is none of this name: to search for
    the words would answer another question, and find nothing.
    """
    wrong = found["field"].removesuffix(":")
    name = wrong.casefold()
    if name in FIELDS:
        return name
    rest = text[found.end() :]
    is_glued = bool(rest) and not rest[0].isspace() and rest[0] != ")" and not rest.startswith("//")
    if name not in _MEANT and (not is_glued or len(name) < _FEWEST_LETTERS):
        return None
    meant = _MEANT.get(name) or nearest_name(name, FIELDS, likeness=_LIKENESS)
    if meant is not None:
        mended = f"{text[: found.start()]}{meant}:{rest}"
        mend = f"write {meant}:"
    else:
        mended = f"{text[: found.end()]} {rest}"
        mend = f"the fields are {' '.join(f'{field}:' for field in FIELDS)}"
    refuse(
        f"there is no field {shown(wrong)}:, {mend}; in quotation marks it is a word",
        text=text,
        column=found.start(),
        mended=mended,
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
        mended = f"{text[:start]}OR{text[end:]}"
        refuse(f"{raw[:2]} is not understood, write OR or leave it out", text=text, column=start, mended=mended)
    elif raw[0] == "!" and split(raw):
        mended = f"{text[:start]}-{text[start:].lstrip('!')}"
        refuse(
            "! is not understood; write - or NOT before what must not be there", text=text, column=start, mended=mended
        )
    elif split(raw) or "*" in raw or raw == "~":
        yield Piece("word", raw, start, end)


def _within(text: str, start: int, end: int) -> int:
    """Return how many words may stand between the two of a NEAR."""
    if end - start == len("near"):
        return NEAR_WITHIN
    number = text[start + len("near/") : end]
    within = int(number) if _NUMBER.fullmatch(number) else None
    if within is not None and 1 <= within <= MOST_WITHIN:
        return within
    meant = NEAR_WITHIN if within is None else max(1, min(within, MOST_WITHIN))
    refuse(
        f"behind NEAR/ stands how many words may be between the two, from 1 to {MOST_WITHIN}, not {shown(number)!r}",
        text=text,
        column=start,
        mended=f"{text[:start]}NEAR/{meant}{text[end:]}",
    )
