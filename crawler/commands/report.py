"""The report of a crawl, as people read it."""

from collections.abc import Mapping
from typing import Any

import click

from crawler.commands.output import plain, print_fields


def show_report(report: Mapping[str, Any]) -> None:
    """Print what a crawl asked, found and kept, the failures by reason, and its notes."""
    if not report:
        click.echo("no report: the crawl did not come to its end")
        return
    listings = f"{report['listings_asked']} asked, {report['listings_unchanged']} unchanged since the last time"
    articles = ", ".join(f"{report[name]} {name}" for name in ("fetched", "stored", "revised", "unchanged", "matched"))
    print_fields(
        [
            ("listings", listings),
            ("links", f"{report['links_seen']} seen, {report['links_new']} new"),
            ("articles", articles),
            *(("failed", f"{count} × {reason}") for reason, count in report["failed"].items()),
            ("traffic", f"{report['bytes'] / 1e6:.1f} MB in {report['seconds']:.1f} s"),
        ]
    )
    for note in report["notes"]:
        click.echo(plain(note))
