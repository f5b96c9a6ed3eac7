"""What the service answers over HTTP, on this machine only: is it alive, is it ready, how does it fare.

No answer asks the site for anything. Probes are answered from what the service knows already, so they are as quick
while a crawl runs.
"""

import asyncio
import ipaddress
import logging
import os
import re
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from crawler.errors import CrawlerError, PortTakenError

# When it is loaded, aiohttp makes a context for its clients and reads all certificates of the system into it, and its
# lists load the library of C++: 3 MB together, of which a server that hardly anybody asks has no use. Its client could
# verify nobody in this process, so nothing else of ours may load it (pyproject.toml).
_LIGHTLY: Final = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull, "FROZENLIST_NO_EXTENSIONS": "1"}


@contextmanager
def _environment(changed: Mapping[str, str]) -> Iterator[None]:
    """Change the environment for the block."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


with _environment(_LIGHTLY):
    from aiohttp import web

log = logging.getLogger(__name__)

_NAMES: Final = "/livez, /readyz, /metrics"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "tribunwatch",
    "X-Content-Type-Options": "nosniff",
}
_HOST: Final = re.compile(r"(?:(?P<name>[a-z0-9.]+)|\[(?P<v6>[0-9a-f:.]+)\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_LONGEST_ANSWER_S: Final = 1.0
# So many connections may be open, and so many more when they all come at the same moment.
MOST_CONNECTIONS, _AT_ONCE = 64, 16
_LONGEST_CONNECTION_S: Final = 30.0
_METRICS: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: well or not, in one line. What is not needed to work does not count against it."""

    name: str
    ok: bool
    line: str
    is_needed: bool = True


class Doors:
    """The HTTP side of a service.

    Args:
        checks: What stands behind /readyz; answered from memory.
        metrics: Gives the text of /metrics; may take a while.
        longest_s: How long one connection may last, however slowly its client asks.
    """

    def __init__(
        self,
        *,
        checks: Callable[[], list[Check]],
        metrics: Callable[[], Awaitable[str]],
        longest_s: float = _LONGEST_CONNECTION_S,
    ) -> None:
        self._checks = checks
        self._metrics = metrics
        self._longest_s = longest_s
        self._server: asyncio.Server | None = None
        app = web.Application(middlewares=[_guard])
        app.router.add_get("/livez", self._livez)
        for path in ("/readyz", "/healthz", "/healthcheck"):
            app.router.add_get(path, self._readyz)
        app.router.add_get("/metrics", self._give_metrics)
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=_LONGEST_ANSWER_S, keepalive_timeout=15.0
        )

    async def open(self, listening: socket.socket) -> None:
        """Answer whoever connects to the socket."""
        await self._runner.setup()
        self._server = await asyncio.get_running_loop().create_server(self._accept, sock=listening, backlog=_AT_ONCE)

    async def close(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    def _accept(self) -> asyncio.Protocol:
        """Return who speaks to a new connection; of many at once the last are let go, so that crawls can be started."""
        server = self._runner.server
        if server is None or len(server.connections) >= MOST_CONNECTIONS:
            return _Refusal()
        handler = server()
        asyncio.get_running_loop().call_later(self._longest_s, handler.force_close)
        return handler

    async def _livez(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, request: web.Request) -> web.Response:
        checks = self._checks()
        wrong = [each for each in checks if each.is_needed and not each.ok]
        shown = checks if request.query.get("verbose") not in {None, "0"} else wrong
        lines = [f"{'ok    ' if each.ok else 'NOT OK'} {each.name}: {each.line}" for each in shown]
        lines.append("not ready" if wrong else "ready")
        return web.Response(text="\n".join(lines) + "\n", status=503 if wrong else 200)

    async def _give_metrics(self, _: web.Request) -> web.Response:
        try:
            text = await self._metrics()
        except CrawlerError as error:
            return web.Response(text=f"{error}\n", status=503)
        return web.Response(body=text.encode(), headers={"Content-Type": _METRICS})


class _Refusal(asyncio.Protocol):
    """Ends a connection at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """End it."""
        transport.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address of this machine; port 0 takes one that is free.

    Raises:
        PortTakenError: Another process listens there.
    """
    address = "127.0.0.1" if host == "localhost" else host
    listening = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        # A port that the service before this one has just let go of is free.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PortTakenError(host, port, error.strerror or str(error)) from error
    listening.settimeout(0)
    return listening


def url_of(listening: socket.socket) -> str:
    """Return where a listening socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@web.middleware
async def _guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer only who asked for this machine by its own name: a page elsewhere may have its name lead here."""
    answer: web.StreamResponse
    if not _is_own_name(request.host):
        answer = web.Response(text="this service answers on this machine only; ask for 127.0.0.1\n", status=421)
    else:
        try:
            answer = await handler(request)
        except web.HTTPNotFound:
            answer = web.Response(text=f"nothing is here; there are {_NAMES}\n", status=404)
        except web.HTTPMethodNotAllowed as error:
            allowed = ", ".join(sorted(error.allowed_methods))
            answer = web.Response(text="this can only be read\n", status=405, headers={"Allow": allowed})
    answer.headers.update(_HEADERS)
    return answer


def _is_own_name(host: str) -> bool:
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    try:
        return (found["name"] or "").lower() == "localhost" or ipaddress.ip_address(
            found["name"] or found["v6"]
        ).is_loopback
    except ValueError:
        return False
