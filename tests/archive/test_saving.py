"""Storing articles: new, revised, unchanged, copies; each with everything that follows from it."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from crawler.archive.connect import Archive
from crawler.archive.following import follow_topics
from crawler.archive.pages import FetchedPage
from crawler.archive.reading import check, load_article
from crawler.archive.saving import make_ready, save_articles
from crawler.archive.search import SearchRequest, search
from crawler.article import Article, Paragraph, article_as_json
from crawler.topics import Topic, TopicSet, parse_query
from tests.archive.conftest import NOW, TEXT, WIB, MakeArticle, Save, count_topics

TOPICS = TopicSet([Topic("Banjir", ("banjir",)), Topic("Politik", ("PAN",)), Topic("Bola", ("PSSI",))])
LATER = NOW + timedelta(hours=1)


def rows(archive: Archive, question: str) -> list[Any]:
    with archive.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


def titles(archive: Archive, words: str) -> list[str]:
    return [each.title for each in search(archive, SearchRequest(query=parse_query(words))).found]


def test_a_new_article_is_stored_with_all_that_follows_from_it(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    article = make_article(7)
    page = FetchedPage(article.url or "", NOW, b"<html>", content_type="text/html", etag='"e"', last_modified="x")

    saved = save(article, TOPICS.match(article), fetched=page)

    assert (saved.change, saved.is_copy) == ("new", False)
    assert titles(archive, "demak") == [article.title]
    assert count_topics(archive) == {"Banjir": 1, "Politik": 1}
    assert rows(archive, "SELECT state, article_id, url, reason FROM link") == [("stored", 1, article.url, None)]
    assert rows(archive, "SELECT key, article_id, status, bytes, body FROM page") == [
        ("www.tribunnews.com/7", 1, 200, 6, None)
    ]
    assert json.loads(rows(archive, "SELECT article FROM revision")[0][0]) == article_as_json(article)
    assert check(archive) == []


def test_the_pages_of_one_article_are_each_kept(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    save(make_article(), fetched=[FetchedPage(f"https://x/?page={number}", NOW, b"x") for number in (1, 2, 3)])

    assert rows(archive, "SELECT url FROM page") == [(f"https://x/?page={number}",) for number in (1, 2, 3)]


def test_storing_twice_is_storing_once(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    article = make_article()
    first = save(article, TOPICS.match(article))

    again = save(article, TOPICS.match(article), now=LATER)

    assert (again.article_id, again.change, again.story_id) == (first.article_id, "unchanged", first.story_id)
    assert rows(archive, "SELECT count(*) FROM revision") == [(1,)]
    assert load_article(archive, first.article_id).stored_at == NOW
    assert check(archive) == []


def test_the_same_content_again_takes_the_topics_of_today(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    article = make_article()
    save(article, TOPICS.match(article))

    save(article, TopicSet([Topic("Banjir", ("tanggul",)), Topic("Demak", ("demak",))]).match(article), now=LATER)

    stored = load_article(archive, 1)
    assert {match.topic: match.hits[0].keyword for match in stored.matches} == {"Banjir": "tanggul", "Demak": "demak"}
    assert count_topics(archive) == {"Banjir": 1, "Politik": 0, "Demak": 1}


def test_a_change_is_a_revision_and_the_search_finds_the_new_words_only(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    first = make_article(1, "Ketua PSSI datang.")
    save(first, TOPICS.match(first))
    second = replace(first, title="Judul baru", paragraphs=(Paragraph("text", "Ketua KONI datang."),), tags=())

    saved = save(second, TOPICS.match(second), now=LATER)

    stored = load_article(archive, saved.article_id)
    assert saved.change == "revised"
    assert (stored.revision, stored.revisions, stored.article) == (2, 2, second)
    assert (stored.first_stored_at, stored.stored_at) == (NOW, LATER)
    assert titles(archive, "PSSI") == titles(archive, "banjir") == []
    assert titles(archive, "koni") == ["Judul baru"]
    assert stored.matches == ()
    assert search(archive, SearchRequest(topic="Bola"), topics_known=True).found == ()
    assert rows(archive, "SELECT revision, search_rowid FROM article_topic WHERE topic_id = 2") == [(1, None)]
    assert check(archive) == []


def test_an_article_that_was_dated_anew_moves_in_the_order(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(1))
    save(make_article(2))
    assert titles(archive, "demak")[0] == "Banjir di Demak, hari 2"

    save(replace(make_article(1), published_at=datetime(2026, 8, 1, tzinfo=WIB)))

    assert titles(archive, "demak")[0] == "Banjir di Demak, hari 1"
    assert check(archive) == []


def test_one_content_under_two_addresses_is_one_article(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    article = make_article(7)
    dated = replace(article, url="https://www.tribunnews.com/nasional/2026/07/24/banjir")

    first = save(dated, key="www.tribunnews.com/nasional/2026/07/24/banjir")
    second = save(article, key="www.tribunnews.com/7")

    stored = load_article(archive, "https://www.tribunnews.com/nasional/7/banjir")
    assert (second.article_id, second.change) == (first.article_id, "unchanged")
    assert stored.key == "www.tribunnews.com/nasional/2026/07/24/banjir"
    assert stored.also_at == (article.url,)
    assert rows(archive, "SELECT state, article_id FROM link") == [("stored", 1), ("stored", 1)]


def test_an_address_once_stored_is_known_again_without_its_content_id(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    article = make_article(7)
    first = save(article, key="dated")
    save(article, key="numbered")

    again = save(replace(article, content_id=None, host=None, title="Judul baru"), key="numbered")

    assert (again.article_id, again.change) == (first.article_id, "revised")
    assert rows(archive, "SELECT content_id, host FROM article") == [("7", "www.tribunnews.com")]


def test_the_same_content_id_on_another_host_is_another_article(save: Save, make_article: MakeArticle) -> None:
    save(make_article(7))

    other = save(replace(make_article(7), host="bali.tribunnews.com", url="https://bali.tribunnews.com/denpasar/7/x"))

    assert (other.article_id, other.change, other.is_copy) == (2, "new", True)


def test_a_reprint_joins_the_story_of_its_original_also_after_that_was_edited(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    original = save(make_article(1))
    save(make_article(1, *TEXT, "Tambahan dari redaksi."))

    of_the_first = save(make_article(2, title="Judul lain", host="jateng.tribunnews.com"))
    of_the_edited = save(make_article(3, *TEXT, "Tambahan dari redaksi.", host="bali.tribunnews.com"))

    assert (of_the_first.story_id, of_the_first.is_copy) == (original.story_id, True)
    assert (of_the_edited.story_id, of_the_edited.is_copy) == (original.story_id, True)
    assert load_article(archive, 1).also_at == tuple(
        f"https://www.tribunnews.com/nasional/{number}/banjir" for number in (2, 3)
    )


def test_an_edit_that_makes_two_texts_the_same_joins_their_stories(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    first = save(make_article(1))
    stub = save(make_article(2, "Banjir di Demak, berita menyusul sebentar lagi."))
    assert stub.story_id != first.story_id

    whole = save(make_article(2))

    assert (whole.change, whole.story_id, whole.is_copy) == ("revised", first.story_id, True)
    assert rows(archive, "SELECT id FROM story") == [(first.story_id,)]


def test_an_article_that_others_copied_keeps_its_story_through_edits(save: Save, make_article: MakeArticle) -> None:
    first = save(make_article(1))
    save(make_article(2))
    other = save(make_article(3, "Sesuatu yang lain sama sekali terjadi di tempat lain pada hari yang lain."))

    edited = save(make_article(1, "Sesuatu yang lain sama sekali terjadi di tempat lain pada hari yang lain."))

    assert (edited.story_id, edited.is_copy) == (first.story_id, False)
    assert other.story_id != first.story_id


def test_photo_posts_without_text_never_share_a_story(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    saved = [save(replace(make_article(number), paragraphs=(), kind="photo")) for number in (1, 2, 3)]

    assert len({each.story_id for each in saved}) == 3
    assert not any(each.is_copy for each in saved)
    assert check(archive) == []


def test_an_article_without_any_address_is_stored_under_its_key(archive: Archive, save: Save) -> None:
    saved = save(Article(title="Dari berkas"), key="file/abc")

    assert load_article(archive, "file/abc").article_id == saved.article_id
    assert rows(archive, "SELECT count(*) FROM link") == [(0,)]


def test_the_order_is_by_publication_then_listing_then_storing(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    unknown: dict[str, Any] = {"published_at": None, "published_from": None}
    save(make_article(1, title="Banjir stored", **unknown), now=datetime(2026, 7, 3, tzinfo=UTC))
    save(
        make_article(2, title="Banjir listed", **unknown),
        listed_at=datetime(2026, 7, 2, tzinfo=UTC),
        now=datetime(2026, 7, 9, tzinfo=UTC),
    )
    save(
        make_article(3, title="Banjir published", published_at=datetime(2026, 7, 1, tzinfo=UTC)),
        listed_at=datetime(2026, 7, 8, tzinfo=UTC),
        now=datetime(2026, 7, 9, tzinfo=UTC),
    )

    assert titles(archive, "banjir") == ["Banjir stored", "Banjir listed", "Banjir published"]


def test_an_edit_of_an_article_without_dates_does_not_move_it(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    unknown: dict[str, Any] = {"published_at": None, "published_from": None}
    save(make_article(1, **unknown))
    before = rows(archive, "SELECT search_rowid FROM article")

    save(make_article(1, "Teks baru.", **unknown), now=LATER)

    assert rows(archive, "SELECT search_rowid FROM article") == before
    assert check(archive) == []


def test_after_the_last_place_of_a_second_the_next_free_one_is_taken(archive: Archive, save: Save) -> None:
    second = int(NOW.timestamp())
    full, next_second = (second << 12) + 4094, (second + 1) << 12
    with archive.writing() as connection:
        connection.exec_driver_sql("INSERT INTO story (first_stored_at) VALUES (1)")
        for rowid in (full, next_second):
            connection.execute(
                text(
                    "INSERT INTO article (key, kind, title, is_premium, is_complete, story_id, revision, "
                    "first_stored_at, last_stored_at, search_rowid) "
                    "VALUES (:key, 'article', 'x', 0, 1, 1, 1, 1, 1, :rowid)"
                ),
                {"key": str(rowid), "rowid": rowid},
            )

    saved = [save(Article(title="Satu"), key=key) for key in ("1", "2", "3")]

    places = dict(rows(archive, "SELECT id, search_rowid FROM article"))
    assert [places[each.article_id] for each in saved] == [full + 1, next_second + 1, next_second + 2]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=11))),
        datetime(1969, 12, 31, tzinfo=UTC),
        datetime(2026, 7, 24, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_any_printed_moment_comes_back(
    archive: Archive, save: Save, make_article: MakeArticle, moment: datetime
) -> None:
    save(make_article(published_at=moment, modified_at=moment))

    (found,) = search(archive, SearchRequest()).found
    assert found.published_at == moment.replace(microsecond=0)
    assert found.published_at is not None
    assert found.published_at.utcoffset() == moment.utcoffset()
    assert load_article(archive, 1).article.modified_at == moment


def test_a_moment_without_a_zone_is_refused(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        save(make_article(published_at=datetime(2026, 7, 24)))  # noqa: DTZ001  - the point of the test

    assert rows(archive, "SELECT count(*) FROM article") == [(0,)]


def test_topics_are_known_before_their_first_article_and_change_with_the_file(archive: Archive) -> None:
    follow_topics(archive, [Topic("Banjir", ("banjir",))], now=NOW)
    follow_topics(archive, [Topic("Banjir", ("banjir", "rob"))], now=LATER)

    assert count_topics(archive) == {"Banjir": 0}
    assert rows(archive, "SELECT keywords FROM topic") == [('["banjir","rob"]',)]
    assert search(archive, SearchRequest(topic="Banjir")).found == ()


TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS, text=TEXTS, tag=TEXTS, name=TEXTS)
def test_whatever_a_page_holds_can_be_stored_and_read_again(  # noqa: PLR0917  - pytest and hypothesis give by name
    archive: Archive, save: Save, title: str, text: str, tag: str, name: str
) -> None:
    article = Article(title=title, paragraphs=(Paragraph("text", text),), tags=(tag,), sign_off=name)
    key = hashlib.sha256(repr(article).encode()).hexdigest()

    save(article, key=key)

    stored = load_article(archive, key).article
    expected = [each.translate({0: "�", **dict.fromkeys(range(0xD800, 0xE000), "�")}) for each in (title, text, tag)]
    assert [stored.title, stored.text, stored.tags[0]] == expected


def test_revisions_that_are_stored_together_leave_the_last_one_in_the_search(
    archive: Archive, make_article: MakeArticle
) -> None:
    first = make_article(1, "Kucing itu hilang.")
    several = [
        first,
        replace(first, paragraphs=(Paragraph("text", "Kucing itu ditemukan."),)),
        make_article(2),
        replace(first, paragraphs=(Paragraph("text", "Anjing itu pulang."),), published_at=NOW),
    ]

    saved = save_articles(archive, [make_ready(each, key=str(each.content_id), now=NOW) for each in several])

    assert [each.change for each in saved] == ["new", "revised", "new", "revised"]
    assert check(archive) == []
    assert titles(archive, "kucing") == []
    assert titles(archive, "anjing") == [first.title]
