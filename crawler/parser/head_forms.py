"""What the site writes most often between headline and body, read by one look; any other form is left alone.

What is said here of a form is what `plain.py` says of it piece by piece, and what the parser says of it.
"""

import re

from crawler.parser.blocks import Block
from crawler.parser.body import photo_block
from crawler.parser.forms import ANY_ATTRIBUTES, LONGEST_FORM, TAG, words_of
from crawler.parser.head import Head, byline, moment_of, without_zoom
from crawler.parser.pieces import decoded
from crawler.parser.spacing import tidy

_CLASS = r' class="[^"<>&]*+"'
# Of a picture's frame: a class of this kind would be its credit or its caption.
_FRAME = r' class="(?![^"]*f1[12])[^"<>&]*+"'
_NAMES = rf"(?:[^<&]*+<a{ANY_ATTRIBUTES}>[^<&]*+</a>)*[^<&]*+"
_TOPIC_FORM = rf'(?:<h2>\s*+<a href="(?P<url>[^"<>&]*+)"{ANY_ATTRIBUTES}>(?P<topic>[^<]*+)</a>\s*+</h2>\s*+)?'
_LEAD_FORM = r'(?:<h2 class="hide">(?P<lead>[^<]*+)</h2>\s*+)?'
_PEOPLE_FORM = (
    rf'(?:<div id="penulis">(?P<authors>{_NAMES})</div>\s*+)?(?:<div id="editor">(?P<editors>{_NAMES})</div>\s*+)?'
)
_BODY_FORM = r'<div class="(?:[^"<>& ]++ )*?txt-article(?: [^"<>&]*+)?">(?=\s*+<)'
# From the topic to the start of the body in the layout of today. Where an optional part is missing none of it is there.
_HEAD = re.compile(
    rf'{_TOPIC_FORM}<h1(?: class="[^"]*+")? id="arttitle">(?P<title>[^<]*+)</h1>\s*+{_LEAD_FORM}'
    rf"<div{_CLASS}>\s*+<div{_CLASS}>\s*+<strong>[^<]*+</strong>\s*+"
    rf'<time datetime="(?P<given>[^"<>&]++)">(?P<printed>)[^<]*+</time>\s*+</div>\s*+'
    rf"<div{_CLASS}>\s*+<div{_CLASS}>\s*+{_PEOPLE_FORM}</div>\s*+</div>\s*+</div>\s*+"
    rf'(?:<div id="artimg"><div{_FRAME}>\s*+<div{_FRAME}>\s*+<a{ANY_ATTRIBUTES}>\s*+'
    r'<img class="[^"]*+" src="(?P<picture>[^"<>&]++)"(?: alt="[^"]*+")? ?/?>\s*+</a>\s*+</div>\s*+'
    r'(?:<div class="f11(?: [^"<>&]*+)?">(?P<credit>[^<]*+)</div>\s*+)?'
    r'(?:<div class="(?![^"]*f11)(?:[^"<>& ]++ )*?f12(?: [^"<>&]*+)?">(?P<caption>[^<]*+)</div>\s*+)?'
    rf'</div>\s*+</div>\s*+)?(?:<div id="article_con">\s*+)?{_BODY_FORM}'
)
# The same of AMP pages, whose menu of letter sizes says nothing; a photo's credit stands in its caption.
_AMP_HEAD = re.compile(
    rf'{_TOPIC_FORM}<h1(?: class="[^"]*+")?>(?P<title>[^<]*+)</h1>\s*+'
    r'<time(?: class="[^"]*+")?>(?P<given>)(?P<printed>[^<]*+)</time>\s*+'
    rf'<div class="credit">\s*+{_PEOPLE_FORM}</div>\s*+'
    r'<div class="text-size">(?:\s*+<span>[^<]*+</span>)++\s*+</div>\s*+'
    rf'(?:<figure>\s*+<amp-img src="(?P<picture>[^"<>&]++)"{ANY_ATTRIBUTES}></amp-img>\s*+(?P<credit>)'
    rf"(?:<figcaption>(?P<caption>[^<]*+)</figcaption>\s*+)?</figure>\s*+)?{_LEAD_FORM}{_BODY_FORM}"
)
_FIELDS = ("url", "topic", "title", "lead", "given", "printed", "authors", "editors", "picture", "credit", "caption")
# Single elements between headline and body; which one it is tells the last of its groups. What is printed between them
# says nothing.
_TOPIC, _TITLE, _LEAD, _TIME, _PEOPLE, _NOTHING = 2, 4, 6, 8, 11, 12
_ELEMENT = re.compile(
    rf'(?:<h2>\s*+<a href="([^"&]*+)"{ANY_ATTRIBUTES}>([^<]*+)</a>\s*+</h2>'
    rf"|<h1({ANY_ATTRIBUTES})>([^<]*+)</h1>"
    r'|<(h[24]) class="hide">([^<]*+)</\5>'
    r'|<time(?: class="[^"]*+")?(?: datetime="([^"&]++)")?>([^<]*+)</time>'
    rf'|<(div|h5) id="(penulis|editor)">((?:[^<]*+<a{ANY_ATTRIBUTES}>[^<]*+</a>)*+[^<]*+)</\9>'
    r'|<div class="([^"]*+)">(?:\s*+<span>[^<]*+</span>)++\s*+</div>'
    r")[^<]*+"
)

_FIGURE = 7
# A picture between title and body in a frame of its own: on large screens since 2024, on m., and on AMP pages.
_CREDIT = r'(?:<div class="f11(?: [^"<>&]*+)?">((?:[^<&]++|<span>[^<&]*+</span>)*)</div>\s*+)?'
_CAPTION = r'(?:<div class="(?![^"]*f11)(?:[^"<>& ]++ )*?f12(?: [^"<>&]*+)?">([^<]*+)</div>\s*+)?'
_IMAGE = r'<img class="(?:imgfull|wfull)" src="([^"<>&]++)"(?: alt="[^"]*+")? ?/?>\s*+'
_FRAMES = re.compile(
    rf"<div{_FRAME}>\s*+<div{_FRAME}>\s*+{_IMAGE}</div>\s*+{_CREDIT}{_CAPTION}</div>\s*+"
    rf'|<div{_FRAME}>\s*+<a class="glightbox"{ANY_ATTRIBUTES}>\s*+{_IMAGE}</a>\s*+(?:<div{_FRAME}>[^<]*+</div>\s*+)?'
    rf"{_CREDIT}{_CAPTION}</div>\s*+"
    rf'|<figure>\s*+<amp-img src="([^"<>&]++)"{ANY_ATTRIBUTES}></amp-img>\s*+()'
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
        credit=without_zoom(tidy(decoded(TAG.sub("", credit)))) or None if credit else None,
        caption=without_zoom(tidy(decoded(caption))) if caption else "",
    )
    return block, found.end()


def usual_head(markup: str) -> tuple[Head, int] | None:
    """Return what stands above the body, and where the body begins; None where it is not of the usual form."""
    found = _HEAD.match(markup) or _AMP_HEAD.match(markup)
    if not found or markup.count("txt-article", 0, found.end()) != 1:
        return None
    url, topic, title, lead, given, printed, authors, editors, picture, credit, caption = found.group(*_FIELDS)
    head = Head(title=tidy(decoded(title)), has_body=True)
    head.printed_date = given or tidy(decoded(printed)) or None
    if topic and "/topic" in url:
        head.topic_line = tidy(decoded(topic)) or None
    if lead:
        head.lead = tidy(decoded(lead)) or None
    for names, role in ((authors, "penulis"), (editors, "editor")):
        if names is not None:
            words = words_of(names)
            if words is None:
                return None
            head.bylines += (byline(tidy(words), role),)
    if picture and (address := tidy(picture)):
        head.photo = photo_block(
            address,
            credit=without_zoom(tidy(decoded(credit))) or None if credit else None,
            caption=without_zoom(tidy(decoded(caption))) if caption else "",
        )
    return head, found.end()


def cut_elements(markup: str, place: int, head: Head) -> int:
    """Take what the usual elements say that follow each other from a place on; return where the first other begins."""
    match = _ELEMENT.match
    while (found := match(markup, place)) and found.end() - place <= LONGEST_FORM and _is_taken(found, head):
        place = found.end()
    return place


def _is_taken(found: re.Match[str], head: Head) -> bool:
    last = found.lastindex
    if last == _TOPIC:
        if head.title is None and "/topic" in found[1]:
            head.topic_line = tidy(decoded(found[_TOPIC])) or None
    elif last == _TITLE:
        if head.title:
            return False
        head.title = tidy(decoded(found[_TITLE]))
    elif last == _LEAD:
        if head.title is None:
            return False
        head.lead = head.lead or tidy(decoded(found[_LEAD])) or None
    elif last == _TIME:
        head.printed_date = head.printed_date or moment_of(tidy(decoded(found[_TIME])), found[7], None)
    elif last == _PEOPLE:
        names = words_of(found[_PEOPLE])
        if names is None:
            return False
        head.bylines += (byline(tidy(names), found[10]),)
    else:
        return "txt-article" not in found[_NOTHING]
    return True
