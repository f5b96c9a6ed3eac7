"""The tables of what is known: listings, links, pages, articles, topics, and the search index."""

from typing import get_args

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, MetaData, Table, UniqueConstraint, text

from crawler.archive.run_tables import crawl
from crawler.archive.table_parts import Text, Whole, is_one_of, metadata, number, one_of, only
from crawler.archive.text_search import TsVector
from crawler.article import Kind, ListingKind, PublishedFrom

# Whoever wants all tables takes `metadata` from here, since those of run_tables.py are in it then too.
__all__ = ["metadata"]

LINK_STATES = ("seen", "fetched", "stored", "skipped", "failed", "gone")
# What a link may still be fetched in. A question repeats these very words, or the database does not see that the index
# of pending links serves it.
PENDING = f"({is_one_of('state', ('seen', 'fetched', 'failed'))})"

# Written into the head of the file (PRAGMA application_id): "TRBW". On PostgreSQL, the comment of alembic_version.
APPLICATION_ID = 0x54524257
APPLICATION = "Tribunwatch"

# Every address that was asked as a listing: those of the settings, and beneath them (parent_id) the pages of an index
# and the sitemaps named by a sitemap index. Each keeps its own validators.
listing = Table(
    "listing",
    metadata,
    number(),
    Column("url", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent_id", Whole, ForeignKey("listing.id")),
    Column("etag", Text),
    Column("last_modified", Text),
    # Of what the last answer listed: a server that knows no conditions may send the same again.
    Column("body_hash", Text),
    Column("first_asked_at", Whole, nullable=False),
    Column("asked_at", Whole, nullable=False),
    # When it last gave what it lists, or said that this has not changed.
    Column("answered_at", Whole),
    Column("changed_at", Whole),
    Column("last_links", Whole, nullable=False, server_default=text("0")),
    Column("last_reason", Text),
    Column("last_crawl_id", Whole, ForeignKey(crawl.c.id)),
    one_of("kind", get_args(ListingKind)),
    sqlite_strict=True,
)

# The days of an index that were walked: what a back-fill need not ask again.
backfill = Table(
    "backfill",
    metadata,
    Column("listing_id", Whole, ForeignKey("listing.id"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("is_done", Whole, nullable=False),
    Column("pages", Whole, nullable=False),
    Column("links", Whole, nullable=False),
    Column("asked_at", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# What a host said of robots, and until when it is left alone and why; what it was asked today.
host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    Column("robots_status", Whole),
    Column("robots_body", LargeBinary),
    Column("robots_at", Whole),
    # Until when it need not be asked for again.
    Column("robots_until", Whole),
    Column("not_before", Whole),
    Column("wait_reason", Text),
    # How often in a row it answered 403, failed, or gave something else in place of an article.
    Column("refusals", Whole, nullable=False, server_default=text("0")),
    Column("failures", Whole, nullable=False, server_default=text("0")),
    Column("walls", Whole, nullable=False, server_default=text("0")),
    # The day of Jakarta, "2026-07-24", and how many requests of it are made or taken in advance.
    Column("counted_on", Text),
    Column("counted", Whole, nullable=False, server_default=text("0")),
    Column("last_asked_at", Whole),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# How full the fields were that one crawl read of one host in one layout (JSON: field to count).
reading = Table(
    "reading",
    metadata,
    Column("crawl_id", Whole, ForeignKey(crawl.c.id), primary_key=True),
    Column("host", Text, primary_key=True),
    Column("layout", Text, primary_key=True),
    Column("pages", Whole, nullable=False),
    Column("filled", Text, nullable=False),
    # The fields (JSON list) that fell: as such a crawl is, the site should not be.
    Column("alarmed", Text, nullable=False, server_default=text("'[]'")),
    Index("ix_reading_host", "host", "crawl_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

story = Table(
    "story",
    metadata,
    number(),
    # Of the text by which the story began; null where there is no text to compare.
    Column("fingerprint", Text, unique=True),
    Column("first_stored_at", Whole, nullable=False),
    sqlite_strict=True,
)

article = Table(
    "article",
    metadata,
    number(),
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text),
    Column("host", Text),
    Column("region", Text),
    Column("section", Text),
    Column("content_id", Text),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("published_at", Whole),
    Column("published_offset_min", Whole),
    Column("published_from", Text),
    Column("modified_at", Whole),
    Column("modified_offset_min", Whole),
    Column("listed_at", Whole),
    Column("is_premium", Whole, nullable=False),
    Column("is_complete", Whole, nullable=False),
    Column("story_id", Whole, ForeignKey("story.id"), nullable=False),
    # The number of the current revision.
    Column("revision", Whole, nullable=False),
    Column("first_stored_at", Whole, nullable=False),
    Column("last_stored_at", Whole, nullable=False),
    # Its row in the search index. Carries the order: published, else listed, else first stored, in seconds, << 12.
    Column("search_rowid", Whole, nullable=False, unique=True),
    one_of("kind", get_args(Kind)),
    one_of("published_from", get_args(PublishedFrom)),
    Index("ix_article_story_id", "story_id"),
    # The same content under a dated and under a numeric address is one article.
    Index(
        "uq_article_host_content_id",
        "host",
        "content_id",
        unique=True,
        **only("content_id IS NOT NULL"),
    ),
    sqlite_strict=True,
)

# By which stories are found that may be nearly the same text, see stories/likeness.py. What is no story any more stays
# here and finds nothing: to look for its marks would cost an index.
story_mark = Table(
    "story_mark",
    metadata,
    Column("mark", Whole, primary_key=True),
    Column("story_id", Whole, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The ledger: every address ever seen, how far it got, and why not further.
link = Table(
    "link",
    metadata,
    number(),
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("host", Text),
    Column("listing_id", Whole, ForeignKey("listing.id")),
    Column("title", Text),
    Column("keywords", Text, nullable=False, server_default=text("'[]'")),
    Column("listed_at", Whole),
    Column("listed_offset_min", Whole),
    Column("listed_from", Text),
    Column("first_seen_at", Whole, nullable=False),
    Column("last_seen_at", Whole, nullable=False),
    Column("times_seen", Whole, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_at", Whole, nullable=False),
    Column("reason", Text),
    Column("attempts", Whole, nullable=False, server_default=text("0")),
    Column("not_before", Whole),
    # Since when a listing shows another title than before for what is stored, and how often that was so.
    Column("retitled_at", Whole),
    Column("times_retitled", Whole, nullable=False, server_default=text("0")),
    Column("article_id", Whole, ForeignKey("article.id")),
    Column("first_crawl_id", Whole, ForeignKey(crawl.c.id)),
    Column("last_crawl_id", Whole, ForeignKey(crawl.c.id)),
    one_of("state", LINK_STATES),
    one_of("listed_from", get_args(PublishedFrom)),
    Index("ix_link_article_id", "article_id"),
    # What is left to do is little beside what is done.
    Index(
        "ix_link_pending",
        "state",
        "not_before",
        **only(PENDING),
    ),
    Index("ix_link_retitled_at", "retitled_at", **only("retitled_at IS NOT NULL")),
    sqlite_strict=True,
)

link_listing = Table(
    "link_listing",
    metadata,
    Column("link_id", Whole, ForeignKey("link.id"), primary_key=True),
    Column("listing_id", Whole, ForeignKey("listing.id"), primary_key=True),
    Column("first_seen_at", Whole, nullable=False),
    Column("last_seen_at", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Pages that could not be read, and still cannot; a question repeats these very words.
UNSOLVED = "(reason IS NOT NULL AND solved_at IS NULL)"

page = Table(
    "page",
    metadata,
    number(),
    Column("key", Text, nullable=False),
    Column("article_id", Whole, ForeignKey("article.id")),
    Column("url", Text, nullable=False),
    Column("fetched_at", Whole, nullable=False),
    Column("status", Whole, nullable=False),
    Column("bytes", Whole, nullable=False),
    Column("content_type", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    # Why it could not be read, and since when it can; only in the first case reason is not null.
    Column("reason", Text),
    Column("solved_at", Whole),
    Column("layout", Text),
    # What the reader noticed that does not fit together.
    Column("remark", Text),
    # The page as it came, packed as `encoding` says ("gzip"); packed by us (zlib) where that is null.
    Column("body", LargeBinary),
    Column("encoding", Text),
    Column("kept_bytes", Whole),
    Column("crawl_id", Whole, ForeignKey(crawl.c.id)),
    Index("ix_page_key", "key"),
    # Without it, an article that is let go of would cost a look at every page.
    Index("ix_page_article_id", "article_id"),
    # The bodies that are kept, oldest first, and the pages that nobody can read yet: both without looking at a body.
    Index("ix_page_kept", "fetched_at", "kept_bytes", **only("kept_bytes IS NOT NULL")),
    Index("ix_page_unsolved", "crawl_id", **only(UNSOLVED)),
    sqlite_strict=True,
)

revision = Table(
    "revision",
    metadata,
    number(),
    Column("article_id", Whole, ForeignKey("article.id"), nullable=False),
    Column("number", Whole, nullable=False),
    Column("stored_at", Whole, nullable=False),
    Column("content_hash", Text, nullable=False),
    # Null where there is no text to compare.
    Column("fingerprint", Text),
    Column("article", Text, nullable=False),
    # Why there is one, where no crawl brought it: "reparse".
    Column("reason", Text),
    Column("crawl_id", Whole, ForeignKey(crawl.c.id)),
    UniqueConstraint("article_id", "number"),
    Index("ix_revision_fingerprint", "fingerprint"),
    sqlite_strict=True,
)

TOPIC_ORIGINS = ("file", "archive")

# What is followed, and what was: a topic that left the topics file has ended, and its matches stay.
topic = Table(
    "topic",
    metadata,
    number(),
    Column("name", Text, nullable=False, unique=True),
    Column("title", Text),
    Column("keywords", Text, nullable=False, server_default=text("'[]'")),
    Column("query", Text),
    # JSON: families, sections, hosts, mute, fetch, every.
    Column("options", Text, nullable=False, server_default=text("'{}'")),
    Column("origin", Text, nullable=False, server_default=text("'file'")),
    # A mark of all that decides which articles have it; empty where that was never known.
    Column("definition", Text, nullable=False, server_default=text("''")),
    # Rises with each topic that is added, changed or ended: who matched by an earlier one has missed something.
    Column("generation", Whole, nullable=False, server_default=text("0")),
    Column("changed_at", Whole, nullable=False),
    Column("ended_at", Whole),
    # The articles at and above this place have been looked at since the topic changed; with applied_at, all of them.
    Column("applied_below", Whole),
    Column("applied_at", Whole),
    one_of("origin", TOPIC_ORIGINS),
    Index("ix_topic_generation", "generation"),
    sqlite_strict=True,
)

article_topic = Table(
    "article_topic",
    metadata,
    Column("article_id", Whole, ForeignKey("article.id"), primary_key=True),
    Column("revision", Whole, primary_key=True),
    Column("topic_id", Whole, ForeignKey("topic.id"), primary_key=True),
    Column("hits", Text, nullable=False),
    # That of the article while this is its current revision, then null: newest first by topic without sorting.
    Column("search_rowid", Whole),
    Index(
        "ix_article_topic_topic_id_search_rowid",
        "topic_id",
        "search_rowid",
        **only("search_rowid IS NOT NULL"),
    ),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Articles that were matched by topics of an earlier generation, or as they are not stored: they are matched anew.
rematch = Table(
    "rematch",
    metadata,
    Column("article_id", Whole, ForeignKey("article.id"), primary_key=True),
    sqlite_strict=True,
)

# Who wrote an article as it stands now, by whom articles are counted.
article_author = Table(
    "article_author",
    metadata,
    Column("article_id", Whole, ForeignKey("article.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The search index on SQLite. SQLAlchemy cannot make virtual tables, so it stands outside `metadata` and is made by its
# own words. No detail=column: with such rowids SQLite 3.40.1 reports a malformed disk image.
SEARCH = "search"
CREATE_SEARCH = (
    f"CREATE VIRTUAL TABLE {SEARCH} USING "
    "fts5(title, lead, text, tags, author, marks, tokenize = 'unicode61 remove_diacritics 0')"
)
# `marks` holds the acronyms by field, and what is known of the article (index.py).
search = Table(
    SEARCH,
    MetaData(),
    Column("rowid", Whole, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("title", "lead", "text", "tags", "author", "marks")),
)
# The words that the index holds, one row for each place; it takes no room of its own.
SEARCH_WORDS = "search_words"
CREATE_SEARCH_WORDS = f"CREATE VIRTUAL TABLE {SEARCH_WORDS} USING fts5vocab({SEARCH}, instance)"
search_words = Table(SEARCH_WORDS, MetaData(), Column("term", Text))
# The same on PostgreSQL (tsvector.py). `is_cut` says that it could not hold all of an article.
search_vectors = Table(
    SEARCH,
    MetaData(naming_convention=metadata.naming_convention),
    Column("rowid", Whole, primary_key=True, autoincrement=False),
    Column("words", TsVector, nullable=False),
    Column("is_cut", Boolean, nullable=False),
    # What waits to be put into the index is looked through by every search: 256 kB of it take no time.
    Index(
        "ix_search_words",
        "words",
        info={"postgresql_using": "gin", "postgresql_with": {"gin_pending_list_limit": 256}},
    ),
    Index("ix_search_is_cut", "rowid", info={"postgresql_where": text("is_cut")}),
)


def make_ready_for_postgresql() -> None:
    """Let the indexes be made as PostgreSQL is to have them.

    SQLAlchemy loads all of its PostgreSQL part at the first word of it, which no start without a server needs.
    """
    for table in (*metadata.tables.values(), search_vectors):
        for index in table.indexes:
            index.dialect_kwargs.update(index.info)
