"""The percolator gives an article exactly the topics that a plain reading of their queries gives it, and the places."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import QueryError
from crawler.topics import Topic, TopicSet
from crawler.topics.query import parse_query
from crawler.topics.tree import Facet, Node
from tests.topics.drawing import SECTIONS, Drawn, draw_article, draw_tree, query_text
from tests.topics.plainly import plain_spans, plainly_holds

TOPICS = 10
ARTICLES = 4


def draw_topic(random: Random, name: str) -> Topic:
    """Return a topic of a drawn query, now and then with families, sections, and something muted."""
    while True:
        topic = Topic(
            name,
            query=query_text(draw_tree(random, has_topics=False), random),
            families=random.random() < 0.2,
            sections=tuple(random.sample(SECTIONS, 2)) if random.random() < 0.2 else (),
            mute=(query_text(draw_tree(random, depth=0, has_topics=False), random),) if random.random() < 0.2 else (),
        )
        try:
            for query in (topic.query or "", *topic.mute):
                parse_query(query, in_topic=True)
        except QueryError:
            # Nearly every article would have it.
            continue
        return topic


def plainly_has(drawn: Drawn, topic: Topic, tree: Node) -> bool:
    in_section = not topic.sections or any(plainly_holds(Facet("section", each), drawn) for each in topic.sections)
    is_muted = any(plainly_holds(parse_query(each).tree, drawn) for each in topic.mute)
    return plainly_holds(tree, drawn) and in_section and not is_muted


@settings(deadline=None, max_examples=2_000 // (TOPICS * ARTICLES))
@given(st.randoms(use_true_random=True))
def test_an_article_has_the_topics_that_a_plain_reading_gives_it(random: Random) -> None:
    topics = [draw_topic(random, f"Topik {number}") for number in range(TOPICS)]
    trees = [parse_query(topic.query or "", families=topic.families).tree for topic in topics]
    topic_set = TopicSet(topics)
    for drawn in (draw_article(random) for _ in range(ARTICLES)):
        matches = topic_set.match(drawn.article, ordered_at=drawn.ordered_at)

        expected = [
            (topic.name, plain_spans(tree, drawn))
            for topic, tree in zip(topics, trees, strict=True)
            if plainly_has(drawn, topic, tree)
        ]
        assert [
            (match.topic, {(hit.field, hit.start, hit.end) for hit in match.hits}) for match in matches
        ] == expected, [topic.query for topic in topics]
