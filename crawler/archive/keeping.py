"""Kept pages: which go when they are old or too many, which were solved, and how they are read back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select, text, update

from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.tables import UNSOLVED, article, link, page, revision
from crawler.article import Article, PublishedFrom, article_from_json

_MEGABYTE: Final = 1_000_000
# Bodies let go in one transaction, so that no other writer waits long; and how many ids one statement names.
_PER_STEP: Final = 500
_IS_KEPT: Final = text("kept_bytes IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was let go, or would be, and what stays."""

    pages: int
    bytes: int
    kept_pages: int
    kept_bytes: int
    # Of those that stay, how many nobody can read yet.
    unreadable: int


@dataclass(frozen=True, slots=True)
class KeptBody:
    """One page as it came, with what the site said of it; `encoding` is None where we packed it ourselves (zlib)."""

    page_id: int
    url: str
    fetched_at: datetime
    status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    encoding: str | None
    body: bytes
    bytes: int


@dataclass(frozen=True, slots=True)
class KeptFetch:
    """All pages that were fetched together for one article, and what is stored of it."""

    key: str
    fetched_at: datetime
    reason: str | None
    layout: str | None
    pages: tuple[KeptBody, ...]
    is_solved: bool
    # What is stored was read from a page that was fetched, or imported, later.
    is_outdated: bool
    # The article as it is now, where there is one, and what the listing said.
    article: Article | None
    listed_at: datetime | None
    listed_from: PublishedFrom | None


@dataclass(frozen=True, slots=True)
class PageChoice:
    """Which kept pages are meant: fetched from and before these times, of this host, in this layout, of these keys."""

    since: datetime | None = None
    until: datetime | None = None
    host: str | None = None
    layout: str | None = None
    keys: Sequence[str] = ()
    unreadable: bool = False


def mark_solved(archive: Archive, *, now: datetime) -> int:
    """Mark the unreadable pages whose address was read well since; return how many."""
    later = page.alias("later")
    # It may have moved: then what came after stands under the key that the article has.
    moved_to = (
        select(article.c.key)
        .join(link, link.c.article_id == article.c.id)
        .where(link.c.key == page.c.key)
        .correlate(page)
        .scalar_subquery()
    )
    read_well = (
        select(later.c.id)
        .where(later.c.id > page.c.id, later.c.reason.is_(None), later.c.key.in_([page.c.key, moved_to]))
        .correlate(page)
        .exists()
    )

    def mark(connection: Connection) -> int:
        return int(
            connection.execute(update(page).where(text(UNSOLVED), read_well).values(solved_at=seconds_of(now))).rowcount
        )

    return archive.write(mark)


def prune_pages(archive: Archive, *, days: int, megabytes: int, now: datetime, dry_run: bool = False) -> Pruned:
    """Let go of bodies that are older than so many days, then of the oldest while all take more than so many megabytes.

    Unreadable pages that nobody solved are never too old, and are the last to go for want of room. What is known of a
    page beside its body stays.
    """
    oldest_s = seconds_of(now - timedelta(days=days))
    with archive.reading() as connection:
        rows = connection.execute(
            select(page.c.id, page.c.fetched_at, page.c.kept_bytes).where(_IS_KEPT).order_by(page.c.fetched_at)
        ).all()
        unsolved = set(connection.execute(select(page.c.id).where(text(UNSOLVED))).scalars())
    going = [row for row in rows if row.id not in unsolved and row.fetched_at < oldest_s]
    gone = {row.id for row in going}
    left = sum(row.kept_bytes for row in rows) - sum(row.kept_bytes for row in going)
    # Of one age, in the order in which they came; False sorts before True.
    for row in sorted(rows, key=lambda each: each.id in unsolved):
        if left <= megabytes * _MEGABYTE:
            break
        if row.id not in gone:
            going.append(row)
            gone.add(row.id)
            left -= row.kept_bytes
    if not dry_run:
        _let_go(archive, [row.id for row in going])
    return Pruned(
        pages=len(going),
        bytes=sum(row.kept_bytes for row in going),
        kept_pages=len(rows) - len(going),
        kept_bytes=left,
        unreadable=sum(row.id in unsolved and row.id not in gone for row in rows),
    )


def count_kept(archive: Archive, choice: PageChoice) -> int:
    """Return how many fetches are meant and still have their pages."""
    with archive.reading() as connection:
        counted = select(func.count()).select_from(_fetches(choice).subquery())
        return int(connection.execute(counted).scalar_one())


def kept_fetches(archive: Archive, choice: PageChoice, *, newest_only: bool = False) -> Iterator[KeptFetch]:
    """Return what is kept, oldest first, read bit by bit: the archive is not held meanwhile.

    With `newest_only`, of each address only what was fetched last.
    """
    with archive.reading() as connection:
        groups = connection.execute(_fetches(choice, newest_only=newest_only)).all()
    for group in groups:
        with archive.reading() as connection:
            found = _load(connection, group)
        if found is not None:
            yield found


def solve(archive: Archive, *, page_ids: Sequence[int], now: datetime) -> None:
    """Mark these pages as solved: today's parser reads them."""
    with archive.writing() as connection:
        connection.execute(
            update(page).where(page.c.id.in_(page_ids), text(UNSOLVED)).values(solved_at=seconds_of(now))
        )


def _let_go(archive: Archive, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _PER_STEP):
        with archive.writing() as connection:
            connection.execute(
                update(page)
                .where(page.c.id.in_(ids[start : start + _PER_STEP]))
                .values(body=None, encoding=None, kept_bytes=None)
            )


def _fetches(choice: PageChoice, *, newest_only: bool = False) -> Select[Any]:
    """Return the question for what was fetched together: the pages of one address, one crawl and one moment."""
    last = func.max(page.c.fetched_at) if newest_only else page.c.fetched_at
    question = select(
        page.c.key, last.label("fetched_at"), func.max(page.c.crawl_id).label("crawl_id"), func.min(page.c.id)
    ).where(_IS_KEPT)
    if choice.since is not None:
        question = question.where(page.c.fetched_at >= seconds_of(choice.since))
    if choice.until is not None:
        question = question.where(page.c.fetched_at < seconds_of(choice.until))
    if choice.host is not None:
        # A key begins with its host.
        question = question.where(page.c.key.startswith(f"{clean_text(choice.host)}/", autoescape=True))
    if choice.layout is not None:
        question = question.where(page.c.layout == choice.layout)
    if choice.keys:
        question = question.where(page.c.key.in_([clean_text(key) for key in choice.keys]))
    if choice.unreadable:
        question = question.where(text(UNSOLVED))
    if newest_only:
        return question.group_by(page.c.key).order_by(last, func.min(page.c.id))
    return question.group_by(page.c.key, page.c.fetched_at, page.c.crawl_id).order_by(
        page.c.fetched_at, func.min(page.c.id)
    )


def _load(connection: Connection, group: Any) -> KeptFetch | None:
    rows = connection.execute(
        select(page)
        .where(
            page.c.key == group.key,
            page.c.fetched_at == group.fetched_at,
            page.c.crawl_id.is_not_distinct_from(group.crawl_id),
        )
        .order_by(page.c.id)
    ).all()
    if not rows or any(row.body is None for row in rows):
        # Let go meanwhile, or one of them was: half an article is no evidence.
        return None
    known = connection.execute(
        select(revision)
        .join(article, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision))
        .where(article.c.id == func.coalesce(rows[0].article_id, _article_of(group.key)))
    ).first()
    seen = connection.execute(
        select(link.c.listed_at, link.c.listed_offset_min, link.c.listed_from).where(link.c.key == group.key)
    ).first()
    return KeptFetch(
        key=group.key,
        fetched_at=moment_of(group.fetched_at),
        reason=rows[0].reason,
        layout=rows[0].layout,
        pages=tuple(_body(row) for row in rows),
        is_solved=rows[0].solved_at is not None,
        is_outdated=_is_outdated(connection, group, known),
        article=article_from_json(json.loads(known.article)) if known else None,
        listed_at=moment_of(seen.listed_at, seen.listed_offset_min) if seen and seen.listed_at is not None else None,
        listed_from=seen.listed_from if seen else None,
    )


def _is_outdated(connection: Connection, group: Any, known: Any) -> bool:
    if known is None:
        return False
    is_imported = known.crawl_id is None and known.reason is None
    if is_imported and known.stored_at > group.fetched_at:
        return True
    later = select(page.c.id).where(
        page.c.key == group.key, page.c.fetched_at > group.fetched_at, page.c.reason.is_(None)
    )
    return connection.execute(later.limit(1)).first() is not None


def _body(row: Any) -> KeptBody:
    return KeptBody(
        page_id=row.id,
        url=row.url,
        fetched_at=moment_of(row.fetched_at),
        status=row.status,
        content_type=row.content_type,
        etag=row.etag,
        last_modified=row.last_modified,
        encoding=row.encoding,
        body=row.body,
        bytes=row.bytes,
    )


def _article_of(key: Any) -> Any:
    return select(link.c.article_id).where(link.c.key == key).scalar_subquery()
