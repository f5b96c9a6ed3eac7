"""The clock that all share who use an archive: that of its server, or for a file that of this machine.

Two machines never show the same time. What one of them writes down and another compares goes by this clock.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.archive.connect import Archive

# A clock that is wrong by more than this is told of.
MOST_APART: Final = timedelta(seconds=10)
# An answer that took longer says little about the time.
_LONGEST_ANSWER_S: Final = 1.0


class SharedClock:
    """Goes by what the server said last, and on from there by a clock of this machine that nobody sets.

    Args:
        archive: Whose clock it is.
        wall: The clock of this machine.
    """

    def __init__(self, archive: Archive, *, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        # How far the clock of this machine is ahead of the shared one; negative where it is behind.
        self.ahead = timedelta()
        self._archive = archive
        self._wall = wall
        self._said: tuple[datetime, float] | None = None

    def set(self) -> None:
        """Ask the server what time it is; a file is not asked.

        Raises:
            ArchiveError: It cannot be asked; the clock goes on as it did.
        """
        if self._archive.path is not None:
            return
        before_s = _awake_or_not_s()
        with self._archive.reading() as connection:
            asked_s = _awake_or_not_s()
            at = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one().astimezone(UTC)
            after_s = _awake_or_not_s()
        if self._said is None or after_s - before_s <= _LONGEST_ANSWER_S:
            self._said = at, (asked_s + after_s) / 2
            self.ahead = self._wall() - self.now()

    def now(self) -> datetime:
        """Return the present."""
        if self._said is None:
            return self._wall()
        at, then_s = self._said
        return at + timedelta(seconds=_awake_or_not_s() - then_s)

    def concern(self) -> str | None:
        """Return what is to be told of the clock of this machine; None where it goes well."""
        if abs(self.ahead) <= MOST_APART:
            return None
        how = "ahead of" if self.ahead > timedelta() else "behind"
        seconds = abs(self.ahead).total_seconds()
        return (
            f"the clock of this machine is {seconds:.0f} s {how} that of the database; set it: timedatectl set-ntp true"
        )


def shared_now(archive: Archive) -> datetime:
    """Return the present by the clock that all share who use the archive."""
    clock = SharedClock(archive)
    clock.set()
    return clock.now()


def _awake_or_not_s() -> float:
    # Only Linux has a clock that counts sleep.
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
