"""The listings of the newsroom: robots.txt, sitemaps, index pages and their quirks, and what has not changed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from seeds.newsroom import Newsroom

Ask = Callable[..., Any]

FLOOD, SONG = "001_banjir", "002_lagu"
WWW = "https://www.tribunnews.com"
KALTIM = "https://kaltim.tribunnews.com"
FLOOD_URL = f"{WWW}/regional/7001/banjir-uji"
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def locs(xml: bytes) -> list[str]:
    """The addresses of a sitemap or of a sitemap index; both are made here."""
    return [each.text or "" for each in ET.fromstring(xml).iterfind("*/s:loc", NS)]  # noqa: S314


def rows(page: str) -> list[tuple[str, str]]:
    """The printed time and the address of each row of the index."""
    return re.findall(r'<time class="grey">([^<]+)</time>.*?<h3 class="f16 fbo">\s*<a href="([^"]+)"', page, re.DOTALL)


def articles(page: str) -> list[str]:
    return [url for _, url in rows(page) if "/tag/" not in url]


def test_robots_txt_allows_listings_and_articles_and_not_what_the_site_keeps_to_itself(
    room: Newsroom, ask: Ask
) -> None:
    rules = RobotFileParser()
    rules.parse(ask(room, f"{WWW}/robots.txt").text.splitlines())

    for path in ("/regional/7001/banjir-uji", "/index-news?page=2", "/regional/sitemap-news.xml", "/regional"):
        assert rules.can_fetch("Tribunwatch", f"{WWW}{path}")
    for path in ("/tag/banjir", "/topic/banjir", "/search?q=x", "/ajax/latest", "/api/x", "/json/x", "/komentar/1"):
        assert not rules.can_fetch("Tribunwatch", f"{WWW}{path}")
    assert rules.site_maps() == [f"{WWW}/sitemap.xml"]


def test_the_sitemap_index_of_www_names_three_sitemaps_for_each_section(room: Newsroom, ask: Ask) -> None:
    children = locs(ask(room, f"{WWW}/sitemap.xml").body)

    for kind in ("news", "web", "images"):
        assert f"{WWW}/regional/sitemap-{kind}.xml" in children
        assert FLOOD_URL in locs(ask(room, f"{WWW}/regional/sitemap-{kind}.xml").body)
    assert all(ask(room, child).status == 200 for child in children)


def test_a_news_sitemap_gives_title_time_and_tags_in_cdata(room: Newsroom, ask: Ask) -> None:
    got = ask(room, f"{WWW}/sitemap-news.xml")

    first = ET.fromstring(got.body).findall("s:url", NS)[0]  # noqa: S314  - made here
    assert first.findtext("s:loc", namespaces=NS) == FLOOD_URL
    assert first.findtext("n:news/n:title", namespaces=NS) == room.expected(FLOOD)["title"]
    assert first.findtext("n:news/n:publication_date", namespaces=NS) == "2026-07-24T17:30:10+07:00"
    assert first.findtext("n:news/n:keywords", namespaces=NS) == "Kampung Uji, banjir"
    assert f"<loc><![CDATA[{FLOOD_URL}]]></loc>" in got.text
    assert got.headers["Content-Type"].startswith("text/xml")


def test_a_news_sitemap_holds_the_hundred_newest_and_one_tag_page(big: Newsroom, ask: Ask) -> None:
    urls = locs(ask(big, f"{WWW}/sitemap-news.xml").body)

    newest = sorted(
        (big.expected(name) for name in big.names if big.address(name).startswith(WWW)),
        key=lambda article: str(article["published_at"]),
        reverse=True,
    )
    assert [url for url in urls if "/tag/" not in url] == [article["url"] for article in newest[:100]]
    assert len(urls) == 101


def test_a_title_with_the_end_of_cdata_in_it_stays_whole(room: Newsroom, ask: Ask) -> None:
    room.edit(FLOOD, title="Aneh ]]> sekali")

    news = ET.fromstring(ask(room, f"{WWW}/sitemap-news.xml").body)  # noqa: S314  - made here

    assert news.findtext("s:url/n:news/n:title", namespaces=NS) == "Aneh ]]> sekali"


@pytest.mark.parametrize("host", ["kaltim", "manado", "papua"])
def test_regional_sitemaps_have_an_underscore_and_a_second_index(big: Newsroom, ask: Ask, host: str) -> None:
    site = f"https://{host}.tribunnews.com"

    children = locs(ask(big, f"{site}/sitemap.xml").body)

    assert {f"{site}/sitemap_news.xml", f"{site}/sitemap_web.xml", f"{site}/iklan-online/sitemap_web.xml"} < set(
        children
    )
    nested = [child for child in children if child.endswith("/sitemap.xml")]
    grandchildren = [each for child in nested for each in locs(ask(big, child).body)]
    listed = {url for each in grandchildren if each.endswith("sitemap_news.xml") for url in locs(ask(big, each).body)}
    assert any(re.fullmatch(rf"{site}/[a-z-]+/\d+/[a-z0-9-]+", url) for url in listed)
    assert ask(big, f"{site}/sitemap-news.xml").status == 404
    assert all(ask(big, child).status == 200 for child in children)


def test_some_regional_sites_name_theirs_as_www_does(big: Newsroom, ask: Ask) -> None:
    site = "https://jabar.tribunnews.com"

    assert locs(ask(big, f"{site}/news/sitemap-news.xml").body)
    assert ask(big, f"{site}/news/sitemap_news.xml").status == 404


@pytest.mark.parametrize("path", ["/ekonomi", "/ekonomi/sitemap-news.xml", "/index-news/ekonomi", "/sitemap_news.xml"])
def test_a_section_that_is_not_there_is_not_found(room: Newsroom, ask: Ask, path: str) -> None:
    assert ask(room, f"{WWW}{path}").status == 404


def test_an_index_page_lists_twenty_newest_first_with_one_that_is_no_article(big: Newsroom, ask: Ask) -> None:
    listed = rows(ask(big, f"{WWW}/index-news").text)

    assert len(listed) == 21
    assert sum("/tag/" in url for _, url in listed) == 1
    assert re.fullmatch(r"Jumat, 24 Juli 2026 1[78]:\d\d WIB", listed[0][0])
    by_url = {article["url"]: article for article in map(big.expected, big.names)}
    moments = [by_url[url]["published_at"] for _, url in listed if "/tag/" not in url]
    assert moments == sorted(moments, reverse=True)


def test_a_row_shows_topic_and_title_with_their_marks_escaped(room: Newsroom, ask: Ask) -> None:
    page = ask(room, f"{WWW}/index-news").text

    assert f'<h4 class="red fbo2 f14"><a href="{WWW}/topic/banjir-uji" title="Banjir Uji">Banjir Uji</a></h4>' in page
    assert 'title="Banjir di &quot;Kampung&quot; &lt;Uji&gt; &amp; Sekitarnya"' in page


def test_pages_of_the_index_follow_each_other_without_gap(big: Newsroom, ask: Ask) -> None:
    pages = [articles(ask(big, f"{WWW}/index-news?page={number}").text) for number in range(1, 11)]

    flat = [url for page in pages for url in page]
    assert len(flat) == len(set(flat)) == 200


def test_without_a_date_page_eleven_and_up_repeat_page_ten_and_promise_a_next_one(big: Newsroom, ask: Ask) -> None:
    ten = ask(big, f"{WWW}/index-news?page=10").text

    for number in (11, 12, 250):
        later = ask(big, f"{WWW}/index-news?page={number}").text
        assert rows(later) == rows(ten)
        assert f'page={number + 1}">Next</a>' in later


def test_with_a_date_the_pages_end(big: Newsroom, ask: Ask) -> None:
    seen: list[str] = []
    number = 1
    while True:
        page = ask(big, f"{WWW}/index-news?date=2026-07-24&page={number}").text
        seen += articles(page)
        if ">Next</a>" not in page:
            break
        number += 1

    day = {
        a["url"]
        for a in map(big.expected, big.names)
        if a["url"].startswith(WWW) and a["published_at"][:10] == "2026-07-24"
    }
    assert number > 10
    assert day <= set(seen)
    assert articles(ask(big, f"{WWW}/index-news?date=2026-07-24&page={number + 1}").text) == []


def test_a_date_may_be_written_without_zeros(room: Newsroom, ask: Ask) -> None:
    padded, short = (ask(room, f"{KALTIM}/index-news?date={day}").text for day in ("2024-03-03", "2024-3-3"))

    assert articles(padded) == articles(short) == [room.address(SONG)]


def test_a_date_means_the_day_on_the_clocks_of_the_site(room: Newsroom, ask: Ask) -> None:
    # 2 March, 23:30 in Jakarta, is 3 March, 00:30 in Kalimantan Timur.
    assert articles(ask(room, f"{KALTIM}/index-news?date=2024-03-02").text) == []
    assert rows(ask(room, f"{KALTIM}/index-news?date=2024-03-03").text)[0][0] == "Minggu, 3 Maret 2024 00:30 WITA"


def test_one_site_prints_its_times_without_a_zone(tiny: Path, ask: Ask) -> None:
    desk = tiny / "desk.toml"
    desk.write_text(desk.read_text(encoding="utf-8").replace("kaltim.", "surabaya."), encoding="utf-8")

    with Newsroom(seeds=tiny) as room:
        listed = rows(ask(room, "https://surabaya.tribunnews.com/index-news").text)

    assert listed[0][0] == "Sabtu, 2 Maret 2024 23:30"


def test_the_last_article_of_a_day_is_listed_on_the_next_day_too(tiny: Path, ask: Ask) -> None:
    def listed_on(day: str) -> list[str]:
        pages = (ask(room, f"{WWW}/index-news?date={day}&page={number}").text for number in range(1, 30))
        return [url for page in pages for url in articles(page)]

    with Newsroom(seeds=tiny, articles=900) as room:
        before, after = listed_on("2026-07-23"), listed_on("2026-07-24")

    assert set(before) & set(after) == {before[0]}


@pytest.mark.parametrize(
    "query", ["date=2026-02-30", "date=kemarin", "page=nol", "page=-3", "page=0", "page=99999999999"]
)
def test_a_query_that_makes_no_sense_still_gets_a_page(room: Newsroom, ask: Ask, query: str) -> None:
    assert ask(room, f"{WWW}/index-news?{query}").status == 200


def test_a_section_of_the_index_lists_that_section_only(big: Newsroom, ask: Ask) -> None:
    listed = articles(ask(big, f"{WWW}/index-news/nasional").text)

    assert len(listed) == 20
    assert all(url.startswith(f"{WWW}/nasional/") for url in listed)


def test_a_section_page_knows_no_second_page(big: Newsroom, ask: Ask) -> None:
    first, second = (ask(big, f"{WWW}/regional{query}").text for query in ("", "?page=2"))

    assert first == second
    assert first.count('class="p1520 art-list pos_rel" data-sort') == 20


def test_a_section_page_has_the_traps_of_the_site(big: Newsroom, ask: Ask) -> None:
    page = ask(big, "https://jabar.tribunnews.com/").text

    assert 'class="p1520 art-list pos_rel cindex"' in page
    assert 'data-href="https://www.tribunnews.com/' in page
    assert re.search(r'<a href="[a-z]', page)
    assert "<li class='reserved_box_ads" in page


def test_pages_that_robots_txt_disallows_answer_all_the_same(room: Newsroom, ask: Ask) -> None:
    assert ask(room, f"{WWW}/tag/banjir").status == ask(room, f"{WWW}/search?q=banjir").status == 200
