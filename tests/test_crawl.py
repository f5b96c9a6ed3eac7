"""Whole crawls: everything that is listed comes into the archive once, and a person chooses what."""

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.reading import life_of
from crawler.site import identify
from seeds.layouts import Layout
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, BALI, INDEX, WWW, Crawler, listed


def test_everything_that_is_listed_is_stored_as_the_site_has_it(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)

    done = crawl(listings=ALL_OF_WWW)

    names = {many.address(name): name for name in many.names}
    stored = crawl.stored()
    assert (done.code, done.state, done.notes, done.failed) == (0, "succeeded", [], {})
    assert done.stored == done.links_new == done.fetched == len(stored) > 20
    assert stored == {url: many.expected(names[url]) for url in stored}


def test_a_host_is_asked_for_robots_txt_first_and_never_for_two_things_at_once(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)

    crawl(listings=ALL_OF_WWW | BALI)

    for host in ("www.tribunnews.com", "bali.tribunnews.com"):
        asked = [each.path for each in many.log if each.host == host]
        assert asked[0] == "/robots.txt"
        assert asked.count("/robots.txt") == 1
        assert many.most_at_once[host] == 1


def test_a_second_crawl_asks_conditionally_and_fetches_no_article_again(newsroom: Newsroom, crawl: Crawler) -> None:
    crawl()
    newsroom.requested.clear()
    newsroom.log.clear()

    done = crawl()

    assert newsroom.article_requests == []
    assert [each.conditional for each in newsroom.log if each.path.endswith("sitemap-news.xml")] == [True]
    assert (done.code, done.state, done.listings_unchanged, done.fetched) == (0, "succeeded", 1, 0)


def test_an_article_that_appears_later_is_the_only_one_that_is_fetched(newsroom: Newsroom, crawl: Crawler) -> None:
    names = [name for name in newsroom.names if newsroom.address(name) in listed(newsroom)]
    late = max(names, key=lambda name: newsroom.expected(name)["published_at"])
    now, newsroom.now = newsroom.now, _before(newsroom, late)
    crawl()
    newsroom.requested.clear()

    newsroom.now = now
    done = crawl()

    assert done.stored == len(newsroom.article_requests) == 1
    assert newsroom.address(late) in crawl.stored()


def _before(newsroom: Newsroom, name: str) -> datetime:
    return datetime.fromisoformat(newsroom.expected(name)["published_at"]) - timedelta(seconds=1)


@pytest.mark.fact("7.3", "2.1.pager")
@pytest.mark.parametrize("layout", ["B", "C", "E"])
def test_an_article_of_several_pages_is_joined_where_the_site_does_not_give_all_at_once(
    layout: Layout, newsroom: Newsroom, crawl: Crawler
) -> None:
    name = "010_kampung-rawa-lunto-setelah-banjir"
    url = newsroom.address(name)
    newsroom.layout = layout
    newsroom.redirect(f"{url}?page=all", to=url)

    done = crawl(listings={"jateng": ("https://jateng.tribunnews.com/sitemap_news.xml", "sitemap")})

    article = crawl.stored()[url]
    assert article["paragraphs"] == newsroom.expected(name)["paragraphs"]
    assert article["pages"] == {"read": 3, "total": 3}
    assert done.code == 0


@pytest.mark.fact("2.1.full text in script")
def test_a_text_that_is_shorter_than_its_copy_in_the_page_is_remarked(newsroom: Newsroom, crawl: Crawler) -> None:
    name = next(name for name in newsroom.names if "/nasional/" in newsroom.address(name))
    words = b" ".join(b"kata%d" % number for number in range(1_500))
    page = newsroom.page(name).replace(b'keywordBrandSafety = "', b'keywordBrandSafety = "' + words + b" ")
    newsroom.answer(newsroom.address(name), page)

    crawl()

    with Archive.open(crawl.path, readonly=True) as archive:
        life = life_of(archive, address=identify(newsroom.address(name)))
    assert life is not None
    assert [each.remark for each in life.pages] == ["keywordBrandSafety holds 1500 words that the text lacks"]
    assert [line for line in life.lines(str) if line.startswith("remark ")]


@pytest.mark.fact("7.14")
def test_a_robot_check_with_status_200_is_no_article(newsroom: Newsroom, crawl: Crawler) -> None:
    url = next(url for url in newsroom.addresses if "/nasional/" in url)
    newsroom.answer(url, b"<html><body><h1>Verifikasi bahwa Anda bukan robot</h1><p>Centang.</p></body></html>")

    crawl()

    assert url not in crawl.stored()
    state, reason = crawl.state(url)
    assert (state, reason) == ("failed", "no article, but a robot check (Verifikasi bahwa Anda bukan robot)")


def test_where_the_page_tells_no_time_that_of_the_listing_holds(newsroom: Newsroom, crawl: Crawler) -> None:
    name = next(name for name in newsroom.names if "/nasional/" in newsroom.address(name))
    expected = newsroom.expected(name)["published_at"]
    page = re.sub(rb"datePublished|datetime=|Tayang:|\d{1,2} Juli 2026 \d\d:\d\d", b"", newsroom.page(name))
    newsroom.answer(newsroom.address(name), page, headers={"Content-Type": "text/html; charset=utf-8"})

    crawl()

    kept = crawl.stored()[newsroom.address(name)]
    assert (kept["published_at"], kept["published_from"]) == (expected, "sitemap")


def test_a_missing_page_of_an_article_leaves_it_incomplete(newsroom: Newsroom, crawl: Crawler) -> None:
    url = newsroom.address("010_kampung-rawa-lunto-setelah-banjir")
    newsroom.redirect(f"{url}?page=all", to=url)
    newsroom.fail(f"{url}?page=3", 404)

    crawl(listings={"jateng": ("https://jateng.tribunnews.com/sitemap_news.xml", "sitemap")})

    article = crawl.stored()[url]
    assert article["pages"] == {"read": 2, "total": 3}
    assert not article["is_complete"]


def test_pages_of_an_index_are_asked_until_one_brings_nothing_new(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)

    first = crawl(listings=INDEX, settings="[crawl]\nmax_index_pages = 10")
    pages = [each for each in many.requested if "/index-news" in each]
    many.requested.clear()
    second = crawl(listings=INDEX, settings="[crawl]\nmax_index_pages = 10")

    assert len(pages) == first.listings_asked == -(-first.links_seen // 20)
    assert first.stored == first.links_seen > 20
    assert [each for each in many.requested if "/index-news" in each] == ["www.tribunnews.com/index-news"]
    assert (second.listings_unchanged, second.fetched) == (1, 0)
    # Page 1 is kept last, so that wherever a crawl is killed, the next one still finds something new on it.
    with closing(sqlite3.connect(crawl.path)) as connection:
        pages_kept = connection.execute(
            "SELECT listing.url FROM link JOIN listing ON listing.id = listing_id ORDER BY link.id"
        )
        assert list(dict.fromkeys(url for (url,) in pages_kept)) == [f"{WWW}/index-news?page=2", f"{WWW}/index-news"]


def test_since_asks_an_index_for_each_day(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)

    done = crawl("--since", "2026-07-22", "--until", "2026-07-24", listings=INDEX)

    days = {each.split("date=")[1][:10] for each in many.requested if "date=" in each}
    assert {"2026-07-22", "2026-07-23"} <= days <= {"2026-07-22", "2026-07-23", "2026-07-24"}
    published = [article["published_at"][:10] for article in crawl.stored().values()]
    assert done.stored == len(published) > 0
    assert set(published) <= days


def test_a_limit_leaves_the_older_ones_for_the_next_crawl(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    count = len(listed(many))

    first = crawl("--limit", "1")
    newest = set(crawl.stored())
    second = crawl()

    assert (first.stored, second.stored) == (1, count - 1)
    assert count > 2
    times = {url: article["published_at"] for url, article in crawl.stored().items()}
    assert max(times, key=times.__getitem__) in newest


def test_a_topic_narrows_what_is_fetched(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    topics = tmp_path / "topics.toml"
    topics.write_text('[[topic]]\nname = "Beras"\nkeywords = ["harga beras"]\n')

    done = crawl("--topic", "Beras", listings=ALL_OF_WWW, settings=f'[topics]\nfile = "{topics}"')

    titles = [article["title"].lower() for article in crawl.stored().values()]
    assert 0 < done.stored == done.matched == len(titles) < done.links_new
    assert all("harga beras" in title for title in titles)


def test_a_dry_run_tells_what_would_be_fetched_and_keeps_nothing(newsroom: Newsroom, crawl: Crawler) -> None:
    with Archive.open(crawl.path, create=True):
        pass

    done = crawl("--dry-run")

    assert {link["url"] for link in done.would_fetch} == set(listed(newsroom))
    assert newsroom.article_requests == []
    with closing(sqlite3.connect(crawl.path)) as connection:
        for table in ("link", "listing", "crawl", "article", "page"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608  - our tables


def test_a_dry_run_knows_what_is_stored_and_what_is_left_over(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    crawl("--limit", "1")

    done = crawl("--dry-run")

    assert {link["url"] for link in done.would_fetch} == set(listed(many)) - set(crawl.stored()) != set()


@pytest.mark.fact("7.10", "1.4.1", "1.4.2")
def test_photo_and_video_posts_without_text_are_stored_as_such_and_are_no_failures(crawl: Crawler) -> None:
    videos = {"video": ("https://video.tribunnews.com/sitemap_news.xml", "sitemap")}

    done = crawl(listings=ALL_OF_WWW | videos)

    kinds = {article["kind"]: article for article in crawl.stored().values()}
    assert (done.code, done.failed) == (0, {})
    assert kinds["photo"]["paragraphs"] == []
    assert kinds["video"]["content_id"] == "904417"
