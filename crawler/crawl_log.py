"""What a crawl tells while it runs: its lines of the log wait here until they are put into the archive."""

import logging
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

# When, at which level, and one line of text, as the archive takes it.
LogLine = tuple[datetime, str, str]

_MOST_WAITING: Final = 2_000
_LONGEST: Final = 1_000


class CrawlLog(logging.Handler):
    """Collects what happens in a crawl, and warnings of everybody else, libraries included."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._waiting: deque[LogLine] = deque(maxlen=_MOST_WAITING)
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the lines of a record; a traceback has several."""
        at = datetime.fromtimestamp(record.created, UTC)
        self._waiting.extend((at, record.levelname, line[:_LONGEST]) for line in self.format(record).splitlines())

    def take(self) -> list[LogLine]:
        """Return the lines that wait, the oldest first, and keep them no longer."""
        # What is told meanwhile by another thread waits for the next time.
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def give_back(self, lines: list[LogLine]) -> None:
        """Keep lines that could not be put into the archive after all."""
        room = _MOST_WAITING - len(self._waiting)
        self._waiting.extendleft(reversed(lines[-room:] if room else []))


@contextmanager
def listening(log: CrawlLog) -> Iterator[None]:
    """Let the log hear everything in the block, whatever is shown on stderr meanwhile."""
    root, ours = logging.getLogger(), logging.getLogger("crawler")
    before = ours.level
    if ours.getEffectiveLevel() > logging.INFO:
        ours.setLevel(logging.INFO)
    root.addHandler(log)
    with warnings.catch_warnings():
        logging.captureWarnings(capture=True)
        try:
            yield
        finally:
            logging.captureWarnings(capture=False)
            root.removeHandler(log)
            ours.setLevel(before)
