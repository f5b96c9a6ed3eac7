"""What the service loads: nothing that fetches or parses, so that it stays small; and it does not grow with crawls."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seeds.newsroom import Newsroom
from tests.home import ROOT, Home
from tests.serving import Place, Serving, wait_for
from tests.spider.test_certificates import certified

CRAWLS, WARM = 6, 2
MOST_GROWTH_KB = 10 * 1024
LOAD = """
import sys
import crawler.commands.topics_file, crawler.opening, scheduler.commands.serve, scheduler.service
heavy = {"alembic", "lxml", "parsel", "psycopg", "scrapy", "selectolax", "twisted"}
ours = {"backup", "copying", "life", "saving"} & {name.removeprefix("crawler.archive.") for name in sys.modules}
print(*sorted(heavy & {name.partition(".")[0] for name in sys.modules}), *sorted(ours))
"""
# How many authorities the client of aiohttp knows in the process of the service.
CERTIFICATES = """
import os
before = dict(os.environ)
import scheduler.http, aiohttp.connector, ssl
known = aiohttp.connector._SSL_CONTEXT_VERIFIED.get_ca_certs()
print(len(known), bool(ssl.create_default_context().get_ca_certs()), dict(os.environ) == before)
"""


def resident_kb(service: Serving) -> int:
    lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def test_the_service_loads_nothing_that_fetches_or_parses() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_the_service_reads_no_certificates_and_leaves_the_environment_as_it_was(tmp_path: Path) -> None:
    certified(tmp_path)
    known = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "known.pem")}

    done = subprocess.run(
        [sys.executable, "-c", CERTIFICATES], cwd=ROOT, capture_output=True, text=True, check=True, env=known
    )

    assert done.stdout.split() == ["0", "True", "True"]


@pytest.mark.slow
def test_the_service_does_not_grow_with_the_crawls_that_it_ran(home: Home, newsroom: Newsroom) -> None:
    place = Place(home, newsroom)
    with place.serving() as service:
        grown = []
        for number in range(CRAWLS):
            place.ask_for_a_crawl(listings=("www-index",), limit=1)
            wait_for(lambda number=number: len(service.all_that_say("crawl ended")) > number, "the crawl")  # type: ignore[misc]
            service.ask("/metrics")
            grown.append(resident_kb(service))

        assert grown[-1] - grown[WARM] < MOST_GROWTH_KB
