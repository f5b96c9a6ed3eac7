"""The numbers for Prometheus, of archives on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from crawler.archive.connect import Archive
from crawler.archive.lease import Lease, claim_crawl, end_crawl
from crawler.archive.requests import request_crawl
from crawler.archive.services import register_service
from crawler.archive.turns import ask_to_give_way
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from scheduler import metrics
from scheduler.metrics import CrawlCounts, metrics_text
from scheduler.planner import Planner
from tests.scheduler.conftest import NOON, SETTINGS, Keep

REPORT = {"stored": 3, "revised": 1, "unchanged": 2, "answers": {"200": 7, "304": 1}}


def crawl(archive: Archive, *listings: str, state: Any = "succeeded", seconds: int = 4) -> None:
    request_crawl(archive, options=CrawlOptions(listings=listings).as_json(), cause="person", now=NOON)
    lease = claim_crawl(archive, process=this_process(), now=NOON)
    assert lease is not None
    end_crawl(archive, lease, state=state, now=NOON + timedelta(seconds=seconds), report=REPORT)


def numbers(archive: Archive, counts: CrawlCounts | None = None) -> dict[str, float]:
    """Return each number by its name with its labels, as a scraper reads them."""
    text = metrics_text(archive, counts or CrawlCounts(), version="1.2.3", now=NOON + timedelta(minutes=1))
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("tribunwatch_"): float(value) for name, _, value in lines}


def test_what_crawls_brought_is_counted_by_listing(archive: Archive) -> None:
    crawl(archive)
    crawl(archive, "www-index")
    crawl(archive, "www-index", state="failed")
    crawl(archive, "www-index", "bali")

    found = numbers(archive)

    assert found['runs_total{source="all",state="succeeded"}'] == 1
    assert found['runs_total{source="www-index",state="failed"}'] == 1
    assert found['runs_total{source="several",state="succeeded"}'] == 1
    assert found['articles_total{source="www-index",change="new"}'] == 6
    assert found['articles_total{source="www-index",change="updated"}'] == 2
    assert found['http_responses_total{source="all",code="304"}'] == 1


def test_how_long_crawls_took_is_a_histogram(archive: Archive) -> None:
    for seconds in (0, 4, 4, 100, 90_000):
        crawl(archive, seconds=seconds)

    found = numbers(archive)

    name = 'run_duration_seconds_bucket{source="all",le='
    assert [found[f'{name}"{bound}"}}'] for bound in ("1", "5", "60", "300", "14400", "+Inf")] == [1, 3, 3, 4, 4, 5]
    assert found['run_duration_seconds_count{source="all"}'] == 5
    assert found['run_duration_seconds_sum{source="all"}'] == 90_108


def test_a_crawl_is_counted_once_however_often_is_asked_and_whatever_waits_before_it(archive: Archive) -> None:
    counts = CrawlCounts()
    crawl(archive)
    request_crawl(archive, options=CrawlOptions(topics=("waits",)).as_json(), cause="schedule", now=NOON)
    crawl(archive)

    first = numbers(archive, counts)
    crawl(archive)
    second = numbers(archive, counts)

    name = 'runs_total{source="all",state="succeeded"}'
    assert (first[name], second[name], numbers(archive, counts)[name]) == (2, 3, 3)
    assert second["queue_depth"] == 1
    assert second["oldest_queued_seconds"] == 60


def test_a_back_fill_that_gave_way_holds_back_no_count_and_counts_what_it_ran(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "_AT_ONCE", 2)
    counts = CrawlCounts()
    past = CrawlOptions(since=NOON - timedelta(days=9)).as_json()
    past_id = request_crawl(archive, options=past, cause="person", now=NOON).crawl_id
    lease = claim_crawl(archive, process=this_process(), now=NOON)
    assert lease is not None
    request_crawl(archive, options=CrawlOptions().as_json(), cause="person", now=NOON)
    ask_to_give_way(archive, crawl_id=past_id, now=NOON)
    end_crawl(archive, lease, state="interrupted", report=REPORT, so_far={}, now=NOON + timedelta(seconds=8))
    for _ in range(4):
        crawl(archive)

    meanwhile = numbers(archive, counts)
    lease = claim_crawl(archive, process=this_process(), now=NOON + timedelta(seconds=60))
    assert lease == Lease(past_id, lease.token if lease else "")
    end_crawl(archive, lease, state="succeeded", report=REPORT, now=NOON + timedelta(seconds=63))
    after = numbers(archive, counts)

    assert (meanwhile['runs_total{source="all",state="succeeded"}'], meanwhile["resting_crawls"]) == (4, 1)
    assert (after['runs_total{source="all",state="succeeded"}'], after["resting_crawls"]) == (5, 0)
    assert after['gave_way_total{source="all"}'] == 1
    took = after['run_duration_seconds_sum{source="all"}'] - meanwhile['run_duration_seconds_sum{source="all"}']
    assert took == 8 + 3


def test_how_late_schedules_are_and_how_services_fare_is_told(archive: Archive, keep: Keep) -> None:
    keep("news", "1h", "www-index")
    number = register_service(archive, process=this_process(), version="1", address=None, now=NOON)
    Planner(archive, service_id=number, settings=SETTINGS).look(NOON + timedelta(hours=1, seconds=7), "")

    found = numbers(archive)

    assert found['schedule_lag_seconds{schedule="news"}'] == 7
    assert found[f'worker_heartbeat_age_seconds{{service="{number}"}}'] == 60
    assert found["archive_bytes"] > 0
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert [name for name in found if name.startswith('build_info{version="1.2.3",')]


def test_a_name_cannot_break_out_of_its_label(archive: Archive, keep: Keep) -> None:
    keep('a"} 1\nb\\', "1h", "www-index")
    Planner(archive, service_id=None, settings=SETTINGS).look(NOON + timedelta(hours=1), "")

    assert 'schedule_lag_seconds{schedule="a\\"} 1\\nb\\\\"}' in numbers(archive)
