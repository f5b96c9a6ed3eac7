"""`archive check` finds rows of crawls, firings and upkeep that cannot be as they are."""

import pytest

from crawler.archive.connect import Archive
from crawler.archive.reading import check

CRAWL = "INSERT INTO crawl (state, options, requested_at, ended_at) VALUES ('{}', '{{}}', 1, {})"
UPKEEP = "INSERT INTO upkeep (task, state, started_at, ended_at) VALUES ('prune', '{}', 1, {})"
SCHEDULE = (
    "INSERT INTO schedule (name, task, plan, zone, origin, made_at, changed_at, settled_at)"
    " VALUES ('s', '{}', '1d', 'UTC', 'settings', 1, 1, 1)"
)
FIRING = "INSERT INTO firing (schedule_id, scheduled_for, state, made_at) VALUES (1, 1, '{}', 1)"


def write(archive: Archive, *statements: str) -> list[str]:
    with archive.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    return [finding.detail for finding in check(archive)]


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ((CRAWL.format("succeeded", "NULL"),), "crawl 1 has an end and none"),
        ((CRAWL.format("queued", "2"),), "crawl 1 has an end and none"),
        ((CRAWL.format("running", "NULL"),) * 2, "more than one runs at a time: 1, 2"),
        ((UPKEEP.format("failed", "NULL"),), "upkeep 1 has an end and none"),
        ((UPKEEP.format("running", "NULL"),) * 2, "more than one runs at a time: 1, 2"),
        ((SCHEDULE.format("crawl"), FIRING.format("due")), "firing 1 of schedule s was made, and no crawl came of it"),
    ],
)
def test_what_cannot_be_is_found(archive: Archive, statements: tuple[str, ...], found: str) -> None:
    (detail,) = write(archive, *statements)

    assert detail.startswith(found)


def test_what_waits_runs_ended_or_was_killed_is_sound(archive: Archive) -> None:
    details = write(
        archive,
        CRAWL.format("queued", "NULL"),
        CRAWL.format("running", "NULL"),
        CRAWL.format("lost", "2"),
        UPKEEP.format("running", "NULL"),
        UPKEEP.format("succeeded", "2"),
        SCHEDULE.format("backup"),
        FIRING.format("due"),
    )

    assert details == []


def test_a_firing_that_was_not_made_needs_no_crawl(archive: Archive) -> None:
    assert write(archive, SCHEDULE.format("crawl"), FIRING.format("missed")) == []
