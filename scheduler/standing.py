"""A schedule of the archive as the rules read it."""

from functools import lru_cache

from crawler.archive.schedules import Order
from scheduler.when import Schedule, parse_quiet, parse_when


def rule_of(order: Order) -> Schedule:
    """Return what is due when by an order.

    Raises:
        ScheduleError: Its plan, zone or quiet hours cannot be read; the message names the schedule.
    """
    return parse_order(order, where=f"schedule {order.name}")


def parse_order(order: Order, *, where: str) -> Schedule:
    """Do the same for an order that comes from elsewhere, which `where` names in an error."""
    return _parsed(order.plan, order.zone, order.quiet_hours or "", where)


@lru_cache(maxsize=4096)
def _parsed(plan: str, zone: str, quiet_hours: str, where: str) -> Schedule:
    quiet = parse_quiet(quiet_hours, zone=zone, where=where) if quiet_hours else None
    return Schedule(parse_when(plan, zone=zone, where=where), quiet)
