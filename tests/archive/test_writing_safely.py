"""What is stored stays stored, whole or not at all: killed, full disk, other writers."""

import resource
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DataError, IntegrityError

from crawler.archive.connect import Archive
from crawler.archive.reading import check, newest_articles
from crawler.archive.saving import make_ready, save_articles
from crawler.errors import HELD, ArchiveError, ArchiveFullError, ArchiveHeldError
from tests.archive.conftest import NOW, MakeArticle, Save

RunPython = Callable[..., "subprocess.Popen[str]"]

# Saves articles without end, and says so after each: what it said must be there afterwards.
SAVE_WITHOUT_END = """
import sys
from datetime import UTC, datetime
from itertools import count
from crawler.archive.connect import Archive
from crawler.archive.saving import FetchedPage, make_ready, save_articles
from crawler.article import Article, Paragraph
from crawler.topics import Topic, TopicSet

path, host, first = sys.argv[1:]
now = datetime(2026, 7, 24, tzinfo=UTC)
topics = TopicSet([Topic("Banjir", ("banjir",))])
with Archive.open(path, create=True) as archive:
    for number in count(int(first)):
        url = f"https://{host}/nasional/{number}/x"
        article = Article(
            title=f"Banjir {number}", url=url, host=host, content_id=str(number),
            paragraphs=tuple(Paragraph("text", f"Banjir nomor {number} {part} {host}.") for part in range(20)),
        )
        page = FetchedPage(url, now, b"x")
        ready = make_ready(
            article, key=f"{host}/{number}", matches=topics.match(article), fetched=page, now=now
        )
        save_articles(archive, [ready])
        print(number, flush=True)
"""


def _count(archive: Archive, table: str) -> int:
    with archive.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608  - our own names


def test_whatever_was_acknowledged_survives_a_kill_and_nothing_is_half_there(place: str, run_python: RunPython) -> None:
    acknowledged: set[int] = set()
    for killed_after in (1, 2, 7, 20, 45):
        with run_python(SAVE_WITHOUT_END, place, "www.tribunnews.com", 1000 * killed_after) as writer:
            assert writer.stdout is not None
            acknowledged.update(int(writer.stdout.readline()) for _ in range(killed_after))
            writer.kill()
            acknowledged.update(int(line) for line in writer.stdout.read().split())

    with Archive.open(place) as archive:
        kept = {int(each.article.content_id or 0) for each in newest_articles(archive)}
        counted = [
            _count(archive, table) for table in ("article", "revision", "search", "page", "link", "article_topic")
        ]
        assert check(archive) == []

    assert acknowledged <= kept
    assert len(kept - acknowledged) <= 5
    assert counted == [len(kept)] * 6


def test_two_processes_write_at_once_and_neither_loses_anything(
    archive: Archive, place: str, run_python: RunPython
) -> None:
    writers = {host: run_python(SAVE_WITHOUT_END, place, host, 1) for host in ("a.example", "b.example")}

    said: set[str] = set()
    for host, writer in writers.items():
        assert writer.stdout is not None
        said.update(f"{host}/{writer.stdout.readline().strip()}" for _ in range(60))
    for writer in writers.values():
        writer.kill()
        writer.communicate()

    assert said <= {f"{each.article.host}/{each.article.content_id}" for each in newest_articles(archive)}
    assert len(said) == 120
    assert check(archive) == []


def test_a_reader_sees_the_archive_as_it_stood_while_another_writes(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(1))
    with archive.reading() as reader:
        before = reader.exec_driver_sql("SELECT count(*) FROM article").scalar()

        save(make_article(2))

        assert reader.exec_driver_sql("SELECT count(*) FROM article").scalar() == before == 1
    assert _count(archive, "article") == 2


def test_a_write_waits_for_another_process_and_then_says_that_it_was_held(
    archive: Archive, place: str, save: Save, make_article: MakeArticle
) -> None:
    with Archive.open(place) as other, other.writing():  # noqa: SIM117  - the one holds it, the other asks
        with pytest.raises(ArchiveHeldError, match="is writing to it and did not end in time") as caught:
            save(make_article())

    assert caught.value.exit_code == HELD
    assert save(make_article()).change == "new"
    assert check(archive) == []


def test_a_full_disk_stores_nothing_of_the_step_and_keeps_what_was_there(
    archive: Archive, path: Path, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(1))
    before = (_count(archive, "article"), _count(archive, "search"), _count(archive, "link"))
    log_bytes = Path(f"{path}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    huge = make_article(2, *("Banjir besar sekali. " * 50_000,))

    # Python ignores SIGXFSZ, so the write itself fails, as it does under a quota.
    resource.setrlimit(resource.RLIMIT_FSIZE, (log_bytes + 100_000, hard))
    try:
        with pytest.raises(ArchiveFullError, match="nothing of this step was stored: make room"):
            save(huge)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (_count(archive, "article"), _count(archive, "search"), _count(archive, "link")) == before
    assert save(huge).change == "new"
    assert check(archive) == []


@pytest.mark.sqlite
def test_a_database_that_may_grow_no_further_says_that_it_is_full(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    with archive.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(ArchiveFullError):
        save(make_article(2, *("Banjir besar sekali. " * 50_000,)))

    assert _count(archive, "article") == 0


@pytest.mark.parametrize(
    "fail",
    [
        lambda connection: connection.exec_driver_sql("INSERT INTO link (key) VALUES ('x')"),
        lambda _: (_ for _ in ()).throw(KeyboardInterrupt),
    ],
)
def test_whatever_ends_a_transaction_nothing_of_it_stays(
    archive: Archive, fail: Callable[[Connection], object]
) -> None:
    with pytest.raises((IntegrityError, KeyboardInterrupt)), archive.writing() as connection:  # noqa: PT012  - a transaction
        connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('x', 1)")
        connection.exec_driver_sql("CREATE TABLE made (x INTEGER)")
        fail(connection)

    assert _count(archive, "topic") == 0
    with archive.reading() as connection:
        assert not inspect(connection).has_table("made")


def test_a_savepoint_rolls_back_alone(archive: Archive) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('kept', 1)")
        with connection.begin_nested() as savepoint:
            connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('dropped', 1)")
            savepoint.rollback()

    with archive.reading() as connection:
        assert connection.exec_driver_sql("SELECT name FROM topic").scalars().all() == ["kept"]


def test_a_savepoint_that_was_released_rolls_back_with_its_transaction(archive: Archive) -> None:
    with pytest.raises(KeyboardInterrupt), archive.writing() as connection:  # noqa: PT012  - a transaction
        with connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('x', 1)")
        raise KeyboardInterrupt

    assert _count(archive, "topic") == 0


def test_a_reference_to_nothing_is_refused(archive: Archive) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), archive.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO revision (article_id, number, stored_at, content_hash, article) VALUES (99, 1, 1, 'x', '{}')"
        )


def test_a_table_takes_no_text_for_a_number(archive: Archive) -> None:
    with (
        pytest.raises((IntegrityError, DataError), match=r"cannot store TEXT|invalid input syntax"),
        archive.writing() as connection,
    ):
        connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('x', 'yesterday')")


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("crawl", "state, requested_at, options", "'begun', 1, '{}'"),
        ("listing", "url, name, kind, first_asked_at, asked_at", "'u', 'n', 'feed', 1, 1"),
        ("link", "key, url, first_seen_at, last_seen_at, times_seen, state, state_at", "'k', 'u', 1, 1, 1, 'done', 1"),
    ],
)
def test_a_word_that_is_no_state_is_refused(archive: Archive, table: str, columns: str, values: str) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)check constraint"), archive.writing() as connection:
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({values})")  # noqa: S608  - our own words


def test_two_threads_write_to_one_archive(new_place: str, make_article: MakeArticle) -> None:
    readies = [make_ready(make_article(number), key=f"{number}", now=NOW) for number in range(1, 41)]

    with Archive.open(new_place, create=True) as archive, ThreadPoolExecutor(4) as threads:
        saved = [each for (each,) in threads.map(lambda ready: save_articles(archive, [ready]), readies)]

        assert len({each.article_id for each in saved}) == 40
        assert check(archive) == []


def test_damage_met_while_reading_is_told_as_damage(
    archive: Archive, path: Path, save: Save, make_article: MakeArticle
) -> None:
    for number in range(1, 120):
        save(make_article(number), now=NOW)
    archive.close()
    content = bytearray(path.read_bytes())
    # What is needed to open it stays readable; the newest half is noise.
    for page in range(len(content) // 4096 // 2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 4096] = b"\xa5" * 4096
    path.write_bytes(content)

    with Archive.open(path) as damaged:
        findings = check(damaged)
        with pytest.raises(ArchiveError, match="damaged; keep it, and go on with a backup"):
            list(newest_articles(damaged))

    assert {finding.what for finding in findings} >= {"damaged"}
