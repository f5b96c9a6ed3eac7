"""Single documents of plain text, one for each convention that the seeds do not show."""

from datetime import date
from textwrap import dedent
from typing import Any

import pytest

from crawler.article import Article, Photo, Related, article_as_json
from crawler.errors import ExtractionError, PageRefusedError
from crawler.parser import examine_text, read_html, read_text
from crawler.parser.text import MOST_LINES
from crawler.site import identify

LONG = "Paragraf ini cukup panjang untuk sebuah kalimat berita, dan ia berakhir dengan titik seperti seharusnya."
OTHER = "Paragraf yang lain juga panjang, sehingga tidak ada yang menyangka bahwa ia adalah sebuah judul kecil."
TITLE = "Harga Cabai Turun di Pasar Terong, Pedagang Lega Menjelang Lebaran"
LEAD = "Harga cabai merah turun dari Rp62.000 menjadi Rp48.000 dalam sepekan."


def _read(text: str, **how: Any) -> Article:
    filled = dedent(text).replace("TITLE", TITLE).replace("LEAD", LEAD).replace("LONG", LONG).replace("OTHER", OTHER)
    return read_text(filled.strip(), **how)


def _texts(article: Article) -> list[str]:
    return [each.text for each in article.paragraphs]


# Pages


@pytest.mark.fact("7.3")
def test_a_later_page_alone_begins_in_the_middle_of_its_sentence_without_head_and_caption() -> None:
    article = _read("""
        TITLE - Halaman 2

        LEAD

        Penulis: Ani | Editor: Budi

        Tribun Timur/Sanovra Jr
        CABAI - Pedagang menata cabai.
        CABAI - Pedagang menata cabai.(Tribun Timur/Sanovra Jr)

        tikar pandan milik musala digelar sebagai alas duduk bagi para pedagang yang datang pagi itu.

        OTHER

        Halaman 2/3
        """)

    assert (article.title, article.lead) == (TITLE, LEAD)
    assert _texts(article) == [
        "tikar pandan milik musala digelar sebagai alas duduk bagi para pedagang yang datang pagi itu.",
        OTHER,
    ]
    assert article.photos == (Photo(credit="Tribun Timur/Sanovra Jr", caption="CABAI - Pedagang menata cabai."),)
    assert (article.pages.read, article.pages.total, article.is_complete) == (1, 3, False)


@pytest.mark.fact("7.3")
def test_title_and_lead_above_a_sentence_in_its_middle_stay_what_they_are() -> None:
    article = _read(
        "TITLE\n\nLEAD\n\ntikar pandan milik musala digelar sebagai alas duduk bagi para pedagang.\n\nOTHER"
    )

    assert (article.title, article.lead) == (TITLE, LEAD)
    assert len(article.paragraphs) == 2


@pytest.mark.parametrize("line", ["TITLE - Halaman 2", "TITLE – Halaman 2 - Tribunnews.com"])
def test_the_number_behind_a_title_says_that_other_pages_are_missing(line: str) -> None:
    article = _read(f"{line}\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG")

    assert article.title == TITLE
    assert (article.pages.total, article.is_complete) == (2, False)


def test_all_pages_in_one_are_complete() -> None:
    article = _read("TITLE - Halaman all\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG")

    assert (article.title, article.is_complete) == (TITLE, True)


# Head


@pytest.mark.fact("3.3.6")
@pytest.mark.parametrize(
    "branding",
    [
        "Sulawesi Utara\n\nMenuju Sulut Maju, Sejahtera dan Berkelanjutan",
        "Makassar Mulia\n\nKota Dunia untuk Semua",
        "ypmak\n\nYayasan Pemberdayaan Masyarakat Amungme dan Kamoro",
        "Sulawesi Utara\n\nSelamat Datang di Superhub PDIP Jatim",
    ],
)
@pytest.mark.parametrize("topic", ["", "Berita Makassar\n\n"])
def test_lines_of_sponsors_above_the_title_are_cut(branding: str, topic: str) -> None:
    article = _read(f"{branding}\n\n{topic}TITLE\n\nLEAD\n\nPenulis: Ani\n\nTRIBUN-TIMUR.COM, MAKASSAR - LONG")

    assert (article.topic_line, article.title, article.lead) == (topic.strip() or None, TITLE, LEAD)


def test_the_slug_of_the_address_tells_the_title() -> None:
    address = identify("https://makassar.tribunnews.com/2024/03/02/harga-cabai-turun-di-pasar-terong-pedagang-lega")

    article = _read("Kota Kita\n\nSemua untuk Warga\n\nTITLE\n\nTRIBUN-TIMUR.COM, MAKASSAR - LONG", address=address)

    assert article.title == TITLE


def test_a_menu_above_the_title_neither_is_the_title_nor_ends_the_text() -> None:
    article = _read("Tribunnews.com\nHome\nBerita Terkini\nNasional\n\nTITLE\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG")

    assert (article.title, _texts(article)) == (TITLE, [LONG])


def test_a_section_above_the_title_of_a_mobile_page_is_its_topic_line() -> None:
    article = _read("Superskor\n\nTITLE\n\nLEAD\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG")

    assert (article.topic_line, article.title, article.lead) == ("Superskor", TITLE, LEAD)


@pytest.mark.fact("3.3.8")
def test_a_disclaimer_may_be_the_first_line() -> None:
    article = _read(
        "Tribunners adalah platform jurnalisme warga. Isinya tanggung jawab penulis.\n\nTITLE\n\nEditor: Ani\n\nLONG"
    )

    assert (article.kind, article.title, _texts(article)) == ("opinion", TITLE, [LONG])


def test_the_lead_of_an_amp_page_stands_below_the_letter_sizes() -> None:
    article = _read("TITLE\n\nEditor: Ani\n\nAA\nText Sizes\nMedium\nLarge\nLarger\n\nLEAD\n\nTRIBUNNEWS.COM - LONG")

    assert (article.lead, _texts(article)) == (LEAD, [LONG])


def test_a_caption_with_its_credit_below_the_letter_sizes_is_no_text() -> None:
    article = _read(
        "TITLE\n\nEditor: Ani\n\nAA\nText Sizes\nMedium\nLarge\nLarger\n\nSepatu kulit. (freepik.com)\n\nLONG"
    )

    assert (article.photos, _texts(article)) == ((Photo(credit="freepik.com", caption="Sepatu kulit."),), [LONG])


def test_in_doubt_the_line_below_a_title_is_text() -> None:
    article = _read("TITLE\n\nLEAD\n\nLONG\n\nOTHER\n\nLONG")

    assert (article.lead, _texts(article)) == (None, [LEAD, LONG, OTHER, LONG])


def test_a_text_without_any_headline_is_one_named_error() -> None:
    with pytest.raises(ExtractionError, match="no title"):
        _read("TRIBUNNEWS.COM, JAKARTA - LONG\n\nOTHER")


def test_a_document_of_far_too_many_lines_is_refused() -> None:
    with pytest.raises(PageRefusedError, match="lines"):
        read_text("Judul\n" + "x\n" * MOST_LINES)


# People


@pytest.mark.fact("7.19")
@pytest.mark.parametrize(
    ("printed", "authors", "editors"),
    [
        ("Editor:\nTRIBUNNEWS.COM -", (), ()),
        ("Penulis:\n\nEditor:\n\nKolase Tribunnews", (), ()),
        ("Penulis:\n\nrezi azwar\n\nEditor:\n\nSurya Dewandaru", ("rezi azwar",), ("Surya Dewandaru",)),
        ("Penulis: Content Writer\nEditor: Ani", ("Content Writer",), ("Ani",)),
        ("|\nEditor: Ani", (), ("Ani",)),
        ("Penulis:  | Editor: Ani", (), ("Ani",)),
    ],
)
def test_an_empty_label_takes_no_other_line_for_a_name(
    printed: str, authors: tuple[str, ...], editors: tuple[str, ...]
) -> None:
    article = _read(f"TITLE\n\n{printed}\n\nTRIBUNNEWS.COM - LONG")

    assert (article.authors, article.editors) == (authors, editors)


@pytest.mark.fact("3.3.4")
def test_a_reader_who_copied_the_article_has_its_names_below_it() -> None:
    article = _read(
        "TITLE\n\nTRIBUNNEWS.COM - LONG\n\nArtikel ini telah tayang di Tribunnews.com dengan judul TITLE, "
        "https://www.tribunnews.com/a/1/b.\nPenulis: Ani\nEditor: Budi"
    )

    assert (article.authors, article.editors) == (("Ani",), ("Budi",))


# Time


@pytest.mark.fact("3.5")
@pytest.mark.fact("7.13")
@pytest.mark.parametrize(
    ("printed", "host", "moment", "origin"),
    [
        ("Tayang: Senin, 24 Februari 2025 10:17 WIB", "jabar", "2025-02-24T10:17:00+07:00", "time"),
        ("Senin, 4 September 2023 15:30 WIB", "www", "2023-09-04T15:30:00+07:00", "time"),
        ("Kamis, 10 Februari 2022 23:28", "surabaya", "2022-02-10T23:28:00+07:00", "time+host-zone"),
        ("Kamis, 10 Februari 2022 23:28", "bali", "2022-02-10T23:28:00+08:00", "time+host-zone"),
        ("Kamis, 10 Februari 2022 23:28", "papua", "2022-02-10T23:28:00+09:00", "time+host-zone"),
        ("Tayang: Kamis, 10 Februari 2022 23.28 Wita", "bali", "2022-02-10T23:28:00+08:00", "time"),
        ("Jumat, 24 Juli 2026 12:40 WIT", "ambon", "2026-07-24T12:40:00+09:00", "time"),
        ("Senin, 24 Juli 2026 12:40 WIB", "ambon", "2026-07-24T12:40:00+07:00", "time"),
    ],
)
def test_a_time_below_the_title_is_that_of_publication(printed: str, host: str, moment: str, origin: str) -> None:
    address = identify(f"https://{host}.tribunnews.com/news/7/x")

    article = _read(f"Sabtu, 4 Oktober 2025\n\nTITLE\n\n{printed}\n\nEditor: Ani\n\nLONG", address=address)

    told = article_as_json(article)
    assert (told["published_at"], told["published_from"], article.viewed_on) == (moment, origin, date(2025, 10, 4))


@pytest.mark.fact("3.5")
@pytest.mark.fact("7.1")
@pytest.mark.parametrize(
    "line",
    [
        *("Peristiwa itu terjadi pada (13/9/2023).", "Ia tiba pada (5/5/2025) malam.", "Kata dia, Jumat (9/8)."),
        *(
            "Selasa pagi, 18 Januari 2022, ia pergi.",
            "Pameran berlangsung 10-16 November 2025.",
            "26 Juni - 2 Juli 2023",
        ),
        *("Pukul 17.00 Wita air surut.", "Pada 13.42 WIT ia tiba.", "Gempa terjadi pukul 03.34 WIB."),
        *("Ia lahir (13/8/209).", "Ditemukan (101/2/2022).", "Pada Selasa (22/9/2025) ia pergi.", "3 jam lalu ia ada."),
        *("Selasa, 18 Januari 2022 10:00 WIB", "Sabtu, 4 Oktober 2025"),
    ],
)
def test_a_date_inside_the_text_is_text_and_no_publication(line: str) -> None:
    article = _read(f"TITLE\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG\n\n{line}\n\nOTHER")

    assert (article.published_at, article.published_from, article.viewed_on) == (None, None, None)
    assert line in _texts(article)


@pytest.mark.parametrize("line", ["x menit lalu", "3 menit lalu", "2 hari lalu", "1 jam dan 5 menit yang lalu"])
def test_how_long_ago_it_was_is_no_time(line: str) -> None:
    article = _read(f"TITLE\n\nLEAD\n\n{line.replace('x', '7')}\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG")

    assert (article.lead, article.published_at, _texts(article)) == (LEAD, None, [LONG])


# Text


@pytest.mark.fact("3.3.3")
@pytest.mark.fact("7.8")
def test_a_prayer_that_begins_with_baca_is_text_and_a_headline_behind_it_a_link() -> None:
    prayer = "Baca: Allahumma inni as'aluka ilman nafi'an"

    article = _read(f"TITLE\n\nEditor: Ani\n\nLONG\n\n{prayer}\n\nBaca: Harga Beras Naik Lagi di Pasar Induk\n\nOTHER")

    assert _texts(article) == [LONG, prayer, OTHER]
    assert article.related == (Related("Harga Beras Naik Lagi di Pasar Induk"),)


def test_in_a_page_baca_opens_a_link_only_where_there_is_one() -> None:
    page = b"""<h1>Judul</h1><div class="txt-article"><p>Isi.</p><p>Baca: Subhanallah Walhamdulillah Wala Ilaha</p>
      <p>Baca: <a href="https://www.tribunnews.com/a/1/b">Harga beras</a></p></div>"""

    article = read_html(page)

    assert _texts(article) == ["Isi.", "Baca: Subhanallah Walhamdulillah Wala Ilaha"]
    assert article.related == (Related("Harga beras", "https://www.tribunnews.com/a/1/b"),)


@pytest.mark.fact("7.7")
def test_an_arrow_belongs_to_what_stands_above_it() -> None:
    article = _read("TITLE\n\nEditor: Ani\n\nLONG\n\nBACA SELENGKAPNYA >>>\n\n2. Menteri Jatuh ke Kolam\n\nOTHER")

    assert _texts(article) == [LONG, "2. Menteri Jatuh ke Kolam", OTHER]


@pytest.mark.fact("7.9")
def test_aa_in_a_song_is_text_and_in_the_tail_is_not() -> None:
    article = _read(
        "TITLE\n\nEditor: Ani\n\nLONG\n\nAA\nLa la la\n\n(*)\n\nIkuti kami di\n\nAA\n\n© 2025 TribunNews.com"
    )

    assert _texts(article) == [LONG, "AA", "La la la"]
    assert article.sign_off == "(*)"


@pytest.mark.fact("3.3.7")
def test_a_pipe_table_is_rows_and_its_rule_is_cut() -> None:
    reading = examine_text(
        f"{TITLE}\n\nEditor: Ani\n\n{LONG}\n\n| No | Tim |\n|---|---|\n| 1 | Elang |\n| 2 | Rajawali |\n\n{OTHER}",
        explain=True,
    )

    assert [(each.kind, each.text) for each in reading.article.paragraphs[1:-1]] == [
        ("item", line) for line in ("No | Tim", "1 | Elang", "2 | Rajawali")
    ]
    assert ("rule of a table", "|---|---|") in [(each.rule, each.text) for each in reading.cuts]


@pytest.mark.fact("3.3.7")
@pytest.mark.fact("7.25")
def test_a_league_table_of_one_cell_a_line_below_the_sign_off_is_cut() -> None:
    cells = "No\nTim\nMain\nPoin\n1\nElang\n9\n22\n2\nRajawali\n9\n19\n3\nMerpati\n9\n15\n4\nGagak\n9\n11"

    article = _read(f"TITLE\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG\n\n(Tribunnews.com/Ani)\n\n{cells}")

    assert (_texts(article), article.sign_off) == ([LONG], "(Tribunnews.com/Ani)")


def test_short_lines_at_the_end_that_are_no_figures_stay() -> None:
    song = [f"Baris lagu {word}" for word in ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan"]]

    article = _read("TITLE\n\nEditor: Ani\n\nLONG\n\n" + "\n".join(song))

    assert _texts(article) == [LONG, *song]


def test_links_below_a_heading_of_links_end_where_their_form_ends() -> None:
    article = _read(
        "TITLE\n\nEditor: Ani\n\nLONG\n\nBERITA TERKAIT\n• Harga Beras Naik Lagi\n• Harga Gula Turun\n\n"
        "Warga Bertahan di Masjid\n\nOTHER"
    )

    assert article.related == (Related("Harga Beras Naik Lagi"), Related("Harga Gula Turun"))
    assert [(each.kind, each.text) for each in article.paragraphs[1:]] == [
        ("subhead", "Warga Bertahan di Masjid"),
        ("text", OTHER),
    ]


@pytest.mark.fact("3.4")
@pytest.mark.parametrize(
    "printed",
    [
        "AKSI DEMO- Massa berkumpul.(Tribun Timur/Sanovra Jr)",
        "Tribun Timur/Sanovra Jr\nAKSI DEMO- Massa berkumpul.",
        "AKSI DEMO- Massa berkumpul.\nAKSI DEMO- Massa berkumpul.(Tribun Timur/Sanovra Jr)",
    ],
)
def test_a_caption_between_paragraphs_is_no_text(printed: str) -> None:
    article = _read(f"TITLE\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG\n\n{printed}\n\nOTHER")

    caption = "AKSI DEMO- Massa berkumpul."
    assert article.photos == (Photo(credit="Tribun Timur/Sanovra Jr", caption=caption),)
    assert _texts(article) == [LONG, OTHER]


@pytest.mark.fact("1.4.3")
def test_the_address_of_a_picture_file_is_cut_and_what_is_glued_to_it_stays() -> None:
    residue = "/:quality(30):format(webp):focal(0.5x0.5:0.5x0.5)/gorontalo/foto/bank/originals/x.jpg"

    article = _read(
        f"TITLE\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG\n\n![]({residue})Kata dia, air surut.\n\n{residue}\n\nOTHER"
    )

    assert _texts(article) == [LONG, "Kata dia, air surut.", OTHER]


def test_a_page_number_below_the_tail_still_counts() -> None:
    article = _read("TITLE\n\nEditor: Ani\n\nTRIBUNNEWS.COM - LONG\n\nBerita Terkini\n\nHalaman 1/3\n\n© 2025 Tribun")

    assert (article.pages.total, article.is_complete, _texts(article)) == (3, False, [LONG])
