"""Firings: one row for each due moment of a schedule, over any number of services, and what became of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, and_, func, select

from crawler.archive.connect import Archive
from crawler.archive.insert import insert
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.run_tables import crawl, firing, schedule
from crawler.archive.statement import Statement

_COLUMNS: Final = ("schedule_id", "scheduled_for", "state", "reason", "made_at", "service_id", "crawl_id")
_NEW: Final = insert(firing)
_OVER: Final = _NEW.on_conflict_do_update(
    index_elements=["schedule_id", "scheduled_for"], set_={name: _NEW.excluded[name] for name in _COLUMNS[2:]}
)
_WRITE: Final = Statement(_OVER.returning(firing.c.id), columns=_COLUMNS)
# After a long absence there are a thousand to a schedule.
_WRITE_MANY: Final = Statement(_OVER, columns=_COLUMNS)

FiringState = Literal["due", "caught_up", "missed", "quiet", "skipped"]


@dataclass(frozen=True, slots=True)
class KeptFiring:
    """One due moment, and what became of it; `crawl_id` is the crawl that came of it, or that was in its way."""

    firing_id: int
    schedule_id: int
    schedule: str
    scheduled_for: datetime
    state: FiringState
    reason: str
    made_at: datetime
    service_id: int | None
    crawl_id: int | None
    crawl_state: str | None

    @property
    def is_made(self) -> bool:
        """Tell whether something came of it."""
        return self.state in {"due", "caught_up"}


def firings_of(archive: Archive, *, schedule_id: int, limit: int | None = 20) -> list[KeptFiring]:
    """Return the firings of a schedule, newest first; without a limit, all of them."""
    found = _firings().where(firing.c.schedule_id == schedule_id)
    with archive.reading() as connection:
        rows = connection.execute(found.order_by(firing.c.scheduled_for.desc()).limit(limit))
        return [_kept(row) for row in rows]


def last_firings(archive: Archive) -> dict[int, KeptFiring]:
    """Return the newest firing of each schedule that has one, by the number of the schedule."""
    newest = select(firing.c.schedule_id, func.max(firing.c.scheduled_for).label("at")).group_by(firing.c.schedule_id)
    last = newest.subquery()
    is_last = and_(last.c.schedule_id == firing.c.schedule_id, last.c.at == firing.c.scheduled_for)
    with archive.reading() as connection:
        return {row.schedule_id: _kept(row) for row in connection.execute(_firings().join(last, is_last))}


def states_in(connection: Connection, schedule_id: int, moments: Collection[datetime]) -> dict[datetime, FiringState]:
    """Return the states of the firings that a schedule has between the first and the last of these moments."""
    if not moments:
        return {}
    between = firing.c.scheduled_for.between(seconds_of(min(moments)), seconds_of(max(moments)))
    found = select(firing.c.scheduled_for, firing.c.state).where(firing.c.schedule_id == schedule_id, between)
    return {moment_of(row.scheduled_for): row.state for row in connection.execute(found)}


def write_firing(  # noqa: PLR0913  - the row is written whole
    connection: Connection,
    *,
    schedule_id: int,
    scheduled_for: datetime,
    state: FiringState,
    reason: str,
    now: datetime,
    service_id: int | None,
    crawl_id: int | None = None,
) -> int:
    """Write down what became of a due moment, over the row that it has if it has one; return the number of the row."""
    row = {**_row(schedule_id, scheduled_for, state, reason, now, service_id), "crawl_id": crawl_id}
    return int(_WRITE.value(connection, **row))


def write_not_made(
    connection: Connection,
    firings: Iterable[tuple[datetime, FiringState, str]],
    *,
    schedule_id: int,
    now: datetime,
    service_id: int | None,
) -> None:
    """Write down many due moments (when, state, reason) of which nothing came, over the rows that they have."""
    rows = (_row(schedule_id, *each, now, service_id) for each in firings)
    _WRITE_MANY.run_many(connection, ({**row, "crawl_id": None} for row in rows))


def _row(  # noqa: PLR0913, PLR0917  - as above
    schedule_id: int, scheduled_for: datetime, state: str, reason: str, now: datetime, service_id: int | None
) -> dict[str, Any]:
    return {
        "schedule_id": schedule_id,
        "scheduled_for": seconds_of(scheduled_for),
        "state": state,
        "reason": reason,
        "made_at": seconds_of(now),
        "service_id": service_id,
    }


def _firings() -> Select[Any]:
    return (
        select(firing, schedule.c.name, crawl.c.state.label("crawl_state"))
        .join(schedule, schedule.c.id == firing.c.schedule_id)
        .outerjoin(crawl, crawl.c.id == firing.c.crawl_id)
    )


def _kept(row: Any) -> KeptFiring:
    return KeptFiring(
        firing_id=row.id,
        schedule_id=row.schedule_id,
        schedule=row.name,
        scheduled_for=moment_of(row.scheduled_for),
        state=row.state,
        reason=row.reason,
        made_at=moment_of(row.made_at),
        service_id=row.service_id,
        crawl_id=row.crawl_id,
        crawl_state=row.crawl_state,
    )
