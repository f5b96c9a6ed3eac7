"""Every order of lines that plain-text renderings have: each seed, rendered in each, gives the article in its JSON."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import seeds
from crawler.article import article_as_json
from crawler.parser import examine_text, read_text
from tests.parser.orders import APP, MENU, OTHERS, Order, expected, render

SEEDS = sorted(Path(str(seeds.__file__)).parent.glob("*.json"))
ARTICLES: dict[str, dict[str, Any]] = {seed.stem: json.loads(seed.read_text(encoding="utf-8")) for seed in SEEDS}
BOX = f"{OTHERS[0]} |\n![]() |\n---|\n{OTHERS[1]} |\n![]() |\n---|"

WWW = Order()
AMP = Order(above=MENU, tayang="none", people="both", sizes=True, photo="once", tail="short")
MOBILE = Order(header=False, above=(APP,), tayang="bare", people="both", photo="zoom", tail="mobile")
ORDERS = {
    "www": WWW,
    "no header date": replace(WWW, header=False),
    "ticker": replace(WWW, ticker=True),
    "time without its label": replace(WWW, tayang="bare"),
    "time below its label": replace(WWW, tayang="below"),
    "time without zone": replace(WWW, tayang="no zone"),
    "time with a wrong weekday": replace(WWW, tayang="wrong weekday"),
    "time with a typing error": replace(WWW, tayang="typo"),
    "time that passed": replace(WWW, tayang="ago"),
    "no time": replace(WWW, tayang="none"),
    "names in one line": replace(WWW, people="both"),
    "names on the next line": replace(WWW, people="next"),
    "names on a line apart": replace(WWW, people="apart"),
    "names with a lone bar": replace(WWW, people="bar"),
    "names empty": replace(WWW, people="empty"),
    "editor only": replace(WWW, people="editor"),
    "no names": replace(WWW, people="none"),
    "no names and no time": replace(WWW, people="none", tayang="none"),
    "caption that repeats its credit": replace(WWW, photo="credit again"),
    "caption once": replace(WWW, photo="once"),
    "caption apart from its credit": replace(WWW, photo="apart"),
    "caption printed twice": replace(WWW, photo="twice"),
    "button over the picture": replace(WWW, photo="zoom"),
    "button glued, with residue of the resizer": replace(WWW, photo="zoom glued"),
    "summary without bullets": replace(WWW, summary="together"),
    "summary in paragraphs": replace(WWW, summary="apart"),
    "branding of a province": replace(WWW, above=("Sulawesi Utara", "Menuju Sulut Maju, Sejahtera dan Berkelanjutan")),
    "branding of a foundation": replace(WWW, above=("ypmak", "Yayasan Pemberdayaan Masyarakat Amungme dan Kamoro")),
    "short tail": replace(WWW, tail="short"),
    "mobile tail": replace(WWW, tail="mobile"),
    "league table below the text": replace(WWW, tail="cells"),
    "no tail": replace(WWW, tail="none"),
    "amp": AMP,
    "amp without names": replace(AMP, people="none"),
    "mobile": MOBILE,
    "mobile with an empty byline": replace(MOBILE, people="empty"),
}
CASES = [(name, seed) for name in ORDERS for seed in ARTICLES]


def _fits(order: Order, article: dict[str, Any]) -> bool:
    if order.photo == "apart" and not article["dateline"]:
        # Nothing tells credit and caption from two lines of the text.
        return False
    # Whose kind is told by the author alone is another article without it.
    return not (article["kind"] == "advertorial" and order.people in {"none", "empty", "editor"})


@pytest.mark.fact("3.1")
@pytest.mark.fact("3.4")
@pytest.mark.fact("3.5")
@pytest.mark.fact("7.1")
@pytest.mark.fact("7.5")
@pytest.mark.fact("7.9")
@pytest.mark.fact("7.19")
@pytest.mark.parametrize(("name", "seed"), CASES)
def test_a_seed_reads_alike_in_every_order_of_lines(name: str, seed: str) -> None:
    order, article = ORDERS[name], ARTICLES[seed]
    if not _fits(order, article):
        return

    found = article_as_json(read_text(render(article, order)))

    assert found == expected(article, order)


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_without_blank_lines_only_the_subheads_cannot_be_told(name: str, seed: str) -> None:
    order, article = replace(ORDERS[name], blank=False), ARTICLES[seed]
    if not _fits(order, article) or not article["dateline"]:
        return

    found, wanted = article_as_json(read_text(render(article, order))), expected(article, order)

    assert [each["text"] for each in found.pop("paragraphs")] == [each["text"] for each in wanted.pop("paragraphs")]
    assert found == wanted


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_every_word_is_in_the_article_or_among_what_was_cut(name: str, seed: str) -> None:
    text = render(ARTICLES[seed], ORDERS[name])

    reading = examine_text(text, explain=True)

    told = {word for value in values_in(article_as_json(reading.article)) for word in words_in(value)}
    cut = {word for each in reading.cuts for word in words_in(each.text)}
    assert [word for word in words_in(text) if word not in told and word not in cut] == []


@pytest.mark.fact("3.3.7")
@pytest.mark.parametrize("seed", ARTICLES)
def test_a_flattened_box_between_paragraphs_is_a_list_of_links(seed: str) -> None:
    article = ARTICLES[seed]

    found = article_as_json(read_text(render(article, replace(WWW, box=BOX))))

    links = [{"title": title, "url": None} for title in OTHERS] if len(article["paragraphs"]) > 1 else []
    assert found == {**article, "related": [*article["related"], *links], "viewed_on": "2025-10-04"}


def values_in(value: object) -> list[str]:
    """Return every text in a JSON value."""
    if isinstance(value, dict):
        return [each for inner in value.values() for each in values_in(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in values_in(inner)]
    return [value] if isinstance(value, str) else []


def words_in(text: str) -> list[str]:
    """Return the words of a text."""
    return [word for each in text.replace("|", " ").split() if (word := each.strip(" .,;:!?\"'“”()[]-–—*•>/"))]
