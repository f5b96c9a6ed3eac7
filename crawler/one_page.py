"""One article, fetched and read as a crawl would, and shown instead of kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crawler.archive.ledger import DueLink
from crawler.article import Reading
from crawler.dry_run import DryDesk
from crawler.errors import CrawlerError
from crawler.site import Address
from crawler.spider.fetch import Answer


@dataclass(slots=True)
class OnePageDesk(DryDesk):
    """Has one link due, and takes its article, or the reason why there is none; like a dry run, it keeps nothing."""

    address: Address | None = None
    reading: Reading | None = None
    answers: Sequence[Answer] = ()
    error: Exception | None = None

    def due(self, left_alone: Collection[str]) -> Sequence[DueLink]:  # noqa: ARG002  - the desk's interface
        """Return the one link."""
        if self.address is None:
            return ()
        return (
            DueLink(
                key=self.address.key,
                url=self.address.url,
                title=None,
                keywords=(),
                listed_at=None,
                listed_from=None,
                attempts=0,
            ),
        )

    def take_article(
        self,
        link: DueLink,  # noqa: ARG002  - the desk's interface
        address: Address,  # noqa: ARG002  - as above
        reading: Reading,
        answers: Sequence[Answer],
    ) -> None:
        """Take the article, and what it was read from."""
        self.reading, self.answers = reading, answers

    def take_unreadable(self, link: DueLink, answers: Sequence[Answer], error: CrawlerError) -> None:  # noqa: ARG002  - as above
        """Take the reason."""
        self.error = error

    def take_surprise(self, link: DueLink, answers: Sequence[Answer], error: Exception) -> None:  # noqa: ARG002  - as above
        """Take the error, which is a fault of the program."""
        self.error = error

    def take_failure(self, link: DueLink, error: CrawlerError) -> None:  # noqa: ARG002  - as above
        """Take the reason."""
        self.error = error
