"""Dates as the network prints them: Indonesian under headlines, ISO in markup and sitemaps; never our own clock."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

Zone = Literal["WIB", "WITA", "WIT"]

# Source: Keppres 41/1987.
ZONES: Final[Mapping[Zone, timezone]] = MappingProxyType(
    {
        "WIB": timezone(timedelta(hours=7), "WIB"),
        "WITA": timezone(timedelta(hours=8), "WITA"),
        "WIT": timezone(timedelta(hours=9), "WIT"),
    }
)

_MONTHS: Final[Mapping[str, int]] = MappingProxyType(
    {
        spelling: number
        for number, spellings in enumerate(
            (
                "januari jan",
                "februari pebruari feb peb",
                "maret mar mrt",
                "april apr",
                "mei",
                "juni jun",
                "juli jul",
                "agustus agu agt ags agus",
                "september sept sep",
                "oktober okt",
                "november nopember nov nop",
                "desember des",
            ),
            start=1,
        )
        for spelling in spellings.split()
    }
)

_WEEKDAY = r"(?:senin|selasa|rabu|kamis|jum['’‘`]?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min)"
_DAY = rf"(?:{_WEEKDAY}\s?,?\s)?(?P<day>[0-9]{{1,2}})\s(?P<month>[a-z]{{3,9}})\.?\s(?P<year>[0-9]{{4}})"
_TIME = (
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?"
    r"(?:\s?(?P<zone>wib|wita|wit))?"
)
_PRINTED_DAY = re.compile(_DAY, re.IGNORECASE | re.ASCII)
# A label such as "Tayang:" may stand before it, a comma, dash, bar or "pukul" before the time.
_PRINTED_DATE = re.compile(
    rf"(?:[a-z]{{3,20}}\s?:\s?)?{_DAY}(?:\s?[,|–-])?\s(?:(?:pukul|jam)\s)?{_TIME}", re.IGNORECASE | re.ASCII
)
_ISO_DATE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})[T ]"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"\s?(?:(?P<utc>Z)|(?P<sign>[+-])(?P<offset_hours>[0-9]{2}):?(?P<offset_minutes>[0-9]{2})?)?",
    re.IGNORECASE | re.ASCII,
)

_ZONE_AT_END = re.compile(
    r"(?::[0-9.,]+\s?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)|wib|wita|wit)\s*$", re.IGNORECASE | re.ASCII
)

# A longer text is no date line; not looking at it keeps every call cheap.
_LONGEST = 100
# Outside of these the site has made a typing error ("4 Oktober 209").
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def parse_printed_date(text: str, *, default_zone: Zone = "WIB") -> datetime:
    """Return the moment printed under a headline or in an index row, with the offset of its zone.

    Args:
        text: The whole line and nothing else, for example "Jumat, 24 Juli 2026 17:25 WIB",
            "Kamis, 10 Februari 2022 23:28" or "Tayang: Senin, 24 Februari 2025 10:17 WIB".
            A weekday that does not fit the date is not minded: the site prints such, and the date is right.
        default_zone: Taken where none is printed.

    Raises:
        ValueError: The line is no such date ("3 jam lalu"), names an unknown month or a day that does not exist.
    """
    found = _PRINTED_DATE.fullmatch(_one_line(text))
    if not found:
        raise ValueError(f"no printed date and time: {text[:_LONGEST]!r}")
    zone = ZONES[_zone_named(found["zone"]) or default_zone]
    day = _printed_day(found)
    return datetime(
        day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), int(found["second"] or 0), tzinfo=zone
    )


# Every page that is fetched in a day shows that day.
@lru_cache(maxsize=8)
def parse_printed_day(text: str) -> date:
    """Return the day that a line such as "Sabtu, 4 Oktober 2025" prints; the line holds a day and no time.

    Raises:
        ValueError: The line is no such day, names an unknown month or a day that does not exist.
    """
    found = _PRINTED_DAY.fullmatch(_one_line(text))
    if not found:
        raise ValueError(f"no printed day: {text[:_LONGEST]!r}")
    return _printed_day(found)


def parse_iso_date(text: str, *, default_zone: Zone = "WIB") -> datetime:
    """Return the moment that markup or a sitemap gives, with its own offset.

    Args:
        text: For example "2026-07-24T17:16:29+07:00", "2026-07-24T12:40+07:00" or "2024-01-23 17:01:36".
        default_zone: Taken where no offset is given.

    Raises:
        ValueError: The text is no such moment. A day without a time is none: midnight would be an invention.
    """
    found = _ISO_DATE.fullmatch(_one_line(text))
    if not found:
        raise ValueError(f"no ISO date and time: {text[:_LONGEST]!r}")
    offset: tzinfo = ZONES[default_zone]
    if found["utc"]:
        offset = UTC
    elif found["sign"]:
        distance = timedelta(hours=int(found["offset_hours"]), minutes=int(found["offset_minutes"] or 0))
        offset = timezone(-distance if found["sign"] == "-" else distance)
    return datetime(
        _sensible_year(found["year"]),
        int(found["month"]),
        int(found["day"]),
        int(found["hour"]),
        int(found["minute"]),
        int(found["second"] or 0),
        tzinfo=offset,
    )


def names_zone(text: str) -> bool:
    """Tell whether a date that was read names its zone or offset: behind the time, where else nothing stands."""
    return _ZONE_AT_END.search(text) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split()) if len(text) <= 10 * _LONGEST else ""


def _printed_day(found: re.Match[str]) -> date:
    month = _MONTHS.get(found["month"].lower())
    if month is None:
        raise ValueError(f"unknown month: {found['month']!r}")
    return date(_sensible_year(found["year"]), month, int(found["day"]))


def _sensible_year(printed: str) -> int:
    year = int(printed)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"unlikely year: {printed}")
    return year


def _zone_named(printed: str | None) -> Zone | None:
    match (printed or "").upper():
        case "WIB":
            return "WIB"
        case "WITA":
            return "WITA"
        case "WIT":
            return "WIT"
        case _:
            return None
