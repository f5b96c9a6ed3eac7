"""The account of the firings: what a planner settles passes, and each law that is broken by hand is found."""

from datetime import datetime, timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.requests import request_crawl
from crawler.archive.schedules import end_in, pause_in, resume_in
from crawler.archive.services import beat, register_service
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from scheduler.account import firings_accounted_for
from scheduler.planner import Planner
from tests.scheduler.conftest import NOON, SETTINGS, Keep

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def look(archive: Archive, now: datetime) -> None:
    Planner(archive, service_id=None, settings=SETTINGS).look(now, "the service did not run")


def wrong(archive: Archive, now: datetime, kept_days: int = 90) -> list[str]:
    return [each.detail for each in firings_accounted_for(archive, now=now, kept_days=kept_days)]


def run(archive: Archive, statement: str) -> None:
    with archive.writing() as connection:
        assert connection.exec_driver_sql(statement).rowcount


@pytest.fixture
def settled(archive: Archive, keep: Keep) -> datetime:
    """Schedules of every sort, looked at in time, late, in quiet hours and after a rest; return when, last."""
    keep("often", "15m", "www-index")
    keep("daily", "30 6 * * mon-fri", "jabar-index")
    keep("calm", "1h", "bali-index", quiet_hours="23:00-05:00")
    keep("auto", "auto", "aceh-index")
    resting = keep("resting", "20m", "www-sitemap")
    for minutes in range(0, 3 * 60, 5):
        look(archive, NOON + minutes * MINUTE)
    with archive.writing() as connection:
        pause_in(connection, resting, now=NOON + 3 * HOUR)
    look(archive, NOON + 12 * HOUR)
    with archive.writing() as connection:
        resume_in(connection, resting, now=NOON + 13 * HOUR)
    for hours in range(13, 30):
        look(archive, NOON + hours * HOUR)
    return NOON + 29 * HOUR


def test_what_planners_settle_passes(archive: Archive, settled: datetime) -> None:
    assert wrong(archive, settled) == []


def test_what_falls_due_while_nothing_runs_is_not_owed_yet(archive: Archive, settled: datetime) -> None:
    assert wrong(archive, settled + 48 * HOUR) == []


def test_a_service_that_lives_and_settles_nothing_is_found(archive: Archive, settled: datetime) -> None:
    now = settled + 48 * HOUR
    service_id = register_service(
        archive, process=this_process(), version="1", address=None, now=settled + timedelta(minutes=1)
    )
    beat(archive, service_id, state={}, now=now)

    found = wrong(archive, now)

    assert "schedule often, 2026-11-23 10:15:00 UTC: due, and nothing became of it" in found
    assert not any(each.startswith("schedule auto") for each in found)


def test_more_than_has_rows_is_explained_by_the_oldest(archive: Archive, keep: Keep) -> None:
    keep("often", "1m", "www-index")

    look(archive, NOON + 48 * HOUR)

    assert wrong(archive, NOON + 48 * HOUR) == []


def test_a_due_moment_without_a_firing(archive: Archive, settled: datetime) -> None:
    moment = int((NOON + 30 * MINUTE).timestamp())
    run(archive, f"DELETE FROM firing WHERE scheduled_for = {moment} AND schedule_id = 1")  # noqa: S608  - our words

    assert wrong(archive, settled) == ["schedule often, 2026-11-22 05:30:00 UTC: due, and nothing became of it"]
    assert wrong(archive, NOON + timedelta(days=2), kept_days=1) == []


def test_a_firing_of_a_moment_that_is_not_due(archive: Archive, settled: datetime) -> None:
    moment = int((NOON + 30 * MINUTE).timestamp())
    run(archive, f"UPDATE firing SET scheduled_for = {moment + 60} WHERE scheduled_for = {moment} AND schedule_id = 1")  # noqa: S608  - as above

    assert wrong(archive, settled) == [
        "schedule often, 2026-11-22 05:30:00 UTC: due, and nothing became of it",
        "schedule often, 2026-11-22 05:31:00 UTC: due, at a moment that is not due",
    ]


def test_a_firing_without_a_reason(archive: Archive, settled: datetime) -> None:
    run(archive, "UPDATE firing SET reason = '' WHERE state = 'missed'")

    assert any(each.endswith("missed, and no reason is given") for each in wrong(archive, settled))


def test_a_firing_without_its_crawl(archive: Archive, settled: datetime) -> None:
    run(archive, "UPDATE firing SET crawl_id = NULL WHERE state = 'due'")

    assert any(each.endswith("UTC: due, and no crawl came of it") for each in wrong(archive, settled))


def test_a_crawl_that_no_firing_asked_for(archive: Archive, settled: datetime) -> None:
    options = CrawlOptions(listings=("www-index",), limit=7).as_json()
    number = request_crawl(archive, options=options, cause="schedule", now=settled).crawl_id

    assert wrong(archive, settled) == [f"crawl {number}: asked for by a schedule, and no firing names it"]


def test_a_plan_that_cannot_be_read(archive: Archive, settled: datetime) -> None:
    run(archive, "UPDATE schedule SET plan = 'sometimes' WHERE id = 1")

    assert any("schedule often: 'sometimes' is no schedule" in each for each in wrong(archive, settled))


def test_what_has_ended_owes_nothing_more(archive: Archive, settled: datetime) -> None:
    with archive.writing() as connection:
        end_in(connection, 1, now=settled)
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=settled)
    beat(archive, service_id, state={}, now=settled + 48 * HOUR)

    assert not any(each.startswith("schedule often") for each in wrong(archive, settled + 48 * HOUR))
