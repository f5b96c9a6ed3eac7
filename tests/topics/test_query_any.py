"""Whatever is typed is a query or one clear line, at once; what means the same is read as the same."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Article, Paragraph
from crawler.errors import QueryError
from crawler.topics.evaluate import hits, holds
from crawler.topics.explain import read_plainly, reasons
from crawler.topics.grammar import MAX_DEPTH, MAX_WORDS
from crawler.topics.query import MAX_LETTERS, parse_query
from crawler.topics.subject import subject_of
from tests.topics.drawing import draw_article, draw_query, draw_tree, query_text

RANDOM = st.randoms(use_true_random=True)
# What means something in a query, and what only looks like it.
BITS = (
    *"()\"“”«-–~*|!:/',&% \n\t\x00",
    *[
        "AND",
        "or",
        "Not",
        "NEAR",
        "NEAR/5",
        "near/0",
        "NEAR/x",
        "near",
        "title:",
        "Text:",
        "judul:",
        "titel:",
        "x:",
        "section:",
        "kind:",
        "photo",
        "foto",
        "topic:",
    ],
    *[
        "after:",
        "before:",
        "2024",
        "2024-13",
        "1/5/2024",
        "10:30",
        "banjir",
        "KPK",
        "bank*",
        "~serang",
        "covid-19",
        "Rp10.000",
        "anak-anak",
        "Jum'at",
        "a",
    ],
    *("\u0301", "\u00ad", "ไทย"),
)
SOUPS = st.lists(st.tuples(st.sampled_from(BITS), st.sampled_from(["", " "])), max_size=25).map(
    lambda bits: "".join(bit + gap for bit, gap in bits)
)
# The words of a novel in one article, all of them a few words.
LONG = subject_of(
    Article(
        title="a " * 500,
        paragraphs=(Paragraph("text", "a b serang menyerang bank KPK " * 5_000),),
        tags=("a",) * 500,
    )
)


def check_is_query_or_told(text: str, *, in_topic: bool, families: bool) -> None:
    told = None
    try:
        query = parse_query(text, in_topic=in_topic, families=families)
    except QueryError as error:
        told = error
    if told is None:
        assert query.text == text
        assert isinstance(holds(query.tree, LONG), bool)
        assert read_plainly(query.tree)
        return
    assert told.column is not None
    assert 1 <= told.column <= len(text) + 1
    assert str(told).isprintable()
    if told.mend is not None:
        parse_query(told.mend, in_topic=in_topic, families=families)


@settings(deadline=None, max_examples=400)
@given(st.text(max_size=80) | SOUPS, st.booleans(), st.booleans())
def test_any_text_is_a_query_or_told_in_one_line_with_a_mend_that_is_a_query(
    text: str, in_topic: bool, families: bool
) -> None:
    check_is_query_or_told(text, in_topic=in_topic, families=families)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "bit",
    [
        *BITS,
        *("a ", "( ", "() ", '" ', '"a', '"a" ', "- ", "-a ", "--", "~a ", "~(", "a*", "* ", "aa* ", "-(", "NOT("),
        *(
            "NOT ",
            "AND ",
            "OR ",
            "a OR ",
            "a b OR ",
            "NEAR ",
            "a NEAR ",
            "a NEAR/100 ",
            "NEAR/",
            "NEAR/1",
            "| ",
            "KPK ",
        ),
        *("title: ", "title:a ", "title:(", "judul:a ", "section:(a OR ", "after:2024 ", "a:", "a'", "1.", "1,", "Rp1"),
        *("a NEAR/100 a OR ", "(a OR b) NEAR ", "a\u0301", "\u200d", "\ud800", "٣", "ﷺ", "😀", "~serang ", "KPK-"),
    ],
)
def test_no_letters_however_many_take_long(bit: str) -> None:
    for length in (MAX_LETTERS // 20, MAX_LETTERS, MAX_LETTERS + 1, 200_000):
        check_is_query_or_told((bit * length)[:length], in_topic=False, families=True)
    # As much as may be asked at once.
    check_is_query_or_told(bit * (MAX_WORDS // 2) + "a", in_topic=False, families=True)


@pytest.mark.timeout(30)
def test_what_asks_the_most_of_a_long_article_does_not_take_long() -> None:
    nears = " OR ".join(["~serang NEAR/100 aa*"] * 20)
    query = parse_query(f"a NEAR/100 b ~serang bank* ({nears})")

    assert not holds(query.tree, LONG) or hits(query.tree, LONG)
    assert reasons(query.tree, LONG)
    assert len(hits(parse_query("a NEAR/100 b").tree, LONG)) == 10_000


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * (MAX_LETTERS - 1),
        "kata " * MAX_WORDS,
        "kata " * (MAX_WORDS - 1) + "kind:photo",
        "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH,
        "NOT " * MAX_DEPTH + "a",
        "-kata " * (MAX_DEPTH + 1),
        "(kata) " * (MAX_DEPTH + 1),
        "(a OR b OR c OR d) NEAR (a OR b OR c OR d OR e)",
    ],
)
def test_up_to_its_limits_a_query_is_understood(text: str) -> None:
    assert parse_query(text).text == text


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("a" + " " * MAX_LETTERS, 2001, "2001 letters are too many, write at most 2000"),
        ("kata " * (MAX_WORDS + 1), 5 * MAX_WORDS + 1, "there are more words than 64"),
        (f'"{"kata " * (MAX_WORDS + 1)}"', 1, "there are more words than 64"),
        ("kata " * MAX_WORDS + "after:2024", 5 * MAX_WORDS + 1, "there are more words than 64"),
        ("kata " * MAX_WORDS + "kind:photo", 5 * MAX_WORDS + 6, "there are more words than 64"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), 33, "at most 32 deep"),
        ("-a (b) " + "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), 7 + MAX_DEPTH + 1, "at most 32 deep"),
        ("NOT " * (MAX_DEPTH + 1) + "a", 4 * MAX_DEPTH + 1, "at most 32 deep"),
        ("(a OR b OR c) NEAR (a OR b OR c OR d OR e OR f OR g)", 15, "21 pairs of words are too many, at most 20"),
    ],
)
def test_beyond_its_limits_a_query_is_told_which_one(text: str, column: int, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)

    assert said in str(caught.value)
    assert caught.value.column == column


@given(RANDOM)
def test_brackets_that_are_not_needed_change_nothing(random: Random) -> None:
    text = draw_query(random)

    assert parse_query(f"({text})").tree == parse_query(f" ( ( {text} ) ) ").tree == parse_query(text).tree


@given(RANDOM)
def test_it_does_not_matter_in_which_letters_operators_and_fields_are_written(random: Random) -> None:
    text = draw_query(random)

    small = re.sub(r"\b(?:AND|OR|NOT|NEAR/)", lambda found: found[0].lower(), text, flags=re.IGNORECASE)
    large = re.sub(r"\b(?:and|or|not|near/|\w+:)", lambda found: found[0].upper(), text, flags=re.IGNORECASE)

    assert parse_query(small).tree == parse_query(large).tree == parse_query(text).tree


@given(RANDOM, RANDOM)
def test_however_a_query_is_typed_it_is_read_as_the_same(one: Random, other: Random) -> None:
    tree = draw_tree(one)

    assert parse_query(query_text(tree, one)).tree == parse_query(query_text(tree, other)).tree


@settings(deadline=None, max_examples=150)
@given(RANDOM)
def test_the_laws_of_logic_hold(random: Random) -> None:
    drawn = draw_article(random)
    subject = subject_of(drawn.article, ordered_at=drawn.ordered_at, topics=drawn.topics)
    a, b, c = (f"({query_text(draw_tree(random, depth=1), random)})" for _ in range(3))

    def finds(text: str) -> bool:
        return holds(parse_query(text).tree, subject)

    assert finds(f"NOT ({a} OR {b})") == finds(f"-{a} -{b}") == (not finds(a) and not finds(b))
    assert finds(f"NOT ({a} {b})") == finds(f"NOT {a} OR NOT {b}") == (not finds(a) or not finds(b))
    assert finds(f"{a} {b}") == finds(f"{b} AND {a}") == (finds(a) and finds(b))
    assert finds(f"{a} OR {b}") == finds(f"{b} OR {a}") == (finds(a) or finds(b))
    assert finds(f"{a} ({b} OR {c})") == finds(f"{a} {b} OR {a} {c}")
    assert finds(f"{a} OR {b} {c}") == finds(f"({a} OR {b}) ({a} OR {c})")
    assert finds(f"NOT {a} {b} OR {c}") == finds(f"((NOT {a}) AND {b}) OR {c}")
