"""A crawl as a person asks for it: through the service that runs on the archive, or here where there is none."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from crawler.commands.crawl_progress import Progress
from crawler.commands.door import Door
from crawler.commands.following import follow, goes_on_in
from crawler.commands.output import in_wib, plain
from crawler.errors import CrawlNotTakenError, UnreachableError

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.archive.crawls import Crawl
    from crawler.archive.services import KnownService
    from crawler.crawl_options import CrawlOptions
    from crawler.report import CrawlReport
    from crawler.topics import TopicSet

# A service looks every second for what waits; after so long one wonders.
_TAKEN_WITHIN_S: Final = 15.0


def crawl_as_asked(
    door: Door,
    options: "CrawlOptions",
    *,
    archive: "Archive | None",
    topics: "TopicSet",
    retry_of: int | None = None,
) -> "CrawlReport":
    """Crawl, and return the report.

    A service that runs on the archive, for the same site, does the crawl, by its own settings; it is followed to its
    end. A dry run is always made here. `retry_of` names a crawl that did the same before.

    Raises:
        CrawlNotTakenError: The service ended before it began the crawl.
        CrawlerError: As `run_crawl` does, where the crawl is made here or could not begin.
    """
    from crawler.crawl import expect_known, run_crawl

    if archive is not None and not options.dry_run and _service_for(archive, options) is not None:
        expect_known(door.settings, options, archive=archive, topics=topics)
        return _crawl_there(door, options, archive=archive, retry_of=retry_of)
    with Progress(door) as progress:
        return run_crawl(door.settings, options, archive=archive, topics=topics, on_progress=progress.update)


def _service_for(archive: "Archive", options: "CrawlOptions") -> "KnownService | None":
    """Return the service that would ask the same site."""
    from crawler.archive.services import live_services
    from crawler.archive.shared_clock import shared_now

    alive = live_services(archive, now=shared_now(archive))
    return next((service for service in alive if service.state.get("site") == options.site), None)


def _crawl_there(door: Door, options: "CrawlOptions", *, archive: "Archive", retry_of: int | None) -> "CrawlReport":
    from crawler.archive.crawls import unreached_of
    from crawler.archive.requests import request_crawl
    from crawler.report import report_from_json

    asked = request_crawl(archive, options=options.as_json(), cause="person", now=datetime.now(UTC), retry_of=retry_of)
    number = asked.crawl_id
    told = {"new": "is run by the service", "joined": "waits already and does this", "running": "does this already"}
    try:
        door.say(f"crawl {number} {told[asked.how]}; following it")
        ended = _follow(door, archive, options, number)
        while ended.state in {"lost", "interrupted"} and (again := goes_on_in(archive, number)) is not None:
            door.say(plain(f"crawl {number} was {ended.state}{_why(ended)}; crawl {again} goes on with it"))
            number = again
            ended = _follow(door, archive, options, number)
    except KeyboardInterrupt:
        door.say(f"crawl {number} goes on; stop it with: tribunwatch crawls cancel {number}")
        raise
    unreached = unreached_of(ended.reason)
    if unreached is not None and ended.state == "failed":
        raise UnreachableError(*unreached)
    if ended.reason:
        door.say(plain(f"crawl {number} {ended.state}: {ended.reason}"))
    return replace(report_from_json(ended.report), state=ended.state)


def _follow(door: Door, archive: "Archive", options: "CrawlOptions", number: int) -> "Crawl":
    """Follow one crawl to its end; tell what it waits for."""
    from crawler.archive.crawls import running_crawls

    began_s, told = time.monotonic(), dict[str, None]()

    def tell_wait(crawl: "Crawl") -> None:
        if _service_for(archive, options) is None:
            raise CrawlNotTakenError(number)
        if crawl.rests:
            # Why it waits is told already.
            return
        now = datetime.now(UTC)
        before = [each.crawl_id for each in running_crawls(archive)]
        if before:
            line = f"crawl {number} waits until crawl {before[0]} has ended"
        elif crawl.not_before is not None and crawl.not_before > now:
            line = f"crawl {number} waits until {in_wib(crawl.not_before)} WIB"
        elif time.monotonic() - began_s > _TAKEN_WITHIN_S:
            line = f"crawl {number} is not taken by the service; see: tribunwatch status"
        else:
            return
        if line not in told:
            told[line] = None
            door.say(line)

    return follow(door, archive, number, on_wait=tell_wait)


def _why(crawl: "Crawl") -> str:
    return f" ({crawl.reason})" if crawl.reason else ""
