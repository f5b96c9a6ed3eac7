"""Telling what is wrong in a query: where, what was expected, and the query as it may have been meant."""

import unicodedata
from typing import Final

from crawler.errors import QueryError

_MOST_SHOWN: Final = 40


def mistake(reason: str, *, text: str, column: int, mended: str | None = None) -> QueryError:
    """Return the error that tells what is wrong at `text[column]`; `mended` is the text without this one mistake."""
    mend = None if mended is None else " ".join(_printable(mended).split())
    return QueryError(reason, column=min(column, len(text)) + 1, mend=mend or None)


def put(text: str, start: int, end: int, value: str) -> str:
    """Return the text with a value in the place of `text[start:end]`."""
    return f"{text[:start]}{value}{text[end:]}"


def shown(text: str) -> str:
    """Return a piece of a query as a message shows it: on one line, cut when it is long."""
    printed = _printable(text)
    return printed if len(printed) <= _MOST_SHOWN else f"{printed[:_MOST_SHOWN]}…"


def _printable(text: str) -> str:
    """Return the text without what cannot be seen, such as soft hyphens, and with spaces for all other such things."""
    seen = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return "".join(letter if letter.isprintable() else " " for letter in seen)
