"""Damaged pages: whatever is cut, doubled or flipped, only the parser's own errors come out."""

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.article import article_as_json, article_from_json
from crawler.errors import ExtractionError, PageRefusedError
from crawler.parser import address_in, read_document, read_html, read_text
from seeds.newsroom import Newsroom


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

    assert cut == whole
