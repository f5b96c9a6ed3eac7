"""The clock ticks, with APScheduler as it is, whatever happens to the wall clock, the machine and a look."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import apscheduler.schedulers.base
import pytest

from crawler.errors import ArchiveHeldError
from scheduler.clock import Clock, Clocks

LIMIT_S = 20.0
DECADE = timedelta(days=3652)


class Wall:
    """A wall clock that can be set, for our clock and for APScheduler; and a machine that can sleep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = self.slept = timedelta(0)
        wall = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.now(tz) + wall.ahead

        monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Moved)

    def read(self) -> Clocks:
        awake_s = time.monotonic()
        return Clocks(datetime.now(UTC) + self.ahead, awake_s + self.slept.total_seconds(), awake_s)


class Ticks:
    """What was told at each tick."""

    def __init__(self) -> None:
        self.told: list[tuple[datetime, str]] = []
        self.came = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, now: datetime, cause: str) -> None:
        self.told.append((now, cause))
        self.came.set()
        if self.error is not None:
            raise self.error

    async def next(self) -> str:
        """Wait for the next tick and return its cause."""
        self.came.clear()
        async with asyncio.timeout(LIMIT_S):
            await self.came.wait()
        return self.told[-1][1]


def clock_of(ticks: Ticks, wall: Wall, *, wake_s: float = 0.5) -> Clock:
    return Clock(ticks, every_s=0.05, wake_s=wake_s, clocks=wall.read)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(monkeypatch)


def test_it_ticks_at_once_and_again_until_it_is_stopped(wall: Wall) -> None:
    async def live() -> None:
        ticks = Ticks()
        clock = clock_of(ticks, wall)
        assert clock.looked_at is None

        clock.start()
        first = await ticks.next()
        again = await ticks.next()
        await ticks.next()
        await clock.stop()
        stopped = len(ticks.told)
        await asyncio.sleep(0.3)

        assert (first, again) == ("the service did not run", "the service was held up for 0 min")
        assert len(ticks.told) == stopped
        assert clock.looked_at == ticks.told[-1][0]

    asyncio.run(live())


def test_a_clock_that_is_set_back_by_hours_stops_nothing(wall: Wall, caplog: pytest.LogCaptureFixture) -> None:
    async def live() -> None:
        ticks = Ticks()
        clock = clock_of(ticks, wall)
        clock.start()
        await ticks.next()

        wall.ahead = -timedelta(hours=8)
        causes = {await ticks.next() for _ in range(4)}
        await clock.stop()

        assert "the clock was set back by 8 h" in causes

    asyncio.run(live())
    assert "clock: the clock was set back by 8 h" in caplog.messages


def test_a_clock_that_is_set_forward_by_a_decade_is_one_tick(wall: Wall) -> None:
    async def live() -> None:
        ticks = Ticks()
        clock = clock_of(ticks, wall)
        clock.start()
        await ticks.next()

        wall.ahead = DECADE
        causes = [await ticks.next() for _ in range(3)]
        await clock.stop()

        assert sum(cause == "the clock was set forward by 3652 d" for cause in causes) == 1

    asyncio.run(live())


def test_a_machine_that_slept_is_told_from_a_clock_that_was_set(wall: Wall) -> None:
    async def live() -> None:
        ticks = Ticks()
        clock = clock_of(ticks, wall)
        clock.start()
        await ticks.next()

        wall.ahead = wall.slept = timedelta(hours=3)
        causes = [await ticks.next() for _ in range(3)]
        await clock.stop()

        assert "the machine slept for 3 h" in causes

    asyncio.run(live())


def test_a_look_that_fails_is_told_once_and_ends_nothing(wall: Wall, caplog: pytest.LogCaptureFixture) -> None:
    async def live() -> None:
        ticks = Ticks()
        ticks.error = ArchiveHeldError("a.db", "is held")
        clock = clock_of(ticks, wall)
        clock.start()
        for _ in range(3):
            cause = await ticks.next()
        failed = (clock.error, clock.looked_at)

        ticks.error = None
        await ticks.next()
        await ticks.next()
        await clock.stop()

        assert failed == ("archive a.db: is held", None)
        assert cause == "the service could not look: archive a.db: is held"
        assert (clock.error, clock.looked_at is None) == (None, False)

    asyncio.run(live())
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert told == ["schedules cannot be looked at: archive a.db: is held"]


def test_how_old_the_last_good_look_is_can_be_asked(wall: Wall) -> None:
    async def live() -> None:
        ticks = Ticks()
        ticks.error = ValueError("unexpected")
        clock = clock_of(ticks, wall)
        clock.start()
        await ticks.next()
        first = clock.look_age_s
        await ticks.next()

        assert clock.look_age_s > first > 0
        ticks.error = None
        await ticks.next()
        await ticks.next()
        await clock.stop()
        assert clock.error is None

    asyncio.run(live())


def test_a_poke_is_a_look_at_once(wall: Wall) -> None:
    async def live() -> None:
        ticks = Ticks()
        clock = Clock(ticks, every_s=3600, wake_s=3600, clocks=wall.read)
        clock.start()
        await ticks.next()

        clock.poke()
        await ticks.next()
        await clock.stop()

        assert len(ticks.told) == 2

    asyncio.run(live())


def test_the_end_awaits_a_look_that_is_at_work(wall: Wall) -> None:
    async def live() -> None:
        begun, done = asyncio.Event(), False

        async def tick(now: datetime, cause: str) -> None:
            nonlocal done
            del now, cause
            begun.set()
            await asyncio.sleep(0.3)
            done = True

        clock = Clock(tick, clocks=wall.read)
        clock.start()
        await begun.wait()
        await clock.stop()

        assert done

    asyncio.run(live())
