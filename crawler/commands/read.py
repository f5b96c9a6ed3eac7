"""`tribunwatch read` and `tribunwatch import`: files on this machine, seen and kept as crawled pages are."""

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crawler.article import Article, article_as_json
from crawler.commands.door import Command, Door
from crawler.commands.files import load_file
from crawler.commands.output import plain, print_fields, print_json, print_jsonl
from crawler.errors import FAILED, AddressError, ArchiveError, CrawlerError, InputFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive.connect import Archive
    from crawler.site import Address


@click.command(cls=Command)
@click.argument("file", metavar="FILE|URL|-")
@click.option("--url", metavar="URL", help="The address that the file was saved from.")
@click.option("--explain", is_flag=True, help="Show also what was cut, and by which rule.")
@click.option("--site", metavar="URL", help="Ask a server on this machine in place of the real site (for trials).")
@click.pass_obj
def read(door: Door, *, file: str, url: str | None, explain: bool, site: str | None) -> None:
    """Show what the seed parser sees, field by field; nothing is kept.

    FILE is a saved page or a plain text, - for stdin, or the address of an article, which is then fetched with all the
    manners of a crawl.
    """
    from crawler.site import identify
    from crawler.spider.reading_room import ReadingRoom

    if file.startswith(("https://", "http://")):
        from crawler.crawl import fetch_article

        door.start_logging()
        with _archive(door) as archive:
            reading = fetch_article(door.settings, identify(file), archive=archive, site=site, explain=explain)
    else:
        body = load_file(file)
        with ReadingRoom() as room:
            address = identify(url) if url else _address_in(body)
            reading = room.examine_document(body, address=address, explain=explain)
    if door.as_json:
        cut = {"cut": [{"rule": each.rule, "text": each.text} for each in reading.cuts]} if explain else {}
        print_json({**article_as_json(reading.article), **cut})
        return
    show_article(reading.article)
    if explain:
        click.echo(f"\ncut: {len(reading.cuts)}")
        print_fields((each.rule, each.text) for each in reading.cuts)


@contextmanager
def _archive(door: Door) -> "Iterator[Archive | None]":
    """Open the archive to look at; what is read needs none."""
    try:
        opened = door.open_archive(demo_will_do=False)
    except ArchiveError:
        yield None
    else:
        with opened as archive:
            yield archive


def _address_in(body: bytes) -> "Address | None":
    """Return the address that a page gives itself, if it is one of the network."""
    from crawler.parser import address_in
    from crawler.site import identify

    found = address_in(body)
    if not found:
        return None
    try:
        return identify(found)
    except AddressError:
        return None


def show_article(article: Article) -> None:
    """Print every field that the article has, then its text."""
    values = article_as_json(article)
    dateline, pages = article.dateline, article.pages
    values["dateline"] = ", ".join(filter(None, (dateline.brand, dateline.city))) if dateline else None
    values["pages"] = f"{pages.read} of {pages.total}"
    values["syndicated_from"] = (
        " · ".join(filter(None, values["syndicated_from"].values())) if values["syndicated_from"] else None
    )
    for name in ("authors", "editors", "reporters", "tags"):
        values[name] = ", ".join(values[name])
    text = values.pop("paragraphs")
    several = {name: values.pop(name) for name in ("summary", "photos", "related")}
    print_fields(values.items())
    for line in several["summary"]:
        click.echo(f"summary  {plain(line)}")
    for photo in several["photos"]:
        click.echo(f"photo    {plain(' · '.join(filter(None, (photo['caption'], photo['credit'], photo['url']))))}")
    for link in several["related"]:
        click.echo(f"related  {plain(' · '.join(filter(None, (link['title'], link['url']))))}")
    for paragraph in text:
        mark = {"subhead": "## ", "item": "- ", "quote": "> "}.get(paragraph["kind"], "")
        click.echo(f"\n{mark}{plain(paragraph['text'])}")


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, required=True)
@click.option("--url", metavar="URL", help="The address of the one file; a saved page usually names its own.")
@click.pass_obj
def import_(door: Door, *, files: tuple[str, ...], url: str | None) -> int:
    """Put saved pages or seed documents into the archive, matched to the topics like crawled ones.

    Files that cannot be read are told and left out; the others are kept, and the exit code is 1.
    """
    from crawler.archive.applying import apply_for
    from crawler.commands.topics_file import follow_in, load_topics
    from crawler.crawl import LONGEST_APPLYING_S, import_document
    from crawler.site import identify
    from crawler.spider.reading_room import ReadingRoom

    if url and len(files) > 1:
        raise click.UsageError("--url names one address, so it goes with one FILE")
    address = identify(url) if url else None
    topics = load_topics(door.settings)
    rows, failed = [], 0
    with door.open_archive(write=True) as archive, ReadingRoom() as room:
        topics = follow_in(archive, topics)
        for file in files:
            try:
                body = load_file(file)
                saved = import_document(
                    archive, topics, room, body=body, address=address or _address_in(body), now=datetime.now(UTC)
                )
            except ArchiveError:
                raise
            except CrawlerError as error:
                failed += 1
                told = str(error) if isinstance(error, InputFileError) else f"{file}: {error}"
                click.echo(f"error: {plain(told)}", err=True)
            else:
                rows.append({"file": file, "article": saved.article_id, "change": saved.change})
                if not door.as_json:
                    click.echo(f"{plain(file)}: {saved.change}, article {saved.article_id}")
        # What is new among the topics is looked for in what was there before, too.
        apply_for(archive, LONGEST_APPLYING_S, clock=lambda: datetime.now(UTC))
    if door.as_json:
        print_jsonl(rows)
    return FAILED if failed else 0
