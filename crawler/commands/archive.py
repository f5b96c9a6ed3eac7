"""`tribunwatch archive`: looking after what is stored."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import counted, print_json
from crawler.commands.progress import steps
from crawler.errors import FAILED

if TYPE_CHECKING:
    from crawler.archive.checks import Finding
    from crawler.archive.connect import Archive


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
@click.option(
    "--against",
    metavar="LOG",
    type=click.Path(path_type=Path),
    help="Also judge what was asked, by the log of the newsroom that was crawled.",
)
@click.option("--complete", is_flag=True, help="With --against: whatever a listing named must be stored by now.")
@click.option(
    "--repeats",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="With --against: so many fetches may have been repeated because a crawl was killed.",
)
@click.option(
    "--pause",
    "pause_s",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=0.0,
    help="With --against: the pause that was to lie between two requests to a host.",
)
@click.pass_obj
def check(door: Door, *, deep: bool, against: Path | None, complete: bool, repeats: int, pause_s: float) -> int:
    """Look for damage: the file, the references, the search index, the ledger. Nothing is changed."""
    from crawler.archive.checks import check as findings_of
    from crawler.archive.checks import count_rows
    from crawler.archive.connect import Archive
    from crawler.archive.deep_check import check_deeply

    if against is None and (complete or repeats or pause_s):
        raise click.UsageError("--complete, --repeats and --pause say how to judge: name the log with --against")
    with door.open_archive() as archive:
        location, address, path = archive.location, archive.address, archive.path
    # SQLite counts the check of its search index as a write, so a reader cannot make it.
    readonly = path is None or not os.access(path, os.W_OK)
    rows: dict[str, int] = {}
    judged: dict[str, int] = {}
    with Archive.open(address, readonly=readonly, wait_s=door.settings.archive.wait_s) as archive, steps(door) as tell:
        findings = findings_of(archive)
        if deep:
            findings += check_deeply(archive, tell=tell)
        if against is not None:
            wrong, judged = _judge(door, archive, against, is_complete=complete, repeats=repeats, pause_s=pause_s)
            findings += wrong
        if not findings:
            with archive.reading() as connection:
                rows = count_rows(connection)
    if door.as_json:
        found = [asdict(finding) for finding in findings]
        print_json(
            {"archive": str(location), "findings": found, "rows": rows, **({"judged": judged} if judged else {})}
        )
    elif findings:
        for finding in findings:
            click.echo(f"{finding.what}: {finding.detail}")
    else:
        click.echo(f"archive {location} is sound: {counted(rows)}")
        if judged:
            click.echo(
                "nothing is wrong with {requests} requests; {stored} of {listed} listed articles stored".format(
                    **judged
                )
            )
    return FAILED if findings else 0


def _judge(
    door: Door, archive: "Archive", against: Path, *, is_complete: bool, repeats: int, pause_s: float
) -> tuple[list["Finding"], dict[str, int]]:
    """Return what is wrong by the log of a newsroom, and how much was judged."""
    from datetime import UTC, datetime

    from crawler.archive.facts import load_facts
    from crawler.judge import Allowed, judge, load_log
    from scheduler.account import firings_accounted_for

    log = load_log(against)
    longest_s = door.settings.spider.longest_pause_s
    allowed = Allowed(is_complete=is_complete, repeats=repeats, pause_s=pause_s, longest_pause_s=longest_s)
    verdict = judge(load_facts(archive), log, allowed)
    firings = firings_accounted_for(archive, now=datetime.now(UTC), kept_days=door.settings.archive.keep_history_days)
    return [*verdict.findings, *firings], {name: getattr(verdict, name) for name in ("requests", "listed", "stored")}
