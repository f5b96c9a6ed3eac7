"""`tribunwatch schedule` and `listing show` as a person types them."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler.archive.answers import KeptAnswer, settled_answers_in
from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.schedules import list_schedules
from crawler.archive.services import beat, register_service
from crawler.commands.door import run
from crawler.errors import FAILED, WRONG_USE
from crawler.processes import this_process
from scheduler.planner import Planner
from scheduler.provision import provision
from tests.crawling import ALL_OF_WWW, INDEX, Crawler
from tests.scheduler.conftest import NOON, SETTINGS
from tribunwatch import front_door


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Type = Callable[..., Done]


@pytest.fixture
def type_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command, in this process, at an empty home."""
    for name in [name for name in os.environ if name.startswith(("TRIBUNWATCH_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TRIBUNWATCH_ARCHIVE", str(tmp_path / "mine.db"))

    def type_in(*arguments: str) -> Done:
        code = run(front_door, arguments)
        return Done(code, *capsys.readouterr())

    return type_in


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """An archive in which a service has looked at its schedules once, at noon."""
    path = tmp_path / "mine.db"
    with Archive.open(path, create=True) as archive:
        provision(archive, SETTINGS, (), now=NOON)
        Planner(archive, service_id=None, settings=SETTINGS).look(NOON, "x")
    return path


@pytest.mark.usefixtures("mine")
def test_a_schedule_of_ones_own_is_set_changed_shown_and_removed(type_in: Type) -> None:
    made = type_in(
        "schedule", "set", "morning", "30 6 * * mon-fri", "--listing", "www-index", "--zone", "Asia/Jayapura"
    )
    changed = type_in("schedule", "set", "morning", "2h", "--overlap", "queue", "--quiet-hours", "23:00-05:00")
    shown = type_in("schedule", "show", "morning", "--json").json
    printed = type_in("schedule", "show", "morning")
    removed = type_in("schedule", "remove", "morning")
    again = type_in("schedule", "remove", "morning")

    assert made.out.startswith("schedule morning: crawl www-index, 30 6 * * mon-fri; next ")
    assert made.out.endswith("04:30 WIB\n")
    assert changed.code == 0
    assert (shown["plan"], shown["overlap"], shown["quiet_hours"]) == ("2h", "queue", "23:00-05:00")
    assert (shown["options"]["listings"], shown["from"], len(shown["next"])) == ([], "archive", 5)
    assert "waits behind" in printed.out
    assert removed.out == "schedule morning: removed\n"
    assert (again.code, again.err) == (FAILED, "error: no schedule 'morning'; see: tribunwatch schedule list\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("x", "often"), "error: schedule x: 'often' is no schedule; write \"15m\""),
        (("x", "auto"), "error: schedule x: auto is for the listings of the settings (schedule.listings); write"),
        (("x", "10s"), "error: schedule x: every 10s is out of range; write a length of 1m to 366d"),
        (
            ("x", "0 6 * * 1"),
            "error: schedule x: weekday 1 is one day in one cron and the next in another; write its name",
        ),
        (("x", "15m", "--zone", "WIB"), "error: schedule x: 'WIB' is no time zone; write Asia/Jakarta"),
        (("x", "15m", "--quiet-hours", "9"), "error: schedule x: '9' are no quiet hours; write them as"),
        (("x", "15m", "--listing", "www-indeks"), "error: no listing named 'www-indeks'; did you mean 'www-index'?"),
        (("x", "15m", "--topic", "Banjr"), "error: no topic named 'Banjr'"),
        (("Big Name", "15m"), "error: schedule Big Name: a name is 1 to 40 small letters, figures and hyphens"),
    ],
)
def test_what_cannot_be_a_schedule_is_told_in_one_line(
    type_in: Type, mine: Path, arguments: tuple[str, ...], line: str
) -> None:
    with Archive.open(mine) as archive:
        before = list_schedules(archive)

    refused = type_in("schedule", "set", *arguments)

    assert refused.code == WRONG_USE
    assert refused.err.startswith(line)
    assert refused.err.count("\n") == 1
    with Archive.open(mine) as archive:
        assert list_schedules(archive) == before


@pytest.mark.usefixtures("mine")
def test_what_follows_from_the_settings_is_paused_and_not_changed(type_in: Type) -> None:
    refused = type_in("schedule", "remove", "www-index")
    paused = type_in("schedule", "pause", "www-index")
    again = type_in("schedule", "pause", "listing:www-index")
    listed = {each["name"]: each for each in type_in("schedule", "list", "--json").json}
    resumed = type_in("schedule", "resume", "www-index")

    assert refused.code == WRONG_USE
    assert refused.err == (
        "error: schedule listing:www-index: follows from the settings; change it there, or pause it: "
        "tribunwatch schedule pause listing:www-index\n"
    )
    assert paused.out == "schedule listing:www-index: paused\n"
    assert again.out == "schedule listing:www-index: paused already\n"
    assert listed["listing:www-index"]["state"] == "paused"
    assert listed["listing:www-sitemap"]["state"] == "active"
    assert resumed.out == "schedule listing:www-index: resumed\n"


@pytest.mark.usefixtures("mine")
def test_schedules_are_listed_with_what_became_of_their_last_firing(type_in: Type) -> None:
    printed = type_in("schedule", "list").out

    [line] = [line for line in printed.splitlines() if "listing:www-index" in line]
    assert "auto" in line
    assert "2026-11-22 12:00" in line
    assert "due, crawl 1 queued" in line


def test_a_crawl_of_a_schedule_can_be_asked_for_now(type_in: Type, mine: Path) -> None:
    type_in("schedule", "set", "mine", "1d", "--listing", "www-index", "--topic", "Konflik Rusia Vs Ukraina")
    first = type_in("schedule", "run", "mine")
    again = type_in("schedule", "run", "mine", "--json").json
    upkeep = type_in("schedule", "run", "prune")
    real = type_in("schedule", "run", "mine", "--site", "https://www.tribunnews.com")

    assert first.out == "crawl 2 is asked for; no service runs, which would do it: tribunwatch serve\n"
    assert again == {"schedule": "mine", "crawl": 2, "how": "joined", "is_served": False}
    assert upkeep.err == "error: schedule prune: is no crawl; run: tribunwatch archive prune\n"
    assert (real.code, real.err.startswith("error: --site")) == (WRONG_USE, True)
    with Archive.open(mine) as archive:
        [asked, _] = list_crawls(archive)
    assert (asked.cause, asked.options["topics"]) == ("person", ["Konflik Rusia Vs Ukraina"])


def test_a_service_on_trial_is_not_led_to_the_real_site(type_in: Type, mine: Path) -> None:
    with Archive.open(mine) as archive:
        now = datetime.now(UTC)
        number = register_service(archive, process=this_process(), version="0", address=None, now=now)
        beat(archive, number, state={"site": "http://127.0.0.1:8000"}, now=now)
    type_in("schedule", "set", "mine", "1d", "--listing", "www-index")

    asked = type_in("schedule", "run", "mine").out

    assert asked == "crawl 2 is asked for\n"
    with Archive.open(mine) as archive:
        assert list_crawls(archive)[0].options["site"] == "http://127.0.0.1:8000"


@pytest.mark.usefixtures("mine")
def test_a_listing_shows_its_plan_and_when_it_is_asked_next_and_why(type_in: Type) -> None:
    shown = type_in("listing", "show", "www-index", "--json").json
    printed = type_in("listing", "show", "www-index").out
    type_in("schedule", "pause", "www-index")
    paused = type_in("listing", "show", "www-index", "--json").json

    assert shown["plan"] == "auto"
    assert shown["next_at"] is not None
    assert shown["next_reason"].startswith("brings ")
    assert f"why then      {shown['next_reason']}" in printed
    assert (paused["is_paused"], paused["next_at"], paused["next_reason"]) == (True, None, None)


def answers(path: Path) -> dict[str, list[KeptAnswer]]:
    with Archive.open(path) as archive, archive.reading() as connection:
        found: dict[str, list[KeptAnswer]] = {}
        for each in settled_answers_in(connection):
            found.setdefault(each.name, []).append(each)
    return found


def test_a_crawl_keeps_what_each_address_of_its_listings_answered(crawl: Crawler) -> None:
    crawl(listings={**ALL_OF_WWW, **INDEX})
    first = answers(crawl.path)
    crawl(listings={**ALL_OF_WWW, **INDEX})
    again = {name: rows[len(first[name]) :] for name, rows in answers(crawl.path).items()}

    assert sum(each.novel for each in first["www"]) == sum(each.shown for each in first["www"]) > 5
    assert all(each.fresh == each.shown for rows in first.values() for each in rows)
    # What the sitemaps had named is fresh in the index, and not novel.
    assert sum(each.novel for each in first["index-news"]) < sum(each.fresh for each in first["index-news"])
    assert {each.host for rows in first.values() for each in rows} == {"www.tribunnews.com"}
    assert any(each.oldest_at for each in first["www"])
    assert {each.fresh + each.novel for rows in again.values() for each in rows} == {0}
    assert sum(each.shown for each in again["www"]) == sum(each.shown for each in first["www"])


def test_days_of_the_past_teach_nothing_of_an_index(crawl: Crawler) -> None:
    crawl("--since", "2026-07-20", "--until", "2026-07-24", listings=INDEX)

    assert answers(crawl.path) == {}
