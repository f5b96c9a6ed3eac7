"""`tribunwatch query`: search what was collected."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.door import Command, Door
from crawler.commands.moments import SINCE, UNTIL, insist_on_a_span
from crawler.commands.output import in_wib, print_csv, print_json, print_jsonl, print_table

if TYPE_CHECKING:
    from crawler.archive.search import Found

_COLUMNS = ("published_at", "region", "section", "topics", "title", "url", "id", "published_from")


@click.command(cls=Command)
@click.argument("words", nargs=-1)
@click.option("--topic", metavar="NAME", help="Only articles of this topic.")
@click.option("--since", type=SINCE, metavar="WHEN", help="Published at or after: 2026-07-24, 7d, 12h.")
@click.option("--until", type=UNTIL, metavar="WHEN", help="Published up to: 2026-07-24 means to the end of that day.")
@click.option("--section", metavar="NAME", help="Only this section of the site.")
@click.option("--region", metavar="NAME", help="Only this region: nasional, jabar, bali …")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "csv"]), default="table", show_default=True
)
@click.pass_obj
def query(
    door: Door,
    *,
    words: tuple[str, ...],
    topic: str | None,
    since: datetime | None,
    until: datetime | None,
    section: str | None,
    region: str | None,
    limit: int,
    form: str,
) -> None:
    """Search title, text and tags; every word must be there.

    WORDS are whole words, in any case; '"quoted words"' stand next to each other (the shell takes one pair of quotes);
    a word of two to five capitals (PAN) is found only where it is written in capitals. Without words, the newest
    articles are listed.
    """
    from crawler.archive.search import SearchRequest, search
    from crawler.topics.term import parse_terms

    insist_on_a_span(since, until)
    parsed = parse_terms(" ".join(words)) if words else None
    request = SearchRequest(
        query=parsed, topic=topic, since=since, until=until, section=section, region=region, limit=limit
    )
    with door.open_archive() as archive:
        found = search(archive, request)
    rows: list[dict[str, Any]] = [
        {**asdict(each), "is_dated_by_listing": each.is_dated_by_listing, "id": each.article_id} for each in found
    ]
    for row in rows:
        del row["article_id"]
    form = "json" if door.as_json else form
    if form == "json":
        print_json(rows)
    elif form == "jsonl":
        print_jsonl(rows)
    elif form == "csv":
        print_csv(rows, _COLUMNS)
    elif rows:
        print_table(
            ("published (WIB)", "region", "topics", "title", "id"),
            (
                (_published(each), each.region or "–", ", ".join(each.topics), each.title, each.article_id)
                for each in found
            ),
            color=not door.no_color,
        )
    if form == "table" and any(each.is_dated_by_listing for each in found):
        door.say("~ the page told no time of publication; this is the time that a listing gave")
    if not rows:
        door.say("nothing found")
    elif len(rows) == limit:
        door.say(f"the newest {limit}; --limit shows more")


def _published(found: "Found") -> str:
    return f"{'~' if found.is_dated_by_listing else ''}{in_wib(found.published_at)}"
