"""`tribunwatch archive backup`, `restore` and `copy`: what is told, and the exit code that tells the truth."""

import fcntl
import json
from pathlib import Path

import pytest

from tests.commands.conftest import Type
from tests.home import ROOT, Home

SEED = str(ROOT / "seeds/000_d3675def684afb29.txt")


@pytest.fixture
def kept(type_at: Type, home: Home) -> Path:
    """An archive with one article."""
    assert type_at(home, "--archive", "a.db", "import", SEED).returncode == 0
    return home.folder / "a.db"


def test_a_backup_is_made_and_put_back(type_at: Type, home: Home, kept: Path) -> None:
    made = type_at(home, "--archive", "a.db", "archive", "backup", "backup.db")
    as_json = json.loads(type_at(home, "--archive", "a.db", "archive", "backup", "backup.db", "--json").stdout)
    restored = type_at(home, "--archive", "new.db", "archive", "restore", "backup.db")
    again = type_at(home, "--archive", "new.db", "archive", "restore", "backup.db")

    size = (home.folder / "backup.db").stat().st_size
    assert made.stdout == f"1 articles, 1 revisions, 0 links, 0 pages, {size / 1e6:.1f} MB: backup.db\n"
    assert as_json["archive"] == str(kept)
    assert (as_json["bytes"], as_json["rows"]["article"]) == (size, 1)
    assert restored.stdout == f"1 articles, 1 revisions, 0 links, 0 pages: {home.folder}/new.db\n"
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == (
        f"error: archive {home.folder}/new.db: holds something already; name a new file, or an empty database\n"
    )
    found = [json.loads(type_at(home, "--archive", name, "query", "--json").stdout) for name in ("a.db", "new.db")]
    assert found[0] == found[1] != []


def test_a_copy_goes_to_postgresql_and_is_searched_there(
    type_at: Type, home: Home, kept: Path, empty_database: str
) -> None:
    done = type_at(home, "archive", "copy", "a.db", empty_database, "--json")
    found = [
        json.loads(type_at(home, "--archive", name, "query", "--json").stdout) for name in ("a.db", empty_database)
    ]

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["from"], told["rows"]["article"], told["is_resumed"]) == (str(kept), 1, False)
    assert found[0] == found[1] != []


def test_an_archive_that_a_crawl_uses_is_not_copied(type_at: Type, home: Home, kept: Path) -> None:
    with Path(f"{kept}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = type_at(home, "archive", "copy", "a.db", "b.db")

    assert done.returncode == 3
    assert "a crawl of another process is using it" in done.stderr
    assert not (home.folder / "b.db").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("archive", "backup", "missing/x.db"), 2, "there is no folder"),
        (("archive", "backup", "a.db"), 1, "is an archive in use"),
        (("archive", "restore", "missing.db"), 1, "there is no archive here"),
        (("archive", "copy", "missing.db", "b.db"), 1, "there is no archive here"),
        (("archive", "copy", "a.db", "a.db"), 1, "holds something already"),
        (("archive", "copy", "a.db", "mysql://x/y"), 1, "this kind of database is not supported"),
        (("archive", "copy", "a.db"), 2, "Missing argument 'TO'"),
    ],
)
def test_what_cannot_be_is_one_line(  # noqa: PLR0917  - pytest gives by name
    type_at: Type, arguments: tuple[str, ...], code: int, said: str, home: Home, kept: Path
) -> None:
    before = kept.read_bytes()

    done = type_at(home, "--archive", "a.db", *arguments)

    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert kept.read_bytes() == before
    assert not (home.folder / "b.db").exists()
