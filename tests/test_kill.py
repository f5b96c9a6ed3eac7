"""kill -9 at any moment, and crawl again: nothing is lost, nothing doubled, nothing that is stored fetched again."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import tribunwatch
from crawler.archive.connect import Archive
from crawler.archive.reading import newest_articles
from crawler.article import article_as_json
from crawler.errors import ArchiveBrokenError, ArchiveMissingError
from crawler.judge import Allowed, load_log
from crawler.keeper import MOST_TOGETHER
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.crawling import wrong_by
from tests.postgres import Cluster
from tests.ready import processes

# How many archives on each database, and how often the crawl of each is killed.
ARCHIVES = {"sqlite": 10, "postgresql": 2}
KILLS = 5
WWW = "https://www.tribunnews.com"
# All that the archive tells of the world; not when it was told, nor in which order.
TOLD = {
    "links": "SELECT key, state, reason, attempts, title, keywords, listed_at FROM link",
    "listings": "SELECT url, name, kind, etag, last_modified, last_links FROM listing",
    "sightings": "SELECT link.key, listing.url FROM link_listing JOIN link ON link.id = link_id"
    " JOIN listing ON listing.id = link_listing.listing_id",
    "articles": "SELECT key, title, published_at, revision, is_complete FROM article",
    "revisions": "SELECT key, number, content_hash FROM revision JOIN article ON article.id = article_id",
    "topics": "SELECT key, topic.name, hits FROM article_topic JOIN article ON article.id = article_id"
    " JOIN topic ON topic.id = topic_id",
    "pages": "SELECT key, bytes FROM page",
    # Which of several copies came first is a matter of chance; which belong together is not.
    "stories": "SELECT a.key, b.key FROM article AS a JOIN article AS b USING (story_id)",
}
# What the search index holds, which is of another kind on each.
INDEXED = {
    "sqlite": "SELECT article.key, search.title, text FROM search JOIN article ON search.rowid = article.search_rowid",
    "postgresql": "SELECT article.key, words::text FROM search JOIN article ON search.rowid = article.search_rowid",
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newsroom") / "log.jsonl"


@pytest.fixture(scope="module")
def site(log: Path) -> Iterator[Newsroom]:
    with Newsroom(articles=60, log_to=log) as newsroom:
        yield newsroom


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(
        f'[crawl]\nmax_index_pages = 10\n[[listing]]\nname = "index-news"\nurl = "{WWW}/index-news"\nkind = "index"\n'
        '[[listing]]\nname = "jateng"\nurl = "https://jateng.tribunnews.com/sitemap.xml"\nkind = "sitemap"\n'
        f'[[listing]]\nname = "nasional"\nurl = "{WWW}/nasional/sitemap-news.xml"\nkind = "sitemap"\n'
    )
    return file


@pytest.fixture(params=ARCHIVES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Say where an archive of this name is to be."""
    if kind == "sqlite":
        return lambda name: str(tmp_path / f"{name}.db")
    server: Cluster = request.getfixturevalue("postgres")
    return lambda _: server.address(server.make_database())


def start(site: Newsroom, config: Path, archive: str) -> Any:
    # Everything is imported already, so that the kills fall into the crawl.
    arguments = ["crawl", "--quiet", "--config", str(config), "--archive", archive, "--site", site.url]
    process = processes().Process(target=tribunwatch.main, args=(arguments,))
    process.start()
    return process


def asked(archive: str, question: str) -> list[tuple[Any, ...]]:
    with Archive.open(archive, readonly=True) as opened, opened.reading() as connection:
        return sorted((tuple(row) for row in connection.exec_driver_sql(question)), key=repr)


def told(kind: str, archive: str) -> dict[str, list[tuple[Any, ...]]]:
    return {name: asked(archive, question) for name, question in {**TOLD, "search": INDEXED[kind]}.items()}


def stored(archive: str) -> set[str]:
    try:
        return {key for (key,) in asked(archive, "SELECT key FROM link WHERE state = 'stored'")}
    except (ArchiveMissingError, ArchiveBrokenError):
        # It was killed before there was a table.
        return set()


def fetched(site: Newsroom) -> list[str]:
    """Return the identity of every article that was asked for since the last look."""
    keys = [identify(f"https://{each}").key for each in site.article_requests]
    site.requested.clear()
    return keys


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_crawl_killed_at_any_moment_ends_as_if_it_never_had_been(
    *, site: Newsroom, log: Path, config: Path, kind: str, place: Callable[[str], str]
) -> None:
    undisturbed = place("undisturbed")
    # The first process starts the server that makes the others, which must not count as time of the crawl.
    start(site, config, place("first")).join()
    site.requested.clear()
    started = time.monotonic()
    start(site, config, undisturbed).join()
    lasts_s = time.monotonic() - started
    expected, articles = told(kind, undisturbed), len(fetched(site))
    assert len(expected["articles"]) == articles > 30
    chance = random.Random(20260724)  # noqa: S311  - moments, not secrets
    killed_within = 0

    for number in range(ARCHIVES[kind]):
        archive = place(str(number))
        begun_at = datetime.now(UTC)
        for kill in range(KILLS + 1):
            before = stored(archive)
            process = start(site, config, archive)
            # Each kill falls into what is left of the crawl; the last run is left in peace.
            process.join(None if kill == KILLS else chance.uniform(0.0, lasts_s * (1 - len(before) / articles)))
            killed_within += process.exitcode is None and kill < KILLS
            process.kill()
            process.join()
            assert before.isdisjoint(fetched(site))

        assert told(kind, archive) == expected
        # Only what was under way at a kill, one for each of two hosts, and what waited a moment to be stored together,
        # may be asked for twice.
        allowed = Allowed(is_complete=True, repeats=(2 + MOST_TOGETHER) * KILLS)
        assert wrong_by(archive, load_log(log).since(begun_at), allowed) == []
        with Archive.open(archive, readonly=True) as opened:
            assert {each.article.url: article_as_json(each.article) for each in newest_articles(opened)} == {
                site.address(name): site.expected(name)
                for name in site.names
                if identify(site.address(name)).key in stored(archive)
            }
    assert killed_within > ARCHIVES[kind] * KILLS // 2
