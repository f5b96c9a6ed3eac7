"""Is the archive sound? The file, the references, the search index, the ledger."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, ForeignKeyConstraint, and_, func, or_, select

from crawler.archive.connect import Archive
from crawler.archive.run_tables import crawl, firing, schedule, upkeep
from crawler.archive.schema import table_names
from crawler.archive.tables import article, article_topic, link, metadata, revision
from crawler.archive.tables import search as index
from crawler.errors import ArchiveBrokenError

FINDINGS_SHOWN: Final = 20
_RESTORE: Final = "keep the file, and go on with a backup"
REPORT: Final = "this is a fault of Tribunwatch; please report it with this line"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be, and what to do."""

    what: str
    detail: str


def check(archive: Archive) -> list[Finding]:
    """Return what is wrong with the archive, nothing when it is sound. Nothing is changed; reading it takes a while."""
    findings: list[Finding] = []
    on_its_own = (_file, _references_in_file) if archive.path else (_server, _references)
    for look in (*on_its_own, _index_rows, _current_revisions, _topics, _ledger, _runs):
        findings += _told(archive, look)
    if archive.path and not archive.is_readonly:
        findings += _told(archive, _index_inside, is_write=True)
    return findings


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has; an older archive may lack some."""
    names = table_names(connection)
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
        if table.name in names
    }


def _told(
    archive: Archive, look: Callable[[Connection], Iterator[Finding]], *, is_write: bool = False
) -> list[Finding]:
    """Return what one look finds; a file too damaged to look at is a finding, too."""
    try:
        with archive.writing() if is_write else archive.reading() as connection:
            return list(look(connection))
    except ArchiveBrokenError as error:
        return [Finding("damaged", error.reason)]


def _file(connection: Connection) -> Iterator[Finding]:
    for line in connection.exec_driver_sql(f"PRAGMA integrity_check({FINDINGS_SHOWN})").scalars():
        if line != "ok":
            yield Finding("damaged", f"{line}; {_RESTORE}")


def _references_in_file(connection: Connection) -> Iterator[Finding]:
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(FINDINGS_SHOWN):
        yield Finding("lost reference", f"row {row[1]} of {row[0]} names a missing row of {row[2]}; {REPORT}")


def _server(connection: Connection) -> Iterator[Finding]:
    """Look for indexes and rules that PostgreSQL itself knows not to hold; damage it tells whenever it reads."""
    unfinished = connection.exec_driver_sql("""
        SELECT 'index ' || c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        WHERE NOT (i.indisvalid AND i.indisready)
        UNION ALL SELECT 'constraint ' || k.conname FROM pg_constraint AS k
            JOIN pg_namespace AS n ON n.oid = k.connamespace AND n.nspname = current_schema()
        WHERE NOT k.convalidated
    """)
    for name in unfinished.scalars():
        yield Finding("damaged", f"{name} is not valid; go on with a backup")


def _references(connection: Connection) -> Iterator[Finding]:
    for table in metadata.sorted_tables:
        for key in table.constraints:
            if not isinstance(key, ForeignKeyConstraint):
                continue
            (column,), other = key.columns, key.referred_table.alias("other")
            (named,) = (other.c[element.column.name] for element in key.elements)
            lost = select(*table.primary_key).where(column.is_not(None), ~select(named).where(named == column).exists())
            for row in connection.execute(lost.limit(FINDINGS_SHOWN)):
                which = "/".join(map(str, row))
                line = f"row {which} of {table.name} names a missing row of {key.referred_table.name}; {REPORT}"
                yield Finding("lost reference", line)


def _index_inside(connection: Connection) -> Iterator[Finding]:
    """Let FTS5 compare its index with its own rows; SQLite calls that a write, so a reader goes without."""
    connection.exec_driver_sql("INSERT INTO search(search) VALUES ('integrity-check')")
    return iter(())


def _index_rows(connection: Connection) -> Iterator[Finding]:
    unfound = select(article.c.id).where(article.c.search_rowid.not_in(select(index.c.rowid)))
    for article_id in connection.execute(unfound.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("search", f"article {article_id} is not in the search index; {REPORT}")
    unowned = select(index.c.rowid).where(index.c.rowid.not_in(select(article.c.search_rowid)))
    for rowid in connection.execute(unowned.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("search", f"row {rowid} of the search index belongs to no article; {REPORT}")


def _current_revisions(connection: Connection) -> Iterator[Finding]:
    newest = (
        select(revision.c.article_id, func.max(revision.c.number).label("number"), func.count().label("count"))
        .group_by(revision.c.article_id)
        .subquery()
    )
    wrong = (
        select(article.c.id)
        .join(newest, newest.c.article_id == article.c.id, isouter=True)
        .where(
            or_(
                newest.c.number.is_(None),
                newest.c.number != article.c.revision,
                newest.c.count != article.c.revision,
            )
        )
    )
    for article_id in connection.execute(wrong.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("revision", f"article {article_id} and its revisions do not agree; {REPORT}")


def _topics(connection: Connection) -> Iterator[Finding]:
    is_current = article_topic.c.revision == article.c.revision
    wrong = (
        select(article.c.id)
        .join(article_topic, article_topic.c.article_id == article.c.id)
        .where(
            or_(
                and_(is_current, article_topic.c.search_rowid.is_distinct_from(article.c.search_rowid)),
                and_(~is_current, article_topic.c.search_rowid.is_not(None)),
            )
        )
        .distinct()
    )
    for article_id in connection.execute(wrong.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("topic", f"the topics of article {article_id} are not those of its revision; {REPORT}")


def _ledger(connection: Connection) -> Iterator[Finding]:
    unkept = select(link.c.key).where(link.c.state == "stored", link.c.article_id.is_(None))
    for key in connection.execute(unkept.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("ledger", f"{key} is marked as stored, but has no article; {REPORT}")
    unmarked = select(link.c.key).where(link.c.article_id.is_not(None), link.c.state.not_in(("stored", "gone")))
    for key in connection.execute(unmarked.limit(FINDINGS_SHOWN)).scalars():
        yield Finding("ledger", f"{key} has an article, but is not marked as stored; {REPORT}")


def _runs(connection: Connection) -> Iterator[Finding]:
    """Look at what ran or was to run. What says that it runs and was killed is no fault: the next to begin finds it."""
    for table, is_open in ((crawl, ("queued", "running")), (upkeep, ("running",))):
        unended = select(table.c.id).where(table.c.state.in_(is_open) == table.c.ended_at.is_not(None))
        for number in connection.execute(unended.limit(FINDINGS_SHOWN)).scalars():
            yield Finding(table.name, f"{table.name} {number} has an end and none; {REPORT}")
        running = connection.execute(select(table.c.id).where(table.c.state == "running")).scalars().all()
        if len(running) > 1:
            which = ", ".join(map(str, running[:FINDINGS_SHOWN]))
            yield Finding(table.name, f"more than one runs at a time: {which}; {REPORT}")
    is_answered = select(upkeep.c.id).where(upkeep.c.firing_id == firing.c.id).exists()
    lost = (
        select(firing.c.id, schedule.c.name)
        .join(schedule, schedule.c.id == firing.c.schedule_id)
        .where(schedule.c.task == "crawl", firing.c.state.in_(("due", "caught_up")))
        .where(firing.c.crawl_id.is_(None), ~is_answered)
    )
    for row in connection.execute(lost.limit(FINDINGS_SHOWN)):
        yield Finding("firing", f"firing {row.id} of schedule {row.name} was made, and no crawl came of it; {REPORT}")
