"""Which articles are the same text, and which changes of an article count."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article, Dateline, Pages, Paragraph, Photo, Related, Syndication
from crawler.stories import content_hash, fingerprint

SENTENCES = (
    "Banjir merendam dua kecamatan di Kabupaten Demak sejak Jumat malam setelah tanggul sungai jebol.",
    'Warga mengungsi ke balai desa. "Kami menunggu bantuan," kata Siti, warga setempat, kepada wartawan.',
)


def an_article(*texts: str, **facts: Any) -> Article:
    paragraphs = tuple(Paragraph("text", text) for text in texts or SENTENCES)
    return Article(**{"title": "Banjir di Demak", "paragraphs": paragraphs, **facts})


@pytest.mark.parametrize(
    "reprint",
    [
        an_article(title="Dua Kecamatan di Demak Terendam"),
        an_article(dateline=Dateline("TRIBUNJATENG.COM", "DEMAK"), sign_off="(oln/*/NW)", lead="Warga mengungsi"),
        an_article("TRIBUNJATENG.COM, DEMAK - " + SENTENCES[0], SENTENCES[1]),
        an_article("TRIBUN-TIMUR.COM – " + SENTENCES[0], SENTENCES[1]),
        an_article(*SENTENCES, "(Tribunjateng.com/Dwi)", "***"),
        an_article(
            *SENTENCES, "Artikel ini telah tayang di TribunJateng.com dengan judul Banjir", "Editor: Muh Radlis"
        ),
        an_article(SENTENCES[0], SENTENCES[1].replace('"Kami', "“Kami").replace(',"', ",”")),
        an_article(" ".join(SENTENCES).upper()),
        an_article(*SENTENCES, photos=(Photo(credit="ANTARA"),), related=(Related("Lain"),)),
        an_article("Bánjir" + SENTENCES[0].removeprefix("Banjir"), SENTENCES[1]),
    ],
)
def test_a_copy_has_the_mark_of_its_original_whatever_its_site_set_around_it(reprint: Article) -> None:
    original = an_article(dateline=Dateline("TRIBUNNEWS.COM", "JAKARTA"), sign_off="(*)")

    assert fingerprint(reprint) == fingerprint(original)


@pytest.mark.parametrize(
    "other",
    [
        an_article(SENTENCES[0]),
        an_article(SENTENCES[1], SENTENCES[0]),
        an_article(SENTENCES[0].replace("dua", "tiga"), SENTENCES[1]),
        an_article(SENTENCES[0].replace("Jumat", "Sabtu"), SENTENCES[1]),
    ],
)
def test_another_text_has_another_mark(other: Article) -> None:
    assert fingerprint(other) != fingerprint(an_article())


def test_articles_without_text_have_no_mark_to_share() -> None:
    photos = Article(title="Foto: Banjir", photos=(Photo(caption="Banjir"),))

    assert fingerprint(photos) == ""
    assert fingerprint(an_article("(*)", "***")) == ""


def test_a_text_of_a_few_words_tells_articles_apart_by_their_titles() -> None:
    first = an_article("Simak video selengkapnya di atas.", title="Banjir di Demak")
    second = an_article("Simak video selengkapnya di atas.", title="Kebakaran di Kudus")

    assert fingerprint(first) != fingerprint(second)
    assert fingerprint(first) == fingerprint(replace(first, title="BANJIR di Demak!"))


def test_brackets_and_brands_inside_the_text_are_text() -> None:
    bare = an_article(SENTENCES[0], SENTENCES[1])
    inside = an_article(SENTENCES[0], "(Baca di bawah ini)", SENTENCES[1])

    assert fingerprint(inside) != fingerprint(bare)


WIB = timezone(timedelta(hours=7))
PUBLISHED = datetime(2026, 7, 24, 8, 30, tzinfo=WIB)
WHOLE = an_article(
    lead="Warga mengungsi",
    topic_line="Banjir",
    second_headline="Tanggul Jebol",
    summary=("Dua kecamatan terendam",),
    dateline=Dateline("TRIBUNNEWS.COM", "DEMAK"),
    photos=(Photo("https://asset.example/a.jpg", "ANTARA", "Warga mengungsi"),),
    authors=("Dwi",),
    editors=("Adi",),
    reporters=("Eko",),
    sign_off="(*)",
    source="Kompas.com",
    tags=("banjir",),
    published_at=PUBLISHED,
    published_from="jsonld",
)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Banjir di Kudus"},
        {"second_headline": None},
        {"topic_line": "Cuaca"},
        {"lead": "Warga kembali"},
        {"summary": ()},
        {"dateline": Dateline("TRIBUNNEWS.COM", "KUDUS")},
        {"dateline": None},
        {"paragraphs": WHOLE.paragraphs[:1]},
        {"paragraphs": (WHOLE.paragraphs[0]._replace(kind="quote"), *WHOLE.paragraphs[1:])},
        {"photos": (replace(WHOLE.photos[0], caption="Tanggul jebol"),)},
        {"authors": ("Tri",)},
        {"editors": ()},
        {"reporters": ()},
        {"sign_off": None},
        {"source": None},
        {"tags": ("banjir", "demak")},
        {"published_at": PUBLISHED + timedelta(minutes=1)},
        {"is_premium": True},
        {"is_complete": False},
    ],
)
def test_what_a_reader_sees_changed_changes_the_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(WHOLE, **change)) != content_hash(WHOLE)


@pytest.mark.parametrize(
    "change",
    [
        {"related": (Related("Baca ini", "https://www.tribunnews.com/a"),)},
        {"viewed_on": date(2026, 8, 1)},
        {"photos": (replace(WHOLE.photos[0], url="https://asset-2.example/b.jpg"),)},
        {"url": "https://www.tribunnews.com/nasional/7845771/banjir", "content_id": "7845771"},
        {"host": "jateng.tribunnews.com", "region": "jateng", "section": "regional"},
        {"modified_at": datetime(2026, 8, 1, tzinfo=UTC)},
        {"pages": Pages(3, 3)},
        {"syndicated_from": Syndication("TribunJateng.com")},
        {"published_at": PUBLISHED.astimezone(UTC)},
        {"kind": "roundup"},
    ],
)
def test_what_moves_around_an_article_does_not_change_the_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(WHOLE, **change)) == content_hash(WHOLE)


def test_a_time_taken_from_a_listing_is_not_a_change_of_the_article() -> None:
    by_sitemap = replace(WHOLE, published_from="sitemap")
    by_index = replace(WHOLE, published_at=PUBLISHED + timedelta(seconds=41), published_from="index")

    assert content_hash(by_sitemap) == content_hash(by_index)


@given(st.lists(st.text(), max_size=4), st.text())
def test_no_text_at_all_stops_the_marks(texts: list[str], title: str) -> None:
    odd = an_article(*texts, "\ud800\x00", title=title)

    assert fingerprint(odd) == fingerprint(replace(odd, sign_off="(*)"))
    assert len(content_hash(odd)) == 32
