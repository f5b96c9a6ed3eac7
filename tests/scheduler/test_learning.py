"""With the plan `auto`, what a listing answered decides when it is asked next; and why then can be read."""

import re
from datetime import datetime, timedelta

from crawler.archive.answers import KeptAnswer, has_settled_answers, load_cadence_in
from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.firings import firings_of
from crawler.archive.history import forget_history
from crawler.archive.hosts import KnownHost, save_hosts
from crawler.archive.lease import Lease, claim_crawl, end_crawl
from crawler.archive.ledger import mark_listing, record_listing
from crawler.archive.reasons import NOT_MODIFIED
from crawler.archive.requests import request_crawl
from crawler.archive.schedules import KeptSchedule, load_schedule
from crawler.article import Link, Listing
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from crawler.site import Address, identify
from scheduler.learning import LISTINGS_SHARE, answer_of
from scheduler.planner import Planner, PlannerLook
from scheduler.provision import provision
from tests.scheduler.conftest import NOON, SETTINGS, set_to

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CAUSE = "the service did not run"
SITEMAP = Listing("www-sitemap", "https://www.tribunnews.com/sitemap.xml", "sitemap")
INDEX = Listing("www-index", "https://www.tribunnews.com/index-news", "index")


def look(archive: Archive, now: datetime, cause: str = CAUSE) -> PlannerLook:
    return Planner(archive, service_id=None, settings=SETTINGS).look(now, cause)


def kept(archive: Archive, listing: Listing = INDEX) -> KeptSchedule:
    return load_schedule(archive, listing.name)


def begin(archive: Archive, now: datetime) -> Lease:
    lease = claim_crawl(archive, process=this_process(), now=now)
    assert lease is not None
    return lease


def links(first: int, end: int) -> list[tuple[Link, Address]]:
    """Return entries by their numbers: one comes every ten minutes, number 0 at noon."""
    found = [
        Link(
            f"https://www.tribunnews.com/nasional/{1000 + number}/berita",
            title=f"Berita {number}",
            published_at=NOON + number * 10 * MINUTE,
            published_from="index",
        )
        for number in range(first, end)
    ]
    return [(each, identify(each.url)) for each in found]


def answer(archive: Archive, lease: Lease, first: int, end: int, *, now: datetime, page: str = "") -> None:
    record_listing(
        archive,
        listing=INDEX,
        url=INDEX.url + page,
        links=links(first, end),
        etag=None,
        last_modified=None,
        now=now,
        crawl_id=lease.crawl_id,
    )


def done(archive: Archive, lease: Lease, now: datetime) -> None:
    end_crawl(archive, lease, state="succeeded", now=now)


def brings(archive: Archive) -> float:
    """Return how many new links an hour the index is said to bring."""
    told = re.match(
        r"brings ([\d.]+) new links an hour at this hour; asked every \d+ min; ", kept(archive).next_reason or ""
    )
    assert told is not None
    return float(told[1])


def settle_first(archive: Archive) -> datetime:
    """Provide the schedules of www, ask its listings for the first time, learn from it, and return when that was."""
    provision(archive, SETTINGS, (), now=NOON)
    look(archive, NOON)
    lease = begin(archive, NOON)
    for number, page in enumerate(("", "?page=2", "?page=3")):
        answer(archive, lease, -20 * number - 20, -20 * number, now=NOON, page=page)
    mark_listing(archive, listing=SITEMAP, url=SITEMAP.url, reason="status 500", now=NOON, crawl_id=lease.crawl_id)
    done(archive, lease, NOON + MINUTE)
    look(archive, NOON + MINUTE)
    return NOON + MINUTE


def test_what_was_never_asked_is_asked_at_once(archive: Archive) -> None:
    provision(archive, SETTINGS, (), now=NOON)

    brought = look(archive, NOON)

    [crawl] = list_crawls(archive)
    assert brought.made == 2
    assert sorted(crawl.options["listings"]) == ["www-index", "www-sitemap"]
    [firing] = firings_of(archive, schedule_id=kept(archive).schedule_id)
    assert (firing.scheduled_for, firing.state, firing.crawl_id) == (NOON, "due", crawl.crawl_id)


def test_what_an_answer_brought_decides_when_the_listing_is_asked_next_and_says_why(archive: Archive) -> None:
    learned_at = settle_first(archive)

    schedule = kept(archive)
    assert schedule.next_at is not None
    assert learned_at < schedule.next_at < learned_at + HOUR
    assert schedule.next_reason is not None
    assert f"next {schedule.next_at + 7 * HOUR:%H:%M}, since" in schedule.next_reason
    with archive.reading() as connection:
        assert not has_settled_answers(connection)
        [(name, state)] = load_cadence_in(connection, "listing").items()
        assert (name, state["shown"], state["requests"]) == ("www-index", 60, 3.0)
        assert load_cadence_in(connection, "price")["www.tribunnews.com"]["set_at"] == learned_at.timestamp()


def test_the_requests_of_an_answer_are_counted_against_the_budget(archive: Archive) -> None:
    now = settle_first(archive)
    request_crawl(archive, options=CrawlOptions(listings=(INDEX.name,)).as_json(), cause="person", now=now)
    lease = begin(archive, now)
    for page in ("", "?page=2"):
        answer(archive, lease, 0, 20, now=now, page=page)
    done(archive, lease, now)

    look(archive, now)

    with archive.reading() as connection:
        assert load_cadence_in(connection, "price")["www.tribunnews.com"]["asked"] == 2


def test_of_a_listing_with_a_plan_of_its_own_it_is_told_what_it_brings(archive: Archive) -> None:
    settings = set_to(SCHEDULE_LISTINGS="15m")
    provision(archive, settings, (), now=NOON)
    planner = Planner(archive, service_id=None, settings=settings)
    planner.look(NOON + 15 * MINUTE, CAUSE)
    lease = begin(archive, NOON + 15 * MINUTE)
    answer(archive, lease, -20, 0, now=NOON + 15 * MINUTE)
    done(archive, lease, NOON + 16 * MINUTE)

    planner.look(NOON + 16 * MINUTE, CAUSE)

    schedule = kept(archive)
    assert schedule.next_at is None
    assert re.fullmatch(r"brings [\d.]+ new links an hour at this hour", schedule.next_reason or "")
    assert planner.look(NOON + 30 * MINUTE, CAUSE).made == 2


def test_answers_that_no_service_learns_from_are_kept_for_a_week(archive: Archive) -> None:
    request_crawl(archive, options=CrawlOptions().as_json(), cause="person", now=NOON)
    lease = begin(archive, NOON)
    answer(archive, lease, -20, 0, now=NOON)
    done(archive, lease, NOON)

    forget_history(archive, days=90, now=NOON + 7 * 24 * HOUR)
    with archive.reading() as connection:
        kept_for_a_week = has_settled_answers(connection)
    forget_history(archive, days=90, now=NOON + 7 * 24 * HOUR + MINUTE)

    assert kept_for_a_week
    with archive.reading() as connection:
        assert not has_settled_answers(connection)


def test_a_crawl_that_still_runs_teaches_nothing_yet(archive: Archive) -> None:
    provision(archive, SETTINGS, (), now=NOON)
    look(archive, NOON)
    lease = begin(archive, NOON)
    answer(archive, lease, -20, 0, now=NOON)

    during = look(archive, NOON + MINUTE)
    done(archive, lease, NOON + MINUTE)
    after = look(archive, NOON + MINUTE)

    assert (during.learned, after.learned) == (0, 1)


def test_what_brings_nothing_any_more_is_known_to_bring_less(archive: Archive) -> None:
    settle_first(archive)
    before = brings(archive)

    for hours in range(1, 30):
        now = NOON + hours * HOUR
        request_crawl(archive, options=CrawlOptions(listings=(INDEX.name,)).as_json(), cause="person", now=now)
        lease = begin(archive, now)
        mark_listing(archive, listing=INDEX, url=INDEX.url, reason=NOT_MODIFIED, now=now, crawl_id=lease.crawl_id)
        done(archive, lease, now)
        look(archive, now)

    assert 2 < before < 7
    assert brings(archive) < before / 10


def test_between_two_answers_a_look_is_idle(archive: Archive) -> None:
    learned_at = settle_first(archive)

    with Archive.open(archive.address, readonly=True) as readonly:
        assert look(readonly, learned_at + MINUTE / 2) == PlannerLook()


def test_a_listing_that_gave_no_answer_is_not_asked_at_every_look(archive: Archive) -> None:
    learned_at = settle_first(archive)

    sitemap = kept(archive, SITEMAP)

    assert sitemap.next_at is not None
    assert sitemap.next_at > learned_at


def test_quiet_hours_hold_the_next_time_back(archive: Archive) -> None:
    settings = set_to(SCHEDULE_QUIET_HOURS="12:01-13:00")
    provision(archive, settings, (), now=NOON)
    planner = Planner(archive, service_id=None, settings=settings)
    planner.look(NOON, CAUSE)
    lease = begin(archive, NOON)
    answer(archive, lease, -20, 0, now=NOON)
    done(archive, lease, NOON + MINUTE)
    planner.look(NOON + MINUTE, CAUSE)

    schedule = kept(archive)
    during = planner.look(NOON + 59 * MINUTE, CAUSE)
    after = planner.look(NOON + HOUR, CAUSE)

    assert schedule.next_at == NOON + HOUR
    assert schedule.next_reason is not None
    assert schedule.next_reason.endswith("; held back by quiet hours 12:01-13:00 until 13:00")
    assert (during.made, after.made) == (0, 2)


def test_a_host_that_is_left_alone_is_not_asked_for_nothing(archive: Archive) -> None:
    provision(archive, SETTINGS, (), now=NOON)
    until = NOON + 20 * MINUTE
    save_hosts(archive, [KnownHost("www.tribunnews.com", not_before=until, wait_reason="it asked for a pause")])

    before = look(archive, NOON)
    schedule = kept(archive)
    after = look(archive, until)

    assert (before.made, after.made) == (0, 2)
    assert (schedule.next_at, schedule.next_reason) == (
        until,
        "its host is left alone until then: it asked for a pause",
    )


def test_a_clock_that_was_set_back_makes_no_listing_wait_for_it(archive: Archive) -> None:
    settle_first(archive)
    planned = kept(archive).next_at

    look(archive, NOON - 8 * HOUR)

    anew = kept(archive).next_at
    assert planned is not None
    assert anew is not None
    assert NOON - 8 * HOUR < anew < NOON - 7 * HOUR


def test_after_downtime_a_listing_is_asked_once_and_says_how_late(archive: Archive) -> None:
    settle_first(archive)
    due = kept(archive).next_at
    assert due is not None

    look(archive, due + 5 * HOUR, "the machine slept for 5 h")

    [last, _] = firings_of(archive, schedule_id=kept(archive).schedule_id)
    assert (last.scheduled_for, last.state) == (due, "caught_up")
    assert last.reason == "5 h late: the machine slept for 5 h"


def row(shown: int, fresh: int, *, novel: int = 0, hours: float | None = None) -> KeptAnswer:
    oldest_at = None if hours is None else NOON - hours * HOUR
    return KeptAnswer(1, "x", "www.tribunnews.com", NOON, shown, fresh, novel, oldest_at, 1)


def test_the_pages_of_an_index_are_one_list_as_long_as_it_may_be_read() -> None:
    one = answer_of([row(20, 4, novel=3, hours=2)], INDEX, max_index_pages=3)
    three = answer_of([row(20, 2), row(20, 20), row(20, 20, hours=9)], INDEX, max_index_pages=3)

    assert (one.shown, one.fresh, one.novel, one.oldest_at, one.requests) == (60, 4, 3, NOON - 2 * HOUR, 1)
    assert (three.shown, three.fresh, three.oldest_at, three.requests) == (60, 42, NOON - 9 * HOUR, 3)


def test_of_the_sitemaps_of_an_index_the_fullest_speaks_for_all() -> None:
    rows = [row(0, 0), row(100, 50, novel=5, hours=10), row(300, 3, novel=1, hours=60), row(3, 3)]

    told = answer_of(rows, SITEMAP, max_index_pages=3)

    assert (told.shown, told.fresh, told.novel, told.requests) == (403, 202, 6, 4)
    # 10 an hour here and 5 there: 400 entries of 15 an hour.
    assert told.oldest_at == NOON - timedelta(hours=400 / 15)


def test_the_listings_of_a_host_take_half_of_its_requests(archive: Archive) -> None:
    settings = set_to(SPIDER_REQUESTS_PER_DAY="100")
    provision(archive, settings, (), now=NOON)
    planner = Planner(archive, service_id=None, settings=settings)
    requests = 0
    for articles in range(2 * 24 * 6):
        now = NOON + articles * 10 * MINUTE
        brought = planner.look(now, CAUSE)
        if brought.crawls:
            lease = begin(archive, now)
            asked = list_crawls(archive, limit=1)[0].options["listings"]
            if INDEX.name in asked:
                answer(archive, lease, articles - 19, articles + 1, now=now)
            if SITEMAP.name in asked:
                mark_listing(
                    archive,
                    listing=SITEMAP,
                    url=SITEMAP.url,
                    reason=NOT_MODIFIED,
                    now=now,
                    crawl_id=lease.crawl_id,
                )
            done(archive, lease, now)
            requests += len(asked)

    assert 0.8 < requests / 2 / (100 * LISTINGS_SHARE) < 1.2
