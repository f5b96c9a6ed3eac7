"""The article pages of the newsroom: markup of the current layout, paging, and what stands around it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from seeds.newsroom import Newsroom, NewsroomError

Ask = Callable[..., Any]

FLOOD, SONG = "001_banjir", "002_lagu"
FLOOD_URL = "https://www.tribunnews.com/regional/7001/banjir-uji"


def body_of(page: str) -> str:
    """The container of the text; nothing in it holds a div that is not closed on the same line."""
    return page.split('<div class="side-article txt-article multi-fontsize">\n', 1)[1].split("\n</div>\n", 1)[0]


def linked_data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">\n(.*?)\n</script>', page, re.DOTALL)
    assert found
    story: dict[str, Any] = json.loads(found[1])["@graph"][0]
    return story


def test_the_head_names_the_article_as_the_site_does(room: Newsroom) -> None:
    page = room.page(FLOOD, 1).decode()

    title = "Banjir di &quot;Kampung&quot; &lt;Uji&gt; &amp; Sekitarnya"
    assert '<title>Banjir di "Kampung" &lt;Uji&gt; &amp; Sekitarnya</title>' in page
    assert f'<meta property="og:title" content="{title} - Tribunnews.com"/>' in page
    assert f'<link rel="canonical" href="{FLOOD_URL}"/>' in page
    assert f'<meta property="og:url" content="{FLOOD_URL}" />' in page
    assert '<meta property="android:app_id" content="7001" />' in page
    assert 'data-content-id="7001"' in page
    assert '<meta name="description" content="Air setinggi lutut.">' in page


def test_linked_data_tells_times_people_and_tags(room: Newsroom) -> None:
    story = linked_data(room.page(FLOOD, 1).decode())

    assert story["headline"] == 'Banjir di "Kampung" <Uji> & Sekitarnya'
    assert (story["datePublished"], story["dateModified"]) == ("2026-07-24T17:30:10+07:00", "2026-07-24T17:40:20+07:00")
    assert [each["name"] for each in story["author"]] == ["Ani Uji"]
    assert story["editor"]["name"] == "Budi Uji"
    assert story["keywords"] == ["Kampung Uji", "banjir"]
    assert story["isAccessibleForFree"] is True


def test_the_visible_time_is_that_of_the_site_and_the_header_shows_the_day_of_viewing(room: Newsroom) -> None:
    page = room.page(SONG).decode()

    assert '<time datetime="2024-03-02T23:30+07:00">Minggu, 3 Maret 2024 00:30 WITA</time>' in page
    assert '<span class="date-now grey2 f12">Jumat, 24 Juli 2026</span>' in page


def test_the_day_of_viewing_follows_the_clock_of_the_region(room: Newsroom) -> None:
    room.now = room.now.replace(hour=23, minute=30)

    assert '<span class="date-now grey2 f12">Sabtu, 25 Juli 2026</span>' in room.page(SONG).decode()
    assert room.expected(SONG)["viewed_on"] == "2026-07-25"
    assert room.expected(FLOOD)["viewed_on"] == "2026-07-24"


def test_the_main_photo_stands_before_the_body_and_the_other_in_it(room: Newsroom) -> None:
    page = room.page(FLOOD).decode()

    url = room.expected(FLOOD)["photos"][0]["url"]
    assert (
        '<div id="artimg"><div class="pb20 ovh"><div class="imgfull_div">'
        f'<a class="icon_zoom glightbox" href="{url}"><img class="imgfull" src="{url}"'
    ) in page
    assert '<div class="f11 credit">Tribun/Uji</div>' in page
    assert '<div class="arial f12 pt5 grey2">Warga menyapu lumpur. Tribun/Uji</div>' in page
    assert page.index('id="artimg"') < page.index('id="article_con"')
    assert "<figcaption>Perahu karet datang. (Tribun/Dua)</figcaption></figure>" in body_of(page)


def test_the_body_begins_with_summary_second_headline_reporter_and_dateline(room: Newsroom) -> None:
    body = body_of(room.page(FLOOD).decode())

    starts = [
        '<blockquote class="summary-article mceNonEditable"><strong class="summary-head">Ringkasan Berita:</strong>',
        "<p><strong>Air Naik Sejak Subuh</strong></p>",
        "<p><strong>Laporan Wartawan Tribun, Ani Uji</strong></p>",
        "<p><strong>TRIBUNNEWS.COM, UJI - </strong>Air naik sejak subuh",
    ]
    places = [body.index(start) for start in starts]
    assert places == sorted(places)


def test_lists_tables_quotes_and_related_links_have_their_markup(room: Newsroom) -> None:
    body = body_of(room.page(FLOOD).decode())

    assert "<ol>\n    <li>Beras</li>\n    <li>Air</li>\n  </ol>" in body
    assert "<ul>\n    <li>Selimut &amp; tikar</li>\n  </ul>" in body
    assert "<tr><td>Pos</td><td>Jumlah</td></tr>" in body
    assert '<p>"Kami siap &lt;/script&gt; membantu."</p>' in body
    related = room.expected(FLOOD)["related"][0]
    assert (
        f'<p class="baca"><strong><span class="more">Baca juga: </span> '
        f'<a title="Cara Menyapu Lumpur" href="{related["url"]}">Cara Menyapu Lumpur</a></strong></p>'
    ) in body
    assert re.search(r"<(h2|h3|p><strong)>Daftar bantuan</", body)


def test_the_body_ends_with_sign_off_source_and_origin(room: Newsroom) -> None:
    body = body_of(room.page(FLOOD).decode())

    assert body.endswith(
        "<p>(*)</p>\n  <p>Sumber: Kantor Desa</p>\n"
        "  <p>Artikel ini telah tayang di Tribunjabar.id dengan judul Banjir Uji, "
        '<a href="https://jabar.tribunnews.com/news/1/x">https://jabar.tribunnews.com/news/1/x</a></p>'
    )


def test_a_tag_in_the_text_is_a_link_once(room: Newsroom) -> None:
    room.edit(FLOOD, text=[f"Kalimat ke-{number} menceritakan kembali keadaan Kampung Uji." for number in range(3)])

    body = body_of(room.page(FLOOD).decode())

    link = '<a href="https://www.tribunnews.com/tag/kampung-uji" title="Kampung Uji">Kampung Uji</a>'
    assert (body.count(link), body.count(" Kampung Uji.")) == (1, 2)


def test_lines_that_stand_under_each_other_in_the_text_are_broken_lines_of_one_paragraph(room: Newsroom) -> None:
    body = body_of(room.page(SONG).decode())

    assert re.search(r"<p>Satu dua tiga(&nbsp;|&#8203;| &nbsp; )?<br />\nEmpat lima enam</p>", body)
    assert "<p><strong>TRIBUNKALTIM.CO -</strong><br />\nBerikut liriknya.</p>" in body


def test_each_page_has_its_part_and_a_pager(room: Newsroom, ask: Ask) -> None:
    first, second = (ask(room, f"{FLOOD_URL}{query}").text for query in ("", "?page=2"))

    assert '<span class="total-page">Halaman 1/2</span>' in first
    assert '<span class="total-page">Halaman 2/2</span>' in second
    assert f'<a href="{FLOOD_URL}?page=2" rel="page-2" aria-label="Page 2" title="Page 2">2</a>' in first
    assert "Air naik sejak subuh" in body_of(first)
    assert "Air naik sejak subuh" not in body_of(second)
    assert "(*)" not in body_of(first)
    assert body_of(second).endswith("</a></p>")


def test_page_two_repeats_title_lead_and_photo_and_keeps_the_address(room: Newsroom) -> None:
    page = room.page(FLOOD, 2).decode()

    assert "Sekitarnya - Halaman 2</title>" in page
    assert 'content="Air setinggi lutut. - Halaman 2">' in page
    assert 'id="arttitle">Banjir di "Kampung" &lt;Uji&gt; &amp; Sekitarnya</h1>' in page
    assert '<div id="artimg">' in page
    assert f'<link rel="canonical" href="{FLOOD_URL}"/>' in page
    assert "Ringkasan Berita:" not in page


def test_page_all_gives_the_whole_without_a_pager(room: Newsroom, ask: Ask) -> None:
    page = ask(room, f"{FLOOD_URL}?page=all").text

    assert "total-page" not in page
    assert "Sekitarnya - Halaman all</title>" in page
    assert "Air naik sejak subuh" in body_of(page)
    assert "(*)" in body_of(page)


def test_page_one_is_the_page_without_a_number_and_tracking_changes_nothing(room: Newsroom, ask: Ask) -> None:
    bodies = {ask(room, f"{FLOOD_URL}{query}").body for query in ("", "?page=1", "?utm_source=x&ct=y")}

    assert len(bodies) == 1


@pytest.mark.parametrize("page", ["3", "0", "9999"])
def test_a_page_that_is_not_there_is_not_found(room: Newsroom, ask: Ask, page: str) -> None:
    assert ask(room, f"{FLOOD_URL}?page={page}").status == 404


def test_rendering_a_page_that_is_not_there_is_refused(room: Newsroom) -> None:
    with pytest.raises(NewsroomError, match="001_banjir has no page 3"):
        room.page(FLOOD, 3)


def test_the_script_with_the_whole_text_is_on_every_page(room: Newsroom) -> None:
    for page in (1, 2):
        text = room.page(FLOOD, page).decode()
        found = re.search(r'var keywordBrandSafety = "(.*)";\n</script>', text)

        assert found
        assert '\\"Kami siap <\\/script> membantu.\\"' in found[1]
        assert found[1].startswith("Air naik sejak subuh")
        assert found[1].endswith("Hujan sudah reda.")


def test_noise_stands_around_the_article_and_never_in_what_is_expected(big: Newsroom) -> None:
    name = "wire-000003"
    page, expected = big.page(name).decode(), big.expected(name)

    for trap in (
        'id="widget_pilihanuntukmu_article"',
        "<li class='p1520 art-list pos_rel'>",
        'id="terkiniul"',
        'id="comments"',
        "<symbol",
        "dataLayer",
        "<div class='side-article txt-article'>",
        "Putin",
    ):
        assert trap in page
    assert "Putin" not in json.dumps(expected)
