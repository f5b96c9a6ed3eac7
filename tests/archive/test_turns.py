"""Whose turn it is: the news goes before the past, the past gives way, and comes to its turn."""

from datetime import datetime, timedelta
from typing import Any

from crawler.archive.connect import Archive
from crawler.archive.crawls import Cause, GaveWay, list_crawls, load_crawl, so_far_of
from crawler.archive.lease import Lease, Wishes, claim_crawl, end_crawl, give_back, renew
from crawler.archive.losing import lose_crawl
from crawler.archive.requests import Requested, request_crawl, stop_crawl
from crawler.archive.services import register_service
from crawler.archive.turns import LONGEST_WAIT, ask_to_give_way
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from tests.archive.conftest import NOW

LATER = NOW + timedelta(minutes=1)
LAST = NOW + timedelta(minutes=2)


def ask(archive: Archive, cause: Cause = "schedule", now: datetime = NOW, **options: Any) -> int:
    return request_crawl(archive, options=CrawlOptions(**options).as_json(), cause=cause, now=now).crawl_id


def ask_for_the_past(archive: Archive, cause: Cause = "person", days: int = 9) -> int:
    return ask(archive, cause, since=NOW - timedelta(days=days))


def begin(archive: Archive, now: datetime = NOW) -> Lease:
    number = register_service(archive, process=this_process(), version="1", address=None, now=now)
    lease = claim_crawl(archive, process=this_process(), now=now, service_id=number)
    assert lease is not None
    return lease


def give_way(archive: Archive, lease: Lease, now: datetime = LATER, **so_far: Any) -> str:
    return end_crawl(archive, lease, state="interrupted", report={"stored": 3}, so_far=so_far, now=now)


def test_the_news_goes_before_the_past_whoever_asks_for_it(archive: Archive) -> None:
    of_the_past = [ask_for_the_past(archive), ask(archive, "api", day=NOW.date())]
    of_now = [ask(archive, "schedule"), ask(archive, "person", limit=3)]
    turns: list[Lease] = []
    while len(turns) < 4:
        turns.append(begin(archive))
        end_crawl(archive, turns[-1], state="succeeded", now=NOW)

    assert [each.crawl_id for each in turns] == [*reversed(of_now), *of_the_past]


def test_a_back_fill_gives_way_waits_and_goes_on_as_the_same_crawl(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    first = begin(archive)
    news = ask(archive)

    assert ask_to_give_way(archive, crawl_id=past, now=LATER) == news
    assert ask_to_give_way(archive, crawl_id=past, now=LATER) is None
    assert renew(archive, first, now=LATER) == Wishes(give_way_to=news)
    assert give_way(archive, first, fetched=5) == "queued"

    rests = load_crawl(archive, crawl_id=past)
    assert (rests.rests, rests.started_at, rests.ended_at, rests.process) == (True, NOW, None, None)
    assert (rests.attempt, rests.reason, rests.report) == (1, None, {"stored": 3, "state": "queued"})
    of_news = begin(archive, LATER)
    end_crawl(archive, of_news, state="succeeded", now=LAST)
    second = begin(archive, LAST)

    goes_on = load_crawl(archive, crawl_id=past)
    assert (of_news.crawl_id, second.crawl_id) == (news, past)
    assert second.token != first.token
    assert (goes_on.state, goes_on.started_at, goes_on.gives_way_to) == ("running", NOW, None)
    assert goes_on.gave_way == (GaveWay(LATER, news, LAST),)
    assert so_far_of(archive, crawl_id=past) == {"fetched": 5}
    assert list(goes_on.parts()) == [(NOW, LATER), (LAST, None)]
    assert len(list_crawls(archive)) == 2


def test_only_a_back_fill_gives_way_and_only_to_news_whose_time_has_come(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    lease = begin(archive)
    assert ask_to_give_way(archive, crawl_id=past, now=LATER) is None
    ask_for_the_past(archive, days=3)
    assert ask_to_give_way(archive, crawl_id=past, now=LATER) is None
    end_crawl(archive, lease, state="succeeded", now=LATER)

    news = ask(archive)
    assert begin(archive).crawl_id == news
    ask(archive, "person", limit=1)
    assert ask_to_give_way(archive, crawl_id=news, now=LATER) is None


def test_what_is_asked_to_stop_is_cancelled_and_does_not_give_way(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    lease = begin(archive)
    news = ask(archive)
    ask_to_give_way(archive, crawl_id=past, now=LATER)
    stop_crawl(archive, crawl_id=past, reason="cancelled by a person", now=LATER)

    assert give_way(archive, lease) == "cancelled"

    assert [each.state for each in list_crawls(archive)] == ["queued", "cancelled"]
    assert begin(archive).crawl_id == news


def test_what_rests_is_cancelled_at_once_with_what_it_had_done(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    lease = begin(archive)
    ask(archive)
    ask_to_give_way(archive, crawl_id=past, now=LATER)
    give_way(archive, lease)

    assert stop_crawl(archive, crawl_id=past, reason="cancelled by a person", now=LAST) == "cancelled"

    ended = load_crawl(archive, crawl_id=past)
    assert (ended.state, ended.ended_at, ended.report["stored"]) == ("cancelled", LAST, 3)
    assert list(ended.parts()) == [(NOW, LATER)]


def test_what_is_lost_while_it_gives_way_is_gone_on_with_by_another(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    begin(archive)
    ask(archive)
    ask_to_give_way(archive, crawl_id=past, now=LATER)

    lose_crawl(archive, load_crawl(archive, crawl_id=past), reason="killed by signal 9", now=LATER)

    again, _, lost = list_crawls(archive)
    assert (lost.state, lost.gave_way) == ("lost", ())
    assert (again.retry_of, again.attempt, again.options) == (past, 2, lost.options)


def test_a_back_fill_that_waited_long_goes_before_the_news(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    lease = begin(archive)
    ask(archive)
    ask_to_give_way(archive, crawl_id=past, now=LATER)
    give_way(archive, lease)
    begin_news = begin(archive, LATER)
    assert begin_news.crawl_id != past
    end_crawl(archive, begin_news, state="succeeded", now=LATER)
    ask(archive, now=LATER)

    assert begin(archive, LATER + LONGEST_WAIT).crawl_id == past


def test_what_has_begun_goes_on_before_another_begins_that_waits_longer(archive: Archive) -> None:
    first = ask_for_the_past(archive, "schedule")
    lease = begin(archive)
    ask_for_the_past(archive, "person", days=3)
    news = ask(archive)
    ask_to_give_way(archive, crawl_id=first, now=NOW + LONGEST_WAIT)
    give_way(archive, lease, NOW + LONGEST_WAIT)

    of_news = begin(archive, NOW + LONGEST_WAIT)
    end_crawl(archive, of_news, state="succeeded", now=NOW + LONGEST_WAIT)

    assert of_news.crawl_id == news
    assert begin(archive, NOW + LONGEST_WAIT).crawl_id == first


def test_the_same_asked_again_while_it_rests_is_the_one_that_rests(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    lease = begin(archive)
    ask(archive)
    ask_to_give_way(archive, crawl_id=past, now=LATER)
    give_way(archive, lease)

    options = CrawlOptions(since=NOW - timedelta(days=9)).as_json()

    assert request_crawl(archive, options=options, cause="api", now=LAST) == Requested(past, "joined")


def test_what_was_claimed_and_not_taken_up_rests_as_before(archive: Archive) -> None:
    past = ask_for_the_past(archive)
    lease = begin(archive)
    news = ask(archive)
    ask_to_give_way(archive, crawl_id=past, now=LATER)
    give_way(archive, lease)
    rests = load_crawl(archive, crawl_id=past)
    stop_crawl(archive, crawl_id=news, reason="cancelled by a person", now=LATER)

    give_back(archive, begin(archive, LAST))

    assert load_crawl(archive, crawl_id=past) == rests
