"""Home and section pages of the newsroom, desktop and mobile, and its feeds."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from seeds.newsroom import Newsroom

Ask = Callable[..., Any]
WWW = "https://www.tribunnews.com"


@pytest.mark.fact("2.4.5")
@pytest.mark.parametrize("host", ["www", "m"])
def test_a_list_ends_with_a_button_and_a_link_to_the_index(big: Newsroom, ask: Ask, host: str) -> None:
    page = ask(big, f"https://{host}.tribunnews.com/").text

    assert '<div id="ltldmr">Tampilkan lainnya</div>' in page
    assert '<a href="/index-news">Indeks</a>' in page


def test_a_mobile_list_has_adverts_with_the_class_of_articles_and_times_without_a_moment(
    big: Newsroom, ask: Ask
) -> None:
    page = ask(big, "https://m.tribunnews.com/").text

    assert page.count('<li class="art-list pos_rel p1520">') == 2
    assert page.count('<li sort="') == 20
    assert page.count('<li class="cindex">') == 1
    assert not re.search(r"<time[^>]*title=", page)
    assert re.search(r'<a href="https://m\.tribunnews\.com/\w', page)


@pytest.mark.fact("2.2.6")
def test_a_home_page_refreshes_itself(big: Newsroom, ask: Ask) -> None:
    assert '<meta http-equiv="Refresh" content="900">' in ask(big, "https://m.tribunnews.com/").text


@pytest.mark.parametrize("path", ["/rss", "/rss/regional"])
def test_the_links_of_a_feed_are_the_home_page_until_they_are_mended(big: Newsroom, ask: Ask, path: str) -> None:
    bare = ask(big, f"{WWW}{path}").text
    big.rss_is_real = True
    real = ask(big, f"{WWW}{path}").text

    assert set(re.findall(r"<item>.*?<link>(.*?)</link>", bare)) == {f"{WWW}/"}
    links = re.findall(r"<item>.*?<link>(.*?)</link>", real)
    assert len(links) == 30
    assert set(links) <= set(big.addresses)


def test_a_server_may_be_made_to_know_no_conditions(room: Newsroom, ask: Ask) -> None:
    tag = ask(room, f"{WWW}/index-news").headers["ETag"]
    room.forget_conditions("/index-news")

    got = ask(room, f"{WWW}/index-news", headers={"If-None-Match": tag})

    assert (got.status, "ETag" in got.headers) == (200, False)
