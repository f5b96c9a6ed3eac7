"""The markup that the site writes most often in a body, each form read by one look; any other form is left alone.

What is said here of a form is what `plain.py` says of it piece by piece, and what the parser says of it.
"""

import re
from collections.abc import Callable, Mapping

from crawler.markup import LONGEST_TAG_BYTES
from crawler.parser import conventions
from crawler.parser.blocks import Block
from crawler.parser.body import BREAK, heads_others, is_noise_box, is_subhead, lines_of, row_block, summary_block
from crawler.parser.pieces import decoded
from crawler.parser.spacing import tidy

_ATTRIBUTES = r'(?: [a-z-]+="[^"<>]*")*+'
# Values of attributes and texts are matched by one excluded character, ten times as fast as by two; what else must not
# be in them is looked for in what was found.
# In a longer one a tag may be longer than any may be.
LONGEST_FORM = LONGEST_TAG_BYTES
ANY_ATTRIBUTES = r'(?: [a-z-]+="[^"]*+")*+'
_LEAF = rf"<(a|strong|em|b|i|u|span){ANY_ATTRIBUTES}>[^<]*+</"
# Which form it is tells the last of its groups; what is of no form has none. Between two blocks there is nothing but
# white space. Most of a text is paragraphs without any markup.
_BLOCK = re.compile(
    r"\s*+(?:"
    r"<p>([^<]*+)</p>"
    rf"|<p{ANY_ATTRIBUTES}>((?:[^<]*+{_LEAF}\3>)+)([^<]*+)</p>"
    rf"|<p{ANY_ATTRIBUTES}><strong>([^<]*+)<span{ANY_ATTRIBUTES}>([^<]*+)</span>([^<]*+)"
    r'<a(?: title="[^"]*+")? href="([^"]*+)"(?: title="[^"]*+")?>([^<]*+)</a></strong>\s*+</p>'
    rf"|<(h[2-6]){_ATTRIBUTES}>([^<]*+)</\10>"
    rf'|<div class="([^"<>&]*+)">(?:[^<]++|<(div|ins|span|a){_ATTRIBUTES}>[^<]*+</\13>)*()</div>'
    rf'|<blockquote class="[^"<>&]*summary[^"<>&]*+"><strong{_ATTRIBUTES}>[^<]*+</strong>\s*+<ul>\s*+'
    r"((?:<li>[^<]*+</li>\s*+)+)</ul>\s*+</blockquote>"
    rf"|<div(?: class=\"([^\"<>&]*+)\")?>\s*+<(h[2-6])>([^<&]*+)</\17>\s*+<ul>\s*+"
    rf"(?:<li>\s*+<a{_ATTRIBUTES}>[^<]*+</a>\s*+</li>\s*+)++</ul>()\s*+</div>"
    r"|<script(?: [^<>]*+)?>(?:[^<]++|<(?!/script|!--))*+()</script>"
    r"|<ul>\s*+((?:<li>[^<]*+</li>\s*+)+)</ul>"
    r"|<p>((?:[^<]*+<br ?/?>)++[^<]*+)</p>"
    rf"|<table{_ATTRIBUTES}>\s*+<tbody>\s*+"
    r"((?:<tr>\s*+(?:(?:<td>[^<]*+</td>|<th>[^<]*+</th>)\s*+)++</tr>\s*+)++)</tbody>\s*+</table>"
    r"|)"
)
_PLAIN = 1
_FILLING = frozenset({"nbsp;", "#8203;"})
_SPACE = re.compile(r"\s*+")
TAG = re.compile("<[^>]*+>")
_BOLD = re.compile("<(?:strong|b)>[^<]*</(?:strong|b)>")
_ITEM = re.compile("<li>([^<]*)")
_LINE_BREAK = re.compile("<br ?/?>")
_CELL = re.compile("<t[dh]>([^<]*)")


def cut_usual(markup: str, place: int, blocks: list[Block]) -> int:
    """Add the blocks of the usual forms that follow each other from a place on; return where the first other begins."""
    append, new = blocks.append, tuple.__new__
    # One follows the other without a gap, since what is of no form is found, too.
    for found in _BLOCK.finditer(markup, place):
        form = found.lastindex
        if form == _PLAIN:
            text = found[_PLAIN]
            if "&" in text:
                text = _without_end(text)
            # Mostly there is nothing to tidy; a block is made twice as fast as by its name.
            is_even = text.isascii() and text.isprintable() and "  " not in text
            if line := text.strip(" ") if is_even else tidy(text):
                append(new(Block, ("line", line, None, None)))
        elif form is None or found.end() - found.start() > LONGEST_FORM or not _CUTS[form](found, blocks):
            break
    return _SPACE.match(markup, found.start()).end()  # type: ignore[union-attr]  # it matches nothing, too


def _without_end(text: str) -> str:
    """Return a text with its references replaced; what only fills the end of a paragraph is left off."""
    before, _, behind = text.partition("&")
    return before if behind.rstrip() in _FILLING else decoded(text)


def words_of(markup: str) -> str | None:
    """Return the text in markup; None where it holds a reference, or a text or an attribute may hold a bracket."""
    words = TAG.sub("", markup)
    return None if "&" in words or "<" in words or ">" in words else words


def _cut_mixed(found: re.Match[str], blocks: list[Block]) -> bool:
    inside, behind = found.group(2, 4)
    words = words_of(inside)
    if words is None:
        return False
    line = tidy(words + (_without_end(behind) if "&" in behind else behind))
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
    before, label, between, href, title = found.group(5, 6, 7, 8, 9)
    words = before + label + between + title
    if "&" in words or "&" in href:
        return False
    if line := tidy(words):
        url = (tidy(href) or None) if conventions.is_special(line) else None
        blocks.append(Block("subhead" if is_subhead(line) else "line", line, url))
    return True


def _cut_heading(found: re.Match[str], blocks: list[Block]) -> bool:
    if line := tidy(decoded(found[11])):
        blocks.append(Block("subhead", line))
    return True


def _is_noise(found: re.Match[str], _: list[Block]) -> bool:
    names = found[12]
    return "summary" not in names and is_noise_box(names)


def _is_of_others(found: re.Match[str], _: list[Block]) -> bool:
    return "summary" not in (found[16] or "") and heads_others(tidy(found[18]))


def _cut_summary(found: re.Match[str], blocks: list[Block]) -> bool:
    for line in _ITEM.findall(found[15]):
        blocks += summary_block(tidy(decoded(line)))
    return True


def _cut_items(found: re.Match[str], blocks: list[Block]) -> bool:
    blocks += [Block("item", line) for each in _ITEM.findall(found[21]) if (line := tidy(decoded(each)))]
    return True


def _cut_lines(found: re.Match[str], blocks: list[Block]) -> bool:
    blocks += lines_of(decoded(_LINE_BREAK.sub(BREAK, found[22])))
    return True


def _cut_rows(found: re.Match[str], blocks: list[Block]) -> bool:
    for row in found[23].split("</tr>"):
        blocks += row_block([cell for each in _CELL.findall(row) if (cell := tidy(decoded(each)))], None)
    return True


_CUTS: Mapping[int, Callable[[re.Match[str], list[Block]], bool]] = {
    4: _cut_mixed,
    9: _cut_linked,
    11: _cut_heading,
    14: _is_noise,
    15: _cut_summary,
    19: _is_of_others,
    20: lambda *_: True,
    21: _cut_items,
    22: _cut_lines,
    23: _cut_rows,
}
