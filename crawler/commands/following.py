"""Following a crawl that another process runs: what it does is read from the archive until it has ended."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from crawler.commands.crawl_progress import Progress
from crawler.commands.door import Door

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.archive.crawls import Crawl, GaveWay

# A crawl tells every two seconds how far it is.
LOOK_S: Final = 0.5


def follow(
    door: Door, archive: "Archive", number: int, *, on_wait: "Callable[[Crawl], None]" = lambda _: None
) -> "Crawl":
    """Return a crawl when it has ended; until then its progress is shown on a terminal, and a line where it gives way.

    `on_wait` is called at each look while it waits. Ctrl-C ends the following, not the crawl.

    Raises:
        NotFoundError: There is no such crawl.
    """
    from crawler.archive.crawls import load_crawl
    from crawler.report import report_from_json

    told: tuple[GaveWay, ...] | None = None
    with Progress(door) as progress:
        while (crawl := load_crawl(archive, crawl_id=number)).is_open:
            for line in _ways_since(crawl, told):
                door.say(line)
            told = crawl.gave_way
            if crawl.state == "queued":
                on_wait(crawl)
            elif progress.update is not None and crawl.report:
                progress.update(report_from_json(crawl.report))
            time.sleep(LOOK_S)
    return crawl


def _ways_since(crawl: "Crawl", told: "tuple[GaveWay, ...] | None") -> "Iterator[str]":
    """Yield what happened since the look before, or without one how it stands."""
    if told is None:
        if crawl.rests:
            yield f"crawl {crawl.crawl_id} gave way to crawl {crawl.gave_way[-1].to}, and goes on after it"
        return
    for number, each in enumerate(crawl.gave_way):
        if number >= len(told):
            yield f"crawl {crawl.crawl_id} gives way to crawl {each.to}"
        if each.until is not None and (number >= len(told) or told[number].until is None):
            yield f"crawl {crawl.crawl_id} goes on"


def goes_on_in(archive: "Archive", number: int) -> int | None:
    """Return the crawl that goes on with what this one left, if there is one."""
    from crawler.archive.crawls import list_crawls

    return next((each.crawl_id for each in list_crawls(archive) if each.retry_of == number), None)
