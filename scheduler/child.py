"""The process that runs one crawl for the service: how it is started, measured, and ended."""

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from crawler.archive.lease import Lease
from crawler.processes import module_environment, oom_kills, resident_bytes
from crawler.under_way import keys_under_way, new_memory
from scheduler.logs import pass_on

# What a process wrote last may say why it ended.
_LAST_LINES: Final = 3
_LONGEST_LINE: Final = 4096
# A process that used up its time of the processor is told first, and killed so much later.
_LAST_CPU_S: Final = 10
_MEGABYTE: Final = 1024 * 1024
# A process that ends by one of these ended by a fault of its own; SIGKILL comes from others, or for lack of memory.
_FAULTS: Final = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSYS, signal.SIGXCPU}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one crawl may take: time by the clock and of the processor, in seconds, and memory in megabytes."""

    wall_s: float
    cpu_s: int
    memory_mb: int


@dataclass(slots=True)
class Child:
    """A crawl in a process of its own. While its stdin is open it knows that the service lives."""

    crawl_id: int
    limits: Limits
    process: asyncio.subprocess.Process
    memory: int
    started_s: float = field(default_factory=time.monotonic)
    killed_for: str | None = None
    # The links that it was at in the end.
    was_at: tuple[str, ...] = ()
    _is_excessive: bool = False
    # How often the system had killed for lack of memory by the last looks, the older one first.
    _oom_kills: deque[int] = field(default_factory=lambda: deque([oom_kills()], maxlen=2))
    _said: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))
    _listener: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, lease: Lease, *, arguments: Sequence[str], archive: str, limits: Limits) -> Self:
        """Start `tribunwatch ARGUMENTS crawl --claimed N` on an archive, and hand it the token.

        Raises:
            OSError: There is no process to be had: no memory, too many open files.
        """
        memory = new_memory()
        try:
            process = await cls._start(lease, arguments=arguments, archive=archive, memory=memory)
        except OSError:
            os.close(memory)
            raise
        child = cls(lease.crawl_id, limits, process, memory)
        # Gone already, or under a lower limit of the system, which then holds.
        with contextlib.suppress(OSError, ValueError):
            cpu_s = limits.cpu_s
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu_s, cpu_s + _LAST_CPU_S))
        child._listener = asyncio.create_task(child._listen())
        if process.stdin is not None:
            process.stdin.write(f"{lease.token} {memory}\n".encode())
        return child

    @staticmethod
    async def _start(
        lease: Lease, *, arguments: Sequence[str], archive: str, memory: int
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "tribunwatch", *arguments, "crawl", "--claimed", str(lease.crawl_id)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # The address may hold a password, and a command line is read by everybody.
            env={**module_environment(), "TRIBUNWATCH_ARCHIVE": archive},
            # Ctrl-C in a terminal goes to the service alone, which ends its crawls itself.
            start_new_session=True,
            pass_fds=(memory,),
        )

    async def wait(self) -> None:
        """Return when the process has ended and all that it said was heard."""
        await self.process.wait()
        self.was_at = keys_under_way(self.memory)
        os.close(self.memory)
        if self._listener is not None:
            await self._listener
        if self.process.stdin is not None:
            self.process.stdin.close()

    def excess(self) -> str | None:
        """Return which limit the process has passed that it cannot keep by itself; None where it has not."""
        self._oom_kills.append(oom_kills())
        memory_mb = resident_bytes(self.process.pid) // _MEGABYTE
        if memory_mb > self.limits.memory_mb:
            self._is_excessive = True
            return f"took {memory_mb} MB of memory, more than service.most_memory_mb = {self.limits.memory_mb}"
        return None

    @property
    def age_s(self) -> float:
        """For how long it runs."""
        return time.monotonic() - self.started_s

    @property
    def is_too_long(self) -> bool:
        """Tell whether it runs for longer than it may."""
        return self.age_s > self.limits.wall_s

    async def stop(self, longest_s: float, why: str = "asked to end") -> None:
        """End the process: SIGTERM, SIGTERM again, and after `longest_s` SIGKILL."""
        for number in (signal.SIGTERM, signal.SIGTERM):
            self._send(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), longest_s / 2)
                return
        self.kill(f"{why}, and did not end within {longest_s:g} s")

    def kill(self, why: str) -> None:
        """Kill the process, with all that it started."""
        self.killed_for = why
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def crashed_at(self) -> tuple[str, ...]:
        """The links that it was at, where it ended by a fault of its own; none where anybody ended it."""
        code = self.process.returncode or 0
        by_fault = self._is_excessive if self.killed_for is not None else (-code in _FAULTS or self._lacked_memory)
        return self.was_at if by_fault else ()

    @property
    def _lacked_memory(self) -> bool:
        """Whether the system killed it for lack of memory, as far as can be told: it killed something just then."""
        return self.process.returncode == -signal.SIGKILL and oom_kills() > self._oom_kills[0]

    def ending(self) -> str:
        """Return how the process ended, as it is told where the crawl itself wrote nothing down."""
        code = self.process.returncode or 0
        if self.killed_for is not None:
            return f"killed: {self.killed_for}"
        if code == -signal.SIGXCPU:
            return f"took more than service.longest_cpu_s = {self.limits.cpu_s} of the processor"
        if self._lacked_memory:
            return "killed by the system for lack of memory"
        if code < 0:
            return f"killed by signal {-code}"
        said = f": {'; '.join(self._said)}" if self._said else ""
        return f"exit code {code} without a recorded end{said}"

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def _listen(self) -> None:
        """Pass on to our log what the process says on stderr."""
        stream = self.process.stderr
        rest = b""
        while stream is not None and (piece := await stream.read(_LONGEST_LINE)):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                self._hear(line)
            if len(rest) > _LONGEST_LINE:
                self._hear(rest)
                rest = b""
        if rest:
            self._hear(rest)

    def _hear(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").strip()
        if text:
            self._said.append(text)
            pass_on(self.crawl_id, text)
