"""What `status` says of an archive, and what calls for a look."""

import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from crawler.archive.connect import Archive
from crawler.archive.lease import claim_crawl, end_crawl, renew
from crawler.archive.ledger import mark_listing, record_listing
from crawler.archive.requests import request_crawl
from crawler.archive.run_tables import upkeep
from crawler.archive.schedules import load_schedule, pause_in
from crawler.archive.services import beat, register_service
from crawler.article import Listing
from crawler.crawl_options import CrawlOptions
from crawler.processes import process_of, this_process
from scheduler.status import Status, status_of
from tests.scheduler.conftest import NOON, Keep

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LISTING = Listing("www-index", "https://www.tribunnews.com/index-news", "index")


def look(archive: Archive, *, now: datetime = NOON, least_free_mb: int = 0) -> Status:
    return status_of(archive, least_free_mb=least_free_mb, now=now)


def serve(archive: Archive, *, now: datetime = NOON) -> int:
    return register_service(archive, process=this_process(), version="1", address=None, now=now)


def answer(archive: Archive, *, now: datetime) -> None:
    record_listing(
        archive,
        listing=LISTING,
        url=LISTING.url,
        links=[],
        etag=None,
        last_modified=None,
        now=now,
        crawl_id=None,
    )


def crawl(archive: Archive, state: str | None, *, report: dict[str, object] | None = None, reason: str = "") -> int:
    """Run a crawl to a state; None leaves it at work."""
    request_crawl(archive, options=CrawlOptions().as_json(), cause="person", now=NOON)
    lease = claim_crawl(archive, process=this_process(), now=NOON)
    assert lease is not None
    if state is None:
        renew(archive, lease, now=NOON, report=report)
    else:
        end_crawl(archive, lease, state=state, now=NOON, report=report or {}, reason=reason or None)  # type: ignore[arg-type]
    return lease.crawl_id


def test_an_archive_without_a_service_needs_a_look(archive: Archive) -> None:
    assert look(archive).concerns == ("no service runs on this archive; start one: tribunwatch serve",)

    number = serve(archive)

    found = look(archive)
    assert found.concerns == ()
    assert [each.service_id for each in found.services] == [number]


def test_a_service_that_was_given_wrong_settings_needs_a_look(archive: Archive) -> None:
    number = serve(archive)
    beat(archive, number, state={"wrong_orders": "crawl.limit = 0: must be more"}, now=NOON)

    (concern,) = look(archive).concerns

    assert concern.endswith("goes on with the settings and topics that it had: crawl.limit = 0: must be more")


def test_a_service_on_a_machine_whose_clock_is_wrong_needs_a_look(archive: Archive) -> None:
    number = serve(archive)
    beat(archive, number, state={"wrong_clock": "the clock of this machine is 75 s ahead"}, now=NOON)

    (concern,) = look(archive).concerns

    assert concern == f"service {number} on {this_process().machine}: the clock of this machine is 75 s ahead"


def test_a_service_that_stands_still_needs_a_look(archive: Archive) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        still = process_of(process.pid)
        number = register_service(archive, process=still, version="1", address=None, now=NOON)

        stopped = look(archive).concerns
        process.send_signal(signal.SIGCONT)
        os.waitid(os.P_PID, process.pid, os.WCONTINUED | os.WNOWAIT)
        going_on = look(archive).concerns
        process.kill()

    remedy = f"let it go on (kill -CONT {process.pid}) or end it (kill -9 {process.pid})"
    assert stopped == (f"service {number} stands still, and may hold up others; {remedy}",)
    assert going_on == ()


def test_what_runs_waits_and_comes_next_is_told(archive: Archive, keep: Keep) -> None:
    serve(archive)
    keep("news", "15m", "www-index")
    keep("nightly", "0 3 * * *", "www-sitemap")
    with archive.writing() as connection:
        pause_in(connection, load_schedule(archive, "nightly").schedule_id, now=NOON)
    running = crawl(archive, None, report={"fetched": 3, "due": 7})
    request_crawl(archive, options=CrawlOptions(topics=("Banjir",)).as_json(), cause="person", now=NOON)

    found = look(archive)

    assert found.running is not None
    assert (found.running.crawl_id, found.running.report["due"]) == (running, 7)
    assert (found.queued, found.oldest_queued_at) == (1, NOON)
    assert [(each.schedule, each.at) for each in found.schedules] == [("news", NOON + 15 * MINUTE), ("nightly", None)]
    assert found.schedules[1].paused_at == NOON


def test_a_listing_that_fell_due_three_times_since_it_answered_needs_a_look(archive: Archive, keep: Keep) -> None:
    serve(archive, now=NOON + 5 * HOUR)
    keep("news", "1h", "www-index")
    answer(archive, now=NOON + HOUR + MINUTE)
    mark_listing(archive, listing=LISTING, url=LISTING.url, reason="timeout", now=NOON + 2 * HOUR, crawl_id=None)

    in_time = look(archive, now=NOON + 4 * HOUR + 9 * MINUTE)
    late = look(archive, now=NOON + 4 * HOUR + 10 * MINUTE)

    assert [each.is_late for each in (*in_time.listings, *late.listings)] == [False, True]
    (concern,) = (each for each in late.concerns if "listing" in each)
    assert concern == (
        "listing www-index gave nothing since 3 h 9 min (timeout); see: tribunwatch listing show www-index"
    )


def test_a_listing_that_rests_is_not_late(archive: Archive, keep: Keep) -> None:
    keep("news", "1h", "www-index")
    with archive.writing() as connection:
        pause_in(connection, load_schedule(archive, "news").schedule_id, now=NOON)

    assert [each.is_late for each in look(archive, now=NOON + 48 * HOUR).listings] == [False]


def test_a_last_crawl_that_failed_needs_a_look_until_one_goes_well(archive: Archive) -> None:
    serve(archive)
    failed = crawl(archive, "lost", reason="killed by signal 9")

    assert look(archive).concerns == (
        f"crawl {failed}, the last one, lost: killed by signal 9; see: tribunwatch crawls show {failed}",
    )
    crawl(archive, "partial")
    assert look(archive).concerns == ()


def test_an_alarm_of_the_last_crawl_needs_a_look(archive: Archive) -> None:
    serve(archive)
    crawl(archive, "partial", report={"alarms": [{"line": "www: no title any more"}]})

    assert look(archive).concerns == ("www: no title any more",)


def test_a_crawl_that_waits_for_an_hour_with_none_at_work_needs_a_look(archive: Archive) -> None:
    request_crawl(archive, options=CrawlOptions().as_json(), cause="person", now=NOON)

    assert not any("waits" in each for each in look(archive, now=NOON + HOUR).concerns)
    assert any("waits for 1 h 1 min" in each for each in look(archive, now=NOON + HOUR + MINUTE).concerns)


def test_a_backup_that_failed_needs_a_look_and_the_last_good_one_is_told(archive: Archive) -> None:
    serve(archive)
    with archive.writing() as connection:
        for number, state in enumerate(("succeeded", "failed")):
            at = int(NOON.timestamp()) + number
            row = {"task": "backup", "state": state, "started_at": at, "ended_at": at, "report": '{"error": "no room"}'}
            connection.execute(insert(upkeep).values(**row))

    found = look(archive)

    assert found.concerns == ("the last backup failed: no room",)
    assert found.backup is not None
    assert found.backup.started_at == NOON


def test_a_short_disk_needs_a_look(archive: Archive, kind: str) -> None:
    serve(archive)

    concerns = look(archive, least_free_mb=10**9).concerns

    assert any("MB free on the disk of the archive" in each for each in concerns) is (kind == "sqlite")


def test_a_schedule_that_cannot_be_read_needs_a_look(archive: Archive, keep: Keep) -> None:
    serve(archive)
    keep("odd", "now and then", "www-index")

    assert [each for each in look(archive).concerns if each.startswith("schedule odd: ")]


def test_a_service_of_a_wrong_clock_is_not_taken_for_dead(archive: Archive) -> None:
    serve(archive, now=datetime(2026, 11, 23, tzinfo=UTC))

    assert look(archive).concerns == ()
