"""The rhythm of a week: how much more or less than usual comes at which hour and on which day, learned from counts.

Hours and days are those of Jakarta, which has no summer time. Inside this room a moment is a number of hours since
1970 on Jakarta's clock: `hours_of` makes it.
"""

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

JAKARTA: Final = timezone(timedelta(hours=7), "WIB")
HOURS, DAYS = 24, 7
# 1 January 1970 was a Thursday; days are counted from Monday, as datetime does.
_FIRST_DAY: Final = 3
_JAKARTA_H: Final = 7.0
_ROUNDS: Final = 3
# Days differ less than hours, and each comes only once a week.
_DAY_WEIGHT: Final = 4.0


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
    """What came in each hour of the day and on each day of the week, beside how many usual hours of it were seen."""

    came_by_hour: tuple[float, ...] = (0.0,) * HOURS
    seen_by_hour: tuple[float, ...] = (0.0,) * HOURS
    came_by_day: tuple[float, ...] = (0.0,) * DAYS
    seen_by_day: tuple[float, ...] = (0.0,) * DAYS

    def rate(self, shape: Shape, *, prior: float, weight: float) -> float:
        """Return the rate of a usual hour, as if `weight` entries had come before at the prior's rate."""
        usual: float = sum(map(operator.mul, self.seen_by_hour, shape.hours))
        return (weight + sum(self.came_by_hour)) / (weight / prior + usual)

    def shape(self, prior: Shape, *, weight: float) -> Shape:
        """Return the factors, as if `weight` entries had come in each hour before, in the prior's rhythm.

        Rate and factors each follow from the other; all of the past is read anew with both, or the first days, when no
        factor was known, would pass for a change of the rate.
        """
        came = sum(self.came_by_hour)
        hours, days = prior.hours, prior.days
        for _ in range(_ROUNDS):
            rate = came / (sum(map(operator.mul, self.seen_by_hour, hours)) or 1.0)
            hours = _factors(self.came_by_hour, self.seen_by_hour, prior.hours, rate=rate, weight=weight)
        rate = came / (sum(map(operator.mul, self.seen_by_day, days)) or 1.0)
        return Shape(hours, _factors(self.came_by_day, self.seen_by_day, days, rate=rate, weight=weight * _DAY_WEIGHT))

    def kept(self, share: float) -> "Rhythm":
        """Return what is left of it after forgetting."""
        return Rhythm(
            _times(self.came_by_hour, share),
            _times(self.seen_by_hour, share),
            _times(self.came_by_day, share),
            _times(self.seen_by_day, share),
        )

    def with_count(self, came: float, begin: float, end: float, *, shape: Shape, rate: float = 1.0) -> "Rhythm":
        """Return it with what came in an interval, shared over its hours as the shape expects it.

        Where listings of different rates are counted together, an hour of each is worth its `rate`.
        """
        parts = [(hour, day, shape.hours[hour], shape.days[day], length) for hour, day, length in pieces(begin, end)]
        whole = sum([by_hour * by_day * length for _, _, by_hour, by_day, length in parts])
        came_h, seen_h = list(self.came_by_hour), list(self.seen_by_hour)
        came_d, seen_d = list(self.came_by_day), list(self.seen_by_day)
        for hour, day, by_hour, by_day, length in parts:
            share = came * by_hour * by_day * length / whole
            came_h[hour] += share
            came_d[day] += share
            # Every hour comes on every day alike; a day's factor, read from half a day, would only disturb it.
            seen_h[hour] += rate * length
            seen_d[day] += rate * by_hour * length
        return Rhythm(tuple(came_h), tuple(seen_h), tuple(came_d), tuple(seen_d))


def _factors(
    came: Sequence[float], seen: Sequence[float], prior: Sequence[float], *, rate: float, weight: float
) -> tuple[float, ...]:
    # A Gamma prior of `weight` entries round each factor of the prior; the mean of all stays 1.
    found = [
        (weight + here) / (weight / before + rate * hours)
        for here, hours, before in zip(came, seen, prior, strict=True)
    ]
    mean = sum(found) / len(found)
    return tuple([factor / mean for factor in found])


def _times(numbers: Sequence[float], share: float) -> tuple[float, ...]:
    return tuple([number * share for number in numbers])
