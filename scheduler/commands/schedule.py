"""`tribunwatch schedule`: what is done when, what became of what was due, and why."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_fields, print_json, print_table
from crawler.errors import ScheduleError

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.archive.firings import KeptFiring
    from crawler.archive.schedules import KeptSchedule, Order

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MOMENTS: Final = 5


@click.command("list", cls=Command)
@click.option("--all", "with_ended", is_flag=True, help="Also those that have ended; their firings are kept.")
@click.pass_obj
def list_(door: Door, *, with_ended: bool) -> None:
    """List the schedules: their plans, when each is due next, and what became of its last firing."""
    from crawler.archive.firings import last_firings
    from crawler.archive.schedules import list_schedules

    with door.open_archive() as archive:
        schedules, last = list_schedules(archive, with_ended=with_ended), last_firings(archive)
    rows = [_row(each, last.get(each.schedule_id)) for each in schedules]
    if door.as_json:
        print_json(rows)
        return
    print_table(
        ("schedule", "plan", "state", "next (WIB)", "last (WIB)", "what became of it"),
        (
            (
                *(row["name"], row["plan"], row["state"], _next_of(row)),
                in_wib(row["last"]["scheduled_for"]) if row["last"] else "–",
                _became(row["last"]) if row["last"] else "–",
            )
            for row in rows
        ),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="So many firings.")
@click.pass_obj
def show(door: Door, *, name: str, limit: int) -> None:
    """Show the schedule NAME: its next five moments, and its last firings with what became of each, and why.

    Of "listing:www-index", "www-index" is enough.
    """
    from crawler.archive.firings import firings_of
    from crawler.archive.schedules import load_schedule
    from scheduler.standing import next_moments

    with door.open_archive() as archive:
        kept = load_schedule(archive, name)
        firings = firings_of(archive, schedule_id=kept.schedule_id, limit=limit)
    row = _row(kept, firings[0] if firings else None)
    moments = next_moments(kept, _now(), limit=_MOMENTS) if row["state"] == "active" else []
    if door.as_json:
        told = [_firing(each) for each in firings]
        print_json({**row, "options": kept.order.options, "next": moments, "firings": told})
        return
    order = kept.order
    print_fields(
        [
            ("schedule", f"{kept.name} ({row['state']}, from {order.origin})"),
            ("does", _does(order)),
            ("plan", f"{order.plan}, {order.zone}"),
            ("not in", order.quiet_hours),
            ("overlap", f"{order.overlap}: {_OVERLAP[order.overlap]}" if order.task == "crawl" else None),
            ("paused", f"{in_wib(kept.paused_at)} WIB" if kept.paused_at else None),
            ("next", ", ".join(f"{in_wib(each)} WIB" for each in moments) or _next_of(row)),
            (
                "why then" if order.plan == "auto" else "known",
                plain(kept.next_reason) if kept.next_reason and row["state"] == "active" else None,
            ),
        ]
    )
    if firings:
        click.echo()
        print_table(
            ("due (WIB)", "state", "crawl", "its state", "why"),
            (
                (
                    *(in_wib(each.scheduled_for), each.state, each.crawl_id or "–", each.crawl_state or "–"),
                    plain(each.reason) or "–",
                )
                for each in firings
            ),
            color=not door.no_color,
        )


@click.command(cls=Command)
@click.argument("name")
@click.pass_obj
def pause(door: Door, *, name: str) -> None:
    """Let the schedule NAME rest; what falls due meanwhile is not made up for."""
    from scheduler.pausing import pause as pause_schedule

    with door.open_archive(write=True, demo_will_do=False) as archive:
        kept = pause_schedule(archive, name, now=_now())
    _tell(door, kept.name, "paused" if kept.paused_at is None else "paused already")


@click.command(cls=Command)
@click.argument("name")
@click.pass_obj
def resume(door: Door, *, name: str) -> None:
    """Let the schedule NAME go on from now."""
    from scheduler.pausing import resume as resume_schedule

    with door.open_archive(write=True, demo_will_do=False) as archive:
        kept = resume_schedule(archive, name, now=_now())
    _tell(door, kept.name, "resumed" if kept.paused_at else "not paused")


@click.command(cls=Command)
@click.argument("name")
@click.option("--site", metavar="URL", help="Ask a server on this machine in place of the real site (for trials).")
@click.pass_obj
def run(door: Door, *, name: str, site: str | None) -> None:
    """Ask now for what the schedule NAME does, beside its plan; a crawl that does the same already is enough.

    It asks the site that the running service asks.
    """
    from crawler.archive.requests import request_crawl
    from crawler.archive.schedules import load_schedule
    from crawler.archive.services import live_service
    from crawler.archive.shared_clock import shared_now

    if site is not None:
        door.settings.for_own_machine(site)
    with door.open_archive(write=True, demo_will_do=False) as archive:
        kept = load_schedule(archive, name)
        if kept.order.task != "crawl":
            raise ScheduleError(f"schedule {kept.name}", f"is no crawl; run: tribunwatch archive {kept.order.task}")
        service = live_service(archive, now=shared_now(archive))
        # A service that asks a server of this machine must not be led to the real site.
        asks = site if site is not None or service is None else service.state.get("site")
        asked = request_crawl(archive, options={**(kept.order.options or {}), "site": asks}, cause="person", now=_now())
    if door.as_json:
        print_json({"schedule": kept.name, "crawl": asked.crawl_id, "how": asked.how, "is_served": service is not None})
        return
    told = {"new": "is asked for", "joined": "waits already", "running": "runs already"}[asked.how]
    mend = "" if service or asked.how == "running" else "; no service runs, which would do it: tribunwatch serve"
    click.echo(f"crawl {asked.crawl_id} {told}{mend}")


@click.command("set", cls=Command)
@click.argument("name")
@click.argument("plan")
@click.option("--listing", "listings", multiple=True, metavar="NAME", help="Only this listing; may be repeated.")
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Only links that speak of it; may be repeated.")
@click.option("--zone", metavar="ZONE", help="On whose clocks; without it, schedule.zone.")
@click.option("--quiet-hours", "quiet_hours", metavar="HOURS", help='Not in these: "23:00-05:00"; "" for none.')
@click.option("--overlap", type=click.Choice(["skip", "queue"]), help="While its listings are crawled.")
@click.pass_obj
def set_(
    door: Door,
    *,
    name: str,
    plan: str,
    listings: tuple[str, ...],
    topics: tuple[str, ...],
    zone: str | None,
    quiet_hours: str | None,
    overlap: "str | None",
) -> None:
    """Keep a schedule of your own under NAME, or change it: crawl by PLAN ("15m", "30 6 * * mon-fri")."""
    from crawler.archive.schedules import Order, load_schedule, set_schedule
    from crawler.crawl_options import CrawlOptions
    from scheduler.standing import next_moments, parse_order
    from scheduler.when import Auto

    where, settings = f"schedule {name}", door.settings
    if not _NAME.fullmatch(name):
        raise ScheduleError(where, "a name is 1 to 40 small letters, figures and hyphens; choose another")
    order = Order(
        name=name,
        plan=" ".join(plan.split()),
        zone=zone or settings.schedule.zone,
        origin="archive",
        options=CrawlOptions(listings=listings, topics=topics).as_json(),
        quiet_hours=(settings.schedule.quiet_hours if quiet_hours is None else quiet_hours) or None,
        overlap="queue" if (overlap or settings.schedule.overlap) == "queue" else "skip",
    )
    if isinstance(parse_order(order, where=where).when, Auto):
        raise ScheduleError(where, 'auto is for the listings of the settings (schedule.listings); write "15m" or cron')
    with door.open_archive(write=True, demo_will_do=False) as archive:
        _expect_known(door, archive, listings, topics)
        set_schedule(archive, order, now=_now())
        kept = load_schedule(archive, name)
    first = next(iter(next_moments(kept, _now(), limit=1)), None)
    if door.as_json:
        print_json(_row(kept, None))
    else:
        click.echo(f"schedule {name}: {_does(order)}, {order.plan}; next {in_wib(first)} WIB")


@click.command(cls=Command)
@click.argument("name")
@click.pass_obj
def remove(door: Door, *, name: str) -> None:
    """End the schedule NAME of your own; what became of its firings stays."""
    from crawler.archive.schedules import remove_schedule

    with door.open_archive(write=True, demo_will_do=False) as archive:
        removed = remove_schedule(archive, name, now=_now())
    _tell(door, removed, "removed")


_OVERLAP: Final = {
    "skip": "what falls due while its listings are crawled is left out",
    "queue": "what falls due while its listings are crawled waits behind",
}


def _expect_known(door: Door, archive: "Archive", listings: tuple[str, ...], topics: tuple[str, ...]) -> None:
    """Stop where a listing or topic is not followed."""
    from crawler.archive.following import followed_topics
    from crawler.commands.topics_file import load_topics
    from crawler.errors import SettingsError, TopicsError
    from crawler.follows import followed
    from crawler.nearest import nearest
    from crawler.site import listings_named, names_of

    known = followed(door.settings).listings
    for name in listings:
        if not listings_named(known, name):
            mend = f"{nearest(name, names_of(known))}; see: tribunwatch listing list"
            raise SettingsError(f"no listing named {name!r}{mend}")
    names = [each.name for each in followed_topics(archive, load_topics(door.settings).topics).topics] if topics else []
    for name in topics:
        if name not in names:
            raise TopicsError(f"no topic named {name!r}{nearest(name, names)}; see: tribunwatch topic list")


def _row(kept: "KeptSchedule", last: "KeptFiring | None") -> dict[str, Any]:
    from scheduler.standing import next_moments

    state = "ended" if kept.ended_at else "paused" if kept.paused_at else "active"
    moments = next_moments(kept, _now(), limit=1) if state == "active" else []
    order = kept.order
    return {
        "name": kept.name,
        "task": order.task,
        "plan": order.plan,
        "zone": order.zone,
        "quiet_hours": order.quiet_hours,
        "overlap": order.overlap,
        "from": order.origin,
        "state": state,
        "next_at": moments[0] if moments else None,
        "next_reason": kept.next_reason if state == "active" else None,
        "paused_at": kept.paused_at,
        "ended_at": kept.ended_at,
        "settled_at": kept.settled_at,
        "last": _firing(last) if last else None,
    }


def _firing(firing: "KeptFiring") -> dict[str, Any]:
    return {
        "scheduled_for": firing.scheduled_for,
        "state": firing.state,
        "reason": firing.reason,
        "made_at": firing.made_at,
        "crawl": firing.crawl_id,
        "crawl_state": firing.crawl_state,
    }


def _next_of(row: dict[str, Any]) -> str:
    if row["state"] != "active":
        return "–"
    return in_wib(row["next_at"]) if row["next_at"] else "at once"


def _became(firing: dict[str, Any]) -> str:
    crawl = f", crawl {firing['crawl']} {firing['crawl_state']}" if firing["crawl"] else ""
    return f"{firing['state']}{crawl}"


def _does(order: "Order") -> str:
    options = order.options or {}
    if order.task != "crawl":
        return order.task
    what = ", ".join(options.get("listings", ())) or "all listings"
    topics = ", ".join(options.get("topics", ()))
    return f"crawl {what}, for what speaks of {topics}" if topics else f"crawl {what}"


def _tell(door: Door, name: str, what: str) -> None:
    if door.as_json:
        print_json({"schedule": name, "is": what})
    else:
        click.echo(f"schedule {name}: {what}")


def _now() -> datetime:
    return datetime.now(UTC)
