"""`tribunwatch status`: how everything stands, and whether something needs a look."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_fields, print_json, print_table
from crawler.errors import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive.crawls import Crawl
    from scheduler.status import Status

_NEXT_SHOWN = 5
_NONE = timedelta()


@click.command(cls=Command)
@click.option("--alive", is_flag=True, help="Look only whether a service runs, as containers want to know.")
@click.pass_obj
def status(door: Door, *, alive: bool) -> int:
    """Show services, crawls, listings and what comes next; the exit code is 1 where something needs a look.

    Only the archive is asked, so it answers without a service as well, and says that none runs.
    """
    from crawler.archive.shared_clock import shared_now
    from scheduler.status import NO_SERVICE, status_of

    with door.open_archive() as archive:
        found = status_of(archive, least_free_mb=door.settings.service.least_free_mb, now=shared_now(archive))
    if alive:
        found = replace(found, concerns=tuple(each for each in found.concerns if each == NO_SERVICE))
    if door.as_json:
        print_json(_as_json(found))
    elif not door.quiet:
        print_fields(_fields(found))
        _print_listings(door, found)
        click.echo()
        for line in found.concerns or ("all is well",):
            click.echo(f"LOOK  {plain(line)}" if found.concerns else line)
    return FAILED if found.concerns else 0


def _fields(found: "Status") -> "Iterator[tuple[str, object]]":
    from scheduler.firings import spoken

    for each in found.services:
        where = f" at {each.address}" if each.address else ""
        yield "service", f"{each.service_id} runs since {in_wib(each.started_at)} WIB{where}"
    if not found.services:
        yield "service", "none runs"
    yield from _open_crawls(found)
    if found.queued and found.oldest_queued_at:
        how_many = "1 waits" if found.queued == 1 else f"{found.queued} wait, the first"
        yield "queue", f"{how_many} for {spoken(max(found.at - found.oldest_queued_at, _NONE))}"
    if found.last:
        stored = found.last.report.get("stored", 0)
        yield (
            "last",
            f"crawl {found.last.crawl_id} {found.last.state} at {in_wib(found.last.ended_at)}, {stored} stored",
        )
    coming = sorted((each.at, each.schedule) for each in found.schedules if each.at)
    for at, name in coming[:_NEXT_SHOWN]:
        yield "next", f"{in_wib(at)} {name}"
    if len(coming) > _NEXT_SHOWN:
        yield "next", f"and {len(coming) - _NEXT_SHOWN} more; see: tribunwatch schedule list"
    for schedule in found.schedules:
        if schedule.paused_at:
            yield "paused", f"{schedule.schedule} since {in_wib(schedule.paused_at)}"
    yield "backup", f"{spoken(found.at - found.backup.started_at)} ago" if found.backup else "none by the service yet"
    free = "" if found.free_bytes is None else f", {found.free_bytes / 1e9:.1f} GB free"
    yield "archive", f"{found.archive}, {found.archive_bytes / 1e6:.1f} MB{free}"


def _open_crawls(found: "Status") -> "Iterator[tuple[str, object]]":
    if found.running:
        to = found.running.gives_way_to
        yield "running", _progress(found.running) + (f"; it gives way to crawl {to}" if to else "")
    for crawl in found.resting:
        yield "gave way", f"to crawl {crawl.gave_way[-1].to}: {_progress(crawl)}"


def _progress(crawl: "Crawl") -> str:
    report = crawl.report
    done = report.get("fetched", 0) + sum(report.get("failed", {}).values())
    return (
        f"crawl {crawl.crawl_id} since {in_wib(crawl.started_at)}: {report.get('listings_asked', 0)} listings asked, "
        f"{done} of {report.get('due', 0)} articles, {report.get('stored', 0)} stored"
    )


def _print_listings(door: Door, found: "Status") -> None:
    from scheduler.firings import spoken

    if not found.listings:
        return
    click.echo()
    print_table(
        ("listing", "asked (WIB)", "gave (WIB)", "ago", "why not since"),
        (
            (
                *(each.name, in_wib(each.asked_at), in_wib(each.answered_at)),
                spoken(found.at - each.answered_at) if each.answered_at else "–",
                each.reason if each.reason and each.asked_at != each.answered_at else "–",
            )
            for each in found.listings
        ),
        color=not door.no_color,
    )


def _as_json(found: "Status") -> dict[str, object]:
    value = asdict(found)
    return {"ok": not found.concerns, **value}
