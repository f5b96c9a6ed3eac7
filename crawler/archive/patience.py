"""Waiting for an archive: whoever waits for long says so in the log, once while it lasts."""

import logging
import threading
from typing import Final

log = logging.getLogger(__name__)

# After so long it is told why.
TOLD_AFTER_S: Final = 2.5
# How often it is asked again where nothing tells when to: soon enough that nobody waits for the pause itself.
AGAIN_S: Final = 0.2
HELD: Final = "takes no write, since another process is writing to it"
AWAY: Final = "gives no answer"
FULL: Final = "takes no write, since there is no room left on its disk"


class Patience:
    """What is told while one archive is waited for, by however many threads."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._telling = threading.Lock()
        self._told: str | None = None
        # Of which kind what was told is: HELD, AWAY, FULL.
        self._kind: str | None = None

    @property
    def told(self) -> str | None:
        """What was told, as long as it holds; None where nobody waits for long."""
        return self._told

    def tell(self, kind: str, *, words: str | None = None) -> None:
        """Tell why somebody waits, in the words of its kind or better ones, unless that was told before and holds."""
        with self._telling:
            if self._kind != kind:
                self._kind, self._told = kind, words or kind
                log.warning("archive %s %s; waiting", self._location, self._told)

    def end(self, kind: str) -> None:
        """Nobody waits any more for a reason of this kind."""
        if self._kind != kind:
            return
        with self._telling:
            if self._kind == kind:
                self._kind = self._told = None
                log.warning("archive %s is there again", self._location)
