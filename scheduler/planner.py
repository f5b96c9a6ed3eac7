"""One look at all schedules: what is due becomes a firing and a request for a crawl, in one transaction."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from config.settings import Settings
from crawler.archive.connect import Archive, Transaction
from crawler.archive.firings import FiringState, states_in, write_firing, write_not_made
from crawler.archive.following import followed_topics
from crawler.archive.hosts import Wait, hosts_in
from crawler.archive.requests import request_in, running_over
from crawler.archive.schedules import KeptSchedule, active_in, provision_schedules, put_off_in, settle_in
from crawler.archive.topics import generation_in
from crawler.errors import ScheduleError
from scheduler.firings import ON_TIME, Firing, firings_after, made, supersedes
from scheduler.learning import Known, Learning, host_of, is_to_learn
from scheduler.provision import orders_of
from scheduler.standing import rule_of
from scheduler.when import Auto, Schedule

log = logging.getLogger(__name__)

_OFF = "; nothing is caught up by setting (schedule.catch_up)"


@dataclass(frozen=True, slots=True)
class PlannerLook:
    """What one look brought.

    Firings that were made, those that were not, the crawls that were asked for, and the listings that it learned of.
    """

    made: int = 0
    not_made: int = 0
    crawls: tuple[int, ...] = ()
    learned: int = 0


@dataclass(slots=True)
class _Work:
    """What a look is at, within its transaction."""

    connection: Transaction
    learning: Learning
    now: datetime
    cause: str
    made: int = 0
    not_made: int = 0
    crawls: dict[int, None] = field(default_factory=dict)
    upkeep: list[tuple[str, int]] = field(default_factory=list)
    learned: frozenset[str] = frozenset()


class Planner:
    """Looks at the schedules of an archive; any number of planners may, also of several processes.

    Args:
        archive: Whose schedules they are.
        service_id: Which service looks.
        settings: Which listings are followed, how often a host may be asked, and whether what fell due while nobody
            looked is caught up.
        site: A server on this machine that is asked in place of the real site.
        on_upkeep: Called after a look with the task ("prune", "backup") and the number of each firing that asks for
            such; by exactly one of several planners.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        service_id: int | None,
        settings: Settings,
        site: str | None = None,
        on_upkeep: Callable[[str, int], None] | None = None,
    ) -> None:
        self._archive = archive
        self._service_id = service_id
        self._site = site
        self._on_upkeep = on_upkeep
        self._unreadable: set[str] = set()
        self._generation: int | None = None
        self._settings, self._known = settings, Known.of(settings)

    def look(self, now: datetime, cause: str) -> PlannerLook:
        """Settle all schedules up to now; a look that finds nothing due writes nothing.

        Args:
            now: The present by the wall clock.
            cause: Why what is late was not looked at in time (see `firings.cause_of`).
        """
        self._provide_for_topics(now)
        if not self._is_due(now):
            return PlannerLook()
        work = self._archive.write(partial(self._settle_all, now=now, cause=cause))
        if self._on_upkeep is not None:
            for task, firing_id in work.upkeep:
                self._on_upkeep(task, firing_id)
        return PlannerLook(work.made, work.not_made, tuple(work.crawls), len(work.learned))

    def _provide_for_topics(self, now: datetime) -> None:
        """See to the schedules of topics where what is followed has changed since the last look."""
        with self._archive.reading() as connection:
            generation = generation_in(connection)
        if self._generation not in {None, generation}:
            topics = followed_topics(self._archive).topics
            try:
                provision_schedules(self._archive, orders_of(self._settings, topics), now=now)
            except ScheduleError as error:
                log.error("schedules of topics stay as they were: %s", error)  # noqa: TRY400  - the line says all
        self._generation = generation

    def _is_due(self, now: datetime) -> bool:
        with self._archive.reading() as connection:
            schedules = active_in(connection)
            autos = [kept for kept in schedules if isinstance(getattr(self._rule_of(kept), "when", None), Auto)]
            if is_to_learn(connection, self._known, autos, now):
                return True
        return any(self._owes(kept, now) for kept in schedules)

    def _owes(self, kept: KeptSchedule, now: datetime) -> bool:
        rule = self._rule_of(kept)
        if rule is None:
            return False
        if isinstance(rule.when, Auto):
            return _was_set_back(kept, now) or _is_due(kept, rule, now)
        return _was_set_back(kept, now) or bool(firings_after(rule, kept.settled_at, now).firings)

    def _settle_all(self, connection: Transaction, *, now: datetime, cause: str) -> _Work:
        work = _Work(connection, Learning(connection, self._known, now), now, cause)
        planned = [(kept, rule) for kept in active_in(connection) if (rule := self._rule_of(kept)) is not None]
        autos = [kept for kept, rule in planned if isinstance(rule.when, Auto)]
        work.learned = work.learning.take_answers()
        set_anew = work.learning.set_prices(autos)
        for kept, rule in planned:
            listing = self._known.listing_of(kept)
            if not isinstance(rule.when, Auto):
                self._settle(work, kept, rule)
                if listing is not None and listing.name in work.learned:
                    work.learning.tell(kept)
            elif listing is not None:
                is_late = kept.next_at is not None and kept.next_at <= now
                is_known_anew = listing.name in work.learned or (host_of(listing) in set_anew and not is_late)
                self._settle_auto(work, work.learning.put_off(kept) if is_known_anew else kept, rule)
        work.learning.save()
        return work

    def _settle_auto(self, work: _Work, kept: KeptSchedule, rule: Schedule) -> None:
        """Ask for a listing whose time has come, and say when it is asked next."""
        if _was_set_back(kept, work.now):
            # What was said of the time ahead of the clock does not hold.
            settle_in(work.connection, kept.schedule_id, upto=work.now)
            kept = work.learning.put_off(replace(kept, settled_at=work.now))
        if not _is_due(kept, rule, work.now):
            return
        wait = self._wait(work, kept)
        if wait is not None:
            reason = f"its host is left alone until then: {wait.reason}"
            put_off_in(work.connection, kept.schedule_id, next_at=wait.until, reason=reason)
            return
        firing = made(rule, kept.next_at or work.now.replace(microsecond=0), work.now, work.cause)
        old = states_in(work.connection, kept.schedule_id, [firing.scheduled_for]).get(firing.scheduled_for)
        if _is_news(firing, old):
            self._make(work, kept, firing)
        settle_in(work.connection, kept.schedule_id, upto=work.now)
        work.learning.put_off(replace(kept, settled_at=work.now), has_fired=True)

    def _wait(self, work: _Work, kept: KeptSchedule) -> Wait | None:
        """Return until when the host of a listing is left alone, and why; None where it may be asked."""
        listing = self._known.listing_of(kept)
        host = hosts_in(work.connection).get(host_of(listing)) if listing else None
        return host.wait(work.now, requests_per_day=self._settings.spider.requests_per_day) if host else None

    def _settle(self, work: _Work, kept: KeptSchedule, rule: Schedule) -> None:
        look = firings_after(rule, kept.settled_at, work.now, cause=work.cause)
        if not look.firings and not _was_set_back(kept, work.now):
            return
        before = states_in(work.connection, kept.schedule_id, [each.scheduled_for for each in look.firings])
        allowed = [self._allowed(each) for each in look.firings]
        firings = [each for each in allowed if _is_news(each, before.get(each.scheduled_for))]
        not_made = [(each.scheduled_for, each.state, each.reason) for each in firings if not each.is_made]
        write_not_made(
            work.connection, not_made, schedule_id=kept.schedule_id, now=work.now, service_id=self._service_id
        )
        work.not_made += len(not_made)
        if not_made:
            log.info("firings not made schedule=%s count=%d reason=%s", kept.name, len(not_made), not_made[-1][2])
        for each in firings:
            if each.is_made:
                self._make(work, kept, each)
        settle_in(work.connection, kept.schedule_id, upto=look.upto)

    def _allowed(self, firing: Firing) -> Firing:
        if firing.state == "caught_up" and not self._settings.schedule.catch_up:
            return replace(firing, state="missed", reason=firing.reason + _OFF)
        return firing

    def _make(self, work: _Work, kept: KeptSchedule, firing: Firing) -> None:
        """Write down a firing that is due, with the crawl that comes of it, or that is in its way."""
        crawl_id = None
        if kept.order.task == "crawl":
            firing, crawl_id = self._ask(work, kept, firing)
        firing_id = write_firing(
            work.connection,
            schedule_id=kept.schedule_id,
            scheduled_for=firing.scheduled_for,
            state=firing.state,
            reason=firing.reason,
            now=work.now,
            service_id=self._service_id,
            crawl_id=crawl_id,
        )
        work.made += firing.is_made
        work.not_made += not firing.is_made
        if kept.order.task != "crawl":
            work.upkeep.append((kept.order.task, firing_id))
        log.info(
            "firing schedule=%s for=%s state=%s crawl=%s reason=%s",
            *(kept.name, firing.scheduled_for.isoformat(), firing.state, crawl_id, firing.reason or "-"),
        )

    def _ask(self, work: _Work, kept: KeptSchedule, firing: Firing) -> tuple[Firing, int]:
        """Ask for the crawl of a firing, unless one of the same listings runs and that is to be enough."""
        options = {**(kept.order.options or {}), "site": self._site}
        if kept.order.overlap == "skip":
            running = running_over(work.connection, options)
            if running is not None:
                return replace(firing, state="skipped", reason=f"crawl {running} still runs"), running
        asked = request_in(
            work.connection,
            options=options,
            cause="schedule" if firing.state == "due" else "catch_up",
            now=work.now,
            is_queued_anyway=True,
        )
        work.crawls[asked.crawl_id] = None
        return firing, asked.crawl_id

    def _rule_of(self, kept: KeptSchedule) -> Schedule | None:
        """Return the rule of a schedule; one that cannot be read is told once, and keeps no other from its turn."""
        try:
            return rule_of(kept.order)
        except ScheduleError as error:
            if str(error) not in self._unreadable:
                self._unreadable.add(str(error))
                log.error("schedule cannot be read and rests: %s", error)  # noqa: TRY400  - the line says all
            return None


def _is_due(kept: KeptSchedule, rule: Schedule, now: datetime) -> bool:
    """Tell whether a schedule with the plan `auto` is due, and no quiet hours hold it back."""
    is_quiet = rule.quiet is not None and rule.quiet.period(now) is not None
    return not is_quiet and (kept.next_at is None or kept.next_at <= now)


def _is_news(firing: Firing, old: FiringState | None) -> bool:
    """Tell whether a firing is written: a moment without one, or one that was not made and now is."""
    return old is None or supersedes(firing, Firing(firing.scheduled_for, old))


def _was_set_back(kept: KeptSchedule, now: datetime) -> bool:
    """Tell whether the clock runs behind what is settled, by more than the clocks of two machines differ.

    By less nothing is owed: what falls due within it has its firing.
    """
    return kept.settled_at - now > ON_TIME
