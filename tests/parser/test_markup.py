"""The guard: markup that would cost more than any page may is refused before it is parsed."""

import re
from collections.abc import Callable

import pytest

from crawler.errors import PageRefusedError
from crawler.markup import DEEPEST, LONGEST_TAG_BYTES, check_markup
from crawler.parser import read_html
from crawler.site import identify

MakePage = Callable[..., bytes]
MANY = 100_000
BOMBS = {
    "nested": b"<div>" * MANY,
    "nested with stray end tags": b"<div></b>" * MANY,
    "nested in tables": b"<table><tr><td></div>" * MANY,
    "end tags in raw text": (b"<div>" * 100 + b"<textarea>" + b"</div>" * 100 + b"</textarea>") * 300,
    "end tags in comments": (b"<div>" * 100 + b"<!--" + b"</div>" * 100 + b"-->") * 300,
    "end tags in attributes": b"<div><br title='</div>'>" * MANY,
    "unquoted end": (b"<a x=y'>" + b"<div>" * 100 + b"'>") * 300,
    "unclosed formatting": b"".join(b"<b id=%d><i id=x%d>" % (number, number) for number in range(MANY // 2)),
    "formatting in paragraphs": b"<p><b>" * MANY,
    "attributes": b"<div " + b" ".join(b"a%d=1" % number for number in range(MANY)) + b">",
    "attributes with brackets": b"<div " + b" ".join(b'a%d=">"' % number for number in range(MANY)) + b">",
    "attributes without end": b"<div " + b" ".join(b"a%d" % number for number in range(MANY)),
    "attributes of a script": b"<script " + b" ".join(b"a%d" % number for number in range(MANY)) + b"></script>",
    "a quotation mark": b'<a "' * MANY,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused(bomb: bytes) -> None:
    with pytest.raises(PageRefusedError, match=r"refused to read the document: (a tag of|more than)"):
        check_markup(bomb, None)


# A script is passed over without being parsed, whatever its tag looks like.
@pytest.mark.parametrize("name", sorted(BOMBS.keys() - {"attributes of a script"}))
def test_a_bomb_in_a_page_is_refused_wherever_it_stands(name: str, make_page: MakePage) -> None:
    address = identify("https://www.tribunnews.com/nasional/7845771/judul")
    in_body = make_page(BOMBS[name].decode())
    whole = b"<html><body>" + BOMBS[name] + b"</body></html>"

    for page in (in_body, whole):
        with pytest.raises(PageRefusedError, match=re.escape(f"refused to read {address.url}: ")):
            read_html(page, address=address)


@pytest.mark.parametrize(
    "markup",
    [
        b"<p>" * MANY,
        b"<ul>" + b"<li>satu" * MANY,
        b"<br>" * MANY,
        b"<div></div>" * MANY,
        b"<DIV></div>" * MANY,
        b"<script>" + b"<div>" * MANY + b"</script>",
        b"<!--" + b"<div>" * MANY + b"-->",
        b"<img alt='" + b"<div>" * 1000 + b"'>" * 10,
        b"<div>" * DEEPEST + b"</div>" * DEEPEST,
        b"<p>" + b"a < b " * MANY,
        b"<img src='" + b"x" * (LONGEST_TAG_BYTES - 100) + b"'>" * 3,
    ],
)
def test_what_a_page_may_hold_passes(markup: bytes) -> None:
    check_markup(markup, None)


def test_a_noisy_page_is_read(make_page: MakePage) -> None:
    noise = "<div class='menu'><ul><li><a href='/x'>y</a></li></ul></div>" * 3_000

    article = read_html(make_page("<p>Isi.</p>", above=noise, below=noise).replace(b'id="arttitle"', b"id='arttitle'"))

    assert article.text == "Isi."


def test_boxes_in_boxes_are_read_as_deep_as_the_guard_lets_them(make_page: MakePage) -> None:
    deep = DEEPEST - 20

    article = read_html(make_page("<div>" * deep + "<p>Isi.</p>" + "</div>" * deep))

    assert article.text == "Isi."
