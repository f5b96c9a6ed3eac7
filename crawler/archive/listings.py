"""The listings that were ever asked, and what is known of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import cast, func, select

from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of
from crawler.archive.table_parts import Whole
from crawler.archive.tables import listing


@dataclass(frozen=True, slots=True)
class ListingState:
    """What is known of a listing, together with its pages and the sitemaps that it names.

    `answered_at` is when one of them last gave what it lists, or said that this has not changed.
    """

    name: str
    url: str
    kind: str
    asked_at: datetime
    answered_at: datetime | None
    changed_at: datetime | None
    links: int
    reason: str | None


def list_listings(archive: Archive) -> list[ListingState]:
    """Return the listings that were ever asked, by name."""
    part = listing.alias("part")
    summed = (
        select(
            *(listing.c[name] for name in ("name", "url", "kind", "last_reason")),
            func.max(part.c.asked_at).label("asked_at"),
            func.max(part.c.answered_at).label("answered_at"),
            func.max(part.c.changed_at).label("changed_at"),
            cast(func.sum(part.c.last_links), Whole).label("links"),
        )
        .join(part, func.coalesce(part.c.parent_id, part.c.id) == listing.c.id)
        .where(listing.c.parent_id.is_(None))
        .group_by(listing.c.id)
        .order_by(listing.c.name, listing.c.id)
    )
    with archive.reading() as connection:
        rows = connection.execute(summed).all()
    return [
        ListingState(
            name=row.name,
            url=row.url,
            kind=row.kind,
            asked_at=moment_of(row.asked_at),
            answered_at=None if row.answered_at is None else moment_of(row.answered_at),
            changed_at=None if row.changed_at is None else moment_of(row.changed_at),
            links=row.links,
            reason=row.last_reason,
        )
        for row in rows
    ]
