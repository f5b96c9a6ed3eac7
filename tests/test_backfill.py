"""Back-fill: the days of the index are walked once, whatever comes between, and nothing is lost or fetched twice."""

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.dates import ZONES
from crawler.site import identify
from crawler.spider.listings import Window, days_of
from seeds.newsroom import NOW, Newsroom
from tests.crawling import INDEX, WWW, Crawler, wait_until

# Articles over several days, all long past: a generated article stands every 90 seconds before the clock.
SINCE, UNTIL = "2026-07-22", "2026-07-24"
PERIOD = ("--since", SINCE, "--until", UNTIL)


@pytest.fixture(scope="module")
def week() -> Iterator[Newsroom]:
    """A newsroom whose days have several pages."""
    with Newsroom(articles=400) as newsroom:
        yield newsroom


@pytest.fixture
def crawl(week: Newsroom, tmp_path: Path) -> Iterator[Crawler]:
    yield Crawler(tmp_path, week.url)
    week.heal()
    week.requested.clear()


def index_requests(newsroom: Newsroom) -> list[tuple[str, int]]:
    """Return day and page of every request for a page of a day, and forget them."""
    found = [re.search(r"index-news\?date=([\d-]+)&page=(\d+)$", each) for each in newsroom.requested]
    newsroom.requested.clear()
    return [(each[1], int(each[2])) for each in found if each]


def backfill(crawl: Crawler) -> dict[str, tuple[int, int]]:
    """Return, by day, whether it is done and how many pages were read."""
    with closing(sqlite3.connect(crawl.path)) as connection:
        return {
            day: (done, pages) for day, done, pages in connection.execute("SELECT day, is_done, pages FROM backfill")
        }


def links(crawl: Crawler) -> set[str]:
    with closing(sqlite3.connect(crawl.path)) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM link")}


def listed_in(newsroom: Newsroom, *days: str) -> set[str]:
    entries = {name: newsroom.address(name) for name in newsroom.names}
    return {
        identify(url).key
        for name, url in entries.items()
        if identify(url).host == "www.tribunnews.com" and str(newsroom.expected(name)["published_at"])[:10] in days
    }


@pytest.mark.fact("1.3.1")
@pytest.mark.fact("1.3.5")
def test_a_back_fill_walks_the_days_newest_first_and_a_second_one_costs_nothing(week: Newsroom, crawl: Crawler) -> None:
    first = crawl(*PERIOD, "--limit", "5", listings=INDEX)
    asked = index_requests(week)
    found = links(crawl)
    second = crawl(*PERIOD, "--limit", "5", listings=INDEX)
    again = index_requests(week)
    third = crawl(*PERIOD, "--limit", "5", "--again", listings=INDEX)

    days = [day for day, page in asked if page == 1]
    assert days == sorted(days, reverse=True) == ["2026-07-24", "2026-07-23", "2026-07-22"]
    assert max(page for _, page in asked) > 2
    assert len(asked) == len(set(asked))
    # Some days repeat the last article of the day before.
    assert found >= listed_in(week, *days)
    assert backfill(crawl) == {day: (1, sum(each == day for each, _ in asked)) for day in days}
    assert (first.days_asked, first.days_known, first.stored) == (3, 0, 5)
    assert again == []
    assert (second.days_asked, second.days_known, second.code) == (0, 3, 0)
    # What was over the limit stayed due.
    assert second.stored == third.stored == 5
    assert index_requests(week) == asked


def test_a_page_that_fails_leaves_its_day_open_and_the_next_walk_goes_on_there(week: Newsroom, crawl: Crawler) -> None:
    week.fail("/index-news?date=2026-07-24&page=3", 500)

    first = crawl(*PERIOD, "--limit", "1", listings=INDEX)
    asked = index_requests(week)
    was = backfill(crawl)
    week.heal()
    second = crawl(*PERIOD, "--limit", "1", listings=INDEX)

    assert (first.code, first.state) == (1, "partial")
    assert was["2026-07-24"] == (0, 2)
    assert was["2026-07-23"][0] == was["2026-07-22"][0] == 1
    assert ("2026-07-22", 1) in asked
    # The last page that was read is asked once more, in case that something was taken off the day.
    assert index_requests(week)[:2] == [("2026-07-24", 2), ("2026-07-24", 3)]
    assert (second.code, second.days_asked, second.days_known) == (0, 1, 2)
    assert backfill(crawl)["2026-07-24"][0] == 1
    assert links(crawl) >= listed_in(week, "2026-07-22", "2026-07-23", "2026-07-24")


@pytest.mark.parametrize("page", ["date=2026-07-24&page=1", "date=2026-07-24&page=3", "date=2026-07-23&page=1"])
def test_killed_in_the_middle_it_ends_as_if_it_never_had_been(week: Newsroom, crawl: Crawler, page: str) -> None:
    undisturbed = Crawler(crawl.folder / "undisturbed", week.url)
    undisturbed.folder.mkdir()
    undisturbed(*PERIOD, "--limit", "3", listings=INDEX)
    week.requested.clear()
    week.slow(f"/index-news?{page}", 60)
    child = subprocess.Popen(crawl.command(*PERIOD, "--limit", "3", listings=INDEX), stdout=subprocess.PIPE)
    try:
        wait_until(lambda: any(page in each for each in week.requested))
    finally:
        child.kill()
        child.communicate()
    before = index_requests(week)
    week.heal()

    done = crawl(*PERIOD, "--limit", "3", listings=INDEX)

    assert done.code == 0
    assert links(crawl) == links(undisturbed)
    assert set(crawl.stored()) == set(undisturbed.stored())
    assert {day for day, (is_done, _) in backfill(crawl).items() if is_done} == {*backfill(undisturbed)}
    # Only the last page that was kept, and the one under way, are asked again.
    assert len(set(index_requests(week)) & set(before)) <= 2


def test_an_empty_day_is_done_with_one_page(week: Newsroom, crawl: Crawler) -> None:
    done = crawl("--since", "2020-01-01", "--until", "2020-01-03", listings=INDEX)

    assert index_requests(week) == [("2020-01-03", 1), ("2020-01-02", 1), ("2020-01-01", 1)]
    assert {is_done for is_done, _ in backfill(crawl).values()} == {1}
    assert (done.code, done.days_asked) == (0, 3)


@pytest.mark.fact("1.3.2")
def test_sections_that_are_named_are_walked_alone(week: Newsroom, crawl: Crawler) -> None:
    done = crawl(
        "www",
        "--since",
        UNTIL,
        "--until",
        UNTIL,
        "--limit",
        "2",
        listings={},
        settings='[site]\nsections = ["nasional"]',
    )

    asked = {each for each in week.requested if "date=" in each}
    assert asked
    assert all(each.startswith("www.tribunnews.com/index-news/nasional?") for each in asked)
    assert done.code == 0


@pytest.mark.fact("1.3.3")
def test_every_followed_host_is_walked_by_its_own_clock(week: Newsroom, crawl: Crawler) -> None:
    crawl("--since", UNTIL, "--until", UNTIL, "--limit", "1", listings={}, settings='[site]\nhosts = ["papua", "bali"]')

    asked = [each for each in week.requested if "date=" in each]
    days: dict[str, set[str]] = {each.partition("/")[0]: set() for each in asked}
    for each in asked:
        days[each.partition("/")[0]].add(each.split("date=")[1][:10])
    # Midnight in Jakarta is one o'clock in Bali and two in Papua: the last hours belong to their next day.
    assert days == {
        "papua.tribunnews.com": {"2026-07-24", "2026-07-25"},
        "bali.tribunnews.com": {"2026-07-24", "2026-07-25"},
    }


def test_today_and_yesterday_are_always_asked_again(crawl: Crawler, week: Newsroom) -> None:
    crawl("--since", "3d", "--limit", "1", listings=INDEX)
    first = {day for day, _ in index_requests(week)}
    crawl("--since", "3d", "--limit", "1", listings=INDEX)

    assert len(first) == 4
    assert {day for day, _ in index_requests(week)} == set(sorted(first)[-2:])


def test_days_are_counted_back_lazily_however_far() -> None:
    days = days_of(Window(NOW, NOW - timedelta(days=20_000)), ZONES["WIB"])

    assert next(days) == date(2026, 7, 24)
    assert next(days) == date(2026, 7, 23)
    assert sum(1 for _ in days) == 20_000 - 1


def test_no_day_lies_in_the_future_or_after_the_end() -> None:
    since = datetime(2026, 7, 22, tzinfo=ZONES["WIB"])

    assert next(days_of(Window(NOW, since, NOW + timedelta(days=9)), ZONES["WIB"])) == date(2026, 7, 24)
    assert list(days_of(Window(NOW, since, since), ZONES["WIB"])) == [date(2026, 7, 22)]
    assert list(days_of(Window(NOW, NOW, since), ZONES["WIB"])) == []


@pytest.mark.fact("1.3.4")
@pytest.mark.fact("7.11")
def test_without_days_the_index_is_asked_for_ten_pages_at_most(week: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, week.url)
    week.requested.clear()

    done = crawl("--limit", "1", listings=INDEX, settings="[crawl]\nmax_index_pages = 10")

    pages = [each for each in week.requested if "index-news" in each]
    assert pages[0] == "www.tribunnews.com/index-news"
    assert len(pages) == done.listings_asked <= 10
    assert f"{WWW}/index-news?page=11".removeprefix("https://") not in pages
