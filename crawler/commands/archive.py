"""`tribunwatch archive`: looking after what is stored."""

import os
from dataclasses import asdict

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import counted, print_json
from crawler.commands.progress import steps
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
@click.option("--deep", is_flag=True, help="Also read every article: its hash, its kept pages, its words in the index.")
@click.pass_obj
def check(door: Door, *, deep: bool) -> int:
    """Look for damage: the file, the references, the search index, the ledger. Nothing is changed."""
    from crawler.archive.checks import check as findings_of
    from crawler.archive.checks import count_rows
    from crawler.archive.connect import Archive
    from crawler.archive.deep_check import check_deeply

    with door.open_archive() as archive:
        location, address, path = archive.location, archive.address, archive.path
    # SQLite counts the check of its search index as a write, so a reader cannot make it.
    readonly = path is None or not os.access(path, os.W_OK)
    rows: dict[str, int] = {}
    with Archive.open(address, readonly=readonly, wait_s=door.settings.archive.wait_s) as archive, steps(door) as tell:
        findings = findings_of(archive)
        if deep:
            findings += check_deeply(archive, tell=tell)
        if not findings:
            with archive.reading() as connection:
                rows = count_rows(connection)
    if door.as_json:
        found = [asdict(finding) for finding in findings]
        print_json({"archive": str(location), "findings": found, "rows": rows})
    elif findings:
        for finding in findings:
            click.echo(f"{finding.what}: {finding.detail}")
    else:
        click.echo(f"archive {location} is sound: {counted(rows)}")
    return FAILED if findings else 0
