"""From an article that was read to an article that is kept: its topics are matched, and all of it is stored at once.

Articles that come within a moment of each other are written in one transaction: waiting for the disk costs as much as
all the rest of storing. Where one of them cannot be stored, each of the others gets a transaction of its own.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from crawler.archive.connect import Archive
from crawler.archive.saving import Ready, Saved, make_ready, save_articles
from crawler.article import Article
from crawler.errors import ArchiveError
from crawler.topics import TopicSet

# What a kill may cost: these articles are fetched again. A crawl that keeps its pauses seldom has two in this time.
LONGEST_WAIT_S: Final = 0.1
MOST_TOGETHER: Final = 8

WhenKept = Callable[[Ready, Saved | Exception], None]


class _Waiting(NamedTuple):
    """An article that waits to be stored, and who wants to know what became of it."""

    ready: Ready
    when_kept: WhenKept


class Keeper:
    """Keeps articles in one archive, matched to one set of topics."""

    def __init__(self, archive: Archive, topics: TopicSet, crawl_id: int | None = None) -> None:
        self.crawl_id = crawl_id
        self._archive = archive
        self._topics = topics
        self._waiting: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._error: Exception | None = None

    def keep_now(self, article: Article, **known: Any) -> Saved:
        """Match and store one article; see `make_ready` for what may be known of it."""
        return save_articles(self._archive, [self._make_ready(article, known)])[0]

    def keep(self, article: Article, when_kept: WhenKept, **known: Any) -> None:
        """Match an article, and store it within a tenth of a second; needs the running loop.

        Args:
            article: As it was read.
            when_kept: Called once it is stored, or with the error if it alone could not be.
            known: See `make_ready`.

        Raises:
            ArchiveError: The archive cannot be written to; what waited is not stored.
        """
        self._waiting.append(_Waiting(self._make_ready(article, known), when_kept))
        if self._error or len(self._waiting) >= MOST_TOGETHER:
            self.settle()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LONGEST_WAIT_S, self._settle_in_time)

    def settle(self) -> None:
        """Store what waits.

        Raises:
            ArchiveError: The archive cannot be written to, now or when this was last tried.
        """
        waiting, self._waiting = self._waiting, []
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._error is not None:
            raise self._error
        if not waiting:
            return
        try:
            several: list[Saved | Exception] = list(save_articles(self._archive, [each.ready for each in waiting]))
        except ArchiveError:
            raise
        except Exception:  # noqa: BLE001  - told for the one whose fault it is
            several = [self._save_alone(each.ready) for each in waiting]
        for each, saved in zip(waiting, several, strict=True):
            each.when_kept(each.ready, saved)

    def _settle_in_time(self) -> None:
        self._timer = None
        try:
            self.settle()
        except ArchiveError as error:
            # Nobody can be told from here; the next article, or the end, will be.
            self._error = error

    def _save_alone(self, ready: Ready) -> Saved | Exception:
        try:
            return save_articles(self._archive, [ready])[0]
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001  - goes to the one who wants to know
            return error

    def _make_ready(self, article: Article, known: dict[str, Any]) -> Ready:
        ordered_at = article.published_at or known.get("listed_at") or known["now"]
        matches = self._topics.match(article, ordered_at=ordered_at)
        generation = self._topics.generation
        return make_ready(article, matches=matches, generation=generation, crawl_id=self.crawl_id, **known)
