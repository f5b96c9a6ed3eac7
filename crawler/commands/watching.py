"""Watching an archive while others write to it: crawls and articles as lines, as they come."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.commands.output import WIB, plain

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.archive.crawls import Crawl
    from crawler.archive.lately import StoredLately

_WIDEST_TITLE = 90


class Watch:
    """Tells, look by look, what became new in an archive since the watch began."""

    def __init__(self, archive: "Archive") -> None:
        from crawler.archive.crawls import list_crawls
        from crawler.archive.lately import last_revision

        self._archive = archive
        self._revision = last_revision(archive)
        newest = list_crawls(archive, limit=1)
        self._before = newest[0].crawl_id if newest else 0
        self._begun: set[int] = set()
        self._ended: set[int] = set()
        self.stored = self.changed = self.matched = 0

    def look(self) -> Iterator[dict[str, Any]]:
        """Yield what is new, in order: crawls that begin, articles that are stored, crawls that end."""
        from crawler.archive.crawls import list_crawls
        from crawler.archive.lately import stored_after

        crawls = [each for each in reversed(list_crawls(self._archive)) if each.crawl_id > self._before]
        for crawl in crawls:
            if crawl.state != "queued" and crawl.crawl_id not in self._begun:
                self._begun.add(crawl.crawl_id)
                yield _told("crawl begins", crawl.started_at, crawl=crawl.crawl_id, cause=crawl.cause)
        for stored in stored_after(self._archive, revision_id=self._revision):
            self._revision = stored.revision_id
            yield self._stored(stored)
        for crawl in crawls:
            if not crawl.is_open and crawl.crawl_id not in self._ended:
                self._ended.add(crawl.crawl_id)
                yield _ended(crawl)

    def _stored(self, stored: "StoredLately") -> dict[str, Any]:
        is_new = stored.number == 1
        self.stored += is_new
        self.changed += not is_new
        self.matched += is_new and bool(stored.topics)
        return _told(
            "article is new" if is_new else "article changed",
            stored.stored_at,
            crawl=stored.crawl_id,
            id=stored.article_id,
            title=stored.title,
            region=stored.region,
            section=stored.section,
            topics=list(stored.topics),
        )


def as_line(event: dict[str, Any]) -> str:
    """Return what happened as a line for people, with the time of Jakarta."""
    at = event["at"].astimezone(WIB).strftime("%H:%M:%S")
    what = event["what"]
    if what.startswith("article"):
        title = plain(event["title"])
        title = title if len(title) <= _WIDEST_TITLE else f"{title[: _WIDEST_TITLE - 1]}…"
        topics = f"  [{', '.join(event['topics'])}]" if event["topics"] else ""
        return f"{at}    {'+' if what == 'article is new' else '~'} {title}{plain(topics)}"
    if what == "crawl begins":
        return f"{at}  crawl {event['crawl']} begins, asked for by a {event['cause'].replace('_', '-')}"
    counts = ", ".join(f"{event[name]} {name}" for name in ("new", "changed", "unchanged", "failed") if event[name])
    return f"{at}  crawl {event['crawl']} {event['state']}: {counts or 'nothing new'}, in {event['seconds']:.1f} s"


def _ended(crawl: "Crawl") -> dict[str, Any]:
    report = crawl.report
    return _told(
        "crawl ends",
        crawl.ended_at,
        crawl=crawl.crawl_id,
        state=crawl.state,
        new=report.get("stored", 0),
        changed=report.get("revised", 0),
        unchanged=report.get("unchanged", 0),
        failed=sum(report.get("failed", {}).values()),
        seconds=report.get("seconds", 0.0),
    )


def _told(what: str, at: datetime | None, **facts: Any) -> dict[str, Any]:
    return {"at": at or datetime.now(UTC), "what": what, **facts}
