"""What a schedule owes after downtime, sleep and clocks that were set: one firing, and a reason for every other."""

import random
from datetime import time, timedelta

import pytest

from crawler.archive.connect import Archive
from scheduler.firings import MOST_ROWS, Firing, cause_of, firings_after, supersedes
from scheduler.planner import Planner
from scheduler.when import Quiet, Schedule, parse_when
from tests.scheduler.conftest import NOON, SETTINGS
from tests.scheduler.life import HOURS, KeptLife, Life, begin_in, order_in
from tests.scheduler.slow_reading import MINUTE, ZONES

HOURLY = Schedule(parse_when("1h"))
NIGHT = Quiet(time(23), time(5))


def states(firings: tuple[Firing, ...]) -> list[tuple[str, str]]:
    """Return hour and minute in Jakarta, and the state."""
    return [(f"{each.scheduled_for + timedelta(hours=7):%H:%M}", each.state) for each in firings]


def test_what_is_looked_at_in_time_is_due() -> None:
    look = firings_after(HOURLY, NOON, NOON + timedelta(hours=1, seconds=1))

    assert states(look.firings) == [("13:00", "due")]
    assert firings_after(HOURLY, look.upto, look.upto + MINUTE).firings == ()


def test_after_downtime_the_newest_is_caught_up_and_the_others_say_why_not() -> None:
    look = firings_after(HOURLY, NOON, NOON + timedelta(hours=3, minutes=20), cause="the machine slept for 3 h")

    assert states(look.firings) == [("13:00", "missed"), ("14:00", "missed"), ("15:00", "caught_up")]
    assert {each.reason for each in look.firings} == {
        "the machine slept for 3 h",
        "20 min late: the machine slept for 3 h",
    }


def test_a_clock_that_was_set_back_owes_nothing_and_the_schedule_goes_on_from_there() -> None:
    look = firings_after(HOURLY, NOON, NOON - timedelta(hours=8))

    assert look.firings == ()
    assert states(firings_after(HOURLY, look.upto, NOON - timedelta(hours=7)).firings) == [("05:00", "due")]


def test_in_quiet_hours_nothing_is_settled_and_at_their_end_one_firing_is_made() -> None:
    evening = NOON + timedelta(hours=9, minutes=30)
    schedule = Schedule(HOURLY.when, NIGHT)

    asleep = firings_after(schedule, evening, evening + timedelta(hours=4))
    awake = firings_after(schedule, asleep.upto, evening + timedelta(hours=7, minutes=30, seconds=1))

    assert asleep.firings == ()
    assert states(awake.firings) == [
        ("22:00", "missed"),
        *((f"{hour % 24:02}:00", "quiet") for hour in range(23, 29)),
        ("05:00", "due"),
    ]
    assert awake.firings[-1].reason == ""


def test_what_was_missed_before_the_quiet_hours_is_caught_up_after_them() -> None:
    schedule = Schedule(parse_when("0 22 * * *"), NIGHT)

    in_quiet = firings_after(schedule, NOON, NOON + timedelta(hours=14))
    after = firings_after(schedule, in_quiet.upto, NOON + timedelta(hours=17))

    assert in_quiet.firings == ()
    assert after.firings == (Firing(NOON + timedelta(hours=10), "caught_up", "7 h late: the service did not run"),)


def test_a_firing_at_the_end_of_quiet_hours_says_what_held_it_back() -> None:
    schedule = Schedule(parse_when("0 1 * * *"), NIGHT)

    look = firings_after(schedule, NOON, NOON + timedelta(hours=17))

    assert states(look.firings) == [("01:00", "quiet"), ("05:00", "due")]
    assert [each.reason for each in look.firings] == [
        "quiet hours 23:00-05:00",
        "held back by quiet hours 23:00-05:00",
    ]


def test_years_of_absence_are_told_in_a_bounded_number_of_rows() -> None:
    look = firings_after(Schedule(parse_when("1m")), NOON, NOON + timedelta(days=3652))

    assert len(look.firings) == MOST_ROWS
    assert [each.is_made for each in look.firings].count(True) == 1
    assert look.firings[0].reason == (
        "the service did not run; nor was any before it made since 2026-11-22 05:00:00 UTC"
    )


def test_only_what_was_not_made_gives_up_its_row() -> None:
    missed, made = Firing(NOON, "missed", "x"), Firing(NOON, "due")

    assert supersedes(made, missed)
    assert not supersedes(missed, made)
    assert not supersedes(made, made)


@pytest.mark.parametrize(
    ("wall_h", "boot_h", "awake_h", "told"),
    [
        (8, 0, 0, "the clock was set forward by 8 h"),
        (-8, 0, 0, "the clock was set back by 8 h"),
        (8, 8, 0, "the machine slept for 8 h"),
        (1, 1, 1, "the service was held up for 1 h"),
        (51.5, 51.5, 0.5, "the machine slept for 2 d 3 h"),
        (-7.9999999, 0, 0, "the clock was set back by 8 h"),
    ],
)
def test_the_cause_is_told_from_three_clocks(wall_h: float, boot_h: float, awake_h: float, told: str) -> None:
    wall, boot, awake = (timedelta(hours=hours) for hours in (wall_h, boot_h, awake_h))

    assert cause_of(wall=wall, boot=boot, awake=awake) == told


def test_in_every_zone_each_due_firing_is_made_once_or_explained() -> None:
    chance = random.Random(20261123)  # noqa: S311  - no secret
    hours = checked = 0
    for zone in ZONES:
        life = Life(order_in(zone, chance), begin_in(zone, chance, NOON), chance)
        life.live()
        checked += life.check()
        hours += HOURS

    assert hours > 10_000
    assert checked > 5_000


def test_in_a_database_two_planners_make_each_due_firing_once_or_explain_it(archive: Archive, kind: str) -> None:
    chance = random.Random(20261124)  # noqa: S311  - as above
    planners = [Planner(archive, service_id=None, settings=SETTINGS) for _ in range(2)]
    checked = 0
    # All zones are gone through by bench/schedule_hours.py.
    for zone in ZONES[:: 20 if kind == "sqlite" else 60]:
        life = KeptLife(
            order_in(zone, chance), begin_in(zone, chance, NOON), chance, archive=archive, planners=planners
        )
        life.live()
        checked += life.check()
        life.end()

    assert checked > 50
