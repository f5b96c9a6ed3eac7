"""The tree asked of an article gives what a plain reading of its definition gives, and the very places."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.topics.evaluate import hits, holds
from crawler.topics.query import parse_query
from crawler.topics.subject import subject_of
from tests.topics.drawing import PAIRS, draw_article, draw_tree, query_text
from tests.topics.plainly import field_text, plain_spans, plainly_holds

QUERIES_EACH = 20


@settings(deadline=None, max_examples=PAIRS // QUERIES_EACH)
@given(st.randoms(use_true_random=True))
def test_a_query_finds_exactly_what_a_plain_reading_finds_in_the_same_places(random: Random) -> None:
    drawn = draw_article(random)
    subject = subject_of(drawn.article, ordered_at=drawn.ordered_at, topics=drawn.topics)
    for _ in range(QUERIES_EACH):
        asked = draw_tree(random)
        text = query_text(asked, random)

        tree = parse_query(text).tree

        assert holds(tree, subject) == plainly_holds(asked, drawn), text
        found = hits(tree, subject)
        assert {(hit.field, hit.start, hit.end) for hit in found} == plain_spans(tree, drawn), text
        assert all(field_text(hit.field, drawn)[hit.start : hit.end] == hit.words for hit in found)
