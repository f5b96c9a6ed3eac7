"""Who is named: authors and editors, reporters, and whose picture it is."""

import re
from functools import lru_cache
from typing import NamedTuple

from crawler.parser.datelines import BRAND_WITH_ENDING

_ROLE = re.compile(r"\b(penulis|editor)\s?:", re.IGNORECASE)
_STARTS_BYLINE = re.compile(r"\|?\s?(?:penulis|editor)\s?:", re.IGNORECASE)
_LONGEST_BYLINE = 200
_SPOKEN_ENDS = ("?", "!", "?”", "!”", '?"', '!"')
_REPORT = re.compile(
    r"laporan\s(?:"
    r"(?:tim\s)?(?:wartawan|reporter|kontributor|jurnalis|koresponden|citizen\sreporter)\s"
    rf"(?:[^,/|]{{3,40}}?\s?[,/|]|{BRAND_WITH_ENDING})\s?(?P<names>[^?!:|]{{2,90}})"
    r"|(?P<name>[^|,.:]{3,40})\s\|\s(?P<city>[^|.:]{3,40}))",
    re.IGNORECASE,
)
_LONGEST_REPORT = 130
# "Rudi Hartono, S.Sos": what stands behind the comma is no second person.
_DEGREE = re.compile(r"(?:[SMDA]|Ph|Sp|Dr|Ir)\.\s?[A-Z][\w.]*|S[EHT]|M[HMT]|MBA|MSi|Ak", re.ASCII)
_ROLES = frozenset({"penulis", "editor"})
# Told ten times as fast as where one name ends.
_BETWEEN = frozenset(",;/&")
_BETWEEN_NAMES = re.compile(r"\s?(?:[,;/&]|\sdan\s)\s?")

_BETWEEN_CREDITS = re.compile(r"\s?[;|]\s?")
_CREDIT = re.compile(
    r".{0,60}\S\s?/\s?\S.{0,60}"
    r"|(?:foto|dok|dokumentasi|dokumen|kolase|istimewa|ist|screenshot|tangkapan\slayar|capture|instagram|ig|youtube|"
    r"tiktok|facebook|twitter|generated|handout|ho|afp|ap|antara|reuters|xinhua|epa|getty|pexels|pixabay|freepik|"
    r"unsplash|via|for|kompas|tribun\w{0,30}|warta\w{0,30}|surya\w{0,30}|serambi\w{0,30}|pos-?kupang\w{0,30}|"
    r"bangka\w{0,30}|banjarmasin\w{0,30})\b.{0,110}"
    r"|.{0,90}\b(?:istimewa|afp|reuters|antara|getty\simages|tribun\w{0,30}(?:\.\w{2,4}){0,2})",
    re.IGNORECASE,
)
# A caption repeats its credit so often at most: as it is, and in brackets.
_PRINTED_AT_MOST = 2
_SENTENCE_ENDS = (".", "?", "!", ":")
_GLUED_BEHIND = (".", "!", "?", '"', "”")


class Bylines(NamedTuple):
    """The names of one or more lines such as "Penulis: X | Editor: Y"."""

    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


def is_byline(line: str) -> bool:
    """Tell whether the line names authors or editors, and is not what one of them says in an interview."""
    return (
        len(line) <= _LONGEST_BYLINE
        and _STARTS_BYLINE.match(line) is not None
        and not line.endswith(_SPOKEN_ENDS)
        and not (line.endswith(".") and line.rpartition(" ")[2].islower())
    )


# Whoever looks for names asks again for those that were found.
@lru_cache(maxsize=8)
def read_bylines(lines: tuple[str, ...]) -> Bylines:
    """Return the names printed after "Penulis:" and "Editor:"."""
    authors: list[str] = []
    editors: list[str] = []
    for line in lines:
        label, _, name = line.partition(":")
        labelled = [label, name] if label.lower() in _ROLES and ":" not in name else _ROLE.split(line)[1:]
        for role, printed in zip(labelled[::2], labelled[1::2], strict=True):
            (editors if role.lower() == "editor" else authors).extend(_names(printed))
    return Bylines(tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(editors)))


def reporters(line: str) -> tuple[str, ...] | None:
    """Return who wrote the report that a line such as "Laporan Wartawan Tribun Medan / X" announces."""
    if len(line) > _LONGEST_REPORT or line.endswith(_SENTENCE_ENDS):
        return None
    found = _REPORT.fullmatch(line)
    if found is None or (found["city"] and not f"{found['name']} {found['city']}".istitle()):
        return None
    return _names(found["names"] or found["name"])


def _names(printed: str) -> tuple[str, ...]:
    names: list[str] = []
    is_one = _BETWEEN.isdisjoint(printed) and " dan " not in printed
    for part in [printed] if is_one else _BETWEEN_NAMES.split(printed):
        name = part.strip(" |")
        if names and _DEGREE.fullmatch(name):
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return tuple(names)


def may_be_credit(line: str) -> bool:
    """Tell whether a line above a caption may be a credit line."""
    return not line.endswith(_SENTENCE_ENDS) and all(_CREDIT.fullmatch(part) for part in _BETWEEN_CREDITS.split(line))


def without_credit(caption: str, credit: str | None) -> tuple[str | None, str | None]:
    """Return credit and caption, the credit taken off the end of the caption, where it is printed once more.

    Where the credit is not known, brackets at the end that read like one, or are glued to a sentence, are it.
    """
    if credit is None and caption.endswith(")"):
        before, _, inside = caption[:-1].rpartition("(")
        if before.endswith(_GLUED_BEHIND) or (not any(map(str.isdigit, inside)) and _CREDIT.fullmatch(inside)):
            credit, caption = inside.strip(), before.rstrip()
    if credit:
        again = credit.lower()
        for _ in range(_PRINTED_AT_MOST):
            low = caption.lower()
            if low.endswith(f"({again})"):
                caption = caption[: -len(again) - 2].rstrip()
            elif low.endswith(again):
                caption = caption[: -len(again)].rstrip()
            else:
                break
    return credit or None, caption or None
