"""What every test may ask for: a home of its own, the newsroom, an archive that the demo filled."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from crawler.archive.connect import Archive
from crawler.judge import load_log
from seeds.newsroom import Newsroom
from tests.crawling import Crawler, wrong_by
from tests.home import Home
from tests.postgres import Cluster, cluster

# `make check` judges a change, and so draws the same cases each time; `make test` draws new ones and finds what is old.
# How slowly cases are drawn there says only how busy the machine is.
settings.register_profile("repeatable", derandomize=True, suppress_health_check=[HealthCheck.too_slow])


# A shell that starts the tests in the background lets them, and all that they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several work on the tests, let them begin with the files that take longest: none is left to one alone."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home: no settings, no archive."""
    return Home(tmp_path)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which `tribunwatch demo --once` has run; for tests that only read."""
    home = Home(tmp_path_factory.mktemp("demo"))
    done = home.run("demo", "--once")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of our own; where there is none, what asks for it is skipped."""
    with cluster() as running:
        yield running


@pytest.fixture
def empty_database(postgres: Cluster) -> Iterator[str]:
    """The address of a database without any table."""
    name = postgres.make_database()
    yield postgres.address(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def template_database(postgres: Cluster) -> str:
    """The name of a database with an archive that holds nothing."""
    name = postgres.make_database()
    Archive.open(postgres.address(name), create=True).close()
    return name


@pytest.fixture
def archive_database(postgres: Cluster, template_database: str) -> Iterator[str]:
    """The address of a database with an archive that holds nothing."""
    name = postgres.make_database(template_database)
    yield postgres.address(name)
    postgres.drop_database(name)


@pytest.fixture
def newsroom(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """The small Tribunnews, open on a free port of this machine; what became of it is judged at the end."""
    yield from _judged(tmp_path, request)


@pytest.fixture
def many(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """A newsroom with 60 generated articles beside the seed documents, judged likewise."""
    yield from _judged(tmp_path, request, articles=60)


def _judged(folder: Path, request: pytest.FixtureRequest, articles: int = 0) -> Iterator[Newsroom]:
    """Give a newsroom, and let the judge look at the archive that crawls of it left in the folder, if they did."""
    log = folder / "newsroom.jsonl"
    with Newsroom(articles=articles, log_to=log) as opened:
        yield opened
    if (folder / "archive.db").exists() and not request.node.get_closest_marker("unjudged"):
        assert wrong_by(str(folder / "archive.db"), load_log(log)) == []


@pytest.fixture
def crawl(newsroom: Newsroom, tmp_path: Path) -> Crawler:
    """`tribunwatch crawl`, asking the newsroom, with an empty folder for settings and archive."""
    return Crawler(tmp_path, newsroom.url)
