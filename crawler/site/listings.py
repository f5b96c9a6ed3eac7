"""Listings: which articles a sitemap, an index or home page or a feed names, and where the next page of an index is."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.article import Link, ListingKind
from crawler.errors import AddressError, ListingError
from crawler.site.address import FOREIGN, Address, identify
from crawler.site.followed import SitemapKind
from crawler.site.hosts import host_named

NOT_AN_ARTICLE: Final = "not an article"
NOT_TRIBUNNEWS: Final = "not Tribunnews"
MALFORMED: Final = "malformed"
NOT_A_NEWS_SITEMAP: Final = "not a news sitemap"
ALL_HOME: Final = "RSS links all point to the home page; take this listing out of the settings, sitemaps tell more"

# "sitemap-news.xml" on www, "sitemap_news.xml" elsewhere; "sitemap.xml" and "sitemap-index.xml" may nest.
_SITEMAPS: Final[Mapping[SitemapKind, tuple[str, ...]]] = {
    "news": ("sitemap-news", "sitemap_news"),
    "web": ("sitemap-web", "sitemap_web"),
}
_NESTED_INDEXES: Final = ("sitemap", "sitemap-index", "sitemap_index")
_ADVERTS: Final = "iklan-online"
_NEWS_ONLY: Final[tuple[SitemapKind, ...]] = ("news",)


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What one answer of a listing names.

    `links` are readable addresses in the order printed, each article once; `children` are the sitemaps and nested
    indexes of a sitemap index that are to be read; `refused` counts, by reason, the entries left out; `has_next` says
    whether an index page offers a next one. An entry of an article named before is neither a link nor refused.
    """

    links: tuple[Link, ...] = ()
    children: tuple[str, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    has_next: bool = False


def parse_listing(
    listing_url: str, kind: ListingKind, body: bytes, *, sitemaps: Collection[SitemapKind] = _NEWS_ONLY
) -> ListingPage:
    """Return what a listing names; nothing, where it is empty but sound.

    Of a sitemap index, those sitemaps are children that are wanted. Web sitemaps (older articles, without title and
    time) also are where there are no others; sitemaps of pictures and adverts never.

    Raises:
        ListingError: The body is not the kind of listing it should be, or the listing is none of the network.
    """
    try:
        own = identify(listing_url)
    except AddressError as error:
        raise ListingError(listing_url, error.reason) from error
    zone = host_named(own.host).zone
    refused: Counter[str] = Counter()
    match kind:
        case "index" | "home":
            # lxml and selectolax take 6 MB, which the service, where nothing is parsed, goes without.
            from crawler.site.index_page import read_index_page  # noqa: PLC0415  - see above

            page = read_index_page(listing_url, body, origin=f"https://{own.host}", zone=zone)
            # A home or section page shows its newest, whatever page it is asked for.
            return ListingPage(
                _readable(page.links, refused), refused=refused, has_next=page.has_next and kind == "index"
            )
        case "rss":
            from crawler.site.rss import read_rss  # noqa: PLC0415  - as above

            links = read_rss(listing_url, body, zone=zone)
            if links and all(_is_home(link.url) for link in links):
                raise ListingError(listing_url, ALL_HOME)
            return ListingPage(_readable(links, refused), refused=refused)
        case "sitemap":
            from crawler.site.sitemap import read_sitemap  # noqa: PLC0415  - as above

            sitemap = read_sitemap(listing_url, body, zone=zone)
            children = _wanted_sitemaps(sitemap.children, own, refused, sitemaps)
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


def _wanted_sitemaps(
    urls: Iterable[str], own: Address, refused: Counter[str], wanted: Collection[SitemapKind]
) -> tuple[str, ...]:
    by_kind: dict[SitemapKind | None, dict[str, str]] = {}
    for url in urls:
        address = _identified(url, refused)
        if address is None or address.key == own.key:
            continue
        name = posixpath.basename(address.url).lower().removesuffix(".xml")
        kind = next((kind for kind, names in _SITEMAPS.items() if name.startswith(names)), None)
        if _ADVERTS in address.url or not (kind or name in _NESTED_INDEXES):
            refused[NOT_A_NEWS_SITEMAP] += 1
        else:
            by_kind.setdefault(kind, {}).setdefault(address.key, url)
    kept = {None, *wanted} if by_kind.keys() & {None, *wanted} else set(by_kind)
    chosen = {url for kind, each in by_kind.items() if kind in kept for url in each.values()}
    if left_out := sum(len(each) for kind, each in by_kind.items() if kind not in kept):
        refused[NOT_A_NEWS_SITEMAP] += left_out
    # In the order printed.
    return tuple(dict.fromkeys(url for url in urls if url in chosen))


def _is_home(url: str) -> bool:
    try:
        return urlsplit(identify(url).url).path in ("", "/")
    except AddressError:
        return False


def _identified(url: str, refused: Counter[str]) -> Address | None:
    try:
        return identify(url)
    except AddressError as error:
        refused[NOT_TRIBUNNEWS if error.reason == FOREIGN else MALFORMED] += 1
        return None
