"""Asking the listings of one host: sitemaps, index pages by age or by day, feeds, and the home page as a spare."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final, Protocol

from crawler.archive.backfill import Walked
from crawler.article import Listing
from crawler.dates import ZONES
from crawler.errors import CrawlerError, ListingError
from crawler.site import (
    Followed,
    ListingPage,
    home_of,
    host_named,
    identify,
    index_address,
    listing_digest,
)
from crawler.spider.failures import FetchError, LeftAloneError, UnreachedError
from crawler.spider.fetch import Answer
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.redirects import Purpose

MOST_CHILDREN: Final = 500
# Pages of one day's index: a day has less than 1,000 articles, 20 to a page.
MOST_PAGES_OF_A_DAY: Final = 100

Fetch = Callable[[str, Purpose, dict[str, str]], Awaitable[Answer]]
_Asked = list[tuple[str, ListingPage, Answer]]


class ListingsDesk(Protocol):
    """To whom the answers of listings are brought, and who remembers the earlier ones."""

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified of a listing's address when its links were last kept."""

    def digest(self, url: str) -> str | None:
        """Return the digest of what the address listed when its links were last kept."""

    def has_asked(self, url: str) -> bool:
        """Tell whether this crawl has kept what the address lists before it gave way; without days of the past."""

    def is_new(self, page: ListingPage) -> bool:
        """Tell whether a page of a listing names an address never seen before."""

    def take_listing(self, listing: Listing, url: str, page: ListingPage, answer: Answer) -> None:
        """Keep the links of one address of a listing."""

    def take_unchanged(self, listing: Listing, url: str) -> None:
        """Keep that nothing has changed there."""

    def take_listing_failure(self, listing: Listing, url: str, error: CrawlerError) -> None:
        """Keep why nothing came from there."""

    def walked(self, listing: Listing, day: date) -> Walked | None:
        """Return how far a day of an index was walked; None if it never was."""

    def take_day(self, listing: Listing, day: date, *, pages: int, links: int, is_done: bool) -> None:
        """Keep how far a day of an index is walked; after the links of its pages."""

    def skip_day(self, listing: Listing, day: date) -> None:
        """Count a day that was walked to its end before, and is not asked again."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a back-fill asks indexes for, day by day.

    Days that are past and were walked to their end are asked again only where `again` says so. What was walked after
    `begun_at` is the work of this back-fill itself, before it gave way.
    """

    now: datetime
    since: datetime
    until: datetime | None = None
    again: bool = False
    begun_at: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Tell whether something that was done then was done by this back-fill."""
        return self.begun_at is not None and moment >= self.begun_at


class HostListings:
    """Asks the listings of one host, one after the other, and remembers whether any of them gave something."""

    def __init__(  # noqa: PLR0913  - whom it asks, whom it tells, and what is asked
        self,
        desk: ListingsDesk,
        fetch: Fetch,
        room: ReadingRoom,
        *,
        followed: Followed,
        window: Window | None,
        max_index_pages: int,
        gives_way: Callable[[], bool],
    ) -> None:
        self._desk = desk
        self._fetch = fetch
        self._room = room
        self._followed = followed
        self._window = window
        self._max_index_pages = max_index_pages
        self._gives_way = gives_way
        self._has_given = False
        self._has_answered = False
        self._is_left_alone = False

    async def ask(self, host: str, listings: Sequence[Listing]) -> None:
        """Ask all listings of a host; where every one of them failed, its home page in their place."""
        for listing in listings:
            if self._gives_way():
                return
            await self._ask(listing)
        spare = home_of(host)
        if (
            self._has_answered
            and not (self._has_given or self._is_left_alone)
            and all(each.url != spare.url for each in listings)
        ):
            await self._ask(spare)

    async def _ask(self, listing: Listing) -> None:
        if listing.kind == "sitemap":
            await self._ask_sitemaps(listing)
        elif listing.kind == "index" and self._window is not None:
            await self._walk_days(listing, self._window)
        elif listing.kind == "index":
            await self._ask_newest_pages(listing)
        elif found := await self._page(listing, listing.url):
            self._desk.take_listing(listing, listing.url, *found)

    async def _ask_sitemaps(self, listing: Listing) -> None:
        """Ask a sitemap, or all that an index of sitemaps leads to, each once."""
        urls = [listing.url]
        for url in urls:
            if self._gives_way():
                return
            found = await self._page(listing, url)
            if found is None:
                continue
            children = [each for each in dict.fromkeys(found[0].children) if self._followed.leads_on(each)]
            urls += [each for each in children if each not in urls][: MOST_CHILDREN - len(urls)]
            self._desk.take_listing(listing, url, *found)

    async def _ask_newest_pages(self, listing: Listing) -> None:
        """Ask the pages of an index until one brings nothing new.

        The order of a page is never trusted: an old or known article may be pinned among new ones.

        They are kept from the last to the first. If a crawl is killed in between, page 1 is still new to the next one,
        so that it asks the others again; and its validators only stand where all of them were kept.
        """
        asked: _Asked = []
        for number in range(1, self._max_index_pages + 1):
            url = index_address(listing.url, page=number)
            found = await self._page(listing, url)
            if found is None or _repeats(found[0], asked):
                break
            asked.append((url, *found))
            if not found[0].has_next or not self._desk.is_new(found[0]):
                break
        for url, page, answer in reversed(asked):
            self._desk.take_listing(listing, url, page, answer)

    async def _walk_days(self, listing: Listing, window: Window) -> None:
        """Ask an index for each day of the window, newest first, but for those that are done."""
        zone = ZONES[host_named(identify(listing.url).host).zone]
        today = window.now.astimezone(zone).date()
        for day in days_of(window, zone):
            if self._gives_way():
                return
            walked = self._desk.walked(listing, day)
            is_ours = walked is not None and window.holds(walked.asked_at)
            if walked and walked.is_done and is_ours:
                continue
            # What was asked on the day itself may have gone on growing afterwards.
            is_final = walked is not None and walked.asked_at.astimezone(zone).date() > day
            if walked and walked.is_done and is_final and day < today - timedelta(days=1) and not window.again:
                self._desk.skip_day(listing, day)
                continue
            goes_on = walked and not walked.is_done and (is_ours or (is_final and not window.again))
            await self._ask_day(listing, day, first=max(1, walked.pages) if walked and goes_on else 1)
            if self._is_left_alone:
                return

    async def _ask_day(self, listing: Listing, day: date, *, first: int) -> None:
        """Ask all pages of a day, whatever is known of it.

        A day that is over stands still, so that an interrupted walk goes on at the last page it had (`first`). How far
        it came is kept after the links of the page: a kill in between costs one request, and no link.
        """
        asked: _Asked = []
        links = 0
        for number in range(first, MOST_PAGES_OF_A_DAY + 1):
            if self._gives_way():
                return
            url = index_address(listing.url, day=day, page=number)
            found = await self._page(listing, url, is_conditional=False)
            if found is None:
                if number == 1 and not self._is_left_alone:
                    self._desk.take_day(listing, day, pages=0, links=0, is_done=False)
                return
            is_last = _repeats(found[0], asked) or not found[0].has_next
            if not _repeats(found[0], asked):
                asked.append((url, *found))
                links += len(found[0].links)
                self._desk.take_listing(listing, url, *found)
            self._desk.take_day(listing, day, pages=number, links=links, is_done=is_last)
            if is_last:
                return

    async def _page(
        self, listing: Listing, url: str, *, is_conditional: bool = True
    ) -> tuple[ListingPage, Answer] | None:
        """Return what an address of a listing gives; None where it is unchanged or failed, which is then kept."""
        if is_conditional and self._desk.has_asked(url):
            self._has_given = True
            return None
        try:
            etag, last_modified = self._desk.validators(url) if is_conditional else (None, None)
            conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
            answer = await self._fetch(url, "listing", {name: value for name, value in conditions.items() if value})
            if answer.is_unchanged or (is_conditional and self._lists_the_same(listing, url, answer)):
                self._desk.take_unchanged(listing, url)
                self._has_given = True
                return None
            page = await self._room.parse_listing(url, listing.kind, answer.body, sitemaps=self._followed.sitemaps)
        except (FetchError, ListingError) as error:
            self._is_left_alone |= isinstance(error, LeftAloneError)
            self._has_answered |= not isinstance(error, UnreachedError)
            self._desk.take_listing_failure(listing, url, error)
            return None
        # An index of sitemaps by itself gives no article.
        self._has_given |= not page.children
        return page, answer

    def _lists_the_same(self, listing: Listing, url: str, answer: Answer) -> bool:
        """Tell whether a server that minds no conditions sent what is kept already; nothing is parsed for it."""
        known = self._desk.digest(url)
        return known is not None and known == listing_digest(listing.kind, answer.body)


def days_of(window: Window, zone: timezone) -> Iterator[date]:
    """Yield the days from the last to the first, as a clock of the zone counts them; none lies in the future."""
    first = window.since.astimezone(zone).date()
    day = min(window.until or window.now, window.now).astimezone(zone).date()
    while day >= first:
        yield day
        day -= timedelta(days=1)


def _repeats(page: ListingPage, asked: _Asked) -> bool:
    """Tell whether a page names nothing that an earlier one has not named, as the pages past the last one do."""
    before = {link.url for _, earlier, _ in asked for link in earlier.links}
    return bool(asked) and all(link.url in before for link in page.links)
