"""Exports: rows written into one file that is whole or not there, in a format for people or for other programs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawler.exports.columns import ARTICLE_COLUMNS, FOUND_COLUMNS, Column, Row
from crawler.exports.excel import write_xlsx
from crawler.exports.parquet import write_parquet
from crawler.exports.plain_text import write_csv, write_json, write_jsonl
from crawler.whole_file import Unfinished, whole_file

__all__ = ["ARTICLE_COLUMNS", "FORMATS", "FOUND_COLUMNS", "Column", "Row", "Written", "write_rows"]

_Write = Callable[[Unfinished, Sequence[Column], Iterable[Row]], None]
_WRITERS: Final[dict[str, _Write]] = {
    "csv": lambda file, columns, rows: write_csv(file.out, columns, rows),
    "json": lambda file, columns, rows: write_json(file.out, columns, rows),
    "jsonl": lambda file, columns, rows: write_jsonl(file.out, columns, rows),
    "xlsx": lambda file, columns, rows: write_xlsx(file.path, columns, rows),
    "parquet": lambda file, columns, rows: write_parquet(file.out, columns, rows),
}
FORMATS: Final = tuple(_WRITERS)


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written, and the size of the file."""

    rows: int
    bytes: int


def write_rows(file: Path, form: str, columns: Sequence[Column], rows: Iterable[Row]) -> Written:
    """Write the rows into a file, one after the other as they come; it gets its name when it is whole.

    Raises:
        MissingPackageError: The format needs a package that is not installed.
        InputFileError: Nothing can be written under this name.
        OutputFileError: The writing failed.
    """
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            yield row
            count += 1

    with whole_file(file) as unfinished:
        _WRITERS[form](unfinished, columns, counted())
        unfinished.out.flush()
        size = unfinished.path.stat().st_size
    return Written(count, size)
