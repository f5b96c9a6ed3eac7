"""Cron with names for its days and a time zone: which moments five fields name.

Stricter than the crons there are, since each of them reads these differently: weekdays by number, a day of the month
together with a weekday, ranges that run backwards. A wall time that does not exist, as when summer time begins, is
due at the next moment that does; one that exists twice is due once, the first time.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crawler.errors import ScheduleError

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field, its range, and the names that stand for its numbers."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """What may be written."""
        if self.names is WEEKDAYS:
            return f"{self.names[0]} to {self.names[-1]}"
        return f"{self.least} to {self.most}" + (f" or {self.names[0]} to {self.names[-1]}" if self.names else "")

    def spelled(self, number: int) -> str:
        """Return a number as it is written."""
        return self.names[number] if self.names is WEEKDAYS else str(number)


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, MONTHS),
    _Field("day of the week", 0, 6, WEEKDAYS),
)
_WRITTEN_OUT: Final = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name) if name)
_EXAMPLE: Final = '"30 6 * * mon-fri" is half past six on workdays'
_PART: Final = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?", re.ASCII)
_LONGEST: Final = 200
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cron:
    """The moments whose wall time in a zone matches five fields; weekdays count from Monday, 0."""

    text: str
    zone: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    def forward(self, after: datetime) -> Iterator[datetime]:
        """Yield every moment later than one, in order, up to the end of the calendar."""
        last = None
        for day in _days(wall_date(after, self.zone) - _DAY, 1):
            for moment in self._on(day, self.hours, self.minutes):
                # Two wall times that a gap swallowed are due at the same moment: once.
                if moment > after and moment != last:
                    yield moment
                    last = moment

    def backward(self, until: datetime) -> Iterator[datetime]:
        """Yield every moment not later than one, newest first, down to the beginning of the calendar."""
        last = None
        for day in _days(wall_date(until, self.zone) + _DAY, -1):
            for moment in self._on(day, self.hours[::-1], self.minutes[::-1]):
                if moment <= until and moment != last:
                    yield moment
                    last = moment

    def _on(self, day: date, hours: Sequence[int], minutes: Sequence[int]) -> Iterator[datetime]:
        if day.month not in self.months or day.day not in self.days or day.weekday() not in self.weekdays:
            return
        for hour in hours:
            for minute in minutes:
                yield moment_at(datetime.combine(day, time(hour, minute)), self.zone)


def parse_cron(text: str, *, zone: str, where: str) -> Cron:
    """Return the cron of five fields.

    Raises:
        ScheduleError: Any of the fields cannot be read, or no day matches them; the message says what to write.
    """
    fields = text.lower().split()
    if len(text) > _LONGEST or len(fields) != len(_FIELDS):
        raise ScheduleError(
            where,
            f"cron has five fields (minute, hour, day of the month, month, day of the week), not {len(fields)}; "
            + _EXAMPLE,
        )
    minutes, hours, days, months, weekdays = (
        _numbers(text, field, where) for text, field in zip(fields, _FIELDS, strict=True)
    )
    if len(days) < _FIELDS[2].most and len(weekdays) < len(WEEKDAYS):
        raise ScheduleError(
            where,
            f"day {fields[2]} of the month together with {fields[4]}: some crons take that for both, "
            "others for either; make two schedules",
        )
    if not any(day <= calendar.monthrange(2024, month)[1] for month in months for day in days):
        raise ScheduleError(where, f"day {fields[2]} never comes in month {fields[3]}; write a day that the month has")
    return Cron(" ".join(fields), zone, minutes, hours, days, months, weekdays)


def _numbers(text: str, field: _Field, where: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None or (match["first"] == "*" and match["last"]):
            raise ScheduleError(where, f"{part!r} is no {field.name}; write * or {field.range}; {_EXAMPLE}")
        step = int(match["step"] or 1)
        if not 1 <= step <= field.most:
            raise ScheduleError(where, f"{part!r} steps by {step}; a step of the {field.name} is 1 to {field.most}")
        if match["first"] == "*":
            first, last = field.least, field.most
        else:
            first = _number(match["first"], field, where)
            last = _number(match["last"], field, where) if match["last"] else first
            if match["step"] and not match["last"]:
                mend = f"{match['first']}-{field.spelled(field.most)}/{step}"
                raise ScheduleError(where, f"{part!r} steps through nothing; write {mend}")
        if last < first:
            mend = f"{match['first']}-{field.spelled(field.most)},{field.spelled(field.least)}-{match['last']}"
            raise ScheduleError(where, f"{part!r} runs backwards; write {mend}")
        found.update(range(first, last + 1, step))
    return tuple(sorted(found))


def _number(text: str, field: _Field, where: str) -> int:
    for number, name in enumerate(field.names, start=field.least):
        # "monday" is "mon" written out.
        if text == name or (text.startswith(name) and text in _WRITTEN_OUT):
            return number
    if text.isdecimal() and field.names is WEEKDAYS:
        raise ScheduleError(
            where,
            f"weekday {text} is one day in one cron and the next in another; "
            "write its name: mon, tue, wed, thu, fri, sat, sun",
        )
    if not text.isdecimal() or not field.least <= int(text) <= field.most:
        raise ScheduleError(where, f"{text!r} is no {field.name}; write {field.range}")
    return int(text)


def wall_date(moment: datetime, zone: str) -> date:
    """Return the date of a moment on the clocks of a zone; at the ends of the calendar, that of UTC."""
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        return moment.astimezone(UTC).date()


def moment_at(wall: datetime, zone: str) -> datetime:
    """Return the moment, in UTC, at which clocks of a zone first show a time or a later one."""
    clock = ZoneInfo(zone)
    moment = wall.replace(tzinfo=clock).astimezone(UTC)
    if moment.astimezone(clock).replace(tzinfo=None) == wall:
        return moment
    # It lies in a gap: reckoned with the offset from after the gap, it comes before the clocks change.
    before, after = wall.replace(tzinfo=clock, fold=1).astimezone(UTC), moment
    offset = after.astimezone(clock).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(clock).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _days(first: date, step: int) -> Iterator[date]:
    end = (date.max - _DAY if step > 0 else date.min + _DAY).toordinal()
    for ordinal in range(first.toordinal(), end, step):
        yield date.fromordinal(ordinal)
