"""The service as a process: started, asked, told to read anew, ended, killed."""

import fcntl
import json
import os
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, list_crawls, load_crawl
from crawler.archive.services import last_services, live_service
from seeds.newsroom import Newsroom
from tests.home import LONGEST_S, Home
from tests.serving import Place, is_running, wait_for

# An article may have been asked for just before the end came.
IN_FLIGHT = 1


@pytest.fixture
def place(home: Home, newsroom: Newsroom) -> Place:
    return Place(home, newsroom)


@pytest.fixture
def slow_place(home: Home) -> Iterator[Place]:
    """A place whose crawls take a while: every article comes late."""
    with Newsroom(articles=60) as newsroom:
        newsroom.slow("/*/20*", 0.3)
        newsroom.slow("/*/7*", 0.3)
        yield Place(home, newsroom)


def crawl_in(place: Place, crawl_id: int) -> Crawl:
    with Archive.open(place.archive, readonly=True) as archive:
        return load_crawl(archive, crawl_id=crawl_id)


def list_of(place: Place) -> list[Crawl]:
    with Archive.open(place.archive, readonly=True) as archive:
        return list_crawls(archive)


def goes_on_with_what_is_left(place: Place, crawl_id: int) -> None:
    """Start a service, and see it go on with a crawl that was broken off: nothing is lost, nothing fetched twice."""
    with place.serving() as service:
        service.says("crawl started")
        wait_for(lambda: not list_of(place)[0].is_open, "the crawl that goes on")
        going_on = list_of(place)[0]
        assert service.end() == 0
    requests = place.newsroom.article_requests
    stored = crawl_in(place, crawl_id).report["stored"] + going_on.report["stored"]
    assert (going_on.retry_of, going_on.cause, going_on.state) == (crawl_id, "retry", "succeeded")
    assert len(requests) - len(set(requests)) <= IN_FLIGHT
    assert stored == len(set(requests))


def test_a_service_is_registered_ready_and_ends_as_asked(place: Place) -> None:
    with place.serving() as service:
        assert service.ask("/livez") == (200, "ok\n")
        assert wait_for(lambda: service.ask("/readyz") == (200, "ready\n"), "readiness")
        with Archive.open(place.archive, readonly=True) as archive:
            known = live_service(archive, now=datetime.now(UTC))
        assert known is not None
        assert (known.process.pid, known.address) == (service.process.pid, service.url)

        assert service.end() == 0

    with Archive.open(place.archive, readonly=True) as archive:
        assert live_service(archive, now=datetime.now(UTC)) is None
        assert last_services(archive)[0].ended_at is not None


def test_what_is_asked_for_is_crawled_and_every_line_about_it_has_its_number(place: Place) -> None:
    crawl_id = place.ask_for_a_crawl(limit=3)

    with place.serving() as service:
        service.says("crawl ended")
        about = [line for line in service.lines() if line.get("crawl") == crawl_id]
        numbers = service.ask("/metrics")[1]
        service.end()

    assert [line["text"].split(" crawl=")[0] for line in about] == ["crawl started", "crawl ended"]
    assert crawl_in(place, crawl_id).report["stored"] == 3
    assert 'tribunwatch_articles_total{source="all",change="new"} 3\n' in numbers
    assert 'tribunwatch_source_freshness_seconds{source="www-index"}' in numbers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_during_a_crawl_it_stops_the_crawl_first_and_the_next_goes_on(
    slow_place: Place, number: signal.Signals
) -> None:
    crawl_id = slow_place.ask_for_a_crawl()
    with slow_place.serving() as service:
        wait_for(lambda: crawl_in(slow_place, crawl_id).report.get("stored"), "the first articles")
        child = crawl_in(slow_place, crawl_id).process

        assert service.end(number) == 0

        assert child is not None
        assert not is_running(child.pid)
        assert crawl_in(slow_place, crawl_id).state == "interrupted"
        slow_place.newsroom.heal()
        goes_on_with_what_is_left(slow_place, crawl_id)


def test_systemd_hears_when_it_is_ready_that_it_lives_and_when_it_ends(place: Place, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(LONGEST_S)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}

        def hears(word: str) -> None:
            while word not in systemd.recv(4096).decode().splitlines():
                pass

        with place.serving(environment=environment) as service:
            hears("READY=1")
            hears("WATCHDOG=1")
            service.process.send_signal(signal.SIGHUP)
            hears("RELOADING=1")
            hears("READY=1")
            service.process.send_signal(signal.SIGTERM)
            hears("STOPPING=1")


def test_a_port_that_is_taken_is_told_in_one_line(place: Place) -> None:
    with place.serving() as service:
        port = service.url.rpartition(":")[2]

        done = place.home.run("serve", "--port", port, "--archive", "other.db")

    assert done.returncode == 3
    assert done.stderr.startswith(f"error: cannot listen on 127.0.0.1 port {port}: ")
    assert len(done.stderr.splitlines()) == 1
    assert not (place.home.folder / "other.db").exists()


def test_nobody_but_this_machine_is_answered(home: Home) -> None:
    done = home.run("serve", "--host", "0.0.0.0")  # noqa: S104  - refused

    assert done.returncode == 2
    assert done.stderr.startswith("error: flag --host: service.host = ")
    assert len(done.stderr.splitlines()) == 1


def test_sighup_reads_settings_and_topics_anew_and_wrong_ones_change_nothing(place: Place) -> None:
    with place.serving() as service:
        assert service.url
        right = place.config.read_text()
        place.config.write_text(right + "[crawl]\nlimit = 0\n")
        service.process.send_signal(signal.SIGHUP)
        told = service.says("settings and topics stay as they were")
        assert "crawl.limit = 0: must be a whole number, 1 to 100000" in told["text"]
        assert "crawl.limit = 0" in service.ask("/readyz?verbose=1")[1]
        first = place.ask_for_a_crawl()
        wait_for(lambda: not crawl_in(place, first).is_open, "a crawl by the settings that were right")

        place.config.write_text(right + "[crawl]\nlimit = 1\n")
        service.process.send_signal(signal.SIGHUP)
        service.says("settings and topics were read anew")
        assert "settings: as read" in service.ask("/readyz?verbose=1")[1]
        service.end()

    assert crawl_in(place, first).report["stored"] > 1


def test_a_killed_service_takes_its_crawl_with_it_and_the_next_goes_on_within_seconds(slow_place: Place) -> None:
    crawl_id = slow_place.ask_for_a_crawl()
    with slow_place.serving() as service:
        wait_for(lambda: crawl_in(slow_place, crawl_id).report.get("stored"), "the first articles")
        child = crawl_in(slow_place, crawl_id).process
        service.process.kill()
        service.process.wait()
        assert child is not None

        wait_for(lambda: not is_running(child.pid), "the end of the child that lost its service")
    slow_place.newsroom.heal()
    goes_on_with_what_is_left(slow_place, crawl_id)


def test_a_back_fill_gives_way_to_the_news_and_log_status_and_numbers_say_so(slow_place: Place) -> None:
    slow_place.config.write_text('[schedule]\nlistings = "0 3 29 2 *"\n[service]\nleast_backfill_s = 1.0\n')
    days = {"since": datetime(2026, 7, 23, tzinfo=UTC), "until": datetime(2026, 7, 24, 16, tzinfo=UTC)}
    past = slow_place.ask_for_a_crawl(**days)
    with slow_place.serving() as service:
        wait_for(lambda: crawl_in(slow_place, past).report.get("stored"), "the first articles")
        slow_place.newsroom.slow("/sitemap.xml", 15)
        news = slow_place.ask_for_a_crawl(limit=1)
        service.says("crawl gave way, and goes on later")
        wait_for(lambda: crawl_in(slow_place, news).started_at, "the news")
        everywhere = ("--config", str(slow_place.config), "--archive", slow_place.archive)
        status = slow_place.home.run("status", *everywhere)
        numbers = service.ask("/metrics")[1]
        slow_place.newsroom.heal()
        wait_for(lambda: not crawl_in(slow_place, past).is_open, "the end of the back-fill")
        service.says(f"crawl ended crawl={past} ")
        said = [line["text"].partition(" pid=")[0] for line in service.lines() if line.get("crawl") == past]
        assert service.end() == 0

    assert f"to crawl {news}: crawl {past} since" in status.stdout
    assert "tribunwatch_resting_crawls 1\n" in numbers
    assert said[:2] == [f"crawl started crawl={past}", f"crawl gives way crawl={past} to={news}"]
    assert said[2].startswith(f"crawl gave way, and goes on later crawl={past} to={news} ")
    assert said[3] == f"crawl goes on crawl={past}"
    assert said[4].startswith(f"crawl ended crawl={past} state=succeeded ")
    requests = slow_place.newsroom.article_requests
    assert len(requests) == len(set(requests))
    assert [each.state for each in list_of(slow_place)] == ["succeeded", "succeeded"]


def test_two_services_share_one_archive(place: Place) -> None:
    with place.serving() as first, place.serving() as second:
        assert first.url != second.url
        crawl_id = place.ask_for_a_crawl(limit=2)
        wait_for(lambda: first.said("crawl ended") or second.said("crawl ended"), "the crawl")

        assert first.ask("/readyz")[0] == second.ask("/readyz")[0] == 200
        assert [bool(each.said("crawl started")) for each in (first, second)].count(True) == 1
    assert crawl_in(place, crawl_id).state == "succeeded"


def test_a_log_file_takes_the_place_of_stderr(place: Place, tmp_path: Path) -> None:
    environment = {"TRIBUNWATCH_SERVICE_LOG_FILE": str(tmp_path / "own.log"), "TRIBUNWATCH_SERVICE_LOG_FORMAT": "text"}
    with place.serving(environment=environment) as service:
        own = tmp_path / "own.log"
        wait_for(lambda: own.exists() and "service started" in own.read_text(), "the log")

        assert service.log.read_text() == ""


def test_status_tells_whether_a_service_runs_and_what_needs_a_look(place: Place) -> None:
    everywhere = ("--config", str(place.config), "--archive", place.archive)
    with place.serving() as service:
        assert service.url
        crawl_id = place.ask_for_a_crawl(limit=1)
        wait_for(lambda: not crawl_in(place, crawl_id).is_open, "the crawl")

        fine = place.home.run("status", *everywhere)
        service.end()
    left = place.home.run("status", *everywhere, "--json")

    assert (fine.returncode, fine.stdout.splitlines()[-1]) == (0, "all is well")
    assert f"runs since {datetime.now(UTC):%Y}" in fine.stdout
    assert service.url in fine.stdout
    told = json.loads(left.stdout)
    assert (left.returncode, told["ok"], told["services"]) == (1, False, [])
    assert told["concerns"] == ["no service runs on this archive; start one: tribunwatch serve"]
    assert told["last"]["crawl_id"] == crawl_id


def test_an_archive_that_takes_no_write_is_told_until_it_does_again(place: Place) -> None:
    with place.serving() as service:
        wait_for(lambda: service.ask("/readyz")[0] == 200, "readiness")
        with closing(sqlite3.connect(place.archive, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

            wait_for(lambda: f"since process {os.getpid()} is writing" in service.ask("/readyz")[1], "what is wrong")

            status, told = service.ask("/readyz")
            assert status == 503
            assert re.search(r"NOT OK archive: for \d+ s now it takes no write, since process", told)
            assert service.ask("/livez")[0] == 200
        wait_for(lambda: service.ask("/readyz")[0] == 200, "readiness again")
        assert service.end() == 0


def test_an_archive_that_takes_no_write_does_not_keep_the_service_from_ending(place: Place) -> None:
    with place.serving() as service:
        wait_for(lambda: service.ask("/readyz")[0] == 200, "readiness")
        with closing(sqlite3.connect(place.archive, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

            assert service.end() == 1

        assert service.said("service did not end in time and leaves")


def test_a_service_on_a_server_crawls_and_outlives_a_connection_that_is_cut(
    home: Home, newsroom: Newsroom, archive_database: str
) -> None:
    place = Place(home, newsroom, archive_database.replace("@", ":hush-hush@"))
    with place.serving("-v") as service:
        wait_for(lambda: service.ask("/readyz")[0] == 200, "readiness")
        with psycopg.connect(archive_database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        crawl_id = place.ask_for_a_crawl(limit=2)
        wait_for(lambda: not crawl_in(place, crawl_id).is_open, "the crawl")

        assert wait_for(lambda: service.ask("/readyz")[0] == 200, "readiness")
        told = [service.ask(path)[1] for path in ("/readyz?verbose=1", "/metrics")]
        assert service.end() == 0
    assert crawl_in(place, crawl_id).report["stored"] == 2
    assert not [text for text in (*told, service.log.read_text()) if "hush" in text]


def test_a_service_whose_terminal_is_closed_ends(place: Place) -> None:
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "tribunwatch", "serve", "--port", "0", "--archive", place.archive]
    with subprocess.Popen(
        command,
        cwd=place.home.folder,
        env=place.home.environment,
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  - one call, which takes no lock
    ) as service:
        os.close(its)
        said = b""
        while b"service started" not in said:
            said += os.read(ours, 4096)

        os.close(ours)

        assert service.wait(LONGEST_S) == 0
    assert b'"level"' not in said
    with Archive.open(place.archive, readonly=True) as archive:
        assert last_services(archive)[0].ended_at is not None


def test_containers_are_told_only_whether_a_service_runs(place: Place) -> None:
    everywhere = ("--config", str(place.config), "--archive", place.archive, "--quiet")
    crawl_id = place.ask_for_a_crawl(listings=("none-of-this-name",))
    with place.serving() as service:
        wait_for(lambda: not crawl_in(place, crawl_id).is_open, "the crawl that fails")

        codes = [place.home.run("status", *more, *everywhere).returncode for more in ((), ("--alive",))]
        service.end()

    assert codes == [1, 0]
    assert place.home.run("status", "--alive", *everywhere).returncode == 1
