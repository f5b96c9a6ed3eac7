"""Damages a page or a document, in every way in which one arrives damaged, and in some that only malice thinks of.

Every damage takes the document and a source of chance, and returns what became of it. `HTML` and `TEXT` name them.
"""

import json
import re
from collections.abc import Callable, Mapping
from random import Random

Damage = Callable[[bytes, Random], bytes]

# Where damage can matter; the rest of a page is noise.
NEAR = (
    *(b"ld+json", b"arttitle", b"txt-article", b"<p>", b"tagcloud3", b"date-now", b"<h1", b"<time", b"<body", b"<meta"),
    *(b"total-page", b"keywordBrandSafety", b"<figure", b"<table", b"penulis", b"summary", b"<script", b"</div>", b"<"),
)
MARKS = "".join(map(chr, (*range(0x300, 0x316), 0x323, 0x338, 0x0E31, 0x05B0, 0x064B)))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b\u00ad"
TAGS = ("div", "p", "span", "table", "ul", "li", "b", "i", "a", "form", "select", "script", "style", "svg", "template")
_BLOCK = re.compile(rb"<(?:p|h\d|figure|table|ul|blockquote)\b.*?</(?:p|h\d|figure|table|ul|blockquote)>", re.DOTALL)
_TAG = re.compile(rb"</?[a-z][a-z0-9]*")


def place_in(page: bytes, chance: Random) -> int:
    """Return a place, mostly one near the article or its data."""
    found = page.find(chance.choice(NEAR)) if chance.random() < 0.8 else -1
    if found < 0:
        return chance.randrange(len(page) + 1)
    return min(len(page), max(0, found + chance.randint(-100, 5_000)))


def _insert(page: bytes, place: int, what: bytes | str) -> bytes:
    added = what.encode("utf-8", "surrogatepass") if isinstance(what, str) else what
    return page[:place] + added + page[place:]


def _many(chance: Random) -> int:
    """Return how often something too large is repeated: mostly a little, at times very often."""
    return int(10 ** chance.uniform(1, 5))


def cut(page: bytes, chance: Random) -> bytes:
    """Cut the end off."""
    return page[: place_in(page, chance)]


def cut_beginning(page: bytes, chance: Random) -> bytes:
    """Cut the beginning off."""
    return page[place_in(page, chance) :]


def cut_out(page: bytes, chance: Random) -> bytes:
    """Cut something out."""
    start = place_in(page, chance)
    return page[:start] + page[start + chance.randint(1, 3_000) :]


def double(page: bytes, chance: Random) -> bytes:
    """Double a part, perhaps very often, perhaps the whole."""
    start = place_in(page, chance)
    part = page[start : start + chance.randint(1, 4_000)]
    times = min(_many(chance), 1_000_000 // max(1, len(part)))
    return page + page if chance.random() < 0.1 else _insert(page, start, part * times)


def reorder(page: bytes, chance: Random) -> bytes:
    """Shuffle the blocks of the text, or any parts of the page."""
    found = list(_BLOCK.finditer(page))
    if len(found) > 2 and chance.random() < 0.6:
        start = chance.randrange(len(found) - 1)
        some = found[start : start + chance.randint(2, 40)]
        blocks = [each[0] for each in some]
        chance.shuffle(blocks)
        return page[: some[0].start()] + b"\n".join(blocks) + page[some[-1].end() :]
    places = sorted(place_in(page, chance) for _ in range(chance.randint(2, 6)))
    parts = [page[start:end] for start, end in zip([0, *places], [*places, len(page)], strict=True)]
    chance.shuffle(parts)
    return b"".join(parts)


def reencode(page: bytes, chance: Random) -> bytes:
    """Write it in another encoding than it says, or twice in UTF-8."""
    text = page.decode("utf-8", "replace")
    match chance.randrange(7):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode(chance.choice(["utf-16-le", "utf-16-be", "utf-32"]))
        case 2:
            return text.encode("utf-8").decode("latin-1").encode("utf-8")
        case 3:
            return text.encode("utf-8").decode("cp1252", "replace").encode("utf-8")
        case 4:
            return b"\xef\xbb\xbf" * chance.randint(1, 3) + page
        case _:
            return text.encode(
                chance.choice(["latin-1", "cp1252", "gb18030", "shift_jis", "utf-7", "cp037"]), "replace"
            )


def wrong_charset(page: bytes, chance: Random) -> bytes:
    """Let the page name a charset that is not its own, or none that there is."""
    name = chance.choice(
        ["utf-16", "gb18030", "latin-1", "windows-1252", "shift_jis", "rot13", "zlib", "utf-7", "idna", "", "x" * 500]
    )
    return _insert(page.replace(b'charset="utf-8"', b""), 0, f'<meta charset="{name}">')


def flip(page: bytes, chance: Random) -> bytes:
    """Flip bits."""
    changed = bytearray(page)
    for _ in range(chance.randint(1, 200)):
        if changed:
            changed[min(len(changed) - 1, place_in(page, chance))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def nul(page: bytes, chance: Random) -> bytes:
    """Put NUL and other controls in."""
    for _ in range(chance.randint(1, 20)):
        page = _insert(page, place_in(page, chance), bytes([chance.randrange(32)]) * min(2_000, _many(chance)))
    return page.replace(b" ", b"\0") if chance.random() < 0.1 else page


def surrogates(page: bytes, chance: Random) -> bytes:
    """Put halves of characters in: as bytes, as references, as escapes in JSON."""
    page = page.replace(b'"headline": "', b'"headline": "\\ud83d \\udc00\\u0000', 1)
    page = page.replace(b'"name": "', b'"name": "\\udfff', chance.randint(0, 3))
    for what in ("\ud800", "&#xD800;&#57343;&#0;&#x110000;", "\udfff\ud83d", "&#xFFFE;\\ud800"):
        page = _insert(page, place_in(page, chance), what * chance.randint(1, 50))
    return page


def deep(page: bytes, chance: Random) -> bytes:
    """Nest elements."""
    tag, count = chance.choice(TAGS), _many(chance)
    return _insert(page, place_in(page, chance), f"<{tag}>" * count + chance.choice(["", f"</{tag}>" * count, "</p>"]))


def attributes(page: bytes, chance: Random) -> bytes:
    """Give a tag many attributes, or huge ones, perhaps without end."""
    count = _many(chance)
    form = chance.choice(["a%d=1 ", "class='x%d' ", "%d ", 'a="%d>" ', "a%d", '"'])
    many = "".join(form % number if "%" in form else form for number in range(count))
    huge = 'class="' + "x " * count + '"'
    return _insert(page, place_in(page, chance), f"<div {chance.choice([many, huge])}" + chance.choice([">", "", "/>"]))


def swap_tags(page: bytes, chance: Random) -> bytes:
    """Make other tags of some of the tags."""
    start = place_in(page, chance)
    end = start + chance.randint(100, 20_000)

    def other(found: re.Match[bytes]) -> bytes:
        if chance.random() < 0.8:
            return found[0]
        return chance.choice([b"<", b"</"]) + chance.choice(TAGS).encode()

    return page[:start] + _TAG.sub(other, page[start:end]) + page[end:]


def leave_open(page: bytes, chance: Random) -> bytes:
    """Open what is never closed: comments, scripts, quotation marks; once, or very often."""
    what = chance.choice(
        [
            "<!--",
            "<script>",
            "<style>",
            "<textarea>",
            "<title>",
            "<![CDATA[",
            '<a href="',
            "<div class='",
            "<!-- <script>",
        ]
    )
    times = chance.choice([1, 1, 1, _many(chance)])
    return _insert(page, place_in(page, chance), what * times)


def linked_data(page: bytes, chance: Random) -> bytes:
    """Put JSON-LD in that is too deep, too long, of other types, or no JSON."""
    count = _many(chance)
    bombs: tuple[str, ...] = (
        "[" * count,
        '{"@graph":' * count,
        "[" + "{}," * count + "{}]",
        '{"@type":"NewsArticle","datePublished":' + "9" * count + "}",
        '{"@type":"NewsArticle","headline":"'
        + "\\ud800" * count
        + '","author":'
        + json.dumps([[{"name": {}}]] * 9)
        + "}",
        '{"@type":["NewsArticle",{}],"keywords":[[1],null,{"a":1}],"datePublished":"0000-99-99T99:99:99+99:99"}',
        '{"@type":"NewsArticle","keywords":"' + "a," * count + '"}',
        '{"datePublished":"' + "2026-07-24T12:40:31+07:00" * count + '"',
        "NaN" * count,
    )
    block = f'<script type="application/ld+json">{chance.choice(bombs)}</script>'
    place = page.find(b"<script") if chance.random() < 0.7 else place_in(page, chance)
    return _insert(page, max(0, place), block * chance.choice([1, 1, min(50, count)]))


def entities(page: bytes, chance: Random) -> bytes:
    """Put very many character references in."""
    what = chance.choice(
        ["&amp;", "&#x10FFFF;", "&#9999999999;", "&", "&lt;p&gt;", "&CounterClockwiseContourIntegral;"]
    )
    return _insert(page, place_in(page, chance), what * _many(chance))


def long_lines(page: bytes, chance: Random) -> bytes:
    """Put a line, a word or an empty room in that does not end."""
    what = chance.choice(
        ["kata ", "a", " ", "\n", "\t ", "Baca juga: x ", "(AFP) ", "TRIBUNNEWS.COM, ", ". ", "- ", "12 Mei 2024 "]
    )
    text = what * min(200_000, 3 * _many(chance))
    return _insert(page, place_in(page, chance), f"<p>{text}</p>" if chance.random() < 0.5 else text)


def marks(page: bytes, chance: Random) -> bytes:
    """Pile marks up on a letter."""
    count = min(100_000, _many(chance))
    pile = "".join(chance.choice(MARKS) for _ in range(min(count, 500))) * (count // 500 + 1)
    return _insert(page, place_in(page, chance), chance.choice(["a", "<p>a", " "]) + pile[:count])


def bidi(page: bytes, chance: Random) -> bytes:
    """Put in what turns the direction of writing, and what cannot be seen."""
    for _ in range(chance.randint(1, 30)):
        page = _insert(page, place_in(page, chance), "".join(chance.choices(BIDI, k=chance.randint(1, 50))))
    return page


def noise(page: bytes, chance: Random) -> bytes:
    """Put chance bytes in, or nothing else at all."""
    made = chance.randbytes(min(300_000, _many(chance)))
    return made if chance.random() < 0.1 else _insert(page, place_in(page, chance), made)


EVERYWHERE: Mapping[str, Damage] = {
    "cut": cut,
    "beginning cut": cut_beginning,
    "cut out": cut_out,
    "doubled": double,
    "re-encoded": reencode,
    "bits flipped": flip,
    "NUL and controls": nul,
    "surrogates": surrogates,
    "character references": entities,
    "endless lines": long_lines,
    "piled-up marks": marks,
    "direction marks": bidi,
    "chance bytes": noise,
}
HTML: Mapping[str, Damage] = {
    **EVERYWHERE,
    "reordered": reorder,
    "wrong charset": wrong_charset,
    "deep": deep,
    "attributes": attributes,
    "tags swapped": swap_tags,
    "left open": leave_open,
    "JSON-LD bombs": linked_data,
}


def shuffle_lines(text: bytes, chance: Random) -> bytes:
    """Shuffle some lines of a plain document."""
    lines = text.split(b"\n")
    start = chance.randrange(len(lines))
    some = lines[start : start + chance.randint(2, 60)]
    chance.shuffle(some)
    lines[start : start + len(some)] = some
    return b"\n".join(lines)


TEXT: Mapping[str, Damage] = {**EVERYWHERE, "reordered": shuffle_lines}
