"""`tribunwatch archive`: looking after what is stored."""

import os
from dataclasses import asdict

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import print_json
from crawler.errors import FAILED


@click.command(cls=Command)
@click.pass_obj
def upgrade(door: Door) -> None:
    """Make the archive where there is none, or bring it to the schema of this version."""
    from crawler.archive.schema import HEAD

    with door.open_archive(write=True) as archive:
        location = archive.location
    if door.as_json:
        print_json({"archive": str(location), "schema": HEAD})
    else:
        click.echo(f"archive {location} is at schema {HEAD}")


@click.command(cls=Command)
@click.pass_obj
def check(door: Door) -> int:
    """Look for damage: the file, the references, the search index, the ledger. Nothing is changed."""
    from crawler.archive.connect import Archive
    from crawler.archive.reading import check as findings_of

    with door.open_archive() as archive:
        location, address, path = archive.location, archive.address, archive.path
    # SQLite counts the check of its search index as a write, so a reader cannot make it.
    readonly = path is None or not os.access(path, os.W_OK)
    with Archive.open(address, readonly=readonly, wait_s=door.settings.archive.wait_s) as archive:
        findings = findings_of(archive)
    if door.as_json:
        print_json({"archive": str(location), "findings": [asdict(finding) for finding in findings]})
    elif findings:
        for finding in findings:
            click.echo(f"{finding.what}: {finding.detail}")
    else:
        click.echo(f"archive {location} is sound")
    return FAILED if findings else 0
