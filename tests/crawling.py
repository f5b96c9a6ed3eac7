"""`tribunwatch crawl` as a test types it: a child process, an archive on disk, and what became of it."""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.archive.checks import check
from crawler.archive.connect import Archive
from crawler.archive.facts import load_facts
from crawler.archive.reading import life_of, newest_articles
from crawler.article import article_as_json
from crawler.judge import Allowed, RequestLog, judge
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.home import LONGEST_S
from tests.ready import run_ready

WWW = "https://www.tribunnews.com"
NASIONAL = {"nasional": (f"{WWW}/nasional/sitemap-news.xml", "sitemap")}
BALI = {"bali": ("https://bali.tribunnews.com/sitemap_news.xml", "sitemap")}
INDEX = {"index-news": (f"{WWW}/index-news", "index")}
ALL_OF_WWW = {"www": (f"{WWW}/sitemap.xml", "sitemap")}
Listings = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Crawled:
    """How `tribunwatch crawl` ended: its code, its report (empty if there is none), and what it said on stderr."""

    code: int
    report: dict[str, Any]
    said: str

    def __getattr__(self, name: str) -> Any:
        return self.report[name]


@dataclass(frozen=True, slots=True)
class Crawler:
    """Types `tribunwatch crawl`; `folder` holds the settings and the archive."""

    folder: Path
    site: str

    def command(self, *arguments: str, listings: Listings = NASIONAL, settings: str = "") -> list[str]:
        config = self.folder / "config.toml"
        tables = [
            f'[[listing]]\nname = "{name}"\nurl = "{url}"\nkind = "{kind}"' for name, (url, kind) in listings.items()
        ]
        config.write_text("\n".join([settings, *tables]))
        everywhere = ("--config", str(config), "--archive", str(self.path), "--json")
        return [sys.executable, "-m", "tribunwatch", "crawl", "--site", self.site, *everywhere, *arguments]

    def __call__(self, *arguments: str, listings: Listings = NASIONAL, settings: str = "") -> Crawled:
        _, _, _, *command = self.command(*arguments, listings=listings, settings=settings)
        done = run_ready(command, folder=Path.cwd(), environment=os.environ, timeout_s=LONGEST_S)
        assert "Traceback" not in done.stderr
        return Crawled(done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr)

    @property
    def path(self) -> Path:
        return self.folder / "archive.db"

    def state(self, url: str) -> tuple[str, str | None]:
        """Return what the ledger says of an address."""
        with Archive.open(self.path, readonly=True) as archive:
            life = life_of(archive, address=identify(url))
        assert life is not None
        assert life.link is not None
        return life.link.state, life.link.reason

    def stored(self) -> dict[str, dict[str, Any]]:
        """Return the articles of the archive by address, as JSON."""
        with Archive.open(self.path, readonly=True) as archive:
            return {str(each.article.url): article_as_json(each.article) for each in newest_articles(archive)}

    def keys(self) -> list[str]:
        """Return the identity of every article of the archive."""
        return self._asked("SELECT key FROM article")

    def revisions(self, url: str) -> int:
        """Return how many revisions of an article are kept."""
        return len(
            self._asked("SELECT r.id FROM revision r JOIN article a ON a.id = r.article_id WHERE a.url = ?", url)
        )

    def _asked(self, sql: str, *given: str) -> list[str]:
        with closing(sqlite3.connect(self.path)) as connection:
            return [row[0] for row in connection.execute(sql, given)]


def listed(newsroom: Newsroom, host: str = "www.tribunnews.com", section: str = "nasional") -> list[str]:
    return [url for url in newsroom.addresses if identify(url).host == host and f"/{section}/" in url]


def wait_until(is_so: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def wrong_by(archive: str, log: RequestLog, allowed: Allowed = Allowed()) -> list[str]:  # noqa: B008  - it is frozen
    """Return what is wrong with an archive by itself and by the log of the newsroom, a line each."""
    with Archive.open(archive, readonly=True) as opened:
        verdict = judge(load_facts(opened), log, allowed)
        found = [*check(opened), *verdict.findings]
    return [f"{each.what}: {each.detail}" for each in found]
