"""The dispatcher: what waits is crawled by a process of its own, and every end is known."""

from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import crawl_lines
from crawler.archive.reading import newest_articles
from seeds.newsroom import Newsroom
from tests.crawling import listed
from tests.serving import ask, dispatching, ended, write_config


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


def test_what_waits_is_crawled_by_a_process_of_its_own(
    newsroom: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config) as dispatcher:
        asked = ask(archive, newsroom.url)
        crawl = ended(archive, asked.crawl_id)

    assert crawl.state == "succeeded"
    assert crawl.report["stored"] == len(listed(newsroom)) > 0
    assert {str(each.article.url) for each in newest_articles(archive)} >= set(listed(newsroom))
    assert "crawl ended state=succeeded" in crawl_lines(archive, crawl_id=crawl.crawl_id)[-1].line
    assert dispatcher.running is None
