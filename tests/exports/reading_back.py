"""The formats read back by other people's readers, and by the way back that docs/exports.md tells."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import arro3.io
import openpyxl
from openpyxl.utils.escape import unescape

from crawler.exports import Column
from tests.home import ROOT

Rows = list[dict[str, Any]]
_documented: dict[str, Any] = {}
_PAGE = (ROOT / "docs/exports.md").read_text()
exec("\n".join(re.findall(r"^```python\n(.*?)^```$", _PAGE, re.DOTALL | re.MULTILINE)), _documented)  # noqa: S102
original: Callable[[str], str] = _documented["original"]
entries: Callable[[str], list[str]] = _documented["entries"]


def read_back(file: Path, form: str, columns: Sequence[Column]) -> Rows:
    """Return the rows of a file, moments with their offset."""
    return READERS[form](file, columns)


def _from_text(text: str, column: Column) -> Any:
    if not text and column.may_lack:
        return None
    if column.kind == "text":
        return text
    if column.kind == "list":
        return entries(text)
    if column.kind == "moment":
        return datetime.fromisoformat(text)
    return {"true": True, "false": False}[text] if column.kind == "flag" else int(text)


# Its own limit is 131,072 characters.
csv.field_size_limit(2**31 - 1)


def _csv(file: Path, columns: Sequence[Column]) -> Rows:
    with io.TextIOWrapper(file.open("rb"), "utf-8-sig", newline="") as text:
        lines = csv.DictReader(text)
        return [{each.name: _from_text(original(line[each.name]), each) for each in columns} for line in lines]


def _from_json(value: dict[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    return {
        each.name: datetime.fromisoformat(value[each.name])
        if each.kind == "moment" and value[each.name]
        else value[each.name]
        for each in columns
    }


def _json(file: Path, columns: Sequence[Column]) -> Rows:
    return [_from_json(value, columns) for value in json.loads(file.read_bytes())]


def _jsonl(file: Path, columns: Sequence[Column]) -> Rows:
    # By every sign that any program takes for the end of a line.
    return [_from_json(json.loads(line), columns) for line in file.read_text("utf-8").splitlines()]


def _xlsx(file: Path, columns: Sequence[Column]) -> Rows:
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    rest: dict[tuple[Any, ...], str] = {}
    if "rest" in book.sheetnames:
        for sheet, row, column, part, text in book["rest"].iter_rows(min_row=2, values_only=True):
            rest[sheet, row, column, part] = str(text)
    rows: Rows = []
    for sheet in (book[name] for name in book.sheetnames if name != "rest"):
        names = [cell.value for cell in sheet[1]]
        for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
            assert all(cell.data_type in "nsbd" for cell in cells)
            line = dict(zip(names, (cell.value for cell in cells), strict=True))
            rows.append({})
            for each in columns:
                value = line[each.name]
                if each.kind in {"text", "list", "moment"}:
                    parts, part = [str(value or "")], 2
                    while (sheet.title, number, each.name, part) in rest:
                        parts.append(rest[sheet.title, number, each.name, part])
                        part += 1
                    value = _from_text("".join(map(unescape, parts)), each)
                rows[-1][each.name] = value
    return rows


def _parquet(file: Path, columns: Sequence[Column]) -> Rows:
    table = arro3.io.read_parquet(file).read_all()
    values = {name: table.column(name).to_pylist() for name in table.column_names}
    for each in columns:
        if each.kind == "moment":
            offsets = values[f"{each.name}_offset_min"]
            values[each.name] = [
                moment and moment.astimezone(timezone(timedelta(minutes=offset)) if offset else UTC)
                for moment, offset in zip(values[each.name], offsets, strict=True)
            ]
    return [
        {each.name: values[each.name][number] for each in columns} for number in range(len(values[columns[0].name]))
    ]


READERS = {"csv": _csv, "json": _json, "jsonl": _jsonl, "xlsx": _xlsx, "parquet": _parquet}
