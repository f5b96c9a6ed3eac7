"""The desk of a dry run: the listings are asked, what would be fetched is told, and nothing is kept at all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from crawler.archive.backfill import Walked
from crawler.archive.connect import Archive
from crawler.archive.ledger import DueLink, known_keys
from crawler.article import Link, Listing, Reading
from crawler.desk import Choice, as_link, count_listing_failure
from crawler.errors import CrawlerError
from crawler.report import Tally
from crawler.site import Address, ListingPage, identify
from crawler.spider.fetch import Answer
from crawler.wanted import Wanted


@dataclass(slots=True)
class DryDesk:
    """Counts what the listings name, and looks up in the archive, where there is one, what of it is known."""

    archive: Archive | None
    wanted: Wanted
    choice: Choice
    tally: Tally
    clock: Callable[[], datetime]
    on_change: Callable[[], None]
    _new: dict[str, Link] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _unwanted: dict[str, str] = field(default_factory=dict)

    def validators(self, url: str) -> tuple[None, None]:  # noqa: ARG002  - the desk's interface
        """Return none: the links of an unchanged listing are wanted too."""
        return None, None

    def digest(self, url: str) -> None:
        """Return none, for the same reason."""

    def has_asked(self, url: str) -> bool:  # noqa: ARG002  - as above
        """Return no: a dry run gives way to nobody."""
        return False

    def is_new(self, page: ListingPage) -> bool:
        """Tell whether one of the links is not known."""
        return bool(self._unknown({identify(link.url).key: link for link in page.links}))

    def take_listing(self, listing: Listing, url: str, page: ListingPage, answer: Answer) -> None:  # noqa: ARG002  - as above
        """Count the links."""
        found = [(link, identify(link.url)) for link in page.links]
        links = {address.key: link for link, address in found}
        self._unwanted |= self.wanted.refusals(found)
        self._new |= {key: links[key] for key in self._unknown(links) if key not in self._seen}
        self._seen |= links.keys()
        self.tally.listings_asked += 1
        self.tally.listings_read += 1
        self.tally.links_seen = len(self._seen)
        self.tally.links_new = len(self._new)
        self.tally.bytes += len(answer.body)
        self.on_change()

    def take_unchanged(self, listing: Listing, url: str) -> None:  # noqa: ARG002  - as above
        """Count it; nothing was asked conditionally, so this does not come."""
        self.tally.listings_asked += 1
        self.tally.listings_unchanged += 1

    def take_listing_failure(self, listing: Listing, url: str, error: CrawlerError) -> None:  # noqa: ARG002  - as above
        """Count it and tell why."""
        count_listing_failure(self.tally, listing, error)

    def walked(self, listing: Listing, day: date) -> Walked | None:
        """Return none, for the same reason."""

    def take_day(self, listing: Listing, day: date, *, pages: int, links: int, is_done: bool) -> None:  # noqa: ARG002  - as above
        """Count it."""
        self.tally.days_asked += is_done

    def skip_day(self, listing: Listing, day: date) -> None:
        """Never called: no day is known."""

    def due(self, left_alone: Collection[str]) -> Sequence[DueLink]:  # noqa: ARG002  - as above
        """Return nothing; what a crawl would fetch now stands in the report."""
        left_over = [] if self.archive is None else self.choice.due_in(self.archive, self.clock())
        wanted = (link for key, link in self._new.items() if key not in self._unwanted)
        links = [*wanted, *(as_link(link) for link in left_over if link.key not in self._new)]
        self.tally.would_fetch = tuple(self.choice.chosen_of(links))
        self.tally.due = len(self.tally.would_fetch)
        return ()

    def take_article(self, link: DueLink, address: Address, reading: Reading, answers: Sequence[Answer]) -> None:
        """Never called: nothing is fetched."""

    def take_unreadable(self, link: DueLink, answers: Sequence[Answer], error: CrawlerError) -> None:
        """Never called: nothing is fetched."""

    def take_surprise(self, link: DueLink, answers: Sequence[Answer], error: Exception) -> None:
        """Never called: nothing is fetched."""

    def take_failure(self, link: DueLink, error: CrawlerError) -> None:
        """Never called: nothing is fetched."""

    def settle(self, *, goes_on: bool) -> None:
        """Nothing waits: nothing is kept."""

    def _unknown(self, links: Mapping[str, Link]) -> list[str]:
        known = known_keys(self.archive, keys=links.keys()) if self.archive else set()
        return [key for key in links if key not in known]
