"""The lookout of a crawl: what it counts, and what it does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.lease import begin_crawl
from crawler.article import Article
from crawler.crawl_options import CrawlOptions
from crawler.lookout import Lookout
from crawler.processes import this_process

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)
HOST = "www.tribunnews.com"
GOOD, BARE = Article(title="x", authors=("Siti",)), Article(title="x")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "tribunwatch.db", create=True) as opened:
        yield opened


def crawl(archive: Archive, article: Article | None, *dates: datetime | None) -> list[str]:
    """Let a crawl read an article of each of these dates, and return the fields of which it gives an alarm."""
    lookout = Lookout(
        archive,
        begin_crawl(archive, options=CrawlOptions().as_json(), process=this_process(), now=NOW).crawl_id,
        now=NOW,
    )
    for dated_at in dates:
        lookout.count(HOST, "E", article, dated_at=dated_at)
    return [each.field for each in lookout.end()]


def test_what_each_crawl_counted_is_compared_with_those_before_it(archive: Archive) -> None:
    first = crawl(archive, GOOD, *[NOW] * 250)
    second = crawl(archive, BARE, *[NOW] * 40)
    third = crawl(archive, BARE, *[NOW] * 40)

    assert (first, second, third) == ([], ["authors"], ["authors"])


def test_a_back_fill_says_nothing_of_a_change(archive: Archive) -> None:
    long_ago = NOW - timedelta(days=3_000)
    crawl(archive, GOOD, *[NOW] * 250)

    assert crawl(archive, BARE, NOW, *[long_ago] * 200) == []
    assert crawl(archive, None, NOW, *[long_ago] * 200) == []


def test_a_date_in_the_future_does_not_make_all_others_old(archive: Archive) -> None:
    crawl(archive, GOOD, *[NOW] * 250)

    assert crawl(archive, BARE, NOW + timedelta(days=3_000), *[NOW] * 40) == ["authors"]
