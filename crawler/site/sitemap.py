"""News sitemaps and sitemap indexes: the links and the further sitemaps that they name, as printed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from crawler.article import Link, PublishedFrom
from crawler.dates import Zone, names_zone, parse_iso_date
from crawler.errors import ListingError

LARGEST_BYTES: Final = 16 * 1024 * 1024

_GZIP: Final = b"\x1f\x8b"
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# Whoever sends a page in place of a sitemap says so at its beginning.
_BEGINNING = 4096
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION: Final = re.compile(r"\ufeff?\s*<\?xml[^>]*\?>")


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
    root = _root(url, body)
    match _name(root):
        case "urlset":
            return Sitemap(links=tuple(_link(entry, zone) for entry in _children(root, "url")))
        case "sitemapindex":
            return Sitemap(children=tuple(_text(entry, "loc") or "" for entry in _children(root, "sitemap")))
        case "html":
            raise ListingError(url, "is a web page, not a sitemap; the site has moved it, or this is an error page")
        case other:
            raise ListingError(url, f"is no sitemap: it begins with <{other[:40]}>")


def _root(url: str, body: bytes) -> etree._Element:
    if not body.strip():
        raise ListingError(url, "is empty")
    if len(body) > LARGEST_BYTES:
        raise ListingError(url, f"is larger than {LARGEST_BYTES // 1024**2} MiB, which no sitemap of the site is")
    if body.startswith(_GZIP):
        raise ListingError(url, "is compressed; unpack it before reading")
    try:
        return _parsed(url, body)
    except (etree.LxmlError, ValueError) as error:
        if _HTML.search(body[:_BEGINNING]):
            reason = "is a web page, not a sitemap; the site has moved it, or this is an error page"
            raise ListingError(url, reason) from error
        # One broken character in one title is no reason to lose a hundred links.
        mended = _NOT_IN_XML.sub("\ufffd", _DECLARATION.sub("", body.decode("utf-8", "replace"), count=1)).encode()
        try:
            return _parsed(url, mended)
        except (etree.LxmlError, ValueError):
            cause = " ".join(str(error).split())[:120]
            raise ListingError(url, f"is not well-formed XML ({cause}); it may have broken off, ask again") from error


def _parsed(url: str, body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(body, parser)
    if root.getroottree().docinfo.internalDTD is not None and _name(root) != "html":
        raise ListingError(url, "declares a document type, which no sitemap needs and which may hide a trap")
    return root


def _link(entry: etree._Element, zone: Zone) -> Link:
    news = next(_children(entry, "news"), None)
    url = _text(entry, "loc") or ""
    if news is None:
        return Link(url)
    published_from: PublishedFrom | None = None
    printed = _text(news, "publication_date") or ""
    try:
        published_at = parse_iso_date(printed, default_zone=zone)
        published_from = "sitemap" if names_zone(printed) else "sitemap+host-zone"
    except ValueError:
        published_at = None
    keywords = (" ".join(each.split()) for each in (_text(news, "keywords") or "").split(","))
    return Link(
        url,
        title=_text(news, "title"),
        keywords=tuple(dict.fromkeys(filter(None, keywords))),
        published_at=published_at,
        published_from=published_from,
    )


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in parent if _name(child) == name)


def _name(element: etree._Element) -> str:
    # Prefixes and even namespaces differ between the hosts; the local names do not. An unresolved entity has no name.
    return str(element.tag).rpartition("}")[2].lower()


def _text(parent: etree._Element, name: str) -> str | None:
    for child in _children(parent, name):
        return " ".join("".join(map(str, child.itertext())).split()) or None
    return None
