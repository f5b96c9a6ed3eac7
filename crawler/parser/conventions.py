"""How the network writes: what each kind of line looks like, one set of rules for both readers.

Every function looks at one tidied line and returns what it says, or None where it is no such line.
"""

import re
from functools import lru_cache

from crawler.article import Syndication
from crawler.parser import people
from crawler.parser.datelines import split_dateline

_RELATED = re.compile(
    r"\(?\s?(?:(?:baca|simak|lihat)\s(?:juga|selengkapnya|berita\sselengkapnya|artikel\slainnya)|baca|berita\sterkait)"
    r"\s?(?::|>+|»)\s?(?P<title>.*)",
    re.IGNORECASE,
)
_READ_ON = re.compile(
    r"(?:selengkapnya\sbaca|(?:baca|simak)\s(?:juga\s)?(?:ulasan\s|berita\s)?selengkapnya|baca\stautannya)\b[^:>]{0,60}",
    re.IGNORECASE,
)
_OPENS_LINKS = re.compile(r"baca\sjuga|berita\srekomendasi\s?:?|berita\sterkait", re.IGNORECASE)
# "Baca:" opens a link, and a line of a prayer; the link or the headline behind it tells.
_READ = re.compile(r"baca\s?:.*", re.IGNORECASE)
_FEWEST_WORDS = 4
_SHORT_WORD = len("yang")
_SENTENCE_ENDS = (".", ",", ";", ":")
_SYNDICATED = re.compile(
    r"\(?(?:artikel|berita)\s(?:(?:ini|berita)\s)?(?:telah|sudah|pernah)?\s?(?:tayang|terbit|dimuat|ditayangkan|"
    r"diterbitkan|dipublikasikan)\s(?:sebelumnya\s)?(?:di|pada|oleh)\s(?P<brand>[^,]{3,60}?)"
    r"(?:,?\s(?:dengan|berjudul)\s?(?:judul)?\s?:?\s?(?P<title>.+?))??"
    r"(?:[,.:]?\s?(?:klik\suntuk\sbaca\s?:?\s?)?(?P<url>https?://\S+?))?[.,)]*"
    r"(?:\s?(?P<bylines>(?:penulis|editor)\s?:.*))?",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(r"\([^()]{1,90}(?<![.?!])\)\.?|\([^()]{1,90}(?:\.\.\.|…)\)?|\*{1,5}|\*[^\s*][^*]{2,90}")
_SOURCE = re.compile(r"\(?sumber\s?:\s?(?P<name>[^)]{2,150}?)\)?", re.IGNORECASE)
_DISCLAIMER = re.compile(r"tribun+ers?\sadalah\splatform\s", re.IGNORECASE)
_SUMMARY = re.compile(r"ringkasan\sberita\s?:?\s?", re.IGNORECASE)

# A tail line is dropped wherever it stands; after one of the ends there is no text any more.
_END = re.compile(r"rekomendasi\suntuk\sanda|berita\sterkini|wiki\sterkait|©.*|\(c\)\s?20\d\d\b.*", re.IGNORECASE)
_TAIL = re.compile(
    r"ikuti\skami(?:\sdi)?|tags?\s?:|advertisement|"
    r"dapatkan\sberita\spilihan\s.{0,60}|baca\swhatsapp\s.{0,40}|"
    r"nikmati\sberita\sinteraktif\sdan\slive\sreport\s.{0,60}|"
    r"halaman\s(?:selanjutnya|berikutnya|sebelumnya)",
    re.IGNORECASE,
)
# The button over a picture repeats the headline, without a full stop; a sentence has one, or goes on in small letters.
_ZOOM = re.compile(
    r"(?:zoom-in|lihat\sfoto(?=\s?(?-i:[A-Z0-9“\"'‘(\[])|$))(?:.{0,300}[^.?!”\"])?",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"(?:simak|baca|ikuti|dapatkan|update|gabung|bergabung|cek|klik|follow)\b"
    r"(?=.{0,160}\b(?:google\snews|whatsapp|telegram|(?:saluran|channel)\s(?:tribun|wa\b)))"
    r"(?=.{0,160}\b(?:tribun|pos-?kupang|serambinews|surya(?:malang)?\.c|sripoku|bangkapos|"
    r"berita\s(?:terbaru|terkini|pilihan|lainnya)))"
    r".{0,200}",
    re.IGNORECASE,
)

_NOISE = (
    ("tail", _TAIL),
    ("tail", _END),
    ("zoom-in", _ZOOM),
    ("promotion", _PROMOTION),
    ("read on", _READ_ON),
    ("heading of links", _OPENS_LINKS),
)

_BULLET = re.compile(r"[-•*▪●·]\s(?=\S)")
_NUMBER = re.compile(r"\d{1,3}[.)]\s(?=\S)")
_QUOTE = re.compile(r"[“\"][^“”\"]+[”\"]")
# By one of these every line begins that is no paragraph, perhaps behind a bracket or a bar.
_SPECIAL_STARTS = (
    *(
        "baca",
        "simak",
        "lihat",
        "berita",
        "selengkapnya",
        "artikel",
        "penulis",
        "editor",
        "laporan",
        "sumber",
        # of readers' opinions; a dateline begins with another brand
        "tribuner",
        "tribunner",
        "tribunnner",
    ),
    *("ringkasan", "rekomendasi", "wiki", "©", "c) 20", "ikuti", "tag", "advert", "halaman"),
    *("dapatkan", "nikmati", "zoom", "update", "gabung", "bergabung", "cek", "klik", "follow"),
)
_LONGEST_START = max(map(len, _SPECIAL_STARTS))
# Most lines are told by three letters; the sign of copyright is the only start that is shorter.
_SHORTEST_START = 3
_FIRST_LETTERS = frozenset(start[:_SHORTEST_START] for start in _SPECIAL_STARTS)
_ODD_STARTS = frozenset("(|-•*▪●·©0123456789")
_QUOTATION_MARKS = frozenset('“"')
QUOTE_ENDS = frozenset('”"')
# A longer line is a paragraph, whatever its first words; not looking closer keeps every look cheap.
_LONGEST_SPECIAL = 800


def is_special(line: str) -> bool:
    """Tell whether the line may be anything else than a paragraph; a quick look that saves all the others."""
    start = line[: _LONGEST_START + 2].lower().lstrip("(| ")
    return (
        (start[:_SHORTEST_START] in _FIRST_LETTERS or start[:1] == "©")
        and start.startswith(_SPECIAL_STARTS)
        and len(line) <= _LONGEST_SPECIAL
    )


# Texts begin their lines with few words, and asking again costs a tenth of looking again.
@lru_cache(maxsize=4_096)
def begins_prose(letters: str) -> bool:
    """Tell by its first three letters whether a line is prose, and not the rest of another line.

    It may still be a row of a table. Of a line with other letters this says nothing.
    """
    first = letters[0]
    return not (first in _ODD_STARTS or first.islower() or letters.lower() in _FIRST_LETTERS)


def is_prose(line: str) -> bool:
    """Tell whether the line is a paragraph beyond doubt: neither special nor an item."""
    if line[0] in _ODD_STARTS or ("|" in line and " | " in line):
        return False
    return line[:_SHORTEST_START].lower() not in _FIRST_LETTERS or not line[:_LONGEST_START].lower().startswith(
        _SPECIAL_STARTS
    )


def is_apart(line: str) -> bool:
    """Tell whether the line is no part of the text: a link, a byline, a credit."""
    return is_special(line) and (
        related_title(line) is not None
        or people.is_byline(line)
        or people.reporters(line) is not None
        or source(line) is not None
        or syndication(line) is not None
        or is_disclaimer(line)
        or is_noise(line)
    )


def related_title(line: str) -> str | None:
    """Return the headline behind "Baca juga:" and its like; "" where the headline must follow on the next line."""
    found = _RELATED.fullmatch(line) if len(line) <= _LONGEST_SPECIAL else None
    if not found:
        return None
    title: str = found["title"].removesuffix(")")
    return title[:-1] if title[-1:].isspace() else title


def is_read(line: str) -> bool:
    """Tell whether the line begins with a bare "Baca:", which is a link only where there is one, or a headline."""
    return _READ.fullmatch(line) is not None


def is_headline(line: str) -> bool:
    """Tell whether the line is written like a headline: some words, most of them with a capital, no full stop."""
    words = [word for word in line.split() if word[0].isalpha()]
    long = [word for word in words if len(word) > _SHORT_WORD] or words
    return (
        len(words) >= _FEWEST_WORDS
        and not line.endswith(_SENTENCE_ENDS)
        and sum(word[0].isupper() for word in long) * 2 > len(long)
    )


def opens_links(line: str) -> bool:
    """Tell whether headlines of other articles follow below the line."""
    return _OPENS_LINKS.fullmatch(line) is not None


def noise(line: str) -> str | None:
    """Return which furniture of the page the line is, of which the text loses nothing; None for anything else."""
    return next((name for name, form in _NOISE if form.fullmatch(line)), None)


def is_noise(line: str) -> bool:
    """Tell whether the line is furniture of the page."""
    return noise(line) is not None


def is_end(line: str) -> bool:
    """Tell whether the text of a plain document ends before this line."""
    return _END.fullmatch(line) is not None


def is_disclaimer(line: str) -> bool:
    """Tell whether this is the sentence by which opinions of readers begin."""
    return _DISCLAIMER.match(line) is not None


def syndication(line: str) -> tuple[Syndication, str] | None:
    """Return the original that the line names, and bylines that were printed on the same line."""
    found = _SYNDICATED.fullmatch(line)
    if not found:
        return None
    title = found["title"].strip(" \"“”'") if found["title"] else None
    return Syndication(brand=found["brand"].strip(), title=title or None, url=found["url"]), found["bylines"] or ""


def is_sign_off(line: str) -> bool:
    """Tell whether the line has the form of a sign-off; the last line of a text of this form is one."""
    return _SIGN_OFF.fullmatch(line) is not None


def source(line: str) -> str | None:
    """Return who is named after "Sumber:"."""
    found = _SOURCE.fullmatch(line)
    return found["name"] if found else None


def summary_start(line: str) -> str | None:
    """Return what follows "Ringkasan Berita:" on its line, mostly ""."""
    found = _SUMMARY.match(line)
    return line[found.end() :] if found else None


def bullet_text(line: str) -> str | None:
    """Return a list line without its bullet; None where it has none."""
    found = _BULLET.match(line)
    return line[found.end() :] if found else None


def item_text(line: str) -> str | None:
    """Return a list line without its bullet, a numbered one or a table row as it is; None where it is neither."""
    is_odd = line[0] in _ODD_STARTS
    if is_odd and (found := _BULLET.match(line)):
        return line[found.end() :]
    if (is_odd and _NUMBER.match(line)) or (" | " in line and not split_dateline(line)):
        return line
    return None


def is_quote(line: str) -> bool:
    """Tell whether a line stands inside one pair of quotation marks."""
    return line[-1] in QUOTE_ENDS and line[0] in _QUOTATION_MARKS and _QUOTE.fullmatch(line) is not None
