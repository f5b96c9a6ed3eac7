"""Standing orders: what is crawled, pruned or backed up, by what plan, and up to when all that fell due is settled."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from crawler.archive.connect import Archive
from crawler.archive.crawls import as_text
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.run_tables import schedule
from crawler.errors import NotFoundError, ScheduleError
from crawler.nearest import nearest

Task = Literal["crawl", "prune", "backup"]
Origin = Literal["settings", "topic", "archive"]
Overlap = Literal["skip", "queue"]
# What is planned anew when it changes: what fell due by the old plan is not asked of the new one.
_PLAN = ("plan", "zone", "quiet_hours")


@dataclass(frozen=True, slots=True)
class Order:
    """What a schedule is to do: for a crawl with which options, by what plan, on whose clocks, but not when."""

    name: str
    plan: str
    zone: str
    origin: Origin
    task: Task = "crawl"
    options: Mapping[str, Any] | None = None
    quiet_hours: str | None = None
    overlap: Overlap = "skip"


@dataclass(frozen=True, slots=True)
class KeptSchedule:
    """A schedule as the archive has it.

    Up to `settled_at`, everything that fell due has its firing. With the plan "auto", `next_at` is when it is due next;
    None means at once.
    """

    schedule_id: int
    order: Order
    made_at: datetime
    changed_at: datetime
    settled_at: datetime
    next_at: datetime | None
    next_reason: str | None
    paused_at: datetime | None
    ended_at: datetime | None

    @property
    def name(self) -> str:
        """Its name: "listing:www-index", "topic:Banjir", or as a person called it."""
        return self.order.name


def list_schedules(archive: Archive, *, with_ended: bool = False) -> list[KeptSchedule]:
    """Return the schedules, by name."""
    with archive.reading() as connection:
        return schedules_in(connection, with_ended=with_ended)


def load_schedule(archive: Archive, name: str) -> KeptSchedule:
    """Return the schedule of this name, or the only one whose name ends with it behind a colon.

    Raises:
        NotFoundError: There is none, or several are meant.
    """
    with archive.reading() as connection:
        return named_in(connection, name)


def schedules_in(connection: Connection, *, with_ended: bool = False) -> list[KeptSchedule]:
    """Return the schedules, by name, within a transaction of the caller."""
    found = select(schedule).order_by(schedule.c.name)
    if not with_ended:
        found = found.where(schedule.c.ended_at.is_(None))
    return [_kept(row) for row in connection.execute(found)]


def active_in(connection: Connection) -> list[KeptSchedule]:
    """Return the schedules that are neither paused nor ended, in the order in which they were made."""
    active = (schedule.c.ended_at.is_(None), schedule.c.paused_at.is_(None))
    return [_kept(row) for row in connection.execute(select(schedule).where(*active).order_by(schedule.c.id))]


def named_in(connection: Connection, name: str) -> KeptSchedule:
    """Do what `load_schedule` does, within a transaction of the caller."""
    known = schedules_in(connection)
    found = [each for each in known if each.name == name]
    found = found or [each for each in known if each.name.partition(":")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"{name!r} may be {' or '.join(each.name for each in found)}; write the whole name")
    names = [each.name for each in known]
    raise NotFoundError(f"no schedule {name!r}{nearest(name, names)}; see: tribunwatch schedule list")


def provision_schedules(archive: Archive, orders: Iterable[Order], *, now: datetime) -> bool:
    """See to it that these are the schedules of settings and topics, and say whether anything was written.

    What is as it was stays as it was, paused or not. What is left out has ended; it may come back.
    """
    wanted = {each.name: each for each in orders}
    with archive.reading() as connection:
        changes = _changes(connection, wanted)
    if changes:
        with archive.writing() as connection:
            for known, order in _changes(connection, wanted):
                if order is None:
                    end_in(connection, known.schedule_id, now=now)
                else:
                    save_in(connection, order, known, now=now)
    return bool(changes)


def set_schedule(archive: Archive, order: Order, *, now: datetime) -> None:
    """Keep a schedule of a person's own, or change it.

    Raises:
        ScheduleError: The name is that of a schedule which settings or topics make.
    """
    with archive.writing() as connection:
        known = next((each for each in schedules_in(connection, with_ended=True) if each.name == order.name), None)
        if known is not None:
            expect_own(known)
        save_in(connection, order, known, now=now)


def remove_schedule(archive: Archive, name: str, *, now: datetime) -> str:
    """End a schedule of a person's own, and return its whole name; its firings stay.

    Raises:
        NotFoundError: There is none of this name.
        ScheduleError: Settings or topics make it.
    """
    with archive.writing() as connection:
        known = named_in(connection, name)
        expect_own(known)
        end_in(connection, known.schedule_id, now=now)
    return known.name


def pause_in(connection: Connection, schedule_id: int, *, now: datetime) -> None:
    """Let a schedule rest."""
    row = update(schedule).where(schedule.c.id == schedule_id, schedule.c.paused_at.is_(None))
    connection.execute(row.values(paused_at=seconds_of(now)))


def resume_in(connection: Connection, schedule_id: int, *, now: datetime) -> None:
    """Let a schedule go on from now; what fell due while it rested is settled."""
    row = update(schedule).where(schedule.c.id == schedule_id)
    connection.execute(row.values(paused_at=None, settled_at=seconds_of(now), changed_at=seconds_of(now)))


def settle_in(connection: Connection, schedule_id: int, *, upto: datetime) -> None:
    """Keep that everything up to a moment is settled."""
    connection.execute(update(schedule).where(schedule.c.id == schedule_id).values(settled_at=seconds_of(upto)))


def put_off_in(connection: Connection, schedule_id: int, *, next_at: datetime | None, reason: str) -> None:
    """Keep when a schedule with the plan "auto" is due next, and why then; of another plan, what is known beside it."""
    values = {"next_at": None if next_at is None else seconds_of(next_at), "next_reason": reason}
    connection.execute(update(schedule).where(schedule.c.id == schedule_id).values(**values))


def save_in(connection: Connection, order: Order, known: KeptSchedule | None, *, now: datetime) -> None:
    """Write down an order: a new schedule, or what a known one is from now on."""
    now_s = seconds_of(now)
    row = _row(order)
    if known is None:
        connection.execute(insert(schedule).values(**row, made_at=now_s, changed_at=now_s, settled_at=now_s))
        return
    is_planned_anew = known.ended_at is not None or any(
        getattr(known.order, name) != getattr(order, name) for name in _PLAN
    )
    anew = {"settled_at": now_s, "next_at": None, "next_reason": None} if is_planned_anew else {}
    changed = {**row, **anew, "ended_at": None, "changed_at": now_s}
    connection.execute(update(schedule).where(schedule.c.id == known.schedule_id).values(**changed))


def end_in(connection: Connection, schedule_id: int, *, now: datetime) -> None:
    """End a schedule."""
    connection.execute(update(schedule).where(schedule.c.id == schedule_id).values(ended_at=seconds_of(now)))


def expect_own(known: KeptSchedule) -> None:
    """Stop where a schedule follows from settings or topics, where it is to be changed."""
    if known.ended_at is None and known.order.origin != "archive":
        place = "settings" if known.order.origin == "settings" else "topic"
        raise ScheduleError(
            f"schedule {known.name}",
            f"follows from the {place}; change it there, or pause it: tribunwatch schedule pause {known.name}",
        )


def _changes(connection: Connection, wanted: Mapping[str, Order]) -> list[tuple[Any, Order | None]]:
    """Return pairs of a schedule and what it becomes: None and a new order, or a schedule and None where it ends."""
    known = {each.name: each for each in schedules_in(connection, with_ended=True)}
    changes: list[tuple[Any, Order | None]] = [
        (known.get(name), order) for name, order in wanted.items() if _is_changed(known.get(name), order)
    ]
    left = (each for name, each in known.items() if name not in wanted and each.order.origin != "archive")
    return [*changes, *((each, None) for each in left if each.ended_at is None)]


def _is_changed(known: KeptSchedule | None, order: Order) -> bool:
    return known is None or known.ended_at is not None or _row(known.order) != _row(order)


def _row(order: Order) -> dict[str, Any]:
    return {
        "name": order.name,
        "task": order.task,
        "options": as_text(order.options or {}),
        "plan": order.plan,
        "zone": order.zone,
        "quiet_hours": order.quiet_hours,
        "overlap": order.overlap,
        "origin": order.origin,
    }


def _kept(row: Any) -> KeptSchedule:
    return KeptSchedule(
        schedule_id=row.id,
        order=Order(
            name=row.name,
            task=row.task,
            options=json.loads(row.options),
            plan=row.plan,
            zone=row.zone,
            quiet_hours=row.quiet_hours,
            overlap=row.overlap,
            origin=row.origin,
        ),
        made_at=moment_of(row.made_at),
        changed_at=moment_of(row.changed_at),
        settled_at=moment_of(row.settled_at),
        next_at=_moment(row.next_at),
        next_reason=row.next_reason,
        paused_at=_moment(row.paused_at),
        ended_at=_moment(row.ended_at),
    )


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment_of(seconds)
