"""A schedule of the archive as the rules read it."""

from datetime import datetime
from functools import lru_cache
from itertools import islice

from crawler.archive.schedules import KeptSchedule, Order
from scheduler.when import Schedule, known_zone, moments_after, parse_quiet, parse_when


def rule_of(order: Order) -> Schedule:
    """Return what is due when by an order.

    Raises:
        ScheduleError: Its plan, zone or quiet hours cannot be read; the message names the schedule.
    """
    return parse_order(order, where=f"schedule {order.name}")


def parse_order(order: Order, *, where: str) -> Schedule:
    """Do the same for an order that comes from elsewhere, which `where` names in an error."""
    return _parsed(order.plan, order.zone, order.quiet_hours or "", where)


def next_moments(kept: KeptSchedule, now: datetime, *, limit: int) -> list[datetime]:
    """Return when a schedule is due next, at most so often; with the plan `auto` only the next is known, if that is."""
    if kept.next_at is not None:
        return [max(kept.next_at, now)]
    return list(islice(moments_after(rule_of(kept.order), now), limit))


@lru_cache(maxsize=4096)
def _parsed(plan: str, zone: str, quiet_hours: str, where: str) -> Schedule:
    zone = known_zone(zone, where)
    quiet = parse_quiet(quiet_hours, zone=zone, where=where) if quiet_hours else None
    return Schedule(parse_when(plan, zone=zone, where=where), quiet)
