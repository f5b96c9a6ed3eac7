"""Brands and datelines: "TRIBUNNEWS.COM, JAKARTA - " and every other form in which the network begins a report."""

import re

from crawler.article import Dateline

# Brands that do not begin with "Tribun"; the others are known by the pattern, typing errors included.
_OTHER_BRANDS = (
    r"(?:WARTAKOTALIVE|WARTAKOTA|SURYAMALANG|SURYA|POS-?KUPANG|SERAMBINEWS|SERAMBI|PROHABA|SRIPOKU|BANGKA-?POS|"
    r"POS-?BELITUNG|BANJARMASIN-?POST|KOMPAS|KONTAN|GRIDHOT|GRID|NOVA|BOLASPORT|PARAPUAN)"
)
_ENDING = r"\s?\.\s?(?:COM|CO\.ID|CO|ID|NET)(?!\w)"
BRAND_WITH_ENDING = rf"(?:TRIBUN(?:[ -]?\w{{1,30}})?{_ENDING}|{_OTHER_BRANDS}{_ENDING})"
# Without its ending a brand counts only in capitals: "MANADO, TRIBUN - ".
_BRAND = rf"(?:{BRAND_WITH_ENDING}|(?-i:TRIBUN|SURYA|POS-KUPANG|BANGKA POS)(?!\w))"
_WORD = r"[^\W\d][\w.'’/()]{0,30}"
_CITY = rf"(?:{_WORD}(?:[ -]{_WORD}){{0,4}})"
_DASH = r"\s?(?:-{1,3}|[–—]{1,2})\s*"
_DATELINE = re.compile(
    rf"(?P<brand>{_BRAND})\s?(?:[,|]\s?(?P<city>{_CITY})?[,.]?)?{_DASH}"
    rf"|(?P<city_first>{_CITY})\s?,\s?(?P<brand_last>{_BRAND}){_DASH}",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?P<brand>{BRAND_WITH_ENDING})\s?(?:[,|]\s?(?P<city>{_CITY}))?", re.IGNORECASE)
# A dateline ends within so many letters; one without a dash stands alone on its line.
_REACH = 130
LONGEST_ALONE = 70

_PAGE = re.compile(r"[-–—|]\s?Halaman\s([1-9]\d{0,2})\b", re.IGNORECASE)
_MOST_SUFFIXES = 2
_SITE_NAME = re.compile(
    rf"\s?[-–—|]\s?(?:Halaman\s(?:\d{{1,3}}|all|semua)|{BRAND_WITH_ENDING}|TRIBUN(?:NEWS)?(?:\s\w{{1,30}})?)$",
    re.IGNORECASE,
)


def split_dateline(line: str) -> tuple[Dateline, str] | None:
    """Return the dateline at the beginning of a paragraph and the text after it ("" where none follows)."""
    if not _may_have_dateline(line):
        return None
    if found := _DATELINE.match(line, 0, _REACH):
        brand = found["brand"] or found["brand_last"]
        return Dateline(brand=brand, city=found["city"] or found["city_first"]), line[found.end() :]
    found = _ALONE.fullmatch(line) if len(line) <= LONGEST_ALONE else None
    return (Dateline(brand=found["brand"], city=found["city"]), "") if found else None


def _may_have_dateline(line: str) -> bool:
    """Tell quickly whether a line may begin with a dateline: by a dash (or little else), and a brand."""
    start = line[:LONGEST_ALONE]
    if "-" not in start and "–" not in start and "—" not in start and len(start) == LONGEST_ALONE:
        return False
    if "TRIBUN" in start or "SURYA" in start or "POS" in start:
        return True
    if "." not in start:
        return False
    start = start.upper()
    return ".C" in start or ".I" in start or ". C" in start or ". I" in start or ".N" in start or ". N" in start


def page_in_title(title: str) -> int | None:
    """Return 2 where " - Halaman 2" stands behind a title."""
    found = _PAGE.search(title)
    return int(found[1]) if found else None


def without_site_name(title: str) -> str:
    """Return a title without " - Tribunnews.com" and " - Halaman 2" behind it."""
    for _ in range(_MOST_SUFFIXES):
        if not ("-" in title or "–" in title or "—" in title or "|" in title):
            break
        found = _SITE_NAME.search(title)
        if not found or not found.start():
            break
        title = title[: found.start()]
    return title
