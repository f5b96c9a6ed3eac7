"""Looking after an archive from the command line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from crawler.archive.connect import Archive
from crawler.archive.firings import write_firing
from crawler.archive.history import Forgotten, forget_history
from crawler.archive.lease import add_lines, begin_crawl, end_crawl
from crawler.archive.reading import check
from crawler.archive.run_tables import firing, schedule, upkeep
from crawler.archive.schedules import Order, load_schedule, set_schedule
from crawler.archive.tables import article
from crawler.archive.upkeep import list_upkeep
from crawler.processes import this_process
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, Crawler
from tests.home import Home
from tests.serving import Place
from tests.test_kept_pages import Typed

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def typed(newsroom: Newsroom, tmp_path: Path) -> Typed:
    return Typed(tmp_path, newsroom.url)


def age(crawl: Crawler, days: int) -> None:
    """Let everything that is stored be so many days older."""
    with Archive.open(crawl.path) as archive, archive.writing() as connection:
        connection.execute(update(article).values(last_stored_at=article.c.last_stored_at - days * 86400))


def counts(typed: Typed) -> dict[str, int]:
    with Archive.open(typed.path) as archive, archive.reading() as connection:
        matched = "SELECT count(DISTINCT article_id) FROM article_topic"
        words = {"articles": "SELECT count(*) FROM article", "matched": matched}
        return {name: connection.exec_driver_sql(sql).scalar_one() for name, sql in words.items()}


def test_prune_shows_and_then_lets_go_of_articles_without_a_topic(typed: Typed) -> None:
    typed(listings=ALL_OF_WWW)
    before = counts(typed)
    age(typed, 100)

    shown = typed.json("archive", "prune", "--dry-run")
    line = typed.type("archive", "prune", "--dry-run").stdout.decode().splitlines()[0]
    done = typed.json("archive", "prune")

    assert 0 < before["matched"] < before["articles"]
    assert [shown[name] for name in ("articles", "kept_articles")] == [done["articles"], done["kept_articles"]]
    assert line == f"{shown['articles']} articles would go, {shown['kept_articles']} kept"
    assert counts(typed) == {"articles": done["kept_articles"], "matched": before["matched"]}
    assert before["articles"] - before["matched"] - 2 <= done["articles"] <= before["articles"] - before["matched"]
    with Archive.open(typed.path) as archive:
        assert check(archive) == []


def test_a_crawl_by_hand_lets_go_at_its_end_and_the_next_asks_for_none_of_it(typed: Typed, newsroom: Newsroom) -> None:
    typed(listings=ALL_OF_WWW)
    before = counts(typed)
    age(typed, 100)
    newsroom.requested.clear()

    typed(listings=ALL_OF_WWW)
    typed(listings=ALL_OF_WWW)

    assert counts(typed)["articles"] < before["articles"]
    assert newsroom.article_requests == []


def test_with_0_days_nothing_goes(typed: Typed) -> None:
    typed(listings=ALL_OF_WWW)
    before = counts(typed)
    age(typed, 4000)

    typed(listings=ALL_OF_WWW, settings="[archive]\nkeep_unmatched_days = 0\n")

    assert counts(typed) == before


def _history(archive: Archive, *, ended_at: datetime) -> None:
    """Keep a crawl with three lines, and two firings, of which one brought an upkeep."""
    lease = begin_crawl(archive, options={}, process=this_process(), now=ended_at)
    with archive.writing() as connection:
        add_lines(connection, lease.crawl_id, [(ended_at, "INFO", f"line {number}") for number in range(3)])
    end_crawl(archive, lease, state="succeeded", now=ended_at)
    at = int(ended_at.timestamp())
    words: dict[str, Any] = {"plan": "1d", "zone": "Asia/Jakarta", "origin": "settings", "task": "prune"}
    with archive.writing() as connection:
        named = {"name": f"{at}", "made_at": at, "changed_at": at, "settled_at": at}
        schedule_id = connection.execute(
            insert(schedule).values(**words, **named).returning(schedule.c.id)
        ).scalar_one()
        for moment in (at, at + 1):
            one = {"schedule_id": schedule_id, "scheduled_for": moment, "state": "due", "made_at": at}
            firing_id = connection.execute(insert(firing).values(**one).returning(firing.c.id)).scalar_one()
        done = {"task": "prune", "state": "succeeded", "started_at": at, "ended_at": at, "firing_id": firing_id}
        connection.execute(insert(upkeep).values(**done))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_told_of_crawls_goes_after_its_days(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    place = str(tmp_path / "a.db") if kind == "sqlite" else request.getfixturevalue("archive_database")
    with Archive.open(place, create=True) as archive:
        _history(archive, ended_at=NOW - timedelta(days=90, seconds=1))
        _history(archive, ended_at=NOW - timedelta(days=89))

        shown = forget_history(archive, days=90, now=NOW, dry_run=True)
        done = forget_history(archive, days=90, now=NOW)
        again = forget_history(archive, days=90, now=NOW)

        assert shown == done == Forgotten(lines=3, firings=1)
        assert again == Forgotten(0, 0)
        assert check(archive) == []


def test_a_backup_by_hand_is_put_into_its_folder_and_listed(typed: Typed) -> None:
    typed(listings=ALL_OF_WWW)

    made = typed.type("archive", "backup").stdout.decode()
    done = typed.json("archive", "backup")
    listed = typed.json("archive", "backups")
    shown = typed.type("archive", "backups").stdout.decode()

    folder = typed.folder / "backups"
    assert made.rstrip().endswith(".db")
    assert "restored and compared" in made
    assert done["findings"] == []
    assert listed["folder"] == str(folder)
    assert next(each["file"] for each in listed["backups"]) == done["file"] in shown
    assert [(each["task"], each["state"]) for each in listed["upkeep"]] == [("backup", "succeeded")] * 2
    with Archive.open(done["file"], readonly=True) as backup:
        assert [finding.detail for finding in check(backup)] == []


def test_where_there_is_no_archive_no_backup_is_made(typed: Typed) -> None:
    done = typed.type("archive", "backup")

    assert done.returncode == 1
    assert b"there is no archive here" in done.stderr
    # The log of the newsroom lies there too.
    assert [each.name for each in typed.folder.iterdir()] == ["newsroom.jsonl"]


def test_a_service_does_what_the_one_before_was_asked_for_and_tells_it(home: Home, newsroom: Newsroom) -> None:
    place = Place(home, newsroom)
    place.ask_for_a_crawl(limit=1)
    with Archive.open(place.archive) as archive:
        asked_at = datetime.now(UTC)
        set_schedule(archive, Order("mine", "1d", "UTC", "archive", task="backup"), now=asked_at)
        with archive.writing() as connection:
            write_firing(
                connection,
                schedule_id=load_schedule(archive, "mine").schedule_id,
                scheduled_for=asked_at,
                state="due",
                reason="",
                now=asked_at,
                service_id=None,
                crawl_id=None,
            )

    with place.serving() as service:
        service.says("upkeep ended task=backup")
        assert service.end() == 0

    with Archive.open(place.archive, readonly=True) as archive:
        assert [(each.task, each.state) for each in list_upkeep(archive)] == [("backup", "succeeded")]
    assert len(list((home.folder / "backups").iterdir())) == 1
