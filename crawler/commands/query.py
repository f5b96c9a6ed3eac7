"""`tribunwatch query`: search what was collected."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.conditions import conditions, request_of
from crawler.commands.door import Command, Door
from crawler.commands.formats import OF_ROWS, Shown, form_of, refuse_archive
from crawler.commands.output import Marked, in_wib, print_json, print_table

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.archive.counting import By
    from crawler.archive.request import Found, SearchPage, SearchRequest, Sort

_COUNTED = ("day", "topic", "section", "region", "author")


@click.command(cls=Command)
@click.argument("words", nargs=-1)
@conditions
@click.option(
    "--sort",
    type=click.Choice(["newest", "relevance"]),
    default="newest",
    show_default=True,
    help="Relevance ranks the newest 1,000 that are found.",
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
@click.option("--cursor", metavar="CURSOR", help="The next page: the cursor that the page before ended with.")
@click.option(
    "--count-by",
    type=click.Choice(_COUNTED),
    help="Count all that is found, by days of Jakarta or by one of the others, instead of listing it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *OF_ROWS]),
    default="table",
    show_default=True,
    help="xlsx and parquet go into a file.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it into FILE, whose ending says the format unless --format does. All that is found: export.",
)
@click.pass_obj
def query(
    door: Door,
    /,
    *,
    words: tuple[str, ...],
    sort: "Sort",
    limit: int,
    cursor: str | None,
    count_by: "By | None",
    form: str,
    output: Path | None,
    **conditions: Any,
) -> None:
    """Search what was collected, newest first.

    WORDS are whole words in any case, all of which must be there; '"quoted words"' stand next to each other (the shell
    takes one pair of quotes). OR, NOT or -word, brackets, ban*, ~serang (its family), a NEAR/5 b, title:word,
    section:bisnis, after:2024-05 and more: see docs/query.md. A word of two to five capitals (PAN) is found only where
    it is written in capitals. Before words that begin with a dash write --. Without words, the newest are listed.
    """
    request = request_of(words, conditions, sort=sort, limit=limit, cursor=cursor)
    form = "json" if door.as_json and not output else form
    if output and form == "table":
        form = form_of(output, OF_ROWS)
    elif not output and form in {"xlsx", "parquet"}:
        raise click.UsageError(f"{form} goes into a file; add --output FILE")
    if count_by and cursor:
        raise click.UsageError("counts have no pages; leave --cursor out")
    with door.open_archive() as archive:
        if output:
            refuse_archive(output, archive)
        show = Shown(door, form, output)
        if count_by:
            _show_counts(show, archive, request, by=count_by)
        else:
            _show_page(show, archive, request)


def _show_page(show: Shown, archive: "Archive", request: "SearchRequest") -> None:
    from crawler.archive.search import search
    from crawler.exports import FOUND_COLUMNS

    page = search(archive, request)
    rows = [_as_row(each) for each in page.found]
    if show.is_of_rows:
        show.rows(FOUND_COLUMNS, rows)
    elif show.form == "json":
        ranked = {} if page.ranked is None else {"ranked": page.ranked}
        print_json(
            {"found": rows, "next_cursor": page.next_cursor, "searched_back_to": page.searched_back_to, **ranked}
        )
    elif rows:
        _print_found(show.door, page.found)
    if show.form == "table" and any(each.is_dated_by_listing for each in page.found):
        show.door.say("~ the page told no time of publication; this is the time that a listing gave")
    _say_what_follows(show.door, page)


def _as_row(found: "Found") -> dict[str, Any]:
    row = {**asdict(found), "is_dated_by_listing": found.is_dated_by_listing, "id": found.article_id}
    del row["article_id"]
    return row


def _print_found(door: Door, found: Sequence["Found"]) -> None:
    """Print the articles as a table: on a terminal the snippet stands below the title, in a pipe behind all else."""
    on_terminal = sys.stdout.isatty()
    rows: list[Sequence[object]] = []
    for each in found:
        snippet = Marked(each.snippet, each.snippet_marks)
        title = Marked(each.title, each.title_marks, below=snippet if on_terminal else None)
        published = f"{'~' if each.is_dated_by_listing else ''}{in_wib(each.published_at)}"
        row = (published, each.region or "–", ", ".join(each.topics), title, each.article_id)
        rows.append(row if on_terminal else (*row, snippet))
    columns = ("published (WIB)", "region", "topics", "title", "id")
    print_table(columns if on_terminal else (*columns, "snippet"), rows, color=not door.no_color)


def _say_what_follows(door: Door, page: "SearchPage") -> None:
    if page.ranked:
        door.say(f"ranked by relevance: the newest {page.ranked:,} that were found, and no older ones")
    elif page.searched_back_to is not None:
        door.say(
            f"searched back to {in_wib(page.searched_back_to)}: the index does not decide this search alone; "
            f"go on: --cursor {page.next_cursor}"
        )
    elif page.next_cursor is not None:
        door.say(f"there are more: --cursor {page.next_cursor}")
    elif not page.found:
        door.say("nothing found")


def _show_counts(show: Shown, archive: "Archive", request: "SearchRequest", *, by: "By") -> None:
    from crawler.archive.counting import count_by
    from crawler.exports import Column

    counts = count_by(archive, request, by)
    rows: list[dict[str, Any]] = [{by: value, "articles": number} for value, number in counts]
    if show.is_of_rows:
        show.rows((Column(by, may_lack=True), Column("articles", "whole")), rows)
    elif show.form == "json":
        print_json(rows)
    elif counts:
        shown = ((value or "–", number) for value, number in counts)
        print_table((by, "articles"), shown, color=not show.door.no_color)
    if not counts:
        show.door.say("nothing found")
