"""The crawls: asked for, claimed, ended, lost, listed."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import crawl_lines, list_crawls, load_crawl, offline_reason, unreached_of
from crawler.archive.lease import (
    MOST_LINES,
    Lease,
    Wishes,
    begin_crawl,
    claim_crawl,
    end_crawl,
    fenced,
    renew,
    take_up,
)
from crawler.archive.ledger import due_links, record_listing
from crawler.archive.losing import MOST_WITH_SERVICE, lose_crawl
from crawler.archive.reading import life_of
from crawler.archive.requests import Requested, request_crawl, request_in, stop_crawl
from crawler.archive.saving import FetchedPage
from crawler.archive.services import DEAD_AFTER_S, register_service
from crawler.archive.steps import MAX_ATTEMPTS
from crawler.article import Link, Listing
from crawler.crawl_options import CrawlOptions, options_from_json
from crawler.errors import HELD, CrawlLostError, NotFoundError
from crawler.processes import process_of, this_process
from crawler.site import identify
from tests.archive.conftest import NOW, MakeArticle, Save

LATER = NOW + timedelta(minutes=1)


def asked(*listings: str, **options: Any) -> dict[str, Any]:
    return CrawlOptions(listings=listings, **options).as_json()


def claim(archive: Archive, now: datetime = NOW) -> Lease:
    lease = claim_crawl(archive, process=this_process(), now=now)
    assert lease is not None
    return lease


def test_options_come_back_from_json_as_they_were() -> None:
    options = CrawlOptions(
        listings=("www-index",), topics=("banjir",), since=NOW, until=LATER, limit=5, again=True, day=NOW.date()
    )

    assert options_from_json(options.as_json()) == options
    assert options_from_json({}) == CrawlOptions()


def test_a_crawl_is_kept_with_its_options_and_its_report(archive: Archive) -> None:
    lease = begin_crawl(archive, options=asked(limit=5), process=this_process(), now=NOW)
    begun = load_crawl(archive, crawl_id=lease.crawl_id)

    end_crawl(archive, lease, state="partial", report={"stored": 3, "notes": ["a\x00b"]}, now=LATER)

    ended = load_crawl(archive, crawl_id=lease.crawl_id)
    assert (begun.state, begun.started_at, begun.ended_at, begun.report) == ("running", NOW, None, {})
    assert (ended.state, ended.ended_at, ended.options) == ("partial", LATER, asked(limit=5))
    assert ended.report == {"stored": 3, "notes": ["a\ufffdb"], "state": "partial"}
    assert ended.process == this_process()


def test_a_crawl_that_never_ended_is_lost_when_the_next_begins(archive: Archive) -> None:
    first = begin_crawl(archive, options=asked(), process=this_process(), now=NOW)
    second = begin_crawl(archive, options=asked(), process=this_process(), now=NOW)
    end_crawl(archive, second, state="succeeded", report={}, now=NOW)
    third = begin_crawl(archive, options=asked(), process=this_process(), now=NOW)

    assert [(each.crawl_id, each.state) for each in list_crawls(archive)] == [
        (third.crawl_id, "running"),
        (second.crawl_id, "succeeded"),
        (first.crawl_id, "lost"),
    ]
    assert [each.crawl_id for each in list_crawls(archive, limit=1)] == [third.crawl_id]


def test_a_crawl_that_never_was_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match="no crawl 7 in the archive; see: tribunwatch crawls list"):
        load_crawl(archive, crawl_id=7)
    with pytest.raises(NotFoundError, match="no crawl 7"):
        stop_crawl(archive, crawl_id=7, reason="tried", now=NOW)


def test_one_crawl_runs_at_a_time_and_a_person_goes_first(archive: Archive) -> None:
    of_schedule = request_crawl(archive, options=asked("www-index"), cause="schedule", now=NOW)
    of_person = request_crawl(archive, options=asked(limit=1), cause="person", now=NOW)

    lease = claim(archive)
    assert lease.crawl_id == of_person.crawl_id
    assert claim_crawl(archive, process=this_process(), now=NOW) is None

    end_crawl(archive, lease, state="succeeded", now=NOW)
    assert claim(archive).crawl_id == of_schedule.crawl_id


def test_a_crawl_waits_until_its_time(archive: Archive) -> None:
    with archive.writing() as connection:
        request_in(connection, options=asked(), cause="retry", now=NOW, not_before=LATER, attempt=2)

    assert claim_crawl(archive, process=this_process(), now=NOW) is None
    assert load_crawl(archive, crawl_id=claim(archive, LATER).crawl_id).attempt == 2


def test_the_same_asked_twice_is_one_crawl(archive: Archive) -> None:
    first = request_crawl(archive, options=asked("bali"), cause="schedule", now=NOW)

    assert request_crawl(archive, options=asked("bali"), cause="person", now=NOW) == Requested(first.crawl_id, "joined")
    # Another listing of a schedule is taken along; what a person asks for besides is another crawl.
    assert request_crawl(archive, options=asked("jabar"), cause="catch_up", now=NOW).crawl_id == first.crawl_id
    assert load_crawl(archive, crawl_id=first.crawl_id).options == asked("bali", "jabar")
    assert request_crawl(archive, options=asked("jabar", limit=3), cause="person", now=NOW).how == "new"

    # A person waits for the first one too, and so it goes first.
    assert claim(archive).crawl_id == first.crawl_id
    assert request_crawl(archive, options=asked("jabar"), cause="person", now=NOW) == Requested(
        first.crawl_id, "running"
    )
    with archive.writing() as connection:
        more = request_in(connection, options=asked("jabar"), cause="schedule", now=NOW, is_queued_anyway=True)
    assert more.how == "new"
    stop_crawl(archive, crawl_id=first.crawl_id, reason="cancelled by a person", now=NOW)
    assert request_crawl(archive, options=asked("bali"), cause="person", now=NOW).how == "new"


def test_all_listings_are_more_than_some_and_some_are_not_all(archive: Archive) -> None:
    some = request_crawl(archive, options=asked("bali"), cause="person", now=NOW)
    all_of_them = request_crawl(archive, options=asked(), cause="person", now=NOW)

    assert some.crawl_id != all_of_them.crawl_id
    assert request_crawl(archive, options=asked("jabar"), cause="person", now=NOW).crawl_id == all_of_them.crawl_id


def test_a_schedule_of_all_listings_makes_a_crawl_of_some_one_of_all(archive: Archive) -> None:
    some = request_crawl(archive, options=asked("bali"), cause="schedule", now=NOW)

    assert request_crawl(archive, options=asked(), cause="schedule", now=NOW) == Requested(some.crawl_id, "joined")
    assert load_crawl(archive, crawl_id=some.crawl_id).options == asked()


def test_who_lost_the_crawl_writes_nothing_more(archive: Archive) -> None:
    request_crawl(archive, options=asked(), cause="schedule", now=NOW)
    lease = claim(archive)
    assert take_up(archive, lease, process=this_process(), now=NOW).crawl_id == lease.crawl_id

    assert lose_crawl(archive, load_crawl(archive, crawl_id=lease.crawl_id), reason="stood still", now=LATER)

    with fenced(archive, lease):
        for write in (
            lambda: request_crawl(archive, options=asked("ghost"), cause="person", now=LATER),
            lambda: renew(archive, lease, now=LATER),
            lambda: end_crawl(archive, lease, state="succeeded", now=LATER),
            lambda: take_up(archive, lease, process=this_process(), now=LATER),
        ):
            with pytest.raises(
                CrawlLostError, match=f"crawl {lease.crawl_id} is not this process's any more"
            ) as caught:
                write()
            assert caught.value.exit_code == HELD
    assert [(each.state, each.reason) for each in list_crawls(archive)] == [("lost", "stood still")]
    request_crawl(archive, options=asked("no ghost"), cause="person", now=LATER)


def test_a_crawl_that_gave_a_sign_of_life_meanwhile_is_not_lost(archive: Archive) -> None:
    request_crawl(archive, options=asked(), cause="schedule", now=NOW)
    lease = claim(archive)
    seen = load_crawl(archive, crawl_id=lease.crawl_id)

    assert renew(archive, lease, now=LATER, report={"stored": 2}) == Wishes()

    assert not lose_crawl(archive, seen, reason="stood still", now=LATER)
    now = load_crawl(archive, crawl_id=lease.crawl_id)
    assert (now.state, now.heartbeat_at, now.report) == ("running", LATER, {"stored": 2})


def test_a_crawl_is_asked_to_stop_and_one_that_waits_is_cancelled(archive: Archive) -> None:
    first = request_crawl(archive, options=asked("bali"), cause="person", now=NOW)
    second = request_crawl(archive, options=asked("jabar"), cause="person", now=NOW)
    lease = claim(archive)

    assert stop_crawl(archive, crawl_id=second.crawl_id, reason="cancelled by a person", now=NOW) == "cancelled"
    assert stop_crawl(archive, crawl_id=first.crawl_id, reason="cancelled by a person", now=NOW) == "running"

    assert renew(archive, lease, now=LATER) == Wishes(stop="cancelled by a person")
    assert load_crawl(archive, crawl_id=second.crawl_id).reason == "cancelled by a person"
    assert claim_crawl(archive, process=this_process(), now=LATER) is None


def test_the_log_of_a_crawl_is_kept_in_order_and_bounded(archive: Archive) -> None:
    request_crawl(archive, options=asked(), cause="person", now=NOW)
    lease = claim(archive)

    renew(archive, lease, now=NOW, lines=[(NOW, "INFO", "one"), (NOW, "WARNING", "two\x00")])
    renew(archive, lease, now=LATER, lines=[(LATER, "INFO", f"line {number}") for number in range(MOST_LINES)])
    renew(archive, lease, now=LATER, lines=[(LATER, "INFO", "too late")])

    lines = crawl_lines(archive, crawl_id=lease.crawl_id, limit=10_000)
    assert [each.number for each in lines] == list(range(1, MOST_LINES + 1))
    assert [(each.at, each.level, each.line) for each in lines[:2]] == [
        (NOW, "INFO", "one"),
        (NOW, "WARNING", "two�"),
    ]
    assert lines[-1].line == "the log is full; what came later is not kept"
    assert [each.line for each in crawl_lines(archive, crawl_id=lease.crawl_id, after=2, limit=1)] == ["line 0"]


def test_a_process_is_told_from_a_later_one_of_the_same_number() -> None:
    here = this_process()

    assert not here.is_gone
    assert replace(here, began=f"{here.began}0").is_gone


def test_a_process_that_ended_before_anybody_looked_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()

    assert process_of(ended.pid).is_gone


def test_of_a_process_of_another_machine_or_container_of_the_same_name_nobody_knows() -> None:
    here = this_process()
    boot, numbers, ticks = here.began.split("/")
    elsewhere = replace(here, began=f"another-{boot}/{numbers}/{ticks}")
    in_container = replace(here, began=f"{boot}/{numbers}1/{ticks}")

    for other in (elsewhere, in_container):
        assert not other.is_gone
        assert not other.kill()


def test_a_crawl_of_a_service_is_tried_three_times_and_stays_lost(archive: Archive) -> None:
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=NOW)
    request_crawl(archive, options=asked("bali"), cause="schedule", now=NOW)
    moment = NOW
    for _ in range(3):
        moment += timedelta(minutes=1)
        lease = claim_crawl(archive, process=this_process(), now=moment, service_id=service_id)
        assert lease is not None
        lose_crawl(archive, load_crawl(archive, crawl_id=lease.crawl_id), reason="killed by signal 9", now=moment)

    third, second, first = list_crawls(archive)
    assert [each.state for each in (first, second, third)] == ["lost"] * 3
    assert [(each.cause, each.attempt, each.retry_of) for each in (first, second, third)] == [
        ("schedule", 1, None),
        ("retry", 2, first.crawl_id),
        ("retry", 3, second.crawl_id),
    ]
    assert second.ended_at is not None
    assert third.not_before == second.ended_at + timedelta(minutes=1)
    assert {each.reason for each in (first, second)} == {"killed by signal 9"}
    assert third.reason == "killed by signal 9; lost 3 times, so it is not tried again"


def test_a_loss_with_its_service_is_no_attempt_until_there_were_ten_in_a_row(
    archive: Archive, make_article: MakeArticle, save: Save
) -> None:
    gone = replace(this_process(), began=f"{this_process().began}0")
    request_crawl(archive, options=asked("bali"), cause="schedule", now=NOW)
    for number in range(1, MOST_WITH_SERVICE + 3):
        service_id = register_service(archive, process=gone, version="1", address=None, now=NOW)
        lease = claim_crawl(archive, process=gone, now=NOW, service_id=service_id)
        assert lease is not None
        if number == 3:
            article = make_article()
            page = FetchedPage(url=str(article.url), fetched_at=NOW, body=b"<html>", is_kept=False)
            save(article, fetched=(page,), crawl_id=lease.crawl_id)
        lose_crawl(archive, load_crawl(archive, crawl_id=lease.crawl_id), reason="its process is gone", now=NOW)

    last, *before = list_crawls(archive)
    assert {each.state for each in (last, *before)} == {"lost"}
    assert {each.attempt for each in (last, *before)} == {1}
    assert {each.reason for each in before} == {"its process is gone"}
    # The third stored something: the ten are counted from it.
    assert len(before) == MOST_WITH_SERVICE + 1
    assert last.reason == "its process is gone; its service died with it 10 times in a row, so it is not tried again"


def test_of_a_service_elsewhere_its_silence_tells_that_it_died_with_its_crawl(archive: Archive) -> None:
    elsewhere = replace(this_process(), began="another boot/1/1")
    attempts = []
    for silent_s in (DEAD_AFTER_S - 1, DEAD_AFTER_S + 1):
        request_crawl(archive, options=asked("bali", limit=int(silent_s)), cause="person", now=NOW)
        service_id = register_service(archive, process=elsewhere, version="1", address=None, now=NOW)
        lease = claim_crawl(archive, process=elsewhere, now=NOW, service_id=service_id)
        assert lease is not None
        now = NOW + timedelta(seconds=silent_s)
        lose_crawl(archive, load_crawl(archive, crawl_id=lease.crawl_id), reason="no sign of life for 30 s", now=now)
        attempts.append(list_crawls(archive)[0].attempt)
        stop_crawl(archive, crawl_id=list_crawls(archive)[0].crawl_id, reason="cancelled by a person", now=now)

    assert attempts == [2, 1]


def test_a_link_that_crashes_every_crawl_is_given_up_with_the_reason(archive: Archive) -> None:
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=NOW)
    link, other = (Link(f"https://www.tribunnews.com/nasional/{number}/banjir") for number in (1, 2))
    record_listing(
        archive,
        listing=Listing("nasional", "https://www.tribunnews.com/nasional/sitemap-news.xml", "sitemap"),
        url="https://www.tribunnews.com/nasional/sitemap-news.xml",
        links=[(each, identify(each.url)) for each in (link, other)],
        etag=None,
        last_modified=None,
        now=NOW,
        crawl_id=None,
    )
    key, moment = identify(link.url).key, NOW
    while any(each.key == key for each in due_links(archive, now=moment, limit=9)):
        request_crawl(archive, options=asked(limit=1), cause="person", now=moment)
        lease = claim_crawl(archive, process=this_process(), now=moment, service_id=service_id)
        assert lease is not None
        seen = load_crawl(archive, crawl_id=lease.crawl_id)
        lose_crawl(archive, seen, reason="killed by signal 11", now=moment, crashed_at=[key])
        moment += timedelta(days=1)

    life = life_of(archive, address=identify(link.url))
    assert life is not None
    assert life.link is not None
    assert (life.link.state, life.link.attempts) == ("failed", MAX_ATTEMPTS)
    assert life.link.reason == "crashed its crawl: killed by signal 11"
    assert load_crawl(archive, crawl_id=1).reason == f"killed by signal 11, at {key}"
    assert [each.url for each in due_links(archive, now=moment, limit=9)] == [other.url]


def test_what_a_person_runs_himself_is_not_tried_again(archive: Archive) -> None:
    lease = begin_crawl(archive, options=asked(), process=this_process(), now=NOW)

    lose_crawl(archive, load_crawl(archive, crawl_id=lease.crawl_id), reason="stood still", now=LATER)

    assert [each.state for each in list_crawls(archive)] == ["lost"]


def test_a_crawl_that_was_asked_to_stop_is_cancelled_however_it_ends(archive: Archive) -> None:
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=NOW)
    for _ in range(2):
        request_crawl(archive, options=asked(), cause="schedule", now=NOW)
        lease = claim_crawl(archive, process=this_process(), now=NOW, service_id=service_id)
        assert lease is not None
        stop_crawl(archive, crawl_id=lease.crawl_id, reason="cancelled by a person", now=NOW)
        if lease.crawl_id == 1:
            ended_as = end_crawl(archive, lease, state="interrupted", report={"state": "interrupted"}, now=LATER)
            assert ended_as == "cancelled"
        else:
            lose_crawl(archive, load_crawl(archive, crawl_id=lease.crawl_id), reason="killed by signal 9", now=LATER)

    killed, interrupted = list_crawls(archive)
    assert (interrupted.state, interrupted.reason) == ("cancelled", "cancelled by a person")
    assert interrupted.report == {"state": "cancelled"}
    assert (killed.state, killed.reason) == ("cancelled", "cancelled by a person; killed by signal 9")


def test_a_crawl_of_a_service_that_is_interrupted_is_gone_on_with(archive: Archive) -> None:
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=NOW)
    request_crawl(archive, options=asked("bali"), cause="schedule", now=NOW)
    lease = claim_crawl(archive, process=this_process(), now=NOW, service_id=service_id)
    assert lease is not None

    assert end_crawl(archive, lease, state="interrupted", now=LATER) == "interrupted"

    again = list_crawls(archive)[0]
    assert (again.state, again.cause, again.attempt, again.retry_of) == ("queued", "retry", 1, lease.crawl_id)
    assert again.options == asked("bali")


def test_what_reached_nobody_is_tried_again_after_pauses_that_grow(archive: Archive) -> None:
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=NOW)
    request_crawl(archive, options=asked("bali"), cause="schedule", now=NOW)
    moment, pauses = NOW, []
    for _ in range(7):
        lease = claim_crawl(archive, process=this_process(), now=moment, service_id=service_id)
        assert lease is not None
        reason = offline_reason("bali.tribunnews.com", "no connection")
        end_crawl(archive, lease, state="failed", reason=reason, now=moment)
        waits = list_crawls(archive)[0]
        assert waits.not_before is not None
        assert (waits.cause, waits.retry_of, waits.attempt) == ("retry", lease.crawl_id, 1)
        pauses.append((waits.not_before - moment).total_seconds())
        moment = waits.not_before

    assert pauses == [60, 120, 300, 600, 900, 900, 900]


def test_one_crawl_waits_for_the_network_however_many_reached_nobody(archive: Archive) -> None:
    service_id = register_service(archive, process=this_process(), version="1", address=None, now=NOW)
    for listing in ("bali", "jabar", "bali"):
        request_crawl(archive, options=asked(listing), cause="schedule", now=NOW)
        lease = claim_crawl(archive, process=this_process(), now=NOW, service_id=service_id)
        assert lease is not None
        end_crawl(archive, lease, state="failed", reason=offline_reason("www", "no connection"), now=NOW)

    waiting = [each for each in list_crawls(archive) if each.is_open]
    assert [each.options for each in waiting] == [asked("bali", "jabar")]
    assert unreached_of(offline_reason("www", "no name: x")) == ("www", "no name: x")
    assert unreached_of("killed by signal 9") is None


def test_a_crawl_by_hand_takes_nothing_from_what_waits(archive: Archive) -> None:
    waits = request_crawl(archive, options=asked(), cause="schedule", now=NOW)

    begun = begin_crawl(archive, options=asked("bali"), process=this_process(), now=NOW)

    assert load_crawl(archive, crawl_id=begun.crawl_id).options == asked("bali")
    assert load_crawl(archive, crawl_id=waits.crawl_id).state == "queued"
