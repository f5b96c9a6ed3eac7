"""A dispatcher at work beside a test, as in the service: what is asked for is crawled by processes of ours."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import load_settings
from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, list_crawls, load_crawl
from crawler.archive.lease import LEASE_S
from crawler.archive.requests import Requested, request_crawl
from crawler.archive.services import end_service, register_service
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from scheduler.dispatcher import Dispatcher
from tests.crawling import NASIONAL, Listings, wait_until


def write_config(folder: Path, *, listings: Listings = NASIONAL, settings: str = "") -> Path:
    """Write a settings file with these listings."""
    file = folder / "config.toml"
    tables = [f'[[listing]]\nname = "{name}"\nurl = "{url}"\nkind = "{kind}"' for name, (url, kind) in listings.items()]
    file.write_text("\n".join([settings, *tables]))
    return file


def ask(archive: Archive, site: str, *listings: str, **options: Any) -> Requested:
    """Ask for a crawl, as a schedule does."""
    wanted = CrawlOptions(listings=listings, site=site, **options)
    return request_crawl(archive, options=wanted.as_json(), cause="schedule", now=datetime.now(UTC))


@contextmanager
def dispatching(
    place: str, config: Path, *, lease_s: float = LEASE_S, flags: Mapping[str, object] | None = None
) -> Iterator[Dispatcher]:
    """Let a dispatcher run in a thread, with an archive opened for itself."""
    settings = load_settings(config, {}, flags or {})
    opened = threading.Event()
    found: list[tuple[Dispatcher, asyncio.AbstractEventLoop]] = []

    async def serve(archive: Archive, service_id: int) -> None:
        dispatcher = Dispatcher(
            archive,
            settings=settings,
            service_id=service_id,
            child_arguments=("--config", str(config)),
            lease_s=lease_s,
        )
        found.append((dispatcher, asyncio.get_running_loop()))
        opened.set()
        await dispatcher.run()

    def run() -> None:
        with Archive.open(place, create=True) as archive:
            number = register_service(archive, process=this_process(), version="1", address=None, now=datetime.now(UTC))
            asyncio.run(serve(archive, number))
            end_service(archive, number, now=datetime.now(UTC))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert opened.wait(30)
        dispatcher, loop = found[0]
        yield dispatcher
    finally:
        if thread.is_alive():
            asyncio.run_coroutine_threadsafe(dispatcher.stop(), loop).result(60)
        thread.join()


def ended(archive: Archive, crawl_id: int) -> Crawl:
    """Return a crawl when it has ended."""
    wait_until(lambda: not load_crawl(archive, crawl_id=crawl_id).is_open)
    return load_crawl(archive, crawl_id=crawl_id)


def all_ended(archive: Archive, count: int) -> list[Crawl]:
    """Return so many crawls, oldest first, when they have ended all."""
    is_so: Callable[[], bool] = lambda: [each.is_open for each in list_crawls(archive)] == [False] * count  # noqa: E731
    wait_until(is_so)
    return list_crawls(archive)[::-1]
