"""The seed parser: reads a page, HTML or plain text, into an article. It is pure: no network, disk, database, clock."""

import re

from crawler.article import Article, Reading
from crawler.errors import ExtractionError
from crawler.parser.assemble import assemble
from crawler.parser.blocks import ReadableAddress
from crawler.parser.crosscheck import remarks_on
from crawler.parser.cuts import Cuts, in_order
from crawler.parser.decode import as_text, as_utf8
from crawler.parser.html import TreeNeededError, cut_page
from crawler.parser.machine import canonical_address
from crawler.parser.notices import notice_instead
from crawler.parser.text import cut_text

__all__ = [
    "ReadableAddress",
    "address_in",
    "examine_document",
    "examine_html",
    "examine_quickly",
    "examine_text",
    "read_document",
    "read_html",
    "read_text",
]

_MARKUP = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype|html|head|body|\?xml|div|h1|h2|p|script|meta|article|section)\b",
    re.IGNORECASE | re.DOTALL,
)
_LOOKED_AT = 4_000
# Of all pages of an article together; the largest page seen has 200 kB.
_QUICK_BYTES = 2_000_000


def read_html(page: bytes, *more: bytes, address: ReadableAddress | None = None, charset: str | None = None) -> Article:
    """Return the article that one or more of its pages hold; see `examine_html`."""
    return examine_html(page, *more, address=address, charset=charset).article


def examine_html(
    page: bytes,
    *more: bytes,
    address: ReadableAddress | None = None,
    charset: str | None = None,
    with_tree: bool = True,
    explain: bool = False,
) -> Reading:
    """Return the article that one or more of its pages hold, and how it was read.

    Args:
        page: The bytes as they came, decompressed; of an article split over pages the first, or "?page=all".
        more: The other pages.
        address: What its address names. Without it the article has the address that the page gives as canonical,
            and no host, region and section.
        charset: What the Content-Type header names, if it names one.
        with_tree: Whether a tree may be built where one is needed.
        explain: Whether to collect what was cut from the article, and by which rule; this always builds a tree.

    Raises:
        ExtractionError: There is no title, or no text; mostly the site changed its layout. Where it is plain what the
            page is instead, such as a refusal or a robot check, the error says so.
        PageRefusedError: The markup would cost too much to parse.
        TreeNeededError: A tree is needed, and may not be built.
    """
    url = address.url if address else None
    needs_id = address is None or address.content_id is None
    cuts: Cuts = [] if explain else None
    bodies = [as_utf8(each, charset) for each in (page, *more)]
    pages = [
        cut_page(
            each,
            url=url,
            needs_address=address is None,
            needs_id=needs_id,
            with_tree=with_tree,
            cuts=cuts,
            number=number,
        )
        for number, each in enumerate(bodies, start=1)
    ]
    try:
        article = assemble(pages, address=address, cuts=cuts)
    except ExtractionError as error:
        if shown := notice_instead(bodies[0], None):
            raise ExtractionError(url, f"article, but {shown}") from error
        raise
    if shown := notice_instead(bodies[0], article):
        raise ExtractionError(url, f"article, but {shown}")
    remarks = remarks_on(bodies[0], pages[0].end, article)
    return Reading(article, layout=pages[0].layout, remarks=remarks, cuts=tuple(cuts or ()))


def examine_quickly(
    page: bytes, *more: bytes, address: ReadableAddress | None = None, charset: str | None = None
) -> Reading | None:
    """Return what `examine_html` would, where no tree is needed for it and the page is of a usual size; else None.

    What this takes is bounded: it neither crashes nor takes long, whatever the page is.

    Raises:
        ExtractionError: There is no title, or no text.
    """
    if sum(map(len, (page, *more))) > _QUICK_BYTES:
        return None
    try:
        return examine_html(page, *more, address=address, charset=charset, with_tree=False)
    except TreeNeededError:
        return None


def read_text(text: str, *, address: ReadableAddress | None = None) -> Article:
    """Return the article that a plain-text rendering holds, such as a seed document; see `examine_text`."""
    return examine_text(text, address=address).article


def examine_text(text: str, *, address: ReadableAddress | None = None, explain: bool = False) -> Reading:
    """Return the article that a plain-text rendering holds, and how it was read.

    Args:
        text: The document, or one page of it.
        address: What its address names.
        explain: Whether to collect what was cut, and by which rule.

    Raises:
        ExtractionError: There is no title, or no text.
        PageRefusedError: It has more lines than any article may have.
    """
    cuts: Cuts = [] if explain else None
    page = cut_text(text, url=address.url if address else None, cuts=cuts)
    article = assemble([page], address=address, cuts=cuts)
    return Reading(article, layout="text", cuts=in_order(cuts, text) if cuts else ())


def read_document(body: bytes, *, address: ReadableAddress | None = None) -> Article:
    """Return the article of a document that is HTML or plain text; see `examine_document`."""
    return examine_document(body, address=address).article


def examine_document(body: bytes, *, address: ReadableAddress | None = None, explain: bool = False) -> Reading:
    """Return the article of a document, and how it was read: as HTML or plain text, decided by how it begins.

    Raises:
        ExtractionError: There is no title, or no text.
        PageRefusedError: The markup would cost too much to parse.
    """
    text = as_text(body)
    if _MARKUP.match(text[:_LOOKED_AT]):
        return examine_html(text.encode(), address=address, charset="utf-8", explain=explain)
    return examine_text(text, address=address, explain=explain)


def address_in(page: bytes) -> str | None:
    """Return the address that a page gives as its own, canonical before og:url; cheap, nothing is parsed."""
    return canonical_address(as_utf8(page))
