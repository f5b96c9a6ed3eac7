"""Index pages, and the lists of home and section pages: the links of their rows, as printed."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.article import Link, PublishedFrom
from crawler.dates import Zone, names_zone, parse_iso_date, parse_printed_date
from crawler.errors import ListingError, PageRefusedError
from crawler.markup import check_markup

# Limits of what is given to the HTML parser, several times what the site sends. Its time grows with the square of
# the elements that stand in one another and of the attributes of one tag; within these it stays near a second.
LARGEST_BYTES: Final = 2 * 1024 * 1024
MOST_TAGS: Final = 20_000
MOST_ROWS: Final = 1_000
# HTML repeats every text style that was left open in each paragraph behind it: 10,000 of them took a minute. In a list
# they mean nothing; under another name they are elements like any other.
_STYLE_TAG: Final = re.compile(
    r"(</?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE | re.ASCII
)

_LIST: Final = "ul.lsi, .lsi > ul, ul#latestul"
_ROW: Final = "ul.lsi > li, .lsi > ul > li, ul#latestul > li"
_ADVERT_CLASSES: Final = frozenset({"reserved_box_ads", "nativeads"})
# The rows of articles have this class and attribute in the desktop list; in the mobile one, which has another attribute
# for them, only adverts have the class.
_DESKTOP_ARTICLE: Final = "art-list"
_DESKTOP_COUNT: Final = "data-sort"
_MOBILE_COUNT: Final = "sort"
_PAGER_LINK: Final = ".paging a[href]"
_NEXT: Final = ("next", "selanjutnya")


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What an index page names, and whether its pager leads on."""

    links: tuple[Link, ...] = ()
    has_next: bool = False


def read_index_page(url: str, body: bytes, *, origin: str, zone: Zone) -> IndexPage:
    """Return the rows of an index page, unchecked and in order.

    Args:
        url: Where the body came from, for the error.
        body: As received, not compressed.
        origin: What relative addresses stand on, such as "https://madura.tribunnews.com".
        zone: That of the host, for moments printed without one.

    Raises:
        ListingError: There is no list of articles in it, or it would cost too much to read.
    """
    document = LexborHTMLParser(_STYLE_TAG.sub(r"\1x-\2", _affordable(url, body)))
    if document.css_first(_LIST) is None:
        raise ListingError(url, "holds no list of articles; the layout has changed, or this is an error page")
    rows = document.css(_ROW)
    is_mobile = any(_MOBILE_COUNT in row.attributes for row in rows)
    rows = [row for row in rows if not _is_advert(row, is_mobile=is_mobile)]
    if len(rows) > MOST_ROWS:
        raise ListingError(url, f"holds more than {MOST_ROWS} rows, which no index page of the site does")
    links = tuple(link for row in rows if (link := _link(row, origin, zone)))
    if not links and any(row.css_first("a[href]") for row in rows):
        raise ListingError(url, "holds rows, but no headline with a link in any; the layout has changed")
    return IndexPage(links, has_next=any(map(_leads_on, document.css(_PAGER_LINK))))


def _is_advert(row: LexborNode, *, is_mobile: bool) -> bool:
    classes = _attribute(row, "class").split()
    if not _ADVERT_CLASSES.isdisjoint(classes):
        return True
    return is_mobile and _DESKTOP_ARTICLE in classes and _DESKTOP_COUNT not in row.attributes


def _affordable(url: str, body: bytes) -> str:
    if not body.strip():
        raise ListingError(url, "is empty")
    if len(body) > LARGEST_BYTES:
        raise ListingError(url, f"is larger than {LARGEST_BYTES // 1024**2} MiB, which no index page of the site is")
    text = body.decode("utf-8", "replace")
    if text.count("<") > MOST_TAGS:
        raise ListingError(url, f"holds more than {MOST_TAGS} tags, which no index page of the site does")
    try:
        check_markup(body, url)
    except PageRefusedError as error:
        raise ListingError(url, f"holds {error.reason}; it would take too long to read") from error
    return text


def _link(row: LexborNode, origin: str, zone: Zone) -> Link | None:
    headline = row.css_first("h3 a[href]")
    if headline is None:
        return None
    published_at, published_from = _published(row, zone)
    return Link(
        _absolute(_attribute(headline, "href").strip(), origin),
        title=" ".join(headline.text().split()) or " ".join(_attribute(headline, "title").split()) or None,
        published_at=published_at,
        published_from=published_from,
    )


def _published(row: LexborNode, zone: Zone) -> tuple[datetime | None, PublishedFrom | None]:
    time = row.css_first("time")
    if time is None:
        return None, None
    for parse, printed in (
        (parse_iso_date, _attribute(time, "datetime")),
        (parse_printed_date, time.text()),
        (parse_iso_date, _attribute(time, "title")),
    ):
        try:
            return parse(printed, default_zone=zone), "index" if names_zone(printed) else "index+host-zone"
        except ValueError:
            continue
    return None, None


def _absolute(href: str, origin: str) -> str:
    # Regional sites print addresses without the slash in front and mean them from the root, whatever the page.
    if re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
        return href
    if href.startswith("//"):
        return f"https:{href}"
    return f"{origin}/{href.removeprefix('/')}"


def _leads_on(link: LexborNode) -> bool:
    href = _attribute(link, "href").strip().lower()
    leads_somewhere = bool(href) and not href.startswith(("#", "javascript:"))
    return leads_somewhere and any(word in link.text().lower() for word in _NEXT)


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""
