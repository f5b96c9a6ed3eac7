"""`tribunwatch crawl`: one crawl, from the listings to the report."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.commands.by_hand import crawl_as_asked
from crawler.commands.door import Command, Door
from crawler.commands.moments import SINCE, UNTIL, insist_on_a_span
from crawler.commands.output import in_wib, print_json, print_table
from crawler.commands.report import show_report
from crawler.commands.topics_file import load_topics
from crawler.errors import ArchiveMissingError

if TYPE_CHECKING:
    from crawler.archive.connect import Archive


@click.command(cls=Command)
@click.argument("listings", nargs=-1, metavar="[LISTING]...")
@click.option("--topic", "topics", multiple=True, metavar="NAME", help="Fetch only links whose listing speaks of it.")
@click.option("--since", type=SINCE, metavar="WHEN", help="Only links listed at or after: 2026-07-24, 7d, 12h.")
@click.option("--until", type=UNTIL, metavar="WHEN", help="Only links listed up to then.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Fetch at most N articles.")
@click.option("--again", is_flag=True, help="With --since, ask an index also for days that it was asked for before.")
@click.option("--dry-run", is_flag=True, help="Ask the listings, print what would be fetched, store nothing.")
@click.option("--site", metavar="URL", help="Ask a server on this machine in place of the real site (for trials).")
@click.option("--claimed", type=click.IntRange(1), hidden=True)
@click.pass_obj
def crawl(
    door: Door,
    *,
    listings: tuple[str, ...],
    topics: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    again: bool,
    dry_run: bool,
    site: str | None,
    claimed: int | None,
) -> int:
    """Ask the listings (all, or those named), read every new article, match it and keep it.

    Links that are left over from earlier crawls are taken up again. What is already stored costs no request.
    """
    from crawler.crawl_options import CrawlOptions

    insist_on_a_span(since, until)
    door.start_logging()
    if claimed is not None:
        return _run_claimed(door, claimed)
    settings = door.settings
    options = CrawlOptions(
        listings=listings,
        topics=topics,
        since=since,
        until=until,
        limit=limit,
        again=again,
        dry_run=dry_run,
        site=site,
    )
    followed = load_topics(settings)
    if not settings.spider.contact and not site:
        door.say("no contact is set; set spider.contact, so that the site can reach you (see 'tribunwatch doctor')")
    with _archive(door, dry_run=dry_run) as archive:
        report = crawl_as_asked(door, options, archive=archive, topics=followed)
    if door.as_json:
        print_json(report.as_json())
    elif dry_run:
        print_table(
            ("listed (WIB)", "title", "address"),
            ((in_wib(link.published_at), link.title or "–", link.url) for link in report.would_fetch),
            color=not door.no_color,
        )
    if not door.as_json and not door.quiet:
        show_report(report.as_json())
    return report.exit_code


def _run_claimed(door: Door, crawl_id: int) -> int:
    """Run what a service claimed, as its child; what it tells stands in the archive."""
    from crawler.archive.lease import Lease
    from crawler.child import read_token, run_claimed

    token, under_way = read_token()
    lease = Lease(crawl_id, token)
    with door.open_archive(write=True, demo_will_do=False) as archive:
        settings = door.settings
        topics = partial(load_topics, settings)
        return run_claimed(settings, lease, archive=archive, topics=topics, under_way=under_way).exit_code


@contextmanager
def _archive(door: Door, *, dry_run: bool) -> "Iterator[Archive | None]":
    """Open the archive; a dry run only looks at it, and does without where there is none."""
    try:
        opened = door.open_archive(write=not dry_run, demo_will_do=False)
    except ArchiveMissingError:
        yield None
    else:
        with opened as archive:
            yield archive
