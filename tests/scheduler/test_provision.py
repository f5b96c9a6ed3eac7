"""The schedules that follow from settings and topics: made once, changed where they change, ended where they end."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.firings import firings_of
from crawler.archive.following import add_topic, remove_topic
from crawler.archive.schedules import KeptSchedule, list_schedules, load_schedule, remove_schedule, set_schedule
from crawler.errors import WRONG_USE, NotFoundError, ScheduleError
from crawler.topics import Topic
from scheduler.pausing import pause, resume
from scheduler.planner import Planner
from scheduler.provision import provision
from tests.scheduler.conftest import NOON, SETTINGS, Keep, set_to

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FLOOD = Topic(name="Banjir", keywords=("banjir",), every="30m")
QUIET = Topic(name="Gempa", keywords=("gempa",))


def of_crawls(archive: Archive) -> dict[str, KeptSchedule]:
    return {each.name: each for each in list_schedules(archive) if each.order.task == "crawl"}


def test_each_listing_and_each_topic_with_a_plan_of_its_own_has_a_schedule(archive: Archive) -> None:
    provision(archive, SETTINGS, (FLOOD, QUIET), now=NOON)

    found = of_crawls(archive)
    assert {name: each.order.plan for name, each in found.items()} == {
        "listing:www-index": "auto",
        "listing:www-sitemap": "auto",
        "topic:Banjir": "30m",
    }
    assert found["listing:www-index"].order.options["listings"] == ["www-index"]  # type: ignore[index]
    assert found["topic:Banjir"].order.options["topics"] == ["Banjir"]  # type: ignore[index]
    assert {each.order.origin for each in found.values()} == {"settings", "topic"}


def test_to_see_to_it_again_writes_nothing(archive: Archive) -> None:
    provision(archive, SETTINGS, (FLOOD,), now=NOON)
    pause(archive, "www-index", now=NOON + MINUTE)
    before = list_schedules(archive)

    provision(archive, SETTINGS, (FLOOD,), now=NOON + HOUR)

    assert list_schedules(archive) == before
    assert of_crawls(archive)["listing:www-index"].paused_at == NOON + MINUTE


def test_what_left_has_ended_and_may_come_back(archive: Archive) -> None:
    provision(archive, SETTINGS, (FLOOD,), now=NOON)
    pause(archive, "Banjir", now=NOON)
    provision(archive, SETTINGS, (), now=NOON + HOUR)

    ended = [each for each in list_schedules(archive, with_ended=True) if each.ended_at]
    provision(archive, SETTINGS, (FLOOD,), now=NOON + 5 * HOUR)

    assert [(each.name, each.ended_at) for each in ended] == [("topic:Banjir", NOON + HOUR)]
    back = of_crawls(archive)["topic:Banjir"]
    assert (back.schedule_id, back.settled_at, back.paused_at) == (ended[0].schedule_id, NOON + 5 * HOUR, NOON)


def test_a_schedule_of_a_persons_own_is_left_alone(archive: Archive, keep: Keep) -> None:
    keep("mine", "1h", "www-index")

    provision(archive, SETTINGS, (), now=NOON)

    assert "mine" in of_crawls(archive)


def test_of_a_plan_that_was_changed_nothing_is_owed_from_before(archive: Archive) -> None:
    provision(archive, set_to(SCHEDULE_LISTINGS="30 6 * * mon-fri"), (), now=NOON)
    provision(archive, set_to(SCHEDULE_LISTINGS="1h"), (), now=NOON + 5 * HOUR)

    brought = Planner(archive, service_id=None, settings=SETTINGS).look(NOON + 5 * HOUR, "x")

    assert brought.made == 0
    assert of_crawls(archive)["listing:www-index"].settled_at == NOON + 5 * HOUR


def test_a_listing_may_have_a_plan_of_its_own(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    listing = '[[listing]]\nname = "{}"\nurl = "https://bali.tribunnews.com/{}"\nkind = "index"\n'
    file.write_text(listing.format("bali", "index-news") + 'every = "5m"\n' + listing.format("seni", "seni"))

    provision(archive, set_to(file, SCHEDULE_LISTINGS="1h"), (), now=NOON)

    found = of_crawls(archive)
    assert {name: each.order.plan for name, each in found.items()} == {"listing:bali": "5m", "listing:seni": "1h"}


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"SCHEDULE_LISTINGS": "often"}, "environment TRIBUNWATCH_SCHEDULE_LISTINGS: schedule.listings: 'often' is no"),
        (
            {"SCHEDULE_LISTINGS": "0 6 * * 1"},
            "weekday 1 is one day in one cron and the next in another; write its name",
        ),
        ({"SCHEDULE_ZONE": "Jakarta"}, "'Jakarta' is no time zone; write Asia/Jakarta"),
        ({"SCHEDULE_QUIET_HOURS": "23-5"}, "'23-5' are no quiet hours; write them as \"23:00-05:00\""),
    ],
)
def test_a_plan_that_cannot_be_read_stops_the_start_with_one_line(
    archive: Archive, settings: dict[str, str], line: str
) -> None:
    with pytest.raises(ScheduleError) as refused:
        provision(archive, set_to(**settings), (), now=NOON)

    assert line in str(refused.value)
    assert refused.value.exit_code == WRONG_USE
    assert list_schedules(archive) == []


def test_a_topic_that_is_added_while_a_service_runs_has_its_schedule_at_the_next_look(archive: Archive) -> None:
    provision(archive, SETTINGS, (), now=NOON)
    planner = Planner(archive, service_id=None, settings=SETTINGS)
    planner.look(NOON, "x")

    add_topic(archive, FLOOD, now=NOON)
    planner.look(NOON + MINUTE, "x")
    added = "topic:Banjir" in of_crawls(archive)
    remove_topic(archive, "Banjir", now=NOON + MINUTE)
    planner.look(NOON + 2 * MINUTE, "x")

    assert added
    assert "topic:Banjir" not in of_crawls(archive)


def test_a_schedule_is_known_by_the_end_of_its_name_where_that_is_one(archive: Archive) -> None:
    provision(archive, SETTINGS, (Topic(name="www-index", keywords=("x",), every="1h"), FLOOD), now=NOON)

    assert load_schedule(archive, "Banjir").name == "topic:Banjir"
    with pytest.raises(NotFoundError, match="'www-index' may be listing:www-index or topic:www-index; write the whole"):
        load_schedule(archive, "www-index")
    with pytest.raises(NotFoundError, match="no schedule 'Banjr'"):
        load_schedule(archive, "Banjr")


@pytest.mark.parametrize("name", ["listing:www-index", "topic:Banjir"])
def test_what_follows_from_settings_and_topics_is_changed_there(archive: Archive, name: str) -> None:
    provision(archive, SETTINGS, (FLOOD,), now=NOON)
    kept = load_schedule(archive, name)

    for change in (
        lambda: set_schedule(archive, kept.order, now=NOON),
        lambda: remove_schedule(archive, name, now=NOON),
    ):
        with pytest.raises(ScheduleError, match=f"schedule {name}: follows from the (settings|topic); change it there"):
            change()

    assert load_schedule(archive, name) == kept


def test_what_falls_due_in_a_pause_is_not_made_up_for_and_says_so(archive: Archive, keep: Keep) -> None:
    number = keep("mine", "1h", "www-index")
    planner = Planner(archive, service_id=None, settings=SETTINGS)
    planner.look(NOON + HOUR, "x")
    pause(archive, "mine", now=NOON + HOUR + 30 * MINUTE)

    during = planner.look(NOON + 2 * HOUR, "x")
    resume(archive, "mine", now=NOON + 3 * HOUR + 30 * MINUTE)
    after = planner.look(NOON + 3 * HOUR + 31 * MINUTE, "x")
    on_time = planner.look(NOON + 4 * HOUR, "x")

    assert (during.made, after.made, after.not_made, on_time.made) == (0, 0, 0, 1)
    told = [(each.state, each.reason) for each in reversed(firings_of(archive, schedule_id=number))]
    paused = ("missed", "it was paused from 2026-11-22 13:30 WIB to 2026-11-22 15:30 WIB")
    assert told == [("due", ""), paused, paused, ("due", "")]
    assert len(list_crawls(archive)) == 1


def test_a_listing_whose_time_came_in_a_pause_is_asked_when_it_goes_on(archive: Archive) -> None:
    provision(archive, SETTINGS, (), now=NOON)
    planner = Planner(archive, service_id=None, settings=SETTINGS)
    planner.look(NOON, "x")
    pause(archive, "www-index", now=NOON + MINUTE)
    planner.look(NOON + 20 * HOUR, "x")

    resume(archive, "www-index", now=NOON + 21 * HOUR)
    planner.look(NOON + 21 * HOUR, "x")

    [last, first] = firings_of(archive, schedule_id=load_schedule(archive, "www-index").schedule_id)
    assert (first.scheduled_for, last.scheduled_for, last.state, last.reason) == (NOON, NOON + 21 * HOUR, "due", "")
