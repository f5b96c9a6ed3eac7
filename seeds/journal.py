"""The newsroom's log on disk: what it printed and what it was asked, one line of JSON each (docs/request-log.md).

Each line is handed to the system whole before the next thing happens, so that killing the newsroom loses none.
"""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from seeds.desk import NewsroomError

# Room for about half a million requests; what comes after that is not written, and the last line says so.
MOST_BYTES: Final = 256 * 1024**2


class Journal:
    """Appends lines to a file, as long as it is open and not full; without a file it does nothing."""

    def __init__(self, file: Path | None, most_bytes: int = MOST_BYTES) -> None:
        self._path = file
        self._most_bytes = most_bytes
        self._file: BinaryIO | None = None
        # Requests are written by the server's thread, edits by that of whoever makes them.
        self._lock = threading.Lock()

    def open(self) -> None:
        """Open the file; half a line at its end, which a power cut may leave, is taken away."""
        if self._path is None:
            return
        try:
            self._file = self._path.open("ab", buffering=0)
            _drop_half_a_line(self._path)
        except OSError as error:
            raise NewsroomError(f"newsroom: cannot write {self._path}: {error.strerror}; name another file") from error

    def write(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Write a line of this kind, with the moment in UTC unless the facts tell one."""
        with self._lock:
            if self._file is None:
                return
            line = _line({"kind": kind, "at": datetime.now(UTC), **facts})
            if self._file.tell() + len(line) > self._most_bytes:
                self._file.write(_line({"kind": "full", "at": datetime.now(UTC)}))
                self.close()
            else:
                self._file.write(line)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _drop_half_a_line(file: Path) -> None:
    with file.open("rb+") as written:
        content = written.read()
        written.truncate(content.rfind(b"\n") + 1)


def _line(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat).encode() + b"\n"
