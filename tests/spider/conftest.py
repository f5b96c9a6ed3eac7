"""A server on this machine that answers as it is told, byte for byte, and remembers what it was asked."""

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    at_s: float
    host: str
    path: str
    headers: dict[str, str]


@dataclass
class ScriptedSite:
    """Raw answers by "host/path"; a list is used up one by one, its last one for good.

    An answer is bytes, sent as they are before the connection is closed, or a number of seconds to say nothing.
    """

    answers: dict[str, bytes | float | list[bytes | float]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    underway: int = 0
    most_underway: int = 0
    url: str = ""

    def paths(self, host: str) -> list[str]:
        return [each.path for each in self.asked if each.host == host]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines[1:] if line)
            path = lines[0].split(" ")[1]
            self.asked.append(Asked(time.monotonic(), headers["Host"], path, headers))
            self.underway += 1
            self.most_underway = max(self.most_underway, self.underway)
            answer = self._answer(headers["Host"] + path)
            if isinstance(answer, float):
                await asyncio.sleep(answer)
            else:
                writer.write(answer)
                await writer.drain()
            self.underway -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, place: str) -> bytes | float:
        answer = self.answers.get(place, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def answer() -> object:
    """Make a whole answer: `answer(body, "Header: value", status="200 OK")`."""
    return whole


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedSite]:
    """Give a scripted server, open on a free port of this machine."""
    scripted, is_open, stops = ScriptedSite(), threading.Event(), threading.Event()

    async def serve() -> None:
        async with await asyncio.start_server(scripted.talk, "127.0.0.1", 0, ssl=tls) as server:
            scripted.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            is_open.set()
            while not stops.is_set():  # noqa: ASYNC110  - set by another thread
                await asyncio.sleep(0.005)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert is_open.wait(5)
    yield scripted
    stops.set()
    thread.join(5)


@pytest.fixture
def site() -> Iterator[ScriptedSite]:
    """A scripted server, open on a free port of this machine."""
    with serving() as scripted:
        yield scripted
