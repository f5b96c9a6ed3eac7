"""The short ways of reading a page: whatever they read, the parser reads the same from the whole page."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.errors import ExtractionError
from crawler.parser import read_html
from crawler.parser.assemble import assemble
from crawler.parser.html import cut_page
from crawler.parser.plain import read_plain
from crawler.parser.shortcut import article_part
from seeds.layouts import LAYOUTS, Door, Layout
from seeds.newsroom import Newsroom

MakePage = Callable[..., bytes]
# What the site, an advertiser or a careless editor may put anywhere; some of it is broken on purpose.
_PIECES = (
    "<p>Hujan turun di kota.</p>",
    "<p>Kata <a href='/tag/rob'>rob</a> &amp; <em>lain</em>&nbsp;lagi</p>",
    '<p class="baca"><strong>Baca juga: <a href="/a?x=1&copy=2">Harga</a></strong></p>',
    "<p><strong>Menunggu pompa</strong></p>",
    "<p><b>Menunggu</b> pompa</p>",
    "<p>satu<br>dua<br />tiga</p>",
    "<p>&#8220;Kami selamat.&#8221;</p>",
    "<p>&#1;&#11;&#128;&#xfffe;&notit;&copy;&#0;</p>",
    "<P CLASS=x>Huruf besar</P>",
    "<p>tidak ditutup",
    "</p>",
    "</div>",
    "<div>",
    "<b>",
    "</strong>",
    "<h2>Anak judul</h2>",
    "<h3>Apa <br> itu?</h3>",
    "<ul><li>satu</li><li><a href='/b'>dua</a></li></ul>",
    "<ul><li>satu<li>dua</ul>",
    "<ol><li>satu</li><li></li><li>dua</li></ol>",
    "<table><tr><td>a</td><td>b</td></tr><tr><td><a href='/c'>c</a></td></tr></table>",
    "<table><tr><td>a<td>b</table>",
    "<table class='x'>\n<tbody><tr><th>Tim</th> <td>b &amp; c</td></tr>\n<tr><td>a<b></b></td></tr></tbody></table>",
    '<table border="1"><tbody>\n<tr><th>Tim</th><td>&nbsp;</td></tr><tr><td>8</td> <td>a</td></tr></tbody></table>',
    "<table><tbody><tr><td>a</th></tr></tbody></table>",
    "<p>[Reff] &nbsp; <br />\n&amp; G D<br/>Em</p>",
    '<figure class="image"><img src="a.jpg"><figcaption>Air. (AFP/Ani)</figcaption></figure>',
    "<p><img src='b.jpg'></p>",
    '<blockquote class="summary-article"><strong>Ringkasan Berita:</strong><ul><li>Air.</li></ul></blockquote>',
    "<blockquote><p>Kutipan</p></blockquote>",
    '<div class="ads-placeholder"><div id="div-x">iklan</div></div>',
    '<div class="ads-placeholder"><p>iklan</div>',
    "<div class='kotak'><p>Di dalam kotak</p></div>",
    "<script>var a = \"<div class='side-article txt-article'><p>x<\\/p></div>\";</script>",
    "<script>if (a </div> b) { document.write('<p>x</p>') }</script>",
    '<script>var a = "<!-- <script> ";</script>',
    "<!-- <p>komentar</p> </div> -->",
    "<!--[if IE]><p>x</p><![endif]-->",
    "<!-- tidak ditutup",
    "lepas ",
    "&lt;p&gt;",
    '<a href="x"',
    "<textarea></div></textarea>",
    '<template><h1 id="arttitle">Palsu</h1></template>',
    '<h1 id="arttitle">Judul lain</h1>',
    '<div class="side-article txt-article"><p>Isi lain</p></div>',
    '<time datetime="2020-01-01T00:00+07:00">x</time>',
    '<h2 class="hide">Teras lain</h2>',
    '<div id="penulis">Penulis: <a>Ani</a></div>',
    '<div id="penulis">Penulis: <a title="Ani > Budi" href="/ani">Ani</a></div>',
    '<p>Kata <a title="a < b > c" href="/tag/rob">rob</a> &gt; lain</p>',
    '<h1 class="f50 black2 f400 crimson" id="arttitle">Judul yang biasa</h1>',
    '<h2><a href="/topic/banjir">Banjir</a></h2>',
    '<div id="artimg"><a><img class="imgfull" src="c.jpg"></a><div class="f12">Air</div></div>',
    '<div id="artimg"><p>x</p></div>',
    '<span class="total-page">Halaman 1/2</span>',
    '<h5 class="tagcloud3"><a href="/tag/a">Banjir</a></h5>',
    "<svg><title>x</title><p>y</p></svg>",
    "\x00\x0c\r\n\t",
    "\ud800",
)
_MOST = 4
_FORMS: tuple[tuple[Layout, Door], ...] = (
    *((layout, door) for layout in LAYOUTS for door in ("www", "m")),
    ("E", "amp"),
)
pieces = st.lists(st.sampled_from(_PIECES), max_size=_MOST).map("".join)
# Left open above the title, or in a script that the standard keeps open in a strange way, these swallow the article for
# the parser; the short way may be the one that still finds it.
_SWALLOWING = {
    "<!-- tidak ditutup",
    '<a href="x"',
    "<b>",
    "</div>",
    "<div>",
    '<script>var a = "<!-- <script> ";</script>',
}
closed = st.lists(st.sampled_from([piece for piece in _PIECES if piece not in _SWALLOWING]), max_size=_MOST).map(
    "".join
)

_WORDS = (
    *(
        "&nbsp;",
        "&#8203;",
        "&amp;",
        "&copy",
        "&#1;",
        "\x0b",
        "\u200b",
        "  ",
        "Kata",
        "<b>tebal</b>",
        "<b> </b>",
        "<br>",
    ),
    *('<a href="/tag/rob">rob</a>', "<strong>Baca juga:</strong>", '<a href="/y"><b>Harga</b></a>', "<!-- x -->"),
)
words = st.sampled_from(_WORDS)

_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body>{above}
<div><h1 class="f50" id="arttitle">Judul Berita</h1>{under}
<div id="article_con"><div class="side-article txt-article multi-fontsize">
{body}
</div></div></div>{below}</body></html>"""


def _both_ways(page: bytes) -> tuple[object, object]:
    results = []
    for in_short in (True, False):
        try:
            results.append(repr(assemble([cut_page(page, url=None, in_short=in_short)])))
        except ExtractionError as error:
            results.append(str(error))
    return results[0], results[1]


@cache
def _desk() -> Newsroom:
    return Newsroom()


@st.composite
def printed(draw: st.DrawFn) -> tuple[str, Layout, Door]:
    """Draw a seed and one of its forms; every second one is the present layout."""
    form: tuple[Layout, Door] = draw(st.one_of(st.just(("E", "www")), st.sampled_from(_FORMS)))
    return draw(st.sampled_from(_desk().names)), *form


def _page_of(name: str, layout: Layout, door: Door) -> bytes:
    return _desk().page(name, layout=layout, door=door)


@settings(max_examples=600, deadline=None)
@given(above=closed, under=pieces, body=pieces, below=pieces)
@example(above="", under="", body="<script>a </div> b</script><p>Isi</p>", below="")
@example(above="", under="", body="<p>Isi<table><tr><td>a</td><td>b</td></tr></table>", below="")
@example(above="", under='<a href="/x">', body='<p>Isi</p><p>Baca juga: <a href="/y">Harga</a></p><p>x</p>', below="")
@example(above="<!-- ", under="", body="<p>Isi</p>", below=" -->")
@example(above="", under='<b></div><div class="txt-article"><p>Lain</p></div>', body="<p>Isi</p>", below="")
def test_both_ways_read_the_same_from_any_page(above: str, under: str, body: str, below: str) -> None:
    page = _PAGE.format(above=above, under=under, body=body, below=below).encode("utf-8", "replace")

    short, whole = _both_ways(page.replace(b"\0", b""))

    assert short == whole


@pytest.mark.parametrize("form", _FORMS, ids="-".join)
@pytest.mark.parametrize("name", _desk().names)
def test_both_ways_read_the_same_from_a_seed(name: str, form: tuple[Layout, Door]) -> None:
    page = _desk().page(name, layout=form[0], door=form[1])

    short, whole = _both_ways(page)

    assert short == whole


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_both_ways_read_the_same_from_a_seed_with_noise_in_it(data: st.DataObject) -> None:
    page = _page_of(*data.draw(printed()))
    ends = [found.end() for found in re.finditer(b"</p>", page)]
    for place in sorted(data.draw(st.lists(st.sampled_from(ends), max_size=3)) if ends else [], reverse=True):
        page = page[:place] + data.draw(closed).encode("utf-8", "replace") + page[place:]

    short, whole = _both_ways(page.replace(b"\0", b""))

    assert short == whole


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_both_ways_read_the_same_from_a_seed_with_something_between_its_tags(data: st.DataObject) -> None:
    page = _page_of(*data.draw(printed()))
    part = article_part(page)
    assert part
    places = [part.start + found.end() for found in re.finditer(b">", page[part.start : part.end - 1])]
    for place in sorted(data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2)), reverse=True):
        page = page[:place] + data.draw(closed | words).encode("utf-8", "replace") + page[place:]

    short, whole = _both_ways(page.replace(b"\0", b""))

    assert short == whole


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_both_ways_read_the_same_from_a_seed_that_lacks_something(data: st.DataObject) -> None:
    page = _page_of(*data.draw(printed()))
    part = article_part(page)
    assert part
    tags = [found.span() for found in re.finditer(rb"<[^<>]+>|[^<>]+| class=\"[^\"]*\"", page[part.start : part.end])]
    for start, end in sorted(
        data.draw(st.lists(st.sampled_from(tags), min_size=1, max_size=2, unique=True)), reverse=True
    ):
        page = page[: part.start + start] + page[part.start + end :]

    short, whole = _both_ways(page)

    assert short == whole


def test_both_ways_read_the_same_where_the_frame_of_the_picture_is_left_open() -> None:
    page = _desk().page("002_bendung-subak-tabanan", layout="E", door="amp")

    short, whole = _both_ways(page.replace(b"</figure>", b"", 1))

    assert short == whole


@pytest.mark.parametrize(
    "added",
    [
        '<span class="total-page">Halaman 1/2</span><template><h1 id="arttitle">Palsu</h1></template>',
        '<span class="total-page">Halaman 1/2</span><h1 id="arttitle">Judul lain</h1>',
        "<h1 id='arttitle'>Judul lain</h1>",
    ],
)
def test_both_ways_read_the_same_where_an_amp_page_has_another_headline(added: str) -> None:
    page = _desk().page("014_advertorial-posyandu-keliling", layout="E", door="amp")
    body = page.index(b">", page.index(b"txt-article")) + 1

    for place in (body, page.index(b"</div", body), page.index(b"</main")):
        short, whole = _both_ways(page[:place] + added.encode() + page[place:])

        assert short == whole


def test_a_headline_of_the_usual_form_goes_before_that_of_a_box_with_its_id() -> None:
    name = "002_bendung-subak-tabanan"
    page, title = _desk().page(name, layout="E"), _desk().expected(name, layout="E")["title"]
    place = page.index(b"<h1")
    boxed = page[:place] + b'<div class="kotak"><h1 class="f20" id="arttitle">Judul kotak</h1></div>' + page[place:]

    short, whole = _both_ways(boxed)

    assert article_part(boxed) is not None
    assert read_html(boxed).title == title
    assert short == whole


def test_the_body_of_an_amp_page_is_not_its_style_sheet() -> None:
    page = _desk().page("014_advertorial-posyandu-keliling", layout="E", door="amp")
    styled = page.replace(b"</head>", b"<style amp-custom>.txt-article p{margin:0}</style></head>", 1)

    part, found = article_part(page), article_part(styled)

    assert part is not None
    assert found is not None
    assert styled[found.start : found.end] == page[part.start : part.end]


@pytest.mark.parametrize("form", _FORMS, ids="-".join)
@pytest.mark.parametrize("name", _desk().names)
def test_a_seed_page_is_read_without_building_a_tree(name: str, form: tuple[Layout, Door]) -> None:
    page = _desk().page(name, layout=form[0], door=form[1])
    part = article_part(page)

    assert part is not None
    assert read_plain(page[part.start : part.end].decode()) is not None


@pytest.mark.parametrize(
    "above",
    ["<script>", "<!-- ", "<textarea>", "<template>", '<script>a("</script><script>'],
)
def test_a_title_that_is_not_markup_is_not_cut_out(above: str) -> None:
    page = _PAGE.format(above=above, under="", body="<p>Isi</p>", below="").encode()

    assert article_part(page) is None


@pytest.mark.parametrize("under", ["<!-- iklan -->", "<script>iklan('<p>')</script>", "<!-- a --><script>b</script>"])
def test_what_is_closed_between_title_and_body_does_not_matter(under: str) -> None:
    page = _PAGE.format(above="", under=under, body="<p>Isi</p>", below="").encode()

    assert article_part(page) is not None


@pytest.mark.parametrize("under", ["<!-- <div", "<script>var a = '", "<textarea>"])
def test_a_body_that_is_not_markup_is_not_cut_out(under: str) -> None:
    page = _PAGE.format(above="", under=under, body="<p>Isi</p>", below="").encode()

    assert article_part(page) is None


@pytest.mark.parametrize(
    "text", ["<p>&#1;</p>", "<p>a<p>b</p>", "<b><i>x</b></i>", "<p a='b'>x</p>", "<p", "<table><tr><td>a"]
)
def test_what_is_not_of_the_plainest_form_is_left_to_the_parser(text: str, make_page: MakePage) -> None:
    part = f'<h1 id="arttitle">Judul</h1><div class="txt-article">{text}</div>'

    assert read_plain(part) is None
    assert read_plain(part.replace(text, "<p>Isi</p>")) is not None
    assert read_html(make_page(f"<p>Isi</p>{text}")).paragraphs[0].text == "Isi"
