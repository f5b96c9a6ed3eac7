"""The link ledger: what the listings named, what is left to do, and how far each address got."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, text, update

from crawler.archive import reasons
from crawler.archive.answers import count_fresh, note_answer, note_unchanged, oldest_of
from crawler.archive.clean import clean_text, clean_value
from crawler.archive.connect import Archive
from crawler.archive.insert import insert
from crawler.archive.moments import moment_of, offset_min_of, seconds_of
from crawler.archive.statement import Statement
from crawler.archive.steps import MAX_ATTEMPTS, LinkState, Step, take_step
from crawler.archive.table_parts import Whole
from crawler.archive.tables import PENDING, link, link_listing, listing
from crawler.article import Link, Listing, PublishedFrom
from crawler.errors import NotFoundError
from crawler.site import Address

_KEYS_PER_QUESTION: Final = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many links a listing named, each counted once, how many were never seen before, how many of these skipped."""

    seen: int
    new: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class DueLink:
    """A link that waits to be fetched."""

    key: str
    url: str
    title: str | None
    keywords: tuple[str, ...]
    listed_at: datetime | None
    listed_from: PublishedFrom | None
    attempts: int


_LISTING_COLUMNS = ("url", "name", "kind", "parent_id", "first_asked_at", "asked_at", "last_crawl_id")
_NEW_LISTING = insert(listing)
_ASK_LISTING = Statement(
    _NEW_LISTING.on_conflict_do_update(
        index_elements=["url"],
        set_={
            name: getattr(_NEW_LISTING.excluded, name)
            for name in ("name", "kind", "parent_id", "asked_at", "last_crawl_id")
        },
    ).returning(listing.c.id),
    columns=_LISTING_COLUMNS,
)
_LISTING_GAVE = Statement(
    update(listing)
    .where(listing.c.id == bindparam("b_id"))
    .values(
        etag=bindparam("b_etag"),
        body_hash=bindparam("b_body_hash"),
        last_modified=bindparam("b_last_modified"),
        last_links=bindparam("b_links"),
        last_reason=None,
        answered_at=bindparam("b_now"),
        changed_at=case((bindparam("b_new") > 0, bindparam("b_now")), else_=listing.c.changed_at),
    )
)
_LISTING_GAVE_NOTHING = Statement(
    update(listing)
    .where(listing.c.id == bindparam("b_id"))
    .values(
        last_reason=bindparam("b_reason"),
        answered_at=case(
            (bindparam("b_reason") == reasons.NOT_MODIFIED, bindparam("b_now")), else_=listing.c.answered_at
        ),
    )
)

_LINK_COLUMNS = (
    *("key", "url", "host", "listing_id", "title", "keywords", "listed_at", "listed_offset_min", "listed_from"),
    *("first_seen_at", "last_seen_at", "times_seen", "state", "state_at", "reason", "attempts"),
    *("first_crawl_id", "last_crawl_id"),
)
_NEW_LINK = insert(link)
_TOLD = _NEW_LINK.excluded
# A sitemap gives the time to the second with its zone, an index page by the minute: the better one is kept.
_TOLD_BETTER = or_(
    link.c.listed_at.is_(None), and_(link.c.listed_from.like("index%"), _TOLD.listed_from.like("sitemap%"))
)
# Sitemaps and index pages may print one title in two ways: each is compared with its own kind, and that of a sitemap is
# kept. What changes its title at every look is not followed for ever, and what is not wanted any more not at all.
_MOST_TITLES: Final = 10
_IS_OTHER_KIND = and_(
    link.c.listed_from.like("sitemap%"),
    or_(_TOLD.listed_from.is_(None), _TOLD.listed_from.not_like("sitemap%")),
)
_IS_RETITLED = and_(
    link.c.state == "stored",
    _TOLD.state == "seen",
    link.c.listed_from == _TOLD.listed_from,
    link.c.title != _TOLD.title,
    link.c.times_retitled < _MOST_TITLES,
)


def is_unwanted(reason: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Return the condition that a link was skipped because it is not wanted, and may be wanted later."""
    return or_(reason == reasons.NO_TOPIC, reason.like(f"{reasons.NOT_FOLLOWED}%"))


# Another listing may tell more of it, so that it is wanted after all.
_IS_WANTED_NOW = and_(link.c.state == "skipped", is_unwanted(link.c.reason), _TOLD.state == "seen")
_SEE_LINK = Statement(
    _NEW_LINK.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "last_seen_at": _TOLD.last_seen_at,
            "times_seen": link.c.times_seen + 1,
            "last_crawl_id": _TOLD.last_crawl_id,
            "listing_id": func.coalesce(link.c.listing_id, _TOLD.listing_id),
            "title": case(
                (_IS_OTHER_KIND, func.coalesce(link.c.title, _TOLD.title)),
                else_=func.coalesce(_TOLD.title, link.c.title),
            ),
            "retitled_at": case((_IS_RETITLED, _TOLD.last_seen_at), else_=link.c.retitled_at),
            "times_retitled": link.c.times_retitled + case((_IS_RETITLED, 1), else_=0),
            "keywords": case((_TOLD.keywords == "[]", link.c.keywords), else_=_TOLD.keywords),
            "listed_at": case((_TOLD_BETTER, _TOLD.listed_at), else_=link.c.listed_at),
            "listed_offset_min": case((_TOLD_BETTER, _TOLD.listed_offset_min), else_=link.c.listed_offset_min),
            "listed_from": case((_TOLD_BETTER, _TOLD.listed_from), else_=link.c.listed_from),
            "state": case((_IS_WANTED_NOW, _TOLD.state), else_=link.c.state),
            "state_at": case((_IS_WANTED_NOW, _TOLD.state_at), else_=link.c.state_at),
            "reason": case((_IS_WANTED_NOW, _TOLD.reason), else_=link.c.reason),
        },
    ),
    columns=_LINK_COLUMNS,
)
_NEW_SIGHTING = insert(link_listing).from_select(
    ["link_id", "listing_id", "first_seen_at", "last_seen_at"],
    select(link.c.id, *(bindparam(f"b_{name}", type_=Whole) for name in ("listing_id", "first_now", "last_now"))).where(
        link.c.key == bindparam("b_key")
    ),
)
_SEE_LINK_HERE = Statement(
    _NEW_SIGHTING.on_conflict_do_update(
        index_elements=["link_id", "listing_id"], set_={"last_seen_at": _NEW_SIGHTING.excluded.last_seen_at}
    )
)


def record_listing(  # noqa: PLR0913  - what one answer of the site told, all of it kept at once
    archive: Archive,
    *,
    listing: Listing,
    url: str,
    links: Sequence[tuple[Link, Address]],
    etag: str | None,
    last_modified: str | None,
    now: datetime,
    crawl_id: int | None,
    body_hash: str | None = None,
    refusals: Mapping[str, str] | None = None,
    is_of_now: bool = True,
) -> Recorded:
    """Keep what an address of a listing gave: its links, and the validators for the next time.

    Both in one transaction: if the validators were kept and the links lost, the next answer would be "not modified".
    Whatever state a link has, it keeps it; a new one with a refusal (by key, the reason) is skipped, and one that was
    skipped as unwanted and has none now is taken up. `url` is what was asked: the listing itself, a page of it, or a
    sitemap that it names. An answer `is_of_now` unless a day of the past was asked for: of how much the listing brings,
    that teaches nothing.
    """
    now_s = seconds_of(now)
    rows: dict[str, dict[str, Any]] = {}
    for each, address in links:
        reason = (refusals or {}).get(address.key)
        row = _link_row(each, address, reason, now_s=now_s, crawl_id=crawl_id)
        rows.setdefault(row["key"], row)

    def record(connection: Connection) -> set[str]:
        listing_id = note_asked(connection, listing, url, now_s=now_s, crawl_id=crawl_id)
        new = rows.keys() - _known(connection, list(rows))
        if is_of_now:
            note_answer(
                connection,
                asked=listing,
                now_s=now_s,
                shown=len(rows),
                fresh=len(new) + count_fresh(connection, listing, listing_id, rows.keys() - new),
                novel=len(new),
                oldest_s=oldest_of([row["listed_at"] for row in rows.values() if row["listed_at"] is not None]),
                crawl_id=crawl_id,
            )
        _SEE_LINK.run_many(connection, ({**row, "listing_id": listing_id} for row in rows.values()))
        here = {"b_listing_id": listing_id, "b_first_now": now_s, "b_last_now": now_s}
        _SEE_LINK_HERE.run_many(connection, ({**here, "b_key": key} for key in rows))
        _LISTING_GAVE.run(
            connection,
            b_id=listing_id,
            b_etag=clean_text(etag) if etag else None,
            b_last_modified=clean_text(last_modified) if last_modified else None,
            b_body_hash=body_hash,
            b_links=len(rows),
            b_new=len(new),
            b_now=now_s,
        )
        return new

    new = archive.write(record)
    skipped = sum(rows[key]["state"] == "skipped" for key in new)
    return Recorded(seen=len(rows), new=len(new), skipped=skipped)


def mark_listing(  # noqa: PLR0913  - as above
    archive: Archive, *, listing: Listing, url: str, reason: str, now: datetime, crawl_id: int | None
) -> None:
    """Keep that an address of a listing was asked and gave no links: "not modified", or why it failed.

    Its validators stay, so that a listing that failed once is still asked conditionally.
    """
    now_s = seconds_of(now)

    def keep(connection: Connection) -> None:
        listing_id = note_asked(connection, listing, url, now_s=now_s, crawl_id=crawl_id)
        _LISTING_GAVE_NOTHING.run(connection, b_id=listing_id, b_reason=clean_text(reason), b_now=now_s)
        if reason == reasons.NOT_MODIFIED:
            note_unchanged(connection, asked=listing, listing_id=listing_id, now_s=now_s, crawl_id=crawl_id)

    archive.write(keep)


def validators(archive: Archive, *, url: str) -> tuple[str | None, str | None]:
    """Return the ETag and the Last-Modified that the address gave with the links that are kept."""
    with archive.reading() as connection:
        row = connection.execute(
            select(listing.c.etag, listing.c.last_modified).where(listing.c.url == clean_text(url))
        ).one_or_none()
    return (row.etag, row.last_modified) if row else (None, None)


def digest_of(archive: Archive, *, url: str) -> str | None:
    """Return the digest of what the address listed when its links were kept."""
    with archive.reading() as connection:
        return connection.execute(select(listing.c.body_hash).where(listing.c.url == clean_text(url))).scalar()


def has_given(archive: Archive, *, url: str, since: datetime) -> bool:
    """Tell whether an address answered since then, and all that it lists is kept; never of one that names others."""
    is_kept = and_(listing.c.answered_at >= seconds_of(since), listing.c.body_hash.is_not(None))
    with archive.reading() as connection:
        return (
            connection.execute(select(listing.c.id).where(listing.c.url == clean_text(url), is_kept)).first()
            is not None
        )


def known_keys(archive: Archive, *, keys: Collection[str]) -> set[str]:
    """Return those of the keys that are in the ledger."""
    wanted = list(dict.fromkeys(keys))
    with archive.reading() as connection:
        return _known(connection, wanted)


def due_links(  # noqa: PLR0913  - each is a choice of its own
    archive: Archive,
    *,
    now: datetime,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
    hosts: Collection[str] | None = None,
    but_not: Collection[str] = (),
) -> list[DueLink]:
    """Return what is left to fetch, newest first.

    That is what was seen or fetched and not stored, and what failed, was not tried five times, and has waited; and what
    is stored, but has another title in its listing since. With `since` and `until`, only what was listed from the one
    and before the other; a link without a time passes, since only its page will tell. With `hosts`, only addresses of
    these, and none of the hosts in `but_not`.
    """
    may_be_tried = and_(
        link.c.attempts < MAX_ATTEMPTS, or_(link.c.not_before.is_(None), link.c.not_before <= seconds_of(now))
    )
    is_left = or_(link.c.state.in_(("seen", "fetched")), and_(link.c.state == "failed", may_be_tried))
    is_retitled = and_(link.c.retitled_at.is_not(None), link.c.state == "stored", may_be_tried)
    wanted = select(link).where(or_(and_(text(PENDING), is_left), is_retitled))
    if since is not None:
        wanted = wanted.where(or_(link.c.listed_at.is_(None), link.c.listed_at >= seconds_of(since)))
    if until is not None:
        wanted = wanted.where(or_(link.c.listed_at.is_(None), link.c.listed_at < seconds_of(until)))
    if hosts is not None:
        wanted = wanted.where(link.c.host.in_(hosts))
    if but_not:
        wanted = wanted.where(or_(link.c.host.is_(None), link.c.host.not_in(but_not)))
    newest_first = (func.coalesce(link.c.listed_at, link.c.first_seen_at).desc(), link.c.id.desc())
    with archive.reading() as connection:
        rows = connection.execute(wanted.order_by(*newest_first).limit(limit)).all()
    return [
        DueLink(
            key=row.key,
            url=row.url,
            title=row.title,
            keywords=tuple(json.loads(row.keywords)),
            listed_at=None if row.listed_at is None else moment_of(row.listed_at, row.listed_offset_min),
            listed_from=row.listed_from,
            attempts=row.attempts,
        )
        for row in rows
    ]


def mark(  # noqa: PLR0913  - the row of the ledger is written whole
    archive: Archive,
    *,
    key: str,
    state: LinkState,
    reason: str | None,
    now: datetime,
    crawl_id: int | None,
    retry_after_s: float | None = None,
) -> None:
    """Keep how far a link got, and why not further.

    A failed one waits 5 minutes, then four times as long each time, at most a day; longer if the server asked for it.
    What is stored stays stored: only "gone" may follow.

    Raises:
        NotFoundError: No listing ever named it.
    """
    step = Step(
        key=key, state=state, reason=reason, now_s=seconds_of(now), crawl_id=crawl_id, retry_after_s=retry_after_s
    )

    def keep(connection: Connection) -> None:
        if not take_step(connection, step):
            raise NotFoundError(f"{key}: not in the ledger; only a link that a listing named can be marked {state}")

    archive.write(keep)


def note_asked(connection: Connection, asked: Listing, url: str, *, now_s: int, crawl_id: int | None) -> int:
    """Keep that the address was asked; return the id of its row, which stands beneath that of the listing."""
    facts = {
        "name": asked.name,
        "kind": asked.kind,
        "first_asked_at": now_s,
        "asked_at": now_s,
        "last_crawl_id": crawl_id,
    }
    root_id = int(_ASK_LISTING.value(connection, url=clean_text(asked.url), parent_id=None, **facts))
    if url == asked.url:
        return root_id
    return int(_ASK_LISTING.value(connection, url=clean_text(url), parent_id=root_id, **facts))


def _known(connection: Connection, keys: list[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), _KEYS_PER_QUESTION):
        some = keys[start : start + _KEYS_PER_QUESTION]
        known.update(connection.execute(select(link.c.key).where(link.c.key.in_(some))).scalars())
    return known


def _link_row(each: Link, address: Address, reason: str | None, *, now_s: int, crawl_id: int | None) -> dict[str, Any]:
    listed_at = each.published_at
    return {
        "key": clean_text(address.key),
        "url": clean_text(each.url),
        "host": address.host,
        "title": clean_text(each.title) if each.title else None,
        "keywords": json.dumps(clean_value(each.keywords), ensure_ascii=False, separators=(",", ":")),
        "listed_at": seconds_of(listed_at) if listed_at else None,
        "listed_offset_min": offset_min_of(listed_at) if listed_at else None,
        "listed_from": each.published_from if listed_at else None,
        "first_seen_at": now_s,
        "last_seen_at": now_s,
        "times_seen": 1,
        "state": "skipped" if reason else "seen",
        "state_at": now_s,
        "reason": clean_text(reason) if reason else None,
        "attempts": 0,
        "first_crawl_id": crawl_id,
        "last_crawl_id": crawl_id,
    }
