"""The evidence of an alarm: the last article that had the field beside the first one that lacks it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl
from crawler.archive.samples import Sample, samples_before, samples_of
from crawler.article import article_as_json
from crawler.drift import UNREADABLE, fields_of

_LAYOUT, _LINKS = "layout", "links"
_SHOWN_LETTERS = 160


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One article, or page that could not be read: where and when it was fetched, and what was read from it."""

    url: str
    fetched_at: datetime
    layout: str | None
    reason: str | None
    is_page_kept: bool
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One alarm of a crawl, with the last good and the first bad reading; a listing has none."""

    alarm: dict[str, Any]
    good: Exhibit | None
    bad: Exhibit | None

    def differing(self) -> list[tuple[str, str, str]]:
        """Return the fields that only one of the two has, and the one of the alarm: name, good value, bad value."""
        good, bad = (each.fields if each else {} for each in (self.good, self.bad))
        named = str(self.alarm["field"]).split(" ")[0]
        return [
            (name, good.get(name, ""), bad.get(name, ""))
            for name in dict.fromkeys([*good, *bad])
            if bool(good.get(name)) != bool(bad.get(name)) or name in {"title", named}
        ]


def evidence_of(archive: Archive, crawl: Crawl, *, host: str | None = None) -> list[Evidence]:
    """Return the evidence for each alarm of a crawl, of one host or all."""
    alarms = [each for each in crawl.report.get("alarms", []) if host in {None, each["place"]}]
    return [_evidence(archive, crawl, alarm) for alarm in alarms]


def _evidence(archive: Archive, crawl: Crawl, alarm: dict[str, Any]) -> Evidence:
    field, host, layout = alarm["field"], alarm["place"], alarm["layout"]
    if field == _LINKS:
        return Evidence(alarm, None, None)
    is_good = _judge(field, layout)
    bad = samples_of(archive, crawl_id=crawl.crawl_id, host=host)
    good = samples_before(archive, crawl_id=crawl.crawl_id, host=host)
    if field not in {UNREADABLE, _LAYOUT}:
        bad, good = ((each for each in both if each.layout == layout) for both in (bad, good))
    return Evidence(
        alarm,
        _exhibit(next((each for each in good if is_good(each)), None)),
        _exhibit(next((each for each in bad if not is_good(each)), None)),
    )


def _judge(field: str, layout: str | None) -> Callable[[Sample], bool]:
    """Return what tells a good sample from a bad one."""
    if field == UNREADABLE:
        return lambda sample: sample.reason is None
    if field == _LAYOUT:
        return lambda sample: sample.layout != layout
    return lambda sample: sample.article is not None and field in fields_of(sample.article)


def _exhibit(sample: Sample | None) -> Exhibit | None:
    if sample is None:
        return None
    fields: dict[str, Any] = {}
    if sample.article is not None:
        fields = {name: _short(value) for name, value in article_as_json(sample.article).items()}
        words = len(sample.article.text.split())
        fields["paragraphs"] = f"{len(sample.article.paragraphs)} ({words} words)" if words else ""
    return Exhibit(sample.url, sample.fetched_at, sample.layout, sample.reason, sample.is_page_kept, fields)


def _short(value: Any) -> str:
    """Return a value of an article as a line that fits beside another one."""
    if isinstance(value, list):
        line = "; ".join(_short(each) for each in value)
    elif isinstance(value, dict):
        line = ", ".join(_short(each) for each in value.values() if each)
    else:
        line = "" if value is None or value is False else str(value)
    return line if len(line) <= _SHOWN_LETTERS else f"{line[:_SHOWN_LETTERS]}…"
