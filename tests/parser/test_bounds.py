"""The quick way of reading, which the crawl takes in its own process: the same article, no tree, and never dear."""

import unicodedata
from collections.abc import Callable

import pytest

from crawler.errors import ExtractionError
from crawler.parser import examine_html, examine_quickly, read_html
from crawler.parser.pieces import NAME, GaveUpError, Pieces
from crawler.parser.spacing import tidy
from crawler.site import identify
from seeds.newsroom import Newsroom

MakePage = Callable[..., bytes]


def test_every_page_of_the_present_layout_is_read_without_a_tree() -> None:
    desk = Newsroom()

    for name in desk.names:
        page, address = desk.page(name), identify(desk.address(name))
        assert examine_quickly(page, address=address) == examine_html(page, address=address)


def test_where_a_tree_is_needed_the_quick_way_says_nothing(make_page: MakePage) -> None:
    page = make_page().replace(b'id="arttitle"', b"id='arttitle'")

    assert examine_quickly(page) is None
    assert examine_html(page).article.title == "Judul Berita"


def test_a_page_of_no_usual_size_is_not_read_quickly(make_page: MakePage) -> None:
    page = make_page(below="<!-- iklan -->" * 200_000)

    assert examine_quickly(page) is None
    assert examine_html(page).article.text == "Isi berita yang pertama."


# Each of these took from a second to a minute before there were bounds.
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body", ["<script>" * 40_000 + "</div>", "<p>a" + "\u0301\u0323" * 80_000 + "</p>", "<p>" + "a" * 300_000 + "</p>"]
)
def test_what_would_cost_its_square_is_read_or_refused_at_once(body: str, make_page: MakePage) -> None:
    try:
        assert read_html(make_page(body)).title == "Judul Berita"
    except ExtractionError as error:
        assert error.field == "text"  # noqa: PT017  - only an open script hides all the text


@pytest.mark.timeout(20)
def test_meta_elements_of_one_long_word_are_read_at_once(make_page: MakePage) -> None:
    page = make_page(head=("<meta " + "a" * 1_900 + ">") * 600, story=None)

    assert read_html(page).title == "Judul Berita"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("script", ["<script></script>", "<script>", "<script><!--", "<!-- "])
def test_very_many_scripts_are_gone_over_once(script: str) -> None:
    pieces = Pieces("<div>" + script * 20_000)

    with pytest.raises(GaveUpError):
        _go_over(pieces)


def _go_over(pieces: Pieces) -> None:
    while pieces.next()[NAME] in {"", "div"}:
        pass
    raise GaveUpError  # as every reader does at the start tag of a script that does not end


def test_piled_up_marks_are_cut_short_in_a_long_text_only() -> None:
    pile = "a" + "\u0323\u0301" * 600
    word = "Jalālāl-dīn"

    assert len(tidy(pile)) <= 31
    assert tidy(unicodedata.normalize("NFD", word)) == word
    assert tidy(unicodedata.normalize("NFD", f"{word} " * 200)) == f"{word} " * 199 + word
