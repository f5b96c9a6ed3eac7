"""The clock: calls for a look every few seconds, notices sleep and clocks that are set, and says what it noticed.

APScheduler ticks, and nothing more: it holds no schedule. It goes by the wall clock alone, so that a clock set back by
eight hours would stop it for eight; therefore a wait that nobody can set stands behind it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from crawler.errors import CrawlerError
from scheduler.firings import cause_of

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
# Without a tick for so long, by a clock that nobody sets, a look is taken anyway.
WAKE_S: Final = 20.0
# A look that is at work gets so long when the clock is stopped.
_LAST_LOOK_S: Final = 5.0
_FIRST_CAUSE: Final = "the service did not run"
_JUMP_S: Final = 10.0
_TICK: Final = "tick"


@dataclass(frozen=True, slots=True)
class Clocks:
    """What three clocks show: that on the wall; seconds that count sleep; seconds that do not. Nobody sets these."""

    wall: datetime
    boot_s: float
    awake_s: float

    @classmethod
    def now(cls) -> Self:
        """Read them."""
        # Only Linux has a clock that counts sleep; elsewhere sleep looks like a clock that was set forward.
        boot = getattr(time, "CLOCK_BOOTTIME", None)
        awake_s = time.monotonic()
        return cls(datetime.now(UTC), awake_s if boot is None else time.clock_gettime(boot), awake_s)

    def cause_since(self, before: "Clocks") -> str:
        """Return what kept the service from looking since they showed other times."""
        return cause_of(
            wall=self.wall - before.wall,
            boot=timedelta(seconds=self.boot_s - before.boot_s),
            awake=timedelta(seconds=self.awake_s - before.awake_s),
        )

    def has_jumped_since(self, before: "Clocks") -> bool:
        """Tell whether the wall clock was set, or the machine slept."""
        passed_s = (self.wall - before.wall).total_seconds()
        return abs(passed_s - (self.awake_s - before.awake_s)) > _JUMP_S


def clocks_by(now: Callable[[], datetime]) -> Callable[[], Clocks]:
    """Return what reads the clocks with another one on the wall, as that of a server."""
    return lambda: replace(Clocks.now(), wall=now())


class Clock:
    """Awaits `tick` with the present and the cause of whatever is late, every few seconds until it is stopped.

    What a tick raises is logged, and the next one comes all the same.
    """

    def __init__(
        self,
        tick: Callable[[datetime, str], Awaitable[None]],
        *,
        every_s: float = EVERY_S,
        wake_s: float = WAKE_S,
        clocks: Callable[[], Clocks] = Clocks.now,
    ) -> None:
        self._tick = tick
        self._every = timedelta(seconds=every_s)
        self._wake_s = wake_s
        self._clocks = clocks
        self._due = asyncio.Event()
        self._last = clocks()
        self._is_first = True
        self._task: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        # Why the last look failed; None where it did not.
        self.error: str | None = None

    @property
    def looked_at(self) -> datetime | None:
        """When the last good look was taken, by the wall clock; None before the first."""
        return None if self._is_first else self._last.wall

    @property
    def look_age_s(self) -> float:
        """How long ago the last good look was taken, or the clock was made, in seconds awake."""
        return self._clocks().awake_s - self._last.awake_s

    def start(self) -> None:
        """Begin to tick, at once; to be called in the event loop."""
        self._scheduler.add_job(self._ring, _EverySoLong(self._every), id=_TICK, next_run_time=datetime.now(UTC))
        self._scheduler.start()
        self._task = asyncio.create_task(self._run(), name="clock")

    async def stop(self) -> None:
        """Tick no more; a look that is at work is awaited for a few seconds."""
        if self._task is None:
            return
        self._scheduler.shutdown(wait=False)
        task, self._task = self._task, None
        self._due.set()
        await asyncio.wait([task], timeout=_LAST_LOOK_S)
        task.cancel()
        await asyncio.wait([task])

    def poke(self) -> None:
        """Look at once."""
        self._due.set()

    async def _ring(self) -> None:
        self._due.set()

    async def _run(self) -> None:
        while self._task is not None:
            try:
                await asyncio.wait_for(self._due.wait(), self._wake_s)
            except TimeoutError:
                log.warning("no tick for %g s; the clock was probably set back", self._wake_s)
                self._scheduler.modify_job(_TICK, next_run_time=datetime.now(UTC))
            self._due.clear()
            if self._task is not None:
                await self._look()

    async def _look(self) -> None:
        seen = self._clocks()
        cause = self._cause(seen)
        if not self._is_first and self.error is None and seen.has_jumped_since(self._last):
            log.warning("clock: %s", cause)
        try:
            await self._tick(seen.wall, cause)
        except Exception as error:  # noqa: BLE001  - whatever it is, the clock goes on
            self._tell(error)
            return
        if self.error is not None:
            log.warning("schedules are looked at again after %.0f s", seen.awake_s - self._last.awake_s)
        self._is_first, self._last, self.error = False, seen, None

    def _cause(self, seen: Clocks) -> str:
        if self.error is not None:
            return f"the service could not look: {self.error}"
        return _FIRST_CAUSE if self._is_first else seen.cause_since(self._last)

    def _tell(self, error: Exception) -> None:
        """Log why a look failed, once for each reason."""
        line = str(error) if isinstance(error, CrawlerError) else f"{type(error).__name__}: {error}"
        if line != self.error:
            is_known = isinstance(error, CrawlerError)
            log.error("schedules cannot be looked at: %s", line, exc_info=None if is_known else error)
        self.error = line


class _EverySoLong(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Due so long after it was due last, counted from when that was noticed: years that nobody looked are one tick."""

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next moment."""
        del previous_fire_time
        return now + self._every
