"""The reading room: what needs the tree parser is read by a process apart, which a page may kill without harm."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from crawler.article import ListingKind
from crawler.errors import ExtractionError, ListingError, PageRefusedError
from crawler.parser import examine_document, examine_html
from crawler.site import identify, parse_listing
from crawler.spider.reading_room import ReaderFaultError, ReadingRoom
from seeds.newsroom import Newsroom
from tests.crawling import wait_until

ADDRESS = identify("https://www.tribunnews.com/nasional/7845771/judul")
BODY = b"<h1 id='arttitle'>Judul</h1><div class='side-article txt-article'><p>Isi.</p>%s</div>"
PAGE = b"<!DOCTYPE html><html><body>" + BODY % b"" + b"</body></html>"
# The time that lexbor takes grows with the square of the options.
SLOW = PAGE.replace(b"</body>", b"<select>" + b"<option>x" * 60_000 + b"</body>")
LARGE = PAGE.replace(b"</body>", b"<table>" + b"<tr><td><a href=x>a</a></td></tr>" * 40_000 + b"</body>")
# A reader that dies, or has a fault, where a page says so.
BAD_READER = """
import os, signal, sys
from crawler.spider import reader
sound = reader.answer_to
def answer_to(head, bodies):
    if b"crash" in bodies[0]:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"exit" in bodies[0]:
        os._exit(3)
    return {"fault": "Traceback\\nKeyError: 'x'"} if b"fault" in bodies[0] else sound(head, bodies)
reader.answer_to = answer_to
reader.main(float(sys.argv[-2]), int(sys.argv[-1]))
"""


@pytest.fixture
def room() -> Iterator[ReadingRoom]:
    with ReadingRoom() as room:
        yield room


@pytest.fixture
def bad_room() -> Iterator[ReadingRoom]:
    with ReadingRoom(reader=(sys.executable, "-c", BAD_READER)) as room:
        yield room


def examined(room: ReadingRoom, *pages: bytes) -> object:
    return asyncio.run(room.examine(*pages, address=ADDRESS))


def refusal(room: ReadingRoom, page: bytes) -> str:
    with pytest.raises(PageRefusedError) as caught:
        examined(room, page)
    return caught.value.reason


def test_a_page_of_the_plain_form_needs_no_reader_apart(room: ReadingRoom) -> None:
    desk = Newsroom()
    page, address = desk.page(desk.names[0]), identify(desk.address(desk.names[0]))

    reading = asyncio.run(room.examine(page, address=address))

    assert reading == examine_html(page, address=address)
    assert room.reader_pid is None


@pytest.mark.parametrize("number", range(4))
def test_a_reader_apart_gives_the_same_reading(number: int, room: ReadingRoom) -> None:
    desk = Newsroom()
    name = desk.names[number]
    total = desk.expected(name, None)["pages"]["total"]
    pages = [desk.page(name, each).replace(b'id="arttitle"', b"id='arttitle'") for each in range(1, total + 1)]
    address = identify(desk.address(name))

    reading = asyncio.run(room.examine(*pages, address=address, charset="UTF-8"))

    assert reading == examine_html(*pages, address=address, charset="UTF-8")
    assert room.reader_pid is not None


def test_one_reader_serves_all_pages(room: ReadingRoom) -> None:
    examined(room, PAGE)
    first = room.reader_pid

    for _ in range(20):
        examined(room, PAGE)

    assert room.reader_pid == first


def test_what_the_parser_refuses_is_refused_in_the_same_words(room: ReadingRoom) -> None:
    with pytest.raises(ExtractionError, match="no text found in https://"):
        examined(room, b"<h1>Judul</h1>")
    assert refusal(room, b"<html>" + b"<div>" * 1_000).startswith("more than 500 elements")


def test_a_slow_page_is_refused_and_the_next_one_is_read() -> None:
    with ReadingRoom(longest_s=0.5) as room:
        assert refusal(room, SLOW) == "took more than 0.5 s"

        assert examined(room, PAGE) == examine_html(PAGE, address=ADDRESS)


def test_a_page_that_needs_too_much_memory_is_refused_and_the_next_one_is_read() -> None:
    with ReadingRoom(longest_s=60, most_bytes=16 * 2**20) as room:
        assert refusal(room, LARGE) == "needed more than 16 MB"

        assert examined(room, PAGE) == examine_html(PAGE, address=ADDRESS)


@pytest.mark.parametrize(
    ("word", "reason"), [(b"crash", "the parser crashed (signal 11)"), (b"exit", "the reader ended (exit code 3)")]
)
def test_a_page_that_crashes_the_parser_is_refused_and_the_next_one_is_read(
    word: bytes, reason: str, bad_room: ReadingRoom
) -> None:
    assert refusal(bad_room, BODY % word) == reason

    assert examined(bad_room, PAGE) == examine_html(PAGE, address=ADDRESS)


def test_a_fault_of_the_program_is_told_as_one(bad_room: ReadingRoom, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ReaderFaultError, match="KeyError: 'x'"):
        examined(bad_room, BODY % b"fault")

    assert "Traceback" in caplog.text


def test_a_reader_that_does_not_start_is_told() -> None:
    with (
        ReadingRoom(reader=(sys.executable, "-c", "raise SystemExit(5)")) as room,
        pytest.raises(ReaderFaultError, match=r"did not start \(exit code 5\)"),
    ):
        examined(room, PAGE)


def test_a_reader_killed_between_two_pages_is_replaced(room: ReadingRoom) -> None:
    examined(room, PAGE)
    first = room.reader_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not is_alive(first))

    assert examined(room, PAGE) == examine_html(PAGE, address=ADDRESS)


def test_a_reader_ends_with_the_room(room: ReadingRoom) -> None:
    examined(room, PAGE)
    pid = room.reader_pid
    assert pid is not None

    room.close()

    assert not is_alive(pid)


def test_a_reader_does_not_outlive_a_killed_crawl_however_slow_its_page_is(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(SLOW)
    script = """
import sys
from pathlib import Path
from crawler.spider.reading_room import ReadingRoom
room = ReadingRoom(longest_s=1.0)
room._start()
print(room.reader_pid, flush=True)
room.examine_document(Path(sys.argv[1]).read_bytes())
"""
    process = subprocess.Popen([sys.executable, "-c", script, str(page)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    process.kill()
    process.communicate()

    wait_until(lambda: not is_alive(pid))


def test_a_document_is_read_apart_as_it_is_read_here(room: ReadingRoom) -> None:
    for body in (PAGE, b"Judul Berita\n\nTRIBUNNEWS.COM, JAKARTA - Isi yang panjang."):
        assert room.examine_document(body, address=ADDRESS) == examine_document(body, address=ADDRESS)


@pytest.mark.parametrize(
    ("url", "kind", "is_apart"),
    [
        ("https://www.tribunnews.com/nasional/sitemap-news.xml", "sitemap", False),
        ("https://www.tribunnews.com/index-news?date=2026-07-24", "index", True),
    ],
)
def test_an_index_page_is_parsed_apart_as_it_is_parsed_here_and_a_sitemap_at_once(
    url: str, kind: ListingKind, is_apart: bool, many: Newsroom, room: ReadingRoom
) -> None:
    connection = HTTPConnection(many.url.removeprefix("http://"))
    connection.request("GET", url.removeprefix("https://www.tribunnews.com"), headers={"Host": "www.tribunnews.com"})
    body = connection.getresponse().read()
    connection.close()

    page = asyncio.run(room.parse_listing(url, kind, body))

    assert page.links
    assert page == parse_listing(url, kind, body)
    assert (room.reader_pid is not None) == is_apart


def test_an_index_page_that_crashes_the_parser_or_is_none_fails_as_a_listing(bad_room: ReadingRoom) -> None:
    url = "https://www.tribunnews.com/index-news"
    for body, reason in ((b"crash", "the parser crashed"), (b"<p>x</p>", "holds no list of articles")):
        with pytest.raises(ListingError, match=f"listing {url}: {reason}"):
            asyncio.run(bad_room.parse_listing(url, "index", body))


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and that nobody has asked for is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
