"""What people follow and search for: words, keywords, the search language, and matching. Pure."""

from crawler.topics.parse import parse_topics
from crawler.topics.query import Query, Term, join_tags, parse_query
from crawler.topics.topic import Hit, Match, Topic, TopicSet
from crawler.topics.words import Prepared, Word, fold, prepare, split

__all__ = [
    "Hit",
    "Match",
    "Prepared",
    "Query",
    "Term",
    "Topic",
    "TopicSet",
    "Word",
    "fold",
    "join_tags",
    "parse_query",
    "parse_topics",
    "prepare",
    "split",
]
