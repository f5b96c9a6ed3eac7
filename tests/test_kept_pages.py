"""Kept pages: how long, how many, read again, shown, and given to other tools."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.connect import Archive
from crawler.archive.keeping import PageChoice, kept_fetches, mark_solved, prune_pages
from crawler.archive.pages import FetchedPage
from crawler.archive.reading import check
from crawler.archive.saving import make_ready, save_articles, save_unreadable
from crawler.article import Article
from crawler.errors import MissingPackageError
from crawler.exports.warc import write_warc
from crawler.reparse import unpacked
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, Crawler, listed

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)


class Typed(Crawler):
    """Types any command on the archive of the crawls."""

    def type(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "tribunwatch", "--archive", str(self.path), *arguments]
        return subprocess.run(command, capture_output=True, timeout=240, check=False)

    def json(self, *arguments: str) -> Any:
        return json.loads(self.type(*arguments, "--json").stdout)


@pytest.fixture
def typed(newsroom: Newsroom, tmp_path: Path) -> Typed:
    return Typed(tmp_path, newsroom.url)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "tribunwatch.db", create=True)


def keep(archive: Archive, number: int, *, days_ago: int, size: int, reason: str | None = None) -> None:
    """Keep a page of so many bytes, fetched so many days ago; with a reason, one that could not be read."""
    at = NOW - timedelta(days=days_ago)
    url = f"https://www.tribunnews.com/nasional/{number}/x"
    page = FetchedPage(url, at, b"<html>", packed=b"x" * size, encoding="gzip", is_kept=True)
    if reason:
        save_unreadable(archive, key=f"www.tribunnews.com/{number}", fetched=page, reason=reason, now=at, crawl_id=None)
    else:
        article = Article(title=str(number), url=url, host="www.tribunnews.com", content_id=str(number))
        save_articles(archive, [make_ready(article, key=f"www.tribunnews.com/{number}", fetched=page, now=at)])


def kept(archive: Archive) -> list[str]:
    return [each.key.rpartition("/")[2] for each in kept_fetches(archive, PageChoice())]


def test_pages_are_kept_for_their_days_and_unreadable_ones_until_they_are_solved(archive: Archive) -> None:
    keep(archive, 1, days_ago=20, size=10)
    keep(archive, 2, days_ago=20, size=10, reason="no text")
    keep(archive, 3, days_ago=1, size=10)

    shown = prune_pages(archive, days=14, megabytes=1, now=NOW, dry_run=True)
    before = kept(archive)
    done = prune_pages(archive, days=14, megabytes=1, now=NOW)

    assert shown == done
    assert before == ["1", "2", "3"]
    assert kept(archive) == ["2", "3"]
    assert (done.pages, done.kept_pages, done.unreadable) == (1, 2, 1)


def test_for_want_of_room_the_oldest_go_first_and_unreadable_ones_last(archive: Archive) -> None:
    keep(archive, 1, days_ago=9, size=400_000, reason="no text")
    for number, days_ago in ((2, 8), (3, 7), (4, 6)):
        keep(archive, number, days_ago=days_ago, size=400_000)

    prune_pages(archive, days=14, megabytes=1, now=NOW)
    two = kept(archive)
    prune_pages(archive, days=14, megabytes=0, now=NOW)

    assert two == ["1", "4"]
    assert kept(archive) == []
    assert check(archive) == []


def test_a_page_that_still_cannot_be_read_is_told_and_partly_fails(typed: Typed, newsroom: Newsroom) -> None:
    url = listed(newsroom)[0]
    newsroom.break_layout(url, "body")
    typed()

    done = typed.json("reparse", "--unreadable")

    assert done["outcomes"] == {"unreadable": 1}
    assert typed.type("reparse", url).returncode == 1


def test_a_page_that_todays_parser_can_read_is_solved_by_reading_it_again(typed: Typed, newsroom: Newsroom) -> None:
    typed()
    url = listed(newsroom)[0]
    with Archive.open(typed.path) as archive, archive.writing() as connection:
        connection.exec_driver_sql("UPDATE page SET reason = 'no text' WHERE url LIKE ?", (f"{url}%",))

    shown = typed.json("reparse", "--unreadable")
    applied = typed.json("reparse", "--unreadable", "--apply")
    again = typed.type("reparse", "--unreadable")

    assert shown["outcomes"] == applied["outcomes"] == {"readable": 1}
    assert applied["applied"] == 1
    assert b"no kept page is meant" in again.stderr


def test_a_page_that_was_read_well_later_is_solved(archive: Archive) -> None:
    keep(archive, 1, days_ago=30, size=10, reason="no text")
    keep(archive, 2, days_ago=30, size=10, reason="no text")
    keep(archive, 1, days_ago=1, size=10)

    assert mark_solved(archive, now=NOW) == 1
    prune_pages(archive, days=14, megabytes=1, now=NOW)
    assert kept(archive) == ["2", "1"]


def test_the_evidence_shows_the_last_good_beside_the_first_bad_reading(tmp_path: Path) -> None:
    with Newsroom(articles=150) as newsroom:
        typed = Typed(tmp_path, newsroom.url)
        typed("--limit", "45", listings=ALL_OF_WWW)
        newsroom.break_layout("/*", "authors")
        done = typed(listings=ALL_OF_WWW)

    told = typed.json("crawls", "evidence")
    shown = typed.type("crawls", "evidence").stdout.decode()

    (found,) = told["evidence"]
    assert found["alarm"]["field"] == "authors"
    assert found["good"]["fields"]["authors"]
    assert not found["bad"]["fields"]["authors"]
    assert done.alarms[0]["line"] in shown
    assert f"tribunwatch article page '{found['bad']['url']}'" in shown
    assert b'class="oleh"' in typed.type("article", "page", found["bad"]["url"]).stdout


def test_what_was_accepted_is_how_the_site_is_now(tmp_path: Path) -> None:
    with Newsroom(articles=250) as newsroom:
        typed = Typed(tmp_path, newsroom.url)
        typed("--limit", "40", listings=ALL_OF_WWW)
        newsroom.break_layout("/*", "authors")
        first = typed("--limit", "40", listings=ALL_OF_WWW)
        accepted = typed.json("crawls", "accept", "2")
        second = typed("--limit", "40", listings=ALL_OF_WWW)

    assert (first.code, [each["field"] for each in first.alarms]) == (1, ["authors"])
    assert accepted == {"crawl": 2, "accepted": ["www.tribunnews.com"]}
    assert second.alarms == []


def test_what_todays_parser_reads_otherwise_is_shown_and_only_then_stored(typed: Typed, newsroom: Newsroom) -> None:
    typed()
    url = listed(newsroom)[0]
    with Archive.open(typed.path) as archive, archive.writing() as connection:
        # As an earlier parser would have stored it.
        connection.exec_driver_sql(
            "UPDATE revision SET article = json_set(article, '$.authors', json('[]'), '$.sign_off', NULL) "
            "WHERE article_id = (SELECT article_id FROM link WHERE url = ?)",
            (url,),
        )
    before = typed.stored()

    shown = typed.json("reparse")
    untouched = typed.stored()
    applied = typed.json("reparse", "--apply")
    again = typed.json("reparse", "--apply")

    assert untouched == before
    assert shown["outcomes"]["changed"] == 1
    assert shown["articles"][0]["differences"][0]["field"] == "authors"
    assert (shown["applied"], applied["applied"], again["applied"]) == (0, 1, 0)
    assert set(again["outcomes"]) == {"same"}
    assert typed.stored()[url]["authors"]
    assert "(reparse)" in typed.type("why", url).stdout.decode()
    with Archive.open(typed.path) as archive:
        assert check(archive) == []


def test_kept_pages_are_read_back_from_the_warc_file_by_warcio(typed: Typed, tmp_path: Path) -> None:
    typed()
    file = tmp_path / "pages.warc.gz"

    done = typed.type("export", "--format", "warc", str(file))

    assert done.returncode == 0, done.stderr
    with Archive.open(typed.path, readonly=True) as archive:
        expected = {
            page.url: (unpacked(page), page.fetched_at)
            for each in kept_fetches(archive, PageChoice())
            for page in each.pages
        }
    found = {}
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            if record.rec_type == "response":
                head, http = record.rec_headers, record.http_headers
                assert record.rec_headers.protocol == "WARC/1.1"
                assert (http.get_statuscode(), http.get_header("Content-Encoding")) == ("200", "gzip")
                body = record.content_stream().read()
                found[head.get_header("WARC-Target-URI")] = (
                    body,
                    datetime.fromisoformat(head.get_header("WARC-Date")),
                )
    assert found == expected
    assert [each.name for each in tmp_path.glob("*.part")] == []


def test_without_warcio_one_line_tells_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)

    with pytest.raises(MissingPackageError, match=r"pip install 'tribunwatch\[warc\]'"):
        write_warc(tmp_path / "x.warc", (), software="tribunwatch")

    assert list(tmp_path.iterdir()) == []


def test_a_warc_file_that_cannot_be_written_is_told_in_one_line(typed: Typed, tmp_path: Path) -> None:
    typed()

    done = typed.type("export", "--format", "warc", str(tmp_path / "missing" / "x.warc"))

    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
