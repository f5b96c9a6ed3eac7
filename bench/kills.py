"""What becomes of an archive while its service and its crawls are killed (kill -9) at random moments, 2,000 times.

A newsroom goes on printing articles; the service crawls them by a plan of every minute and because it is asked to.
Half of the shots fall into a crawl, the others into whatever goes on; they hit the service, the crawl, or both. Then
everything is let finish, and `tribunwatch archive check --deep --against` judges.

Promise: nothing lost, nothing done twice, a sound archive; something is asked again within 5 s of each shot that was
waited for.
Run: python bench/kills.py [--count 2000] [--seed 1] [--postgres]
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Final

from tests.killing import shoot, target
from tests.postgres import cluster

LONGEST_S: Final = 5.0
# An article for every second kill: none scrolls off the listings while nothing gets through.
_FEWEST_ARTICLES: Final = 40


def main() -> int:
    """Shoot, let finish, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000, help="how many processes to kill")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and aims")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tribunwatch-kills-")))
        place, log = str(folder / "archive.db"), folder / "log.jsonl"
        if chosen.postgres:
            server = stack.enter_context(cluster())
            place = server.address(server.make_database())
        at = stack.enter_context(target(folder, place, log, articles=max(_FEWEST_ARTICLES, chosen.count // 2)))
        began_s = time.monotonic()
        shoot(at, kills=chosen.count, chance=Random(chosen.seed))
        took_s = time.monotonic() - began_s
        at.finish()
        judged, unstored = at.check(log), at.unstored()
    recoveries = sorted(at.recoveries_s)
    print(f"{at.services_killed} services and {at.crawls_killed} crawls killed in {took_s:.0f} s")
    print(f"asked again after {len(recoveries)} shots: median {statistics.median(recoveries):.2f} s, ", end="")
    print(f"95 of 100 {recoveries[len(recoveries) * 95 // 100]:.2f} s, longest {recoveries[-1]:.2f} s", end="")
    print(f" (promise: at most {LONGEST_S:g} s)")
    print(f"articles that were published and are not stored: {len(unstored)}")
    print((judged.stdout + judged.stderr).strip())
    return int(judged.returncode != 0 or bool(unstored) or recoveries[-1] > LONGEST_S)


if __name__ == "__main__":
    sys.exit(main())
