"""From an article that was read to an article that is kept: its topics are matched, and all is stored at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.archive.connect import Archive
from crawler.archive.saving import FetchedPage, Saved, save_article
from crawler.article import Article
from crawler.topics import TopicSet


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping an article did, and the names of the topics that it has."""

    saved: Saved
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps articles in one archive, matched to one set of topics."""

    archive: Archive
    topics: TopicSet
    crawl_id: int | None = None

    def keep(  # noqa: PLR0913  - all that is known of an article goes into one transaction
        self,
        article: Article,
        *,
        key: str,
        fetched: Sequence[FetchedPage] | None,
        listed_at: datetime | None,
        now: datetime,
        moved_from: str | None = None,
    ) -> Kept:
        """Match and store an article under its identity, in one transaction."""
        matches = self.topics.match(article)
        saved = save_article(
            self.archive,
            key=key,
            article=article,
            matches=matches,
            fetched=fetched,
            listed_at=listed_at,
            crawl_id=self.crawl_id,
            now=now,
            moved_from=moved_from,
        )
        return Kept(saved, tuple(match.topic for match in matches))
