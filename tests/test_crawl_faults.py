"""Whole crawls of a site with faults: every failure is told by its reason, and harms nothing but itself."""

import gzip
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.listings import list_listings
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, BALI, NASIONAL, WWW, Crawler, listed


@pytest.mark.fact("7.14")
def test_every_failure_is_told_by_its_reason_and_harms_no_other_article(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    urls = [url for url in many.addresses if identify(url).host == "www.tribunnews.com"]
    gone, removed, broken, cut, reset, image, away, circle, no_title, no_text, sound = urls[:11]
    many.fail(gone, 404)
    many.fail(removed, 410)
    many.fail(broken, 500)
    many.cut(cut, "gzip")
    many.reset(reset)
    many.mislabel(image, "image/jpeg")
    many.redirect(away, "https://example.com/")
    many.redirect(circle, f"{circle}?page=all")
    many.break_layout(no_title, "title")
    many.answer(no_text, b"<html><body><h1>Judul saja</h1></body></html>")

    done = crawl(listings=ALL_OF_WWW, settings="[spider]\nfailures_allowed = 100")

    assert crawl.state(gone) == ("gone", "not found (404)")
    assert crawl.state(removed) == ("gone", "gone (410)")
    failed = {url: crawl.state(url) for url in (broken, cut, reset, image, away, circle, no_title, no_text)}
    assert {state for state, _ in failed.values()} == {"failed"}
    assert [reason for _, reason in failed.values()] == [
        *("server error (500)", "cut", "connection: broken answer", "not HTML (image/jpeg)"),
        *("redirected away: to another site", "redirected away: in a circle", "no title", "no text"),
    ]
    assert done.failed == {reason: 1 for _, reason in failed.values()}
    assert (done.code, done.state, done.gone) == (1, "partial", 2)
    assert crawl.state(sound) == ("stored", None)
    assert done.links_new == done.stored + done.gone + sum(done.failed.values())


def test_a_failed_article_is_not_tried_again_before_its_time(newsroom: Newsroom, crawl: Crawler) -> None:
    newsroom.fail(listed(newsroom)[0], 500)
    crawl()
    newsroom.requested.clear()

    crawl()

    assert newsroom.article_requests == []


def test_an_article_that_moved_is_stored_where_it_is_now(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    old, new = listed(many)[:2]
    other = next(url for url in many.addresses if identify(url).host == "jabar.tribunnews.com")
    many.redirect(old, f"{other}?page=all")

    done = crawl()

    assert crawl.state(old) == ("skipped", f"redirected away: to {identify(other).key}")
    assert crawl.state(other) == ("stored", None)
    assert crawl.state(new) == ("stored", None)
    assert done.code == 0


def test_a_page_that_cannot_be_read_is_kept_for_a_person_to_see(newsroom: Newsroom, crawl: Crawler) -> None:
    page = b"<html><body><h1>Judul saja</h1>" + b"<!-- iklan -->" * 1000 + b"</body></html>"
    newsroom.answer(listed(newsroom)[0], page)

    crawl()

    with closing(sqlite3.connect(crawl.path)) as connection:
        rows = connection.execute("SELECT reason, encoding, body FROM page WHERE reason IS NOT NULL").fetchall()
    assert [(*told, gzip.decompress(body)) for *told, body in rows] == [("no text", "gzip", page)]


def test_a_crawl_in_which_most_pages_are_unreadable_fails_as_a_whole(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.break_layout("/*", "both")

    done = crawl(listings=ALL_OF_WWW)

    assert (done.code, done.state, done.stored) == (1, "failed", 0)
    assert done.notes[-1].endswith("the site may have changed its layout")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>Selamat datang</body></html>", "no listing could be read"),
        (b"<urlset></urlset>", "every listing was empty; the site may have changed its layout"),
    ],
)
def test_a_crawl_whose_listings_give_nothing_fails(
    newsroom: Newsroom, crawl: Crawler, body: bytes, reason: str
) -> None:
    newsroom.answer("/nasional/sitemap-news.xml", body)
    newsroom.fail("/", 404)

    done = crawl()

    assert (done.code, done.state) == (1, "failed")
    assert done.notes[-1] == reason


def test_a_listing_that_fails_does_not_keep_the_others_from_being_read(newsroom: Newsroom, crawl: Crawler) -> None:
    newsroom.fail("/sitemap_news.xml", 500)
    newsroom.fail("bali.tribunnews.com/", 404)

    done = crawl(listings=NASIONAL | BALI)

    assert (done.code, done.state, done.failed) == (1, "partial", {"server error (500)": 1, "not found (404)": 1})
    assert done.stored == len(listed(newsroom))
    with Archive.open(crawl.path, readonly=True) as archive:
        assert {each.name: each.reason for each in list_listings(archive)}["bali"] == "server error (500)"


@pytest.mark.fact("7.14")
def test_a_host_that_refuses_is_left_alone_after_three_times(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.fail("/regional/*/*", 403)

    done = crawl(listings={"regional": (f"{WWW}/regional/sitemap-news.xml", "sitemap")})

    assert len(many.article_requests) == 3
    assert done.failed == {"refused (403)": 3}
    assert done.left_due == done.due - 3
    told = "refused (403) 3 times in a row: the site refuses this user agent"
    assert re.fullmatch(rf"host www.tribunnews.com left alone until [-0-9: ]+ WIB: {re.escape(told)}", done.notes[0])


def test_a_long_pause_that_the_site_asks_for_ends_the_asking(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.fail("/nasional/7*", 429, retry_after=3600, times=1)

    done = crawl(listings=ALL_OF_WWW)

    asked = [each for each in many.log if each.host == "www.tribunnews.com"]
    assert asked[-1].status == 429
    assert done.failed == {"too many requests (429)": 1}
    assert (done.code, done.state) == (1, "partial")
    assert any("asked for a pause of 3600 s" in note for note in done.notes)


def test_a_short_pause_that_the_site_asks_for_is_waited_for(newsroom: Newsroom, crawl: Crawler) -> None:
    newsroom.fail(listed(newsroom)[0], 503, retry_after=1, times=1)

    crawl()

    times = [each.at for each in newsroom.log if each.host == "www.tribunnews.com"]
    place = next(number for number, each in enumerate(newsroom.log) if each.status == 503)
    assert all((later - newsroom.log[place].at).total_seconds() >= 0.99 for later in times[place + 1 :])


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "too many requests (429), without a time"), (500, "robots unreachable"), (503, "robots unreachable")],
)
def test_where_robots_txt_cannot_be_had_nothing_is_asked(
    newsroom: Newsroom, crawl: Crawler, status: int, said: str
) -> None:
    newsroom.fail("/robots.txt", status)

    done = crawl()

    assert newsroom.requested == ["www.tribunnews.com/robots.txt"]
    assert (done.code, done.state) == (1, "failed")
    assert any(said in note for note in done.notes)


def test_what_robots_txt_disallows_is_not_asked_for(newsroom: Newsroom, crawl: Crawler) -> None:
    url = listed(newsroom)[0]
    path = url.removeprefix(WWW)
    newsroom.answer("/robots.txt", f"User-agent: *\nDisallow: {path}".encode(), headers={"Content-Type": "text/plain"})

    done = crawl()

    assert not any(path in each for each in newsroom.requested)
    assert crawl.state(url) == ("skipped", "robots: disallowed")
    assert (done.skipped, done.code) == (1, 0)
