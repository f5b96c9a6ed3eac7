"""Listings: which articles a news sitemap or an index page names, and where the next page of an index is."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.article import Link, ListingKind
from crawler.errors import AddressError, ListingError
from crawler.site.address import FOREIGN, Address, identify
from crawler.site.hosts import host_named
from crawler.site.index_page import read_index_page
from crawler.site.sitemap import read_sitemap

NOT_AN_ARTICLE: Final = "not an article"
NOT_TRIBUNNEWS: Final = "not Tribunnews"
MALFORMED: Final = "malformed"
NOT_A_NEWS_SITEMAP: Final = "not a news sitemap"

# "sitemap-news.xml" on www, "sitemap_news.xml" elsewhere; "sitemap.xml" and "sitemap-index.xml" may nest.
_NEWS_SITEMAPS: Final = ("sitemap-news", "sitemap_news")
_NESTED_INDEXES: Final = ("sitemap", "sitemap-index", "sitemap_index")
_ADVERTS: Final = "iklan-online"


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What one answer of a listing names.

    `links` are readable addresses in the order printed, each article once; `children` are the news sitemaps and nested
    indexes of a sitemap index; `refused` counts, by reason, the entries left out; `has_next` says whether an index
    page offers a next one. An entry of an article named before is neither a link nor refused.
    """

    links: tuple[Link, ...] = ()
    children: tuple[str, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    has_next: bool = False


def parse_listing(listing_url: str, kind: ListingKind, body: bytes) -> ListingPage:
    """Return what a listing names; nothing, where it is empty but sound.

    Raises:
        ListingError: The body is not the kind of listing it should be, or the listing is none of the network.
    """
    try:
        own = identify(listing_url)
    except AddressError as error:
        raise ListingError(listing_url, error.reason) from error
    zone = host_named(own.host).zone
    refused: Counter[str] = Counter()
    if kind == "index":
        page = read_index_page(listing_url, body, origin=f"https://{own.host}", zone=zone)
        return ListingPage(_readable(page.links, refused), refused=refused, has_next=page.has_next)
    sitemap = read_sitemap(listing_url, body, zone=zone)
    children = _news_sitemaps(sitemap.children, own, refused)
    return ListingPage(_readable(sitemap.links, refused), children, refused)


def index_address(listing_url: str, *, day: date | None = None, page: int = 1) -> str:
    """Return the address of a page of an index: of one day, or of the newest articles where no day is given.

    Without a day the site has ten pages and repeats the tenth for ever; the first is the listing itself.

    Raises:
        ValueError: Pages are counted from 1.
    """
    if page < 1:
        raise ValueError(f"no page {page}: pages are counted from 1")
    parts = urlsplit(listing_url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("date", "page")]
    if day:
        query.append(("date", day.isoformat()))
    if day or page > 1:
        query.append(("page", str(page)))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _readable(links: Iterable[Link], refused: Counter[str]) -> tuple[Link, ...]:
    by_key: dict[str, Link] = {}
    for link in links:
        address = _identified(link.url, refused)
        if address is None:
            continue
        if not address.is_readable:
            refused[NOT_AN_ARTICLE] += 1
            continue
        by_key.setdefault(address.key, link)
    return tuple(by_key.values())


def _news_sitemaps(urls: Iterable[str], own: Address, refused: Counter[str]) -> tuple[str, ...]:
    by_key: dict[str, str] = {}
    for url in urls:
        address = _identified(url, refused)
        if address is None:
            continue
        name = posixpath.basename(address.url).lower().removesuffix(".xml")
        if _ADVERTS in address.url or not (name.startswith(_NEWS_SITEMAPS) or name in _NESTED_INDEXES):
            refused[NOT_A_NEWS_SITEMAP] += 1
        elif address.key != own.key:
            by_key.setdefault(address.key, url)
    return tuple(by_key.values())


def _identified(url: str, refused: Counter[str]) -> Address | None:
    try:
        return identify(url)
    except AddressError as error:
        refused[NOT_TRIBUNNEWS if error.reason == FOREIGN else MALFORMED] += 1
        return None
