"""The address guard: a name of the site that leads to a private address is refused before anything connects.

DNS is not trusted: whoever can change an answer of it could otherwise make the crawler ask services of the machine
or its network. The check sits in the resolver whose answer is connected to, so that nothing can change in between.
"""

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

Lookup = Callable[[str, int], list[tuple[int, str]]]
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class NotPublicError(OSError):
    """A name led to an address that is not public."""


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet, also when it hides inside an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def look_up(host: str, port: int) -> list[tuple[int, str]]:
    """Return family and address of each answer of the system's resolver; blocks until it has one."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(int(family), str(address[0])) for family, _, _, _, address in found]


class GuardedResolver(AbstractResolver):
    """Resolve names within a deadline, to public addresses only.

    Raises:
        NotPublicError: One of the addresses is not public; then none of them is used.
        OSError: There is no such name, or no answer in time.
    """

    def __init__(self, *, timeout_s: float, lookup: Lookup = look_up) -> None:
        self._timeout_s = timeout_s
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a host."""
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await self._ask(host, port)
        except TimeoutError:
            raise OSError(f"no answer from the name server within {self._timeout_s:g} s") from None
        for _, address in found:
            if not is_public(address):
                raise NotPublicError(f"{host} leads to {address}, which is not a public address")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=each,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for each, address in found
            if family in (socket.AF_UNSPEC, each)
        ]

    async def _ask(self, host: str, port: int) -> list[tuple[int, str]]:
        # A resolver that hangs cannot be interrupted. A daemon thread does not hold up the end of the process, which
        # the threads of asyncio's and Twisted's pools would.
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[tuple[int, str]]] = loop.create_future()

        def tell(found: list[tuple[int, str]] | None, error: OSError | None) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(found or [])

        def work() -> None:
            found, error = None, None
            try:
                found = self._lookup(host, port)
            except (OSError, UnicodeError) as caught:
                error = caught if isinstance(caught, OSError) else OSError(str(caught))
            # The crawl may have ended while the name server was thinking: then the loop is closed and nobody waits.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(tell, found, error)

        threading.Thread(target=work, name=f"resolve {host}", daemon=True).start()
        return await answer

    async def close(self) -> None:
        """Nothing is held."""
