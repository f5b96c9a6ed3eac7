"""Laws of the crawls: one at a time on an archive, each with a recorded end and a report."""

import itertools
from collections.abc import Iterator, Sequence

from crawler.archive.checks import Finding
from crawler.archive.crawls import Crawl


def one_at_a_time(crawls: Sequence[Crawl]) -> Iterator[Finding]:
    """Find crawls that ran while another did."""
    ran = sorted((each for each in crawls if each.started_at), key=lambda each: (each.started_at, each.crawl_id))
    for before, each in itertools.pairwise(ran):
        if each.started_at is None or before.started_at is None:
            continue
        if before.ended_at is None or before.ended_at > each.started_at:
            yield Finding("two crawls", f"crawl {each.crawl_id} began before crawl {before.crawl_id} had ended")


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
