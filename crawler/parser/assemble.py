"""Makes the article from what a reader cut: one set of conventions, whatever the document was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeVar

from crawler.article import Article, Dateline, Pages, Paragraph, PublishedFrom
from crawler.dates import names_zone, parse_iso_date, parse_printed_date
from crawler.errors import ExtractionError
from crawler.parser import people
from crawler.parser.blocks import Cut, ReadableAddress
from crawler.parser.cuts import Cuts, note
from crawler.parser.datelines import LONGEST_ALONE, split_dateline, without_site_name
from crawler.parser.kinds import kind_of
from crawler.parser.sorting import sort_blocks

_Value = TypeVar("_Value")
_ISO_LENGTH = len("2026-07-24T12:40:31+07:00")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_OF_HOST: Final[Mapping[PublishedFrom, PublishedFrom]] = MappingProxyType(
    {"jsonld": "jsonld+host-zone", "meta": "meta+host-zone", "time": "time+host-zone"}
)


def assemble(pages_cut: Sequence[Cut], *, address: ReadableAddress | None = None, cuts: Cuts = None) -> Article:
    """Return the article of which these are the pages, in any order; what is cut goes to `cuts`, if given.

    Raises:
        ExtractionError: There is no title; or no text, and it is no teaser, photo or video, which could do without.
    """
    pages = _in_order(pages_cut) if len(pages_cut) > 1 else pages_cut
    first = pages[0]
    machine = first.machine
    url = address.url if address else machine.url
    printed = first.title or machine.headline or ""
    title = without_site_name(printed)
    note(cuts, "name of the site", printed[len(title) :].strip())
    if not title:
        raise ExtractionError(url, "title")
    found = sort_blocks([page.blocks for page in pages], cuts)
    paragraphs = tuple(found.text)
    lead, dateline = _lead(first.lead, found.dateline, cuts)
    # Bylines inside the text are those of the original that it was taken from, unless it is the original, copied.
    is_original = found.syndicated_from is None or found.syndicated_from.title == title
    bylines = people.read_bylines(first.bylines or (tuple(found.bylines) if is_original else ()))
    authors, editors = bylines.authors or machine.authors, bylines.editors or machine.editors
    kind = kind_of(
        title=title,
        topic_line=first.topic_line,
        writers=(*authors, *editors),
        datelines=_count_datelines(paragraphs, dateline),
        is_opinion=found.has_disclaimer,
        is_only_photos=bool(found.photos) and not paragraphs and machine.is_free,
        address=address,
    )
    if not paragraphs and not _may_lack_text(kind, first, address):
        raise ExtractionError(url, "text")
    total = max(len(pages), *(max(page.page, page.pages) for page in pages)) if len(pages) > 1 else first.pages
    published_at, published_from = _published(first, address)
    return Article(
        title=title,
        url=url,
        content_id=(address.content_id if address else None) or machine.content_id,
        host=address.host if address else None,
        region=address.region if address else None,
        section=address.section if address else None,
        kind=kind,
        second_headline=first.second_headline or found.second_headline,
        topic_line=first.topic_line,
        lead=lead,
        summary=_once(found.summary),
        dateline=dateline,
        paragraphs=paragraphs,
        photos=_once(found.photos),
        authors=authors,
        editors=editors,
        reporters=_once(found.reporters),
        sign_off=found.sign_off,
        source=found.source or first.source,
        tags=first.tags or machine.keywords,
        related=_once(found.related),
        published_at=published_at,
        published_from=published_from,
        modified_at=_moment(machine.modified, address),
        viewed_on=first.viewed_on or next((page.viewed_on for page in pages if page.viewed_on), None),
        syndicated_from=found.syndicated_from,
        pages=Pages(read=len(pages), total=total),
        is_premium=not machine.is_free,
        is_complete=len(pages) == total and machine.is_free and False not in [page.has_end for page in pages],
    )


def _once(values: Sequence[_Value]) -> tuple[_Value, ...]:
    """Return each of the values once, in their order."""
    return tuple(dict.fromkeys(values) if len(values) > 1 else values)


def _in_order(cuts: Sequence[Cut]) -> Sequence[Cut]:
    """Return the pages by their numbers; one that came twice, perhaps under another number, counts once."""
    pages: dict[int, Cut] = {}
    for cut in sorted(cuts, key=lambda cut: cut.page):
        if all(cut.blocks != other.blocks for other in pages.values()):
            pages[cut.page] = cut
    return list(pages.values())


def _lead(lead: str | None, dateline: Dateline | None, cuts: Cuts) -> tuple[str | None, Dateline | None]:
    """Return the lead without a dateline, and the dateline: the one of the text, else the one of the lead."""
    found = split_dateline(lead) if lead else None
    if not found:
        return lead, dateline
    note(cuts, "dateline of the lead", (lead or "").removesuffix(found[1]).strip() if dateline else "")
    return found[1] or None, dateline or found[0]


def _count_datelines(paragraphs: Sequence[Paragraph], dateline: Dateline | None) -> int:
    # Few lines have a dash; and of those without one, few are short and have a full stop with the letters of a brand
    # behind it.
    likely = [
        text
        for _, text in paragraphs
        if "-" in text or "–" in text or "—" in text or (len(text) < LONGEST_ALONE and "." in text[:-2])
    ]
    return (dateline is not None) + sum([1 for text in likely if split_dateline(text)])


def _may_lack_text(kind: str, cut: Cut, address: ReadableAddress | None) -> bool:
    """Tell whether an article is read well without a text: a teaser, photo or video, no page of a changed layout."""
    return (kind in {"photo", "video"} or not cut.machine.is_free) and (
        cut.has_body or (address is not None and address.kind == kind)
    )


def _published(cut: Cut, address: ReadableAddress | None) -> tuple[datetime | None, PublishedFrom | None]:
    origin = cut.machine.published_from
    if origin and (moment := _moment(cut.machine.published, address)):
        return moment, _with_zone(origin, cut.machine.published)
    moment = _moment(cut.printed_date, address)
    return (moment, _with_zone("time", cut.printed_date)) if moment else (None, None)


def _with_zone(origin: PublishedFrom, printed: str | None) -> PublishedFrom:
    """Return where a date was read, and that no zone was printed with it, if so."""
    is_named = not printed or _is_of_jsonld(printed) or names_zone(printed)
    return origin if is_named else _OF_HOST.get(origin, origin)


def _is_of_jsonld(text: str) -> bool:
    """Tell whether a moment is of the form of JSON-LD, its offset included."""
    return len(text) == _ISO_LENGTH and text[10] == "T" and text[19] in "+-"


def _moment(text: str | None, address: ReadableAddress | None) -> datetime | None:
    """Return the moment that is printed or given so, None where it is no date that there is."""
    if not text:
        return None
    if _is_of_jsonld(text):
        # Read thirty times as fast as by the next.
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
    zone = address.zone if address else "WIB"
    for parse in (parse_iso_date, parse_printed_date):
        try:
            return parse(text, default_zone=zone)
        except ValueError:
            continue
    return None
