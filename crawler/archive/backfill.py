"""The days of an index that were walked: what a back-fill need not ask again, and where it goes on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.insert import insert
from crawler.archive.ledger import note_asked
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.tables import backfill, listing
from crawler.article import Listing


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a day was walked: so many pages were read, to the end or not, and when."""

    is_done: bool
    pages: int
    links: int
    asked_at: datetime


def walked_day(archive: Archive, *, listing_url: str, day: date) -> Walked | None:
    """Return how far a day of an index was walked; None if it never was."""
    found = (
        select(backfill.c.is_done, backfill.c.pages, backfill.c.links, backfill.c.asked_at)
        .join(listing, listing.c.id == backfill.c.listing_id)
        .where(listing.c.url == clean_text(listing_url), backfill.c.day == day.isoformat())
    )
    with archive.reading() as connection:
        row = connection.execute(found).one_or_none()
    return None if row is None else Walked(bool(row.is_done), row.pages, row.links, moment_of(row.asked_at))


def save_walked_day(  # noqa: PLR0913  - the row is written whole
    archive: Archive,
    *,
    asked: Listing,
    day: date,
    pages: int,
    links: int,
    is_done: bool,
    now: datetime,
    crawl_id: int | None,
) -> None:
    """Keep how far a day is walked; to be called when the links of its pages are kept."""
    row = {"is_done": int(is_done), "pages": pages, "links": links, "asked_at": seconds_of(now)}

    def save(connection: Connection) -> None:
        listing_id = note_asked(connection, asked, asked.url, now_s=seconds_of(now), crawl_id=crawl_id)
        new = insert(backfill).values(listing_id=listing_id, day=day.isoformat(), **row)
        connection.execute(new.on_conflict_do_update(index_elements=["listing_id", "day"], set_=row))

    archive.write(save)
