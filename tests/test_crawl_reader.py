"""Whole crawls of pages that need the tree parser: whatever they do to it, only they fail."""

import json
import os
import signal
import subprocess
from pathlib import Path

from seeds.newsroom import Newsroom
from tests.crawling import Crawler, listed, wait_until
from tests.spider.test_reading_room import SLOW


def serve_odd_pages(newsroom: Newsroom) -> list[str]:
    """Serve the articles of a section in a form that needs the parser; return their addresses."""
    urls = listed(newsroom)
    for name, url in zip(newsroom.names, newsroom.addresses, strict=True):
        if url in urls:
            newsroom.answer(url, newsroom.page(name).replace(b'id="arttitle"', b"id='arttitle'"))
    return urls


def readers_of(process: "subprocess.Popen[str]") -> list[int]:
    """Return the readers that a crawl has started, and that live."""
    found = []
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        for pid in (task / "children").read_text().split():
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and b"crawler.spider.reader" in command.read_bytes():
                found.append(int(pid))
    return found


def test_a_slow_page_fails_alone_with_its_reason(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    urls = serve_odd_pages(many)
    many.answer(urls[1], SLOW)

    done = crawl()

    assert crawl.state(urls[1]) == ("failed", "refused: took more than 2 s")
    assert {crawl.state(url) for url in urls if url != urls[1]} == {("stored", None)}
    assert (done.state, done.failed) == ("partial", {"refused: took more than 2 s": 1})


def test_a_killed_reader_costs_one_page_at_most(many: Newsroom, tmp_path: Path) -> None:
    crawl = Crawler(tmp_path, many.url)
    urls = serve_odd_pages(many)
    middle = len(urls) // 2
    many.slow(urls[middle], 1.0)
    command = crawl.command()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: any(urls[middle].removeprefix("https://") in each for each in many.requested))
    killed = readers_of(process)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    report = json.loads(process.communicate(timeout=120)[0])

    assert len(killed) == 1
    assert sum(report["failed"].values()) <= 1
    assert report["stored"] + sum(report["failed"].values()) == len(urls)
    assert process.returncode == (1 if report["failed"] else 0)
