"""The tables of a file: which schema it has, how a new one is made, how an older one is brought up to date."""

from typing import Final

from sqlalchemy import Connection

from crawler.archive.faults import NOT_AN_ARCHIVE
from crawler.archive.tables import (
    APPLICATION,
    APPLICATION_ID,
    CREATE_SEARCH,
    CREATE_SEARCH_WORDS,
    metadata,
    search_vectors,
)
from crawler.errors import ArchiveBrokenError, ArchiveError, ArchiveNewerError

# The schema that this Tribunwatch writes: the number of the last file in migrations/versions/.
HEAD: Final = 1

# Behind the number of a copy that was not finished.
_UNFINISHED: Final = "-unfinished"
MIGRATIONS = "crawler.archive:migrations"


def found_in(connection: Connection, location: str, *, unfinished: bool = False) -> int:
    """Return the number of the schema in the file, 0 for an empty one; with `unfinished`, also of half a copy.

    One cheap question, so that nothing of the migrations is loaded when there is nothing to do.

    Raises:
        ArchiveNewerError: A later Tribunwatch made it.
        ArchiveBrokenError: The database is not of ours, or lacks tables or columns.
    """
    tables, is_ours = _look_in_file(connection) if _is_file(connection) else _look_in_schema(connection)
    if not tables:
        return 0
    if not is_ours:
        raise ArchiveBrokenError(location, NOT_AN_ARCHIVE)
    versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    version = str(versions[0]) if len(versions) == 1 else ""
    if version.endswith(_UNFINISHED) and not unfinished:
        raise ArchiveError(location, "is a copy that was not finished; go on with the same command that began it")
    if not version.removesuffix(_UNFINISHED).isdigit():
        raise ArchiveBrokenError(location, f"has an unknown schema {versions}; go on with a backup")
    number = int(version.removesuffix(_UNFINISHED))
    if number > HEAD:
        raise ArchiveNewerError(
            location, f"made by a later Tribunwatch (schema {number}, this one knows {HEAD}); upgrade Tribunwatch"
        )
    if number == HEAD and (missing := _missing(connection)):
        raise ArchiveBrokenError(
            location,
            f"lacks {', '.join(missing)}: it is damaged, or older than the first release, before which tables still "
            "changed; go on with a backup, or name a new archive with --archive",
        )
    return number


def is_unfinished(connection: Connection) -> bool:
    """Say whether it is a copy that was not finished."""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()).endswith(_UNFINISHED)


def mark(connection: Connection, *, unfinished: bool) -> None:
    """Mark it as a copy that is not finished, which nobody may take for an archive, or as one that is."""
    version = f"{HEAD:04d}{_UNFINISHED if unfinished else ''}"
    connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608  - our own words


def bring_up_to_date(connection: Connection, location: str) -> int:
    """Give the file the tables of this Tribunwatch, within the writing transaction of the caller; return what it had.

    A new file gets them as they stand in `tables.py` and `run_tables.py`, an older one by its migrations; a test holds
    that both agree.
    """
    # Asked again under the write lock: two processes may have opened the file at once.
    number = found_in(connection, location)
    if number == 0:
        _make(connection)
    elif number < HEAD:
        migrate(connection)
    return number


def migrate(connection: Connection, *, to: str = "head") -> None:
    """Run the migrations that the file lacks, within the transaction of the caller: all of them, or none."""
    # Loading Alembic costs 0.4 s, and next to no start needs it.
    from alembic import command  # noqa: PLC0415  - see above
    from alembic.config import Config  # noqa: PLC0415  - see above

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _make(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    if _is_file(connection):
        connection.exec_driver_sql(CREATE_SEARCH)
        connection.exec_driver_sql(CREATE_SEARCH_WORDS)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    else:
        search_vectors.create(connection, checkfirst=False)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version "
        "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD:04d}')")  # noqa: S608  - our own number
    if not _is_file(connection):
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{APPLICATION}'")


def table_names(connection: Connection) -> set[str]:
    """Return the names of the tables."""
    in_file = "SELECT name FROM sqlite_schema WHERE type = 'table'"
    in_schema = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    return set(connection.exec_driver_sql(in_file if _is_file(connection) else in_schema).scalars())


def _missing(connection: Connection) -> list[str]:
    """Return the tables that it lacks, and the columns, as "TABLE.COLUMN", that its tables lack."""
    in_file = """
        SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
        WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'
    """
    in_schema = """
        SELECT t.relname, c.attname FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid
        WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
        AND c.attnum > 0 AND NOT c.attisdropped
    """
    found = {tuple(row) for row in connection.exec_driver_sql(in_file if _is_file(connection) else in_schema)}
    tables = {table for table, _ in found}
    return sorted(
        {
            f"{table.name}.{column.name}" if table.name in tables else table.name
            for table in metadata.tables.values()
            for column in table.columns
            if (table.name, column.name) not in found
        }
    )


def _is_file(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _look_in_file(connection: Connection) -> tuple[int, bool]:
    """Return how many tables there are, and whether they are ours."""
    tables, has_version = connection.exec_driver_sql(
        "SELECT count(*), sum(name = 'alembic_version') FROM sqlite_schema"
    ).one()
    is_ours = has_version and connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
    return int(tables), bool(is_ours)


def _look_in_schema(connection: Connection) -> tuple[int, bool]:
    """Return the same of the schema in which tables are made; those of extensions do not count."""
    tables, mark = connection.exec_driver_sql("""
        SELECT count(*), max(obj_description(c.oid, 'pg_class')) FILTER (WHERE c.relname = 'alembic_version')
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND NOT EXISTS (SELECT FROM pg_depend AS d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    """).one()
    return int(tables), mark == APPLICATION
