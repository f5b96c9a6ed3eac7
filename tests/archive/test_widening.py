"""What the index of PostgreSQL decides alone, and what has to be looked at."""

import pytest

from crawler.archive.alternatives import alternatives_of
from crawler.archive.tsvector import Tsquery, needs_looking_at
from crawler.archive.wording import worded
from crawler.topics import parse_query


@pytest.mark.parametrize(
    ("query", "is_undecided"),
    [
        ("banjir", False),
        ("banjir -rob section:bisnis", False),
        ("bank*", False),
        ("author:budi", False),
        ("DPR", False),
        ('"banjir rob"', True),
        ("banjir NEAR rob", True),
        ("title:banjir", False),
        ("title:bank*", False),
        ("banjir -tag:rob", False),
        ('title:"banjir rob"', True),
        ("lead:banjir", True),
        ("banjir -text:rob", True),
    ],
)
def test_positions_and_fields_are_looked_at(query: str, is_undecided: bool) -> None:
    (alternative,) = alternatives_of(parse_query(query).tree, lambda _: ())
    assert alternative.text is not None

    expression = worded(alternative.text, Tsquery()).expression

    assert needs_looking_at(expression or "") == is_undecided
