"""A back-fill gives way to the news, by real processes: nothing is lost or fetched twice, and it stays one crawl."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import crawl_lines, list_crawls, load_crawl
from crawler.archive.reading import newest_articles
from crawler.archive.requests import stop_crawl
from crawler.judge import Allowed, load_log
from seeds.newsroom import Newsroom
from tests.crawling import INDEX, NASIONAL, wait_until, wrong_by
from tests.dispatching import ask, child_of, dispatching, ended, retry_of, send, serving, write_config

# Two days of the clock of Jakarta, long past.
DAYS: dict[str, Any] = {
    "since": datetime(2026, 7, 22, 18, tzinfo=UTC),
    "until": datetime(2026, 7, 24, 16, tzinfo=UTC),
}
LIMIT = 12
LOG = "newsroom.jsonl"
SITEMAP, A_DAY, OF_ARTICLES = "/nasional/sitemap-news.xml", "/index-news?date=*", "/7"
ARTICLES = f"/*{OF_ARTICLES}*"


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom whose days have several pages; each of them takes a while, and so do some articles."""
    with Newsroom(articles=300, log_to=tmp_path / LOG) as newsroom:
        newsroom.slow(A_DAY, 0.3)
        newsroom.slow(ARTICLES, 0.3)
        yield newsroom


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path, listings={**NASIONAL, **INDEX}, settings="[service]\nleast_backfill_s = 1.0")


def back_fill(archive: Archive, newsroom: Newsroom, **options: Any) -> int:
    return ask(archive, newsroom.url, **DAYS, limit=LIMIT, **options)


def ask_for_news(archive: Archive, newsroom: Newsroom) -> int:
    return ask(archive, newsroom.url, "nasional", limit=1)


def days_asked(newsroom: Newsroom) -> list[str]:
    return [each for each in list(newsroom.requested) if "index-news?date=" in each]


def twice(asked: list[str]) -> int:
    """Return how many of these requests were made before."""
    return len(asked) - len(set(asked))


@pytest.mark.parametrize("case", [("a day", True), ("a day", False), ("an article", False)])
def test_a_back_fill_gives_way_and_goes_on_where_it_was(
    week: Newsroom, archive: Archive, place: str, config: Path, case: tuple[str, bool]
) -> None:
    under_way, again = case
    with dispatching(place, config):
        past = back_fill(archive, week, again=again)
        wait_until(lambda: bool(days_asked(week) if under_way == "a day" else week.article_requests))
        news = ask_for_news(archive, week)

        of_news = ended(archive, news)
        is_open = load_crawl(archive, crawl_id=past).is_open
        week.heal()
        of_past = ended(archive, past)

    assert is_open
    assert (of_news.state, of_past.state, of_past.attempt) == ("succeeded", "succeeded", 1)
    assert [each.to for each in of_past.gave_way] == [news]
    assert len(list_crawls(archive)) == 2
    # The last page that was read of a day is asked once more, in case that something was taken off it.
    assert twice(days_asked(week)) <= 1
    assert twice(week.article_requests) == 0
    assert Counter(week.requested)[f"www.tribunnews.com{SITEMAP}"] == 2
    report = of_past.report
    assert (report["days_asked"], report["days_known"]) == (2, 0)
    assert (report["due"], report["fetched"], of_news.report["fetched"]) == (LIMIT, LIMIT, 1)
    answers = Counter(report["answers"]) + Counter(of_news.report["answers"])
    assert answers.total() == len(week.requested)
    assert len(list(newest_articles(archive))) == report["stored"] + of_news.report["stored"] == LIMIT + 1
    told = [each.line for each in crawl_lines(archive, crawl_id=past)]
    assert f"crawl is asked to give way crawl={past} to={news}" in told
    assert any(line.startswith(f"crawl goes on, having given way crawl={past} ") for line in told)
    assert wrong_by(place, load_log(config.with_name(LOG))) == []


def test_killed_while_it_gives_way_nothing_is_lost(week: Newsroom, archive: Archive, place: str, config: Path) -> None:
    week.slow(ARTICLES, 60)

    def only_that_under_way_is_not_stored() -> bool:
        asked = list(week.article_requests)
        return bool(asked) and OF_ARTICLES in asked[-1] and len(list(newest_articles(archive))) == len(asked) - 1

    with dispatching(place, config):
        past = back_fill(archive, week)
        wait_until(only_that_under_way_is_not_stored)
        news = ask_for_news(archive, week)
        wait_until(lambda: load_crawl(archive, crawl_id=past).gives_way_to == news)

        send(child_of(archive, past), signal.SIGKILL)
        lost = ended(archive, past)
        week.heal()
        of_news = ended(archive, news)
        again = ended(archive, retry_of(archive, past).crawl_id)

    assert (lost.state, lost.reason, lost.gave_way) == ("lost", "killed by signal 9", ())
    assert (of_news.state, again.state, again.attempt) == ("succeeded", "succeeded", 2)
    assert twice(week.article_requests) <= 1
    assert wrong_by(place, load_log(config.with_name(LOG)), Allowed(repeats=1)) == []


def test_a_back_fill_that_rests_outlives_its_service(
    week: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with serving(place, config) as service:
        past = back_fill(archive, week)
        wait_until(lambda: bool(days_asked(week)))
        week.slow(SITEMAP, 60)
        news = ask_for_news(archive, week)
        wait_until(lambda: load_crawl(archive, crawl_id=past).rests)
        child = child_of(archive, news)
        service.kill()
        wait_until(lambda: child.is_gone)
    rested = load_crawl(archive, crawl_id=past)
    week.heal()

    with dispatching(place, config):
        of_past = ended(archive, past)

    assert (rested.state, rested.report["state"], rested.report["days_asked"] < 2) == ("queued", "queued", True)
    assert (of_past.state, of_past.attempt, of_past.report["fetched"]) == ("succeeded", 1, LIMIT)
    assert [each.retry_of for each in list_crawls(archive)] == [news, None, None]
    assert wrong_by(place, load_log(config.with_name(LOG)), Allowed(repeats=1)) == []


def test_two_services_take_turns_with_a_back_fill(week: Newsroom, archive: Archive, place: str, config: Path) -> None:
    with dispatching(place, config), dispatching(place, config):
        past = back_fill(archive, week)
        for _ in range(2):
            wait_until(lambda: load_crawl(archive, crawl_id=past).state == "running")
            assert ended(archive, ask_for_news(archive, week)).state == "succeeded"
        week.heal()
        of_past = ended(archive, past)

    assert (of_past.state, of_past.attempt, of_past.report["fetched"]) == ("succeeded", 1, LIMIT)
    assert len(of_past.gave_way) == 2
    assert len(list_crawls(archive)) == 3
    assert week.most_at_once["www.tribunnews.com"] == 1
    assert wrong_by(place, load_log(config.with_name(LOG))) == []


def test_it_is_cancelled_while_it_gives_way(week: Newsroom, archive: Archive, place: str, config: Path) -> None:
    with dispatching(place, config):
        past = back_fill(archive, week)
        wait_until(lambda: bool(days_asked(week)))
        ask_for_news(archive, week)
        wait_until(lambda: load_crawl(archive, crawl_id=past).gives_way_to is not None)
        stop_crawl(archive, crawl_id=past, reason="cancelled by a person", now=datetime.now(UTC))

        of_past = ended(archive, past)

    assert (of_past.state, of_past.reason) == ("cancelled", "cancelled by a person")
    assert retry_count(archive) == 0


def test_it_does_not_give_way_before_it_has_run_for_a_while(
    week: Newsroom, archive: Archive, place: str, tmp_path: Path
) -> None:
    config = write_config(tmp_path, listings={**NASIONAL, **INDEX}, settings="[service]\nleast_backfill_s = 3600.0")
    week.heal()
    with dispatching(place, config):
        past = back_fill(archive, week)
        wait_until(lambda: bool(days_asked(week)))
        news = ask_for_news(archive, week)

        of_news, of_past = ended(archive, news), load_crawl(archive, crawl_id=past)

    assert (of_past.state, of_past.gave_way) == ("succeeded", ())
    assert of_news.started_at is not None
    assert of_past.ended_at is not None
    assert of_past.ended_at <= of_news.started_at


def retry_count(archive: Archive) -> int:
    return sum(each.retry_of is not None for each in list_crawls(archive))
