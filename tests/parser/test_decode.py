"""Bytes to text: which encoding counts, and that nothing can fail or smuggle in what cannot be stored."""

import codecs
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.parser import read_html
from crawler.parser.decode import CODECS, as_text, as_utf8
from crawler.parser.spacing import tidy

MakePage = Callable[..., bytes]
WORDS = "“Café” – surut"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (WORDS.encode(), None),
        (WORDS.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "windows-1252"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-8"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), None),
        (WORDS.encode("utf-16-le"), "utf-16"),
        (WORDS.encode("cp1252"), "windows-1252"),
        (WORDS.encode("cp1252"), " ISO-8859-1 "),
        (WORDS.encode(), "iso-8859-1"),
        (WORDS.encode(), "rot_13"),
        (WORDS.encode(), "idna"),
        (WORDS.encode(), "zlib"),
        (WORDS.encode(), "unicode_escape"),
        (WORDS.encode(), "utf-7"),
        (WORDS.encode(), ""),
    ],
)
def test_the_right_encoding_counts(body: bytes, charset: str | None) -> None:
    assert as_text(body, charset) == WORDS


@pytest.mark.parametrize(
    ("meta", "codec"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ("<meta charset=windows-1252>", "cp1252"),
        ('<META http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="rot13">', "utf-8"),
        ('<meta name="description" content="tanpa">', "utf-8"),
    ],
)
def test_the_page_may_name_its_own_encoding(meta: str, codec: str) -> None:
    assert as_text(f"{meta}{WORDS}".encode(codec)) == f"{meta}{WORDS}"


def test_what_cannot_be_decoded_is_replaced() -> None:
    assert as_text(b"a\xff\xc3b") == "a\ufffd\ufffdb"
    assert as_text(b"\x1b$B\xff", "iso-2022-jp")


def test_every_label_names_a_codec_that_is_there() -> None:
    assert {codecs.lookup(codec).name for codec in CODECS.values()}
    assert CODECS["latin1"] == "cp1252"


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=200), charset=st.sampled_from([*CODECS, "rot13", "x", None]))
def test_decoding_never_fails_and_leaves_no_nul(body: bytes, charset: str | None) -> None:
    assert b"\0" not in as_utf8(body, charset)
    assert "\0" not in as_text(body, charset)


def test_nul_and_surrogates_never_reach_an_article(make_page: MakePage) -> None:
    people = '[{"@type": "Person", "name": "A\\u0000ni\\ud800"}]'
    story = f'{{"@type": "NewsArticle", "author": {people}, "keywords": ["x\\udfffy"]}}'
    page = make_page(
        "<p>Is\0i &#0;&#xD800;.</p>", head=f'<script type="application/ld+json">{story}</script>', story=None
    )

    article = read_html(page.replace(b"Judul Berita</h1>", b"Judul \xed\xa0\x80Berita</h1>"))

    assert article.authors == ("Ani",)
    assert article.tags == ("xy",)
    assert "\0" not in repr(article)
    repr(article).encode()


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet=st.characters(categories=None), max_size=40))
def test_tidy_text_stays_as_it_is_when_tidied_again(text: str) -> None:
    once = tidy(text)

    assert tidy(once) == once
    assert once == once.strip()
    assert not {"\n", "\t", "\u00a0", "\u200b", "\0", "  "} & {
        once[i : i + n] for n in (1, 2) for i in range(len(once))
    }
    once.encode()
