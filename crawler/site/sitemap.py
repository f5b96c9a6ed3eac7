"""Sitemaps and sitemap indexes: the links and the further sitemaps that they name, as printed."""

from dataclasses import dataclass

from lxml import etree

from crawler.article import Link, PublishedFrom
from crawler.dates import Zone, names_zone, parse_iso_date
from crawler.errors import ListingError
from crawler.site.xml_tree import child_text, children, first_children, local_name, parse_xml, text_of


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: links, or, in an index, further sitemaps."""

    links: tuple[Link, ...] = ()
    children: tuple[str, ...] = ()


def read_sitemap(url: str, body: bytes, *, zone: Zone) -> Sitemap:
    """Return the entries of a sitemap, unchecked and in order.

    Args:
        url: Where the body came from, for the error.
        body: As received, not compressed.
        zone: That of the host, for moments without an offset.

    Raises:
        ListingError: It is no sitemap, not well-formed, too large, or declares entities.
    """
    root = parse_xml(url, body, what="sitemap")
    match local_name(root):
        case "urlset":
            return Sitemap(links=tuple(_link(entry, zone) for entry in children(root, "url")))
        case "sitemapindex":
            return Sitemap(children=tuple(child_text(entry, "loc") or "" for entry in children(root, "sitemap")))
        case other:
            raise ListingError(url, f"is no sitemap: it begins with <{other[:40]}>")


def _link(entry: etree._Element, zone: Zone) -> Link:
    parts = first_children(entry)
    news, url = parts.get("news"), text_of(parts.get("loc")) or ""
    if news is None:
        # A web sitemap: when an entry last changed is not when it was published, so that it has no time.
        return Link(url)
    told = first_children(news)
    published_from: PublishedFrom | None = None
    printed = text_of(told.get("publication_date")) or ""
    try:
        published_at = parse_iso_date(printed, default_zone=zone)
        published_from = "sitemap" if names_zone(printed) else "sitemap+host-zone"
    except ValueError:
        published_at = None
    keywords = (" ".join(each.split()) for each in (text_of(told.get("keywords")) or "").split(","))
    return Link(
        url,
        title=text_of(told.get("title")),
        keywords=tuple(dict.fromkeys(filter(None, keywords))),
        published_at=published_at,
        published_from=published_from,
    )
