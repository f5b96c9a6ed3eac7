"""The dispatcher: it claims what is to be crawled, one crawl at a time, and runs each as a process of its own."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeVar

from config.settings import Settings
from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, load_crawl
from crawler.archive.lease import LEASE_S, Lease, claim_crawl, give_back
from crawler.archive.requests import stop_crawl
from crawler.archive.turns import ask_to_give_way
from crawler.errors import ArchiveError
from crawler.processes import this_process
from scheduler.child import Child, Limits
from scheduler.logs import about_crawl
from scheduler.supervisor import Supervisor

log = logging.getLogger(__name__)

# How often we look whether something waits, and how the crawl that runs is doing.
LOOK_S: Final = 1.0
# A crawl that is asked to stop finds it in the archive by itself; after so long it gets a signal, and after as long
# again it is killed.
_PATIENCE_S: Final = 12.0
_LONGEST_STOP_S: Final = 8.0
# So long a process may take until it has begun with its crawl.
_LONGEST_START_S: Final = 60.0

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Running:
    """The crawl that runs now, in which process, and since when."""

    crawl_id: int
    pid: int
    since: datetime


class Dispatcher:
    """Runs what waits in the archive; `run` goes on until `stop`.

    Success is an end that the crawl itself wrote down, never an exit code: where it wrote none it is lost, and what it
    left is asked for once more.

    Args:
        service_id: The number of the service in the archive.
        child_arguments: The options that stand before `crawl` in the command of a child: ("--config", FILE).
        lease_s: After how long a silence a crawl is lost.
    """

    def __init__(  # noqa: PLR0913  - what it works with, and for whom
        self,
        archive: Archive,
        *,
        settings: Settings,
        service_id: int,
        child_arguments: Sequence[str] = (),
        lease_s: float = LEASE_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.running: Running | None = None
        self._archive = archive
        self._service_id = service_id
        self._arguments = tuple(child_arguments)
        self._clock = clock
        self._supervisor = Supervisor(archive, clock=clock, lease_s=lease_s)
        self._child: Child | None = None
        self._is_stopping = False
        self._poked = asyncio.Event()
        self._ended = asyncio.Event()
        self._fault: str | None = None

    async def run(self) -> None:
        """Run what waits, crawl after crawl, until `stop`; an archive that cannot be used is asked again."""
        self._ended.clear()
        try:
            while not self._is_stopping:
                await self._ask(self._supervisor.look)
                lease = await self._ask(self._claim)
                if lease is None:
                    await self._rest()
                else:
                    with about_crawl(lease.crawl_id):
                        await self._crawl(lease)
        finally:
            self._ended.set()

    def poke(self) -> None:
        """Look at once whether something waits."""
        self._poked.set()

    async def stop(self, longest_s: float = _LONGEST_STOP_S) -> None:
        """Claim nothing more, and end the crawl that runs; what it leaves is asked for again in the archive."""
        self._is_stopping = True
        self._poked.set()
        if self._child is not None:
            await self._child.stop(longest_s)
        await self._ended.wait()

    async def _ask(self, work: Callable[[], _Done]) -> _Done | None:
        """Do something with the archive in a thread; None where the archive cannot be used now."""
        try:
            done = await asyncio.to_thread(work)
        except ArchiveError as error:
            if str(error) != self._fault:
                self._fault = str(error)
                log.error("archive cannot be used, it is tried again error=%s", error)  # noqa: TRY400 - one line
            return None
        if self._fault is not None:
            self._fault = None
            log.info("archive can be used again")
        return done

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), LOOK_S)
        self._poked.clear()

    def _claim(self) -> Lease | None:
        return claim_crawl(self._archive, process=this_process(), now=self._clock(), service_id=self._service_id)

    async def _crawl(self, lease: Lease) -> None:
        """Run one crawl to its end, whatever that is."""
        service = self.settings.service
        limits = Limits(service.longest_crawl_s, service.longest_cpu_s, service.most_memory_mb)
        try:
            self._child = child = await Child.start(
                lease, arguments=self._arguments, archive=self._archive.address, limits=limits
            )
        except OSError as error:
            await self._note_end(lease, f"its process could not be started: {error}")
            return
        self.running = Running(lease.crawl_id, child.process.pid, self._clock())
        crawl = await self._ask(lambda: load_crawl(self._archive, crawl_id=lease.crawl_id))
        how = "goes on" if crawl is not None and crawl.gave_way else "started"
        log.info("crawl %s crawl=%d pid=%d", how, lease.crawl_id, child.process.pid)
        ended = asyncio.create_task(child.wait())
        try:
            if self._is_stopping:
                await child.stop(_LONGEST_STOP_S)
            await self._watch(child, ended)
        finally:
            if not ended.done():
                child.kill("the service lost sight of it")
            self._child = self.running = None
        await self._note_end(lease, child.ending(), child.crashed_at)

    async def _watch(self, child: Child, ended: "asyncio.Task[None]") -> None:
        """Return when the child has ended; see to it that it does, where it passes a limit or stands still."""
        patience_ends_s, way_ends_s = math.inf, math.inf
        while not ended.done():
            await asyncio.wait({ended}, timeout=LOOK_S)
            if ended.done() or self._is_stopping:
                continue
            if (excess := child.excess()) is not None:
                child.kill(excess)
                continue
            if await self._ask(partial(self._stands_still, child)):
                await child.stop(_LONGEST_STOP_S, f"gave no sign of life for {self._supervisor.lease_s:g} s")
            elif await self._ask(partial(self._is_to_end, child)):
                patience_ends_s = min(patience_ends_s, time.monotonic() + _PATIENCE_S)
                if time.monotonic() >= patience_ends_s:
                    await child.stop(_LONGEST_STOP_S)
            elif await self._ask(partial(self._is_to_give_way, child)):
                way_ends_s = time.monotonic() + self._longest_way_s
            elif time.monotonic() >= way_ends_s:
                await child.stop(_LONGEST_STOP_S)
        await ended

    @property
    def _longest_way_s(self) -> float:
        """For how long a back-fill that gives way waits for what is under way, before it is told by a signal."""
        spider = self.settings.spider
        return spider.download_timeout_s + spider.patience_s + _PATIENCE_S

    def _is_to_give_way(self, child: Child) -> bool:
        """Tell whether a back-fill is asked from now on to make room for what is not of the past."""
        if child.age_s < self.settings.service.least_backfill_s:
            return False
        to = ask_to_give_way(self._archive, crawl_id=child.crawl_id, now=self._clock())
        if to is not None:
            log.info("crawl gives way crawl=%d to=%d", child.crawl_id, to)
        return to is not None

    def _stands_still(self, child: Child) -> bool:
        crawl = load_crawl(self._archive, crawl_id=child.crawl_id)
        if crawl.process is None or crawl.process.pid != child.process.pid:
            # It has not taken the crawl up yet: on a machine with much to do, that takes a while.
            return child.age_s > max(_LONGEST_START_S, self._supervisor.lease_s)
        return crawl.state == "running" and self._supervisor.is_silent(crawl)

    def _is_to_end(self, child: Child) -> bool:
        """Tell whether a crawl is to end by itself now: it is not its own any more, or was asked to stop."""
        crawl = load_crawl(self._archive, crawl_id=child.crawl_id)
        if crawl.state != "running" or crawl.stop_asked_at is not None:
            return True
        if child.is_too_long:
            reason = f"took more than service.longest_crawl_s = {child.limits.wall_s:g}"
            stop_crawl(self._archive, crawl_id=child.crawl_id, reason=reason, now=self._clock())
        return child.is_too_long

    async def _note_end(self, lease: Lease, how: str, crashed_at: Collection[str] = ()) -> None:
        """See to it that the end of a crawl is written down, and tell it."""
        while (crawl := await self._ask(lambda: self._settle(lease, how, crashed_at))) is None:
            if self._is_stopping:
                # The next service finds it lost.
                return
            await asyncio.sleep(LOOK_S)
        if crawl.rests:
            to, counts = crawl.gave_way[-1].to, _counts(crawl.report)
            log.info("crawl gave way, and goes on later crawl=%d to=%d%s", crawl.crawl_id, to, counts)
        elif crawl.state not in {"lost", "queued"}:
            log.info("crawl ended crawl=%d state=%s%s", crawl.crawl_id, crawl.state, _counts(crawl.report))

    def _settle(self, lease: Lease, how: str, crashed_at: Collection[str]) -> Crawl:
        crawl = load_crawl(self._archive, crawl_id=lease.crawl_id)
        while crawl.state == "running":
            if self._is_stopping and crawl.process == this_process():
                # Its own process had no time to take it up.
                give_back(self._archive, lease)
            else:
                self._supervisor.lose(crawl, how, is_with_service=self._is_stopping, crashed_at=crashed_at)
            crawl = load_crawl(self._archive, crawl_id=lease.crawl_id)
        return crawl


def _counts(report: dict[str, Any]) -> str:
    """Return what a crawl did as it stands in a line of the log."""
    if not report:
        return ""
    failed = sum(report.get("failed", {}).values())
    counts = " ".join(f"{name}={report.get(name)}" for name in ("links_new", "fetched", "stored", "matched"))
    return f" {counts} failed={failed} seconds={report.get('seconds')}"
