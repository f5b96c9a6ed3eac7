"""`tribunwatch receipt`: what the site listed on a day beside what is stored, and each gap with its reason."""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import WIB, in_wib, plain, print_json, print_table
from crawler.errors import FAILED, SettingsError

if TYPE_CHECKING:
    from crawler.archive.receipt import Gap, Receipt
    from crawler.report import CrawlReport


class Day(click.ParamType[date]):
    """A day: 2026-07-24, today, yesterday."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; today is that of Jakarta."""
        text = str(value).strip().lower()
        back = {"today": 0, "yesterday": 1}.get(text)
        if back is not None:
            return datetime.now(UTC).astimezone(WIB).date() - timedelta(days=back)
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no day: write 2026-07-24, today or yesterday", param, ctx)


@click.command(cls=Command)
@click.argument("day", type=Day())
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="Only this site: www, jabar, …; may be repeated.")
@click.option("--ask", is_flag=True, help="First ask the index of that day anew, not to rest on our own memory only.")
@click.option("--fetch", is_flag=True, help="Fetch what is missing, also what was given up, then show what is left.")
@click.option("--site", metavar="URL", help="Ask a server on this machine in place of the real site (for trials).")
@click.pass_obj
def receipt(door: Door, *, day: date, hosts: tuple[str, ...], ask: bool, fetch: bool, site: str | None) -> int:
    """Show what the site listed on a day beside what is stored, and each gap with its reason.

    A day is that of each site's own clock. Exit code 1 where there is a gap, or where nothing is known of the day.
    """
    from crawler.archive.receipt import make_due, receipt_of
    from crawler.site import follow

    names = follow(hosts=hosts, sections=[]).hosts if hosts else frozenset()
    report = None
    with door.open_archive(write=ask or fetch) as archive:
        if fetch:
            make_due(archive, keys=[gap.key for gap in receipt_of(archive, day=day, hosts=names).gaps])
        if ask or fetch:
            report = _crawl(door, archive, day=day, hosts=names, ask=ask, fetch=fetch, site=site)
        found = receipt_of(archive, day=day, hosts=names)
    if door.as_json:
        print_json(_as_json(found, report))
    else:
        _show(door, found)
    if not found.listed:
        door.say(f"no listing is known that named an article of {day}; ask the site with --ask")
    return FAILED if found.gaps or not found.listed else 0


def _crawl(
    door: Door, archive: Any, *, day: date, hosts: Collection[str], ask: bool, fetch: bool, site: str | None
) -> "CrawlReport":
    from crawler.commands.by_hand import crawl_as_asked
    from crawler.commands.topics_file import load_topics
    from crawler.crawl_options import CrawlOptions

    door.start_logging()
    options = CrawlOptions(
        listings=_listings(door, hosts) if ask else (),
        day=day,
        hosts=tuple(sorted(hosts)),
        asks=ask,
        fetches=fetch,
        site=site,
    )
    report = crawl_as_asked(door, options, archive=archive, topics=load_topics(door.settings))
    for note in report.notes:
        door.say(plain(note))
    return report


def _listings(door: Door, hosts: Collection[str]) -> tuple[str, ...]:
    """Return the indexes of these hosts, which can be asked for a day; where there are none, all their listings."""
    from urllib.parse import urlsplit

    from crawler.follows import followed

    known = [each for each in followed(door.settings).listings if not hosts or urlsplit(each.url).hostname in hosts]
    if not known:
        told = ", ".join(sorted(hosts))
        raise SettingsError(f"no listing of {told} is followed; add it to site.hosts, or leave --ask out")
    return tuple(each.name for each in known if each.kind == "index") or tuple(each.name for each in known)


def _as_json(found: "Receipt", report: "CrawlReport | None") -> dict[str, Any]:
    return {
        "day": found.day.isoformat(),
        "rows": [{**asdict(row), "skipped": dict(row.skipped)} for row in found.rows],
        "gaps": [asdict(gap) for gap in found.gaps],
        "crawl": report.as_json() if report else None,
    }


def _show(door: Door, found: "Receipt") -> None:
    """Print the table, then each gap, then why others are left out."""
    names = ("listed", "stored", "gone", "skipped", "gaps")
    counts = [(row.listed, row.stored, row.gone, row.skipped.total(), row.gaps) for row in found.rows]
    rows = [(row.host, row.section or "–", *each) for row, each in zip(found.rows, counts, strict=True)]
    total = tuple(sum(column) for column in zip(*counts, strict=True)) or (0,) * len(names)
    print_table(("host", "section", *names), [*rows, ("all", "", *total)], color=not door.no_color)
    for gap in found.gaps:
        click.echo(plain(f"gap      {gap.url}"))
        click.echo(plain(f"         {in_wib(gap.listed_at)}  {gap.title or 'no title known'}"))
        click.echo(plain(f"         {_why(gap)}"))
    for reason, count in sum((row.skipped for row in found.rows), Counter()).items():
        click.echo(plain(f"skipped  {count} × {reason}"))


def _why(gap: "Gap") -> str:
    if gap.state != "failed":
        return f"{gap.state}, not yet fetched; the next crawl that wants it does"
    if gap.given_up:
        return f"failed: {gap.reason}; given up after {gap.attempts} attempts; try again with --fetch"
    return f"failed: {gap.reason}; attempt {gap.attempts + 1} from {in_wib(gap.next_try_at)}"
