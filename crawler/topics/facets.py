"""The values of `section: region: kind: topic:`, and of `after:` and `before:`, days in the time of Jakarta."""

import re
from datetime import datetime
from typing import Final, get_args

from crawler.article import Kind
from crawler.dates import ZONES
from crawler.nearest import nearest_name
from crawler.topics.lexer import Piece
from crawler.topics.mending import mistake, put, shown
from crawler.topics.tree import Dated, Facet, FacetName

_KINDS: Final[tuple[str, ...]] = get_args(Kind)

_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?")
_DAY_FIRST: Final = re.compile(r"(?:([0-9]{1,2})[-/.])?([0-9]{1,2})[-/.]([0-9]{4})")
# Before the first and after the last year nothing can be stored.
_YEARS: Final = range(1970, 3000)


def parse_day(text: str) -> datetime | None:
    """Return when a year, month or day begins, such as "2024", "2024-05" or "2024-05-01"; None when it is none."""
    found = _DAY.fullmatch(text)
    if found is None or int(found[1]) not in _YEARS:
        return None
    try:
        return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=ZONES["WIB"])
    except ValueError:
        return None


def meant_day(text: str) -> str | None:
    """Return the day that was written in another way, "1/5/2024" or "2024.5.1"; None when it is none."""
    if found := _YEAR_FIRST.fullmatch(text):
        parts = [found[1], found[2], found[3]]
    elif found := _DAY_FIRST.fullmatch(text):
        parts = [found[3], found[2], found[1]]
    else:
        return None
    day = "-".join(part.zfill(2) for part in parts if part)
    return day if parse_day(day) else None


def facet_of(piece: Piece, name: FacetName, *, text: str) -> Facet:
    """Return what a value of a facet asks for.

    Raises:
        QueryError: It is no name, or there is no such kind.
    """
    value = " ".join(piece.inside.strip(",;" if piece.kind == "word" else None).split())
    if "*" in value:
        mended = put(text, piece.start, piece.end, value.replace("*", ""))
        raise mistake(f"{name}: takes whole names, no star", text=text, column=piece.start, mended=mended)
    if name == "kind" and value.casefold() not in _KINDS:
        near = nearest_name(value, _KINDS)
        raise mistake(
            f"there is no kind {shown(value)}, there are {', '.join(_KINDS)}",
            text=text,
            column=piece.start,
            mended=put(text, piece.start, piece.end, near) if near else None,
        )
    return Facet(name, value)


def date_of(field: Piece, piece: Piece, *, text: str) -> Dated:
    """Return what `after:` or `before:` and the day behind it ask for.

    Raises:
        QueryError: It is no day.
    """
    day = piece.inside.strip(" ,;.") if piece.kind in {"word", "phrase"} else ""
    moment = parse_day(day)
    if moment is None:
        meant = meant_day(day)
        raise mistake(
            f"{field.inside}: needs a year, month or day behind it, such as 2024, 2024-05 or 2024-05-01",
            text=text,
            column=field.start,
            mended=put(text, piece.start, piece.end, meant) if meant else None,
        )
    return Dated(since=moment, until=None) if field.inside == "after" else Dated(since=None, until=moment)
