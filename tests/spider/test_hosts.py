"""What one crawl leaves behind of a host, and what the next one makes of it."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.hosts import HostStore, KnownHost, load_hosts, save_hosts
from crawler.spider import failures
from crawler.spider.budget import TAKEN_AT_ONCE
from crawler.spider.failures import LeftAloneError, UnreachedError
from crawler.spider.hosts import Hosts
from crawler.spider.politeness import Manners
from crawler.spider.robots import is_of_use, keep_robots

NOW = datetime(2026, 7, 24, 5, 0, tzinfo=UTC)
WWW = "www.tribunnews.com"
URL = f"https://{WWW}/"
MANNERS = Manners(delay_s=0.001)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", create=True) as opened:
        yield opened


def begun(archive: Archive, *, at: datetime = NOW, manners: Manners = MANNERS) -> Hosts:
    return Hosts(manners, lambda: at, HostStore(archive))


def ask(hosts: Hosts, times: int = 1, *, status: int = 200, retry_after: str | None = None) -> None:
    async def go() -> None:
        for _ in range(times):
            await hosts.turn(WWW, URL)
            hosts.answered(WWW, status=status, retry_after=retry_after)

    asyncio.run(go())


def test_a_pause_is_kept_at_once_and_not_only_when_the_crawl_ends(archive: Archive) -> None:
    ask(begun(archive), status=429, retry_after="1800")

    with pytest.raises(LeftAloneError, match=r"until 2026-07-24 12:30 WIB: too many requests \(429\), asked for a"):
        ask(begun(archive))

    ask(begun(archive, at=NOW + timedelta(seconds=1800)))


def test_a_success_ends_what_was_kept_of_failures(archive: Archive) -> None:
    ask(begun(archive), 4, status=500)
    assert load_hosts(archive)[WWW].failures == 4

    ask(begun(archive))

    assert load_hosts(archive)[WWW].failures == 0


def test_the_rest_of_a_short_pause_is_waited_for_by_the_next_crawl(archive: Archive) -> None:
    manners = replace(MANNERS, patience_s=5)
    save_hosts(archive, [KnownHost(WWW, not_before=NOW + timedelta(seconds=1), wait_reason="it asked for it")])
    started = time.monotonic()

    ask(begun(archive, at=NOW + timedelta(seconds=0.7), manners=manners))

    assert time.monotonic() - started >= 0.29


def test_a_pause_written_under_a_wrong_clock_holds_for_a_day_at_most(archive: Archive) -> None:
    save_hosts(archive, [KnownHost(WWW, not_before=NOW + timedelta(days=9999), wait_reason="it asked for it")])

    assert begun(archive).state(WWW).not_before == NOW + timedelta(days=1)


def test_the_pause_between_two_requests_also_lies_between_two_crawls(archive: Archive) -> None:
    save_hosts(archive, [KnownHost(WWW, last_asked_at=NOW)])
    manners = Manners(delay_s=2)
    started = time.monotonic()

    ask(begun(archive, at=NOW + timedelta(seconds=2.8), manners=manners))

    # Kept in whole seconds: it may have been asked up to one later.
    assert time.monotonic() - started >= 0.19


def test_a_host_that_cannot_be_reached_at_all_is_left_alone_for_this_crawl_only(archive: Archive) -> None:
    hosts = begun(archive)

    async def go() -> None:
        await hosts.turn(WWW, URL)
        hosts.lost(WWW, UnreachedError(URL, failures.NO_CONNECTION, detail="Network is unreachable"))

    asyncio.run(go())
    hosts.settle()

    assert hosts.left == {WWW: "for the rest of this crawl: connection: Network is unreachable"}
    assert load_hosts(archive)[WWW].not_before is None
    ask(begun(archive))


def test_what_never_reached_a_host_costs_it_nothing(archive: Archive) -> None:
    hosts = begun(archive)
    ask(hosts)
    hosts.failed(WWW, reason=failures.BROKEN_ANSWER)

    async def go() -> None:
        for _ in range(2 * MANNERS.failures_allowed):
            with contextlib.suppress(LeftAloneError):
                await hosts.turn(WWW, URL)
                hosts.lost(WWW, UnreachedError(URL, failures.NO_NAME))

    asyncio.run(go())
    hosts.settle()

    known = load_hosts(archive)[WWW]
    assert (known.counted, known.failures, known.not_before) == (1, 0, None)


def test_the_network_is_down_when_none_of_the_hosts_that_were_asked_can_be_reached_any_more(archive: Archive) -> None:
    bali, hosts, seen = "bali.tribunnews.com", begun(archive), []

    async def lose(host: str) -> None:
        await hosts.turn(host, f"https://{host}/")
        hosts.lost(host, UnreachedError(f"https://{host}/", failures.NO_CONNECTION))
        seen.append(hosts.is_offline)

    async def go() -> None:
        await hosts.turn(WWW, URL)
        hosts.answered(WWW, status=200, retry_after=None)
        await lose(bali)
        for _ in range(MANNERS.failures_allowed):
            await lose(WWW)
        hosts.answered("jabar.tribunnews.com", status=200, retry_after=None)
        seen.append(hosts.is_offline)

    asyncio.run(go())

    assert seen == [*[False] * MANNERS.failures_allowed, True, False]


def test_the_budget_is_kept_exactly_over_crawls_and_begins_anew_at_midnight_in_jakarta(archive: Archive) -> None:
    manners = replace(MANNERS, requests_per_day=5)
    first = begun(archive, manners=manners)
    ask(first, 3)
    first.settle()
    assert load_hosts(archive)[WWW].counted == 3
    second = begun(archive, manners=manners)
    ask(second, 2)

    with pytest.raises(LeftAloneError, match=r"until 2026-07-25 00:00 WIB: the budget of the day is used up \(5 of 5"):
        ask(second)
    second.settle()

    assert load_hosts(archive)[WWW].not_before is None
    ask(begun(archive, at=datetime(2026, 7, 24, 17, 0, tzinfo=UTC), manners=manners), 5)


def test_a_kill_at_any_moment_leaves_no_request_uncounted(archive: Archive) -> None:
    hosts, manners = begun(archive), replace(MANNERS, requests_per_day=3 * TAKEN_AT_ONCE)

    for asked in range(1, TAKEN_AT_ONCE + 2):
        ask(hosts)
        assert asked <= load_hosts(archive)[WWW].counted <= asked + TAKEN_AT_ONCE

    # Never settled, as if killed: what was taken in advance is lost to the day.
    ask(begun(archive, manners=manners), TAKEN_AT_ONCE)
    with pytest.raises(LeftAloneError):
        ask(begun(archive, manners=manners))


@pytest.mark.parametrize(
    ("cache_control", "hours"),
    [
        *((None, 24.0), ("", 24.0), ("public", 24.0), ("max-age=7200", 2.0), ("public, MAX-AGE = 7200", 2.0)),
        *(("max-age=0", 1.0), ("no-store", 1.0), ("no-cache, max-age=80000", 1.0), ("max-age=31536000", 24.0)),
        *(("max-age=-1", 24.0), ("max-age=soon", 24.0), ("s-maxage=7200", 24.0), ("max-age=99999999999999", 24.0)),
    ],
)
def test_robots_txt_is_kept_for_a_day_or_as_its_host_asks_but_not_below_an_hour(
    cache_control: str | None, hours: float
) -> None:
    kept = keep_robots(200, b"", cache_control=cache_control, now=NOW)

    assert kept.until == NOW + timedelta(hours=hours)


def test_robots_txt_may_stand_in_for_one_that_cannot_be_had_until_it_is_a_day_old() -> None:
    kept = keep_robots(200, b"", cache_control="max-age=3600", now=NOW)

    assert is_of_use(kept, NOW + timedelta(hours=23, minutes=59))
    assert not is_of_use(kept, NOW + timedelta(hours=24))
