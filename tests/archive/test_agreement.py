"""The matcher, the search and a plain reading of what a query means agree, article by article."""

from random import Random

import pytest

from crawler.archive import widening
from crawler.archive.connect import Archive
from tests.archive.agreement import Stored

# bench/agreement.py asks 100,000.
QUERIES = 1_000
ARTICLES = 12


def test_every_way_to_ask_a_query_finds_the_same_articles(
    archive: Archive, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few articles are to fill several windows.
    monkeypatch.setattr(widening, "_WALKED", (2, 3))
    monkeypatch.setattr(widening, "_WALKED_FURTHER", (1, 2, 3))
    monkeypatch.setattr(widening, "_LOOKED_UP", 2)
    random = Random(kind)  # noqa: S311  - repeatable chance
    stored = Stored({kind: archive}, random, count=ARTICLES)

    disagreed = [each for _ in range(QUERIES) for each in stored.disagreements(random)]

    assert disagreed == []
