"""Damaged pages: whatever is cut, doubled or flipped, only the parser's own errors come out."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.article import article_as_json, article_from_json
from crawler.errors import ExtractionError, PageRefusedError
from crawler.parser import address_in, read_document, read_html, read_text
from seeds.newsroom import Newsroom

MakePage = Callable[..., bytes]


@cache
def _page(number: int) -> bytes:
    desk = Newsroom()
    return desk.page(desk.names[number % len(desk.names)])


def _read(page: bytes) -> None:
    try:
        article = read_html(page)
    except (ExtractionError, PageRefusedError):
        return
    assert article_from_json(article_as_json(article)) == article
    repr(article_as_json(article)).encode()


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    page = bytearray(_page(draw(st.integers(0, 24))))
    for _ in range(draw(st.integers(1, 4))):
        # Most of a page is noise; the article and the machine data are where damage can matter.
        near = draw(st.sampled_from([b"ld+json", b"arttitle", b"txt-article", b"<p>", b"tagcloud3", b"date-now", b"<"]))
        start = max(0, page.find(near) + draw(st.integers(-200, 6_000)))
        length = draw(st.integers(0, 300))
        match draw(st.sampled_from(["cut", "double", "flip", "insert", "end"])):
            case "cut":
                del page[start : start + length]
            case "double":
                page[start:start] = page[start : start + length]
            case "flip":
                for place in range(start, min(len(page), start + 3)):
                    page[place] ^= 1 << draw(st.integers(0, 7))
            case "insert":
                page[start:start] = draw(
                    st.binary(max_size=20) | st.sampled_from([b"<", b"</", b"\"'", b"<!--", b"&#", b"]}"])
                )
            case _:
                del page[start:]
    return bytes(page)


@settings(max_examples=500, deadline=None)
@given(page=_damaged())
def test_a_damaged_page_gives_an_article_or_a_known_error(page: bytes) -> None:
    _read(page)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
@example(body=b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>")
@example(body=b"<meta " * 100_000)
@example(body=b'<h1 id="arttitle">x</h1>' + b'class="total-page">Halaman 1/2' * 50_000)
@example(body=b"<script>" + b'class="total-page">Halaman 1/2' * 50_000)
@example(body=b"Judul\n\n" + b"Baca juga: x y z\n\n" * 20_000)
@example(body=b"Judul - Halaman 1" + b" - Halaman 1" * 20_000 + b"\n\nIsi yang panjang.")
@example(body=b"Judul\n\nEditor: Ani\n\nAFP\n" + b"AFP " * 20_000)
@example(body=b"Judul\n\nArtikel ini telah tayang di X dengan judul " + b"http://x " * 20_000)
@example(body=b"Judul\n\nTRIBUNNEWS.COM, " + b"A" * 100_000)
@example(body=b"Judul\n\n" + (b"a" * 99 + b"\n\n") * 5_000)
def test_any_document_gives_an_article_or_a_known_error(body: bytes) -> None:
    for read in (_read, address_in, _read_document):
        read(body)


def _read_document(body: bytes) -> None:
    try:
        read_document(body)
    except (ExtractionError, PageRefusedError):
        return


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(categories=None), max_size=200))
def test_any_text_gives_an_article_or_a_known_error(text: str) -> None:
    try:
        article = read_text(f"Judul\n\n{text}")
    except ExtractionError as error:
        assert error.field in {"title", "text"}  # noqa: PT017  - most texts give no error
    else:
        repr(article_as_json(article)).encode()


@pytest.mark.parametrize("number", range(4))
def test_no_page_is_lost_to_a_missing_end(number: int) -> None:
    page = _page(number)
    whole = read_html(page)

    cut = read_html(page[: page.find(b'<div id="comments"')])

    assert cut == replace(whole, is_complete=False)


@pytest.mark.parametrize("number", range(4))
def test_a_page_cut_anywhere_is_never_taken_for_the_whole(number: int) -> None:
    page = _page(number)
    end = page.rfind(b"</body")

    for place in range(page.find(b"<h1"), end, 997):
        try:
            article = read_html(page[:place])
        except ExtractionError:
            continue
        assert not article.is_complete

    assert read_html(page[: end + len(b"</body>")]) == read_html(page)


def test_a_page_cut_behind_a_script_that_holds_a_whole_page_is_not_taken_for_the_whole(make_page: MakePage) -> None:
    page = make_page(below="<script>var frame = '<html><body></body></html>';</script>")
    whole = read_html(page)

    cut = read_html(page[: page.find(b"</script>", page.find(b"var frame")) + len(b"</script>")])

    assert whole.is_complete
    assert cut == replace(whole, is_complete=False)


def test_a_part_of_a_page_is_whole_where_its_boxes_are_closed() -> None:
    part = b'<div><h1 id="arttitle">Judul</h1><div class="txt-article"><p>Satu.</p><p>Dua.</p></div></div>'

    assert read_html(part).is_complete
    assert not read_html(part[: part.find(b"<p>Dua")]).is_complete
