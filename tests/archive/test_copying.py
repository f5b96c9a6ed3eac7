"""An archive copied into another one, between both databases: everything, once, also after kills."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from crawler.archive import copying
from crawler.archive.connect import Archive
from crawler.archive.copying import copy_archive
from crawler.archive.crawls import list_crawls
from crawler.archive.deep_check import check_deeply
from crawler.archive.firings import write_firing
from crawler.archive.lease import add_lines, begin_crawl, claim_crawl, end_crawl
from crawler.archive.reading import Finding, check
from crawler.archive.requests import request_crawl
from crawler.archive.saving import make_ready, save_articles
from crawler.archive.schedules import Order, load_schedule, set_schedule
from crawler.archive.services import register_service
from crawler.archive.tables import article, host, link, listing, metadata, search, search_vectors
from crawler.archive.upkeep import Asked, tending
from crawler.article import Article, Paragraph
from crawler.crawl_options import CrawlOptions
from crawler.errors import ArchiveBrokenError, ArchiveError, ArchiveHeldError
from crawler.processes import this_process
from tests.archive.conftest import NOW, MakeArticle
from tests.home import ROOT, Home

Tables = dict[str, list[tuple[Any, ...]]]
COPY = """
import sys
from crawler.archive.connect import Archive
from crawler.archive.copying import copy_archive

source, target = sys.argv[1:]
with Archive.open(source, readonly=True) as archive:
    copy_archive(archive, target, tell=lambda *step: print(*step, flush=True))
"""


def nothing(*_: object) -> None:
    """Tell nobody."""


def found_in(archive: Archive) -> list[Finding]:
    return check(archive) + check_deeply(archive, tell=nothing)


def told(archive: Archive) -> Tables:
    """Return every row of every table, and of the search index."""
    with archive.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        } | {"search": list(_indexed(archive, connection))}


def _indexed(archive: Archive, connection: Connection) -> Iterator[tuple[Any, ...]]:
    """Yield every place of the search index with its words, in an order of their own."""
    if archive.path is None:
        words = func.tsvector_to_array(search_vectors.c.words)
        for rowid, found in connection.execute(select(search_vectors.c.rowid, words).order_by(search_vectors.c.rowid)):
            yield rowid, sorted(found)
        return
    for rowid, title, lead, text, tags, author, marks in connection.execute(select(search).order_by(search.c.rowid)):
        signs = {"@": author, "=": marks, "+": title, "#": tags}
        signed = {f"{sign}{word}" for sign, words in signs.items() for word in words.split()}
        yield rowid, sorted({*f"{title} {lead} {text} {tags}".split(), *signed})


@pytest.fixture
def demo(demo_home: Home) -> Iterator[Archive]:
    """What a real crawl left: listings with their pages, links, bodies, revisions, stories, topics, readings."""
    with Archive.open(demo_home.demo_archive, readonly=True) as archive:
        yield archive


def test_everything_goes_to_postgresql_and_back(demo: Archive, empty_database: str, tmp_path: Path) -> None:
    copied = copy_archive(demo, empty_database, tell=nothing)
    with Archive.open(empty_database) as there:
        copy_archive(there, tmp_path / "back.db", tell=nothing)
        on_server, wrong_there = told(there), found_in(there)
    with Archive.open(tmp_path / "back.db") as back:
        in_file, wrong_here = told(back), found_in(back)

    expected = told(demo)
    assert on_server == expected
    assert in_file == expected
    assert (wrong_there, wrong_here) == ([], [])
    assert copied.rows == {name: len(rows) for name, rows in expected.items() if name != "search"}
    assert copied.rows["article"] > 20
    assert not copied.is_resumed


def test_a_copy_goes_on_with_numbers_of_its_own(demo: Archive, empty_database: str, make_article: MakeArticle) -> None:
    copy_archive(demo, empty_database, tell=nothing)

    with Archive.open(empty_database) as there:
        saved = save_articles(there, [make_ready(make_article(9_000_001), key="x/1", now=NOW)])[0]
        with there.writing() as connection:
            connection.execute(insert(listing).values(url="x", name="x", kind="index", first_asked_at=1, asked_at=1))

        assert saved.change == "new"
        assert found_in(there) == []


def test_a_listing_may_be_part_of_a_later_one(path: Path, archive: Archive, tmp_path: Path) -> None:
    with archive.writing() as connection:
        usual = {"name": "x", "kind": "index", "first_asked_at": 1, "asked_at": 1}
        connection.execute(insert(listing).values(id=1, url="a", **usual))
        connection.execute(insert(listing).values(id=2, url="b", **usual))
        connection.execute(update(listing).where(listing.c.id == 1).values(parent_id=2))

    copy_archive(archive, tmp_path / "copy.db", tell=nothing)

    with Archive.open(tmp_path / "copy.db") as copy:
        assert told(copy) == told(archive)
    assert path.exists()


def test_what_services_did_and_were_doing_comes_along(archive: Archive, tmp_path: Path) -> None:
    how: Any = {"process": this_process(), "now": NOW}
    service_id = register_service(archive, **how, version="1", address=None)
    set_schedule(archive, Order("nightly", "1d", "UTC", "archive", task="backup"), now=NOW)
    first = begin_crawl(archive, **how, options=CrawlOptions().as_json())
    with archive.writing() as connection:
        add_lines(connection, first.crawl_id, [(NOW, "INFO", "listing read")])
        wanted: Any = {"schedule_id": load_schedule(archive, "nightly").schedule_id, "crawl_id": None}
        firing_id = write_firing(
            connection, **wanted, scheduled_for=NOW, state="due", reason="", now=NOW, service_id=service_id
        )
    end_crawl(archive, first, state="interrupted", now=NOW)
    request_crawl(archive, options=CrawlOptions().as_json(), cause="retry", now=NOW, retry_of=first.crawl_id)
    claim_crawl(archive, **how, service_id=service_id)
    with tending(archive, "backup", clock=lambda: NOW, asked=Asked(firing_id, service_id)):
        pass

    copy_archive(archive, tmp_path / "copy.db", tell=nothing)

    with Archive.open(tmp_path / "copy.db") as copy:
        rows, wrong = told(copy), found_in(copy)
        begin_crawl(copy, **how, options=CrawlOptions().as_json())
        states = [each.state for each in list_crawls(copy)]
    assert rows == told(archive)
    assert wrong == []
    assert all(rows[name] for name in ("service", "schedule", "firing", "upkeep", "crawl_line"))
    # Nobody is at work in a copy: the next to begin finds what says so, and has it gone on with.
    assert states == ["running", "queued", "lost", "interrupted"]


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that takes several batches of every kind."""
    path = tmp_path_factory.mktemp("large") / "large.db"
    with Archive.open(path, create=True) as archive:
        articles = (
            Article(
                title=f"Banjir {number}", url=f"https://www.tribunnews.com/nasional/{number}/x",
                host="www.tribunnews.com", content_id=str(number), authors=("Siti", f"Budi {number}"),
                paragraphs=(Paragraph("text", f"Banjir nomor {number} merendam kota {number % 7}."),),
            )
            for number in range(2_400)
        )  # fmt: skip
        save_articles(archive, [make_ready(each, key=f"x/{each.content_id}", now=NOW) for each in articles])
    return path


@pytest.fixture
def large(large_file: Path, tmp_path: Path) -> Iterator[Archive]:
    """The same, to be changed at will."""
    shutil.copy(large_file, tmp_path / "large.db")
    with Archive.open(tmp_path / "large.db") as archive:
        yield archive


def start(source: Archive, target: str | Path, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", COPY, source.location, str(target)],
        env=Home(folder).environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_killed_at_any_moment_it_goes_on_and_ends_as_if_it_never_had_been(
    large: Archive, place: str, tmp_path: Path
) -> None:
    chance = random.Random(20260724)  # noqa: S311  - moments, not secrets
    refused = 0

    for steps in (1, 8, 12, 15):
        with start(large, place, tmp_path) as process:
            assert process.stdout is not None
            for _ in range(steps):
                process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.03))
            process.send_signal(signal.SIGKILL)
        try:
            Archive.open(place, readonly=True).close()
        except ArchiveBrokenError:
            pytest.fail("half a copy is told as what it is")
        except ArchiveError as error:
            refused += "a copy that was not finished" in str(error)
    copied = copy_archive(large, place, tell=nothing)

    with Archive.open(place) as copy:
        assert told(copy) == told(large)
        assert found_in(copy) == []
    assert refused >= 3
    assert copied.is_resumed


def test_what_was_changed_between_two_runs_is_copied_anew(
    large: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_off_after(monkeypatch, "link", large, tmp_path / "copy.db")
    with large.writing() as connection:
        connection.execute(update(link).where(link.c.id == 7).values(title="Judul lain"))

    copied = copy_archive(large, tmp_path / "copy.db", tell=nothing)

    assert (copied.is_resumed, copied.is_begun_anew) == (True, True)
    with Archive.open(tmp_path / "copy.db") as copy:
        assert told(copy) == told(large)


def test_what_stands_in_the_way_of_an_earlier_run_goes(
    large: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_article: MakeArticle
) -> None:
    _break_off_after(monkeypatch, "article", large, tmp_path / "copy.db")
    save_articles(large, [make_ready(make_article(9_000_003), key="x/late", now=NOW)])
    with large.writing() as connection:
        place = connection.execute(select(article.c.search_rowid).where(article.c.id == 3)).scalar_one()
        connection.execute(update(article).where(article.c.id == 3).values(search_rowid=1))
        connection.execute(update(article).where(article.c.key == "x/late").values(search_rowid=place))

    copied = copy_archive(large, tmp_path / "copy.db", tell=nothing)

    assert copied.is_begun_anew
    with Archive.open(tmp_path / "copy.db") as copy:
        assert {name: rows for name, rows in told(copy).items() if name != "search"} == {
            name: rows for name, rows in told(large).items() if name != "search"
        }


def test_what_is_stored_meanwhile_is_not_in_the_copy(large: Archive, tmp_path: Path, make_article: MakeArticle) -> None:
    before = told(large)
    late = [make_ready(make_article(9_000_002), key="x/late", now=NOW)]

    def store(_: str, done: int, total: int) -> None:
        if late and done > total // 2 > 0:
            save_articles(large, [late.pop()])

    copied = copy_archive(large, tmp_path / "copy.db", tell=store)

    assert not late
    assert not copied.is_begun_anew
    with Archive.open(tmp_path / "copy.db") as copy:
        assert told(copy) == before


def test_a_copy_that_differs_is_told_and_stays_unfinished(
    large: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.db"
    finish = copying._index

    def spoil(archive: Archive, *rest: Any) -> None:
        finish(archive, *rest)
        with archive.writing() as connection:
            connection.execute(update(article).where(article.c.id == 5).values(title="x"))

    monkeypatch.setattr(copying, "_index", spoil)
    with pytest.raises(ArchiveBrokenError, match="the table article is not as it was copied"):
        copy_archive(large, target, tell=nothing)

    with pytest.raises(ArchiveError, match="a copy that was not finished"):
        Archive.open(target)


def test_a_target_that_holds_something_stays_as_it_is(large: Archive, archive: Archive) -> None:
    with archive.writing() as connection:
        connection.execute(insert(host).values(name="jabar.tribunnews.com"))
    before = told(archive)

    with pytest.raises(ArchiveError, match="holds something already"):
        copy_archive(large, archive.address, tell=nothing)

    assert told(archive) == before


def test_an_archive_is_not_copied_into_itself(archive: Archive, path: Path) -> None:
    with pytest.raises(ArchiveError, match="holds something already"):
        copy_archive(archive, path, tell=nothing)

    Archive.open(path).close()


def test_two_copies_do_not_write_to_one_target(large: Archive, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    with Archive.open(target, create=True) as held, held.crawl_lock(), pytest.raises(ArchiveHeldError):
        copy_archive(large, target, tell=nothing)


def _break_off_after(monkeypatch: pytest.MonkeyPatch, table: str, source: Archive, target: Path) -> None:
    class Broken(Exception):  # noqa: N818  - what stands for a kill
        pass

    def tell(name: str, done: int, total: int) -> None:
        if name == table and done == total:
            raise Broken

    with pytest.raises(Broken):
        copy_archive(source, target, tell=tell)
    monkeypatch.undo()
