"""Laws of the crawls: one at a time on an archive, each with a recorded end and a report."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from crawler.archive.checks import Finding
from crawler.archive.crawls import Crawl

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def one_at_a_time(crawls: Sequence[Crawl]) -> Iterator[Finding]:
    """Find crawls that ran while another did."""
    # One that gave way ran in several parts, and must have ended each before another began.
    ran = [(began_at, ended_at or _NEVER, each.crawl_id) for each in crawls for began_at, ended_at in each.parts()]
    for (_, ended_at, before), (began_at, _, each) in itertools.pairwise(sorted(ran)):
        if ended_at > began_at:
            yield Finding("two crawls", f"crawl {each} began before crawl {before} had ended")


def ended_properly(crawls: Sequence[Crawl]) -> Iterator[Finding]:
    """Find crawls without an end, a report, or a reason why there is none."""
    for each in crawls:
        if each.is_open:
            continue
        name = f"crawl {each.crawl_id}"
        if each.ended_at is None:
            yield Finding("crawl", f"{name}: {each.state}, and when it ended is not recorded")
        elif each.started_at is not None and each.ended_at < each.started_at:
            yield Finding("crawl", f"{name}: it ended before it began")
        if each.state in {"lost", "cancelled"}:
            if each.reason is None:
                yield Finding("crawl", f"{name}: {each.state}, and no reason is given")
        elif not each.report:
            yield Finding("crawl", f"{name}: {each.state}, and there is no report")
