"""What a crawl follows: hosts, sections and topics by the settings; feeds, home pages, and lists that stay the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.following import add_topic
from crawler.archive.topics import list_topics
from crawler.site import identify
from crawler.topics import Topic
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, INDEX, WWW, Crawler, listed

HOME = {"beranda": (f"{WWW}/", "home")}
RSS = {"umpan": (f"{WWW}/rss", "rss")}


def of_www(newsroom: Newsroom) -> set[str]:
    return {url for url in newsroom.addresses if identify(url).host == "www.tribunnews.com"}


def test_by_default_www_is_crawled_whole_from_its_sitemaps_and_its_index(newsroom: Newsroom, crawl: Crawler) -> None:
    done = crawl(listings={})

    assert set(crawl.stored()) == of_www(newsroom)
    assert (done.code, done.failed, done.skipped) == (0, {}, 0)
    asked = {each.path for each in newsroom.log if each.path.endswith(".xml")}
    assert "/sitemap.xml" in asked
    assert not any(path.endswith(("-images.xml", "-web.xml")) for path in asked)
    assert {each.host for each in newsroom.log} == {"www.tribunnews.com"}


def test_regional_sites_are_followed_by_their_names(crawl: Crawler) -> None:
    done = crawl(listings={}, settings='[site]\nhosts = ["bali", "jateng"]')

    hosts = {identify(url).host for url in crawl.stored()}
    assert done.code == 0
    assert hosts == {"bali.tribunnews.com", "jateng.tribunnews.com"}


def test_what_is_in_no_followed_section_waits_until_it_is(newsroom: Newsroom, crawl: Crawler) -> None:
    listings = {"www": (f"{WWW}/sitemap-news.xml", "sitemap")}
    elsewhere = next(url for url in of_www(newsroom) if identify(url).section == "internasional")

    first = crawl(listings=listings, settings='[site]\nsections = ["nasional"]')
    was = crawl.state(elsewhere)
    again = crawl(listings=listings, settings='[site]\nsections = ["nasional"]')
    second = crawl(listings=listings)

    assert {identify(url).section for url in crawl.stored()} > {"nasional"}
    assert was == ("skipped", "not followed: section internasional")
    assert (first.stored + first.skipped, first.code) == (first.links_new, 0)
    assert (again.fetched, again.listings_unchanged) == (0, 1)
    # Its listing has not changed; what waits is known from the ledger.
    assert (second.listings_unchanged, second.stored) == (1, first.skipped)
    assert crawl.state(elsewhere) == ("stored", None)


def test_sitemaps_of_sections_that_are_not_followed_are_not_asked(newsroom: Newsroom, crawl: Crawler) -> None:
    crawl(listings=ALL_OF_WWW, settings='[site]\nsections = ["nasional"]')

    asked = [each for each in newsroom.requested if each.endswith(".xml")]
    assert asked == ["www.tribunnews.com/sitemap.xml", "www.tribunnews.com/nasional/sitemap-news.xml"]


@pytest.mark.parametrize("hosts", ['["jabbar"]', '["tribun-maluku.com"]'])
def test_a_host_that_is_not_known_stops_the_start(crawl: Crawler, hosts: str) -> None:
    done = crawl(listings={}, settings=f"[site]\nhosts = {hosts}")

    assert done.code == 2
    assert "is no site of the network" in done.said


def test_only_what_a_topic_may_want_is_fetched_and_the_rest_when_the_topics_change(
    many: Newsroom, tmp_path: Path
) -> None:
    crawl = Crawler(tmp_path, many.url)
    topics = tmp_path / "topics.toml"
    topics.write_text('[[topic]]\nname = "Beras"\nkeywords = ["harga beras"]\n')
    settings = f'[crawl]\nfetch = "likely"\n[topics]\nfile = "{topics}"'

    first = crawl(listings=ALL_OF_WWW, settings=settings)
    titles = [article["title"].lower() for article in crawl.stored().values()]
    unwanted = next(url for url in of_www(many) if url not in crawl.stored())
    was = crawl.state(unwanted)
    many.article_requests.clear()
    many.requested.clear()
    idle = crawl(listings=ALL_OF_WWW, settings=settings)
    word = next(word for word in many.expected(name_of(many, unwanted))["title"].split() if word.isalpha())
    topics.write_text(f'[[topic]]\nname = "Lain"\nkeywords = ["{word}"]\n')
    second = crawl(listings=ALL_OF_WWW, settings=settings)

    assert 0 < first.stored == len(titles) < first.links_new
    assert all("harga beras" in title for title in titles)
    assert was == ("skipped", "no topic speaks of it")
    assert first.skipped == first.links_new - first.stored
    assert idle.fetched == 0
    assert second.stored > 0
    assert crawl.state(unwanted)[0] == "stored"


def test_a_crawl_matches_topics_of_the_archive_and_applies_new_ones_to_what_is_stored(
    many: Newsroom, tmp_path: Path
) -> None:
    crawl = Crawler(tmp_path, many.url)
    topics = tmp_path / "topics.toml"
    topics.write_text("# None yet.\n")
    settings = f'[topics]\nfile = "{topics}"'
    with Archive.open(crawl.path, create=True) as archive:
        add_topic(archive, Topic("Beras", query="harga NEAR/3 beras"), now=datetime.now(UTC))

    first = crawl(listings=ALL_OF_WWW, settings=settings)
    topics.write_text('[[topic]]\nname = "Juga"\nquery = "harga NEAR/3 beras"\n')
    crawl(listings=ALL_OF_WWW, settings=settings)

    with Archive.open(crawl.path, readonly=True) as archive:
        kept = {each.topic.name: (each.origin, each.articles, each.applied) for each in list_topics(archive)}
    assert kept == {"Beras": ("archive", first.matched, 1.0), "Juga": ("file", first.matched, 1.0)}
    assert 0 < first.matched < first.stored


def name_of(newsroom: Newsroom, url: str) -> str:
    return next(name for name in newsroom.names if newsroom.address(name) == url)


def test_where_the_listing_gives_no_title_the_words_of_the_address_decide(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    topics = tmp_path / "topics.toml"
    topics.write_text('[[topic]]\nname = "Beras"\nkeywords = ["harga beras"]\n')

    done = crawl(
        listings={"web": (f"{WWW}/sitemap-web.xml", "sitemap")},
        settings=f'[crawl]\nfetch = "likely"\n[topics]\nfile = "{topics}"',
    )

    assert 0 < done.stored < done.links_new
    assert all("harga-beras" in url for url in crawl.stored())


def test_a_list_that_lists_the_same_is_not_read_again_where_the_server_knows_no_conditions(
    many: Newsroom, tmp_path: Path
) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.forget_conditions("/*")
    listings = INDEX | HOME | {"nasional": (f"{WWW}/nasional/sitemap-news.xml", "sitemap")}
    crawl(listings=listings)
    many.requested.clear()
    # The pages say "12 menit lalu" of the same articles, and other things beside the list.
    many.now = many.now.replace(minute=many.now.minute + 7)

    done = crawl(listings=listings)

    assert (done.listings_asked, done.listings_unchanged, done.links_seen) == (3, 3, 0)
    assert sorted(set(many.requested) - {"www.tribunnews.com/robots.txt"}) == [
        "www.tribunnews.com/",
        "www.tribunnews.com/index-news",
        "www.tribunnews.com/nasional/sitemap-news.xml",
    ]


@pytest.mark.fact("1.3.6")
@pytest.mark.fact("7.24")
@pytest.mark.fact("2.4.3")
def test_a_home_page_is_one_request_and_gives_its_newest_articles(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)

    done = crawl(listings=HOME)

    assert [each for each in many.requested if each.partition("?")[0].endswith(".com/")] == ["www.tribunnews.com/"]
    assert (done.code, done.stored) == (0, 21)


def test_where_all_listings_of_a_host_fail_its_home_page_is_asked(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.fail("/sitemap.xml", 404)
    many.answer("/index-news", b"<html><body>Selamat datang</body></html>")

    done = crawl(listings={})

    assert (done.code, done.state, done.stored) == (1, "partial", 21)
    assert any("listing www-sitemap failed" in note for note in done.notes)


def test_one_listing_that_works_is_enough_and_no_home_page_is_asked(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.fail("/sitemap.xml", 404)

    crawl(listings={})

    assert "www.tribunnews.com/" not in many.requested


@pytest.mark.fact("1.5.6")
@pytest.mark.fact("7.16")
def test_a_feed_whose_links_all_lead_home_is_told_and_one_with_real_links_is_read(
    many: Newsroom, tmp_path: Path
) -> None:
    crawl = Crawler(tmp_path, many.url)
    many.fail("www.tribunnews.com/", 404)

    bare = crawl(listings=RSS)
    many.rss_is_real = True
    real = crawl(listings=RSS)

    assert (bare.code, bare.stored) == (1, 0)
    assert any("RSS links all point to the home page" in note for note in bare.notes)
    assert (real.code, real.stored) == (0, 30)


@pytest.mark.fact("7.15")
@pytest.mark.fact("1.3.10")
@pytest.mark.fact("1.3.12")
@pytest.mark.fact("1.5.1")
@pytest.mark.fact("1.5.7")
def test_what_robots_txt_forbids_is_never_asked(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)

    crawl(listings=HOME | INDEX | ALL_OF_WWW)

    forbidden = ("/api", "/posts", "/ajax", "/json", "/auth", "/member", "/komentar", "/search", "/tag", "/topic")
    assert [each.path for each in many.log if each.path.startswith(forbidden)] == []


@pytest.mark.fact("1.3.15")
def test_a_section_that_is_gone_fails_alone(newsroom: Newsroom, crawl: Crawler) -> None:
    done = crawl(listings={}, settings='[site]\nsections = ["ekonomi", "nasional"]')

    assert (done.code, done.state, done.failed) == (1, "partial", {"not found (404)": 1})
    assert set(crawl.stored()) >= set(listed(newsroom))


@pytest.mark.fact("7.21")
@pytest.mark.fact("2.2.3")
def test_a_home_page_in_place_of_an_article_is_none_though_it_says_so(newsroom: Newsroom, crawl: Crawler) -> None:
    url = listed(newsroom)[0]
    home = newsroom.served(f"{WWW}/")
    newsroom.answer(url, home)

    crawl()

    assert b'<meta property="og:type" content="article" />' in home
    assert url not in crawl.stored()
    assert crawl.state(url)[0] == "failed"


@pytest.mark.fact("1.5.4")
@pytest.mark.fact("7.17")
def test_sitemaps_at_the_root_and_with_an_underscore_are_read(newsroom: Newsroom, crawl: Crawler) -> None:
    done = crawl(
        listings={
            "terbaru": (f"{WWW}/sitemap-news.xml", "sitemap"),
            "jateng": ("https://jateng.tribunnews.com/sitemap.xml", "sitemap"),
        }
    )

    assert done.code == 0
    assert of_www(newsroom) < set(crawl.stored())
    assert not any("iklan-online" in each for each in newsroom.requested)
