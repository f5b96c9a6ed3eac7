"""What a reader of the newsroom must get, and that the real seeds are served as their plain text has them."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from seeds.newsroom import Newsroom

Ask = Callable[..., Any]

FLOOD, SONG = "001_banjir", "002_lagu"
FLOOD_URL = "https://www.tribunnews.com/regional/7001/banjir-uji"
SEEDS = Path(__file__).parents[2] / "seeds"


def body_of(page: str) -> str:
    """The container of the text; nothing in it holds a div that is not closed on the same line."""
    return page.split('<div class="side-article txt-article multi-fontsize">\n', 1)[1].split("\n</div>\n", 1)[0]


def linked_data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">\n(.*?)\n</script>', page, re.DOTALL)
    assert found
    story: dict[str, Any] = json.loads(found[1])["@graph"][0]
    return story


def test_every_page_of_the_real_seeds_weighs_as_much_as_on_the_site() -> None:
    newsroom = Newsroom(articles=20)

    sizes = {name: len(newsroom.page(name)) for name in newsroom.names}

    assert {name: size for name, size in sizes.items() if not 150_000 <= size <= 200_000} == {}


def test_every_real_seed_has_text_json_and_facts() -> None:
    names = {file.stem for file in SEEDS.glob("[0-9]*.txt")}

    assert names == set(Newsroom().names)


def test_no_real_seed_is_published_after_the_clock_of_the_newsroom() -> None:
    newsroom = Newsroom()

    late = [name for name in newsroom.names if newsroom.expected(name)["published_at"] > newsroom.now.isoformat()]

    assert late == []


def test_the_words_of_every_real_seed_are_on_its_page(ask: Ask) -> None:
    with Newsroom() as newsroom:
        for name in newsroom.names:
            markup = body_of(ask(newsroom, f"{newsroom.address(name)}?page=all").text)
            text = " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", markup, flags=re.DOTALL)).split())

            for paragraph in newsroom.expected(name)["paragraphs"]:
                numbered = re.sub(r"^\d+\. ", "", paragraph["text"])
                for words in numbered.split(" | "):
                    assert words.replace(" ", "") in text.replace(" ", ""), name


def test_what_is_expected_is_the_seed_with_the_facts_of_the_desk(room: Newsroom, tiny: Path) -> None:
    seed = json.loads((tiny / f"{FLOOD}.json").read_text(encoding="utf-8"))

    expected = room.expected(FLOOD)

    facts = {
        "url": FLOOD_URL,
        "content_id": "7001",
        "host": "www.tribunnews.com",
        "region": "nasional",
        "section": "regional",
        "published_at": "2026-07-24T17:30:10+07:00",
        "published_from": "jsonld",
        "modified_at": "2026-07-24T17:40:20+07:00",
        "viewed_on": "2026-07-24",
        "tags": ["Kampung Uji", "banjir"],
    }
    urls = {"photos": expected["photos"], "related": expected["related"]}
    assert expected == {**seed, **facts, **urls}
    assert all(photo["url"].startswith("https://asset-2.tribunnews.com/") for photo in expected["photos"])


def test_pages_are_expected_one_by_one_or_joined(room: Newsroom) -> None:
    whole, joined = room.expected(FLOOD), room.expected(FLOOD, None)
    first, second = room.expected(FLOOD, 1), room.expected(FLOOD, 2)

    assert (whole["pages"], joined["pages"]) == ({"read": 1, "total": 1}, {"read": 2, "total": 2})
    assert joined == {**whole, "pages": joined["pages"]}
    assert first["paragraphs"] + second["paragraphs"] == whole["paragraphs"]
    assert (first["is_complete"], second["is_complete"], joined["is_complete"]) == (False, False, True)
    assert (first["sign_off"], second["sign_off"]) == (None, "(*)")
    assert (second["dateline"], second["summary"], second["reporters"]) == (None, [], [])


def test_a_list_is_never_split_between_two_pages(tiny: Path) -> None:
    desk = tiny / "desk.toml"
    for pages in range(2, 12):
        desk.write_text(re.sub(r"pages = \d+", f"pages = {pages}", desk.read_text(encoding="utf-8")), encoding="utf-8")
        newsroom = Newsroom(seeds=tiny)
        total = newsroom.expected(FLOOD, None)["pages"]["total"]

        with_items = [
            number
            for number in range(1, total + 1)
            if any(each["kind"] == "item" for each in newsroom.expected(FLOOD, number)["paragraphs"])
        ]

        assert len(with_items) == 1
        assert newsroom.expected(FLOOD, None)["paragraphs"] == newsroom.expected(FLOOD)["paragraphs"]


def test_a_premium_article_says_so_and_is_not_complete(tiny: Path) -> None:
    desk = tiny / "desk.toml"
    desk.write_text(
        desk.read_text(encoding="utf-8").replace('id = "55"', 'id = "55"\npremium = true'), encoding="utf-8"
    )
    newsroom = Newsroom(seeds=tiny)

    expected = newsroom.expected(SONG)

    assert (expected["is_premium"], expected["is_complete"]) == (True, False)
    assert linked_data(newsroom.page(SONG).decode())["isAccessibleForFree"] is False


@pytest.mark.parametrize(
    ("url", "kind", "section"),
    [
        ("https://www.tribunnews.com/images/regional/view/55/lagu", "photo", "regional"),
        ("https://video.tribunnews.com/view/55/lagu", "video", None),
        ("https://www.tribunnews.com/tribunners/2024/03/02/lagu", "opinion", "tribunners"),
        ("https://kaltim.tribunnews.com/advertorial/55/lagu", "advertorial", "advertorial"),
        ("https://kaltim.tribunnews.com/2024/03/02/lagu", "article", None),
    ],
)
def test_the_address_tells_kind_and_section(tiny: Path, url: str, kind: str, section: str | None) -> None:
    desk = tiny / "desk.toml"
    old = "https://kaltim.tribunnews.com/2024/03/02/lirik-lagu-uji"
    desk.write_text(desk.read_text(encoding="utf-8").replace(old, url), encoding="utf-8")

    expected = Newsroom(seeds=tiny).expected(SONG)

    assert (expected["kind"], expected["section"]) == (kind, section)


def test_a_page_is_the_same_bytes_all_day_and_others_the_next_day(room: Newsroom) -> None:
    first = room.page(FLOOD)

    room.now -= timedelta(hours=3)
    assert room.page(FLOOD) == first

    room.now += timedelta(days=1)
    assert room.page(FLOOD) != first


def test_pictures_and_links_stand_where_the_plain_text_has_them() -> None:
    body = body_of(Newsroom().page("000_d3675def684afb29").decode())

    in_order = [
        "Menurut laporan media AS itu",
        "Baca juga: </span> <a title=",
        "sedang mencari sistem satelit",
        "keperluan perang Rusia melawan",
        '<figure class="image">',
        "Putin sedang berusaha keras mencari bantuan",
    ]
    places = [body.index(words) for words in in_order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("018_truk-semen-bukit-kenanga", "<strong>BATAM, TRIBUNBATAM.id - </strong>"),
        ("020_pasar-batu-akik-payakumbuh", "<strong>TribunPadang.com, Payakumbuh -</strong><br />\nPasar batu akik"),
        ("023_kedai-kopi-tanpa-kasir", "<strong>SERAMBINEWS.COM | BANDA ACEH - </strong>Sebuah kedai"),
        ("024_perahu-perpustakaan-manado", "<strong>Manado , TRIBUNMANADO.CO.ID - </strong>Sebuah perahu"),
    ],
)
def test_a_dateline_is_printed_as_in_the_plain_text(name: str, printed: str) -> None:
    assert printed in body_of(Newsroom().page(name).decode())
