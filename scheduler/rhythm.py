"""The rhythm of a week: how much more or less than usual comes at which hour and on which day, learned from counts.

Hours and days are those of Jakarta, which has no summer time. Inside this room a moment is a number of hours since
1970 on Jakarta's clock: `hours_of` makes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

JAKARTA: Final = timezone(timedelta(hours=7), "WIB")
HOURS, DAYS = 24, 7
# 1 January 1970 was a Thursday; days are counted from Monday, as datetime does.
_FIRST_DAY: Final = 3
_JAKARTA_H: Final = 7.0


def hours_of(moment: datetime) -> float:
    """Return a moment as hours since 1970 on Jakarta's clock."""
    return moment.timestamp() / 3600 + _JAKARTA_H


def moment_of(hours: float) -> datetime:
    """Return the moment of such a number, in UTC."""
    return datetime.fromtimestamp((hours - _JAKARTA_H) * 3600, tz=UTC)


def pieces(begin: float, end: float) -> Iterator[tuple[int, int, float]]:
    """Yield hour of the day, day of the week and length of every piece of an interval that lies within one hour."""
    whole = int(begin)
    at = begin
    while at < end:
        until = min(float(whole + 1), end)
        yield whole % HOURS, (whole // HOURS + _FIRST_DAY) % DAYS, until - at
        at, whole = until, whole + 1


@dataclass(frozen=True, slots=True)
class Shape:
    """By what a rate is multiplied at each hour of the day and on each day of the week; 1 is the usual."""

    hours: tuple[float, ...] = (1.0,) * HOURS
    days: tuple[float, ...] = (1.0,) * DAYS

    def between(self, begin: float, end: float) -> float:
        """Return how many usual hours an interval is worth."""
        return sum(self.hours[hour] * self.days[day] * length for hour, day, length in pieces(begin, end))


LEVEL: Final = Shape()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What came in each hour and day beside what was expected there without this hour's, or day's, own factor."""

    came_by_hour: tuple[float, ...] = (0.0,) * HOURS
    expected_by_hour: tuple[float, ...] = (0.0,) * HOURS
    came_by_day: tuple[float, ...] = (0.0,) * DAYS
    expected_by_day: tuple[float, ...] = (0.0,) * DAYS

    def shape(self, prior: Shape, *, weight: float) -> Shape:
        """Return the factors: each as if `weight` entries had come before, in the prior's rhythm."""
        return Shape(
            tuple(
                _shrunk(came, expected, factor, weight)
                for came, expected, factor in zip(self.came_by_hour, self.expected_by_hour, prior.hours, strict=True)
            ),
            tuple(
                _shrunk(came, expected, factor, weight)
                for came, expected, factor in zip(self.came_by_day, self.expected_by_day, prior.days, strict=True)
            ),
        )

    def kept(self, share: float) -> "Rhythm":
        """Return what is left of it after forgetting."""
        return Rhythm(
            _times(self.came_by_hour, share),
            _times(self.expected_by_hour, share),
            _times(self.came_by_day, share),
            _times(self.expected_by_day, share),
        )

    def with_count(self, came: float, begin: float, end: float, *, rate: float, shape: Shape) -> "Rhythm":
        """Return it with what came in an interval, shared over its hours as the shape expects it."""
        parts = [(hour, day, shape.hours[hour], shape.days[day], length) for hour, day, length in pieces(begin, end)]
        whole = sum(by_hour * by_day * length for _, _, by_hour, by_day, length in parts)
        if whole <= 0:
            return self
        came_h, expected_h = list(self.came_by_hour), list(self.expected_by_hour)
        came_d, expected_d = list(self.came_by_day), list(self.expected_by_day)
        for hour, day, by_hour, by_day, length in parts:
            share = came * by_hour * by_day * length / whole
            came_h[hour] += share
            came_d[day] += share
            expected_h[hour] += rate * by_day * length
            expected_d[day] += rate * by_hour * length
        return Rhythm(tuple(came_h), tuple(expected_h), tuple(came_d), tuple(expected_d))


def _shrunk(came: float, expected: float, prior: float, weight: float) -> float:
    # A Gamma prior of `weight` entries round the prior's factor.
    return (weight + came) / (weight / prior + expected)


def _times(numbers: Sequence[float], share: float) -> tuple[float, ...]:
    return tuple([number * share for number in numbers])
