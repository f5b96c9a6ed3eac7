"""Feeds: used where their links are real, refused where all of them lead home."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.article import Link
from crawler.errors import ListingError
from crawler.site import parse_listing

FEED = "https://kupang.tribunnews.com/rss"
WIB, WITA = timezone(timedelta(hours=7)), timezone(timedelta(hours=8))


def feed(*items: str) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Kupang</title>'
    return f"{head}<link>https://kupang.tribunnews.com/</link>{''.join(items)}</channel></rss>".encode()


def item(url: str, title: str = "Judul", printed: str = "Fri, 24 Jul 2026 17:16:29 +0700") -> str:
    return (
        f"<item><title><![CDATA[{title}]]></title><link>{url}</link><guid>{url}</guid><category>Banjir</category>"
        f"<pubDate>{printed}</pubDate><description><![CDATA[<img src='x'> Ringkas]]></description></item>"
    )


def test_a_feed_gives_address_title_time_and_categories() -> None:
    found = parse_listing(FEED, "rss", feed(item("https://kupang.tribunnews.com/flores/1/a", " Judul  baru ")))

    assert found.links == (
        Link(
            "https://kupang.tribunnews.com/flores/1/a",
            title="Judul baru",
            keywords=("Banjir",),
            published_at=datetime(2026, 7, 24, 17, 16, 29, tzinfo=WIB),
            published_from="index",
        ),
    )


@pytest.mark.parametrize(
    ("printed", "moment", "source"),
    [
        ("Fri, 24 Jul 2026 17:16:29 GMT", datetime(2026, 7, 24, 17, 16, 29, tzinfo=UTC), "index"),
        ("Fri, 24 Jul 2026 17:16:29", datetime(2026, 7, 24, 17, 16, 29, tzinfo=WITA), "index+host-zone"),
        ("kemarin", None, None),
        ("", None, None),
    ],
)
def test_a_time_without_zone_is_that_of_the_host_and_what_is_none_is_none(
    printed: str, moment: datetime | None, source: str | None
) -> None:
    found = parse_listing(FEED, "rss", feed(item("https://kupang.tribunnews.com/flores/1/a", printed=printed)))

    assert [(link.published_at, link.published_from) for link in found.links] == [(moment, source)]


@pytest.mark.fact("1.5.6")
@pytest.mark.fact("7.16")
@pytest.mark.parametrize(
    "home", ["https://kupang.tribunnews.com/", "https://www.tribunnews.com", "http://m.tribunnews.com/?utm_source=rss"]
)
def test_a_feed_whose_links_all_lead_home_is_refused(home: str) -> None:
    with pytest.raises(ListingError, match="RSS links all point to the home page"):
        parse_listing(FEED, "rss", feed(item(home), item(home)))


def test_one_real_link_among_others_makes_a_feed_useful() -> None:
    body = feed(item("https://kupang.tribunnews.com/"), item("https://kupang.tribunnews.com/flores/1/a"))

    found = parse_listing(FEED, "rss", body)

    assert [link.url for link in found.links] == ["https://kupang.tribunnews.com/flores/1/a"]
    assert found.refused == {"not an article": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b"<html><body>404</body></html>", "is a web page, not a feed"),
        (b"<urlset/>", "is no feed: it begins with <urlset>"),
        (feed(item("https://kupang.tribunnews.com/flores/1/a"))[:-9], "is not well-formed XML"),
        (b"<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss>&a;</rss>", "declares a document type"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ListingError) as refusal:
        parse_listing(FEED, "rss", body)

    assert refusal.value.reason.startswith(reason)
