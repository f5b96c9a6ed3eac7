"""How full the fields were that each crawl read, by host and layout: kept for comparing, and begun anew when asked."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.index import second_of
from crawler.archive.insert import insert
from crawler.archive.moments import moment_of
from crawler.archive.statement import Statement
from crawler.archive.tables import article, link_listing, listing, reading

# Of one host so many rows are read, and so many are kept: about as many crawls, of one or two layouts each.
_MOST_ROWS: Final = 600

_NEW = insert(reading)
_COUNT: Final = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["crawl_id", "host", "layout"],
        set_={name: getattr(_NEW.excluded, name) for name in ("pages", "filled", "alarmed")},
    ),
    columns=("crawl_id", "host", "layout", "pages", "filled", "alarmed"),
)
_TRIM: Final = Statement(
    delete(reading).where(
        reading.c.host == bindparam("b_host"),
        reading.c.crawl_id
        < select(reading.c.crawl_id)
        .where(reading.c.host == bindparam("b_same_host"))
        .order_by(reading.c.crawl_id.desc())
        .limit(1)
        .offset(_MOST_ROWS)
        .scalar_subquery(),
    )
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one crawl read of one host in one layout: so many articles, and how many of them had each field."""

    crawl_id: int
    host: str
    layout: str
    pages: int
    filled: Mapping[str, int]
    alarmed: tuple[str, ...] = ()


def save_readings(archive: Archive, several: Iterable[Counted]) -> None:
    """Keep what a crawl counted so far; what it kept before is replaced."""
    rows = [
        {
            "crawl_id": each.crawl_id,
            "host": clean_text(each.host),
            "layout": clean_text(each.layout),
            "pages": each.pages,
            "filled": json.dumps(dict(each.filled), separators=(",", ":")),
            "alarmed": json.dumps(each.alarmed),
        }
        for each in several
    ]
    if not rows:
        return

    def save(connection: Connection) -> None:
        _COUNT.run_many(connection, rows)
        _TRIM.run_many(connection, ({"b_host": host, "b_same_host": host} for host in {row["host"] for row in rows}))

    archive.write(save)


def readings_of(archive: Archive, *, crawl_id: int) -> list[Counted]:
    """Return what a crawl has counted so far."""
    with archive.reading() as connection:
        return [_counted(row) for row in connection.execute(select(reading).where(reading.c.crawl_id == crawl_id))]


def past_readings(archive: Archive, *, before: int, hosts: Iterable[str]) -> list[Counted]:
    """Return what crawls before this one counted of these hosts, the newest crawl first."""
    found: list[Counted] = []
    with archive.reading() as connection:
        for host in dict.fromkeys(hosts):
            rows = connection.execute(
                select(reading)
                .where(reading.c.host == clean_text(host), reading.c.crawl_id < before)
                .order_by(reading.c.crawl_id.desc())
                .limit(_MOST_ROWS)
            )
            found += [_counted(row) for row in rows]
    return sorted(found, key=lambda each: -each.crawl_id)


def accept_readings(archive: Archive, *, crawl_id: int, hosts: Iterable[str]) -> int:
    """Let the history of these hosts begin anew with the crawl: as it read them, they are meant to be."""
    wanted = [clean_text(host) for host in hosts]
    with archive.writing() as connection:
        connection.execute(
            update(reading).where(reading.c.crawl_id >= crawl_id, reading.c.host.in_(wanted)).values(alarmed="[]")
        )
        gone = connection.execute(
            delete(reading).where(reading.c.crawl_id < crawl_id, reading.c.host.in_(wanted))
        ).rowcount
    return int(gone)


def newest_moment(archive: Archive) -> datetime | None:
    """Return the moment by which the newest article is ordered; None where there is no article."""
    with archive.reading() as connection:
        rowid = connection.execute(select(func.max(article.c.search_rowid))).scalar_one()
    return None if rowid is None else moment_of(second_of(rowid))


def links_before(archive: Archive, *, url: str) -> int:
    """Return how many links an address of a listing named when it last named any; 0 where it never did."""
    with archive.reading() as connection:
        row = connection.execute(
            select(listing.c.id, listing.c.last_links).where(listing.c.url == clean_text(url))
        ).one_or_none()
        if row is None or row.last_links:
            return row.last_links if row else 0
        # What it named together was last seen together. Nothing leads quickly from a listing to its links, and this is
        # only asked while one is empty.
        here = link_listing.c.listing_id == row.id
        last = select(func.max(link_listing.c.last_seen_at)).where(here).scalar_subquery()
        named = select(func.count()).select_from(link_listing).where(here, link_listing.c.last_seen_at == last)
        return int(connection.execute(named).scalar_one())


def _counted(row: Any) -> Counted:
    filled, alarmed = json.loads(row.filled), tuple(json.loads(row.alarmed))
    return Counted(row.crawl_id, row.host, row.layout, row.pages, filled, alarmed)
