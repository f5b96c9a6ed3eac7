"""The plain-text reader: what the lines of a rendering are, told by their order, their length and their neighbours."""

from datetime import date
from textwrap import dedent

import pytest

from crawler.article import Paragraph, Photo, Related
from crawler.errors import ExtractionError
from crawler.parser import read_text

LONG = "Paragraf ini cukup panjang untuk sebuah kalimat berita, dan ia berakhir dengan titik seperti seharusnya."
OTHER = "Paragraf yang lain juga panjang, sehingga tidak ada yang menyangka bahwa ia adalah sebuah judul kecil."


def _doc(text: str) -> str:
    return dedent(text).replace("LONG", LONG).replace("OTHER", OTHER).strip()


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in read_text(_doc(text)).paragraphs]


def test_the_head_is_told_apart_by_its_anchors() -> None:
    article = read_text(
        _doc("""
        Sabtu, 4 Oktober 2025

        Banjir Demak

        Cerita Kampung Rawa Lunto setelah Banjir Enam Pekan

        Air sudah surut, tetapi halaman sekolah belum kering.

        Tayang: Minggu, 8 Maret 2026 07:32 WIB

        Penulis: Wahyu | Editor: Galih

        Kelas di Atas Air, Papan Tulis Diikat ke Tiang

        TRIBUNJATENG.COM, DEMAK - LONG
        """)
    )

    assert article.viewed_on == date(2025, 10, 4)
    assert article.topic_line == "Banjir Demak"
    assert article.title == "Cerita Kampung Rawa Lunto setelah Banjir Enam Pekan"
    assert article.lead == "Air sudah surut, tetapi halaman sekolah belum kering."
    assert article.second_headline == "Kelas di Atas Air, Papan Tulis Diikat ke Tiang"
    assert (article.authors, article.editors) == (("Wahyu",), ("Galih",))
    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.published_from) == ("2026-03-08T07:32:00+07:00", "time")
    assert article.paragraphs == (Paragraph("text", LONG),)


def test_a_short_title_above_a_sentence_is_no_topic_line() -> None:
    article = read_text(_doc("Chord Gitar Diri\n\nBerikut chord dan lirik lagu itu lengkap.\n\nEditor: Ani\n\nLONG"))

    assert (article.topic_line, article.title) == (None, "Chord Gitar Diri")
    assert article.lead == "Berikut chord dan lirik lagu itu lengkap."


def test_names_may_stand_on_the_next_line_or_be_missing() -> None:
    article = read_text(_doc("Judul Berita Ini\n\nPenulis:\nGendis Maheswari\n|\nEditor:\n\nTRIBUNNEWS.COM - LONG"))

    assert (article.authors, article.editors) == (("Gendis Maheswari",), ())
    assert article.paragraphs == (Paragraph("text", LONG),)


@pytest.mark.parametrize(
    "printed",
    [
        "KCNA VIA KNS/AFP\nAir surut di kampung itu.",
        "KCNA VIA KNS/AFP\nAir surut di kampung itu. KCNA VIA KNS/AFP",
        "KCNA VIA KNS/AFP\nAir surut di kampung itu.\nAir surut di kampung itu.(KCNA VIA KNS/AFP)",
        "Air surut di kampung itu. KCNA VIA KNS/AFP\nAir surut di kampung itu. KCNA VIA KNS/AFP (KCNA VIA KNS/AFP)",
    ],
)
def test_a_photo_is_read_once_however_often_its_caption_is_printed(printed: str) -> None:
    article = read_text(f"Judul Berita Ini\n\nEditor: Ani\n\n{printed}\n\nTRIBUNNEWS.COM - {LONG}")

    assert article.photos == (Photo(credit="KCNA VIA KNS/AFP", caption="Air surut di kampung itu."),)
    assert article.paragraphs == (Paragraph("text", LONG),)


def test_a_photo_inside_the_text_is_no_paragraph() -> None:
    article = read_text(
        _doc("""
        Judul Berita Ini

        TRIBUNNEWS.COM - LONG

        TANGGUL - Warga menumpuk karung. Tribun Jateng/Adi
        TANGGUL - Warga menumpuk karung. Tribun Jateng/Adi (Tribun Jateng/Adi)

        OTHER
        """)
    )

    assert article.photos == (Photo(credit="Tribun Jateng/Adi", caption="TANGGUL - Warga menumpuk karung."),)
    assert [each.text for each in article.paragraphs] == [LONG, OTHER]


@pytest.mark.parametrize("credit", ["ligabaru.com", "TRIBUNNEWS/HERUDIN; ISTIMEWA | Kolase Tribunnews"])
def test_credit_and_caption_are_told_without_blank_lines(credit: str) -> None:
    caption = "Warga berlari ke bukit malam itu juga, di bawah hujan."
    head = "Gempa Guncang Teluk\nEditor: Budi\nzoom-in Gempa Guncang Teluk"

    article = read_text(f"{head}\n{credit}\n{caption}\nTRIBUNNEWS.COM - {LONG}\n{OTHER}")

    assert [photo.credit for photo in article.photos] == [credit]
    assert [each.text for each in article.paragraphs] == [LONG, OTHER]


@pytest.mark.fact("3.1")
@pytest.mark.parametrize("between", ["", "Jumat, 24 Juli 2026\n\n", "Gempa Teluk\n\n"])
def test_the_section_that_mobile_pages_print_first_is_no_title(between: str) -> None:
    head = "Nikmati berita interaktif dan LIVE report 24 jam hanya di TribunX\n\nTribun Ramadan"

    article = read_text(
        f"{head}\n\n{between}Gempa Guncang Teluk di Malam Hari\n\nPenulis: Ani\n\nTRIBUNNEWS.COM - {LONG}"
    )

    assert article.title == "Gempa Guncang Teluk di Malam Hari"


def test_a_lone_caption_may_end_with_a_credit_of_one_word() -> None:
    head = "Gempa Guncang Teluk\n\nEditor: Budi\n\nAA\n\nText Sizes"

    article = read_text(f"{head}\n\nWarga berlari. (ligabaru.com)\n\nTRIBUNNEWS.COM - {LONG}")

    assert article.photos == (Photo(credit="ligabaru.com", caption="Warga berlari."),)
    assert article.text == LONG


@pytest.mark.parametrize("credit", ["BMKG", "ligaindonesiabaru.com", "TribunPadang.com"])
def test_a_credit_of_one_word_is_told_by_its_place(credit: str) -> None:
    caption = "Peta guncangan yang dirilis Minggu pagi."

    article = read_text(f"Gempa Guncang Teluk\n\nEditor: Budi\n\n{credit}\n{caption}\n\nTRIBUNNEWS.COM - {LONG}")

    assert article.photos == (Photo(credit=credit, caption=caption),)
    assert article.text == LONG


def test_a_lone_short_line_between_paragraphs_is_a_subhead() -> None:
    assert _kinds("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\nMenunggu pompa\n\nOTHER") == [
        ("text", LONG),
        ("subhead", "Menunggu pompa"),
        ("text", OTHER),
    ]


@pytest.mark.parametrize("line", ["Mengapa begitu?", "Ada. Satu orang.", "dan seterusnya", 'Ia bilang "ya"'])
def test_a_short_line_that_ends_like_a_sentence_or_starts_small_is_text(line: str) -> None:
    kinds = _kinds(f"Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\n{line}\n\nOTHER")

    assert kinds[1] == ("text", line)


def test_lines_of_a_song_are_paragraphs_and_none_is_dropped() -> None:
    kinds = _kinds("Judul Lagu Ini\n\nTRIBUNNEWS.COM - LONG\n\n[Intro]\nG   D  Em\n\nC\nDan bau hujan\n\nOTHER")

    assert kinds == [
        ("text", LONG),
        *(("text", line) for line in ("[Intro]", "G D Em", "C", "Dan bau hujan")),
        ("text", OTHER),
    ]


def test_a_short_line_that_stands_with_others_is_no_subhead() -> None:
    kinds = _kinds("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\nMenunggu pompa\nOTHER\n\nLONG")

    assert kinds[1] == ("text", "Menunggu pompa")


def test_two_short_lines_in_a_row_are_no_subheads() -> None:
    kinds = _kinds("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\nBaris satu\n\nBaris dua\n\nOTHER")

    assert [kind for kind, _ in kinds] == ["text"] * 4


def test_lists_and_tables_are_items() -> None:
    kinds = _kinds(
        "Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\n- satu\n• dua\n1. tiga\n\nNo | Tim\n1 | Persib\n\nOTHER"
    )

    assert kinds[1:-1] == [("item", line) for line in ("satu", "dua", "1. tiga", "No | Tim", "1 | Persib")]


def test_the_summary_is_kept_apart_with_or_without_bullets() -> None:
    with_bullets = read_text(_doc("Judul Berita Ini\n\nRingkasan Berita:\n- Satu.\n- Dua.\n\nTRIBUNNEWS.COM - LONG"))

    assert with_bullets.summary == ("Satu.", "Dua.")
    assert with_bullets.paragraphs == (Paragraph("text", LONG),)


@pytest.mark.parametrize(
    ("lines", "summary", "second_headline"),
    [
        (("Satu.", "Dua."), ("Satu.", "Dua."), None),
        (
            ("Warga membangun jembatan", "Jembatan itu panjang"),
            ("Warga membangun jembatan", "Jembatan itu panjang"),
            None,
        ),
        (("Satu.", "Dua.", "Warga Menunggu Bupati"), ("Satu.", "Dua."), "Warga Menunggu Bupati"),
        (("Warga Menunggu Bupati",), (), "Warga Menunggu Bupati"),
    ],
)
def test_the_points_of_a_summary_need_no_marks(
    lines: tuple[str, ...], summary: tuple[str, ...], second_headline: str | None
) -> None:
    points = "\n\n".join(lines)
    article = read_text(_doc(f"Judul Berita Ini\n\nRingkasan Berita:\n\n{points}\n\nTRIBUNNEWS.COM - LONG"))

    assert (article.summary, article.second_headline) == (summary, second_headline)
    assert article.paragraphs == (Paragraph("text", LONG),)


def test_links_are_kept_apart_whether_the_headline_follows_or_not() -> None:
    article = read_text(
        _doc("""
        Judul Berita Ini

        TRIBUNNEWS.COM - LONG

        Baca juga: Harga Cabai

        Baca juga:
        Harga Beras

        OTHER

        BACA JUGA:
        - Harga Gula
        - Harga Garam

        LONG
        """)
    )

    titles = ("Harga Cabai", "Harga Beras", "Harga Gula", "Harga Garam")
    assert article.related == tuple(Related(title) for title in titles)
    assert [each.text for each in article.paragraphs] == [LONG, OTHER, LONG]


def test_only_the_last_sign_off_leaves_the_text() -> None:
    article = read_text(
        _doc("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\n(*)\n\nOTHER\n\n(Tribunnews.com/Ani)\n\nSumber: BMKG")
    )

    assert [each.text for each in article.paragraphs] == [LONG, "(*)", OTHER]
    assert (article.sign_off, article.source) == ("(Tribunnews.com/Ani)", "BMKG")


def test_a_piece_taken_over_keeps_its_own_editors() -> None:
    article = read_text(
        _doc("""
        Judul Berita Ini

        Editor: Lilik

        TRIBUNSOLO.COM - LONG

        Artikel ini telah tayang di Tribunnews.com dengan judul Judul Asli, https://www.tribunnews.com/a/7858102/b.
        Penulis: Ratri
        Editor: Bimo
        """)
    )

    assert article.syndicated_from is not None
    assert article.syndicated_from.url == "https://www.tribunnews.com/a/7858102/b"
    assert (article.authors, article.editors) == ((), ("Lilik",))
    assert article.paragraphs == (Paragraph("text", LONG),)


def test_names_of_the_original_are_not_those_of_the_copy() -> None:
    article = read_text(
        _doc("Judul\n\nTRIBUNSOLO.COM - LONG\n\nArtikel ini telah tayang di Surya.co.id\nPenulis: Ratri\nEditor: Bimo")
    )

    assert (article.authors, article.editors) == ((), ())


def test_names_printed_below_the_text_count_where_none_stand_above() -> None:
    article = read_text(_doc("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\nPenulis: Ratri"))

    assert article.authors == ("Ratri",)


def test_nothing_is_read_behind_the_end_of_the_text() -> None:
    article = read_text(
        _doc("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\nRekomendasi untuk Anda\n\nOTHER\n\n© 2025 X")
    )

    assert article.paragraphs == (Paragraph("text", LONG),)


def test_a_dateline_alone_on_its_line_begins_the_next() -> None:
    article = read_text(_doc("Judul Berita Ini\n\nTribunPadang.com, Payakumbuh -\nLONG"))

    assert article.dateline is not None
    assert (article.dateline.brand, article.dateline.city) == ("TribunPadang.com", "Payakumbuh")
    assert article.paragraphs == (Paragraph("text", LONG),)


def test_a_sentence_cut_in_two_is_one_paragraph_again() -> None:
    broken = f"{LONG.removesuffix('.')} dan di atas papan itulah"

    article = read_text(f"Judul Berita Ini\n\nTRIBUNNEWS.COM - {broken}\n\ntikar digelar sebagai alas duduk.")

    assert article.paragraphs == (Paragraph("text", f"{broken} tikar digelar sebagai alas duduk."),)


def test_a_rendering_without_blank_lines_is_read_as_well() -> None:
    article = read_text(
        _doc("""
        Sabtu, 4 Oktober 2025
        Judul Berita Ini Cukup Panjang untuk Judul
        Penulis: Ani
        AFP
        Air surut di kampung itu. AFP
        TRIBUNNEWS.COM - LONG
        OTHER
        (*)
        """)
    )

    assert article.title == "Judul Berita Ini Cukup Panjang untuk Judul"
    assert article.photos == (Photo(credit="AFP", caption="Air surut di kampung itu."),)
    assert [each.text for each in article.paragraphs] == [LONG, OTHER]
    assert article.sign_off == "(*)"


def test_white_space_of_every_kind_is_one_space() -> None:
    article = read_text(
        "\ufeffJudul\u00a0 Berita\u200b Ini\r\n\r\nTRIBUNNEWS.COM - Cafe\u0301\tbuka\u00ad pagi ini.\r\n"
    )

    assert article.title == "Judul Berita Ini"
    assert article.paragraphs == (Paragraph("text", "Café buka pagi ini."),)


@pytest.mark.parametrize(
    "printed",
    [
        "Kamis, 30 Februari 2026 10:00 WIB",
        "3 jam lalu",
        "Rabu (13/8/209)",
        "",
    ],
)
def test_a_date_that_is_none_is_unknown_and_nothing_else_takes_its_place(printed: str) -> None:
    article = read_text(
        f"Sabtu, 4 Oktober 2025\n\nJudul Berita 24 Juli 2026\n\nTayang: {printed}\n\nEditor: Ani\n\n"
        f"Selasa, 19 Maret 2024 10:00 WIB, begitu kata dia.\n\n{LONG}\n\n© 2025 TribunNews.com"
    )

    assert (article.published_at, article.published_from, article.modified_at) == (None, None, None)
    assert article.viewed_on == date(2025, 10, 4)


def test_a_page_of_several_says_so() -> None:
    article = read_text(_doc("Judul Berita Ini\n\nTRIBUNNEWS.COM - LONG\n\nHalaman 2/3"))

    assert (article.pages.read, article.pages.total, article.is_complete) == (1, 3, False)


@pytest.mark.parametrize(
    ("text", "field"),
    [("", "title"), ("   \n\n\t", "title"), ("Sabtu, 4 Oktober 2025", "title"), ("Judul Saja", "text")],
)
def test_what_an_article_must_have_is_named_when_it_is_missing(text: str, field: str) -> None:
    with pytest.raises(ExtractionError, match=f"no {field} found in the document"):
        read_text(text)
