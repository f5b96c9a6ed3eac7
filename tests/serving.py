"""`tribunwatch serve` as a test starts it: a process of its own, what it logs, and what it answers."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.archive.connect import Archive
from crawler.archive.requests import request_crawl
from crawler.crawl_options import CrawlOptions
from seeds.newsroom import Newsroom
from tests.home import LONGEST_S, Home


def wait_for(is_so: Callable[[], Any], what: str, *, longest_s: float = LONGEST_S) -> Any:
    """Return what is so as soon as it is."""
    ends_at = time.monotonic() + longest_s
    while not (found := is_so()):
        assert time.monotonic() < ends_at, f"waited in vain for: {what}"
        time.sleep(0.05)
    return found


@dataclass(slots=True)
class Serving:
    """A running service."""

    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        """Return what it has logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.endswith("}")]

    def all_that_say(self, text: str) -> list[dict[str, Any]]:
        """Return the lines that say this."""
        return [line for line in self.lines() if text in line["text"]]

    def said(self, text: str) -> dict[str, Any] | None:
        """Return the last line that says this."""
        return next(reversed(self.all_that_say(text)), None)

    def says(self, text: str) -> dict[str, Any]:
        """Wait until it says this, and return the line."""
        found: dict[str, Any] = wait_for(lambda: self.said(text) or self.process.poll() is not None, text)
        assert isinstance(found, dict), self.log.read_text()
        return found

    @property
    def url(self) -> str:
        return str(self.says("service started")["text"].rpartition("address=")[2])

    def ask(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310  - our own service
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(LONGEST_S)


@dataclass(frozen=True, slots=True)
class Place:
    """A home with an archive, settings and topics, on which services are started."""

    home: Home
    newsroom: Newsroom
    # The address of the archive, where it is not a file of the home.
    database: str | None = None

    @property
    def site(self) -> str:
        return self.newsroom.url

    @property
    def archive(self) -> str:
        return self.database or str(self.home.folder / "archive.db")

    @property
    def config(self) -> Path:
        return self.home.folder / "config.toml"

    @contextmanager
    def serving(self, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Serving]:
        """Start a service; whatever becomes of it, it is gone after the block."""
        number = len(list(self.home.folder.glob("service-*.log")))
        log = self.home.folder / f"service-{number}.log"
        if not self.config.exists():
            # A plan that falls due at most once in a test: what is crawled is asked for.
            self.config.write_text('[schedule]\nlistings = "0 3 29 2 *"\n')
        everywhere = ("--config", str(self.config), "--archive", self.archive)
        with log.open("wb") as file:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tribunwatch",
                    "serve",
                    "--port",
                    "0",
                    "--site",
                    self.site,
                    *everywhere,
                    *arguments,
                ],
                cwd=self.home.folder,
                env={**self.home.environment, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stderr=file,
            )
        try:
            yield Serving(process, log)
        finally:
            process.kill()
            process.wait(LONGEST_S)

    def ask_for_a_crawl(self, **options: Any) -> int:
        """Ask for a crawl as a schedule or the API would, and return its number."""
        wanted = CrawlOptions(site=self.site, **options).as_json()
        with Archive.open(self.archive, create=True) as archive:
            return request_crawl(archive, options=wanted, cause="api", now=datetime.now(UTC)).crawl_id


def is_running(pid: int) -> bool:
    """Say whether there is such a process that has not ended."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (ProcessLookupError, FileNotFoundError):
        return False
