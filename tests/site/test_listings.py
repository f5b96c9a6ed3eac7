"""What holds for listings of every kind."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.article import ListingKind
from crawler.errors import ListingError
from crawler.site import identify, index_address, listing_digest, parse_listing
from tests.site.listing_bodies import (
    INDEX_URL,
    SITEMAP_URL,
    entry,
    index,
    page,
    row,
    sitemap,
)


@pytest.mark.fact("7.23")
@pytest.mark.parametrize("kind", get_args(ListingKind))
def test_a_listing_of_another_site_is_refused(kind: ListingKind) -> None:
    with pytest.raises(ListingError, match="not an address of the Tribunnews network"):
        parse_listing("https://tribun-maluku.com/index-news", kind, page())


@pytest.mark.parametrize(
    ("listing_url", "day", "number", "address"),
    [
        (INDEX_URL, date(2026, 7, 4), 1, f"{INDEX_URL}?date=2026-07-04&page=1"),
        (INDEX_URL, date(2026, 7, 4), 12, f"{INDEX_URL}?date=2026-07-04&page=12"),
        (INDEX_URL, None, 1, INDEX_URL),
        (INDEX_URL, None, 2, f"{INDEX_URL}?page=2"),
        (
            f"{INDEX_URL}/nasional?date=2021-5-1&page=7",
            date(2021, 5, 2),
            1,
            f"{INDEX_URL}/nasional?date=2021-05-02&page=1",
        ),
        (f"{INDEX_URL}?page=7#x", None, 1, INDEX_URL),
        (
            "https://www.tribunnews.com/populer?section=nasional&type=6h",
            None,
            2,
            "https://www.tribunnews.com/populer?section=nasional&type=6h&page=2",
        ),
    ],
)
def test_the_address_of_a_page_of_an_index_tells_day_and_page(
    listing_url: str, day: date | None, number: int, address: str
) -> None:
    assert index_address(listing_url, day=day, page=number) == address


def test_pages_of_an_index_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        index_address(INDEX_URL, day=None, page=0)


SOUND = sitemap(entry("https://www.tribunnews.com/nasional/1/a", title="Judul", moment="2026-07-24T17:16:29+07:00"))
PIECES = st.sampled_from(
    [
        *(b"<urlset>", b"<url>", b"<loc>", b"</loc>", b"</url>", b"</urlset>", b"<![CDATA[", b"]]>", b"<sitemapindex>"),
        *(
            b"<!DOCTYPE a [",
            b"<!ENTITY a 'b'>",
            b"]>",
            b"&a;",
            b"&amp;",
            b"&#0;",
            b"&#xD800;",
            b"<?xml version='1.0'?>",
        ),
        *(
            b"<rss>",
            b"<item>",
            b"<link>",
            b"</link>",
            b"<pubDate>",
            b"Fri, 24 Jul 2026 17:16:29 +0700",
            b"</item>",
            b"</rss>",
        ),
        *(b"<ul class=lsi>", b"<li>", b"<h3>", b"<a href='", b"'>", b"</a>", b"<time title='2024-01-23 17:01:36'>"),
        *(b"<time>", b"Jumat, 24 Juli 2026 17:25", b"31 Februari 2025 10:00", b"</ul>", b"<table>", b"<svg>", b"<b>"),
        *(
            b"https://www.tribunnews.com/nasional/1/a",
            b"//[",
            b"http://[::1",
            b"\0",
            b"\xff\xfe",
            b"\xe9",
            b"\xef\xbb\xbf",
        ),
        *(
            b"<?xml version='1.0' encoding='utf-7'?>",
            b"<?xml version='1.0' encoding='rot13'?>",
            b"<!--",
            b"-->",
            b"<!--",
        ),
    ]
)
MUTATED = st.builds(
    lambda body, start, length, piece: body[:start] + piece + body[start + length :],
    st.sampled_from([SOUND, page(row("/nasional/1/a")), index(SITEMAP_URL)]),
    st.integers(0, 900),
    st.integers(0, 40),
    st.binary(max_size=12) | PIECES,
)


@given(st.binary(max_size=200) | st.lists(PIECES, max_size=25).map(b"".join) | MUTATED)
@settings(max_examples=1000, deadline=None)
@example(b"<urlset>" + b"a" * 10_500_000 + b"</urlset>")
@example(b"<urlset " + b" ".join(b"a%d='1'" % number for number in range(50_000)) + b"/>")
@example(b"<?xml version='1.0' encoding='utf-16'?><urlset/>")
@example(b"<urlset><url><loc>https://www.tribunnews.com/nasional/1/a\xed\xa0\x80</loc></url></urlset>")
def test_any_bytes_give_a_correct_page_or_one_listing_error(body: bytes) -> None:
    for kind in get_args(ListingKind):
        listing_digest(kind, body)
        try:
            found = parse_listing(SITEMAP_URL, kind, body)
        except ListingError:
            continue

        keys = [identify(link.url).key for link in found.links]
        assert all(identify(link.url).is_readable for link in found.links)
        assert len(set(keys)) == len(keys)
        assert all("\0" not in (link.title or "") for link in found.links)
