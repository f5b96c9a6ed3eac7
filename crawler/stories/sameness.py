"""Two marks of an article: one shared by exact copies of its text, one that changes when the article does."""

import json
import re
import unicodedata
from hashlib import blake2b

from crawler.article import Article

# The site's own readings of a date; a time taken over from a listing says nothing about the article itself.
_PRINTED_ON_THE_PAGE = frozenset({"jsonld", "meta", "time", "jsonld+host-zone", "meta+host-zone", "time+host-zone"})

# Below this many letters a text says too little to tell articles apart ("Simak video selengkapnya di atas").
_TELLING_LETTERS = 120

# "TRIBUNNEWS.COM, JAKARTA - ", "TRIBUN-TIMUR.COM, MAKASSAR – ", "SERAMBINEWS.COM - ": what a reprint changes first.
_DATELINE = re.compile(r"\s*[A-Z0-9][A-Z0-9.-]*\.(?:COM|ID|CO\.ID|NET)\b(?:,[^-–—]{0,40})?\s*[-–—]+\s*")
# "(oln/*/NW)", "(*)", "***", "(Tribunnews.com/Dwi Setiawan)": a whole paragraph, at the end.
_SIGN_OFF = re.compile(r"\s*(?:\([^()]{0,120}\)|\*{1,5})\s*")
_CREDIT_LINE = re.compile(
    r"\s*(?:(?:Penulis|Editor|Sumber|Baca(?:\s+juga)?)\s*:|Laporan\s+Wartawan\b.{0,100}$|Artikel\s+ini\s+telah\s+tayang\s+di\b)",
    re.IGNORECASE,
)
# Texts of the site are ASCII but for these; only what is left beside them is looked at letter by letter.
_TYPOGRAPHIC = "“”‘’–—…\u00a0"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SMALL = bytes(range(256)).lower()
_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())


def fingerprint(article: Article) -> str:
    """Return the same mark for articles with the same letters and figures in the same order, "" where there is no text.

    Case, accents, typographic quotes, spaces, punctuation and the cut into paragraphs do not count, nor do dateline,
    sign-off and credit lines, which every regional site sets anew. A text of a few words counts together with its
    title. Articles without text (photo posts) are never the same story: nobody may compare two empty marks.
    """
    letters = _letters("\n".join(own_paragraphs(article)))
    if not letters:
        return ""
    if len(letters) < _TELLING_LETTERS:
        letters = b"%b|%b" % (_letters(article.title), letters)
    return _digest(letters)


def content_hash(article: Article) -> str:
    """Return a mark of what a reader sees as the article itself.

    It does not change by related links, the day of viewing, the addresses of the article and of its photos, the
    number of pages it was read from, or the site's own change time, which moves without any visible change.
    """
    dateline = article.dateline
    printed_at = article.published_at if article.published_from in _PRINTED_ON_THE_PAGE else None
    seen = [
        article.title,
        article.second_headline,
        article.topic_line,
        article.lead,
        article.summary,
        [dateline.brand, dateline.city] if dateline else None,
        [(each.kind, each.text) for each in article.paragraphs],
        [(each.credit, each.caption) for each in article.photos],
        article.authors,
        article.editors,
        article.reporters,
        article.sign_off,
        article.source,
        article.tags,
        # The moment, not its spelling: the same time with another offset is no change.
        printed_at.timestamp() if printed_at else None,
        article.is_premium,
        article.is_complete,
    ]
    return _digest(json.dumps(seen, separators=(",", ":")).encode())


def own_paragraphs(article: Article) -> list[str]:
    """Return the texts of the paragraphs without what each regional site adds to a reprint."""
    texts = [each.text for each in article.paragraphs if not _CREDIT_LINE.match(each.text)]
    while texts and _SIGN_OFF.fullmatch(texts[-1]):
        texts.pop()
    if texts and (dateline := _DATELINE.match(texts[0])):
        texts[0] = texts[0][dateline.end() :]
    return texts


def _letters(text: str) -> bytes:
    """Return letters and figures alone, in small letters and without accents, as UTF-8."""
    for mark in _TYPOGRAPHIC:
        text = text.replace(mark, "")
    if not text.isascii():
        text = _NOT_ASCII.sub(_plain, text)
    # A page may carry lone surrogates by way of its JSON-LD; they must not stop the hash.
    return text.encode("utf-8", "surrogatepass").translate(_SMALL, _MARKS)


def _plain(found: re.Match[str]) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", found.group()).casefold()))


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
