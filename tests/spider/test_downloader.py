from collections.abc import Callable
from typing import Any

from scrapy.http import Response

from crawler.spider import failures
from crawler.spider.failures import DisallowedError, FetchError, LeftAloneError
from tests.spider.asking import answers, pages

WWW, JABAR = "www.tribunnews.com", "jabar.tribunnews.com"
Answering = Callable[..., bytes]


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
