"""Processes of this machine: which one a number meant, and whether it still runs."""

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

# Of what stands in /proc/PID/stat behind the name in brackets: the state, and the ticks since boot at which it began.
_STATE, _BEGAN = 0, 19
_DEAD = frozenset("ZX")
_STOPPED = frozenset("Tt")
# Stands in place of the ticks of a process that ended before anybody looked.
_GONE = "gone"


@dataclass(frozen=True, slots=True)
class Process:
    """One process, told from a later one of the same number by when it began.

    `machine` is a name for people: two machines, and two containers of one machine, may have the same. `began` is
    "BOOT/NUMBERS/TICKS": which start of which machine, whose numbers of processes, and ticks since that start.
    """

    machine: str
    pid: int
    began: str

    @property
    def is_here(self) -> bool:
        """Tell whether it is one of this machine since its last start, and counted as our own process is."""
        here = _here()
        return here is not None and self.began.startswith(here)

    @property
    def is_gone(self) -> bool:
        """Tell whether it surely does not run any more; of one that is not here nobody here can know."""
        return self.is_here and _began(self.pid) != self.began

    @property
    def is_stopped(self) -> bool:
        """Tell whether it is one of this machine and stands still (SIGSTOP, Ctrl-Z)."""
        stat = _stat(self.pid)
        return not self.is_gone and self.is_here and stat is not None and stat[_STATE] in _STOPPED

    def kill(self) -> bool:
        """Kill it if it is this very process of this machine, and say whether it was."""
        if not self.is_here:
            return False
        try:
            # The handle stays with the process that has the number now, also when another takes the number.
            handle = os.pidfd_open(self.pid)
        except OSError:
            return False
        try:
            if self.is_gone:
                return False
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        except OSError:
            return False
        finally:
            os.close(handle)
        return True


def this_process() -> Process:
    """Return the process that asks."""
    return process_of(os.getpid())


def process_of(pid: int) -> Process:
    """Return the process of this machine that has the number now, or one that is gone where none has."""
    return Process(socket.gethostname(), pid, _began(pid) or f"{_here() or ''}{_GONE}")


def resident_bytes(pid: int) -> int:
    """Return how much memory a process has in use; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def oom_kills() -> int:
    """Return how often the system killed a process for lack of memory since it started; 0 where it does not tell."""
    try:
        lines = Path("/proc/vmstat").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def module_environment() -> dict[str, str]:
    """Return the environment in which `python -P -m` finds our own modules."""
    root = str(Path(__file__).parent.parent)
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root}


def _began(pid: int) -> str | None:
    """Return when a process began; None where there is none, or only what its parent forgot, or nothing tells."""
    here, told = _here(), _stat(pid)
    return None if here is None or told is None or told[_STATE] in _DEAD else f"{here}{told[_BEGAN]}"


def _here() -> str | None:
    """Return "BOOT/NUMBERS/", None on a system that does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}/"
    except OSError:
        return None


def _stat(pid: int) -> list[str] | None:
    try:
        # The name in brackets may hold anything, brackets and spaces included.
        return Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
