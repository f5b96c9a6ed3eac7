"""Backups in their folder: restored and compared before an older one goes; rows tell what was done."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive import backup_folder
from crawler.archive.backup import back_up, restore
from crawler.archive.backup_folder import keep_backup, list_backups
from crawler.archive.connect import Archive
from crawler.archive.run_tables import firing, schedule
from crawler.archive.services import end_service, register_service
from crawler.archive.upkeep import Asked, list_upkeep, lose_upkeep, settle_upkeep, tending, unanswered
from crawler.errors import ArchiveBrokenError, ArchiveError, ArchiveFullError, ArchiveHeldError
from crawler.processes import this_process
from tests.archive.conftest import NOW, MakeArticle, Save
from tests.archive.test_backup import nothing, told
from tests.archive.test_writing_safely import RunPython

HOLD = """
import sys
from datetime import UTC, datetime
from crawler.archive.connect import Archive
from crawler.archive.upkeep import tending
with Archive.open(sys.argv[1]) as archive, tending(archive, "backup", clock=lambda: datetime.now(UTC)):
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def kept(archive: Archive, folder: Path, *, keep: int = 2, hours: int = 0) -> Path:
    return keep_backup(archive, folder, keep=keep, now=NOW + timedelta(hours=hours), tell=nothing).file


def test_a_backup_is_made_tested_and_older_ones_go(
    archive: Archive, place: str, save: Save, make_article: MakeArticle, folder: Path
) -> None:
    files = []
    for hours in range(4):
        save(make_article(hours + 1))
        files.append(kept(archive, folder, hours=hours))

    assert [each.file for each in list_backups(archive, folder)] == [files[3], files[2]]
    assert sorted(each.name for each in folder.iterdir()) == [files[2].name, files[3].name]
    assert list_backups(archive, folder)[0].made_at == NOW + timedelta(hours=3)
    assert told(files[3]) == told(place)


def test_what_else_is_in_the_folder_stays(archive: Archive, folder: Path) -> None:
    folder.mkdir()
    others = ("other-20200101T000000Z.db", "tribunwatch-notes.txt", "tribunwatch-20200101T000000Z.db.old")
    for name in others:
        (folder / name).write_text("mine")

    for hours in range(3):
        kept(archive, folder, keep=1, hours=hours)

    assert {each.name for each in folder.iterdir()} >= set(others)
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("page", [0.4, 0.9])
def test_a_backup_that_does_not_restore_is_taken_away_and_the_older_ones_stay(  # noqa: PLR0917  - pytest gives by name
    archive: Archive, save: Save, make_article: MakeArticle, folder: Path, monkeypatch: pytest.MonkeyPatch, page: float
) -> None:
    for number in range(40):
        save(make_article(number))
    older = kept(archive, folder, keep=1)

    def spoilt(archive: Archive, file: Path, **how: object) -> object:
        """Do what a disk does that loses a page after it was written."""
        made = back_up(archive, file, **how)  # type: ignore[arg-type]
        content = bytearray(file.read_bytes())
        at = int(len(content) * page) // 4096 * 4096
        content[at : at + 4096] = b"\xa5" * 4096
        file.write_bytes(content)
        return made

    monkeypatch.setattr(backup_folder, "back_up", spoilt)
    with pytest.raises(ArchiveError):
        kept(archive, folder, keep=1, hours=1)

    assert list(folder.iterdir()) == [older]


def test_a_row_that_is_another_one_when_restored_is_found(
    archive: Archive, save: Save, make_article: MakeArticle, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(make_article())

    def spoilt(file: Path, place: Path, **how: object) -> object:
        back = restore(file, place, **how)  # type: ignore[arg-type]
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            connection.execute("UPDATE revision SET content_hash = 'x'")
        return back

    monkeypatch.setattr(backup_folder, "restore", spoilt)
    with pytest.raises(ArchiveBrokenError, match="the table revision is another one when it is restored"):
        kept(archive, folder)

    assert list(folder.iterdir()) == []


def test_without_room_for_backup_and_test_nothing_is_written(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = kept(archive, folder)
    monkeypatch.setattr(backup_folder, "_ROOM", 1e12)

    with pytest.raises(ArchiveFullError, match=r"need \d+ MB, and \d+ MB are free; make room, or set backup.folder"):
        kept(archive, folder, hours=1)

    assert list(folder.iterdir()) == [older]


def test_what_a_killed_test_left_goes_with_the_next_one(archive: Archive, folder: Path) -> None:
    file = kept(archive, folder)
    left = folder / f".{file.name.partition('-')[0]}-test-0123abcd"
    left.mkdir()
    (left / "archive.db").write_bytes(b"x" * 100)

    kept(archive, folder, hours=1)

    assert not left.exists()


def test_an_upkeep_is_kept_with_what_it_brought_or_why_it_failed(archive: Archive) -> None:
    with tending(archive, "prune", clock=lambda: NOW) as work:
        work.report = {"articles": 3}
    with pytest.raises(ArchiveFullError), tending(archive, "backup", clock=lambda: NOW):
        raise ArchiveFullError("here", "no room")

    failed, done = list_upkeep(archive)

    assert (done.task, done.state, done.report, done.ended_at) == ("prune", "succeeded", {"articles": 3}, NOW)
    assert (failed.task, failed.state, failed.reason) == ("backup", "failed", "archive here: no room")


def test_one_upkeep_at_a_time_and_the_second_is_told_who_the_first_is(
    archive: Archive, place: str, run_python: RunPython
) -> None:
    with run_python(HOLD, place) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "begun\n"

        with (
            pytest.raises(ArchiveHeldError, match=f"the upkeep of process {holder.pid}"),
            tending(archive, "prune", clock=lambda: NOW),
        ):
            pytest.fail("two at once")
        with archive.crawl_lock():
            crawled = True
        still = lose_upkeep(archive, now=NOW)
        holder.communicate("")

    assert crawled
    assert still == 0
    assert [(each.task, each.state) for each in list_upkeep(archive)] == [("prune", "failed"), ("backup", "succeeded")]


def test_a_killed_upkeep_is_lost_and_the_next_begins(archive: Archive, place: str, run_python: RunPython) -> None:
    for _ in range(2):
        with run_python(HOLD, place) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            holder.kill()
        with tending(archive, "prune", clock=lambda: NOW):
            pass
    with run_python(HOLD, place) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()

    lost = lose_upkeep(archive, now=NOW)

    assert lost == 1
    assert [each.state for each in list_upkeep(archive)] == ["lost", "succeeded", "lost", "succeeded", "lost"]
    assert list_upkeep(archive)[0].reason == "its process ended without a word"


def _fire(archive: Archive, task: str, *moments: int, service_id: int | None = None, state: str = "due") -> list[int]:
    named = {"name": f"{task}{service_id}{state}", "made_at": 1, "changed_at": 1, "settled_at": 1}
    words = {"plan": "1d", "zone": "UTC", "origin": "settings", "task": task}
    with archive.writing() as connection:
        made = schedule.insert().values(**named, **words).returning(schedule.c.id)
        one = {"schedule_id": connection.execute(made).scalar_one(), "state": state, "service_id": service_id}
        rows = [firing.insert().values(**one, scheduled_for=at, made_at=at) for at in moments]
        return [connection.execute(row.returning(firing.c.id)).scalar_one() for row in rows]


def test_what_a_dead_service_was_asked_for_is_done_once_by_the_next(archive: Archive) -> None:
    how = {"process": this_process(), "version": "1", "address": None, "now": NOW}
    alive, dead = (register_service(archive, **how) for _ in range(2))  # type: ignore[arg-type]
    end_service(archive, dead, now=NOW)
    _fire(archive, "backup", 1, service_id=alive)
    _fire(archive, "prune", 1, service_id=dead, state="missed")
    _, _, newest = _fire(archive, "prune", 10, 20, 30, service_id=dead)
    (other,) = _fire(archive, "backup", 40, service_id=dead)

    left = unanswered(archive, service_id=alive, now=NOW)
    with tending(archive, "prune", clock=lambda: NOW, asked=Asked(newest, alive)):
        pass

    assert left == [("prune", newest), ("backup", other)]
    assert unanswered(archive, service_id=alive, now=NOW) == [("backup", other)]
    assert unanswered(archive, service_id=dead, now=NOW) == []
    assert sorted(each.state for each in list_upkeep(archive)) == ["failed", "failed", "succeeded"]
    with (
        pytest.raises(ArchiveHeldError, match="was done before"),
        tending(archive, "prune", clock=lambda: NOW, asked=Asked(newest, alive)),
    ):
        pytest.fail("twice")


def test_a_firing_whose_process_said_nothing_is_answered_with_the_reason(archive: Archive) -> None:
    first, second = _fire(archive, "prune", 10, 20)

    settle_upkeep(archive, "prune", asked=Asked(first), reason="killed by signal 9", now=NOW)
    with tending(archive, "prune", clock=lambda: NOW, asked=Asked(second)):
        pass
    settle_upkeep(archive, "prune", asked=Asked(second), reason="not this one", now=NOW)

    done = [(each.state, each.reason) for each in list_upkeep(archive)]
    assert done == [("succeeded", None), ("failed", "killed by signal 9")]
