"""Whether the text that was read is the whole one: held against the copy that the site keeps in a script.

The copy is no source: it has no paragraphs, and on some pages it is cut or out of date. Where it says much more, a
person is told.
"""

import re
from collections import Counter

from crawler.article import Article

_NAME = b"keywordBrandSafety"
_END = b"</script"
_START = re.compile(rb"keywordBrandSafety\s{0,9}=\s{0,9}[\"']")
_MOST_PLACES = 5
_WITHIN = 30_000
_LONGEST = 400_000
# Beside the paragraphs it may hold captions, related headlines and the sign-off.
_LONGER_BY = 0.1
_MOST_OTHER_BYTES = 400
_WORD = re.compile(r"\w{3,}")
_MARKUP = re.compile(r"<[^<>]{0,500}>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_WHITE = {"n": " ", "r": " ", "t": " "}
_MISSING_WORDS, _MISSING_SHARE = 40, 0.15


def remarks_on(page: bytes, end: int, article: Article) -> tuple[str, ...]:
    """Return a remark where the script of a page holds many words that a text said to be complete lacks.

    `end` is the place where the body ends; the script stands not far behind it.
    """
    start = page.find(_NAME, end, end + _WITHIN) if article.is_complete else -1
    if start < 0:
        return ()
    # Counted in bytes the copy is the longer one; only what is much longer is looked at.
    longest = sum([len(text) for _, text in article.paragraphs]) * (1 + _LONGER_BY) + _MOST_OTHER_BYTES
    if _START.match(page, start) and 0 <= page.find(_END, start) - start <= longest:
        return ()
    copy = _copied(page, end)
    if copy is None or len(copy) <= longest:
        return ()
    text = _MARKUP.sub(" ", _ESCAPE.sub(_unescaped, copy.decode("utf-8", "replace")))
    theirs = Counter(_WORD.findall(text.casefold()))
    known = [each.text for each in article.paragraphs] + [each.title for each in article.related]
    known += [f"{each.caption or ''} {each.credit or ''}" for each in article.photos]
    known += [*article.summary, article.title, article.lead or "", article.sign_off or ""]
    missing = (theirs - Counter(_WORD.findall(" ".join(known).casefold()))).total()
    if missing < _MISSING_WORDS or missing < theirs.total() * _MISSING_SHARE:
        return ()
    return (f"keywordBrandSafety holds {missing} words that the text lacks",)


def _copied(page: bytes, end: int) -> bytes | None:
    """Return what the script holds, escapes and all; its end is the first quotation mark that is not escaped."""
    found, place = None, end - 1
    for _ in range(_MOST_PLACES):
        place = page.find(_NAME, place + 1, end + _WITHIN)
        if place < 0 or (found := _START.match(page, place)):
            break
    if not found:
        return None
    quote, start = found[0][-1:], found.end()
    end = page.find(quote, start, start + _LONGEST)
    while end >= 0 and _is_escaped(page, end):
        end = page.find(quote, end + 1, start + _LONGEST)
    return page[start:end] if end >= 0 else None


def _is_escaped(page: bytes, place: int) -> bool:
    before = place
    while page[before - 1 : before] == b"\\":
        before -= 1
    return (place - before) % 2 == 1


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _WHITE.get(found[2], found[2])
