"""The downloader: what every request passes, in this order: robots.txt, its host's turn, the request, redirects.

It stands in the place of Scrapy's own (its setting DOWNLOADER). That one keeps to one request per host only while there
is a pause, and its timers, signals and tasks for each request cost as much as the request itself.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro

from crawler.spider import failures
from crawler.spider.failures import DisallowedError, FetchError, UnreachedError
from crawler.spider.hosts import Hosts
from crawler.spider.redirects import REDIRECTS, Purpose, next_address
from crawler.spider.robots import LONGEST_DELAY_S, LONGEST_KEPT_S, Robots, is_of_use, keep_robots, read_robots

if TYPE_CHECKING:
    from crawler.spider.watch_spider import WatchSpider


def host_of(url: str) -> str:
    """Return the host of an address that is known to have one."""
    return urlsplit(url).hostname or ""


def downloader_of(crawler: Crawler) -> "WatchDownloader":
    """Return the downloader of a crawl that is under way."""
    return cast("WatchDownloader", crawler.engine.downloader)


class WatchDownloader:
    """Answers the requests of Scrapy's engine; of one host one at a time, in the order in which they came."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._handlers = DownloadHandlers(crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._robots: dict[str, tuple[float, asyncio.Task[Robots]]] = {}
        # The engine looks here to see whether anything is under way.
        self.active: set[Request] = set()

    def needs_backout(self) -> bool:
        """Tell the engine that it may always ask for more."""
        return False

    def fetch(self, request: Request) -> Awaitable[Response]:
        """Return what the engine wants for a request of its own; ours do not go through the engine's machinery."""
        return deferred_from_coro(self.answer(request))

    def close(self) -> None:
        """Do nothing: the handlers close what they hold when the engine has stopped."""

    async def answer(self, request: Request) -> Response:
        """Return the answer to a request that says in its meta what it is for (`purpose`), redirects followed.

        Raises:
            FetchError: There is none, or it may not be asked for.
        """
        purpose = cast("Purpose", request.meta["purpose"])
        asked: tuple[str, ...] = ()
        self.active.add(request)
        try:
            following = request
            while True:
                host = host_of(following.url)
                if purpose != "robots":
                    await self._ask_leave(host, following.url)
                response = await self._ask(host, following)
                if response.status not in REDIRECTS:
                    return response
                asked = (*asked, following.url)
                location = (response.headers.get("Location") or b"").decode("utf-8", errors="replace")
                following = Request(next_address(asked, location, purpose), headers=request.headers)
        finally:
            self.active.discard(request)

    async def _ask(self, host: str, request: Request) -> Response:
        """Make one request in its host's turn, and let the host's state learn from what becomes of it."""
        hosts = self._hosts
        async with self._turns[host]:
            await hosts.turn(host, request.url)
            try:
                response = await self._handlers.download_request_async(request)
            except UnreachedError as error:
                hosts.lost(host, error)
                # Where it never answered nothing is known of what was asked for, which stays due.
                hosts.check(host, request.url)
                raise
            except FetchError as error:
                hosts.failed(host, reason=error.reason)
                raise
            retry_after = (response.headers.get("Retry-After") or b"").decode("latin-1")
            hosts.answered(host, status=response.status, retry_after=retry_after or None)
            return response

    async def _ask_leave(self, host: str, url: str) -> None:
        """Return if robots.txt allows an address, which is known, or asked for before anything else of a host."""
        self._hosts.check(host, url)
        if host not in self._robots or self._robots[host][0] < time.monotonic():
            # As long as a crawl lasts, the rules of a host are not used for more than a day.
            ends_s = time.monotonic() + self._hosts.robots_last_s(host)
            self._robots[host] = (ends_s, asyncio.ensure_future(self._learn_robots(host)))
        robots = await self._robots[host][1]
        # It may have been left alone meanwhile, for what became of its robots.txt.
        self._hosts.check(host, url)
        if not robots.allows(url):
            raise DisallowedError(url, failures.DISALLOWED)

    async def _learn_robots(self, host: str) -> Robots:
        """Return the rules of a host: those kept, or asked for anew; where there are none, it is left alone."""
        hosts = self._hosts
        kept = hosts.robots(host)
        if kept is not None and hosts.now() < kept.until:
            robots = read_robots(kept.status, kept.body)
        else:
            robots = await self._ask_robots(host)
            if robots.unreachable is not None and kept is not None and is_of_use(kept, hosts.now()):
                robots = read_robots(kept.status, kept.body)
        if robots.unreachable is not None:
            hosts.leave(host, f"robots unreachable ({robots.unreachable}), so nothing may be asked")
        elif robots.delay_s > LONGEST_DELAY_S:
            told = f"robots.txt asks for {robots.delay_s:g} s between two requests, more than {LONGEST_DELAY_S:g} s"
            hosts.leave(host, told, for_s=min(robots.delay_s, LONGEST_KEPT_S))
        else:
            hosts.slow_down(host, robots.delay_s)
        return robots

    async def _ask_robots(self, host: str) -> Robots:
        hosts = self._hosts
        try:
            answer = await self.answer(Request(f"https://{host}/robots.txt", meta={"purpose": "robots"}))
        except FetchError as error:
            return Robots(unreachable=error.reason)
        robots = read_robots(answer.status, answer.body)
        if robots.unreachable is None:
            control = (answer.headers.get("Cache-Control") or b"").decode("latin-1")
            hosts.keep_robots(host, keep_robots(answer.status, answer.body, cache_control=control, now=hosts.now()))
        return robots

    @property
    def _hosts(self) -> Hosts:
        return cast("WatchSpider", self._crawler.spider).hosts
