"""The pulse of the service: its signs of life in the archive, and how the archive takes them."""

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from crawler.archive.connect import Archive
from crawler.archive.schema import HEAD
from crawler.archive.services import BEAT_S, beat
from crawler.archive.shared_clock import SharedClock
from crawler.archive.standing import Standing, last_upkeep, standing_of
from crawler.errors import CrawlerError
from scheduler.firings import spoken
from scheduler.http import Check

log = logging.getLogger(__name__)

# The archive is tried twice as often as a sign of life is given, and who waits for longer than that says so.
_TRY_S: Final = BEAT_S / 2
# Backups and the disk change slowly.
_LOOK_EVERY_S: Final = 30.0
_MEGABYTE: Final = 1_000_000


class Pulse:
    """Gives signs of life until it is cancelled, and remembers how the archive took them.

    Args:
        clock: Is set whenever the archive is tried.
        tell: What the service tells of itself with each sign of life.
        least_free_mb: Below how much free room the disk is called short.
    """

    def __init__(
        self,
        archive: Archive,
        service_id: int,
        *,
        clock: SharedClock,
        tell: Callable[[], Mapping[str, Any]],
        least_free_mb: int,
    ) -> None:
        self._archive = archive
        self._service_id = service_id
        self._clock = clock
        self._wrong_clock = False
        self._tell = tell
        self.least_free_mb = least_free_mb
        self._began_s: float | None = None
        self._error: str | None = None
        self._stands: Standing | None = None
        self._looked_s = float("-inf")

    async def run(self) -> None:
        """Try the archive every few seconds; every second time with a sign of life."""
        is_beat = True
        while True:
            await self._try(is_beat=is_beat)
            # What failed is only over when something is written: with a full disk, an empty transaction is no trouble.
            is_beat = not is_beat or self._error is not None
            await asyncio.sleep(_TRY_S)

    def checks(self) -> Iterator[Check]:
        """Yield what is known of archive, schema, backups and disk; nobody is asked."""
        waits_s = 0.0 if self._began_s is None else time.monotonic() - self._began_s
        if waits_s > _TRY_S:
            line = f"for {waits_s:.0f} s now it {self._archive.waits_for or 'takes no write'}"
            yield Check("archive", ok=False, line=line)
        else:
            line = self._error or f"{self._archive.location} takes writes"
            yield Check("archive", ok=self._error is None, line=line)
        yield Check("schema", ok=True, line=str(HEAD))
        if self._stands is not None:
            yield _backup(self._stands, self._clock.now())
        if self._archive.path is not None:
            yield self._disk(self._archive.path)
        else:
            concern = self._clock.concern()
            yield Check("time", ok=concern is None, line=concern or "as the database has it", is_needed=False)

    async def _try(self, *, is_beat: bool) -> None:
        self._began_s = time.monotonic()
        try:
            await asyncio.to_thread(self._write, is_beat=is_beat)
        except CrawlerError as error:
            if str(error) != self._error:
                log.error("archive cannot be used; it is tried again: %s", error)  # noqa: TRY400  - the line says all
            self._error = str(error)
        else:
            if self._error is not None:
                log.info("archive can be used again")
            self._error = None
        self._began_s = None

    def _write(self, *, is_beat: bool) -> None:
        self._set_clock()
        if is_beat:
            beat(self._archive, self._service_id, state=self._tell(), now=self._clock.now())
        else:
            # An empty transaction: it waits for its turn like any other, and writes nothing.
            with self._archive.writing():
                pass
        if time.monotonic() - self._looked_s > _LOOK_EVERY_S:
            self._stands = standing_of(self._archive)
            self._looked_s = time.monotonic()

    def _set_clock(self) -> None:
        self._clock.set()
        concern = self._clock.concern()
        if concern and not self._wrong_clock:
            log.warning("%s; the service goes by that of the database", concern)
        self._wrong_clock = concern is not None

    def _disk(self, path: Path) -> Check:
        try:
            free_mb = shutil.disk_usage(path.parent).free // _MEGABYTE
        except OSError as error:
            return Check("disk", ok=False, line=str(error), is_needed=False)
        return Check("disk", ok=free_mb >= self.least_free_mb, line=f"{free_mb} MB free", is_needed=False)


def _backup(stands: Standing, now: datetime) -> Check:
    last = last_upkeep(stands, "backup")
    good = last_upkeep(stands, "backup", succeeded=True)
    line = f"{spoken(now - good.started_at)} ago" if good else "none yet"
    if last is not None and last.state not in {"running", "succeeded"}:
        return Check("backup", ok=False, line=f"the last one {last.state}; the last good one: {line}", is_needed=False)
    return Check("backup", ok=True, line=line, is_needed=False)
