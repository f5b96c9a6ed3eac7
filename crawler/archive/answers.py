"""What listings answered since it was last learned from, and what was learned: how much each brings, and when."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, bindparam, delete, func, or_, select

from crawler.archive.insert import insert
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.run_tables import cadence, crawl, listing_answer
from crawler.archive.statement import Statement
from crawler.archive.tables import link, link_listing, listing
from crawler.article import Listing

CadenceKind = Literal["listing", "host", "price"]
# Of the entries that tell their time, so many may be pinned, and older than what stands there in its turn.
_PINNED_SHARE: Final = 10
_KEYS_PER_QUESTION: Final = 500

_NOTE = Statement(
    insert(listing_answer), columns=[column.name for column in listing_answer.columns if column.name != "id"]
)
_LAST_LINKS = Statement(select(listing.c.last_links).where(listing.c.id == bindparam("b_id")))


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What one address of a listing answered: a page of an index, a sitemap that an index of sitemaps names.

    How many entries it showed, how many of them it had not shown before, how many of these no listing had shown.
    """

    answer_id: int
    name: str
    host: str
    at: datetime
    shown: int
    fresh: int
    novel: int
    oldest_at: datetime | None
    crawl_id: int | None


def note_answer(  # noqa: PLR0913  - the row is written whole
    connection: Connection,
    *,
    asked: Listing,
    now_s: int,
    shown: int,
    fresh: int,
    novel: int,
    oldest_s: int | None,
    crawl_id: int | None,
) -> None:
    """Keep what an address of a listing answered, until it is learned from."""
    _NOTE.run(
        connection,
        name=asked.name,
        host=urlsplit(asked.url).hostname or "",
        at=now_s,
        shown=shown,
        fresh=fresh,
        novel=novel,
        oldest_at=oldest_s,
        crawl_id=crawl_id,
    )


def note_unchanged(
    connection: Connection, *, asked: Listing, listing_id: int, now_s: int, crawl_id: int | None
) -> None:
    """Keep that an address answered, and shows what it showed."""
    shown = _LAST_LINKS.value(connection, b_id=listing_id)
    note_answer(connection, asked=asked, now_s=now_s, shown=shown, fresh=0, novel=0, oldest_s=None, crawl_id=crawl_id)


def count_fresh(connection: Connection, asked: Listing, listing_id: int, keys: Collection[str]) -> int:
    """Return how many of these links, which other listings have shown, the address has not shown before.

    The pages of an index are one: what moves on to the second is not fresh there.
    """
    here = listing.c.name == asked.name if asked.kind == "index" else listing.c.id == listing_id
    seen = select(func.count(link.c.id.distinct())).join(link_listing, link_listing.c.link_id == link.c.id)
    seen = seen.join(listing, listing.c.id == link_listing.c.listing_id).where(here)
    wanted, known = list(keys), 0
    for start in range(0, len(wanted), _KEYS_PER_QUESTION):
        some = wanted[start : start + _KEYS_PER_QUESTION]
        known += connection.execute(seen.where(link.c.key.in_(some))).scalar_one()
    return len(wanted) - known


def oldest_of(listed: Collection[int]) -> int | None:
    """Return since when entries of these times stand on a listing, but for those that are pinned; None without any."""
    return sorted(listed)[len(listed) // _PINNED_SHARE] if listed else None


def has_settled_answers(connection: Connection) -> bool:
    """Tell whether there is an answer of a crawl that has ended."""
    return connection.execute(_settled().limit(1)).first() is not None


def settled_answers_in(connection: Connection) -> list[KeptAnswer]:
    """Return the answers of crawls that have ended, in the order in which they came."""
    return [_kept(row) for row in connection.execute(_settled().order_by(listing_answer.c.id))]


def forget_answers_in(connection: Connection, answers: Collection[KeptAnswer]) -> None:
    """Let go of answers that were learned from."""
    ids = [each.answer_id for each in answers]
    for start in range(0, len(ids), _KEYS_PER_QUESTION):
        some = ids[start : start + _KEYS_PER_QUESTION]
        connection.execute(delete(listing_answer).where(listing_answer.c.id.in_(some)))


def load_cadence_in(connection: Connection, kind: CadenceKind) -> dict[str, dict[str, Any]]:
    """Return what was learned of each listing or host, or the price of a request to each host, by its name."""
    found = select(cadence.c.name, cadence.c.value).where(cadence.c.kind == kind)
    return {row.name: json.loads(row.value) for row in connection.execute(found)}


def save_cadence_in(
    connection: Connection, kind: CadenceKind, values: Mapping[str, Mapping[str, Any]], *, now: datetime
) -> None:
    """Keep what was learned, by name."""
    row = insert(cadence)
    told = {"value": row.excluded.value, "changed_at": row.excluded.changed_at}
    saved = row.on_conflict_do_update(index_elements=["kind", "name"], set_=told)
    for name, value in values.items():
        text = json.dumps(dict(value), separators=(",", ":"))
        connection.execute(saved, {"kind": kind, "name": name, "value": text, "changed_at": seconds_of(now)})


def _settled() -> Select[Any]:
    found = select(listing_answer).outerjoin(crawl, crawl.c.id == listing_answer.c.crawl_id)
    return found.where(or_(crawl.c.state.is_(None), crawl.c.state != "running"))


def _kept(row: Any) -> KeptAnswer:
    return KeptAnswer(
        answer_id=row.id,
        name=row.name,
        host=row.host,
        at=moment_of(row.at),
        shown=row.shown,
        fresh=row.fresh,
        novel=row.novel,
        oldest_at=None if row.oldest_at is None else moment_of(row.oldest_at),
        crawl_id=row.crawl_id,
    )
