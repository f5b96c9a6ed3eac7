"""Laws of the firings: each due moment of each schedule has one, made or with a reason, and nothing fires undue."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.archive.checks import Finding
from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.firings import KeptFiring, firings_of
from crawler.archive.schedules import KeptSchedule, list_schedules
from crawler.archive.services import live_services
from crawler.errors import ScheduleError
from scheduler.firings import NOR_BEFORE
from scheduler.standing import rule_of
from scheduler.when import Auto, Schedule, due_between

# A service that lives has settled what fell due so long ago.
_SETTLED_AFTER: Final = timedelta(seconds=120)
_BY_THE_CLOCK: Final = frozenset({"schedule", "catch_up"})
_ALL: Final = 2**31


def firings_accounted_for(archive: Archive, *, now: datetime, kept_days: int) -> Iterator[Finding]:
    """Find due moments without a firing, firings without a reason or a crawl or of no due moment, crawls without one.

    What fell due before a schedule was last changed or resumed is not asked for, nor what is older than `kept_days`,
    for which firings are kept.
    """
    kept_since = now - timedelta(days=kept_days) + _SETTLED_AFTER
    named: set[int | None] = set()
    lives_since = min((each.started_at for each in live_services(archive, now=now)), default=None)
    for kept in list_schedules(archive, with_ended=True):
        firings = firings_of(archive, schedule_id=kept.schedule_id, limit=None)
        yield from _explained(kept, firings)
        named |= {each.crawl_id for each in firings}
        try:
            rule = rule_of(kept.order)
        except ScheduleError as error:
            yield Finding("firing", str(error))
            continue
        begin = max(kept.changed_at, kept_since)
        begin = max([begin, *(each.scheduled_for for each in firings if NOR_BEFORE in each.reason)])
        yield from _complete(kept, rule, firings, begin=begin, end=_settled_upto(kept, rule, lives_since, now))
    for crawl in list_crawls(archive, limit=_ALL):
        if crawl.cause in _BY_THE_CLOCK and crawl.crawl_id not in named and crawl.requested_at > kept_since:
            yield Finding("firing", f"crawl {crawl.crawl_id}: asked for by a schedule, and no firing names it")


def _explained(kept: KeptSchedule, firings: list[KeptFiring]) -> Iterator[Finding]:
    for each in firings:
        name = f"schedule {kept.name}, {_shown(each.scheduled_for)}"
        if not each.is_made:
            if not each.reason:
                yield Finding("firing", f"{name}: {each.state}, and no reason is given")
        elif kept.order.task == "crawl" and each.crawl_id is None:
            yield Finding("firing", f"{name}: {each.state}, and no crawl came of it")


def _complete(
    kept: KeptSchedule, rule: Schedule, firings: list[KeptFiring], *, begin: datetime, end: datetime
) -> Iterator[Finding]:
    if isinstance(rule.when, Auto):
        return
    due = set(due_between(rule, begin, end))
    there = {each.scheduled_for for each in firings}
    for moment in sorted(due - there):
        yield Finding("firing", f"schedule {kept.name}, {_shown(moment)}: due, and nothing became of it")
    for each in firings:
        if begin < each.scheduled_for <= end and each.scheduled_for not in due and each.state != "quiet":
            told = f"schedule {kept.name}, {_shown(each.scheduled_for)}: {each.state}, at a moment that is not due"
            yield Finding("firing", told)


def _settled_upto(kept: KeptSchedule, rule: Schedule, lives_since: datetime | None, now: datetime) -> datetime:
    """Return up to when everything must have been settled: of what rests, what is said; else as long as one lives."""
    rests = kept.paused_at is not None or kept.ended_at is not None
    is_quiet = rule.quiet is not None and rule.quiet.period(now) is not None
    late = now - _SETTLED_AFTER
    if rests or is_quiet or lives_since is None or lives_since > late:
        return kept.settled_at
    return max(kept.settled_at, late)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
