"""Two and ten services on one archive, on SQLite and on PostgreSQL, killed and frozen while much falls due.

Each round owes an hour of firings of every minute, and kills one service or freezes it for a while; the services crawl
a newsroom meanwhile. Promise: each due moment has one firing, a missed hour is caught up once, and the judge of the
archive (`archive check --against`) finds nothing.
Run: python bench/services.py [--rounds 6] [--services 2 10] [--seed 1]   (some five minutes)
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres import cluster
from tests.storm import storm


def main() -> int:
    """Print a line for each number of services on each database; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--services", type=int, nargs="+", default=[2, 10], help="how many at once")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and aims")
    chosen = parser.parse_args()
    faults: list[str] = []
    print(f"{'services':>8}  {'database':<10}  {'seconds':>7}  {'killed':>6}  {'frozen':>6}  {'firings':>7}  faults")
    with cluster() as server:
        for number in chosen.services:
            for database in ("SQLite", "PostgreSQL"):
                with tempfile.TemporaryDirectory(prefix="tribunwatch-services-") as folder:
                    place = str(Path(folder, "archive.db"))
                    if database == "PostgreSQL":
                        place = server.address(server.make_database())
                    began_s = time.monotonic()
                    found = storm(
                        Path(folder), place, services=number, rounds=chosen.rounds, chance=Random(chosen.seed)
                    )
                    took_s = time.monotonic() - began_s
                new = found.faults()
                firings = sum(len(each) for each in found.firings)
                hit = f"{found.killed:6}  {found.frozen:6}"
                print(f"{number:8}  {database:<10}  {took_s:7.0f}  {hit}  {firings:7}  {len(new):6}", flush=True)
                faults += new
    for line in faults:
        print(line)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
