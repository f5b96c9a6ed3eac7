"""What stands below the text of a page, read by bytes: its number of how many, tags, the site's id, the source."""

import re
from html import unescape

from crawler.parser.machine import is_in_comment, is_in_markup, places_in_markup, rfind_by
from crawler.parser.spacing import tidy

_TOTAL = re.compile(rb"Halaman\s{1,3}(\d{1,3})\s{0,3}(?:/|dari)\s{0,3}(\d{1,3})\b")
# The element that prints it names itself so.
_TOTAL_NAMES = (b"total", b"pag")
_TOTAL_TAG_WITHIN = 300
# Looking through all that stands below would cost as much as reading the article.
_PAGER_WITHIN, _PAGER_INSIDE = 16_000, 1_500
_TAGS_WITHIN = 40_000
_SOURCE_WITHIN = 12_000
_OF_OTHERS = b"Rekomendasi untuk Anda"
_PAGE = b"Halaman "
_BEHIND_TITLE = re.compile(rb"Halaman (\d{1,3})\s{0,9}[\"'<]")
# Also the last bytes of both long dashes in UTF-8.
_DASHES = frozenset({b"-", b"\x93", b"\x94"})
_HEAD_WITHIN = 10_000
_LINK_TO_PAGE = re.compile(rb"[?&;]page=(\d{1,3})[\"'&#\s>]")
_QUERIES = ((b"?", b"?page="), (b"&", (b"&page=", b"&amp;page=", b"&#38;page=", b"&#038;page=", b"&#x26;page=")))
_MOST_LINKS = 200
_LONGEST_ADDRESS = 2_048
_ID = re.compile(r"/(\d{5,12})(?:/|$)")
_HOST = re.compile(r"(?:https?:)?//[^/]+")

_LINK = re.compile(r"<a\b[^<>]*>([^<>]{1,200})</a", re.IGNORECASE)
# As the site writes it; without looking at both cases of a letter it is found faster.
_SMALL_LINK = re.compile(r"<a\b[^>]*+>([^<>]{1,200})</a")
# The longer word is found sooner.
_USUAL_TAG, _TAG_CLASS = b'<h5 class="tagcloud3">', b"tagcloud3"
# As the site writes all of them, up to the end of the box.
_USUAL_TAGS = re.compile(rb"(?:%b<a\b[^<>]*+>[^<>]*+</a></h5>\s*+)++(?=</)" % _USUAL_TAG)
# So near behind the tags begins a script. What a script writes has no line break before it.
_SCRIPT_WITHIN, _SCRIPT, _NEXT_SCRIPT = 2_000, b"script", b">\n<script"
_TAG_ADDRESS = b"/tag/"
_TAG_LABEL = re.compile(
    rb"class\s*=\s*[\"'][^\"'<>]*\btags?|>\s*tags?\s*:?\s*<|itemprop\s*=\s*[\"']keywords", re.IGNORECASE
)
_LABEL_WITHIN = 400
# One tag follows the other within so many bytes.
_NEXT_TAG_WITHIN = 1_000
_MOST_TAG_BYTES = 20_000
_CONTENT_ID = re.compile(rb"data-content-id\s*=\s*[\"'](\d{1,12})[\"']")

_SOURCES = re.compile(
    rb"sources[^<>]{0,200}>(?:(?!</div).){0,1500}?<a\b([^<>]{0,600})>([^<>]{0,200})</a", re.DOTALL | re.IGNORECASE
)
_NAMED = re.compile(r"\btitle\s*=\s*(?:\"([^\"]+)\"|'([^']+)')", re.IGNORECASE)


def read_pager(page: bytes, title: int, end: int, *, number: int, url: str | None) -> tuple[int, int]:
    """Return the number of a page and of how many there are at least.

    Args:
        page: The page in UTF-8.
        title: Where its title stands.
        end: Where its body ends.
        number: Which page it is if it does not tell.
        url: The address of the article, whose other pages are linked.
    """
    start, limit = max(title, end - _PAGER_INSIDE), end + _PAGER_WITHIN
    # Mostly there is none.
    last = rfind_by(page, b"Halaman", b"H", start, min(limit, len(page)))
    for place in places_in_markup(page, b"Halaman", start, limit) if last >= 0 else ():
        tag = page[max(page.rfind(b"<", start, place), place - _TOTAL_TAG_WITHIN) : place]
        if (found := _TOTAL.match(page, place)) and any(name in tag for name in _TOTAL_NAMES):
            shown, pages = int(found[1]), int(found[2])
            if 1 <= shown <= pages:
                return shown, pages
    told = _told_in_title(page, min(title, _HEAD_WITHIN))
    shown = told or number
    return shown, max(1 if told is None else shown, _last_linked(page, start, limit, url))


def _told_in_title(page: bytes, limit: int) -> int | None:
    """Return the number that stands behind a title in the head, such as " - Halaman 2"; None where none does."""
    last = rfind_by(page, _PAGE, b"H", 0, limit)
    place = page.find(_PAGE, 0, last + len(_PAGE)) if last >= 0 else -1
    for _ in range(_MOST_LINKS):
        if place < 0:
            break
        if found := _BEHIND_TITLE.match(page, place, limit):
            before = page[max(0, place - 2) : place]
            dash = before[:1] if before[-1:].isspace() else before[-1:]
            if dash in _DASHES:
                return int(found[1])
        place = page.find(_PAGE, place + 1, last + len(_PAGE))
    return None


def _last_linked(page: bytes, start: int, limit: int, url: str | None) -> int:
    """Return the highest number of a page of the same article that a link names."""
    last, place = 1, start
    if not _has_query(page, start, limit):
        return last
    own = _path(url) if url else None
    for _ in range(_MOST_LINKS):
        place = page.find(b"page=", place + 1, limit)
        if place < 0:
            break
        found = _LINK_TO_PAGE.match(page, place - 1)
        if not found or int(found[1]) <= last:
            continue
        href = max(page.rfind(b'"', place - _LONGEST_ADDRESS, place), page.rfind(b"'", place - _LONGEST_ADDRESS, place))
        if page[href - 5 : href].lower() == b"href=" and is_in_markup(page, href):
            address = page[href + 1 : place - 1].decode("utf-8", "replace").removesuffix("&amp").removesuffix("?")
            if _is_same(_path(address), own):
                last = int(found[1])
    return last


def _has_query(page: bytes, start: int, limit: int) -> bool:
    """Tell whether an address may name a page; what stands before that is rarer than its letters, and found sooner."""
    for sign, forms in _QUERIES:
        place = page.find(sign, start, limit)
        while place >= 0:
            if page.startswith(forms, place):
                return True
            place = page.find(sign, place + 1, limit)
    return False


def _path(url: str) -> str:
    path = _HOST.sub("", unescape(url), count=1).partition("?")[0].rstrip("/")
    return path.removeprefix("/amp")


def _is_same(path: str, own: str | None) -> bool:
    """Tell whether a link is to the article itself; the slug may be another one, the id may not."""
    if not path or path == own:
        return True
    ours, theirs = _ID.search(own or ""), _ID.search(path)
    return ours is not None and theirs is not None and ours[1] == theirs[1]


def read_tags(page: bytes, end: int, outside: int = 0) -> tuple[str, ...]:
    """Return the tags below the text: in their own elements, else links to tags behind a label.

    The place `outside` is in no script.
    """
    if usual := _usual_tags(page, end):
        return _names_in(usual)
    mark = _TAG_CLASS
    place = next(places_in_markup(page, mark, end, end + _TAGS_WITHIN, outside), -1)
    if place < 0:
        mark = _TAG_ADDRESS
        labelled = (
            each
            for each in places_in_markup(page, mark, end, end + _TAGS_WITHIN, outside)
            if _TAG_LABEL.search(page, max(end, each - _LABEL_WITHIN), each)
        )
        place = next(labelled, -1)
    if place < 0:
        return ()
    end = place
    while (following := page.find(mark, end + 1, end + _NEXT_TAG_WITHIN)) >= 0 and following < place + _MOST_TAG_BYTES:
        end = following
    begin = page.rfind(b"<", 0, place + 1)
    close = page.find(b"</a", end, end + _NEXT_TAG_WITHIN) + len(b"</a")
    return _names_in(page[begin:close])


def _usual_tags(page: bytes, end: int) -> bytes | None:
    """Return the box of tags where it is of the usual form and plainly in no script; that begins behind it."""
    place = page.find(_USUAL_TAG, end, end + _TAGS_WITHIN)
    found = _USUAL_TAGS.match(page, place, place + _MOST_TAG_BYTES) if place >= 0 else None
    if not found or is_in_comment(page, place):
        return None
    script = page.find(_SCRIPT, found.end(), found.end() + _SCRIPT_WITHIN)
    is_next = script > 0 and page.startswith(_NEXT_SCRIPT, script + len(_SCRIPT) - len(_NEXT_SCRIPT))
    return found[0] if is_next else None


def _names_in(markup: bytes) -> tuple[str, ...]:
    listed = markup.decode("utf-8", "replace")
    links = (_LINK if "<A" in listed else _SMALL_LINK).findall(listed)
    return tuple(dict.fromkeys([tag for each in links if (tag := tidy(unescape(each) if "&" in each else each))]))


def read_content_id(page: bytes, start: int) -> str | None:
    """Return the site's id that the bar for sharing carries."""
    found = (_CONTENT_ID.match(page, place) for place in places_in_markup(page, b"data-content-id", start))
    return next((each[1].decode("ascii") for each in found if each), None)


def read_source(page: bytes, end: int, outside: int = 0) -> str | None:
    """Return who is named in the box of sources below a body; the place `outside` is in no script."""
    limit = end + _SOURCE_WITHIN
    # Whatever is named below this is named by other articles.
    others = page.find(_OF_OTHERS, end, limit)
    limit = others if others >= 0 else limit
    # Mostly there is none, and backwards that is seen sooner.
    there_is = page.rfind(b"sources", end, limit) >= 0
    for place in places_in_markup(page, b"sources", end, limit, outside) if there_is else ():
        if found := _SOURCES.match(page, place):
            named = _NAMED.search(found[1].decode("utf-8", "replace"))
            name = (named[1] or named[2]) if named else found[2].decode("utf-8", "replace")
            return tidy(unescape(name)) or None
    return None


def end_of_body(page: bytes, body: int) -> int:
    """Return where the `div` ends whose start tag holds a place, the end of the page where that is not to be seen."""
    place, depth = page.find(b">", body), 1
    while place >= 0 and (close := page.find(b"</div", place)) >= 0:
        depth += page.count(b"<div", place, close) - 1
        if not depth:
            return close
        place = close + 1
    return len(page)
