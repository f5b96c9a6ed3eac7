"""What a schedule owes since it was last looked at: one firing, and a reason for each that is not made."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from scheduler.when import Schedule

FiringState = Literal["due", "caught_up", "missed", "quiet", "skipped"]
# A firing that is looked at within this is on time.
ON_TIME: Final = timedelta(seconds=60)
# After a long absence so many of the newest get a row each; the oldest of these rows stands for what was before.
MOST_ROWS: Final = 1000
NOR_BEFORE: Final = "nor was any before it made"
_JUMP: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Firing:
    """One due moment of a schedule, what becomes of it, and why.

    `due` and `caught_up` are made; the others are not: one that is `skipped` fell due while its listing was crawled.
    """

    scheduled_for: datetime
    state: FiringState
    reason: str = ""

    @property
    def is_made(self) -> bool:
        """Tell whether a crawl comes of it."""
        return self.state in {"due", "caught_up"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a schedule brought, in order, and up to when it settled everything: the next look's `last`."""

    firings: tuple[Firing, ...]
    upto: datetime


def firings_after(schedule: Schedule, last: datetime, now: datetime, *, cause: str = "the service did not run") -> Look:
    """Return the firings of a schedule later than `last` and not later than `now`.

    The newest is made, all before it are missed, for the cause. In quiet hours nothing is settled: what was missed
    before them is caught up at their end. Where the clock was set back (`now` before `last`) nothing is owed; what
    comes due a second time has its row already (see `supersedes`).

    Args:
        schedule: What is due when.
        last: Up to when everything was settled; at first, when the schedule was made.
        now: The present by the wall clock.
        cause: What kept a look from being taken in time (see `cause_of`).
    """
    if schedule.quiet is not None and schedule.quiet.period(now) is not None:
        return Look((), min(last, now))
    rows: list[Firing] = []
    newest: datetime | None = None
    since = schedule.since(last)
    for due in itertools.takewhile(lambda each: each > since, schedule.when.backward(now)):
        moment = schedule.fires_at(due)
        if moment > last and (newest is None or moment < newest):
            rows.append(Firing(moment, "missed", cause) if newest else made(schedule, due, now, cause))
            newest = moment
        if moment != due and due > last:
            rows.append(Firing(due, "quiet", f"quiet hours {schedule.quiet}"))
        if len(rows) >= MOST_ROWS:
            before = f"{cause}; {NOR_BEFORE} since {last:%Y-%m-%d %H:%M:%S} UTC"
            rows[-1] = Firing(rows[-1].scheduled_for, "missed", before)
            break
    return Look(tuple(reversed(rows)), now)


def supersedes(new: Firing, old: Firing) -> bool:
    """Tell whether a firing takes the row of one for the same moment: only where that one was not made.

    A clock that ran ahead and was set back brings moments a second time which it had made missed.
    """
    return new.is_made and not old.is_made


def made(schedule: Schedule, due: datetime, now: datetime, cause: str) -> Firing:
    """Return the firing that is made of what fell due at a moment: on time, or caught up for a cause."""
    moment = schedule.fires_at(due)
    held = "" if moment == due else f"held back by quiet hours {schedule.quiet}"
    late = now - moment
    if late <= ON_TIME:
        return Firing(moment, "due", held)
    reason = f"{spoken(late)} late: {cause}"
    return Firing(moment, "caught_up", f"{reason}; {held}" if held else reason)


def cause_of(*, wall: timedelta, boot: timedelta, awake: timedelta) -> str:
    """Return what kept a running service from looking in time.

    Args:
        wall: What passed since its last look by the wall clock,
        boot: by a clock that nobody sets and that counts sleep (CLOCK_BOOTTIME),
        awake: and by one that does not count it (CLOCK_MONOTONIC).
    """
    if abs(wall - boot) > _JUMP:
        return f"the clock was set {'forward' if wall > boot else 'back'} by {spoken(abs(wall - boot))}"
    if boot - awake > _JUMP:
        return f"the machine slept for {spoken(boot - awake)}"
    return f"the service was held up for {spoken(wall)}"


def spoken(length: timedelta) -> str:
    """Return a length of time as people say it, to the minute: "2 d 3 h", "3 h 20 min", "5 min"."""
    # Clocks are read one after the other: 8 h less a thousandth of a second are 8 h.
    minutes = round(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    return " ".join(parts[:2]) or "0 min"
