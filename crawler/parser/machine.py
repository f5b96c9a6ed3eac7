"""What a page says to machines: JSON-LD of every form, and the meta elements behind it."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice
from typing import Any

from crawler.article import PublishedFrom
from crawler.parser.machine_data import MachineData, text_of
from crawler.parser.spacing import tidy

_LINKED_DATA = b"application/ld+json"
_ARTICLES = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "OpinionNewsArticle", "BlogPosting"})
# A video page has nothing else; on another page it is only a film in the text or beside it.
_VIDEO = "VideoObject"
# Each block of an article or a video holds one of these, unless its letters are written as numbers.
_NAMED_IN_STORIES = ("Article", "BlogPosting", _VIDEO, "datePublished", "\\u")
# For a block that is no JSON: an unescaped quotation mark in a headline must not cost the date.
_RESCUED = {
    "datePublished": re.compile(r'"datePublished"\s*:\s*"([^"\\]{10,40})"'),
    "dateModified": re.compile(r'"dateModified"\s*:\s*"([^"\\]{10,40})"'),
    "isAccessibleForFree": re.compile(r'"isAccessibleForFree"\s*:\s*"?(true|false)', re.IGNORECASE),
}
_GRAPH = re.compile(r'\s*+\{\s*+"@context"\s*+:\s*+"[^"\\]*+"\s*+,\s*+"@graph"\s*+:\s*+\[\s*+(?=\{)')
_DEEPEST_GRAPH = 6
# Looking further back for the beginning of a comment costs more than it would find.
_LONGEST_COMMENT = 10_000
# A line break in a string is no JSON, and yet the site prints it.
_DECODER = json.JSONDecoder(strict=False)
_MOST_PLACES = 30
_MOST_META = 300
_META_NAMES = frozenset(
    {
        *("canonical", "og:url", "og:title", "android:app_id", "news_keywords"),
        *("article:published_time", "article:modified_time"),
    }
)
_META_NAMED = frozenset({b"meta", b"link"})
_META_LETTERS = frozenset({b"m", b"M", b"l", b"L"})
_SPLIT_AT_ONCE = 100_000
# Of a piece without an opening bracket.
_META = re.compile(rb"....\s[^>]{1,2000}>")
# A name begins where no name goes on: else a name of 2,000 letters would be looked at 2,000 times.
_ATTRIBUTE = re.compile(r"""(?<![a-z:-])([a-z:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def read_machine_data(
    page: bytes, *, needs_address: bool, needs_keywords: bool = True, content_id: str | None = None
) -> MachineData:
    """Return what JSON-LD and meta elements of a page say.

    Args:
        page: The page in UTF-8.
        needs_address: Whether the address and the site's id must be looked for.
        needs_keywords: Whether the page prints no tags.
        content_id: The site's id, if it was found already.
    """
    story = next(_stories(page), {})
    published = _moment(story.get("datePublished") or story.get("uploadDate"))
    published_from: PublishedFrom = "jsonld"
    keywords = _keywords(story.get("keywords")) if needs_keywords else ()
    meta: Mapping[str, str] = {}
    if needs_address or not published or (needs_keywords and "keywords" not in story):
        meta = _meta(page)
    if not published:
        published, published_from = meta.get("article:published_time"), "meta"
    return MachineData(
        url=_canonical(meta),
        content_id=content_id or meta.get("android:app_id"),
        title=meta.get("og:title"),
        published=published,
        published_from=published_from if published else None,
        modified=_moment(story.get("dateModified")) or meta.get("article:modified_time"),
        keywords=keywords or _keywords(meta.get("news_keywords")),
        is_free=str(story.get("isAccessibleForFree", True)).lower() != "false",
        story=story,
    )


def canonical_address(page: bytes) -> str | None:
    """Return the address that a page gives as its own, canonical before og:url."""
    return _canonical(_meta(page))


def _canonical(meta: Mapping[str, str]) -> str | None:
    return meta.get("canonical") or meta.get("og:url")


def places_in_markup(
    page: bytes, words: bytes, start: int = 0, end: int | None = None, outside: int = 0
) -> Iterator[int]:
    """Yield the places where words stand in tags, not in scripts and comments; of very many only the first.

    Of the place `outside`, if that is not the beginning of the page, it must be known that it is in no script.
    """
    place = page.find(words, start, end)
    for _ in range(_MOST_PLACES):
        if place < 0:
            return
        # For words in a script tag it is the place before that tag that counts.
        tag = page.rfind(b"<", 0, place) + 1
        if is_in_markup(page, tag, outside if outside < tag else 0):
            yield place
        place = page.find(words, place + 1, end)


def is_in_markup(page: bytes, place: int, outside: int = 0) -> bool:
    """Tell whether a place is markup, and not the text of a script or of a comment that began not far before it."""
    return not (is_in_script(page, place, outside) or is_in_comment(page, place))


def is_in_comment(page: bytes, place: int) -> bool:
    """Tell whether a place is in a comment that began not far before it."""
    comment = last_comment(page, max(0, place - _LONGEST_COMMENT), place)
    return comment >= 0 and page.find(b"-->", comment, place) < 0


def last_comment(page: bytes, start: int, end: int) -> int:
    """Return where the last comment begins between two places, -1 if none does; found fast by its rarest byte."""
    place = page.rfind(b"!", start + 1, max(0, end - 2))
    while place >= 0 and not page.startswith(b"<!--", place - 1):
        place = page.rfind(b"!", start + 1, place)
    return place - 1 if place >= 0 else -1


def rfind_by(page: bytes, words: bytes, rare: bytes, start: int, end: int) -> int:
    """Return what `page.rfind(words, start, end)` returns, by a byte of the words that is rare: ten times as fast."""
    offset = words.index(rare)
    place = page.rfind(rare, start + offset, end - len(words) + offset + 1)
    while place >= 0 and not page.startswith(words, place - offset):
        place = page.rfind(rare, start + offset, place)
    return place - offset if place >= 0 else -1


def is_in_script(page: bytes, place: int, start: int = 0) -> bool:
    """Tell whether the last tag of a script between `start` and a place is one that begins it."""
    while (place := page.rfind(b"script", start, place)) >= 0:
        before = page[max(0, place - 2) : place]
        if before[-1:] == b"<":
            return True
        if before == b"</":
            break
    return False


def _stories(page: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the articles of all JSON-LD blocks; then what was saved of broken ones, incomplete ones, videos."""
    videos: list[Mapping[str, Any]] = []
    rescued: list[Mapping[str, Any]] = []
    incomplete: list[Mapping[str, Any]] = []
    for place in places_in_markup(page, _LINKED_DATA):
        block = _script_at(page, place)
        opening = _GRAPH.match(block)
        # Of a site or a trail of links nothing is asked.
        if not opening and not any(word in block for word in _NAMED_IN_STORIES):
            continue
        try:
            # What follows in the graph, such as a trail of links, is not asked for.
            if opening:
                story, _ = _DECODER.raw_decode(block, opening.end())
                if _is_of(story, _ARTICLES) and "datePublished" in story:
                    yield story
                    continue
            value = _DECODER.decode(block)
        except (ValueError, RecursionError):
            saved = {key: found[1] for key, form in _RESCUED.items() if (found := form.search(block))}
            if "datePublished" in saved:
                rescued.append(saved)
            continue
        for story in _articles(value, _DEEPEST_GRAPH):
            if _is_of(story, _ARTICLES) and "datePublished" in story:
                yield story
            else:
                (incomplete if _is_of(story, _ARTICLES) else videos).append(story)
    yield from (*rescued, *incomplete, *videos)


def _script_at(page: bytes, place: int) -> str:
    """Return what the script holds whose start tag holds a place, "" where it is no such tag."""
    start = page.find(b">", place) + 1
    end = page.find(b"</script", start)
    is_script = page.startswith(b"<script", page.rfind(b"<", 0, place)) and 0 < start <= end
    return page[start:end].decode("utf-8", "replace") if is_script else ""


def _articles(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value if depth else ():
            yield from _articles(each, depth - 1)
    elif isinstance(value, dict):
        if _is_of(value, _ARTICLES | {_VIDEO}):
            yield value
        elif "@graph" in value and depth:
            yield from _articles(value["@graph"], depth - 1)


def _is_of(value: Mapping[str, Any], types: frozenset[str]) -> bool:
    named = value.get("@type")
    if isinstance(named, list):
        return any(each in types for each in named if isinstance(each, str))
    return isinstance(named, str) and named in types


def _meta(page: bytes) -> Mapping[str, str]:
    """Return the meta elements that are asked for by name or property; the first of a name counts."""
    meta: dict[str, str] = {}
    for place, element in islice(_meta_elements(page), _MOST_META):
        given = {
            name.lower(): double or single or bare
            for name, double, single, bare in _ATTRIBUTE.findall(element.decode("utf-8", "replace"))
        }
        name = (given.get("property") or given.get("name") or given.get("rel") or "").lower()
        if name not in _META_NAMES or name in meta:
            continue
        value = tidy(unescape(given.get("content") or given.get("href") or ""))
        if value and is_in_markup(page, place):
            meta[name] = value
    return meta


def _is_asked(piece: bytes) -> bool:
    """Tell without taking an element apart whether it may have one of the names; most of a head have not."""
    low = piece.lower()
    return b"og:" in low or b"_time" in low or b"canonical" in low or b"app_id" in low or b"_keywords" in low


def _meta_elements(page: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what stands in those meta and link elements above the body that may be asked for, and where they begin."""
    end = page.find(b"<body")
    end = end if end > 0 else len(page)
    # From bracket to bracket: style sheets have none, and no expression has to go over them. All of a usual head is
    # split at once; one of very many brackets must not take very much memory.
    place = page.find(b"<", 0, end)
    while place >= 0:
        following = page.find(b"<", place + _SPLIT_AT_ONCE, end)
        for piece in page[place + 1 : following if following >= 0 else end].split(b"<"):
            # Most pieces are told by their first letter.
            is_named = piece[:1] in _META_LETTERS and piece[:4].lower() in _META_NAMED
            if is_named and _is_asked(piece) and (found := _META.match(piece)):
                yield place, found[0]
            place += 1 + len(piece)
        place = following


def _moment(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _keywords(value: Any) -> tuple[str, ...]:
    given = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
    return tuple(dict.fromkeys(word for each in given if (word := text_of(each))))
