"""Parquet for data tools: every column with its type, written group by group."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

from crawler.errors import MissingPackageError
from crawler.exports.columns import Column, Row

# So many rows, or so much text, make a group: it is what is held in memory.
_ROWS: Final = 5_000
_CHARACTERS: Final = 16 * 1024 * 1024
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)
# Beside each moment, which Parquet keeps in UTC, stands the offset that was printed.
OFFSET: Final = "_offset_min"


def write_parquet(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the rows.

    Raises:
        MissingPackageError: pyarrow is not installed.
        OSError: They cannot be written.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  - an extra, which few need
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415  - as above
    except ImportError as error:
        raise MissingPackageError("Parquet files", "pyarrow", "parquet") from error
    kinds = {
        "text": pa.string(),
        "whole": pa.int64(),
        "flag": pa.bool_(),
        "moment": pa.timestamp("us", tz="UTC"),
        "list": pa.list_(pa.field("item", pa.string(), nullable=False)),
    }
    fields = []
    for column in columns:
        fields.append(pa.field(column.name, kinds[column.kind], nullable=column.may_lack))
        if column.kind == "moment":
            fields.append(pa.field(f"{column.name}{OFFSET}", pa.int16(), nullable=column.may_lack))
    schema = pa.schema(fields)
    with ParquetWriter(out, schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_batch(pa.record_batch(_values(columns, group), schema=schema))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(group) >= _ROWS or characters >= _CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _values(columns: Sequence[Column], group: Sequence[Row]) -> dict[str, list[Any]]:
    """Return the values by column; a moment as microseconds, which reach further than Python's own do in UTC."""
    values: dict[str, list[Any]] = {}
    for column in columns:
        found = [row[column.name] for row in group]
        if column.kind == "moment":
            values[column.name] = [None if each is None else (each - _EPOCH) // _MICROSECOND for each in found]
            values[f"{column.name}{OFFSET}"] = [
                None if each is None else (each.utcoffset() or timedelta()) // _MINUTE for each in found
            ]
        else:
            values[column.name] = found
    return values
