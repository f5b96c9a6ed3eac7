"""Whole crawls, one after the other: what a host asked for, and what it was asked, outlives a crawl."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.hosts import load_hosts
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, BALI, NASIONAL, Crawler, listed, wait_until

WWW = "www.tribunnews.com"


def let_time_pass(crawl: Crawler, seconds: int) -> None:
    """Turn back what the archive knows of hosts, as if so much time had passed."""
    with closing(sqlite3.connect(crawl.path)) as connection, connection:
        connection.execute(
            "UPDATE host SET robots_at = robots_at - ?1, robots_until = robots_until - ?1, "
            "not_before = not_before - ?1, last_asked_at = last_asked_at - ?1",
            (seconds,),
        )


def asked_of(newsroom: Newsroom, host: str = WWW) -> list[str]:
    return [each.removeprefix(host) for each in newsroom.requested if each.startswith(host)]


def test_robots_txt_is_asked_for_once_a_day_whatever_the_number_of_crawls(newsroom: Newsroom, crawl: Crawler) -> None:
    crawl()
    crawl()
    assert asked_of(newsroom).count("/robots.txt") == 1

    let_time_pass(crawl, 24 * 3600)
    crawl()

    assert asked_of(newsroom).count("/robots.txt") == 2


def test_a_kept_robots_txt_stands_in_for_one_that_cannot_be_had_until_it_is_a_day_old(
    newsroom: Newsroom, crawl: Crawler
) -> None:
    body = b"User-agent: *\nDisallow: /tag/\n"
    newsroom.answer("/robots.txt", body, headers={"Content-Type": "text/plain", "Cache-Control": "max-age=3600"})
    crawl("--limit", "1", listings=ALL_OF_WWW)
    newsroom.heal()
    newsroom.fail("/robots.txt", 503)
    newsroom.requested.clear()

    let_time_pass(crawl, 2 * 3600)
    within_a_day = crawl("--limit", "1", listings=ALL_OF_WWW)

    assert asked_of(newsroom)[0] == "/robots.txt"
    assert within_a_day.stored == 1
    newsroom.requested.clear()

    let_time_pass(crawl, 23 * 3600)
    later = crawl(listings=ALL_OF_WWW)

    assert asked_of(newsroom) == ["/robots.txt"]
    assert (later.code, later.stored) == (1, 0)
    assert any("robots unreachable (status 503)" in note for note in later.notes)


def test_where_the_network_is_gone_nothing_is_blamed_on_the_site_though_its_robots_txt_is_known(
    newsroom: Newsroom, crawl: Crawler
) -> None:
    crawl("--limit", "1")
    due = listed(newsroom)
    before = {url: crawl.state(url) for url in due}
    newsroom.close()

    gone = crawl()

    assert gone.code == 4
    assert {url: crawl.state(url) for url in due} == before
    with Archive.open(crawl.path, readonly=True) as archive:
        known = load_hosts(archive)[WWW]
    assert (known.failures, known.not_before) == (0, None)


@pytest.mark.unjudged("by the log, the host is asked before its pause is over")
def test_a_long_pause_outlives_the_crawl_and_holds_for_its_host_alone(newsroom: Newsroom, crawl: Crawler) -> None:
    newsroom.fail(listed(newsroom)[0], 503, retry_after=1800, times=1)
    crawl(settings="[spider]\npatience_s = 1")
    newsroom.requested.clear()

    during = crawl(listings=NASIONAL | BALI)

    assert asked_of(newsroom) == []
    assert asked_of(newsroom, "bali.tribunnews.com")[0] == "/robots.txt"
    assert (during.code, during.state) == (1, "partial")
    assert any(
        note.startswith(f"host {WWW} left alone until ")
        and note.endswith("WIB: server error (503), asked for a pause of 1800 s")
        for note in during.notes
    )

    let_time_pass(crawl, 1801)
    after = crawl()

    assert asked_of(newsroom) != []
    assert not any("left alone" in note for note in after.notes)


def test_what_is_due_of_a_host_left_alone_takes_no_place_from_what_can_be_fetched(
    many: Newsroom, tmp_path: Path
) -> None:
    crawl = Crawler(tmp_path, many.url)
    # What is left of www, whose budget then is used up, is newer than all of manado.
    www = {"www": (f"https://{WWW}/superskor/sitemap-news.xml", "sitemap")}
    manado = {"manado": ("https://manado.tribunnews.com/sitemap_news.xml", "sitemap")}
    settings = "[spider]\nrequests_per_day = 3"
    crawl("--limit", "1", listings=www, settings=settings)
    many.requested.clear()

    done = crawl("--limit", "1", listings=www | manado, settings=settings)

    assert asked_of(many) == []
    assert (done.stored, done.left_due, done.due) == (1, 1, 2)


def test_a_host_that_refuses_is_asked_once_after_each_pause_until_it_no_longer_does(
    many: Newsroom, tmp_path: Path
) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.fail("/*", 403)
    crawl()
    assert len(asked_of(many)) == 3
    let_time_pass(crawl, 300)
    many.requested.clear()

    refused = crawl()
    again = crawl()

    assert asked_of(many) == ["/nasional/sitemap-news.xml"]
    assert (refused.code, again.code) == (1, 1)
    assert any("refused (403) 4 times in a row: the site refuses this user agent" in note for note in again.notes)
    with Archive.open(crawl.path, readonly=True) as archive:
        known = load_hosts(archive)[WWW]
    assert (known.refusals, known.failures) == (4, 0)

    many.heal()
    let_time_pass(crawl, 1200)
    healed = crawl()

    assert healed.stored > 0
    with Archive.open(crawl.path, readonly=True) as archive:
        known = load_hosts(archive)[WWW]
    assert (known.refusals, known.not_before, known.wait_reason) == (0, None, None)


@pytest.mark.fact("7.14")
def test_walls_in_place_of_articles_are_none_and_three_in_a_row_end_the_asking(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    wall = b"<html><head><title>Just a moment...</title></head><body><h1>Verifying you are human</h1></body></html>"
    for url in many.addresses:
        many.answer(url, wall)

    done = crawl(listings=ALL_OF_WWW)

    assert len(many.article_requests) == 3
    assert (done.code, done.state, done.stored) == (1, "partial", 0)
    assert done.left_due == done.due - 3
    assert any("3 pages in a row were no articles but walls (consent, captcha, error)" in note for note in done.notes)


def test_the_budget_of_the_day_counts_over_crawls_and_leaves_the_rest_due(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    settings = "[spider]\nrequests_per_day = 12"
    first = crawl("--limit", "5", listings=ALL_OF_WWW, settings=settings)
    assert first.stored < 5
    assert len(asked_of(many)) == 12

    second = crawl(listings=ALL_OF_WWW, settings=settings)

    assert len(asked_of(many)) == 12
    assert (second.code, second.listings_asked) == (1, 0)
    assert any(
        note.startswith(f"host {WWW} left alone until ")
        and note.endswith("00:00 WIB: the budget of the day is used up (12 of 12 requests)")
        for note in second.notes
    )

    more = crawl(listings=ALL_OF_WWW, settings="[spider]\nrequests_per_day = 1000")

    assert more.stored > 0


def test_after_a_kill_no_request_is_left_uncounted(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    child = subprocess.Popen(crawl.command(listings=ALL_OF_WWW), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(many.article_requests) > 5)
    child.kill()
    child.communicate()

    with Archive.open(crawl.path, readonly=True) as archive:
        known = load_hosts(archive)[WWW]

    assert len(asked_of(many)) <= known.counted <= len(asked_of(many)) + 100
