"""What kind of article it is, told by its address, its title, its section and who wrote it."""

import re

from crawler.article import Kind
from crawler.parser.blocks import ReadableAddress

_VIDEO = re.compile(r"\[?VIDEO\b")
_ROUNDUP = re.compile(
    r"\b(?:\d{1,3}|berita|deretan|kumpulan)\s(?:berita\s)?(?:ter)?populer\b|^\[?populer\b|\bpopuler\s?:|\bterpopuler\b"
    r"|\brangkuman\b|\bsepekan\b",
    re.IGNORECASE,
)
_ROUNDUP_DATELINES = 2
_OPINION = frozenset({"opini", "opinion", "kolom", "tribunners", "tribuners"})
_ADVERTORIAL = frozenset({"advertorial", "kilas-kementerian", "kilas kementerian", "adv", "brand-content"})
_ADVERTISER = "content writer"


def kind_of(  # noqa: PLR0913  - all that may tell it, by keyword
    *,
    title: str,
    topic_line: str | None,
    writers: tuple[str, ...],
    datelines: int,
    is_opinion: bool,
    is_only_photos: bool,
    address: ReadableAddress | None,
) -> Kind:
    """Return the kind of an article; the first that fits counts.

    Args:
        title: As printed.
        topic_line: As printed.
        writers: Authors and editors as printed; either may be left empty.
        datelines: How many reports begin in the text.
        is_opinion: Whether the disclaimer of readers' opinions was printed.
        is_only_photos: Whether there are photos and no text.
        address: Where it stands.
    """
    labels = {(address.section if address else None) or "", (topic_line or "").lower()}
    if address and address.kind in {"photo", "video"}:
        return "photo" if address.kind == "photo" else "video"
    if _VIDEO.match(title):
        return "video"
    if is_only_photos:
        return "photo"
    if not labels.isdisjoint(_ADVERTORIAL) or _ADVERTISER in [name.lower() for name in writers]:
        return "advertorial"
    if is_opinion or not labels.isdisjoint(_OPINION):
        return "opinion"
    return "roundup" if datelines >= _ROUNDUP_DATELINES or _is_roundup_title(title) else "article"


def _is_roundup_title(title: str) -> bool:
    low = title.lower()
    return ("populer" in low or "rangkuman" in low or "sepekan" in low) and _ROUNDUP.search(title) is not None
