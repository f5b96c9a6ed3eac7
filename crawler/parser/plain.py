"""Reads an article part of the plainest form without building a tree; what is not of that form it leaves to the parser.

It knows the elements that the site's own editor writes, closed in order, with quoted attributes. At the first that it
does not know it gives up: it says nothing rather than something else than the parser would. The rules by which elements
become blocks are those of `body.py` and `head.py`.
"""

from crawler.parser import conventions
from crawler.parser.blocks import Block
from crawler.parser.body import (
    BREAK,
    is_noise_box,
    is_subhead,
    lines_of,
    photo_block,
    picture_url,
    row_block,
    summary_block,
)
from crawler.parser.forms import cut_usual
from crawler.parser.head import Head, byline, moment_of, without_zoom
from crawler.parser.head_forms import cut_elements, framed_photo, usual_head
from crawler.parser.pieces import (
    ATTRIBUTES,
    CLOSES,
    INLINE,
    INSIDE,
    NAME,
    TEXT,
    GaveUpError,
    Piece,
    Pieces,
    attribute,
    decoded,
    must_be_blank,
)
from crawler.parser.spacing import tidy

_ROUND_HEAD = INLINE | {"div", "h5"}
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_ROUND_ROWS = frozenset({"tbody", "thead"})
_IN_NOISE = INLINE | {"ins"}
_AMP_PICTURE = "amp-img"
_PICTURES = frozenset({"img", _AMP_PICTURE})
_WITHOUT_END = frozenset({"", "img"})


def read_plain(part: str) -> tuple[Head, list[Block]] | None:
    """Return what stands round the body, and its blocks; None where the part needs a parser."""
    try:
        reader = _Reader(Pieces(part))
        head = reader.read_head()
        blocks = reader.read_body()
    except GaveUpError:
        return None
    return (head, blocks) if head.title and reader.is_at_end else None


class _Reader:
    """Goes over the pieces of a part once, from the first to the last."""

    __slots__ = ("_inline", "_is_open", "_next", "_pieces")

    def __init__(self, pieces: Pieces) -> None:
        self._is_open: list[str] = []
        self._pieces = pieces
        self._next = pieces.next
        self._inline = pieces.inline

    @property
    def is_at_end(self) -> bool:
        """Whether every piece was read."""
        return self._pieces.place == len(self._pieces.markup)

    def _must_stand_alone(self) -> None:
        must_be_blank(self._pieces.behind)

    def read_head(self) -> Head:
        """Return what stands above the body, up to and with its start tag."""
        usual = usual_head(self._pieces.markup)
        if not usual:
            return self._read_head()
        head, self._pieces.place = usual
        return head

    def _read_head(self) -> Head:
        head = Head()
        pieces = self._pieces
        while not head.has_body:
            pieces.place = cut_elements(pieces.markup, pieces.place, head)
            if head.photo is None and head.title and self._take_frame(head):
                continue
            piece = self._next()
            name = piece[NAME]
            if piece[CLOSES]:
                self._close(name)
            elif name == "h1" and not head.title:
                head.title = tidy(self._inline("h1").text)
            elif name in {"h2", "h4"}:
                self._take_heading(piece, head)
            elif name == "time":
                head.printed_date = head.printed_date or self._time(piece)
            elif name in _ROUND_HEAD:
                self._open(piece, head)
            elif name:
                raise GaveUpError
        if any(name != "div" for name in self._is_open):
            raise GaveUpError
        return head

    def _time(self, piece: Piece) -> str | None:
        return moment_of(tidy(self._inline("time").text), attribute(piece, "datetime"), attribute(piece, "title"))

    def _take_frame(self, head: Head) -> bool:
        """Take the main photo, if its frame is what comes next."""
        pieces = self._pieces
        found = framed_photo(pieces.markup, pieces.place, is_outermost=not self._is_open)
        if found:
            head.photo, pieces.place = found
        return found is not None

    def _close(self, name: str) -> None:
        """Close an element of the head; one that was opened before the part may be a `div` only."""
        if self._is_open:
            if self._is_open.pop() != name:
                raise GaveUpError
        elif name != "div":
            raise GaveUpError

    def _take_heading(self, piece: Piece, head: Head) -> None:
        is_lead = "hide" in attribute(piece, "class").split()
        words = self._inline(piece[NAME])
        if head.title is None:
            if is_lead or piece[NAME] == "h4":
                raise GaveUpError
            line = tidy(words.text)
            if words.url and "/topic" in words.url and tidy(words.link_text) == line:
                head.topic_line = line or None
        elif is_lead:
            head.lead = head.lead or tidy(words.text) or None

    def _open(self, piece: Piece, head: Head) -> None:
        role = attribute(piece, "id") if ' id="' in piece[ATTRIBUTES] else ""
        if role in {"penulis", "editor"}:
            head.bylines += (byline(tidy(self._inline(piece[NAME]).text), role),)
        elif role == "artimg":
            head.photo = head.photo or self._main_photo()
        elif (
            "txt-article" in piece[ATTRIBUTES]
            and piece[NAME] == "div"
            and "txt-article" in attribute(piece, "class").split()
        ):
            must_be_blank(piece[TEXT])
            head.has_body = True
        else:
            self._is_open.append(piece[NAME])

    def _main_photo(self) -> Block | None:
        url, credit, caption, is_open = None, None, None, ["div"]
        while is_open:
            piece = self._next()
            name = piece[NAME]
            if name == "img":
                url = url or picture_url(attribute(piece, "data-src"), attribute(piece, "src"))
                continue
            if piece[CLOSES]:
                _close_last(is_open, name)
                continue
            if name not in {"div", "a"} or ' id="' in piece[ATTRIBUTES] or "txt-article" in piece[ATTRIBUTES]:
                raise GaveUpError
            classes = attribute(piece, "class").split() if name == "div" else ()
            if "f11" in classes and credit is None:
                credit = without_zoom(tidy(self._inline("div").text))
            elif "f12" in classes and caption is None:
                caption = without_zoom(tidy(self._inline("div").text))
            else:
                is_open.append(name)
        return photo_block(url, credit=credit or None, caption=caption or "") if url else None

    def read_body(self) -> list[Block]:
        """Return the blocks of the body, up to and with its end tag."""
        blocks: list[Block] = []
        pieces = self._pieces
        while True:
            pieces.place = cut_usual(pieces.markup, pieces.place, blocks)
            if pieces.ends_with("</div>"):
                return blocks
            piece = pieces.next()
            name = piece[NAME]
            if not name:
                must_be_blank(piece[TEXT])
                if line := tidy(decoded(piece[INSIDE])):
                    blocks.append(Block("line", line))
            elif piece[CLOSES]:
                if name != "div":
                    raise GaveUpError
                return blocks
            elif name == "p":
                self._cut_paragraph(blocks)
            else:
                self._cut_block(piece, blocks)

    def _cut_paragraph(self, blocks: list[Block]) -> None:
        words = self._inline("p")
        self._must_stand_alone()
        line = tidy(words.text)
        if not line:
            return
        url = (tidy(words.url or "") or None) if conventions.is_special(line) else None
        if BREAK in words.text:
            blocks += lines_of(words.text, url=url)
        else:
            is_bold = words.bold is not None and is_subhead(line) and tidy(words.bold) == line
            blocks.append(Block("subhead" if is_bold else "line", line, url))

    def _cut_block(self, piece: Piece, blocks: list[Block]) -> None:
        name = piece[NAME]
        if name in _HEADINGS:
            blocks += lines_of(self._inline(name).text, kind="subhead")
        elif name in {"ul", "ol"}:
            must_be_blank(piece[TEXT])
            self._cut_list(name, blocks)
        elif name == "figure":
            must_be_blank(piece[TEXT])
            self._cut_figure(blocks)
        elif name == "table":
            must_be_blank(piece[TEXT])
            self._cut_table(blocks)
        else:
            self._cut_box(piece, blocks)
        self._must_stand_alone()

    def _cut_list(self, name: str, blocks: list[Block]) -> None:
        number = 0
        while (piece := self._next())[NAME] != name or not piece[CLOSES]:
            if piece[NAME] != "li" or piece[CLOSES]:
                raise GaveUpError
            words = self._inline("li")
            self._must_stand_alone()
            if line := tidy(words.text.replace(BREAK, " ")):
                number += 1
                url = words.url if words.url and tidy(words.link_text) == line else None
                blocks.append(Block("item", f"{number}. {line}" if name == "ol" else line, url))

    def _cut_table(self, blocks: list[Block]) -> None:
        texts: list[str] = []
        while (piece := self._next())[NAME] != "table":
            name = piece[NAME]
            if name in {"td", "th"} and not piece[CLOSES]:
                texts.append(tidy(self._inline(name).text.replace(BREAK, " ")))
            elif name == "tr":
                filled = [each for each in texts if each]
                if len(filled) == 1:
                    raise GaveUpError
                blocks += row_block(filled, None)
                texts = []
            elif name not in _ROUND_ROWS or texts:
                raise GaveUpError
            self._must_stand_alone()
        if not piece[CLOSES]:
            raise GaveUpError

    def _cut_figure(self, blocks: list[Block]) -> None:
        url, caption = None, ""
        while (piece := self._next())[NAME] != "figure":
            if piece[NAME] == "figcaption" and not caption:
                caption = tidy(self._inline("figcaption").text.replace(BREAK, " "))
            elif piece[NAME] in _PICTURES and not piece[CLOSES] and not url:
                url = picture_url(attribute(piece, "data-src"), attribute(piece, "src"))
                if piece[NAME] == _AMP_PICTURE:
                    self._close_picture()
            else:
                raise GaveUpError
        if not piece[CLOSES] or not url:
            raise GaveUpError
        blocks.append(photo_block(url, credit=None, caption=caption))

    def _close_picture(self) -> None:
        piece = self._next()
        if piece[NAME] != _AMP_PICTURE or not piece[CLOSES]:
            raise GaveUpError

    def _cut_box(self, piece: Piece, blocks: list[Block]) -> None:
        names = f"{attribute(piece, 'class')} {attribute(piece, 'id')}"
        if piece[NAME] == "blockquote" and "summary" in names:
            self._cut_summary(blocks)
        elif piece[NAME] == "div" and "summary" not in names and is_noise_box(names):
            self._skip_div()
        else:
            raise GaveUpError

    def _cut_summary(self, blocks: list[Block]) -> None:
        lines, is_open = [], ["blockquote"]
        while is_open:
            piece = self._next()
            name = piece[NAME]
            if piece[CLOSES]:
                _close_last(is_open, name)
            elif name == "li":
                lines.append(tidy(self._inline("li").text))
            elif name == "ul" or name in INLINE:
                is_open.append(name)
            else:
                raise GaveUpError
        if not lines:
            raise GaveUpError
        for line in lines:
            blocks += summary_block(line)

    def _skip_div(self) -> None:
        is_open = ["div"]
        while is_open:
            piece = self._next()
            name = piece[NAME]
            if piece[CLOSES]:
                _close_last(is_open, name)
            elif name == "div" or name in _IN_NOISE:
                is_open.append(name)
            elif name not in _WITHOUT_END:
                raise GaveUpError


def _close_last(is_open: list[str], name: str) -> None:
    """Close the element that was opened last; what is left open would go on behind the box, for the parser."""
    if is_open.pop() != name:
        raise GaveUpError
