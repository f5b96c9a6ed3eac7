"""The tables of a new archive, and those of an older one brought up to date, are the same."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from crawler.archive import schema
from crawler.archive.connect import Archive
from crawler.archive.tables import SEARCH, SEARCH_WORDS, metadata
from crawler.errors import ArchiveBrokenError

MIGRATIONS = Path(schema.__file__).parent / "migrations"


def _empty(connection: Connection) -> None:
    """Take everything out of the archive, as if no table had ever been made."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(f"DROP TABLE {SEARCH_WORDS}")
        connection.exec_driver_sql("PRAGMA application_id = 0")
    connection.exec_driver_sql(f"DROP TABLE {SEARCH}")
    for table in reversed(metadata.sorted_tables):
        table.drop(connection)
    connection.exec_driver_sql("DROP TABLE alembic_version")


# Everything of a schema that PostgreSQL can put into words, each thing by its kind and name.
OF_A_SCHEMA = """
    WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
    SELECT 'table', relname, concat_ws(' ', relkind, obj_description(ours.oid, 'pg_class')) FROM ours
    UNION ALL SELECT 'column', relname || '.' || attname, concat_ws(
        ' ', attnum, format_type(atttypid, atttypmod), attcollation::regcollation, attnotnull,
        pg_get_expr(adbin, adrelid), pg_get_serial_sequence(relname, attname))
        FROM ours JOIN pg_attribute ON attrelid = ours.oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relkind = 'r' AND attnum > 0
    UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(pg_constraint.oid)
        FROM pg_constraint JOIN ours ON conrelid = ours.oid
    UNION ALL SELECT 'index', relname, pg_get_indexdef(oid) FROM ours WHERE relkind = 'i'
"""


def _tables(connection: Connection) -> dict[tuple[str, str], list[str]]:
    """Return what the archive is made of; the order of columns counts, that of constraints does not."""
    if connection.dialect.name == "postgresql":
        return {(kind, name): [told] for kind, name, told in connection.exec_driver_sql(OF_A_SCHEMA)}
    found = {}
    for kind, name, sql in connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema"):
        words = re.sub(r"\s+", " ", sql or "")
        words = re.sub(r"\( ", "(", re.sub(r" \)", ")", words))
        columns, *constraints = words.split(", CONSTRAINT ")
        ending = ""
        if constraints:
            constraints[-1], _, ending = constraints[-1].rpartition(")")
        found[kind, name] = [columns, *sorted(constraints), ending.strip()]
    return found


def test_migrations_from_empty_and_the_tables_of_a_new_archive_agree(archive: Archive) -> None:
    with archive.writing() as connection:
        made_new = _tables(connection)
        _empty(connection)

        schema.migrate(connection)

        migrated = _tables(connection)
        assert schema.found_in(connection, "here") == schema.HEAD
    assert migrated == made_new
    assert len(made_new) > 20


def test_alembic_finds_nothing_to_change(archive: Archive) -> None:
    with archive.writing() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_no_index})

        assert compare_metadata(context, metadata) == []


def _is_no_index(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or not (name or "").startswith(SEARCH)


def test_the_schema_that_is_known_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    assert scripts.get_current_head() == f"{schema.HEAD:04d}"
    assert [script.revision for script in scripts.walk_revisions()] == [
        f"{number:04d}" for number in range(schema.HEAD, 0, -1)
    ]


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("topic", sa.Column("mood", sa.Text()))
    op.execute("UPDATE topic SET mood = 'calm'")
    {last}
"""


def migrations_with(tmp_path: Path, last: str) -> str:
    """Return a folder of migrations with one more than we have."""
    (tmp_path / "versions").mkdir(parents=True)
    for file in (MIGRATIONS / "env.py", *(MIGRATIONS / "versions").glob("schema_*.py")):
        (tmp_path / file.relative_to(MIGRATIONS)).write_text(file.read_text())
    (tmp_path / "versions" / "schema_0002.py").write_text(NEXT.format(last=last))
    return str(tmp_path)


def _columns(archive: Archive) -> list[str]:
    with archive.reading() as connection:
        return [column["name"] for column in inspect(connection).get_columns("topic")]


def test_an_older_archive_is_brought_up_to_date_with_what_it_holds(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('Banjir', 1)")
    monkeypatch.setattr(schema, "HEAD", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations_with(tmp_path, "pass"))

    with archive.writing() as connection:
        was = schema.bring_up_to_date(connection, "here")

    assert was == 1
    with archive.reading() as connection:
        assert schema.found_in(connection, "here") == 2
        assert connection.exec_driver_sql("SELECT name, mood FROM topic").all() == [("Banjir", "calm")]


@pytest.mark.parametrize("last", ["raise KeyboardInterrupt", "op.execute('SELECT * FROM nowhere')"])
def test_an_upgrade_that_fails_leaves_the_archive_as_it_was(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setattr(schema, "HEAD", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations_with(tmp_path, last))
    before = _columns(archive)

    with pytest.raises((KeyboardInterrupt, Exception)), archive.writing() as connection:
        schema.bring_up_to_date(connection, "here")

    assert _columns(archive) == before
    with archive.reading() as connection:
        assert schema.found_in(connection, "here") == 1


def test_an_archive_with_two_schemas_is_called_broken(archive: Archive) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('x')")

    with pytest.raises(ArchiveBrokenError, match="unknown schema"), archive.reading() as connection:
        schema.found_in(connection, "here")


RACE = """
import sys
from crawler.archive.connect import Archive
sys.stdin.readline()
Archive.open(sys.argv[1], create=True).close()
"""


def test_many_processes_that_make_the_same_archive_at_once_all_get_it(new_place: str) -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, new_place], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]

    ends = [(maker.communicate("go\n", timeout=60)[1], maker.returncode) for maker in makers]

    assert ends == [("", 0)] * 4
    with Archive.open(new_place) as archive, archive.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar() == 1


def test_an_archive_that_lacks_a_table_is_told_when_it_is_opened(archive: Archive, place: str) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("DROP TABLE rematch")
    archive.close()

    with pytest.raises(ArchiveBrokenError, match="lacks rematch: it is damaged, or older than the first release"):
        Archive.open(place)


def test_an_archive_whose_tables_lack_a_column_is_told_when_it_is_opened(archive: Archive, place: str) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE crawl DROP COLUMN so_far")

    with pytest.raises(ArchiveBrokenError, match=r"lacks crawl\.so_far: it is damaged, or older"):
        Archive.open(place)
