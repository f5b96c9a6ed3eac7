"""The demo that goes on: newsroom, service and crawls, until Ctrl-C or for so long."""

import json
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.services import end_service, last_services, register_service
from crawler.commands import newsday
from crawler.commands.demo_service import begin_anew
from crawler.errors import ArchiveHeldError
from crawler.processes import this_process
from seeds.newsroom import Newsroom
from tests.home import LONGEST_S, Home
from tests.serving import is_running, wait_for


def start(home: Home, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "tribunwatch", "demo", *arguments],
        cwd=home.folder,
        env=home.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_demo_tells_what_it_finds_until_ctrl_c_and_leaves_nothing_running(home: Home) -> None:
    with start(home) as demo:
        assert demo.stdout is not None
        lines = [demo.stdout.readline()]
        while not lines[-1].split(maxsplit=1)[1].startswith("+ "):
            lines.append(demo.stdout.readline())
        meanwhile = home.run("query", "--limit", "1")
        second = home.run("demo", "--for", "1s")

        demo.send_signal(signal.SIGINT)
        _, err = demo.communicate(timeout=LONGEST_S)

    assert demo.returncode == 0
    assert re.fullmatch(r"\d\d:\d\d:\d\d  crawl 1 begins, asked for by a person\n", lines[0])
    assert (meanwhile.returncode, second.returncode) == (0, 3)
    assert "another demo runs" in second.stderr
    assert re.search(r"\d+ articles were stored, \d+ of them with a topic", err)
    with Archive.open(home.demo_archive, readonly=True) as archive:
        processes = [each.process for each in list_crawls(archive)]
        service = last_services(archive)[0]
    assert service.ended_at is not None
    assert not any(is_running(each.pid) for each in processes if each)


def test_the_demo_ends_after_the_time_that_it_is_given(home: Home) -> None:
    done = home.run("demo", "--for", "25s", "--json")

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert (events[0]["what"], events[0]["crawl"]) == ("crawl begins", 1)
    assert [event for event in events if event["what"] == "article is new" and event["title"]]


def test_each_demo_begins_with_an_empty_archive_unless_one_is_at_work_on_it(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with Archive.open(path, create=True) as archive:
        number = register_service(archive, process=this_process(), version="1", address=None, now=datetime.now(UTC))
        with pytest.raises(ArchiveHeldError, match="another demo runs"):
            begin_anew(str(path))
        end_service(archive, number, now=datetime.now(UTC))

    begin_anew(str(path))

    assert list(tmp_path.iterdir()) == []


def test_articles_come_out_and_change_as_the_day_goes_by() -> None:
    with Newsroom(articles=newsday.ARTICLES) as newsroom:
        day = newsday.NewsDay(newsroom)
        in_the_morning = set(newsroom.printed())
        with day:
            wait_for(lambda: set(newsroom.printed()) - in_the_morning, "an article that comes out")

        day.change_one()

        changed = [name for name in newsroom.printed() if newsroom.expected(name)["title"].endswith(newsday.CHANGED)]
        assert len(changed) == 1
        assert changed[0] in in_the_morning


def test_a_demo_of_one_crawl_ends_by_itself(home: Home) -> None:
    done = home.run("demo", "--once", "--for", "1m")

    assert done.returncode == 2
    assert "--once ends by itself" in done.stderr
