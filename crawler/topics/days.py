"""The days of `after:` and `before:` in the time of Jakarta."""

import re
from datetime import datetime
from typing import Final

from crawler.dates import ZONES

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
