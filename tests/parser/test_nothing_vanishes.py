"""Whatever a document holds, every word is in the article, or among what was cut."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.article import article_as_json
from crawler.errors import ExtractionError
from crawler.parser import examine_html, examine_text, read_text
from crawler.parser.spacing import tidy
from crawler.site import identify
from seeds.layouts import LAYOUTS, Layout
from seeds.newsroom import Newsroom
from tests.parser.orders import APP, COPYRIGHT, DISCLAIMER, HEADER, MENU, RESIDUE, SIZES
from tests.parser.test_orders import values_in, words_in

LINES = (
    *(HEADER, "Sabtu, 4 Oktober 2025 10:00 WIB", "Tayang: Rabu, 13 September 2023 15:30 WIB", "Tayang:", "3 jam lalu"),
    *("Tayang: Rabu, 13 Agustus 209", "Penulis: Ani Uji", "Penulis:", "Editor:", "Editor: Budi Uji", "|", "Budi Uji"),
    *("Penulis: Ani | Editor: Budi", "AFP", "Tribun Timur/Sanovra Jr", "TribunPadang.com", "Foto: Ani, TribunBali.com"),
    *("Warga menyapu lumpur di halaman.", "Warga menyapu lumpur di halaman.(Tribun Timur/Sanovra Jr)"),
    *("BANJIR - Warga menyapu lumpur. (AFP)", f"zoom-inlihat foto {'Harga Cabai Turun'}", RESIDUE, "![](x.jpg)"),
    *("Harga Cabai Turun di Pasar Terong |", "![]() |", "---|", "No | Tim | Main", "---|---|---", "1 | Elang | 12"),
    *("Ringkasan Berita:", "- Air naik sejak pagi.", "• Harga Beras Naik Lagi di Pasar", "1. Kupas bawang"),
    *("TRIBUNNEWS.COM, JAKARTA - Hujan turun sejak pagi.", "TRIBUNNEWS.COM -", "MANADO, TRIBUN - Hujan turun."),
    *(
        "Laporan Wartawan Tribunnews.com, Rina Ayu",
        "Baca juga: Harga Cabai",
        "Baca juga:",
        "Baca: Harga Cabai Turun di",
    ),
    *("Baca: Allahumma inni as'aluka", "BACA SELENGKAPNYA >>>", "Berita Rekomendasi", "BERITA TERKAIT", "Baca juga"),
    *("(*)", "***", "(Tribunnews.com/Ani)", "Sumber: BMKG", "Halaman 2/3", "Halaman Selanjutnya", DISCLAIMER, APP),
    *("Artikel ini telah tayang di Surya.co.id dengan judul Air Surut, https://surya.co.id/1.", "Breaking News: Gempa"),
    *(
        "Ikuti kami di",
        "Dapatkan Berita Pilihan di WhatsApp Anda",
        "Simak berita terbaru Tribunnews.com di Google News",
    ),
    *("Rekomendasi untuk Anda", "Berita Terkini", "Wiki Terkait", COPYRIGHT[2025], *MENU[:3], *SIZES.split("\n\n")),
    *("Sulawesi Utara", "Menuju Sulut Maju dan Berkelanjutan", "dan di atas papan itulah", "Jembatan Lama", "G D Em"),
    *(
        "Harga Cabai Turun - Halaman 2",
        "Harga Cabai Turun - Tribunnews.com",
        "Air surut. " * 20,
        "Kata dia, air surut.",
    ),
)
_SEPARATORS = ("\n", "\n\n")


@st.composite
def _documents(draw: st.DrawFn) -> str:
    title = draw(st.sampled_from(("Harga Cabai Turun di Pasar Terong", "Banjir", "Sulawesi Utara")))
    lines = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=25))
    return title + "".join(draw(st.sampled_from(_SEPARATORS)) + line for line in lines)


@settings(max_examples=600, deadline=None)
@given(text=_documents())
@example(text="Banjir\n\nSatu baris.\n\nDua baris.\n\nTiga baris.\n\nEmpat baris.")
def test_every_word_of_any_document_is_in_the_article_or_among_what_was_cut(text: str) -> None:
    try:
        reading = examine_text(text, explain=True)
    except ExtractionError:
        return

    told = {word for value in values_in(article_as_json(reading.article)) for word in words_in(value)}
    cut = {word for each in reading.cuts for word in words_in(each.text)}
    assert [word for word in words_in(text) if word not in told and word not in cut] == []
    assert Counter(words_in(reading.article.text)) <= Counter(words_in(text))
    assert reading.article == read_text(text)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_word_in_the_body_of_a_page_is_in_the_article_or_among_what_was_cut(layout: Layout) -> None:
    desk = Newsroom()
    lost: dict[str, list[str]] = {}
    for name in desk.names:
        page = desk.page(name, "all", layout=layout)
        reading = examine_html(page, address=identify(desk.address(name)), explain=True)
        told = {word for value in values_in(article_as_json(reading.article)) for word in words_in(value)}
        cut = {word for each in reading.cuts for word in words_in(each.text)}
        lost[name] = [word for word in _words_of_body(page) if word not in told and word not in cut]

    assert {name: words for name, words in lost.items() if words} == {}


def _words_of_body(page: bytes) -> list[str]:
    tree = LexborHTMLParser(page.decode())
    for script in tree.css("script,style"):
        script.decompose()
    body = tree.css_first("div.txt-article")
    assert body is not None
    return [word for node in body.css("p,li,td,h2,h3,figcaption") for word in words_in(tidy(node.text_lexbor()))]


@pytest.mark.fact("7.25")
def test_every_box_of_a_page_that_was_passed_over_is_among_what_was_cut() -> None:
    page = b"""<html><body><h1>Judul</h1><div class="side-article txt-article"><p>Satu.</p>
      <div class="ads-placeholder">Iklan <div class="widget">sabun</div></div><script>var x = "Skrip";</script>
      <p class="baca">Baca juga: <a href="/x">Harga Cabai Turun</a></p><p>Dua.</p><p>(*)</p></div></body></html>"""

    reading = examine_html(page, explain=True)

    assert [(each.rule, each.text) for each in reading.cuts] == [
        ("box: ads-placeholder", "Iklan sabun"),
        ("element: script", 'var x = "Skrip";'),
        ("related", "Baca juga: Harga Cabai Turun"),
    ]
    assert examine_html(page).cuts == ()
    assert examine_html(page).article == reading.article
