"""Processes of this machine: which one a number meant, and whether it still runs."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

# Of what stands in /proc/PID/stat behind the name in brackets: the state, and the ticks since boot at which it began.
_STATE, _BEGAN = 0, 19
_DEAD = frozenset("ZX")


@dataclass(frozen=True, slots=True)
class Process:
    """One process, told from a later one of the same number by when it began."""

    machine: str
    pid: int
    began: str

    @property
    def is_here(self) -> bool:
        """Tell whether it is one of this machine."""
        return self.machine == socket.gethostname()

    @property
    def is_gone(self) -> bool:
        """Tell whether it surely does not run any more; of another machine nobody here can know."""
        return self.is_here and _began(self.pid) != self.began


def this_process() -> Process:
    """Return the process that asks."""
    return process_of(os.getpid())


def process_of(pid: int) -> Process:
    """Return the process of this machine that has the number now; one that is gone already has begun at ''."""
    return Process(socket.gethostname(), pid, _began(pid) or "")


def _began(pid: int) -> str | None:
    """Return when a process began, as "BOOT/TICKS"; None where there is none, or only what its parent forgot."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        # The name in brackets may hold anything, brackets and spaces included.
        told = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if told[_STATE] in _DEAD else f"{boot}/{told[_BEGAN]}"
