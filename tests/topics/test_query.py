"""What is typed becomes a tree, or one line that says where it cannot be understood and what may have been meant."""

from datetime import datetime

import pytest

from crawler.article import Article, Paragraph
from crawler.dates import ZONES
from crawler.errors import QueryError
from crawler.topics.evaluate import holds
from crawler.topics.phrase import parse_phrase
from crawler.topics.query import parse_query
from crawler.topics.subject import subject_of
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
        ("title : a", Phrase((Token("a"),), TITLE)),
        ("catatan : a", All((word("catatan"), A))),
        ("QS:a", Phrase((Token("qs", is_acronym=True), Token("a")))),
        ("x=a", Phrase((Token("x"), Token("a")))),
        ("a NEAR b5", Near(A, word("b5"), 10)),
        ("a NEAR 5", Near(A, word("5"), 10)),
        ("title:-a", Not(Phrase((Token("a"),), TITLE))),
        ("title:a NEAR/2 b", Near(Phrase((Token("a"),), TITLE), Phrase((Token("b"),), TITLE), 2)),
        ("section:bisnis", Facet("section", "bisnis")),
        ('topic:"Konflik  Rusia"', Facet("topic", "Konflik Rusia")),
        ("section:bisnis, a", All((Facet("section", "bisnis"), A))),
        ('topic:"Banjir, Rob,"', Facet("topic", "Banjir, Rob,")),
        ("region:(jabar OR jateng)", AnyOf((Facet("region", "jabar"), Facet("region", "jateng")))),
        ("-kind:photo", Not(Facet("kind", "photo"))),
        ("a ! !!", A),
        ("after:1970", Dated(datetime(1970, 1, 1, tzinfo=WIB), None)),
        ("before:2999", Dated(None, datetime(2999, 1, 1, tzinfo=WIB))),
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
        ('banjir "', 8, "quotation mark is never closed", "banjir"),
        ("a OR (b", 6, "bracket is never closed", "a OR (b)"),
        ("((a b", 2, "bracket is never closed", "((a b))"),
        ("a (", 3, "bracket is never closed", "a"),
        ("a) b", 2, "bracket closes nothing", "a b"),
        (") a", 1, "bracket closes nothing", "a"),
        ("a ()", 3, "nothing in these brackets", "a"),
        ("a OR", 3, 'OR needs a word, a "phrase" or (brackets) behind it; "OR" in quotation marks is the word', "a"),
        ("AND a", 1, "AND needs a word", "a"),
        ("a AND or b", 3, "AND needs a word", "a or b"),
        ("a (OR b)", 4, 'OR needs a word, a "phrase" or (brackets) before it', "a ( b)"),
        ("a NOT", 3, "NOT needs a word", "a"),
        ("a -(", 4, "bracket is never closed", "a -"),
        ("a -,", 3, '- needs a word, a "phrase" or (brackets) behind it', "a ,"),
        ("NEAR(a b)", 1, "NEAR needs a word", "(a b)"),
        ("a NEAR/5", 3, 'NEAR/5 needs a word, a "phrase" or (brackets) behind it;', "a"),
        ("a NEAR/5b", 3, "from 1 to 100, not '5b'", "a NEAR/5 b"),
        ("a NEAR/0 b", 3, "from 1 to 100, not '0'", "a NEAR/1 b"),
        ("a NEAR/500 b", 3, "from 1 to 100, not '500'", "a NEAR/100 b"),
        ("a NEAR/1234567 b", 3, "from 1 to 100, not '1234567'", "a NEAR/100 b"),
        ("a near/far b", 3, "from 1 to 100, not 'far'", "a NEAR/10 b"),
        ("a NEAR/ b", 3, "from 1 to 100, not ''", "a NEAR/10 b"),
        ("a NEAR5 b", 3, "is written NEAR/5, from 1 to 100, not '5'", "a NEAR/5 b"),
        ("a NEAR/2 b NEAR/3 c", 12, "NEAR stands between two", "a NEAR/2 b AND b NEAR/3 c"),
        ("a NEAR (b c)", 3, "beside NEAR stand words", "a AND (b c)"),
        ("kind:photo NEAR a", 12, "beside NEAR stand words", "kind:photo AND a"),
        ("title:a NEAR text:b", 9, "NEAR looks in one field, title: and text: are two", "title:a AND text:b"),
        ("a | b", 3, "| is not understood, write OR", "a OR b"),
        ("a || b", 3, "|| is not understood, write OR", "a OR b"),
        ("a ||| b", 3, "|| is not understood, write OR", "a OR b"),
        ("a !!b", 3, "! is not understood; write - or NOT", "a -b"),
        ("judul:banjir", 1, "there is no field judul:, write title:", "title:banjir"),
        ("a (Tgl: 2024)", 4, "there is no field Tgl:, write after:", "a (after: 2024)"),
        ("LHO:a", 1, "there is no field LHO:", "LHO: a"),
        ("title=banjir", 1, "there is no field title=, write title:", "title:banjir"),
        ("judul = banjir", 1, "there is no field judul=, write title:", "title: banjir"),
        ("autor:siti", 1, "there is no field autor:, write author:", "author:siti"),
        ("LIVE:Persib", 1, "there is no field LIVE:, the fields are title:", "LIVE: Persib"),
        ('Kata:"a b"', 1, "there is no field Kata:", 'Kata: "a b"'),
        ("a title:", 3, "title: needs a word", "a"),
        ("title: OR a", 1, "title: needs a word", "a"),
        ("title:lead:a", 1, 'title: needs a word, a "phrase" or (brackets) behind it, not lead:', "lead:a"),
        ("kind:foto", 6, "there is no kind foto, there are article, opinion", "kind:photo"),
        ("kind:xyzzy", 6, "there is no kind xyzzy", None),
        ("section:bis*", 9, "section: takes whole names, no star", "section:bis"),
        ("section:~bisnis", 9, "~ stands right before a word", "section: bisnis"),
        ("after:1/5/2024", 1, "a year, month or day", "after:2024-05-01"),
        ("before:2024.5", 1, "a year, month or day", "before:2024-05"),
        ("after:5-2024", 1, "a year, month or day", "after:2024-05"),
        ("after:2024-02-30", 1, "a year, month or day", None),
        ("before:3000", 1, "a year, month or day", None),
        ("after:1969", 1, "a year, month or day", None),
        ("after:30/2/2024", 1, "a year, month or day", None),
        ("after:kemarin", 1, "a year, month or day", None),
        ("a after:", 3, "a year, month or day", None),
        ("after:(2024)", 1, "a year, month or day", None),
        ("ba*k", 3, "a star stands only behind the last letter", "bak"),
        ("bank**", 5, "a star stands only behind the last letter", "bank"),
        ("a *", 3, "a star stands only behind the last letter", "a"),
        ('"kim* jong"', 5, "a star stands only behind the last letter", '"kim jong"'),
        ("b*", 2, "before a star stand at least two letters, not only b", "b"),
        ("~KPK", 2, "an acronym has no family, leave the ~ out", "KPK"),
        ("~2024", 2, "a number has no family", "2024"),
        ("~serang*", 2, "a prefix has no family", "serang*"),
        ("a ~ b", 3, "behind ~ stands the word", "a b"),
        ("~title:a", 1, "~ stands right before a word", "title:a"),
        ("a\tOR\x0b", 3, "OR needs a word", "a"),
        ("ban\u00adjir\n OR", 10, "OR needs a word", "banjir"),
        ("a\x00 b\ud800", 2, "this letter is broken or invisible, leave it out", "a b"),
        ("% %", 1, "no word to search for", None),
        ("(a) (b", 5, "bracket is never closed", "(a) (b)"),
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


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("-a", 1, "nearly every article has this"),
        ("a OR -b", 1, "nearly every article has this"),
        ("-(a b)", 1, "nearly every article has this"),
        ("after:2024", 1, "nearly every article has this"),
        ("a topic:Banjir", 3, "a topic cannot ask for topics, leave topic: out"),
    ],
)
def test_a_topic_needs_something_and_does_not_ask_for_topics(text: str, column: int, said: str) -> None:
    assert parse_query(text).text == text

    with pytest.raises(QueryError, match=f"query, column {column}: {said}"):
        parse_query(text, in_topic=True)


@pytest.mark.parametrize("text", ["a -b", "a OR b", "section:sport -a", "-(-a OR -b)", "a NEAR b", "after:2024 a"])
def test_a_topic_may_ask_for_what_must_be_there(text: str) -> None:
    assert parse_query(text, in_topic=True).tree == tree(text)


def test_in_a_query_of_families_every_plain_word_is_one() -> None:
    query = parse_query('serang KPK bank* 2024 "kereta api" covid-19 title:tangkap', families=True)

    assert query.tree == All(
        (
            word("serang", is_family=True),
            word("kpk", is_acronym=True),
            word("bank", is_prefix=True),
            word("2024"),
            Phrase((Token("kereta", is_family=True), Token("api", is_family=True))),
            Phrase((Token("covid", is_family=True), Token("19"))),
            Phrase((Token("tangkap", is_family=True),), TITLE),
        )
    )


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Banjir,", "Banjir"),
        ('"Kim Jong-un"', "Kim Jong-un"),
        ("bank*", "bank*"),
        ("~serang", "~serang"),
        ("(KPK)", "KPK"),
    ],
)
def test_a_phrase_knows_how_it_was_typed(text: str, printed: str) -> None:
    node = tree(text)

    assert isinstance(node, Phrase)
    assert node.printed == printed


def test_a_long_mend_is_not_printed() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(f'"{"kata " * 41}')

    assert caught.value.mend == f'"{"kata " * 41}"'
    assert len(str(caught.value)) < 150


def test_a_mend_that_is_no_query_either_is_not_offered() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("b* after:kemarin")

    assert caught.value.mend is None
    assert "did you mean" not in str(caught.value)


def test_a_keyword_is_words_and_its_marks_mean_nothing() -> None:
    phrase = parse_phrase(" -bank* (KPK) title:x ", fields=TITLE)

    assert phrase == Phrase((Token("bank"), Token("kpk", is_acronym=True), Token("title"), Token("x")), TITLE)
    assert phrase.printed == "bank* (KPK) title:x"
    assert parse_phrase("serang", families=True) == word("serang", is_family=True)
    assert parse_phrase("%") is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "don't",
            "covid-19",
            "Rp10.000,-",
            "PSSI (U-23)",
            "5%",
            "C++",
            "AT&T",
            "a:b",
            "1/2",
            "#KaburAjaDulu",
            "@jokowi",
        ),
        "Timnas Indonesia vs Vietnam: Prediksi, Head to Head, dan Link Live Streaming",
        'Jokowi: "Saya Tidak Tahu", Kata Ajudan - Begini Kronologinya!',
        "Harga Emas Antam Hari Ini (24/7/2026) Naik Rp 15.000, Cek di https://www.tribunnews.com/bisnis",
        "5 Fakta Kecelakaan Maut di Tol Cipali KM 78+400: Sopir Diduga Mengantuk?",
        "RUU TNI, KUHAP & Polri – Apa Bedanya…",
        "‘Ndeso’ hingga “Wong Cilik”",
    ],
)
def test_what_people_type_or_paste_finds_itself(text: str) -> None:
    subject = subject_of(Article(title="", paragraphs=(Paragraph("text", f"Sebelum {text} sesudah."),)))

    assert holds(tree(text), subject)
