"""The course of a crawl in the archive: begun or taken over, kept by signs of life, and ended whatever happens."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from crawler.archive.connect import Archive
from crawler.archive.crawls import CrawlState, EndState, offline_reason
from crawler.archive.lease import Lease, begin_crawl, end_crawl, fenced, oust_ghost
from crawler.crawl_options import CrawlOptions
from crawler.errors import ArchiveError, ArchiveHeldError, UnreachableError
from crawler.processes import this_process
from crawler.report import CrawlReport
from crawler.signs_of_life import SignsOfLife

log = logging.getLogger(__name__)

INTERRUPTED_NOTE: Final = "interrupted; the next crawl takes up what is left"
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
# A crawl that has ended lets go of the archive some moments after it said so.
_LETTING_GO_S: Final = 10.0
_PAUSE_S: Final = 0.1


@dataclass(slots=True)
class Course:
    """One crawl while it runs; whoever runs it says in `state` how it ended, and why where no report says so."""

    crawl_id: int
    state: EndState = "failed"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a crawl that gave way and now goes on did before: when it began, and what it had counted (`so_far`)."""

    begun_at: datetime
    so_far: Mapping[str, Any]


@contextmanager
def course_of(  # noqa: PLR0913  - the row of a crawl, and what is told in it
    archive: Archive,
    options: CrawlOptions,
    *,
    report: Callable[[CrawlState], CrawlReport],
    so_far: Callable[[], Mapping[str, Any]],
    notes: list[str],
    gives_way: threading.Event,
    clock: Callable[[], datetime],
    lease: Lease | None = None,
) -> Iterator[Course]:
    """Hold the archive for one crawl; every write of the block is refused once another has taken its place.

    Ctrl-C and SIGTERM end the block, and nothing else: the crawl is interrupted then, or cancelled where the archive
    asked it to stop. A service has claimed the crawl before, and gives its `lease`; without one it is begun here.
    `report` says at any time how far the crawl is; of how it ended, a line is added to the `notes`.

    `gives_way` is set where the archive asks the crawl to give way: interrupted then, it waits to go on, with what it
    has counted (`so_far`).

    Raises:
        ArchiveHeldError: Another crawl is using the archive.
        CrawlLostError: Another has taken its place; nothing more is stored.
    """
    is_claimed, is_left = lease is not None, False
    with _interrupted_by_signals(), _held(archive, lease):
        if lease is None:
            lease = begin_crawl(archive, options=options.as_json(), process=this_process(), now=clock())
        course = Course(lease.crawl_id)
        life = SignsOfLife(archive, lease, report=lambda: report("running").as_json(), clock=clock, gives_way=gives_way)
        with fenced(archive, lease), life.listening():
            log.info("crawl began crawl=%d pid=%d", lease.crawl_id, os.getpid())
            try:
                with life:
                    yield course
            except KeyboardInterrupt:
                course.state = "interrupted"
                if not gives_way.is_set():
                    notes.append(INTERRUPTED_NOTE)
            except Exception as error:
                # Its archive failed: the service finds it lost, and has it gone on with when the archive is back.
                is_left = is_claimed and isinstance(error, ArchiveError)
                course.state = "failed"
                if isinstance(error, UnreachableError):
                    course.reason = offline_reason(error.host, error.cause)
                notes.append(f"the crawl was stopped: {error}")
                raise
            finally:
                _ignore_signals()
                goes_on = course.state == "interrupted" and gives_way.is_set()
                _tell(
                    "crawl gave way" if goes_on else "crawl ended",
                    ended := report("queued" if goes_on else course.state),
                )
                if not is_left:
                    state = end_crawl(
                        archive,
                        lease,
                        state=course.state,
                        report=ended.as_json(),
                        reason=course.reason,
                        lines=life.lines.take(),
                        so_far=so_far() if goes_on else None,
                        now=clock(),
                    )
                    course.state = "interrupted" if state == "queued" else state


def _tell(what: str, report: CrawlReport) -> None:
    log.info(
        "%s state=%s listings=%d seen=%d new=%d fetched=%d stored=%d failed=%d seconds=%.1f",
        *(
            what,
            report.state,
            report.listings_asked,
            report.links_seen,
            report.links_new,
            report.fetched,
            report.stored,
        ),
        *(sum(report.failed.values()), report.seconds),
    )


@contextmanager
def _held(archive: Archive, lease: Lease | None) -> Iterator[None]:
    """Hold the archive; who has claimed his crawl waits for the one before, and takes it from a ghost."""
    ends_at = time.monotonic() + (_LETTING_GO_S if lease is not None else 0.0)
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(archive.crawl_lock())
                break
            except ArchiveHeldError:
                if lease is None or time.monotonic() > ends_at:
                    raise
                oust_ghost(archive, lease)
            time.sleep(_PAUSE_S)
        yield


@contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt in the block, also where the shell had them ignored."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """Let nothing come between a crawl and the row that says how it ended."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
