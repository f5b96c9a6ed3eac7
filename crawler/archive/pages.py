"""Pages: what was fetched for an article, and the bodies that are kept, as they came over the wire."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from crawler.archive import writes
from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.moments import seconds_of
from crawler.archive.steps import LinkState, Step, take_step

# No more than this is kept of one body; a person needs to see it, not to archive it.
KEPT_BODY_BYTES: Final = 2 * 1024 * 1024
_LEVEL: Final = 1


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What the site answered for one page of an article; `url` is where the answer came from in the end.

    `packed` is the body as it came, `encoding` how it was packed for the way; None where it came unpacked. `is_kept`
    says that the body is kept though it could be read.
    """

    url: str
    fetched_at: datetime
    body: bytes
    status: int = 200
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    packed: bytes | None = None
    encoding: str | None = None
    layout: str | None = None
    remark: str | None = None
    is_kept: bool = False


Fetched = FetchedPage | Sequence[FetchedPage] | None


def save_unreadable(  # noqa: PLR0913  - one transaction takes all that is known of a page
    archive: Archive,
    *,
    key: str,
    fetched: Fetched,
    reason: str,
    now: datetime,
    crawl_id: int | None,
    state: LinkState = "failed",
) -> None:
    """Keep a page that could not be read, with its HTML, so that a person sees why; mark its link in the same step."""
    key = clean_text(key)
    rows = page_rows(fetched, key=key, article_id=None, crawl_id=crawl_id, reason=reason)
    step = Step(key=key, state=state, reason=reason, now_s=seconds_of(now), crawl_id=crawl_id)

    def save(connection: Connection) -> None:
        writes.INSERT_PAGE.run_many(connection, rows)
        take_step(connection, step)

    archive.write(save)


def page_rows(
    fetched: Fetched, *, key: str, article_id: int | None, crawl_id: int | None, reason: str | None = None
) -> list[dict[str, Any]]:
    """Return the rows of the pages; with a reason, which is why they could not be read, they always hold the body."""
    pages = (fetched,) if isinstance(fetched, FetchedPage) else fetched or ()
    return [
        {
            **_held(each, is_kept=each.is_kept or reason is not None),
            "key": key,
            "article_id": article_id,
            "url": clean_text(each.url),
            "fetched_at": seconds_of(each.fetched_at),
            "status": each.status,
            "bytes": len(each.body),
            "content_type": _clean(each.content_type),
            "etag": _clean(each.etag),
            "last_modified": _clean(each.last_modified),
            "reason": _clean(reason),
            "solved_at": None,
            "layout": each.layout,
            "remark": _clean(each.remark),
            "crawl_id": crawl_id,
        }
        for each in pages
    ]


def _held(page: FetchedPage, *, is_kept: bool) -> dict[str, Any]:
    """Return the columns of the body: packed as it came, which costs nothing and is the best evidence."""
    if not is_kept:
        return {"body": None, "encoding": None, "kept_bytes": None}
    if page.packed is not None and page.encoding and len(page.packed) <= KEPT_BODY_BYTES:
        return {"body": page.packed, "encoding": page.encoding, "kept_bytes": len(page.packed)}
    body = zlib.compress(page.body[:KEPT_BODY_BYTES], _LEVEL)
    return {"body": body, "encoding": None, "kept_bytes": len(body)}


def _clean(text: str | None) -> str | None:
    return clean_text(text) if text else None
