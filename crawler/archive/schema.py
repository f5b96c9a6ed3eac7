"""The tables of a file: which schema it has, how a new one is made, how an older one is brought up to date."""

from typing import Final

from sqlalchemy import Connection

from crawler.archive.faults import NOT_AN_ARCHIVE
from crawler.archive.tables import APPLICATION_ID, CREATE_SEARCH, CREATE_SEARCH_WORDS, metadata
from crawler.errors import ArchiveBrokenError, ArchiveNewerError

# The schema that this Tribunwatch writes: the number of the last file in migrations/versions/.
HEAD: Final = 1

_MIGRATIONS: Final = "crawler.archive:migrations"


def found_in(connection: Connection, location: str) -> int:
    """Return the number of the schema in the file, 0 for an empty one.

    One cheap question, so that nothing of the migrations is loaded when there is nothing to do.

    Raises:
        ArchiveNewerError: A later Tribunwatch made it.
        ArchiveBrokenError: The database is not of ours.
    """
    tables = connection.exec_driver_sql("SELECT count(*), sum(name = 'alembic_version') FROM sqlite_schema").one()
    if not tables[0]:
        return 0
    if not tables[1] or connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
        raise ArchiveBrokenError(location, NOT_AN_ARCHIVE)
    versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    if len(versions) != 1 or not str(versions[0]).isdigit():
        raise ArchiveBrokenError(location, f"has an unknown schema {versions}; go on with a backup")
    number = int(versions[0])
    if number > HEAD:
        raise ArchiveNewerError(
            location, f"made by a later Tribunwatch (schema {number}, this one knows {HEAD}); upgrade Tribunwatch"
        )
    return number


def bring_up_to_date(connection: Connection, location: str, *, migrations: str = _MIGRATIONS) -> int:
    """Give the file the tables of this Tribunwatch, within the writing transaction of the caller; return what it had.

    A new file gets them as they stand in `tables.py`, an older one by its migrations; a test holds that both agree.
    """
    # Asked again under the write lock: two processes may have opened the file at once.
    number = found_in(connection, location)
    if number == 0:
        _make(connection)
    elif number < HEAD:
        migrate(connection, migrations=migrations)
    return number


def migrate(connection: Connection, *, migrations: str = _MIGRATIONS, to: str = "head") -> None:
    """Run the migrations that the file lacks, within the transaction of the caller: all of them, or none."""
    # Loading Alembic costs 0.4 s, and next to no start needs it.
    from alembic import command  # noqa: PLC0415  - see above
    from alembic.config import Config  # noqa: PLC0415  - see above

    config = Config()
    config.set_main_option("script_location", migrations)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _make(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(CREATE_SEARCH)
    connection.exec_driver_sql(CREATE_SEARCH_WORDS)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version "
        "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (f"{HEAD:04d}",))
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
