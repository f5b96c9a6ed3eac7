"""Which of the first lines of a plain-text rendering is the title."""

import re
from collections.abc import Sequence

# Regions and institutions print a label and a slogan of their own above the headline.
_SPONSOR = re.compile(
    r"aceh|bali|banten|bengkulu|gorontalo|jambi|lampung|riau|maluku(?:\sutara)?|papua(?:\s\w{5,12})?|di\syogyakarta|dki\sjakarta|"
    r"kepulauan\s(?:riau|bangka\sbelitung)|bangka\sbelitung|"
    r"(?:sulawesi|sumatera|kalimantan|jawa|nusa\stenggara)\s(?:utara|selatan|barat|timur|tengah|tenggara)|"
    r"(?:kota|kabupaten|pemkot|pemkab|pemprov)\s.{3,30}|\w{3,20}\s(?:mulia|maju|hebat|juara|sejahtera|berkah)|ypmak",
    re.IGNORECASE,
)
_SLOGAN = re.compile(
    r"(?:menuju|selamat\sdatang|yayasan|mewujudkan|bersama|membangun|untuk|demi|terwujudnya|maju)\b.{3,90}",
    re.IGNORECASE,
)
_LONGEST_SLOGAN = 90
# A topic line is short; a title is not.
LONGEST_TOPIC_LINE = 45
# Topic line, title, lead and second headline; so many lines at most stand above names, time, photo or text.
MOST_HEAD_LINES = 4
MOST_BRANDING_LINES = 2
_SENTENCE_ENDS = (".", "?", "!")
_WORD = re.compile(r"[^\W_]+")
# A slug shares at least so many words with its title.
_LEAST_SHARED = 3


def title_among(lines: Sequence[str], *, button: str | None, names_follow: bool) -> tuple[int, bool]:
    """Return which line is the title, and whether the one above it is the topic line."""
    start = _branding(lines)
    for number, line in enumerate(lines):
        if button and line.casefold() == button.casefold():
            return number, number > start and len(lines[number - 1]) <= LONGEST_TOPIC_LINE
    rest = lines[start:]
    if names_follow and len(rest) >= MOST_HEAD_LINES and _is_branding(rest):
        start, rest = start + MOST_BRANDING_LINES, rest[MOST_BRANDING_LINES:]
    if len(rest) > 1 and _is_topic_line(rest[0], rest[1]):
        return start + 1, True
    is_full = names_follow and len(rest) == MOST_HEAD_LINES - 1
    if (
        is_full
        and len(rest[0]) <= LONGEST_TOPIC_LINE
        and not rest[1].endswith(_SENTENCE_ENDS)
        and rest[2].endswith(".")
    ):
        return start + 1, True
    return start, False


def like_slug(lines: Sequence[str], slug: str) -> str | None:
    """Return the line that most of the slug was made of; slugs are cut short, and titles are edited afterwards."""
    wanted = set(slug.lower().split("-"))
    shares = {line: len(wanted.intersection(_WORD.findall(line.lower()))) for line in lines}
    best = max(shares, key=lambda line: shares[line], default=None)
    return best if best and shares[best] * 3 >= len(wanted) * 2 and shares[best] >= _LEAST_SHARED else None


def _branding(lines: Sequence[str]) -> int:
    """Return how many lines above topic line and title a sponsor printed, by what it is called and says."""
    if len(lines) <= MOST_BRANDING_LINES or len(lines[1]) > _LONGEST_SLOGAN:
        return 0
    is_known = _SPONSOR.fullmatch(lines[0]) and _SLOGAN.match(lines[1])
    return MOST_BRANDING_LINES if is_known else 0


def _is_branding(lines: Sequence[str]) -> bool:
    """Tell whether the first two of four lines and more are a sponsor's: the title is the first long line below."""
    label, slogan, title = lines[:3]
    return (
        len(label) <= LONGEST_TOPIC_LINE
        and len(slogan) <= _LONGEST_SLOGAN
        and len(title) > len(slogan)
        and not title.endswith(".")
    ) or (len(lines) > MOST_HEAD_LINES and _is_topic_line(lines[2], lines[3]))


def _is_topic_line(line: str, following: str) -> bool:
    """Tell a short line above a title from a short title above a lead: leads are sentences, titles have capitals."""
    if len(line) > LONGEST_TOPIC_LINE or len(following) <= len(line) or line.endswith(_SENTENCE_ENDS):
        return False
    words = [word for word in following.split() if word[0].isalpha() and len(word) > len("dari")]
    capitals = sum(word[0].isupper() for word in words)
    return not following.endswith(".") and capitals * 2 >= len(words)
