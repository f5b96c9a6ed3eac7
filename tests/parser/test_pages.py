"""Articles that the site splits over several pages, and dates that a page gives in several places."""

from collections.abc import Callable
from datetime import date

import pytest

from crawler.parser import read_html
from crawler.site import identify

MakePage = Callable[..., bytes]
PAGER = '<div class="paging"><span class="total-page">Halaman {}/{}</span></div>'
NEXT = '</script><script type="application/ld+json">'
REPEATED = (
    '<h2 class="hide">Air sudah surut.</h2><div id="artimg"><img src="a.jpg"><div class="f11">AFP</div>'
    '<div class="f12">Air surut.</div></div>'
)
BOX = '<blockquote class="summary-article"><ul><li>Air surut.</li></ul></blockquote>'


def test_pages_are_joined_and_what_they_repeat_is_read_once(make_page: MakePage) -> None:
    first = make_page(f"{BOX}<p>TRIBUNNEWS.COM - Satu.</p><p>Dua.</p>", under=REPEATED, below=PAGER.format(1, 2))
    second = make_page(f"{BOX}<p>Tiga.</p><p>(*)</p>", under=REPEATED, below=PAGER.format(2, 2))

    article = read_html(first, second)

    assert article.text == "Satu.\n\nDua.\n\nTiga."
    assert (len(article.photos), article.summary, article.sign_off) == (1, ("Air surut.",), "(*)")
    assert (article.pages.read, article.pages.total, article.is_complete) == (2, 2, True)


def test_a_sentence_cut_by_the_page_break_is_whole_again(make_page: MakePage) -> None:
    first = make_page(
        '<p>Di atas papan itulah</p><p class="baca">Baca juga: <a href="/a">Lain</a></p>', below=PAGER.format(1, 2)
    )
    second = make_page(f"{BOX}<p>tikar digelar.</p><p>Tiga.</p>", below=PAGER.format(2, 2))

    article = read_html(first, second)

    assert article.text == "Di atas papan itulah tikar digelar.\n\nTiga."


@pytest.mark.parametrize(("end", "start"), [("Satu.", "dua"), ("Satu", "Dua"), ("“Satu”", "dua")])
def test_whole_sentences_are_not_joined(end: str, start: str, make_page: MakePage) -> None:
    first = make_page(f"<p>{end}</p>", below=PAGER.format(1, 2))
    second = make_page(f"<p>{start}</p>", below=PAGER.format(2, 2))

    assert read_html(first, second).text == f"{end}\n\n{start}"


def test_the_first_of_three_pages_is_not_complete(make_page: MakePage) -> None:
    article = read_html(make_page(below=PAGER.format(1, 3)))

    assert (article.pages.read, article.pages.total, article.is_complete) == (1, 3, False)


def test_order_and_repetition_of_pages_do_not_matter(make_page: MakePage) -> None:
    pages = [make_page(f"<p>Bagian {number}.</p>", below=PAGER.format(number, 3)) for number in (1, 2, 3)]

    article = read_html(pages[2], pages[0], pages[0], pages[1])

    assert article.text == "Bagian 1.\n\nBagian 2.\n\nBagian 3."
    assert (article.pages.read, article.pages.total) == (3, 3)


@pytest.mark.parametrize(
    "below",
    [
        "<script>var pager = '<span class=\"total-page\">Halaman 1/9</span>';</script>",
        "<!-- <span class='total-page'>Halaman 1/9</span> <span class=\"total-page\">Halaman 1/9</span> -->",
        '<span class="total-page">Halaman 9/3</span>',
        "<p>Halaman 1/9</p>",
    ],
)
def test_only_a_real_pager_counts_pages(below: str, make_page: MakePage) -> None:
    assert read_html(make_page(below=below)).pages.total == 1


def test_the_exact_time_comes_from_the_machine_data(make_page: MakePage) -> None:
    story = {"datePublished": "2026-07-24T12:40:31+07:00", "dateModified": "2026-07-24T13:05:11+07:00"}
    under = '<strong>Tayang:</strong> <time datetime="2026-07-24T12:40+07:00">Jumat, 24 Juli 2026 12:40 WIB</time>'

    article = read_html(make_page(story=story, under=under))

    assert article.published_at is not None
    assert article.modified_at is not None
    assert (article.published_at.isoformat(), article.published_from) == ("2026-07-24T12:40:31+07:00", "jsonld")
    assert article.modified_at.isoformat() == "2026-07-24T13:05:11+07:00"


@pytest.mark.parametrize(
    "blocks",
    [
        '{"@type": "NewsArticle", "datePublished": "2026-07-24T12:40:31+07:00"}',
        '[{"@type": "WebPage"}, {"@type": ["Thing", "NewsArticle"], "datePublished": "2026-07-24T12:40:31+07:00"}]',
        '{"@type": "WebPage"}'
        + NEXT
        + '{"@graph": [{"@type": "Article", "datePublished": "2026-07-24T12:40:31+07:00"}]}',
        '{"@type": "NewsArticle", "headline": "Kata "Orang"", "datePublished": "2026-07-24T12:40:31+07:00",}',
        '{"@type": "NewsArticle", "description": "dua\nbaris", "datePublished": "2026-07-24T12:40:31+07:00"}',
        '{"@type": "VideoObject", "datePublished": "2020-02-02T02:02:02+07:00"}'
        + NEXT
        + '{"@type": "NewsArticle", "datePublished": "2026-07-24T12:40:31+07:00"}',
        "{]" + NEXT + '{"@type": "Article", "datePublished": "2026-07-24T12:40:31+07:00"}',
    ],
)
def test_every_form_of_machine_data_is_read(blocks: str, make_page: MakePage) -> None:
    page = make_page(head=f'<script type="application/ld+json">{blocks}</script>', story=None)

    article = read_html(page)

    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.published_from) == ("2026-07-24T12:40:31+07:00", "jsonld")


def test_machine_data_with_a_line_break_in_a_string_is_read_whole(make_page: MakePage) -> None:
    block = '{"@type": "NewsArticle", "description": "dua\nbaris", "author": {"@type": "Person", "name": "Ani"}}'

    article = read_html(make_page(head=f'<script type="application/ld+json">{block}</script>', story=None))

    assert article.authors == ("Ani",)


@pytest.mark.parametrize(
    "moment", ["2026-02-31T12:40:31+07:00", "1800-01-01T00:00:00+07:00", "2026-07-24", "kemarin", 7]
)
def test_a_moment_that_cannot_be_is_unknown(moment: object, make_page: MakePage) -> None:
    article = read_html(make_page(story={"datePublished": moment, "dateModified": moment}))

    assert (article.published_at, article.published_from, article.modified_at) == (None, None, None)


@pytest.mark.parametrize(
    ("head", "under", "moment", "origin"),
    [
        (
            '<meta property="article:published_time" content="2026-07-24T12:40:31+07:00">',
            "",
            "2026-07-24T12:40:31+07:00",
            "meta",
        ),
        ("", '<time datetime="2026-07-24T12:40+07:00">kapan-kapan</time>', "2026-07-24T12:40:00+07:00", "time"),
        ("", "<time>Tayang: Jumat, 24 Juli 2026 12:40 WITA</time>", "2026-07-24T12:40:00+08:00", "time"),
        ("", "<time>Jumat, 24 Juli 2026 12:40</time>", "2026-07-24T12:40:00+09:00", "time+host-zone"),
        ("", '<time title="x" datetime="2026-07-24 12:40"></time>', "2026-07-24T12:40:00+09:00", "time+host-zone"),
        (
            '<meta property="article:published_time" content="2026-07-24 12:40:31">',
            "",
            "2026-07-24T12:40:31+09:00",
            "meta+host-zone",
        ),
    ],
)
def test_a_time_is_looked_for_in_meta_then_under_the_title(
    head: str, under: str, moment: str, origin: str, make_page: MakePage
) -> None:
    page = make_page(head=head, under=under, story=None)

    article = read_html(page, address=identify("https://ambon.tribunnews.com/maluku/58214/judul-berita"))

    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.published_from) == (moment, origin)


def test_no_other_date_of_a_page_is_taken_for_its_publication(make_page: MakePage) -> None:
    page = make_page(
        "<p>Rabu, 19 Maret 2025 10:00 WIB, (13/8/209), (22/9/2025).</p><figure><img src='a.jpg'>"
        "<figcaption>Foto 19 Maret 2023</figcaption></figure>",
        title="Judul 20 Maret 2025",
        under="<time class='timeago'>3 jam lalu</time>",
        story={"datePublished": "2026-02-31T12:40:31+07:00"},
        below="<time datetime='2024-01-23 17:01:36'>32 menit lalu</time><p>© 2026 TRIBUNnews.com</p>",
    )

    article = read_html(page, address=identify("https://www.tribunnews.com/nasional/2020/04/03/judul"))

    assert (article.published_at, article.published_from, article.modified_at) == (None, None, None)


@pytest.mark.fact("2.2.2", "7.13")
def test_the_offset_of_the_machine_data_holds_also_where_the_clocks_of_the_region_differ(make_page: MakePage) -> None:
    page = make_page(under="<time>Jumat, 24 Juli 2026 13:40 WITA</time>")

    article = read_html(page, address=identify("https://bali.tribunnews.com/denpasar/58214/judul-berita"))

    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.published_from) == ("2026-07-24T12:40:31+07:00", "jsonld")


@pytest.mark.fact("2.2.5")
def test_what_a_data_layer_says_is_no_date_and_no_kind(make_page: MakePage) -> None:
    layer = (
        "<script>dataLayer = [{'domain':'tribunnews','content_type':'homepage','agent':'mobile',"
        "'content_PublishedDate':'2020-01-02 03:04:05'}];</script>"
    )

    article = read_html(make_page(head=layer, story=None))

    assert (article.published_at, article.kind) == (None, "article")


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("<li class='today'>Sabtu, 4 Oktober 2025</li>", date(2025, 10, 4)),
        (
            "<script>var hari = '>Minggu, 5 Oktober 2025<';</script><b>Jum&#039;at, 3 Oktober 2025</b>",
            date(2025, 10, 3),
        ),
        ("<b>Sabtu, 31 Februari 2025</b>", None),
        ("<b>Sabtu, 4 Oktober 2025 10:00 WIB</b>", None),
        ("", None),
    ],
)
def test_the_day_of_viewing_is_the_day_printed_above_the_title(header: str, day: date | None) -> None:
    page = f"{header}<h1 id='arttitle'>Judul</h1><p>Senin, 6 Oktober 2025</p><div class='txt-article'><p>Isi.</p></div>"

    assert read_html(page.encode()).viewed_on == day


def test_an_editor_who_writes_advertisements_tells_the_kind_as_well_as_an_author(make_page: MakePage) -> None:
    article = read_html(
        make_page(under='<div id="penulis">Penulis: </div><div id="editor">Editor: Content Writer</div>')
    )

    assert article.kind == "advertorial"
