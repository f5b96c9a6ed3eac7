"""A crawl says that it lives, how far it is and what it tells, whatever becomes of the archive meanwhile."""

import logging
import signal
import sqlite3
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import signs_of_life
from crawler.archive.connect import Archive
from crawler.archive.crawls import crawl_lines, load_crawl
from crawler.archive.lease import Lease, begin_crawl
from crawler.archive.requests import stop_crawl
from crawler.crawl_log import CrawlLog, listening
from crawler.errors import HELD
from crawler.processes import module_environment, this_process
from crawler.signs_of_life import SignsOfLife
from tests.crawling import wait_until

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)
log = logging.getLogger("crawler.tests")

GHOST = """
import sys, threading, time
from datetime import UTC, datetime
from crawler.archive.connect import Archive
from crawler.archive.lease import Lease
from crawler.signs_of_life import SignsOfLife
with Archive.open(sys.argv[1]) as archive:
    lease, gives_way = Lease(1, "another token"), threading.Event()
    with SignsOfLife(archive, lease, report=dict, clock=lambda: datetime.now(UTC), gives_way=gives_way):
        time.sleep(60)
"""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs_of_life, "EVERY_S", 0.05)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", create=True, wait_s=0.2) as opened:
        yield opened


@pytest.fixture
def lease(archive: Archive) -> Lease:
    return begin_crawl(archive, options={}, process=this_process(), now=NOW)


def living(archive: Archive, lease: Lease, report: Callable[[], dict[str, Any]] = dict) -> SignsOfLife:
    return SignsOfLife(archive, lease, report=report, clock=lambda: datetime.now(UTC), gives_way=threading.Event())


def told(archive: Archive, lease: Lease) -> list[str]:
    return [each.line for each in crawl_lines(archive, crawl_id=lease.crawl_id)]


def test_report_and_log_are_told_as_they_grow(archive: Archive, lease: Lease) -> None:
    report = {"stored": 1}
    with living(archive, lease, report.copy) as life, life.listening():
        log.info("one")
        wait_until(lambda: load_crawl(archive, crawl_id=lease.crawl_id).report == {"stored": 1})
        report["stored"] = 2
        log.info("two")
        wait_until(lambda: load_crawl(archive, crawl_id=lease.crawl_id).report == {"stored": 2})
        wait_until(lambda: len(told(archive, lease)) == 2)

    assert told(archive, lease) == ["one", "two"]
    assert load_crawl(archive, crawl_id=lease.crawl_id).heartbeat_at != NOW


def test_an_archive_that_is_locked_is_told_when_it_is_free_again(archive: Archive, lease: Lease) -> None:
    silence = "archive cannot be told that the crawl goes on"
    with living(archive, lease) as life, life.listening():
        with closing(sqlite3.connect(str(archive.path), isolation_level=None)) as locking:
            locking.execute("BEGIN IMMEDIATE")
            log.info("told while it was locked")
            wait_until(lambda: any(silence in line for _, _, line in life.lines._waiting))
            locking.execute("COMMIT")
        wait_until(lambda: any("archive is told again" in line for line in told(archive, lease)))

    lines = told(archive, lease)
    assert lines[0] == "told while it was locked"
    assert sum(silence in line for line in lines) == 1


def test_what_nobody_thought_of_does_not_end_the_signs(archive: Archive, lease: Lease) -> None:
    faults = iter([ZeroDivisionError("what a report")])

    def report() -> dict[str, Any]:
        for fault in faults:
            raise fault
        return {"stored": 1}

    with living(archive, lease, report) as life, life.listening():
        wait_until(lambda: load_crawl(archive, crawl_id=lease.crawl_id).report == {"stored": 1})
        wait_until(lambda: "ZeroDivisionError: what a report" in told(archive, lease))


def test_a_crawl_that_is_asked_to_stop_gets_a_signal_once(archive: Archive, lease: Lease) -> None:
    came = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        with living(archive, lease) as life, life.listening():
            stop_crawl(archive, crawl_id=lease.crawl_id, reason="cancelled by a person", now=NOW)
            wait_until(lambda: bool(came))
            log.info("goes on")
            wait_until(lambda: "goes on" in told(archive, lease))
    finally:
        signal.signal(signal.SIGTERM, before)

    assert came == [signal.SIGTERM]
    assert "crawl is asked to stop crawl=1 reason=cancelled by a person" in told(archive, lease)


@pytest.mark.usefixtures("lease")
def test_a_process_whose_crawl_is_lost_ends_at_once(archive: Archive) -> None:
    ghost = subprocess.run(
        [sys.executable, "-c", GHOST, str(archive.path)],
        env=module_environment(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert ghost.returncode == HELD
    assert ghost.stderr.startswith("error: crawl 1 is not this process's any more")


def test_the_log_of_a_crawl_hears_what_is_not_shown_and_warnings_of_everybody() -> None:
    heard = CrawlLog()
    level = logging.getLogger("crawler").level

    with listening(heard):
        log.info("happened")
        log.debug("too much")
        logging.getLogger("somebody").info("not ours")
        logging.getLogger("somebody").warning("of a library")
        threading.Thread(target=lambda: log.warning("of another thread")).start()
        wait_until(lambda: len(heard._waiting) == 3)
        warnings.simplefilter("always")
        warnings.warn("of Python", UserWarning, stacklevel=1)
    log.info("afterwards")

    lines = heard.take()
    assert [line for _, _, line in lines[:3]] == ["happened", "of a library", "of another thread"]
    assert any("UserWarning: of Python" in line for _, _, line in lines[3:])
    assert "afterwards" not in [line for _, _, line in lines]
    assert logging.getLogger("crawler").level == level


def test_lines_that_were_given_back_come_first_and_no_more_wait_than_there_is_room_for() -> None:
    waiting = CrawlLog()
    with listening(waiting):
        log.info("one")
        taken = waiting.take()
        log.info("two")
        waiting.give_back(taken)
        assert [line for _, _, line in waiting.take()] == ["one", "two"]

        for number in range(3_000):
            log.info("line %d", number)
        waiting.give_back(taken)

    lines = [line for _, _, line in waiting.take()]
    assert (len(lines), lines[-1]) == (2_000, "line 2999")
