"""How everything stands, asked of the archive alone: what runs, what comes next, and what needs a look."""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl
from crawler.archive.firings import firings_of
from crawler.archive.listings import ListingState, list_listings
from crawler.archive.schedules import KeptSchedule, list_schedules
from crawler.archive.services import KnownService, live_services, stopped_services
from crawler.archive.standing import Standing, UpkeepDone, last_upkeep, standing_of
from crawler.errors import ScheduleError
from scheduler.firings import spoken
from scheduler.standing import rule_of
from scheduler.when import Auto, due_between, next_after

NO_SERVICE: Final = "no service runs on this archive; start one: tribunwatch serve"
# So many firings without an answer are too many; the last of them may still be at work.
LATE_AFTER: Final = 3
_AT_WORK: Final = timedelta(minutes=10)
_LONGEST_QUEUE: Final = timedelta(hours=1)
_FAILED: Final = frozenset({"failed", "lost"})
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class NextFiring:
    """When a schedule is due next, and with the plan `auto` why then; None where it is due at once, or rests."""

    schedule: str
    plan: str
    at: datetime | None
    reason: str | None
    paused_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListingFreshness:
    """When a listing was asked last, when it last gave what it lists, and why not since; `is_late` by its schedule."""

    name: str
    asked_at: datetime | None
    answered_at: datetime | None
    reason: str | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Status:
    """How everything stands. `concerns` are what needs a look, a line each; where there is none, all is well."""

    at: datetime
    archive: str
    archive_bytes: int
    free_bytes: int | None
    services: tuple[KnownService, ...]
    running: Crawl | None
    resting: tuple[Crawl, ...]
    queued: int
    oldest_queued_at: datetime | None
    last: Crawl | None
    schedules: tuple[NextFiring, ...]
    listings: tuple[ListingFreshness, ...]
    backup: UpkeepDone | None
    alarms: tuple[str, ...]
    concerns: tuple[str, ...]


def status_of(archive: Archive, *, least_free_mb: int, now: datetime) -> Status:
    """Return how everything stands; only the archive and its disk are asked."""
    stands = standing_of(archive)
    services = tuple(live_services(archive, now=now))
    schedules = list_schedules(archive)
    listings = tuple(_freshness(archive, schedules, now))
    alarms = tuple(str(each.get("line")) for each in (stands.last.report.get("alarms", []) if stands.last else []))
    free = shutil.disk_usage(archive.path.parent).free if archive.path else None
    short = free is not None and free < least_free_mb * _MEGABYTE
    concerns = (
        *(() if services else (NO_SERVICE,)),
        *_stopped_concerns(stopped_services(archive)),
        *_service_concerns(services),
        *_crawl_concerns(stands, now),
        *alarms,
        *_listing_concerns(listings, now),
        *_schedule_concerns(schedules),
        *((f"{(free or 0) // _MEGABYTE} MB free on the disk of the archive; make room",) if short else ()),
        *_upkeep_concerns(stands),
    )
    return Status(
        at=now,
        archive=archive.location,
        archive_bytes=stands.archive_bytes,
        free_bytes=free,
        services=services,
        running=stands.running,
        resting=stands.resting,
        queued=stands.queued,
        oldest_queued_at=stands.oldest_queued_at,
        last=stands.last,
        schedules=tuple(_next(each, now) for each in schedules),
        listings=listings,
        backup=last_upkeep(stands, "backup", succeeded=True),
        alarms=alarms,
        concerns=concerns,
    )


def _next(kept: KeptSchedule, now: datetime) -> NextFiring:
    at = kept.next_at
    if kept.paused_at is not None:
        at = None
    elif kept.order.plan != "auto":
        try:
            at = next_after(rule_of(kept.order), now)
        except ScheduleError:
            at = None
    return NextFiring(kept.name, kept.order.plan, at, kept.next_reason, kept.paused_at)


def _freshness(archive: Archive, schedules: list[KeptSchedule], now: datetime) -> Iterator[ListingFreshness]:
    """Yield the listings that have a schedule of their own."""
    known = {each.name: each for each in list_listings(archive)}
    for kept in schedules:
        names = (kept.order.options or {}).get("listings") or []
        if kept.order.task == "crawl" and len(names) == 1:
            state = known.get(names[0])
            yield ListingFreshness(
                name=names[0],
                asked_at=state.asked_at if state else None,
                answered_at=state.answered_at if state else None,
                reason=state.reason if state else None,
                is_late=kept.paused_at is None and _is_late(archive, kept, state, now),
            )


def _is_late(archive: Archive, kept: KeptSchedule, state: ListingState | None, now: datetime) -> bool:
    """Tell whether a listing fell due LATE_AFTER times since it last answered."""
    since = max(kept.changed_at, state.answered_at) if state and state.answered_at else kept.changed_at
    until = now - _AT_WORK
    try:
        rule = rule_of(kept.order)
    except ScheduleError:
        return False
    if not isinstance(rule.when, Auto):
        return len(list(itertools.islice(due_between(rule, since, until), LATE_AFTER))) == LATE_AFTER
    newest = firings_of(archive, schedule_id=kept.schedule_id, limit=20)
    made = [each for each in newest if each.is_made and since < each.scheduled_for <= until]
    return len(made) >= LATE_AFTER


def _stopped_concerns(services: list[KnownService]) -> Iterator[str]:
    for each in services:
        pid = each.process.pid
        yield (
            f"service {each.service_id} stands still, and may hold up others; let it go on (kill -CONT {pid}) "
            f"or end it (kill -9 {pid})"
        )


def _service_concerns(services: tuple[KnownService, ...]) -> Iterator[str]:
    for each in services:
        if wrong := each.state.get("wrong_orders"):
            yield f"service {each.service_id} goes on with the settings and topics that it had: {wrong}"
        if wrong := each.state.get("wrong_clock"):
            yield f"service {each.service_id} on {each.process.machine}: {wrong}"


def _crawl_concerns(stands: Standing, now: datetime) -> Iterator[str]:
    last = stands.last
    if last is not None and last.state in _FAILED:
        why = last.reason or "; ".join(last.report.get("notes", [])[-1:]) or "no reason is known"
        yield f"crawl {last.crawl_id}, the last one, {last.state}: {why}; see: tribunwatch crawls show {last.crawl_id}"
    if stands.oldest_queued_at is not None and stands.running is None:
        waits = now - stands.oldest_queued_at
        if waits > _LONGEST_QUEUE:
            yield f"a crawl waits for {spoken(waits)}, and none runs; see: tribunwatch crawls list"


def _listing_concerns(listings: tuple[ListingFreshness, ...], now: datetime) -> Iterator[str]:
    for each in listings:
        if each.is_late:
            since = f"since {spoken(now - each.answered_at)}" if each.answered_at else "yet"
            why = f" ({each.reason})" if each.reason else ""
            yield f"listing {each.name} gave nothing {since}{why}; see: tribunwatch listing show {each.name}"


def _schedule_concerns(schedules: list[KeptSchedule]) -> Iterator[str]:
    for kept in schedules:
        try:
            rule_of(kept.order)
        except ScheduleError as error:
            yield f"{error}; it rests"


def _upkeep_concerns(stands: Standing) -> Iterator[str]:
    for task in sorted({each.task for each in stands.upkeep}):
        last = last_upkeep(stands, task)
        if last is not None and last.state in _FAILED:
            why = last.report.get("error") or last.report.get("reason") or "no reason is known"
            yield f"the last {task} {last.state}: {why}"
