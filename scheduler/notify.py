"""What the service tells systemd, where systemd asks for it: ready, alive, reloading, stopping (sd_notify)."""

import contextlib
import os
import socket
import time
from collections.abc import MutableMapping
from typing import Final

_MICROSECONDS: Final = 1_000_000


class Notifier:
    """The socket that systemd listens on; where there is none, nothing is told."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        """Take NOTIFY_SOCKET and the watchdog out of the environment, so that no child speaks for the service."""
        self._address = environ.pop("NOTIFY_SOCKET", "")
        usec, pid = environ.pop("WATCHDOG_USEC", ""), environ.pop("WATCHDOG_PID", "")
        is_ours = pid in {"", str(os.getpid())}
        # How often systemd is to be told that the service lives: twice in the time that it waits. None: not at all.
        self.watchdog_s: float | None = int(usec) / _MICROSECONDS / 2 if usec.isdigit() and is_ours else None

    def ready(self, status: str) -> None:
        """Tell that the service has started, or is done reloading."""
        self._send("READY=1", f"STATUS={status}")

    def alive(self, status: str) -> None:
        """Tell that everything in the service moves."""
        self._send("WATCHDOG=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Tell that settings and topics are read anew."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send("RELOADING=1", f"MONOTONIC_USEC={now}", "STATUS=reading settings and topics anew")

    def stopping(self) -> None:
        """Tell that the service ends."""
        self._send("STOPPING=1", "STATUS=stopping")

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        # A name that begins with @ is one of the abstract namespace.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        # Who does not listen any more is not told; the service goes on.
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told,
        ):
            told.sendto("\n".join(line.replace("\n", " ") for line in lines).encode(), address)
