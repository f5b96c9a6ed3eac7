"""The tables of what is done: services, crawls, schedules and their firings, upkeep, and what is learned for them."""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, text

from crawler.archive.table_parts import Text, Whole, metadata, number, one_of, only

CRAWL_STATES = ("queued", "running", "succeeded", "partial", "failed", "interrupted", "cancelled", "lost")
CRAWL_CAUSES = ("person", "schedule", "catch_up", "retry", "api")
SCHEDULE_TASKS = ("crawl", "prune", "backup")
SCHEDULE_ORIGINS = ("settings", "topic", "archive")
OVERLAPS = ("skip", "queue")
FIRING_STATES = ("due", "caught_up", "missed", "quiet", "skipped")
UPKEEP_STATES = ("running", "succeeded", "failed", "lost")


# A service that runs, or ran; without an end and without a heartbeat it was killed.
service = Table(
    "service",
    metadata,
    number(),
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
    number(),
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
    # How often in a row it was lost together with its service before, with nothing stored between.
    Column("lost_with_service", Whole, nullable=False, server_default=text("0")),
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
    # The crawl that a back-fill is asked to give way to while it runs: a later one, so that a copy knows it later too.
    Column("gives_way_to", Whole),
    # When it gave way, to which crawl, when it went on (JSON: [[at, to, until], ...]); and what it had counted then.
    Column("gave_way", Text),
    Column("so_far", Text),
    # What was to be fetched of all that is listed, once the whole ledger was gone through for it.
    Column("choice", Text),
    one_of("state", CRAWL_STATES),
    one_of("cause", CRAWL_CAUSES),
    Index("ix_crawl_open", "state", **only("(state = 'queued' OR state = 'running')")),
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
    number(),
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
    one_of("task", SCHEDULE_TASKS),
    one_of("origin", SCHEDULE_ORIGINS),
    one_of("overlap", OVERLAPS),
    sqlite_strict=True,
)

# One due moment of a schedule, over all services, and what became of it.
firing = Table(
    "firing",
    metadata,
    number(),
    Column("schedule_id", Whole, ForeignKey("schedule.id"), nullable=False),
    Column("scheduled_for", Whole, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("made_at", Whole, nullable=False),
    Column("service_id", Whole, ForeignKey("service.id")),
    Column("crawl_id", Whole, ForeignKey("crawl.id")),
    UniqueConstraint("schedule_id", "scheduled_for"),
    one_of("state", FIRING_STATES),
    sqlite_strict=True,
)

# Pruning, backups and upgrades: when each ran, and what it brought (JSON).
upkeep = Table(
    "upkeep",
    metadata,
    number(),
    Column("task", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Whole, nullable=False),
    Column("ended_at", Whole),
    Column("report", Text, nullable=False, server_default=text("'{}'")),
    Column("service_id", Whole, ForeignKey("service.id")),
    Column("firing_id", Whole, ForeignKey("firing.id")),
    one_of("state", UPKEEP_STATES),
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
    number(),
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
