"""Archives that cannot be used: one clear line, the right exit code, nothing half stored."""

import fcntl
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from tests.home import ROOT, Home

SEED = str(ROOT / "seeds/000_d3675def684afb29.txt")


@pytest.fixture
def kept(home: Home) -> Path:
    """An archive with one article."""
    assert home.run("--archive", "a.db", "import", SEED).returncode == 0
    return home.folder / "a.db"


def articles(home: Home) -> int:
    return len(json.loads(home.run("--archive", "a.db", "query", "--json").stdout)["found"])


def test_upgrade_makes_an_archive_and_says_where(home: Home) -> None:
    done = home.run("--archive", "new/a.db", "archive", "upgrade", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["archive"] == str(home.folder / "new/a.db")
    assert home.run("--archive", "new/a.db", "archive", "check").returncode == 0


def test_an_archive_that_another_process_writes_to_is_exit_code_3(home: Home, kept: Path) -> None:
    writer = sqlite3.connect(kept, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    done = home.run(
        "--archive", "a.db", "import", f"{ROOT}/seeds/001_dapur-mbg-lereng-merbabu.txt",
        environment={"TRIBUNWATCH_ARCHIVE_WAIT_S": "0.2"},
    )  # fmt: skip
    writer.close()

    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert articles(home) == 1


def test_a_second_crawl_on_the_same_archive_is_exit_code_3(home: Home, kept: Path) -> None:
    with Path(f"{kept}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = home.run("--archive", "a.db", "crawl", "--site", "http://127.0.0.1:9")

    assert done.returncode == 3
    assert "a crawl of another process is using it" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_newer_archive_is_refused_and_left_alone(home: Home, kept: Path) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = kept.read_bytes()

    read = home.run("--archive", "a.db", "query")
    written = home.run("--archive", "a.db", "import", SEED)

    assert (read.returncode, written.returncode) == (1, 1)
    assert "later Tribunwatch" in read.stderr
    assert "later Tribunwatch" in written.stderr
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("text.db", b"not a database at all, only text" * 100, "text.db"),
        ("folder.db", None, "is a folder"),
        ("mysql://you:secret@localhost/x", None, "not supported"),
    ],
)
def test_what_is_no_archive_is_told_in_one_line(name: str, content: bytes | None, said: str, home: Home) -> None:
    if content:
        (home.folder / name).write_bytes(content)
    elif "://" not in name:
        (home.folder / name).mkdir()

    for command in (["query"], ["import", SEED], ["archive", "check"]):
        done = home.run("--archive", name, *command)
        assert done.returncode == 1
        assert said in done.stderr
        assert "secret" not in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_damage_is_found_and_told(home: Home, kept: Path) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as connection:
        connection.execute("DELETE FROM search")

    done = home.run("--archive", "a.db", "archive", "check")

    assert done.returncode == 1
    assert "search: article 1 is not in the search index" in done.stdout


def test_a_full_disk_is_told_and_nothing_is_half_stored(home: Home, kept: Path) -> None:
    limit_kib = kept.stat().st_size // 1024
    script = f"ulimit -f {limit_kib}; exec {sys.executable} -m tribunwatch --archive a.db import "
    seeds = " ".join(str(path) for path in sorted(ROOT.glob("seeds/0*.txt")))

    done = home.shell(script + seeds)

    assert done.returncode == 1, done.stderr
    assert "no room" in done.stderr
    assert "Traceback" not in done.stderr
    assert home.run("--archive", "a.db", "archive", "check").returncode == 0
    assert articles(home) >= 1


def test_a_demo_makes_its_own_archive_anew_where_the_old_one_cannot_be_used(home: Home) -> None:
    home.demo_archive.parent.mkdir(parents=True)
    with Archive.open(home.demo_archive, create=True) as archive, archive.writing() as connection:
        connection.exec_driver_sql("DROP TABLE rematch")

    done = home.run("demo", "--once")

    assert done.returncode == 0, done.stderr
    assert "Jenderal AS" in home.run("query", "putin").stdout
