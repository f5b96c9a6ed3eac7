"""An archive on PostgreSQL: how it is reached, what is told when it cannot be, and what a broken session leaves."""

import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Connection

from crawler.archive import postgres as server
from crawler.archive.connect import Archive
from crawler.archive.reading import check, newest_articles
from crawler.archive.saving import make_ready, save_articles
from crawler.errors import (
    HELD,
    UNREACHABLE,
    ArchiveBrokenError,
    ArchiveError,
    ArchiveFullError,
    ArchiveHeldError,
    ArchiveMissingError,
    ArchiveReadOnlyError,
    ArchiveUnreachableError,
    MissingPackageError,
)
from tests.archive.conftest import NOW, MakeArticle, Save, count_topics
from tests.archive.test_writing_safely import SAVE_WITHOUT_END, RunPython
from tests.postgres import LOCKED, PASSWORD, Cluster
from tests.serving import wait_for

DATABASES = ("postgresql",)


def name_of(address: str) -> str:
    return address.rpartition("/")[2]


def of_role(address: str, role: str) -> str:
    return address.replace("//tribunwatch@", f"//{role}@")


def fails(location: str, **how: bool) -> ArchiveError:
    """Return the one line that is told, which never holds a password."""
    with pytest.raises(ArchiveError) as caught:
        Archive.open(location, **how)
    assert "\n" not in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert quote(PASSWORD, safe="") not in str(caught.value)
    return caught.value


def test_without_psycopg_one_line_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "crawler.archive.postgres")
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(MissingPackageError, match=r"pip install 'tribunwatch\[postgres\]'"):
        Archive.open("postgresql://x@127.0.0.1/x")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:{password}@127.0.0.1:port/x",
        "postgresql://me:{password}@[::1/x",
        "postgresql://me:{password}@127.0.0.1/x?nonsense=1",
        "postgresql://%zz:{password}@127.0.0.1/x",
    ],
)
def test_an_address_that_cannot_be_understood_is_told_in_one_line(address: str) -> None:
    error = fails(address.format(password=quote(PASSWORD, safe="")))

    assert "is no address of a database; write postgresql://USER@HOST/DATABASE" in error.reason


@pytest.mark.parametrize(
    "address",
    ["postgresql://x@127.0.0.1:1/x", "postgresql:///x?host=/nowhere", "postgresql://x@127.0.0.1:1,127.0.0.1:2/x"],
)
def test_a_server_that_does_not_answer_is_exit_code_4(address: str) -> None:
    error = fails(address)

    assert isinstance(error, ArchiveUnreachableError)
    assert error.exit_code == UNREACHABLE
    assert "cannot be reached" in error.reason


def test_a_database_that_is_missing_is_told_with_the_command_that_makes_it(postgres: Cluster) -> None:
    error = fails(postgres.address("nowhere"), create=True)

    assert error.reason.endswith("make it: createdb --encoding=UTF8 nowhere")


def test_a_user_who_is_not_let_in_is_told_so(postgres: Cluster, empty_database: str) -> None:
    strangers = (
        postgres.address(name_of(empty_database), role="nobody-known"),
        postgres.address(name_of(empty_database), role=LOCKED),
        postgres.address(name_of(empty_database), role=f"{LOCKED}:wrong"),
    )

    for address in strangers:
        assert "the server does not let this user in" in fails(address).reason


def test_a_password_is_taken_from_the_address_or_the_environment_and_never_shown(
    postgres: Cluster, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = name_of(empty_database)
    postgres.run(f"ALTER DATABASE {name} OWNER TO {LOCKED}")

    with Archive.open(postgres.address(name, role=f"{LOCKED}:{quote(PASSWORD, safe='')}"), create=True) as archive:
        assert archive.location == postgres.address(name, role=f"{LOCKED}:***")
        Archive.open(archive.address, readonly=True).close()

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Archive.open(postgres.address(name, role=LOCKED)).close()


def test_a_socket_is_reached_as_psql_does(postgres: Cluster, archive_database: str) -> None:
    address = f"postgresql:///{name_of(archive_database)}?user=tribunwatch&host={postgres.folder}&port={postgres.port}"

    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        with Archive.open(address.replace("postgresql", scheme, 1), readonly=True) as archive:
            assert check(archive) == []


def test_a_server_that_is_too_old_is_refused(archive_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_OLDEST", 990000)

    assert "99 or later is needed; upgrade it, or name another" in fails(archive_database).reason


def test_a_database_that_lacks_letters_is_refused(postgres: Cluster) -> None:
    postgres.run("CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")

    error = fails(postgres.address("narrow"), create=True)

    assert "is in LATIN1, which lacks letters" in error.reason
    assert "createdb --encoding=UTF8 --template=template0 NAME" in error.reason


def test_tables_are_made_only_where_an_archive_was_to_be_made(empty_database: str) -> None:
    for how in ({}, {"readonly": True}, {"readonly": True, "create": True}):
        error = fails(empty_database, **how)
        assert isinstance(error, ArchiveMissingError)
        assert "there is no archive here; a crawl makes one" in error.reason

    with Archive.open(empty_database, create=True) as archive:
        assert check(archive) == []


@pytest.mark.parametrize(
    "theirs", ["CREATE TABLE photos (name text)", "CREATE TABLE alembic_version (version_num text)"]
)
def test_a_database_of_somebody_else_is_left_as_it_is(postgres: Cluster, empty_database: str, theirs: str) -> None:
    postgres.run(theirs, database=name_of(empty_database))

    for how in ({"create": True}, {"readonly": True}):
        error = fails(empty_database, **how)
        assert isinstance(error, ArchiveBrokenError)
        assert "is not a Tribunwatch archive" in error.reason

    tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert postgres.run(tables, database=name_of(empty_database)) == [(1,)]


def test_two_archives_live_in_two_schemas_of_one_database(postgres: Cluster, archive_database: str) -> None:
    name = name_of(archive_database)
    postgres.run('CREATE SCHEMA "Berita dua"', database=name)

    path = quote(r'-csearch_path="Berita\ dua",public')
    second = f"{archive_database}?options={path}"
    with Archive.open(archive_database) as one, Archive.open(second, create=True) as other:
        with one.crawl_lock(), other.crawl_lock(), one.writing() as connection, other.writing():
            connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('Banjir', 1)")

        assert count_topics(one) == {"Banjir": 0}
        assert count_topics(other) == {}


def test_a_user_without_a_schema_is_told_how_to_get_one(postgres: Cluster, empty_database: str) -> None:
    postgres.run("DROP SCHEMA public", database=name_of(empty_database))

    assert "no schema for the tables; give one: CREATE SCHEMA AUTHORIZATION tribunwatch" in fails(empty_database).reason


def test_a_user_with_few_rights_reads_and_is_told_what_is_lacking(postgres: Cluster, archive_database: str) -> None:
    name = name_of(archive_database)
    postgres.run("DROP ROLE IF EXISTS reader")
    postgres.run("CREATE ROLE reader LOGIN")
    address = of_role(archive_database, "reader")

    assert "lacks a right; see docs/postgresql.md" in fails(address, readonly=True).reason

    postgres.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", database=name)
    with Archive.open(address) as archive:
        assert count_topics(archive) == {}
        with (
            pytest.raises(ArchiveReadOnlyError, match=r"lacks a right.* \(permission denied for table topic\)"),
            archive.writing() as connection,
        ):
            connection.exec_driver_sql("DELETE FROM topic")


def test_a_server_that_is_read_only_is_read_all_the_same(postgres: Cluster, archive_database: str) -> None:
    postgres.run(f"ALTER DATABASE {name_of(archive_database)} SET default_transaction_read_only = on")

    with Archive.open(archive_database) as archive:
        assert count_topics(archive) == {}
        with (
            pytest.raises(ArchiveReadOnlyError, match="a standby, or read-only for this user"),
            archive.writing() as connection,
        ):
            connection.exec_driver_sql("DELETE FROM topic")


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        ("53100", ArchiveFullError, r"no room left on the server's disk.* \(such is life\)"),
        ("53200", ArchiveError, "lacks memory or connections"),
        ("58030", ArchiveError, "disk reports a fault"),
        ("57014", ArchiveError, "cut a step short"),
        ("XX001", ArchiveBrokenError, "reports damage; go on with a backup"),
        ("40P01", ArchiveHeldError, "another session got in the way"),
        ("57P03", ArchiveUnreachableError, "broke off the connection"),
    ],
)
def test_what_the_server_reports_is_told_in_one_line_and_nothing_is_stored(  # noqa: PLR0917  - pytest gives by name
    archive: Archive, save: Save, make_article: MakeArticle, state: str, error: type[ArchiveError], said: str
) -> None:
    with archive.writing() as connection:
        connection.connection.cursor().execute(f"""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RAISE ''such is life'' USING ERRCODE = ''{state}''; END';
            CREATE TRIGGER fails BEFORE INSERT ON revision FOR EACH ROW EXECUTE FUNCTION fail();
        """)

    with pytest.raises(error, match=said) as caught:
        save(make_article())

    assert "\n" not in str(caught.value)
    with archive.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER fails ON revision")
        assert connection.exec_driver_sql("SELECT count(*) FROM article").scalar() == 0
    assert save(make_article()).change == "new"


def test_a_step_that_the_server_finds_too_long_is_told_so(postgres: Cluster, archive_database: str) -> None:
    postgres.run(f"ALTER DATABASE {name_of(archive_database)} SET statement_timeout = '80ms'")

    with (
        Archive.open(archive_database) as archive,
        pytest.raises(ArchiveError, match="raise its statement_timeout"),
        archive.reading() as connection,
    ):
        connection.exec_driver_sql("SELECT pg_sleep(5)")


def test_a_table_that_is_lost_is_told_as_damage(archive: Archive) -> None:
    with archive.writing() as connection:
        connection.exec_driver_sql("DROP TABLE rematch CASCADE; DROP TABLE article_topic CASCADE")

    with pytest.raises(ArchiveBrokenError, match=r"is missing.*article_topic"):
        count_topics(archive)
    assert "damaged" in {finding.what for finding in check(archive)}


def test_a_session_that_was_ended_while_it_was_idle_is_made_anew(
    archive: Archive, archive_database: str, postgres: Cluster, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(1))

    postgres.end_sessions(archive_database)

    assert save(make_article(2)).change == "new"
    assert check(archive) == []


def test_a_session_that_is_ended_while_it_waits_to_write_is_made_anew(
    archive: Archive, archive_database: str, postgres: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    end_waiting = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor() as pool:
        with Archive.open(archive_database) as other, other.writing():
            written = pool.submit(archive.write, lambda _: "written")
            wait_for(lambda: postgres.run(end_waiting), "a session that waits")

        assert written.result() == "written"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_server_that_starts_anew_ends_one_transaction_and_the_next_goes_on(
    archive: Archive, postgres: Cluster, save: Save, make_article: MakeArticle
) -> None:
    save(make_article(1))

    with (  # noqa: PT012  - a transaction
        pytest.raises(ArchiveUnreachableError, match="broke off the connection") as caught,
        archive.writing() as connection,
    ):
        connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('x', 1)")
        postgres.stop()
        try:
            connection.exec_driver_sql("INSERT INTO topic (name, changed_at) VALUES ('y', 1)")
        finally:
            postgres.start()

    assert caught.value.exit_code == UNREACHABLE
    assert count_topics(archive) == {}
    assert save(make_article(2)).change == "new"
    assert check(archive) == []


def test_articles_that_were_being_stored_when_the_server_broke_off_are_stored_when_it_is_back(
    archive: Archive, postgres: Cluster, make_article: MakeArticle
) -> None:
    readies = (make_ready(make_article(number), key=f"{number}", now=NOW) for number in (1, 2))
    begun: list[Connection] = []

    def work(connection: Connection) -> list[str]:
        begun.append(connection)
        connection.exec_driver_sql(f"INSERT INTO topic (name, changed_at) VALUES ('{len(begun)}', 1)")  # noqa: S608  - a number
        if len(begun) == 1:
            postgres.stop()
            postgres.start()
        return list(connection.exec_driver_sql("SELECT name FROM topic").scalars())

    assert archive.write(work) == ["2"]
    assert [each.change for each in save_articles(archive, readies)] == ["new", "new"]
    assert list(count_topics(archive)) == ["2"]


def test_whatever_was_acknowledged_survives_crashes_of_the_server(
    archive_database: str, postgres: Cluster, run_python: RunPython
) -> None:
    acknowledged: set[int] = set()
    for number in range(1, 4):
        with run_python(SAVE_WITHOUT_END, archive_database, "www.tribunnews.com", 1000 * number) as writer:
            assert writer.stdout is not None
            acknowledged.update(int(writer.stdout.readline()) for _ in range(3 * number))
            postgres.stop()
            postgres.start()
            acknowledged.update(int(writer.stdout.readline()) for _ in range(3))
            writer.kill()
            acknowledged.update(int(line) for line in writer.stdout.read().split())

    with Archive.open(archive_database) as archive:
        kept = {int(each.article.content_id or 0) for each in newest_articles(archive)}
        assert check(archive) == []
    assert acknowledged <= kept
    assert len(kept - acknowledged) <= 5


def test_while_the_server_is_down_each_step_says_so(postgres: Cluster, save: Save, make_article: MakeArticle) -> None:
    save(make_article(1))

    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(ArchiveUnreachableError, match="cannot be reached"):
                save(make_article(2))
    finally:
        postgres.start()

    assert save(make_article(2)).change == "new"


def test_a_crawl_that_lost_its_session_takes_its_hold_again(
    archive: Archive, archive_database: str, postgres: Cluster
) -> None:
    with archive.crawl_lock(), Archive.open(archive_database) as other:
        postgres.end_sessions(archive_database)

        with archive.writing():
            pass

        with pytest.raises(ArchiveHeldError, match=f"a crawl of process {os.getpid()} on "), other.crawl_lock():
            pass


def test_a_crawl_whose_hold_was_taken_by_another_one_stores_nothing_more(
    archive: Archive, archive_database: str, postgres: Cluster
) -> None:
    with archive.crawl_lock(), Archive.open(archive_database) as other:
        postgres.end_sessions(archive_database)

        with other.crawl_lock():
            for _ in range(2):
                with pytest.raises(ArchiveHeldError) as caught, archive.writing():
                    pytest.fail("the archive was written to")

    assert caught.value.exit_code == HELD


def test_a_holder_without_a_known_name_is_another_process(archive: Archive, archive_database: str) -> None:
    held = "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory'"
    with archive.crawl_lock(), psycopg.connect(archive_database) as connection:
        ((key,),) = connection.execute(held).fetchall()
    with psycopg.connect(archive_database) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (key,))

        with pytest.raises(ArchiveHeldError, match="a crawl of another process is using it"), archive.crawl_lock():
            pass
