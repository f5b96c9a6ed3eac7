"""The desk: reads the seed documents and what desk.toml knows of them, and keeps every article as it stands now."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from seeds import wire
from seeds.sites import SITES, WWW, site_of, slug_of

_NUMBERED = re.compile(r"/(?P<section>[^/]+)/(?P<id>\d{2,})(?:/[^/]*)?")
_DATED = re.compile(r"(?:/(?P<section>[^/]+))?/\d{4}/\d{2}/\d{2}/[^/]+")
_PHOTO = re.compile(r"/images/(?P<section>[^/]+)/view/(?P<id>\d+)(?:/[^/]*)?")
_VIDEO = re.compile(r"/view/(?P<id>\d+)(?:/[^/]*)?")
_SHAPES = (_PHOTO, _VIDEO, _DATED, _NUMBERED)
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
_OPINION = frozenset({"opini", "tribunners", "kolom"})
_ADVERTORIAL = frozenset({"advertorial", "kilas-kementerian"})
_KEYS = frozenset(
    {"url", "content_id", "published_at", "modified_at", "tags", "pages", "photos", "related_urls", "premium"}
)


class NewsroomError(Exception):
    """The newsroom cannot open or cannot do what was asked; one line that says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the listings print of one article."""

    name: str
    url: str
    content_id: str
    title: str
    topic_line: str | None
    tags: tuple[str, ...]
    published_at: datetime
    modified_at: datetime
    revision: int = 0

    @property
    def host(self) -> str:
        """The site that prints it."""
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """Its address without the host."""
        return urlsplit(self.url).path

    @property
    def section(self) -> str | None:
        """The section that its address names; regional dated addresses and videos name none."""
        found = _shape(self.path)
        return found.groupdict().get("section") if found else None


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A whole article: its JSON with the facts of the desk put in, and the tidied lines of its plain text, if any."""

    entry: Entry
    article: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    pages: int = 1
    is_premium: bool = False


def is_article_path(path: str) -> bool:
    """Tell whether a path has the shape of an article address, whether or not there is such an article."""
    return _shape(path) is not None


def is_dated(path: str) -> bool:
    """Tell whether a path has the shape of an address with a date, as articles had until August 2025."""
    return _DATED.fullmatch(path) is not None


def id_in(path: str) -> str | None:
    """Return the content id in a path, None if its shape has none."""
    found = _shape(path)
    return found.groupdict().get("id") if found else None


def _shape(path: str) -> re.Match[str] | None:
    return next((found for shape in _SHAPES if (found := shape.fullmatch(path))), None)


class Desk:
    """Every article of the newsroom by name: the seeds of a folder, and generated ones behind them."""

    def __init__(self, seeds: Path, *, articles: int, now: datetime) -> None:
        self._manuscripts = {manuscript.entry.name: manuscript for manuscript in load_seeds(seeds)}
        self._entries = {name: manuscript.entry for name, manuscript in self._manuscripts.items()}
        self._made: dict[str, int] = {}
        for number in range(articles):
            entry = _wire_entry(number, now)
            self._entries[entry.name] = entry
            self._made[entry.name] = number
        self._numbers = {name: number for number, name in enumerate(self._entries)}
        self.removed: set[str] = set()
        self.pinned: list[str] = []
        self._by_address = {(entry.host, entry.path): entry.name for entry in self._entries.values()}
        self._by_id = {(entry.host, entry.content_id): entry.name for entry in self._entries.values()}
        self.edition = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all articles, seeds first."""
        return tuple(self._entries)

    def entry(self, name: str) -> Entry:
        """Return what the listings print of an article.

        Raises:
            NewsroomError: There is no article of this name.
        """
        if name not in self._entries:
            raise NewsroomError(f"newsroom: no article is named {name!r}; the names are in Newsroom.names")
        return self._entries[name]

    def number(self, name: str) -> int:
        """Return the place of an article in the order of `names`, from 0."""
        return self._numbers[name]

    def manuscript(self, name: str) -> Manuscript:
        """Return the whole article; a generated one is written when it is first asked for."""
        entry = self.entry(name)
        if name not in self._manuscripts:
            return _wire_manuscript(entry, self._made[name])
        return self._manuscripts[name]

    def find(self, host: str, path: str) -> str | None:
        """Return the name of the article at exactly this address."""
        return self._by_address.get((host, path))

    def find_id(self, host: str, path: str) -> str | None:
        """Return the name of the article whose content id stands in this address, whatever slug follows it."""
        content_id = id_in(path)
        return self._by_id.get((host, content_id)) if content_id else None

    def printed(self, host: str, now: datetime) -> list[Entry]:
        """Return what a site has printed up to now, newest first; what is pinned stands before all, however old."""
        entries = [
            entry
            for entry in self._entries.values()
            if entry.host == host and entry.published_at <= now and entry.name not in self.removed
        ]
        newest = sorted(entries, key=lambda entry: (entry.published_at, entry.name), reverse=True)
        return sorted(newest, key=lambda entry: entry.name not in self.pinned) if self.pinned else newest

    def pin(self, *names: str) -> None:
        """Let these articles, and no others, stand first in every list of their sites."""
        self.pinned = [self.entry(name).name for name in names]
        self.edition += 1

    def remove(self, name: str) -> None:
        """Take an article off the site."""
        self.removed.add(self.entry(name).name)
        self.edition += 1

    def edit(self, name: str, changes: Mapping[str, Any], modified_at: datetime) -> None:
        """Print an article anew with some keys of its JSON changed; its address stays."""
        manuscript = self.manuscript(name)
        article = {**deepcopy(dict(manuscript.article)), **changes, "modified_at": modified_at.isoformat()}
        entry = replace(
            manuscript.entry,
            title=article["title"],
            topic_line=article["topic_line"],
            tags=tuple(article["tags"]),
            modified_at=modified_at,
            revision=manuscript.entry.revision + 1,
        )
        self._manuscripts[name] = replace(manuscript, entry=entry, article=article)
        self._entries[name] = entry
        self.edition += 1


def load_seeds(folder: Path) -> list[Manuscript]:
    """Return the seed documents of a folder with what its desk.toml knows of them.

    Raises:
        NewsroomError: The folder has no desk.toml, or a seed and its table there do not fit together.
    """
    desk_file = folder / "desk.toml"
    try:
        desk = tomllib.loads(desk_file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NewsroomError(f"newsroom: cannot read {desk_file}: {error.strerror}; name a folder of seeds") from error
    except tomllib.TOMLDecodeError as error:
        raise NewsroomError(f"newsroom: {desk_file} is not TOML: {error}") from error
    written = {file.stem for file in folder.glob("*.json")}
    for name in sorted(written ^ desk.keys()):
        here, there = (
            ("a JSON file", "table in desk.toml") if name in written else ("a table in desk.toml", "JSON file")
        )
        raise NewsroomError(f"newsroom: {folder / name} has {here} but no {there}; add it")
    return [_load_seed(folder, name, desk[name]) for name in sorted(written)]


def _load_seed(folder: Path, name: str, facts: Mapping[str, Any]) -> Manuscript:
    if wrong := facts.keys() - _KEYS or {"url", "content_id", "published_at"} - facts.keys():
        raise NewsroomError(f"newsroom: desk.toml, {name}: {min(wrong)} is missing or unknown; correct it")
    published_at = facts["published_at"]
    modified_at = facts.get("modified_at", published_at)
    if published_at.tzinfo is None or modified_at.tzinfo is None:
        raise NewsroomError(f"newsroom: desk.toml, {name}: a time has no offset; write it as 2026-07-24T12:40:31+07:00")
    article = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    text_file = folder / f"{name}.txt"
    lines = text_file.read_text(encoding="utf-8").splitlines() if text_file.exists() else []
    tidy = (" ".join(_ZERO_WIDTH.sub("", line).split()) for line in lines)
    entry = Entry(
        name=name,
        url=facts["url"],
        content_id=str(facts["content_id"]),
        title=article["title"],
        topic_line=article["topic_line"],
        tags=tuple(facts.get("tags", ())),
        published_at=published_at,
        modified_at=modified_at,
    )
    return Manuscript(
        entry=entry,
        article=_put_in(article, entry, facts),
        lines=tuple(tidy),
        pages=facts.get("pages", 1),
        is_premium=facts.get("premium", False),
    )


def _put_in(article: Mapping[str, Any], entry: Entry, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of a seed with the facts that only a page knows."""
    site = site_of(entry.host)
    if site is None:
        raise NewsroomError(f"newsroom: desk.toml, {entry.name}: {entry.host} is not a site of the newsroom")
    site_folder = "tribunnews" if site.host == WWW else site.region
    photo_urls = _filled(
        facts.get("photos", ()),
        len(article["photos"]),
        lambda number: f"https://asset-2.tribunnews.com/{site_folder}/foto/bank/images/{entry.content_id}-{number}.jpg",
    )
    related_urls = _filled(
        facts.get("related_urls", ()),
        len(article["related"]),
        lambda number: f"https://{entry.host}/news/{9_400_000 + number}/{slug_of(article['related'][number]['title'])}",
    )
    return {
        **article,
        "url": entry.url,
        "content_id": entry.content_id,
        "host": site.host,
        "region": site.region,
        "section": entry.section,
        "kind": _kind(entry, article["kind"]),
        "topic_line": entry.topic_line,
        "tags": list(entry.tags),
        "photos": [{**photo, "url": url} for photo, url in zip(article["photos"], photo_urls, strict=True)],
        "related": [{**each, "url": url} for each, url in zip(article["related"], related_urls, strict=True)],
        "published_at": entry.published_at.isoformat(),
        "published_from": "jsonld",
        "modified_at": entry.modified_at.isoformat(),
    }


def _filled(known: Sequence[str], count: int, invent: Any) -> Iterable[str]:
    return [known[number] if number < len(known) else invent(number) for number in range(count)]


def _kind(entry: Entry, read: str) -> str:
    if _PHOTO.fullmatch(entry.path):
        return "photo"
    if _VIDEO.fullmatch(entry.path):
        return "video"
    if entry.section in _OPINION:
        return "opinion"
    return "advertorial" if entry.section in _ADVERTORIAL else read


def _wire_entry(number: int, now: datetime) -> Entry:
    head = wire.head(number, now)
    return Entry(
        name=head.name,
        url=head.url,
        content_id=head.content_id,
        title=head.title,
        topic_line=head.topic_line,
        tags=head.tags,
        published_at=head.published_at,
        modified_at=head.published_at,
    )


def _wire_manuscript(entry: Entry, number: int) -> Manuscript:
    article = wire.write(number, SITES[entry.host], entry.title)
    return Manuscript(entry=entry, article=_put_in(article, entry, {}), pages=wire.pages(number))


PageAsked = Literal["all"] | int
