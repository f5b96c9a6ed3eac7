"""Words looked for in a text that is not cut stand where they stand in the text that is cut."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.article import Article, Paragraph
from crawler.topics.evaluate import hits
from crawler.topics.families import forms
from crawler.topics.glanced import Glanced
from crawler.topics.query import parse_query
from crawler.topics.sought import Sought
from crawler.topics.subject import Subject, printed_fields, subject_of
from crawler.topics.tree import ANYWHERE, Near, Phrase, TextField, Token
from crawler.topics.words import Word, has_room, split

# What newspapers print, words that meet in one another, and whatever may stand inside a word or end one.
PIECES = st.sampled_from(
    [
        *("banjir", "Banjir", "BANJIR", "banjirnya", "kebanjiran", "di", "DI", "Di", "rp", "Rp", "RP", "a", "A", "s"),
        *("Jum'at", "jum’at", "Jumat", "don't", "Trump's", "KPK-nya", "U-23", "covid-19", "5,2", "5.2", "10.000", "10"),
        *("Rp10.000", "Rp5juta", "5juta", "xRp5", "Højlund", "hojlund", "é", "e\u0301", "Straße", "km²", "İ", "ﬁ"),
        *("\u00ad", "\u200b", "ʼ", "`", "´", "_", "'", "’", "“", "”", "–", "—", "…", "•", ".", ",", "-", "/", "ˑ", "%"),
        *(" ", " ", " ", " ", " ", "  ", "\n\n", "\n", "\t", "\xa0", "\u2028", "\x1f", "\0", "\ud800", "بِسْمِ", "٣", "ⷀ"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=30).map("".join),
    st.lists(PIECES, max_size=30).map(" ".join),
    st.text(max_size=60),
)
_FIELDS: list[tuple[TextField, ...]] = [ANYWHERE, ("text",), ("title", "author"), ("tag", "text")]
FIELDS = st.sampled_from(_FIELDS)
OTHER_WORDS = st.sampled_from(["banjir", "di", "rp", "jumat", "dont", "10000", "5ˑ2", "10", "hojlund", "serang", "a"])


@st.composite
def texts_and_tokens(draw: st.DrawFn) -> tuple[str, Token]:
    text = draw(TEXTS)
    words = sorted({word.folded for word in split(text)})
    folded = draw(OTHER_WORDS | st.sampled_from(words) if words else OTHER_WORDS)
    token = Token(folded)
    kind = draw(st.sampled_from(["plain", "acronym", "prefix", "family"]))
    if kind == "prefix":
        return text, Token(folded[: draw(st.integers(1, len(folded)))], is_prefix=True)
    return text, replace(token, is_acronym=kind == "acronym", is_family=kind == "family")


def is_meant(token: Token, word: Word) -> bool:
    if token.is_prefix:
        return word.folded.startswith(token.folded)
    if token.is_family:
        return word.folded in forms(token.folded)
    return word.folded == token.folded and (word.is_acronym or not token.is_acronym)


@settings(deadline=None, max_examples=1_000)
@given(texts_and_tokens())
@example(("Rp5 RP rp.", Token("rp")))
@example(("bank5,2 bankir", Token("bank", is_prefix=True)))
@example(("di di di", Token("di")))
@example(("İ di", Token("di")))
@example(("serangan serang diserang menyerang penyerang", Token("serang", is_family=True)))
def test_a_word_stands_where_the_cut_text_has_it(drawn: tuple[str, Token]) -> None:
    text, token = drawn

    found = Sought(text).spans(token)

    assert found == [(word.start, word.end) for word in split(text) if is_meant(token, word)]


@settings(deadline=None, max_examples=200)
@given(texts_and_tokens(), st.lists(texts_and_tokens(), max_size=3))
def test_what_was_looked_for_before_changes_nothing(drawn: tuple[str, Token], others: list[tuple[str, Token]]) -> None:
    text, token = drawn
    sought = Sought(text)
    for _, other in others:
        sought.spans(other)

    assert sought.spans(token) == Sought(text).spans(token)


@settings(deadline=None, max_examples=500)
@given(TEXTS, st.data())
def test_between_two_words_is_room_for_those_that_stand_there(text: str, data: st.DataObject) -> None:
    words = split(f"a {text} a")
    first = data.draw(st.integers(0, len(words) - 2))
    last = data.draw(st.integers(first + 1, len(words) - 1))
    between = last - first - 1

    assert has_room(f"a {text} a", words[first].end, words[last].start, words=between)
    assert not between or not has_room(f"a {text} a", words[first].end, words[last].start, words=between - 1)


@settings(deadline=None, max_examples=500)
@given(TEXTS, TEXTS, st.data())
def test_phrases_and_what_is_near_are_found_where_they_are_in_the_cut_text(
    title: str, body: str, data: st.DataObject
) -> None:
    article = Article(title=title, paragraphs=(Paragraph("text", body),), authors=(title,), tags=(body,))
    known = [Token(word.folded) for word in split(f"{title} {body}")] or [Token("a")]
    first = data.draw(st.integers(0, len(known) - 1))
    left = Phrase(tuple(known[first : first + data.draw(st.integers(1, 3))]), data.draw(FIELDS))
    right = Phrase((data.draw(st.sampled_from(known)),), data.draw(FIELDS))
    near = Near(left, right, data.draw(st.integers(0, 4)))

    for asked in (left, near):
        expected = hits(asked, subject_of(article))
        assert hits(asked, Glanced(printed_fields(article))) == expected


@pytest.mark.parametrize("text", ["'" * 200_000, "a'" * 100_000, "Rp1" * 100_000, "’ " * 100_000, "\n" * 200_000])
def test_no_text_makes_it_slow(text: str) -> None:
    """It ends within the time of a test: a way that grows with the square would take minutes."""
    subject = Glanced({"text": text})

    hits(parse_query("'a' OR rp OR rp* OR ~serang OR 1 NEAR/5 rp").tree, subject)


def test_a_field_that_is_not_there_is_empty() -> None:
    tree = parse_query("banjir NEAR rob").tree

    assert hits(tree, Glanced({})) == hits(tree, Subject({})) == ()
