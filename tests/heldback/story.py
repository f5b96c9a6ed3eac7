"""What an invented article of the held-back set is made of: the truth, before any page is printed from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from crawler.article import Kind


@dataclass(frozen=True)
class Par:
    """A paragraph of the text; `place` is a dateline in front of it, as printed."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class Sub:
    """A heading inside the text."""

    text: str


@dataclass(frozen=True)
class Verse:
    """Lines that belong to the text one by one: songs, prayers, prices."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """A list of the text."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the text, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Baca:
    """A link to another article in the midst of the text: noise."""

    title: str
    form: str = "Baca juga: "


@dataclass(frozen=True)
class Figure:
    """A second picture in the midst of the text: noise for the text."""

    caption: str
    credit: str = ""


@dataclass(frozen=True)
class Mark:
    """A sign-off that stands in the middle, such as "(*)"; whether it counts as text is left open."""

    text: str


@dataclass(frozen=True)
class Ad:
    """A hole for an advertisement."""


Block = Par | Sub | Verse | Bullets | Table | Baca | Figure | Mark | Ad


@dataclass(frozen=True)
class Story:
    """One invented article. Everything that a page of any layout may print of it."""

    name: str
    title: str
    published: str
    blocks: tuple[Block, ...]
    host: str = "www"
    section: str = "nasional"
    number: int = 0
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    topic: str = ""
    lead: str = ""
    credit: str = ""
    caption: str = ""
    summary: tuple[str, ...] = ()
    second: str = ""
    reporter: str = ""
    dateline: str = ""
    sign: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    modified: str = ""
    kind: Kind | None = None
    zone: str = "WIB"
    branding: tuple[str, ...] = ()
    disclaimer: str = ""
    taken_from: str = ""
    page_breaks: tuple[int, ...] = ()
    premium: bool = False

    @property
    def slug(self) -> str:
        """The words of the title as the site writes them into the address."""
        words = "".join(each if each.isalnum() else " " for each in self.title.lower()).split()
        return "-".join(words[:11])

    def address(self, *, dated: bool) -> str:
        """Its own address, with a number since September 2025, with the day before that."""
        host = f"https://{self.host}.tribunnews.com"
        if dated:
            section = f"/{self.section}" if self.host == "www" else ""
            return f"{host}{section}/{self.published[:10].replace('-', '/')}/{self.slug}"
        return f"{host}/{self.section}/{self.number}/{self.slug}"

    def pages(self) -> list[tuple[Block, ...]]:
        """The blocks, page by page."""
        cuts = [0, *self.page_breaks, len(self.blocks)]
        return [self.blocks[start:end] for start, end in pairwise(cuts)]


def words_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The lines that the text must have."""
    for block in blocks:
        match block:
            case Par(text) | Sub(text):
                yield text
            case Verse(lines) | Bullets(lines):
                yield from lines
            case Table(rows):
                yield from (" ".join(row) for row in rows)
            case _:
                pass


def open_words(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The lines of which an editor could say that they are text, or not."""
    for block in blocks:
        match block:
            case Par(_, place) if place:
                yield place
            case Mark(text):
                yield text
            case _:
                pass


def noise_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The lines between the paragraphs that are not text."""
    for block in blocks:
        match block:
            case Baca(title) if title:
                yield title
            case Figure(caption, credit):
                yield caption
                if credit:
                    yield credit
            case _:
                pass
