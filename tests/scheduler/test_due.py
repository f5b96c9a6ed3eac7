"""When a schedule fires, against a slow reading of every minute, in every time zone."""

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.cron import parse_cron
from scheduler.when import Every, Quiet, Schedule, When, due_between, next_after, parse_when
from tests.scheduler.slow_reading import DAY, MINUTE, ZONES, changes, minutes

ODD = ("Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Troll", "Africa/Casablanca", "America/St_Johns", "Asia/Gaza")
YEARS = st.integers(2001, 2037)


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, datetime]:
    """Draw a zone and a day, preferably one near which its clocks are set."""
    zone = draw(st.sampled_from(ZONES) | st.sampled_from(ODD))
    year = draw(YEARS)
    set_on = changes(zone, year)
    is_near: bool = draw(st.booleans())
    if set_on and is_near:
        return zone, draw(st.sampled_from(set_on)) - DAY
    return zone, datetime(year, 1, 1, tzinfo=UTC) + DAY * draw(st.integers(0, 360))


@st.composite
def crons(draw: st.DrawFn) -> str:
    """Draw the five fields of a cron that is due now and then within days."""
    minute = draw(st.sampled_from(("0", "30", "*/15", "7,59", "1-10/3", "*")))
    hour = draw(st.sampled_from(("*", "0", "1", "2", "3", "23", "0-3", "*/6", "22-23,0-4")))
    day, weekday = draw(
        st.sampled_from((("*", "*"), ("*", "mon-fri"), ("*", "sun,sat"), ("1,15,28-31", "*"), ("*/2", "*")))
    )
    return f"{minute} {hour} {day} * {weekday}"


@st.composite
def whens(draw: st.DrawFn, zone: str) -> When:
    if draw(st.integers(0, 3)):
        return parse_when(draw(crons()), zone=zone)
    return parse_when(draw(st.sampled_from(("1m", "7m", "15m", "1h30m", "1d"))))


def quiets(zone: str) -> st.SearchStrategy[Quiet | None]:
    hours = st.sampled_from([time(0), time(1), time(2, 30), time(3), time(5), time(22, 15), time(23)])
    pairs = st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1])
    return st.none() | pairs.map(lambda pair: Quiet(*pair, zone))


def fires_slowly(schedule: Schedule, begin: datetime, end: datetime) -> list[datetime]:
    """Return the moments of firing, minute by minute: what is held back comes with the first that is not quiet."""
    found, is_held = [], False
    for each in minutes(schedule, begin - 2 * DAY, end):
        is_held = is_held or each.is_due
        if is_held and not each.is_quiet:
            is_held = False
            if each.at >= begin:
                found.append(each.at)
    return found


@given(st.data(), windows())
@settings(deadline=None, max_examples=80)
def test_a_schedule_fires_when_a_slow_reading_of_the_wall_says_so(
    data: st.DataObject, window: tuple[str, datetime]
) -> None:
    zone, begin = window
    schedule = Schedule(data.draw(whens(zone)), data.draw(quiets(zone)))
    end = begin + 3 * DAY

    found = list(due_between(schedule, begin - MINUTE, end - MINUTE))

    assert found == fires_slowly(schedule, begin, end)


@pytest.mark.parametrize("zone", ODD)
def test_clocks_that_are_set_oddly_lose_and_double_nothing(zone: str) -> None:
    schedule = Schedule(parse_cron("*/10 * * * *", zone=zone, where="here"))
    days = [day for year in (2007, 2010, 2011, 2026) for day in changes(zone, year)]

    for day in days:
        assert list(due_between(schedule, day - DAY - MINUTE, day + DAY)) == [
            *fires_slowly(schedule, day - DAY, day + DAY + MINUTE)
        ]
    assert days


@given(windows(), crons(), st.integers(0, 3 * 24 * 60))
@example(("Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC)), "0 6 * * *", 5000)
@settings(deadline=None, max_examples=60)
def test_backward_is_forward_read_from_the_end(window: tuple[str, datetime], text: str, later_min: int) -> None:
    zone, begin = window
    cron = parse_cron(text, zone=zone, where="here")
    end = begin + MINUTE * later_min

    forward = list(itertools.takewhile(lambda moment: moment <= end, cron.forward(begin)))
    backward = list(itertools.takewhile(lambda moment: moment > begin, cron.backward(end)))

    assert backward == forward[::-1]


def test_a_wall_time_that_does_not_exist_is_due_at_the_next_that_does() -> None:
    schedule = Schedule(parse_when("30 2 * * *", zone="America/New_York"))

    assert next_after(schedule, datetime(2026, 3, 8, 5, tzinfo=UTC)) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_wall_time_that_exists_twice_is_due_once() -> None:
    schedule = Schedule(parse_when("30 1 * * *", zone="America/New_York"))
    night = datetime(2026, 11, 1, 3, tzinfo=UTC)

    assert list(due_between(schedule, night, night + timedelta(hours=9))) == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]


def test_a_day_that_a_zone_leaves_out_is_made_up_for() -> None:
    schedule = Schedule(parse_when("0 6 * * *", zone="Pacific/Apia"))

    fired = list(due_between(schedule, datetime(2011, 12, 29, 17, tzinfo=UTC), datetime(2011, 12, 30, 20, tzinfo=UTC)))

    # The 30th of December 2011 was none in Samoa: what was due on it is due when the 31st begins.
    assert fired == [datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2011, 12, 30, 16, tzinfo=UTC)]


def test_what_falls_due_in_quiet_hours_is_one_firing_at_their_end() -> None:
    schedule = Schedule(parse_when("1h"), Quiet(time(23), time(5)))
    evening = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)

    fired = list(due_between(schedule, evening, evening + timedelta(hours=9)))

    assert [f"{moment + timedelta(hours=7):%H:%M}" for moment in fired] == ["22:00", "05:00", "06:00"]


def test_a_rare_day_is_found() -> None:
    schedule = Schedule(parse_when("0 0 29 feb *"))

    assert next_after(schedule, datetime(2097, 1, 1, tzinfo=UTC)) == datetime(2104, 2, 28, 17, tzinfo=UTC)


def test_auto_is_never_due_by_itself() -> None:
    assert next_after(Schedule(), datetime(2026, 11, 22, tzinfo=UTC)) is None


def test_every_so_long_counts_from_midnight_in_jakarta() -> None:
    day = Schedule(Every("1d", DAY))

    assert next_after(day, datetime(2026, 11, 22, 12, tzinfo=UTC)) == datetime(2026, 11, 22, 17, tzinfo=UTC)
