"""What is typed becomes a tree, or one line that says where it cannot be understood and what may have been meant."""

from datetime import datetime

import pytest

from crawler.dates import ZONES
from crawler.errors import QueryError
from crawler.topics.query import parse_query
from crawler.topics.tree import All, AnyOf, Dated, Facet, Near, Node, Not, Phrase, TextField, Token

WIB = ZONES["WIB"]
TITLE: tuple[TextField, ...] = ("title",)


def tree(text: str) -> Node:
    return parse_query(text).tree


def word(folded: str, **marks: bool) -> Phrase:
    return Phrase((Token(folded, **marks),))


A, B, C, D = word("a"), word("b"), word("c"), word("d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", A),
        ("a b", All((A, B))),
        ("a AND b and c And d", All((A, B, C, D))),
        ("a OR b or c", AnyOf((A, B, C))),
        ("a b OR c d", AnyOf((All((A, B)), All((C, D))))),
        ("a (b OR c) d", All((A, AnyOf((B, C)), D))),
        ("NOT a b", All((Not(A), B))),
        ("a -b", All((A, Not(B)))),
        ("a –b", All((A, Not(B)))),
        ("a not b OR c", AnyOf((All((A, Not(B))), C))),
        ('-(a b) -"c d"', All((Not(All((A, B))), Not(Phrase((Token("c"), Token("d"))))))),
        ("NOT NOT a", A),
        ("a NEAR b", Near(A, B, 10)),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("NOT a near/5 b c", All((Not(Near(A, B, 5)), C))),
        ("(a OR b) NEAR/3 c", AnyOf((Near(A, C, 3), Near(B, C, 3)))),
        ("a near b", All((A, word("near"), B))),
        ("a a A", A),
        ("(a (b c)) d", All((A, B, C, D))),
        ("“a b” »c«", All((Phrase((Token("a"), Token("b"))), C))),
        ("title:a b", All((Phrase((Token("a"),), TITLE), B))),
        ("Title: (a OR text:b)", AnyOf((Phrase((Token("a"),), TITLE), Phrase((Token("b"),), ("text",))))),
        ("title:-a", Not(Phrase((Token("a"),), TITLE))),
        ("title:a NEAR/2 b", Near(Phrase((Token("a"),), TITLE), Phrase((Token("b"),), TITLE), 2)),
        ("section:bisnis", Facet("section", "bisnis")),
        ('topic:"Konflik  Rusia"', Facet("topic", "Konflik Rusia")),
        ("region:(jabar OR jateng)", AnyOf((Facet("region", "jabar"), Facet("region", "jateng")))),
        ("-kind:photo", Not(Facet("kind", "photo"))),
        ("after:2024", Dated(datetime(2024, 1, 1, tzinfo=WIB), None)),
        ("before:2024-05", Dated(None, datetime(2024, 5, 1, tzinfo=WIB))),
        ("after:2024-05-31", Dated(datetime(2024, 5, 31, tzinfo=WIB), None)),
        ("KPK", word("kpk", is_acronym=True)),
        ('"OR"', word("or", is_acronym=True)),
        ("bank*", word("bank", is_prefix=True)),
        ("PAN*", word("pan", is_prefix=True)),
        ('"kim jong*"', Phrase((Token("kim"), Token("jong", is_prefix=True)))),
        ("~serang", word("serang", is_family=True)),
        ('~"kereta api 2024"', Phrase((Token("kereta", is_family=True), Token("api", is_family=True), Token("2024")))),
        ("~(a OR KPK)", AnyOf((word("a", is_family=True), word("kpk", is_acronym=True)))),
        ("covid-19", Phrase((Token("covid"), Token("19")))),
        ("Rp10.000", Phrase((Token("rp"), Token("10000")))),
        ("10:30", Phrase((Token("10"), Token("30")))),
        ("Catatan: a", All((word("catatan"), A))),
        ("a & b – c % %", All((A, B, C))),
        ("dan atau", All((word("dan"), word("atau")))),
    ],
)
def test_a_query_is_read_as(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "said", "mend"),
    [
        ('banjir "kim jong', 8, "quotation mark is never closed", 'banjir "kim jong"'),
        ("a OR (b", 6, "bracket is never closed", "a OR (b)"),
        ("a) b", 2, "bracket closes nothing", "a b"),
        ("a OR", 3, "OR needs a word", "a"),
        ("AND a", 1, "AND needs a word", "a"),
        ("a NEAR/0 b", 3, "from 1 to 100, not '0'", "a NEAR/1 b"),
        ("judul:banjir", 1, "there is no field judul:, write title:", "title:banjir"),
        ("autor:siti", 1, "there is no field autor:, write author:", "author:siti"),
        ("LIVE:Persib", 1, "there is no field LIVE:, the fields are title:", "LIVE: Persib"),
        ("kind:foto", 6, "there is no kind foto", "kind:photo"),
        ("after:1/5/2024", 1, "a year, month or day", "after:2024-05-01"),
        ("ba*k", 3, "a star stands only behind the last letter", "bak"),
        ("", 1, "no word to search for", None),
    ],
)
def test_a_mistake_is_told_with_its_column_and_a_mend(text: str, column: int, said: str, mend: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)

    assert said in str(caught.value)
    assert (caught.value.column, caught.value.mend) == (column, mend)
    assert str(caught.value).startswith(f"query, column {column}: ")
    assert len(str(caught.value).splitlines()) == 1
