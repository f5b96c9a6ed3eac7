"""The plain-text reader: cuts a rendering such as the seed document into fields and blocks."""

from collections.abc import Sequence

from crawler.errors import PageRefusedError
from crawler.parser import conventions, people
from crawler.parser.blocks import Block, Cut
from crawler.parser.captions import Found, note_photo, photo, photo_above, photo_at
from crawler.parser.cuts import Cuts, note
from crawler.parser.datelines import page_in_title, split_dateline
from crawler.parser.lines import PAGER, Line, cut_lines
from crawler.parser.opening import cut_opening

# The longest article seen has 400; so many are read within a second.
MOST_LINES = 20_000
# A lone line of at most so many letters between two paragraphs is a subhead.
_LONGEST_SUBHEAD = 90
_SENTENCE_ENDS = (".", "?", "!", ":", ";", ",", "”", '"')
# Below bare headlines a shorter line may be a subhead.
_LONGEST_SUBHEAD_BELOW_LINKS = 40
# A credit inside the text is short and has a slash in it, or it is taken for text.
_LONGEST_CREDIT = 60
# So many points a summary has at most, where nothing marks them.
_MOST_POINTS = 6


def cut_text(text: str, *, url: str | None = None, cuts: Cuts = None) -> Cut:
    """Return the fields and blocks of a plain-text rendering.

    Args:
        text: The document, or one page of it.
        url: Its address, if known; the slug helps to tell the title from other lines.
        cuts: Where what is cut is kept.

    Raises:
        PageRefusedError: It has more lines than any article may have.
    """
    if len(text) > MOST_LINES and (found := len(text.splitlines())) > MOST_LINES:
        raise PageRefusedError(url, f"{found:,} lines")
    opening, rest = cut_opening(cut_lines(text, cuts), slug=(url or "").rpartition("/")[2], cuts=cuts)
    page, pages, rest = _pager(rest, cuts)
    if page == 1 and (told := page_in_title(opening.title or "")):
        page, pages = told, max(told, pages)
    photos, rest = _head_photos(rest, cuts, is_below_sizes=opening.is_below_sizes)
    disclaimers = (Block("line", line.text) for line in opening.disclaimers)
    return Cut(
        title=opening.title,
        topic_line=opening.topic_line,
        lead=opening.lead,
        bylines=opening.bylines,
        printed_date=opening.printed_date,
        viewed_on=opening.viewed_on,
        blocks=(*photos, *disclaimers, *_body([*opening.extra, *rest], cuts)),
        page=page,
        pages=pages,
    )


def _pager(lines: Sequence[Line], cuts: Cuts) -> tuple[int, int, list[Line]]:
    printed = [line.text for line in lines if line.kind == "pager"]
    rest = [line for line in lines if line.kind != "pager"]
    for line in printed:
        note(cuts, "page number", line)
    found = PAGER.fullmatch(printed[0]) if printed else None
    page, pages = (int(found["page"]), int(found["pages"])) if found else (1, 1)
    return (page, pages, rest) if 1 <= page <= pages else (1, 1, rest)


def _head_photos(lines: Sequence[Line], cuts: Cuts, *, is_below_sizes: bool) -> tuple[tuple[Block, ...], list[Line]]:
    """Return the photos above the text; here a caption need not repeat its credit."""
    photos: list[Block] = []
    number = 0
    while number < len(lines):
        has_button = lines[number].kind == "zoom"
        if has_button:
            note(cuts, "zoom-in", lines[number].text)
            number += 1
        found = photo_above(lines, number, has_button=has_button, is_first=is_below_sizes and number == 0)
        if not found:
            if has_button:
                continue
            break
        photos.append(Block("photo", "", photo=found[1]))
        note_photo(cuts, lines[number : number + found[0]])
        number += found[0]
    return tuple(photos), list(lines[number:])


def _body(lines: Sequence[Line], cuts: Cuts) -> tuple[Block, ...]:
    blocks: list[Block] = []
    is_alone: list[bool] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        taken, found = _apart(lines, number, cuts)
        if taken:
            blocks += found
            is_alone += [False] * len(found)
            number += taken
            continue
        blocks.append(Block("line", line.text))
        neighbours = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
        is_alone.append(all(each.group != line.group for each in neighbours))
        number += 1
    return _with_subheads(blocks, is_alone)


def _apart(lines: Sequence[Line], number: int, cuts: Cuts) -> tuple[int, list[Block]]:
    """Return how many lines from this one on are no paragraphs by their kind or their neighbours, and their blocks."""
    line = lines[number]
    if line.kind != "line" or line.text == "|":
        return _of_kind(lines, number, cuts)
    if found := photo_at(lines, number) or _pair_at(lines, number):
        return found[0], _photos(found, lines[number:], cuts)
    if conventions.is_read(line.text):
        return _read_more(lines, number, cuts)
    if conventions.opens_links(line.text):
        note(cuts, "heading of links", line.text)
        titles = _titles(lines, number + 1)
        for each in lines[number + 1 : number + 1 + len(titles)]:
            note(cuts, "related", each.text)
        return 1 + len(titles), [Block("related", title) for title in titles]
    if conventions.summary_start(line.text) == "":
        points = _points(lines, number + 1)
        return 1 + len(points), [Block("line", line.text), *(Block("summary", point) for point in points)]
    return 0, []


def _of_kind(lines: Sequence[Line], number: int, cuts: Cuts) -> tuple[int, list[Block]]:
    """Return the blocks of a line that is marked for what it is; below the button over a picture may be the photo."""
    line = lines[number]
    if line.kind == "related":
        note(cuts, "related", line.text)
        return 1, [Block("related", line.text)]
    if line.kind == "item":
        return 1, [Block("item", line.text)]
    note(cuts, "zoom-in" if line.kind == "zoom" else "text sizes", line.text if line.kind != "line" else "")
    is_close = line.kind == "zoom" and number + 1 < len(lines) and lines[number + 1].group == line.group
    found = photo_above(lines, number + 1, has_button=True) if is_close else None
    return (1 + found[0], _photos(found, lines[number + 1 :], cuts)) if found else (1, [])


def _photos(found: Found, lines: Sequence[Line], cuts: Cuts) -> list[Block]:
    note_photo(cuts, lines[: found[0]])
    return [Block("photo", "", photo=found[1])]


def _pair_at(lines: Sequence[Line], number: int) -> Found | None:
    """Return a photo inside the text that two lines print: a credit that cannot be a sentence, and a caption."""
    group = [line for line in lines[max(0, number - 1) : number + 3] if line.group == lines[number].group]
    if len(group) != 2 or group[0] is not lines[number]:  # noqa: PLR2004  - a pair
        return None
    credit, caption = group[0].text, group[1].text
    is_credit = "/" in credit and len(credit) <= _LONGEST_CREDIT and people.may_be_credit(credit)
    is_caption = len(caption) > len(credit) and caption[0].isupper() and caption.endswith((".", ")"))
    return (2, photo(credit, caption)) if is_credit and is_caption and group[1].kind == "line" else None


def _titles(lines: Sequence[Line], number: int) -> list[str]:
    """Return the headlines below "Berita Rekomendasi" and its like: bullets, or bare lines that are long enough."""
    titles: list[str] = []
    is_bulleted = number < len(lines) and conventions.bullet_text(lines[number].text) is not None
    for line in lines[number:]:
        text = conventions.bullet_text(line.text)
        if not is_bulleted and len(line.text) > _LONGEST_SUBHEAD_BELOW_LINKS and conventions.is_headline(line.text):
            text = line.text
        if line.kind != "line" or text is None:
            break
        titles.append(text)
    return titles


def _read_more(lines: Sequence[Line], number: int, cuts: Cuts) -> tuple[int, list[Block]]:
    """Return the link that "Baca:" opens, if what follows reads like a headline; else it is a line of the text."""
    line = lines[number].text
    title = conventions.related_title(line)
    if title and (conventions.is_headline(title) or title.startswith(("http://", "https://"))):
        note(cuts, "related", line)
        return 1, [Block("related", title)]
    following = lines[number + 1] if title == "" and number + 1 < len(lines) else None
    if following and following.kind == "line" and conventions.is_headline(following.text):
        note(cuts, "related", line)
        note(cuts, "related", following.text)
        return 2, [Block("related", following.text)]
    return 0, []


def _points(lines: Sequence[Line], number: int) -> list[str]:
    """Return the points of a summary that have no bullets; those that have are known by them.

    They stand together with the heading, or are lines of their own down to the dateline: all of them sentences, or all
    without a full stop.
    """
    if number >= len(lines) or conventions.item_text(lines[number].text) is not None:
        return []
    group = lines[number - 1].group
    together = [line.text for line in lines[number : number + _MOST_POINTS] if line.group == group]
    if together:
        return together
    texts = [line.text for line in lines[number : number + _MOST_POINTS + 2]]
    is_report = [split_dateline(text) is not None or people.reporters(text) is not None for text in texts]
    if True not in is_report:
        return []
    points = texts[: is_report.index(True)]
    # Between summary and dateline there may be a second headline.
    if len(points) > 1 and points[-2].endswith(".") and not points[-1].endswith("."):
        points.pop()
    sentences = sum(text.endswith(".") for text in points)
    are_alike = sentences == len(points) or (sentences == 0 and len(points) > 1)
    return points if are_alike and len(points) <= _MOST_POINTS else []


def _with_subheads(blocks: Sequence[Block], is_alone: Sequence[bool]) -> tuple[Block, ...]:
    """Return the blocks, lone short lines between two paragraphs made subheads."""
    sizes = [_size(block) for block in blocks]
    judged = list(blocks)
    numbers = [number for number, size in enumerate(sizes) if size != "apart"]
    for before, here, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if (
            sizes[here] == "short"
            and is_alone[here]
            and sizes[before] != "short"
            and sizes[after] == "long"
            and _may_head(blocks[here].text)
        ):
            judged[here] = blocks[here]._replace(kind="subhead")
    return tuple(judged)


def _size(block: Block) -> str:
    """Return "short", "long", "mark" for a sign-off, or "apart" for what will not be a paragraph."""
    line = block.text
    if block.kind in {"photo", "related", "summary"} or conventions.is_apart(line):
        return "apart"
    if conventions.is_sign_off(line):
        return "mark"
    if block.kind == "item" or conventions.item_text(line) is not None or split_dateline(line):
        return "long"
    return "short" if len(line) <= _LONGEST_SUBHEAD and not line.endswith(_SENTENCE_ENDS) else "long"


def _may_head(line: str) -> bool:
    return line[0].isupper() or line[0].isdigit() or line[0] in "“\"'‘"
