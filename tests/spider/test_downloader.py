import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.spider import failures
from crawler.spider.downloader import WatchDownloader
from crawler.spider.failures import DisallowedError, FetchError, LeftAloneError
from crawler.spider.hosts import Hosts
from crawler.spider.politeness import Manners
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.settings import scrapy_settings
from crawler.spider.watch_spider import Plan, WatchSpider

WWW, JABAR = "www.tribunnews.com", "jabar.tribunnews.com"
Answering = Callable[..., bytes]


def answers(site: Any, urls: Sequence[str]) -> list[Response | BaseException]:
    """Ask for all addresses at the same moment, as a crawl would, and return what became of each."""
    settings = scrapy_settings(
        user_agent="Tribunwatch/1", delay_s=0.01, timeout_s=5, most_bytes=10**6, budget_s=60, site=site.url
    )

    async def ask() -> list[Response | BaseException]:
        crawler = Crawler(WatchSpider, settings)
        crawler.spider = WatchSpider(
            desk=SimpleNamespace(),  # nothing is handed in
            plan=Plan(listings=()),
            hosts=Hosts(Manners(delay_s=0.01), lambda: datetime.now(UTC)),
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


def test_of_one_host_only_one_request_is_under_way(site: Any) -> None:
    for url in pages(WWW, 3):
        site.answers[url.removeprefix("https://")] = 0.2

    ended = answers(site, pages(WWW, 3))

    assert [type(each) for each in ended] == [FetchError] * 3
    assert len(set(site.paths(WWW))) == 4
    assert site.most_underway == 1


def test_two_hosts_are_asked_side_by_side(site: Any) -> None:
    for url in [*pages(WWW, 1), *pages(JABAR, 1)]:
        site.answers[url.removeprefix("https://")] = 0.3

    answers(site, [*pages(WWW, 1), *pages(JABAR, 1)])

    assert site.most_underway == 2


def test_robots_is_asked_once_before_anything_else_and_obeyed(site: Any, answer: Answering) -> None:
    site.answers[f"{WWW}/robots.txt"] = answer(b"User-agent: *\nDisallow: /nasional/7845772")
    for url in pages(WWW, 3):
        site.answers[url.removeprefix("https://")] = answer(b"<html>")

    first, second, third = answers(site, pages(WWW, 3))

    assert isinstance(first, Response)
    assert isinstance(second, DisallowedError)
    assert isinstance(third, Response)
    assert site.paths(WWW)[0] == "/robots.txt"
    assert len(site.paths(WWW)) == 3


def test_a_host_whose_robots_fails_is_left_alone(site: Any) -> None:
    site.answers[f"{WWW}/robots.txt"] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

    (ended,) = answers(site, pages(WWW, 1))

    assert isinstance(ended, LeftAloneError)
    assert site.paths(WWW) == ["/robots.txt"]


def test_a_redirect_is_followed_in_the_turn_and_by_the_robots_of_where_it_leads(site: Any, answer: Answering) -> None:
    (there,) = pages(JABAR, 1)
    site.answers[pages(WWW, 1)[0].removeprefix("https://")] = answer(b"", f"Location: {there}", status="301 Moved")
    site.answers[f"{JABAR}/robots.txt"] = answer(b"User-agent: *\nDisallow: /nasional")

    (ended,) = answers(site, pages(WWW, 1))

    assert isinstance(ended, DisallowedError)
    assert ended.reason == failures.DISALLOWED
    assert site.paths(JABAR) == ["/robots.txt"]
