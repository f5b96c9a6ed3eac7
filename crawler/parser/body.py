"""The body of a page: cuts the element that holds the text into blocks."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawler.article import Photo
from crawler.parser import conventions, people
from crawler.parser.blocks import Block, BlockKind
from crawler.parser.cuts import Cuts, note_beginning
from crawler.parser.spacing import tidy

# Taken out of the tree, except line breaks.
_CHANGED = "br,script,style,ins,iframe,noscript,template,svg,form,button,select,textarea,video,audio,object"
# A line break stands for itself until the text is cut at it; nothing printed holds this character.
BREAK = "\x0b"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_STRONG = frozenset({"strong", "b"})
_LISTS = frozenset({"ul", "ol"})
_BOXES = frozenset(
    {"div", "section", "article", "main", "center", "blockquote", "aside", "header", "footer", "details"}
)
_BLOCKS = _BOXES | _HEADINGS | _LISTS | {"p", "table", "figure", "hr", "dl", "pre"}
# Advertisements, widgets and embedded posts that stand between paragraphs.
_NOISE = re.compile(
    r"ads?(?:-|_|\b)|reserved|banner|widget|kgnw|taboola|mgid|popin|paging|pagination|jualbeli|ol_container|ol_swipe|tvp-|share-|baca-juga-box|"
    r"div-|twitter-|instagram-|tiktok-|fb-post|googletag|gpt-",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:(?:berita|artikel)\s(?:rekomendasi|terkait|terkini|terbaru|populer|pilihan|lainnya)|rekomendasi(?:\suntuk\sanda)?"
    r"|baca\sjuga|pilihan\suntukmu|wiki\sterkait|video\s(?:pilihan|terkait|populer)|terpopuler|populer)\s?:?",
    re.IGNORECASE,
)
# In a box of other articles so many parts in one of the words are linked.
_MOSTLY = 1.5
_MOST_LOOKED_AT = 20
# A whole paragraph in bold is a subhead, unless it is as long as a paragraph or ends like one.
_LONGEST_SUBHEAD = 150
_NOT_BOLD_ENDS = (".", ",", ";", ":", "”", '"')


def cut_body(body: LexborNode, cuts: Cuts = None) -> tuple[Block, ...]:
    """Return the blocks of a body; the tree is changed by it. What is passed over goes to `cuts`, if given."""
    if cuts is not None:
        _note_noise(body, cuts)
    for node in body.css(_CHANGED):
        if node.tag == "br":
            node.replace_with(BREAK)
        else:
            node.decompose()
    blocks: list[Block] = []
    _cut_box(body, blocks)
    return tuple(blocks)


def _note_noise(body: LexborNode, cuts: Cuts) -> None:
    """Keep the beginning of every element that is passed over; what stands inside of another one goes with it."""
    passed_over: set[int] = set()
    for node in body.css(f"{_CHANGED},{','.join(sorted(_BOXES))}"):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".strip()
        is_box = node.tag in _BOXES
        if node.tag == "br" or (is_box and ("summary" in names or not (is_noise_box(names) or _is_of_others(node)))):
            continue
        if node.parent is None or node.parent.mem_id not in passed_over:
            note_beginning(cuts, f"box: {names}" if is_box else f"element: {node.tag}", tidy(node.text_lexbor()))
        passed_over.update(each.mem_id for each in node.css("*"))


def _cut_box(box: LexborNode, blocks: list[Block]) -> None:
    """Cut the children of an element; what stands between them without an element of its own is a paragraph.

    Boxes in boxes are gone through without recursion, since pages nest deeper than Python likes to.
    """
    loose = ""
    to_go_on: list[LexborNode | None] = []
    child = box.child
    while child is not None or to_go_on:
        tag = (child.tag or "") if child is not None else ""
        if child is None or tag in _BLOCKS:
            blocks += lines_of(loose)
            loose = ""
        if child is None:
            child = to_go_on.pop()
            continue
        following = child.next
        if tag == "-text":
            text = child.text_content or ""
            if loose or not text.isspace():
                loose += text
        elif tag in _BOXES:
            if _is_open_box(child, blocks):
                to_go_on.append(following)
                following = child.child
        elif tag in _BLOCKS:
            _cut_block(child, tag, blocks)
        elif tag != "-comment":
            loose += child.text_lexbor()
        child = following
    blocks += lines_of(loose)


def _is_open_box(box: LexborNode, blocks: list[Block]) -> bool:
    """Tell whether a box holds a part of the text; the summary is cut here, noise is passed over."""
    attributes = box.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if "summary" in names:
        blocks += _summary(box)
        return False
    return not is_noise_box(names) and not _is_of_others(box)


def _is_of_others(box: LexborNode) -> bool:
    """Tell whether a box lists other articles: it says so first, and the rest of it is links."""
    first = _first_line(box)
    if not heads_others(first):
        return False
    rest = tidy(box.text_lexbor())[len(first) :]
    linked = sum(len(tidy(link.text_lexbor())) for link in box.css("a"))
    return linked * _MOSTLY >= len(rest)


def heads_others(line: str) -> bool:
    """Tell whether a line is the heading of a box that lists other articles."""
    return _OTHERS.fullmatch(line) is not None


def _first_line(box: LexborNode) -> str:
    """Return the text of the first element of a box that has any."""
    child = box.child
    for _ in range(_MOST_LOOKED_AT):
        if child is None:
            break
        line = tidy(child.text_lexbor() if child.tag != "-text" else child.text_content or "")
        if line and child.tag != "-comment":
            if child.tag not in _BOXES:
                return line
            box, child = child, child.child
            continue
        child = child.next
    return ""


def _cut_block(node: LexborNode, tag: str, blocks: list[Block]) -> None:
    if tag == "p":
        _cut_paragraph(node, blocks)
    elif tag in _HEADINGS:
        blocks += lines_of(node.text_lexbor(), kind="subhead")
    elif tag in _LISTS:
        blocks += _list(node, numbered=tag == "ol")
    elif tag == "table":
        blocks += _table(node)
    elif tag == "figure":
        blocks += _figure(node)
    else:
        blocks += lines_of(node.text_lexbor())


def _cut_paragraph(node: LexborNode, blocks: list[Block]) -> None:
    text = node.text_lexbor()
    line = tidy(text)
    if not line:
        blocks += (photo_block(picture_address(image), credit=None, caption="") for image in node.css("img,amp-img"))
        return
    url = _link(node) if conventions.is_special(line) else None
    if BREAK in text:
        blocks += lines_of(text, url=url)
        return
    blocks.append(Block("subhead" if is_subhead(line) and _is_bold(node, line) else "line", line, url))


def is_subhead(line: str) -> bool:
    """Tell whether a line is a subhead, given that all of it is printed in bold."""
    return len(line) <= _LONGEST_SUBHEAD and not line.endswith(_NOT_BOLD_ENDS)


# Few boxes are in a site's templates; every page has them.
@lru_cache(maxsize=256)
def is_noise_box(names: str) -> bool:
    """Tell by its classes and its id whether a box in the body is the site's own and no part of the text."""
    return bool(_NOISE.search(names))


def lines_of(text: str, *, kind: BlockKind = "line", url: str | None = None) -> Iterator[Block]:
    """Yield a block for each line of a text that line breaks cut."""
    for part in text.split(BREAK):
        if line := tidy(part):
            yield Block(kind, line, url if conventions.is_special(line) else None)


def _is_bold(node: LexborNode, line: str) -> bool:
    child = node.child
    while child is not None and child.tag == "-text" and not (child.text_content or "").strip():
        child = child.next
    return child is not None and child.tag in _STRONG and tidy(child.text_lexbor()) == line


def _link(node: LexborNode) -> str | None:
    """Return the first address in a line that is a link or names an original; in other lines links do not matter."""
    found = node.css_first("a[href]")
    return tidy(found.attributes.get("href") or "") or None if found else None


def _summary(node: LexborNode) -> Iterator[Block]:
    for item in node.css("li") or [node]:
        yield from summary_block(tidy(item.text_lexbor()))


def summary_block(line: str) -> Iterator[Block]:
    """Yield the block of a line of the summary, if it is more than the heading."""
    start = conventions.summary_start(line)
    if line := line if start is None else start:
        yield Block("summary", line)


def _list(node: LexborNode, *, numbered: bool) -> Iterator[Block]:
    number = 0
    for item in node.css("li"):
        line = tidy(item.text_lexbor().replace(BREAK, " "))
        if line:
            number += 1
            yield Block("item", f"{number}. {line}" if numbered else line, _only_link(item, line))


def _only_link(node: LexborNode, line: str) -> str | None:
    """Return the address of a link that is the whole of an item, as below a bare "Baca juga:"."""
    found = node.css_first("a[href]")
    return found.attributes.get("href") if found and tidy(found.text_lexbor()) == line else None


def _table(node: LexborNode) -> Iterator[Block]:
    for row in node.css("tr"):
        cells = [cell for cell in _children(row) if cell.tag in {"td", "th"}]
        texts = [text for cell in cells if (text := tidy(cell.text_lexbor().replace(BREAK, " ")))]
        yield from row_block(texts, _only_link(row, texts[0]) if len(texts) == 1 else None)


def row_block(texts: Sequence[str], url: str | None) -> Iterator[Block]:
    """Yield the block of a table row: its cells between bars.

    A single cell that is nothing but a link belongs to a box of other articles.
    """
    if len(texts) == 1:
        yield Block("related" if url else "line", texts[0], url)
    elif texts:
        yield Block("item", " | ".join(texts))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _figure(node: LexborNode) -> Iterator[Block]:
    caption = node.css_first("figcaption")
    words = tidy(caption.text_lexbor().replace(BREAK, " ")) if caption else ""
    image = node.css_first("img,amp-img")
    if image or words:
        yield photo_block(picture_address(image) if image else None, credit=None, caption=words)


def picture_address(image: LexborNode) -> str | None:
    """Return the address of a picture, None if it has none."""
    return picture_url(image.attributes.get("data-src"), image.attributes.get("src"))


def picture_url(*candidates: str | None) -> str | None:
    """Return the first address given; that of a picture loaded late stands in data-src."""
    return next((url for each in candidates if each and (url := tidy(each)) and not url.startswith("data:")), None)


def photo_block(url: str | None, *, credit: str | None, caption: str) -> Block:
    """Return the block of a picture, the credit taken off the end of its caption."""
    found, shorter = people.without_credit(caption, credit)
    return Block("photo", "", photo=Photo(url=url, credit=found, caption=shorter))
