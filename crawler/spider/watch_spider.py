"""The spider: it asks the listings, then what is left to fetch; one request at a time per host, hosts side by side."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from scrapy import Request, Spider

from crawler.archive.ledger import DueLink
from crawler.article import Listing, Reading
from crawler.errors import ArchiveError, ExtractionError, PageRefusedError
from crawler.site import NOTHING, Address, Followed, identify
from crawler.spider.downloader import host_of
from crawler.spider.failures import WITHOUT_ANSWER, FetchError, GoneError, LeftAloneError, UnreachedError
from crawler.spider.fetch import Answer, fetch
from crawler.spider.hosts import Hosts
from crawler.spider.listings import HostListings, ListingsDesk, Window
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.redirects import Purpose
from crawler.spider.walls import is_wall

log = logging.getLogger(__name__)

# Scrapy asks for an async generator; ours fetches through the engine itself, and awaits each answer.
_NOTHING: tuple[Request, ...] = ()

_Work = TypeVar("_Work")


class Desk(ListingsDesk, Protocol):
    """To whom the spider brings what it fetched, and who says what is to be fetched."""

    def due(self, left_alone: Collection[str]) -> Sequence[DueLink]:
        """Return what is to be fetched, newest first; nothing of the hosts that are left alone."""

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

    def settle(self, *, goes_on: bool) -> None:
        """Keep what was brought and still waits to be kept; the crawl is over, or gives way and goes on later."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one crawl asks: these listings, and of indexes the days of the window; without one, the newest pages.

    `gives_way` is asked before each request: where it says so, the crawl ends with what is under way, to go on later.
    While a link is fetched and read, `under_way` holds its key.
    """

    listings: tuple[Listing, ...]
    followed: Followed = NOTHING
    window: Window | None = None
    max_index_pages: int = 10
    max_pages_per_article: int = 20
    longest_s: float = 6 * 3600.0
    gives_way: Callable[[], bool] = lambda: False
    under_way: Callable[[str], AbstractContextManager[object]] = nullcontext


class WatchSpider(Spider):
    """One crawl. It never raises: what stopped it stands in `error`; whether it gave way, in `gave_way`."""

    name = "watch"

    def __init__(self, *, desk: Desk, plan: Plan, hosts: Hosts, room: ReadingRoom, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.desk = desk
        self.plan = plan
        self.hosts = hosts
        self.room = room
        self.error: Exception | None = None
        self.gave_way = False
        self._fetched: set[str] = set()
        # What brought no answer, and how many answers there had been by then.
        self._unanswered: list[tuple[DueLink, FetchError, int]] = []
        self._ends_at = time.monotonic() + plan.longest_s

    async def start(self) -> AsyncIterator[Request]:
        """Ask the listings, then fetch what is due; nothing is yielded to Scrapy."""
        try:
            await _each_host(self.plan.listings, lambda listing: host_of(listing.url), self._ask_listings)
            if not self._gives_way():
                due = ((link, identify(link.url)) for link in self.desk.due(self.hosts.left))
                await _each_host(due, lambda work: work[1].host, self._fetch_articles)
            self._settle_unanswered(is_over=True)
        except* Exception as errors:  # noqa: BLE001  - told by run_crawl, after the crawl was ended
            # An error that is not one page's: the archive cannot be written, or the program is wrong.
            self.error = _first(errors)
        for request in _NOTHING:
            yield request

    async def _fetch(self, url: str, purpose: Purpose, headers: dict[str, str] | None = None) -> Answer:
        if time.monotonic() > self._ends_at:
            raise LeftAloneError(url, "the crawl has come to its longest time")
        return await fetch(self.crawler, self.hosts, url, purpose, headers)

    def _gives_way(self) -> bool:
        """Tell whether what is left is left for later."""
        self.gave_way = self.gave_way or self.plan.gives_way()
        return self.gave_way

    async def _ask_listings(self, listings: Sequence[Listing]) -> None:
        """Ask the listings of one host."""
        plan = self.plan
        asking = HostListings(
            self.desk,
            self._fetch,
            self.room,
            followed=plan.followed,
            window=plan.window,
            max_index_pages=plan.max_index_pages,
            gives_way=self._gives_way,
        )
        await asking.ask(identify(listings[0].url).host, listings)

    async def _fetch_articles(self, works: Sequence[tuple[DueLink, Address]]) -> None:
        """Fetch the articles of one host, one after the other."""
        for work in works:
            if self._gives_way():
                return
            with self.plan.under_way(work[0].key):
                await self._fetch_article(work)
            self._settle_unanswered()

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
            while (last := self._last_page(reading)) > len(answers):
                fetched = len(answers)
                await self._fetch_other_pages(address, answers, last)
                if len(answers) == fetched:
                    break
                # Some pages tell only of the next one, so that reading them may tell of more.
                reading = await self._read(address, answers)
            self.hosts.was_read(address.host)
            self.desk.take_article(link, address, reading, answers)
        except FetchError as error:
            self._fail(link, error)
        except (ExtractionError, PageRefusedError) as error:
            if isinstance(error, ExtractionError) and is_wall(answers[0].body):
                self.hosts.walled(address.host)
            self.desk.take_unreadable(link, answers, error)
        except ArchiveError:
            raise
        except Exception as error:
            log.exception("article failed url=%s", link.url)
            self.desk.take_surprise(link, answers, error)

    def _fail(self, link: DueLink, error: FetchError) -> None:
        if isinstance(error, UnreachedError) or error.reason in WITHOUT_ANSWER:
            self._unanswered.append((link, error, self.hosts.answers.total()))
        else:
            self.desk.take_failure(link, error)

    def _settle_unanswered(self, *, is_over: bool = False) -> None:
        """Say what becomes of the links that brought no answer.

        Once any host answers again, each is a failure of its own host. If none does until the end, the network may be
        down, and they stay as they were: nothing of theirs was tried.
        """
        waiting, self._unanswered = self._unanswered, []
        for link, error, answers in waiting:
            if self.hosts.answers.total() > answers or (is_over and not self._is_of_network(error)):
                self.desk.take_failure(link, error)
            elif is_over:
                self.desk.take_failure(link, LeftAloneError(link.url, error.reason))
            else:
                self._unanswered.append((link, error, answers))

    def _is_of_network(self, error: FetchError) -> bool:
        return isinstance(error, UnreachedError) or self.hosts.is_offline

    async def _read(self, address: Address, answers: Sequence[Answer]) -> Reading:
        bodies = (answer.body for answer in answers)
        return await self.room.examine(*bodies, address=address, charset=answers[0].charset)

    def _last_page(self, reading: Reading) -> int:
        """Return the number of the last page that is missing, 0 if none is."""
        pages = reading.article.pages
        return min(pages.total, self.plan.max_pages_per_article) if pages.total > pages.read else 0

    async def _fetch_other_pages(self, address: Address, answers: list[Answer], last: int) -> None:
        """Fetch the pages of an article that follow those at hand, up to the last one."""
        try:
            for number in range(len(answers) + 1, last + 1):
                # One by one, so that those before a missing page are kept.
                answers += [await self._fetch(f"{address.url}?page={number}", "article")]
        except GoneError:
            # The site counts a page that it does not have. The article is kept, as incomplete.
            log.info("page missing url=%s pages_read=%d", address.url, len(answers))


async def _each_host(
    works: Iterable[_Work], host_of_work: Callable[[_Work], str], do_all: Callable[[Sequence[_Work]], Awaitable[None]]
) -> None:
    """Do all works: those of one host together, in the order given; the hosts side by side."""
    by_host: dict[str, list[_Work]] = {}
    for work in works:
        by_host.setdefault(host_of_work(work), []).append(work)
    async with asyncio.TaskGroup() as hosts:
        for some in by_host.values():
            hosts.create_task(_awaited(do_all(some)))


async def _awaited(doing: Awaitable[None]) -> None:
    await doing


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(str(error))
