"""The newsroom: whose site it answers as, its clock, its books, its edges."""

import http.client
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from seeds.newsroom import NOW, Newsroom, NewsroomError

Ask = Callable[..., Any]

FLOOD = "001_banjir"
FLOOD_URL = "https://www.tribunnews.com/regional/7001/banjir-uji"


def test_an_article_is_served_under_every_name_of_www(room: Newsroom, ask: Ask) -> None:
    hosts = ("www.tribunnews.com", "tribunnews.com", "www.presnapress.com", "presnapress.com")

    bodies = {ask(room, f"https://{host}/regional/7001/banjir-uji").body for host in hosts}
    mobile = ask(room, "https://m.tribunnews.com/regional/7001/banjir-uji").body

    assert bodies == {room.page(FLOOD, 1)}
    assert mobile == room.page(FLOOD, 1, door="m")


def test_only_a_dated_address_has_an_amp_page(room: Newsroom, ask: Ask) -> None:
    dated = next(name for name in room.names if "/2024/" in room.address(name))
    path = room.address(dated).removeprefix("https://").partition("/")

    found = ask(room, f"https://{path[0]}/amp/{path[2]}?page=all")

    assert found.body == room.page(dated, "all", door="amp")
    assert ask(room, "https://www.tribunnews.com/amp/regional/7001/banjir-uji").status == 404


def test_the_newsroom_prints_in_the_layout_that_is_chosen(room: Newsroom, ask: Ask) -> None:
    room.layout = "B"

    assert ask(room, FLOOD_URL).body == room.page(FLOOD, 1, layout="B") != room.page(FLOOD, 1, layout="E")
    with pytest.raises(NewsroomError, match="no layout is named 'F'"):
        room.layout = "F"  # type: ignore[assignment]


def test_a_browser_on_this_machine_sees_www(room: Newsroom, ask: Ask) -> None:
    got = ask(room, "/regional/7001/banjir-uji")

    assert got.status == 200
    assert room.requested == ["www.tribunnews.com/regional/7001/banjir-uji"]


def test_a_regional_site_has_its_own_articles_only(room: Newsroom, ask: Ask) -> None:
    path = "/2024/03/02/lirik-lagu-uji"

    assert ask(room, f"https://kaltim.tribunnews.com{path}").status == 200
    assert ask(room, f"https://bali.tribunnews.com{path}").status == 404
    assert ask(room, f"https://www.tribunnews.com{path}").status == 404


@pytest.mark.parametrize("host", ["tribun-maluku.com", "evil.example", "tribunnews.com.example.org", "[::2]"])
def test_a_host_that_is_not_of_the_network_is_not_found(room: Newsroom, ask: Ask, host: str) -> None:
    assert ask(room, f"https://{host}/robots.txt").status == 404


def test_what_is_published_later_than_now_appears_when_the_clock_reaches_it(room: Newsroom, ask: Ask) -> None:
    sitemap = "https://www.tribunnews.com/regional/sitemap-news.xml"
    room.now = datetime.fromisoformat("2026-07-24T17:30:09+07:00")
    before = ask(room, FLOOD_URL).status, FLOOD_URL in ask(room, sitemap).text

    room.now += timedelta(seconds=1)

    assert before == (404, False)
    assert (ask(room, FLOOD_URL).status, FLOOD_URL in ask(room, sitemap).text) == (200, True)


def test_the_clock_refuses_a_moment_without_offset(room: Newsroom) -> None:
    with pytest.raises(NewsroomError, match="has no offset"):
        room.now = datetime(2026, 7, 24)  # noqa: DTZ001  - what is refused


def test_an_id_without_its_slug_or_with_another_leads_to_the_article(room: Newsroom, ask: Ask) -> None:
    for path in ("/regional/7001", "/regional/7001/judul-lama"):
        got = ask(room, f"https://m.tribunnews.com{path}?page=all")

        assert (got.status, got.headers["Location"]) == (301, f"{FLOOD_URL}?page=all")


def test_a_removed_article_is_gone_and_in_no_listing(room: Newsroom, ask: Ask) -> None:
    room.remove(FLOOD)

    assert ask(room, FLOOD_URL).status == 410
    assert FLOOD_URL not in ask(room, "https://www.tribunnews.com/index-news").text


def test_a_missing_page_is_answered_in_the_style_of_the_site(room: Newsroom, ask: Ask) -> None:
    got = ask(room, "https://www.tribunnews.com/nasional/123456/tidak-ada")

    assert got.status == 404
    assert "Halaman tidak ditemukan" in got.text
    assert "widget_pilihanuntukmu_article" in got.text
    assert 'id="arttitle"' not in got.text


def test_an_edit_changes_page_listing_and_expectation(room: Newsroom, ask: Ask) -> None:
    room.edit(FLOOD, title="UPDATE Banjir Uji", text="Satu.\n\nDua.", lead=None)

    page, expected = ask(room, f"{FLOOD_URL}?page=all").text, room.expected(FLOOD)
    assert ">UPDATE Banjir Uji</h1>" in page
    assert "Air naik sejak subuh" not in page
    assert [each["text"] for each in expected["paragraphs"]] == ["Satu.", "Dua."]
    assert (expected["title"], expected["lead"]) == ("UPDATE Banjir Uji", None)
    assert expected["modified_at"] == NOW.isoformat()
    assert f'"dateModified": "{NOW.isoformat()}"' in page
    assert "UPDATE Banjir Uji" in ask(room, "https://www.tribunnews.com/sitemap-news.xml").text


def test_two_edits_at_one_standing_moment_have_different_times(room: Newsroom) -> None:
    room.edit(FLOOD, title="Satu")
    first = room.expected(FLOOD)["modified_at"]

    room.edit(FLOOD, title="Dua")

    assert room.expected(FLOOD)["modified_at"] > first


def test_an_edit_of_what_no_article_has_is_refused(room: Newsroom) -> None:
    with pytest.raises(NewsroomError, match="an article has no judul"):
        room.edit(FLOOD, judul="x")


def test_a_name_that_nobody_has_is_refused(room: Newsroom) -> None:
    with pytest.raises(NewsroomError, match="no article is named '999'"):
        room.address("999")


def test_every_request_is_in_the_log(room: Newsroom, ask: Ask) -> None:
    ask(room, f"{FLOOD_URL}?page=2", headers={"User-Agent": "Uji/1"})
    ask(room, "https://www.tribunnews.com/robots.txt", method="HEAD", headers={"If-None-Match": '"x"'})

    first, second = room.log
    assert (first.method, first.host, first.path) == ("GET", "www.tribunnews.com", "/regional/7001/banjir-uji?page=2")
    assert (first.status, first.conditional, first.agent) == (200, False, "Uji/1")
    assert first.sent_bytes > len(room.page(FLOOD, 2))
    assert first.at.utcoffset() == timedelta(0)
    assert (second.method, second.status, second.conditional) == ("HEAD", 200, True)
    assert second.sent_bytes < 1000


def test_the_list_of_requests_can_be_cleared(room: Newsroom, ask: Ask) -> None:
    ask(room, FLOOD_URL)
    room.requested.clear()

    ask(room, "https://www.tribunnews.com/robots.txt")

    assert room.requested == ["www.tribunnews.com/robots.txt"]


def test_article_requests_are_those_for_something_to_read(room: Newsroom, ask: Ask) -> None:
    for path in ("/robots.txt", "/index-news?page=2", "/regional/sitemap-news.xml", "/regional", "/tag/banjir"):
        ask(room, f"https://www.tribunnews.com{path}")
    wanted = ["/regional/7001/banjir-uji?page=all", "/images/regional/view/12/x", "/nasional/2026/07/24/tidak-ada"]
    for path in wanted:
        ask(room, f"https://www.tribunnews.com{path}")

    assert room.article_requests == [f"www.tribunnews.com{path}" for path in wanted]


def test_one_connection_carries_many_requests(room: Newsroom) -> None:
    place = urlsplit(room.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.connect()
    first_socket = connection.sock

    for _ in range(5):
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()

    assert connection.sock is first_socket
    connection.close()


def test_many_clients_at_once_get_whole_pages(big: Newsroom, ask: Ask) -> None:
    names = big.names[:200]

    with ThreadPoolExecutor(12) as pool:
        bodies = list(pool.map(lambda name: ask(big, f"{big.address(name)}?page=all").body, names))

    assert bodies == [big.page(name) for name in names]
    assert len(big.log) == len(big.requested) == 200


def test_editing_while_clients_read_never_gives_a_mixed_page(room: Newsroom, ask: Ask) -> None:
    stop = threading.Event()
    seen: list[tuple[str, str]] = []

    def read() -> None:
        while not stop.is_set():
            page = ask(room, f"{FLOOD_URL}?page=all").text
            title = page.split('id="arttitle">', 1)[1].split("<", 1)[0]
            seen.append((title, page.split('property="og:title" content="', 1)[1].split(" - Tribunnews", 1)[0]))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(60):
        room.edit(FLOOD, title=f"Edisi {number}")
    stop.set()
    for reader in readers:
        reader.join()

    assert all(title == linked for title, linked in seen if title.startswith("Edisi"))


def test_requests_of_one_host_at_the_same_time_are_counted(room: Newsroom, ask: Ask) -> None:
    room.slow("/robots.txt", 0.3)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: ask(room, "https://bali.tribunnews.com/robots.txt"), range(3)))
    for _ in range(3):
        ask(room, "https://jabar.tribunnews.com/robots.txt")

    assert room.most_at_once == {"bali.tribunnews.com": 3, "jabar.tribunnews.com": 1}


def test_a_method_that_changes_something_is_not_allowed(room: Newsroom, ask: Ask) -> None:
    got = ask(room, "/robots.txt", method="POST", headers={"Content-Length": "0"})

    assert (got.status, got.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "said",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"],
)
def test_what_is_not_http_gets_400_and_no_more(room: Newsroom, said: bytes) -> None:
    place = urlsplit(room.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as client:
        client.sendall(said)

        answered = client.recv(65_536)

    assert answered.startswith(b"HTTP/1.1 400 ")


def test_a_port_that_is_taken_is_told_in_one_line(room: Newsroom, tiny: Path) -> None:
    port = urlsplit(room.url).port or 0

    with pytest.raises(NewsroomError, match=rf"cannot listen on 127\.0\.0\.1 port {port}: .*choose another") as caught:
        Newsroom(seeds=tiny, port=port).__enter__()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org", ""])  # noqa: S104  - what is refused
def test_it_listens_on_loopback_only(tiny: Path, host: str) -> None:
    with pytest.raises(NewsroomError, match="is not loopback"):
        Newsroom(seeds=tiny, host=host)


def test_after_closing_nobody_answers_and_the_port_is_free(tiny: Path, ask: Ask) -> None:
    with Newsroom(seeds=tiny) as first:
        port = urlsplit(first.url).port or 0
        ask(first, "/robots.txt")

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    with Newsroom(seeds=tiny, port=port) as second:
        assert ask(second, "/robots.txt").status == 200


def test_closing_does_not_wait_for_slow_answers(tiny: Path) -> None:
    with Newsroom(seeds=tiny) as room:
        room.slow("/robots.txt", 60)
        place = urlsplit(room.url)
        client = socket.create_connection((place.hostname, place.port), timeout=10)
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: www.tribunnews.com\r\n\r\n")
        while not room.requested:
            time.sleep(0.01)
        started_at = time.monotonic()

    assert time.monotonic() - started_at < 10
    assert client.recv(100) == b""
    client.close()


def test_pages_and_expectations_need_no_open_server(tiny: Path) -> None:
    newsroom = Newsroom(seeds=tiny)

    assert newsroom.page(FLOOD).startswith(b"<!DOCTYPE html>")
    assert newsroom.expected(FLOOD)["content_id"] == "7001"
    with pytest.raises(NewsroomError, match="it is not open"):
        _ = newsroom.url
