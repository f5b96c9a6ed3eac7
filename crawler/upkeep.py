"""Looking after an archive: letting go of what had its time."""

import math
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from config.settings import Settings
from crawler.archive.connect import Archive
from crawler.archive.history import Forgotten, forget_history
from crawler.archive.keeping import Pruned, prune_pages
from crawler.archive.letting_go import LetGo, let_go


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
