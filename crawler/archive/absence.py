"""Why an address is not in the archive: since when it would have been seen, and when its host's listings were asked."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select

from crawler.archive.connect import Archive
from crawler.archive.listings import list_listings
from crawler.archive.moments import moment_of
from crawler.archive.run_tables import crawl


@dataclass(frozen=True, slots=True)
class AskedListing:
    """A listing of the host, when it was last asked, and why it then gave nothing, if so."""

    name: str
    url: str
    asked_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Absence:
    """Since the first crawl, if there was one, none of these listings has named the address."""

    first_crawl_at: datetime | None
    listings: tuple[AskedListing, ...]


def absence_of(archive: Archive, *, host: str) -> Absence:
    """Return what is known of a host of which an address was never seen."""
    with archive.reading() as connection:
        first = connection.execute(select(func.min(crawl.c.started_at))).scalar_one()
    asked = tuple(
        AskedListing(each.name, each.url, each.asked_at, each.reason)
        for each in list_listings(archive)
        if urlsplit(each.url).hostname == host
    )
    return Absence(None if first is None else moment_of(first), asked)
