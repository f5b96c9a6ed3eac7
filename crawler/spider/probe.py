"""One look at a host for `doctor`: does it answer, and may it be asked? Without Scrapy, since nothing is crawled."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.errors import UnreachableError
from crawler.spider.guard import is_public, look_up
from crawler.spider.robots import Robots, read_robots

_MOST_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Probe:
    """What a host answered: the status of its robots.txt, and what that file means."""

    host: str
    status: int
    robots: Robots


def probe(host: str, *, user_agent: str, timeout_s: float, site: str | None = None) -> Probe:
    """Ask a host of the network, or the server on this machine that stands for it, for its robots.txt.

    Raises:
        UnreachableError: The host has no name, no public address, no valid certificate, or gives no answer.
    """
    try:
        connection = _connect(host, site, timeout_s)
        connection.request("GET", "/robots.txt", headers={"Host": host, "User-Agent": user_agent})
        answer = connection.getresponse()
        return Probe(host, answer.status, read_robots(answer.status, answer.read(_MOST_BYTES)))
    except socket.gaierror as error:
        raise UnreachableError(host, f"its name is not known to the name server ({error.strerror})") from error
    except TimeoutError as error:
        raise UnreachableError(host, f"no answer within {timeout_s:g} s") from error
    except ssl.SSLCertVerificationError as error:
        raise UnreachableError(host, f"its certificate is not valid ({error.verify_message})") from error
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(host, getattr(error, "strerror", None) or str(error) or type(error).__name__) from error


def _connect(host: str, site: str | None, timeout_s: float) -> http.client.HTTPConnection:
    if site:
        place = urlsplit(site)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        return kind(place.hostname or "", place.port, timeout=timeout_s)
    addresses = [address for _, address in look_up(host, 443)]
    for address in addresses:
        if not is_public(address):
            raise UnreachableError(host, f"its name leads to {address}, which is not a public address")
    # To the address that was looked at, not to the name: that may lead elsewhere a moment later.
    plain = socket.create_connection((addresses[0], 443), timeout=timeout_s)
    connection = http.client.HTTPSConnection(host, 443, timeout=timeout_s)
    connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    return connection
