"""How results are printed: data on stdout, as a table for people or as JSON and JSON lines for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import click

# Readers of Tribunnews think in the time of Jakarta. It has no summer time (Keppres 41/1987).
WIB = timezone(timedelta(hours=7), "WIB")


def in_wib(moment: datetime | None) -> str:
    """Return the moment as people read it, in the time of Jakarta; a dash for none."""
    return moment.astimezone(WIB).strftime("%Y-%m-%d %H:%M") if moment else "–"


def counted(rows: Mapping[str, int]) -> str:
    """Return in words how much an archive holds."""
    return f"{rows['article']} articles, {rows['revision']} revisions, {rows['link']} links, {rows['page']} pages"


def plain(text: object) -> str:
    """Return text with nothing in it that could steer a terminal: control and direction characters become spaces."""
    return "".join(
        character if character.isprintable() or character == "\u200d" else " "
        for character in str(text).replace("\n", " ")
    )


def as_json(value: Any) -> str:
    """Return JSON text, readable, in UTF-8; moments in RFC 3339."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_json_value)


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_json(value: Any) -> None:
    """Print one JSON value on stdout."""
    click.echo(as_json(value))


def print_jsonl(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON object a line on stdout."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False, default=_json_value))


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with places (first, end) to be seen: bold on a terminal, «so» in a pipe; `below` is a line under it."""

    text: str
    marks: Sequence[tuple[int, int]] = ()
    below: "Marked | None" = None

    def bracketed(self) -> str:
        """Return the text with the places in brackets."""
        pieces = []
        shown = 0
        for start, end in self.marks:
            pieces += [self.text[shown:start], "«", self.text[start:end], "»"]
            shown = end
        return "".join((*pieces, self.text[shown:]))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, color: bool = True) -> None:
    """Print a table on stdout; in a pipe it is as wide as it needs to be, so that nothing is cut."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    on_terminal = sys.stdout.isatty()

    def styled(value: object) -> Text:
        if not isinstance(value, Marked):
            return Text(plain(value))
        if not on_terminal:
            return Text(plain(value.bracketed()))
        text = Text(plain(value.text))
        for start, end in value.marks:
            text.stylize("bold", start, end)
        return Text("\n").join((text, styled(value.below))) if value.below else text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(styled(value) for value in row))
    console = Console(no_color=not color, width=None if on_terminal else 10_000, soft_wrap=False)
    if on_terminal:
        console.print(table)
    else:
        # Rich pads every line to the column; a pipe gets the text without the padding.
        with console.capture() as captured:
            console.print(table)
        click.echo("\n".join(line.rstrip() for line in captured.get().splitlines() if line.strip()))


def print_fields(fields: Iterable[tuple[str, object]]) -> None:
    """Print name and value, a line each, the values aligned; empty values are left out."""
    shown = [(name, value) for name, value in fields if value not in (None, "", [], (), {})]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        click.echo(f"{name:<{width}}  {plain(value)}")
