"""What is a word, which words are the same, and that the search index reads back what was prepared."""

import itertools
import sqlite3
import sys
import unicodedata
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.topics.words import Places, Word, fold, folded_words, is_acronym, prepare, split

# Letters and marks that meet in news of the site, beside whatever else hypothesis thinks of.
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from("aAsSnNPR p.,'’`-_()\"0123456789%éø\u0301\u00adبِـʼ\n"), max_size=80),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Putin", "PUTIN"),
        ("Jum'at", "Jumat"),
        ("Jum`at", "Jum’at"),
        ("Qur'an", "quran"),
        ("don't", "dont"),
        ("covid-19", "COVID 19"),
        ("U-23", "u 23"),
        ("Rp10.000", "Rp 10.000"),
        ("Rp. 10.000", "rp10000"),
        ("10,000", "10.000"),
        ("1.250.000", "1250000"),
        ("1.250.000,75", "1,250,000.75"),
        ("1.250.000,75", "1250000,75"),
        ("5,2", "5.2"),
        ("era'90", "era 90"),
        ("ﷺ", "صلىاللهعليهوسلم"),
        ("2.000-an", "2000 an"),
        ("Højlund", "Hojlund"),
        ("e\u0301", "É"),
        ("Mbappé", "mbappe"),
        ("بِسْمِ", "بسم"),
        ("Pu\u00adtin", "Putin"),
        ("km²", "KM2"),
        ("４５", "45"),
        ("Straße", "STRASSE"),
        ("5%", "5"),
        ("(KPK)", "kpk"),
    ],
)
def test_different_spellings_are_the_same_words(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5,2", "52"),
        ("17.00", "1700"),
        ("0.125", "0125"),
        ("10.000", "10"),
        ("banjir", "kebanjiran"),
        ("1.2.3", "123"),
        ("12.3456", "123456"),
        ("1234.567", "1234567"),
    ],
)
def test_words_that_mean_something_else_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_possessive_s_does_not_hide_the_name() -> None:
    words = [word.folded for word in split("Trump's McDonald’s menu: Ma'ruf's")]

    assert words == ["trump", "s", "mcdonald", "s", "menu", "maruf", "s"]


def test_quotation_marks_around_words_are_not_part_of_them() -> None:
    printed = [word.printed for word in split("'Berebut Bantuan' dari ‘Kim’")]

    assert printed == ["Berebut", "Bantuan", "dari", "Kim"]


def test_a_letter_that_only_modifies_others_is_no_word_when_it_stands_alone() -> None:
    assert [word.printed for word in split("Putin ʼ ـ Kim")] == ["Putin", "Kim"]
    assert list(folded_words("Putin ʼ ـ Kim")) == ["putin", "kim"]


def test_the_currency_is_cut_only_from_an_amount_at_the_start_of_a_word() -> None:
    assert fold("RP5 sharp5 rpp rp") == "rp 5 sharp5 rpp rp"


def test_a_word_knows_where_it_is_printed() -> None:
    assert split("“Kim” Jong-un") == [
        Word("kim", "Kim", 1, 4, is_acronym=False),
        Word("jong", "Jong", 6, 10, is_acronym=False),
        Word("un", "un", 11, 13, is_acronym=False),
    ]


@pytest.mark.parametrize("printed", ["PAN", "KPK", "AS", "BRIN", "PPATK", "ÖBB", "O\u0308BB"])
def test_two_to_five_capitals_are_an_acronym(printed: str) -> None:
    assert is_acronym(printed)


@pytest.mark.parametrize("printed", ["Pan", "pan", "A", "BANJIR", "U23", "23", "QUR'AN", "بسم", ""])
def test_other_words_are_no_acronym(printed: str) -> None:
    assert not is_acronym(printed)


def test_what_the_index_stores_are_the_folded_words_and_the_distinct_acronyms() -> None:
    prepared = prepare("KPK dan PAN: kpk, KPK-nya Rp10.000")

    assert (prepared.words, prepared.acronyms) == ("kpk dan pan kpk kpk nya rp 10000", "kpk pan")


@given(TEXTS)
def test_every_word_is_what_is_printed_at_its_place(text: str) -> None:
    words = split(text)

    assert [text[word.start : word.end] for word in words] == [word.printed for word in words]
    assert all(one.end <= other.start for one, other in itertools.pairwise(words))


@given(TEXTS)
def test_all_ways_of_folding_give_the_same_words(text: str) -> None:
    words = [word.folded for word in split(text)]

    assert list(folded_words(text)) == words
    assert fold(text) == prepare(text).words == " ".join(words)
    assert prepare(text).acronyms.split() == list(dict.fromkeys(w.folded for w in split(text) if w.is_acronym))


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Po"], max_codepoint=0x17F), max_size=60))
def test_it_does_not_matter_whether_accents_are_marks_of_their_own(text: str) -> None:
    taken_apart = unicodedata.normalize("NFD", text)

    assert fold(taken_apart) == fold(text)


def test_an_s_with_an_accent_is_no_possessive_s() -> None:
    assert fold("aş'ś") == fold("aş'ś") == "ass"


@given(TEXTS)
def test_no_letter_and_no_figure_is_lost(text: str) -> None:
    uncovered = list(text)
    for word in split(text):
        uncovered[word.start : word.end] = " " * (word.end - word.start)

    # A modifier letter such as ʼ counts for nothing, and so does an Arabic tatweel, when it stands alone.
    assert not [letter for letter in uncovered if letter.isalnum() and unicodedata.category(letter) != "Lm"]


def read_back(prepared: list[str]) -> list[list[str]]:
    """Return the tokens that a real search index, made as the archive makes it, takes each text for."""
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE stored USING fts5(words, tokenize='unicode61 remove_diacritics 0')")
    index.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(stored, 'instance')")
    index.executemany("INSERT INTO stored(rowid, words) VALUES (?, ?)", enumerate(prepared))
    tokens: list[list[str]] = [[] for _ in prepared]
    for term, row in index.execute("SELECT term, doc FROM tokens ORDER BY doc, offset"):
        tokens[row].append(term)
    index.close()
    return tokens


def test_the_index_reads_every_character_of_unicode_back_as_we_folded_it() -> None:
    letters = [f"aa{chr(code)}bb" for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]

    prepared = sorted({prepare(text).words for text in letters})

    assert read_back(prepared) == [words.split(" ") for words in prepared]


@given(st.lists(TEXTS, max_size=5))
@settings(max_examples=100, deadline=None)
def test_the_index_reads_any_text_back_as_the_same_words(texts: list[str]) -> None:
    tokens = read_back([prepare(text).words for text in texts])

    assert tokens == [list(folded_words(text)) for text in texts]


@given(TEXTS, st.randoms())
def test_words_are_the_same_one_by_one_and_all_together(text: str, random: Random) -> None:
    words = split(text)
    numbers = random.choices(range(len(words)), k=20) if words else []

    places = Places(text)

    assert [places.span(number) for number in numbers] == [(words[each].start, words[each].end) for each in numbers]
    assert not words or places.span(0, len(words)) == (words[0].start, words[-1].end)


@pytest.mark.parametrize(
    "text",
    [
        "Rob di Demak.\n\nBanjir – covid-19 di\n\nRp10.000, kata Jum'at",
        "satu\n\ndua\n\ntiga",
        " Rob\n\nDemak",
        "Rob\n\n\n\nDemak surut",
        "Rob \n\nDemak  surut",
        "\n\nRob\n\nDemak\n\n",
        "rob " * 200 + "\n\n" + "di Demak " * 200,
    ],
)
def test_words_stand_where_they_are_printed_however_a_text_is_spaced(text: str) -> None:
    places = Places(text)

    assert [places.span(number) for number in range(len(split(text)))] == [
        (each.start, each.end) for each in split(text)
    ]
