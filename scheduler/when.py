"""What a schedule says: every so long, cron, or `auto`; its quiet hours; and the moments that follow from both."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crawler.errors import ScheduleError
from scheduler.cron import Cron, moment_at, parse_cron, wall_date

DEFAULT_ZONE: Final = "Asia/Jakarta"
AUTO: Final = "auto"
# Midnight in Jakarta: from here "1d" falls on midnight, and "15m" on the quarters of the hour.
_ANCHOR: Final = datetime(1970, 1, 1, tzinfo=UTC) - timedelta(hours=7)
_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_LENGTH: Final = re.compile(r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=366)
_WALL: Final = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAY: Final = timedelta(days=1)
_MOST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Every:
    """Due each time that so much has passed, counted from a midnight in Jakarta, whatever clocks do."""

    text: str
    length: timedelta

    def forward(self, after: datetime) -> Iterator[datetime]:
        """Yield every moment later than one, in order."""
        return self._from((after - _ANCHOR) // self.length + 1, 1)

    def backward(self, until: datetime) -> Iterator[datetime]:
        """Yield every moment not later than one, newest first."""
        return self._from((until - _ANCHOR) // self.length, -1)

    def _from(self, number: int, step: int) -> Iterator[datetime]:
        for each in itertools.count(number, step):
            try:
                yield _ANCHOR + each * self.length
            except OverflowError:
                return


@dataclass(frozen=True, slots=True)
class Auto:
    """Due when what a listing brings makes it worth a request (`cadence.py`): no moment follows from it alone."""

    text: str = AUTO

    def forward(self, after: datetime) -> Iterator[datetime]:
        """Yield nothing."""
        del after
        return iter(())

    def backward(self, until: datetime) -> Iterator[datetime]:
        """Yield nothing."""
        del until
        return iter(())


When = Every | Cron | Auto


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is asked, on the clocks of a zone: from one wall time to the next time it is another."""

    begin: time
    end: time
    zone: str = DEFAULT_ZONE

    def __str__(self) -> str:
        """Return them as they are written."""
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def period(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """Return when the quiet hours in which a moment lies begin and end; None if it lies in none."""
        day = wall_date(moment, self.zone)
        # A zone that moves over the date line has a day twice or not at all.
        for each in (day - _DAY * 2, day - _DAY, day, day + _DAY):
            begin = moment_at(datetime.combine(each, self.begin), self.zone)
            last = each if self.begin < self.end else each + _DAY
            end = moment_at(datetime.combine(last, self.end), self.zone)
            if begin <= moment < end:
                return begin, end
        return None


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is due when, without what quiet hours hold back."""

    when: When = field(default_factory=Auto)
    quiet: Quiet | None = None

    def fires_at(self, due: datetime) -> datetime:
        """Return when what is due at a moment is asked: then, or at the end of the quiet hours."""
        period = self.quiet.period(due) if self.quiet else None
        return period[1] if period else due

    def since(self, moment: datetime) -> datetime:
        """Return from when on what fell due may still fire after a moment: from before the quiet hours it lies in."""
        period = self.quiet.period(moment) if self.quiet else None
        # What is due at the very beginning of the quiet hours is held back too.
        return period[0] - timedelta(seconds=1) if period else moment


def parse_when(text: str, *, zone: str = DEFAULT_ZONE, where: str = "schedule") -> When:
    """Return what a schedule says.

    Args:
        text: "15m", "1h30m", "auto", or five fields of cron such as "30 6 * * mon-fri".
        zone: The zone of a cron's wall times.
        where: What is named in an error: the schedule, its file or command.

    Raises:
        ScheduleError: It cannot be read, asks oftener than every minute, or never comes.
    """
    words = text.lower().split()
    if words == [AUTO]:
        return Auto()
    if words[:1] == ["every"]:
        words = words[1:]
    if len(words) == 1 and words[0][:1].isdigit():
        return _parse_every(words[0], where)
    if len(words) > 1:
        return parse_cron(" ".join(words), zone=known_zone(zone, where), where=where)
    raise ScheduleError(
        where, f'{text[:_MOST_SHOWN]!r} is no schedule; write "15m", "auto" or cron such as "30 6 * * mon-fri"'
    )


def parse_quiet(text: str, *, zone: str = DEFAULT_ZONE, where: str = "schedule") -> Quiet:
    """Return quiet hours, as "23:00-05:00".

    Raises:
        ScheduleError: They cannot be read, or are no hours or all of them.
    """
    found = [_WALL.fullmatch(part.strip()) for part in text.split("-")]
    if len(found) != 2 or None in found:  # noqa: PLR2004  - from and to
        raise ScheduleError(where, f'{text[:_MOST_SHOWN]!r} are no quiet hours; write them as "23:00-05:00"')
    walls = [int(match[1]) * 60 + int(match[2]) for match in found if match]
    if max(walls) > 24 * 60:
        raise ScheduleError(where, f"{text!r} ends after midnight by more than clocks show; 24:00 is the last")
    begin, end = (time(wall // 60 % 24, wall % 60) for wall in walls)
    if begin == end:
        raise ScheduleError(where, f"quiet hours {text} would be all day or none; pause the schedule instead")
    return Quiet(begin, end, known_zone(zone, where))


def next_after(schedule: Schedule, moment: datetime) -> datetime | None:
    """Return the first moment later than one at which a schedule fires; None for `auto`."""
    return next(moments_after(schedule, moment), None)


def due_between(schedule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments at which a schedule fires, later than `after` and not later than `until`, in order.

    What falls due in quiet hours is one firing at their end, together with what is due then anyway.
    """
    return itertools.takewhile(lambda moment: moment <= until, moments_after(schedule, after))


def moments_after(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """Yield the moments later than one at which a schedule fires, in order, without end; none for `auto`."""
    last = after
    for due in schedule.when.forward(schedule.since(after)):
        moment = schedule.fires_at(due)
        if moment > last:
            yield moment
            last = moment


def length_of(text: str, *, where: str) -> timedelta:
    """Return a length of time such as "90s", "15m", "1h30m" or "1d".

    Raises:
        ScheduleError: It cannot be read.
    """
    match = _LENGTH.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ScheduleError(where, f'{text[:_MOST_SHOWN]!r} is no length of time; write "15m", "1h30m" or "1d"')
    return timedelta(
        **{unit: int(number) for unit, number in zip(_UNITS.values(), match.groups(), strict=True) if number}
    )


def _parse_every(text: str, where: str) -> Every:
    length = length_of(text, where=where)
    if not _SHORTEST <= length <= _LONGEST:
        raise ScheduleError(where, f"every {text} is out of range; write a length of 1m to 366d")
    return Every(text, length)


def known_zone(zone: str, where: str) -> str:
    """Return the name of a time zone; raises ScheduleError where there is none of this name."""
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError) as error:
        raise ScheduleError(
            where, f"{zone[:_MOST_SHOWN]!r} is no time zone; write Asia/Jakarta, Asia/Makassar, Asia/Jayapura, UTC"
        ) from error
