"""An article whose page tells no time is ordered by the listing's, and every door says so."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.saving import make_ready, save_articles
from crawler.article import Article, Paragraph, PublishedFrom
from tests.home import Home

WITA = timezone(timedelta(hours=8))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with one article whose page told the time, and one that only an index dates."""
    told: tuple[tuple[str, PublishedFrom], ...] = (("1", "time+host-zone"), ("2", "index+host-zone"))
    readies = [
        make_ready(
            Article(
                title=f"Banjir {number}",
                url=f"https://bali.tribunnews.com/news/{number}/banjir",
                paragraphs=(Paragraph("text", "Air naik sejak pagi."),),
                published_at=datetime(2026, 7, 24, 8, int(number), tzinfo=WITA),
                published_from=origin,
            ),
            key=f"bali.tribunnews.com/{number}",
            now=datetime(2026, 7, 24, 4, tzinfo=UTC),
        )
        for number, origin in told
    ]
    path = tmp_path / "archive.db"
    with Archive.open(path, create=True) as archive:
        save_articles(archive, readies)
    return path


@pytest.mark.fact("7.1")
def test_query_marks_the_article_that_is_ordered_by_a_listing(home: Home, path: Path) -> None:
    table = home.run("--archive", str(path), "query", "banjir")
    found = json.loads(home.run("--archive", str(path), "query", "banjir", "--json").stdout)["found"]

    assert [line.split()[0] for line in table.stdout.splitlines() if "Banjir" in line] == ["~2026-07-24", "2026-07-24"]
    assert "~ the page told no time" in table.stderr
    assert [(each["title"], each["is_dated_by_listing"]) for each in found] == [("Banjir 2", True), ("Banjir 1", False)]


@pytest.mark.fact("7.1")
def test_article_show_tells_it_too(home: Home, path: Path) -> None:
    shown = [home.run("--archive", str(path), "article", "show", number).stdout for number in ("1", "2")]
    as_json = json.loads(home.run("--archive", str(path), "article", "show", "2", "--json").stdout)

    assert ["dated by" in each for each in shown] == [False, True]
    assert as_json["is_dated_by_listing"] is True
