"""Planners of several processes on one archive: what falls due fires once, whoever is killed or stands still."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from crawler.archive.connect import Archive
from crawler.archive.firings import firings_of
from crawler.archive.schedules import Order, list_schedules, set_schedule
from crawler.archive.shared_clock import SharedClock, shared_now
from crawler.crawl_options import CrawlOptions
from scheduler.planner import Planner
from tests.home import ROOT
from tests.scheduler.conftest import NOON, SETTINGS, Keep

MINUTES, A_SECOND = 60, 10
NAMES = ("a", "b", "c")
Looking = subprocess.Popen[str]


@contextmanager
def planners(archive: Archive, keep: Keep, number: int) -> Iterator[list[Looking]]:
    """Let so many planners look at schedules of every minute, through an hour that takes six seconds; then end all."""
    for name in NAMES:
        keep(name, "1m", f"{name}-index")
    began_s = time.monotonic() + number
    command = [sys.executable, "-m", "tests.scheduler.looking", archive.address, str(began_s), NOON.isoformat()]
    looking = [
        subprocess.Popen(
            [*command, str(A_SECOND), str(MINUTES)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    try:
        time.sleep(max(0.0, began_s - time.monotonic()))
        yield looking
    finally:
        for each in looking:
            with each:
                each.send_signal(signal.SIGCONT)
                each.kill()


def ended(looking: Looking) -> int:
    """Wait for the end of a planner, and return how many firings it made."""
    told, error = looking.communicate(timeout=120)
    # It may say that it waits for another.
    assert looking.returncode == 0, error
    return int(told)


def look_last(archive: Archive) -> int:
    """Look once more, for the last minutes of a slow machine, and return how many firings that made."""
    last = NOON + (MINUTES - 1) * timedelta(minutes=1)
    return Planner(archive, service_id=None, settings=SETTINGS).look(last, "nobody looked").made


def fired(archive: Archive) -> Counter[str]:
    """Return how many firings are in each state, after a look at whether each minute of each schedule has one."""
    states: Counter[str] = Counter()
    for kept in list_schedules(archive):
        firings = firings_of(archive, schedule_id=kept.schedule_id, limit=1000)
        moments = sorted(each.scheduled_for for each in firings)
        assert moments == [NOON + (number + 1) * timedelta(minutes=1) for number in range(MINUTES - 1)]
        assert all(each.reason for each in firings if each.state != "due")
        states.update(each.state for each in firings)
    return states


@pytest.mark.parametrize("number", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_what_falls_due_is_made_by_one_of_them(archive: Archive, keep: Keep, number: int) -> None:
    with planners(archive, keep, number) as looking:
        made = sum(ended(each) for each in looking) + look_last(archive)

    states = fired(archive)
    assert made == states["due"] + states["caught_up"]


def test_one_that_is_killed_leaves_nothing_undone(archive: Archive, keep: Keep) -> None:
    with planners(archive, keep, 2) as (other, killed):
        time.sleep(2)
        killed.kill()
        ended(other)
        look_last(archive)

    fired(archive)


def test_one_that_stood_still_makes_nothing_a_second_time(archive: Archive, keep: Keep) -> None:
    with planners(archive, keep, 2) as (other, stopped):
        for _ in range(3):
            time.sleep(0.5)
            stopped.send_signal(signal.SIGSTOP)
            time.sleep(0.5)
            stopped.send_signal(signal.SIGCONT)
        made = ended(other) + ended(stopped) + look_last(archive)

    states = fired(archive)
    assert made == states["due"] + states["caught_up"]


def test_machines_whose_clocks_differ_do_not_undo_what_the_other_has_settled(archive_database: str) -> None:
    settled = []
    with Archive.open(archive_database, create=True) as archive:
        order = Order(name="a", plan="1m", zone="UTC", origin="archive", options=CrawlOptions().as_json())
        set_schedule(archive, order, now=shared_now(archive) - timedelta(hours=1))
        clocks = [SharedClock(archive, wall=partial(time_that_is, wrong_s)) for wrong_s in (75, -75)]

        for clock in clocks * 2:
            clock.set()
            Planner(archive, service_id=None, settings=SETTINGS).look(clock.now(), "nobody looked")
            settled.append(list_schedules(archive)[0].settled_at)

    assert settled == sorted(settled)
    assert settled[0] <= time_that_is(0)


def time_that_is(wrong_s: float) -> datetime:
    """Return the present as a machine has it whose clock is wrong."""
    return datetime.now(UTC) + timedelta(seconds=wrong_s)
