"""`tribunwatch export`: all that a query finds, in a file for people or for other programs; also kept pages."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.conditions import conditions, request_of
from crawler.commands.door import Command, Door
from crawler.commands.formats import OF_PAGES, OF_ROWS, form_of, refuse_archive
from crawler.commands.output import plain, print_json
from crawler.commands.progress import progress

if TYPE_CHECKING:
    from crawler.archive.request import SearchRequest

_FORMATS = (*OF_ROWS, *OF_PAGES)
_CHOOSE_PAGES = frozenset({"since", "until", "host"})


@click.command(cls=Command)
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="How FILE is written; unless given, its ending says it."
)
@conditions
@click.pass_obj
def export(
    door: Door,
    /,
    *,
    words: tuple[str, ...],
    file: Path,
    form: str | None,
    **conditions: Any,
) -> None:
    """Write everything that QUERY finds into FILE, newest first, without a limit; without QUERY, all articles.

    QUERY is what query understands, see docs/query.md. FILE gets its name when it is whole. The format warc writes the
    pages of a host, or fetched in a time, as the site sent them, for other tools; with a name that ends in .gz, packed.
    """
    form = form or form_of(file, _FORMATS)
    request = request_of(words, conditions)
    if form != "warc":
        _export_articles(door, file, form, request)
        return
    if words or any(conditions[name] is not None for name in conditions.keys() - _CHOOSE_PAGES):
        raise click.UsageError("pages are chosen by --since, --until and --host; leave the rest away")
    _export_pages(door, file, since=request.since, until=request.until, host=request.host)


def _export_articles(door: Door, file: Path, form: str, request: "SearchRequest") -> None:
    from crawler.archive.rows import article_rows
    from crawler.exports import ARTICLE_COLUMNS, write_rows

    with door.open_archive() as archive:
        refuse_archive(file, archive)
        with progress(door, article_rows(archive, request), None, "articles") as rows:
            done = write_rows(file, form, ARTICLE_COLUMNS, rows)
    if door.as_json:
        print_json({"file": str(file), "format": form, **asdict(done)})
    else:
        click.echo(f"{done.rows} articles, {done.bytes / 1e6:.1f} MB: {plain(file)}")


def _export_pages(door: Door, file: Path, *, since: datetime | None, until: datetime | None, host: str | None) -> None:
    from importlib.metadata import version

    from crawler.archive.keeping import PageChoice, count_kept, kept_fetches
    from crawler.exports.warc import write_warc

    choice = PageChoice(since, until, host)
    with door.open_archive() as archive:
        refuse_archive(file, archive)
        total = count_kept(archive, choice)
        with progress(door, kept_fetches(archive, choice), total, "kept pages") as fetches:
            done = write_warc(file, fetches, software=f"tribunwatch/{version('tribunwatch')}")
    if door.as_json:
        print_json({"file": str(file), "format": "warc", **asdict(done)})
    else:
        click.echo(f"{done.pages} pages, {done.bytes / 1e6:.1f} MB: {plain(file)}")
