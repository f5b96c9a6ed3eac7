"""Whole crawls of a site that changes: the crawl that first meets the change tells it, and keeps the evidence."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from seeds.faults import BrokenPart
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, BALI, WWW, Crawler


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[tuple[Newsroom, Crawler]]:
    """A newsroom with enough articles for a history, of which the newest 45 are read already."""
    with Newsroom(articles=150) as newsroom:
        crawl = Crawler(tmp_path, newsroom.url)
        first = crawl("--limit", "45", listings=ALL_OF_WWW)
        assert (first.code, first.alarms) == (0, [])
        yield newsroom, crawl


def test_a_crawl_of_an_unchanged_site_tells_nothing(crowd: tuple[Newsroom, Crawler]) -> None:
    _, crawl = crowd

    done = crawl(listings=ALL_OF_WWW)

    assert (done.code, done.state, done.alarms) == (0, "succeeded", [])


@pytest.mark.parametrize("part", ["authors", "tags"])
def test_a_field_that_the_new_layout_hides_ends_the_crawl_as_partly_failed(
    crowd: tuple[Newsroom, Crawler], part: BrokenPart
) -> None:
    newsroom, crawl = crowd
    newsroom.break_layout("/*", part)

    done = crawl(listings=ALL_OF_WWW)

    assert (done.code, done.state, done.failed) == (1, "partial", {})
    assert [each["field"] for each in done.alarms] == [part]
    assert done.alarms[0]["line"] in done.notes


def test_pages_that_can_no_longer_be_read_are_told_beside_how_many_it_were_before(
    crowd: tuple[Newsroom, Crawler],
) -> None:
    newsroom, crawl = crowd
    for section in ("nasional", "regional", "superskor", "seleb", "bisnis"):
        newsroom.break_layout(f"/{section}/*", "body")

    done = crawl(listings=ALL_OF_WWW)

    assert (done.code, done.state) == (1, "partial")
    assert "unreadable" in [each["field"] for each in done.alarms]


def test_a_listing_that_used_to_name_articles_and_is_empty_now_is_told_until_it_is_full(
    tmp_path: Path,
) -> None:
    regional = {"regional": (f"{WWW}/regional/sitemap-news.xml", "sitemap")}
    with Newsroom(articles=400) as newsroom:
        crawl, both = Crawler(tmp_path, newsroom.url), regional | BALI
        crawl("--limit", "1", listings=both)
        newsroom.answer("/regional/sitemap-news.xml", b"<urlset></urlset>", headers={"ETag": '"empty"'})

        told = [crawl("--limit", "1", listings=both) for _ in range(3)]
        newsroom.heal()
        healed = crawl("--limit", "1", listings=both)

    for done in told:
        assert (done.code, done.state) == (1, "partial")
        assert [each["place"] for each in done.alarms] == ["listing regional"]
    assert (healed.code, healed.alarms) == (0, [])


def test_pages_are_kept_as_they_came_over_the_wire(crawl: Crawler) -> None:
    crawl()

    with closing(sqlite3.connect(crawl.path)) as connection:
        rows = connection.execute("SELECT encoding, body, kept_bytes, bytes, content_type FROM page").fetchall()
    assert {encoding for encoding, *_ in rows} == {"gzip"}
    assert all(len(gzip.decompress(body)) == size and len(body) == kept for _, body, kept, size, _ in rows)
    assert {each[-1] for each in rows} == {"text/html; charset=utf-8"}


def test_without_days_to_keep_them_only_unreadable_pages_are_kept(newsroom: Newsroom, crawl: Crawler) -> None:
    newsroom.break_layout(next(url for url in newsroom.addresses if "/nasional/" in url), "body")

    crawl(settings="[archive]\nkeep_pages_days = 0")

    with closing(sqlite3.connect(crawl.path)) as connection:
        kept = connection.execute("SELECT reason FROM page WHERE kept_bytes IS NOT NULL").fetchall()
    assert kept == [("no text",)]
