"""What the service answers over HTTP, asked by a client of its own on this machine."""

import asyncio
import http.client
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from crawler.errors import PortTakenError
from scheduler.http import MOST_CONNECTIONS, Check, Doors, listen, url_of
from tests.serving import wait_for


class Service:
    """An HTTP side on a free port, in a thread of its own; `checks` may be changed."""

    def __init__(self, **how: float) -> None:
        self.checks = [Check("archive", ok=True, line="takes writes"), Check("disk", ok=True, line="9 GB free")]
        self.socket = listen("127.0.0.1", 0)
        self.port = int(url_of(self.socket).rpartition(":")[2])
        self._loop = asyncio.new_event_loop()
        self._doors = Doors(checks=lambda: self.checks, metrics=self._metrics, **how)
        self._loop.run_until_complete(self._doors.open(self.socket))
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._doors.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _metrics(self) -> str:
        return "tribunwatch_queue_depth 0\n"

    def ask(self, path: str, *, method: str = "GET", host: str | None = None) -> tuple[int, str, dict[str, str]]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, headers={"Host": host} if host is not None else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.getheaders()}


@pytest.fixture
def service() -> Iterator[Service]:
    with closing(Service()) as running:
        yield running


def test_a_service_that_answers_is_alive(service: Service) -> None:
    assert service.ask("/livez")[:2] == (200, "ok\n")


@pytest.mark.parametrize("path", ["/readyz", "/healthz", "/healthcheck"])
def test_a_service_is_ready_while_all_that_it_needs_is_well(service: Service, path: str) -> None:
    assert service.ask(path)[:2] == (200, "ready\n")

    service.checks[0] = Check("archive", ok=False, line="has taken no write for 12 s")

    assert service.ask(path)[:2] == (503, "NOT OK archive: has taken no write for 12 s\nnot ready\n")


def test_verbose_shows_every_check(service: Service) -> None:
    service.checks[1] = Check("disk", ok=False, line="1 MB free", is_needed=False)

    status, text, _ = service.ask("/readyz?verbose=1")

    assert (status, text) == (200, "ok     archive: takes writes\nNOT OK disk: 1 MB free\nready\n")


def test_metrics_are_text_as_prometheus_takes_it(service: Service) -> None:
    status, text, headers = service.ask("/metrics")

    assert (status, text) == (200, "tribunwatch_queue_depth 0\n")
    assert headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("host", ["127.0.0.1:8711", "localhost", "localhost:1", "[::1]:8711", "127.9.9.9"])
def test_who_asks_for_this_machine_is_answered(service: Service, host: str) -> None:
    assert service.ask("/livez", host=host)[0] == 200


@pytest.mark.parametrize(
    "host", ["example.org", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1", "", "[", "a@127.0.0.1:x"]
)
def test_a_page_elsewhere_whose_name_leads_here_is_not_answered(service: Service, host: str) -> None:
    status, text, _ = service.ask("/metrics", host=host)

    assert status in {400, 421}
    assert "queue_depth" not in text


@pytest.mark.parametrize("path", ["/", "/api", "/livez/", "/../etc/passwd", "/%2e%2e/etc/passwd"])
def test_what_is_not_there_says_what_is(service: Service, path: str) -> None:
    assert service.ask(path)[:2] == (404, "nothing is here; there are /livez, /readyz, /metrics\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(service: Service, method: str) -> None:
    status, _, headers = service.ask("/readyz", method=method)

    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(("path", "host"), [("/livez", None), ("/none", None), ("/livez", "example.org")])
def test_no_answer_is_kept_guessed_at_or_framed(service: Service, path: str, host: str | None) -> None:
    headers = service.ask(path, host=host)[2]

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["server"] == "tribunwatch"


def test_connections_are_bounded_in_number(service: Service) -> None:
    with ExitStack() as stack:
        opened = [
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
            for _ in range(2 * MOST_CONNECTIONS)
        ]

        # What is refused can be read to its end; on the others nothing comes.
        wait_for(lambda: len(select.select(opened, [], [], 0)[0]) >= MOST_CONNECTIONS // 2, "those that are refused")
        assert select.select(opened, [], [], 0)[0][0].recv(1) == b""
    wait_for(lambda: answers(service), "an answer once they are closed")


def test_a_client_that_is_slow_is_not_waited_for_without_end() -> None:
    with closing(Service(longest_s=0.3)) as service:
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as slow:
            slow.sendall(b"GET /livez HTTP/1.1\r\n")

            assert slow.recv(1) == b""
        assert service.ask("/livez")[0] == 200


def answers(service: Service) -> bool:
    try:
        return service.ask("/livez")[0] == 200
    except OSError:
        return False


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PortTakenError, match=rf"cannot listen on localhost port {port}: .*; .* --port") as told:
            listen("localhost", port)

    assert told.value.exit_code == 3
