"""The services of an archive: registered, alive, silent, killed, ended."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from crawler.archive.connect import Archive
from crawler.archive.services import (
    DEAD_AFTER_S,
    beat,
    end_service,
    last_services,
    live_service,
    live_services,
    register_service,
)
from crawler.processes import Process, process_of, this_process

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)


def register(archive: Archive, *, process: Process | None = None, now: datetime = NOW) -> int:
    mine = process or this_process()
    return register_service(archive, process=mine, version="1.2.3", address="http://127.0.0.1:8711", now=now)


def test_a_service_is_found_by_who_asks_for_it(archive: Archive) -> None:
    number = register(archive)

    found = live_service(archive, now=NOW + timedelta(seconds=DEAD_AFTER_S))

    assert found is not None
    assert (found.service_id, found.version, found.address) == (number, "1.2.3", "http://127.0.0.1:8711")
    assert (found.process, found.state, found.started_at) == (this_process(), {}, NOW)


def test_a_service_that_is_silent_for_too_long_counts_as_dead_until_it_speaks_again(archive: Archive) -> None:
    number = register(archive)
    later = NOW + timedelta(seconds=DEAD_AFTER_S + 1)

    assert live_service(archive, now=later) is None
    beat(archive, number, state={"crawl": 7}, now=later)

    found = live_service(archive, now=later)
    assert found is not None
    assert (found.heartbeat_at, found.state) == (later, {"crawl": 7})


def test_a_service_that_ended_is_not_asked_any_more(archive: Archive) -> None:
    first, second = register(archive), register(archive)

    end_service(archive, first, now=NOW)

    assert [each.service_id for each in live_services(archive, now=NOW)] == [second]
    assert [each.ended_at for each in last_services(archive)] == [None, NOW]


def test_a_killed_service_is_dead_at_once_on_its_own_machine(archive: Archive) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as killed:
        register(archive, process=process_of(killed.pid))
        assert live_service(archive, now=NOW) is not None
        killed.kill()

    assert live_service(archive, now=NOW) is None


def test_of_a_process_elsewhere_only_its_signs_of_life_tell(archive: Archive) -> None:
    register(archive, process=Process("elsewhere", 1, "boot/4026531836/1"))

    assert live_service(archive, now=NOW) is not None
    assert live_service(archive, now=NOW + timedelta(minutes=1)) is None
