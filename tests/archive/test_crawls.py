"""The crawls: begun, ended, lost, listed."""

from datetime import timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import begin_crawl, end_crawl, list_crawls, load_crawl
from crawler.errors import NotFoundError
from tests.archive.conftest import NOW


def test_a_crawl_is_kept_with_its_options_and_its_report(archive: Archive) -> None:
    crawl_id = begin_crawl(archive, options={"limit": 5, "topic": None}, now=NOW)
    begun = load_crawl(archive, crawl_id=crawl_id)

    end_crawl(
        archive,
        crawl_id=crawl_id,
        state="partial",
        report={"stored": 3, "notes": ["a\x00b"]},
        now=NOW + timedelta(minutes=1),
    )

    ended = load_crawl(archive, crawl_id=crawl_id)
    assert (begun.state, begun.started_at, begun.ended_at, begun.report) == ("running", NOW, None, {})
    assert (ended.state, ended.ended_at, ended.options) == (
        "partial",
        NOW + timedelta(minutes=1),
        {"limit": 5, "topic": None},
    )
    assert ended.report == {"stored": 3, "notes": ["a�b"]}


def test_a_crawl_that_never_ended_is_lost_when_the_next_begins(archive: Archive) -> None:
    first = begin_crawl(archive, options={}, now=NOW)
    second = begin_crawl(archive, options={}, now=NOW)
    end_crawl(archive, crawl_id=second, state="succeeded", report={}, now=NOW)
    third = begin_crawl(archive, options={}, now=NOW)

    assert [(each.crawl_id, each.state) for each in list_crawls(archive)] == [
        (third, "running"),
        (second, "succeeded"),
        (first, "lost"),
    ]
    assert [each.crawl_id for each in list_crawls(archive, limit=1)] == [third]


def test_a_crawl_that_never_was_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match="no crawl 7 in the archive; see: tribunwatch crawls list"):
        load_crawl(archive, crawl_id=7)
    with pytest.raises(NotFoundError, match="no crawl 7"):
        end_crawl(archive, crawl_id=7, state="succeeded", report={}, now=NOW)
