"""What is asked to be crawled: each request is a row, and the same asked twice is one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, insert, select, update

from crawler.archive.connect import Archive
from crawler.archive.crawls import Cause, as_text, no_crawl
from crawler.archive.moments import seconds_of
from crawler.archive.run_tables import crawl

# A person waits for what he asked for; a schedule does not.
_PRIORITY: Final[dict[Cause, int]] = {"person": 10, "api": 10, "retry": 5, "catch_up": 0, "schedule": 0}
# What is asked for now goes before what is past, whoever asks: all below 0 is a back-fill.
_BACKFILL: Final = -20
_BY_THE_CLOCK: Final = frozenset({"schedule", "catch_up"})


@dataclass(frozen=True, slots=True)
class Requested:
    """The crawl that will do what was asked: a new one, one that waits already, or one that runs already."""

    crawl_id: int
    how: Literal["new", "joined", "running"]


def request_crawl(
    archive: Archive, *, options: Mapping[str, Any], cause: Cause, now: datetime, retry_of: int | None = None
) -> Requested:
    """Ask for a crawl with these options (`CrawlOptions.as_json`), unless one that does the same waits or runs."""
    with archive.writing() as connection:
        return request_in(connection, options=options, cause=cause, now=now, retry_of=retry_of)


def request_in(  # noqa: PLR0913  - the row of a request is written whole
    connection: Connection,
    *,
    options: Mapping[str, Any],
    cause: Cause,
    now: datetime,
    is_queued_anyway: bool = False,
    not_before: datetime | None = None,
    retry_of: int | None = None,
    attempt: int = 1,
) -> Requested:
    """Do the same within a writing transaction of the caller.

    One that waits and was asked for by a schedule takes the listings of another such request along. With
    `is_queued_anyway`, a crawl that runs already does not count as the one asked for: one more waits behind it.
    """
    # What is being stopped does nothing more for anybody.
    goes_on = and_(crawl.c.state.in_(("queued", "running")), crawl.c.stop_asked_at.is_(None))
    for row in connection.execute(select(crawl).where(goes_on).order_by(crawl.c.id)):
        theirs = json.loads(row.options)
        if row.state == "running":
            if not is_queued_anyway and _covers(theirs, options):
                return Requested(row.id, "running")
        elif (row.not_before is None or row.gave_way is not None) and _covers(theirs, options):
            if priority_of(cause, options) > row.priority:
                higher = {"priority": priority_of(cause, options)}
                connection.execute(update(crawl).where(crawl.c.id == row.id).values(higher))
            return Requested(row.id, "joined")
        elif (
            cause in _BY_THE_CLOCK
            and row.cause in _BY_THE_CLOCK
            and (both := with_listings_of(theirs, options)) is not None
        ):
            connection.execute(update(crawl).where(crawl.c.id == row.id).values(options=as_text(both)))
            return Requested(row.id, "joined")
    new = insert_request(
        connection,
        options=options,
        cause=cause,
        now=now,
        not_before=not_before,
        retry_of=retry_of,
        attempt=attempt,
    )
    return Requested(new, "new")


def insert_request(  # noqa: PLR0913  - as above
    connection: Connection,
    *,
    options: Mapping[str, Any],
    cause: Cause,
    now: datetime,
    not_before: datetime | None = None,
    retry_of: int | None = None,
    attempt: int = 1,
) -> int:
    """Ask for a crawl, whatever else waits or runs, and return its number."""
    asked = insert(crawl).values(
        state="queued",
        cause=cause,
        options=as_text(options),
        requested_at=seconds_of(now),
        priority=priority_of(cause, options),
        not_before=None if not_before is None else seconds_of(not_before),
        retry_of=retry_of,
        attempt=attempt,
    )
    return int(connection.execute(asked.returning(crawl.c.id)).scalar_one())


def priority_of(cause: Cause, options: Mapping[str, Any]) -> int:
    """Return by what crawls that wait are put in order, the highest first; below 0 for a back-fill of days past."""
    return _PRIORITY[cause] + (_BACKFILL if options.get("since") or options.get("day") else 0)


def running_over(connection: Connection, options: Mapping[str, Any]) -> int | None:
    """Return the crawl that runs and asks all of these listings for the same topics, or for all; None where none does.

    One of a time that is past asks other pages of them, and does not count.
    """
    for row in connection.execute(select(crawl.c.id, crawl.c.options).where(crawl.c.state == "running")):
        theirs = json.loads(row.options)
        does_as_much = theirs.get("site") == options.get("site") and theirs.get("topics", []) in ([], options["topics"])
        is_of_now = not (theirs.get("since") or theirs.get("day"))
        is_whole = theirs.get("asks", True) and theirs.get("fetches", True)
        if does_as_much and is_of_now and is_whole and _has_listings(theirs, options):
            return int(row.id)
    return None


def stop_crawl(archive: Archive, *, crawl_id: int, reason: str, now: datetime) -> str:
    """Ask a crawl to stop, and return its state: one that waits is cancelled at once, one that runs within seconds.

    Raises:
        NotFoundError: There is no such crawl.
    """
    with archive.writing() as connection:
        state = connection.execute(select(crawl.c.state).where(crawl.c.id == crawl_id)).scalar_one_or_none()
        if state is None:
            raise no_crawl(crawl_id)
        row = update(crawl).where(crawl.c.id == crawl_id)
        if state == "queued":
            connection.execute(row.values(state="cancelled", reason=reason, ended_at=seconds_of(now)))
            return "cancelled"
        if state == "running":
            connection.execute(
                row.where(crawl.c.stop_asked_at.is_(None)).values(stop_asked_at=seconds_of(now), stop_reason=reason)
            )
        return str(state)


def with_listings_of(theirs: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return their options with these listings besides; None where they differ in more than that."""
    if not _differ_in_listings_only(theirs, options):
        return None
    # No listings mean all of them.
    is_all = not (theirs["listings"] and options["listings"])
    return {**theirs, "listings": [] if is_all else list(dict.fromkeys([*theirs["listings"], *options["listings"]]))}


def _covers(theirs: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Tell whether a crawl with their options does all that is asked: the same, of these listings or more."""
    return _differ_in_listings_only(theirs, options) and _has_listings(theirs, options)


def _has_listings(theirs: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    return not theirs["listings"] or bool(options["listings"] and set(options["listings"]) <= set(theirs["listings"]))


def _differ_in_listings_only(theirs: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    return {**theirs, "listings": None} == {**options, "listings": None}
