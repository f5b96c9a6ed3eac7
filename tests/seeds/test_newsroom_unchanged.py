"""What the newsroom sends again and what not: validators, 304, compression, HEAD."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from seeds.newsroom import NOW, Newsroom

Ask = Callable[..., Any]

FLOOD = "001_banjir"
WWW = "https://www.tribunnews.com"
KALTIM = "https://kaltim.tribunnews.com"
FLOOD_URL = f"{WWW}/regional/7001/banjir-uji"


LISTINGS = [
    "/robots.txt",
    "/sitemap.xml",
    "/regional/sitemap-news.xml",
    "/index-news",
    "/regional",
    "/regional/7001/banjir-uji",
]


@pytest.mark.parametrize("path", LISTINGS)
def test_what_the_client_has_is_not_sent_again(room: Newsroom, ask: Ask, path: str) -> None:
    first = ask(room, f"{WWW}{path}")

    by_tag = ask(room, f"{WWW}{path}", headers={"If-None-Match": first.headers["ETag"]})
    by_time = ask(room, f"{WWW}{path}", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_tag.status, by_tag.body, by_tag.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (by_time.status, by_time.body) == (304, b"")


@pytest.mark.parametrize("path", LISTINGS)
@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other", W/"one"'},
        {"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"},
        {"If-Modified-Since": "not a date"},
        # The tag decides where both are sent.
        {"If-None-Match": '"other"', "If-Modified-Since": "Sat, 25 Jul 2026 00:00:00 GMT"},
    ],
)
def test_what_the_client_has_not_is_sent(room: Newsroom, ask: Ask, path: str, headers: dict[str, str]) -> None:
    assert ask(room, f"{WWW}{path}", headers=headers).status == 200


def test_a_tag_among_others_counts(room: Newsroom, ask: Ask) -> None:
    tag = ask(room, FLOOD_URL).headers["ETag"]

    assert ask(room, FLOOD_URL, headers={"If-None-Match": f'"x", {tag.removeprefix("W/")}'}).status == 304


@pytest.mark.parametrize("path", ["/sitemap-news.xml", "/index-news", "/regional", "/"])
def test_a_listing_stays_the_same_while_only_time_passes(room: Newsroom, ask: Ask, path: str) -> None:
    first = ask(room, f"{WWW}{path}")

    room.now += timedelta(hours=30)

    later = ask(room, f"{WWW}{path}")
    assert (later.headers["ETag"], later.headers["Last-Modified"]) == (
        first.headers["ETag"],
        first.headers["Last-Modified"],
    )


@pytest.mark.parametrize("path", ["/sitemap-news.xml", "/index-news", "/regional", "/"])
def test_a_listing_changes_with_what_it_lists_even_twice_in_a_second(room: Newsroom, ask: Ask, path: str) -> None:
    tags, moments = [], []
    for title in ("Satu", "Dua", "Tiga"):
        room.edit(FLOOD, title=title)
        got = ask(room, f"{WWW}{path}")
        tags.append(got.headers["ETag"])
        moments.append(parsedate_to_datetime(got.headers["Last-Modified"]))

    assert len(set(tags)) == 3
    assert moments == sorted(set(moments))


def test_the_listing_of_another_site_does_not_change(room: Newsroom, ask: Ask) -> None:
    first = ask(room, f"{KALTIM}/index-news").headers["ETag"]

    room.edit(FLOOD, title="Baru")

    assert ask(room, f"{KALTIM}/index-news").headers["ETag"] == first


def test_an_article_that_was_edited_is_sent_again(room: Newsroom, ask: Ask) -> None:
    first = ask(room, FLOOD_URL)
    assert parsedate_to_datetime(first.headers["Last-Modified"]) == datetime.fromisoformat("2026-07-24T17:40:20+07:00")

    room.edit(FLOOD, title="Baru")

    later = ask(room, FLOOD_URL, headers={"If-None-Match": first.headers["ETag"]})
    assert later.status == 200
    assert parsedate_to_datetime(later.headers["Last-Modified"]) == NOW


def test_a_listing_is_zipped_for_who_takes_it(room: Newsroom, ask: Ask) -> None:
    for path in LISTINGS:
        plain = ask(room, f"{WWW}{path}")
        zipped = ask(room, f"{WWW}{path}", headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.5"})

        assert (plain.headers["Content-Encoding"], zipped.headers["Content-Encoding"]) == (None, "gzip")
        assert zipped.unzipped == plain.body
        assert zipped.headers["Vary"] == "Accept-Encoding"


def test_gzip_is_not_sent_to_who_refuses_it(room: Newsroom, ask: Ask) -> None:
    got = ask(room, FLOOD_URL, headers={"Accept-Encoding": "gzip;q=0, identity"})

    assert got.headers["Content-Encoding"] is None


def test_head_tells_the_same_as_get_without_a_body(room: Newsroom, ask: Ask) -> None:
    for path in (*LISTINGS, "/tidak-ada"):
        got, head = (ask(room, f"{WWW}{path}", method=method) for method in ("GET", "HEAD"))

        assert (head.status, head.body) == (got.status, b"")
        assert head.headers["Content-Length"] == str(len(got.body))
        assert head.headers["ETag"] == got.headers["ETag"]
