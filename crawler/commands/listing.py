"""`tribunwatch listing`: where new articles are found, and when they may be asked next."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_fields, print_json, print_table
from crawler.errors import ArchiveMissingError, SettingsError
from crawler.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import Settings
    from crawler.archive.hosts import KnownHost
    from crawler.archive.listings import ListingState
    from crawler.article import Listing


@click.command("list", cls=Command)
@click.pass_obj
def list_(door: Door) -> None:
    """List the listings of the settings, when each was last asked, what it gave, and until when its host must wait."""
    from crawler.follows import followed
    from crawler.spider.politeness import in_jakarta

    known, hosts = _look(door)
    rows = [_row(each, known.get(each.name), hosts, door.settings) for each in followed(door.settings).listings]
    if door.as_json:
        names = ("name", "kind", "url", "asked_at", "changed_at", "links", "waits_until")
        print_json([{name: row[name] for name in names} for row in rows])
        return
    print_table(
        ("listing", "kind", "asked (WIB)", "changed (WIB)", "links", "left alone until", "address"),
        (
            (
                *(row["name"], row["kind"], in_wib(row["asked_at"]), in_wib(row["changed_at"]), row["links"]),
                "–" if row["waits_until"] is None else in_jakarta(row["waits_until"]),
                row["url"],
            )
            for row in rows
        ),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.argument("name")
@click.pass_obj
def show(door: Door, *, name: str) -> None:
    """Show the listing NAME: what it gave, and when its host may be asked next, or why it must wait."""
    from crawler.follows import followed

    listings = {each.name: each for each in followed(door.settings).listings}
    if name not in listings:
        raise SettingsError(f"no listing named {name!r}{nearest(name, listings)}; see: tribunwatch listing list")
    known, hosts = _look(door)
    row = {**_row(listings[name], known.get(name), hosts, door.settings), **_planned(door, name)}
    if door.as_json:
        print_json(row)
        return
    robots = row["robots"]
    print_fields(
        [
            ("listing", f"{row['name']} ({row['kind']})"),
            ("address", row["url"]),
            ("asked", f"{in_wib(row['asked_at'])} WIB" if row["asked_at"] else "never"),
            ("changed", f"{in_wib(row['changed_at'])} WIB" if row["changed_at"] else None),
            ("links", row["links"] if row["asked_at"] else None),
            ("last reason", row["last_reason"]),
            ("host", row["host"]),
            ("may be asked", _next(row)),
            ("plan", f"{row['plan']}{' (paused)' if row['is_paused'] else ''}" if row["plan"] else None),
            ("next", f"{in_wib(row['next_at'])} WIB" if row["next_at"] else None),
            (
                "why then" if row["plan"] == "auto" else "known",
                plain(row["next_reason"]) if row["next_reason"] else None,
            ),
            ("pause", f"{row['pause_s']:g} s between two requests"),
            ("in a row", f"{row['refusals']} refused, {row['failures']} failed, {row['walls']} walls"),
            ("budget", f"{row['requests_today']} of {row['requests_per_day']} requests of today"),
            ("robots.txt", _robots_line(robots) if robots else "not asked yet"),
        ]
    )


def _look(door: Door) -> "tuple[Mapping[str, ListingState], Mapping[str, KnownHost]]":
    from crawler.archive.hosts import load_hosts
    from crawler.archive.listings import list_listings

    try:
        with door.open_archive() as archive:
            return {each.name: each for each in list_listings(archive)}, load_hosts(archive)
    except ArchiveMissingError:
        return {}, {}


def _planned(door: Door, name: str) -> dict[str, Any]:
    """Return by what plan a listing is asked, when next, and why then; all None where no service has begun yet."""
    from crawler.archive.schedules import list_schedules
    from scheduler.standing import next_moments

    kept = None
    with suppress(ArchiveMissingError), door.open_archive() as archive:
        kept = next((each for each in list_schedules(archive) if each.name == f"listing:{name}"), None)
    is_paused = kept is not None and kept.paused_at is not None
    moments = next_moments(kept, datetime.now(UTC), limit=1) if kept and not is_paused else []
    return {
        "plan": kept.order.plan if kept else None,
        "is_paused": is_paused,
        "next_at": moments[0] if moments else None,
        "next_reason": kept.next_reason if kept and not is_paused else None,
    }


def _row(
    listing: "Listing", seen: "ListingState | None", hosts: "Mapping[str, KnownHost]", settings: "Settings"
) -> dict[str, Any]:
    from crawler.archive.hosts import KnownHost
    from crawler.spider.robots import read_robots

    now = datetime.now(UTC)
    name = urlsplit(listing.url).hostname or ""
    host = hosts.get(name) or KnownHost(name)
    per_day = settings.spider.requests_per_day
    wait = host.wait(now, requests_per_day=per_day)
    rules = read_robots(host.robots.status, host.robots.body) if host.robots else None
    return {
        "name": listing.name,
        "kind": listing.kind,
        "url": listing.url,
        "asked_at": seen.asked_at if seen else None,
        "changed_at": seen.changed_at if seen else None,
        "links": seen.links if seen else 0,
        "last_reason": seen.reason if seen else None,
        "host": name,
        "waits_until": wait.until if wait else None,
        "waits_for": wait.reason if wait else None,
        "pause_s": max(settings.spider.download_delay_s, rules.delay_s if rules else 0.0),
        "refusals": host.refusals,
        "failures": host.failures,
        "walls": host.walls,
        "requests_today": host.counted_at(now),
        "requests_per_day": per_day,
        "robots": {
            "status": host.robots.status,
            "asked_at": host.robots.at,
            "asked_again_from": host.robots.until,
            "crawl_delay_s": rules.delay_s,
            "allows": rules.allows(listing.url),
        }
        if host.robots and rules
        else None,
    }


def _next(row: dict[str, Any]) -> str:
    if row["waits_until"] is None:
        return "at any time"
    from crawler.spider.politeness import in_jakarta

    return f"not before {in_jakarta(row['waits_until'])}: {row['waits_for']}"


def _robots_line(robots: dict[str, Any]) -> str:
    allows = "allows it" if robots["allows"] else "disallows it"
    delay = f", Crawl-delay {robots['crawl_delay_s']:g} s" if robots["crawl_delay_s"] else ""
    asked = f"of {in_wib(robots['asked_at'])} WIB, asked for again from {in_wib(robots['asked_again_from'])} WIB"
    return f"{allows}{delay} (status {robots['status']}), {asked}"
