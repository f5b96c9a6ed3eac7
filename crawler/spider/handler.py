"""The download handler: one HTTP request, whole or not at all, to a public address or to the site named by `--site`.

It stands on aiohttp, which Scrapy brings, through Scrapy's documented handler interface: Scrapy's own handlers take a
cut gzip body for a whole one, do not tell a dead name server from a dead host, and connect to any address.
"""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from yarl import URL

from crawler.spider import failures
from crawler.spider.deadline import within
from crawler.spider.decompress import ACCEPT_ENCODING, CutError, TooLargeError, UnreadableError, unpack
from crawler.spider.failures import FetchError, UnreachedError
from crawler.spider.guard import GuardedResolver, NotPublicError

CONNECT_TIMEOUT_S: Final = 10.0
DNS_TIMEOUT_S: Final = 5.0
_HEADERS: Final = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "id,en;q=0.5",
    "Accept-Encoding": ACCEPT_ENCODING,
}
# The headers of an answer that anything of ours reads; Scrapy's way of keeping all of them costs more than it seems.
_READ: Final = frozenset({b"cache-control", b"content-type", b"etag", b"last-modified", b"location", b"retry-after"})
KEPT_PACKED: Final = frozenset({"gzip", "deflate"})
_BODILESS: Final = frozenset({204, 304})


class WatchDownloadHandler(BaseDownloadHandler):
    """Fetch one address; every way to fail is a FetchError with a reason."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._site: str | None = settings.get("WATCH_SITE")
        self._most_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout_s = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._underway: set[asyncio.Task[object]] = set()
        self._session = aiohttp.ClientSession(
            # Scrapy's slots see to one request at a time per host; here they would only count twice.
            connector=aiohttp.TCPConnector(
                limit=0, resolver=GuardedResolver(timeout_s=DNS_TIMEOUT_S), ttl_dns_cache=300, family=socket.AF_UNSPEC
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_once,),
            auto_decompress=False,
            headers={**_HEADERS, "User-Agent": settings["USER_AGENT"]},
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_TIMEOUT_S),
        )

    async def download_request(self, request: Request) -> Response:
        """Return the answer with its whole body, unpacked.

        Raises:
            FetchError: There is no answer, or none that is whole; UnreachedError where it is the host's fault.
        """
        task = asyncio.current_task()
        if task is not None:
            self._underway.add(task)
        try:
            with _told(request.url, self._timeout_s):
                async with within(self._timeout_s):
                    return await self._ask(request)
        finally:
            if task is not None:
                self._underway.discard(task)

    async def close(self) -> None:
        """End what is still under way, and the connections."""
        for task in tuple(self._underway):
            task.cancel()
        await self._session.close()

    async def _ask(self, request: Request) -> Response:
        url = request.url
        headers = {str(name): str(value) for name, value in request.headers.to_unicode_dict().items()}
        if self._site is not None:
            parts = urlsplit(url)
            headers["Host"] = parts.netloc
            url = f"{self._site}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        elif _is_number(urlsplit(url).hostname or ""):
            raise UnreachedError(url, failures.NOT_PUBLIC)
        async with self._session.get(URL(url, encoded=True), headers=headers, allow_redirects=False) as answer:
            body = await self._whole_body(request, answer)
            headers_read = {name: value for name, value in answer.raw_headers if name.lower() in _READ}
            return Response(request.url, status=answer.status, headers=headers_read, body=body, request=request)

    async def _whole_body(self, request: Request, answer: aiohttp.ClientResponse) -> bytes:
        url = request.url
        if answer.status in _BODILESS:
            return b""
        if (answer.content_length or 0) > self._most_bytes:
            raise FetchError(url, failures.TOO_LARGE, detail=f"{answer.content_length} bytes")
        received = bytearray()
        async for chunk in answer.content.iter_any():
            received += chunk
            if len(received) > self._most_bytes:
                raise FetchError(url, failures.TOO_LARGE, detail=f"more than {self._most_bytes} bytes")
        encoding = answer.headers.get("Content-Encoding", "")
        is_framed = "Content-Length" in answer.headers or "Transfer-Encoding" in answer.headers
        if not is_framed and "gzip" not in encoding.lower():
            # Nothing but the end of the connection tells where this body ends, and that may have come too early.
            raise CutError
        packed = bytes(received)
        if encoding.lower() in KEPT_PACKED:
            # Beside the body, for those who keep the page as it came.
            request.meta["packed"] = packed, encoding.lower()
        return unpack(packed, encoding, most_bytes=self._most_bytes)


class _NoAnswerError(aiohttp.ClientError):
    """The connection ended before an answer began."""


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request once: aiohttp asks again at once where the server drops the connection, which keeps no pause."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _NoAnswerError(str(error)) from error


def _is_number(host: str) -> bool:
    return ":" in host or host[-1:].isdigit()


@contextmanager
def _told(url: str, timeout_s: float) -> Iterator[None]:
    """Tell every error of the network as the reason that the ledger keeps."""
    try:
        yield
    except aiohttp.ClientConnectorDNSError as error:
        is_refused = isinstance(error.os_error, NotPublicError)
        reason = failures.NOT_PUBLIC if is_refused else failures.NO_NAME
        raise UnreachedError(url, reason, detail=error.os_error.strerror or str(error.os_error)) from error
    except aiohttp.ClientSSLError as error:
        # OpenSSL's own words stand among the names and line numbers of its source.
        told = getattr(error.os_error, "verify_message", None) or str(error.os_error)
        raise UnreachedError(url, failures.BAD_CERTIFICATE, detail=told) from error
    except aiohttp.ConnectionTimeoutError as error:
        raise UnreachedError(url, failures.NO_CONNECTION, detail=f"timed out after {CONNECT_TIMEOUT_S:g} s") from error
    except aiohttp.ClientConnectorError as error:
        # asyncio's own words name the address, not the cause.
        detail = os.strerror(error.os_error.errno) if error.os_error.errno else str(error.os_error)
        raise UnreachedError(url, failures.NO_CONNECTION, detail=detail) from error
    except TimeoutError as error:
        raise FetchError(url, failures.TIMED_OUT, detail=f"{timeout_s:g} s") from error
    except (aiohttp.ClientPayloadError, CutError) as error:
        raise FetchError(url, failures.CUT) from error
    except TooLargeError as error:
        raise FetchError(url, failures.TOO_LARGE, detail="after unpacking") from error
    except (aiohttp.ClientError, UnreadableError, ValueError) as error:
        raise FetchError(url, failures.BROKEN_ANSWER, detail=str(error)[:200]) from error
