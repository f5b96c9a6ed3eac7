"""What an archive says of its links and crawls, as plain values: what a judge compares with what a host was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, crawl_of
from crawler.archive.hosts import KnownHost, load_hosts
from crawler.archive.moments import moment_of
from crawler.archive.run_tables import crawl
from crawler.archive.tables import article, link


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link of the ledger; with its article, if it has one: its key and when it was first stored, to the second."""

    key: str
    url: str
    state: str
    reason: str | None
    attempts: int
    article_key: str | None
    stored_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The ledger by key, the keys of all articles, the crawls in the order in which they were asked for, the hosts."""

    links: Mapping[str, LinkFacts]
    articles: frozenset[str]
    crawls: tuple[Crawl, ...]
    hosts: Mapping[str, KnownHost]


def load_facts(archive: Archive) -> Facts:
    """Return what the archive says at one moment; the whole ledger is read."""
    with archive.reading() as connection:
        links = {each.key: each for each in map(_link, _links_in(connection))}
        articles = frozenset(connection.execute(select(article.c.key)).scalars())
        crawls = tuple(crawl_of(row) for row in connection.execute(select(crawl).order_by(crawl.c.id)))
    return Facts(links, articles, crawls, load_hosts(archive))


def _links_in(connection: Connection) -> Any:
    columns = (link.c[name] for name in ("key", "url", "state", "reason", "attempts"))
    with_article = link.outerjoin(article, article.c.id == link.c.article_id)
    found = select(*columns, article.c.key.label("article_key"), article.c.first_stored_at).select_from(with_article)
    return connection.execute(found)


def _link(row: Any) -> LinkFacts:
    return LinkFacts(
        key=row.key,
        url=row.url,
        state=row.state,
        reason=row.reason,
        attempts=row.attempts,
        article_key=row.article_key,
        stored_at=None if row.first_stored_at is None else moment_of(row.first_stored_at),
    )
