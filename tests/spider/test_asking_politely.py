"""What a host is asked, and when, as its own log shows: pauses, Retry-After in all its forms, the robots matrix."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from scrapy.http import Response

from crawler.spider.failures import DisallowedError, FetchError, LeftAloneError
from crawler.spider.hosts import Hosts
from crawler.spider.politeness import Manners
from tests.spider.asking import answers, pages

WWW = "www.tribunnews.com"
Answering = Callable[..., bytes]
BROKEN = b""
SILENT = 5.0


def now() -> datetime:
    return datetime.now(UTC)


def place(url: str) -> str:
    return url.removeprefix("https://")


def times_of(site: Any, host: str) -> list[float]:
    return [each.at_s for each in site.asked if each.host == host]


def test_between_two_requests_to_a_host_lies_the_pause_that_is_promised_and_not_always_the_same(
    site: Any, answer: Answering
) -> None:
    for url in pages(WWW, 8):
        site.answers[place(url)] = answer(b"<html>")

    answers(site, pages(WWW, 8), hosts=Hosts(Manners(delay_s=0.05, jitter=1.0), now))

    times = times_of(site, WWW)
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(pauses) == 8
    assert min(pauses) >= 0.05
    assert max(pauses) - min(pauses) > 0.005


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_the_pause_is_between_the_delay_and_the_jitter_more(site: Any, chance: float) -> None:
    hosts = Hosts(Manners(delay_s=0.1, jitter=0.25), now, chance=lambda: chance)

    answers(site, pages(WWW, 2), hosts=hosts)

    times = times_of(site, WWW)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.1 * (1 + 0.25 * chance)


# Forms of Retry-After, and how long they ask to wait where 4 s is the longest allowed; None: nothing that is a time.
# A form of date is written out for a moment 3 s ahead, and holds the host until then.
FORMS: list[tuple[str, float | None]] = [
    *(("1", 1.0), (" 1 ", 1.0), ("1.0", 1.0), ("0", 0.0), ("00", 0.0)),
    *(("999999", 4.0), ("99999999999999999999", 4.0), ("9" * 400, 4.0)),
    *(("%a, %d %b %Y %H:%M:%S GMT", 0.0), ("%A, %d-%b-%y %H:%M:%S GMT", 0.0), ("%a %b %d %H:%M:%S %Y", 0.0)),
    *(("Fri, 24 Jul 1998 05:02:00 GMT", 0.0), ("Fri, 31 Dec 9998 23:59:59 GMT", 4.0)),
    *(("-1", None), ("soon", None), ("", None), ("1, 2", None), ("1e3", None), ("Fri, 99 Jul 2026 25:02:00 GMT", None)),
]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "403 Forbidden", "429 Too Many", "503 Busy"])
def test_no_request_comes_before_the_time_that_a_retry_after_asks_for(
    site: Any, answer: Answering, status: str
) -> None:
    manners = Manners(delay_s=0.02, longest_pause_s=4, patience_s=5, refusals_allowed=9, failures_allowed=9)
    until = (now() + timedelta(seconds=3)).replace(microsecond=0)
    until_s = until.timestamp() - time.time() + time.monotonic()
    hosts = [f"h{number}.tribunnews.com" for number in range(len(FORMS))]
    urls = []
    for host, (form, _) in zip(hosts, FORMS, strict=True):
        first, second = pages(host, 2)
        headers = (f"Retry-After: {until.strftime(form)}", f"Location: {second}")
        site.answers[place(first)] = answer(b"", *headers, status=status)
        site.answers[place(second)] = answer(b"<html>")
        urls += [first, second]

    answers(site, urls, hosts=Hosts(manners, now))

    for host, (form, asked_s) in zip(hosts, FORMS, strict=True):
        _, first_s, *later = times_of(site, host)
        if asked_s is None and status.startswith("429"):
            assert later == [], form
        elif "%" in form:
            assert later[0] >= until_s, form
        else:
            assert later[0] - first_s >= max(asked_s or 0.0, 0.02), form


@pytest.mark.parametrize("status", ["302 Found", "403 Forbidden", "429 Too Many", "500 Broken", "503 Busy"])
@pytest.mark.parametrize("value", ["3600", format_datetime(datetime(2999, 1, 1, tzinfo=UTC), usegmt=True)])
def test_a_host_that_asks_for_a_long_pause_is_not_asked_again(
    site: Any, answer: Answering, status: str, value: str
) -> None:
    first, second = pages(WWW, 2)
    site.answers[place(first)] = answer(b"", f"Retry-After: {value}", f"Location: {second}", status=status)
    hosts = Hosts(Manners(delay_s=0.01), now)

    ended = answers(site, [first, second], hosts=hosts)

    assert site.paths(WWW) == ["/robots.txt", first.removeprefix(f"https://{WWW}")]
    assert isinstance(ended[1], LeftAloneError)
    until = hosts.state(WWW).not_before
    assert until is not None
    assert timedelta(seconds=3590) < until - now() <= timedelta(seconds=3600)


def test_a_connection_that_is_dropped_is_not_asked_for_again_at_once(site: Any, answer: Answering) -> None:
    first, second = pages(WWW, 2)
    site.answers[place(first)] = [BROKEN, answer(b"<html>")]
    site.answers[place(second)] = answer(b"<html>")

    broken, sound = answers(site, [first, second])

    assert isinstance(broken, FetchError)
    assert broken.reason == "connection: broken answer"
    assert isinstance(sound, Response)
    assert len(site.paths(WWW)) == 3


ALLOWING = b"User-agent: *\nDisallow: /tag/\n"
FORBIDDING = b"User-agent: *\nDisallow: /nasional/\n"


def moved(to: str) -> tuple[bytes, str, str]:
    return b"", f"Location: {to}", "301 Moved"


# What /robots.txt answers, and whether an article may be asked for then: True, False, or None where the host is left
# alone. A number is the length of a chain of redirects that ends at a file which allows it.
MATRIX: dict[str, tuple[Any, bool | None]] = {
    "allows": ((ALLOWING, "200 OK"), True),
    "forbids": ((FORBIDDING, "200 OK"), False),
    "empty": ((b"", "200 OK"), True),
    "html": ((b"<html><body>Halaman tidak ditemukan</body></html>", "200 OK"), True),
    "wrong type": ((FORBIDDING, "Content-Type: image/png", "200 OK"), False),
    "bom": ((b"\xef\xbb\xbf" + FORBIDDING, "200 OK"), False),
    "utf-16": ((FORBIDDING.decode().encode("utf-16"), "200 OK"), False),
    "cr only": ((FORBIDDING.replace(b"\n", b"\r"), "200 OK"), False),
    "500 KiB": ((b"# filler\n" * 56_000 + FORBIDDING, "200 OK"), False),
    "beyond 512 KiB": ((b"# filler\n" * 60_000 + FORBIDDING, "200 OK"), True),
    "other name": ((b"User-agent: Googlebot\nDisallow: /\n", "200 OK"), True),
    "our name": ((b"User-agent: *\nDisallow:\n\nUser-agent: tribunwatch\nDisallow: /\n", "200 OK"), False),
    **{f"{status}": ((b"", f"{status} No"), True) for status in (400, 401, 403, 404, 410, 418, 451)},
    **{f"{status}": ((FORBIDDING, f"{status} No"), None) for status in (429, 500, 502, 503, 504, 599, 304)},
    **{f"{count} redirects": (count, True) for count in (1, 5)},
    "6 redirects": (6, None),
    "redirect to itself": (moved("/robots.txt"), None),
    "redirect nowhere": ((b"", "301 Moved"), None),
    "redirect away": (moved("https://evil.example/robots.txt"), None),
    "redirect to a private address": (moved("http://127.0.0.1/robots.txt"), None),
    "redirect to another scheme": (moved("file:///etc/passwd"), None),
    "dropped": (BROKEN, None),
    "cut": (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nUser-agent: *\nAllow: /\n", None),
    "no HTTP": (b"User-agent: *\nAllow: /\n\r\n\r\n", None),
    "silent": (SILENT, None),
    "too large": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", None),
}


@pytest.mark.fact("7.15")
@pytest.mark.fact("1.5.1")
def test_what_robots_txt_answers_decides_whether_anything_is_asked(site: Any, answer: Answering) -> None:
    hosts = {case: f"h{number}.tribunnews.com" for number, case in enumerate(MATRIX)}
    for case, (said, _) in MATRIX.items():
        robots = f"{hosts[case]}/robots.txt"
        if isinstance(said, tuple):
            site.answers[robots] = answer(said[0], *said[1:-1], status=said[-1])
        elif isinstance(said, int):
            for step in range(said):
                target = "/allows.txt" if step == said - 1 else f"/step-{step}.txt"
                site.answers[robots] = answer(b"", f"Location: {target}", status="301 Moved")
                robots = f"{hosts[case]}{target}"
            site.answers[robots] = answer(ALLOWING)
        else:
            site.answers[robots] = said
        site.answers[place(pages(hosts[case], 1)[0])] = answer(b"<html>")

    ended = answers(site, [pages(host, 1)[0] for host in hosts.values()], timeout_s=1)

    kinds = {True: Response, False: DisallowedError, None: LeftAloneError}
    for (case, (_, is_allowed)), became in zip(MATRIX.items(), ended, strict=True):
        assert isinstance(became, kinds[is_allowed]), (case, became)
        is_asked = any("/nasional/" in path for path in site.paths(hosts[case]))
        assert is_asked == bool(is_allowed), case


def test_a_crawl_delay_is_the_least_pause_and_one_beyond_reason_leaves_the_host_alone(
    site: Any, answer: Answering
) -> None:
    slow, absurd = "jabar.tribunnews.com", "bali.tribunnews.com"
    site.answers[f"{slow}/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 0.2\n")
    site.answers[f"{absurd}/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 86400\n")
    hosts = Hosts(Manners(delay_s=0.01), now)
    started_s = time.monotonic()

    ended = answers(site, [*pages(slow, 2), *pages(absurd, 1)], hosts=hosts)

    times = times_of(site, slow)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.2
    assert isinstance(ended[2], LeftAloneError)
    assert site.paths(absurd) == ["/robots.txt"]
    assert hosts.left[absurd].endswith("robots.txt asks for 86400 s between two requests, more than 300 s")
    assert time.monotonic() - started_s < 60
