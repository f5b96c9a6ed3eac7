"""The HTTP/1.1 server of the newsroom: one thread, kept-alive connections, and faults where they are asked for."""

import asyncio
import contextlib
import itertools
import socket
import struct
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol

from seeds.body import body_of
from seeds.desk import NewsroomError
from seeds.faults import Fault, FaultKind, broken
from seeds.routes import PLAIN, Answer, is_unchanged

_LONGEST_HEAD_BYTES = 65_536
_IDLE_S = 75
_START_S = 10
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    keeps_alive: bool

    @property
    def accepts_gzip(self) -> bool:
        """Whether the client takes gzip."""
        for each in self.headers.get("accept-encoding", "").lower().split(","):
            name, _, weight = each.strip().partition(";")
            if name.strip() in {"gzip", "*"}:
                return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
        return False


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """A request that is being answered; `has_left` tells whether the client has gone meanwhile."""

    request: Request
    host: str
    connection: int
    asked_at: datetime
    at_once: int
    has_left: Callable[[], bool]


class Office(Protocol):
    """What the server asks of the newsroom."""

    def host_of(self, request: Request) -> str:
        """Return the site asked for."""

    def answer(self, host: str, target: str) -> Answer:
        """Return the answer to a GET."""

    def struck(self, host: str, target: str) -> dict[FaultKind, Fault]:
        """Return the faults that strike this request."""

    def note_request(self, request: Request, host: str, connection: int, has_left: Callable[[], bool]) -> Visit:
        """Write down that a request came by a connection; `has_left` tells whether its client has gone."""

    def note_answer(
        self, visit: Visit, answer: Answer | None, sent_bytes: int, faults: Collection[FaultKind] = ()
    ) -> None:
        """Write down what is sent, before it is; None is no answer."""

    def note_end(self, visit: Visit) -> None:
        """Write down that the answer is sent, or will never be."""


class _BadRequestError(Exception):
    """The client does not speak HTTP as we understand it."""


class Server:
    """Listens in a thread of its own until it is closed."""

    def __init__(self, office: Office, host: str, port: int) -> None:
        self._office = office
        self._listening = _listen(host, port)
        self._loop = asyncio.new_event_loop()
        self.address: tuple[str, int] = self._listening.getsockname()[:2]
        self._open: set[asyncio.Task[None]] = set()
        self._connections = itertools.count(1)
        self._end = asyncio.Event()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="newsroom", daemon=True)
        self._thread.start()
        self._is_ready.wait(_START_S)

    def close(self) -> None:
        """Stop listening, break off what is being sent, and end the thread."""
        with contextlib.suppress(RuntimeError):  # closed before
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(
            self._connection, sock=self._listening, limit=_LONGEST_HEAD_BYTES, backlog=256
        )
        self._is_ready.set()
        await self._end.wait()
        server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        # The transports close in the next turns of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._open.add(task)
        try:
            # A client that goes away, and our own closing, end the connection and nothing else.
            with contextlib.suppress(asyncio.CancelledError, ConnectionError, TimeoutError):
                number = next(self._connections)
                while await self._one(reader, writer, number):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        """Answer one request and tell whether the connection stays open."""
        try:
            request = await _read(reader)
        except _BadRequestError as error:
            writer.write(_head(400, {"Content-Length": "0", "Connection": "close", "X-Reason": str(error)}))
            return False
        if request is None:
            return False
        office, host = self._office, self._office.host_of(request)
        visit = office.note_request(request, host, connection, lambda: reader.at_eof() or writer.transport.is_closing())
        faults = office.struck(host, request.target)
        try:
            if slow := faults.get("slow"):
                await asyncio.sleep(slow.pause_s)
            if "reset" in faults:
                office.note_answer(visit, None, 0, faults)
                _reset(writer)
                return False
            answer = self._answer(request, host, faults)
            return await self._send(writer, visit, answer, faults)
        finally:
            office.note_end(visit)

    def _answer(self, request: Request, host: str, faults: Mapping[FaultKind, Fault]) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return Answer(405, body_of("GET and HEAD only.\n"), {"Allow": "GET, HEAD", "Content-Type": PLAIN})
        for kind in ("answer", "fail", "redirect"):
            if fault := faults.get(kind):
                said = fault.body if kind == "answer" else f"{fault.status} {_phrase(fault.status)}\n".encode()
                return Answer(fault.status, body_of(said), {"Content-Type": PLAIN, **fault.headers})
        answer = self._office.answer(host, request.target)
        if fault := faults.get("break"):
            headers = {"Content-Type": answer.headers.get("Content-Type", PLAIN)}
            return Answer(answer.status, body_of(broken(answer.body.plain, fault.part)), headers)
        if "forget" in faults:
            kept = {name: value for name, value in answer.headers.items() if name not in {"ETag", "Last-Modified"}}
            return Answer(answer.status, answer.body, kept)
        if is_unchanged(answer.headers, request.headers):
            return Answer(304, body_of(b""), answer.headers)
        return answer

    async def _send(
        self,
        writer: asyncio.StreamWriter,
        visit: Visit,
        answer: Answer,
        faults: Mapping[FaultKind, Fault],
    ) -> bool:
        request = visit.request
        headers = dict(answer.headers)
        if mislabel := faults.get("mislabel"):
            headers.update(mislabel.headers)
        cut, drip = faults.get("cut"), faults.get("drip")
        is_zipped = (request.accepts_gzip and "Content-Encoding" not in headers) or (
            cut is not None and cut.part == "gzip"
        )
        content = b"" if answer.status in _BODILESS else answer.body.gzipped if is_zipped else answer.body.plain
        length = len(content)
        if cut:
            content = content[: int(length * cut.keep)]
            length = len(content) if cut.part == "gzip" else length
        keeps_alive = request.keeps_alive and not (cut and cut.part == "length")
        if answer.status not in _BODILESS:
            headers["Content-Length"] = str(length)
            if is_zipped:
                headers["Content-Encoding"] = "gzip"
        headers |= {"Vary": "Accept-Encoding", "Connection": "keep-alive" if keeps_alive else "close"}
        head = _head(answer.status, headers)
        if request.method == "HEAD":
            content = b""
        self._office.note_answer(visit, answer, len(head) + len(content), faults)
        if drip is None:
            writer.write(head + content)
            await writer.drain()
            return keeps_alive
        writer.write(head)
        for start in range(0, len(content), drip.chunk_bytes):
            writer.write(content[start : start + drip.chunk_bytes])
            await writer.drain()
            await asyncio.sleep(drip.pause_s)
        return keeps_alive


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise NewsroomError(
            f"newsroom: cannot listen on {host} port {port}: {reason}; choose another port, or 0 for a free one"
        ) from error
    return listening


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request; None when the client has no more."""
    try:
        async with asyncio.timeout(_IDLE_S):
            head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, TimeoutError):
        return None
    except asyncio.LimitOverrunError as error:
        raise _BadRequestError("head too long") from error
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004  - method, target, version
        raise _BadRequestError("not HTTP/1.1")
    method, target, version = words
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise _BadRequestError("header without a colon")
        headers[name.strip().lower()] = value.strip()
    if not headers.get("content-length", "0").isdigit() or "transfer-encoding" in headers:
        raise _BadRequestError("a body is not taken")
    if length := int(headers.get("content-length", "0")):
        await reader.readexactly(min(length, _LONGEST_HEAD_BYTES))
    if target.startswith(("http://", "https://")):
        # The form that is sent to a proxy: the host stands in the target.
        authority, _, rest = target.partition("://")[2].partition("/")
        headers["host"], target = authority, f"/{rest}"
    asked = headers.get("connection", "").lower()
    keeps_alive = asked != "close" if version == "HTTP/1.1" else asked == "keep-alive"
    return Request(method, target, headers, keeps_alive)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", f"Date: {formatdate(usegmt=True)}", "Server: newsroom"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _reset(writer: asyncio.StreamWriter) -> None:
    # To linger for no time at all makes the kernel send RST instead of FIN.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
