"""`tribunwatch reparse`, `article page` and `archive prune`: what can be done with what is kept."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.asked import ASKED
from crawler.commands.door import Command, Door
from crawler.commands.moments import SINCE, UNTIL, insist_on_a_span
from crawler.commands.output import in_wib, plain, print_json
from crawler.commands.progress import progress
from crawler.errors import FAILED, NotFoundError

if TYPE_CHECKING:
    from crawler.archive.upkeep import Asked
    from crawler.reparse import Reread

_OUTCOMES = {
    "same": "as stored",
    "changed": "would change",
    "readable": "can be read now",
    "unreadable": "cannot be read",
    "outdated": "stored from a newer page",
}


@click.command(cls=Command)
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--since", type=SINCE, metavar="WHEN", help="Only pages fetched at or after: 2026-07-24, 7d, 12h.")
@click.option("--until", type=UNTIL, metavar="WHEN", help="Only pages fetched up to then.")
@click.option("--host", metavar="HOST", help="Only pages of this host.")
@click.option("--layout", metavar="LAYOUT", help="Only pages that were read in this layout.")
@click.option("--unreadable", is_flag=True, help="Only pages that could not be read.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N articles.")
@click.option("--apply", is_flag=True, help="Store what differs, as new revisions.")
@click.pass_obj
def reparse(
    door: Door,
    *,
    urls: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    host: str | None,
    layout: str | None,
    unreadable: bool,
    limit: int | None,
    apply: bool,
) -> int:
    """Read kept pages again with today's parser, and show what would change; --apply stores it.

    Of each address, the pages that were fetched last are read. What was interrupted is simply begun again.
    """
    from crawler.archive.keeping import PageChoice, count_kept
    from crawler.commands.topics_file import follow_in, load_topics
    from crawler.keeper import Keeper
    from crawler.reparse import reparse as read_again
    from crawler.spider.reading_room import ReadingRoom

    insist_on_a_span(since, until)
    door.start_logging()
    choice = PageChoice(since, until, host, layout, _keys(urls), unreadable)
    topics = load_topics(door.settings)
    seen: list[Reread] = []
    with door.open_archive(write=apply) as archive, ReadingRoom() as room:
        total = min(count_kept(archive, choice), limit or sys.maxsize)
        if not total:
            raise NotFoundError("no kept page is meant; see archive.keep_pages_days in: tribunwatch config show")
        if apply:
            topics = follow_in(archive, topics)
        again = read_again(
            archive, Keeper(archive, topics), room, choice, apply=apply, limit=limit, clock=lambda: datetime.now(UTC)
        )
        with _held(archive, apply=apply), progress(door, again, total, "kept pages") as rereads:
            for each in rereads:
                seen.append(each)
                if not door.as_json:
                    _show(each)
    outcomes = Counter(each.outcome for each in seen)
    fields = Counter(difference.field for each in seen for difference in each.differences)
    applied = sum(each.is_applied for each in seen)
    if door.as_json:
        told = [asdict(each) for each in seen if each.outcome != "same"]
        print_json({"read": len(seen), "outcomes": outcomes, "fields": fields, "applied": applied, "articles": told})
    else:
        words = ", ".join(f"{count} {_OUTCOMES[outcome]}" for outcome, count in outcomes.most_common())
        click.echo(f"{len(seen)} articles read again: {words}")
        if fields:
            click.echo("fields: " + ", ".join(f"{name} {count}" for name, count in fields.most_common()))
        if apply:
            click.echo(f"{applied} stored")
        elif fields:
            door.say("nothing was changed; --apply stores it")
    return FAILED if outcomes["unreadable"] else 0


@click.command(cls=Command)
@click.argument("url")
@click.option("--number", type=click.IntRange(1), default=1, show_default=True, help="Which page of the article.")
@click.pass_obj
def page(door: Door, *, url: str, number: int) -> None:
    """Print the page of an address as it was fetched last, its HTML as the site sent it."""
    from crawler.archive.keeping import PageChoice, kept_fetches
    from crawler.reparse import unpacked

    with door.open_archive() as archive:
        fetch = next(kept_fetches(archive, PageChoice(keys=_keys((url,))), newest_only=True), None)
    if fetch is None:
        raise NotFoundError(f"no page of {url[:200]!r} is kept; see: tribunwatch why URL")
    if number > len(fetch.pages):
        raise NotFoundError(f"of {url[:200]!r} {len(fetch.pages)} pages are kept, so there is no page {number}")
    kept = fetch.pages[number - 1]
    if door.as_json:
        about = {**asdict(kept), "layout": fetch.layout, "reason": fetch.reason, "pages": len(fetch.pages)}
        print_json({**about, "body": unpacked(kept).decode("utf-8", "replace")})
        return
    door.say(f"{kept.url}, fetched {in_wib(kept.fetched_at)} WIB, page {number} of {len(fetch.pages)}")
    sys.stdout.buffer.write(unpacked(kept))


@click.command(cls=Command)
@click.option("--dry-run", is_flag=True, help="Show what would go; let go of nothing.")
@ASKED
@click.pass_obj
def prune(door: Door, *, dry_run: bool, asked: "Asked") -> None:
    """Let go of what had its time: articles that no topic ever had, kept pages, and what was told of crawls.

    For how long each is kept is set by archive.keep_unmatched_days, keep_pages_days, keep_pages_mb and
    keep_history_days. A crawl by hand does the same at its end, a service by a schedule of its own.
    """
    from crawler.upkeep import prune as let_go
    from crawler.upkeep import prune_as_upkeep

    with door.open_archive(write=not dry_run) as archive:
        if dry_run:
            done = let_go(archive, door.settings, now=datetime.now(UTC), dry_run=True)
        else:
            done = prune_as_upkeep(archive, door.settings, clock=lambda: datetime.now(UTC), asked=asked)
    if door.as_json:
        print_json({**done.as_json(), "dry_run": dry_run})
        return
    verb = "would go" if dry_run else "gone"
    pages, articles, told = done.pages, done.articles, done.history
    click.echo(f"{articles.articles} articles {verb}, {articles.kept} kept")
    if articles.reason:
        click.echo(f"{articles.left} articles that no topic has stay longer: {articles.reason}")
    click.echo(f"{pages.pages} pages {verb} ({pages.bytes / 1e6:.1f} MB)")
    click.echo(
        f"{pages.kept_pages} pages kept ({pages.kept_bytes / 1e6:.1f} MB), of them {pages.unreadable} unreadable"
    )
    click.echo(f"{told.lines} log lines and {told.firings} firings {verb}")


def _keys(urls: Iterable[str]) -> tuple[str, ...]:
    from crawler.site import identify

    return tuple(identify(url).key for url in urls)


def _show(reread: "Reread") -> None:
    if reread.outcome in {"same", "outdated"}:
        return
    told = f": {reread.reason}" if reread.reason else ""
    click.echo(f"{plain(reread.url)}  {_OUTCOMES[reread.outcome]}{plain(told)}")
    for each in reread.differences:
        click.echo(f"  {each.field}: {plain(each.was) or '–'} → {plain(each.now) or '–'}")


@contextmanager
def _held(archive: Any, *, apply: bool) -> Iterator[None]:
    """Hold the archive as a crawl does while something is stored."""
    if not apply:
        yield
        return
    with archive.crawl_lock():
        yield
