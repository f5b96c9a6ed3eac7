"""Asks very many queries of articles in every way there is: each must find the same, article by article.

Queries and articles are drawn by a seed. What a query means is read by brute force; beside it stand the matcher, the
search on SQLite, and where a PostgreSQL server can be started, the search there. Promise: no disagreement at all; what
takes too many searches is refused by all.

Run: python bench/agreement.py [--count 100000] [--seed 1] [--jobs 2] [--no-postgres]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from crawler.archive.connect import Archive
from tests.archive.agreement import Disagreement, Stored, narrow_windows
from tests.postgres import cluster

ROOT = Path(__file__).parent.parent
# So many queries are asked of the same articles.
OF_ONE_ARCHIVE = 2_500
ARTICLES = 40


def ask(seed: int, count: int, *, has_postgres: bool) -> Iterator[Disagreement]:
    """Yield what is not agreed among so many queries."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        narrow_windows(patch)
        server = stack.enter_context(cluster()) if has_postgres else None
        for first in range(0, count, OF_ONE_ARCHIVE):
            random = Random(f"{seed}/{first}")
            with ExitStack() as opened:
                folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
                places = {"SQLite": str(folder / "a.db")}
                if server is not None:
                    places["PostgreSQL"] = server.address(server.make_database())
                archives = {
                    name: opened.enter_context(Archive.open(place, create=True)) for name, place in places.items()
                }
                stored = Stored(archives, random, count=ARTICLES)
                for _ in range(min(OF_ONE_ARCHIVE, count - first)):
                    yield from stored.disagreements(random)
                asked = min(first + OF_ONE_ARCHIVE, count)
                print(f"seed {seed}: {asked:,} of {count:,} asked", file=sys.stderr, flush=True)
                if stored.refused:
                    print(f"refused by all, since they take too many searches: {stored.refused}", flush=True)


def main() -> int:
    """Print what is not agreed; 1 where there is any."""
    parser = argparse.ArgumentParser(description="Asks very many queries in every way there is.")
    parser.add_argument("--count", type=int, default=100_000, help="how many queries")
    parser.add_argument("--seed", type=int, default=1, help="another number draws others")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes ask")
    parser.add_argument("--no-postgres", action="store_true", help="on SQLite only")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        disagreed = 0
        for each in ask(chosen.seed, chosen.count, has_postgres=not chosen.no_postgres):
            print(each, flush=True)
            disagreed += 1
        return int(disagreed > 0)
    began = time.monotonic()
    shares = [chosen.count // chosen.jobs + (job < chosen.count % chosen.jobs) for job in range(chosen.jobs)]
    script = [sys.executable, "-m", "bench.agreement", "--child", *(["--no-postgres"] if chosen.no_postgres else [])]
    children = [
        subprocess.Popen([*script, f"--seed={chosen.seed * 1000 + job}", f"--count={share}"], cwd=ROOT)
        for job, share in enumerate(shares)
    ]
    is_agreed = max(child.wait() for child in children) == 0
    told = "all ways agree" if is_agreed else "NOT all ways agree"
    print(f"{chosen.count:,} queries, each of {ARTICLES} articles, in {time.monotonic() - began:.0f} s: {told}")
    return int(not is_agreed)


if __name__ == "__main__":
    sys.exit(main())
