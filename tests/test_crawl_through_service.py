"""`tribunwatch crawl` while a service runs on the archive: the service crawls, the person sees what it does."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls, load_crawl
from crawler.archive.services import beat, register_service
from crawler.processes import process_of
from seeds.newsroom import Newsroom
from tests.crawling import Crawler, listed, wait_until
from tests.dispatching import ask, dispatching, ended, write_config


@pytest.fixture
def crawl(many: Newsroom, tmp_path: Path) -> Crawler:
    return Crawler(tmp_path, many.url)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


@pytest.fixture
def archive(crawl: Crawler) -> Iterator[Archive]:
    with Archive.open(crawl.path, create=True) as opened:
        yield opened


def start(command: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_crawl_by_hand_is_run_by_the_service_and_reported_as_if_it_were_run_here(
    many: Newsroom, crawl: Crawler, archive: Archive, config: Path
) -> None:
    with dispatching(str(crawl.path), config, site=many.url):
        done = crawl()

    assert (done.code, done.state, done.stored) == (0, "succeeded", len(listed(many)))
    assert done.said == "crawl 1 is run by the service; following it\n"
    row = load_crawl(archive, crawl_id=1)
    assert (row.cause, row.service_id) == ("person", 1)
    assert row.report == done.report


def test_what_runs_already_is_followed_and_ctrl_c_ends_the_following_alone(
    many: Newsroom, crawl: Crawler, archive: Archive, config: Path
) -> None:
    many.slow("/nasional/7*", 60)
    with dispatching(str(crawl.path), config, site=many.url):
        number = ask(archive, many.url)
        wait_until(lambda: bool(many.article_requests))
        follower = start(crawl.command())
        assert follower.stderr is not None
        told = follower.stderr.readline()
        follower.send_signal(signal.SIGINT)
        _, said = follower.communicate(timeout=120)
        goes_on = load_crawl(archive, crawl_id=number).state

    assert told == f"crawl {number} does this already; following it\n"
    assert follower.returncode == 130
    assert f"crawl {number} goes on; stop it with: tribunwatch crawls cancel {number}\n" in said
    assert goes_on == "running"


def test_what_the_service_does_not_know_is_told_before_anything_is_asked_for(
    many: Newsroom, crawl: Crawler, archive: Archive, config: Path
) -> None:
    with dispatching(str(crawl.path), config, site=many.url):
        done = crawl("nasionall")

    assert done.code == 2
    assert "did you mean 'nasional'?" in done.said
    assert list_crawls(archive) == []


def test_a_dry_run_and_another_site_are_crawled_here(
    many: Newsroom, newsroom: Newsroom, crawl: Crawler, archive: Archive, config: Path
) -> None:
    with dispatching(str(crawl.path), config, site=newsroom.url):
        dry = crawl("--dry-run")
        other = crawl("--limit", "1")

    assert (dry.code, len(dry.would_fetch)) == (0, len(listed(many)))
    assert other.code == 0
    assert load_crawl(archive, crawl_id=1).service_id is None


def test_a_crawl_that_is_lost_is_followed_into_the_one_that_goes_on_with_it(
    many: Newsroom, crawl: Crawler, archive: Archive, config: Path
) -> None:
    many.slow("/nasional/7*", 60)
    with dispatching(str(crawl.path), config, site=many.url) as dispatcher:
        follower = start(crawl.command())
        wait_until(lambda: bool(many.article_requests))
        running = dispatcher.running
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        wait_until(lambda: load_crawl(archive, crawl_id=1).state == "lost")
        many.heal()
        stdout, said = follower.communicate(timeout=120)

    assert follower.returncode == 0
    assert json.loads(stdout)["state"] == "succeeded"
    assert "crawl 1 was lost (killed by signal 9); crawl 2 goes on with it" in said


def test_a_service_that_dies_before_it_takes_a_crawl_is_told(crawl: Crawler, archive: Archive, many: Newsroom) -> None:
    gone = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    now = datetime.now(UTC)
    number = register_service(archive, process=process_of(gone.pid), version="1", address=None, now=now)
    beat(archive, number, state={"site": many.url}, now=now)
    follower = start(crawl.command())
    wait_until(lambda: bool(list_crawls(archive)))
    gone.kill()
    gone.wait()
    _, said = follower.communicate(timeout=120)

    assert follower.returncode == 1
    assert "error: the service is gone; crawl 1 waits for the next one" in said


def test_what_cannot_be_reached_has_the_same_exit_code_and_is_tried_again_later(tmp_path: Path, config: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        crawl = Crawler(tmp_path, f"http://127.0.0.1:{free.getsockname()[1]}")

    with dispatching(str(crawl.path), config, site=crawl.site):
        wait_until(crawl.path.exists)
        done = crawl()

    assert done.code == 4
    assert "cannot reach www.tribunnews.com: no connection (Connection refused)" in done.said
    with Archive.open(crawl.path, readonly=True) as archive:
        again, failed = list_crawls(archive)
    assert (failed.state, again.state, again.retry_of) == ("failed", "queued", failed.crawl_id)
    assert again.not_before is not None


def test_a_back_fill_by_hand_says_when_it_gives_way_and_is_reported_as_one(
    many: Newsroom, crawl: Crawler, archive: Archive, tmp_path: Path
) -> None:
    settings = "[service]\nleast_backfill_s = 1.0"
    config = write_config(tmp_path, settings=settings)
    many.slow("/nasional/7*", 2.0)
    with dispatching(str(crawl.path), config, site=many.url):
        follower = start(crawl.command("--since", "2026-07-01", settings=settings))
        wait_until(lambda: bool(many.article_requests))
        news = ask(archive, many.url, limit=1)
        ended(archive, news)
        many.heal()
        stdout, said = follower.communicate(timeout=60)

    report = json.loads(stdout)
    assert (follower.returncode, report["state"]) == (0, "succeeded")
    by_news = load_crawl(archive, crawl_id=news).report["stored"]
    assert report["stored"] + by_news == len(listed(many))
    assert said.splitlines() == [
        "crawl 1 is run by the service; following it",
        f"crawl 1 gives way to crawl {news}",
        "crawl 1 goes on",
    ]
    assert len(list_crawls(archive)) == 2
