"""Backups: whole, compared with the archive, made while it is written to, and put back only where nothing is."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.archive import backup
from crawler.archive.backup import back_up, restore
from crawler.archive.connect import Archive
from crawler.archive.copying import copy_archive
from crawler.archive.deep_check import check_deeply
from crawler.archive.reading import Finding, check
from crawler.archive.tables import metadata
from crawler.errors import ArchiveBrokenError, ArchiveError, ArchiveFullError, ArchiveMissingError, CrawlerError
from tests.archive.conftest import MakeArticle, Save
from tests.archive.test_writing_safely import SAVE_WITHOUT_END, RunPython
from tests.home import ROOT, Home

BACK_UP = """
import sys
from pathlib import Path
from crawler.archive import backup
from crawler.archive.backup import back_up
from crawler.archive.connect import Archive

source, file = sys.argv[1:]
with Archive.open(source, readonly=True) as archive:
    print("ready", flush=True)
    while True:
        back_up(archive, Path(file), tell=lambda *_: None)
"""


def nothing(*_: object) -> None:
    """Tell nobody."""


def found_in(archive: Archive) -> list[Finding]:
    return check(archive) + check_deeply(archive, tell=nothing)


def told(place: str | Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with Archive.open(place, readonly=True) as archive, archive.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def demo(demo_home: Home, tmp_path: Path) -> Path:
    """An archive of a real crawl."""
    with Archive.open(demo_home.demo_archive, readonly=True) as archive:
        back_up(archive, tmp_path / "demo.db", tell=nothing)
    return tmp_path / "demo.db"


def test_a_backup_is_one_file_with_everything_and_restores_to_the_same(demo_home: Home, tmp_path: Path) -> None:
    with Archive.open(demo_home.demo_archive, readonly=True) as archive:
        made = back_up(archive, tmp_path / "backup.db", tell=nothing)

    back = restore(tmp_path / "backup.db", tmp_path / "new" / "a.db", tell=nothing)

    expected = told(demo_home.demo_archive)
    assert told(tmp_path / "new" / "a.db") == expected
    assert made.rows == back.rows == {name: len(rows) for name, rows in expected.items()}
    assert made.bytes == (tmp_path / "backup.db").stat().st_size
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup.db", "new"]
    with Archive.open(tmp_path / "new" / "a.db") as archive:
        assert found_in(archive) == []


def test_a_backup_of_postgresql_is_the_same_file_and_restores_into_either(
    demo: Path, archive_database: str, empty_database: str, tmp_path: Path
) -> None:
    with Archive.open(demo, readonly=True) as archive:
        copy_archive(archive, archive_database, tell=nothing)
    with Archive.open(archive_database, readonly=True) as archive:
        back_up(archive, tmp_path / "backup.db", tell=nothing)

    restore(tmp_path / "backup.db", tmp_path / "a.db", tell=nothing)
    restore(tmp_path / "backup.db", empty_database, tell=nothing)

    assert told(tmp_path / "a.db") == told(empty_database) == told(demo)


def test_a_backup_is_of_one_moment_while_another_process_writes(
    path: Path, run_python: RunPython, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES_A_STEP", 8)
    steps: list[tuple[object, ...]] = []

    def wait(*step: object) -> None:
        steps.append(step)
        time.sleep(0.02)

    with run_python(SAVE_WITHOUT_END, path, "www.tribunnews.com", 1) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(30)][-1]
        with Archive.open(path, readonly=True) as archive:
            back_up(archive, path.with_name("backup.db"), tell=wait)
        later = int(writer.stdout.readline())
        writer.kill()
        writer.communicate()

    assert len(steps) > 5
    rows = told(path.with_name("backup.db"))
    assert said <= len(rows["article"])
    assert len({len(rows[name]) for name in ("article", "revision", "page", "link")}) == 1
    assert later > said
    with Archive.open(path.with_name("backup.db")) as archive:
        assert found_in(archive) == []


def test_killed_at_any_moment_the_older_backup_is_whole(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    expected = told(demo)

    for number in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", BACK_UP, str(demo), str(file)], env=Home(tmp_path).environment, cwd=ROOT,
            stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.07 * number)
            process.send_signal(signal.SIGKILL)

        assert not file.exists() or told(file) == expected
    with Archive.open(demo, readonly=True) as archive:
        back_up(archive, file, tell=nothing)

    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    assert told(file) == expected


def test_interrupted_while_restoring_nothing_is_there(demo: Path, tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(demo, tmp_path / "a.db", tell=interrupt)

    assert [each.name for each in tmp_path.iterdir()] == ["demo.db"]


def test_an_archive_with_anything_in_it_is_never_written_over(
    place: str, save: Save, make_article: MakeArticle, demo: Path
) -> None:
    save(make_article())
    before = told(place)

    with pytest.raises(ArchiveError, match="holds something already"):
        restore(demo, place, tell=nothing)

    assert told(place) == before


def test_an_empty_archive_takes_a_backup(archive: Archive, place: str, demo: Path) -> None:
    restore(demo, place, tell=nothing)

    assert told(place) == told(demo)
    assert found_in(archive) == []


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, ArchiveMissingError), (b"not a backup" * 1000, ArchiveBrokenError), (b"", ArchiveBrokenError)],
)
def test_what_is_no_backup_is_told_and_nothing_is_made(
    content: bytes | None, error: type[CrawlerError], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "x.db").write_bytes(content)

    with pytest.raises(error):
        restore(tmp_path / "x.db", tmp_path / "a.db", tell=nothing)

    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("place", [0.3, 0.5, 0.8])
def test_a_damaged_backup_is_told_and_nothing_is_made(place: float, demo: Path, tmp_path: Path) -> None:
    whole = bytearray(demo.read_bytes())
    at = int(len(whole) * place) // 4096 * 4096
    whole[at : at + 4096] = b"\xa5" * 4096
    demo.write_bytes(whole)

    with pytest.raises(ArchiveBrokenError):
        restore(demo, tmp_path / "a.db", tell=nothing)

    assert [each.name for each in tmp_path.iterdir()] == ["demo.db"]


def test_a_cut_backup_is_told_and_nothing_is_made(demo: Path, tmp_path: Path) -> None:
    demo.write_bytes(demo.read_bytes()[: 100 * 4096])

    with pytest.raises(ArchiveBrokenError):
        restore(demo, tmp_path / "a.db", tell=nothing)

    assert [each.name for each in tmp_path.iterdir()] == ["demo.db"]


def test_no_backup_is_made_of_a_damaged_archive(demo: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(demo, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM story WHERE id = (SELECT min(story_id) FROM article)")

    with Archive.open(demo, readonly=True) as archive, pytest.raises(ArchiveBrokenError):
        back_up(archive, tmp_path / "backup.db", tell=nothing)

    assert [each.name for each in tmp_path.iterdir()] == ["demo.db"]


def test_without_room_the_older_backup_stays(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_bytes(demo.read_bytes())
    before = file.read_bytes()
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))\n{BACK_UP}"

    done = subprocess.run(
        [sys.executable, "-c", code, str(demo), str(file)], env=Home(tmp_path).environment, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ArchiveFullError.__name__ in done.stderr.splitlines()[-1]
    assert f"archive {file}: no room left" in done.stderr.splitlines()[-1]
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_something_else_is_not_written_over(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with (
        Archive.open(demo, readonly=True) as archive,
        pytest.raises(ArchiveError, match="something else than a backup"),
    ):
        back_up(archive, tmp_path / "thesis.doc", tell=nothing)

    with Archive.open(demo) as archive, pytest.raises(ArchiveError, match="is an archive in use"):
        back_up(archive, demo, tell=nothing)

    assert (tmp_path / "thesis.doc").read_text() == "mine"
    assert told(demo)["article"]


def test_a_backup_can_be_read_where_nothing_may_be_written(demo: Path, as_ordinary_user: Any) -> None:
    demo.parent.chmod(0o555)
    demo.chmod(0o444)

    with as_ordinary_user():
        rows = told(demo)

    assert rows["article"]
