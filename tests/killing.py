"""Services on one archive that are shot at: killed and frozen at random moments, and started again.

It only makes trouble. Afterwards `tribunwatch archive check --against` decides what was lost or done twice.
"""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.requests import request_in
from crawler.crawl_options import CrawlOptions
from crawler.keeper import MOST_TOGETHER
from crawler.processes import Process, process_of
from seeds.newsroom import NOW, Asked, Newsroom
from tests.crawling import WWW
from tests.home import LONGEST_S

ROOT: Final = Path(__file__).parent.parent
HOSTS: Final = ("www.tribunnews.com", "jateng.tribunnews.com")
# One article of each host may be on its way at a kill, and so many wait a moment to be stored together.
REPEATS: Final = len(HOSTS) + MOST_TOGETHER
_ARTICLE_EVERY: Final = timedelta(seconds=90)
_SETTINGS: Final = f"""
[schedule]
listings = "1m"
[spider]
requests_per_day = 1000000
[[listing]]
name = "index-news"
url = "{WWW}/index-news"
kind = "index"
[[listing]]
name = "nasional"
url = "{WWW}/nasional/sitemap-news.xml"
kind = "sitemap"
[[listing]]
name = "jateng"
url = "https://jateng.tribunnews.com/sitemap_news.xml"
kind = "sitemap"
"""


@dataclass(slots=True)
class Target:
    """So many services on one archive, and a newsroom in which articles go on appearing.

    `recoveries_s` tells how long it took, after each shot that was waited for, until something was asked again.
    """

    folder: Path
    place: str
    newsroom: Newsroom
    services: list[subprocess.Popen[bytes]] = field(default_factory=list)
    services_killed: int = 0
    crawls_killed: int = 0
    recoveries_s: list[float] = field(default_factory=list)
    _ours: set[Process] = field(default_factory=set)

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more service."""
        with (self.folder / "service.log").open("ab") as log:
            service = subprocess.Popen(
                [*self._command, "serve", "--port", "0", "--site", self.newsroom.url],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        self.services.append(service)
        return service

    def kill_crawl(self, process: Process) -> None:
        """Kill a crawl, unless it has just ended."""
        self.crawls_killed += process.kill()

    def kill_service(self, service: subprocess.Popen[bytes]) -> None:
        """Kill a service alone."""
        service.kill()
        service.wait()
        self.services.remove(service)
        self.services_killed += 1

    @property
    def kills(self) -> int:
        """How many processes were killed so far."""
        return self.services_killed + self.crawls_killed

    def children(self, service: subprocess.Popen[bytes]) -> list[Process]:
        """Return the crawls of a service; what they started is remembered, to be gone in the end."""
        parents = _parents()
        crawls = [pid for pid, parent in parents.items() if parent == service.pid]
        ours = [*crawls, *(pid for pid, parent in parents.items() if parent in crawls)]
        self._ours |= {process_of(pid) for pid in ours}
        return [process_of(pid) for pid in crawls]

    def ask(self) -> None:
        """See to it that a crawl of everything waits, as the API would, whatever runs."""
        options = CrawlOptions(site=self.newsroom.url).as_json()
        with Archive.open(self.place, create=True) as archive, archive.writing() as connection:
            request_in(connection, options=options, cause="api", now=datetime.now(UTC), is_queued_anyway=True)

    def wait_for_a_request(self, since: datetime) -> float:
        """Wait until the newsroom is asked something after a moment; return how many seconds after."""

        def asked() -> list[Asked]:
            return list(itertools.takewhile(lambda each: each.asked_at > since, reversed(self.newsroom.log)))

        wait_for(asked)
        return (asked()[-1].asked_at - since).total_seconds()

    def finish(self) -> None:
        """Let a service find what is left, and end as it should, with nothing left behind."""
        self.newsroom.now = NOW
        if not self.services:
            self.start()
        asked_at = datetime.now(UTC).replace(microsecond=0)
        with Archive.open(self.place) as archive:

            def has_all() -> bool:
                crawls = list_crawls(archive, limit=50)
                waits = [each for each in crawls if each.is_open and each.not_before is None]
                last = next((each for each in crawls if each.state == "succeeded" and each.started_at), None)
                return not waits and last is not None and last.started_at is not None and last.started_at > asked_at

            while not has_all():
                self.ask()
                wait_for(lambda: not any(each.is_open and each.not_before is None for each in list_crawls(archive)))
        for service in self.services:
            service.send_signal(signal.SIGTERM)
        assert {service.wait(LONGEST_S) for service in self.services} == {0}
        self.services.clear()
        wait_for(lambda: all(each.is_gone for each in self._ours))

    def unstored(self) -> list[str]:
        """Return the articles that are published on the hosts that are followed, and are not in the archive."""
        with Archive.open(self.place, readonly=True) as archive, archive.reading() as connection:
            stored = set(connection.exec_driver_sql("SELECT url FROM article").scalars())
        return [url for url in self.newsroom.addresses if url.split("/")[2] in HOSTS and url not in stored]

    def check(self, log: Path) -> subprocess.CompletedProcess[str]:
        """Let the judge say what is wrong."""
        how = ("archive", "check", "--deep", "--against", str(log), "--complete")
        return subprocess.run(
            [*self._command, *how, "--repeats", str(REPEATS * self.kills)],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )

    @property
    def _environment(self) -> dict[str, str]:
        # What is killed tells nothing of what it covered, and would be slower.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIBUNWATCH_", "COVERAGE_"))}
        return {**kept, "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}

    @property
    def _command(self) -> tuple[str, ...]:
        config = str(self.folder / "config.toml")
        return sys.executable, "-P", "-m", "tribunwatch", "--config", config, "--archive", self.place


@contextmanager
def target(folder: Path, place: str, log: Path, *, articles: int) -> Iterator[Target]:
    """Give an archive at a place and a newsroom that has hardly printed anything; nothing of it runs on afterwards."""
    (folder / "config.toml").write_text(_SETTINGS)
    with Newsroom(articles=articles, now=NOW, log_to=log) as newsroom:
        newsroom.now = NOW - articles * _ARTICLE_EVERY
        made = Target(folder, place, newsroom)
        try:
            yield made
        finally:
            for service in made.services:
                service.send_signal(signal.SIGCONT)
                service.kill()
                service.wait()


def shoot(at: Target, *, kills: int, chance: Random) -> None:
    """Kill service, crawl or both again and again, while articles appear, until there were so many kills.

    Every other shot falls into a crawl, and as many fall blindly, also into what a start does.
    """
    begin = at.newsroom.now
    service, started_at = at.start(), datetime.now(UTC)
    at.ask()
    start_s = at.wait_for_a_request(started_at)
    while at.kills < kills:
        at.newsroom.now = begin + (NOW - begin) * (at.kills / kills)
        at.ask()
        if chance.random() < 0.5:
            at.recoveries_s.append(at.wait_for_a_request(started_at))
            time.sleep(chance.uniform(0, start_s / 2))
        else:
            time.sleep(chance.uniform(0, start_s))
        children = at.children(service)
        aim = chance.choice(("service", "crawl", "crawl first", "service first"))
        if aim.startswith("crawl"):
            for child in children:
                at.kill_crawl(child)
        if aim != "crawl" or not children:
            at.kill_service(service)
            for child in children if aim == "service first" else ():
                at.kill_crawl(child)
            service = at.start()
        started_at = datetime.now(UTC)


def wait_for(is_so: Callable[[], object]) -> None:
    """Return when something is so."""
    ends_at = time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def _parents() -> dict[int, int]:
    """Return the parent of each process of this machine."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text("ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(told[1])
    return parents
