"""How long crawls have been silent, by a clock that never jumps: a wall clock that is set wrong loses no crawl."""

from datetime import datetime
from typing import Final

# Between two looks counts at most so long: who slept, or could not read the archive, knows nothing of that time.
LONGEST_GAP_S: Final = 5.0


class Heartbeats:
    """Remembers the last sign of life of each crawl, and how long the same one has been seen."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[datetime | None, float, float]] = {}

    def silent_s(self, crawl_id: int, heartbeat_at: datetime | None, *, now_s: float) -> float:
        """Return for how long this has been the last sign of life of the crawl, as far as anybody looked."""
        last, silent_s, looked_s = self._seen.get(crawl_id, (heartbeat_at, 0.0, now_s))
        silent_s = silent_s + min(now_s - looked_s, LONGEST_GAP_S) if last == heartbeat_at else 0.0
        self._seen[crawl_id] = (heartbeat_at, silent_s, now_s)
        return silent_s

    def forget(self, crawl_id: int) -> None:
        """Begin anew with a crawl, as after a time in which it could not tell that it lives."""
        self._seen.pop(crawl_id, None)

    def keep_only(self, crawl_ids: set[int]) -> None:
        """Forget all the others: they ended."""
        self._seen = {crawl_id: seen for crawl_id, seen in self._seen.items() if crawl_id in crawl_ids}
