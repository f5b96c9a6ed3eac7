"""The search finds what the query means, newest first, and never sorts the whole archive for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from crawler.archive.connect import Archive
from crawler.archive.following import follow_topics
from crawler.archive.reading import newest_articles
from crawler.archive.saving import make_ready, save_articles
from crawler.archive.search import SearchRequest, count, search
from crawler.article import Article, Paragraph
from crawler.errors import NotFoundError, QueryError
from crawler.topics import Topic, TopicSet, parse_terms
from tests.archive.conftest import NOW, WIB, MakeArticle, Save

Titles = Callable[..., list[str]]


@pytest.fixture
def titles(archive: Archive) -> Titles:
    """Search with words and other wishes, and give the titles."""

    def find(words: str | None = None, **wishes: Any) -> list[str]:
        query = parse_terms(words) if words is not None else None
        return [each.title for each in search(archive, SearchRequest(query=query, **wishes))]

    return find


def test_without_words_the_newest_articles_are_found(save: Save, make_article: MakeArticle, titles: Titles) -> None:
    for number in (2, 1, 3):
        save(make_article(number, title=str(number)))

    assert titles() == ["3", "2", "1"]
    assert titles(limit=2) == ["3", "2"]


def test_all_words_must_be_there_in_any_field(save: Save, make_article: MakeArticle, titles: Titles) -> None:
    save(make_article(1, "Putin bertemu Kim Jong Un.", title="Rusia", tags=("Korea Utara",)))

    assert titles("putin rusia korea") == ["Rusia"]
    assert titles('"kim jong un"') == ["Rusia"]
    assert titles('"jong kim"') == []
    assert titles("putin ukraina") == []
    assert titles('"rusia putin"') == []


def test_capitals_in_a_search_find_capitals_only(save: Save, make_article: MakeArticle, titles: Titles) -> None:
    save(make_article(1, "Ketua PAN datang membawa wajan.", title="partai"))
    save(make_article(2, "Ketua pan datang, kata Dewa Pan.", title="dapur"))
    save(make_article(3, "Ketua pan datang. Kata PAN itu lain.", title="dapur partai"))

    assert titles("PAN") == ["dapur partai", "partai"]
    assert titles("pan") == ["dapur partai", "dapur", "partai"]
    assert titles('"ketua PAN"') == ["partai"]
    assert titles('"ketua PAN" wajan') == ["partai"]


def test_a_phrase_with_capitals_is_looked_for_until_the_limit_is_filled(
    archive: Archive, save: Save, make_article: MakeArticle, titles: Titles
) -> None:
    for number in range(1, 31):
        holds = number % 10 == 0
        save(make_article(number, "Ketua PAN." if holds else "Ketua pan dari PAN.", title=str(number)))

    assert titles('"ketua PAN"', limit=2) == ["30", "20"]
    assert titles('"ketua PAN"', limit=20) == ["30", "20", "10"]
    assert count(archive, SearchRequest(query=parse_terms('"ketua PAN"'))) == 3
    assert count(archive, SearchRequest(query=parse_terms('"ketua PAN"')), cap=2) == 2


@pytest.mark.parametrize(
    "words",
    ["don't", "covid-19", "Rp10.000", "PSSI (U-23)", "5%", "C++ AND", "*", "NEAR(a b)", "title:x", "a^b", "-a", "''"],
)
def test_no_search_that_is_understood_can_fail(
    save: Save, make_article: MakeArticle, titles: Titles, words: str
) -> None:
    save(make_article(1, f"Sebelum {words} sesudah.", title="ada"))
    try:
        parse_terms(words)
    except QueryError:
        return

    assert titles(words) == ["ada"]


def test_a_window_of_time_begins_at_since_and_ends_before_until(
    save: Save, make_article: MakeArticle, titles: Titles
) -> None:
    start = datetime(2026, 7, 24, 8, tzinfo=WIB)
    for number in range(1, 6):
        save(make_article(number, title=str(number)))

    minute = timedelta(minutes=1)
    for words in (None, "demak", '"Ketua PAN"'):
        assert titles(words, since=start + 2 * minute, until=start + 4 * minute) == ["3", "2"]
        assert titles(words, since=start + 5 * minute) == ["5"]
        assert titles(words, until=start) == []


def test_place_and_section_narrow_the_search(save: Save, make_article: MakeArticle, titles: Titles) -> None:
    save(make_article(1, title="1"))
    save(make_article(2, title="2", region="bali", host="bali.tribunnews.com"))
    save(make_article(3, title="3", section="bisnis"))

    for words in (None, "demak"):
        assert titles(words, region="bali") == ["2"]
        assert titles(words, host="www.tribunnews.com") == ["3", "1"]
        assert titles(words, section="bisnis", region="nasional") == ["3"]
        assert titles(words, section="bisnis", region="bali") == []


def test_a_topic_narrows_the_search_to_its_articles(
    archive: Archive, save: Save, make_article: MakeArticle, titles: Titles
) -> None:
    topics = TopicSet([Topic("Banjir", ("banjir",)), Topic("Bola", ("PSSI",))])
    for number, text in enumerate(("Banjir besar.", "PSSI menang.", "Banjir di stadion PSSI."), start=1):
        article = make_article(number, text, title=str(number), tags=())
        save(article, topics.match(article))

    assert titles(topic="Banjir") == ["3", "1"]
    assert titles(topic="bola") == ["3", "2"]
    assert titles("stadion", topic="Banjir") == ["3"]
    assert titles("menang", topic="Banjir") == []
    assert titles(topic="Bola", until=datetime(2026, 7, 24, 8, 3, tzinfo=WIB)) == ["2"]
    assert count(archive, SearchRequest(topic="Bola")) == 2
    assert search(archive, SearchRequest(query=parse_terms("stadion")))[0].topics == ("Banjir", "Bola")


def test_an_unknown_topic_is_told_with_the_nearest_one(archive: Archive) -> None:
    follow_topics(archive, [Topic("Konflik Rusia Vs Ukraina", ("putin",))], now=NOW)

    with pytest.raises(NotFoundError, match="no topic 'konflik rusia' in the archive; did you mean 'Konflik Rusia Vs"):
        search(archive, SearchRequest(topic="konflik rusia"))
    assert search(archive, SearchRequest(topic="konflik rusia"), topics_known=True) == []
    assert count(archive, SearchRequest(topic="konflik rusia")) == 0


def test_counting_ends_at_its_cap(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    for number in range(1, 6):
        save(make_article(number))

    assert count(archive, SearchRequest(query=parse_terms("demak"), limit=1)) == 5
    assert count(archive, SearchRequest(query=parse_terms("demak")), cap=3) == 3
    assert count(archive, SearchRequest(query=parse_terms("lombok"))) == 0


def test_what_is_found_says_what_and_where(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    article = make_article(7)
    saved = save(article)

    (found,) = search(archive, SearchRequest(query=parse_terms("siti")))

    assert (found.article_id, found.title, found.url, found.story_id) == (1, article.title, article.url, saved.story_id)
    assert (found.region, found.section, found.published_from) == ("nasional", "nasional", "jsonld")
    assert found.published_at == article.published_at


def test_a_snippet_shows_the_words_as_they_are_printed_in_one_short_line(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    filler = "Kalimat ini hanya mengisi tempat. " * 20
    save(make_article(1, filler, f"Kata Kim\tJong-Un,\n “kami {filler}"))

    (found,) = search(archive, SearchRequest(query=parse_terms('"kim jong un"')))

    assert "Kata Kim Jong-Un, “kami Kalimat" in found.snippet
    assert found.snippet.startswith("…")
    assert found.snippet.endswith("…")
    assert len(found.snippet) <= 202


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pendek saja.", "Pendek saja."),
        ("x" * 1000, "x" * 200 + "…"),
        ("kata " * 100, ("kata " * 40).strip() + "…"),
    ],
)
def test_a_snippet_without_a_place_shows_how_the_text_begins(
    archive: Archive, save: Save, make_article: MakeArticle, text: str, shown: str
) -> None:
    save(make_article(1, text))

    assert search(archive, SearchRequest(query=parse_terms("demak")))[0].snippet == shown


def test_a_photo_post_has_its_lead_for_a_snippet(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    save(replace(make_article(1), paragraphs=(), lead="Foto banjir"))
    save(replace(make_article(2), paragraphs=(), lead=None))

    assert [each.snippet for each in search(archive, SearchRequest())] == ["", "Foto banjir"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(query=parse_terms("demak")),
        SearchRequest(query=parse_terms('"ketua PAN" demak'), region="nasional", topic="Banjir"),
        SearchRequest(query=parse_terms("demak"), since=NOW, until=NOW + timedelta(days=1), host="x"),
        SearchRequest(topic="Banjir", section="x"),
        SearchRequest(topic="Banjir", since=NOW),
        SearchRequest(),
        SearchRequest(since=NOW, region="bali"),
    ],
)
def test_newest_first_comes_from_the_index_without_sorting(
    archive: Archive, save: Save, make_article: MakeArticle, request_: SearchRequest
) -> None:
    article = make_article(1)
    save(article, TopicSet([Topic("Banjir", ("banjir",))]).match(article))
    asked: list[tuple[str, Any]] = []
    event.listen(archive._engine, "before_cursor_execute", lambda _c, _k, sql, given, *_: asked.append((sql, given)))

    search(archive, request_)

    (sql, given) = next((sql, given) for sql, given in asked if "ORDER BY" in sql and "LIMIT" in sql)
    with archive.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
    assert plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


# Words that fold, split or count in some way of their own.
WORDS = (
    *("PAN", "pan", "Pan", "ketua", "KETUA", "PSSI", "U-23", "covid-19", "Rp10.000", "5,2", "1.000.000", "٣", "Ⅷ"),
    *("don't", "Jum'at", "’s", "x_y", "a\u00adb", "e\u0301", "\u0345", "😀", "𝔘", "ﬁn", "ไทย", "中文"),
    *("Højlund", "ı", "İ", "ß", "ẞ", "ǅ"),
)
PRINTED = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=7).map(" ".join)
ARTICLES = st.builds(
    lambda title, texts, tags, minute: Article(
        title=title,
        paragraphs=tuple(Paragraph("text", text) for text in texts if text),
        tags=tuple(tags),
        published_at=datetime(2026, 7, 24, 8, minute, tzinfo=UTC),
        published_from="jsonld",
    ),
    PRINTED,
    st.lists(PRINTED, max_size=2),
    st.lists(PRINTED, max_size=2),
    st.integers(0, 3),
)
QUERIES = st.lists(PRINTED | PRINTED.map(lambda text: f'"{text}"'), min_size=1, max_size=3).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(
    articles=st.lists(ARTICLES, min_size=1, max_size=6),
    searches=st.lists(QUERIES, min_size=1, max_size=8),
    limit=st.integers(1, 6),
)
def test_the_index_finds_exactly_what_the_query_matches_in_the_same_order(
    articles: list[Article], searches: list[str], limit: int
) -> None:
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "a.db", create=True) as archive:
        save_articles(archive, (make_ready(each, key=str(number), now=NOW) for number, each in enumerate(articles)))
        kept = [(number + 1, article) for number, article in enumerate(_as_stored(archive))]
        newest_first = sorted(kept, key=lambda pair: (pair[1].published_at, pair[0]), reverse=True)
        # Words of the articles themselves are searched for as well, or little would ever be found.
        own = [f'"{article.title}"' for article in articles] + [article.text for article in articles]
        for words in [*searches, *own]:
            try:
                query = parse_terms(words)
            except QueryError:
                continue

            found = search(archive, SearchRequest(query=query, limit=limit))

            expected = [number for number, each in newest_first if query.matches(each.title, each.text, each.tags)]
            assert [each.article_id for each in found] == expected[:limit]
            assert count(archive, SearchRequest(query=query)) == len(expected)


def _as_stored(archive: Archive) -> list[Article]:
    return [each.article for each in sorted(newest_articles(archive), key=lambda each: each.article_id)]
