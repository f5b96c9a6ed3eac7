"""RSS feeds: the links of their items, where they are real."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from lxml import etree

from crawler.article import Link, PublishedFrom
from crawler.dates import ZONES, Zone
from crawler.errors import ListingError
from crawler.site.xml_tree import child_text, children, local_name, parse_xml

_FEEDS: Final = frozenset({"rss", "rdf", "feed"})
_ITEMS: Final = ("item", "entry")


def read_rss(url: str, body: bytes, *, zone: Zone) -> tuple[Link, ...]:
    """Return the items of a feed, unchecked and in order.

    Args:
        url: Where the body came from, for the error.
        body: As received, not compressed.
        zone: That of the host, for moments without an offset.

    Raises:
        ListingError: It is no feed, not well-formed, too large, or declares entities.
    """
    root = parse_xml(url, body, what="feed")
    if local_name(root) not in _FEEDS:
        raise ListingError(url, f"is no feed: it begins with <{local_name(root)[:40]}>")
    return tuple(_link(item, zone) for item in root.iter() if local_name(item) in _ITEMS)


def _link(item: etree._Element, zone: Zone) -> Link:
    published_at, published_from = _published(child_text(item, "pubdate") or "", zone)
    keywords = dict.fromkeys(filter(None, (_words(each) for each in children(item, "category"))))
    return Link(
        child_text(item, "link") or child_text(item, "guid") or "",
        title=child_text(item, "title"),
        keywords=tuple(keywords),
        published_at=published_at,
        published_from=published_from,
    )


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _published(printed: str, zone: Zone) -> tuple[datetime | None, PublishedFrom | None]:
    """Return the moment of "Fri, 24 Jul 2026 17:16:29 +0700"; where no offset stands, in the zone of the host."""
    try:
        moment = parsedate_to_datetime(printed)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=ZONES[zone]), "index+host-zone"
    return moment, "index"
