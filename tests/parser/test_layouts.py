"""Single facts of the page generations, and what stands at an article's address without being one."""

from collections.abc import Callable

import pytest

from crawler.errors import ExtractionError
from crawler.parser import examine_html, read_html
from crawler.parser.html import cut_page
from crawler.site import identify
from seeds.layouts import Door
from seeds.newsroom import Newsroom

MakePage = Callable[..., bytes]
URL = "https://www.tribunnews.com/regional/7001234/banjir-demak"
TEXT = "<p>Hujan turun sejak pagi di seluruh kota.</p>"


def _page(above: str = "", body: str = TEXT, below: str = "", head: str = "", title: str = "Air Surut") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><h1 id='arttitle'>{title}</h1>{above}"
        f"<div id='article_con'><div class='side-article txt-article'>{body}</div></div>{below}</body></html>"
    ).encode()


@pytest.mark.fact("2.1.author")
@pytest.mark.parametrize(
    ("above", "below", "authors", "editors"),
    [
        ('<div class="f14 author"><a href="/penulis/a">Ani</a></div>', "", ("Ani",), ()),
        ("<div class=\"f14 author\">Penulis: <a href='/p'>Ani</a></div>", "", ("Ani",), ()),
        ("", '<div class="side-article mb5"><div class="f12 grey mb15">Editor: Budi</div></div>', (), ("Budi",)),
        ("", '<div class="author">Penulis: <a>Ani</a></div><div class="f12">Editor: </div>', ("Ani",), ()),
        ("", '<div class="f12 grey mb15">Editor: </div><ul class="tags"><li>Demak</li></ul>', (), ()),
        ("<h5 id='penulis'>Penulis: Ani | Editor: Budi</h5>", "", ("Ani",), ("Budi",)),
        ("<DIV class=grey>Penulis: Ani</DIV><DIV>Editor: Budi</DIV>", "", ("Ani",), ("Budi",)),
        ("<div><span>Penulis:</span></div><div>Ani Sari</div>", "", ("Ani Sari",), ()),
        (
            '<div class="credit"><div id="penulis">Penulis: </div><div id="editor">Editor: <a>Budi</a></div></div>',
            "",
            (),
            ("Budi",),
        ),
    ],
)
def test_names_are_read_wherever_a_generation_prints_them(
    above: str, below: str, authors: tuple[str, ...], editors: tuple[str, ...]
) -> None:
    article = read_html(_page(above=above, below=below), address=identify(URL))

    assert (article.authors, article.editors) == (authors, editors)


@pytest.mark.fact("2.1.date", "3.5")
@pytest.mark.parametrize(
    ("markup", "moment"),
    [
        ('<time class="grey timeago">Rabu, 3 Mei 2017 12:40 WIB</time>', "2017-05-03T12:40:00+07:00"),
        ('<time class="grey timeago" title="2018-03-05 10:11:12">3 jam lalu</time>', "2018-03-05T10:11:12+07:00"),
        (
            '<div class="mt10"><time class="grey">Kamis, 10 Februari 2022 23:28</time></div>',
            "2022-02-10T23:28:00+07:00",
        ),
        (
            "<time><strong>Tayang:</strong> <span>Senin, 24 Februari 2025 10:17 WIB</span></time>",
            "2025-02-24T10:17:00+07:00",
        ),
        ("<strong>Tayang:</strong> <time datetime='2026-07-24T12:40+07:00'>x</time>", "2026-07-24T12:40:00+07:00"),
        ("<div>Tayang: Senin, 24 Februari 2025 10:17 WITA</div>", "2025-02-24T10:17:00+08:00"),
        ("<div class='f12'>Foto diambil Senin, 24 Februari 2025 10:17 WIB di Demak</div>", None),
    ],
)
def test_dates_are_read_in_the_form_of_every_generation(markup: str, moment: str | None) -> None:
    article = read_html(_page(above=markup), address=identify(URL))

    assert (article.published_at.isoformat() if article.published_at else None) == moment


@pytest.mark.fact("2.1.pager", "7.3")
@pytest.mark.parametrize(
    ("pager", "total"),
    [
        (f'<div class="mb20"><b>1</b> <a href="{URL}?page=2">2</a> <a href="{URL}?page=3">3</a></div>', 3),
        (f'<a class="bgblue white" href="{URL}?page=2">Halaman Selanjutnya</a>', 2),
        (f"<a class='bgblue' href='{URL.replace('www.', 'm.')}?utm=1&amp;page=2'>Halaman Selanjutnya</a>", 2),
        ("<a href='?page=4' rel='page-4'>4</a>", 4),
        *(
            (f"<a href='?utm=1{sign}page=5'>A & B? &#38; C</a>", 5)
            for sign in ("&", "&amp;", "&#38;", "&#038;", "&#x26;")
        ),
        ("<div class='paging'><span class='total-page'>Halaman 1/3</span></div>", 3),
        ("<a href='https://www.tribunnews.com/regional/7009999/lain?page=9'>9</a>", 1),
        ("<a href='https://www.tribunnews.com/index-news?page=5'>5</a>", 1),
        (f"<script>var a = \"<a href='{URL}?page=8'>\";</script>", 1),
    ],
)
def test_the_number_of_pages_is_known_where_only_links_tell_it(pager: str, total: int) -> None:
    article = read_html(_page(below=pager), address=identify(URL))

    assert (article.pages.total, article.is_complete) == (total, total == 1)


def test_pages_without_numbers_are_joined_in_the_order_in_which_they_came() -> None:
    pages = [_page(body=f"<p>Bagian {number} dari cerita ini.</p>") for number in ("satu", "dua", "tiga")]

    article = read_html(*pages, address=identify(URL))

    assert [each.text.split()[1] for each in article.paragraphs] == ["satu", "dua", "tiga"]
    assert article.pages.read == 3


def test_a_page_that_came_twice_is_read_once() -> None:
    pager = f'<a class="bgblue" href="{URL}?page=2">Halaman Selanjutnya</a>'

    article = read_html(_page(below=pager), _page(below=pager), address=identify(URL))

    assert (article.text, article.pages.read, article.is_complete) == (
        "Hujan turun sejak pagi di seluruh kota.",
        1,
        False,
    )


@pytest.mark.fact("2.1.topic line")
def test_the_topic_may_end_a_trail_of_links() -> None:
    trail = '<div class="breadcrumb"><a href="/">Home</a> <a href="/topic/rob">Rob Pantura</a></div>'
    page = _page().replace(b"<h1", trail.encode() + b"<h1")

    assert read_html(page).topic_line == "Rob Pantura"


@pytest.mark.fact("2.1.source box")
def test_the_source_is_read_from_its_box() -> None:
    box = '<div class="sources mb20"><h6>Sumber: <a href="/" title="BBC Indonesia">x</a></h6></div>'

    assert read_html(_page(below=box)).source == "BBC Indonesia"
    assert read_html(_page(below="<h3>Rekomendasi untuk Anda</h3>" + box)).source is None


@pytest.mark.fact("2.1.credit")
def test_the_button_over_a_picture_is_no_credit(make_page: MakePage) -> None:
    photo = (
        '<div id="artimg"><img class="imgfull" src="a.jpg"><div class="f11">zoom-inlihat foto Judul Berita</div></div>'
    )

    assert read_html(make_page(under=photo)).photos[0].credit is None


@pytest.mark.fact("7.25", "7.8")
def test_a_box_of_other_articles_in_the_text_is_no_text() -> None:
    box = '<div class="mb20"><h4>Berita Lainnya</h4><p><a href="/a/1/b">Harga Cabai Naik</a></p></div>'

    assert read_html(_page(body=TEXT + box)).text == "Hujan turun sejak pagi di seluruh kota."


@pytest.mark.fact("2.2.4")
def test_a_copy_that_holds_much_more_than_the_text_is_remarked() -> None:
    words = " ".join(f"kata{number}" for number in range(300))
    script = f'<script>var keywordBrandSafety = "Hujan turun \\"; {words}"; var b = "x";</script>'

    reading = examine_html(_page(below=script))

    assert reading.remarks == ("keywordBrandSafety holds 300 words that the text lacks",)
    assert "kata1" not in reading.article.text


@pytest.mark.fact("2.2.4")
def test_a_copy_that_agrees_is_not_remarked() -> None:
    newsroom = Newsroom()
    name = newsroom.names[1]
    newsroom.edit(name, text=['Kata warga: "Kami selamat"; lalu mereka pulang. ' * 30, "Selesai sudah."])

    reading = examine_html(newsroom.page(name), address=identify(newsroom.address(name)))

    assert reading.remarks == ()
    assert 'selamat"; lalu' in reading.article.text


@pytest.mark.fact("7.14", "7.21")
@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (b" \n", "an empty body"),
        (
            b"<title>ERROR: The request could not be satisfied</title><h1>403 ERROR</h1>",
            "a refusal",
        ),
        (b"<title>Just a moment...</title><h1>www.tribunnews.com</h1>", "a robot check"),
        (b"<h1>Verifikasi bahwa Anda bukan robot</h1><p>Centang kotak.</p>", "a robot check"),
        (b"<h1>Kami memakai cookie</h1><p>Setuju?</p>", "a request for consent"),
        (b"<h1>Halaman tidak ditemukan</h1><p>Maaf.</p>", "a note that there is no such page"),
        (
            _page(title="Halaman tidak ditemukan", body="<p>Maaf, coba lagi nanti.</p>"),
            "a note that there is no such page",
        ),
        (b"<h1>502 Bad Gateway</h1>", "an error page"),
        (
            b"<meta property='og:type' content='article'><link rel='canonical' href='https://www.tribunnews.com/'><h1>Baru</h1>",
            "a page that lists articles",
        ),
    ],
)
@pytest.mark.parametrize("url", [URL, "https://www.tribunnews.com/images/regional/view/1823297/x"])
def test_what_is_no_article_is_told_for_what_it_is(markup: bytes, shown: str, url: str) -> None:
    with pytest.raises(ExtractionError, match=f"no article, but {shown}"):
        read_html(markup, address=identify(url))


@pytest.mark.fact("7.14")
def test_an_article_about_refusals_and_robots_is_an_article() -> None:
    words = "<p>403 Forbidden, kata layar itu. Verifikasi bahwa Anda bukan robot. Halaman tidak ditemukan.</p>"
    head = f'<link rel="canonical" href="{URL}">'
    page = _page(title="Saya Bukan Robot, Kata Mesin Tiket", body=words, head=head)

    article = read_html(page, address=identify(URL))

    assert article.kind == "article"
    assert "403 Forbidden" in article.text


@pytest.mark.fact("7.14")
@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("502 Bad Gateway", "an error page"),
        ("Situs sedang dalam perbaikan", "an error page"),
        ("Verifikasi bahwa Anda manusia", "a robot check"),
        ("Persetujuan Cookie", "a request for consent"),
        ("Masuk untuk melanjutkan", "a request to sign in"),
    ],
)
@pytest.mark.parametrize("head", ["", '<link rel="canonical" href="https://www.tribunnews.com/">'])
def test_a_wall_in_the_frame_of_the_site_is_no_article(title: str, shown: str, head: str) -> None:
    page = _page(title=title, body="<p>Silakan coba beberapa saat lagi.</p>", head=head)

    with pytest.raises(ExtractionError, match=f"no article, but {shown}"):
        read_html(page, address=identify(URL))


def test_a_headline_that_begins_with_a_number_is_no_error_page() -> None:
    article = read_html(_page(title="500 Warga Demak Mengungsi"), address=identify(URL))

    assert article.title == "500 Warga Demak Mengungsi"


@pytest.mark.parametrize(
    ("page", "layout"),
    [
        (_page(), "B"),
        (_page(above='<time class="grey timeago">x</time>'), "A"),
        (_page().replace(b"txt-article", b"txt-article multi-fontsize"), "C"),
        (_page(above="<time>Tayang: x</time>").replace(b"txt-article", b"txt-article multi-fontsize"), "D"),
        (_page(above="<time datetime='2026-07-24T12:40+07:00'>x</time>"), "E"),
        (b"<html amp><h1>Judul</h1><div class='txt-article'><p>Isi</p></div></html>", "amp"),
        (b"<h1 class='f32'>Judul</h1><div class='txt-article mb20'><p>Isi</p></div>", "mobile"),
        (b"<h1>Judul</h1><div itemprop='articleBody'><p>Isi</p></div>", "unknown"),
    ],
)
def test_the_generation_of_a_page_is_told_by_its_marks(page: bytes, layout: str) -> None:
    assert examine_html(page).layout == layout


@pytest.mark.parametrize("door", ["m", "amp"])
def test_a_page_without_the_id_of_a_headline_is_read_alike_in_short_and_as_a_whole(door: Door) -> None:
    newsroom = Newsroom()
    for name in newsroom.names:
        page = newsroom.page(name, door=door)

        assert cut_page(page, url=None) == cut_page(page, url=None, in_short=False)
