"""The three downloader middlewares that every request passes: robots.txt, redirects, and the host's turn."""

import asyncio
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.spider import failures
from crawler.spider.failures import DisallowedError, FetchError, LeftAloneError, UnreachedError
from crawler.spider.redirects import REDIRECTS, Purpose, next_address
from crawler.spider.robots import Robots, read_robots

if TYPE_CHECKING:
    from crawler.spider.watch_spider import WatchSpider


def host_of(url: str) -> str:
    """Return the host of an address that is known to have one."""
    return urlsplit(url).hostname or ""


def _spider(crawler: Crawler) -> "WatchSpider":
    return cast("WatchSpider", crawler.spider)


class RobotsMiddleware:
    """Ask robots.txt of each host once a crawl, before anything else of it, and obey it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: dict[str, asyncio.Task[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Return the middleware of this crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise DisallowedError or LeftAloneError."""
        if request.meta["purpose"] == "robots":
            return
        host = host_of(request.url)
        if host not in self._asked:
            self._asked[host] = asyncio.ensure_future(self._ask(host))
        robots = await self._asked[host]
        if robots.unreachable is not None:
            raise LeftAloneError(request.url, _spider(self._crawler).hosts.state(host).left or robots.unreachable)
        if not robots.allows(request.url):
            raise DisallowedError(request.url, failures.DISALLOWED)

    async def _ask(self, host: str) -> Robots:
        hosts = _spider(self._crawler).hosts
        url = f"https://{host}/robots.txt"
        try:
            answer = await self._crawler.engine.download_async(Request(url, meta={"purpose": "robots"}))
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


class RedirectMiddleware:
    """Follow a redirect where it may be followed; `request.meta["asked"]` remembers the way."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the next request, or the answer itself."""
        if response.status not in REDIRECTS:
            return response
        purpose = cast("Purpose", request.meta["purpose"])
        asked = (*request.meta.get("asked", ()), request.url)
        location = (response.headers.get("Location") or b"").decode("utf-8", errors="replace")
        following = next_address(asked, location, purpose)
        return Request(following, headers=request.headers, meta={"purpose": purpose, "asked": asked})


class TurnMiddleware:
    """Let one request after another pass to a host, with a pause between, and learn from each answer."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "TurnMiddleware":
        """Return the middleware of this crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's turn, or raise LeftAloneError."""
        await _spider(self._crawler).hosts.turn(host_of(request.url), request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the status."""
        retry_after = (response.headers.get("Retry-After") or b"").decode("latin-1")
        _spider(self._crawler).hosts.answered(
            host_of(request.url), status=response.status, retry_after=retry_after or None
        )
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note a failure of the host's own."""
        if isinstance(exception, FetchError) and not isinstance(exception, LeftAloneError | DisallowedError):
            _spider(self._crawler).hosts.failed(host_of(request.url), reason=exception.reason)
