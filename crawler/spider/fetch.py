"""One request through Scrapy's engine, and what its answer means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.archive import reasons
from crawler.spider.downloader import downloader_of, host_of
from crawler.spider.failures import FetchError, GoneError
from crawler.spider.hosts import Hosts
from crawler.spider.redirects import Purpose

_OK, _NOT_MODIFIED, _FORBIDDEN, _NOT_FOUND, _GONE, _TOO_MANY, _SERVER_ERROR = 200, 304, 403, 404, 410, 429, 500
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.+-]{1,40})", re.IGNORECASE)
_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer: 200 with its whole body, or 304 (`is_unchanged`) without one; `url` is where it came from."""

    url: str
    body: bytes
    is_unchanged: bool = False
    charset: str | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    # The body as it came, and how it was packed; None where it came unpacked.
    packed: bytes | None = None
    encoding: str | None = None


async def fetch(
    crawler: Crawler, hosts: Hosts, url: str, purpose: Purpose, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return the answer to one request, redirects followed.

    Raises:
        FetchError: There is none that can be used; its class and reason tell why.
    """
    # The address of an article is as `identify` made it: looking at it letter by letter again took longer than asking.
    meta = {"purpose": purpose, "verbatim_url": purpose == "article"}
    request = Request(url, headers=dict(headers or {}), meta=meta)
    response = await downloader_of(crawler).answer(request)
    if response.status == _NOT_MODIFIED and headers:
        return Answer(url=response.url, body=b"", is_unchanged=True)
    if response.status != _OK:
        raise _failure(url, response.status, hosts)
    content_type, charset = _content_type(response)
    if purpose == "article" and content_type not in _PAGE_TYPES:
        raise FetchError(url, f"{reasons.NOT_HTML} ({content_type[:60]})")
    packed, encoding = response.meta.get("packed", (None, None))
    return Answer(
        url=response.url,
        body=response.body,
        packed=packed,
        encoding=encoding,
        charset=charset,
        content_type=content_type or None,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
    )


def _failure(url: str, status: int, hosts: Hosts) -> FetchError:
    if status == _NOT_FOUND:
        return GoneError(url, reasons.NOT_FOUND)
    if status == _GONE:
        return GoneError(url, reasons.GONE)
    if status == _FORBIDDEN:
        return FetchError(url, reasons.FORBIDDEN)
    retry_after_s = hosts.state(host_of(url)).pause_s or None
    if status == _TOO_MANY:
        return FetchError(url, reasons.TOO_MANY_REQUESTS, retry_after_s=retry_after_s)
    if status >= _SERVER_ERROR:
        return FetchError(url, f"{reasons.SERVER_ERROR} ({status})", retry_after_s=retry_after_s)
    return FetchError(url, f"{reasons.UNEXPECTED}status ({status})")


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _content_type(response: Response) -> tuple[str, str | None]:
    media, _, parameters = (_header(response, "Content-Type") or "").partition(";")
    found = _CHARSET.search(parameters)
    return media.strip().lower(), found[1].lower() if found else None
