"""An archive on this machine's disk, articles to put into it, and other processes that get in the way."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

import pytest

from crawler.archive.connect import Archive
from crawler.archive.saving import Saved, make_ready, save_articles
from crawler.archive.topics import list_topics
from crawler.article import Article, Paragraph
from crawler.topics import Match

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)
WIB = timezone(timedelta(hours=7))
TEXT = (
    "Banjir merendam dua kecamatan di Kabupaten Demak sejak Jumat malam setelah tanggul sungai itu jebol lagi.",
    "Ketua PAN datang ke lokasi. Warga menunggu bantuan dari pemerintah, kata Siti kepada wartawan di balai desa.",
)
NOBODY = 65534


class MakeArticle(Protocol):
    def __call__(self, number: int = 1, *texts: str, **facts: Any) -> Article: ...


class Save(Protocol):
    def __call__(self, article: Article, matches: tuple[Match, ...] = (), **how: Any) -> Saved: ...


def count_topics(archive: Archive) -> dict[str, int]:
    """Return how many articles have each topic now."""
    return {each.topic.name: each.articles for each in list_topics(archive)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test of an archive run on both databases, or those that its module names (`DATABASES`).

    One that asks for the file (`path`) is of SQLite alone.
    """
    if "kind" in metafunc.fixturenames:
        of_module = getattr(metafunc.module, "DATABASES", ["sqlite", "postgresql"])
        is_of_sqlite = "path" in metafunc.fixturenames or metafunc.definition.get_closest_marker("sqlite")
        metafunc.parametrize("kind", ["sqlite"] if is_of_sqlite else of_module)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of an archive on SQLite."""
    return tmp_path / "tribunwatch.db"


@pytest.fixture
def place(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where the archive is, as the command line names it."""
    return str(tmp_path / "tribunwatch.db") if kind == "sqlite" else str(request.getfixturevalue("archive_database"))


@pytest.fixture
def new_place(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where no archive is yet."""
    return str(tmp_path / "new.db") if kind == "sqlite" else str(request.getfixturevalue("empty_database"))


@pytest.fixture
def archive(place: str) -> Iterator[Archive]:
    with Archive.open(place, create=True, wait_s=0.2) as opened:
        yield opened


@pytest.fixture
def make_article() -> MakeArticle:
    """Give article NUMBER of the site, published NUMBER minutes after a full hour."""

    def make(number: int = 1, *texts: str, **facts: Any) -> Article:
        usual: dict[str, Any] = {
            "title": f"Banjir di Demak, hari {number}",
            "url": f"https://www.tribunnews.com/nasional/{number}/banjir",
            "content_id": str(number),
            "host": "www.tribunnews.com",
            "region": "nasional",
            "section": "nasional",
            "paragraphs": tuple(Paragraph("text", text) for text in texts or TEXT),
            "tags": ("Banjir", "Demak"),
            "published_at": datetime(2026, 7, 24, 8, tzinfo=WIB) + timedelta(minutes=number),
            "published_from": "jsonld",
        }
        return Article(**{**usual, **facts})

    return make


@pytest.fixture
def save(archive: Archive) -> Save:
    """Save an article under its own address."""

    def store(article: Article, matches: tuple[Match, ...] = (), **how: Any) -> Saved:
        usual: dict[str, Any] = {
            "key": f"{article.host}/{article.content_id}",
            "now": NOW,
        }
        return save_articles(archive, [make_ready(article, matches=matches, **{**usual, **how})])[0]

    return store


@pytest.fixture
def run_python() -> Callable[..., subprocess.Popen[str]]:
    """Start Python code in a process of its own."""

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture
def as_ordinary_user(tmp_path: Path) -> Callable[[], AbstractContextManager[None]]:
    """Let a block run without the rights of root, for whom no file is read-only; the folder is given to that user."""

    @contextmanager
    def become() -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        for folder in (tmp_path, *tmp_path.parents):
            if folder.owner() == "root" and folder.is_relative_to("/tmp"):  # noqa: S108  - where pytest keeps its folders
                folder.chmod(folder.stat().st_mode | 0o111)
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return become
