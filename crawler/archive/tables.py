"""The tables of the archive and the values their columns may hold.

Moments are whole seconds since 1970 in UTC. Where the site printed a moment, the offset that it printed stands beside
it, in minutes, and the article as JSON keeps it whole. Lists and options are JSON text.
"""

from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy import Text as AnyText

from crawler.archive.text_search import TsVector
from crawler.article import Kind, ListingKind, PublishedFrom

LINK_STATES = ("seen", "fetched", "stored", "skipped", "failed", "gone")


def is_one_of(column: str, words: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of these words; for IN, SQLite makes a table at each row written."""
    return " OR ".join(f"{column} = '{word}'" for word in words)


# What a link may still be fetched in. A question repeats these very words, or the database does not see that the index
# of pending links serves it.
PENDING = f"({is_one_of('state', ('seen', 'fetched', 'failed'))})"
CRAWL_STATES = ("queued", "running", "succeeded", "partial", "failed", "interrupted", "cancelled", "lost")
CRAWL_CAUSES = ("person", "schedule", "catch_up", "retry", "api")
SCHEDULE_TASKS = ("crawl", "prune", "backup")
SCHEDULE_ORIGINS = ("settings", "topic", "archive")
OVERLAPS = ("skip", "queue")
FIRING_STATES = ("due", "caught_up", "missed", "quiet", "skipped")
UPKEEP_STATES = ("running", "succeeded", "failed", "lost")

# Written into the head of the file (PRAGMA application_id): "TRBW". On PostgreSQL, the comment of alembic_version.
APPLICATION_ID = 0x54524257
APPLICATION = "Tribunwatch"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# 64 bits everywhere; STRICT tables of SQLite know the word INTEGER only.
Whole = BigInteger().with_variant(Integer, "sqlite")
# Compared and sorted letter by letter everywhere, as SQLite does; PostgreSQL would go by the language of the database.
Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(is_one_of(column, words), name=column)


def _only(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows for which a condition holds."""
    return {"sqlite_where": text(condition), "info": {"postgresql_where": text(condition)}}


def _id() -> Column[int]:
    return Column("id", Whole, primary_key=True)


# A service that runs, or ran; without an end and without a heartbeat it was killed.
service = Table(
    "service",
    metadata,
    _id(),
    Column("machine", Text, nullable=False),
    Column("pid", Whole, nullable=False),
    # When the process began, which tells it from a later one of the same number (processes.py).
    Column("process_began", Text, nullable=False),
    Column("version", Text, nullable=False),
    # Where it answers, "http://127.0.0.1:8711"; null where it does not.
    Column("address", Text),
    # JSON: what else it tells of itself.
    Column("state", Text, nullable=False, server_default=text("'{}'")),
    Column("started_at", Whole, nullable=False),
    Column("heartbeat_at", Whole, nullable=False),
    Column("ended_at", Whole),
    sqlite_strict=True,
)

# What is to be crawled, is crawled, and was: a request, then a crawl with a lease, then a report.
crawl = Table(
    "crawl",
    metadata,
    _id(),
    Column("state", Text, nullable=False),
    Column("cause", Text, nullable=False, server_default=text("'person'")),
    Column("options", Text, nullable=False),
    Column("requested_at", Whole, nullable=False),
    # What a person asks for goes before what a schedule asks for.
    Column("priority", Whole, nullable=False, server_default=text("0")),
    Column("not_before", Whole),
    # The crawl that it goes on with, and how often that was tried.
    Column("retry_of", Whole, ForeignKey("crawl.id")),
    Column("attempt", Whole, nullable=False, server_default=text("1")),
    Column("started_at", Whole),
    Column("ended_at", Whole),
    # As it grows while the crawl runs.
    Column("report", Text),
    # Why it ended where no report says so: "killed by signal 9", "cancelled by a person".
    Column("reason", Text),
    # Since when it is asked to stop, and why.
    Column("stop_asked_at", Whole),
    Column("stop_reason", Text),
    # Whose it is while it runs. Who has another token than the row is a ghost and writes nothing.
    Column("token", Text),
    Column("lease_until", Whole),
    Column("heartbeat_at", Whole),
    Column("service_id", Whole, ForeignKey("service.id")),
    Column("machine", Text),
    Column("pid", Whole),
    Column("process_began", Text),
    # What was to be fetched of all that is listed, once the whole ledger was gone through for it.
    Column("choice", Text),
    _one_of("state", CRAWL_STATES),
    _one_of("cause", CRAWL_CAUSES),
    Index("ix_crawl_open", "state", **_only("(state = 'queued' OR state = 'running')")),
    sqlite_strict=True,
)

# What a crawl told while it ran.
crawl_line = Table(
    "crawl_line",
    metadata,
    Column("crawl_id", Whole, ForeignKey("crawl.id"), primary_key=True),
    Column("number", Whole, primary_key=True),
    Column("at", Whole, nullable=False),
    Column("level", Text, nullable=False),
    Column("line", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Standing orders: what is done, how often, and up to when everything that fell due is settled.
schedule = Table(
    "schedule",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("task", Text, nullable=False),
    # JSON: for a crawl its options (crawl_options.py).
    Column("options", Text, nullable=False, server_default=text("'{}'")),
    # "15m", "30 6 * * mon-fri" or "auto"; on the clocks of this zone; but not in these hours ("23:00-05:00").
    Column("plan", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("quiet_hours", Text),
    # What becomes of a firing while the one before still runs.
    Column("overlap", Text, nullable=False, server_default=text("'skip'")),
    Column("origin", Text, nullable=False),
    Column("made_at", Whole, nullable=False),
    Column("changed_at", Whole, nullable=False),
    Column("settled_at", Whole, nullable=False),
    # With the plan "auto": when the next is due, and why then.
    Column("next_at", Whole),
    Column("next_reason", Text),
    Column("paused_at", Whole),
    Column("ended_at", Whole),
    _one_of("task", SCHEDULE_TASKS),
    _one_of("origin", SCHEDULE_ORIGINS),
    _one_of("overlap", OVERLAPS),
    sqlite_strict=True,
)

# One due moment of a schedule, over all services, and what became of it.
firing = Table(
    "firing",
    metadata,
    _id(),
    Column("schedule_id", Whole, ForeignKey("schedule.id"), nullable=False),
    Column("scheduled_for", Whole, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("made_at", Whole, nullable=False),
    Column("service_id", Whole, ForeignKey("service.id")),
    Column("crawl_id", Whole, ForeignKey("crawl.id")),
    UniqueConstraint("schedule_id", "scheduled_for"),
    _one_of("state", FIRING_STATES),
    sqlite_strict=True,
)

# Pruning, backups and upgrades: when each ran, and what it brought (JSON).
upkeep = Table(
    "upkeep",
    metadata,
    _id(),
    Column("task", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Whole, nullable=False),
    Column("ended_at", Whole),
    Column("report", Text, nullable=False, server_default=text("'{}'")),
    Column("service_id", Whole, ForeignKey("service.id")),
    Column("firing_id", Whole, ForeignKey("firing.id")),
    _one_of("state", UPKEEP_STATES),
    sqlite_strict=True,
)

# What is learned of how often listings bring something (JSON), by kind: a listing, a host, or the price of a request.
cadence = Table(
    "cadence",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# What the listings answered since the cadence was last learned from it: a row for each address that was asked.
listing_answer = Table(
    "listing_answer",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("at", Whole, nullable=False),
    # How many entries it had, how many of them it had not had before, how many no listing had had; the oldest's time.
    Column("shown", Whole, nullable=False),
    Column("fresh", Whole, nullable=False),
    Column("novel", Whole, nullable=False),
    Column("oldest_at", Whole),
    Column("crawl_id", Whole, ForeignKey("crawl.id")),
    sqlite_strict=True,
)

# Every address that was asked as a listing: those of the settings, and beneath them (parent_id) the pages of an index
# and the sitemaps named by a sitemap index. Each keeps its own validators.
listing = Table(
    "listing",
    metadata,
    _id(),
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
    Column("last_crawl_id", Whole, ForeignKey("crawl.id")),
    _one_of("kind", get_args(ListingKind)),
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
    Column("crawl_id", Whole, ForeignKey("crawl.id"), primary_key=True),
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
    _id(),
    # Of the text by which the story began; null where there is no text to compare.
    Column("fingerprint", Text, unique=True),
    Column("first_stored_at", Whole, nullable=False),
    sqlite_strict=True,
)

article = Table(
    "article",
    metadata,
    _id(),
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
    _one_of("kind", get_args(Kind)),
    _one_of("published_from", get_args(PublishedFrom)),
    Index("ix_article_story_id", "story_id"),
    # The same content under a dated and under a numeric address is one article.
    Index(
        "uq_article_host_content_id",
        "host",
        "content_id",
        unique=True,
        **_only("content_id IS NOT NULL"),
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
    _id(),
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
    Column("first_crawl_id", Whole, ForeignKey("crawl.id")),
    Column("last_crawl_id", Whole, ForeignKey("crawl.id")),
    _one_of("state", LINK_STATES),
    _one_of("listed_from", get_args(PublishedFrom)),
    Index("ix_link_article_id", "article_id"),
    # What is left to do is little beside what is done.
    Index(
        "ix_link_pending",
        "state",
        "not_before",
        **_only(PENDING),
    ),
    Index("ix_link_retitled_at", "retitled_at", **_only("retitled_at IS NOT NULL")),
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
    _id(),
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
    Column("crawl_id", Whole, ForeignKey("crawl.id")),
    Index("ix_page_key", "key"),
    # Without it, an article that is let go of would cost a look at every page.
    Index("ix_page_article_id", "article_id"),
    # The bodies that are kept, oldest first, and the pages that nobody can read yet: both without looking at a body.
    Index("ix_page_kept", "fetched_at", "kept_bytes", **_only("kept_bytes IS NOT NULL")),
    Index("ix_page_unsolved", "crawl_id", **_only(UNSOLVED)),
    sqlite_strict=True,
)

revision = Table(
    "revision",
    metadata,
    _id(),
    Column("article_id", Whole, ForeignKey("article.id"), nullable=False),
    Column("number", Whole, nullable=False),
    Column("stored_at", Whole, nullable=False),
    Column("content_hash", Text, nullable=False),
    # Null where there is no text to compare.
    Column("fingerprint", Text),
    Column("article", Text, nullable=False),
    # Why there is one, where no crawl brought it: "reparse".
    Column("reason", Text),
    Column("crawl_id", Whole, ForeignKey("crawl.id")),
    UniqueConstraint("article_id", "number"),
    Index("ix_revision_fingerprint", "fingerprint"),
    sqlite_strict=True,
)

TOPIC_ORIGINS = ("file", "archive")

# What is followed, and what was: a topic that left the topics file has ended, and its matches stay.
topic = Table(
    "topic",
    metadata,
    _id(),
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
    _one_of("origin", TOPIC_ORIGINS),
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
        **_only("search_rowid IS NOT NULL"),
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
