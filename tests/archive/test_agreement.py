"""The matcher, the search and a plain reading of what a query means agree, article by article."""

from random import Random

import pytest

from crawler.archive.connect import Archive
from tests.archive.agreement import Stored, narrow_windows

# bench/agreement.py asks 100,000.
QUERIES = 2_000
ARTICLES = 12


def test_every_way_to_ask_a_query_finds_the_same_articles(
    archive: Archive, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow_windows(monkeypatch)
    random = Random(kind)  # noqa: S311  - repeatable chance
    stored = Stored({kind: archive}, random, count=ARTICLES)

    disagreed = [each for _ in range(QUERIES) for each in stored.disagreements(random)]

    assert disagreed == []
    assert stored.refused <= QUERIES // 100
