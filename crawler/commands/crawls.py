"""`tribunwatch crawls`: what crawls did."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_json, print_table
from crawler.commands.report import show_report

if TYPE_CHECKING:
    from crawler.evidence import Evidence

# Further back, nobody looks for what changed.
_LOOKED_AT = 1_000


@click.command("list", cls=Command)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
@click.pass_obj
def list_(door: Door, *, limit: int) -> None:
    """List the crawls, newest first."""
    from crawler.archive.crawls import list_crawls

    with door.open_archive() as archive:
        crawls = list_crawls(archive, limit=limit)
    if door.as_json:
        print_json([asdict(crawl) for crawl in crawls])
        return
    print_table(
        ("crawl", "started (WIB)", "state", "seen", "new", "fetched", "stored", "failed", "seconds"),
        (
            (
                crawl.crawl_id,
                in_wib(crawl.started_at),
                crawl.state,
                *(crawl.report.get(name, "–") for name in ("links_seen", "links_new", "fetched", "stored")),
                sum(crawl.report.get("failed", {}).values()),
                crawl.report.get("seconds", "–"),
            )
            for crawl in crawls
        ),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def show(door: Door, *, number: int) -> None:
    """Show the report of crawl NUMBER."""
    from crawler.archive.crawls import load_crawl

    with door.open_archive() as archive:
        crawl = load_crawl(archive, crawl_id=number)
    if door.as_json:
        print_json(asdict(crawl))
        return
    click.echo(f"crawl {crawl.crawl_id}, started {in_wib(crawl.started_at)} WIB, {crawl.state}")
    show_report(crawl.report)


@click.command(cls=Command)
@click.argument("number", type=click.IntRange(1), required=False)
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
@click.argument("number", type=click.IntRange(1))
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
