"""Following a crawl that another process runs: what it does is read from the archive until it has ended."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from crawler.commands.crawl_progress import Progress
from crawler.commands.door import Door

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.archive.crawls import Crawl

# A crawl tells every two seconds how far it is.
LOOK_S: Final = 0.5


def follow(
    door: Door, archive: "Archive", number: int, *, on_wait: "Callable[[Crawl], None]" = lambda _: None
) -> "Crawl":
    """Return a crawl when it has ended; until then its progress is shown on a terminal.

    `on_wait` is called at each look while it waits to be begun. Ctrl-C ends the following, not the crawl.

    Raises:
        NotFoundError: There is no such crawl.
    """
    from crawler.archive.crawls import load_crawl
    from crawler.report import report_from_json

    with Progress(door) as progress:
        while (crawl := load_crawl(archive, crawl_id=number)).is_open:
            if crawl.state == "queued":
                on_wait(crawl)
            elif progress.update is not None and crawl.report:
                progress.update(report_from_json(crawl.report))
            time.sleep(LOOK_S)
    return crawl


def goes_on_in(archive: "Archive", number: int) -> int | None:
    """Return the crawl that goes on with what this one left, if there is one."""
    from crawler.archive.crawls import list_crawls

    return next((each.crawl_id for each in list_crawls(archive) if each.retry_of == number), None)
