import asyncio
import ipaddress
import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spider.guard import GuardedResolver, NotPublicError, is_public

V4, V6 = int(socket.AF_INET), int(socket.AF_INET6)


def resolve(found: list[tuple[int, str]], *, family: int = socket.AF_UNSPEC) -> list[str]:
    resolver = GuardedResolver(timeout_s=1, lookup=lambda _host, _port: found)
    answers = asyncio.run(resolver.resolve("www.tribunnews.com", 443, socket.AddressFamily(family)))
    return [answer["host"] for answer in answers]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  - not bound to, refused
        *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.7", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1"),
        *("ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
        *("2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1", "2001:0:0:0:0:0:80ff:fffe", "not an address", ""),
    ],
)
def test_an_address_that_is_not_of_the_public_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["18.64.1.2", "8.8.8.8", "2600:9000:2000::1", "::ffff:18.64.1.2", "64:ff9b::808:808"]
)
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_a_v4_address_is_judged_alike_inside_a_v6_one(address: ipaddress.IPv4Address) -> None:
    number = int(address)

    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))) == is_public(str(address))
    assert is_public(str(ipaddress.IPv6Address((0x64FF9B << 96) | number))) == is_public(str(address))


def test_public_addresses_are_given_in_order() -> None:
    assert resolve([(V4, "18.64.1.2"), (V6, "2600:9000::1"), (V4, "18.64.1.3")]) == [
        "18.64.1.2",
        "2600:9000::1",
        "18.64.1.3",
    ]


def test_only_addresses_of_the_family_asked_for_are_given() -> None:
    assert resolve([(V4, "18.64.1.2"), (V6, "2600:9000::1")], family=socket.AF_INET6) == ["2600:9000::1"]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_private_address_among_public_ones_refuses_them_all(position: int) -> None:
    found = [(V4, "18.64.1.2"), (V4, "18.64.1.3")]
    found.insert(position, (V4, "10.1.2.3"))

    with pytest.raises(NotPublicError, match=r"www\.tribunnews\.com leads to 10\.1\.2\.3"):
        resolve(found)


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_resolved_is_an_oserror(error: Exception) -> None:
    def fail(_host: str, _port: int) -> list[tuple[int, str]]:
        raise error

    with pytest.raises(OSError, match=str(error.args[-1])):
        asyncio.run(GuardedResolver(timeout_s=1, lookup=fail).resolve("x", 443))


def test_a_name_server_that_hangs_is_cut_off_and_holds_up_nothing() -> None:
    let_go = threading.Event()

    def hang(_host: str, _port: int) -> list[tuple[int, str]]:
        let_go.wait(10)
        return []

    started = time.monotonic()
    with pytest.raises(OSError, match=r"no answer from the name server within 0\.1 s"):
        asyncio.run(GuardedResolver(timeout_s=0.1, lookup=hang).resolve("x", 443))

    assert time.monotonic() - started < 2
    hanging = [thread for thread in threading.enumerate() if thread.name == "resolve x"]
    assert [thread.daemon for thread in hanging] == [True]
    # It speaks up when the loop is closed, and must not complain.
    let_go.set()
    hanging[0].join(5)
