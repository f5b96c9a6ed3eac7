"""Where a redirect may lead: to an article or the same listing, within the network, five times, never in a circle."""

from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from crawler.errors import AddressError
from crawler.site import Address, identify
from crawler.spider import failures
from crawler.spider.failures import FetchError

Purpose = Literal["robots", "listing", "article"]
MOST_REDIRECTS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def next_address(asked: tuple[str, ...], location: str | None, purpose: Purpose) -> str:
    """Return the address that a redirect leads to, in its canonical form.

    Args:
        asked: The addresses asked so far, the first one first.
        location: What the last one answered.
        purpose: What was wanted: an article may lead to any address that holds one, a listing only to itself
            (another spelling of its path), a robots.txt to any host of the network.

    Raises:
        FetchError: It leads nowhere, in a circle, too far, or to where it must not be followed.
    """
    if not location:
        raise FetchError(asked[0], failures.REDIRECT_NOWHERE)
    try:
        target = urljoin(asked[-1], location.strip())
    except ValueError as error:
        # An address that cannot be one: "//[".
        raise FetchError(asked[0], failures.REDIRECT_NOWHERE, detail=str(error)) from error
    try:
        address = identify(target)
    except AddressError as error:
        raise FetchError(asked[0], failures.REDIRECT_FOREIGN, detail=error.reason) from error
    following = _canonical(address, target, purpose)
    if purpose == "article" and not address.is_readable:
        raise FetchError(asked[0], failures.REDIRECT_ELSEWHERE, detail=address.url)
    if purpose == "listing" and _place(following) != _place(asked[0]):
        raise FetchError(asked[0], failures.REDIRECT_ELSEWHERE, detail=address.url)
    if following in asked:
        raise FetchError(asked[0], failures.REDIRECT_LOOP)
    if len(asked) > MOST_REDIRECTS:
        raise FetchError(asked[0], failures.REDIRECT_LIMIT)
    return following


def _canonical(address: Address, target: str, purpose: Purpose) -> str:
    if purpose == "article":
        return address.url if address.page is None else f"{address.url}?page={address.page}"
    # Listings and robots.txt keep their path and query as given; never plain http, never another port.
    parts = urlsplit(target)
    return f"https://{address.host}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def _place(url: str) -> tuple[str | None, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.path.rstrip("/")
