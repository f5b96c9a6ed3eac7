"""What is followed: hosts and sections by name, and the listings that follow from them."""

import pytest

from crawler.article import Listing
from crawler.errors import SettingsError
from crawler.site import HOSTS, follow, home_of, identify, listings_named, names_of

BALI = Listing("pulau", "https://bali.tribunnews.com/sitemap_news.xml", "sitemap")


def test_www_is_asked_by_its_sitemap_index_and_its_index_of_news() -> None:
    found = follow(hosts=["www"], sections=[])

    assert found.listings == (
        Listing("www-sitemap", "https://www.tribunnews.com/sitemap.xml", "sitemap"),
        Listing("www-index", "https://www.tribunnews.com/index-news", "index"),
    )


@pytest.mark.parametrize("names", [["jabar"], ["jabar.tribunnews.com"], ["jabar", "jabar.tribunnews.com"]])
def test_a_regional_site_is_asked_in_the_same_two_ways(names: list[str]) -> None:
    found = follow(hosts=names, sections=["nasional"])

    assert [(each.name, each.url) for each in found.listings] == [
        ("jabar-sitemap", "https://jabar.tribunnews.com/sitemap.xml"),
        ("jabar-index", "https://jabar.tribunnews.com/index-news"),
    ]


def test_all_means_every_host_that_is_known() -> None:
    found = follow(hosts=["www", "all"], sections=[])

    assert found.hosts == set(HOSTS)
    assert len(found.listings) == 2 * len(HOSTS)


def test_sections_that_are_named_have_an_index_of_their_own_on_www() -> None:
    found = follow(hosts=["www"], sections=["nasional", "bisnis"])

    assert [each.url for each in found.listings if each.kind == "index"] == [
        "https://www.tribunnews.com/index-news/nasional",
        "https://www.tribunnews.com/index-news/bisnis",
    ]
    assert found.leads_on("https://www.tribunnews.com/nasional/sitemap-news.xml")
    assert found.leads_on("https://www.tribunnews.com/sitemap-news.xml")
    assert not found.leads_on("https://www.tribunnews.com/seleb/sitemap-news.xml")


def test_a_new_site_must_be_named_in_full() -> None:
    assert follow(hosts=["nusantara.tribunnews.com"], sections=[]).hosts == {"nusantara.tribunnews.com"}


@pytest.mark.fact("7.23")
@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("jabbar", "did you mean 'jabar'?"),
        ("xyzzy", 'write one such as "www" or "jabar", or "all"'),
        ("tribun-maluku.com", "site.hosts"),
        ("balitribune.co.id", "site.hosts"),
        ("m.tribunnews.com", "site.hosts"),
        ("api.tribunnews.com", "site.hosts"),
    ],
)
def test_what_is_no_site_of_the_network_is_told(name: str, mend: str) -> None:
    with pytest.raises(SettingsError, match=f'"{name}" is no site of the network') as refusal:
        follow(hosts=[name], sections=[])

    assert mend in str(refusal.value)


def test_listings_of_the_settings_take_the_place_of_all_and_their_hosts_are_followed_too() -> None:
    found = follow(hosts=["www"], sections=[], listings=[BALI])

    assert found.listings == (BALI,)
    assert found.hosts == {"www.tribunnews.com", "bali.tribunnews.com"}


@pytest.mark.fact("7.23")
def test_a_listing_of_a_look_alike_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"listing pulau: .*not an address of the Tribunnews network"):
        follow(hosts=["www"], sections=[], listings=[Listing("pulau", "https://balitribune.co.id/rss", "rss")])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.tribunnews.com/nasional/1/a", None),
        ("https://m.tribunnews.com/nasional/2026/07/24/a", None),
        ("https://www.tribunnews.com/seleb/1/a", "not followed: section seleb"),
        ("https://jabar.tribunnews.com/2024/01/23/a", None),
        ("https://bali.tribunnews.com/nasional/1/a", "not followed: host bali.tribunnews.com"),
        ("https://www.tribunnews.com/images/nasional/view/1/a", None),
        ("https://www.tribunnews.com/images/seleb/view/1/a", "not followed: section seleb"),
    ],
)
def test_a_link_is_followed_by_its_host_and_its_section(url: str, reason: str | None) -> None:
    found = follow(hosts=["www", "jabar"], sections=["nasional"])

    assert found.refusal(identify(url)) == reason


def test_without_sections_all_are_followed() -> None:
    found = follow(hosts=["www"], sections=[])

    assert found.refusal(identify("https://www.tribunnews.com/bagian-yang-baru/1/a")) is None


def test_a_listing_is_asked_for_by_its_name_or_by_that_of_its_host() -> None:
    listings = follow(hosts=["www", "bali"], sections=[]).listings

    assert [each.name for each in listings_named(listings, "bali")] == ["bali-sitemap", "bali-index"]
    assert [each.name for each in listings_named(listings, "www-index")] == ["www-index"]
    assert listings_named(listings, "jabar") == ()
    assert names_of(listings) == ("www-sitemap", "www-index", "bali-sitemap", "bali-index", "www", "bali")


def test_what_is_followed_has_a_text_that_tells_it_from_others() -> None:
    one = follow(hosts=["www", "bali"], sections=["seleb", "bisnis"])

    assert one.fingerprint == follow(hosts=["bali", "www"], sections=["bisnis", "seleb"]).fingerprint
    assert one.fingerprint != follow(hosts=["www"], sections=["seleb", "bisnis"]).fingerprint
    assert one.fingerprint != follow(hosts=["www", "bali"], sections=[]).fingerprint


def test_the_home_page_of_a_host_is_its_spare() -> None:
    assert home_of("bali.tribunnews.com") == Listing("bali-home", "https://bali.tribunnews.com/", "home")
