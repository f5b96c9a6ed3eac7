"""XLSX for spreadsheets, written row by row; what is too long for a cell goes on in a sheet of its own."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any, Final

from crawler.errors import MissingPackageError
from crawler.exports.columns import Column, Row, as_text

# The limits of a sheet, by Excel's own specification; a cell is counted in units of UTF-16.
MOST_IN_A_CELL: Final = 32_767
_MOST_ROWS: Final = 1_048_576
_SHEET: Final = "articles"
_REST: Final = "rest"
_REST_COLUMNS: Final = ("sheet", "row", "column", "part", "text")
# Spreadsheets know no zones: beside the moment as text stands the same as a date that can be reckoned with.
_DATE: Final = "published_at"
_DATE_COLUMN: Final = "published_at_wib"
_WIB: Final = timezone(timedelta(hours=7))
# Beyond them a date of Excel, or of Python once it is shifted, ends.
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9999
_WIDTHS: Final = {"title": 60, "text": 60, "lead": 40, "url": 40, "topics": 24, "published_at": 25, "snippet": 60}
_WIDTH: Final = 16


def write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the rows into the file; xlsxwriter keeps what it has written so far in a folder beside it.

    Raises:
        MissingPackageError: xlsxwriter is not installed.
        OSError: It cannot be written.
    """
    with _workbook(path) as workbook:
        book = _Book(workbook, columns)
        each = iter(rows)
        number = 1
        while True:
            sheet = book.add_sheet(_SHEET if number == 1 else f"{_SHEET} {number}")
            at = 0
            for at, row in enumerate(islice(each, _MOST_ROWS - 1), start=1):
                book.write_row(sheet, at, row)
            sheet.autofilter(0, 0, at, len(columns))
            if at < _MOST_ROWS - 1:
                return
            number += 1


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415  - an extra, which few need
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415  - as above
    except ImportError as error:
        raise MissingPackageError("Excel files", "xlsxwriter", "xlsx") from error
    aside = path.with_name(f"{path.name}.sheets")
    aside.mkdir()
    workbook = Workbook(str(path), {"constant_memory": True, "tmpdir": str(aside)})
    workbook.use_zip64()
    try:
        yield workbook
        workbook.close()
    except FileCreateError as error:
        raise error.args[0] from error
    finally:
        if not workbook.fileclosed:
            for sheet in workbook.worksheets():
                sheet._opt_close()  # noqa: SLF001  - it has no other way of giving up


class _Book:
    """The sheets of one file."""

    def __init__(self, workbook: Any, columns: Sequence[Column]) -> None:
        self._workbook = workbook
        self._columns = columns
        self._bold = workbook.add_format({"bold": True})
        self._date = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._rest: Any = None
        self._rest_rows = 0

    def add_sheet(self, name: str) -> Any:
        """Return a new sheet with its first row, which stays in view."""
        sheet = self._workbook.add_worksheet(name)
        names = [column.name for column in self._columns]
        if _DATE in names:
            names.append(_DATE_COLUMN)
        for at, each in enumerate(names):
            sheet.set_column(at, at, _WIDTHS.get(each, _WIDTH))
            sheet.write_string(0, at, each, self._bold)
        sheet.freeze_panes(1, 0)
        return sheet

    def write_row(self, sheet: Any, at: int, row: Row) -> None:
        """Write one row; numbers and yes-or-no as such, everything else as text, which no spreadsheet runs."""
        for number, column in enumerate(self._columns):
            value = row[column.name]
            if value is None:
                continue
            if column.kind == "whole":
                sheet.write_number(at, number, value)
            elif column.kind == "flag":
                sheet.write_boolean(at, number, value)
            else:
                self._write_text(sheet, at, number, as_text(value))
        moment = row.get(_DATE)
        if isinstance(moment, datetime) and _FIRST_YEAR < moment.year < _LAST_YEAR:
            there = moment.astimezone(_WIB).replace(tzinfo=None)
            sheet.write_datetime(at, len(self._columns), there, self._date)

    def _write_text(self, sheet: Any, at: int, number: int, text: str) -> None:
        first, *more = parts_of(text)
        self._write_cell(sheet, at, number, first)
        for part, each in enumerate(more, start=2):
            if self._rest is None:
                self._rest = self._workbook.add_worksheet(_REST)
                self._write_rest(*_REST_COLUMNS)
            self._write_rest(sheet.get_name(), at + 1, self._columns[number].name, part, each)

    def _write_rest(self, *values: str | int) -> None:
        for number, value in enumerate(values):
            if isinstance(value, int):
                self._rest.write_number(self._rest_rows, number, value)
            else:
                self._write_cell(self._rest, self._rest_rows, number, value)
        self._rest_rows += 1

    def _write_cell(self, sheet: Any, at: int, number: int, text: str) -> None:
        if text:
            sheet.write_string(at, number, text)


def parts_of(text: str) -> list[str]:
    """Return the text in pieces that a cell can hold; a character of two units is never cut in half."""
    parts: list[str] = []
    begin = units = 0
    for at, character in enumerate(text) if len(text) * 2 > MOST_IN_A_CELL else ():
        width = 2 if character > "\uffff" else 1
        if units + width > MOST_IN_A_CELL:
            parts += _told_apart(text[begin:at])
            begin, units = at, 0
        units += width
    return [*parts, *_told_apart(text[begin:])]


def _told_apart(part: str) -> list[str]:
    """Return a piece of text in two where xlsxwriter, row by row, would take it for markup of its own."""
    return [part[:-1], part[-1]] if part.startswith("<r>") and part.endswith("</r>") else [part]
