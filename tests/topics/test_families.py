"""Words join the families that a reader joins them to, and the two ways of the rules, making and undoing, agree."""

import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.topics import families, fold
from crawler.topics.affixes import derive
from crawler.topics.families import forms, root_of

LABELLED: dict[str, Any] = tomllib.loads((Path(__file__).parent / "families.toml").read_text("utf-8"))
FAMILIES: dict[str, list[str]] = {root: words.split() for root, words in LABELLED["families"].items()}
LISTS = ("roots.txt", "guards.txt")
ROOTS = sorted(families._lexicon().bases)
AFFIXED = [base for base, takes in sorted(families._lexicon().takes.items()) if takes == "affixes"]
MOST_FORMS = 1000

some_word = st.one_of(
    st.sampled_from(AFFIXED).flatmap(lambda base: st.sampled_from(list(derive(base, "affixes")))),
    st.sampled_from(ROOTS),
    st.text("abdeghikmnprstu", min_size=1, max_size=12),
)


def listed(name: str) -> list[str]:
    return " ".join(families._lines(name)).split()


@pytest.mark.parametrize("root", FAMILIES)
def test_a_word_finds_its_family_and_every_form_finds_the_word(root: str) -> None:
    assert [form for form in FAMILIES[root] if form not in forms(root) or root not in forms(form)] == []


@pytest.mark.parametrize(("first", "second"), LABELLED["apart"]["pairs"])
def test_words_that_only_look_alike_are_no_family(first: str, second: str) -> None:
    assert second not in forms(first)
    assert first not in forms(second)


def test_the_labelled_list_is_large_and_tells_nothing_twice() -> None:
    words = [word for root, others in FAMILIES.items() for word in (root, *others)]

    assert len(FAMILIES) >= 40
    assert len(words) >= 300
    assert len(words) == len(set(words))


@settings(deadline=None, max_examples=400)
@given(some_word, st.sampled_from(ROOTS))
def test_a_form_is_one_that_is_undone_to_the_same_root(word: str, root: str) -> None:
    assert (word in forms(root)) == (root_of(word) == root)
    # The same of the word's own family, which a root drawn at random seldom is.
    if (own := root_of(word)) in families._lexicon().bases:
        assert word in forms(own)


@settings(deadline=None, max_examples=200)
@given(some_word)
def test_whichever_word_of_a_known_family_is_typed_the_family_is_the_same(word: str) -> None:
    root = root_of(word)

    assert root_of(root) == root
    if root in families._lexicon().bases:
        assert forms(word) == forms(root)


@settings(deadline=None, max_examples=200)
@given(st.one_of(some_word, st.text(max_size=30)))
def test_whatever_is_typed_is_a_form_of_itself_and_forms_are_folded_words(text: str) -> None:
    for word in fold(text).split():
        found = forms(word)

        assert word in found
        assert len(found) <= MOST_FORMS
        assert all(fold(form) == form for form in found)


@settings(deadline=None, max_examples=200)
@given(st.text("abdeghikmnprstu", min_size=1, max_size=12))
def test_a_word_of_no_known_root_brings_no_word_of_another_family(word: str) -> None:
    if root_of(word) == word and word not in families._lexicon().bases:
        assert all(form == word or root_of(form) == form for form in forms(word))
        assert not (forms(word) - {word}) & families._lexicon().root.keys()


def test_a_name_is_found_with_its_clitics() -> None:
    assert {"zelensky", "zelenskynya", "zelenskylah", "zelenskykah"} <= forms("zelensky")
    assert {"apple", "applenya"} <= forms("apple")


@pytest.mark.parametrize("word", ["menteri", "pemilu", "kepolisian", "menyerang", "diserang", "berangkat", "tulisan"])
def test_clitics_make_no_new_family(word: str) -> None:
    assert {root_of(word + clitic) for clitic in ("", "nya", "lah", "kah")} == {root_of(word)}


def test_letters_that_are_no_latin_and_figures_have_no_forms_but_themselves() -> None:
    assert forms("2024") == {"2024"}
    assert forms("путин") == {"путин"}
    assert forms("u23") == {"u23"}


def test_a_slip_of_one_k_is_forgiven_where_nothing_else_explains_the_word() -> None:
    assert root_of("menunjukan") == "tunjuk"
    assert root_of("dimasukan") == "masuk"
    assert root_of("mengenakan") == "kena"


@pytest.mark.parametrize("word", ["a" * 2000, "memper" * 300, "nya" * 600, "mengkan" * 200])
def test_the_longest_word_that_may_be_typed_has_its_forms(word: str) -> None:
    assert word in forms(word)


def test_a_word_stands_once_in_the_lists_and_is_folded() -> None:
    words = [word for name in LISTS for word in listed(name)]

    assert len(words) == len(set(words))
    assert [word for word in words if fold(word) != word or not word.isascii()] == []


def test_what_is_irregular_is_told_of_a_root_that_is_known_and_once() -> None:
    known = {word for name in LISTS for word in listed(name)}
    lines = [line.split(":") for line in families._lines("irregular.txt")]
    others = [other.removeprefix("+") for _, words in lines for other in words.split()]

    assert [root for root, _ in lines if root not in known] == []
    assert [other for other in others if other in known] == []
    assert len(others) == len(set(others))


def test_the_roots_are_in_order_so_that_a_new_one_has_one_place() -> None:
    assert all(first < second for first, second in pairwise(listed("roots.txt")))


def test_the_lists_are_read_when_the_first_family_is_asked_for() -> None:
    ask = "import crawler.topics.families as it; it.forms; print(it._lexicon.cache_info().currsize)"

    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0"
