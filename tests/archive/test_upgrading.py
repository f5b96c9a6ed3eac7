"""An older archive is brought up to date under a lock, a backup first: killed at any moment, it is old or new."""

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import inspect

from crawler.archive import schema
from crawler.archive.backup import restore
from crawler.archive.connect import Archive
from crawler.archive.reading import check, newest_articles
from crawler.archive.upgrading import Upgraded, upgrade_with_backup
from crawler.archive.upkeep import list_upkeep
from crawler.errors import ArchiveFullError, ArchiveHeldError, ArchiveOlderError
from tests.archive.conftest import NOW, MakeArticle, Save
from tests.archive.test_backup import nothing
from tests.archive.test_schema import migrations_with
from tests.archive.test_writing_safely import RunPython

# So many kills on each database; each is a whole upgrade.
KILLS = 8
UPGRADE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.archive import schema
from crawler.archive.upgrading import upgrade_with_backup

place, folder, schema.MIGRATIONS = sys.argv[1:]
schema.HEAD = 2
def tell(*_):
    print("on the way", flush=True)
print("begun", flush=True)
done = upgrade_with_backup(place, folder=Path(folder), clock=lambda: datetime.now(UTC), tell=tell)
print("upgraded" if done else "nothing to do", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def migrations(tmp_path: Path) -> str:
    """A folder of migrations with one more than we have."""
    return migrations_with(tmp_path / "migrations", "pass")


@pytest.fixture
def filled(archive: Archive, save: Save, make_article: MakeArticle) -> Archive:
    for number in range(3):
        save(make_article(number))
    return archive


@pytest.fixture
def later(filled: Archive, migrations: str, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The archive, seen by a Tribunwatch that has one schema more."""
    monkeypatch.setattr(schema, "HEAD", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    return filled


def upgrade(place: str, folder: Path) -> Upgraded | None:
    return upgrade_with_backup(place, folder=folder, clock=lambda: NOW, tell=nothing, wait_s=0.2)


def number_of(archive: Archive) -> tuple[int, bool]:
    """Return the schema that an archive says it has, and whether it has what the second brings."""
    with archive.reading() as connection:
        number = int(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
        return number, any(column["name"] == "mood" for column in inspect(connection).get_columns("topic"))


def test_an_older_archive_is_not_opened_until_it_is_brought_up_to_date(
    later: Archive, place: str, folder: Path
) -> None:
    for readonly in (True, False):
        with pytest.raises(ArchiveOlderError, match=r"schema 1, this one needs 2\); run: tribunwatch archive upgrade"):
            Archive.open(place, readonly=readonly)

    done = upgrade(place, folder)

    assert done is not None
    assert (done.was, number_of(later)) == (1, (2, True))
    with Archive.open(place) as archive:
        assert check(archive) == []
        assert len(list(newest_articles(archive))) == 3
        (row,) = list_upkeep(archive)
    assert (row.task, row.state, row.report["file"]) == ("upgrade", "succeeded", str(done.backup))


@pytest.mark.usefixtures("later")
def test_the_backup_holds_the_archive_as_it_was_and_can_be_gone_back_to(
    place: str, folder: Path, tmp_path: Path
) -> None:
    done = upgrade(place, folder)
    assert done is not None

    restore(done.backup, tmp_path / "back.db", tell=nothing)

    with Archive.open(tmp_path / "back.db", older=True) as back:
        assert number_of(back) == (1, False)
    assert upgrade(str(tmp_path / "back.db"), folder) is not None
    with Archive.open(tmp_path / "back.db") as back:
        assert check(back) == []
        assert len(list(newest_articles(back))) == 3


@pytest.mark.usefixtures("filled")
def test_what_is_up_to_date_is_left_alone(place: str, folder: Path) -> None:
    assert upgrade(place, folder) is None
    assert not folder.exists()


def test_without_a_backup_nothing_is_changed(
    later: Archive, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise ArchiveFullError(str(folder), "no room")

    monkeypatch.setattr("crawler.archive.upgrading.back_up", full)
    with pytest.raises(ArchiveFullError):
        upgrade(place, folder)

    assert number_of(later) == (1, False)


def test_a_migration_that_fails_leaves_the_archive_as_it_was(
    later: Archive, place: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = migrations_with(tmp_path / "failing", "op.execute('SELECT * FROM nowhere')")
    monkeypatch.setattr(schema, "MIGRATIONS", failing)

    with pytest.raises(Exception, match="nowhere"):
        upgrade(place, folder)

    assert number_of(later) == (1, False)
    monkeypatch.setattr(schema, "HEAD", 1)
    assert check(later) == []


def test_while_a_crawl_goes_on_it_is_not_touched(later: Archive, place: str, folder: Path) -> None:
    with later.crawl_lock(), pytest.raises(ArchiveHeldError, match="a crawl of process"):
        upgrade(place, folder)

    assert number_of(later) == (1, False)


def test_of_several_services_that_start_at_once_one_does_it_and_the_others_wait(
    filled: Archive, place: str, folder: Path, migrations: str, run_python: RunPython
) -> None:
    starting = [run_python(UPGRADE, place, folder, migrations) for _ in range(4)]

    ends = [process.communicate(timeout=120) for process in starting]

    assert sorted(out.splitlines()[-1] for out, _ in ends) == ["nothing to do"] * 3 + ["upgraded"], ends
    assert number_of(filled) == (2, True)


@pytest.mark.slow
def test_killed_at_any_moment_it_is_old_or_new_and_never_between(
    filled: Archive, place: str, folder: Path, migrations: str, run_python: RunPython
) -> None:
    chance = random.Random(5)  # noqa: S311  - kills need no cryptography
    seen = set()
    for _ in range(KILLS):
        with run_python(UPGRADE, place, folder, migrations) as process:
            assert process.stdout is not None
            for _ in range(chance.choice((1, 3, 10))):
                process.stdout.readline()
            time.sleep(chance.uniform(0, 0.5))
            process.kill()
            process.communicate()
        found = number_of(filled)
        seen.add(found)
        assert found in {(1, False), (2, True)}
        if found == (2, True):
            with filled.writing() as connection:
                connection.exec_driver_sql("ALTER TABLE topic DROP COLUMN mood")
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    out, _ = run_python(UPGRADE, place, folder, migrations).communicate(timeout=120)

    assert out.splitlines()[-1] == "upgraded"
    assert number_of(filled) == (2, True)
    assert (1, False) in seen
    assert [each.name for each in folder.iterdir()] == [f"{folder_stem(filled)}-before-schema-2.db"]


def folder_stem(archive: Archive) -> str:
    return archive.path.stem if archive.path else archive.location.rpartition("/")[2]
