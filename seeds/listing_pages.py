"""The index of news with its quirks, and the pages that say no."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from html import escape
from urllib.parse import parse_qs

from seeds import noise
from seeds.body import Body, Part, join
from seeds.desk import Entry
from seeds.pages import site_header
from seeds.sites import WITHOUT_PRINTED_ZONE, Site, print_moment, slug_of

PER_PAGE = 20
# Without a date, the index shows this page again for every later one.
LAST_UNDATED_PAGE = 10

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def index_news(site: Site, section: str | None, query: str, entries: Sequence[Entry], now: datetime) -> Body:
    """Return one page of the index: 20 articles of a day (`date=2026-7-24`), or of all days on ten pages at most."""
    fields = parse_qs(query)
    day = _day(fields)
    asked = max(1, _number(fields))
    page = asked if day else min(asked, LAST_UNDATED_PAGE)
    listed = [entry for entry in entries if section is None or entry.section == section]
    if day:
        listed = _of_day(listed, day, site)
    shown = listed[(page - 1) * PER_PAGE : page * PER_PAGE]
    has_next = len(listed) > page * PER_PAGE
    path = "/index-news" + (f"/{section}" if section else "")
    rows = [_index_row(entry, site) for entry in shown]
    if shown:
        rows.insert(min(7, len(rows)), _tag_row(shown[0], site))
    title = f"Indeks Berita {section.title() + ' ' if section else ''}Terbaru Hari Ini - {site.spoken}"
    return site_page(
        site,
        (title, f"https://{site.host}{path}"),
        now,
        '<div class="content">\n  <div class="p2030">\n    <div class="pt10">\n'
        f'      <span class="fbo f14 pr20">Halaman {asked}</span>'
        f"\n{_selects(day or now.astimezone(site.tzinfo).date())}    </div>\n"
        f'    <div class="pt10 pb10">\n      <ul class="lsi">\n{"".join(rows)}      </ul>\n    </div>\n'
        f"{_index_pager(site, path, day, asked, has_next=has_next)}  </div>\n</div>\n",
    )


def _of_day(entries: Sequence[Entry], day: date, site: Site) -> list[Entry]:
    """Return what was printed on a day; on even days the last article of the day before is shown once more."""
    local = [(entry, entry.published_at.astimezone(site.tzinfo).date()) for entry in entries]
    of_day = [entry for entry, printed_on in local if printed_on == day]
    before = [entry for entry, printed_on in local if printed_on == day - timedelta(days=1)]
    return of_day + before[:1] if of_day and day.day % 2 == 0 else of_day


def _day(fields: Mapping[str, list[str]]) -> date | None:
    found = _DAY.fullmatch(fields.get("date", [""])[0])
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _number(fields: Mapping[str, list[str]]) -> int:
    asked = fields.get("page", ["1"])[0]
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004  - longer is nonsense


def _index_row(entry: Entry, site: Site) -> str:
    printed = print_moment(entry.published_at, site, with_zone=site.host not in WITHOUT_PRINTED_ZONE)
    topic = ""
    if entry.topic_line:
        name = escape(entry.topic_line)
        topic = (
            f'          <h4 class="red fbo2 f14"><a href="https://{site.host}/topic/{slug_of(entry.topic_line)}" '
            f'title="{name}">{name}</a></h4>\n'
        )
    return _row(printed, topic, entry.url, entry.title)


def _tag_row(entry: Entry, site: Site) -> str:
    tag = entry.tags[0] if entry.tags else "Berita Hari Ini"
    return _row(print_moment(entry.published_at, site), "", f"https://{site.host}/tag/{slug_of(tag)}", tag)


def _row(printed: str, topic: str, url: str, title: str) -> str:
    shown = escape(title)
    return (
        f'        <li class="ptb15">\n          <time class="grey">{printed}</time>\n{topic}'
        f'          <h3 class="f16 fbo">\n            <a href="{url}" title="{shown}">\n              {shown}\n'
        "            </a>\n          </h3>\n        </li>\n"
    )


def _selects(chosen: date) -> str:
    return "".join(
        f'      <select id="{name}index"><option value="{value}" selected="selected">{value}</option></select>\n'
        for name, value in (("day", chosen.day), ("month", chosen.month), ("year", chosen.year))
    )


def _index_pager(site: Site, path: str, day: date | None, page: int, *, has_next: bool) -> str:
    dated = f"date={day.isoformat()}&amp;" if day else ""

    def link(number: int, label: str) -> str:
        return f'<a href="https://{site.host}{path}?{dated}page={number}">{label}</a>'

    links = [link(page - 1, "Prev")] if page > 1 else []
    links += [f'<a class="active" href="#">{page}</a>']
    links += [link(page + 1, str(page + 1)), link(page + 1, "Next")] if has_next else []
    return f'    <div id="paginga"><div class="paging">{" ".join(links)}</div></div>\n'


def refusal_page(site: Site, status: int, now: datetime) -> Body:
    """Return the page that says that there is nothing here (404), or no longer (410), with all that surrounds it."""
    said = "Halaman tidak ditemukan" if status == 404 else "Halaman ini sudah dihapus"  # noqa: PLR2004  - HTTP's number
    return site_page(
        site,
        (f"{said} - {site.spoken}", f"https://{site.host}/"),
        now,
        f'<div class="error-page"><h1 class="f50">{status}</h1>\n'
        f'<p class="f20">{said}. Coba cari berita lain di bawah ini.</p></div>\n',
        noise.recommendations(site, 0),
        noise.latest(site, 0),
    )


def site_page(site: Site, head: tuple[str, str], now: datetime, main: str, *boxes: Part) -> Body:
    """Return a page that is no article; its head has a title and a canonical address."""
    title, canonical = head
    today = now.astimezone(site.tzinfo).date()
    return join(
        [
            '<!DOCTYPE html>\n<html lang="id-ID">\n<head>\n<meta charset="utf-8">\n',
            f"<title>{escape(title)}</title>\n",
            '<meta property="og:type" content="article" />\n',
            f'<link rel="canonical" href="{canonical}"/>\n',
            noise.head_scripts(site),
            f"</head>\n<body>\n{site_header(site, today)}",
            noise.menu(site),
            main,
            *boxes,
            noise.list_script(site, 0),
            noise.footer(site, today.year),
            "</body>\n</html>\n",
        ]
    )
