"""Index pages as the site prints them, broken ones, and hostile ones."""

from datetime import datetime, timezone

import pytest

from crawler.article import Link
from crawler.errors import ListingError
from crawler.site import ListingPage, identify, parse_listing
from tests.site.listing_bodies import (
    ERROR_PAGE,
    INDEX_URL,
    WIB,
    WIT,
    WITA,
    entry,
    page,
    row,
    sitemap,
    urls,
)


@pytest.mark.fact("2.4.1")
@pytest.mark.fact("1.3.1")
def test_an_index_page_gives_the_headlines_of_its_rows_and_nothing_else() -> None:
    body = page(
        row("https://www.tribunnews.com/nasional/1/a", "Banjir <b>Surut</b> di Jakarta"),
        row("https://www.tribunnews.com/internasional/2026/07/24/b", "Kabar Kedua", "Jumat, 24 Juli 2026 17:22"),
        row("https://www.tribunnews.com/tag/contoh"),
        row("https://www.tribunnews.com/nasional/1/judul-baru?page=2"),
        row("https://evil.example/nasional/3/c"),
        row("#"),
    )

    found = parse_listing(INDEX_URL, "index", body)

    assert found == ListingPage(
        links=(
            Link(
                "https://www.tribunnews.com/nasional/1/a",
                title="Banjir Surut di Jakarta",
                published_at=datetime(2026, 7, 24, 17, 25, tzinfo=WIB),
                published_from="index",
            ),
            Link(
                "https://www.tribunnews.com/internasional/2026/07/24/b",
                title="Kabar Kedua",
                published_at=datetime(2026, 7, 24, 17, 22, tzinfo=WIB),
                published_from="index+host-zone",
            ),
        ),
        refused={"not an article": 2, "not Tribunnews": 1},
    )


@pytest.mark.fact("7.12")
@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("2024/01/23/tanpa-garis-miring", "https://madura.tribunnews.com/2024/01/23/tanpa-garis-miring"),
        ("/2024/01/23/dari-akar", "https://madura.tribunnews.com/2024/01/23/dari-akar"),
        ("news/12/titik:dua", "https://madura.tribunnews.com/news/12/titik:dua"),
        ("//madura.tribunnews.com/news/12/a", "https://madura.tribunnews.com/news/12/a"),
        ("\n https://m.tribunnews.com/news/12/a?page=all ", "https://m.tribunnews.com/news/12/a?page=all"),
        ("http://www.tribunnews.com/news/12/a&amp;b", "http://www.tribunnews.com/news/12/a&b"),
    ],
)
@pytest.mark.parametrize(
    "own", ["https://madura.tribunnews.com/", "http://m.madura.tribunnews.com/index-news/news?page=2"]
)
def test_addresses_in_a_page_are_made_absolute_from_the_root_of_their_host(own: str, href: str, url: str) -> None:
    assert urls(parse_listing(own, "index", page(row(href)))) == [url]


@pytest.mark.fact("2.4.1")
@pytest.mark.fact("7.13")
@pytest.mark.parametrize(("host", "zone"), [("surabaya", WIB), ("makassar", WITA), ("papua", WIT), ("situs-baru", WIB)])
def test_a_time_printed_without_zone_is_that_of_the_host(host: str, zone: timezone) -> None:
    body = page(row("/news/1/a", printed="Kamis, 10 Februari 2022 23:28"))

    found = parse_listing(f"https://{host}.tribunnews.com/index-news", "index", body)

    assert found.links[0].published_at == datetime(2022, 2, 10, 23, 28, tzinfo=zone)
    assert found.links[0].published_from == "index+host-zone"


@pytest.mark.parametrize(
    ("pager", "has_next"),
    [
        ('<a href="?page=1">1</a> <a href="https://www.tribunnews.com/index-news?page=2">Next</a>', True),
        ('<a href="?page=2"> NEXT » </a>', True),
        ('<a href="?page=2">Selanjutnya</a>', True),
        ('<a href="?page=1">Prev</a> <a href="?page=2">2</a>', False),
        ('<a href="#">Next</a>', False),
        ('<a href="javascript:void(0)">Next</a>', False),
        ("<a>Next</a>", False),
        ("", False),
    ],
)
def test_there_is_a_next_page_when_the_pager_leads_to_one(pager: str, has_next: bool) -> None:
    found = parse_listing(INDEX_URL, "index", page(row("/nasional/1/a"), pager=pager))

    assert found.has_next is has_next


def test_an_index_page_without_rows_names_nothing() -> None:
    assert parse_listing(INDEX_URL, "index", page()) == ListingPage()
    assert parse_listing(INDEX_URL, "index", page("<li>Tidak ada berita pada tanggal ini.</li>")) == ListingPage()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (ERROR_PAGE, "holds no list of articles"),
        (sitemap(entry("https://www.tribunnews.com/nasional/1/a")), "holds no list of articles"),
        (page('<li class="ptb15"><h2><a href="/nasional/1/a">Judul</a></h2></li>'), "holds rows, but no headline"),
        (page(*map(row, ["/nasional/1/a"] * 1001)), "holds more than 1000 rows"),
        (page("<br>" * 20_001), "holds more than 20000 tags"),
        (page("<p " + "x=1 " * 6000 + ">"), "holds a tag of 24,004 bytes"),
        (page("<div>" * 600), "holds more than 500 elements inside each other"),
        (page() + b" " * 2 * 1024 * 1024, "is larger than 2 MiB"),
    ],
)
def test_what_is_no_index_page_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ListingError) as refusal:
        parse_listing(INDEX_URL, "index", body)

    assert refusal.value.reason.startswith(reason)


@pytest.mark.timeout(30)  # read as HTML demands, this page is tens of millions of elements
def test_text_styles_left_open_do_not_hold_up_the_reading() -> None:
    styles = "".join(f"<font size={number}>" for number in range(450))

    found = parse_listing(INDEX_URL, "index", page(row("/nasional/1/a"), f"<li>{styles}{'<p>x' * 9000}"))

    assert urls(found) == ["https://www.tribunnews.com/nasional/1/a"]


@pytest.mark.fact("2.4.2")
@pytest.mark.fact("1.3.11")
def test_the_list_of_what_is_read_most_has_other_classes() -> None:
    body = b"""<div class="lsi pt10 pb10"><ul>
      <li><div class="fl mb5 mr10"><a href="https://www.tribunnews.com/nasional/1/a"><img alt=""></a></div>
        <h3 class="fbo f16"><a href="https://www.tribunnews.com/nasional/1/a" title="A">A</a></h3></li>
      <li><h3 class="fbo f16"><a href="https://www.tribunnews.com/2024/01/23/b" title="B">B</a></h3></li></ul></div>"""

    found = parse_listing("https://www.tribunnews.com/populer?section=nasional&type=6h", "index", body)

    assert [(link.url, link.title) for link in found.links] == [
        ("https://www.tribunnews.com/nasional/1/a", "A"),
        ("https://www.tribunnews.com/2024/01/23/b", "B"),
    ]


@pytest.mark.fact("7.11")
def test_the_order_of_a_page_is_kept_and_not_trusted() -> None:
    printed = ("Jumat, 24 Juli 2026 17:25 WIB", "Senin, 4 Mei 2020 09:00 WIB", "Jumat, 24 Juli 2026 17:20 WIB")
    body = page(*(row(f"/nasional/{number}/a", printed=each) for number, each in enumerate(printed, start=1)))

    found = parse_listing(INDEX_URL, "index", body)

    assert [identify(link.url).content_id for link in found.links] == ["1", "2", "3"]
