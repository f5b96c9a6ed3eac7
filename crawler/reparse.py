"""Kept pages read again with today's parser: what would change, and if wanted, the change itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from crawler.archive.connect import Archive
from crawler.archive.keeping import KeptBody, KeptFetch, PageChoice, kept_fetches, solve
from crawler.article import Article, article_as_json
from crawler.desk import dated
from crawler.errors import ExtractionError, PageRefusedError
from crawler.keeper import Keeper
from crawler.site import identify
from crawler.spider.decompress import CutError, TooLargeError, UnreadableError, unpack
from crawler.spider.reading_room import ReadingRoom

Outcome = Literal["same", "changed", "readable", "unreadable", "outdated"]
REASON: Final = "reparse"
# No page that was fetched is larger.
_MOST_BYTES: Final = 64 * 1024 * 1024
_CHARSET: Final = re.compile(r"charset=([\w:.+-]+)")
_SHOWN_LETTERS: Final = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that today's parser reads otherwise, each value in short."""

    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Reread:
    """What became of one article: the same as stored, changed, readable now or not, or stored from a newer page."""

    key: str
    url: str
    fetched_at: datetime
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    reason: str | None = None
    # A new revision, or a new article, was stored.
    is_applied: bool = False


def reparse(  # noqa: PLR0913  - what is read, by whom, and what becomes of it
    archive: Archive,
    keeper: Keeper,
    room: ReadingRoom,
    choice: PageChoice,
    *,
    apply: bool,
    limit: int | None,
    clock: Callable[[], datetime],
) -> Iterator[Reread]:
    """Read the pages that were fetched last of each address again; with `apply`, store what differs as a new revision.

    What was applied once is the same the next time, so that one which was interrupted is simply begun again.
    """
    for number, fetch in enumerate(kept_fetches(archive, choice, newest_only=True)):
        if limit is not None and number >= limit:
            return
        yield _reread(archive, keeper, room, fetch, apply=apply, now=clock())


def unpacked(page: KeptBody) -> bytes:
    """Return the page as it was before it was packed for the way, or by us.

    Raises:
        PageRefusedError: What is kept is damaged.
    """
    try:
        return unpack(page.body, page.encoding or "deflate", most_bytes=_MOST_BYTES)
    except (CutError, TooLargeError, UnreadableError) as error:
        raise PageRefusedError(page.url, "the kept page is damaged") from error


def _reread(  # noqa: PLR0913  - as above
    archive: Archive, keeper: Keeper, room: ReadingRoom, fetch: KeptFetch, *, apply: bool, now: datetime
) -> Reread:
    url = fetch.pages[0].url
    if fetch.is_outdated:
        return Reread(fetch.key, url, fetch.fetched_at, "outdated")
    address = identify(url)
    charset = _CHARSET.search(fetch.pages[0].content_type or "")
    try:
        reading = room.examine_now(
            *(unpacked(page) for page in fetch.pages), address=address, charset=charset[1] if charset else None
        )
    except (ExtractionError, PageRefusedError) as error:
        return Reread(fetch.key, url, fetch.fetched_at, "unreadable", reason=str(error))
    article = dated(reading.article, fetch)
    differences = differences_of(fetch.article, article)
    is_solved = fetch.reason is not None and not fetch.is_solved
    if apply and differences:
        # As at the desk: the article stands where it was fetched from in the end.
        key = fetch.key if fetch.article is not None else address.key
        keeper.keep_now(
            article,
            key=key,
            moved_from=fetch.key if key != fetch.key else None,
            listed_at=fetch.listed_at,
            now=now,
            reason=REASON,
        )
    if apply and is_solved:
        solve(archive, page_ids=[page.page_id for page in fetch.pages], now=now)
    outcome: Outcome = "readable" if is_solved else "changed" if differences else "same"
    return Reread(
        fetch.key, url, fetch.fetched_at, outcome, differences, is_applied=apply and bool(differences or is_solved)
    )


def differences_of(was: Article | None, now: Article) -> tuple[Difference, ...]:
    """Return the fields in which two readings differ; of an article that was never read, all that it has."""
    before = article_as_json(was) if was is not None else {}
    after = article_as_json(now)
    return tuple(
        Difference(name, *_short(name, before.get(name), value))
        for name, value in after.items()
        if (before.get(name) if was is not None else None) != value and (was is not None or value)
    )


def _short(name: str, was: Any, now: Any) -> tuple[str, str]:
    """Return two values in short: of long texts, from where they part."""
    if name == "paragraphs":
        return _paragraphs(was or [], now or [])
    before, after = _line(was), _line(now)
    start = max(0, _common(before, after) - 20) if max(len(before), len(after)) > _SHOWN_LETTERS else 0
    return _piece(before, start), _piece(after, start)


def _piece(text: str, start: int) -> str:
    end = start + _SHOWN_LETTERS
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"


def _paragraphs(was: list[Any], now: list[Any]) -> tuple[str, str]:
    """Return how many paragraphs there are, and the first that the other has not."""
    told = []
    for mine, other in ((was, now), (now, was)):
        own = next((each["text"] for each in mine if each not in other), "")
        told.append(f"{len(mine)} paragraphs" + (f", also: {own[:_SHOWN_LETTERS]}" if own else ""))
    return told[0], told[1]


def _common(one: str, other: str) -> int:
    """Return how many letters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _line(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_line(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(_line(each) for each in value.values() if each is not None)
    return "" if value is None else str(value)
