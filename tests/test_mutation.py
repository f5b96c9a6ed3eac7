"""Damaged pages and documents, 5,000 of those that bench/mutation.py reads: an article or one named error each."""

import pytest

from bench.damages import HTML
from bench.mutation import read_apart

COUNT = 5_000


@pytest.mark.slow
def test_every_damaged_document_gives_an_article_or_a_named_error_within_its_limits() -> None:
    outcomes = list(read_apart(20260724, range(COUNT), jobs=2))

    assert [each for each in outcomes if each.fault] == []
    assert sorted(each.number for each in outcomes) == list(range(COUNT))
    assert {each.kind for each in outcomes} == {*HTML, "two of them"}
    endings = {each.ending.partition(":")[0] for each in outcomes}
    assert endings == {"article, whole", "article, incomplete", "ExtractionError", "PageRefusedError"}
