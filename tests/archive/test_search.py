"""The search finds what the query means, newest first, and never sorts the whole archive for it."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from crawler.archive import search as searching
from crawler.archive.connect import Archive
from crawler.archive.counting import By, count_by
from crawler.archive.following import follow_topics
from crawler.archive.search import Count, SearchRequest, count, search
from crawler.errors import NotFoundError, QueryError
from crawler.topics import Topic, TopicSet, parse_query
from tests.archive.conftest import NOW, WIB, MakeArticle, Save

Titles = Callable[..., list[str]]


@pytest.fixture
def titles(archive: Archive) -> Titles:
    """Search with words and other wishes, and give the titles."""

    def find(words: str | None = None, **wishes: Any) -> list[str]:
        query = parse_query(words) if words is not None else None
        return [each.title for each in search(archive, SearchRequest(query=query, **wishes)).found]

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
    assert count(archive, SearchRequest(query=parse_query('"ketua PAN"'))) == Count(3, is_all=True)
    assert count(archive, SearchRequest(query=parse_query('"ketua PAN"')), most=2) == Count(2, is_all=False)


@pytest.mark.parametrize(
    "words",
    ["don't", "covid-19", "Rp10.000", "PSSI (U-23)", "5%", "C++ AND", "*", "NEAR(a b)", "a^b", "''"],
)
def test_no_search_that_is_understood_can_fail(
    save: Save, make_article: MakeArticle, titles: Titles, words: str
) -> None:
    save(make_article(1, f"Sebelum {words} sesudah.", title="ada"))
    try:
        parse_query(words)
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
    assert count(archive, SearchRequest(topic="Bola")) == Count(2, is_all=True)
    assert search(archive, SearchRequest(query=parse_query("stadion"))).found[0].topics == ("Banjir", "Bola")


def test_an_unknown_topic_is_told_with_the_nearest_one(archive: Archive) -> None:
    follow_topics(archive, [Topic("Konflik Rusia Vs Ukraina", ("putin",))], now=NOW)

    with pytest.raises(NotFoundError, match="no topic 'konflik rusia' in the archive; did you mean 'Konflik Rusia Vs"):
        search(archive, SearchRequest(topic="konflik rusia"))
    assert search(archive, SearchRequest(topic="konflik rusia"), topics_known=True).found == ()
    assert count(archive, SearchRequest(topic="konflik rusia")) == Count(0, is_all=True)


def test_counting_ends_at_its_cap(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    for number in range(1, 6):
        save(make_article(number))

    assert count(archive, SearchRequest(query=parse_query("demak"), limit=1)) == Count(5, is_all=True)
    assert count(archive, SearchRequest(query=parse_query("demak")), most=3) == Count(3, is_all=False)
    assert count(archive, SearchRequest(query=parse_query("lombok"))) == Count(0, is_all=True)


def test_what_is_found_says_what_and_where(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    article = make_article(7)
    saved = save(article)

    (found,) = search(archive, SearchRequest(query=parse_query("siti"))).found

    assert (found.article_id, found.title, found.url, found.story_id) == (1, article.title, article.url, saved.story_id)
    assert (found.region, found.section, found.published_from) == ("nasional", "nasional", "jsonld")
    assert found.published_at == article.published_at


def test_a_snippet_shows_the_words_as_they_are_printed_in_one_short_line(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    filler = "Kalimat ini hanya mengisi tempat. " * 20
    save(make_article(1, filler, f"Kata Kim\tJong-Un,\n “kami {filler}"))

    (found,) = search(archive, SearchRequest(query=parse_query('"kim jong un"'))).found

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

    assert search(archive, SearchRequest(query=parse_query("demak"))).found[0].snippet == shown


def test_a_photo_post_has_its_lead_for_a_snippet(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    save(replace(make_article(1), paragraphs=(), lead="Foto banjir"))
    save(replace(make_article(2), paragraphs=(), lead=None))

    assert [each.snippet for each in search(archive, SearchRequest()).found] == ["", "Foto banjir"]


def test_a_page_whose_articles_take_long_to_be_looked_at_ends_in_time_and_loses_nothing(
    archive: Archive, save: Save, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_SEARCHED_S", 0.0)
    for number in range(1, 13):
        save(make_article(number, "Ketua PAN datang." if number == 1 else "Ketua pan, kata PAN.", title=str(number)))
    asked = SearchRequest(query=parse_query('"ketua PAN"'), limit=1)

    pages = [search(archive, asked)]
    while pages[-1].next_cursor is not None:
        pages.append(search(archive, replace(asked, cursor=pages[-1].next_cursor)))

    assert [each.title for page in pages for each in page.found] == ["1"]
    assert all(page.searched_back_to is not None for page in pages[:-1])
    assert len(pages) >= 3


def test_a_count_that_came_to_its_end_is_all_however_long_it_took(
    archive: Archive, save: Save, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_SEARCHED_S", 0.0)
    asked = SearchRequest(query=parse_query('"ketua PAN"'))
    save(make_article(1, "Ketua PAN datang."))
    at_the_end = count(archive, asked)
    save(make_article(2, "Ketua PAN datang."))

    assert (at_the_end, count(archive, asked)) == (Count(1, is_all=True), Count(1, is_all=False))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(query=parse_query("demak")),
        SearchRequest(query=parse_query('"ketua PAN" demak'), region="nasional", topic="Banjir"),
        SearchRequest(query=parse_query("demak"), since=NOW, until=NOW + timedelta(days=1), host="x"),
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
    asked: list[str] = []
    with archive.reading() as connection:
        cast(sqlite3.Connection, connection.connection.driver_connection).set_trace_callback(asked.append)

    search(archive, request_)

    # FTS5 asks questions of its own.
    sql = next(sql for sql in asked if "ORDER BY" in sql and ("MATCH" in sql or "walked" in sql))
    with archive.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
    assert plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_articles_are_counted_by_days_of_jakarta_and_by_what_is_known_of_them(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    late = datetime(2026, 7, 24, 23, 59, 59, tzinfo=WIB)
    topics = TopicSet([Topic("Banjir", ("banjir",))])
    facts: tuple[dict[str, Any], ...] = (
        {"published_at": late, "authors": ("Siti Aminah", "Budi")},
        {"published_at": late + timedelta(seconds=1), "authors": ("Budi",), "reporters": ("Budi",), "section": None},
        {"published_at": datetime(1969, 12, 31, 23, tzinfo=WIB), "region": "bali", "tags": (), "title": "Rob"},
    )
    for number, (each, texts) in enumerate(zip(facts, ((), (), ("Rob.",)), strict=True), start=1):
        article = make_article(number, *texts, **each)
        save(article, topics.match(article))

    def counted(by: By, words: str | None = None) -> list[tuple[str | None, int]]:
        return count_by(archive, SearchRequest(query=parse_query(words) if words else None), by)

    assert counted("day") == [("1969-12-31", 1), ("2026-07-24", 1), ("2026-07-25", 1)]
    assert counted("author") == [("Budi", 2), ("Siti Aminah", 1), (None, 1)]
    assert counted("topic") == [("Banjir", 2), (None, 1)]
    assert counted("section") == [("nasional", 2), (None, 1)]
    assert counted("region", "rob OR banjir") == [("nasional", 2), ("bali", 1)]
    assert counted("day", '"ketua PAN" OR rob') == counted("day")
    assert counted("day", "lombok") == []


def test_the_order_by_relevance_goes_by_where_the_words_stand(
    save: Save, make_article: MakeArticle, titles: Titles
) -> None:
    save(make_article(1, "Rob di pantai.", title="Rob"))
    save(make_article(2, "Warga menunggu bantuan karena rob di pantai utara.", title="Pantai", tags=()))
    save(make_article(3, "Rob, rob, rob.", title="Rob besar", tags=("rob",)))

    assert titles("rob") == ["Rob besar", "Pantai", "Rob"]
    assert titles("rob", sort="relevance")[-1] == "Pantai"
    assert titles("-lombok", sort="relevance") == ["Rob besar", "Pantai", "Rob"]


def test_author_kind_and_story_narrow_the_search(save: Save, make_article: MakeArticle, titles: Titles) -> None:
    first = save(make_article(1, "Satu.", title="1", authors=("Siti Aminah",), kind="opinion"))
    save(make_article(2, "Dua.", title="2", reporters=("Budi S. Aminah",)))

    assert titles(author="aminah") == ["2", "1"]
    assert titles(author="SITI AMINAH") == ["1"]
    assert titles("author:aminah", kind="Opinion") == ["1"]
    assert titles(story_id=first.story_id) == ["1"]
    assert titles("dua", story_id=first.story_id) == []


def test_what_is_beyond_the_columns_of_an_index_is_found_as_well(
    archive: Archive, save: Save, make_article: MakeArticle, titles: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To look at such articles takes a busy machine longer than a page may take.
    monkeypatch.setattr(searching, "_SEARCHED_S", 60.0)
    save(make_article(1, "yang " * 300 + "banjir " * 17_000 + "rob pasang", title="panjang"))
    save(make_article(2, "x" * 3_000 + " lombok", title="lebar"))
    save(make_article(3, " ".join(f"kata{number}" for number in range(60_000)) + " bandeng", title="besar"))

    assert titles('"rob pasang"') == ["panjang"]
    assert titles("banjir NEAR/1 pasang") == ["panjang"]
    assert titles('-"pasang rob" rob') == ["panjang"]
    assert titles("xxx*") == ["lebar"]
    assert titles("lombok OR bandeng") == ["besar", "lebar"]
    assert titles("kata59999 -rob") == ["besar"]
    assert count(archive, SearchRequest(query=parse_query("-kata7"))) == Count(2, is_all=True)


def test_a_search_that_takes_too_long_on_a_server_says_what_to_do(
    archive: Archive, kind: str, save: Save, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(make_article(1))
    monkeypatch.setattr("crawler.archive.search._LONGEST_MS", 50)
    asked = SearchRequest(query=parse_query("demak"))
    if kind == "postgresql":
        with archive.writing() as connection:
            connection.exec_driver_sql("LOCK TABLE search")

            with pytest.raises(QueryError, match="takes too long on so great an archive; add a word"):
                search(archive, asked)

    assert len(search(archive, asked).found) == 1
