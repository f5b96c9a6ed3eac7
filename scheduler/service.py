"""The service: clock, planner, dispatcher, signs of life and HTTP, put together, started and ended."""

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from config.settings import Settings
from crawler.archive.connect import Archive
from crawler.archive.services import end_service, register_service
from crawler.archive.shared_clock import SharedClock
from crawler.errors import FAILED, CrawlerError
from crawler.processes import this_process
from crawler.topics import Topic
from scheduler.clock import Clock, clocks_by
from scheduler.dispatcher import Dispatcher
from scheduler.handed_down import HandedDown
from scheduler.http import Check, Doors, url_of
from scheduler.metrics import CrawlCounts, metrics_text
from scheduler.notify import Notifier
from scheduler.planner import Planner
from scheduler.provision import provision
from scheduler.pulse import Pulse
from scheduler.supervisor import Supervisor
from scheduler.upkeep import Upkeep

log = logging.getLogger(__name__)

# A look at the schedules that takes longer, beside what it may wait for the archive, stands still.
_LONGEST_LOOK_S: Final = 60.0
# Within 10 s everything has ended: the crawl first, by force if need be, and in the end the service itself.
_LAST_CRAWL_S: Final = 6.0
_LONGEST_END_S: Final = 9.0
_STDERR: Final = 2
_AGAIN_S: Final = 5.0
_NUMBERS_FOR_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Orders:
    """What the service works by: settings and topics, read and checked together."""

    settings: Settings
    topics: Sequence[Topic]


class Service:
    """One service on one archive; `run` goes on until a signal ends it.

    Args:
        orders: What it works by at first.
        read_orders: Reads them anew at SIGHUP; raises CrawlerError where they are wrong.
        listening: Where it answers.
        site: A server on this machine that is asked in place of the real site.
    """

    def __init__(  # noqa: PLR0913  - what it is made of, by keyword
        self,
        archive: Archive,
        *,
        orders: Orders,
        read_orders: Callable[[], Orders],
        listening: socket.socket,
        notifier: Notifier,
        handed_down: HandedDown,
        site: str | None = None,
    ) -> None:
        self._archive = archive
        self._orders = orders
        self._read_orders = read_orders
        self._listening = listening
        self._notifier = notifier
        self._handed_down = handed_down
        self._site = site
        self._version = version("tribunwatch")
        # What several services on one archive compare goes by the same clock.
        self._time = SharedClock(archive)
        self._is_ending = asyncio.Event()
        self._taking = asyncio.Lock()
        self._wrong_orders: str | None = None
        self._rereading: set[asyncio.Task[None]] = set()
        self._looked_s = time.monotonic()
        self._failed: dict[str, str] = {}
        self._counts = CrawlCounts()
        self._numbers: tuple[float, str] | None = None
        self._counting = asyncio.Lock()

    async def run(self) -> None:
        """Start every part, let them run until the end is asked for, and end them.

        Raises:
            CrawlerError: It cannot be started: archive or schedules cannot be used.
        """
        address = url_of(self._listening)
        service_id = await asyncio.to_thread(self._begin, address)
        dispatcher = Dispatcher(
            self._archive, settings=self._orders.settings, service_id=service_id, clock=self._time.now
        )
        pulse = Pulse(
            self._archive,
            service_id,
            clock=self._time,
            tell=self._tell,
            least_free_mb=self._orders.settings.service.least_free_mb,
        )
        self._dispatcher, self._pulse, self._service_id = dispatcher, pulse, service_id
        self._upkeep = Upkeep(self._archive, service_id=service_id, clock=self._time.now)
        self._planner, self._clock = self._plan(), Clock(self._look, clocks=clocks_by(self._time.now))
        doors = Doors(checks=self._checks, metrics=self._metrics)
        self._hear_signals()
        await doors.open(self._listening)
        self._clock.start()
        self._upkeep.start()
        parts = (("dispatcher", dispatcher.run), ("pulse", pulse.run), ("watchdog", self._watch))
        tasks = [asyncio.create_task(self._keep_running(name, part), name=name) for name, part in parts]
        log.info("service started service=%d archive=%s address=%s", service_id, self._archive.location, address)
        self._notifier.ready(f"answers at {address}")
        await self._is_ending.wait()
        self._notifier.stopping()
        log.info("service ends; a crawl that runs is stopped, and goes on when a service runs again")
        stopping = (self._clock.stop(), dispatcher.stop(_LAST_CRAWL_S), self._upkeep.stop(_LAST_CRAWL_S))
        await asyncio.wait([asyncio.create_task(each) for each in stopping], timeout=_LAST_CRAWL_S + 1)
        for task in tasks:
            task.cancel()
        await doors.close()
        await asyncio.to_thread(end_service, self._archive, service_id, now=self._time.now())
        log.info("service ended service=%d", service_id)

    def end(self) -> None:
        """Ask for the end. Whatever holds it up, an archive that takes no write, it comes within 10 s."""
        if not self._is_ending.is_set():
            self._is_ending.set()
            threading.Thread(target=_leave_after, args=(_LONGEST_END_S,), daemon=True).start()

    async def take_orders_anew(self) -> None:
        """Read settings and topics again, and work by them from now on; where they are wrong, all stays as it was."""
        async with self._taking:
            self._notifier.reloading()
            try:
                orders = await asyncio.to_thread(self._read_orders)
                await asyncio.to_thread(self._take, orders)
            except CrawlerError as error:
                self._wrong_orders = str(error)
                log.error("settings and topics stay as they were: %s", error)  # noqa: TRY400  - the line says all
            else:
                _tell_what_waits(self._orders.settings, orders.settings)
                self._wrong_orders, self._orders = None, orders
                self._planner, self._dispatcher.settings = self._plan(), orders.settings
                self._pulse.least_free_mb = orders.settings.service.least_free_mb
                log.info("settings and topics were read anew topics=%d", len(orders.topics))
            self._notifier.ready(self._status())
        self._clock.poke()

    def _begin(self, address: str) -> int:
        # What stands still in the middle of a write would let nobody begin.
        Supervisor(self._archive, clock=self._time.now).kill_stopped()
        self._time.set()
        self._take(self._orders)
        process = this_process()
        now = self._time.now()
        return register_service(self._archive, process=process, version=self._version, address=address, now=now)

    def _take(self, orders: Orders) -> None:
        provision(self._archive, orders.settings, orders.topics, now=self._time.now())
        self._handed_down.keep(orders.settings)

    def _plan(self) -> Planner:
        return Planner(
            self._archive,
            service_id=self._service_id,
            settings=self._orders.settings,
            site=self._site,
            on_upkeep=self._upkeep.ask,
        )

    def _hear_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        had_terminal = os.isatty(_STDERR)

        def read_anew() -> None:
            if had_terminal and not os.isatty(_STDERR):
                # Its terminal was closed: nobody would see it go on.
                self.end()
                return
            task = asyncio.create_task(self.take_orders_anew())
            self._rereading.add(task)
            task.add_done_callback(self._rereading.discard)

        loop.add_signal_handler(signal.SIGHUP, read_anew)

    async def _keep_running(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        """Run a part to its end; one that fails is told of and begun again, and the service is not ready meanwhile."""
        while not self._is_ending.is_set():
            try:
                await part()
            except Exception as error:
                log.exception("%s failed; it is begun again", name)
                self._failed[name] = f"{type(error).__name__}: {error}"
                await asyncio.sleep(_AGAIN_S)
                del self._failed[name]

    async def _look(self, now: datetime, cause: str) -> None:
        self._looked_s = time.monotonic()
        look = await asyncio.to_thread(self._planner.look, now, cause)
        self._looked_s = time.monotonic()
        if look.crawls:
            self._dispatcher.poke()

    async def _watch(self) -> None:
        """Tell systemd that the service lives, while it does."""
        every_s = self._notifier.watchdog_s
        while every_s is not None:
            if self._moves:
                self._notifier.alive(self._status())
            await asyncio.sleep(every_s)
        await self._is_ending.wait()

    @property
    def _moves(self) -> bool:
        """Tell whether clock and dispatcher move; what waits for the archive does."""
        longest_s = _LONGEST_LOOK_S + self._orders.settings.archive.wait_s
        return time.monotonic() - self._looked_s < longest_s and "dispatcher" not in self._failed

    def _tell(self) -> dict[str, Any]:
        running = self._dispatcher.running
        return {
            "upkeep": self._upkeep.running,
            "crawl": running.crawl_id if running else None,
            "looked_at": self._clock.looked_at.isoformat() if self._clock.looked_at else None,
            "wrong_orders": self._wrong_orders,
            # Whoever asks for a crawl of another site by hand is not served here.
            "site": self._site,
            "wrong_clock": self._time.concern(),
        }

    def _status(self) -> str:
        running = self._dispatcher.running
        return f"crawl {running.crawl_id} runs" if running else "waits for what falls due"

    def _checks(self) -> list[Check]:
        age_s = self._clock.look_age_s
        looked = f"looked at the schedules {age_s:.0f} s ago"
        failed = [Check(name, ok=False, line=line) for name, line in self._failed.items()]
        ends = self._is_ending.is_set()
        return [
            Check("service", ok=not ends, line="ends" if ends else f"{self._service_id}, version {self._version}"),
            *self._pulse.checks(),
            Check("clock", ok=self._clock.error is None and age_s < _LONGEST_LOOK_S, line=self._clock.error or looked),
            *(failed or [Check("dispatcher", ok=True, line=self._status())]),
            Check("settings", ok=not self._wrong_orders, line=self._wrong_orders or "as read", is_needed=False),
        ]

    async def _metrics(self) -> str:
        """Return the numbers; who asks again within seconds gets the same."""
        async with self._counting:
            if self._numbers is None or time.monotonic() - self._numbers[0] > _NUMBERS_FOR_S:
                text = await asyncio.to_thread(
                    metrics_text, self._archive, self._counts, version=self._version, now=self._time.now()
                )
                self._numbers = time.monotonic(), text
            return self._numbers[1]


def _tell_what_waits(before: Settings, after: Settings) -> None:
    """Tell which changes hold from the next start only."""
    fixed = (f"service.{name}" for name in ("host", "port", "log_file", "log_format", "log_mb"))
    changed = [key for key in ("archive.path", *fixed) if _value(before, key) != _value(after, key)]
    if changed:
        log.warning("these hold from the next start of the service: %s", ", ".join(changed))


def _value(settings: Settings, key: str) -> object:
    section, _, name = key.partition(".")
    return getattr(getattr(settings, section), name)


def _leave_after(seconds: float) -> None:
    time.sleep(seconds)
    log.error("service did not end in time and leaves; what is not written down is taken up by the next")
    logging.shutdown()
    os._exit(FAILED)
