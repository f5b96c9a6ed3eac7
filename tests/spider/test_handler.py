import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.spider import failures
from crawler.spider.failures import FetchError, UnreachedError
from crawler.spider.guard import GuardedResolver
from crawler.spider.handler import WatchDownloadHandler
from crawler.spider.settings import scrapy_settings

URL = "https://www.tribunnews.com/nasional/7845771/banjir"
PLACE = "www.tribunnews.com/nasional/7845771/banjir"
PAGE = b"<html>" + b"banjir di Demak " * 2000 + b"</html>"

Answering = Callable[..., bytes]


def fetch(site_url: str | None, url: str = URL, *, resolver: GuardedResolver | None = None, **changed: Any) -> Response:
    settings = scrapy_settings(
        user_agent="Mozilla/5.0 Tribunwatch/1",
        delay_s=0.01,
        timeout_s=changed.pop("timeout_s", 5.0),
        most_bytes=changed.pop("most_bytes", 1_000_000),
        budget_s=60.0,
        site=site_url,
    )

    async def ask() -> Response:
        handler = WatchDownloadHandler(Crawler(Spider, settings))
        if resolver is not None:
            handler._session.connector._resolver = resolver  # type: ignore[union-attr]
        try:
            return await handler.download_request(Request(url, **changed))
        finally:
            await handler.close()
            await asyncio.sleep(0)

    return asyncio.run(ask())


def reason_of(site_url: str | None, **changed: Any) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(site_url, **changed)
    return caught.value.reason


def test_a_whole_answer_arrives_with_status_headers_and_body(site: Any, answer: Answering) -> None:
    site.answers[PLACE] = answer(PAGE, "ETag: x1", status="201 Made")

    response = fetch(site.url)

    assert (response.status, response.body, response.headers["ETag"]) == (201, PAGE, b"x1")
    assert response.url == URL


def test_a_site_on_this_machine_is_told_the_real_host_and_the_whole_query(site: Any, answer: Answering) -> None:
    site.answers[PLACE + "?page=all"] = answer(PAGE)

    fetch(site.url, URL + "?page=all", headers={"If-None-Match": '"7"'})

    assert site.asked[0].host == "www.tribunnews.com"
    assert site.asked[0].path == "/nasional/7845771/banjir?page=all"
    assert site.asked[0].headers["If-None-Match"] == '"7"'
    assert site.asked[0].headers["User-Agent"] == "Mozilla/5.0 Tribunwatch/1"
    assert site.asked[0].headers["Accept-Encoding"] == "gzip, deflate"
    assert "Cookie" not in site.asked[0].headers
    assert "Referer" not in site.asked[0].headers


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("x-gzip", gzip.compress), ("identity", bytes)],
)
def test_a_packed_answer_is_unpacked(
    site: Any, answer: Answering, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    site.answers[PLACE] = answer(pack(PAGE), f"Content-Encoding: {encoding}")

    assert fetch(site.url).body == PAGE


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("framing", ["length", "short length", "chunked", "closed"])
def test_a_cut_gzip_answer_is_never_taken_for_a_whole_one(
    site: Any, answer: Answering, share: float, framing: str
) -> None:
    packed = gzip.compress(PAGE)
    cut = packed[: int(len(packed) * share)]
    if framing == "length":
        site.answers[PLACE] = answer(packed, "Content-Encoding: gzip")[: len(cut) - len(packed)]
    elif framing == "short length" and cut:
        site.answers[PLACE] = answer(cut, "Content-Encoding: gzip")
    elif framing == "chunked":
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
        site.answers[PLACE] = head + f"{len(packed):x}\r\n".encode() + cut
    else:
        site.answers[PLACE] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + (
            cut or b"\x1f"
        )

    assert reason_of(site.url) == failures.CUT


def test_a_plain_answer_that_ends_too_early_is_cut(site: Any, answer: Answering) -> None:
    site.answers[PLACE] = answer(PAGE)[:-5]

    assert reason_of(site.url) == failures.CUT


def test_a_plain_answer_without_any_mark_of_its_end_is_cut(site: Any) -> None:
    site.answers[PLACE] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + PAGE

    assert reason_of(site.url) == failures.CUT


def test_a_gzip_answer_that_ends_with_the_connection_is_whole_when_its_own_end_is_there(site: Any) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    site.answers[PLACE] = head + gzip.compress(PAGE)

    assert fetch(site.url).body == PAGE


def test_an_answer_larger_than_allowed_is_refused_by_its_length_alone(site: Any) -> None:
    site.answers[PLACE] = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n"

    assert reason_of(site.url) == failures.TOO_LARGE


def test_an_answer_without_length_is_refused_when_it_has_grown_too_large(site: Any) -> None:
    site.answers[PLACE] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 2_000_000

    assert reason_of(site.url) == failures.TOO_LARGE


def test_an_answer_that_is_too_large_when_unpacked_is_refused(site: Any, answer: Answering) -> None:
    site.answers[PLACE] = answer(gzip.compress(b"0" * 50_000_000), "Content-Encoding: gzip")

    assert reason_of(site.url) == failures.TOO_LARGE


@pytest.mark.parametrize(
    "raw",
    [
        b"random bytes that are no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: br\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_an_answer_that_is_no_answer_is_broken(site: Any, raw: bytes) -> None:
    site.answers[PLACE] = raw

    assert reason_of(site.url) == failures.BROKEN_ANSWER


def test_a_site_that_says_nothing_is_given_up_in_time(site: Any) -> None:
    site.answers[PLACE] = 5.0

    assert reason_of(site.url, timeout_s=0.2) == failures.TIMED_OUT


def test_a_refused_connection_is_told_as_such() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(UnreachedError) as caught:
        fetch(f"http://127.0.0.1:{port}")

    assert caught.value.reason == failures.NO_CONNECTION
    assert caught.value.detail == "Connection refused"


def test_a_name_that_does_not_exist_is_told_as_a_name_that_does_not_exist() -> None:
    def unknown(_host: str, _port: int) -> list[tuple[int, str]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(UnreachedError) as caught:
        fetch(None, resolver=GuardedResolver(timeout_s=1, lookup=unknown))

    assert caught.value.reason == failures.NO_NAME
    assert "Name or service not known" in str(caught.value)


def test_a_name_that_leads_to_this_machine_is_never_connected_to() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        resolver = GuardedResolver(timeout_s=1, lookup=lambda _host, _port: [(socket.AF_INET, "127.0.0.1")])
        listener.settimeout(0.1)

        reason = reason_of(None, url=URL.replace(".com/", f".com:{listener.getsockname()[1]}/"), resolver=resolver)

        assert reason == failures.NOT_PUBLIC
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_an_address_in_figures_is_never_connected_to(host: str) -> None:
    assert reason_of(None, url=f"https://{host}/") in {failures.NOT_PUBLIC, failures.NO_NAME}


def test_only_certificates_that_are_valid_are_accepted() -> None:
    settings = scrapy_settings(user_agent="x", delay_s=1, timeout_s=1, most_bytes=1, budget_s=1, site=None)

    async def context() -> ssl.SSLContext | bool | Any:
        handler = WatchDownloadHandler(Crawler(Spider, settings))
        try:
            connector: Any = handler._session.connector
            return connector._ssl
        finally:
            await handler.close()

    assert asyncio.run(context()) is True
