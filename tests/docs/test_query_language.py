"""Every example of docs/query.md and docs/families.md is true."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.archive.alternatives import MOST_ALTERNATIVES
from crawler.article import Article, Paragraph
from crawler.dates import ZONES
from crawler.errors import QueryError
from crawler.topics.evaluate import holds
from crawler.topics.fields import FIELDS
from crawler.topics.grammar import MAX_DEPTH, MAX_NEAR_PAIRS, MAX_WORDS
from crawler.topics.query import MAX_LETTERS, parse_query
from crawler.topics.subject import Subject, subject_of
from tests.home import ROOT

PAGE = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("query.md", "families.md"))
_EXAMPLES = ("query", "finds", "does not find")
_MISTAKES = ("typed", "told", "meant")
_CELL = re.compile(r"(?<!\\)\|")


def rows(header: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of every table with this header."""
    inside = False
    for line in PAGE.splitlines():
        cells = tuple(cell.strip().replace("\\|", "|") for cell in _CELL.split(line)[1:-1])
        inside = cells == header or (inside and bool(cells))
        if inside and cells != header and not set(line) <= set("|-"):
            yield cells


def subject(told: str) -> Subject:
    """Return an article with this sentence as its text, or with what stands behind the name of a field."""
    name, _, value = told.partition(": ")
    some_time = datetime(2026, 7, 24, tzinfo=UTC)
    match name:
        case "tags":
            return subject_of(Article(title="", tags=tuple(value.split(", "))), ordered_at=some_time)
        case "author":
            return subject_of(Article(title="", authors=(value,)), ordered_at=some_time)
        case "topic":
            return subject_of(Article(title=""), ordered_at=some_time, topics=[value])
        case "at":
            return subject_of(Article(title=""), ordered_at=datetime.fromisoformat(value).replace(tzinfo=ZONES["WIB"]))
        case "title" | "lead" | "section" | "region" | "kind":
            fields: dict[str, Any] = {"title": "", name: value}
            return subject_of(Article(**fields), ordered_at=some_time)
        case _:
            return subject_of(Article(title="", paragraphs=(Paragraph("text", told),)), ordered_at=some_time)


@pytest.mark.parametrize(("query", "finds", "leaves"), list(rows(_EXAMPLES)))
def test_an_example_finds_one_and_leaves_the_other(query: str, finds: str, leaves: str) -> None:
    tree = parse_query(query.strip("`")).tree

    assert holds(tree, subject(finds))
    assert not holds(tree, subject(leaves))


@pytest.mark.parametrize(("typed", "told", "meant"), list(rows(_MISTAKES)))
def test_a_mistake_is_told_as_the_page_says(typed: str, told: str, meant: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(typed.strip("`"))

    assert f"query, {told}" in str(caught.value)
    assert caught.value.mend == meant.strip("`")


def test_the_page_shows_examples_of_everything() -> None:
    examples = " ".join(query for query, *_ in rows(_EXAMPLES))

    assert len(list(rows(_EXAMPLES))) > 40
    assert len(list(rows(_MISTAKES))) >= 10
    assert [field for field in FIELDS if f"`{field}:" not in PAGE] == []
    assert [sign for sign in ("OR", "or", "NOT", "-(", "NEAR/", "*", "~", '"') if sign not in examples] == []


def test_the_page_tells_the_limits() -> None:
    limits = PAGE.partition("## Limits")[2]

    told = [f"{MAX_LETTERS:,} letters", f"{MAX_WORDS} words", f"{MAX_DEPTH} deep", f"{MAX_NEAR_PAIRS} pairs"]
    assert [limit for limit in (*told, f"{MOST_ALTERNATIVES} alternatives") if limit not in limits] == []
