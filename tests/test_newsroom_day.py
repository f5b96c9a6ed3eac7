"""A day of the newsroom: 440 articles on www, watched through three listings, judged by the newsroom's own log."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.robotparser import RobotFileParser

import pytest

from config.settings import load_settings
from crawler.site import identify
from seeds.newsroom import NOW, Asked, Newsroom
from seeds.sitemaps import ROBOTS
from tests.crawling import WWW, Crawler

ARTICLES = 440
# The first two overlap: what is new stands in both.
LISTINGS = {
    "sitemaps": (f"{WWW}/sitemap.xml", "sitemap"),
    "index-news": (f"{WWW}/index-news", "index"),
    "kaltim": ("https://kaltim.tribunnews.com/sitemap_news.xml", "sitemap"),
}
EVERY = timedelta(hours=2)
# So many articles come on www from one crawl to the next.
_A_CRAWL = 40
_HOSTS = ("www.tribunnews.com", "kaltim.tribunnews.com")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Crawler, list[str]]]:
    """The newsroom and its archive after a day of crawls, and the names of the articles that were edited."""
    with Newsroom(articles=2 * ARTICLES) as newsroom:
        crawl = Crawler(tmp_path_factory.mktemp("day"), newsroom.url)
        names = sorted(
            (name for name in newsroom.names if name.startswith("wire-")),
            key=lambda name: str(newsroom.expected(name)["published_at"]),
        )
        edited: list[str] = []
        newsroom.now = NOW - timedelta(days=1)
        while newsroom.now < NOW:
            newsroom.now += EVERY
            out = [name for name in names if _published(newsroom, name) <= newsroom.now]
            on_www = [name for name in out if newsroom.address(name).startswith(WWW)]
            # Three old ones stand first, and one that is stored already gets another headline.
            newsroom.pin(*on_www[-90:-87])
            if len(on_www) > 2 * _A_CRAWL:
                edited.append(on_www[-2 * _A_CRAWL])
                newsroom.edit(edited[-1], title=f"UPDATE: {newsroom.expected(edited[-1])['title']}")
            done = crawl(listings=LISTINGS, settings="[crawl]\nmax_index_pages = 10")
            assert (done.code, done.state) == (0, "succeeded"), done.said
        yield newsroom, crawl, edited


def _published(newsroom: Newsroom, name: str) -> datetime:
    return datetime.fromisoformat(newsroom.expected(name)["published_at"])


Day = tuple[Newsroom, Crawler, list[str]]


@pytest.mark.slow
@pytest.mark.fact("7.11")
def test_every_article_is_stored_once_as_it_stands(day: Day) -> None:
    newsroom, crawl, _ = day
    listed = [name for name in newsroom.names if identify(newsroom.address(name)).host in _HOSTS]
    of_the_day = [name for name in listed if name.startswith("wire-")]

    stored = crawl.stored()

    assert len([name for name in of_the_day if newsroom.address(name).startswith(WWW)]) >= ARTICLES
    assert {newsroom.address(name) for name in of_the_day} <= stored.keys()
    assert len(crawl.keys()) == len(set(crawl.keys())) == len(stored)


@pytest.mark.slow
@pytest.mark.fact("7.18")
def test_an_edited_article_is_kept_as_it_was_and_as_it_is(day: Day) -> None:
    newsroom, crawl, edited = day

    stored = crawl.stored()

    assert len(edited) > 5
    for name in edited:
        assert stored[newsroom.address(name)]["title"] == newsroom.expected(name)["title"]
        assert crawl.revisions(newsroom.address(name)) == 2


@pytest.mark.slow
def test_an_article_costs_hardly_more_than_one_request(day: Day) -> None:
    newsroom, crawl, _ = day

    requests = newsroom.article_requests

    assert len(requests) <= 1.1 * len(crawl.stored())


@pytest.mark.slow
@pytest.mark.fact("1.5.1", "7.15")
def test_nothing_is_asked_that_robots_txt_forbids(day: Day) -> None:
    newsroom, _, _ = day
    robots = RobotFileParser()
    robots.parse(ROBOTS.format(host="www.tribunnews.com").splitlines())

    assert newsroom.log
    assert [each.path for each in newsroom.log if not robots.can_fetch("Tribunwatch", each.path)] == []


@pytest.mark.slow
def test_no_pause_is_shorter_than_promised_and_no_host_is_asked_two_things_at_once(day: Day) -> None:
    newsroom, crawl, _ = day
    settings = load_settings(crawl.folder / "config.toml", {}, {}).for_own_machine(newsroom.url)
    by_host: dict[str, list[Asked]] = defaultdict(list)
    for each in newsroom.log:
        by_host[each.host].append(each)

    pauses = [
        (later.at - earlier.at).total_seconds() for asked in by_host.values() for earlier, later in pairwise(asked)
    ]

    assert min(pauses) >= settings.spider.download_delay_s
    assert {newsroom.most_at_once[host] for host in by_host} == {1}
