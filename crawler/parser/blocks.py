"""What both readers cut a document into: the fields that stand apart, and the blocks of the text in order."""

from datetime import date
from typing import Literal, NamedTuple, Protocol

from crawler.article import Photo
from crawler.dates import Zone
from crawler.parser.machine_data import NO_DATA, MachineData

BlockKind = Literal["line", "subhead", "item", "photo", "related", "summary"]


class Block(NamedTuple):
    """One piece of the text, tidied; a tuple, since a page makes fifty of them.

    A "line" is whatever the conventions will make of it; the other kinds are what layout or markup already says.
    `url` is the first address that the piece links to, where that may matter; `photo` belongs to the kind "photo".
    """

    kind: BlockKind
    text: str
    url: str | None = None
    photo: Photo | None = None


class Cut(NamedTuple):
    """One document or one page of an article, cut up but not yet judged; a tuple, which is made in a fifth of the time.

    `bylines` are lines such as "Penulis: X | Editor: Y"; `printed_date` is what stands behind "Tayang:" (printed or
    as the markup gives it); `page` and `pages` are 2 and 3 where "Halaman 2/3" is printed. `has_body` is false where
    a page has no place for a text at all, `has_end` where it was cut on its way. Of a page in HTML, `layout` is its
    generation, and `end` the place where its body ends.
    """

    title: str | None = None
    topic_line: str | None = None
    lead: str | None = None
    second_headline: str | None = None
    bylines: tuple[str, ...] = ()
    printed_date: str | None = None
    viewed_on: date | None = None
    blocks: tuple[Block, ...] = ()
    tags: tuple[str, ...] = ()
    source: str | None = None
    page: int = 1
    pages: int = 1
    has_body: bool = True
    has_end: bool = True
    layout: str = "unknown"
    end: int = 0
    machine: MachineData = NO_DATA


class ReadableAddress(Protocol):
    """What a reader takes over from the address of a page; `crawler.site.Address` is one."""

    @property
    def url(self) -> str:
        """Return the canonical address."""

    @property
    def host(self) -> str:
        """Return the host, for example "jabar.tribunnews.com"."""

    @property
    def region(self) -> str:
        """Return the region, for example "jabar"."""

    @property
    def section(self) -> str | None:
        """Return the section, if the address names one."""

    @property
    def content_id(self) -> str | None:
        """Return the site's id, if the address holds it."""

    @property
    def zone(self) -> Zone:
        """Return the zone of the clock of the host."""

    @property
    def kind(self) -> str:
        """Return "article", "photo", "video" or "other"."""
