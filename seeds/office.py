"""The front office: which site a request means, what it is answered, and the books of all that was asked and sent."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from seeds.desk import NewsroomError
from seeds.faults import Fault, FaultKind, Faults
from seeds.routes import Answer, Routes
from seeds.server import Request
from seeds.sites import WWW


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and what was sent back; `path` with its query, `at` in UTC, status 0 where no answer was sent."""

    method: str
    host: str
    path: str
    status: int
    at: datetime
    sent_bytes: int
    conditional: bool
    agent: str


class Office:
    """Answers the server's questions, in the server's thread, and keeps the books."""

    def __init__(self, routes: Routes, faults: Faults, log_to: Path | None) -> None:
        self._routes = routes
        self._faults = faults
        self._log_to = log_to
        self._log_file: TextIO | None = None
        self._busy: dict[str, int] = {}
        self.most_at_once: dict[str, int] = {}
        self.log: list[Asked] = []
        self.requested: list[str] = []

    def open(self) -> None:
        """Open the log file, if there is to be one."""
        if self._log_to is None:
            return
        try:
            self._log_file = self._log_to.open("a", encoding="utf-8", buffering=1)
        except OSError as error:
            raise NewsroomError(
                f"newsroom: cannot write {self._log_to}: {error.strerror}; name another file"
            ) from error

    def close(self) -> None:
        """Close the log file."""
        if self._log_file is not None:
            self._log_file.close()
            self._log_file = None

    def host_of(self, request: Request) -> str:
        """Return the site that a request means; a browser on this machine, which names no site, means www."""
        host = request.headers.get("host", "").lower()
        name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
        return WWW if not name or is_loopback(name) else name

    def answer(self, host: str, target: str) -> Answer:
        """Return the answer to a GET, faults apart."""
        path, _, query = target.partition("#")[0].partition("?")
        return self._routes.answer(host, path, query)

    def struck(self, host: str, target: str) -> dict[FaultKind, Fault]:
        """Return the faults that strike this request."""
        return self._faults.struck(host, target)

    def note_request(self, host: str, target: str) -> None:
        """Write down that a request came."""
        self.requested.append(f"{host}{target}")
        self._busy[host] = self._busy.get(host, 0) + 1
        self.most_at_once[host] = max(self.most_at_once.get(host, 0), self._busy[host])

    def note_answer(self, request: Request, host: str, status: int, sent_bytes: int) -> None:
        """Write down what is about to be sent, so that a client that has it finds it in the log."""
        asked = Asked(
            method=request.method,
            host=host,
            path=request.target,
            status=status,
            at=datetime.now(UTC),
            sent_bytes=sent_bytes,
            conditional=not request.headers.keys().isdisjoint({"if-none-match", "if-modified-since"}),
            agent=request.headers.get("user-agent", ""),
        )
        self.log.append(asked)
        if self._log_file is not None:
            line: Mapping[str, Any] = {**asdict(asked), "at": asked.at.isoformat()}
            self._log_file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def note_end(self, host: str) -> None:
        """Write down that an answer is sent, or will never be."""
        self._busy[host] -= 1


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine and nothing else."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
