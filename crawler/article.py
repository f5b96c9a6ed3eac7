"""The values that travel the way of an article: listing, link, article. They only hold; they do not act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

Kind = Literal["article", "opinion", "advertorial", "photo", "video", "roundup"]
ParagraphKind = Literal["text", "subhead", "item", "quote"]
# Behind each stands "+host-zone" where no zone was printed, and that of the host was taken.
PublishedFrom = Literal[
    "jsonld",
    "jsonld+host-zone",
    "meta",
    "meta+host-zone",
    "time",
    "time+host-zone",
    "sitemap",
    "sitemap+host-zone",
    "index",
    "index+host-zone",
]
ListingKind = Literal["sitemap", "index", "home", "rss"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page or file of the site that lists articles, as the settings name it."""

    name: str
    url: str
    kind: ListingKind


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a listing, as the listing gives it; `published_at` keeps the offset printed."""

    url: str
    title: str | None = None
    keywords: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_from: PublishedFrom | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """Who reports from where: brand "TRIBUNNEWS.COM", city "JAKARTA"; either may be missing."""

    brand: str | None = None
    city: str | None = None


class Paragraph(NamedTuple):
    """One paragraph of the text, never empty; a tuple, since an article has thirty of them."""

    kind: ParagraphKind
    text: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the article with its credit line and caption as printed."""

    url: str | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """A link such as "Baca juga"; a plain-text document knows no address for it."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Syndication:
    """What "Artikel ini telah tayang di …" names as the original."""

    brand: str
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages of the article were read, of how many there are."""

    read: int = 1
    total: int = 1


@dataclass(frozen=True, slots=True)
class Article:
    """What the seed parser read; the keys are explained in docs/article.md.

    `published_at` and `modified_at` are aware and keep the offset that was printed. `None` means that the
    page does not have it.
    """

    title: str
    url: str | None = None
    content_id: str | None = None
    host: str | None = None
    region: str | None = None
    section: str | None = None
    kind: Kind = "article"
    second_headline: str | None = None
    topic_line: str | None = None
    lead: str | None = None
    summary: tuple[str, ...] = ()
    dateline: Dateline | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    photos: tuple[Photo, ...] = ()
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    sign_off: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    published_at: datetime | None = None
    published_from: PublishedFrom | None = None
    modified_at: datetime | None = None
    viewed_on: date | None = None
    syndicated_from: Syndication | None = None
    pages: Pages = Pages()
    is_premium: bool = False
    is_complete: bool = True

    @property
    def is_dated_by_listing(self) -> bool:
        """Whether the page told no time of publication, so that the listing's time stands in its place."""
        return (self.published_from or "").startswith(("sitemap", "index"))

    @property
    def text(self) -> str:
        """The paragraphs, one blank line between two."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class CutLine:
    """What was cut from a document, and the rule that cut it, for example "tail" or "related"."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and how it was read.

    `layout` is the generation of the page, "A" to "E", or "amp", "mobile", "text", "unknown". `remarks` are lines for a
    person about what does not fit together. `cuts` are only collected where they were asked for.
    """

    article: Article
    layout: str = "unknown"
    remarks: tuple[str, ...] = ()
    cuts: tuple[CutLine, ...] = ()


def article_as_json(article: Article) -> dict[str, Any]:
    """Return the article as plain JSON values, keys in the order of docs/article.md."""
    dateline, syndicated = article.dateline, article.syndicated_from
    return {
        "url": article.url,
        "content_id": article.content_id,
        "host": article.host,
        "region": article.region,
        "section": article.section,
        "kind": article.kind,
        "title": article.title,
        "second_headline": article.second_headline,
        "topic_line": article.topic_line,
        "lead": article.lead,
        "summary": list(article.summary),
        "dateline": {"brand": dateline.brand, "city": dateline.city} if dateline else None,
        "paragraphs": [{"kind": each.kind, "text": each.text} for each in article.paragraphs],
        "photos": [{"url": each.url, "credit": each.credit, "caption": each.caption} for each in article.photos],
        "authors": list(article.authors),
        "editors": list(article.editors),
        "reporters": list(article.reporters),
        "sign_off": article.sign_off,
        "source": article.source,
        "tags": list(article.tags),
        "related": [{"title": each.title, "url": each.url} for each in article.related],
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "published_from": article.published_from,
        "modified_at": article.modified_at.isoformat() if article.modified_at else None,
        "viewed_on": article.viewed_on.isoformat() if article.viewed_on else None,
        "syndicated_from": {"brand": syndicated.brand, "title": syndicated.title, "url": syndicated.url}
        if syndicated
        else None,
        "pages": {"read": article.pages.read, "total": article.pages.total},
        "is_premium": article.is_premium,
        "is_complete": article.is_complete,
    }


def article_from_json(value: Mapping[str, Any]) -> Article:
    """Return the article that `article_as_json` gave these values for."""
    nested: dict[str, Any] = {
        "summary": tuple(value["summary"]),
        "dateline": Dateline(**value["dateline"]) if value["dateline"] else None,
        "paragraphs": tuple(Paragraph(**each) for each in value["paragraphs"]),
        "photos": tuple(Photo(**each) for each in value["photos"]),
        "authors": tuple(value["authors"]),
        "editors": tuple(value["editors"]),
        "reporters": tuple(value["reporters"]),
        "tags": tuple(value["tags"]),
        "related": tuple(Related(**each) for each in value["related"]),
        "published_at": datetime.fromisoformat(value["published_at"]) if value["published_at"] else None,
        "modified_at": datetime.fromisoformat(value["modified_at"]) if value["modified_at"] else None,
        "viewed_on": date.fromisoformat(value["viewed_on"]) if value["viewed_on"] else None,
        "syndicated_from": Syndication(**value["syndicated_from"]) if value["syndicated_from"] else None,
        "pages": Pages(**value["pages"]),
    }
    return Article(**{**value, **nested})


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as plain JSON values."""
    return {
        "article": article_as_json(reading.article),
        "layout": reading.layout,
        "remarks": list(reading.remarks),
        "cuts": [{"rule": each.rule, "text": each.text} for each in reading.cuts],
    }


def reading_from_json(value: Mapping[str, Any]) -> Reading:
    """Return the reading that `reading_as_json` gave these values for."""
    return Reading(
        article=article_from_json(value["article"]),
        layout=value["layout"],
        remarks=tuple(value["remarks"]),
        cuts=tuple(CutLine(**each) for each in value["cuts"]),
    )
