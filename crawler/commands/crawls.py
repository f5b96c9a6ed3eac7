"""`tribunwatch crawls`: what crawls did."""

from dataclasses import asdict

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, print_json, print_table
from crawler.commands.report import show_report


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
