"""Storing what was read: revision, matches, story, search index and ledger in one transaction, or nothing of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection

from crawler.archive import reasons, writes
from crawler.archive.clean import clean_text, clean_value
from crawler.archive.connect import Archive
from crawler.archive.index import index_row, names_of, search_rowid, second_of, with_facts
from crawler.archive.indexing import put_words
from crawler.archive.moments import offset_min_of, seconds_of
from crawler.archive.pages import Fetched, FetchedPage, page_rows, save_unreadable
from crawler.archive.steps import Step, take_step
from crawler.archive.telling import mark_story, story_after, story_of_new
from crawler.archive.topics import hits_as_json
from crawler.article import Article, article_as_json, article_from_json
from crawler.stories import Likeness, content_hash, fingerprint, likeness
from crawler.topics import Match

__all__ = ["Change", "FetchedPage", "Ready", "Saved", "make_ready", "save_articles", "save_unreadable"]

Change = Literal["new", "revised", "unchanged"]

# Made once: making the encoder costs as much as encoding a short article.
_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing an article did: is it new, a new revision, or as it was; is it a copy of another article's text?"""

    article_id: int
    change: Change
    story_id: int
    is_copy: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """An article as the tables take it, worked out before the write lock is taken; made by `make_ready`."""

    key: str
    article: Article
    matches: Sequence[Match]
    fetched: Fetched
    moved_from: str | None
    as_json: str
    content_hash: str
    # None where there is no text to compare.
    fingerprint: str | None
    likeness: Likeness
    facts: dict[str, Any]
    words: dict[str, str]
    ordered_s: int
    crawl_id: int | None
    now_s: int
    reason: str | None = None
    # Of the topics that were matched; None where the matches are to hold whatever is followed.
    generation: int | None = None
    # False where some of it no database can hold: what is stored has other words.
    is_as_read: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the current revision of an article stands."""

    saved: Saved
    revision: int
    rowid: int
    # What is known of it, as its row says; None where it is unchanged.
    facts: Mapping[str, Any] | None = None
    # Where the revision before stands in the search index.
    former_rowid: int | None = None


def save_articles(archive: Archive, several: Iterable[Ready]) -> list[Saved]:
    """Store articles with everything that follows from them, and mark their links as stored: all at once, or nothing.

    An article is known again by its content id on its host, by the address that it was once stored under, or by its
    key. The same content again gives no revision. Storing twice is storing once.

    Articles that were matched by topics of an earlier generation, or as something else than what is stored, are noted:
    `applying.py` matches them anew.
    """
    readies = list(several)

    def save(connection: Connection) -> list[Saved]:
        generation = writes.GENERATION.value(connection) or 0
        places = [_save(connection, ready, generation) for ready in readies]
        _index(connection, readies, places)
        return [place.saved for place in places]

    return archive.write(save)


def make_ready(  # noqa: PLR0913  - all that is known of an article
    article: Article,
    *,
    key: str,
    matches: Sequence[Match] = (),
    fetched: Fetched = None,
    listed_at: datetime | None = None,
    crawl_id: int | None = None,
    now: datetime,
    moved_from: str | None = None,
    reason: str | None = None,
    generation: int | None = None,
) -> Ready:
    """Return an article ready to be stored.

    Args:
        article: As it was read.
        key: Its identity.
        matches: The topics that it has.
        fetched: The pages that it was read from.
        listed_at: The time that a listing gave.
        crawl_id: The crawl that fetched it.
        now: The present moment, aware.
        moved_from: The key of the link that led to it by a redirect; it is marked in the same step.
        reason: Why it is stored again though no crawl brought it: then there is a revision, whatever it changed.
        generation: Of the topics that were matched; without it the matches become those given, also of known content.
    """
    now_s = seconds_of(now)
    as_json = _json(article_as_json(article))
    is_as_read = _is_clean(as_json)
    if not is_as_read:
        article = article_from_json(clean_value(article_as_json(article)))
        as_json = _json(article_as_json(article))
    published_s = seconds_of(article.published_at) if article.published_at else None
    listed_s = seconds_of(listed_at) if listed_at else None
    facts = {
        "url": article.url,
        "host": article.host,
        "region": article.region,
        "section": article.section,
        "content_id": article.content_id,
        "kind": article.kind,
        "title": article.title,
        "published_at": published_s,
        "published_offset_min": offset_min_of(article.published_at) if article.published_at else None,
        "published_from": article.published_from,
        "modified_at": seconds_of(article.modified_at) if article.modified_at else None,
        "modified_offset_min": offset_min_of(article.modified_at) if article.modified_at else None,
        "listed_at": listed_s,
        "is_premium": int(article.is_premium),
        "is_complete": int(article.is_complete),
    }
    return Ready(
        key=clean_text(key),
        article=article,
        matches=matches,
        fetched=fetched,
        moved_from=moved_from,
        as_json=as_json,
        content_hash=content_hash(article),
        fingerprint=fingerprint(article) or None,
        likeness=likeness(article),
        facts=facts,
        # Here and not when it is written: the topics have just cut the same text into words.
        words=index_row(article),
        ordered_s=next(moment for moment in (published_s, listed_s, now_s) if moment is not None),
        crawl_id=crawl_id,
        now_s=now_s,
        reason=reason,
        generation=generation,
        is_as_read=is_as_read,
    )


def _save(connection: Connection, ready: Ready, generation: int) -> _Place:
    known = _find(connection, ready)
    if known is None:
        place = _insert(connection, ready)
    elif known.content_hash == ready.content_hash and ready.reason is None:
        place = _Place(_saved(connection, known.id, "unchanged", known.story_id), known.revision, known.search_rowid)
    else:
        place = _revise(connection, ready, known)
    _keep_matches(connection, ready, place)
    article_id = place.saved.article_id
    if ready.generation is not None and place.saved.change != "unchanged":
        is_as_matched = ready.generation == generation and ready.is_as_read and _is_stored_as_read(ready, known, place)
        if not is_as_matched:
            writes.NOTE_REMATCH.run(connection, article_id=article_id)
    rows = page_rows(ready.fetched, key=ready.key, article_id=article_id, crawl_id=ready.crawl_id)
    writes.INSERT_PAGE.run_many(connection, rows)
    _mark_stored(connection, ready, article_id)
    if ready.moved_from is not None:
        reason = f"{reasons.REDIRECTED_AWAY}: to {ready.key}"
        step = Step(clean_text(ready.moved_from), "skipped", reason, now_s=ready.now_s, crawl_id=ready.crawl_id)
        take_step(connection, step)
    return place


def _index(connection: Connection, readies: Sequence[Ready], places: Sequence[_Place]) -> None:
    """Bring the search index up to date, at the end of a transaction.

    FTS5 writes a segment of its index whenever a row comes before the last one, and whenever a statement follows that
    SQLite may have to undo. In order, and after everything else, all rows of a transaction make one.
    """
    out: set[int] = set()
    rows: dict[int, dict[str, str]] = {}
    for ready, place in zip(readies, places, strict=True):
        if place.former_rowid is not None:
            out.add(place.former_rowid)
            rows.pop(place.former_rowid, None)
        if place.facts is not None:
            rows[place.rowid] = with_facts(ready.words, place.facts)
    writes.DELETE_SEARCH.run_many(connection, ({"b_rowid": rowid} for rowid in sorted(out)))
    put_words(connection, rows)


def _find(connection: Connection, ready: Ready) -> writes.Known | None:
    found = writes.FIND_ARTICLE.row(
        connection,
        b_key=ready.key,
        b_link_key=ready.key,
        b_host=ready.facts["host"],
        b_content_id=ready.facts["content_id"],
    )
    return writes.Known(*found) if found else None


def _insert(connection: Connection, ready: Ready) -> _Place:
    story_id, is_copy = story_of_new(connection, ready.fingerprint, ready.likeness, now_s=ready.now_s)
    rowid = search_rowid(connection, ready.ordered_s)
    article_id = int(
        writes.INSERT_ARTICLE.value(
            connection,
            **ready.facts,
            key=ready.key,
            story_id=story_id,
            revision=1,
            first_stored_at=ready.now_s,
            last_stored_at=ready.now_s,
            search_rowid=rowid,
        )
    )
    _insert_revision(connection, ready, article_id=article_id, number=1)
    mark_story(connection, story_id, ready.likeness)
    return _Place(Saved(article_id, "new", story_id, is_copy), revision=1, rowid=rowid, facts=ready.facts)


def _revise(connection: Connection, ready: Ready, known: writes.Known) -> _Place:
    facts = dict(ready.facts)
    # What named the article first goes on naming it; what was not known then is filled in.
    for name in ("url", "host", "region", "section", "content_id", "listed_at"):
        facts[name] = getattr(known, name) if getattr(known, name) is not None else facts[name]
    ordered_s = next(
        moment for moment in (facts["published_at"], facts["listed_at"], known.first_stored_at) if moment is not None
    )
    number = known.revision + 1
    rowid = known.search_rowid if ordered_s == known.ordered_s else search_rowid(connection, ordered_s)
    story_id = story_after(connection, ready.fingerprint, known.story_id)
    writes.REVISE_ARTICLE.run(
        connection,
        **{f"b_{name}": value for name, value in facts.items()},
        b_id=known.id,
        b_story_id=story_id,
        b_revision=number,
        b_last_stored_at=ready.now_s,
        b_search_rowid=rowid,
    )
    if story_id != known.story_id:
        writes.DROP_STORY.run(connection, b_id=known.story_id)
    _insert_revision(connection, ready, article_id=known.id, number=number)
    mark_story(connection, story_id, ready.likeness)
    writes.RETIRE_MATCHES.run(connection, b_article_id=known.id)
    saved = _saved(connection, known.id, "revised", story_id)
    return _Place(saved, revision=number, rowid=rowid, facts=facts, former_rowid=known.search_rowid)


def _saved(connection: Connection, article_id: int, change: Change, story_id: int) -> Saved:
    first = writes.FIRST_OF_STORY.value(connection, b_story_id=story_id)
    return Saved(article_id, change, story_id, is_copy=first != article_id)


def _insert_revision(connection: Connection, ready: Ready, *, article_id: int, number: int) -> None:
    writes.INSERT_REVISION.run(
        connection,
        article_id=article_id,
        number=number,
        stored_at=ready.now_s,
        content_hash=ready.content_hash,
        fingerprint=ready.fingerprint,
        article=ready.as_json,
        reason=ready.reason,
        crawl_id=ready.crawl_id,
    )
    if number > 1:
        writes.DELETE_AUTHORS.run(connection, b_article_id=article_id)
    names = names_of(ready.article)
    writes.INSERT_AUTHOR.run_many(connection, ({"article_id": article_id, "name": name} for name in names))


def _keep_matches(connection: Connection, ready: Ready, place: _Place) -> None:
    """Store the matches; those of content that is known are kept as they are, unless these are to hold."""
    article_id = place.saved.article_id
    if place.saved.change == "unchanged":
        if ready.generation is not None:
            return
        writes.FORGET_MATCHES.run(connection, b_article_id=article_id, b_revision=place.revision)
    if not ready.matches:
        return
    named = [(clean_text(each.topic), hits_as_json(each.hits)) for each in ready.matches]
    if ready.generation is None:
        writes.MEET_TOPIC.run_many(
            connection, ({"name": name, "keywords": "[]", "changed_at": ready.now_s} for name, _ in named)
        )
    where = {"b_article_id": article_id, "b_revision": place.revision, "b_rowid": place.rowid}
    writes.INSERT_MATCH.run_many(connection, ({**where, "b_name": name, "b_hits": hits} for name, hits in named))


def _is_stored_as_read(ready: Ready, known: writes.Known | None, place: _Place) -> bool:
    """Say whether the article stands where and when it was read to be: what named it first goes on naming it."""
    names = () if known is None else ("host", "region", "section")
    is_there = all(getattr(known, name) in {None, ready.facts[name]} for name in names)
    return is_there and ready.ordered_s == second_of(place.rowid)


def _mark_stored(connection: Connection, ready: Ready, article_id: int) -> None:
    """Mark the link as stored; an article that no listing named, but that has an address, gets a link as well."""
    is_marked = writes.MARK_STORED.run(
        connection, b_key=ready.key, b_state_at=ready.now_s, b_article_id=article_id, b_last_crawl_id=ready.crawl_id
    )
    if is_marked or ready.article.url is None:
        return
    writes.INSERT_STORED_LINK.run(
        connection,
        key=ready.key,
        url=ready.article.url,
        host=ready.article.host,
        title=ready.article.title,
        keywords="[]",
        first_seen_at=ready.now_s,
        last_seen_at=ready.now_s,
        times_seen=0,
        state="stored",
        state_at=ready.now_s,
        attempts=0,
        article_id=article_id,
        first_crawl_id=ready.crawl_id,
        last_crawl_id=ready.crawl_id,
    )


def _is_clean(as_json: str) -> bool:
    """Say whether a database can hold the text; a NUL stands escaped in it."""
    if "\\u0000" in as_json:
        return False
    try:
        as_json.encode()
    except UnicodeEncodeError:
        return False
    return True
