"""The HTML reader: what each element of a page becomes, and what never gets into an article."""

from collections.abc import Callable
from datetime import date

import pytest

from crawler.article import Paragraph, Photo, Related
from crawler.errors import ExtractionError
from crawler.parser import address_in, read_html
from crawler.site import identify

MakePage = Callable[..., bytes]
LEAD_IN = "<p><strong>TRIBUNNEWS.COM - </strong>Hujan turun sejak pagi.</p>"


def _texts(page: bytes) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in read_html(page).paragraphs]


def test_the_fields_round_the_body_are_read(make_page: MakePage) -> None:
    page = make_page(
        LEAD_IN,
        above='<h2><a href="https://www.tribunnews.com/topic/banjir-demak" title="Banjir Demak">Banjir Demak</a></h2>',
        under="""<h2 class="hide">Air sudah surut.</h2>
            <div class="credit"><div id="penulis">Penulis: <a href="/penulis/ani">Ani</a></div>
            <div id="editor"> Editor: <a href="/editor/budi">Budi</a> </div></div>""",
        below="""<div class="share-wrapper" data-content-id="9000301"></div>
            <h5 class="tagcloud3"><a class="rd2" href="/tag/a">Banjir &amp; Rob</a></h5>
            <h5 class="tagcloud3"><a class="rd2" href="/tag/b">Demak</a></h5>""",
    )

    article = read_html(page)

    assert (article.topic_line, article.lead) == ("Banjir Demak", "Air sudah surut.")
    assert (article.authors, article.editors) == (("Ani",), ("Budi",))
    assert article.tags == ("Banjir & Rob", "Demak")
    assert article.content_id == "9000301"
    assert article.viewed_on == date(2026, 7, 24)
    assert article.dateline is not None
    assert article.dateline.brand == "TRIBUNNEWS.COM"
    assert article.paragraphs == (Paragraph("text", "Hujan turun sejak pagi."),)


def test_one_element_may_name_author_and_editor(make_page: MakePage) -> None:
    page = make_page(under='<h5 id="penulis">Penulis: Ani | Editor: Budi</h5>')

    article = read_html(page)

    assert (article.authors, article.editors) == (("Ani",), ("Budi",))


def test_names_come_from_the_machine_data_where_none_are_printed(make_page: MakePage) -> None:
    people = {"author": [{"@type": "Person", "name": "Ani"}], "editor": {"@type": "Person", "name": "Budi"}}

    article = read_html(make_page(under='<div id="penulis">Penulis: </div>', story=people))

    assert (article.authors, article.editors) == (("Ani",), ("Budi",))


def test_an_organisation_is_no_author(make_page: MakePage) -> None:
    page = make_page(story={"author": {"@type": "Organization", "name": "Tribunnews"}})

    assert read_html(page).authors == ()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Satu<br>dua<br/>tiga</p>", [("text", "Satu"), ("text", "dua"), ("text", "tiga")]),
        ("<h2>Menunggu pompa</h2>", [("subhead", "Menunggu pompa")]),
        ("<h3>Apa itu rob?</h3>", [("subhead", "Apa itu rob?")]),
        ("<p><strong>Menunggu pompa</strong></p>", [("subhead", "Menunggu pompa")]),
        ("<p> <b>Menunggu <i>pompa</i></b> </p>", [("subhead", "Menunggu pompa")]),
        ("<p><strong>Menunggu</strong> pompa</p>", [("text", "Menunggu pompa")]),
        ("<p><strong>Warga menunggu pompa.</strong></p>", [("text", "Warga menunggu pompa.")]),
        ("<p><strong>1. Menunggu pompa</strong></p>", [("item", "1. Menunggu pompa")]),
        ("<h3>2. Menunggu pompa</h3>", [("item", "2. Menunggu pompa")]),
        ("<ul><li>satu</li><li>dua</li></ul>", [("item", "satu"), ("item", "dua")]),
        ("<ol><li>satu</li><li>dua</li></ol>", [("item", "1. satu"), ("item", "2. dua")]),
        ("<p>- satu</p><p>• dua</p>", [("item", "satu"), ("item", "dua")]),
        (
            "<table><tbody><tr><th>No</th><th>Tim</th></tr><tr><td>1</td><td>Persib</td></tr></tbody></table>",
            [("item", "No | Tim"), ("item", "1 | Persib")],
        ),
        ("<blockquote><p>“Kami selamat.”</p></blockquote>", [("quote", "“Kami selamat.”")]),
        ("<div><div><p>Di dalam kotak.</p></div></div>", [("text", "Di dalam kotak.")]),
        ("Tanpa elemen.<p>Lalu biasa.</p>", [("text", "Tanpa elemen."), ("text", "Lalu biasa.")]),
        ("<p>Kata<a href='/tag/rob'>rob</a>nya &amp; lain&nbsp;&nbsp;lagi</p>", [("text", "Katarobnya & lain lagi")]),
        ("<p>a</p><p>b</p><p>C#m</p>", [("text", "a"), ("text", "b"), ("text", "C#m")]),
    ],
)
def test_each_element_becomes_what_it_is(markup: str, expected: list[tuple[str, str]], make_page: MakePage) -> None:
    found = _texts(make_page(f"<p>Hujan turun.</p>{markup}<p>Selesai sudah.</p>"))

    assert found == [("text", "Hujan turun."), *expected, ("text", "Selesai sudah.")]


@pytest.mark.parametrize(
    "noise",
    [
        '<script>document.write("<p>BOCOR</p>");</script>',
        "<p>&nbsp;</p>",
        '<div class="ads-placeholder"><div id="div-Inside-MediumRectangle">BOCOR</div></div>',
        '<div class="box__reserved reserved_box_ads kgnw-middle"><ins>BOCOR</ins></div>',
        '<ins class="adsbygoogle">BOCOR</ins>',
        '<iframe src="https://example.org/">BOCOR</iframe>',
        "<style>.bocor { content: 'BOCOR' }</style>",
        "<!-- BOCOR -->",
        '<blockquote class="twitter-tweet"><p>BOCOR</p></blockquote>',
        '<div id="widget_pilihanuntukmu_article"><p>BOCOR</p></div>',
        "<noscript>BOCOR</noscript>",
        '<script>var keywordBrandSafety = "BOCOR \\" dan </div> BOCOR";</script>',
        "<form><input value='BOCOR'><button>BOCOR</button></form>",
        "<svg><text>BOCOR</text></svg>",
        "<p>Simak berita terbaru Tribunnews.com di Google News BOCOR</p>",
    ],
)
def test_noise_in_the_body_never_leaks(noise: str, make_page: MakePage) -> None:
    article = read_html(make_page(f"<p>Hujan turun.</p>{noise}<p>Selesai sudah.</p>"))

    assert article.text == "Hujan turun.\n\nSelesai sudah."
    assert "BOCOR" not in repr(article)


def test_what_stands_round_the_body_never_leaks(make_page: MakePage) -> None:
    markup = "<div class='side-article txt-article'><p>BOCOR<\\/p><\\/div><h5 class='tagcloud3'>"
    script = f'<script>var html = "{markup}";</script>'
    page = make_page(
        above="<div class='menu'><a href='/topic/bocor'>BOCOR</a></div>" + script,
        below=script + "<div id='comments'><h1>BOCOR</h1><p>BOCOR</p></div><!-- <h5 class='tagcloud3'>BOCOR</h5> -->",
    )

    assert "BOCOR" not in repr(read_html(page))


@pytest.mark.parametrize(
    "hidden",
    [
        '<script type="text/template">{}</script>',
        "<script>var html = '{}';</script>",
        "<script>var html = '{}'; document.write('<script src=\"x\"><\\/script>');</script>",
        "<script>var html = '{}<script src=\"x\"><\\/script>';</script>",
        "<!-- {} -->",
    ],
)
def test_tags_that_nobody_sees_are_none(hidden: str, make_page: MakePage) -> None:
    tags = '<div><h5 class="tagcloud3"><a href="/tag/x">BOCOR</a></h5></div>'
    below = "\n<script>var x = 1;</script>"

    assert read_html(make_page(LEAD_IN, below=tags + below)).tags == ("BOCOR",)
    assert read_html(make_page(LEAD_IN, below=hidden.format(tags) + below)).tags == ()


def test_the_summary_is_no_part_of_the_text(make_page: MakePage) -> None:
    box = """<blockquote class="summary-article mceNonEditable"><strong class="summary-head">Ringkasan Berita:</strong>
        <ul><li>Air surut.</li><li>Pompa datang.</li></ul></blockquote>"""

    article = read_html(make_page(box + LEAD_IN))

    assert article.summary == ("Air surut.", "Pompa datang.")
    assert article.text == "Hujan turun sejak pagi."


def test_links_to_other_articles_keep_their_addresses(make_page: MakePage) -> None:
    page = make_page(
        LEAD_IN
        + """<p class="baca"><strong><span class="more">Baca juga: </span>
            <a title="x" href="https://www.tribunnews.com/a/1/cabai?x=1&amp;y=2">Harga Cabai</a></strong></p>
        <table><tr><td><a href="/a/2/beras">Harga Beras</a></td></tr></table>
        <p>Baca juga:</p><ul><li><a href="/a/3/gula">Harga Gula</a></li></ul>
        <p>Selesai, kata <a href="/tag/warga">warga</a>.</p>"""
    )

    article = read_html(page)

    assert article.related == (
        Related("Harga Cabai", "https://www.tribunnews.com/a/1/cabai?x=1&y=2"),
        Related("Harga Beras", "/a/2/beras"),
        Related("Harga Gula", "/a/3/gula"),
    )
    assert article.text == "Hujan turun sejak pagi.\n\nSelesai, kata warga."


def test_a_second_headline_stands_above_the_dateline(make_page: MakePage) -> None:
    page = make_page(
        "<p><strong>Kelas di Atas Air</strong></p><p><strong>Laporan Wartawan Tribun Jateng, Ani</strong></p>" + LEAD_IN
    )

    article = read_html(page)

    assert (article.second_headline, article.reporters) == ("Kelas di Atas Air", ("Ani",))
    assert article.text == "Hujan turun sejak pagi."


def test_a_dateline_in_the_lead_is_taken_off_it(make_page: MakePage) -> None:
    page = make_page(under='<h2 class="hide">TRIBUNNEWS.COM, DEMAK - Air sudah surut.</h2>')

    article = read_html(page)

    assert article.lead == "Air sudah surut."
    assert article.dateline is not None
    assert article.dateline.city == "DEMAK"


def test_photos_are_read_with_credit_and_caption_and_never_as_text(make_page: MakePage) -> None:
    page = make_page(
        LEAD_IN
        + """<figure class="image"><img src="https://asset-2.tribunnews.com/b.jpg" alt="B">
            <figcaption>Pompa datang. (AFP/Ani)</figcaption></figure>
            <p><img src="https://asset-2.tribunnews.com/c.jpg"></p><p>Selesai sudah.</p>""",
        under="""<div id="artimg"><div class="imgfull_div"><a href="#"><img class="imgfull"
            data-src="https://asset-2.tribunnews.com/a.jpg" src="/kosong.gif"></a></div>
            <div class="f11 credit">zoom-in lihat foto TRIBUNNEWS/HERUDIN</div>
            <div class="arial f12 pt5 grey2">Air surut. TRIBUNNEWS/HERUDIN</div></div>""",
    )

    article = read_html(page)

    assert article.photos == (
        Photo("https://asset-2.tribunnews.com/a.jpg", "TRIBUNNEWS/HERUDIN", "Air surut."),
        Photo("https://asset-2.tribunnews.com/b.jpg", "AFP/Ani", "Pompa datang."),
        Photo("https://asset-2.tribunnews.com/c.jpg", None, None),
    )
    assert article.text == "Hujan turun sejak pagi.\n\nSelesai sudah."


def test_a_frame_without_a_picture_is_no_photo(make_page: MakePage) -> None:
    page = make_page(under='<div id="artimg"><div class="f12">Air surut.</div></div>')

    assert read_html(page).photos == read_html(page.replace(b"<div id", b"<div x=1 id")).photos == ()


def test_an_original_is_named_with_its_address_from_the_link(make_page: MakePage) -> None:
    line = '<p>Artikel ini telah tayang di Surya.co.id dengan judul <a href="https://surabaya.tribunnews.com/a/1/b">Air</a></p>'

    article = read_html(make_page(LEAD_IN + line))

    assert article.syndicated_from is not None
    assert (article.syndicated_from.title, article.syndicated_from.url) == (
        "Air",
        "https://surabaya.tribunnews.com/a/1/b",
    )


@pytest.mark.parametrize(
    ("layout", "body"),
    [
        ('<h1 id="arttitle" class="read_title">Air Surut</h1><div id="article_con">', "side-article txt-article"),
        (
            '<h1 class="f32 ln40 fbo txt-black display-block mt10">Air Surut</h1><div>',
            "txt-article multi-fontsize mb20",
        ),
        (
            '<meta property="og:title" content="Air Surut - Tribunjabar.id"><div>',
            "side-article txt-article multi-fontsize",
        ),
    ],
)
def test_title_and_body_are_found_in_every_generation(layout: str, body: str) -> None:
    above = '<html><head></head><div class="side-article mb5">Editor: X</div>'
    page = f'{above}{layout}<div class="{body}"><p>Isi.</p></div></div>'

    article = read_html(page.encode())

    assert (article.title, article.text) == ("Air Surut", "Isi.")


@pytest.mark.parametrize(
    ("markup", "missing"),
    [
        (b"", "article, but an empty body"),
        (b"<html><body><p>Halo</p></body></html>", "title"),
        (b"<h1 id='arttitle'> &nbsp; </h1><div class='txt-article'><p>Isi.</p></div>", "title"),
        (b"<h1 id='arttitle'>Judul</h1>", "text"),
        (b"<h1 id='arttitle'>Judul</h1><div class='txt-article'> <p>&nbsp;</p> </div>", "text"),
        (
            b"<h1 id='arttitle'>Judul</h1><div id='artimg'><img src='a.jpg'></div><div class='baru'><p>Isi.</p></div>",
            "text",
        ),
        (b"<h1 id='arttitle'>Judul</h1><div class='side-article mb5'><p>Isi.</p></div>", "text"),
    ],
)
def test_what_is_missing_is_named(markup: bytes, missing: str) -> None:
    with pytest.raises(ExtractionError) as raised:
        read_html(markup, address=identify("https://www.tribunnews.com/news/7845771/judul"))

    assert raised.value.field == missing
    assert raised.value.url == "https://www.tribunnews.com/news/7845771/judul"


def test_a_photo_or_video_post_needs_no_text(make_page: MakePage) -> None:
    photo = make_page("", under='<div id="artimg"><img src="a.jpg"></div>')
    video = make_page("", title="VIDEO Air Surut")
    empty = b"<h1>Foto 6</h1>"

    assert read_html(photo).kind == "photo"
    assert read_html(video).kind == "video"
    assert (
        read_html(empty, address=identify("https://www.tribunnews.com/images/regional/view/1823297/x")).kind == "photo"
    )


def test_the_address_of_a_page_is_canonical_before_open_graph(make_page: MakePage) -> None:
    head = """<!-- <link rel="canonical" href="https://www.tribunnews.com/a/1/komentar"> -->
        <meta property="og:url" content="https://www.tribunnews.com/a/2/og"><link rel="canonical" href="https://www.tribunnews.com/a/3/c"/>"""

    assert address_in(make_page(head=head)) == "https://www.tribunnews.com/a/3/c"
    assert address_in(make_page(head=head.replace("canonical", "next"))) == "https://www.tribunnews.com/a/2/og"
    assert address_in(b"<h1>Judul</h1>") is None


def test_the_id_is_read_from_the_page_where_the_address_has_none(make_page: MakePage) -> None:
    address = identify("https://www.tribunnews.com/internasional/2026/07/24/judul-berita")
    shared, app = '<div data-content-id="9000303"></div>', '<meta property="android:app_id" content="9000304">'

    assert read_html(make_page(below=shared, head=app), address=address).content_id == "9000303"
    assert read_html(make_page(head=app), address=address).content_id == "9000304"


@pytest.mark.fact("1.5.8")
def test_a_teaser_is_not_mistaken_for_a_text(make_page: MakePage) -> None:
    article = read_html(make_page(story={"isAccessibleForFree": "False"}))

    assert (article.is_premium, article.is_complete, article.pages.total) == (True, False, 1)


@pytest.mark.parametrize("under", ["", '<div id="artimg"><img class="imgfull" src="a.jpg"></div>'])
def test_a_teaser_may_have_no_text_and_keeps_its_kind(make_page: MakePage, under: str) -> None:
    article = read_html(make_page("", under=under, story={"isAccessibleForFree": False}))

    assert (article.kind, article.paragraphs) == ("article", ())
    assert (article.is_premium, article.is_complete) == (True, False)
