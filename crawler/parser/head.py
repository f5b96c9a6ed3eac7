"""What stands above and below the body of a page: headline, lead, date, names, main photo, source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parser.blocks import Block
from crawler.parser.body import photo_block, picture_url
from crawler.parser.spacing import tidy

# Everything that may matter, in one search, in the order of the page.
_WANTED = "#arttitle,h1,h2,h4.hide,time,#penulis,#editor,#artimg,img.imgfull,div.txt-article,div.sources"
_TITLE_ID = "arttitle"
_ZOOM = re.compile(r"^(?:zoom-in\s?)?(?:lihat\sfoto\s?)?", re.IGNORECASE)
# The frame of a picture is that many elements above it at most.
_FRAME_HEIGHT = 4
# Topic line and title may each stand in so many elements of their own.
_WRAPPERS = 3


@dataclass(slots=True)
class Head:
    """The elements round a body; filled in the order of the page."""

    topic_line: str | None = None
    title: str | None = None
    lead: str | None = None
    printed_date: str | None = None
    bylines: tuple[str, ...] = ()
    photo: Block | None = None
    body: LexborNode | None = None
    source: str | None = None
    has_body: bool = False


def cut_head(tree: LexborHTMLParser) -> Head:
    """Return what stands round the body, and the body itself.

    The first headline with the id "arttitle" is the title, else the first `h1` that is not empty. What stands above
    it does not count, except the topic line next to it.
    """
    nodes = tree.css(_WANTED)
    start = _title_among(nodes)
    head = Head()
    if start is not None:
        head.title = tidy(nodes[start].text_lexbor())
        head.topic_line = _topic_line(nodes[start])
    for node in nodes[(start + 1) if start is not None else 0 :]:
        if head.body is None:
            _take(node, head)
        elif node.tag == "div" and "sources" in (node.attributes.get("class") or ""):
            head.source = head.source or _source(node)
    return head


def _title_among(nodes: Sequence[LexborNode]) -> int | None:
    first = None
    for number, node in enumerate(nodes):
        if node.id == _TITLE_ID:
            return number
        if first is None and node.tag == "h1" and tidy(node.text_lexbor()):
            first = number
    return first


def _topic_line(title: LexborNode) -> str | None:
    """Return the topic that stands next to the title, each perhaps in an element of its own."""
    node: LexborNode | None = title
    for _ in range(_WRAPPERS):
        before = node.prev if node else None
        while before is not None and (before.tag == "-comment" or not tidy(before.text_lexbor())):
            before = before.prev
        if before is not None:
            link = before.css_first("a[href*='/topic']") if before.tag in {"h2", "div"} else None
            return (
                tidy(link.text_lexbor()) or None
                if link and tidy(link.text_lexbor()) == tidy(before.text_lexbor())
                else None
            )
        node = node.parent if node else None
    return None


def _take(node: LexborNode, head: Head) -> None:
    """Put an element between title and body where it belongs."""
    tag, name = node.tag, node.id
    if name in {"penulis", "editor"}:
        head.bylines += (byline(tidy(node.text_lexbor()), name),)
    elif name == "artimg" or tag == "img":
        head.photo = head.photo or _main_photo(node)
    elif tag == "time":
        head.printed_date = head.printed_date or node.attributes.get("datetime") or tidy(node.text_lexbor()) or None
    elif tag in {"h2", "h4"}:
        if "hide" in (node.attributes.get("class") or "").split():
            head.lead = head.lead or tidy(node.text_lexbor()) or None
    elif tag == "div" and "txt-article" in (node.attributes.get("class") or "").split():
        head.body = node
        head.has_body = True


def byline(line: str, role: str) -> str:
    """Return what the element of an author or editor prints, with its label."""
    return line if ":" in line else f"{role}: {line}"


def without_zoom(line: str) -> str:
    """Return a credit or caption without the words of the button that enlarges the picture."""
    return _ZOOM.sub("", line) if line[:1] in "zZlL" else line


def _main_photo(node: LexborNode) -> Block | None:
    """Return the picture above the text with credit and caption, which stand beside it in one frame."""
    frame = node
    image: LexborNode | None = node
    if node.tag == "img":
        for _ in range(_FRAME_HEIGHT):
            above = frame.parent
            # What also holds the headline is no frame of a picture.
            if frame.css_first(".f12,figcaption") or above is None or above.css_first("h1"):
                break
            frame = above
    else:
        image = node.css_first("img")
    url = picture_url(image.attributes.get("data-src"), image.attributes.get("src")) if image else None
    if not url:
        return None
    credit, caption = frame.css_first(".f11"), frame.css_first(".f12,figcaption")
    return photo_block(
        url,
        credit=(without_zoom(tidy(credit.text_lexbor())) if credit else None) or None,
        caption=without_zoom(tidy(caption.text_lexbor())) if caption else "",
    )


def _source(node: LexborNode) -> str | None:
    link = node.css_first("h6 a")
    return (tidy(link.attributes.get("title") or link.text_lexbor()) or None) if link else None
