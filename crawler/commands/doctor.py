"""`tribunwatch doctor`: is everything as a crawl needs it, and if not, what to do."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import plain, print_json
from crawler.commands.topics_file import load_topics
from crawler.errors import (
    FAILED,
    ArchiveError,
    ArchiveMissingError,
    CrawlerError,
    MissingPackageError,
    SettingsError,
    UnreachableError,
)

if TYPE_CHECKING:
    from crawler.archive.hosts import Wait

# An article takes about 20 kB with its index; below this there is room for less than a month of the whole network.
_ENOUGH_FREE_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, whether it is well, and what to do if not."""

    what: str
    ok: bool
    line: str


@click.command(cls=Command)
@click.option("--site", metavar="URL", help="Look at a server on this machine in place of the real site.")
@click.pass_obj
def doctor(door: Door, *, site: str | None) -> int:
    """Check settings, topics, archive, disk, network and robots.txt: each line is ok, or says what to do.

    One request is made: for the robots.txt of the first listing's host.
    """
    findings = []
    for finding in _examine(door, site):
        findings.append(finding)
        if not door.as_json:
            click.echo(f"{'ok     ' if finding.ok else 'NOT OK '} {finding.what}: {plain(finding.line)}")
    if door.as_json:
        print_json([asdict(finding) for finding in findings])
    return 0 if all(finding.ok for finding in findings) else FAILED


def _examine(door: Door, site: str | None) -> Iterator[Finding]:
    from crawler.follows import followed

    try:
        settings = door.settings
    except SettingsError as error:
        yield Finding("settings", ok=False, line=str(error))
        return
    try:
        listings = followed(settings).listings
    except SettingsError as error:
        yield Finding("settings", ok=False, line=str(error))
        return
    contact = settings.spider.contact
    yield Finding(
        "settings",
        ok=bool(contact),
        line=f"{len(listings)} listings, contact {contact}"
        if contact
        else "no contact; set spider.contact to an address where the site can reach you",
    )
    yield _try("topics", lambda: f"{len(load_topics(settings).topics)} topics in {settings.topics_path}")
    yield _try("archive", lambda: _archive(door))
    if "://" not in settings.archive_path or settings.archive_path.startswith("sqlite:"):
        yield _disk(Path(settings.archive_path.removeprefix("sqlite:///")))
    else:
        yield from _clock(door)
    yield from _site(door, listings[0].url, site)


def _try(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, ok=True, line=look())
    except CrawlerError as error:
        return Finding(what, ok=False, line=str(error))


def _archive(door: Door) -> str:
    from crawler.archive.connect import sqlite_concern
    from crawler.archive.reading import check

    try:
        with door.open_archive() as archive:
            location, is_file, findings = archive.location, archive.path is not None, check(archive)
    except ArchiveMissingError as error:
        return f"none yet at {error.location}; the first crawl makes it"
    if findings:
        raise ArchiveError(str(location), f"{findings[0].what}: {findings[0].detail}; see 'tribunwatch archive check'")
    concern = sqlite_concern() if is_file else None
    return f"{location} is sound" + (f"; {concern}" if concern else "")


def _clock(door: Door) -> Iterator[Finding]:
    """Yield how the clock of this machine goes beside that of the server of the archive, where it can be asked."""
    from crawler.archive.shared_clock import SharedClock

    with suppress(ArchiveError, MissingPackageError), door.open_archive() as archive:
        clock = SharedClock(archive)
        clock.set()
        concern = clock.concern()
        yield Finding("clock", ok=concern is None, line=concern or "goes as that of the database")


def _disk(path: Path) -> Finding:
    folder = next((place for place in (path, *path.parents) if place.is_dir()), Path("/"))
    free = shutil.disk_usage(folder).free
    line = f"{free / 1e9:.1f} GB free at {folder}"
    if free >= _ENOUGH_FREE_BYTES:
        return Finding("disk", ok=True, line=line)
    return Finding("disk", ok=False, line=f"{line}; make room, or put the archive elsewhere with --archive")


def _waiting(door: Door) -> "dict[str, Wait]":
    """Return the hosts that may not be asked now."""
    from crawler.archive.hosts import load_hosts

    try:
        with door.open_archive() as archive:
            hosts = load_hosts(archive)
    except ArchiveError:
        return {}
    per_day = door.settings.spider.requests_per_day
    waits = {name: host.wait(datetime.now(UTC), requests_per_day=per_day) for name, host in hosts.items()}
    return {name: wait for name, wait in waits.items() if wait}


def _site(door: Door, listing_url: str, site: str | None) -> Iterator[Finding]:
    from crawler.site import identify
    from crawler.spider.politeness import in_jakarta
    from crawler.spider.probe import probe

    settings = door.settings
    first = identify(listing_url)
    waiting = _waiting(door)
    if waiting:
        told = "; ".join(f"{host} until {in_jakarta(wait.until)}: {wait.reason}" for host, wait in waiting.items())
        yield Finding("hosts", ok=False, line=f"left alone, nothing to do but wait: {told}")
    if first.host in waiting:
        # It asked not to be asked.
        return
    try:
        seen = probe(
            first.host,
            user_agent=settings.user_agent,
            timeout_s=min(settings.spider.download_timeout_s, 15),
            site=site,
        )
    except UnreachableError as error:
        yield Finding("network", ok=False, line=str(error))
        return
    yield Finding("network", ok=True, line=f"{seen.host} answers")
    if seen.robots.unreachable:
        line = f"robots.txt cannot be had ({seen.robots.unreachable}), so nothing is fetched; try again later"
    elif not seen.robots.allows(listing_url):
        line = f"robots.txt disallows {listing_url}; take that listing out of the settings"
    else:
        line = f"status {seen.status}, the first listing may be asked"
    yield Finding("robots", ok=line.startswith("status"), line=line)
