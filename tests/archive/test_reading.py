"""Reading: one article by any of its names, the life of an address, and whether the archive is sound."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.archive import reasons
from crawler.archive.connect import Archive
from crawler.archive.ledger import mark, record_listing
from crawler.archive.pages import FetchedPage
from crawler.archive.reading import check, life_of, load_article, newest_articles
from crawler.article import Link, Listing
from crawler.errors import NotFoundError
from crawler.site import identify
from crawler.topics import Topic, TopicSet
from tests.archive.conftest import NOW, WIB, MakeArticle, Save, count_topics

TOPICS = TopicSet([Topic("Banjir", ("banjir", "tanggul")), Topic("Bola", ("PSSI",))])
URL = "https://www.tribunnews.com/nasional/7/banjir"
SITEMAP = Listing("nasional", "https://www.tribunnews.com/nasional/sitemap-news.xml", "sitemap")


@pytest.mark.parametrize(
    "ref",
    [
        1,
        "1",
        " 1 ",
        URL,
        "https://m.tribunnews.com/amp/nasional/7/banjir?page=all#x",
        "www.tribunnews.com/7",
        "dated",
        URL[8:],
    ],
)
def test_an_article_is_loaded_by_any_of_its_names(
    archive: Archive, save: Save, make_article: MakeArticle, ref: str | int
) -> None:
    article = make_article(7)
    save(article, TOPICS.match(article), key="dated")

    stored = load_article(archive, ref)

    assert stored.article == article
    assert stored.matches == TOPICS.match(article)
    assert (stored.article_id, stored.key, stored.revision, stored.revisions) == (1, "dated", 1, 1)
    assert (stored.first_stored_at, stored.stored_at, stored.also_at) == (NOW, NOW, ())


@pytest.mark.parametrize(
    "ref",
    [2, 0, -1, "99999999999999999999999", URL + "-", "https://example.com/", "", "x\x00", "%", "www.tribunnews.com/8"],
)
def test_what_is_not_there_is_not_found(archive: Archive, ref: str | int) -> None:
    with pytest.raises(NotFoundError, match=r"no article .* in the archive; see: tribunwatch why URL") as caught:
        load_article(archive, ref)

    assert "\n" not in str(caught.value)


def test_all_articles_come_newest_first_however_many(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    for number in range(1, 411):
        save(make_article(number, "Pendek."))

    assert [each.article.content_id for each in newest_articles(archive)] == [str(n) for n in range(410, 0, -1)]


def test_an_address_that_was_never_seen_has_no_life(archive: Archive) -> None:
    assert life_of(archive, address=identify(URL)) is None


def _list(archive: Archive, now: datetime = NOW, url: str = SITEMAP.url) -> None:
    link = Link(URL, "Banjir", ("demak",), datetime(2026, 7, 24, 8, tzinfo=WIB), "sitemap")
    record_listing(
        archive,
        listing=SITEMAP,
        url=url,
        links=[(link, identify(URL))],
        etag=None,
        last_modified=None,
        now=now,
        crawl_id=None,
    )


def test_the_life_of_an_address_is_told_from_its_listing_to_its_revisions(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    _list(archive)
    _list(archive, NOW + timedelta(minutes=5), SITEMAP.url + "?2")
    _list(archive, NOW + timedelta(minutes=9))
    article = make_article(7, "Tanggul jebol.")
    save(article, TOPICS.match(article), fetched=FetchedPage(URL, NOW, b"x"))
    edited = replace(article, title="Judul", tags=(), paragraphs=())
    save(edited, TOPICS.match(edited), now=NOW + timedelta(hours=1))

    life = life_of(archive, address=identify(URL))

    assert life is not None
    assert life.link is not None
    assert (life.link.state, life.link.times_seen, life.link.listed_from) == ("stored", 3, "sitemap")
    assert [(each.url, each.last_seen_at) for each in life.listings] == [
        (SITEMAP.url, NOW + timedelta(minutes=9)),
        (SITEMAP.url + "?2", NOW + timedelta(minutes=5)),
    ]
    assert [(each.title, each.topics) for each in life.revisions] == [
        ("Banjir di Demak, hari 7", {"Banjir": ("Banjir (title)", "Tanggul (text)", "Banjir (tag)")}),
        ("Judul", {}),
    ]
    assert life.lines(lambda moment: moment.astimezone(WIB).strftime("%H:%M")) == [
        f"listed    08:02  by nasional ({SITEMAP.url}), last 08:11",
        f"listed    08:07  by nasional ({SITEMAP.url}?2), last 08:07",
        "seen      08:02  first, last 08:11, 3 times",
        "title     Banjir",
        "dated     08:00  by the sitemap",
        "fetched   08:02  status 200, 1 bytes",
        "stored    08:02  article 1, revision 1",
        "matched   Banjir: Banjir (title), Tanggul (text), Banjir (tag)",
        "stored    09:02  article 1, revision 2",
        "matched   no topic",
        "state     09:02  stored",
    ]


def _last_line(archive: Archive) -> str:
    life = life_of(archive, address=identify(URL))
    assert life is not None
    return life.lines(lambda moment: moment.astimezone(WIB).strftime("%H:%M"))[-1]


def test_the_life_says_why_an_article_is_not_there(archive: Archive) -> None:
    _list(archive)
    assert _last_line(archive) == "state     08:02  seen; the next crawl that wants it fetches it"

    for attempts in range(1, 6):
        mark(archive, key="www.tribunnews.com/7", state="failed", reason=reasons.TIMEOUT, now=NOW, crawl_id=None)
        if attempts == 1:
            assert _last_line(archive) == "state     08:02  failed: timeout; attempt 2 of 5 from 08:07"
    assert _last_line(archive) == "state     08:02  failed: timeout; given up after 5 attempts"

    mark(archive, key="www.tribunnews.com/7", state="gone", reason=reasons.NOT_FOUND, now=NOW, crawl_id=None)
    assert _last_line(archive) == "state     08:02  gone: not found (404)"


def test_the_life_of_another_address_of_the_same_content_names_it(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(7), key="www.tribunnews.com/nasional/2026/07/24/banjir")

    life = life_of(archive, address=identify(URL))

    assert life is not None
    assert life.link is None
    assert life.lines(str)[0].startswith("same as   www.tribunnews.com/nasional/2026/07/24/banjir")


@pytest.mark.parametrize("readonly", [False, True])
def test_a_sound_archive_has_no_findings(
    archive: Archive, place: str, save: Save, make_article: MakeArticle, readonly: bool
) -> None:
    _list(archive)
    for number in (7, 7, 8):
        article = make_article(number)
        save(article, TOPICS.match(article))
    save(make_article(7, "Edit."))

    with Archive.open(place, readonly=readonly) as opened:
        assert check(opened) == []


# Let rows be harmed that refer to each other.
WITHOUT_REFERENCES = {
    "sqlite": "PRAGMA foreign_keys = OFF",
    "postgresql": "SET session_replication_role = replica; SET default_transaction_read_only = off",
}


@pytest.mark.parametrize(
    ("harm", "what", "detail"),
    [
        (
            "DELETE FROM search WHERE rowid IN (SELECT search_rowid FROM article)",
            "search",
            "article 1 is not in the search",
        ),
        (
            "UPDATE search SET rowid = 5",
            "search",
            "row 5 of the search index belongs to no article",
        ),
        ("UPDATE article SET revision = 2", "revision", "article 1 and its revisions do not agree"),
        ("DELETE FROM revision", "revision", "article 1 and its revisions do not agree"),
        ("UPDATE article_topic SET search_rowid = NULL", "topic", "the topics of article 1"),
        ("UPDATE link SET article_id = NULL", "ledger", "www.tribunnews.com/7 is marked as stored, but has no article"),
        (
            "UPDATE link SET state = 'seen'",
            "ledger",
            "www.tribunnews.com/7 has an article, but is not marked as stored",
        ),
        ("UPDATE article SET story_id = 9", "lost reference", "row 1 of article names a missing row of story"),
    ],
)
def test_whatever_does_not_fit_together_is_found(  # noqa: PLR0917  - pytest gives by name
    archive: Archive, kind: str, save: Save, make_article: MakeArticle, harm: str, what: str, detail: str
) -> None:
    article = make_article(7)
    save(article, TOPICS.match(article))
    _harm(archive, kind, harm)

    found = check(archive)

    assert [finding.what for finding in found if detail in finding.detail] == [what]


@pytest.mark.sqlite
def test_an_index_that_does_not_agree_with_its_own_rows_is_found(
    archive: Archive, kind: str, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(7))
    _harm(archive, kind, "UPDATE search_content SET c1 = 'lain'")

    assert [finding.what for finding in check(archive)] == ["damaged"]


def _harm(archive: Archive, kind: str, statement: str) -> None:
    with archive.reading() as connection:
        raw: Any = connection.connection.driver_connection
        connection.exec_driver_sql("COMMIT")
        raw.execute(WITHOUT_REFERENCES[kind])
        raw.execute(statement)
        connection.exec_driver_sql("BEGIN")


def test_topics_are_counted_as_they_are_now(archive: Archive, save: Save, make_article: MakeArticle) -> None:
    for number in (1, 2):
        article = make_article(number)
        save(article, TOPICS.match(article))
    save(make_article(2, "Lain.", title="Lain", tags=()))

    assert count_topics(archive) == {"Banjir": 1}
