"""The demo that goes on: newsroom, service and crawls, until Ctrl-C or for so long."""

import json
import re
import signal
import subprocess
import sys

from crawler.archive.connect import Archive
from crawler.archive.crawls import list_crawls
from crawler.archive.services import last_services
from crawler.commands import newsday
from seeds.newsroom import Newsroom
from tests.home import Home
from tests.serving import LONGEST_S, is_running, wait_for


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


def test_the_demo_ends_after_the_time_that_it_is_given_and_begins_anew_the_next_time(home: Home) -> None:
    done = home.run("demo", "--for", "10s", "--json")
    again = home.run("demo", "--for", "10s", "--json")

    for each in (done, again):
        events = [json.loads(line) for line in each.stdout.splitlines()]
        assert each.returncode == 0, each.stderr
        assert events[0]["what"] == "crawl begins"
        assert events[0]["crawl"] == 1
        assert [event for event in events if event["what"] == "article is new" and event["title"]]


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
