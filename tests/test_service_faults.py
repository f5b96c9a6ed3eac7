"""A service whose archive fails during a crawl: it lives, says why, once, and goes on when the archive is back."""

import re
import resource
import time
from collections.abc import Iterator

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from seeds.newsroom import Newsroom
from tests.home import Home
from tests.postgres import Cluster
from tests.serving import Place, Serving, wait_for
from tests.test_archive_faults import SLOW_S, AnyCrawler, expect_whole, locked, no_more_room

# What is promised: so long until it is told why, and so long until it works again. The tests wait for longer before
# they fail, since other processes share the machine; how long it took stands in `bench/faults.py`.
CAUSE_S = 15.0
AGAIN_S = 30.0
# What the parts of a service may each say of one fault.
MOST_LINES = 10


@pytest.fixture
def site() -> Iterator[Newsroom]:
    with Newsroom(articles=20) as newsroom:
        newsroom.slow("/*", SLOW_S)
        yield newsroom


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, home: Home, site: Newsroom) -> Place:
    database = None if request.param == "sqlite" else request.getfixturevalue("archive_database")
    return Place(home, site, database)


class Faulty:
    """A service at work on a crawl, and what is seen of it."""

    def __init__(self, place: Place, service: Serving) -> None:
        self.place, self.service = place, service
        self.crawler = AnyCrawler(place.home.folder, place.site, str(place.archive))
        self.before = self.crawler.until_some_are_stored()

    def is_ready(self) -> bool:
        return self.service.ask("/readyz")[0] == 200

    def says_why(self, cause: str) -> None:
        """Wait until the log and /readyz tell a cause."""
        wait_for(lambda: self.told(cause), f"the cause in the log: {cause}", longest_s=CAUSE_S)
        wait_for(lambda: not self.is_ready(), "that it is not ready", longest_s=CAUSE_S)
        assert self.service.ask("/livez")[0] == 200

    def told(self, cause: str) -> list[str]:
        return [line["text"] for line in self.service.lines() if re.search(cause, line["text"])]

    def goes_on(self) -> None:
        """Wait until it is ready again, all is crawled, and it ends as it should."""
        wait_for(self.is_ready, "readiness", longest_s=AGAIN_S)
        wait_for(self.has_ended, "the end of the crawl", longest_s=120)
        assert self.service.process.poll() is None
        assert self.service.end() == 0
        assert "Traceback" not in self.service.log.read_text()

    def has_ended(self) -> bool:
        with Archive.open(self.place.archive, readonly=True) as archive:
            crawls = list_crawls(archive)
        return crawls[0].state == "succeeded" and not any(each.is_open for each in crawls)

    def states(self) -> list[str]:
        with Archive.open(self.place.archive, readonly=True) as archive:
            return [each.state for each in list_crawls(archive)]


@pytest.fixture
def faulty(place: Place) -> Iterator[Faulty]:
    place.ask_for_a_crawl()
    with place.serving() as service:
        yield Faulty(place, service)


def test_locked_for_a_while_it_waits_says_so_once_and_goes_on(faulty: Faulty, site: Newsroom) -> None:
    with locked(faulty.crawler.address):
        faulty.says_why("takes no write, since .+ is writing to it")
        time.sleep(8)
        lines = faulty.told("archive")
    faulty.goes_on()

    # The service and its crawl are two processes, each of which tells it.
    assert len([line for line in lines if "takes no write" in line]) <= 2
    assert len(lines) <= MOST_LINES
    assert faulty.states() == ["succeeded"]
    expect_whole(faulty.crawler, site, twice=0)


@pytest.mark.slow
def test_locked_for_a_minute_it_waits_and_goes_on(faulty: Faulty, site: Newsroom) -> None:
    with locked(faulty.crawler.address):
        faulty.says_why("takes no write, since .+ is writing to it")
        time.sleep(60)
        lines = faulty.told("archive")
    faulty.goes_on()

    assert len(lines) <= MOST_LINES
    assert faulty.states() == ["succeeded"]
    expect_whole(faulty.crawler, site, twice=0)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_and_when_there_is_room_again_it_goes_on(faulty: Faulty, site: Newsroom) -> None:
    running = faulty.service.process.pid
    with Archive.open(faulty.place.archive, readonly=True) as archive:
        process = list_crawls(archive)[0].process
    assert process is not None

    for pid in (process.pid, running):
        no_more_room(pid, faulty.place.archive)
    faulty.says_why("no room left on the disk")
    time.sleep(8)
    lines = faulty.told("no room left|can be used again")
    for pid in (process.pid, running):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    faulty.goes_on()

    assert len(lines) <= MOST_LINES
    assert [each for each in lines if "can be used again" in each] == []
    assert faulty.told("archive can be used again")
    # The crawl that the fault met waited for its end.
    assert faulty.states() == ["succeeded"]
    expect_whole(faulty.crawler, site, twice=0)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.parametrize("away_s", [0, 15])
def test_a_server_that_crashes_and_comes_back_takes_neither_service_nor_articles_with_it(
    faulty: Faulty, site: Newsroom, postgres: Cluster, away_s: float
) -> None:
    postgres.stop()
    try:
        if away_s > 3:
            faulty.says_why("gives no answer|cannot be reached")
        time.sleep(away_s)
        lines = faulty.told("archive|schedules")
    finally:
        postgres.start()
    faulty.goes_on()

    assert len(lines) <= MOST_LINES
    assert faulty.states()[0] == "succeeded"
    assert faulty.crawler.stored() >= faulty.before
    expect_whole(faulty.crawler, site)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_server_that_may_only_be_read_for_a_while_is_told_and_then_goes_on(
    faulty: Faulty, site: Newsroom, postgres: Cluster
) -> None:
    address = faulty.crawler.address
    database = address.rpartition("/")[2]

    postgres.run(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    postgres.end_sessions(address)
    faulty.says_why("the server is a standby, or read-only for this user")
    time.sleep(8)
    lines = faulty.told("archive|schedules")
    postgres.run(f"ALTER DATABASE {database} RESET default_transaction_read_only")
    postgres.end_sessions(address)
    faulty.goes_on()

    assert len(lines) <= MOST_LINES
    assert faulty.states()[0] == "succeeded"
    assert faulty.crawler.stored() >= faulty.before
    expect_whole(faulty.crawler, site)
