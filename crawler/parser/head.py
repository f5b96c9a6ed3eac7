"""What stands above and below the body of a page: headline, lead, date, names, main photo, source."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.article import Photo
from crawler.parser.blocks import Block
from crawler.parser.body import photo_block, picture_address
from crawler.parser.spacing import tidy

# Everything that may matter, in one search, in the order of the page.
_WANTED = (
    "#arttitle,h1,h2,h4.hide,time,#penulis,#editor,#artimg,img.imgfull,img.wfull,a.glightbox img,figure img,amp-img,"
    ".txt-article"
)
# Where there is no such body, one of these is it; in the order of trust.
_OTHER_BODIES = ("[itemprop=articleBody]", "#article_con")
_TITLE_ID = "arttitle"
_USUAL_CLASS = "f50 black2 f400 crimson"
# As the layouts C to E write it; the headline of a box above it may have its id, too.
USUAL_TITLE = f'<h1 class="{_USUAL_CLASS}" id="{_TITLE_ID}">'
_ZOOM = re.compile(r"^(?:zoom-in\s?)?(?:lihat\sfoto\s?)?", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TRAIL_WITHIN = 3_000
_LINK = re.compile(r"<a\b([^<>]{1,1000})>([^<>]{1,200})</a", re.IGNORECASE)
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
    has_body: bool = False

    @property
    def picture(self) -> Block | None:
        """The photo without a credit that only repeats the headline, as the button over a picture does."""
        block = self.photo
        if block is None or block.photo is None or block.photo.credit is None or block.photo.credit != self.title:
            return block
        return block._replace(photo=Photo(block.photo.url, None, block.photo.caption))


def cut_head(tree: LexborHTMLParser, *, has_title_id: bool = True) -> Head:
    """Return what stands round the body, and the body itself.

    The first headline of the usual form is the title, else the first with the id "arttitle", else the nearest `h1`
    above the body that is not empty. What stands above it does not count, except the topic line next to it.

    Args:
        tree: The page or the part of it.
        has_title_id: Whether the id counts; on an AMP page it does not.
    """
    nodes = tree.css(_WANTED)
    if not any(_is_body(node) for node in nodes):
        nodes = _with_other_body(tree, nodes)
    start = _title_among(nodes, _TITLE_ID if has_title_id else None)
    head = Head()
    if start is not None:
        head.title = tidy(nodes[start].text_lexbor())
        head.topic_line = _topic_line(nodes[start])
    for node in nodes[(start + 1) if start is not None else 0 :]:
        _take(node, head)
        if head.body is not None:
            break
    return head


def _is_body(node: LexborNode) -> bool:
    return "txt-article" in (node.attributes.get("class") or "").split()


def _with_other_body(tree: LexborHTMLParser, nodes: list[LexborNode]) -> list[LexborNode]:
    """Return the nodes, a body of another form among them marked as one, if the page has any."""
    for form in _OTHER_BODIES:
        if found := tree.css_first(form):
            found.attrs["class"] = f"{found.attributes.get('class') or ''} txt-article"
            return tree.css(_WANTED)
    return nodes


def _title_among(nodes: Sequence[LexborNode], title_id: str | None) -> int | None:
    """Return which node is the headline: one with its id, else the nearest `h1` above the body, else the first.

    Boxes of goods and of other articles print theirs as `h1` too: one in each of a row, of the same classes.
    """
    if with_id := [number for number, node in enumerate(nodes) if title_id and node.id == title_id]:
        return next((number for number in with_id if _is_usual_title(nodes[number])), with_id[0])
    nearest, has_body = None, False
    forms = Counter(node.attributes.get("class") for node in nodes if node.tag == "h1")
    for number, node in enumerate(nodes):
        has_body = has_body or _is_body(node)
        is_one_of_many = node.tag != "h1" or forms[node.attributes.get("class")] > 1
        if not is_one_of_many and (nearest is None or not has_body) and tidy(node.text_lexbor()):
            nearest = number
    return nearest


def _is_usual_title(node: LexborNode) -> bool:
    return node.tag == "h1" and [*node.attributes.items()] == [("class", _USUAL_CLASS), ("id", _TITLE_ID)]


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
    elif name == "artimg" or tag in {"img", "amp-img"}:
        head.photo = head.photo or _main_photo(node)
    elif tag == "time":
        head.printed_date = head.printed_date or _moment(node)
    elif tag in {"h2", "h4"}:
        if "hide" in (node.attributes.get("class") or "").split():
            head.lead = head.lead or tidy(node.text_lexbor()) or None
    elif _is_body(node):
        head.body = node
        head.has_body = True


def moment_of(printed: str, given: str | None, shown: str | None) -> str | None:
    """Return what a `time` gives to machines, else what it prints; where that is "3 jam lalu", what its title shows."""
    return given or (shown if shown and not _YEAR.search(printed) else printed) or None


def _moment(node: LexborNode) -> str | None:
    attributes = node.attributes
    return moment_of(tidy(node.text_lexbor()), attributes.get("datetime"), attributes.get("title"))


def topic_in_trail(page: bytes, title: int) -> str | None:
    """Return the topic that a trail of links above the headline ends with."""
    near = max(0, title - _TRAIL_WITHIN)
    place = page.rfind(b"breadcrumb", near, title)
    if place < 0:
        return None
    trail = page[place:title].decode("utf-8", "replace")
    links = [(found[1], tidy(unescape(found[2]))) for found in _LINK.finditer(trail)]
    return next((text for href, text in links[::-1] if "/topic" in href and text), None)


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
    if node.tag in {"img", "amp-img"}:
        for _ in range(_FRAME_HEIGHT):
            above = frame.parent
            # What also holds the headline is no frame of a picture.
            if _caption(frame) or frame.tag == "figure" or above is None or above.css_first("h1,#penulis,time"):
                break
            frame = above
    else:
        image = node.css_first("img,amp-img")
    url = picture_address(image) if image else None
    if not url:
        return None
    credit, caption = frame.css_first(".f11"), _caption(frame)
    return photo_block(
        url,
        credit=(without_zoom(tidy(credit.text_lexbor())) if credit else None) or None,
        caption=without_zoom(tidy(caption.text_lexbor())) if caption else "",
    )


def _caption(frame: LexborNode) -> LexborNode | None:
    return frame.css_first(".f12,figcaption")
