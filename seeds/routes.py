"""From an address to an answer: which page it is, when it last changed, and whether the client has it already."""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from seeds import hubs, listing_pages, sitemaps
from seeds.body import Body, body_of
from seeds.desk import Desk, Entry, PageAsked, is_dated
from seeds.layouts import Door, Form, Layout, count_pages, door_of
from seeds.pages import article_page
from seeds.sites import Site, site_of

HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"
PLAIN = "text/plain; charset=UTF-8"
_PAGES_KEPT = 4096
# What changes on a list while time passes, though it lists the same.
_PASSING = re.compile(rb"\d+ menit lalu|date-now[^<]*<|<option[^<]*<")
_ADDRESS = re.compile(rb"https://([a-z0-9.-]+)(/[^\"<>\]\s]+)")
_SECTION_PAGE = re.compile(r"/(?:([a-z0-9-]+)/?)?")
_INDEX = re.compile(r"/index-news(?:/([a-z0-9-]+))?/?")
# robots.txt asks crawlers to stay away from these; they answer all the same.
_TAG_PAGE = re.compile(r"/(?:tag|topic|topics|penulis|editor)/[^/]+/?|/search")
_FEED = re.compile(r"/rss(?:/([a-z0-9-]+))?/?")
_PAGE_ASKED = re.compile(r"(?:^|&)page=(all|\d{1,4})(?:&|$)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back, before faults and compression; `articles` are the numbers of those that it lists."""

    status: int
    body: Body
    headers: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[int, ...] = ()


class Routes:
    """Answers for every address of the sites, from what the desk has printed up to now."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime], lock: threading.RLock, layout: Layout) -> None:
        self.layout = layout
        self.rss_is_real = False
        self._desk = desk
        self._clock = clock
        self._lock = lock
        self._pages: OrderedDict[tuple[object, ...], Body] = OrderedDict()
        self._refusals: dict[tuple[str, int, date], Body] = {}
        self._printed: dict[str, list[Entry]] = {}
        self._listings: dict[tuple[str, str], Answer] = {}
        self._state: tuple[datetime, int] | None = None
        self._changes: dict[tuple[str, str], tuple[str, datetime]] = {}

    def answer(self, host: str, path: str, query: str) -> Answer:
        """Return the answer to a GET of this address.

        Args:
            host: The name asked for, folded to lower case and without its port.
            path: The path as sent.
            query: What follows the question mark, without it.
        """
        site = site_of(host)
        if site is None:
            return Answer(404, body_of("No such site.\n"), {"Content-Type": PLAIN})
        with self._lock:
            self._forget_if_changed()
            door, path_there = door_of(host, path)
            name = self._desk.find(site.host, path_there)
            # AMP pages are known of dated addresses only.
            if name is not None and (door != "amp" or is_dated(path_there)):
                return self._article(site, name, query, door)
            listing = self._listing(site, path, query, door)
            if listing is not None:
                return listing
            known = self._desk.find_id(site.host, path)
            if known is not None and self._is_printed(known):
                suffix = f"?{query}" if query else ""
                return Answer(301, body_of(""), {"Location": self._desk.entry(known).url + suffix})
            return self._refusal(site, 404)

    def page(self, name: str, page: PageAsked, form: Form) -> Body | None:
        """Return one page of an article as printed now in a form; None if it has no such page."""
        with self._lock:
            manuscript = self._desk.manuscript(name)
            site = site_of(manuscript.entry.host)
            now = self._clock()
            today = now.astimezone(site.tzinfo).date() if site else now.date()
            key = (name, page, manuscript.entry.revision, today, form)
            if key not in self._pages:
                if page != "all" and not 1 <= page <= count_pages(manuscript, form):
                    return None
                self._pages[key] = article_page(manuscript, page, now, form)
                if len(self._pages) > _PAGES_KEPT:
                    self._pages.popitem(last=False)
            return self._pages[key]

    def _article(self, site: Site, name: str, query: str, door: Door) -> Answer:
        if name in self._desk.removed:
            return self._refusal(site, 410)
        asked = _PAGE_ASKED.search(query)
        page: PageAsked = "all" if asked and asked[1] == "all" else int(asked[1]) if asked else 1
        form = Form(self.layout, door)
        body = self.page(name, page, form) if self._is_printed(name) else None
        if body is None:
            return self._refusal(site, 404)
        entry = self._desk.entry(name)
        # The header of the page shows the day of viewing; the article is the same all the same, hence a weak tag.
        tag = hashlib.blake2b(f"{name} {page} {entry.revision} {form}".encode(), digest_size=12).hexdigest()
        return Answer(200, body, _validated(HTML, tag, max(entry.published_at, entry.modified_at)))

    def _is_printed(self, name: str) -> bool:
        return self._desk.entry(name).published_at <= self._clock()

    def _listing(self, site: Site, path: str, query: str, door: Door) -> Answer | None:
        asked = query if path.startswith("/index-news") else ""
        # A telephone sees lists of its own; a feed may have changed since the last look.
        key = (site.host, f"{path}?{asked} {door == 'm'} {self.rss_is_real}")
        if key in self._listings:
            return self._listings[key]
        entries = self._entries(site)
        content_type, body = self._list(site, path, asked, entries, door)
        if body is None:
            return None
        self._listings[key] = answer = self._dated(key, content_type, body, entries)
        return answer

    def _list(self, site: Site, path: str, query: str, entries: list[Entry], door: Door) -> tuple[str, Body | None]:
        now = self._clock()
        if path == "/robots.txt":
            return PLAIN, body_of(sitemaps.ROBOTS.format(host=site.host))
        if path.endswith(".xml"):
            return XML, sitemaps.sitemap(site, path, entries)
        sections = {None, *sitemaps.sections_of(entries, site)}
        if (found := _INDEX.fullmatch(path)) and (found[1] in sections):
            return HTML, listing_pages.index_news(site, found[1], query, entries, now)
        if (found := _FEED.fullmatch(path)) and found[1] in sections:
            return XML, hubs.feed(site, found[1], entries, is_real=self.rss_is_real)
        hub = hubs.mobile_section_page if door == "m" else hubs.section_page
        found = _SECTION_PAGE.fullmatch(path)
        section = found[1] if found else None
        is_hub = _TAG_PAGE.fullmatch(path) or (found and section in sections)
        return HTML, hub(site, section, entries, now) if is_hub else None

    def _dated(self, key: tuple[str, str], content_type: str, body: Body, entries: list[Entry]) -> Answer:
        """Return a listing with its tag, and the moment at which what it lists last changed."""
        tag = hashlib.blake2b(_PASSING.sub(b"", body.plain), digest_size=12).hexdigest()
        before = self._changes.get(key)
        if before is None:
            newest = [max(entry.published_at, entry.modified_at) for entry in entries]
            changed_at = max((moment for moment in newest if moment <= self._clock()), default=self._clock())
        elif before[0] == tag:
            changed_at = before[1]
        else:
            # HTTP counts in seconds: a second change in the same second must not look like none.
            changed_at = max(self._clock(), before[1] + timedelta(seconds=1))
        self._changes[key] = (tag, changed_at)
        return Answer(200, body, _validated(content_type, tag, changed_at), self._listed_in(body))

    def _listed_in(self, body: Body) -> tuple[int, ...]:
        """Return the numbers of the articles whose addresses stand in a listing."""
        listed: dict[int, None] = {}
        for part in body.parts:
            if part.is_shared:
                continue
            for found in _ADDRESS.finditer(part.content):
                site = site_of(found[1].decode())
                name = self._desk.find(site.host, found[2].decode()) if site else None
                if name is not None:
                    listed[self._desk.number(name)] = None
        return tuple(listed)

    def _entries(self, site: Site) -> list[Entry]:
        if site.host not in self._printed:
            self._printed[site.host] = self._desk.printed(site.host, self._clock())
        return self._printed[site.host]

    def _refusal(self, site: Site, status: int) -> Answer:
        now = self._clock()
        key = (site.host, status, now.astimezone(site.tzinfo).date())
        if key not in self._refusals:
            self._refusals[key] = listing_pages.refusal_page(site, status, now)
        return Answer(status, self._refusals[key], {"Content-Type": HTML})

    def _forget_if_changed(self) -> None:
        state = (self._clock(), self._desk.edition)
        if state != self._state:
            self._state = state
            self._printed.clear()
            self._listings.clear()


def _validated(content_type: str, tag: str, changed_at: datetime) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "ETag": f'W/"{tag}"',
        "Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True),
        "Cache-Control": "max-age=0, must-revalidate",
    }


def is_unchanged(headers: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Tell whether the client that sent these headers has the answer already (RFC 9110, 13.1)."""
    if "ETag" not in headers:
        return False
    if "if-none-match" in asked:
        held = {tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")}
        return "*" in held or headers["ETag"].removeprefix("W/") in held
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return parsedate_to_datetime(headers["Last-Modified"]) <= since
    except (KeyError, ValueError, TypeError):
        return False
