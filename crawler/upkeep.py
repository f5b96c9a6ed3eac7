"""Looking after an archive: letting go of what had its time, and backups."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from config.settings import Settings
from crawler.archive.backup_folder import KeptBackup, keep_backup
from crawler.archive.connect import Archive
from crawler.archive.copying import Tell
from crawler.archive.history import Forgotten, forget_history
from crawler.archive.keeping import Pruned, prune_pages
from crawler.archive.letting_go import LetGo, let_go
from crawler.archive.upkeep import Asked, tending


@dataclass(frozen=True, slots=True)
class Pruning:
    """What went, or would go, and what stays."""

    articles: LetGo
    pages: Pruned
    history: Forgotten

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "articles": self.articles.articles,
            "kept_articles": self.articles.kept,
            "left_articles": self.articles.left,
            "reason": self.articles.reason,
            **asdict(self.pages),
            **asdict(self.history),
        }


def prune(
    archive: Archive, settings: Settings, *, now: datetime, dry_run: bool = False, longest_s: float = math.inf
) -> Pruning:
    """Let go of articles without a topic, of page bodies and of what was told, as the settings of the archive say.

    Articles are let go of for so long at most; what is left, the next time goes on with.
    """
    kept = settings.archive
    return Pruning(
        let_go(archive, days=kept.keep_unmatched_days, now=now, dry_run=dry_run, longest_s=longest_s),
        prune_pages(archive, days=kept.keep_pages_days, megabytes=kept.keep_pages_mb, now=now, dry_run=dry_run),
        forget_history(archive, days=kept.keep_history_days, now=now, dry_run=dry_run),
    )


def prune_as_upkeep(
    archive: Archive, settings: Settings, *, clock: Callable[[], datetime], asked: Asked | None = None
) -> Pruning:
    """Do what `prune` does as the one upkeep that is at work, and keep what it brought.

    Raises:
        ArchiveHeldError: Another upkeep is at work, and was for as long as the settings have it waited for.
    """
    with tending(archive, "prune", clock=clock, asked=asked, wait_s=settings.archive.wait_s) as work:
        done = prune(archive, settings, now=clock())
        work.report = done.as_json()
    return done


def back_up_as_upkeep(
    archive: Archive, settings: Settings, *, clock: Callable[[], datetime], tell: Tell, asked: Asked | None = None
) -> KeptBackup:
    """Put a backup into the folder of the settings, test it, let go of older ones, and keep what became of it.

    Raises:
        ArchiveHeldError: As above.
        ArchiveFullError, ArchiveBrokenError, OutputFileError: See `keep_backup`.
    """
    with tending(archive, "backup", clock=clock, asked=asked, wait_s=settings.archive.wait_s) as work:
        folder = settings.backup_folder
        done = keep_backup(archive, folder, keep=settings.backup.keep, now=clock(), tell=tell)
        work.report = {
            "file": str(done.file),
            "bytes": done.bytes,
            "rows": dict(done.rows),
            "let_go": list(done.let_go),
            "findings": list(done.findings),
        }
    return done
