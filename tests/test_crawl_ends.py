"""How a crawl ends when it does not come to its end: killed, interrupted, unreachable, held, wrongly asked for."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.listings import list_listings
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.crawling import INDEX, Crawler, listed, wait_until

# A crawl that gets the signal at one moment of its beginning.
_STOPPED_AT = """
import os, signal, sys
import tribunwatch
from crawler.spider.watch_spider import WatchSpider
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

moment, *arguments = sys.argv[1:]
crawl, make = AsyncCrawlerProcess.crawl, WatchSpider.from_crawler.__func__

def stop():
    os.kill(os.getpid(), signal.SIGTERM)

def asked_for(*given, **named):
    if moment == "asked for":
        stop()
    return crawl(*given, **named)

def made(cls, crawler, *given, **named):
    if moment == "made":
        stop()
    elif hasattr(signals, moment):
        crawler.signals.connect(stop, getattr(signals, moment), weak=False)
    return make(cls, crawler, *given, **named)

AsyncCrawlerProcess.crawl, WatchSpider.from_crawler = asked_for, classmethod(made)
tribunwatch.main(arguments)
"""


def test_a_crawl_killed_between_the_pages_of_an_index_loses_none_of_them(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    settings = "[crawl]\nmax_index_pages = 10"
    many.slow("/index-news?page=2", 60)
    child = subprocess.Popen(crawl.command(listings=INDEX, settings=settings), stdout=subprocess.PIPE)
    wait_until(lambda: "www.tribunnews.com/index-news?page=2" in many.requested)
    child.kill()
    child.communicate()
    many.heal()

    done = crawl(listings=INDEX, settings=settings)

    assert done.stored == len({url for url in many.addresses if identify(url).host == "www.tribunnews.com"})


def test_a_site_that_cannot_be_reached_ends_the_crawl_with_its_own_code(tmp_path: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        crawl = Crawler(tmp_path, f"http://127.0.0.1:{free.getsockname()[1]}")

    done = crawl()

    assert done.code == 4
    assert "cannot reach www.tribunnews.com: no connection (Connection refused)" in done.said
    with Archive.open(crawl.path, readonly=True) as archive:
        assert [each.state for each in list_crawls(archive)] == ["failed"]
        assert list_listings(archive) == []


def test_a_network_that_goes_down_costs_no_link_an_attempt_and_no_host_its_budget(tmp_path: Path) -> None:
    with Newsroom(articles=60) as newsroom:
        port = urlsplit(newsroom.url).port or 0
        crawl = Crawler(tmp_path, newsroom.url)
        newsroom.slow("/*/7*", 0.2)
        child = subprocess.Popen(crawl.command(listings=INDEX), stdout=subprocess.PIPE, text=True)
        wait_until(lambda: len(newsroom.article_requests) > 2)
        newsroom.close()
        stdout, _ = child.communicate(timeout=120)
        answered = len(newsroom.requested)
    report = json.loads(stdout)
    with closing(sqlite3.connect(crawl.path)) as connection:
        tried = connection.execute("SELECT key, reason FROM link WHERE attempts > 0 OR state = 'failed'").fetchall()
        counted, failures = connection.execute("SELECT counted, failures FROM host").fetchone()
        reason = connection.execute("SELECT reason FROM crawl").fetchone()[0]

    assert report["state"] == "partial"
    assert any(note.startswith("the network is down: www.tribunnews.com: no connection") for note in report["notes"])
    assert reason.startswith("the network is down: www.tribunnews.com: no connection")
    assert tried == []
    assert (report["failed"], report["alarms"]) == ({}, [])
    assert counted <= answered + 1
    assert failures == 0
    with Newsroom(articles=60, port=port) as again:
        done = crawl(listings=INDEX)
        assert (done.code, done.state) == (0, "succeeded")
        assert done.stored == len(again.article_requests) >= report["left_due"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nasionall",), "no listing named 'nasionall'; did you mean 'nasional'?"),
        (("--topic", "Konflik Rusia"), "no topic named 'Konflik Rusia'"),
        (("--site", "http://example.com"), "not an address of this machine"),
    ],
)
def test_what_does_not_exist_is_told_in_one_line(crawl: Crawler, arguments: tuple[str, ...], said: str) -> None:
    done = crawl(*arguments)

    assert done.code == 2
    assert said in done.said
    assert done.said.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_crawl_within_seconds_and_the_next_one_goes_on(
    many: Newsroom, tmp_path: Path, number: int
) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.slow("/nasional/7*", 60)
    child = subprocess.Popen(crawl.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: bool(many.article_requests))

    child.send_signal(number)
    stdout, stderr = child.communicate(timeout=120)

    # One that had to be ended by force would tell nothing.
    assert (child.returncode, json.loads(stdout)["state"]) == (130, "interrupted")
    assert "Traceback" not in stderr
    assert "Task was destroyed" not in stderr
    many.heal()
    done = crawl()
    assert (done.code, done.state) == (0, "succeeded")
    assert set(listed(many)) <= set(crawl.stored())


@pytest.mark.parametrize("moment", ["asked for", "made", "spider_opened", "engine_started"])
def test_a_signal_in_the_first_moments_ends_the_crawl_as_well(many: Newsroom, tmp_path: Path, moment: str) -> None:
    crawl = Crawler(tmp_path, many.url)
    command = crawl.command()
    arguments = command[command.index("tribunwatch") + 1 :]

    done = subprocess.run(
        [sys.executable, "-c", _STOPPED_AT, moment, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, json.loads(done.stdout)["state"]) == (130, "interrupted"), done.stderr
    assert len(many.article_requests) < len(listed(many))


def test_only_one_crawl_at_a_time_uses_an_archive(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.slow("/nasional/7*", 60)
    child = subprocess.Popen(crawl.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: bool(many.article_requests))

    done = crawl()

    child.kill()
    child.communicate()
    assert done.code == 3
    assert f"a crawl of process {child.pid} is using it" in done.said
