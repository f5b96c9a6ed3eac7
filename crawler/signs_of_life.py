"""The signs of life of a crawl: every few seconds a thread tells the archive that it goes on, and how far it is."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from crawler.archive.connect import Archive
from crawler.archive.lease import Lease, renew
from crawler.crawl_log import CrawlLog, listening
from crawler.errors import HELD, ArchiveError, CrawlLostError

log = logging.getLogger(__name__)

EVERY_S: Final = 2.0


class SignsOfLife:
    """Renews a lease while its crawl runs, with the report as it grows and the new lines of the log.

    Where the archive asks the crawl to stop, the process gets SIGTERM; to give way, and `gives_way` is set. Where
    another took the crawl's place, it ends at once: whatever it would still write is refused. An archive that cannot be
    written is asked again and again.
    """

    def __init__(
        self,
        archive: Archive,
        lease: Lease,
        *,
        report: Callable[[], Mapping[str, Any]],
        clock: Callable[[], datetime],
        gives_way: threading.Event,
    ) -> None:
        self.lines = CrawlLog()
        self._archive = archive
        self._lease = lease
        self._report = report
        self._clock = clock
        self._gives_way = gives_way
        self._is_over = threading.Event()
        self._is_stopped = False
        self._silent_since_s: float | None = None
        self._thread = threading.Thread(target=self._go_on, name="signs of life", daemon=True)

    def listening(self) -> AbstractContextManager[None]:
        """Let the log of the crawl hear everything in the block."""
        return listening(self.lines)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give no more signs; the end of the crawl is told by who ends it."""
        self._is_over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._is_over.wait(EVERY_S):
            lines = self.lines.take()
            try:
                wishes = renew(self._archive, self._lease, now=self._clock(), report=self._report(), lines=lines)
            except CrawlLostError as error:
                _leave(error)
            except ArchiveError as error:
                self.lines.give_back(lines)
                self._tell_silence(error)
            except Exception:
                # Without this thread the crawl would be taken for lost: whatever it is, it is tried again.
                log.exception("sign of life failed crawl=%d", self._lease.crawl_id)
            else:
                self._tell_end_of_silence()
                self._stop(wishes.stop)
                self._give_way(wishes.give_way_to)

    def _give_way(self, to: int | None) -> None:
        if to is not None and not self._gives_way.is_set():
            self._gives_way.set()
            log.info("crawl is asked to give way crawl=%d to=%d", self._lease.crawl_id, to)

    def _stop(self, reason: str | None) -> None:
        if reason is not None and not self._is_stopped:
            self._is_stopped = True
            log.info("crawl is asked to stop crawl=%d reason=%s", self._lease.crawl_id, reason)
            os.kill(os.getpid(), signal.SIGTERM)

    def _tell_silence(self, error: ArchiveError) -> None:
        if self._silent_since_s is None:
            self._silent_since_s = time.monotonic()
            log.warning("archive cannot be told that the crawl goes on, it is tried again error=%s", error)

    def _tell_end_of_silence(self) -> None:
        if self._silent_since_s is not None:
            silent_s = time.monotonic() - self._silent_since_s
            self._silent_since_s = None
            log.warning("archive is told again that the crawl goes on silent_s=%.0f", silent_s)


def _leave(error: CrawlLostError) -> None:
    """End this process at once: it must not even end its requests, since another may be asking the same hosts."""
    sys.stderr.write(f"error: {error}\n")
    sys.stderr.flush()
    os._exit(HELD)
