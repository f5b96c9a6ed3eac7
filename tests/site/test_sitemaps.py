"""Sitemaps as the site writes them, broken ones, and hostile ones."""

from datetime import datetime
from typing import Literal

import pytest

from crawler.article import Link
from crawler.errors import ListingError
from crawler.site import ListingPage, parse_listing
from tests.site.listing_bodies import (
    ERROR_PAGE,
    SITEMAP_URL,
    WIB,
    WITA,
    entry,
    index,
    sitemap,
    urls,
)


@pytest.mark.fact("1.5.3")
@pytest.mark.fact("7.13")
def test_a_news_sitemap_gives_address_title_keywords_and_exact_time() -> None:
    body = sitemap(
        entry(
            "https://www.tribunnews.com/nasional/7845771/banjir-surut",
            title=" Banjir  Surut & Warga\nPulang ",
            moment="2026-07-24T17:16:29+07:00",
            keywords="Banjir, Jakarta,, banjir , Jakarta",
        )
    )

    found = parse_listing(SITEMAP_URL, "sitemap", body)

    assert found == ListingPage(
        links=(
            Link(
                url="https://www.tribunnews.com/nasional/7845771/banjir-surut",
                title="Banjir Surut & Warga Pulang",
                keywords=("Banjir", "Jakarta", "banjir"),
                published_at=datetime(2026, 7, 24, 17, 16, 29, tzinfo=WIB),
                published_from="sitemap",
            ),
        )
    )


def test_parts_that_an_entry_lacks_are_none_and_the_entry_stays() -> None:
    body = sitemap(
        "<url><loc>https://www.tribunnews.com/nasional/1/a</loc><lastmod>2026-07-24T10:00:00+07:00</lastmod></url>",
        "<url><loc>https://www.tribunnews.com/nasional/2/b</loc><news:news/></url>",
        entry("https://www.tribunnews.com/nasional/3/c", moment="kemarin"),
        entry("https://www.tribunnews.com/nasional/4/d", moment="2026-07-24"),
    )

    found = parse_listing(SITEMAP_URL, "sitemap", body)

    assert found.links == tuple(
        Link(f"https://www.tribunnews.com/nasional/{number}/{slug}") for number, slug in enumerate("abcd", start=1)
    )


def test_each_article_is_named_once_and_what_is_none_is_counted_by_reason() -> None:
    body = sitemap(
        entry("https://www.tribunnews.com/nasional/1/a", title="Pertama"),
        entry("https://m.tribunnews.com/amp/nasional/1/a?page=2", title="Dieja lain"),
        entry("https://www.tribunnews.com/tag/banjir"),
        entry("https://www.tribunnews.com/"),
        entry("https://tribun-maluku.com/nasional/2/b"),
        entry("javascript:alert(1)"),
        entry(""),
        "<url/>",
        entry("https://video.tribunnews.com/view/1/video"),
        entry("https://www.tribunnews.com/images/nasional/view/1/foto"),
    )

    found = parse_listing(SITEMAP_URL, "sitemap", body)

    assert urls(found) == [
        "https://www.tribunnews.com/nasional/1/a",
        "https://video.tribunnews.com/view/1/video",
        "https://www.tribunnews.com/images/nasional/view/1/foto",
    ]
    assert found.links[0].title == "Pertama"
    assert found.refused == {"not an article": 2, "not Tribunnews": 1, "malformed": 3}


@pytest.mark.fact("7.13")
def test_a_moment_without_offset_is_in_the_zone_of_the_host() -> None:
    body = sitemap(entry("https://manado.tribunnews.com/news/1/a", moment="2026-07-24 17:16:29"))

    found = parse_listing("https://manado.tribunnews.com/news/sitemap_news.xml", "sitemap", body)

    assert found.links[0].published_at == datetime(2026, 7, 24, 17, 16, 29, tzinfo=WITA)
    assert found.links[0].published_from == "sitemap+host-zone"


def test_a_comment_is_no_part_of_what_it_stands_in() -> None:
    body = sitemap("<!-- awal --><url><!-- a --><loc>https://www.tribunnews.com/nasional/1/a<!-- b --></loc></url>")

    assert urls(parse_listing(SITEMAP_URL, "sitemap", body)) == ["https://www.tribunnews.com/nasional/1/a"]


def test_an_address_of_a_picture_is_not_that_of_the_entry() -> None:
    body = sitemap(
        '<url><image:image xmlns:image="i"><image:loc>https://www.tribunnews.com/nasional/9/x</image:loc></image:image>'
        "<loc>https://www.tribunnews.com/nasional/1/a</loc></url>"
    )

    assert urls(parse_listing(SITEMAP_URL, "sitemap", body)) == ["https://www.tribunnews.com/nasional/1/a"]


@pytest.mark.parametrize(
    "body",
    [
        sitemap(),
        sitemap().replace(b"news=", b"berita="),
        index(),
        b"<urlset/>",
        b"\xef\xbb\xbf\n<urlset></urlset>",
        sitemap().decode().encode("utf-16"),
    ],
)
def test_an_empty_but_sound_sitemap_names_nothing(body: bytes) -> None:
    assert parse_listing(SITEMAP_URL, "sitemap", body) == ListingPage()


@pytest.mark.fact("1.5.2")
@pytest.mark.fact("1.5.4")
@pytest.mark.fact("1.5.5")
@pytest.mark.fact("7.17")
def test_of_a_sitemap_index_news_sitemaps_and_nested_indexes_are_kept() -> None:
    kept = (
        "https://www.tribunnews.com/nasional/sitemap-news.xml",
        "https://www.tribunnews.com/sitemap-news.xml",
        "https://jabar.tribunnews.com/news/sitemap_news.xml",
        "https://jabar.tribunnews.com/news/sitemap.xml",
        "https://jabar.tribunnews.com/sitemap_index.xml",
        "https://jabar.tribunnews.com/news/sitemap_news.xml?page=2#x",
    )
    skipped = (
        "https://www.tribunnews.com/nasional/sitemap-web.xml",
        "https://www.tribunnews.com/nasional/sitemap-images.xml",
        "https://jabar.tribunnews.com/news/sitemap_web.xml",
        "https://jabar.tribunnews.com/iklan-online/sitemap_news.xml",
    )
    foreign = ("https://evil.example/sitemap-news.xml",)
    itself = ("http://www.tribunnews.com/sitemap.xml",)

    found = parse_listing(
        "https://www.tribunnews.com/sitemap.xml", "sitemap", index(*kept, *skipped, *foreign, *itself)
    )

    assert found.children == kept[:5]
    assert found.links == ()
    assert found.refused == {"not a news sitemap": 4, "not Tribunnews": 1}


def test_one_broken_character_costs_no_other_entry() -> None:
    body = sitemap(
        entry("https://www.tribunnews.com/nasional/1/a", title="caf\ue000 \ue001"),
        entry("https://www.tribunnews.com/nasional/2/b", title="Utuh"),
    )
    body = body.replace("\ue000".encode(), b"\xe9").replace("\ue001".encode(), b"\x0b")

    found = parse_listing(SITEMAP_URL, "sitemap", body)

    assert [link.title for link in found.links] == ["caf\ufffd \ufffd", "Utuh"]


ENTITIES = "<!ENTITY a0 'aaaaaaaaaa'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (ERROR_PAGE, "is a web page, not a sitemap"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "is a web page, not a sitemap"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html><body/></html>", "is a web page, not a sitemap"),
        (b'<rss version="2.0"><channel/></rss>', "is no sitemap: it begins with <rss>"),
        (b'{"status": "ok"}', "is not well-formed XML"),
        (sitemap(entry("https://www.tribunnews.com/nasional/1/a"))[:-20], "is not well-formed XML"),
        (b"\x1f\x8b\x08\x00abc", "is compressed"),
        (b"<urlset>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</urlset>", "is not well-formed XML"),
        (b"<urlset>" + b" " * 16 * 1024 * 1024 + b"</urlset>", "is larger than 16 MiB"),
        (f"<!DOCTYPE u [{ENTITIES}]><urlset><url><loc>&a11;</loc></url></urlset>".encode(), "is not well-formed XML"),
        (f"<!DOCTYPE u [{ENTITIES}]><urlset a='&a11;'/>".encode(), "is not well-formed XML"),
        (b"<!DOCTYPE u [<!ENTITY a 'b'>]><urlset><url><loc>&a;</loc></url></urlset>", "declares a document type"),
        (
            b"<!DOCTYPE u [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&a;</loc></url></urlset>",
            "declares a document type",
        ),
        (b"<!DOCTYPE u SYSTEM 'http://127.0.0.1:9/x.dtd'><urlset/>", "declares a document type"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ListingError) as refusal:
        parse_listing(SITEMAP_URL, "sitemap", body)

    assert refusal.value.reason.startswith(reason)
    assert SITEMAP_URL in str(refusal.value)
    assert "\n" not in str(refusal.value)


WEB = ("https://www.tribunnews.com/nasional/sitemap-web.xml", "https://jabar.tribunnews.com/news/sitemap_web.xml")
NEWS = "https://www.tribunnews.com/nasional/sitemap-news.xml"
IMAGES = "https://www.tribunnews.com/nasional/sitemap-images.xml"
ADVERTS = "https://jabar.tribunnews.com/iklan-online/sitemap_web.xml"


@pytest.mark.fact("1.5.2")
@pytest.mark.parametrize(
    ("named", "wanted", "kept"),
    [
        ((NEWS, *WEB, IMAGES, ADVERTS), ("news",), (NEWS,)),
        ((*WEB, NEWS, IMAGES, ADVERTS), ("news", "web"), (*WEB, NEWS)),
        ((NEWS, *WEB, IMAGES, ADVERTS), ("web",), WEB),
        # Where there are no others, they are better than nothing.
        ((IMAGES, *WEB, ADVERTS), ("news",), WEB),
        ((IMAGES, ADVERTS), ("news", "web"), ()),
    ],
)
def test_web_sitemaps_are_read_where_they_are_wanted_or_alone_and_pictures_and_adverts_never(
    named: tuple[str, ...], wanted: tuple[Literal["news", "web"], ...], kept: tuple[str, ...]
) -> None:
    found = parse_listing("https://www.tribunnews.com/sitemap.xml", "sitemap", index(*named), sitemaps=wanted)

    assert found.children == kept


@pytest.mark.fact("1.5.5")
def test_a_web_sitemap_gives_addresses_alone() -> None:
    body = sitemap(
        "<url><loc><![CDATA[https://bali.tribunnews.com/bali/1/a]]></loc><lastmod>2026-07-24T10:00:00+08:00</lastmod></url>"
    )

    found = parse_listing("https://bali.tribunnews.com/sitemap_web.xml", "sitemap", body)

    assert found.links == (Link("https://bali.tribunnews.com/bali/1/a"),)
