"""`receipt`: every article that the site listed on a day is stored, or told with the reason why not."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.home import Home

DAY = "2026-07-24"
PLACE = ("--archive", "a.db")


@pytest.fixture
def site() -> Iterator[Newsroom]:
    with Newsroom(articles=40) as newsroom:
        yield newsroom


def of_the_day(newsroom: Newsroom, host: str = "www.tribunnews.com") -> list[str]:
    """Return the addresses of a host that are dated by the day."""
    return [
        newsroom.address(name)
        for name in newsroom.names
        if identify(newsroom.address(name)).host == host
        and (newsroom.expected(name)["published_at"] or "").startswith(DAY)
    ]


def receipt(home: Home, newsroom: Newsroom, *options: str) -> tuple[int, dict[str, Any]]:
    done = home.run("receipt", DAY, "--json", "--site", newsroom.url, *options, *PLACE)
    return done.returncode, json.loads(done.stdout)


def crawl(home: Home, newsroom: Newsroom, *arguments: str) -> None:
    home.run("crawl", *arguments, "--since", DAY, "--until", DAY, "--site", newsroom.url, *PLACE)


def test_a_day_that_is_stored_whole_has_no_gap(home: Home, site: Newsroom) -> None:
    crawl(home, site)

    code, told = receipt(home, site, "--host", "www")

    assert code == 0
    assert told["gaps"] == []
    assert sum(row["listed"] for row in told["rows"]) == sum(row["stored"] for row in told["rows"])
    assert sum(row["listed"] for row in told["rows"]) == len(of_the_day(site))
    assert {row["host"] for row in told["rows"]} == {"www.tribunnews.com"}


def test_every_gap_has_its_reason_and_can_be_fetched_with_one_option(home: Home, site: Newsroom) -> None:
    broken, unreadable, gone, *sound = of_the_day(site)
    site.fail(broken, 500)
    site.answer(unreadable, b"<html><body><h1>Judul saja</h1></body></html>")
    site.fail(gone, 404)
    crawl(home, site)

    code, told = receipt(home, site)
    printed = home.run("receipt", DAY, *PLACE).stdout

    gaps = {gap["url"]: gap for gap in told["gaps"]}
    assert code == 1
    assert {url: (gap["state"], gap["reason"]) for url, gap in gaps.items()} == {
        broken: ("failed", "server error (500)"),
        unreadable: ("failed", "no text"),
    }
    assert all(gap["title"] and gap["next_try_at"] for gap in gaps.values())
    assert [sum(row[name] for row in told["rows"]) for name in ("stored", "gone", "gaps")] == [len(sound), 1, 2]
    assert re.search(
        rf"gap +{re.escape(broken)}\n +{DAY} .*\n +failed: server error \(500\); attempt 2 from 20", printed
    )

    site.heal()
    site.requested.clear()
    code, told = receipt(home, site, "--fetch")

    assert (code, told["gaps"]) == (0, [])
    assert sorted(each.partition("?")[0] for each in site.article_requests) == sorted(
        url.removeprefix("https://") for url in (broken, unreadable)
    )
    assert not any("index-news" in each or "sitemap" in each for each in site.requested)
    assert told["crawl"]["state"] == "succeeded"


def test_the_index_of_the_day_can_be_asked_anew_without_fetching_anything(home: Home, site: Newsroom) -> None:
    crawl(home, site, "--limit", "1")
    late = "000_d3675def684afb29"
    site.edit(late, published_at=f"{DAY}T09:00:00+07:00")
    _, before = receipt(home, site)
    site.requested.clear()

    code, told = receipt(home, site, "--ask")

    assert code == 1
    assert site.article_requests == []
    assert any(f"index-news?date={DAY}" in each for each in site.requested)
    assert not any("sitemap" in each for each in site.requested)
    assert len(told["gaps"]) >= len(before["gaps"])
    assert told["crawl"]["fetched"] == 0


def test_what_the_settings_leave_out_is_no_gap_but_is_told_with_its_reason(home: Home, site: Newsroom) -> None:
    followed = identify(of_the_day(site)[0]).section
    crawl(home, site, "--limit", "1")
    (home.folder / "config.toml").write_text(f'[site]\nsections = ["{followed}"]\n')
    settings = ("--config", "config.toml", *PLACE)
    home.run("crawl", "--limit", "1", "--site", site.url, *settings)

    told = json.loads(home.run("receipt", DAY, "--json", *settings).stdout)
    printed = home.run("receipt", DAY, *settings).stdout

    skipped = {reason for row in told["rows"] for reason in row["skipped"]}
    assert skipped
    assert all(reason.startswith("not followed: section ") for reason in skipped)
    assert {gap["section"] for gap in told["gaps"]} <= {followed}
    assert re.search(r"skipped +\d+ × not followed: section ", printed)


def test_a_day_of_which_nothing_is_known_is_no_proof(home: Home, site: Newsroom) -> None:
    crawl(home, site, "--limit", "1")

    done = home.run("receipt", "2020-01-01", *PLACE)

    assert done.returncode == 1
    assert "no listing is known that named an article of 2020-01-01; ask the site with --ask" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kemarin",), "'kemarin' is no day: write 2026-07-24, today or yesterday"),
        ((DAY, "--host", "jabarr"), "jabarr"),
        ((DAY, "--ask", "--host", "aceh"), "no listing of aceh.tribunnews.com is followed"),
    ],
)
def test_what_cannot_be_asked_for_is_told_in_one_line(home: Home, arguments: tuple[str, ...], said: str) -> None:
    home.run("archive", "upgrade", *PLACE)

    done = home.run("receipt", *arguments, *PLACE)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
