"""`tribunwatch listing`: where new articles are found."""

from typing import Any

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, print_json, print_table
from crawler.errors import ArchiveMissingError


@click.command("list", cls=Command)
@click.pass_obj
def list_(door: Door) -> None:
    """List the listings of the settings, when each was last asked, and what it gave."""
    from crawler.archive.reading import list_listings

    try:
        with door.open_archive() as archive:
            known = {each.name: each for each in list_listings(archive)}
    except ArchiveMissingError:
        known = {}
    rows: list[dict[str, Any]] = []
    for listing in door.settings.listings:
        seen = known.get(listing.name)
        rows.append(
            {
                "name": listing.name,
                "kind": listing.kind,
                "url": listing.url,
                "asked_at": seen.asked_at if seen else None,
                "changed_at": seen.changed_at if seen else None,
                "links": seen.links if seen else 0,
            }
        )
    if door.as_json:
        print_json(rows)
        return
    print_table(
        ("listing", "kind", "asked (WIB)", "changed (WIB)", "links", "address"),
        (
            (row["name"], row["kind"], in_wib(row["asked_at"]), in_wib(row["changed_at"]), row["links"], row["url"])
            for row in rows
        ),
        color=not door.no_color,
    )
