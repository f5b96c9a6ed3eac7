"""`tribunwatch archive backup`, `restore` and `copy`: everything that is stored, a second time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.asked import ASKED
from crawler.commands.door import Command, Door
from crawler.commands.output import counted, in_wib, plain, print_json, print_table
from crawler.commands.progress import steps
from crawler.errors import ArchiveReadOnlyError

if TYPE_CHECKING:
    from crawler.archive.backup_folder import BackupFile
    from crawler.archive.connect import Archive
    from crawler.archive.upkeep import Asked


@click.command(cls=Command)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@ASKED
@click.pass_obj
def backup(door: Door, *, file: Path | None, asked: "Asked") -> None:
    """Write everything that the archive holds now into FILE, also while a crawl goes on, and read it over.

    FILE is an archive of SQLite by itself, whatever database it came from. It gets its name when it is whole; an older
    backup of that name is replaced then. Without FILE, it is put into the folder of backups (backup.folder), restored
    into a new place and compared, and then older ones go (backup.keep); a service does so by a schedule.
    """
    from crawler.archive.backup import back_up

    if file is None:
        _keep_backup(door, asked)
        return
    with door.open_archive() as archive, steps(door) as tell:
        location, done = archive.location, back_up(archive, file, tell=tell)
    if door.as_json:
        print_json({"archive": location, "file": str(file), "bytes": done.bytes, "rows": done.rows})
    else:
        click.echo(f"{counted(done.rows)}, {done.bytes / 1e6:.1f} MB: {plain(file)}")


@click.command(cls=Command)
@click.option(
    "--limit", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="So many of what was done."
)
@click.pass_obj
def backups(door: Door, *, limit: int) -> None:
    """List the backups in the folder of backups, and what was last done to look after the archive."""
    from crawler.archive.backup_folder import list_backups
    from crawler.archive.upkeep import list_upkeep

    folder = door.settings.backup_folder
    with door.open_archive() as archive:
        done, files = list_upkeep(archive, limit=limit), list_backups(archive, folder)
    if door.as_json:
        print_json(
            {
                "folder": str(folder),
                "backups": [_as_json(each) for each in files],
                "upkeep": [asdict(each) for each in done],
            }
        )
        return
    if files:
        rows = [(in_wib(each.made_at), f"{each.bytes / 1e6:.1f} MB", each.file) for each in files]
        print_table(("made (WIB)", "size", "file"), rows, color=not door.no_color)
    else:
        door.say(f"no backups in {folder}; see: tribunwatch archive backup --help")
    if done:
        told = [(in_wib(each.started_at), each.task, each.state, each.reason or "") for each in done]
        print_table(("begun (WIB)", "task", "state", "reason"), told, color=not door.no_color)


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(door: Door, *, file: Path) -> None:
    """Put the backup FILE back as the archive, where there is none yet, or an empty one.

    The archive is that of the settings, or of --archive: a file, or a database on PostgreSQL.
    """
    from crawler.archive.backup import restore as put_back

    location = str(door.settings.archive_path)
    with steps(door) as tell:
        done = put_back(file, location, tell=tell, wait_s=door.settings.archive.wait_s)
    if door.as_json:
        print_json({"archive": done.location, "file": str(file), "rows": done.rows})
    else:
        click.echo(f"{counted(done.rows)}: {plain(done.location)}")


@click.command(cls=Command)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.pass_obj
def copy(door: Door, *, source: str, target: str) -> None:
    """Copy everything from one archive into a new or empty one; each is a file or postgresql://USER@HOST/DATABASE.

    Broken off, the same command goes on where it was. At the end every table is compared on both sides; until then TO
    is no archive. No crawl can use FROM meanwhile.
    """
    from crawler.archive.connect import Archive
    from crawler.archive.copying import copy_archive

    wait_s = door.settings.archive.wait_s
    with Archive.open(source, readonly=True, wait_s=wait_s) as archive, _held(archive), steps(door) as tell:
        done = copy_archive(archive, target, tell=tell, wait_s=wait_s)
    if done.is_begun_anew:
        door.say("what an earlier run had copied was changed since, so everything was copied anew")
    elif done.is_resumed:
        door.say("gone on where an earlier run was broken off")
    if door.as_json:
        print_json({"from": archive.location, "to": done.location, "rows": done.rows, "is_resumed": done.is_resumed})
    else:
        click.echo(f"{counted(done.rows)}, compared on both sides: {plain(done.location)}")


def _keep_backup(door: Door, asked: "Asked") -> None:
    from crawler.archive.connect import Archive
    from crawler.upkeep import back_up_as_upkeep

    place, wait_s = door.settings.archive_path, door.settings.archive.wait_s
    with Archive.open(place, wait_s=wait_s) as archive, steps(door) as tell:
        location = archive.location
        done = back_up_as_upkeep(archive, door.settings, clock=lambda: datetime.now(UTC), tell=tell, asked=asked)
    for finding in done.findings:
        door.say(f"found in the backup, and so in the archive: {plain(finding)}")
    if door.as_json:
        print_json({"archive": location, **asdict(done), "file": str(done.file)})
        return
    click.echo(f"{counted(done.rows)}, {done.bytes / 1e6:.1f} MB, restored and compared: {plain(done.file)}")
    for name in done.let_go:
        click.echo(f"older backup gone: {plain(name)}")


def _as_json(each: "BackupFile") -> dict[str, Any]:
    return {**asdict(each), "file": str(each.file)}


@contextmanager
def _held(archive: "Archive") -> Iterator[None]:
    """Keep crawls away from the archive; where nothing may be written there is none to keep away."""
    with ExitStack() as held:
        with suppress(ArchiveReadOnlyError):
            held.enter_context(archive.crawl_lock())
        yield
