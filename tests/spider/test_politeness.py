import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spider.failures import LeftAloneError
from crawler.spider.hosts import Hosts
from crawler.spider.politeness import HostState, Manners, after_answer, after_failure, after_wall, parse_retry_after

NOW = datetime(2026, 7, 24, 5, 0, tzinfo=UTC)
MANNERS = Manners(delay_s=2, longest_pause_s=3600, patience_s=30, refusals_allowed=3, failures_allowed=5)
HOST = "www.tribunnews.com"


def answered(host: HostState, status: int, retry_after: str | None = None) -> HostState:
    return after_answer(host, status=status, retry_after=retry_after, now=NOW, manners=MANNERS)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("999999999999", 999999999999.0),
        ("9" * 5000, math.inf),
        ("Fri, 24 Jul 2026 05:02:00 GMT", 120.0),
        ("Friday, 24-Jul-26 05:02:00 GMT", 120.0),
        ("Fri Jul 24 05:02:00 2026", 120.0),
        ("Fri, 24 Jul 2026 12:02:00 +0700", 120.0),
        ("Fri, 24 Jul 2026 05:02:00 -0000", 120.0),
        ("Thu, 23 Jul 2026 05:02:00 GMT", 0.0),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        ("1e12", None),
        ("١٢٠", None),
        ("Fri, 99 Jul 2026 05:02:00 GMT", None),
        ("Fri, 24 Jul 999999 05:02:00 GMT", None),
        ("2026-07-24T05:02:00Z", None),
    ],
)
def test_retry_after_is_understood_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, now=NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_whatever_it_says_breaks_the_crawl(value: str) -> None:
    seconds = parse_retry_after(value, now=NOW)

    assert seconds is None or seconds >= 0


@given(st.integers(0, 10**9))
def test_a_date_asks_for_the_time_until_then(seconds: int) -> None:
    value = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)

    assert parse_retry_after(value, now=NOW) == seconds


def test_a_short_pause_is_waited_for_and_a_long_one_is_not() -> None:
    short = answered(HostState(), 503, "20")
    long = answered(HostState(), 429, "31")

    assert (short.pause_s, short.left) == (20.0, None)
    assert long.pause_s == 31.0
    assert long.left == "too many requests (429), asked for a pause of 31 s"
    assert long.told == "until 2026-07-24 12:01 WIB: too many requests (429), asked for a pause of 31 s"


def test_an_absurd_pause_is_cut_to_the_longest_allowed() -> None:
    assert answered(HostState(), 503, "9" * 300).pause_s == 3600


def test_a_pause_is_never_shorter_than_the_usual_one() -> None:
    assert answered(HostState(), 503, "0").pause_s == 2


@pytest.mark.parametrize("status", [301, 302, 307, 403, 429, 500, 503])
def test_a_pause_is_honoured_whatever_it_is_asked_for_with(status: int) -> None:
    host = answered(HostState(), status, "Fri, 24 Jul 2026 06:00:00 GMT")

    assert host.not_before == NOW + timedelta(hours=1)
    assert host.left is not None
    assert host.left.endswith("asked for a pause of 3600 s")


def test_a_pause_asked_for_with_a_page_means_nothing() -> None:
    assert answered(HostState(), 200, "3600") == HostState()


def test_too_many_requests_without_a_time_means_a_growing_one_and_unavailable_without_one_is_a_failure() -> None:
    once = answered(HostState(), 429)
    twice = answered(replace(once, left=None, not_before=None), 429)

    assert once.not_before == NOW + timedelta(minutes=5)
    assert twice.not_before == NOW + timedelta(minutes=20)
    assert answered(HostState(), 503) == HostState(failures=1)


@pytest.mark.parametrize(("before", "status"), [(HostState(refusals=2), 403), (HostState(failures=4), 502)])
def test_a_host_that_goes_on_failing_is_left_alone_for_longer_each_time_up_to_a_day(
    before: HostState, status: int
) -> None:
    pauses_min, host = [], before
    for _ in range(7):
        host = answered(replace(host, left=None, not_before=None), status)
        assert host.not_before is not None
        pauses_min.append((host.not_before - NOW) / timedelta(minutes=1))

    assert pauses_min == [5, 20, 80, 320, 1280, 1440, 1440]
    assert answered(replace(host, left=None), 200) == HostState()


def test_a_pause_that_was_asked_for_does_not_shorten_a_grown_one() -> None:
    host = answered(HostState(failures=6), 503, "60")

    assert host.not_before == NOW + timedelta(minutes=80)


def test_walls_in_place_of_articles_leave_a_host_alone_like_refusals() -> None:
    host = HostState()
    for _ in range(2):
        host = after_wall(answered(host, 200), now=NOW, manners=MANNERS)
    assert host.left is None

    host = after_wall(answered(host, 200), now=NOW, manners=MANNERS)

    assert host.left is not None
    assert host.left.startswith("3 pages in a row were no articles but walls")
    assert host.not_before == NOW + timedelta(minutes=5)


def test_a_host_that_is_not_reached_is_left_for_this_crawl_and_not_blamed() -> None:
    host = HostState()
    for _ in range(5):
        host = after_failure(host, reason="connection", now=NOW, manners=MANNERS, is_lost=True)

    assert host.told == "for the rest of this crawl: 5 requests in a row failed, the last one with: connection"
    assert (host.failures, host.wait_reason) == (0, None)


def test_the_third_refusal_in_a_row_leaves_the_host_alone_and_says_what_it_means() -> None:
    host = answered(answered(HostState(), 403), 403)
    assert host.left is None

    host = answered(host, 403)

    assert host.left == "refused (403) 3 times in a row: the site refuses this user agent"


def test_an_answer_between_two_refusals_starts_the_count_again() -> None:
    host = answered(answered(answered(HostState(), 403), 403), 200)

    assert answered(host, 403).left is None


@pytest.mark.parametrize("status", [500, 502, 504])
def test_the_fifth_server_error_in_a_row_leaves_the_host_alone(status: int) -> None:
    host = HostState()
    for _ in range(4):
        host = answered(host, status)
    assert host.left is None

    assert answered(host, status).left == f"5 requests in a row failed, the last one with: server error ({status})"


@pytest.mark.parametrize("status", [200, 304, 404, 410, 302])
def test_a_host_that_answers_is_well(status: int) -> None:
    assert answered(after_failure(HostState(), reason="timeout", now=NOW, manners=MANNERS), status) == HostState()


def test_a_host_that_was_left_alone_stays_so_whatever_it_answers_later() -> None:
    left = answered(HostState(), 429, "600")

    assert answered(left, 200).left == left.left


def times_of_turns(
    manners: Manners, *, requests: int, crawl_delay_s: float = 0.0, answer_s: float = 0.0
) -> list[float]:
    async def go() -> list[float]:
        hosts, times = Hosts(manners, lambda: NOW), []
        hosts.slow_down(HOST, crawl_delay_s)
        clock = asyncio.get_running_loop().time

        async def ask() -> None:
            await hosts.turn(HOST, "https://www.tribunnews.com/")
            times.append(clock())
            await asyncio.sleep(answer_s)
            hosts.answered(HOST, status=200, retry_after=None)
            times.append(clock())

        for _ in range(requests):
            await ask()
        return times

    return asyncio.run(go())


def test_the_pause_lies_between_the_end_of_an_answer_and_the_next_request() -> None:
    times = times_of_turns(Manners(delay_s=0.05), requests=3, answer_s=0.06)

    assert times[2] - times[1] >= 0.05
    assert times[4] - times[3] >= 0.05


def test_a_crawl_delay_lengthens_the_pause_and_never_shortens_it() -> None:
    longer = times_of_turns(Manners(delay_s=0.01), requests=2, crawl_delay_s=0.08)
    shorter = times_of_turns(Manners(delay_s=0.05), requests=2, crawl_delay_s=0.01)

    assert longer[2] - longer[1] >= 0.08
    assert shorter[2] - shorter[1] >= 0.05


def test_of_two_who_wait_for_a_host_the_second_waits_for_the_pause_after_the_first() -> None:
    async def go() -> list[float]:
        hosts, times = Hosts(Manners(delay_s=0.05), lambda: NOW), []

        async def ask() -> None:
            await hosts.turn(HOST, "https://www.tribunnews.com/")
            times.append(asyncio.get_running_loop().time())

        await asyncio.gather(ask(), ask(), ask())
        return times

    first, second, third = asyncio.run(go())

    assert second - first >= 0.05
    assert third - second >= 0.05


def test_hosts_do_not_wait_for_each_other() -> None:
    async def go() -> float:
        hosts = Hosts(Manners(delay_s=5), lambda: NOW)
        start = asyncio.get_running_loop().time()
        for host in ("www.tribunnews.com", "jabar.tribunnews.com", "bali.tribunnews.com"):
            await hosts.turn(host, f"https://{host}/")
        return asyncio.get_running_loop().time() - start

    assert asyncio.run(go()) < 1


def test_a_pause_that_a_host_asks_for_holds_up_the_next_request() -> None:
    async def go() -> float:
        hosts = Hosts(Manners(delay_s=0.01, patience_s=5), lambda: NOW)
        hosts.answered(HOST, status=503, retry_after="0.1")
        start = asyncio.get_running_loop().time()
        await hosts.turn(HOST, "https://www.tribunnews.com/")
        return asyncio.get_running_loop().time() - start

    assert asyncio.run(go()) >= 0.09


def test_a_request_that_waits_while_its_host_is_left_alone_is_not_made() -> None:
    async def go() -> None:
        hosts = Hosts(Manners(delay_s=0.05), lambda: NOW)
        await hosts.turn(HOST, "https://www.tribunnews.com/1")
        waiting = asyncio.ensure_future(hosts.turn(HOST, "https://www.tribunnews.com/2"))
        await asyncio.sleep(0)
        hosts.leave(HOST, "it is broken")
        with pytest.raises(LeftAloneError, match="it is broken"):
            await waiting

    asyncio.run(go())
