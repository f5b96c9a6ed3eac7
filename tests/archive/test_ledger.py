"""The ledger: what listings named, what is left to do, and how far each address got."""

import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from crawler.archive import reasons
from crawler.archive.connect import Archive
from crawler.archive.ledger import (
    DueLink,
    Recorded,
    due_links,
    known_keys,
    mark,
    mark_listing,
    record_listing,
    validators,
)
from crawler.archive.listings import list_listings
from crawler.archive.pages import FetchedPage, save_unreadable
from crawler.archive.reading import check, life_of
from crawler.article import Link, Listing
from crawler.errors import NotFoundError
from crawler.site import Address, identify
from tests.archive.conftest import NOW, WIB, MakeArticle, Save

SITEMAP = Listing("nasional", "https://www.tribunnews.com/nasional/sitemap-news.xml", "sitemap")
INDEX = Listing("indeks", "https://www.tribunnews.com/indeks", "index")
MINUTE = timedelta(minutes=1)


def a_link(number: int = 7845771, **facts: Any) -> tuple[Link, Address]:
    usual: dict[str, Any] = {
        "url": f"https://www.tribunnews.com/nasional/{number}/banjir",
        "title": f"Banjir {number}",
        "keywords": ("banjir",),
        "published_at": datetime(2026, 7, 24, 8, tzinfo=WIB) + number * timedelta(seconds=1),
        "published_from": "sitemap",
    }
    link = Link(**{**usual, **facts})
    return link, identify(link.url)


KEY = a_link()[1].key


def record(archive: Archive, *links: tuple[Link, Address], **how: Any) -> Recorded:
    usual: dict[str, Any] = {"etag": None, "last_modified": None, "now": NOW, "crawl_id": None}
    given = {**usual, **how}
    listing = given.pop("listing", SITEMAP)
    return record_listing(archive, listing=listing, url=given.pop("url", listing.url), links=links, **given)


def due(archive: Archive, **choice: Any) -> list[DueLink]:
    return due_links(archive, **{"now": NOW, "limit": 100, **choice})


def test_a_listing_gives_links_that_are_due_newest_first(archive: Archive) -> None:
    recorded = record(archive, a_link(1), a_link(3), a_link(2))

    assert recorded == Recorded(seen=3, new=3)
    assert [each.title for each in due(archive)] == ["Banjir 3", "Banjir 2", "Banjir 1"]
    assert due(archive, limit=1) == [
        DueLink(
            key="www.tribunnews.com/3",
            url="https://www.tribunnews.com/nasional/3/banjir",
            title="Banjir 3",
            keywords=("banjir",),
            listed_at=datetime(2026, 7, 24, 8, 0, 3, tzinfo=WIB),
            listed_from="sitemap",
            attempts=0,
        )
    ]


def test_a_time_keeps_the_offset_that_was_printed(archive: Archive) -> None:
    record(archive, a_link())

    listed_at = due(archive)[0].listed_at
    assert listed_at is not None
    assert listed_at.utcoffset() == timedelta(hours=7)


def test_an_identity_named_twice_is_one_link(archive: Archive) -> None:
    link, address = a_link()
    mobile = replace(link, url="https://m.tribunnews.com/amp/nasional/7845771/banjir")

    first = record(archive, (link, address), (mobile, address))
    second = record(archive, (mobile, address), a_link(2))

    assert first == Recorded(seen=1, new=1)
    assert second == Recorded(seen=2, new=1)
    assert due(archive)[0].url == link.url


def test_what_a_later_listing_knows_better_is_taken_over(archive: Archive) -> None:
    roughly, exactly = datetime(2026, 7, 24, 8, tzinfo=WIB), datetime(2026, 7, 24, 8, 0, 41, tzinfo=WIB)
    record(archive, a_link(title=None, keywords=(), published_at=roughly, published_from="index"), listing=INDEX)
    assert due(archive)[0].title is None

    record(archive, a_link(title="Banjir", keywords=("demak",), published_at=exactly))
    record(archive, a_link(title=None, keywords=(), published_at=roughly, published_from="index"), listing=INDEX)

    (known,) = due(archive)
    assert (known.title, known.keywords, known.listed_at) == ("Banjir", ("demak",), exactly)


@pytest.mark.sqlite
def test_listing_a_thousand_links_takes_few_statements(archive: Archive) -> None:
    statements: list[str] = []
    links = [a_link(number) for number in range(1, 1001)]

    with archive.writing() as connection:
        raw: Any = connection.connection.driver_connection
        raw.set_trace_callback(statements.append)
    record(archive, *links)
    raw.set_trace_callback(None)

    others = [each for each in statements if not each.startswith(("INSERT INTO link ", "INSERT INTO link_listing "))]
    assert len(statements) > 2000
    assert len(others) < 15


def test_validators_are_those_of_the_address_that_was_asked(archive: Archive) -> None:
    page = f"{INDEX.url}?page=2"

    record(archive, a_link(1), listing=INDEX, etag='"one"', last_modified="Fri, 24 Jul 2026 01:00:00 GMT")
    record(archive, a_link(2), listing=INDEX, url=page, etag='"two"')

    assert validators(archive, url=INDEX.url) == ('"one"', "Fri, 24 Jul 2026 01:00:00 GMT")
    assert validators(archive, url=page) == ('"two"', None)
    assert validators(archive, url="https://www.tribunnews.com/never") == (None, None)


# What ends a transaction when the second link is stored.
KILL = {
    "sqlite": """
        CREATE TRIGGER killed BEFORE INSERT ON link WHEN substr(NEW.key, -2) = '/2'
        BEGIN SELECT RAISE(ABORT, 'killed'); END
    """,
    "postgresql": """
        CREATE FUNCTION kill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''killed''; END';
        CREATE TRIGGER killed BEFORE INSERT ON link FOR EACH ROW WHEN (right(NEW.key, 2) = '/2')
        EXECUTE FUNCTION kill()
    """,
}


def test_validators_and_links_are_kept_together_or_not_at_all(archive: Archive, kind: str) -> None:
    with archive.writing() as connection:
        connection.connection.cursor().execute(KILL[kind])

    with pytest.raises(Exception, match="killed"):
        record(archive, a_link(1), a_link(2), etag='"one"')

    assert validators(archive, url=SITEMAP.url) == (None, None)
    assert due(archive) == []


def test_a_listing_that_gave_nothing_keeps_its_validators_and_says_why(archive: Archive) -> None:
    record(archive, a_link(), etag='"one"')

    mark_listing(
        archive, listing=SITEMAP, url=SITEMAP.url, reason=reasons.NOT_MODIFIED, now=NOW + MINUTE, crawl_id=None
    )

    (known,) = list_listings(archive)
    assert validators(archive, url=SITEMAP.url) == ('"one"', None)
    assert (known.asked_at, known.changed_at, known.links, known.reason) == (NOW + MINUTE, NOW, 1, "not modified")


def test_a_listing_answered_when_it_gave_links_or_had_not_changed_and_not_when_it_failed(archive: Archive) -> None:
    def answered_at_after(reason: str, minutes: int) -> datetime | None:
        at = NOW + minutes * MINUTE
        mark_listing(archive, listing=SITEMAP, url=SITEMAP.url, reason=reason, now=at, crawl_id=None)
        return list_listings(archive)[0].answered_at

    assert answered_at_after(reasons.TIMEOUT, 0) is None
    record(archive, a_link(), now=NOW + MINUTE)
    assert answered_at_after(reasons.TIMEOUT, 2) == NOW + MINUTE
    assert answered_at_after(reasons.NOT_MODIFIED, 3) == NOW + 3 * MINUTE


def test_a_listing_counts_its_pages_and_sitemaps_as_its_own(archive: Archive) -> None:
    record(archive, a_link(1), a_link(2), listing=INDEX)
    record(archive, a_link(3), listing=INDEX, url=f"{INDEX.url}?page=2", now=NOW + MINUTE)
    record(archive, a_link(3), listing=SITEMAP)

    assert [(each.name, each.links, each.asked_at) for each in list_listings(archive)] == [
        ("indeks", 3, NOW + MINUTE),
        ("nasional", 1, NOW),
    ]


def test_what_is_stored_is_never_due_again_however_often_it_is_listed(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    record(archive, a_link(7))
    save(make_article(7))

    record(archive, a_link(7), now=NOW + MINUTE)
    mark(archive, key="www.tribunnews.com/7", state="failed", reason=reasons.TIMEOUT, now=NOW, crawl_id=None)

    assert due(archive, now=NOW + timedelta(days=30)) == []
    assert check(archive) == []


@pytest.mark.parametrize("state", ["seen", "fetched"])
def test_what_was_begun_and_not_stored_is_due(archive: Archive, state: Any) -> None:
    record(archive, a_link())

    mark(archive, key=KEY, state=state, reason=None, now=NOW, crawl_id=None)

    assert [each.key for each in due(archive)] == [KEY]


@pytest.mark.parametrize("state", ["skipped", "gone"])
def test_what_was_decided_is_not_due(archive: Archive, state: Any) -> None:
    record(archive, a_link())

    mark(archive, key=KEY, state=state, reason=reasons.GONE, now=NOW, crawl_id=None)

    assert due(archive, now=NOW + timedelta(days=30)) == []


def test_a_failure_waits_four_times_as_long_each_time_and_after_five_it_is_given_up(archive: Archive) -> None:
    record(archive, a_link())
    moment, waits = NOW, []
    probed = (0, 1, 4, 5, 6, 19, 20, 21, 79, 80, 81, 319, 320, 321, 1279, 1280, 1440, 2000)

    for attempts in range(1, 6):
        mark(archive, key=KEY, state="failed", reason=reasons.SERVER_ERROR, now=moment, crawl_id=None)
        minutes = next((wait for wait in probed if due(archive, now=moment + wait * MINUTE)), None)
        waits.append(minutes)
        moment += timedelta(days=2)
        assert all(each.attempts == attempts for each in due(archive, now=moment))

    assert waits == [5, 20, 80, 320, None]
    assert due(archive, now=NOW + timedelta(days=900)) == []


@pytest.mark.parametrize(
    ("retry_after_s", "waits_s"),
    [
        (None, 300),
        (10, 300),
        (-5, 300),
        (float("nan"), 300),
        (3600.5, 3600),
        (1e12, 7 * 86400),
        (float("inf"), 7 * 86400),
    ],
)
def test_a_server_may_ask_for_more_patience_but_not_for_ever(
    archive: Archive, retry_after_s: float | None, waits_s: int
) -> None:
    record(archive, a_link())

    mark(
        archive,
        key=KEY,
        state="failed",
        reason=reasons.TOO_MANY_REQUESTS,
        now=NOW,
        crawl_id=None,
        retry_after_s=retry_after_s,
    )

    assert due(archive, now=NOW + timedelta(seconds=waits_s - 1)) == []
    assert len(due(archive, now=NOW + timedelta(seconds=waits_s))) == 1


def test_a_choice_by_time_and_host_leaves_links_without_a_time_in(archive: Archive) -> None:
    start = datetime(2026, 7, 24, 8, tzinfo=WIB)
    bali = Link("https://bali.tribunnews.com/denpasar/9/x", published_at=start, published_from="index")
    record(
        archive, a_link(1), a_link(100), a_link(200, published_at=None, published_from=None), (bali, identify(bali.url))
    )

    def keys(**choice: Any) -> set[str]:
        return {each.key.removeprefix("www.tribunnews.com/") for each in due(archive, **choice)}

    assert keys(since=start + timedelta(seconds=100)) == {"100", "200"}
    assert keys(until=start + timedelta(seconds=100)) == {"1", "200", "bali.tribunnews.com/9"}
    assert keys(hosts={"bali.tribunnews.com"}) == {"bali.tribunnews.com/9"}
    assert keys(hosts=[]) == set()
    assert keys(but_not={"bali.tribunnews.com"}) == keys() - {"bali.tribunnews.com/9"}


def test_an_address_that_no_listing_named_cannot_be_marked(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match=r"www\.tribunnews\.com/1: not in the ledger"):
        mark(archive, key="www.tribunnews.com/1", state="failed", reason=None, now=NOW, crawl_id=None)


def test_known_keys_are_told_apart_from_new_ones(archive: Archive) -> None:
    record(archive, *(a_link(number) for number in range(1, 1201)))

    asked = [f"www.tribunnews.com/{number}" for number in range(1000, 1400)] + ["www.tribunnews.com/1000"]
    assert known_keys(archive, keys=asked) == {f"www.tribunnews.com/{number}" for number in range(1000, 1201)}


def test_a_page_that_could_not_be_read_keeps_its_html_and_its_reason(archive: Archive) -> None:
    record(archive, a_link())
    body = b"<html>\xff\x00" + b"no title here" * 100

    save_unreadable(
        archive,
        key=KEY,
        fetched=FetchedPage("https://www.tribunnews.com/x", NOW, body, content_type="text/html\x00"),
        reason=f"{reasons.LACKS}title",
        now=NOW,
        crawl_id=None,
    )

    life = life_of(archive, address=a_link()[1])
    assert life is not None
    assert life.link is not None
    assert (life.link.state, life.link.reason, life.pages[0].reason) == ("failed", "no title", "no title")
    with archive.reading() as connection:
        kept = connection.exec_driver_sql("SELECT body, bytes, content_type FROM page").one()
    assert (zlib.decompress(kept[0]), kept[1], kept[2]) == (body, len(body), "text/html�")


def test_what_no_database_holds_is_cleaned_on_the_way_in(archive: Archive) -> None:
    record(archive, a_link(title="Ban\x00jir \ud800", keywords=("\udfffx",)), etag="\x00")
    mark(archive, key=KEY, state="failed", reason="refused: \ud800", now=NOW, crawl_id=None)

    (known,) = due(archive, now=NOW + timedelta(days=1))
    assert (known.title, known.keywords) == ("Ban�jir �", ("�x",))
    assert validators(archive, url=SITEMAP.url) == ("�", None)


@pytest.mark.sqlite
def test_the_question_for_what_is_due_reads_only_what_is_pending(archive: Archive) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(archive._engine, "before_cursor_execute", lambda _c, _k, sql, given, *_: asked.append((sql, given)))

    due(archive)

    sql, given = next((sql, given) for sql, given in asked if sql.startswith("SELECT"))
    with archive.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
    assert [line for line in plan if "link" in line] == [
        "SEARCH link USING INDEX ix_link_pending (state=?)",
        "SEARCH link USING INDEX ix_link_retitled_at (retitled_at>?)",
    ]
