"""What a schedule owes after downtime, sleep and clocks that were set: one firing, and a reason for every other."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler.cron import parse_cron
from scheduler.firings import MOST_ROWS, Firing, cause_of, firings_after, supersedes
from scheduler.when import Quiet, Schedule, next_after, parse_when
from tests.scheduler.slow_reading import DAY, MINUTE, ZONES, changes, minutes

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
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
    ],
)
def test_the_cause_is_told_from_three_clocks(wall_h: float, boot_h: float, awake_h: float, told: str) -> None:
    wall, boot, awake = (timedelta(hours=hours) for hours in (wall_h, boot_h, awake_h))

    assert cause_of(wall=wall, boot=boot, awake=awake) == told


class Life:
    """A service and its schedule through hours of sleeping, stopping and clocks that are set; it keeps the table."""

    def __init__(self, schedule: Schedule, begin: datetime, chance: random.Random) -> None:
        self.schedule, self.now, self.chance = schedule, begin, chance
        self.begin = self.settled = begin
        # The stretches of wall time that it lived through, and what it made of each due moment.
        self.lived: list[tuple[datetime, datetime]] = []
        self.table: dict[datetime, Firing] = {}
        self.made: list[datetime] = []

    def look(self) -> None:
        """Look as the service does: store what is new, or takes the row of what was not made."""
        look = firings_after(self.schedule, self.settled, self.now)
        if look.upto > self.settled:
            self.lived.append((self.settled, look.upto))
        assert sum(each.is_made for each in look.firings) == any(each.state != "quiet" for each in look.firings)
        for each in look.firings:
            old = self.table.get(each.scheduled_for)
            if old is None or supersedes(each, old):
                self.table[each.scheduled_for] = each
                if each.is_made:
                    self.made.append(each.scheduled_for)
                    self.check_made(each)
        self.settled = look.upto

    def check_made(self, firing: Firing) -> None:
        """Nothing is made in quiet hours or early; what is late says so; nothing newer was due before now."""
        assert self.schedule.quiet is None or self.schedule.quiet.period(self.now) is None
        assert firing.scheduled_for <= self.now
        assert (firing.state == "caught_up") == (self.now - firing.scheduled_for > MINUTE)
        newer = next_after(self.schedule, firing.scheduled_for)
        assert newer is None or newer > self.now

    def live(self, hours: int) -> None:
        """Live on until so many hours of true time are over."""
        left = timedelta(hours=hours)
        while left > timedelta(0):
            fate = self.chance.random()
            if fate < 0.02:
                # Asleep or stopped: true time passes, nobody looks.
                passed = timedelta(minutes=self.chance.expovariate(1 / 240))
            elif fate < 0.03:
                # Somebody sets the clock.
                passed = timedelta(0)
                self.now += timedelta(minutes=round(self.chance.gauss(0, 300)))
            else:
                due = next_after(self.schedule, self.now) or self.now + timedelta(hours=1)
                passed = min(due - self.now, timedelta(hours=1)) + timedelta(seconds=self.chance.uniform(0, 20))
            self.now += passed
            left -= passed
            self.look()

    def check(self) -> int:
        """Hold the table against a slow reading of the wall; return how many due moments were checked."""
        assert len(self.made) == len(set(self.made))
        if not self.lived:
            # Nearly all of it fell in quiet hours.
            return 0
        due: set[datetime] = set()
        is_held = False
        begin = min(since for since, _ in self.lived).replace(second=0, microsecond=0) - DAY
        for each in minutes(self.schedule, begin, self.settled + MINUTE):
            is_held = is_held or each.is_due
            if each.is_due or (is_held and not each.is_quiet):
                due.add(each.at)
            is_held = is_held and each.is_quiet
        lived = {at for at in due if any(since < at <= upto for since, upto in self.lived)}
        assert lived - set(self.table) == set()
        assert all(each.is_made or each.reason for each in self.table.values())
        # What lies ahead of a clock that was set back was due when it ran ahead.
        assert {at for at in self.table if at <= self.settled} <= due
        return len(lived)


def test_in_every_zone_each_due_firing_is_made_once_or_explained() -> None:
    chance = random.Random(20261123)  # noqa: S311  - no secret
    crons = ("*/30 * * * *", "15 * * * *", "0 */2 * * *", "30 1,2,3 * * *", "0,20 0-5 * * mon-sun", "5 6 * * mon-fri")
    hours = checked = 0
    for zone in ZONES:
        set_on = changes(zone, chance.randint(2005, 2030))
        begin = chance.choice(set_on) - DAY if set_on else NOON
        when = parse_cron(chance.choice(crons), zone=zone, where=zone)
        quiet = Quiet(time(chance.randint(0, 23)), time(chance.randint(0, 22), 30), zone)
        life = Life(
            Schedule(when, quiet if chance.random() < 0.5 and quiet.begin != quiet.end else None), begin, chance
        )
        life.live(18)
        checked += life.check()
        hours += 18

    assert hours > 10_000
    assert checked > 5_000
