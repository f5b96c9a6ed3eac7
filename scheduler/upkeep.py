"""Prunings and backups that schedules ask for: each in a process of its own, one after the other."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.upkeep import Asked, UpkeepTask, lose_upkeep, settle_upkeep, unanswered
from crawler.errors import ArchiveError
from crawler.processes import module_environment

log = logging.getLogger(__name__)

# Of a schedule; "upgrade" is none.
_TASKS: Final[Mapping[str, UpkeepTask]] = {"prune": "prune", "backup": "backup"}
# Crawls and answers go first.
_NICENESS: Final = 10
_LAST_WORDS: Final = 500
# An archive that cannot be reached is asked again so often.
_AGAIN_S: Final = 5.0
# What a service beside this one left behind is looked for so often.
LOOK_S: Final = 30.0


class Upkeep:
    """Has an archive looked after. To be made in the running loop.

    What is done runs in a process of its own (`tribunwatch archive prune`, `archive backup`), which reads the settings
    itself and keeps how it ended: neither the loop nor a crawl waits for it, and its memory goes with it. Where that
    process is killed, it is kept that it was.

    Args:
        archive: Which one.
        service_id: The number of the service in the archive.
        child_arguments: The options that stand before the command of a child: ("--config", FILE).
        look_s: How often to look for what services that are no more left behind.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        service_id: int,
        child_arguments: Sequence[str] = (),
        look_s: float = LOOK_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        # What is at work now; None where nothing is.
        self.running: UpkeepTask | None = None
        self._archive = archive
        self._service_id = service_id
        self._arguments = tuple(child_arguments)
        self._look_s = look_s
        self._clock = clock
        self._turn = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._child: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def take_up(self) -> None:
        """Settle what services that are no more left behind, and do what they were asked for."""
        while not self._stopping.is_set():
            try:
                if lost := await asyncio.to_thread(lose_upkeep, self._archive, now=self._clock()):
                    log.warning("upkeep lost count=%d", lost)
                left = await asyncio.to_thread(self._left)
                break
            except ArchiveError as error:
                log.warning("upkeep waits for the archive: %s", error)
                await self._pause(_AGAIN_S)
        else:
            return
        for task, firing_id in left:
            await self.do(task, firing_id)

    def start(self) -> None:
        """Take up what was left behind, now and whenever a service beside this one dies, beside everything else."""
        self._begin(self._look_after_others())

    async def _look_after_others(self) -> None:
        while not self._stopping.is_set():
            await self.take_up()
            await self._pause(self._look_s)

    def _left(self) -> list[tuple[UpkeepTask, int]]:
        return unanswered(self._archive, service_id=self._service_id, now=self._clock())

    def ask(self, task: str, firing_id: int) -> None:
        """Have something done, from whatever thread; the planner's `on_upkeep`."""
        self._loop.call_soon_threadsafe(lambda: self._begin(self.do(task, firing_id)))

    async def do(self, task: str, firing_id: int) -> None:
        """Do what a firing asks for ("prune" or "backup"), in its turn, and return when it ended, well or not.

        What cannot be begun because the service stops is left to the next one.
        """
        work, asked = _TASKS[task], Asked(firing_id, self._service_id)
        async with self._turn:
            if self._stopping.is_set():
                return
            self.running = work
            try:
                reason = await self._run(work, asked)
            except OSError as error:
                reason = f"its process cannot be started: {error.strerror}"
            finally:
                self.running = None
            if reason is None:
                log.info("upkeep ended task=%s firing=%d state=succeeded", task, firing_id)
                return
            log.error("upkeep ended task=%s firing=%d state=failed reason=%s", task, firing_id, reason)
            await self._settle(work, asked, reason)

    async def stop(self, longest_s: float) -> None:
        """Begin nothing more, and end what is at work: asked first, after so many seconds killed."""
        self._stopping.set()
        child = self._child
        if child is not None and child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGINT)
            try:
                await asyncio.wait_for(child.wait(), longest_s)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, task: UpkeepTask, asked: Asked) -> str | None:
        """Run the process to its end; return why it failed, None where it did not."""
        by_whom = ("--asked", str(asked.firing_id), str(asked.service_id))
        self._child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "tribunwatch", *self._arguments, "--quiet", "archive", task, *by_whom),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # The address may hold a password, and a command line is read by everybody.
            env={**module_environment(), "TRIBUNWATCH_ARCHIVE": self._archive.address},
            # Ctrl-C in a terminal goes to the service alone, which ends it itself.
            start_new_session=True,
        )
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._child.pid, _NICENESS)
        _, said = await self._child.communicate()
        code = self._child.returncode
        if code == 0:
            return None
        if code is not None and code < 0:
            return f"killed by signal {-code}"
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("error: ")[:_LAST_WORDS] if lines else f"ended with code {code}"

    async def _settle(self, task: UpkeepTask, asked: Asked, reason: str) -> None:
        """Keep why it failed, where its process did not; when the archive is away, as soon as it is back."""
        while True:
            try:
                await asyncio.to_thread(
                    settle_upkeep, self._archive, task, asked=asked, reason=reason, now=self._clock()
                )
            except ArchiveError as error:
                if self._stopping.is_set():
                    return
                log.warning("upkeep waits for the archive: %s", error)
                await self._pause(_AGAIN_S)
            else:
                return

    async def _pause(self, longest_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), longest_s)
