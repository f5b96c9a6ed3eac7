"""Is every article what was stored, and does the search index hold its words? Reads the archive whole."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, cast, func, or_, select

from crawler.archive.checks import FINDINGS_SHOWN, REPORT, Finding
from crawler.archive.connect import Archive
from crawler.archive.index import FACETS, index_row, with_facts
from crawler.archive.tables import article, page, revision, search, search_vectors
from crawler.archive.text_search import TsVector
from crawler.archive.tsvector import vector_of
from crawler.article import Article, article_from_json
from crawler.stories import content_hash

_ROWS_TOGETHER: Final = 500
_CHANGED: Final = "is not as it was stored; keep the archive, and go on with a backup"

# Told how many of how many were looked at.
Tell = Callable[[str, int, int], None]


def check_deeply(archive: Archive, *, tell: Tell) -> list[Finding]:
    """Return which revisions, kept pages and rows of the search index are not what they must be; changes nothing."""
    findings: list[Finding] = []
    for look in (_revisions, _pages, _index):
        with archive.reading() as connection:
            found = look(connection, tell)
            findings += (each for each, _ in zip(found, range(FINDINGS_SHOWN), strict=False))
    return findings


def _revisions(connection: Connection, tell: Tell) -> Iterator[Finding]:
    total = connection.execute(select(func.count()).select_from(revision)).scalar_one()
    columns = (revision.c[name] for name in ("id", "article_id", "number", "content_hash", "article"))
    for row in _walk(connection, select(*columns), revision.c.id, lambda done: tell("revisions", done, total)):
        stored = _read(row.article)
        if stored is None or content_hash(stored) != row.content_hash:
            yield Finding("revision", f"revision {row.number} of article {row.article_id} {_CHANGED}")


def _pages(connection: Connection, tell: Tell) -> Iterator[Finding]:
    """Look for bodies that are not as long as they were; one that was let go has neither body nor length."""
    tell("pages", 0, 0)
    body, length = page.c.body, page.c.kept_bytes
    only_one = or_(and_(body.is_(None), length.is_not(None)), and_(body.is_not(None), length.is_(None)))
    wrong = select(page.c.id).where(or_(only_one, func.length(body) != length))
    for page_id in connection.execute(wrong.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("page", f"what is kept of page {page_id} {_CHANGED}")


def _index(connection: Connection, tell: Tell) -> Iterator[Finding]:
    total = connection.execute(select(func.count()).select_from(article)).scalar_one()
    current = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    question = select(article, revision.c.article.label("as_json")).join(revision, current)
    holds = _holds_in_file if connection.dialect.name == "sqlite" else _holds_on_server
    for row in _walk(connection, question, article.c.search_rowid, lambda done: tell("search index", done, total)):
        stored = _read(row.as_json)
        if stored is None:
            continue
        facts = {name: getattr(row, name) for name in FACETS}
        if not holds(connection, row.search_rowid, with_facts(index_row(stored), facts)):
            yield Finding("search", f"the search index does not hold the words of article {row.id}; {REPORT}")


def _holds_in_file(connection: Connection, rowid: int, words: dict[str, str]) -> bool:
    row = connection.execute(select(search).where(search.c.rowid == rowid)).mappings().first()
    return row is not None and dict(row) == {"rowid": rowid, **words}


def _holds_on_server(connection: Connection, rowid: int, words: dict[str, str]) -> bool:
    vector, is_cut = vector_of(words)
    same = and_(search_vectors.c.words == cast(vector, TsVector), search_vectors.c.is_cut == is_cut)
    found = select(search_vectors.c.rowid).where(search_vectors.c.rowid == rowid, same)
    return connection.execute(found).first() is not None


def _walk(connection: Connection, question: Select[Any], key: Any, done_so_far: Callable[[int], None]) -> Iterator[Any]:
    """Give the rows in the order of a key, some at a time."""
    question = question.order_by(key).limit(_ROWS_TOGETHER)
    rows = connection.execute(question).all()
    done = 0
    while rows:
        yield from rows
        done += len(rows)
        done_so_far(done)
        rows = connection.execute(question.where(key > getattr(rows[-1], key.name))).all()


def _read(as_json: str) -> Article | None:
    try:
        return article_from_json(json.loads(as_json))
    except (ValueError, KeyError, TypeError):
        return None
