"""Opening an archive to write to it, whichever Tribunwatch made it. A service keeps what is loaded here for months."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from config.settings import Settings
from crawler.archive.connect import Archive
from crawler.errors import ArchiveOlderError

if TYPE_CHECKING:
    from crawler.archive.copying import Tell


def open_up_to_date(settings: Settings, *, say: Callable[[str], None], tell: "Tell", **how: Any) -> Archive:
    """Open the archive of the settings as `how` says; one of an older Tribunwatch is brought up to date first.

    What it held before stays as a backup in the folder of backups, and a line says where.

    Raises:
        ArchiveError: See `Archive.open` and `upgrade_with_backup`.
    """
    place, wait_s = settings.archive_path, settings.archive.wait_s
    try:
        return Archive.open(place, wait_s=wait_s, **how)
    except ArchiveOlderError:
        # Next to no start needs it.
        from crawler.archive.upgrading import upgrade_with_backup  # noqa: PLC0415  - see above

        folder = settings.backup_folder
        done = upgrade_with_backup(place, folder=folder, clock=lambda: datetime.now(UTC), tell=tell, wait_s=wait_s)
        if done is not None:
            say(f"the archive had schema {done.was} and was brought up to date; as it was: {done.backup}")
    return Archive.open(place, wait_s=wait_s, **how)
