"""Sentences that look like the furniture of a page, and are not: nothing of them may be lost."""

import pytest

from crawler.parser import read_text

DOCUMENT = """Judul Berita Percobaan yang Cukup Panjang

{above}TRIBUNNEWS.COM, JAKARTA - Paragraf pertama yang cukup panjang untuk menjadi isi berita ini.

{middle}

Paragraf terakhir yang juga cukup panjang untuk menutup berita ini dengan baik.

(*)
"""


@pytest.mark.parametrize(
    "sentence",
    [
        "Lihat foto ayahnya di dinding, Siti menangis pelan.",
        "Lihat foto kita di dinding itu",
        "Lihat foto-foto jembatan itu di bawah ini",
        "Editor: Bagaimana caranya?",
        "Penulis: Saya ikut menulis lagu itu.",
        "Zoom-in kamera membuat gambar lebih jelas menurut juru foto itu.",
        "Cek saluran air, Bupati Suryadi minta petani bersabar.",
        "Ikuti langkah Pak Suryanto yang membersihkan saluran air setiap pagi.",
        "Update berita terbaru tentang saluran irigasi ditunggu warga.",
        "Laporan Bupati | Pati diterima warga",
        "Large",
    ],
)
def test_a_sentence_is_kept_whatever_its_first_words(sentence: str) -> None:
    article = read_text(DOCUMENT.format(above="", middle=sentence))

    assert article.paragraphs[1].text == sentence
    assert (article.reporters, article.related) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "zoom-inlihat foto Judul Berita Percobaan yang Cukup Panjang",
        "Simak berita terbaru Tribunnews.com di Google News",
        "Ikuti kami di saluran WhatsApp Tribunnews untuk berita pilihan",
        "Rekomendasi untuk Anda",
    ],
)
def test_furniture_is_dropped(line: str) -> None:
    article = read_text(DOCUMENT.format(above="", middle=line))

    assert line not in article.text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Laporan wartawan Tribun Medan / Rudi Hartono, S.Sos", ("Rudi Hartono, S.Sos",)),
        ("Laporan Wartawan Tribunnews.com, Ani Lestari dan Budi Raharjo", ("Ani Lestari", "Budi Raharjo")),
        ("Laporan Indra Wijaya | Banda Aceh", ("Indra Wijaya",)),
    ],
)
def test_reporters_are_people_and_not_their_degrees(line: str, names: tuple[str, ...]) -> None:
    article = read_text(DOCUMENT.format(above=f"{line}\n\n", middle="Paragraf kedua yang panjangnya cukup juga."))

    assert article.reporters == names
