"""The supervisor: it notices crawls whose process is gone or stands still, and says so in the archive.

What they left is asked for again there (archive/losing.py), by the same transaction.
"""

import logging
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, running_crawls
from crawler.archive.lease import LEASE_S
from crawler.archive.losing import lose_crawl, write_nothing_new
from crawler.archive.services import last_services
from scheduler.heartbeats import Heartbeats
from scheduler.logs import about_crawl

log = logging.getLogger(__name__)

GONE: Final = "its process is gone"
# Who waited so long to write knows that others had to wait as well, and could not tell that they live.
_LONGEST_WAIT_S: Final = 1.0


class Supervisor:
    """Looks after the crawls that others run: a service that was killed, another machine, a person.

    Args:
        lease_s: After how long a silence a crawl is lost.
    """

    def __init__(self, archive: Archive, *, clock: Callable[[], datetime], lease_s: float = LEASE_S) -> None:
        self._archive = archive
        self._clock = clock
        self.lease_s = lease_s
        self._heartbeats = Heartbeats()
        self._killed: set[int] = set()

    def look(self, *, but_not: int | None = None) -> list[int]:
        """Lose the crawls that are lost, but for one that the caller looks after himself; return which they were."""
        self.kill_stopped()
        running = [crawl for crawl in running_crawls(self._archive) if crawl.crawl_id != but_not]
        self._heartbeats.keep_only({crawl.crawl_id for crawl in running})
        return [crawl.crawl_id for crawl in running if self._is_lost(crawl)]

    def kill_stopped(self) -> None:
        """Kill the processes of crawls that stand still since their lease ran out.

        One may have been stopped while it wrote, and then nobody else can write, not even that it is lost.
        """
        for crawl in running_crawls(self._archive):
            if crawl.process is None or crawl.heartbeat_at is None or not crawl.process.is_stopped:
                continue
            # By the wall clock of this machine, as the crawl told it: whoever just began to look has no other, and to
            # stand still is proof enough.
            if datetime.now(UTC) - crawl.heartbeat_at > timedelta(seconds=self.lease_s):
                self._kill_ghost(crawl)

    def is_silent(self, crawl: Crawl) -> bool:
        """Tell whether a crawl gave no sign of life for too long, though it could have."""
        silent_s = self._heartbeats.silent_s(crawl.crawl_id, crawl.heartbeat_at, now_s=time.monotonic())
        if silent_s < self.lease_s:
            return False
        began_s = time.monotonic()
        could_write = False
        try:
            write_nothing_new(self._archive, crawl_id=crawl.crawl_id)
            could_write = time.monotonic() - began_s < _LONGEST_WAIT_S
        finally:
            if not could_write:
                self._heartbeats.forget(crawl.crawl_id)
        return could_write

    def lose(
        self, crawl: Crawl, reason: str, *, is_with_service: bool = False, crashed_at: Collection[str] = ()
    ) -> bool:
        """Write down that a crawl is lost, as `lose_crawl` does; say whether it still was as it had been seen."""
        is_lost = lose_crawl(
            self._archive,
            crawl,
            reason=reason,
            now=self._clock(),
            is_with_service=is_with_service,
            crashed_at=crashed_at,
        )
        if is_lost:
            with about_crawl(crawl.crawl_id):
                log.warning("crawl lost crawl=%d reason=%s", crawl.crawl_id, reason)
        return is_lost

    def _is_lost(self, crawl: Crawl) -> bool:
        silence = f"no sign of life for {self.lease_s:g} s"
        if crawl.crawl_id in self._killed:
            return self.lose(crawl, silence)
        if crawl.process is not None and crawl.process.is_gone:
            return self.lose(crawl, GONE)
        if not self.is_silent(crawl) or not self.lose(crawl, silence):
            return False
        self._kill_ghost(crawl)
        return True

    def _kill_ghost(self, crawl: Crawl) -> None:
        """Kill the process of a lost crawl, which may stand still and hold the archive for ever.

        It is one of ours: machine, number and beginning are those that it wrote down itself. Only a service that has
        claimed a crawl and started no process for it yet stands there in its own name, and is left in peace.
        """
        process = crawl.process
        if process is None or process in {each.process for each in last_services(self._archive, limit=100)}:
            return
        if process.kill():
            self._killed.add(crawl.crawl_id)
            log.warning("process of a lost crawl killed crawl=%d pid=%d", crawl.crawl_id, process.pid)
