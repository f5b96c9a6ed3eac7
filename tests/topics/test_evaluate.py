"""The tree asked of an article gives what a plain reading of its definition gives, and the very places."""

from dataclasses import fields
from random import Random
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Article, Paragraph, article_as_json
from crawler.topics.evaluate import Hit, hits, holds, spans
from crawler.topics.glanced import Glanced
from crawler.topics.query import parse_query
from crawler.topics.subject import fields_of, subject_of
from crawler.topics.tree import Near, Phrase, TextField, Token
from tests.topics.drawing import draw_article, draw_tree, query_text
from tests.topics.plainly import field_text, plain_spans, plainly_holds

PAIRS = 2_000
QUERIES_EACH = 20


@settings(deadline=None, max_examples=PAIRS // QUERIES_EACH)
@given(st.randoms(use_true_random=True))
def test_a_query_finds_exactly_what_a_plain_reading_finds_in_the_same_places(random: Random) -> None:
    drawn = draw_article(random)
    subject = subject_of(drawn.article, ordered_at=drawn.ordered_at, topics=drawn.topics)
    known = {each.name: getattr(subject, each.name) for each in fields(subject) if each.init}
    # Which words were looked for before makes no difference.
    said = sorted(subject.words())
    subject.look_for(["hujan", *random.sample(said, random.randint(0, len(said)))])
    for _ in range(QUERIES_EACH):
        asked = draw_tree(random)
        glanced = Glanced(**known | {"printed": fields_of(article_as_json(drawn.article))})
        text = query_text(asked, random)

        tree = parse_query(text).tree

        assert holds(tree, subject) == plainly_holds(asked, drawn), text
        found = hits(tree, subject)
        assert {(hit.field, hit.start, hit.end) for hit in found} == plain_spans(tree, drawn), text
        assert all(field_text(hit.field, drawn)[hit.start : hit.end] == hit.words for hit in found)
        assert (holds(tree, glanced), hits(tree, glanced)) == (holds(tree, subject), found), text
        for field in get_args(TextField):
            expected = dict.fromkeys((hit.start, hit.end) for hit in found if hit.field == field)
            assert list(spans(tree, glanced).of(field)) == list(expected), text


ARTICLE = Article(title="banjir di demak", paragraphs=(Paragraph("text", "Rob, banjir."),), tags=("Rob", "banjir"))


def test_what_is_near_is_near_in_a_field_that_both_ask_for() -> None:
    banjir, rob = (Token(word) for word in ("banjir", "rob"))
    subject = subject_of(ARTICLE)

    assert not holds(Near(Phrase((banjir,), ("title",)), Phrase((rob,), ("text",)), 100), subject)
    assert holds(Near(Phrase((banjir,), ("title", "tag")), Phrase((rob,), ("text", "tag")), 1), subject)


def test_hits_are_in_the_order_of_reading_each_once() -> None:
    tree = parse_query("rob NEAR/1 banjir (banjir OR demak) -hujan").tree

    assert hits(tree, subject_of(ARTICLE)) == (
        Hit("title", "banjir", 0, 6, "banjir"),
        Hit("title", "demak", 10, 15, "demak"),
        Hit("text", "rob", 0, 3, "Rob"),
        Hit("text", "banjir", 5, 11, "banjir"),
        Hit("tag", "rob", 0, 3, "Rob"),
        Hit("tag", "banjir", 5, 11, "banjir"),
    )


def test_what_does_not_hold_has_no_hits() -> None:
    subject = subject_of(ARTICLE)

    assert hits(parse_query("banjir hujan").tree, subject) == ()
    assert {hit.keyword for hit in hits(parse_query("(banjir hujan) OR demak").tree, subject)} == {"demak"}
    assert hits(parse_query("-hujan").tree, subject) == ()


def test_no_date_holds_for_an_article_of_no_known_time() -> None:
    assert not holds(parse_query("after:1970 OR before:2999").tree, subject_of(ARTICLE))


def test_what_a_subject_is_asked_is_found_out_once() -> None:
    subject = subject_of(ARTICLE)

    assert holds(parse_query("banjir").tree, subject)
    assert subject.starts(Phrase((Token("banjir"),))) is subject.starts(Phrase((Token("banjir"),)))
    family = Phrase((Token("banjir", is_family=True),))
    assert list(subject.starts(family)) == list(subject.starts(family))
    assert subject == subject_of(ARTICLE)
