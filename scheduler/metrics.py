"""The numbers of the service for Prometheus, in its text format."""

import os
import platform
import resource
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl
from crawler.archive.firings import last_firings
from crawler.archive.listings import list_listings
from crawler.archive.schema import HEAD
from crawler.archive.services import last_services
from crawler.archive.standing import Standing, crawls_after, last_upkeep, standing_of

# Crawls that are read at once: their reports are large beside the rest of the service.
_AT_ONCE: Final = 200
# Up to so many seconds a crawl took; the last bucket has the others.
_BUCKETS: Final = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, float("inf"))
# So long a service that was killed is told of.
_KILLED_FOR: Final = timedelta(hours=1)
_CHANGES: Final = (("new", "stored"), ("updated", "revised"), ("unchanged", "unchanged"))


@dataclass(frozen=True, slots=True)
class Value:
    """One number with its labels; `part` is the end of its name in a histogram."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    part: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers of one name and meaning."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    values: tuple[Value, ...]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text format."""
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for each in self.values:
            labels = ",".join(f'{name}="{_escaped(text)}"' for name, text in each.labels.items())
            yield f"{self.name}{each.part}{'{' + labels + '}' if labels else ''} {_number(each.value)}"


class CrawlCounts:
    """What the crawls of an archive brought, each counted once: after its end no crawl changes."""

    def __init__(self) -> None:
        self._settled = 0
        self._beyond: set[int] = set()
        self._ended: Counter[tuple[str, str]] = Counter()
        self._articles: Counter[tuple[str, str]] = Counter()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._gave_way: Counter[str] = Counter()
        self._within: defaultdict[str, Counter[float]] = defaultdict(Counter)
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def update(self, archive: Archive) -> None:
        """Count the crawls that ended since the last time."""
        after, is_settled = self._settled, True
        while crawls := crawls_after(archive, after=after, limit=_AT_ONCE):
            for crawl in crawls:
                # One that waits, as for its retry, holds back the mark; what ended beyond is remembered by its number.
                is_settled = is_settled and not crawl.is_open
                if not crawl.is_open and crawl.crawl_id not in self._beyond:
                    self._count(crawl)
                    self._beyond.add(crawl.crawl_id)
                if is_settled:
                    self._settled = crawl.crawl_id
            after = crawls[-1].crawl_id
        self._beyond = {number for number in self._beyond if number > self._settled}

    def families(self) -> Iterator[Family]:
        """Yield the counts."""
        yield Family(
            "tribunwatch_runs_total",
            "counter",
            "Crawls that ended, by the listing that they asked and how they ended.",
            tuple(Value(count, {"source": source, "state": state}) for (source, state), count in self._ended.items()),
        )
        yield Family(
            "tribunwatch_articles_total",
            "counter",
            "Articles that crawls brought: new, updated or unchanged.",
            tuple(Value(count, {"source": name, "change": change}) for (name, change), count in self._articles.items()),
        )
        yield Family(
            "tribunwatch_http_responses_total",
            "counter",
            "What the site answered to crawls that ended, by status.",
            tuple(Value(count, {"source": name, "code": code}) for (name, code), count in self._answers.items()),
        )
        yield Family(
            "tribunwatch_gave_way_total",
            "counter",
            "How often back-fills that ended gave way to crawls of now.",
            tuple(Value(count, {"source": name}) for name, count in self._gave_way.items()),
        )
        yield Family(
            "tribunwatch_run_duration_seconds",
            "histogram",
            "How long crawls took, without the time in which they gave way.",
            tuple(value for source in self._within for value in self._durations(source)),
        )

    def _count(self, crawl: Crawl) -> None:
        source = _source_of(crawl)
        self._ended[source, crawl.state] += 1
        for change, name in _CHANGES:
            self._articles[source, change] += int(crawl.report.get(name, 0))
        for code, count in crawl.report.get("answers", {}).items():
            self._answers[source, code] += int(count)
        if crawl.gave_way:
            self._gave_way[source] += len(crawl.gave_way)
        parts = [ended_at - began_at for began_at, ended_at in crawl.parts() if ended_at is not None]
        if parts:
            seconds = sum(parts, timedelta()).total_seconds()
            self._within[source][next(bound for bound in _BUCKETS if seconds <= bound)] += 1
            self._seconds[source] += seconds

    def _durations(self, source: str) -> Iterator[Value]:
        total = 0
        for bound in _BUCKETS:
            total += self._within[source][bound]
            yield Value(total, {"source": source, "le": _number(bound)}, "_bucket")
        yield Value(self._seconds[source], {"source": source}, "_sum")
        yield Value(total, {"source": source}, "_count")


def metrics_text(archive: Archive, counts: CrawlCounts, *, version: str, now: datetime) -> str:
    """Return all numbers as text; the archive is asked, and `counts` brought up to date."""
    counts.update(archive)
    families = [
        *_own(version),
        *counts.families(),
        *_of_archive(standing_of(archive), now),
        *_of_listings(archive, now),
        _gauge(
            "schedule_lag_seconds",
            "How long after it was due the newest firing of each schedule was made.",
            *(
                Value(max(0.0, (each.made_at - each.scheduled_for).total_seconds()), {"schedule": each.schedule})
                for each in last_firings(archive).values()
                if each.is_made
            ),
        ),
        _gauge(
            "worker_heartbeat_age_seconds",
            "How long ago each service gave a sign of life that did not end, for an hour.",
            *(
                Value((now - each.heartbeat_at).total_seconds(), {"service": str(each.service_id)})
                for each in last_services(archive)
                if each.ended_at is None and now - each.heartbeat_at < _KILLED_FOR
            ),
        ),
    ]
    return "".join(f"{line}\n" for family in families for line in family.lines())


def _own(version: str) -> Iterator[Family]:
    labels = {"version": version, "python": platform.python_version(), "schema": str(HEAD)}
    yield _gauge("build_info", "Which Tribunwatch this is.", Value(1, labels))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = Value(used.ru_utime + used.ru_stime)
    yield Family("process_cpu_seconds_total", "counter", "Time of the processor that the service used.", (seconds,))
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    resident = Value(pages * os.sysconf("SC_PAGE_SIZE"))
    yield Family("process_resident_memory_bytes", "gauge", "Memory that the service takes.", (resident,))
    opened = Value(sum(1 for _ in Path("/proc/self/fd").iterdir()))
    yield Family("process_open_fds", "gauge", "Files and connections that the service holds open.", (opened,))


def _of_archive(stands: Standing, now: datetime) -> Iterator[Family]:
    yield _gauge("queue_depth", "Crawls that wait.", Value(stands.queued))
    waits = 0.0 if stands.oldest_queued_at is None else max(0.0, (now - stands.oldest_queued_at).total_seconds())
    yield _gauge("oldest_queued_seconds", "How long the crawl waits that waits longest.", Value(waits))
    yield _gauge("running_crawls", "Crawls that run.", Value(0 if stands.running is None else 1))
    yield _gauge("resting_crawls", "Back-fills that gave way and wait to go on.", Value(len(stands.resting)))
    yield _gauge("archive_bytes", "What the archive takes on the disk.", Value(stands.archive_bytes))
    backup = last_upkeep(stands, "backup", succeeded=True)
    if backup is not None and backup.ended_at is not None:
        at = Value(backup.ended_at.timestamp())
        yield _gauge("last_backup_timestamp_seconds", "When the last backup was made that could be restored.", at)


def _of_listings(archive: Archive, now: datetime) -> Iterator[Family]:
    answered = [(each.name, each.answered_at) for each in list_listings(archive) if each.answered_at is not None]
    yield _gauge(
        "source_last_success_timestamp_seconds",
        "When each listing last gave what it lists.",
        *(Value(at.timestamp(), {"source": name}) for name, at in answered),
    )
    yield _gauge(
        "source_freshness_seconds",
        "How long ago each listing last gave what it lists.",
        *(Value((now - at).total_seconds(), {"source": name}) for name, at in answered),
    )


def _gauge(name: str, meaning: str, *values: Value) -> Family:
    return Family(f"tribunwatch_{name}", "gauge", meaning, values)


def _source_of(crawl: Crawl) -> str:
    """Return the listing that a crawl asked; names of many together would make a label for each choice of them."""
    listings = crawl.options.get("listings") or ["all"]
    return str(listings[0]) if len(listings) == 1 else "several"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return "+Inf" if value == float("inf") else repr(int(value)) if value == int(value) else repr(value)
