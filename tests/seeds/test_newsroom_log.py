"""The newsroom's log on disk: what it printed, what it was asked, and what it keeps when it is killed or full."""

import json
import socket
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from seeds.journal import Journal
from seeds.newsroom import Newsroom, NewsroomError
from tests.seeds.conftest import FLOOD, SONG, Ask

FLOOD_URL = "https://www.tribunnews.com/regional/7001/banjir-uji"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "asked.jsonl"


def lines(log: Path, kind: str) -> list[dict[str, Any]]:
    written = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [each for each in written if each["kind"] == kind]


def test_it_begins_with_every_article_and_goes_on_with_what_becomes_of_them(tiny: Path, log: Path) -> None:
    with Newsroom(seeds=tiny, log_to=log) as room:
        room.edit(FLOOD, title="Lain")
        room.remove(SONG)

    assert [(each["number"], each["url"]) for each in lines(log, "article")] == list(enumerate(room.addresses))
    assert lines(log, "article")[0]["published_at"] == "2026-07-24T17:30:10+07:00"
    assert [each["number"] for each in lines(log, "changed")] == [0]
    assert [each["number"] for each in lines(log, "removed")] == [1]


def test_every_request_is_in_it_with_what_was_sent(tiny: Path, log: Path, ask: Ask) -> None:
    with Newsroom(seeds=tiny, log_to=log) as room:
        room.fail("/busy", 503, retry_after=7)
        ask(room, FLOOD_URL)
        ask(room, "https://www.tribunnews.com/busy")
        robots = ask(room, "https://www.tribunnews.com/robots.txt").text
        asked = lines(log, "request")

    assert [(each["host"], each["path"], each["status"]) for each in asked] == [
        ("www.tribunnews.com", "/regional/7001/banjir-uji", 200),
        ("www.tribunnews.com", "/busy", 503),
        ("www.tribunnews.com", "/robots.txt", 200),
    ]
    assert [each["faults"] for each in asked] == [[], ["fail"], []]
    assert [each["retry_after"] for each in asked] == [None, "7", None]
    assert [each["robots"] for each in asked] == [None, None, robots]
    assert [each["connection"] for each in asked] == [1, 2, 3]
    assert all(datetime.fromisoformat(each["asked_at"]) <= datetime.fromisoformat(each["at"]) for each in asked)


@pytest.mark.parametrize(
    "path",
    [
        "https://www.tribunnews.com/regional/sitemap-news.xml",
        "https://www.tribunnews.com/regional/sitemap-web.xml",
        "https://www.tribunnews.com/index-news?date=2026-7-24",
        "https://www.tribunnews.com/regional",
        "https://m.tribunnews.com/regional",
    ],
)
def test_an_answer_that_lists_articles_says_which(tiny: Path, log: Path, ask: Ask, path: str) -> None:
    with Newsroom(seeds=tiny, log_to=log) as room:
        etag = ask(room, path).headers["ETag"]
        ask(room, path, headers={"If-None-Match": etag})
        room.cut(path)
        ask(room, path, method="HEAD")

        assert [each["articles"] for each in lines(log, "request")] == [[0], [], []]


def test_a_client_that_has_gone_is_not_asking_any_more(tiny: Path, log: Path, ask: Ask) -> None:
    with Newsroom(seeds=tiny, log_to=log) as room:
        room.slow("/robots.txt", 1, times=1)
        with socket.create_connection((urlsplit(room.url).hostname, urlsplit(room.url).port)) as client:
            client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: www.tribunnews.com\r\n\r\n")
            while not room.requested:
                time.sleep(0.01)
        ask(room, FLOOD_URL)
        asked = lines(log, "request")

    assert [(each["path"], each["at_once"]) for each in asked][:1] == [("/regional/7001/banjir-uji", 1)]


def test_half_a_line_that_a_power_cut_left_is_taken_away(tiny: Path, log: Path) -> None:
    log.write_text('{"kind":"full"}\n{"kind":"req', encoding="utf-8")

    with Newsroom(seeds=tiny, log_to=log):
        pass

    assert [json.loads(line)["kind"] for line in log.read_text().splitlines()] == ["full", "article", "article"]


def test_a_log_that_is_full_says_so_and_grows_no_more(log: Path) -> None:
    journal = Journal(log, most_bytes=500)
    journal.open()
    for number in range(100):
        journal.write("changed", {"number": number})
    journal.close()

    kinds = [json.loads(line)["kind"] for line in log.read_text().splitlines()]
    assert kinds == ["changed"] * (len(kinds) - 1) + ["full"]
    assert 3 < len(kinds) < 12


def test_a_log_that_cannot_be_written_is_told_in_one_line(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(NewsroomError, match="cannot write"):
        Newsroom(seeds=tiny, log_to=tmp_path / "no" / "folder.jsonl").__enter__()
