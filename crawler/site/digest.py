"""Whether a listing lists the same as before, told from its bytes alone."""

import hashlib
import re
from typing import Final

from crawler.article import ListingKind

_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_BUILT: Final = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>", re.IGNORECASE)
_SCRIPT: Final = re.compile(rb"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
_LIST_BEGINS: Final = re.compile(rb"""<ul\b[^>]*(?:id=["']?latestul|class=["']?lsi\b)|class=["']lsi\b""", re.IGNORECASE)
_LIST_ENDS: Final = re.compile(rb"""id=["']?(?:paginga|ltldmr)\b|class=["']?paging\b|<footer\b""", re.IGNORECASE)
# What is printed anew at each look: "32 menit lalu", "1 jam dan 5 menit yang lalu".
_AGO: Final = re.compile(
    rb"(?:\d{1,4}\s(?:detik|menit|jam|hari|minggu|bulan|tahun)\s(?:dan\s)?){1,3}(?:yang\s)?lalu", re.IGNORECASE
)


def listing_digest(kind: ListingKind, body: bytes) -> str | None:
    """Return a short name for what a listing lists; the same for two bodies that list the same.

    Left out is what changes at each look: of a page everything around the list, scripts and times such as
    "32 menit lalu"; of XML comments and the moment at which it was built. None where there is no list to be seen.
    """
    if kind in ("sitemap", "rss"):
        listed = _BUILT.sub(b"", _COMMENT.sub(b"", body))
    else:
        plain = _SCRIPT.sub(b"", _COMMENT.sub(b"", body))
        begin = _LIST_BEGINS.search(plain)
        if begin is None:
            return None
        end = _LIST_ENDS.search(plain, begin.end())
        listed = _AGO.sub(b"", plain[begin.start() : end.start() if end else len(plain)])
    return hashlib.blake2b(listed.strip(), digest_size=16).hexdigest() if listed.strip() else None
