"""The folder of backups: each is restored into a new place and compared before an older one goes."""

import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from crawler.archive.backup import Backup, back_up, restore
from crawler.archive.checks import check
from crawler.archive.connect import Archive
from crawler.archive.copying import Tell, differing
from crawler.archive.standing import size_of
from crawler.errors import ArchiveBrokenError, ArchiveFullError, OutputFileError

_NAME: Final = "{stem}-{at:%Y%m%dT%H%M%SZ}.db"
_TEST: Final = ".{stem}-test-"
# The backup, what is restored from it, and some air.
_ROOM: Final = 2.2


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup in the folder, made when its name says."""

    file: Path
    made_at: datetime
    bytes: int


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup that was made and tested, which older ones went for it, and what `check` found in it."""

    file: Path
    bytes: int
    rows: Mapping[str, int]
    let_go: Sequence[str]
    findings: Sequence[str]


def keep_backup(archive: Archive, folder: Path, *, keep: int, now: datetime, tell: Tell) -> KeptBackup:
    """Make a backup, restore it into a new place, compare both row by row, and then let go of older ones.

    To be called under `Archive.upkeep_lock`. The last `keep` backups of this archive stay; what else is in the folder
    stays as well.

    Raises:
        ArchiveFullError: There is no room for the backup and its test; nothing was written.
        ArchiveBrokenError: What was restored is not what the archive holds; that backup is taken away, older ones stay.
        OutputFileError: The folder cannot be made.
    """
    make_folder(folder)
    stem = stem_of(archive)
    for left in folder.glob(f"{_TEST.format(stem=stem)}*"):
        shutil.rmtree(left, ignore_errors=True)
    _expect_room(archive, folder)
    file = folder / _NAME.format(stem=stem, at=now.astimezone(UTC))
    made = back_up(archive, file, tell=tell)
    try:
        findings = _test(made, file, folder / f"{_TEST.format(stem=stem)}{secrets.token_hex(4)}", tell)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    older = list_backups(archive, folder)[keep:]
    for each in older:
        each.file.unlink(missing_ok=True)
    return KeptBackup(file, made.bytes, made.rows, tuple(each.file.name for each in older), findings)


def make_folder(folder: Path) -> None:
    """Make the folder where it is missing, with those above it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFileError(str(folder), error.strerror or str(error)) from error


def list_backups(archive: Archive, folder: Path) -> list[BackupFile]:
    """Return the backups of an archive in the folder, newest first."""
    pattern = re.compile(re.escape(stem_of(archive)) + r"-(\d{8}T\d{6}Z)\.db", re.ASCII)
    found = []
    if folder.is_dir():
        for entry in os.scandir(folder):
            named = pattern.fullmatch(entry.name)
            if named and entry.is_file(follow_symlinks=False):
                made_at = datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
                found.append(BackupFile(Path(entry.path), made_at, entry.stat().st_size))
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def _test(made: Backup, file: Path, place: Path, tell: Tell) -> tuple[str, ...]:
    """Restore a backup where nothing is, compare every row of both, and return what is wrong in either."""
    place.mkdir()
    try:
        restored = restore(file, place / "archive.db", tell=tell)
        with Archive.open(file, readonly=True) as backup, Archive.open(restored.location) as copy:
            findings = tuple(finding.detail for finding in check(copy))
            with backup.reading() as connection:
                table = differing(connection, copy, 2 * sum(made.rows.values()), tell)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if table is not None or restored.rows != made.rows:
        what = f"the table {table}" if table else "the number of rows"
        raise ArchiveBrokenError(str(file), f"{what} is another one when it is restored, so the backup was taken away")
    return findings


def _expect_room(archive: Archive, folder: Path) -> None:
    needed, free = int(_ROOM * size_of(archive)), shutil.disk_usage(folder).free
    if free < needed:
        raise ArchiveFullError(
            str(folder),
            f"a backup and its test need {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free; make room, or set "
            "backup.folder to another disk",
        )


def stem_of(archive: Archive) -> str:
    """Return how the backups of an archive begin: by the name of its file, or of its database."""
    if archive.path is not None:
        return archive.path.stem
    name = archive.location.rpartition("/")[2].partition("?")[0]
    return re.sub(r"[^A-Za-z0-9_-]", "-", name) or "archive"
