"""CSV, JSON and JSON lines: formats that any program reads."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final

from crawler.exports.columns import Column, Row, as_json_values, as_text, defused

# What some programs take for the end of a line, though JSON does not.
_ENDS_LINES: Final = str.maketrans({character: f"\\u{ord(character):04x}" for character in "\x7f\x85\u2028\u2029"})
_BOM: Final = b"\xef\xbb\xbf"


def write_csv(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Row], *, with_bom: bool = True) -> None:
    """Write CSV as RFC 4180 has it, in UTF-8; the mark at its beginning tells spreadsheets so."""
    if with_bom:
        out.write(_BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text)
        writer.writerow([column.name for column in columns])
        names = [column.name for column in columns]
        writer.writerows([defused(as_text(row[name])) for name in names] for row in rows)
    finally:
        # Otherwise it closes what is not its own.
        text.detach()


def write_json(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write one JSON array, an object a line."""
    between = b"[\n"
    for line in _objects(columns, rows):
        out.write(between)
        out.write(line)
        between = b",\n"
    out.write(b"[]\n" if between == b"[\n" else b"\n]\n")


def write_jsonl(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write one JSON object a line."""
    for line in _objects(columns, rows):
        out.write(line)
        out.write(b"\n")


def _objects(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        value: dict[str, Any] = as_json_values(row, columns)
        yield json.dumps(value, ensure_ascii=False).translate(_ENDS_LINES).encode()
