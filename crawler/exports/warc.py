"""Kept pages as WARC 1.1, the form that other tools for archived pages read."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from crawler.archive.keeping import KeptBody, KeptFetch
from crawler.errors import MissingPackageError
from crawler.whole_file import whole_file

_MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Exported:
    """How many pages were written, and the size of the file."""

    pages: int
    bytes: int


def write_warc(file: Path, fetches: Iterable[KeptFetch], *, software: str) -> Exported:
    """Write the pages into a file, one response record each; it gets its name when it is whole.

    A name that ends in .gz gets the records packed, each by itself, as is usual.

    Raises:
        MissingPackageError: warcio is not installed.
        InputFileError: Nothing can be written under this name.
        OutputFileError: The writing failed.
    """
    try:
        from warcio.warcwriter import WARCWriter  # noqa: PLC0415  - an extra, which few need
    except ImportError as error:
        raise MissingPackageError("WARC files", "warcio", "warc") from error
    pages = 0
    with whole_file(file) as unfinished:
        writer = WARCWriter(unfinished.out, gzip=file.name.endswith(".gz"), warc_version="WARC/1.1")
        about = {"software": software, "format": "WARC File Format 1.1", "robots": "obey"}
        writer.write_record(writer.create_warcinfo_record(file.name, about))
        for page in (page for fetch in fetches for page in fetch.pages):
            writer.write_record(_record(writer, page))
            pages += 1
        size = unfinished.out.tell()
    return Exported(pages, size)


def _record(writer: Any, page: KeptBody) -> Any:
    """Return a page as a response: packed as it came, with the headers that are kept of it."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415  - as above

    # What we packed ourselves came unpacked.
    payload = page.body if page.encoding else _inflated(page.body)
    headers = [
        ("Content-Type", page.content_type),
        ("Content-Encoding", page.encoding),
        ("Content-Length", str(len(payload))),
        ("ETag", page.etag),
        ("Last-Modified", page.last_modified),
    ]
    http = StatusAndHeaders(
        f"{page.status} {_phrase(page.status)}",
        [(name, _one_line(value)) for name, value in headers if value],
        protocol="HTTP/1.1",
    )
    about = {"WARC-Date": _date(page.fetched_at)}
    if page.encoding is None and len(payload) < page.bytes:
        about["WARC-Truncated"] = "length"
    return writer.create_warc_record(
        page.url, "response", payload=BytesIO(payload), http_headers=http, warc_headers_dict=about
    )


def _inflated(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body, _MOST_BYTES)


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _one_line(value: str) -> str:
    """Return a header value that cannot begin another header."""
    return "".join(character if character.isprintable() else " " for character in value)
