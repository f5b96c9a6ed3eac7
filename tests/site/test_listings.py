"""Listings: sitemaps and index pages as the site prints them, broken ones, and hostile ones."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.article import Link, ListingKind
from crawler.errors import ListingError
from crawler.site import ListingPage, identify, index_address, parse_listing

SITEMAP_URL = "https://www.tribunnews.com/nasional/sitemap-news.xml"
INDEX_URL = "https://www.tribunnews.com/index-news"
WIB, WITA, WIT = (timezone(timedelta(hours=hours)) for hours in (7, 8, 9))
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def sitemap(*entries: str) -> bytes:
    return f'<?xml version="1.0"?>\n<urlset {NAMESPACES}>{"".join(entries)}</urlset>'.encode()


def entry(url: str, *, title: str = "", moment: str = "", keywords: str = "") -> str:
    return f"""
      <url>
        <loc><![CDATA[{url}]]></loc>
        <news:news>
          <news:publication><news:name><![CDATA[Tribunnews]]></news:name></news:publication>
          <news:publication_date><![CDATA[{moment}]]></news:publication_date>
          <news:title><![CDATA[{title}]]></news:title>
          <news:keywords><![CDATA[{keywords}]]></news:keywords>
        </news:news>
      </url>"""


def index(*urls: str) -> bytes:
    children = "".join(f"<sitemap><loc>{url}</loc><lastmod>2026-07-24</lastmod></sitemap>" for url in urls)
    return f'<?xml version="1.0"?><sitemapindex {NAMESPACES}>{children}</sitemapindex>'.encode()


def page(*rows: str, pager: str = "") -> bytes:
    return f"""<!DOCTYPE html><html lang="id-ID"><head><title>Indeks Berita</title></head><body>
      <script>var row = "<ul class='lsi'><li><h3><a href='/nasional/666/dari-script'>x</a></h3></li></ul>";</script>
      <ul class="menu"><li><h3><a href="/nasional/777/dari-menu">Menu</a></h3></li></ul>
      <ul class="lsi">{"".join(rows)}</ul>
      <div id="paginga"><div class="paging">{pager}</div></div></body></html>""".encode()


def row(href: str, title: str = "Judul", printed: str = "Jumat, 24 Juli 2026 17:25 WIB") -> str:
    return f"""<li class="ptb15">
      <time class="grey">{printed}</time>
      <h4 class="red fbo2 f14"><a href="https://www.tribunnews.com/topic/banjir" title="Banjir">Banjir</a></h4>
      <h3 class="f16 fbo"><a href="{href}" title="{title}">
          {title}
      </a></h3></li>"""


def urls(found: ListingPage) -> list[str]:
    return [link.url for link in found.links]


# Sitemaps


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
ERROR_PAGE = (
    b"<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><p>Request blocked.<br></body></html>"
)


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


# Index pages


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


@pytest.mark.parametrize(("host", "zone"), [("surabaya", WIB), ("makassar", WITA), ("papua", WIT), ("situs-baru", WIB)])
def test_a_time_printed_without_zone_is_that_of_the_host(host: str, zone: timezone) -> None:
    body = page(row("/news/1/a", printed="Kamis, 10 Februari 2022 23:28"))

    found = parse_listing(f"https://{host}.tribunnews.com/index-news", "index", body)

    assert found.links[0].published_at == datetime(2022, 2, 10, 23, 28, tzinfo=zone)
    assert found.links[0].published_from == "index+host-zone"


def test_a_list_of_a_home_page_is_read_with_pinned_rows_and_without_adverts() -> None:
    body = b"""<div class="lsi"><ul id="latestul">
      <li class="reserved_box_ads p1520 nativeads"><h3><a href="/news/666/iklan">Iklan</a></h3></li>
      <li class="p1520 art-list pos_rel" data-sort="1">
        <a href="2024/01/23/a" title="A"><img alt="x"></a>
        <h4 class="fbo2"><a href="https://madura.tribunnews.com/topics/berita-sampang">Berita Sampang</a></h4>
        <h3><a href="https://madura.tribunnews.com/2024/01/23/a" title="A">A </a></h3>
        <div><a href="https://madura.tribunnews.com/madura">Madura</a></div>
        <time class="foot timeago" title="2024-01-23 17:01:36">32 menit lalu </time>
        <div class="sharecot" data-href="https://www.tribunnews.com/2024/01/23/a"></div></li>
      <li class="p1520 art-list pos_rel cindex" data-sort="1">
        <h3><a href="https://madura.tribunnews.com/2024/01/20/b">B</a></h3>
        <time class="foot timeago" title="2024-01-20 18:52:35">2 hari lalu</time></li>
      <li sort="2"><h3><a href="/2024/01/23/c" title="C"><img alt=""></a></h3>
        <time class="foot">3 menit lalu</time></li>
      <li class="art-list"><div class="nativeads"></div></li></ul></div>"""

    found = parse_listing("https://madura.tribunnews.com/", "index", body)

    assert found == ListingPage(
        links=(
            Link(
                "https://madura.tribunnews.com/2024/01/23/a",
                title="A",
                published_at=datetime(2024, 1, 23, 17, 1, 36, tzinfo=WIB),
                published_from="index+host-zone",
            ),
            Link(
                "https://madura.tribunnews.com/2024/01/20/b",
                title="B",
                published_at=datetime(2024, 1, 20, 18, 52, 35, tzinfo=WIB),
                published_from="index+host-zone",
            ),
            Link("https://madura.tribunnews.com/2024/01/23/c", title="C"),
        )
    )


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


# Both


@pytest.mark.parametrize("kind", ["sitemap", "index"])
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
    kinds: tuple[ListingKind, ...] = ("sitemap", "index")
    for kind in kinds:
        try:
            found = parse_listing(SITEMAP_URL, kind, body)
        except ListingError:
            continue

        keys = [identify(link.url).key for link in found.links]
        assert all(identify(link.url).is_readable for link in found.links)
        assert len(set(keys)) == len(keys)
        assert all("\0" not in (link.title or "") for link in found.links)
