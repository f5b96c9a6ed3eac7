"""What is due when, read the slow way: minute by minute, with the clock on the wall in view."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from scheduler.cron import Cron
from scheduler.when import Every, Quiet, Schedule

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime"})


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute: whether something falls due at its beginning, and whether it is quiet."""

    at: datetime
    is_due: bool
    is_quiet: bool


def minutes(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[Minute]:
    """Yield every minute of an interval that begins on a whole one.

    The wall's latest time ever shown never goes back: what it shows a second time is not new, and what it leaps over
    is reached at once.
    """
    when, quiet = schedule.when, schedule.quiet
    zone = ZoneInfo(when.zone if isinstance(when, Cron) else quiet.zone if quiet else "UTC")
    at = begin - DAY
    latest = at.astimezone(zone).replace(tzinfo=None) - MINUTE
    while at < end:
        wall = at.astimezone(zone).replace(tzinfo=None)
        if isinstance(when, Cron):
            due = False
            while latest < wall:
                latest += MINUTE
                due = due or matches(when, latest)
        else:
            due = isinstance(when, Every) and (at + timedelta(hours=7)).timestamp() % when.length.total_seconds() == 0
            latest = max(latest, wall)
        if at >= begin:
            yield Minute(at, due, quiet is not None and is_quiet(quiet, latest))
        at += MINUTE


def matches(cron: Cron, wall: datetime) -> bool:
    """Tell whether a wall time matches the five fields."""
    return (
        wall.minute in cron.minutes
        and wall.hour in cron.hours
        and wall.day in cron.days
        and wall.month in cron.months
        and wall.weekday() in cron.weekdays
    )


def is_quiet(quiet: Quiet, wall: datetime) -> bool:
    """Tell whether a wall time is one of the quiet hours."""
    if quiet.begin < quiet.end:
        return quiet.begin <= wall.time() < quiet.end
    return wall.time() >= quiet.begin or wall.time() < quiet.end


@cache
def changes(zone: str, year: int) -> tuple[datetime, ...]:
    """Return the days of a year, as midnights in UTC, before which a zone set its clocks."""
    clock, first = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    days = [first + number * DAY for number in range(366)]
    return tuple(day for before, day in pairwise(days) if offset(before, clock) != offset(day, clock))


def offset(moment: datetime, clock: ZoneInfo) -> timedelta | None:
    """Return how far a clock is from UTC."""
    return moment.astimezone(clock).utcoffset()
