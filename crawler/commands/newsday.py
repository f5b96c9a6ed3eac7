"""A day of the newsroom that goes by while one watches: articles come out as its clock runs, and some change."""

import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from seeds.newsroom import Newsroom

# So many articles come out over the day, one about every 90 seconds of it.
ARTICLES: Final = 400
# An hour of the newsroom takes a minute and a half.
SPEED: Final = 40
_DAY: Final = timedelta(minutes=90 * ARTICLES // 60)
# At first there is some news already.
_BEGUN: Final = timedelta(minutes=45)
_TICK_S: Final = 0.25
_CHANGES_EVERY_S: Final = 20.0
# Of www; by now a crawl has seen them, and the lists still show them.
_CHANGED_AMONG: Final = slice(16, 40)
CHANGED: Final = ", Ini Kabar Terbarunya"


class NewsDay:
    """Lets the clock of a newsroom run from the morning on, in a thread, until the end of the block."""

    def __init__(self, newsroom: "Newsroom") -> None:
        self._newsroom = newsroom
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="newsday", daemon=True)
        self._begins = newsroom.now - _DAY + _BEGUN
        newsroom.now = self._begins

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._thread.join()

    def _run(self) -> None:
        began_s = changed_s = time.monotonic()
        while not self._ends.wait(_TICK_S):
            now_s = time.monotonic()
            self._newsroom.now = self._begins + SPEED * timedelta(seconds=now_s - began_s)
            if now_s - changed_s > _CHANGES_EVERY_S:
                changed_s = now_s
                self.change_one()

    def change_one(self) -> None:
        """Give an article that is out for a while another title, as the site does."""
        for name in self._newsroom.printed()[_CHANGED_AMONG]:
            title = self._newsroom.expected(name)["title"]
            if not title.endswith(CHANGED):
                self._newsroom.edit(name, title=f"{title}{CHANGED}")
                return
