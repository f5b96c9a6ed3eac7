"""How a query is read, and why an article is found or not, in plain words."""

from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article, Paragraph
from crawler.dates import ZONES
from crawler.topics.evaluate import holds
from crawler.topics.explain import Reason, read_plainly, reason_lines, reasons
from crawler.topics.families import forms
from crawler.topics.query import parse_query
from crawler.topics.subject import Subject, subject_of
from tests.topics.drawing import draw_article, draw_tree

ARTICLE = Article(
    title="Banjir di Semarang",
    paragraphs=(
        Paragraph(
            "text", "Wajan dan pan. KPK datang lalu pergi ke rumah menteri, dan akhirnya geledah semua ruang di sana."
        ),
        Paragraph("text", "Banjir, banjir dan banjir."),
    ),
    section="nasional",
    kind="article",
)
SUBJECT = subject_of(ARTICLE, ordered_at=datetime(2024, 5, 1, 8, 30, tzinfo=ZONES["WIB"]), topics=["Banjir"])


def only(text: str, subject: Subject = SUBJECT) -> Reason:
    (reason,) = reasons(parse_query(text).tree, subject)
    return reason


def test_a_query_is_told_part_by_part() -> None:
    query = parse_query(
        'banjir -"jawa tengah" (title:rob OR section:bisnis) KPK NEAR/5 geledah covid* after:2024-05 topic:Bola'
    )

    assert read_plainly(query.tree) == (
        "all of:",
        "  banjir",
        "  not:",
        '    "jawa tengah"',
        "  any of:",
        "    rob, in the title",
        "    the section is bisnis",
        "  near each other, in either order, with at most 5 words between them:",
        "    KPK in capitals",
        "    geledah",
        "  a word that begins with covid",
        "  published on or after 2024-05-01",
        "  it has the topic Bola",
        "what names no field is looked for in title, lead, text and tags",
    )


def test_the_words_of_a_family_are_all_told() -> None:
    (line,) = read_plainly(parse_query("author:~serang").tree)

    told = line.removeprefix("a word of the family serang (").removesuffix("), in the authors").split(", ")
    assert told == sorted(forms("serang"), key=lambda form: (len(form), form))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rp10.000", '"rp 10000"'),
        ("5,2", "5,2"),
        ('"ketua PAN"', "ketua then PAN in capitals"),
        ('"kim jong*"', "kim then a word that begins with jong"),
        ("before:2024", "published before 2024-01-01"),
        ("a NEAR/1 b", "near each other, in either order, with at most 1 word between them:"),
    ],
)
def test_words_are_told_as_they_are_read(text: str, said: str) -> None:
    assert read_plainly(parse_query(text).tree)[0] == said


def test_the_places_are_shown_in_context_and_counted_when_they_are_many() -> None:
    assert only("banjir") == Reason(
        0,
        "banjir",
        holds=True,
        places=(
            "title: [Banjir] di Semarang",
            "text: …akhirnya geledah semua ruang di sana. [Banjir], banjir dan banjir.",
            "text: …geledah semua ruang di sana. Banjir, [banjir] dan banjir.",
            "and 1 more place",
        ),
    )


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("title:menteri", "it stands in the text"),
        ("PAN", "it stands there, but not in capitals"),
        ("KPK NEAR/3 geledah", "both stand there, but not near"),
        ("KPK NEAR/3 jaksa", ""),
        ("rob", ""),
        ("section:bisnis", "it is nasional"),
        ("region:bali", "it has none"),
        ("topic:Bola", "it has Banjir"),
        ("before:2024", "it is of 2024-05-01 08:30 WIB"),
    ],
)
def test_what_does_not_hold_is_told_with_what_is_there_instead(text: str, remark: str) -> None:
    reason = reasons(parse_query(text).tree, SUBJECT)[0]

    assert (reason.holds, reason.remark) == (False, remark)


def test_an_article_of_no_known_time_and_no_topic_says_so() -> None:
    unknown = subject_of(ARTICLE)

    assert only("after:2024", unknown).remark == "it is not known when"
    assert only("topic:Bola", unknown).remark == "it has none"


def test_the_reasons_are_printed_below_each_other() -> None:
    given = reasons(parse_query("menteri -(bola OR title:semarang)").tree, SUBJECT)

    assert reason_lines(given) == (
        "no  all of:",
        "yes   menteri",
        "        text: …pan. KPK datang lalu pergi ke rumah [menteri], dan akhirnya geledah semua ruang di…",
        "no    not:",
        "yes     any of:",
        "no        bola",
        "yes       semarang, in the title",
        "            title: Banjir di [Semarang]",
    )


@given(st.randoms(use_true_random=True))
def test_every_reason_tells_the_truth_in_one_line(random: Random) -> None:
    drawn, tree = draw_article(random), draw_tree(random)
    subject = subject_of(drawn.article, ordered_at=drawn.ordered_at, topics=drawn.topics)

    given = reasons(tree, subject)

    assert given[0].holds == holds(tree, subject)
    assert len(given) == len([line for line in read_plainly(tree) if not line.startswith("what names")])
    assert all(len(line.splitlines()) == 1 for line in reason_lines(given))
