"""The archive fails under a running service, again and again: how soon it is told why, and how soon it works again.

Locked by another process, or by one that stands still, no room on the disk, a PostgreSQL server that crashes. Promised:
the cause within 5 s, working again within 10 s of the fault's end, nothing that was confirmed lost, nothing stored
fetched again.

Run: python bench/faults.py [--rounds 3] [--locked 60] [--only "disk full"]
"""

import argparse
import os
import random
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.archive.connect import Archive
from crawler.archive.crawls import running_crawls
from crawler.archive.reading import check
from seeds.newsroom import Newsroom
from tests.home import Home
from tests.postgres import Cluster, cluster
from tests.serving import Place, Serving, wait_for

CAUSE_S, AGAIN_S = 5.0, 10.0
ROOT = Path(__file__).parents[1]
STOP_IN_A_WRITE = """
import os, signal, sys
from crawler.archive.connect import Archive
with Archive.open(sys.argv[1]) as archive, archive.writing():
    os.kill(os.getpid(), signal.SIGSTOP)
"""
_LONG_S = 240.0


@dataclass(slots=True)
class Seen:
    """What one kind of fault was seen to do, round by round."""

    cause_s: list[float] = field(default_factory=list)
    again_s: list[float] = field(default_factory=list)
    lost: int = 0
    twice: int = 0
    unsound: int = 0


def stored(place: Place) -> set[str]:
    """Return what is confirmed so far."""
    with Archive.open(place.archive, readonly=True) as archive, archive.reading() as connection:
        return set(connection.exec_driver_sql("SELECT key FROM article").scalars())


@contextmanager
def locked(place: Place, _: Serving) -> Iterator[None]:
    """Hold the archive as a writer that does not end."""
    with Archive.open(place.archive) as archive, archive.writing():
        yield


@contextmanager
def frozen(place: Place, _: Serving) -> Iterator[None]:
    """Hold the archive as a writer that was stopped in the middle of a write (SIGSTOP), and goes on in the end."""
    with subprocess.Popen([sys.executable, "-c", STOP_IN_A_WRITE, place.archive], cwd=ROOT) as writer:
        os.waitid(os.P_PID, writer.pid, os.WSTOPPED | os.WNOWAIT)
        yield
        writer.send_signal(signal.SIGCONT)


@contextmanager
def full(place: Place, service: Serving) -> Iterator[None]:
    """Let neither the service nor its crawl make a file longer than the log of the archive is."""
    limit_files(place, service, Path(f"{place.archive}-wal").stat().st_size)
    yield
    limit_files(place, service, resource.RLIM_INFINITY)


def limit_files(place: Place, service: Serving, most_bytes: int) -> None:
    """Let no file grow beyond so many bytes; a crawl that is started later has the limit of its service."""
    with Archive.open(place.archive, readonly=True) as archive:
        crawls = [each.process.pid for each in running_crawls(archive) if each.process]
    for pid in (service.process.pid, *crawls):
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


def away(server: Cluster) -> Callable[[Place, Serving], object]:
    """Return what crashes a server."""

    @contextmanager
    def crash(_: Place, __: Serving) -> Iterator[None]:
        server.stop()
        yield
        server.start()

    return crash


def one_round(place: Place, fault: Callable[..., object], *, lasts_s: float, words: str, seen: Seen) -> None:
    """Let a service crawl, make the fault, end it, and see what became of it."""
    place.ask_for_a_crawl()
    with place.serving() as service:
        wait_for(lambda: has_tables(place) and stored(place), "the first articles")
        time.sleep(random.uniform(0, 1))
        with ExitStack() as at_fault:
            at_fault.enter_context(fault(place, service))  # type: ignore[arg-type]
            began_s = time.monotonic()
            ends_s = began_s + lasts_s
            while time.monotonic() < ends_s:
                if any(re.search(words, line["text"]) for line in service.lines()):
                    seen.cause_s.append(time.monotonic() - began_s)
                    break
                time.sleep(0.05)
            before = None if "answer" in words else stored(place)
            time.sleep(max(0.0, ends_s - time.monotonic()))
        ended_s = time.monotonic()
        before = stored(place) if before is None else before
        wait_for(lambda: len(stored(place)) > len(before), "the next article", longest_s=_LONG_S)
        seen.again_s.append(time.monotonic() - ended_s)
        wait_for(lambda: has_ended(place), "the end of the crawl", longest_s=_LONG_S)
        seen.lost += len(before - stored(place)) + bool(service.process.poll())
    with Archive.open(place.archive) as archive:
        seen.unsound += len(check(archive))
    requests = place.newsroom.article_requests
    seen.twice += len(requests) - len(set(requests))


def has_tables(place: Place) -> bool:
    """Say whether there is an archive yet."""
    return place.database is not None or Path(str(place.archive)).exists()


def has_ended(place: Place) -> bool:
    """Say whether a crawl ended well, and none is left to be done."""
    with Archive.open(place.archive, readonly=True) as archive, archive.reading() as connection:
        states = connection.exec_driver_sql("SELECT state FROM crawl ORDER BY id DESC").scalars().all()
    return states[0] == "succeeded" and not {"queued", "running"} & set(states)


def main() -> int:
    """Print a line for each fault; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="the faults whose name has these words")
    parser.add_argument("--locked", type=float, default=60.0, help="for how many seconds the archive is locked")
    chosen = parser.parse_args()
    held, no_room, gone = "takes no write", "no room left", "gives no answer|cannot be reached|answer"
    broken = False
    print(f"{'fault':34} {'told after':>16} {'works again after':>18}  lost  fetched twice  findings")
    with cluster() as server:
        kinds: list[tuple[str, Callable[..., object], float, str, bool]] = [
            (f"SQLite locked {chosen.locked:g} s", locked, chosen.locked, held, False),
            (f"PostgreSQL locked {chosen.locked:g} s", locked, chosen.locked, held, True),
            ("SQLite, a writer frozen 20 s", frozen, 20.0, r"process \d+, which stands still", False),
            ("SQLite, disk full 8 s", full, 8.0, no_room, False),
            ("PostgreSQL crashes, back at once", away(server), 0.0, gone, True),
            ("PostgreSQL crashes, away 8 s", away(server), 8.0, gone, True),
            ("PostgreSQL crashes, away 20 s", away(server), 20.0, gone, True),
        ]
        for name, fault, lasts_s, words, is_on_server in (kind for kind in kinds if chosen.only in kind[0]):
            seen = Seen()
            for _ in range(chosen.rounds):
                with tempfile.TemporaryDirectory() as folder, Newsroom(articles=60) as newsroom:
                    newsroom.slow("/*", 0.2)
                    database = server.address(server.make_database()) if is_on_server else None
                    place = Place(Home(Path(folder)), newsroom, database)
                    one_round(place, fault, lasts_s=lasts_s, words=words, seen=seen)
            told = f"{statistics.median(seen.cause_s):.1f}, {max(seen.cause_s):.1f} s" if seen.cause_s else "-"
            again = f"{statistics.median(seen.again_s):.1f}, {max(seen.again_s):.1f} s"
            print(f"{name:34} {told:>16} {again:>18}  {seen.lost:4}  {seen.twice:13}  {seen.unsound:8}", flush=True)
            late = max(seen.cause_s, default=0) > CAUSE_S or max(seen.again_s) > AGAIN_S
            broken |= late or seen.lost > 0 or seen.unsound > 0
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
