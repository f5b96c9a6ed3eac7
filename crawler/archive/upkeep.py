"""Pruning, backups and upgrades as rows: begun, ended or lost. Who holds the lock of upkeep does one at a time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, insert, select, update

from crawler.archive.connect import Archive
from crawler.archive.crawls import as_text
from crawler.archive.moments import seconds_of
from crawler.archive.run_tables import firing, schedule, upkeep
from crawler.archive.services import live_services
from crawler.archive.standing import UpkeepDone, upkeep_of
from crawler.errors import ArchiveError, ArchiveHeldError, CrawlerError

UpkeepTask = Literal["prune", "backup", "upgrade"]
_LOST: Final = "its process ended without a word"
_NEVER_BEGUN: Final = "its service ended before it was begun, and a later one came"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for an upkeep: a firing of a schedule, and the service that made it; neither where a person does."""

    firing_id: int | None = None
    service_id: int | None = None


@dataclass(slots=True)
class AtWork:
    """One upkeep that is at work; what it brought is put into `report`."""

    upkeep_id: int
    report: dict[str, Any] = field(default_factory=dict)


@contextmanager
def tending(
    archive: Archive, task: UpkeepTask, *, clock: Callable[[], datetime], asked: Asked | None = None, wait_s: float = 0
) -> Iterator[AtWork]:
    """Hold the archive for one upkeep, and keep when it began and ended, and what it brought or why it failed.

    Raises:
        ArchiveHeldError: Another upkeep is at work, and was for so long; or the firing was answered before.
    """
    asked = asked or Asked()
    with ExitStack() as stack:
        try:
            stack.enter_context(archive.upkeep_lock(wait_s=wait_s))
        except ArchiveHeldError as error:
            note_unbegun(archive, task, asked=asked, reason=error.reason, now=clock())
            raise
        work = _begin(archive, task, asked, now=clock())
        try:
            yield work
        except BaseException as error:
            with suppress(ArchiveError):
                _end(archive, work.upkeep_id, "failed", {**work.report, "reason": _reason(error)}, now=clock())
            raise
        _end(archive, work.upkeep_id, "succeeded", work.report, now=clock())


def note_unbegun(archive: Archive, task: UpkeepTask, *, asked: Asked, reason: str, now: datetime) -> None:
    """Keep that an upkeep failed before it began, unless its firing was answered."""
    at = seconds_of(now)
    row = {"task": task, "state": "failed", "started_at": at, "ended_at": at, "report": as_text({"reason": reason})}
    with archive.writing() as connection:
        if not _is_answered(connection, asked):
            connection.execute(insert(upkeep).values(**row, **_of(asked)))


def settle_upkeep(archive: Archive, task: UpkeepTask, *, asked: Asked, reason: str, now: datetime) -> None:
    """Keep why the process of a firing ended, where it did not say so itself."""
    # Not that of another service, which took the firing up while this one stood still.
    is_its = (_of_these(asked), upkeep.c.state == "running")
    with archive.writing() as connection:
        connection.execute(update(upkeep).where(*is_its).values(**_lost(reason, now)))
    note_unbegun(archive, task, asked=asked, reason=reason, now=now)


def lose_upkeep(archive: Archive, *, now: datetime) -> int:
    """Mark what says that it is at work, and is not, as lost; return how many."""
    with archive.reading() as connection:
        if connection.execute(select(upkeep.c.id).where(upkeep.c.state == "running")).first() is None:
            return 0
    try:
        with archive.upkeep_lock(), archive.writing() as connection:
            return _lose(connection, now)
    except ArchiveHeldError:
        return 0


def unanswered(archive: Archive, *, service_id: int, now: datetime) -> list[tuple[UpkeepTask, int]]:
    """Return the task and the firing of what was asked for by services that are no more, and was never begun.

    Of several of one task, only the newest; of the others it is kept that nothing came of them. Where several services
    live, the one that runs longest takes it up: to the others nothing is returned.
    """
    alive = [each.service_id for each in live_services(archive, now=now)]
    if service_id not in alive[:1]:
        return []
    made = firing.c.state.in_(("due", "caught_up"))
    is_theirs = firing.c.service_id.not_in(alive) | firing.c.service_id.is_(None)
    is_begun = select(upkeep.c.id).where(upkeep.c.firing_id == firing.c.id).exists()
    question = (
        select(schedule.c.task, firing.c.id)
        .join(schedule, schedule.c.id == firing.c.schedule_id)
        .where(schedule.c.task.in_(("prune", "backup")), made, is_theirs, ~is_begun)
        .order_by(firing.c.scheduled_for)
    )
    with archive.reading() as connection:
        rows = connection.execute(question).all()
    newest = {row.task: row.id for row in rows}
    for row in rows:
        if newest[row.task] != row.id:
            note_unbegun(archive, row.task, asked=Asked(row.id), reason=_NEVER_BEGUN, now=now)
    return list(newest.items())


def note_upgrade(connection: Connection, report: Mapping[str, Any], *, began_at: datetime, now: datetime) -> None:
    """Keep that the archive was brought up to date, within the transaction that did it."""
    row = {"task": "upgrade", "state": "succeeded", "report": as_text(report)}
    times = {"started_at": seconds_of(began_at), "ended_at": seconds_of(now)}
    connection.execute(insert(upkeep).values(**row, **times))


def list_upkeep(archive: Archive, *, limit: int = 20) -> list[UpkeepDone]:
    """Return what was done last, newest first."""
    with archive.reading() as connection:
        found = connection.execute(select(upkeep).order_by(upkeep.c.id.desc()).limit(limit))
        return [upkeep_of(row) for row in found]


def _begin(archive: Archive, task: UpkeepTask, asked: Asked, *, now: datetime) -> AtWork:
    row = insert(upkeep).values(task=task, state="running", started_at=seconds_of(now), **_of(asked))
    with archive.writing() as connection:
        # Who has the lock is the only one: what else says that it is at work was killed.
        _lose(connection, now)
        if _is_answered(connection, asked):
            raise ArchiveHeldError(archive.location, f"what firing {asked.firing_id} asked for was done before")
        return AtWork(int(connection.execute(row.returning(upkeep.c.id)).scalar_one()))


def _end(archive: Archive, upkeep_id: int, state: str, report: dict[str, Any], *, now: datetime) -> None:
    ended = {"state": state, "ended_at": seconds_of(now), "report": as_text(report)}
    with archive.writing() as connection:
        connection.execute(update(upkeep).where(upkeep.c.id == upkeep_id, upkeep.c.state == "running").values(**ended))


def _lose(connection: Connection, now: datetime) -> int:
    return connection.execute(update(upkeep).where(upkeep.c.state == "running").values(**_lost(_LOST, now))).rowcount


def _lost(reason: str, now: datetime) -> dict[str, Any]:
    return {"state": "lost", "ended_at": seconds_of(now), "report": as_text({"reason": reason})}


def _is_answered(connection: Connection, asked: Asked) -> bool:
    if asked.firing_id is None:
        return False
    known: Select[Any] = select(upkeep.c.id).where(upkeep.c.firing_id == asked.firing_id)
    return connection.execute(known.limit(1)).first() is not None


def _of(asked: Asked) -> dict[str, int | None]:
    return {"firing_id": asked.firing_id, "service_id": asked.service_id}


def _of_these(asked: Asked) -> ColumnElement[bool]:
    return and_(upkeep.c.firing_id == asked.firing_id, upkeep.c.service_id == asked.service_id)


def _reason(error: BaseException) -> str:
    if isinstance(error, CrawlerError):
        return str(error)
    return "interrupted" if isinstance(error, KeyboardInterrupt) else f"unexpected {type(error).__name__}: {error}"
