"""The markup that the site writes most often, each form read by one look; what is of another form is left alone.

What is said here of a form is what `plain.py` says of it piece by piece, and what the parser says of it.
"""

import re
from collections.abc import Callable, Mapping

from crawler.parser import conventions
from crawler.parser.blocks import Block
from crawler.parser.body import heads_others, is_noise_box, is_subhead, photo_block, summary_block
from crawler.parser.head import Head, byline, without_zoom
from crawler.parser.pieces import decoded
from crawler.parser.spacing import tidy

_ATTRIBUTES = r'(?: [a-z-]+="[^"<>]*")*+'
_CLASS = r' class="[^"<>&]*+"'
# Of a picture's frame: a class of this kind would be its credit or its caption.
_FRAME = r' class="(?![^"]*f1[12])[^"<>&]*+"'
_NAMES = rf"((?:[^<&]*+<a{_ATTRIBUTES}>[^<&]*+</a>)*[^<&]*+)"
# From the topic to the start of the body in the layout of today. Where an optional part is missing none of it is there.
_HEAD = re.compile(
    rf'(?:<h2>\s*+<a href="([^"<>&]*+)"{_ATTRIBUTES}>([^<]*+)</a>\s*+</h2>\s*+)?'
    rf'<h1(?: class="[^"<>]*+")? id="arttitle">([^<]*+)</h1>\s*+'
    r'(?:<h2 class="hide">([^<]*+)</h2>\s*+)?'
    rf"<div{_CLASS}>\s*+<div{_CLASS}>\s*+<strong>[^<]*+</strong>\s*+"
    rf'<time datetime="([^"<>&]++)">[^<]*+</time>\s*+</div>\s*+'
    rf"<div{_CLASS}>\s*+<div{_CLASS}>\s*+"
    rf'(?:<div id="penulis">{_NAMES}</div>\s*+)?(?:<div id="editor">{_NAMES}</div>\s*+)?'
    r"</div>\s*+</div>\s*+</div>\s*+"
    rf'(?:<div id="artimg"><div{_FRAME}>\s*+<div{_FRAME}>\s*+<a{_ATTRIBUTES}>\s*+'
    r'<img class="[^"<>]*+" src="([^"<>&]++)"(?: alt="[^"<>]*+")? ?/?>\s*+</a>\s*+</div>\s*+'
    r'(?:<div class="f11(?: [^"<>&]*+)?">([^<]*+)</div>\s*+)?'
    r'(?:<div class="(?![^"]*f11)(?:[^"<>& ]++ )*?f12(?: [^"<>&]*+)?">([^<]*+)</div>\s*+)?'
    r"</div>\s*+</div>\s*+)?"
    r'(?:<div id="article_con">\s*+)?<div class="(?:[^"<>& ]++ )*?txt-article(?: [^"<>&]*+)?">(?=\s*+<)'
)

_LEAF = rf"<(a|strong|em|b|i|u|span){_ATTRIBUTES}>[^<&]*+</"
# Which form it is tells the last of its groups; between two blocks there is nothing but white space.
_BLOCK = re.compile(
    r"\s*+(?:"
    rf"<p{_ATTRIBUTES}>((?:[^<&]*+{_LEAF}\2>)+)([^<]*+)</p>"
    rf"|<p{_ATTRIBUTES}><strong>([^<&]*+<span{_ATTRIBUTES}>[^<&]*+</span>[^<&]*+"
    rf'<a(?: title="[^"<>]*+")? href="([^"<>&]*+)"(?: title="[^"<>]*+")?>[^<&]*+</a>)()</strong>\s*+</p>'
    rf"|<(h[2-6]){_ATTRIBUTES}>([^<]*+)</\7>"
    rf'|<div class="([^"<>&]*+)">(?:[^<]++|<(div|ins|span|a){_ATTRIBUTES}>[^<]*+</\10>)*()</div>'
    rf'|<blockquote class="[^"<>&]*summary[^"<>&]*+"><strong{_ATTRIBUTES}>[^<]*+</strong>\s*+<ul>\s*+'
    r"((?:<li>[^<]*+</li>\s*+)+)</ul>\s*+</blockquote>"
    rf"|<div(?: class=\"([^\"<>&]*+)\")?>\s*+<(h[2-6])>([^<&]*+)</\14>\s*+<ul>\s*+"
    rf"(?:<li>\s*+<a{_ATTRIBUTES}>[^<]*+</a>\s*+</li>\s*+)++</ul>()\s*+</div>"
    r"|<script(?: [^<>]*+)?>(?:[^<]++|<(?!/script|!--))*+()</script>"
    r")"
)
# From one block to the next are so many characters at most, else they are looked for in the patterns.
_GAP = 40
_FILLING = frozenset({"nbsp;", "#8203;"})
_SPACE = re.compile(r"\s*+")
_TAG = re.compile("<[^<>]*>")
_BOLD = re.compile("<(?:strong|b)>[^<]*</(?:strong|b)>")
_ITEM = re.compile("<li>([^<]*)")


_FIGURE = 7
# A picture between title and body in a frame of its own: on large screens since 2024, on m., and on AMP pages.
_CREDIT = r'(?:<div class="f11(?: [^"<>&]*+)?">((?:[^<&]++|<span>[^<&]*+</span>)*)</div>\s*+)?'
_CAPTION = r'(?:<div class="(?![^"]*f11)(?:[^"<>& ]++ )*?f12(?: [^"<>&]*+)?">([^<]*+)</div>\s*+)?'
_IMAGE = r'<img class="(?:imgfull|wfull)" src="([^"<>&]++)"(?: alt="[^"<>]*+")? ?/?>\s*+'
_FRAMES = re.compile(
    rf"<div{_FRAME}>\s*+<div{_FRAME}>\s*+{_IMAGE}</div>\s*+{_CREDIT}{_CAPTION}</div>\s*+"
    rf'|<div{_FRAME}>\s*+<a class="glightbox"{_ATTRIBUTES}>\s*+{_IMAGE}</a>\s*+(?:<div{_FRAME}>[^<]*+</div>\s*+)?'
    rf"{_CREDIT}{_CAPTION}</div>\s*+"
    rf'|<figure>\s*+<amp-img src="([^"<>&]++)"{_ATTRIBUTES}></amp-img>\s*+()'
    r"(?:<figcaption>([^<]*+)</figcaption>\s*+)?</figure>\s*+"
)


def framed_photo(markup: str, place: int, *, is_outermost: bool) -> tuple[Block | None, int] | None:
    """Return the main photo whose frame begins at a place, and where it ends; None where it is of another form.

    Args:
        markup: The part of the page.
        place: Where the frame begins.
        is_outermost: Whether it stands in no other element that was opened below the title: what has no caption looks
            for one in the elements round it.
    """
    found = _FRAMES.match(markup, place)
    if not found:
        return None
    first = next(number for number in (1, 4, _FIGURE) if found[number])
    url, credit, caption = found.group(first, first + 1, first + 2)
    if not (is_outermost or caption or first == _FIGURE):
        return None
    block = photo_block(
        tidy(url),
        credit=without_zoom(tidy(decoded(_TAG.sub("", credit)))) or None if credit else None,
        caption=without_zoom(tidy(decoded(caption))) if caption else "",
    )
    return block, found.end()


def usual_head(markup: str) -> tuple[Head, int] | None:
    """Return what stands above the body, and where the body begins; None where it is not of the usual form."""
    found = _HEAD.match(markup)
    if not found or markup.count("txt-article", 0, found.end()) != 1:
        return None
    url, topic, title, lead, printed, authors, editors, picture, credit, caption = found.groups()
    head = Head(title=tidy(decoded(title)), printed_date=printed, has_body=True)
    if topic and "/topic" in url:
        head.topic_line = tidy(decoded(topic)) or None
    if lead:
        head.lead = tidy(decoded(lead)) or None
    for names, role in ((authors, "penulis"), (editors, "editor")):
        if names is not None:
            head.bylines += (byline(tidy(_TAG.sub("", names)), role),)
    if picture and (address := tidy(picture)):
        head.photo = photo_block(
            address,
            credit=without_zoom(tidy(decoded(credit))) or None if credit else None,
            caption=without_zoom(tidy(decoded(caption))) if caption else "",
        )
    return head, found.end()


def cut_usual(markup: str, place: int, blocks: list[Block]) -> int:
    """Add the blocks of the usual forms that follow each other from a place on; return where the first other begins."""
    find, match = markup.find, _BLOCK.match
    while True:
        # Most of a text is paragraphs without any markup; they need no pattern.
        start = find("<p>", place, place + _GAP)
        end = find("<", start + 3)
        if start >= 0 and markup.startswith("</p>", end) and (start == place or markup[place:start].isspace()):
            text = markup[start + 3 : end]
            if line := tidy(_without_end(text) if "&" in text else text):
                blocks.append(Block("line", line))
            place = end + 4
        elif (found := match(markup, place)) and _CUTS[found.lastindex or 0](found, blocks):
            place = found.end()
        else:
            break
    return _SPACE.match(markup, place).end()  # type: ignore[union-attr]  # it matches nothing, too


def _without_end(text: str) -> str:
    """Return a text with its references replaced; what only fills the end of a paragraph is left off."""
    before, _, behind = text.partition("&")
    return before if behind.rstrip() in _FILLING else decoded(text)


def _cut_mixed(found: re.Match[str], blocks: list[Block]) -> bool:
    inside, behind = found.group(1, 3)
    line = tidy(_TAG.sub("", inside) + _without_end(behind))
    if "<a" in inside and conventions.is_special(line):
        return False  # what it links to has to be looked at
    is_bold = False
    if ("<s" in inside or "<b" in inside) and is_subhead(line):
        is_bold = _BOLD.fullmatch(inside) is not None and not tidy(decoded(behind))
        if not is_bold and not inside[0].isalnum():
            return False  # it begins in bold, perhaps
    if line:
        blocks.append(Block("subhead" if is_bold else "line", line))
    return True


def _cut_linked(found: re.Match[str], blocks: list[Block]) -> bool:
    if line := tidy(_TAG.sub("", found[4])):
        url = (tidy(found[5]) or None) if conventions.is_special(line) else None
        blocks.append(Block("subhead" if is_subhead(line) else "line", line, url))
    return True


def _cut_heading(found: re.Match[str], blocks: list[Block]) -> bool:
    if line := tidy(decoded(found[8])):
        blocks.append(Block("subhead", line))
    return True


def _is_noise(found: re.Match[str], _: list[Block]) -> bool:
    return "summary" not in found[9] and is_noise_box(found[9])


def _is_of_others(found: re.Match[str], _: list[Block]) -> bool:
    return "summary" not in (found[13] or "") and heads_others(tidy(found[15]))


def _cut_summary(found: re.Match[str], blocks: list[Block]) -> bool:
    for line in _ITEM.findall(found[12]):
        blocks += summary_block(tidy(decoded(line)))
    return True


_CUTS: Mapping[int, Callable[[re.Match[str], list[Block]], bool]] = {
    3: _cut_mixed,
    6: _cut_linked,
    8: _cut_heading,
    11: _is_noise,
    12: _cut_summary,
    16: _is_of_others,
    17: lambda *_: True,
}
