"""Who holds the write lock of an archive in a file, as far as the system tells."""

import os
from pathlib import Path
from typing import Final, NamedTuple

from crawler.archive.faults import ANOTHER, WAIT
from crawler.processes import process_of

# The byte of the -shm file that whoever writes has locked (https://sqlite.org/walformat.html, "WAL locks"). It is read
# of in /proc/locks, not asked for: to open and close that file would let go of every lock of this very process.
_WRITE_LOCK: Final = 120
_LOCKS: Final = Path("/proc/locks")


class Holder(NamedTuple):
    """What is told of who writes, and what is to be done about it."""

    who: str
    remedy: str

    @property
    def takes_no_write(self) -> str:
        """What is told of the archive while others wait; that somebody has to do something is said at once."""
        held = f"takes no write, since {self.who} is writing to it"
        return held if self.remedy == WAIT else f"{held}; {self.remedy}"


def holder_of(path: Path) -> Holder:
    """Return who writes to the archive now; "another process" where the system does not tell."""
    pid = _pid_of(Path(f"{path}-shm"))
    if pid is None:
        return Holder(ANOTHER, WAIT)
    if process_of(pid).is_stopped:
        remedy = f"let it go on (kill -CONT {pid}) or end it (kill -9 {pid})"
        return Holder(f"process {pid}, which stands still,", remedy)
    return Holder(f"process {pid}", WAIT)


def _pid_of(file: Path) -> int | None:
    try:
        status = file.stat()
        lines = _LOCKS.read_text("ascii", errors="replace").splitlines()
    except OSError:
        # Not Linux, or no rights to see it.
        return None
    name = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for line in lines:
        # "7: POSIX  ADVISORY  WRITE 2391 fe:00:2467282 120 120"; of another container it has no number of ours.
        match line.split():
            case [_, "POSIX", _, "WRITE", pid, where, first, last] if where == name and int(pid) > 0:
                if int(first) <= _WRITE_LOCK and (last == "EOF" or int(last) >= _WRITE_LOCK):
                    return int(pid)
    return None
