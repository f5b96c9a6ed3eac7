"""Sentences as the news prints them, each with what a person says: this query finds it, or leaves it."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.article import Article, Paragraph
from crawler.topics.evaluate import holds
from crawler.topics.query import parse_query
from crawler.topics.subject import Subject, subject_of

FILES = sorted((Path(__file__).parent / "labelled").glob("*.toml"))
SOME_TIME = datetime(2026, 7, 24, 8, tzinfo=UTC)


def pairs() -> Iterator[tuple[str, str | dict[str, Any], bool]]:
    """Yield each query with a sentence, or a table of fields, and whether it finds it."""
    for file in FILES:
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["query"]:
            assert table.keys() <= {"query", "finds", "leaves"}
            yield from ((table["query"], sentence, True) for sentence in table.get("finds", ()))
            yield from ((table["query"], sentence, False) for sentence in table.get("leaves", ()))


def subject(sentence: str | dict[str, Any]) -> Subject:
    """Return the article of a sentence, or of a table: its fields, `at` for its time, and `topics`."""
    fields: dict[str, Any] = {"text": sentence} if isinstance(sentence, str) else dict(sentence)
    at, topics, text = fields.pop("at", SOME_TIME), fields.pop("topics", ()), fields.pop("text", None)
    fields |= {name: tuple(fields[name]) for name in ("tags", "authors", "reporters") if name in fields}
    paragraphs = (Paragraph("text", text),) if text else ()
    return subject_of(Article(**{"title": "", "paragraphs": paragraphs, **fields}), ordered_at=at, topics=topics)


@pytest.mark.parametrize(("query", "sentence", "is_found"), list(pairs()))
def test_a_person_and_the_query_agree(query: str, sentence: str | dict[str, Any], is_found: bool) -> None:
    assert holds(parse_query(query).tree, subject(sentence)) == is_found


def test_the_pairs_are_many_and_none_is_told_twice() -> None:
    told = [(query, str(sentence)) for query, sentence, _ in pairs()]

    assert len(told) == len(set(told)) >= 200
