"""The downloader: what every request passes, in this order: robots.txt, its host's turn, the request, redirects.

It stands in the place of Scrapy's own (its setting DOWNLOADER). That one keeps to one request per host only while there
is a pause, and its timers, signals and tasks for each request cost as much as the request itself.
"""

import asyncio
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
from crawler.spider.failures import DisallowedError, FetchError, LeftAloneError, UnreachedError
from crawler.spider.hosts import Hosts
from crawler.spider.redirects import REDIRECTS, Purpose, next_address
from crawler.spider.robots import Robots, read_robots

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
        self._robots: dict[str, asyncio.Task[Robots]] = {}
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
                if purpose != "robots":
                    await self._ask_leave(following.url)
                response = await self._ask(following)
                if response.status not in REDIRECTS:
                    return response
                asked = (*asked, following.url)
                location = (response.headers.get("Location") or b"").decode("utf-8", errors="replace")
                following = Request(next_address(asked, location, purpose), headers=request.headers)
        finally:
            self.active.discard(request)

    async def _ask(self, request: Request) -> Response:
        """Make one request in its host's turn, and let the host's state learn from what becomes of it."""
        host, hosts = host_of(request.url), self._hosts
        async with self._turns[host]:
            await hosts.turn(host, request.url)
            try:
                response = await self._handlers.download_request_async(request)
            except FetchError as error:
                hosts.failed(host, reason=error.reason)
                raise
            retry_after = (response.headers.get("Retry-After") or b"").decode("latin-1")
            hosts.answered(host, status=response.status, retry_after=retry_after or None)
            return response

    async def _ask_leave(self, url: str) -> None:
        """Return if robots.txt allows an address, which is asked for once a crawl, before anything else of a host."""
        host = host_of(url)
        if host not in self._robots:
            self._robots[host] = asyncio.ensure_future(self._ask_robots(host))
        robots = await self._robots[host]
        if robots.unreachable is not None:
            raise LeftAloneError(url, self._hosts.state(host).left or robots.unreachable)
        if not robots.allows(url):
            raise DisallowedError(url, failures.DISALLOWED)

    async def _ask_robots(self, host: str) -> Robots:
        hosts = self._hosts
        try:
            answer = await self.answer(Request(f"https://{host}/robots.txt", meta={"purpose": "robots"}))
            robots = read_robots(answer.status, answer.body)
        except UnreachedError as error:
            # Not a matter of robots.txt: it was only the first thing that this host was asked for.
            hosts.unreached[host] = error
            robots = Robots(unreachable=f"{error.reason}: {error.detail}" if error.detail else error.reason)
            hosts.leave(host, robots.unreachable or "")
        except FetchError as error:
            robots = Robots(unreachable=error.reason)
        if robots.unreachable is not None:
            hosts.leave(host, f"robots unreachable ({robots.unreachable}), so nothing may be asked")
        else:
            hosts.slow_down(host, robots.delay_s)
        return robots

    @property
    def _hosts(self) -> Hosts:
        return cast("WatchSpider", self._crawler.spider).hosts
