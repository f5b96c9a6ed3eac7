"""Asking a scripted server as a crawl does: through the downloader, all at the same moment."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.spider.downloader import WatchDownloader
from crawler.spider.hosts import Hosts
from crawler.spider.politeness import Manners
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.settings import scrapy_settings
from crawler.spider.watch_spider import Plan, WatchSpider


def answers(
    site: Any, urls: Sequence[str], *, hosts: Hosts | None = None, timeout_s: float = 5
) -> list[Response | BaseException]:
    """Ask for all addresses at the same moment, as a crawl would, and return what became of each."""
    settings = scrapy_settings(
        user_agent="Tribunwatch/1", delay_s=0.01, timeout_s=timeout_s, most_bytes=10**6, budget_s=60, site=site.url
    )

    async def ask() -> list[Response | BaseException]:
        crawler = Crawler(WatchSpider, settings)
        crawler.spider = WatchSpider(
            desk=SimpleNamespace(),  # nothing is handed in
            plan=Plan(listings=()),
            hosts=hosts or Hosts(Manners(delay_s=0.01), lambda: datetime.now(UTC)),
            room=ReadingRoom(),
        )
        downloader = WatchDownloader(crawler)
        asked = [downloader.answer(Request(url, meta={"purpose": "article"})) for url in urls]
        try:
            return list(await asyncio.gather(*asked, return_exceptions=True))
        finally:
            assert not downloader.active
            await downloader._handlers._close()

    return asyncio.run(ask())


def pages(host: str, count: int) -> list[str]:
    return [f"https://{host}/nasional/{7845771 + number}/banjir" for number in range(count)]
