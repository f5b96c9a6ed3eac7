"""Schedules that rest: what falls due meanwhile is not made up for, and says why."""

from dataclasses import replace
from datetime import datetime

from crawler.archive.connect import Archive, Transaction
from crawler.archive.firings import FiringState, states_in, write_not_made
from crawler.archive.schedules import KeptSchedule, named_in, pause_in, put_off_in, resume_in
from scheduler.firings import firings_after
from scheduler.rhythm import JAKARTA
from scheduler.standing import rule_of


def pause(archive: Archive, name: str, *, now: datetime) -> KeptSchedule:
    """Let a schedule rest, and return it as it was; raises NotFoundError."""
    with archive.writing() as connection:
        kept = named_in(connection, name)
        pause_in(connection, kept.schedule_id, now=now)
    return kept


def resume(archive: Archive, name: str, *, now: datetime) -> KeptSchedule:
    """Let a schedule go on, and return it as it was; raises NotFoundError.

    What fell due while it rested is missed, with a row for each; a listing with the plan `auto` that should have been
    asked meanwhile is due at once.
    """
    with archive.writing() as connection:
        kept = named_in(connection, name)
        if kept.paused_at is not None:
            _explain(connection, kept, since=kept.paused_at, now=now)
            resume_in(connection, kept.schedule_id, now=now)
            if kept.next_at is not None and kept.next_at < now:
                put_off_in(connection, kept.schedule_id, next_at=now, reason=kept.next_reason or "")
    return kept


def _explain(connection: Transaction, kept: KeptSchedule, *, since: datetime, now: datetime) -> None:
    # Whatever the hours, nothing was asked.
    rule = replace(rule_of(kept.order), quiet=None)
    cause = f"it was paused from {_shown(since)} to {_shown(now)}"
    due = firings_after(rule, kept.settled_at, now, cause=cause).firings
    known = states_in(connection, kept.schedule_id, [each.scheduled_for for each in due])
    # What would have been made says how late, or nothing.
    missed: list[tuple[datetime, FiringState, str]] = [
        (each.scheduled_for, "missed", cause if each.is_made else each.reason)
        for each in due
        if each.scheduled_for not in known
    ]
    write_not_made(connection, missed, schedule_id=kept.schedule_id, now=now, service_id=None)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(JAKARTA):%Y-%m-%d %H:%M} WIB"
