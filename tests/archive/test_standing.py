"""How the archive stands: what waits, runs and ended last, and how much it takes."""

from datetime import timedelta

from sqlalchemy import insert

from crawler.archive.connect import Archive
from crawler.archive.lease import claim_crawl, end_crawl
from crawler.archive.requests import request_crawl
from crawler.archive.run_tables import upkeep
from crawler.archive.standing import crawls_after, last_upkeep, standing_of
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from tests.archive.conftest import NOW

MINUTE = timedelta(minutes=1)


def ask(archive: Archive, *listings: str, minutes: int = 0) -> int:
    options = CrawlOptions(listings=listings).as_json()
    return request_crawl(archive, options=options, cause="person", now=NOW + minutes * MINUTE).crawl_id


def run(archive: Archive, *, ends: bool = True) -> int:
    lease = claim_crawl(archive, process=this_process(), now=NOW)
    assert lease is not None
    if ends:
        end_crawl(archive, lease, state="succeeded", now=NOW, report={"stored": 3})
    return lease.crawl_id


def test_a_new_archive_has_nothing_to_do_and_did_nothing(archive: Archive) -> None:
    stands = standing_of(archive)

    assert (stands.queued, stands.oldest_queued_at, stands.running, stands.last, stands.upkeep) == (
        0,
        None,
        None,
        None,
        (),
    )
    assert stands.archive_bytes > 100_000


def test_what_waits_runs_and_ended_is_told(archive: Archive) -> None:
    first, second, _, _ = (ask(archive, name, minutes=number) for number, name in enumerate("abcd"))
    assert run(archive) == first
    assert run(archive, ends=False) == second

    stands = standing_of(archive)

    assert (stands.queued, stands.oldest_queued_at) == (2, NOW + 2 * MINUTE)
    assert stands.running is not None
    assert stands.running.crawl_id == second
    assert stands.last is not None
    assert (stands.last.crawl_id, stands.last.report) == (first, {"stored": 3, "state": "succeeded"})


def test_of_each_upkeep_the_last_and_the_last_good_one_are_told(archive: Archive) -> None:
    rows = [("backup", "succeeded"), ("backup", "succeeded"), ("prune", "succeeded"), ("backup", "failed")]
    with archive.writing() as connection:
        for number, (task, state) in enumerate(rows):
            at = int(NOW.timestamp()) + number
            connection.execute(insert(upkeep).values(task=task, state=state, started_at=at, ended_at=at))

    stands = standing_of(archive)

    last, good = last_upkeep(stands, "backup"), last_upkeep(stands, "backup", succeeded=True)
    assert last is not None
    assert good is not None
    assert (last.state, last.started_at) == ("failed", NOW + timedelta(seconds=3))
    assert good.ended_at == NOW + timedelta(seconds=1)
    assert last_upkeep(stands, "upgrade") is None


def test_crawls_are_read_some_at_a_time(archive: Archive) -> None:
    asked = [ask(archive, name) for name in "abcd"]

    assert [each.crawl_id for each in crawls_after(archive, after=asked[0], limit=2)] == asked[1:3]
    assert [each.crawl_id for each in crawls_after(archive, after=asked[2])] == asked[3:]
