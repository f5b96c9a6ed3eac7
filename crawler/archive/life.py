"""The life of one address: seen, fetched, read, matched, stored, or the reason why not."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of
from crawler.archive.steps import MAX_ATTEMPTS
from crawler.archive.tables import article, article_topic, link, link_listing, listing, page, revision, topic
from crawler.site import Address


@dataclass(frozen=True, slots=True)
class Sighting:
    """A listing that named the address, from when to when."""

    name: str
    url: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class FetchedOnce:
    """One time that the address was fetched; `reason` tells why it could not be read."""

    url: str
    fetched_at: datetime
    status: int
    bytes: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """The article as it stood from one moment on, and the topics it had then with the words that say so."""

    number: int
    stored_at: datetime
    title: str
    topics: dict[str, tuple[str, ...]]


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

    def lines(self, show: Callable[[datetime], str]) -> list[str]:
        """Return the life in lines, in the order in which it happened; `show` writes a moment."""
        return [
            *self._how_it_was_seen(show),
            *(
                f"fetched   {show(each.fetched_at)}  status {each.status}, {each.bytes} bytes"
                + (f", not readable: {each.reason}" if each.reason else "")
                for each in self.pages
            ),
            *self._how_it_was_stored(show),
            *self._where_it_stands(show),
        ]

    def _how_it_was_seen(self, show: Callable[[datetime], str]) -> list[str]:
        lines = [
            f"listed    {show(each.first_seen_at)}  by {each.name} ({each.url}), last {show(each.last_seen_at)}"
            for each in self.listings
        ]
        if self.link and self.link.title:
            lines.append(f"title     {self.link.title}")
        if self.link and self.link.listed_at:
            lines.append(f"dated     {show(self.link.listed_at)}  by the {self.link.listed_from or 'listing'}")
        return lines

    def _how_it_was_stored(self, show: Callable[[datetime], str]) -> list[str]:
        lines = [f"same as   {self.stored_as}: the same content under another address"] if self.stored_as else []
        for each in self.revisions:
            lines.append(f"stored    {show(each.stored_at)}  article {self.article_id}, revision {each.number}")
            lines += [f"matched   {name}: {', '.join(words)}" for name, words in each.topics.items()]
            if not each.topics:
                lines.append("matched   no topic")
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
        known = connection.execute(
            select(article.c.id, article.c.key).where(
                or_(
                    article.c.key == address.key,
                    and_(article.c.host == address.host, article.c.content_id == address.content_id),
                    article.c.id == (seen.article_id if seen else None),
                )
            )
        ).first()
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


def _pages(connection: Connection, key: str) -> tuple[FetchedOnce, ...]:
    rows = connection.execute(
        select(page.c.url, page.c.fetched_at, page.c.status, page.c.bytes, page.c.reason)
        .where(page.c.key == key)
        .order_by(page.c.id)
    )
    return tuple(FetchedOnce(row.url, moment_of(row.fetched_at), row.status, row.bytes, row.reason) for row in rows)


def _revisions(connection: Connection, article_id: int) -> tuple[KeptRevision, ...]:
    matched = connection.execute(
        select(article_topic.c.revision, topic.c.name, article_topic.c.hits)
        .join(topic, topic.c.id == article_topic.c.topic_id)
        .where(article_topic.c.article_id == article_id)
        .order_by(topic.c.id)
    ).all()
    kept = connection.execute(
        select(revision.c.number, revision.c.stored_at, revision.c.article)
        .where(revision.c.article_id == article_id)
        .order_by(revision.c.number)
    )
    return tuple(
        KeptRevision(
            number=row.number,
            stored_at=moment_of(row.stored_at),
            title=json.loads(row.article)["title"],
            topics={
                each.name: tuple(dict.fromkeys(f"{hit['words']} ({hit['field']})" for hit in json.loads(each.hits)))
                for each in matched
                if each.revision == row.number
            },
        )
        for row in kept
    )
