"""The law of the seed parser: a seed read as text, and the same seed served as HTML, give the article in its JSON."""

import json
from pathlib import Path

import pytest

import seeds
from crawler.article import article_as_json
from crawler.parser import address_in, read_document, read_html, read_text
from crawler.site import identify
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


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_read_from_its_whole_page_gives_the_same_article(name: str, desk: Newsroom) -> None:
    page = desk.page(name, "all")

    article = read_html(page, address=identify(desk.address(name)))

    assert article_as_json(article) == desk.expected(name, "all")


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_read_page_by_page_gives_the_same_article(name: str, desk: Newsroom) -> None:
    total = desk.expected(name, None)["pages"]["total"]
    pages = [desk.page(name, number) for number in range(1, total + 1)]

    article = read_html(*pages, address=identify(desk.address(name)), charset="UTF-8")

    assert article_as_json(article) == desk.expected(name, None)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_a_seed_can_be_read_alone(name: str, desk: Newsroom) -> None:
    total = desk.expected(name, None)["pages"]["total"]
    address = identify(desk.address(name))

    articles = [read_html(desk.page(name, number), address=address) for number in range(1, total + 1)]

    assert [article_as_json(each) for each in articles] == [
        desk.expected(name, number) for number in range(1, total + 1)
    ]


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
