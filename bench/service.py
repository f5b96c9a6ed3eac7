"""What the service takes and how quick its probes are: idle, and while crawls run one after another.

Promises: idle under 80 MB, on SQLite and on PostgreSQL; over 1,000 crawls it grows by less than 10 MB; /livez and
/readyz within 50 ms (99 of 100).
Run: python bench/service.py [--crawls N] [--postgres]   (1,000 take about half an hour; 0 measure it idle alone)
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.archive.connect import Archive
from crawler.archive.crawls import load_crawl
from crawler.archive.requests import request_crawl
from crawler.crawl_options import CrawlOptions
from seeds.newsroom import Newsroom
from tests.postgres import cluster

IDLE_MB, GROWTH_MB, ANSWER_MS = 80.0, 10.0, 50.0
# The first crawls load what every later one uses; growth is counted from here on.
WARM = 10
IDLE_S = 20.0


def resident_mb(pid: int) -> float:
    """Return the memory that a process has in use."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


class Asker(threading.Thread):
    """Asks both probes again and again, and keeps how long each answer took."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.took: dict[str, list[float]] = {"/livez": [], "/readyz": []}
        self.is_over = threading.Event()

    def run(self) -> None:
        """Ask until it is over."""
        while not self.is_over.wait(0.05):
            for path, took in self.took.items():
                began = time.perf_counter()
                try:
                    with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310  - our own service
                        answer.read()
                except urllib.error.HTTPError as answer:
                    # What it is not ready for, it tells in time as well.
                    print(f"  {path}: {answer.code}, {answer.read().decode().strip()!r}", flush=True)
                took.append((time.perf_counter() - began) * 1000)


def crawl(archive: Archive, site: str) -> float:
    """Ask for a crawl of one listing, and return how long it took until it had ended."""
    began = time.perf_counter()
    options = CrawlOptions(listings=("www-index",), site=site).as_json()
    crawl_id = request_crawl(archive, options=options, cause="api", now=datetime.now(UTC)).crawl_id
    while load_crawl(archive, crawl_id=crawl_id).is_open:
        time.sleep(0.05)
    return time.perf_counter() - began


def share(values: list[float], part: float) -> float:
    """Return the value that a part of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crawls", type=int, default=1000)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server made for this, not in a file")
    chosen = parser.parse_args()
    crawls = chosen.crawls
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        newsroom = stack.enter_context(Newsroom(articles=60))
        config, place = Path(folder, "config.toml"), str(Path(folder, "archive.db"))
        if chosen.postgres:
            server = stack.enter_context(cluster())
            place = server.address(server.make_database())
        config.write_text(
            '[schedule]\nlistings = "0 3 29 2 *"\n[service]\nport = 0\n[spider]\nrequests_per_day = 1000000\n'
        )
        everywhere = ["--config", str(config), "--archive", place]
        command = [sys.executable, "-m", "tribunwatch", "serve", "--site", newsroom.url, *everywhere]
        log = Path(folder, "service.log")
        with log.open("wb") as file, subprocess.Popen(command, stderr=file) as service:
            try:
                broken = measure(service.pid, address_in(log), place, newsroom.url, crawls)
            finally:
                service.terminate()
    return int(broken)


def address_in(log: Path) -> str:
    """Wait until the service has started, and return where it answers."""
    while True:
        for line in log.read_text().splitlines():
            if "service started" in line and line.endswith("}"):
                return str(json.loads(line)["text"]).rpartition("address=")[2]
        time.sleep(0.1)


def measure(pid: int, url: str, place: str, site: str, crawls: int) -> bool:
    """Measure a running service, print what was found, and say whether a promise is broken."""
    time.sleep(IDLE_S)
    idle = resident_mb(pid)
    print(
        f"idle for {IDLE_S:.0f} s             {idle:7.1f} MB   {idle / IDLE_MB:.2f} of the promise ({IDLE_MB:.0f} MB)",
        flush=True,
    )
    if not crawls:
        return idle > IDLE_MB
    asker = Asker(url)
    asker.start()
    warm = idle
    took = []
    with Archive.open(place) as archive:
        for number in range(1, crawls + 1):
            took.append(crawl(archive, site))
            if number == WARM:
                warm = resident_mb(pid)
            if number % 100 == 0:
                print(f"  after {number} crawls      {resident_mb(pid):7.1f} MB", flush=True)
    asker.is_over.set()
    asker.join()
    after = resident_mb(pid)
    growth = after - warm
    print(f"after {crawls} crawls        {after:7.1f} MB   a crawl {sum(took) / len(took):.2f} s on average")
    print(
        f"growth from crawl {WARM} on   {growth:7.1f} MB   {growth / GROWTH_MB:.2f} of the promise ({GROWTH_MB:.0f} MB)"
    )
    slowest = 0.0
    for path, each in asker.took.items():
        slowest = max(slowest, share(each, 0.99))
        shares = "  ".join(f"{name} {share(each, part):5.1f}" for name, part in (("half", 0.5), ("99 %", 0.99)))
        shares += f"  all {max(each):5.1f}   promise: 99 % within {ANSWER_MS:.0f}"
        print(f"{path:<8} {len(each):6} answers, ms: {shares}")
    return idle > IDLE_MB or growth > GROWTH_MB or slowest > ANSWER_MS


if __name__ == "__main__":
    sys.exit(main())
