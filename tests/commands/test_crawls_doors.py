"""`tribunwatch crawls`: what waits, runs and ran is shown; crawls are cancelled, followed, and made once more."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls, load_crawl
from crawler.archive.lease import Lease, begin_crawl, claim_crawl, end_crawl, renew
from crawler.archive.requests import request_crawl, stop_crawl
from crawler.archive.turns import ask_to_give_way
from crawler.crawl_options import CrawlOptions
from crawler.processes import Process, this_process
from crawler.report import CrawlReport
from seeds.newsroom import Newsroom
from tests.commands.conftest import Type
from tests.home import Home

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def archive(home: Home) -> Iterator[Archive]:
    with Archive.open(home.folder / "archive.db", create=True) as opened:
        yield opened


@pytest.fixture
def crawls(home: Home, type_at: Type) -> Type:
    """Type `tribunwatch crawls …` on that archive."""
    return lambda *arguments: type_at(home, "--archive", str(home.folder / "archive.db"), "crawls", *arguments)


def wait_for_crawl(archive: Archive, *listings: str) -> int:
    options = CrawlOptions(listings=listings).as_json()
    return request_crawl(archive, options=options, cause="schedule", now=NOW).crawl_id


def begin(archive: Archive, process: Process | None = None, *, site: str | None = None) -> Lease:
    options = CrawlOptions(site=site).as_json()
    return begin_crawl(archive, options=options, process=process or this_process(), now=NOW)


def test_what_waits_and_runs_is_listed_and_shown(archive: Archive, crawls: Type) -> None:
    waits = wait_for_crawl(archive, "bali")
    lease = begin(archive)
    renew(archive, lease, now=NOW, report={"links_seen": 7, "stored": 3})

    listed = crawls("list").stdout
    shown = crawls("show", str(waits)).stdout
    value = json.loads(crawls("list", "--json").stdout)

    assert [line.split()[:1] for line in listed.splitlines()[-2:]] == [["2"], ["1"]]
    assert [word for word in listed.splitlines()[-1].split() if word != "–"] == ["1", "queued", "a", "schedule", "0"]
    assert listed.splitlines()[-2].split()[3:8] == ["running", "a", "person", "7", "–"]
    assert shown == f"crawl {waits}, not yet started, queued\nasked by  a schedule, 2026-07-24 08:02 WIB\n"
    assert [each["state"] for each in value] == ["running", "queued"]


def test_a_back_fill_that_gave_way_is_shown_as_one_crawl_with_its_rests(archive: Archive, crawls: Type) -> None:
    options = CrawlOptions(since=NOW - timedelta(days=9)).as_json()
    past = request_crawl(archive, options=options, cause="person", now=NOW).crawl_id
    lease = claim_crawl(archive, process=this_process(), now=NOW)
    assert lease is not None
    news = wait_for_crawl(archive)
    ask_to_give_way(archive, crawl_id=past, now=NOW)
    runs = crawls("show", str(past)).stdout
    end_crawl(archive, lease, state="interrupted", report={"stored": 3}, so_far={}, now=NOW)
    rests, listed = crawls("show", str(past)).stdout, crawls("list").stdout
    stop_crawl(archive, crawl_id=news, reason="cancelled by a person", now=NOW)
    claim_crawl(archive, process=this_process(), now=NOW)

    goes_on = crawls("show", str(past)).stdout

    assert f"gives way  to crawl {news}\n" in runs
    assert f"crawl {past}, started 2026-07-24 08:02 WIB, gave way\n" in rests
    assert f"gave way  to crawl {news} at 2026-07-24 08:02 WIB, and goes on when nothing of now waits\n" in rests
    assert "not before" not in rests
    assert listed.splitlines()[-1].split()[3:5] == ["gave", "way"]
    assert f"gave way  to crawl {news} at 2026-07-24 08:02 WIB, went on at 2026-07-24 08:02 WIB\n" in goes_on


def test_a_crawl_that_waits_is_taken_back(archive: Archive, crawls: Type) -> None:
    waits = wait_for_crawl(archive)

    done, again = crawls("cancel", str(waits)), crawls("cancel", str(waits), "--json")

    assert (done.returncode, done.stdout) == (0, f"crawl {waits} is cancelled\n")
    assert (again.returncode, json.loads(again.stdout)) == (0, {"crawl": waits, "state": "cancelled"})
    assert load_crawl(archive, crawl_id=waits).reason == "cancelled by a person"
    assert "reason    cancelled by a person" in crawls("show", str(waits)).stdout


def test_a_crawl_that_runs_is_asked_to_stop(archive: Archive, crawls: Type) -> None:
    lease = begin(archive)

    done = crawls("cancel", str(lease.crawl_id))

    assert (done.returncode, done.stdout) == (0, "crawl 1 is asked to stop, and ends within seconds\n")
    assert renew(archive, lease, now=NOW).stop == "cancelled by a person"
    assert "asked to stop  cancelled by a person" in crawls("show", "1").stdout


def test_a_crawl_whose_process_is_gone_is_cancelled_at_once(archive: Archive, crawls: Type) -> None:
    here = this_process()
    begin(archive, replace(here, began=f"{here.began}0"))

    assert crawls("cancel", "1").stdout == "crawl 1 is cancelled\n"
    assert load_crawl(archive, crawl_id=1).reason == "cancelled by a person; its process was gone"


def test_what_has_ended_is_not_cancelled(archive: Archive, crawls: Type) -> None:
    end_crawl(archive, begin(archive), state="succeeded", now=NOW)

    done = crawls("cancel", "1")

    assert (done.returncode, done.stdout) == (1, "crawl 1 ended before: succeeded\n")
    assert crawls("cancel", "2").stderr == "error: no crawl 2 in the archive; see: tribunwatch crawls list\n"


def test_the_log_of_a_crawl_is_shown(archive: Archive, crawls: Type) -> None:
    lease = begin(archive)
    assert crawls("log", "1").stderr == "crawl 1 told nothing\n"
    renew(archive, lease, now=NOW, lines=[(NOW, "INFO", "one"), (NOW, "WARNING", "two \x1b[31m")])

    assert crawls("log", "1").stdout == "08:02:03 INFO    one\n08:02:03 WARNING two  [31m\n"
    assert [json.loads(line) for line in crawls("log", "1", "--json").stdout.splitlines()] == [
        {"number": 1, "at": "2026-07-24T01:02:03+00:00", "level": "INFO", "line": "one"},
        {"number": 2, "at": "2026-07-24T01:02:03+00:00", "level": "WARNING", "line": "two \x1b[31m"},
    ]


@pytest.mark.parametrize(("command", "last"), [("show", "traffic"), ("log", "the last line")])
def test_a_crawl_is_followed_to_its_end(archive: Archive, crawls: Type, command: str, last: str) -> None:
    lease = begin(archive)

    def end() -> None:
        report = dict.fromkeys(("listings_asked", "listings_unchanged", "links_seen", "links_new", "fetched"), 0)
        report |= dict.fromkeys(("stored", "revised", "unchanged", "matched", "bytes", "seconds"), 0)
        end_crawl(
            archive,
            lease,
            state="succeeded",
            report={**report, "failed": {}, "notes": []},
            lines=[(NOW, "INFO", "the last line")],
            now=NOW,
        )

    ends = threading.Timer(1.0, end)
    ends.start()

    done = crawls(command, "--follow", "1")

    ends.join()
    assert last in done.stdout.splitlines()[-1]


def test_a_crawl_is_made_once_more_with_the_same_options(newsroom: Newsroom, archive: Archive, home: Home) -> None:
    options = CrawlOptions(site=newsroom.url, limit=1).as_json()
    lease = begin_crawl(archive, options=options, process=this_process(), now=NOW)
    end_crawl(archive, lease, state="failed", report=CrawlReport().as_json(), now=NOW)

    done = home.run("--archive", str(home.folder / "archive.db"), "crawls", "retry", "1", "--json")

    assert json.loads(done.stdout)["fetched"] == 1
    assert list_crawls(archive)[0].options == options
