"""Waiting for an archive: whoever waits for long says so in the log, once while it lasts."""

import logging
import threading
from typing import Final

log = logging.getLogger(__name__)

# After so long it is told why.
TOLD_AFTER_S: Final = 2.5
HELD: Final = "takes no write, since another process is writing to it"
AWAY: Final = "gives no answer"


class Patience:
    """What is told while one archive is waited for, by however many threads."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._telling = threading.Lock()
        self._told: str | None = None

    def tell(self, why: str) -> None:
        """Tell why somebody waits, unless that was told before and still holds."""
        with self._telling:
            if self._told != why:
                log.warning("archive %s %s; waiting", self._location, why)
            self._told = why

    def end(self) -> None:
        """Nobody waits any more."""
        if self._told is None:
            return
        with self._telling:
            if self._told is not None:
                log.warning("archive %s is there again", self._location)
            self._told = None
