"""Rows of an export: every article once, whole, as the archive stood when the export began."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.rows import article_rows
from crawler.archive.saving import make_ready, save_articles
from crawler.archive.search import SearchRequest
from crawler.article import Article
from crawler.errors import NotFoundError
from crawler.exports import ARTICLE_COLUMNS
from crawler.topics import Match, parse_query
from tests.archive.conftest import NOW, WIB, MakeArticle, Save


@pytest.fixture
def many(archive: Archive, make_article: MakeArticle) -> list[Article]:
    """450 articles, more than one question to the archive gives."""
    articles = [make_article(number, f"Naskah nomor {number}.", f"Bagian dua {number}.") for number in range(450)]
    save_articles(archive, [make_ready(each, key=f"x/{each.content_id}", now=NOW) for each in articles])
    return articles


def test_every_article_comes_once_newest_first_whatever_their_number(archive: Archive, many: list[Article]) -> None:
    rows = list(article_rows(archive, SearchRequest(limit=1)))

    assert [row["url"] for row in rows] == [each.url for each in reversed(many)]
    assert [row["text"] for row in rows] == [each.text for each in reversed(many)]


def test_a_row_has_a_value_for_every_column(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    article = make_article(1, "Satu.", "Dua.", lead="Teras", authors=("Siti", "Budi"), kind="opinion")
    saved = save(article, (Match("Banjir", ()), Match("Demak", ())), listed_at=NOW)

    (row,) = article_rows(archive, SearchRequest())

    assert list(row) == [column.name for column in ARTICLE_COLUMNS]
    assert row == {
        "published_at": datetime(2026, 7, 24, 8, 1, tzinfo=WIB),
        "region": "nasional",
        "section": "nasional",
        "kind": "opinion",
        "topics": ["Banjir", "Demak"],
        "title": "Banjir di Demak, hari 1",
        "lead": "Teras",
        "text": "Satu.\n\nDua.",
        "tags": ["Banjir", "Demak"],
        "authors": ["Siti", "Budi"],
        "url": "https://www.tribunnews.com/nasional/1/banjir",
        "host": "www.tribunnews.com",
        "id": saved.article_id,
        "story_id": row["story_id"],
        "revision": 1,
        "published_from": "jsonld",
        "is_dated_by_listing": False,
        "modified_at": None,
        "listed_at": NOW,
        "first_stored_at": NOW,
        "last_stored_at": NOW,
        "is_premium": False,
        "is_complete": True,
    }
    assert row["published_at"].utcoffset() == timedelta(hours=7)


def test_what_changes_meanwhile_comes_neither_twice_nor_not_at_all(
    archive: Archive, save: Save, many: list[Article]
) -> None:
    rows = article_rows(archive, SearchRequest())
    first = next(rows)

    # The oldest becomes the newest, and the other way round.
    save(replace(many[0], published_at=datetime(2027, 1, 1, tzinfo=UTC)), key="x/0")
    save(replace(many[449], published_at=datetime(2020, 1, 1, tzinfo=UTC)), key="x/449")
    urls = [first["url"], *(row["url"] for row in rows)]

    assert urls == [each.url for each in reversed(many)]


def test_a_query_chooses_the_rows(archive: Archive, many: list[Article]) -> None:
    asked = SearchRequest(query=parse_query('"nomor 7"'), since=many[0].published_at)

    assert [row["url"] for row in article_rows(archive, asked)] == [many[7].url]


def test_an_unknown_topic_is_told(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match="no topic 'x'"):
        list(article_rows(archive, SearchRequest(topic="x")))
