"""What systemd hears of the service, on a real socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.notify import Notifier


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket on which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def heard(systemd: socket.socket) -> list[str]:
    return systemd.recv(4096).decode().splitlines()


def test_systemd_hears_each_state(systemd: socket.socket) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd.getsockname()})

    notifier.ready("answers at http://127.0.0.1:8711")
    notifier.alive("crawl 7\nrunning")
    notifier.reloading()
    notifier.stopping()

    assert heard(systemd) == ["READY=1", "STATUS=answers at http://127.0.0.1:8711"]
    assert heard(systemd) == ["WATCHDOG=1", "STATUS=crawl 7 running"]
    reloading = heard(systemd)
    assert reloading[0] == "RELOADING=1"
    assert reloading[1].removeprefix("MONOTONIC_USEC=").isdigit()
    assert heard(systemd)[0] == "STOPPING=1"


def test_an_abstract_socket_is_found() -> None:
    name = f"tribunwatch-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(10)

        Notifier({"NOTIFY_SOCKET": f"@{name}"}).stopping()

        assert heard(listening)[0] == "STOPPING=1"


def test_no_child_speaks_for_the_service(systemd: socket.socket) -> None:
    environ = {
        "NOTIFY_SOCKET": systemd.getsockname(),
        "WATCHDOG_USEC": "60000000",
        "WATCHDOG_PID": str(os.getpid()),
        "HOME": "/",
    }

    notifier = Notifier(environ)

    assert environ == {"HOME": "/"}
    assert notifier.watchdog_s == 30.0


@pytest.mark.parametrize("environ", [{}, {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "soon"}])
def test_where_nobody_watches_nobody_is_told(environ: dict[str, str]) -> None:
    assert Notifier(dict(environ)).watchdog_s is None


def test_a_systemd_that_does_not_listen_any_more_stops_nothing(tmp_path: Path) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).stopping()
