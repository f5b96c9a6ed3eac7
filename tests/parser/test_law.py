"""The law of the seed parser: a seed read as text, and the same seed served as HTML, give the article in its JSON."""

import json
from pathlib import Path

import pytest

import seeds
from crawler.article import article_as_json
from crawler.parser import address_in, examine_html, read_document, read_html, read_text
from crawler.site import identify
from seeds.layouts import DOORS, LAYOUTS, Door, Layout
from seeds.newsroom import Newsroom

SEEDS = sorted(Path(str(seeds.__file__)).parent.glob("*.txt"))
NAMES = [seed.stem for seed in SEEDS]


@pytest.fixture(scope="module")
def desk() -> Newsroom:
    """The newsroom, closed: its pages can be had without a server."""
    return Newsroom()


@pytest.mark.parametrize("seed", SEEDS, ids=NAMES)
def test_a_seed_read_as_text_gives_its_json(seed: Path) -> None:
    expected = json.loads(seed.with_suffix(".json").read_text(encoding="utf-8"))

    article = read_text(seed.read_text(encoding="utf-8"))

    assert article_as_json(article) == expected


FORMS: list[tuple[Layout, Door]] = [(layout, door) for layout in LAYOUTS for door in DOORS]
each_form = pytest.mark.parametrize(("layout", "door"), FORMS, ids=["-".join(form) for form in FORMS])


@pytest.mark.fact("1.2.1", "1.2.2", "1.2.4")
@pytest.mark.fact("2.1.title", "2.1.topic line", "2.1.lead", "2.1.date", "2.1.author", "2.1.body", "2.1.main photo")
@pytest.mark.fact("2.1.credit", "2.1.caption", "2.1.tags", "2.1.pager", "2.1.source box", "2.1.full text in script")
@each_form
@pytest.mark.parametrize("name", NAMES)
def test_a_seed_read_from_its_whole_page_gives_the_same_article(
    name: str, layout: Layout, door: Door, desk: Newsroom
) -> None:
    page = desk.page(name, "all", layout=layout, door=door)

    reading = examine_html(page, address=identify(desk.address(name)))

    assert article_as_json(reading.article) == desk.expected(name, "all", layout=layout, door=door)
    assert reading.layout == {"m": "mobile", "amp": "amp"}.get(door, layout)
    assert reading.remarks == ()


@pytest.mark.fact("7.3")
@each_form
@pytest.mark.parametrize("name", NAMES)
def test_a_seed_read_page_by_page_gives_the_same_article(name: str, layout: Layout, door: Door, desk: Newsroom) -> None:
    total = desk.expected(name, None, layout=layout, door=door)["pages"]["total"]
    pages = [desk.page(name, number, layout=layout, door=door) for number in range(1, total + 1)]

    article = read_html(*pages, address=identify(desk.address(name)), charset="UTF-8")

    assert article_as_json(article) == desk.expected(name, None, layout=layout, door=door)


@each_form
@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_a_seed_can_be_read_alone(name: str, layout: Layout, door: Door, desk: Newsroom) -> None:
    total = desk.expected(name, None, layout=layout, door=door)["pages"]["total"]
    address = identify(desk.address(name))
    numbers = range(1, total + 1)

    articles = [read_html(desk.page(name, each, layout=layout, door=door), address=address) for each in numbers]

    assert [article_as_json(each) for each in articles] == [
        desk.expected(name, each, layout=layout, door=door) for each in numbers
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whole_and_joined_pages_have_the_text_of_the_seed(layout: Layout, desk: Newsroom) -> None:
    for name, seed in zip(NAMES, SEEDS, strict=True):
        paragraphs = json.loads(seed.with_suffix(".json").read_text(encoding="utf-8"))["paragraphs"]

        assert desk.expected(name, "all", layout=layout)["paragraphs"] == paragraphs
        assert desk.expected(name, None, layout=layout)["paragraphs"] == paragraphs


def test_a_page_read_without_its_address_still_names_it(desk: Newsroom) -> None:
    page = desk.page(NAMES[0])

    article = read_html(page)

    assert article.url == address_in(page) == desk.address(NAMES[0])
    assert (article.content_id, article.host, article.section) == (desk.expected(NAMES[0])["content_id"], None, None)


def test_a_document_is_read_for_what_it_is(desk: Newsroom) -> None:
    text, page = SEEDS[0].read_bytes(), desk.page(NAMES[0])

    from_text, from_page = read_document(text), read_document(page)

    assert from_text == read_text(text.decode())
    assert from_page == read_html(page)


def test_a_text_takes_what_its_address_tells() -> None:
    address = identify("https://bali.tribunnews.com/opini/412873/subak")

    article = read_text("Judul Opini\n\nTayang: Rabu, 12 Juni 2024 19:20\n\nIsi yang panjang.", address=address)

    assert (article.url, article.region, article.section) == (address.url, "bali", "opini")
    assert article.kind == "opinion"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-06-12T19:20:00+08:00"
