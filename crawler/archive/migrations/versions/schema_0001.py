"""Schema 1: the tables of the first release. Once that is out it is never changed again: archives of it exist then."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_PLACES = ("jsonld", "meta", "time", "sitemap", "index")
# Behind each stands "+host-zone" where no zone was printed and that of the host was taken.
_PUBLISHED_FROM = [f"{place}{zone}" for place in _PLACES for zone in ("", "+host-zone")]


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _is_one_of(column: str, *words: str) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)


def upgrade() -> None:
    """Give an empty archive its tables."""
    _create_service()
    _create_crawl()
    _create_crawl_line()
    _create_schedule()
    _create_firing()
    _create_upkeep()
    _create_cadence()
    _create_listing_answer()
    _create_story()
    _create_topic()
    _create_article()
    _create_listing()
    _create_backfill()
    _create_host()
    _create_story_mark()
    _create_reading()
    _create_article_author()
    _create_article_topic()
    _create_link()
    _create_page()
    _create_revision()
    _create_link_listing()
    _create_rematch()
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5"
            "(title, lead, text, tags, author, marks, tokenize = 'unicode61 remove_diacritics 0')"
        )
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5vocab(search, instance)")
        op.execute(f"PRAGMA application_id = {0x54524257}")
    else:
        _create_search()
        op.execute("COMMENT ON TABLE alembic_version IS 'Tribunwatch'")


def _create_service() -> None:
    op.create_table(
        "service",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("machine", TEXT, nullable=False),
        sa.Column("pid", WHOLE, nullable=False),
        sa.Column("process_began", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=True),
        sa.Column("state", TEXT, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("heartbeat_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sqlite_strict=True,
    )


def _create_crawl() -> None:
    op.create_table(
        "crawl",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("cause", TEXT, server_default=sa.text("'person'"), nullable=False),
        sa.Column("options", TEXT, nullable=False),
        sa.Column("requested_at", WHOLE, nullable=False),
        sa.Column("priority", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", WHOLE, nullable=True),
        sa.Column("retry_of", WHOLE, nullable=True),
        sa.Column("attempt", WHOLE, server_default=sa.text("1"), nullable=False),
        sa.Column("lost_with_service", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("started_at", WHOLE, nullable=True),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("report", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("stop_asked_at", WHOLE, nullable=True),
        sa.Column("stop_reason", TEXT, nullable=True),
        sa.Column("token", TEXT, nullable=True),
        sa.Column("lease_until", WHOLE, nullable=True),
        sa.Column("heartbeat_at", WHOLE, nullable=True),
        sa.Column("service_id", WHOLE, nullable=True),
        sa.Column("machine", TEXT, nullable=True),
        sa.Column("pid", WHOLE, nullable=True),
        sa.Column("process_began", TEXT, nullable=True),
        sa.Column("gives_way_to", WHOLE, nullable=True),
        sa.Column("gave_way", TEXT, nullable=True),
        sa.Column("so_far", TEXT, nullable=True),
        sa.Column("choice", TEXT, nullable=True),
        sa.CheckConstraint(
            _is_one_of("cause", "person", "schedule", "catch_up", "retry", "api"), name=op.f("ck_crawl_cause")
        ),
        sa.CheckConstraint(
            _is_one_of(
                "state", "queued", "running", "succeeded", "partial", "failed", "interrupted", "cancelled", "lost"
            ),
            name=op.f("ck_crawl_state"),
        ),
        sa.ForeignKeyConstraint(["retry_of"], ["crawl.id"], name=op.f("fk_crawl_retry_of")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_crawl_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_crawl_open"), "crawl", ["state"], unique=False, **_only("(state = 'queued' OR state = 'running')")
    )


def _create_crawl_line() -> None:
    op.create_table(
        "crawl_line",
        sa.Column("crawl_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("line", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("fk_crawl_line_crawl_id")),
        sa.PrimaryKeyConstraint("crawl_id", "number", name=op.f("pk_crawl_line")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("task", TEXT, nullable=False),
        sa.Column("options", TEXT, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("quiet_hours", TEXT, nullable=True),
        sa.Column("overlap", TEXT, server_default=sa.text("'skip'"), nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("settled_at", WHOLE, nullable=False),
        sa.Column("next_at", WHOLE, nullable=True),
        sa.Column("next_reason", TEXT, nullable=True),
        sa.Column("paused_at", WHOLE, nullable=True),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.CheckConstraint(_is_one_of("origin", "settings", "topic", "archive"), name=op.f("ck_schedule_origin")),
        sa.CheckConstraint(_is_one_of("overlap", "skip", "queue"), name=op.f("ck_schedule_overlap")),
        sa.CheckConstraint(_is_one_of("task", "crawl", "prune", "backup"), name=op.f("ck_schedule_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("name", name=op.f("uq_schedule_name")),
        sqlite_strict=True,
    )


def _create_firing() -> None:
    op.create_table(
        "firing",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("schedule_id", WHOLE, nullable=False),
        sa.Column("scheduled_for", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("service_id", WHOLE, nullable=True),
        sa.Column("crawl_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            _is_one_of("state", "due", "caught_up", "missed", "quiet", "skipped"), name=op.f("ck_firing_state")
        ),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("fk_firing_crawl_id")),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name=op.f("fk_firing_schedule_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_firing_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firing")),
        sa.UniqueConstraint("schedule_id", "scheduled_for", name=op.f("uq_firing_schedule_id_scheduled_for")),
        sqlite_strict=True,
    )


def _create_upkeep() -> None:
    op.create_table(
        "upkeep",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("task", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("report", TEXT, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("service_id", WHOLE, nullable=True),
        sa.Column("firing_id", WHOLE, nullable=True),
        sa.CheckConstraint(_is_one_of("state", "running", "succeeded", "failed", "lost"), name=op.f("ck_upkeep_state")),
        sa.ForeignKeyConstraint(["firing_id"], ["firing.id"], name=op.f("fk_upkeep_firing_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_upkeep_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep")),
        sqlite_strict=True,
    )


def _create_cadence() -> None:
    op.create_table(
        "cadence",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_cadence")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_listing_answer() -> None:
    op.create_table(
        "listing_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("shown", WHOLE, nullable=False),
        sa.Column("fresh", WHOLE, nullable=False),
        sa.Column("novel", WHOLE, nullable=False),
        sa.Column("oldest_at", WHOLE, nullable=True),
        sa.Column("crawl_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("fk_listing_answer_crawl_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_answer")),
        sqlite_strict=True,
    )


def _create_story() -> None:
    op.create_table(
        "story",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=True),
        sa.Column("first_stored_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_story_fingerprint")),
        sqlite_strict=True,
    )


def _create_topic() -> None:
    op.create_table(
        "topic",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("keywords", TEXT, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("query", TEXT, nullable=True),
        sa.Column("options", TEXT, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("origin", TEXT, server_default=sa.text("'file'"), nullable=False),
        sa.Column("definition", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("generation", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("applied_below", WHOLE, nullable=True),
        sa.Column("applied_at", WHOLE, nullable=True),
        sa.CheckConstraint(_is_one_of("origin", "file", "archive"), name=op.f("ck_topic_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("name", name=op.f("uq_topic_name")),
        sqlite_strict=True,
    )
    op.create_index("ix_topic_generation", "topic", ["generation"])


def _create_article() -> None:
    op.create_table(
        "article",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("host", TEXT, nullable=True),
        sa.Column("region", TEXT, nullable=True),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("content_id", TEXT, nullable=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("published_at", WHOLE, nullable=True),
        sa.Column("published_offset_min", WHOLE, nullable=True),
        sa.Column("published_from", TEXT, nullable=True),
        sa.Column("modified_at", WHOLE, nullable=True),
        sa.Column("modified_offset_min", WHOLE, nullable=True),
        sa.Column("listed_at", WHOLE, nullable=True),
        sa.Column("is_premium", WHOLE, nullable=False),
        sa.Column("is_complete", WHOLE, nullable=False),
        sa.Column("story_id", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("first_stored_at", WHOLE, nullable=False),
        sa.Column("last_stored_at", WHOLE, nullable=False),
        sa.Column("search_rowid", WHOLE, nullable=False),
        sa.CheckConstraint(
            _is_one_of("kind", "article", "opinion", "advertorial", "photo", "video", "roundup"),
            name=op.f("ck_article_kind"),
        ),
        sa.CheckConstraint(
            _is_one_of("published_from", *_PUBLISHED_FROM),
            name=op.f("ck_article_published_from"),
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_article_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", name=op.f("uq_article_key")),
        sa.UniqueConstraint("search_rowid", name=op.f("uq_article_search_rowid")),
        sqlite_strict=True,
    )
    op.create_index("ix_article_story_id", "article", ["story_id"])
    op.create_index(
        "uq_article_host_content_id",
        "article",
        ["host", "content_id"],
        unique=True,
        **_only("content_id IS NOT NULL"),
    )


def _create_listing() -> None:
    op.create_table(
        "listing",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("parent_id", WHOLE, nullable=True),
        sa.Column("etag", TEXT, nullable=True),
        sa.Column("last_modified", TEXT, nullable=True),
        sa.Column("body_hash", TEXT, nullable=True),
        sa.Column("first_asked_at", WHOLE, nullable=False),
        sa.Column("asked_at", WHOLE, nullable=False),
        sa.Column("answered_at", WHOLE, nullable=True),
        sa.Column("changed_at", WHOLE, nullable=True),
        sa.Column("last_links", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("last_reason", TEXT, nullable=True),
        sa.Column("last_crawl_id", WHOLE, nullable=True),
        sa.CheckConstraint(_is_one_of("kind", "sitemap", "index", "home", "rss"), name=op.f("ck_listing_kind")),
        sa.ForeignKeyConstraint(["last_crawl_id"], ["crawl.id"], name=op.f("fk_listing_last_crawl_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["listing.id"], name=op.f("fk_listing_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("url", name=op.f("uq_listing_url")),
        sqlite_strict=True,
    )


def _create_backfill() -> None:
    op.create_table(
        "backfill",
        sa.Column("listing_id", WHOLE, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("is_done", WHOLE, nullable=False),
        sa.Column("pages", WHOLE, nullable=False),
        sa.Column("links", WHOLE, nullable=False),
        sa.Column("asked_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_backfill_listing_id")),
        sa.PrimaryKeyConstraint("listing_id", "day", name=op.f("pk_backfill")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_host() -> None:
    op.create_table(
        "host",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("robots_status", WHOLE, nullable=True),
        sa.Column("robots_body", sa.LargeBinary(), nullable=True),
        sa.Column("robots_at", WHOLE, nullable=True),
        sa.Column("robots_until", WHOLE, nullable=True),
        sa.Column("not_before", WHOLE, nullable=True),
        sa.Column("wait_reason", TEXT, nullable=True),
        sa.Column("refusals", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("failures", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("walls", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("counted_on", TEXT, nullable=True),
        sa.Column("counted", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("last_asked_at", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_story_mark() -> None:
    op.create_table(
        "story_mark",
        sa.Column("mark", WHOLE, nullable=False),
        sa.Column("story_id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("mark", "story_id", name=op.f("pk_story_mark")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("crawl_id", WHOLE, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("layout", TEXT, nullable=False),
        sa.Column("pages", WHOLE, nullable=False),
        sa.Column("filled", TEXT, nullable=False),
        sa.Column("alarmed", TEXT, server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("fk_reading_crawl_id")),
        sa.PrimaryKeyConstraint("crawl_id", "host", "layout", name=op.f("pk_reading")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reading_host", "reading", ["host", "crawl_id"])


def _create_article_author() -> None:
    op.create_table(
        "article_author",
        sa.Column("article_id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_author_article_id")),
        sa.PrimaryKeyConstraint("article_id", "name", name=op.f("pk_article_author")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_article_topic() -> None:
    op.create_table(
        "article_topic",
        sa.Column("article_id", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("topic_id", WHOLE, nullable=False),
        sa.Column("hits", TEXT, nullable=False),
        sa.Column("search_rowid", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_topic_article_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_article_topic_topic_id")),
        sa.PrimaryKeyConstraint("article_id", "revision", "topic_id", name=op.f("pk_article_topic")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_article_topic_topic_id_search_rowid",
        "article_topic",
        ["topic_id", "search_rowid"],
        **_only("search_rowid IS NOT NULL"),
    )


def _create_link() -> None:
    op.create_table(
        "link",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=True),
        sa.Column("listing_id", WHOLE, nullable=True),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("keywords", TEXT, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("listed_at", WHOLE, nullable=True),
        sa.Column("listed_offset_min", WHOLE, nullable=True),
        sa.Column("listed_from", TEXT, nullable=True),
        sa.Column("first_seen_at", WHOLE, nullable=False),
        sa.Column("last_seen_at", WHOLE, nullable=False),
        sa.Column("times_seen", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("state_at", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("attempts", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", WHOLE, nullable=True),
        sa.Column("retitled_at", WHOLE, nullable=True),
        sa.Column("times_retitled", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("article_id", WHOLE, nullable=True),
        sa.Column("first_crawl_id", WHOLE, nullable=True),
        sa.Column("last_crawl_id", WHOLE, nullable=True),
        sa.CheckConstraint(_is_one_of("listed_from", *_PUBLISHED_FROM), name=op.f("ck_link_listed_from")),
        sa.CheckConstraint(
            _is_one_of("state", "seen", "fetched", "stored", "skipped", "failed", "gone"), name=op.f("ck_link_state")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_link_article_id")),
        sa.ForeignKeyConstraint(["first_crawl_id"], ["crawl.id"], name=op.f("fk_link_first_crawl_id")),
        sa.ForeignKeyConstraint(["last_crawl_id"], ["crawl.id"], name=op.f("fk_link_last_crawl_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_link_listing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("key", name=op.f("uq_link_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_link_article_id", "link", ["article_id"])
    op.create_index(
        "ix_link_pending",
        "link",
        ["state", "not_before"],
        **_only(f"({_is_one_of('state', 'seen', 'fetched', 'failed')})"),
    )
    op.create_index("ix_link_retitled_at", "link", ["retitled_at"], **_only("retitled_at IS NOT NULL"))


def _create_page() -> None:
    op.create_table(
        "page",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("article_id", WHOLE, nullable=True),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("fetched_at", WHOLE, nullable=False),
        sa.Column("status", WHOLE, nullable=False),
        sa.Column("bytes", WHOLE, nullable=False),
        sa.Column("content_type", TEXT, nullable=True),
        sa.Column("etag", TEXT, nullable=True),
        sa.Column("last_modified", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("solved_at", WHOLE, nullable=True),
        sa.Column("layout", TEXT, nullable=True),
        sa.Column("remark", TEXT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("encoding", TEXT, nullable=True),
        sa.Column("kept_bytes", WHOLE, nullable=True),
        sa.Column("crawl_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_page_article_id")),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("fk_page_crawl_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sqlite_strict=True,
    )
    op.create_index("ix_page_key", "page", ["key"])
    op.create_index("ix_page_article_id", "page", ["article_id"])
    op.create_index("ix_page_kept", "page", ["fetched_at", "kept_bytes"], **_only("kept_bytes IS NOT NULL"))
    op.create_index(
        "ix_page_unsolved",
        "page",
        ["crawl_id"],
        **_only("(reason IS NOT NULL AND solved_at IS NULL)"),
    )


def _create_revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("article_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("stored_at", WHOLE, nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=True),
        sa.Column("article", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("crawl_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_revision_article_id")),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("fk_revision_crawl_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_revision_article_id_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_revision_fingerprint", "revision", ["fingerprint"])


def _create_link_listing() -> None:
    op.create_table(
        "link_listing",
        sa.Column("link_id", WHOLE, nullable=False),
        sa.Column("listing_id", WHOLE, nullable=False),
        sa.Column("first_seen_at", WHOLE, nullable=False),
        sa.Column("last_seen_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_listing_link_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_link_listing_listing_id")),
        sa.PrimaryKeyConstraint("link_id", "listing_id", name=op.f("pk_link_listing")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_search() -> None:
    op.create_table(
        "search",
        sa.Column("rowid", WHOLE, autoincrement=False, nullable=False),
        sa.Column("words", TSVECTOR(), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_search")),
    )
    op.create_index(
        "ix_search_words",
        "search",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.create_index("ix_search_is_cut", "search", ["rowid"], postgresql_where=sa.text("is_cut"))


def _create_rematch() -> None:
    op.create_table(
        "rematch",
        sa.Column("article_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_rematch_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_rematch")),
        sqlite_strict=True,
    )
