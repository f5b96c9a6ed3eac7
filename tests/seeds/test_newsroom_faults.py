"""The faults of the newsroom: each does what it says, where it is asked for, as often as it is asked for."""

import gzip
import http.client
import re
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from seeds.newsroom import Newsroom

Ask = Callable[..., Any]

FLOOD = "001_banjir"
FLOOD_URL = "https://www.tribunnews.com/regional/7001/banjir-uji"
ROBOTS = "https://www.tribunnews.com/robots.txt"


def test_a_status_comes_as_often_as_asked_for_and_then_the_page_again(room: Newsroom, ask: Ask) -> None:
    room.fail(FLOOD_URL, 503, retry_after=7, times=2)

    answers = [ask(room, FLOOD_URL) for _ in range(3)]

    assert [each.status for each in answers] == [503, 503, 200]
    assert [each.headers["Retry-After"] for each in answers] == ["7", "7", None]


def test_a_fault_without_a_number_stays_until_it_is_healed(room: Newsroom, ask: Ask) -> None:
    room.fail(FLOOD_URL, 500)
    before = [ask(room, FLOOD_URL).status for _ in range(4)]

    room.heal()

    assert (before, ask(room, FLOOD_URL).status) == ([500] * 4, 200)


@pytest.mark.parametrize(
    "pattern",
    [
        FLOOD_URL,
        "www.tribunnews.com/regional/7001/banjir-uji",
        "/regional/7001/banjir-uji",
        "/regional/*",
        "https://www.tribunnews.com/*",
        "*banjir*",
        f"{FLOOD_URL}?page=all",
    ],
)
def test_a_pattern_names_an_address_with_any_query(room: Newsroom, ask: Ask, pattern: str) -> None:
    room.fail(pattern, 418)

    assert ask(room, f"{FLOOD_URL}?page=all").status == 418


@pytest.mark.parametrize(
    "pattern",
    [
        "https://bali.tribunnews.com/*",
        "/regional",
        "/regional/7001/banjir-uj",
        "/banjir-uji",
        f"{FLOOD_URL}?page=2",
        "https://tribunnews.com/regional/7001/banjir-uji",
    ],
)
def test_a_pattern_of_another_address_does_nothing(room: Newsroom, ask: Ask, pattern: str) -> None:
    room.fail(pattern, 418)

    assert ask(room, f"{FLOOD_URL}?page=all").status == 200


def test_the_fault_asked_for_last_comes_first(room: Newsroom, ask: Ask) -> None:
    room.fail("/robots.txt", 500)
    room.fail("/robots.txt", 429, times=1)

    assert [ask(room, ROBOTS).status for _ in range(2)] == [429, 500]


def test_a_slow_answer_waits_and_others_do_not(room: Newsroom, ask: Ask) -> None:
    room.slow(FLOOD_URL, 0.4, times=1)
    place = urlsplit(room.url)
    waiting = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    started_at = time.monotonic()
    waiting.request("GET", "/regional/7001/banjir-uji")

    ask(room, ROBOTS)
    others_s = time.monotonic() - started_at
    waiting.getresponse().read()
    waiting.close()

    assert others_s < 0.4 <= time.monotonic() - started_at


def test_a_slow_answer_may_also_fail(room: Newsroom, ask: Ask) -> None:
    room.slow("/robots.txt", 0.1)
    room.fail("/robots.txt", 503)
    started_at = time.monotonic()

    status = ask(room, ROBOTS).status

    assert (status, time.monotonic() - started_at >= 0.1) == (503, True)


def test_a_dripping_body_arrives_whole_in_the_end(room: Newsroom, ask: Ask) -> None:
    whole = ask(room, ROBOTS).body
    room.drip("/robots.txt", chunk_bytes=100, pause_s=0.05)
    started_at = time.monotonic()

    got = ask(room, ROBOTS)

    assert got.body == whole
    assert time.monotonic() - started_at >= 0.05 * (len(whole) // 100)


def test_a_body_cut_by_length_promises_more_than_comes(room: Newsroom, ask: Ask) -> None:
    room.cut(FLOOD_URL)

    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(room, FLOOD_URL)

    whole = len(room.page(FLOOD, 1))
    assert len(caught.value.partial) == whole // 2
    assert caught.value.expected == whole - whole // 2


def test_a_body_cut_in_gzip_has_an_honest_length_and_no_end(room: Newsroom, ask: Ask) -> None:
    room.cut(FLOOD_URL, "gzip", keep=0.6)

    got = ask(room, FLOOD_URL)

    assert got.headers["Content-Encoding"] == "gzip"
    assert got.headers["Content-Length"] == str(len(got.body))
    with pytest.raises(EOFError):
        gzip.decompress(got.body)
    start = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(got.body)
    assert room.page(FLOOD, 1).startswith(start)
    assert start


def test_a_reset_connection_gives_no_answer_and_status_0_in_the_log(room: Newsroom, ask: Ask) -> None:
    room.reset(FLOOD_URL, times=1)

    with pytest.raises(ConnectionResetError):
        ask(room, FLOOD_URL)

    assert room.log[-1].status == 0
    assert ask(room, FLOOD_URL).status == 200


def test_a_mislabelled_answer_has_the_right_body(room: Newsroom, ask: Ask) -> None:
    room.mislabel(FLOOD_URL, "application/pdf")

    got = ask(room, FLOOD_URL)

    assert (got.headers["Content-Type"], got.body) == ("application/pdf", room.page(FLOOD, 1))


def test_a_redirect_names_its_target(room: Newsroom, ask: Ask) -> None:
    room.redirect("/old/*", "/regional/7001/banjir-uji", 302)

    got = ask(room, "https://www.tribunnews.com/old/1")

    assert (got.status, got.headers["Location"]) == (302, "/regional/7001/banjir-uji")


def test_an_answer_of_ones_own_is_sent_as_it_is(room: Newsroom, ask: Ask) -> None:
    bomb = gzip.compress(b"0" * 5_000_000)
    room.answer(FLOOD_URL, bomb, headers={"Content-Encoding": "gzip"})

    got = ask(room, FLOOD_URL, headers={"Accept-Encoding": "gzip"})

    assert (got.status, got.body, got.headers["Content-Encoding"]) == (200, bomb, "gzip")
    assert got.headers["Content-Type"] == "text/html; charset=UTF-8"


def test_a_broken_layout_has_no_body_container_but_the_words(room: Newsroom, ask: Ask) -> None:
    room.break_layout(FLOOD_URL, "body")

    page = ask(room, FLOOD_URL).text

    assert 'class="side-article txt-article' not in page
    assert '<div class="isi-baca">' in page
    assert "Air naik sejak subuh" in page
    assert 'id="arttitle"' in page


def test_a_layout_without_title_has_it_nowhere(room: Newsroom, ask: Ask) -> None:
    room.break_layout(FLOOD_URL, "title")

    page = ask(room, FLOOD_URL).text

    assert "arttitle" not in page
    assert '"headline"' not in page
    assert "og:title" not in page
    assert re.findall(r"<title>(.*)</title>", page) == ["Tribunnews.com"]
    assert "txt-article multi-fontsize" in page


def test_a_broken_page_is_never_answered_as_unchanged(room: Newsroom, ask: Ask) -> None:
    tag = ask(room, FLOOD_URL).headers["ETag"]
    room.break_layout(FLOOD_URL)

    got = ask(room, FLOOD_URL, headers={"If-None-Match": tag})

    assert (got.status, got.headers["ETag"]) == (200, None)


def test_a_client_that_goes_away_in_the_middle_harms_nobody(room: Newsroom, ask: Ask) -> None:
    room.drip(FLOOD_URL, chunk_bytes=500, pause_s=0.01, times=1)
    place = urlsplit(room.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as client:
        client.sendall(b"GET /regional/7001/banjir-uji HTTP/1.1\r\nHost: www.tribunnews.com\r\n\r\n")
        client.recv(700)

    assert ask(room, FLOOD_URL).body == room.page(FLOOD, 1)
