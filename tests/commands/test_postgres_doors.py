"""The commands on an archive on PostgreSQL: named by its address, in one line each, and no password is ever shown."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from seeds.newsroom import Newsroom
from tests.home import ROOT, Home
from tests.postgres import LOCKED, PASSWORD, Cluster

SEED = str(ROOT / "seeds/000_d3675def684afb29.txt")
CONTACT = {"TRIBUNWATCH_SPIDER_CONTACT": "redaksi@example.org"}
HIDDEN = quote(PASSWORD, safe="")


@pytest.fixture
def address(postgres: Cluster) -> Iterator[str]:
    """The address of an empty database, with the password of its owner."""
    name = postgres.make_database()
    postgres.run(f"ALTER DATABASE {name} OWNER TO {LOCKED}")
    yield postgres.address(name, role=f"{LOCKED}:{HIDDEN}")
    postgres.drop_database(name)


def test_the_whole_way_from_a_crawl_to_a_search(home: Home, newsroom: Newsroom, address: str) -> None:
    everywhere = {**CONTACT, "TRIBUNWATCH_ARCHIVE": address}

    made = home.run("archive", "upgrade", environment=everywhere)
    crawled = home.run("crawl", "--site", newsroom.url, "--limit", "5", "--json", environment=everywhere)
    found = home.run("query", "--json", environment=everywhere)
    articles = json.loads(found.stdout)["found"]
    doors = [
        home.run(*command, environment=everywhere)
        for command in (
            ("why", articles[0]["url"]),
            ("archive", "check"),
            ("config", "check"),
            ("config", "show"),
            ("doctor", "--site", newsroom.url),
        )
    ]

    assert "is at schema 1" in made.stdout
    assert crawled.returncode == 0, crawled.stderr
    assert json.loads(crawled.stdout)["stored"] == len(articles) > 3
    for done in (made, crawled, found, *doors):
        assert done.returncode == 0, done.stderr
        assert HIDDEN not in done.stdout + done.stderr
        assert PASSWORD not in done.stdout + done.stderr
    assert "is sound" in doors[-1].stdout
    assert "disk" not in doors[-1].stdout
    assert "ok      clock: goes as that of the database" in doors[-1].stdout


def test_a_database_without_tables_is_no_archive_until_something_is_stored(
    home: Home, address: str, postgres: Cluster
) -> None:
    asked = home.run("--archive", address, "query")
    examined = home.run("--archive", address, "doctor", "--site", "http://127.0.0.1:9")
    stored = home.run("--archive", address, "import", SEED)

    assert asked.returncode == 1
    assert "there is no archive here; a crawl makes one" in asked.stderr
    assert "the first crawl makes it" in examined.stdout
    assert stored.returncode == 0, stored.stderr
    assert HIDDEN not in asked.stderr + examined.stdout + stored.stderr

    postgres.run("DELETE FROM search", database=address.rpartition("/")[2])
    checked = home.run("--archive", address, "archive", "check")
    assert checked.returncode == 1
    assert "search: article 1 is not in the search index" in checked.stdout


def test_a_server_that_cannot_be_reached_is_exit_code_4(home: Home) -> None:
    for command in (["query"], ["crawl", "--site", "http://127.0.0.1:9"]):
        done = home.run("--archive", f"postgresql://me:{HIDDEN}@127.0.0.1:1/x", *command)

        assert done.returncode == 4
        assert "cannot be reached" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert HIDDEN not in done.stderr


def test_the_demo_may_be_kept_on_a_server(home: Home, address: str) -> None:
    done = home.run("--archive", address, "demo", "--once")

    assert done.returncode == 0, done.stderr
    assert HIDDEN not in done.stdout + done.stderr
