"""A title that changes in the listing: the article behind it is looked at once more."""

from datetime import timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.ledger import mark
from crawler.site import identify
from tests.archive.conftest import NOW, MakeArticle, Save
from tests.archive.test_ledger import a_link, due, record

LINK = a_link()[0]
ADDRESS = identify(LINK.url)


@pytest.fixture
def stored(archive: Archive, make_article: MakeArticle, save: Save) -> Archive:
    """An archive with one link, and its article stored."""
    record(archive, a_link())
    save(make_article(url=ADDRESS.url, content_id=ADDRESS.content_id, host=ADDRESS.host), key=ADDRESS.key)
    assert due(archive) == []
    return archive


@pytest.mark.fact("7.18")
def test_what_is_stored_is_due_once_more_when_its_listing_gives_it_another_title(stored: Archive) -> None:
    record(stored, a_link(title="UPDATE Banjir"))

    (again,) = due(stored)

    assert (again.key, again.title) == (ADDRESS.key, "UPDATE Banjir")


def test_stored_again_it_is_due_no_more(stored: Archive, make_article: MakeArticle, save: Save) -> None:
    record(stored, a_link(title="UPDATE Banjir"))
    save(make_article(title="UPDATE Banjir", content_id=ADDRESS.content_id, host=ADDRESS.host), key=ADDRESS.key)

    record(stored, a_link(title="UPDATE Banjir"))

    assert due(stored) == []


def test_the_same_title_in_another_kind_of_listing_changes_nothing(stored: Archive) -> None:
    record(stored, a_link(title="Banjir 7845771 …", published_from="index"))
    record(stored, a_link())

    assert due(stored) == []


def test_a_listing_without_titles_changes_nothing(stored: Archive) -> None:
    record(stored, a_link(title=None))
    record(stored, a_link())

    assert due(stored) == []


def test_a_title_that_changes_at_every_look_is_not_followed_for_ever(stored: Archive) -> None:
    for number in range(30):
        record(stored, a_link(title=f"Banjir pukul {number}"))
        if not due(stored):
            break
        with stored.writing() as connection:
            connection.exec_driver_sql("UPDATE link SET retitled_at = NULL")

    assert 1 < number < 30


def test_a_look_that_fails_is_tried_again_and_the_article_stays_stored(stored: Archive) -> None:
    record(stored, a_link(title="UPDATE Banjir"))
    mark(stored, key=ADDRESS.key, state="failed", reason="timeout", now=NOW, crawl_id=None)

    assert due(stored) == []
    assert len(due(stored, now=NOW + timedelta(hours=1))) == 1


def test_what_is_gone_is_looked_at_no_more(stored: Archive) -> None:
    record(stored, a_link(title="UPDATE Banjir"))
    mark(stored, key=ADDRESS.key, state="gone", reason="not found (404)", now=NOW, crawl_id=None)

    assert due(stored, now=NOW + timedelta(days=9)) == []


def test_what_is_not_wanted_any_more_is_not_looked_at(stored: Archive) -> None:
    record(stored, a_link(title="UPDATE Banjir"), refusals={ADDRESS.key: "not followed: section nasional"})

    assert due(stored) == []
