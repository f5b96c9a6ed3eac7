"""The life of one address: seen, fetched, read, matched, stored, or the reason why not."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, or_, select

from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of
from crawler.archive.steps import MAX_ATTEMPTS
from crawler.archive.tables import article, article_topic, link, link_listing, listing, page, revision, topic
from crawler.site import Address

# A story of more copies than these is told in part.
_MOST_COPIES: Final = 50


@dataclass(frozen=True, slots=True)
class Sighting:
    """A listing that named the address, from when to when."""

    name: str
    url: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class FetchedOnce:
    """One page that was fetched; `reason` tells why it could not be read, and `is_kept` that it is here as it came."""

    url: str
    fetched_at: datetime
    status: int
    bytes: int
    reason: str | None
    solved_at: datetime | None
    layout: str | None
    remark: str | None
    is_kept: bool


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """The article as it stood from one moment on, and the topics it had then with the words that say so."""

    number: int
    stored_at: datetime
    title: str
    reason: str | None
    topics: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of the same story."""

    article_id: int
    key: str
    title: str
    first_stored_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What the ledger says."""

    url: str
    state: str
    state_at: datetime
    reason: str | None
    attempts: int
    not_before: datetime | None
    title: str | None
    keywords: tuple[str, ...]
    listed_at: datetime | None
    listed_from: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    times_seen: int


@dataclass(frozen=True, slots=True)
class Life:
    """Everything the archive knows of one address."""

    key: str
    link: Seen | None
    listings: tuple[Sighting, ...]
    pages: tuple[FetchedOnce, ...]
    article_id: int | None
    # The key of the article where it was stored under another address of the same content.
    stored_as: str | None
    revisions: tuple[KeptRevision, ...]
    copies: tuple[Copy, ...]

    def lines(self, show: Callable[[datetime], str]) -> list[str]:
        """Return the life in lines, in the order in which it happened; `show` writes a moment."""
        return [
            *self._how_it_was_seen(show),
            *self._how_it_was_fetched(show),
            *self._how_it_was_stored(show),
            *self._where_it_stands(show),
        ]

    def _how_it_was_seen(self, show: Callable[[datetime], str]) -> list[str]:
        lines = [
            f"listed    {show(each.first_seen_at)}  by {each.name} ({each.url}), last {show(each.last_seen_at)}"
            for each in self.listings
        ]
        if self.link and self.listings:
            seen = self.link
            lines.append(f"seen      {show(seen.first_seen_at)}  first, last {show(seen.last_seen_at)}, {_times(seen)}")
        if self.link and self.link.title:
            lines.append(f"title     {self.link.title}")
        if self.link and self.link.listed_at:
            lines.append(f"dated     {show(self.link.listed_at)}  by the {self.link.listed_from or 'listing'}")
        return lines

    def _how_it_was_fetched(self, show: Callable[[datetime], str]) -> list[str]:
        lines = []
        for each in self.pages:
            told = [f"status {each.status}, {each.bytes} bytes"]
            told += [f"layout {each.layout}"] if each.layout else []
            told += [f"not readable: {each.reason}"] if each.reason else []
            told += [f"readable since {show(each.solved_at)}"] if each.solved_at else []
            told += ["the page is kept"] if each.is_kept else []
            lines.append(f"fetched   {show(each.fetched_at)}  {'; '.join(told)}")
            lines += [f"remark    {each.remark}"] if each.remark else []
        return lines

    def _how_it_was_stored(self, show: Callable[[datetime], str]) -> list[str]:
        lines = [f"same as   {self.stored_as}: the same content under another address"] if self.stored_as else []
        for each in self.revisions:
            told = f" ({each.reason})" if each.reason else ""
            lines.append(f"stored    {show(each.stored_at)}  article {self.article_id}, revision {each.number}" + told)
            lines += [f"matched   {name}: {', '.join(words)}" for name, words in each.topics.items()]
            if not each.topics:
                lines.append("matched   no topic")
        lines += [
            f"story     {show(each.first_stored_at)}  also article {each.article_id} ({each.key}): {each.title}"
            for each in self.copies
        ]
        return lines

    def _where_it_stands(self, show: Callable[[datetime], str]) -> list[str]:
        if self.link is None:
            return []
        state, reason = self.link.state, self.link.reason
        why = f": {reason}" if reason else ""
        if state == "failed" and self.link.attempts >= MAX_ATTEMPTS:
            why += f"; given up after {self.link.attempts} attempts"
        elif state == "failed" and self.link.not_before:
            why += f"; attempt {self.link.attempts + 1} of {MAX_ATTEMPTS} from {show(self.link.not_before)}"
        elif state in {"seen", "fetched"}:
            why += "; the next crawl that wants it fetches it"
        return [f"state     {show(self.link.state_at)}  {state}{why}"]


def life_of(archive: Archive, *, address: Address) -> Life | None:
    """Return the life of an address; None when the archive never heard of it."""
    with archive.reading() as connection:
        seen = connection.execute(select(link).where(link.c.key == address.key)).one_or_none()
        is_it = [article.c.key == address.key]
        # What is not known is not asked for: no index knows what has none.
        if address.content_id is not None:
            is_it.append(and_(article.c.host == address.host, article.c.content_id == address.content_id))
        if seen is not None and seen.article_id is not None:
            is_it.append(article.c.id == seen.article_id)
        known = connection.execute(select(article.c.id, article.c.key, article.c.story_id).where(or_(*is_it))).first()
        pages = _pages(connection, address.key)
        if seen is None and known is None and not pages:
            return None
        return Life(
            key=address.key,
            link=_seen(seen) if seen else None,
            listings=_sightings(connection, seen.id) if seen else (),
            pages=pages,
            article_id=known.id if known else None,
            stored_as=known.key if known and known.key != address.key else None,
            revisions=_revisions(connection, known.id) if known else (),
            copies=_copies(connection, known) if known else (),
        )


def _seen(row: Any) -> Seen:
    return Seen(
        url=row.url,
        state=row.state,
        state_at=moment_of(row.state_at),
        reason=row.reason,
        attempts=row.attempts,
        not_before=None if row.not_before is None else moment_of(row.not_before),
        title=row.title,
        keywords=tuple(json.loads(row.keywords)),
        listed_at=None if row.listed_at is None else moment_of(row.listed_at, row.listed_offset_min),
        listed_from=row.listed_from,
        first_seen_at=moment_of(row.first_seen_at),
        last_seen_at=moment_of(row.last_seen_at),
        times_seen=row.times_seen,
    )


def _sightings(connection: Connection, link_id: int) -> tuple[Sighting, ...]:
    found = (
        select(listing.c.name, listing.c.url, link_listing.c.first_seen_at, link_listing.c.last_seen_at)
        .join(listing, listing.c.id == link_listing.c.listing_id)
        .where(link_listing.c.link_id == link_id)
        .order_by(link_listing.c.first_seen_at, listing.c.id)
    )
    return tuple(
        Sighting(row.name, row.url, moment_of(row.first_seen_at), moment_of(row.last_seen_at))
        for row in connection.execute(found)
    )


def _times(seen: Seen) -> str:
    return "once" if seen.times_seen == 1 else f"{seen.times_seen} times"


def _copies(connection: Connection, known: Any) -> tuple[Copy, ...]:
    others = (
        select(article.c.id, article.c.key, article.c.title, article.c.first_stored_at)
        .where(article.c.story_id == known.story_id, article.c.id != known.id)
        .order_by(article.c.id)
        .limit(_MOST_COPIES)
    )
    return tuple(Copy(row.id, row.key, row.title, moment_of(row.first_stored_at)) for row in connection.execute(others))


def _pages(connection: Connection, key: str) -> tuple[FetchedOnce, ...]:
    rows = connection.execute(
        select(
            *(
                page.c[name]
                for name in ("url", "fetched_at", "status", "bytes", "reason", "solved_at", "layout", "remark")
            ),
            page.c.kept_bytes.is_not(None).label("is_kept"),
        )
        .where(page.c.key == key)
        .order_by(page.c.id)
    )
    return tuple(
        FetchedOnce(
            url=row.url,
            fetched_at=moment_of(row.fetched_at),
            status=row.status,
            bytes=row.bytes,
            reason=row.reason,
            solved_at=None if row.solved_at is None else moment_of(row.solved_at),
            layout=row.layout,
            remark=row.remark,
            is_kept=bool(row.is_kept),
        )
        for row in rows
    )


def _revisions(connection: Connection, article_id: int) -> tuple[KeptRevision, ...]:
    matched = connection.execute(
        select(article_topic.c.revision, topic.c.name, article_topic.c.hits)
        .join(topic, topic.c.id == article_topic.c.topic_id)
        .where(article_topic.c.article_id == article_id)
        .order_by(topic.c.id)
    ).all()
    kept = connection.execute(
        select(revision.c.number, revision.c.stored_at, revision.c.article, revision.c.reason)
        .where(revision.c.article_id == article_id)
        .order_by(revision.c.number)
    )
    return tuple(
        KeptRevision(
            number=row.number,
            stored_at=moment_of(row.stored_at),
            title=json.loads(row.article)["title"],
            reason=row.reason,
            topics={
                each.name: tuple(dict.fromkeys(f"{hit['words']} ({hit['field']})" for hit in json.loads(each.hits)))
                for each in matched
                if each.revision == row.number
            },
        )
        for row in kept
    )
