"""The opening of a plain-text rendering: what stands above the text, told by its order and by what it cannot be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from crawler.dates import parse_printed_date, parse_printed_day
from crawler.parser import conventions, people
from crawler.parser.captions import photo_above
from crawler.parser.cuts import Cuts, note
from crawler.parser.datelines import split_dateline
from crawler.parser.lines import TAYANG, Line, starts, zoom_title
from crawler.parser.titles import LONGEST_TOPIC_LINE, MOST_BRANDING_LINES, MOST_HEAD_LINES, like_slug, title_among

_LABEL = re.compile(r"(?:penulis|editor)\s?:?", re.IGNORECASE)
_AGO = re.compile(
    r"(?:(?:baru\ssaja|kemarin)|\d{1,3}\s(?:detik|menit|jam|hari|minggu|bulan|tahun)"
    r"(?:\sdan\s\d{1,2}\s(?:detik|menit|jam|hari))?(?:\syang)?\slalu)",
    re.IGNORECASE,
)
_TICKER = re.compile(r"breaking\snews\s?:.*", re.IGNORECASE)
# What menus above a headline print, a word a line; one of them alone may also be the section of the article.
_MENU = frozenset(
    {
        *(
            "home",
            "beranda",
            "menu",
            "login",
            "masuk",
            "search",
            "cari",
            "tribunnews.com",
            "tribunnews",
            "tribun network",
        ),
        *(
            "news",
            "nasional",
            "regional",
            "metropolitan",
            "internasional",
            "bisnis",
            "new economy",
            "ekonomi",
            "superskor",
        ),
        *(
            "sport",
            "superball",
            "seleb",
            "lifestyle",
            "travel",
            "parapuan",
            "kesehatan",
            "corona",
            "otomotif",
            "techno",
        ),
        *(
            "tribunners",
            "video",
            "images",
            "foto",
            "podcast",
            "indeks",
            "topik",
            "berita terkini",
            "terkini",
            "populer",
        ),
        *("ramadan", "musik", "pilkada", "pemilu", "mata lokal", "tribunx", "premium", "epaper", "lokal", "opini"),
    }
)
_SECTION = re.compile(r"tribun(?:\s\w{3,20})?", re.IGNORECASE)
_ONLY_MENU = frozenset(
    {"home", "beranda", "menu", "login", "masuk", "search", "cari", "tribunnews.com", "tribun network"}
)
# A lead is mostly not longer, and a title never.
_LONGEST_LEAD = 400
_LONGEST_NAME = 60
_CREDIT_START = re.compile(
    r"(?:tribun|kolase|foto|dok|istimewa|tangkapan|screenshot|instagram|via|for|handout)", re.IGNORECASE
)
_MOST_WORDS_OF_NAME = 5


@dataclass(slots=True)
class Opening:
    """What stands above photos and text; filled from the first line on.

    `extra` are head lines below the lead: a second headline mostly, which the dateline below it will tell.
    """

    title: str | None = None
    topic_line: str | None = None
    lead: str | None = None
    bylines: tuple[str, ...] = ()
    printed_date: str | None = None
    viewed_on: date | None = None
    disclaimers: list[Line] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)
    is_below_sizes: bool = False


def cut_opening(lines: Sequence[Line], *, slug: str = "", cuts: Cuts = None) -> tuple[Opening, list[Line]]:
    """Return what stands above photos and text, and the lines below it; the slug of the address knows the title."""
    opening = Opening()
    rest = _without_menus(lines, opening, cuts)
    button = next((title for line in rest if line.kind == "zoom" and (title := zoom_title(line.text))), None)
    end, is_sure = _head_end(rest)
    button = button or like_slug([line.text for line in rest[:end]], slug)
    names_follow = end < len(rest) and _is_credit_line(rest[end])
    _take_head(rest[:end], opening, button=button, names_follow=names_follow, cuts=cuts)
    if not is_sure:
        # Nothing tells a lead from the first paragraph: in doubt it is text.
        below = len(opening.extra) + (opening.lead is not None)
        opening.lead, opening.extra = None, []
        return opening, rest[end - below :]
    return opening, _take_credits(rest[end:], opening, cuts)


def printed_day(line: str) -> date | None:
    """Return the day that a line prints, with a time or without one."""
    try:
        return parse_printed_day(line)
    except ValueError:
        return moment.date() if (moment := _printed_moment(line)) else None


def _printed_moment(line: str) -> datetime | None:
    try:
        return parse_printed_date(line)
    except ValueError:
        return None


def _without_menus(lines: Sequence[Line], opening: Opening, cuts: Cuts) -> list[Line]:
    """Return the lines from the topic line or the title on."""
    number = 0
    while number < len(lines):
        line = lines[number]
        menu = number
        while menu < len(lines) and lines[menu].text.lower() in _MENU:
            menu += 1
        if day := printed_day(line.text):
            opening.viewed_on = opening.viewed_on or day
            note(cuts, "header date", line.text)
        elif line.kind == "sizes" or line.text == "|":
            note(cuts, "text sizes", line.text)
        elif _TICKER.fullmatch(line.text):
            note(cuts, "ticker", line.text)
        elif conventions.is_disclaimer(line.text):
            opening.disclaimers.append(line)
        elif not number and _is_section(lines):
            # "Tribun Ramadan" may be the topic as well, where no other stands below it.
            opening.topic_line = line.text if " " in line.text else None
            note(cuts, "menu", "" if opening.topic_line else line.text)
        elif menu - number > 1 or (menu > number and line.text.lower() in _ONLY_MENU):
            for each in lines[number:menu]:
                note(cuts, "menu", each.text)
            number = menu - 1
        else:
            break
        number += 1
    return list(lines[number:])


def _is_section(lines: Sequence[Line]) -> bool:
    """Tell whether the first line is the name that m. gives its sections, "Tribun" or "Tribun Ramadan"."""
    is_head = len(lines) > 1 and not _is_credit_line(lines[1])
    return _SECTION.fullmatch(lines[0].text) is not None and (is_head or printed_day(lines[1].text) is not None)


def _head_end(lines: Sequence[Line]) -> tuple[int, bool]:
    """Return how many lines may be topic line, title, lead and second headline, and whether what follows shows it."""
    for number in range(1, min(len(lines), MOST_HEAD_LINES + MOST_BRANDING_LINES + 1)):
        line = lines[number]
        if (
            _is_credit_line(line)
            or line.kind in {"zoom", "sizes"}
            or starts(line)
            or conventions.is_disclaimer(line.text)
        ):
            return number, True
        if people.reporters(line.text) is not None or photo_above(lines, number, is_lone=False):
            return number, True
        if line.text[0].islower() and len(line.text) > LONGEST_TOPIC_LINE:
            # A later page goes on in the middle of a sentence, below title and lead.
            return number, True
        if line.kind != "line" or len(line.text) > _LONGEST_LEAD or _is_listed(line.text):
            return number, False
    return min(len(lines), MOST_HEAD_LINES), False


def _is_listed(line: str) -> bool:
    return (
        conventions.related_title(line) is not None
        or conventions.opens_links(line)
        or conventions.item_text(line) is not None
    )


def _is_credit_line(line: Line) -> bool:
    """Tell whether a line names the time or the people of an article."""
    text = line.text
    return line.kind == "line" and (
        text == "|"
        or _LABEL.fullmatch(text) is not None
        or people.is_byline(text)
        or TAYANG.fullmatch(text) is not None
        or _AGO.fullmatch(text) is not None
        or printed_day(text) is not None
    )


def _take_head(head: Sequence[Line], opening: Opening, *, button: str | None, names_follow: bool, cuts: Cuts) -> None:
    """Put the first lines where they belong: branding, topic line, title, lead."""
    if not head:
        return
    lines = [line.text for line in head]
    title, has_topic = title_among(lines, button=button, names_follow=names_follow)
    for line in lines[: title - has_topic]:
        note(cuts, "branding line", line)
    if has_topic:
        note(cuts, "menu", opening.topic_line or "")
        opening.topic_line = lines[title - 1]
    opening.title = lines[title] if split_dateline(lines[title]) is None else None
    opening.lead = lines[title + 1] if title + 1 < len(lines) else None
    opening.extra = list(head[title + 2 :]) if opening.title else list(head)


def _take_credits(lines: Sequence[Line], opening: Opening, cuts: Cuts) -> list[Line]:
    """Take bylines, times and the menu of letter sizes off the lines below the title; return the lines after them."""
    number = 0
    while number < len(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if lines[number].kind == "sizes":
            opening.is_below_sizes = True
            note(cuts, "text sizes", lines[number].text)
            number += 1
        elif taken := _take_labelled(lines[number], following, opening, cuts) or _take_time(
            lines[number], opening, cuts
        ):
            number += taken
        elif lines[number].text == "|":
            number += 1
        elif opening.lead is None and following and _is_late_lead(lines[number], following, opening):
            opening.lead = lines[number].text
            number += 1
        else:
            break
    return list(lines[number:])


def _take_labelled(line: Line, following: Line | None, opening: Opening, cuts: Cuts) -> int:
    """Take "Tayang:", "Penulis:" or "Editor:", what is behind it, or else what is below it; return how many lines."""
    text = line.text
    below = None
    if found := TAYANG.fullmatch(text):
        if following and not found["date"] and _printed_moment(following.text):
            below = following
        opening.printed_date = opening.printed_date or (below.text if below else found["date"])
        note(cuts, "time of publication", text)
    elif _LABEL.fullmatch(text):
        if following and _is_name(line, following):
            below = following
            opening.bylines += (f"{text.rstrip(': ')}: {below.text}",)
        note(cuts, "byline", text)
    elif people.is_byline(text):
        opening.bylines += (text,)
        note(cuts, "byline", text)
    else:
        return 0
    note(cuts, "byline" if _LABEL.fullmatch(text) else "time of publication", below.text if below else "")
    return 2 if below else 1


def _take_time(line: Line, opening: Opening, cuts: Cuts) -> int:
    """Take a date, with its time or without, or how long ago it was; return how many lines."""
    text = line.text
    if _AGO.fullmatch(text):
        note(cuts, "time that passed", text)
    elif _printed_moment(text):
        opening.printed_date = opening.printed_date or text
        note(cuts, "time of publication", text)
    elif day := printed_day(text):
        opening.viewed_on = opening.viewed_on or day
        note(cuts, "header date", text)
    else:
        return 0
    return 1


def _is_late_lead(line: Line, following: Line, opening: Opening) -> bool:
    """Tell whether a line is the lead that some renderings print below time, names or the menu of letter sizes."""
    if line.kind != "line" or starts(line) or _is_listed(line.text) or len(line.text) > _LONGEST_LEAD:
        return False
    is_above_text = (
        opening.is_below_sizes and split_dateline(following.text) is not None and not line.text.endswith(")")
    )
    return is_above_text or (_is_credit_line(following) and not people.may_be_credit(line.text))


def _is_name(label: Line, line: Line) -> bool:
    """Tell whether a line below "Penulis:" is a name, and not what stands below a label that nobody filled."""
    text = line.text
    if line.kind != "line" or len(text) > _LONGEST_NAME or _LABEL.match(text) or _is_credit_line(line) or starts(line):
        return False
    if text == "|" or any(map(str.isdigit, text)) or "/" in text or text.endswith((".", ":", "?", "!")):
        return False
    if line.group == label.group:
        return True
    words = text.split()
    looks_like_name = len(words) > 1 and all(map(str.istitle, words)) and not _CREDIT_START.match(text)
    return len(words) <= _MOST_WORDS_OF_NAME and (looks_like_name or not people.may_be_credit(text))
