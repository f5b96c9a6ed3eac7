"""Whether a listing lists the same: told from its bytes, without what changes at each look."""

import pytest

from crawler.article import ListingKind
from crawler.site import listing_digest
from tests.site.listing_bodies import entry, page, row, sitemap

ROW = row("/nasional/1/a")
OLD = page(ROW)
AGO = b'<ul id="latestul"><li><h3><a href="/n/1/a">A</a></h3><time>%s</time></li></ul><div id="ltldmr">x</div>'


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("index", OLD, OLD.replace(b"<title>Indeks Berita", b"<title>Jumat, 24 Juli 2026")),
        ("index", OLD, OLD.replace(b"</body>", b"<div>Rekomendasi untuk Anda</div></body>")),
        ("index", OLD, OLD.replace(b'<ul class="lsi">', b'<ul class="lsi"><script>var a = 7;</script><!-- 17:25 -->')),
        ("home", AGO % b"32 menit lalu", AGO % b"1 jam lalu"),
        ("home", AGO % b"59 menit lalu", AGO % b"1 jam dan 5 menit yang lalu"),
        ("sitemap", sitemap(), sitemap() + b"<!-- made at 17:25 -->"),
        ("rss", b"<rss><lastBuildDate>a</lastBuildDate></rss>", b"<rss><lastBuildDate>b</lastBuildDate></rss>"),
    ],
)
def test_what_lists_the_same_has_the_same_digest(kind: ListingKind, one: bytes, other: bytes) -> None:
    assert one != other
    assert listing_digest(kind, one) == listing_digest(kind, other) is not None


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("index", OLD, page(row("/nasional/2/b"), ROW)),
        ("index", OLD, page(row("/nasional/1/a", title="UPDATE Judul"))),
        ("index", OLD, page(row("/nasional/1/a", printed="Jumat, 24 Juli 2026 17:26 WIB"))),
        ("home", AGO % b"32 menit lalu", AGO.replace(b"/n/1/a", b"/n/2/a") % b"32 menit lalu"),
        ("sitemap", sitemap(entry("https://a/1")), sitemap(entry("https://a/1", title="Lain"))),
    ],
)
def test_what_lists_something_else_has_another(kind: ListingKind, one: bytes, other: bytes) -> None:
    assert listing_digest(kind, one) != listing_digest(kind, other)


@pytest.mark.parametrize("kind", ["index", "home"])
def test_where_no_list_is_to_be_seen_there_is_no_digest(kind: ListingKind) -> None:
    assert listing_digest(kind, b"<html><body>Selamat datang</body></html>") is None
    assert listing_digest("sitemap", b" ") is None
