"""One crawl in this process: Scrapy's reactor is started, and everything is in order again when it has stopped.

A process can do this once: Twisted's reactor does not start a second time.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, Literal, cast

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.errors import INTERRUPTED
from crawler.spider.hosts import Hosts
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.watch_spider import Desk, Plan, WatchSpider

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
# A person, systemd and docker expect an end within 10 s. The ledger bears an end at any moment.
_LONGEST_STOP_S: Final = 8.0
_RETRY_S: Final = 0.005

Ending = Literal["whole", "interrupted", "gave way"]


def run_spider(*, settings: Mapping[str, Any], desk: Desk, plan: Plan, hosts: Hosts) -> Ending:
    """Crawl to the end; return whether a signal (Ctrl-C, SIGTERM) ended it before its time, or it gave way.

    Raises:
        Exception: What stopped the crawl, where it was not the fault of one page.
    """
    process = _quiet_process(settings)
    crawler = process.create_crawler(WatchSpider)
    with ReadingRoom() as room, _stopping_on_signals(process, crawler) as stopped:
        process.crawl(crawler, desk=desk, plan=plan, hosts=hosts, room=room)
        try:
            process.start(install_signal_handlers=False)
        finally:
            spider = cast("WatchSpider | None", crawler.spider)
            gave_way = (spider is not None and spider.gave_way) or (stopped.is_set() and plan.gives_way())
            desk.settle(goes_on=gave_way)
            hosts.settle()
    if spider is None:
        raise RuntimeError("the spider did not start; run again with --debug to see why")
    if spider.error is not None and not stopped.is_set():
        raise spider.error
    return "gave way" if gave_way else "interrupted" if stopped.is_set() else "whole"


def _quiet_process(settings: Mapping[str, Any]) -> AsyncCrawlerProcess:
    """Return the process, its libraries silent below a warning; they tell every request, which only --debug wants."""
    if logging.getLogger().getEffectiveLevel() <= logging.DEBUG:
        return AsyncCrawlerProcess(dict(settings))
    before = logging.root.manager.disable
    # Scrapy sets the level of its loggers, and speaks, before it can be told to be silent.
    logging.disable(logging.INFO)
    try:
        process = AsyncCrawlerProcess(dict(settings))
    finally:
        logging.disable(before)
    for name in ("scrapy", "asyncio", "twisted"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return process


@contextmanager
def _stopping_on_signals(process: AsyncCrawlerProcess, crawler: Crawler) -> Iterator[threading.Event]:
    """Stop the crawl at the first signal; what was set for these signals before, holds again afterwards."""
    stopped = threading.Event()
    belt = threading.Timer(_LONGEST_STOP_S, os._exit, (INTERRUPTED,))
    belt.daemon = True
    loop = asyncio.get_event_loop()

    def stop(*_: object) -> None:
        # Not by the loop: it may wait for the archive, and the belt is to be put on all the same.
        if not stopped.is_set():
            stopped.set()
            belt.start()
            loop.call_soon_threadsafe(lambda: tasks.add(asyncio.ensure_future(_stop(process, crawler))))

    tasks: set[asyncio.Future[None]] = set()
    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield stopped
    finally:
        belt.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


async def _stop(process: AsyncCrawlerProcess, crawler: Crawler) -> None:
    # A stop that comes before the engine runs, Scrapy forgets, and then it does not end at all.
    while crawler in process.crawlers:
        with suppress(RuntimeError):
            if crawler.engine.running:
                await crawler.stop_async()
                return
        await asyncio.sleep(_RETRY_S)
