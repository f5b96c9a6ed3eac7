"""What people follow and search for: words, the query language, topics, and matching. Pure."""

from crawler.topics.evaluate import Hit
from crawler.topics.phrase import parse_phrase
from crawler.topics.query import Query, parse_query
from crawler.topics.subject import Subject, subject_of
from crawler.topics.topic import Match, Topic, tree_of
from crawler.topics.topic_keys import topic_from
from crawler.topics.topic_set import TopicSet
from crawler.topics.topics_file import parse_topics
from crawler.topics.words import Prepared, Word, fold, prepare, split

__all__ = [
    "Hit",
    "Match",
    "Prepared",
    "Query",
    "Subject",
    "Topic",
    "TopicSet",
    "Word",
    "fold",
    "parse_phrase",
    "parse_query",
    "parse_topics",
    "prepare",
    "split",
    "subject_of",
    "topic_from",
    "tree_of",
]
