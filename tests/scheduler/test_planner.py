"""What a look makes of what is due: firings, each once, and the crawls that come of them."""

from datetime import datetime, timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.firings import firings_of, last_firings
from crawler.archive.lease import claim_crawl, end_crawl
from crawler.archive.requests import request_crawl
from crawler.archive.schedules import list_schedules, load_schedule
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from scheduler.planner import Planner, PlannerLook
from tests.scheduler.conftest import NOON, SETTINGS, Keep, set_to

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SLEPT = "the machine slept for 3 h"


def told(archive: Archive, schedule_id: int) -> list[tuple[str, str, str]]:
    """Return hour and minute in Jakarta, state and reason of each firing, oldest first."""
    return [
        (f"{each.scheduled_for + 7 * HOUR:%H:%M}", each.state, each.reason)
        for each in reversed(firings_of(archive, schedule_id=schedule_id, limit=2000))
    ]


def look(archive: Archive, now: datetime, cause: str = SLEPT) -> PlannerLook:
    return Planner(archive, service_id=None, settings=SETTINGS).look(now, cause)


def run_one(archive: Archive, now: datetime) -> int:
    """Begin the crawl that waits, and leave it running."""
    lease = claim_crawl(archive, process=this_process(), now=now)
    assert lease is not None
    return lease.crawl_id


def test_what_is_due_is_asked_for_once(archive: Archive, keep: Keep) -> None:
    number = keep("news", "15m", "www-index")

    early = look(archive, NOON + 14 * MINUTE)
    first = look(archive, NOON + 15 * MINUTE)
    again = look(archive, NOON + 16 * MINUTE)

    [crawl] = list_crawls(archive)
    assert (early, again) == (PlannerLook(), PlannerLook())
    assert first == PlannerLook(made=1, crawls=(crawl.crawl_id,))
    assert told(archive, number) == [("12:15", "due", "")]
    assert (crawl.state, crawl.cause, crawl.options["listings"]) == ("queued", "schedule", ["www-index"])
    [firing] = firings_of(archive, schedule_id=number)
    assert (firing.crawl_id, firing.crawl_state, firing.schedule) == (crawl.crawl_id, "queued", "news")
    assert last_firings(archive) == {number: firing}


def test_what_several_listings_owe_at_once_is_one_crawl(archive: Archive, keep: Keep) -> None:
    keep("a", "15m", "www-index")
    keep("b", "5m", "jabar-index")

    look(archive, NOON + 15 * MINUTE)

    [crawl] = list_crawls(archive)
    assert crawl.options["listings"] == ["www-index", "jabar-index"]


def test_after_downtime_one_is_caught_up_and_the_others_say_why_not(archive: Archive, keep: Keep) -> None:
    number = keep("news", "1h", "www-index")

    brought = look(archive, NOON + 3 * HOUR + 20 * MINUTE)

    [crawl] = list_crawls(archive)
    assert (brought.made, brought.not_made, crawl.cause) == (1, 2, "catch_up")
    assert told(archive, number) == [
        ("13:00", "missed", SLEPT),
        ("14:00", "missed", SLEPT),
        ("15:00", "caught_up", f"20 min late: {SLEPT}"),
    ]


def test_where_nothing_is_to_be_caught_up_all_is_missed_and_says_so(archive: Archive, keep: Keep) -> None:
    number = keep("news", "1h", "www-index")

    Planner(archive, service_id=None, settings=set_to(SCHEDULE_CATCH_UP="false")).look(NOON + HOUR + 20 * MINUTE, SLEPT)

    assert list_crawls(archive) == []
    [(_, state, reason)] = told(archive, number)
    assert state == "missed"
    assert reason == f"20 min late: {SLEPT}; nothing is caught up by setting (schedule.catch_up)"


def test_what_falls_due_while_its_listing_is_crawled_is_skipped(archive: Archive, keep: Keep) -> None:
    number = keep("news", "15m", "www-index")
    look(archive, NOON + 15 * MINUTE)
    running = run_one(archive, NOON + 15 * MINUTE)

    look(archive, NOON + 30 * MINUTE)

    assert told(archive, number)[-1] == ("12:30", "skipped", f"crawl {running} still runs")
    assert [each.crawl_id for each in list_crawls(archive)] == [running]
    assert firings_of(archive, schedule_id=number)[0].crawl_id == running


def test_what_falls_due_while_its_listing_is_crawled_waits_behind_where_so_set(archive: Archive, keep: Keep) -> None:
    number = keep("news", "15m", "www-index", overlap="queue")
    look(archive, NOON + 15 * MINUTE)
    running = run_one(archive, NOON + 15 * MINUTE)

    look(archive, NOON + 30 * MINUTE)
    look(archive, NOON + 45 * MINUTE)

    waiting, other = list_crawls(archive)
    assert (waiting.state, other.state, other.crawl_id) == ("queued", "running", running)
    assert [state for _, state, _ in told(archive, number)] == ["due", "due", "due"]
    assert [each.crawl_id for each in firings_of(archive, schedule_id=number)] == [
        waiting.crawl_id,
        waiting.crawl_id,
        running,
    ]


@pytest.mark.parametrize(
    "other",
    [
        CrawlOptions(listings=("jabar-index",)),
        CrawlOptions(topics=("Banjir",)),
        CrawlOptions(since=NOON),
        CrawlOptions(fetches=False),
        CrawlOptions(site="http://127.0.0.1:8000"),
    ],
)
def test_a_crawl_that_does_less_keeps_no_other_from_its_turn(archive: Archive, keep: Keep, other: CrawlOptions) -> None:
    number = keep("news", "15m", "www-index")
    request_crawl(archive, options=other.as_json(), cause="person", now=NOON)
    running = run_one(archive, NOON)

    look(archive, NOON + 15 * MINUTE)

    assert told(archive, number) == [("12:15", "due", "")]
    assert [each.crawl_id for each in list_crawls(archive)] == [running + 1, running]


def test_a_crawl_of_all_listings_is_one_of_each(archive: Archive, keep: Keep) -> None:
    number = keep("news", "15m", "www-index")
    request_crawl(archive, options=CrawlOptions(limit=5).as_json(), cause="person", now=NOON)
    run_one(archive, NOON)

    look(archive, NOON + 15 * MINUTE)

    assert [state for _, state, _ in told(archive, number)] == ["skipped"]


def test_a_clock_that_was_set_back_repeats_nothing_and_the_schedule_goes_on(archive: Archive, keep: Keep) -> None:
    number = keep("news", "1h", "www-index")
    look(archive, NOON + HOUR)
    claimed = claim_crawl(archive, process=this_process(), now=NOON + HOUR)
    assert claimed is not None
    end_crawl(archive, claimed, state="succeeded", now=NOON + HOUR)

    back = look(archive, NOON - 8 * HOUR - MINUTE)
    settled = load_schedule(archive, "news").settled_at
    first = look(archive, NOON - 8 * HOUR)
    for hours in range(-7, 2):
        look(archive, NOON + hours * HOUR)

    assert (back, settled) == (PlannerLook(), NOON - 8 * HOUR - MINUTE)
    assert first.made == 1
    assert [(at, state) for at, state, _ in told(archive, number)] == [
        (f"{hour:02}:00", "due") for hour in range(4, 14)
    ]


def test_what_a_clock_that_ran_ahead_made_missed_is_made_when_it_comes(archive: Archive, keep: Keep) -> None:
    number = keep("news", "1h", "www-index")

    look(archive, NOON + 5 * HOUR, "the clock was set forward by 5 h")
    look(archive, NOON + MINUTE)
    look(archive, NOON + HOUR)

    assert [state for _, state, _ in told(archive, number)] == ["due", "missed", "missed", "missed", "due"]


def test_in_quiet_hours_nothing_is_asked_and_at_their_end_once(archive: Archive, keep: Keep) -> None:
    number = keep("news", "1h", "www-index", quiet_hours="12:30-15:30")

    during = look(archive, NOON + 3 * HOUR)
    after = look(archive, NOON + 3 * HOUR + 30 * MINUTE)

    assert during == PlannerLook()
    assert (after.made, len(list_crawls(archive))) == (1, 1)
    assert told(archive, number) == [
        ("13:00", "quiet", "quiet hours 12:30-15:30"),
        ("14:00", "quiet", "quiet hours 12:30-15:30"),
        ("15:00", "quiet", "quiet hours 12:30-15:30"),
        ("15:30", "due", "held back by quiet hours 12:30-15:30"),
    ]


def test_upkeep_is_told_to_the_planner_that_made_its_firing(archive: Archive, keep: Keep) -> None:
    number = keep("prune", "30 3 * * *", task="prune", options=None)
    asked: list[tuple[str, int]] = []

    for _ in range(2):
        planner = Planner(archive, service_id=None, settings=SETTINGS, on_upkeep=lambda *what: asked.append(what))
        planner.look(NOON + 15 * HOUR + 30 * MINUTE, SLEPT)

    [firing] = firings_of(archive, schedule_id=number)
    assert asked == [("prune", firing.firing_id)]
    assert list_crawls(archive) == []


def test_trials_ask_the_server_that_the_service_was_given(archive: Archive, keep: Keep) -> None:
    keep("news", "15m", "www-index")

    Planner(archive, service_id=None, settings=SETTINGS, site="http://127.0.0.1:8000").look(NOON + 15 * MINUTE, SLEPT)

    assert list_crawls(archive)[0].options["site"] == "http://127.0.0.1:8000"


def test_a_schedule_that_cannot_be_read_keeps_no_other_from_its_turn(
    archive: Archive, keep: Keep, caplog: pytest.LogCaptureFixture
) -> None:
    keep("bad", "no plan at all", "www-index")
    keep("good", "15m", "www-index")
    planner = Planner(archive, service_id=None, settings=SETTINGS)

    brought = planner.look(NOON + 15 * MINUTE, SLEPT)
    planner.look(NOON + 30 * MINUTE, SLEPT)

    assert brought.made == 1
    [error] = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert error.startswith("schedule cannot be read and rests: schedule bad: cron has five fields")


def test_an_idle_look_writes_nothing(archive: Archive, keep: Keep) -> None:
    keep("news", "15m", "www-index")
    before = list_schedules(archive)

    with Archive.open(archive.address, readonly=True) as readonly:
        brought = look(readonly, NOON + 14 * MINUTE)

    assert brought == PlannerLook()
    assert list_schedules(archive) == before
