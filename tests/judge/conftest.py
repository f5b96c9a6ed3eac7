"""An archive that two real crawls of a real newsroom filled, with its log: sound, and to be broken by hand."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.connect import Archive
from crawler.judge import Allowed, load_log
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.crawling import BALI, WWW, Crawler, wrong_by
from tests.postgres import Cluster

LISTINGS = {"www": (f"{WWW}/sitemap.xml", "sitemap")} | BALI
EDITED = "001_dapur-mbg-lereng-merbabu"


@dataclass(frozen=True, slots=True)
class Case:
    """An archive and a log, and what is wrong with them."""

    place: str
    log: Path
    # Of an article of www that was stored by the first crawl, and of another.
    url: str
    other_url: str
    edited_url: str
    allowed: Allowed = field(default_factory=Allowed)

    def allowing(self, **allowed: Any) -> "Case":
        return replace(self, allowed=replace(self.allowed, **allowed))

    def set_link(self, values: str) -> None:
        """Change the link of the first article."""
        self.run(f"UPDATE link SET {values} WHERE key = '{identify(self.url).key}'")  # noqa: S608  - our own words

    def drop_link(self) -> None:
        """Forget the link of the first article."""
        which = f"(SELECT id FROM link WHERE key = '{identify(self.url).key}')"  # noqa: S608  - as above
        self.run(f"DELETE FROM link_listing WHERE link_id = {which}", f"DELETE FROM link WHERE id = {which}")  # noqa: S608  - as above

    def set_crawl(self, number: int, values: str) -> None:
        """Change one of the two crawls."""
        self.run(f"UPDATE crawl SET {values} WHERE id = {number}")  # noqa: S608  - as above

    def run(self, *statements: str) -> None:
        """Break the archive."""
        with Archive.open(self.place) as archive, archive.writing() as connection:
            for statement in statements:
                assert connection.exec_driver_sql(statement).rowcount

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def rewrite(self, change: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> None:
        """Break the log: each line becomes those that are returned."""
        changed = [json.dumps(each) + "\n" for line in self.lines for each in change(line)]
        assert changed != self.log.read_text(encoding="utf-8").splitlines(keepends=True)
        self.log.write_text("".join(changed), encoding="utf-8")

    def asked(self, url: str) -> dict[str, Any]:
        """Return the first request for an address, whatever pages were asked for."""
        return next(each for each in self.lines if each["kind"] == "request" and is_for(each, url))

    @property
    def wrong(self) -> list[str]:
        """What is found, a line each."""
        return wrong_by(self.place, load_log(self.log), self.allowed)


def is_for(line: dict[str, Any], url: str) -> bool:
    return line["kind"] == "request" and f"https://{line['host']}{line['path']}".partition("?")[0] == url


def later(line: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return a line as if it had been written so much later."""
    moved: dict[str, Any] = {
        name: (datetime.fromisoformat(line[name]) + timedelta(seconds=seconds)).isoformat()
        for name in ("at", "asked_at")
        if name in line
    }
    return {**line, **moved}


@pytest.fixture(scope="session")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("judged")
    return _crawled(folder, str(folder / "archive.db"))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    if request.param == "sqlite":
        found: Case = request.getfixturevalue("in_file")
        return found
    server: Cluster = request.getfixturevalue("postgres")
    return _crawled(tmp_path_factory.mktemp("judged"), server.address(server.make_database()))


@pytest.fixture
def case(original: Case, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Case]:
    """A copy of archive and log, on each database."""
    log = tmp_path / "log.jsonl"
    shutil.copy(original.log, log)
    if not original.place.startswith("postgresql"):
        place = str(tmp_path / "archive.db")
        shutil.copy(original.place, place)
        yield replace(original, place=place, log=log)
        return
    server: Cluster = request.getfixturevalue("postgres")
    name = server.make_database(original.place.rpartition("/")[2])
    yield replace(original, place=server.address(name), log=log)
    server.drop_database(name)


@pytest.fixture
def logged(in_file: Case, tmp_path: Path) -> Case:
    """A copy of the log, for what is wrong whatever the database; the archive is not to be changed."""
    log = tmp_path / "log.jsonl"
    shutil.copy(in_file.log, log)
    return replace(in_file, log=log)


def _crawled(folder: Path, place: str) -> Case:
    log = folder / "log.jsonl"
    with Newsroom(articles=40, log_to=log) as newsroom:
        crawl = Crawler(folder, newsroom.url)
        assert crawl("--archive", place, listings=LISTINGS).code == 0
        newsroom.edit(EDITED, title="Dapur di Lereng Merbabu Kini Melayani Tiga Desa")
        assert crawl("--archive", place, listings=LISTINGS).revised == 1
        edited = newsroom.address(EDITED)
    asked = [f"https://{each}".partition("?")[0] for each in newsroom.article_requests if each.startswith("www")]
    url, other_url = [each for each in dict.fromkeys(asked) if each != edited][:2]
    return Case(place, log, url, other_url, edited)
