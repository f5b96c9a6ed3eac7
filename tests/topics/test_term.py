"""The first form of the search language: every word and every quoted phrase must be there."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import QueryError
from crawler.topics import Term, Terms, parse_terms

NO_TAGS: tuple[str, ...] = ()


def finds(query: str, text: str) -> bool:
    return parse_terms(query).matches("", text, NO_TAGS)


@pytest.mark.parametrize(
    "query",
    ["don't", "covid-19", "Rp10.000", "PSSI (U-23)", "5%", "C++", "AT&T", "a:b", "x*", "-nya", "1/2", "(a"],
)
def test_what_people_type_is_never_a_mistake_of_grammar(query: str) -> None:
    assert finds(query, query)


def test_a_query_is_its_words_and_phrases_each_once() -> None:
    parsed = parse_terms('banjir "Kim Jong Un" covid-19 Banjir KPK')

    assert parsed.terms == (
        Term(("banjir",), (False,)),
        Term(("kim", "jong", "un"), (False, False, False)),
        Term(("covid", "19"), (False, False)),
        Term(("kpk",), (True,)),
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ukraina rusia", "Rusia dan Ukraina"),
        ('"kim jong un"', "bertemu Kim Jong-un di sana"),
        ("“kim jong”", "Kim Jong Un"),
        ('"ukraina" "rusia"', "Rusia, Ukraina"),
        ("rusia AND ukraina", "Rusia, Ukraina"),
        ("covid-19", "wabah Covid 19"),
        ("kpk", "KPK"),
        ("PAN", "Ketua PAN"),
        ('"ketua PAN"', "Ketua PAN"),
        ("or not and", "and or not"),
        ('"OR"', "OR"),
    ],
)
def test_a_query_finds(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ukraina rusia", "Rusia saja"),
        ('"kim jong un"', "Kim dan Jong Un"),
        ('"jong kim"', "Kim Jong"),
        ("“jong kim”", "Kim Jong"),
        ("covid-19", "19 kasus Covid"),
        ("banjir", "kebanjiran"),
        ("PAN", "pan atau Pan"),
        ('"ketua PAN"', "ketua pan; PAN"),
        ("10", "Rp10.000"),
        ('"a b"', ""),
    ],
)
def test_a_query_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


def test_the_terms_of_a_query_may_stand_in_different_fields_but_a_phrase_in_one() -> None:
    title, text, tags = "Banjir di Demak", "Air naik", ("Jawa Tengah", "BNPB")

    assert parse_terms('banjir air "jawa tengah" BNPB').matches(title, text, tags)
    assert not parse_terms('"demak air"').matches(title, text, tags)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('banjir "kim jong', "query, column 8: this quotation mark is never closed"),
        ('"', "query, column 1: this quotation mark is never closed"),
        ('"a" "b" "', "query, column 9: this quotation mark is never closed"),
        ("rusia OR putin", "query, column 7: OR is not supported yet"),
        ("(rusia OR putin) AND x", "query, column 8: OR is not supported yet"),
        ("rusia NOT(putin)", 'write "NOT" in quotation marks'),
        ("", "no word to search for"),
        ("%% - ()", "no word to search for"),
        ("AND", "no word to search for"),
        ('""', "no word to search for"),
        ("kata " * 3 + " ".join(map(str, range(80))), "81 words are too many; write at most 64"),
    ],
)
def test_what_cannot_be_searched_is_told_in_one_line(query: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_terms(query)

    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_told_to_be_none(text: str) -> None:
    try:
        parsed = parse_terms(text)
    except QueryError as error:
        assert str(error).startswith("query")  # noqa: PT017  - either outcome is right
    else:
        assert isinstance(parsed, Terms)
        assert parsed.terms


WORDS = st.sampled_from(["pan", "PAN", "Pan", "kpk", "KPK", "banjir", "Banjir", "kim", "jong-un", "5,2", "é", "e"])
SENTENCES = st.lists(WORDS, max_size=8).map(" ".join)


def plain_words(text: str) -> list[str]:
    """Return the words of a text by other means than the code under test: good for the words above only."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return re.split(r"[ -]+", bare) if bare else []


def stands_in(phrase: list[str], words: list[str]) -> bool:
    """Say whether the phrase stands in the words, asking every place anew."""
    return any(
        all(
            asked == said if len(asked) in range(2, 6) and asked.isupper() else asked.lower() == said.lower()
            for asked, said in zip(phrase, words[start:], strict=False)
        )
        for start in range(len(words) - len(phrase) + 1)
    )


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3), SENTENCES, SENTENCES, SENTENCES)
def test_a_query_finds_what_a_plain_reading_finds(phrases: list[list[str]], title: str, text: str, tag: str) -> None:
    query = " ".join(f'"{" ".join(phrase)}"' for phrase in phrases)

    found = parse_terms(query).matches(title, text, [tag])

    fields = [plain_words(title), plain_words(text), plain_words(tag)]
    asked = [plain_words(" ".join(phrase)) for phrase in phrases]
    assert found == all(any(stands_in(phrase, field) for field in fields) for phrase in asked)
