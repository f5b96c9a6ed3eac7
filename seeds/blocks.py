"""From the JSON of an article to the blocks of its pages, and back to what a reader of those pages must get."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seeds.desk import Manuscript, PageAsked

BlockKind = Literal[
    "disclaimer", "headline", "reporter", "opening", "text", "quote", "subhead", "item",
    "photo", "related", "sign_off", "source", "syndication", "tail",
]  # fmt: skip
PARAGRAPHS: frozenset[BlockKind] = frozenset({"opening", "text", "quote", "subhead", "item"})
_TAILS = re.compile(r"(?:Simak berita terbaru|Dapatkan Berita Pilihan|Baca WhatsApp)", re.IGNORECASE)
_RELATED = re.compile(r"\(? ?(?:baca|simak|lihat)\b", re.IGNORECASE)
_DISCLAIMER = "Tribuners adalah platform"
# So much of a text tells where in the plain text it stands.
_START = 60


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body; `number` says which photo or which related link it is.

    `label` stands before its text; a line break there means that the text is the next line of the paragraph before.
    """

    kind: BlockKind
    text: str
    number: int = 0
    label: str = ""


def lay_out(manuscript: Manuscript) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks of each page."""
    pages = _split(tuple(_body(manuscript)), manuscript.pages)
    pages[0] = (*_head(manuscript), *pages[0])
    pages[-1] = (*pages[-1], *_tail(manuscript))
    return tuple(pages)


def expect(manuscript: Manuscript, viewed_on: str, page: PageAsked | None = "all") -> dict[str, Any]:
    """Return the JSON that a reader must get: of "all", of one page alone, or of every page joined (None)."""
    pages = lay_out(manuscript)
    total = 1 if page == "all" else len(pages)
    shown = pages[page - 1 : page] if isinstance(page, int) else pages
    blocks = [block for each in shown for block in each]
    kinds = {block.kind for block in blocks}
    seen_photos = {0} | {block.number for block in blocks if block.kind == "photo"}
    seen_related = {block.number for block in blocks if block.kind == "related"}
    is_first = page in {"all", None, 1}
    read = total if page is None else 1
    article = manuscript.article
    return {
        **article,
        "second_headline": article["second_headline"] if is_first else None,
        "summary": article["summary"] if is_first else [],
        "dateline": article["dateline"] if is_first else None,
        "reporters": article["reporters"] if is_first else [],
        "paragraphs": [
            {"kind": "text" if block.kind == "opening" else block.kind, "text": block.text}
            for block in blocks
            if block.kind in PARAGRAPHS and block.text
        ],
        "photos": [photo for number, photo in enumerate(article["photos"]) if number in seen_photos],
        "related": [each for number, each in enumerate(article["related"]) if number in seen_related],
        "sign_off": article["sign_off"] if "sign_off" in kinds else None,
        "source": article["source"] if "source" in kinds else None,
        "syndicated_from": article["syndicated_from"] if "syndication" in kinds else None,
        "viewed_on": viewed_on,
        "pages": {"read": read, "total": total},
        "is_premium": manuscript.is_premium,
        "is_complete": read == total and not manuscript.is_premium,
    }


def _head(manuscript: Manuscript) -> Iterator[Block]:
    article, lines = manuscript.article, manuscript.lines
    yield from (Block("disclaimer", line) for line in lines if line.startswith(_DISCLAIMER))
    if article["second_headline"]:
        yield Block("headline", article["second_headline"])
    reporters = list(article["reporters"])
    for line in (line for line in lines if line.lower().startswith("laporan ")):
        named = [name for name in reporters if name in line]
        if named:
            yield Block("reporter", line)
            reporters = [name for name in reporters if name not in named]
    for name in reporters:
        yield Block("reporter", f"Laporan Wartawan Tribun, {name}")


def _body(manuscript: Manuscript) -> Iterator[Block]:
    article = manuscript.article
    paragraphs = article["paragraphs"]
    follow: dict[int, list[Block]] = {}
    for at, block in _placed(manuscript):
        follow.setdefault(_after_the_run(paragraphs, at), []).append(block)
    next_lines = _next_lines(manuscript)
    if article["dateline"] and not paragraphs:
        yield Block("opening", "", label=_printed_dateline(manuscript))
    yield from follow.get(-1, ())
    for number, paragraph in enumerate(paragraphs):
        if number == 0 and article["dateline"]:
            yield Block("opening", paragraph["text"], label=_printed_dateline(manuscript))
        else:
            is_next_line = number in next_lines and number - 1 not in follow
            yield Block(paragraph["kind"], paragraph["text"], label="\n" if is_next_line else "")
        yield from follow.get(number, ())


def _next_lines(manuscript: Manuscript) -> set[int]:
    """Return the numbers of the paragraphs that stand right under another one, as the lines of a song do."""
    places = _paragraph_lines(manuscript)
    kinds = [paragraph["kind"] for paragraph in manuscript.article["paragraphs"]]
    return {
        number
        for number in range(2, len(places))
        if places[number] == places[number - 1] + 1 and kinds[number] == kinds[number - 1] == "text"
    }


def _printed_dateline(manuscript: Manuscript) -> str:
    """Return the dateline as the plain text prints it; with a line break if the text begins on the next line."""
    dateline = manuscript.article["dateline"]
    parts = [part for part in (dateline["brand"], dateline["city"]) if part]
    opening = next((each["text"] for each in manuscript.article["paragraphs"]), "")[:_START]
    for number, line in enumerate(manuscript.lines):
        before, found, _ = line.partition(opening)
        if opening and found:
            printed = before or manuscript.lines[number - 1]
            if all(part in printed for part in parts):
                return printed if before else f"{printed}\n"
    return ", ".join(parts) + " - "


def _placed(manuscript: Manuscript) -> Iterator[tuple[int, Block]]:
    """Yield each in-body photo and related link with the number of the paragraph that it follows."""
    article = manuscript.article
    count = len(article["paragraphs"])
    places = _paragraph_lines(manuscript)
    photos = [Block("photo", each["caption"] or "", number) for number, each in enumerate(article["photos"])][1:]
    related = [Block("related", each["title"], number) for number, each in enumerate(article["related"])]
    for group in (photos, related):
        at = -1
        for step, block in enumerate(group, start=1):
            line = _line_of(manuscript.lines, block)
            if line is None or not places:
                printed = step * count // (len(group) + 1)
            else:
                printed = sum(place < line for place in places) - 1
            at = max(at, min(printed, count - 1))
            yield at, _as_printed(block, manuscript.lines[line] if line is not None else "")


def _as_printed(block: Block, line: str) -> Block:
    """Return a related link with what its line prints before the title; a bracket there is closed by the page."""
    before = line.partition(block.text)[0] if block.kind == "related" and block.text in line else ""
    return Block(block.kind, block.text, block.number, label=before or "Baca juga: ")


def _paragraph_lines(manuscript: Manuscript) -> list[int]:
    """Return the line of each paragraph in the plain text; nothing if one is not found (edited, or no text)."""
    lines = manuscript.lines
    found, cursor = [], 0
    for paragraph in manuscript.article["paragraphs"]:
        start = paragraph["text"][:_START]
        cursor = next((number for number in range(cursor, len(lines)) if start in lines[number]), len(lines))
        if cursor == len(lines):
            return []
        found.append(cursor)
        cursor += 1
    return found


def _line_of(lines: Sequence[str], block: Block) -> int | None:
    start = block.text[:_START]
    for number, line in enumerate(lines):
        if start and start in line and (block.kind != "related" or _RELATED.match(line)):
            return number
    return None


def _after_the_run(paragraphs: Sequence[Mapping[str, Any]], at: int) -> int:
    """Return the end of the list that paragraph `at` stands in, so that nothing is put between its items."""
    while 0 <= at < len(paragraphs) - 1 and paragraphs[at]["kind"] == paragraphs[at + 1]["kind"] == "item":
        at += 1
    return at


def _tail(manuscript: Manuscript) -> Iterator[Block]:
    article = manuscript.article
    origin = article["syndicated_from"]
    blocks = []
    if article["sign_off"]:
        blocks.append(Block("sign_off", article["sign_off"]))
    if article["source"]:
        blocks.append(Block("source", f"Sumber: {article['source']}"))
    if origin:
        title = f" dengan judul {origin['title']}" if origin["title"] else ""
        url = f", {origin['url']}" if origin["url"] else ""
        blocks.append(Block("syndication", f"Artikel ini telah tayang di {origin['brand']}{title}{url}"))
    yield from sorted(blocks, key=lambda block: _last_line_of(manuscript.lines, block))
    yield from (Block("tail", line) for line in manuscript.lines if _TAILS.match(line))


def _last_line_of(lines: Sequence[str], block: Block) -> int:
    start = "Artikel ini telah tayang" if block.kind == "syndication" else block.text[:_START]
    return max((number for number, line in enumerate(lines) if line.startswith(start)), default=len(lines))


def _split(body: Sequence[Block], pages: int) -> list[tuple[Block, ...]]:
    """Return the body in so many pages of about the same length, never cut inside a list."""
    total = max(1, min(pages, len(body)))
    cuts = [0]
    for page in range(1, total):
        cut = max(cuts[-1] + 1, round(page * len(body) / total))
        while cut < len(body) and body[cut].kind == body[cut - 1].kind == "item":
            cut += 1
        if cut < len(body):
            cuts.append(cut)
    return [tuple(body[start:end]) for start, end in zip(cuts, [*cuts[1:], len(body)], strict=True)]
