"""The spider: it asks the listings, then what is left to fetch; one request at a time per host, hosts side by side."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from scrapy import Request, Spider

from crawler.archive.ledger import DueLink
from crawler.article import Listing, Reading
from crawler.errors import ArchiveError, CrawlerError, ExtractionError, ListingError, PageRefusedError
from crawler.site import Address, ListingPage, identify, index_address, parse_listing
from crawler.spider.downloader import host_of
from crawler.spider.failures import FetchError, GoneError, LeftAloneError
from crawler.spider.fetch import Answer, fetch
from crawler.spider.hosts import Hosts
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.redirects import Purpose

log = logging.getLogger(__name__)

_MOST_CHILDREN = 500
# Pages of one day's index: a day has less than 1,000 articles, 20 to a page.
_MOST_PAGES_OF_A_DAY = 100

# Scrapy asks for an async generator; ours fetches through the engine itself, and awaits each answer.
_NOTHING: tuple[Request, ...] = ()

_Work = TypeVar("_Work")


class Desk(Protocol):
    """To whom the spider brings what it fetched, and who says what is to be fetched."""

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified of a listing's address when its links were last kept."""

    def is_new(self, page: ListingPage) -> bool:
        """Tell whether a page of a listing names an address never seen before."""

    def take_listing(self, listing: Listing, url: str, page: ListingPage, answer: Answer) -> None:
        """Keep the links of one address of a listing."""

    def take_unchanged(self, listing: Listing, url: str) -> None:
        """Keep that nothing has changed there."""

    def take_listing_failure(self, listing: Listing, url: str, error: CrawlerError) -> None:
        """Keep why nothing came from there."""

    def due(self) -> Sequence[DueLink]:
        """Return what is to be fetched, newest first."""

    def take_article(self, link: DueLink, address: Address, reading: Reading, answers: Sequence[Answer]) -> None:
        """Keep an article that was read from these answers; `address` is where they came from in the end."""

    def take_unreadable(
        self, link: DueLink, answers: Sequence[Answer], error: ExtractionError | PageRefusedError
    ) -> None:
        """Keep answers that no article could be read from."""

    def take_failure(self, link: DueLink, error: FetchError) -> None:
        """Keep why a link could not be fetched."""

    def take_surprise(self, link: DueLink, answers: Sequence[Answer], error: Exception) -> None:
        """Keep that something went wrong which nobody thought of."""

    def settle(self) -> None:
        """Keep what was brought and still waits to be kept; the crawl is over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one crawl asks: the listings, and of indexes these days, newest first; without days, the newest pages."""

    listings: tuple[Listing, ...]
    days: tuple[date, ...] = ()
    max_index_pages: int = 10
    max_pages_per_article: int = 20
    longest_s: float = 6 * 3600.0


class WatchSpider(Spider):
    """One crawl. It never raises: what stopped it stands in `error`."""

    name = "watch"

    def __init__(self, *, desk: Desk, plan: Plan, hosts: Hosts, room: ReadingRoom, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.desk = desk
        self.plan = plan
        self.hosts = hosts
        self.room = room
        self.error: Exception | None = None
        self._fetched: set[str] = set()
        self._ends_at = time.monotonic() + plan.longest_s

    async def start(self) -> AsyncIterator[Request]:
        """Ask the listings, then fetch what is due; nothing is yielded to Scrapy."""
        try:
            await _each_host(self.plan.listings, lambda listing: host_of(listing.url), self._ask_listing)
            due = ((link, identify(link.url)) for link in self.desk.due())
            await _each_host(due, lambda work: work[1].host, self._fetch_article)
        except* Exception as errors:  # noqa: BLE001  - told by run_crawl, after the crawl was ended
            # An error that is not one page's: the archive cannot be written, or the program is wrong.
            self.error = _first(errors)
        for request in _NOTHING:
            yield request

    async def _fetch(self, url: str, purpose: Purpose, headers: dict[str, str] | None = None) -> Answer:
        if time.monotonic() > self._ends_at:
            raise LeftAloneError(url, "the crawl has come to its longest time")
        return await fetch(self.crawler, self.hosts, url, purpose, headers)

    async def _ask_listing(self, listing: Listing) -> None:
        if listing.kind == "sitemap":
            await self._ask_sitemaps(listing)
        elif self.plan.days:
            for day in self.plan.days:
                await self._ask_day(listing, day)
        else:
            await self._ask_newest_pages(listing)

    async def _ask_sitemaps(self, listing: Listing) -> None:
        """Ask a news sitemap, or all that an index of sitemaps leads to, each once."""
        urls = [listing.url]
        for url in urls:
            found = await self._listing_page(listing, url)
            if found is None:
                continue
            page, answer = found
            urls += [child for child in dict.fromkeys(page.children) if child not in urls][: _MOST_CHILDREN - len(urls)]
            self.desk.take_listing(listing, url, page, answer)

    async def _ask_newest_pages(self, listing: Listing) -> None:
        """Ask the pages of an index until one brings nothing new.

        They are kept from the last to the first. If a crawl is killed in between, page 1 is still new to the next one,
        so that it asks the others again; and its validators only stand where all of them were kept.
        """
        asked: list[tuple[str, ListingPage, Answer]] = []
        for number in range(1, self.plan.max_index_pages + 1):
            url = index_address(listing.url, page=number)
            found = await self._listing_page(listing, url)
            if found is None or _repeats(found[0], asked):
                break
            asked.append((url, *found))
            if not found[0].has_next or not self.desk.is_new(found[0]):
                break
        for url, page, answer in reversed(asked):
            self.desk.take_listing(listing, url, page, answer)

    async def _ask_day(self, listing: Listing, day: date) -> None:
        """Ask all pages of a day, whatever is known of it."""
        asked: list[tuple[str, ListingPage, Answer]] = []
        for number in range(1, _MOST_PAGES_OF_A_DAY + 1):
            url = index_address(listing.url, day=day, page=number)
            found = await self._listing_page(listing, url, is_conditional=False)
            if found is None or _repeats(found[0], asked):
                break
            asked.append((url, *found))
            self.desk.take_listing(listing, url, *found)
            if not found[0].has_next:
                break

    async def _listing_page(
        self, listing: Listing, url: str, *, is_conditional: bool = True
    ) -> tuple[ListingPage, Answer] | None:
        """Return what an address of a listing gives; None where it is unchanged or failed, which is then kept."""
        try:
            etag, last_modified = self.desk.validators(url) if is_conditional else (None, None)
            conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
            answer = await self._fetch(url, "listing", {name: value for name, value in conditions.items() if value})
            if answer.is_unchanged:
                self.desk.take_unchanged(listing, url)
                return None
            return parse_listing(url, listing.kind, answer.body), answer
        except (FetchError, ListingError) as error:
            self.desk.take_listing_failure(listing, url, error)
            return None

    async def _fetch_article(self, work: tuple[DueLink, Address]) -> None:
        """Fetch, read and keep one article; whatever goes wrong with it is kept too, and ends nothing but itself."""
        link, address = work
        if link.key in self._fetched:
            # Another link was redirected to this one meanwhile.
            return
        answers: list[Answer] = []
        try:
            url = f"{address.url}?page=all" if address.kind == "article" else address.url
            answers.append(await self._fetch(url, "article"))
            if answers[0].url != url:
                address = identify(answers[0].url)
            self._fetched.add(address.key)
            reading = await self._read(address, answers)
            pages = reading.article.pages
            if pages.total > pages.read:
                last = min(pages.total, self.plan.max_pages_per_article)
                await self._fetch_other_pages(address, answers, last)
                reading = await self._read(address, answers)
            self.desk.take_article(link, address, reading, answers)
        except FetchError as error:
            self.desk.take_failure(link, error)
        except (ExtractionError, PageRefusedError) as error:
            self.desk.take_unreadable(link, answers, error)
        except ArchiveError:
            raise
        except Exception as error:
            log.exception("article failed url=%s", link.url)
            self.desk.take_surprise(link, answers, error)

    async def _read(self, address: Address, answers: Sequence[Answer]) -> Reading:
        bodies = (answer.body for answer in answers)
        return await self.room.examine(*bodies, address=address, charset=answers[0].charset)

    async def _fetch_other_pages(self, address: Address, answers: list[Answer], last: int) -> None:
        """Fetch the pages of an article from the second to the last one."""
        try:
            for number in range(2, last + 1):
                # One by one, so that those before a missing page are kept.
                answers += [await self._fetch(f"{address.url}?page={number}", "article")]
        except GoneError:
            # The site counts a page that it does not have. The article is kept, as incomplete.
            log.info("page missing url=%s pages_read=%d", address.url, len(answers))


async def _each_host(
    works: Iterable[_Work], host_of_work: Callable[[_Work], str], do: Callable[[_Work], Awaitable[None]]
) -> None:
    """Do all works: those of one host in the order given, one after the other; the hosts side by side."""
    by_host: dict[str, list[_Work]] = {}
    for work in works:
        by_host.setdefault(host_of_work(work), []).append(work)

    async def do_all(some: list[_Work]) -> None:
        for work in some:
            await do(work)

    async with asyncio.TaskGroup() as hosts:
        for some in by_host.values():
            hosts.create_task(do_all(some))


def _repeats(page: ListingPage, asked: list[tuple[str, ListingPage, Answer]]) -> bool:
    """Tell whether a page names nothing that an earlier one has not named, as the pages past the last one do."""
    before = {link.url for _, earlier, _ in asked for link in earlier.links}
    return bool(asked) and all(link.url in before for link in page.links)


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(str(error))
