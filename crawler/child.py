"""A crawl as the child of a service: it has the token of its crawl from its stdin, and ends when that ends."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import Final

from config.settings import Settings
from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, so_far_of
from crawler.archive.lease import Lease, end_crawl, take_up
from crawler.course import Earlier
from crawler.crawl import run_crawl
from crawler.crawl_options import options_from_json
from crawler.errors import INTERRUPTED, ArchiveError, CrawlerError, CrawlLostError
from crawler.processes import this_process
from crawler.report import CrawlReport
from crawler.topics import TopicSet
from crawler.under_way import UnderWay

log = logging.getLogger(__name__)

# After so long without a clean end it ends by force: nobody who started it is there any more.
_LONGEST_STOP_S: Final = 8.0
_TOKEN_BYTES: Final = 200


def read_token() -> tuple[str, UnderWay | None]:
    """Return the token, and where to tell what is under way: the first line of stdin, "TOKEN" or "TOKEN MEMORY".

    From then on the end of stdin ends this process. The service holds the other end, so that it ends with the service,
    also by kill -9.
    """
    line = os.fdopen(os.dup(0), "rb", buffering=0).readline(_TOKEN_BYTES).decode("ascii", "replace")
    threading.Thread(target=_end_with_stdin, name="leash", daemon=True).start()
    token, _, memory = line.strip().partition(" ")
    return token, UnderWay(int(memory)) if memory.isdigit() else None


def run_claimed(
    settings: Settings,
    lease: Lease,
    *,
    archive: Archive,
    topics: Callable[[], TopicSet],
    under_way: UnderWay | None = None,
) -> CrawlReport:
    """Run the crawl that the service claimed; also what keeps it from beginning is written down.

    Raises:
        CrawlLostError: It is not to be run any more.
    """
    claimed = take_up(archive, lease, process=this_process(), now=datetime.now(UTC))
    options, earlier = options_from_json(claimed.options), _earlier(archive, claimed)
    try:
        return run_crawl(
            *(settings, options),
            archive=archive,
            topics=topics(),
            lease=lease,
            earlier=earlier,
            under_way=under_way or nullcontext,
        )
    except (ArchiveError, CrawlLostError):
        # Whoever holds the archive, or cannot be reached: the service tries it again.
        raise
    except CrawlerError as error:
        report = CrawlReport(state="failed", notes=(f"the crawl could not begin: {error}",)).as_json()
        with suppress(CrawlLostError):
            end_crawl(archive, lease, state="failed", report=report, reason=str(error), now=datetime.now(UTC))
        raise


def _earlier(archive: Archive, claimed: Crawl) -> Earlier | None:
    so_far = so_far_of(archive, crawl_id=claimed.crawl_id)
    if so_far is None or claimed.started_at is None:
        return None
    return Earlier(claimed.started_at, so_far)


def _end_with_stdin() -> None:
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    log.warning("service is gone, the crawl ends")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LONGEST_STOP_S)
    os._exit(INTERRUPTED)
