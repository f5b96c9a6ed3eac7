"""How an archive is opened, and what a person is told when it cannot be."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from crawler.archive.connect import Archive, sqlite_concern
from crawler.errors import (
    ArchiveBrokenError,
    ArchiveError,
    ArchiveMissingError,
    ArchiveNewerError,
    ArchiveReadOnlyError,
)

OrdinaryUser = Callable[[], AbstractContextManager[None]]


@pytest.mark.sqlite
def test_an_archive_is_safe_against_power_loss_and_keeps_its_references(archive: Archive) -> None:
    with archive.writing() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }

    full = 2
    assert asked == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 200,
        "trusted_schema": 0,
    }


def test_a_writing_transaction_takes_the_lock_before_its_first_question(archive: Archive, path: Path) -> None:
    with archive.writing(), closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

        assert other.execute("SELECT count(*) FROM article").fetchone() == (0,)


def test_a_reading_transaction_takes_no_lock(archive: Archive, path: Path) -> None:
    with archive.reading() as connection, closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        connection.exec_driver_sql("SELECT count(*) FROM article")

        other.execute("BEGIN IMMEDIATE")


def test_folders_that_are_missing_are_made_with_the_archive_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "a.db"

    with pytest.raises(ArchiveMissingError, match="there is no archive here; a crawl makes one"):
        Archive.open(path)
    with pytest.raises(ArchiveMissingError):
        Archive.open(path, create=True, readonly=True)
    assert not (tmp_path / "new").exists()

    Archive.open(path, create=True).close()
    assert path.is_file()


def test_an_archive_is_named_by_its_path_or_by_a_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as by_url, Archive.open("a.db") as by_name:
        assert by_url.location == by_name.location == str(tmp_path / "a.db")


def test_a_name_with_marks_of_urls_is_a_file_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory#b %41 ü.db"

    Archive.open(path, create=True).close()

    assert path.is_file()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("mysql://me:secret@x", r"me:\*\*\*@x: this kind of database is not supported; name a file"),
        ("sqlite:///a.db?mode=ro", r"options after \? are not supported"),
        ("sqlite:///:memory:", "an archive is a file"),
        ("sqlite:///", "an archive is a file"),
        (":memory:", "an archive is a file"),
        ("a\0b.db", "no file name holds a NUL"),
    ],
)
def test_a_location_that_is_no_file_ends_with_one_line(location: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said) as caught:
        Archive.open(location, create=True)

    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"is a folder; name a file, such as .*tribunwatch\.db"):
        Archive.open(tmp_path, create=True)


def test_a_path_through_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(ArchiveError, match=r"(?i)not a directory|exists"):
        Archive.open(tmp_path / "notes.txt" / "a.db", create=True)


@pytest.mark.parametrize("content", [b"Sabtu, 4 Oktober 2025\n" * 400, b"SQLite format 3\0" + b"\1" * 4080])
def test_a_file_of_something_else_is_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    for readonly in (True, False):
        with pytest.raises(ArchiveBrokenError, match="is not a Tribunwatch archive"):
            Archive.open(path, create=not readonly, readonly=readonly)

    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_left_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (name TEXT)")
    before = path.read_bytes()

    for readonly in (True, False):
        with pytest.raises(ArchiveBrokenError, match="is not a Tribunwatch archive"):
            Archive.open(path, create=not readonly, readonly=readonly)

    assert path.read_bytes() == before


def test_an_empty_file_becomes_an_archive_only_where_one_was_to_be_made(path: Path) -> None:
    path.touch()

    with pytest.raises(ArchiveBrokenError, match="is not a Tribunwatch archive"):
        Archive.open(path)
    with Archive.open(path, create=True) as archive, archive.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM link").scalar() == 0


def test_a_start_that_was_killed_before_the_tables_were_there_is_taken_up_again(path: Path) -> None:
    with closing(sqlite3.connect(path)) as begun:
        begun.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size > 0

    with Archive.open(path, create=True) as archive, archive.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM link").scalar() == 0


def test_a_damaged_archive_is_called_damaged(archive: Archive, path: Path) -> None:
    archive.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)

    for readonly in (True, False):
        with pytest.raises(ArchiveBrokenError, match="damaged; keep it"):
            Archive.open(path, readonly=readonly)


def test_an_archive_of_a_later_tribunwatch_is_not_touched(archive: Archive, path: Path) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")
    archive.close()

    for readonly in (True, False):
        with pytest.raises(
            ArchiveNewerError,
            match=r"made by a later Tribunwatch \(schema 7, this one knows 1\); upgrade Tribunwatch",
        ):
            Archive.open(path, readonly=readonly)


def test_a_reader_of_an_older_archive_is_told_how_to_upgrade_it(
    archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.close()
    monkeypatch.setattr("crawler.archive.schema.HEAD", 2)

    with pytest.raises(ArchiveError, match=r"schema 1, this one needs 2\); run: tribunwatch archive upgrade"):
        Archive.open(path, readonly=True)


@pytest.mark.usefixtures("archive")
def test_a_reader_cannot_write(path: Path) -> None:
    with Archive.open(path, readonly=True) as reader:
        with pytest.raises(ArchiveReadOnlyError, match="opened for reading only"), reader.writing():
            pass
        with reader.reading() as connection, pytest.raises(Exception, match="readonly"):
            connection.exec_driver_sql("DELETE FROM link")


def test_a_file_that_may_not_be_written_to_is_read_all_the_same(
    archive: Archive, path: Path, tmp_path: Path, as_ordinary_user: OrdinaryUser
) -> None:
    archive.close()
    path.chmod(0o444)
    tmp_path.chmod(0o555)

    with as_ordinary_user():
        with Archive.open(path, readonly=True) as reader, reader.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM link").scalar() == 0
        with (
            pytest.raises(ArchiveReadOnlyError, match="may not be written to; check who owns"),
            Archive.open(path) as writer,
            writer.writing() as connection,
        ):
            connection.exec_driver_sql("DELETE FROM link")
        with Archive.open(path, readonly=True) as reader, pytest.raises(ArchiveReadOnlyError), reader.crawl_lock():
            pass
    tmp_path.chmod(0o755)


def test_a_log_left_by_a_killed_writer_is_not_passed_over(
    archive: Archive, path: Path, tmp_path: Path, as_ordinary_user: OrdinaryUser
) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('x', 1)")
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(path, copy / "a.db")
    shutil.copy(f"{path}-wal", copy / "a.db-wal")
    copy.chmod(0o555)

    with as_ordinary_user(), pytest.raises(ArchiveReadOnlyError, match="copy the archive with its -wal file"):
        Archive.open(copy / "a.db", readonly=True)
    copy.chmod(0o755)


def test_a_new_archive_in_a_folder_of_somebody_else_says_so(tmp_path: Path, as_ordinary_user: OrdinaryUser) -> None:
    tmp_path.chmod(0o555)

    with as_ordinary_user():
        for path in (tmp_path / "a.db", tmp_path / "deep" / "a.db"):
            with pytest.raises(ArchiveReadOnlyError, match="may not be written to"):
                Archive.open(path, create=True)
    tmp_path.chmod(0o755)


def test_a_file_that_may_not_be_read_says_so(archive: Archive, path: Path, as_ordinary_user: OrdinaryUser) -> None:
    archive.close()
    path.chmod(0)

    with as_ordinary_user():
        for readonly in (True, False):
            with pytest.raises(ArchiveError, match="cannot be opened; check the rights"):
                Archive.open(path, readonly=readonly)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_nothing_is_stored_in_a_file_that_was_taken_away(archive: Archive, path: Path, is_replaced: bool) -> None:
    path.rename(f"{path}-old")
    if is_replaced:
        shutil.copy(f"{path}-old", path)

    with pytest.raises(ArchiveMissingError, match="taken away or replaced while in use"), archive.writing():
        pytest.fail("the archive was written to")

    assert path.exists() == is_replaced


OPEN = """
import sys
import crawler.crawl
from crawler.archive.connect import Archive
Archive.open(sys.argv[1]).close()
print(sorted({"alembic", "psycopg", "sqlalchemy.dialects.postgresql"} & set(sys.modules)))
"""


def test_opening_a_file_that_is_up_to_date_loads_neither_the_migrations_nor_what_a_server_needs(
    archive: Archive, path: Path
) -> None:
    archive.close()

    done = subprocess.run([sys.executable, "-c", OPEN, path], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("version", "is_concern"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_versions_of_sqlite_with_the_wal_reset_fault_are_named(version: tuple[int, int, int], is_concern: bool) -> None:
    concern = sqlite_concern(version)

    assert (concern is not None) == is_concern
    assert concern is None or ".".join(map(str, version)) in concern
