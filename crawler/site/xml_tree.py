"""XML that somebody else wrote: parsed without entities, network or size, its elements found by their local names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lxml import etree

from crawler.errors import ListingError

LARGEST_BYTES: Final = 16 * 1024 * 1024

_GZIP: Final = b"\x1f\x8b"
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# Whoever sends a page in place of a sitemap says so at its beginning.
_BEGINNING = 4096
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION: Final = re.compile(r"\ufeff?\s*<\?xml[^>]*\?>")


def parse_xml(url: str, body: bytes, *, what: str) -> etree._Element:
    """Return the root of a document.

    Args:
        url: Where the body came from, for the error.
        body: As received, not compressed.
        what: What it should be, for the error: "sitemap".

    Raises:
        ListingError: It is empty, a web page, not well-formed, too large, or declares entities.
    """
    if not body.strip():
        raise ListingError(url, "is empty")
    if len(body) > LARGEST_BYTES:
        raise ListingError(url, f"is larger than {LARGEST_BYTES // 1024**2} MiB, which no {what} of the site is")
    if body.startswith(_GZIP):
        raise ListingError(url, "is compressed; unpack it before reading")
    page = f"is a web page, not a {what}; the site has moved it, or this is an error page"
    try:
        root = _parsed(url, body, what)
    except (etree.LxmlError, ValueError) as error:
        if _HTML.search(body[:_BEGINNING]):
            raise ListingError(url, page) from error
        # One broken character in one title is no reason to lose a hundred links.
        mended = _NOT_IN_XML.sub("\ufffd", _DECLARATION.sub("", body.decode("utf-8", "replace"), count=1)).encode()
        try:
            root = _parsed(url, mended, what)
        except (etree.LxmlError, ValueError):
            cause = " ".join(str(error).split())[:120]
            raise ListingError(url, f"is not well-formed XML ({cause}); it may have broken off, ask again") from error
    if local_name(root) == "html":
        raise ListingError(url, page)
    return root


def children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of this local name; prefixes and even namespaces differ between the hosts."""
    return (child for child in parent if local_name(child) == name)


def local_name(element: etree._Element) -> str:
    """Return the name without its namespace, in lower case; an unresolved entity has none."""
    return _local(str(element.tag))


# A listing has a thousand elements of ten names.
@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def child_text(parent: etree._Element, name: str) -> str | None:
    """Return the text of the first child of this name on one line; None where it is missing or empty."""
    return text_of(next(children(parent, name), None))


def first_children(parent: etree._Element) -> dict[str, etree._Element]:
    """Return the first child of each local name, all in one look."""
    found: dict[str, etree._Element] = {}
    for child in parent:
        found.setdefault(_local(str(child.tag)), child)
    return found


def text_of(element: etree._Element | None) -> str | None:
    """Return the text of an element on one line; None where it is missing or empty."""
    if element is None:
        return None
    text = "".join(map(str, element.itertext())) if len(element) else element.text
    return " ".join((text or "").split()) or None


def _parsed(url: str, body: bytes, what: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(body, parser)
    if root.getroottree().docinfo.internalDTD is not None and local_name(root) != "html":
        raise ListingError(url, f"declares a document type, which no {what} needs and which may hide a trap")
    return root
