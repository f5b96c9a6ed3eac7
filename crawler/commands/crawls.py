"""`tribunwatch crawls`: what crawls do and did."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from crawler.commands.door import Command, Door
from crawler.commands.numbers import NUMBER
from crawler.commands.output import WIB, in_wib, plain, print_fields, print_json, print_jsonl, print_table
from crawler.commands.report import show_report
from crawler.errors import DONE, FAILED

if TYPE_CHECKING:
    from crawler.archive.crawls import Crawl
    from crawler.evidence import Evidence

_CAUSES: Final = {
    "person": "a person",
    "schedule": "a schedule",
    "catch_up": "a schedule, late",
    "retry": "a retry",
    "api": "the API",
}
# Further back, nobody looks for what changed.
_LOOKED_AT = 1_000


@click.command("list", cls=Command)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
@click.pass_obj
def list_(door: Door, *, limit: int) -> None:
    """List the crawls, newest first: those that wait, those that run, and those that ended."""
    from crawler.archive.crawls import list_crawls

    with door.open_archive() as archive:
        crawls = list_crawls(archive, limit=limit)
    if door.as_json:
        print_json([asdict(crawl) for crawl in crawls])
        return
    print_table(
        ("crawl", "started (WIB)", "state", "asked by", "seen", "new", "fetched", "stored", "failed", "seconds"),
        (
            (
                crawl.crawl_id,
                in_wib(crawl.started_at),
                "gave way" if crawl.rests else crawl.state,
                _CAUSES[crawl.cause],
                *(crawl.report.get(name, "–") for name in ("links_seen", "links_new", "fetched", "stored")),
                sum(crawl.report.get("failed", {}).values()),
                crawl.report.get("seconds", "–"),
            )
            for crawl in crawls
        ),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.argument("number", type=NUMBER)
@click.option("--follow", "-f", "is_followed", is_flag=True, help="Wait until it has ended; show how far it is.")
@click.pass_obj
def show(door: Door, *, number: int, is_followed: bool) -> None:
    """Show the report of crawl NUMBER; while it runs, the report as it stands."""
    from crawler.archive.crawls import load_crawl
    from crawler.commands.following import follow, goes_on_in

    with door.open_archive() as archive:
        crawl = follow(door, archive, number) if is_followed else load_crawl(archive, crawl_id=number)
        again = goes_on_in(archive, number)
    if door.as_json:
        print_json(asdict(crawl))
        return
    begun = f"started {in_wib(crawl.started_at)} WIB" if crawl.started_at else "not yet started"
    click.echo(f"crawl {crawl.crawl_id}, {begun}, {'gave way' if crawl.rests else crawl.state}")
    print_fields(
        [
            ("asked by", f"{_CAUSES[crawl.cause]}, {in_wib(crawl.requested_at)} WIB"),
            (
                "not before",
                f"{in_wib(crawl.not_before)} WIB"
                if crawl.state == "queued" and crawl.not_before and not crawl.rests
                else None,
            ),
            (
                "gives way",
                f"to crawl {crawl.gives_way_to}" if crawl.state == "running" and crawl.gives_way_to else None,
            ),
            ("gave way", _gave_way(crawl)),
            ("asked to stop", crawl.stop_reason if crawl.state == "running" else None),
            ("reason", crawl.reason),
            ("goes on with", f"crawl {crawl.retry_of}, attempt {crawl.attempt}" if crawl.retry_of else None),
            ("goes on in", f"crawl {again}" if again else None),
        ]
    )
    if crawl.report or not crawl.is_open:
        show_report(crawl.report)


@click.command("log", cls=Command)
@click.argument("number", type=NUMBER)
@click.option("--follow", "-f", "is_followed", is_flag=True, help="Go on until the crawl has ended.")
@click.pass_obj
def log_(door: Door, *, number: int, is_followed: bool) -> None:
    """Show what crawl NUMBER told while it ran, line by line; with --json one object a line."""
    from crawler.archive.crawls import crawl_lines, load_crawl
    from crawler.commands.following import LOOK_S

    last = 0
    with door.open_archive() as archive:
        while True:
            crawl = load_crawl(archive, crawl_id=number)
            while lines := crawl_lines(archive, crawl_id=number, after=last):
                last = lines[-1].number
                if door.as_json:
                    print_jsonl({**asdict(each), "at": each.at.isoformat()} for each in lines)
                else:
                    for each in lines:
                        click.echo(plain(f"{each.at.astimezone(WIB):%H:%M:%S} {each.level:<7} {each.line}"))
            if not (is_followed and crawl.is_open):
                break
            time.sleep(LOOK_S)
    if not last:
        door.say(f"crawl {number} told nothing" if crawl.started_at else f"crawl {number} has not begun yet")


@click.command(cls=Command)
@click.argument("number", type=NUMBER)
@click.pass_obj
def cancel(door: Door, *, number: int) -> int:
    """Stop crawl NUMBER, or take it back if it still waits. What it has stored stays; what is left stays due."""
    from crawler.archive.crawls import load_crawl
    from crawler.archive.losing import lose_crawl
    from crawler.archive.requests import stop_crawl

    now = datetime.now(UTC)
    with door.open_archive(write=True, demo_will_do=False) as archive:
        was_open = load_crawl(archive, crawl_id=number).is_open
        state = stop_crawl(archive, crawl_id=number, reason="cancelled by a person", now=now)
        crawl = load_crawl(archive, crawl_id=number)
        if state == "running" and crawl.process is not None and crawl.process.is_gone:
            lose_crawl(archive, crawl, reason="its process was gone", now=now)
            state = load_crawl(archive, crawl_id=number).state
    if door.as_json:
        print_json({"crawl": number, "state": state})
    elif state == "running":
        click.echo(f"crawl {number} is asked to stop, and ends within seconds")
    else:
        click.echo(f"crawl {number} is cancelled" if was_open else f"crawl {number} ended before: {state}")
    return DONE if was_open or state == "cancelled" else FAILED


@click.command(cls=Command)
@click.argument("number", type=NUMBER)
@click.pass_obj
def retry(door: Door, *, number: int) -> int:
    """Crawl once more with the options of crawl NUMBER, as `tribunwatch crawl` does, and follow it to its end."""
    from crawler.archive.crawls import load_crawl
    from crawler.commands.by_hand import crawl_as_asked
    from crawler.commands.topics_file import load_topics
    from crawler.crawl_options import options_from_json

    door.start_logging()
    with door.open_archive(write=True, demo_will_do=False) as archive:
        options = options_from_json(load_crawl(archive, crawl_id=number).options)
        topics = load_topics(door.settings)
        report = crawl_as_asked(door, options, archive=archive, topics=topics, retry_of=number)
    if door.as_json:
        print_json(report.as_json())
    elif not door.quiet:
        show_report(report.as_json())
    return report.exit_code


@click.command(cls=Command)
@click.argument("number", type=NUMBER, required=False)
@click.option("--host", metavar="HOST", help="Only alarms of this host.")
@click.pass_obj
def evidence(door: Door, *, number: int | None, host: str | None) -> int:
    """Show why a crawl said that the site changed: the last good reading beside the first bad one.

    NUMBER is that of a crawl; without it, the last crawl that told of a change.
    """
    from crawler.archive.crawls import list_crawls, load_crawl
    from crawler.evidence import evidence_of

    with door.open_archive() as archive:
        if number is None:
            alarmed = (crawl for crawl in list_crawls(archive, limit=_LOOKED_AT) if crawl.report.get("alarms"))
            crawl = next(alarmed, None)
        else:
            crawl = load_crawl(archive, crawl_id=number)
        found = evidence_of(archive, crawl, host=host) if crawl else []
    if door.as_json:
        print_json({"crawl": crawl.crawl_id if crawl else None, "evidence": [asdict(each) for each in found]})
        return 0
    if crawl is None or not found:
        click.echo("no crawl told of a change" if crawl is None else f"crawl {crawl.crawl_id} told of no change")
        return 0
    click.echo(f"crawl {crawl.crawl_id}, started {in_wib(crawl.started_at)} WIB, {crawl.state}")
    for each in found:
        _show_evidence(door, each)
    click.echo(f"\nif the site is meant to be so: tribunwatch crawls accept {crawl.crawl_id}")
    return 0


@click.command(cls=Command)
@click.argument("number", type=NUMBER)
@click.pass_obj
def accept(door: Door, *, number: int) -> None:
    """Take what crawl NUMBER told of as how the site is now; later crawls are compared with it and those after it."""
    from crawler.archive.crawls import load_crawl
    from crawler.archive.readings import accept_readings

    with door.open_archive(write=True) as archive:
        crawl = load_crawl(archive, crawl_id=number)
        hosts = list(dict.fromkeys(each["place"] for each in crawl.report.get("alarms", [])))
        accept_readings(archive, crawl_id=number, hosts=hosts)
    if door.as_json:
        print_json({"crawl": number, "accepted": hosts})
    else:
        click.echo(f"accepted: {', '.join(map(plain, hosts))}" if hosts else f"crawl {number} told of no change")


def _gave_way(crawl: "Crawl") -> str | None:
    if not crawl.gave_way:
        return None
    last, times = crawl.gave_way[-1], len(crawl.gave_way)
    told = f"to crawl {last.to} at {in_wib(last.at)} WIB"
    told = told if times == 1 else f"{times} times, last {told}"
    if last.until is not None:
        return f"{told}, went on at {in_wib(last.until)} WIB"
    return f"{told}, and goes on when nothing of now waits" if crawl.is_open else told


def _show_evidence(door: Door, evidence: "Evidence") -> None:
    click.echo(f"\n{plain(evidence.alarm['line'])}")
    if evidence.good is None and evidence.bad is None:
        click.echo("  see: tribunwatch listing list")
        return
    for name, reading in (("last good ", evidence.good), ("first bad ", evidence.bad)):
        if reading is None:
            click.echo(f"  {name}  none was found")
            continue
        click.echo(
            f"  {name}  {in_wib(reading.fetched_at)} WIB, layout {reading.layout or 'none'}  {plain(reading.url)}"
        )
        if reading.reason:
            click.echo(f"              could not be read: {plain(reading.reason)}")
        if reading.is_page_kept:
            click.echo(f"              tribunwatch article page '{plain(reading.url)}' > page.html")
    rows = ((name, good or "–", bad or "–") for name, good, bad in evidence.differing())
    print_table(("field", "last good", "first bad"), rows, color=not door.no_color)
