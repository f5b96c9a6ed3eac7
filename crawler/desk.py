"""The desk: the spider brings here what it fetched and learns what is to be fetched; all is kept in the archive."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import islice

from crawler.archive import reasons
from crawler.archive.backfill import Walked, save_walked_day, walked_day
from crawler.archive.connect import Archive
from crawler.archive.keeping import KeptFetch
from crawler.archive.ledger import (
    DueLink,
    digest_of,
    due_links,
    has_given,
    known_keys,
    mark,
    mark_listing,
    record_listing,
    validators,
)
from crawler.archive.receipt import receipt_of
from crawler.archive.saving import FetchedPage, Ready, Saved, save_unreadable
from crawler.archive.steps import LinkState
from crawler.article import Article, Link, Listing, Reading
from crawler.errors import CrawlerError, ExtractionError, PageRefusedError
from crawler.keeper import Keeper
from crawler.lookout import Lookout
from crawler.report import Tally
from crawler.site import Address, ListingPage, identify, listing_digest
from crawler.spider.failures import DisallowedError, FetchError, GoneError, LeftAloneError
from crawler.spider.fetch import Answer
from crawler.topics import TopicSet
from crawler.wanted import Wanted, speaks_of

log = logging.getLogger(__name__)

# Of a choice by topic, most links are not wanted; so many are looked at.
_MOST_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the links that are due are fetched: the newest, at most so many, of these times, wanted by a topic.

    With `day`, only the gaps in the receipt of that day, of these hosts or of all.
    """

    limit: int
    since: datetime | None = None
    until: datetime | None = None
    topics: TopicSet | None = None
    day: date | None = None
    hosts: tuple[str, ...] = ()

    def due_in(self, archive: Archive, now: datetime, **hosts: Collection[str]) -> list[DueLink]:
        """Return the links of the ledger that are chosen, newest first; see `due_links` for which `hosts`."""
        most = self.limit if self.topics is None and self.day is None else _MOST_LOOKED_AT
        found = due_links(archive, now=now, limit=most, since=self.since, until=self.until, **hosts)
        if self.day is not None:
            gaps = {gap.key for gap in receipt_of(archive, day=self.day, hosts=self.hosts).gaps}
            found = [link for link in found if link.key in gaps]
        return list(islice((link for link in found if self._wants(as_link(link))), self.limit))

    def chosen_of(self, links: Sequence[Link]) -> list[Link]:
        """Return those of these links that are chosen, newest first."""
        timed = sorted(
            (link for link in links if self._is_in_time(link) and self._wants(link)),
            key=lambda link: link.published_at.timestamp() if link.published_at else float("inf"),
            reverse=True,
        )
        return timed[: self.limit]

    def _wants(self, link: Link) -> bool:
        return self.topics is None or speaks_of(self.topics, link, identify(link.url))

    def _is_in_time(self, link: Link) -> bool:
        at = link.published_at
        return at is None or ((self.since is None or at >= self.since) and (self.until is None or at < self.until))


def as_link(due: DueLink) -> Link:
    """Return what the listing told of a link that is due."""
    return Link(url=due.url, title=due.title, keywords=due.keywords, published_at=due.listed_at)


@dataclass(slots=True)
class ArchiveDesk:
    """Keeps listings, articles and failures in the archive, and counts them.

    Where it `walks_days`, indexes are asked for days of the past. `begun_at` is when the crawl began, where it gave way
    since and now goes on.
    """

    archive: Archive
    keeper: Keeper
    wanted: Wanted
    choice: Choice
    tally: Tally
    clock: Callable[[], datetime]
    on_change: Callable[[], None]
    lookout: Lookout
    keeps_pages: bool = True
    walks_days: bool = False
    begun_at: datetime | None = None

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified with which the links of this address are kept."""
        return validators(self.archive, url=url)

    def digest(self, url: str) -> str | None:
        """Return the digest of what the address listed when its links were kept."""
        return digest_of(self.archive, url=url)

    def has_asked(self, url: str) -> bool:
        """Tell whether the address need not be asked again now that the crawl goes on."""
        return self.begun_at is not None and has_given(self.archive, url=url, since=self.begun_at)

    def is_new(self, page: ListingPage) -> bool:
        """Tell whether the ledger lacks one of the links."""
        keys = {address.key for _, address in _identified(page)}
        return not keys <= known_keys(self.archive, keys=keys)

    def take_listing(self, listing: Listing, url: str, page: ListingPage, answer: Answer) -> None:
        """Record the links together with the validators; an index of sitemaps gets none.

        Whether a sitemap has changed is not to be seen by the index that names it, so that one is always read.
        """
        # An empty one is read again as well: "not modified" would hide that it used to be full.
        is_asked_again = page.children or not page.links
        etag, last_modified = (None, None) if is_asked_again else (answer.etag, answer.last_modified)
        if not page.children:
            self.lookout.see_listing(listing, url, len(page.links))
        links = tuple(_identified(page))
        recorded = record_listing(
            self.archive,
            listing=listing,
            url=url,
            links=links,
            etag=etag,
            last_modified=last_modified,
            body_hash=None if is_asked_again else listing_digest(listing.kind, answer.body),
            refusals=self.wanted.refusals(links),
            is_of_now=not (self.walks_days and listing.kind == "index"),
            now=self.clock(),
            crawl_id=self.keeper.crawl_id,
        )
        self.tally.listings_asked += 1
        self.tally.listings_read += 1
        self.tally.links_seen += recorded.seen
        self.tally.links_new += recorded.new
        self.tally.skipped += recorded.skipped
        self.tally.bytes += len(answer.body)
        self.on_change()

    def take_unchanged(self, listing: Listing, url: str) -> None:
        """Mark that nothing has changed."""
        self._mark_listing(listing, url, reasons.NOT_MODIFIED)
        self.tally.listings_asked += 1
        self.tally.listings_unchanged += 1
        self.on_change()

    def take_listing_failure(self, listing: Listing, url: str, error: CrawlerError) -> None:
        """Mark why nothing came, and tell it in a note: a listing that fails hides all its articles."""
        count_listing_failure(self.tally, listing, error)
        if not isinstance(error, LeftAloneError):
            self._mark_listing(listing, url, error.reason if isinstance(error, FetchError) else str(error))
        self.on_change()

    def walked(self, listing: Listing, day: date) -> Walked | None:
        """Return how far a day of an index was walked."""
        return walked_day(self.archive, listing_url=listing.url, day=day)

    def take_day(self, listing: Listing, day: date, *, pages: int, links: int, is_done: bool) -> None:
        """Keep how far a day is walked."""
        save_walked_day(
            self.archive,
            asked=listing,
            day=day,
            pages=pages,
            links=links,
            is_done=is_done,
            now=self.clock(),
            crawl_id=self.keeper.crawl_id,
        )
        self.tally.days_asked += is_done
        self.on_change()

    def skip_day(self, listing: Listing, day: date) -> None:  # noqa: ARG002  - the spider's interface
        """Count it."""
        self.tally.days_known += 1

    def due(self, left_alone: Collection[str]) -> Sequence[DueLink]:
        """Return what is chosen of all that the ledger holds, also of what earlier crawls left.

        What is due of hosts that are left alone is only counted: it must not take the place of what can be fetched.
        """
        now = self.clock()
        links = self.choice.due_in(self.archive, now, but_not=left_alone)
        left_due = len(self.choice.due_in(self.archive, now, hosts=left_alone)) if left_alone else 0
        self.tally.due = self.tally.tried + len(links) + left_due
        self.tally.left_due += left_due
        self.on_change()
        return links

    def take_article(self, link: DueLink, address: Address, reading: Reading, answers: Sequence[Answer]) -> None:
        """Keep the article under the identity that it was fetched from in the end.

        Where the page tells no time of publication, the listing's holds.
        """
        now, article = self.clock(), reading.article
        self.lookout.count(address.host, reading.layout, article, dated_at=article.published_at or link.listed_at)
        article = dated(article, link)
        self.keeper.keep(
            article,
            partial(self._count_kept, link, answers, is_textless=address.kind == "article" and not article.paragraphs),
            key=address.key,
            moved_from=link.key if address.key != link.key else None,
            fetched=_pages(answers, now, reading, is_kept=self.keeps_pages),
            listed_at=link.listed_at,
            now=now,
        )

    def _count_kept(
        self, link: DueLink, answers: Sequence[Answer], ready: Ready, saved: Saved | Exception, *, is_textless: bool
    ) -> None:
        if isinstance(saved, Exception):
            log.error("article failed url=%s", link.url, exc_info=saved)
            self.take_surprise(link, answers, saved)
            return
        self._count_fetched(answers)
        self.tally.tried += 1
        self.tally.stored += saved.change == "new"
        self.tally.revised += saved.change == "revised"
        self.tally.unchanged += saved.change == "unchanged"
        self.tally.matched += bool(ready.matches)
        self.tally.textless += is_textless
        log.debug("article kept key=%s change=%s topics=%d", ready.key, saved.change, len(ready.matches))
        self.on_change()

    def take_unreadable(
        self, link: DueLink, answers: Sequence[Answer], error: ExtractionError | PageRefusedError
    ) -> None:
        """Keep the HTML with the reason, so that a person can see why."""
        reason = (
            f"{reasons.LACKS}{error.field}"
            if isinstance(error, ExtractionError)
            else f"{reasons.REFUSED}{error.reason}"
        )
        self._keep_unreadable(link, answers, reason)

    def take_surprise(self, link: DueLink, answers: Sequence[Answer], error: Exception) -> None:
        """Keep the HTML with the name of the error, which is a fault of the program."""
        self._keep_unreadable(link, answers, f"{reasons.UNEXPECTED}{type(error).__name__}")

    def take_failure(self, link: DueLink, error: FetchError) -> None:
        """Mark how the request ended; where none was made, the link stays as it was."""
        match error:
            case LeftAloneError():
                self.tally.left_due += 1
            case DisallowedError():
                self._mark(link, "skipped", error.reason)
                self.tally.skipped += 1
            case GoneError():
                self._mark(link, "gone", error.reason)
                self.tally.gone += 1
            case _:
                self._mark(link, "failed", error.reason, retry_after_s=error.retry_after_s)
                self.tally.failed[error.reason] += 1
                log.info("article failed url=%s reason=%s", link.url, error.reason)
        self.tally.tried += not isinstance(error, LeftAloneError)
        self.on_change()

    def settle(self, *, goes_on: bool) -> None:
        """Store the articles that still wait, and tell what is not as it was; that only when the crawl is over."""
        self.keeper.settle()
        if goes_on:
            self.tally.alarms = self.lookout.rest()
            return
        self.tally.alarms = self.lookout.end()
        self.tally.notes += [alarm.line for alarm in self.tally.alarms]

    def _keep_unreadable(self, link: DueLink, answers: Sequence[Answer], reason: str) -> None:
        now = self.clock()
        save_unreadable(
            self.archive,
            key=link.key,
            fetched=_pages(answers, now),
            reason=reason,
            now=now,
            crawl_id=self.keeper.crawl_id,
        )
        self._count_fetched(answers)
        if answers:
            self.lookout.count(identify(link.url).host, None, None, dated_at=link.listed_at)
        self.tally.tried += 1
        self.tally.unreadable += 1
        self.tally.failed[reason] += 1
        log.info("article unreadable url=%s reason=%s", link.url, reason)
        self.on_change()

    def _mark(self, link: DueLink, state: LinkState, reason: str, *, retry_after_s: float | None = None) -> None:
        mark(
            self.archive,
            key=link.key,
            state=state,
            reason=reason,
            now=self.clock(),
            crawl_id=self.keeper.crawl_id,
            retry_after_s=retry_after_s,
        )

    def _mark_listing(self, listing: Listing, url: str, reason: str) -> None:
        mark_listing(
            self.archive, listing=listing, url=url, reason=reason, now=self.clock(), crawl_id=self.keeper.crawl_id
        )

    def _count_fetched(self, answers: Sequence[Answer]) -> None:
        self.tally.fetched += bool(answers)
        self.tally.bytes += sum(len(answer.body) for answer in answers)


def count_listing_failure(tally: Tally, listing: Listing, error: CrawlerError) -> None:
    """Count a listing that gave nothing, with a line that says why."""
    if isinstance(error, LeftAloneError):
        tally.listings_not_asked[listing.name] = None
        return
    tally.listings_asked += 1
    tally.failed[error.reason if isinstance(error, FetchError) else "listing unreadable"] += 1
    tally.notes.append(f"listing {listing.name} failed: {error}")


def _identified(page: ListingPage) -> Iterator[tuple[Link, Address]]:
    return ((link, identify(link.url)) for link in page.links)


def dated(article: Article, link: DueLink | KeptFetch) -> Article:
    """Return the article with the listing's time, where its page tells none."""
    if article.published_at is not None or link.listed_at is None:
        return article
    return replace(article, published_at=link.listed_at, published_from=link.listed_from)


def _pages(
    answers: Sequence[Answer], now: datetime, reading: Reading | None = None, *, is_kept: bool = False
) -> tuple[FetchedPage, ...]:
    """Return the pages to be kept; what was remarked on an article stands with its first."""
    layout, remarks = (reading.layout, reading.remarks) if reading else (None, ())
    return tuple(
        FetchedPage(
            url=answer.url,
            fetched_at=now,
            body=answer.body,
            content_type=_content_type(answer),
            etag=answer.etag,
            last_modified=answer.last_modified,
            packed=answer.packed,
            encoding=answer.encoding,
            layout=layout,
            remark="; ".join(remarks) or None if number == 0 else None,
            is_kept=is_kept,
        )
        for number, answer in enumerate(answers)
    )


def _content_type(answer: Answer) -> str | None:
    """Return the type with the charset, by which the page is read again."""
    return f"{answer.content_type}; charset={answer.charset}" if answer.charset else answer.content_type
