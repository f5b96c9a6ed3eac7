"""How the network writes: each convention on its own, as both readers apply it."""

import pytest

from crawler.article import Dateline, Syndication
from crawler.parser.conventions import (
    begins_prose,
    is_noise,
    is_prose,
    is_quote,
    is_sign_off,
    is_special,
    item_text,
    related_title,
    source,
    summary_start,
    syndication,
)
from crawler.parser.datelines import split_dateline, without_site_name
from crawler.parser.kinds import kind_of
from crawler.parser.people import is_byline, may_be_credit, read_bylines, reporters, without_credit


@pytest.mark.parametrize(
    ("line", "brand", "city", "rest"),
    [
        ("TRIBUNNEWS.COM - Hujan turun.", "TRIBUNNEWS.COM", None, "Hujan turun."),
        ("TRIBUNNEWS.COM – Hujan turun.", "TRIBUNNEWS.COM", None, "Hujan turun."),
        ("TRIBUNNEWS.COM -- Hujan turun.", "TRIBUNNEWS.COM", None, "Hujan turun."),
        ("TRIBUNNEWS.COM, JAKARTA - Hujan turun.", "TRIBUNNEWS.COM", "JAKARTA", "Hujan turun."),
        ("SURYA.CO.ID,SURABAYA--Hujan turun.", "SURYA.CO.ID", "SURABAYA", "Hujan turun."),
        ("POS-KUPANG.COM | KUPANG - Hujan turun.", "POS-KUPANG.COM", "KUPANG", "Hujan turun."),
        ("SERAMBINEWS.COM|BANDA ACEH - Hujan turun.", "SERAMBINEWS.COM", "BANDA ACEH", "Hujan turun."),
        ("SERAMBINEWS.COM|BANDA ACEH", "SERAMBINEWS.COM", "BANDA ACEH", ""),
        ("BATAM, TRIBUNBATAM.id - Hujan turun.", "TRIBUNBATAM.id", "BATAM", "Hujan turun."),
        ("Manado , TRIBUNMANADO.CO.ID - Hujan turun.", "TRIBUNMANADO.CO.ID", "Manado", "Hujan turun."),
        ("MANADO, TRIBUN - Hujan turun.", "TRIBUN", "MANADO", "Hujan turun."),
        ("TRIBUNNEWS.COM -", "TRIBUNNEWS.COM", None, ""),
        ("TRIBUNJATI.COM, KUDUS - Hujan turun.", "TRIBUNJATI.COM", "KUDUS", "Hujan turun."),
        ("Tribunnews.Com, jakarta - Hujan turun.", "Tribunnews.Com", "jakarta", "Hujan turun."),
        ("TribunPadang.com", "TribunPadang.com", None, ""),
        ("TRIBUN-MEDAN.com, DELI SERDANG- Hujan turun.", "TRIBUN-MEDAN.com", "DELI SERDANG", "Hujan turun."),
        ("TRIBUNNEWS.COM, WASHINGTON D.C. - Hujan turun.", "TRIBUNNEWS.COM", "WASHINGTON D.C.", "Hujan turun."),
        ("KOMPAS.COM, JAKARTA - Hujan - deras.", "KOMPAS.COM", "JAKARTA", "Hujan - deras."),
        ("BANGKAPOS.COM, PANGKALPINANG -Hujan turun.", "BANGKAPOS.COM", "PANGKALPINANG", "Hujan turun."),
    ],
)
def test_a_dateline_is_taken_off_in_every_form(line: str, brand: str, city: str | None, rest: str) -> None:
    assert split_dateline(line) == (Dateline(brand=brand, city=city), rest)


@pytest.mark.parametrize(
    "line",
    [
        "Hujan turun sejak pagi - demikian warga.",
        "Kepada Tribunnews.com, ia mengatakan anak-anak selamat.",
        "Dikutip dari Tribunnews.com - yang mengutip Reuters - hujan turun.",
        "TribunPadang.com/Rezi Azwar",
        "Tribun Jabar/Deden Ramlan",
        "Tribunnews.com mencatat hujan turun di tiga kota.",
        "SURYAdi - penjual sate.",
        "POSISI kapal - menurut nakhoda - di utara.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(line: str) -> None:
    assert split_dateline(line) is None


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Baca juga: Harga Cabai Turun", "Harga Cabai Turun"),
        ("Baca: Harga Cabai Turun", "Harga Cabai Turun"),
        ("BACA JUGA : Harga Cabai Turun", "Harga Cabai Turun"),
        ("( Baca: Harga Cabai Turun )", "Harga Cabai Turun"),
        ("BACA SELENGKAPNYA >>> Harga Cabai Turun", "Harga Cabai Turun"),
        ("Baca Berita Selengkapnya : https://bit.ly/3xyz", "https://bit.ly/3xyz"),
        ("Baca juga:", ""),
        ("Baca saja dulu: begitu pesan guru.", None),
        ("Membaca: kegiatan yang sehat", None),
    ],
)
def test_a_link_to_another_article_is_known(line: str, title: str | None) -> None:
    assert related_title(line) == title


@pytest.mark.fact("3.3.5", "3.3.9")
@pytest.mark.parametrize(
    "line",
    [
        "Rekomendasi untuk Anda",
        "Ikuti kami di",
        "Berita Terkini",
        "© 2025 TribunNews.com, a subsidiary of KG Media. All Right Reserved",
        "Simak berita terbaru Tribunnews.com di Google News",
        "Ikuti saluran WhatsApp TribunPadang.com di sini",
        "Dapatkan Berita Pilihan di WhatsApp Anda",
        "Baca WhatsApp Tribunnews",
        "Nikmati berita interaktif dan LIVE report 24 jam hanya di TribunX",
        "Baca Selengkapnya",
        "Selengkapnya baca di sini",
        "Baca tautannya di sini.",
        "Simak ulasan selengkapnya",
        "zoom-inlihat foto Harga Cabai Turun",
    ],
)
def test_furniture_of_the_page_is_noise(line: str) -> None:
    assert is_noise(line)
    assert is_special(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ikuti kata hati, begitu pesan ibunya di saluran televisi.",
        "Berita itu dibantah oleh WhatsApp.",
        "Aa Gym hadir di pengajian.",
        "Simak penjelasan dokter berikut.",
    ],
)
def test_prose_that_begins_like_furniture_is_kept(line: str) -> None:
    assert not is_noise(line)


@pytest.mark.fact("3.3.2")
@pytest.mark.parametrize(
    "line",
    ["(*)", "***", "(Tribunnews.com)", "(oln/*/NW)", "(Tribunnew...", "*Alex Palit, citizen jurnalis", "(adv)"],
)
def test_a_sign_off_is_known(line: str) -> None:
    assert is_sign_off(line)


@pytest.mark.parametrize("line", ["(Ia mengatakannya kemarin.)", "* Sajikan hangat", "Tamat", "(a) dan (b)"])
def test_what_is_no_sign_off_is_not_taken_for_one(line: str) -> None:
    assert not is_sign_off(line)


def test_a_syndication_line_names_the_original() -> None:
    line = (
        "Artikel ini telah tayang di Tribunnews.com dengan judul Cabai Turun, Beras Naik, "
        "https://www.tribunnews.com/bisnis/7858000/cabai-turun."
    )

    found = syndication(line)

    assert found == (
        Syndication(
            "Tribunnews.com", "Cabai Turun, Beras Naik", "https://www.tribunnews.com/bisnis/7858000/cabai-turun"
        ),
        "",
    )


@pytest.mark.parametrize(
    ("line", "brand", "title"),
    [
        ("Artikel ini telah tayang di Kompas.com", "Kompas.com", None),
        ('Artikel ini telah tayang di TribunSolo.com dengan judul "Cabai Turun"', "TribunSolo.com", "Cabai Turun"),
        ("Berita ini sudah tayang di Surya.co.id berjudul Cabai Turun", "Surya.co.id", "Cabai Turun"),
    ],
)
def test_a_syndication_line_may_say_less(line: str, brand: str, title: str | None) -> None:
    assert syndication(line) == (Syndication(brand, title, None), "")


def test_bylines_glued_to_a_syndication_line_are_told_apart() -> None:
    found = syndication("Artikel ini telah tayang di Surya.co.id dengan judul Cabai Turun Penulis: Ani | Editor: Budi")

    assert found == (Syndication("Surya.co.id", "Cabai Turun", None), "Penulis: Ani | Editor: Budi")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Laporan Wartawan Tribunnews.com, Rina Ayu", ("Rina Ayu",)),
        ("Laporan wartawan Tribun Batam, Roza Febrianti", ("Roza Febrianti",)),
        ("Laporan Wartawan Tribun Medan / Alif", ("Alif",)),
        ("Laporan Reporter POS-KUPANG.COM, Ryan Nong", ("Ryan Nong",)),
        ("Laporan Kontributor Tribunnews.com, Ani dan Budi", ("Ani", "Budi")),
        ("Laporan Indra Wijaya | Banda Aceh", ("Indra Wijaya",)),
        ("Laporan wartawan itu, yang ditulis kemarin, dibantah.", None),
        ("Laporan keuangan perusahaan itu naik", None),
    ],
)
def test_reporters_are_read_from_the_report_line(line: str, names: tuple[str, ...] | None) -> None:
    assert reporters(line) == names


@pytest.mark.parametrize(
    ("lines", "authors", "editors"),
    [
        (("Penulis: Ani", "Editor: Budi"), ("Ani",), ("Budi",)),
        (("Penulis: Ani | Editor: Budi",), ("Ani",), ("Budi",)),
        (("Penulis: Ani Editor: Budi",), ("Ani",), ("Budi",)),
        (("Penulis: Ani, Citra dan Dedi",), ("Ani", "Citra", "Dedi"), ()),
        (("Editor: rezi azwar",), (), ("rezi azwar",)),
        (("Penulis: | Editor: Budi",), (), ("Budi",)),
    ],
)
def test_bylines_are_read_in_every_form(
    lines: tuple[str, ...], authors: tuple[str, ...], editors: tuple[str, ...]
) -> None:
    assert all(is_byline(line) for line in lines)
    assert read_bylines(lines) == (authors, editors)


@pytest.mark.parametrize(
    ("caption", "known", "credit", "left"),
    [
        ("Air surut. KCNA VIA KNS/AFP", "KCNA VIA KNS/AFP", "KCNA VIA KNS/AFP", "Air surut."),
        ("Air surut.(Tribun Jabar/Ani)", "Tribun Jabar/Ani", "Tribun Jabar/Ani", "Air surut."),
        ("Air surut. AFP/Ani (AFP/Ani)", "AFP/Ani", "AFP/Ani", "Air surut."),
        ("Air surut. (AFP/Ani)", None, "AFP/Ani", "Air surut."),
        ("Air surut.(Dok. Pribadi)", None, "Dok. Pribadi", "Air surut."),
        ("Air surut (kiri)", None, None, "Air surut (kiri)"),
        ("Air surut, Rabu (13/8/209)", None, None, "Air surut, Rabu (13/8/209)"),
        ("(ISTIMEWA)", None, "ISTIMEWA", None),
        ("", "ISTIMEWA", "ISTIMEWA", None),
    ],
)
def test_a_credit_is_taken_off_its_caption(
    caption: str, known: str | None, credit: str | None, left: str | None
) -> None:
    assert without_credit(caption, known) == (credit, left)


@pytest.mark.parametrize(
    "line",
    [
        "TRIBUNNEWS/HERUDIN",
        "MOHD RASFAN / AFP",
        "Kolase Tribunnews",
        "ISTIMEWA",
        "Generated by AI",
        "FOR SERAMBINEWS.COM",
        "FOTO: Herjianto Tangahu, TribunGorontalo.com",
    ],
)
def test_a_credit_line_is_known(line: str) -> None:
    assert may_be_credit(line)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("- Bawang", "Bawang"),
        ("• Bawang", "Bawang"),
        ("* Bawang", "Bawang"),
        ("1. Kupas bawang", "1. Kupas bawang"),
        ("12) Kupas bawang", "12) Kupas bawang"),
        ("1 | Persib | 30", "1 | Persib | 30"),
        ("10.000 orang hadir", None),
        ("-5 derajat", None),
        ("POS-KUPANG.COM | KUPANG - Hujan turun.", None),
    ],
)
def test_items_are_bullets_numbers_and_rows(line: str, text: str | None) -> None:
    assert item_text(line) == text
    assert is_prose(line) is False or text is None


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("Hujan turun.", True),
        ("Di sana hujan.", True),
        ("Berita Rekomendasi", False),
        ("BACA JUGA: Hujan", False),
        ("(*)", False),
        ("1. Kupas bawang", False),
        ("“Hujan,” katanya.", True),
        ("lalu hujan turun.", False),
        ("©", False),
    ],
)
def test_prose_is_told_by_its_first_letters_only_where_it_can_be_nothing_else(line: str, is_told: bool) -> None:
    assert begins_prose(line[:3]) is is_told


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("“Kami selamat. Terima kasih.”", True),
        ('"Kami selamat."', True),
        ('"Kami selamat," katanya.', False),
        ('"Satu" dan "dua"', False),
        ("“Satu", False),
        ('"', False),
    ],
)
def test_a_quote_stands_inside_one_pair_of_marks(line: str, *, is_one: bool) -> None:
    assert is_quote(line) is is_one


def test_source_and_summary_are_known_by_their_labels() -> None:
    assert source("Sumber: BMKG") == "BMKG"
    assert source("Sumber air mengering") is None
    assert summary_start("Ringkasan Berita:") == ""
    assert summary_start("Ringkasan berita : Air surut") == "Air surut"


@pytest.mark.parametrize(
    "title",
    ["Air Surut - Tribunnews.com", "Air Surut - Halaman 2", "Air Surut - Halaman all - Tribunjabar.id", "Air Surut"],
)
def test_a_title_is_freed_from_the_name_of_the_site(title: str) -> None:
    assert without_site_name(title) == "Air Surut"


def test_a_title_that_names_the_site_in_its_sentence_keeps_it() -> None:
    assert without_site_name("Pemimpin Redaksi Tribunnews.com Bicara") == "Pemimpin Redaksi Tribunnews.com Bicara"


@pytest.mark.parametrize(
    ("title", "topic_line", "writers", "datelines", "kind"),
    [
        ("VIDEO Air Surut", None, (), 1, "video"),
        ("5 Berita Populer Sumbar: Air Surut", None, (), 1, "roundup"),
        ("POPULER Internasional: Air Surut", None, (), 1, "roundup"),
        ("Terpopuler: Air Surut", None, (), 1, "roundup"),
        ("Rangkuman Gempa Sepekan", None, (), 1, "roundup"),
        ("Penyanyi Populer Itu Pulang", None, (), 1, "article"),
        ("Air Surut", None, (), 2, "roundup"),
        ("Air Surut", "Opini", (), 1, "opinion"),
        ("Air Surut", "Advertorial", (), 1, "advertorial"),
        ("Air Surut", None, ("Content Writer",), 1, "advertorial"),
        ("Air Surut", None, (), 1, "article"),
    ],
)
def test_the_kind_is_told_by_title_topic_writers_and_datelines(
    title: str, topic_line: str | None, writers: tuple[str, ...], datelines: int, kind: str
) -> None:
    found = kind_of(
        title=title,
        topic_line=topic_line,
        writers=writers,
        datelines=datelines,
        is_opinion=False,
        is_only_photos=False,
        address=None,
    )

    assert found == kind
