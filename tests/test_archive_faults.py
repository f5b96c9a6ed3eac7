"""The archive fails during a crawl: locked, full, its server gone. Nothing is lost, it is told why, and it goes on."""

import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.reading import check
from crawler.errors import DONE, FAILED, HELD, INTERRUPTED, UNREACHABLE
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, Crawler
from tests.postgres import Cluster
from tests.serving import wait_for

# What an address may be asked for twice: the page that was on its way when the archive failed.
IN_FLIGHT = 8
SLOW_S = 0.1


@pytest.fixture
def site() -> Iterator[Newsroom]:
    """A newsroom whose articles come one by one, so that a fault finds the crawl at work."""
    with Newsroom(articles=20) as newsroom:
        newsroom.slow("/*", SLOW_S)
        yield newsroom


@dataclass(frozen=True, slots=True)
class AnyCrawler(Crawler):
    """Types `tribunwatch crawl` on an archive of either kind."""

    address: str = ""

    def started(self, settings: str = "") -> "subprocess.Popen[str]":
        command = self.command(listings=ALL_OF_WWW, settings=settings)
        command[command.index("--archive") + 1] = self.address
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ended(self, process: "subprocess.Popen[str]") -> tuple[int, str]:
        """Return the code and what was said."""
        _, said = process.communicate(timeout=200)
        assert "Traceback" not in said
        return process.returncode, said

    def stored(self) -> int:  # type: ignore[override]
        """Return how many articles are stored so far."""
        try:
            with Archive.open(self.address, readonly=True) as archive, archive.reading() as connection:
                return int(connection.exec_driver_sql("SELECT count(*) FROM article").scalar_one())
        except Exception:  # noqa: BLE001  - there is no table yet
            return 0

    def until_some_are_stored(self) -> int:
        return int(wait_for(self.stored, "the first articles"))


@pytest.fixture(params=["sqlite", "postgresql"])
def crawl(request: pytest.FixtureRequest, tmp_path: Path, site: Newsroom) -> AnyCrawler:
    of_kind = {"sqlite": lambda: str(tmp_path / "archive.db"), "postgresql": lambda: _database(request)}
    return AnyCrawler(tmp_path, site.url, of_kind[request.param]())


def _database(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("archive_database"))


@contextmanager
def locked(address: str) -> Iterator[None]:
    """Hold the archive as another process does that writes and does not end."""
    with Archive.open(address) as archive, archive.writing():
        yield


def no_more_room(pid: int, file: str) -> None:
    """Let a process make no file longer than the log of an archive is now."""
    log_bytes = Path(f"{file}-wal").stat().st_size
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (log_bytes, resource.RLIM_INFINITY))


def expect_whole(crawl: AnyCrawler, site: Newsroom, *, twice: int = IN_FLIGHT) -> None:
    """See that every article is stored once, and that none was fetched again but what was on its way."""
    with Archive.open(crawl.address) as archive:
        assert check(archive) == []
        with archive.reading() as connection:
            counted = connection.exec_driver_sql("SELECT state, count(*) FROM link GROUP BY state")
            states = {row[0]: row[1] for row in counted}
    requests = site.article_requests
    assert set(states) <= {"stored", "skipped"}
    assert states["stored"] == crawl.stored() == len(set(requests))
    assert len(requests) - len(set(requests)) <= twice


def test_an_archive_that_is_locked_for_a_while_is_waited_for_and_that_is_told(
    crawl: AnyCrawler, site: Newsroom
) -> None:
    process = crawl.started()
    crawl.until_some_are_stored()

    with locked(crawl.address):
        time.sleep(4)
    code, said = crawl.ended(process)

    assert code == DONE
    told = len(re.findall(r"takes no write, since .+ is writing to it; waiting", said))
    # Each wait is told once, and its end; on a busy machine there may be a second one.
    assert told == said.count("is there again") > 0
    expect_whole(crawl, site, twice=0)


@pytest.mark.slow
def test_an_archive_that_is_locked_for_a_minute_is_waited_for(crawl: AnyCrawler, site: Newsroom) -> None:
    process = crawl.started()
    crawl.until_some_are_stored()

    with locked(crawl.address):
        time.sleep(60)
    code, said = crawl.ended(process)

    assert code == DONE
    assert "takes no write" in said
    expect_whole(crawl, site, twice=0)


def test_locked_for_longer_than_is_waited_the_crawl_says_so_and_the_next_goes_on(
    crawl: AnyCrawler, site: Newsroom
) -> None:
    process = crawl.started("[archive]\nwait_s = 1.0\n")
    before = crawl.until_some_are_stored()

    with locked(crawl.address):
        code, said = crawl.ended(process)
    assert crawl.stored() >= before
    again, _ = crawl.ended(crawl.started())

    assert code == HELD
    assert "is writing to it and did not end in time" in said
    assert again == DONE
    expect_whole(crawl, site)


@pytest.mark.parametrize("crawl", ["sqlite"], indirect=True)
def test_room_on_a_full_disk_is_waited_for_and_that_is_told(crawl: AnyCrawler, site: Newsroom) -> None:
    process = crawl.started()
    crawl.until_some_are_stored()

    no_more_room(process.pid, crawl.address)
    time.sleep(3)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    code, said = crawl.ended(process)

    assert code == DONE
    assert said.count("takes no write, since there is no room left on its disk; waiting") == 1
    assert "is there again" in said
    expect_whole(crawl, site, twice=0)


@pytest.mark.parametrize("crawl", ["sqlite"], indirect=True)
def test_who_waits_for_an_archive_can_be_ended(crawl: AnyCrawler, site: Newsroom) -> None:
    process = crawl.started()
    crawl.until_some_are_stored()

    no_more_room(process.pid, crawl.address)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    code, _ = crawl.ended(process)
    again, _ = crawl.ended(crawl.started())

    assert (code, again) == (INTERRUPTED, DONE)
    expect_whole(crawl, site)


@pytest.mark.parametrize("crawl", ["sqlite"], indirect=True)
def test_a_disk_that_stays_full_ends_the_crawl_with_the_reason_and_the_next_goes_on(
    crawl: AnyCrawler, site: Newsroom
) -> None:
    process = crawl.started("[archive]\nwait_s = 1.0\n")
    before = crawl.until_some_are_stored()

    no_more_room(process.pid, crawl.address)
    code, said = crawl.ended(process)
    kept = crawl.stored()
    again, _ = crawl.ended(crawl.started())

    assert code == FAILED
    assert "no room left on the disk, or a size limit is reached; nothing of this step was stored" in said
    assert kept >= before
    assert again == DONE
    expect_whole(crawl, site)


@pytest.mark.parametrize("crawl", ["postgresql"], indirect=True)
@pytest.mark.parametrize("away_s", [0, 4])
def test_a_server_that_crashes_and_comes_back_is_waited_for(
    crawl: AnyCrawler, site: Newsroom, postgres: Cluster, away_s: float
) -> None:
    process = crawl.started()
    crawl.until_some_are_stored()

    postgres.stop()
    time.sleep(away_s)
    postgres.start()
    code, said = crawl.ended(process)
    if code != DONE:
        # It fell into a transaction that cannot be done twice: that is told, and the next crawl goes on.
        assert (code, "the database server broke off the connection" in said) == (UNREACHABLE, True)
        assert crawl.ended(crawl.started())[0] == DONE

    assert said.count("gives no answer; waiting") == (1 if away_s else 0)
    expect_whole(crawl, site)


@pytest.mark.parametrize("crawl", ["postgresql"], indirect=True)
def test_a_server_that_stays_away_ends_the_crawl_with_the_reason_and_the_next_goes_on(
    crawl: AnyCrawler, site: Newsroom, postgres: Cluster
) -> None:
    process = crawl.started("[archive]\nwait_s = 1.0\n")
    before = crawl.until_some_are_stored()

    postgres.stop()
    try:
        code, said = crawl.ended(process)
    finally:
        postgres.start()
    assert crawl.stored() >= before
    again, _ = crawl.ended(crawl.started())

    assert code == UNREACHABLE
    assert "cannot be reached" in said
    assert again == DONE
    expect_whole(crawl, site)
    with Archive.open(crawl.address, readonly=True) as archive:
        assert [each.state for each in list_crawls(archive)] == ["succeeded", "lost"]
