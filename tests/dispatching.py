"""A dispatcher at work beside a test, as in the service: what is asked for is crawled by processes of ours."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import load_settings
from crawler.archive.connect import Archive
from crawler.archive.crawls import Crawl, list_crawls, load_crawl
from crawler.archive.lease import LEASE_S
from crawler.archive.requests import request_crawl
from crawler.archive.services import BEAT_S, beat, end_service, register_service
from crawler.crawl_options import CrawlOptions
from crawler.processes import Process, module_environment, this_process
from scheduler.dispatcher import Dispatcher
from tests.crawling import NASIONAL, Listings, wait_until

_SERVE = (
    "import sys; from pathlib import Path; from tests.dispatching import serve; serve(sys.argv[1], Path(sys.argv[2]))"
)


def write_config(folder: Path, *, listings: Listings = NASIONAL, settings: str = "") -> Path:
    """Write a settings file with these listings."""
    file = folder / "config.toml"
    tables = [f'[[listing]]\nname = "{name}"\nurl = "{url}"\nkind = "{kind}"' for name, (url, kind) in listings.items()]
    file.write_text("\n".join([settings, *tables]))
    return file


def ask(archive: Archive, site: str, *listings: str, **options: Any) -> int:
    """Ask for a crawl, as the API does, and return its number."""
    wanted = CrawlOptions(listings=listings, site=site, **options).as_json()
    return request_crawl(archive, options=wanted, cause="api", now=datetime.now(UTC)).crawl_id


def serve(
    place: str,
    config: Path,
    *,
    site: str | None = None,
    lease_s: float = LEASE_S,
    on_start: Callable[[Dispatcher, asyncio.AbstractEventLoop], None] = lambda *_: None,
) -> None:
    """Run a dispatcher until it is stopped, registered as a service."""

    async def run(archive: Archive, service_id: int) -> None:
        dispatcher = Dispatcher(
            archive,
            settings=load_settings(config, {}, {}),
            service_id=service_id,
            child_arguments=("--config", str(config)),
            lease_s=lease_s,
        )
        on_start(dispatcher, asyncio.get_running_loop())
        running = asyncio.create_task(dispatcher.run())
        while not running.done():
            await asyncio.to_thread(beat, archive, service_id, state={"site": site}, now=datetime.now(UTC))
            await asyncio.wait({running}, timeout=BEAT_S)
        await running

    with Archive.open(place, create=True) as archive:
        now = datetime.now(UTC)
        number = register_service(archive, process=this_process(), version="1", address=None, now=now)
        beat(archive, number, state={"site": site}, now=now)
        asyncio.run(run(archive, number))
        end_service(archive, number, now=datetime.now(UTC))


@contextmanager
def dispatching(place: str, config: Path, *, site: str | None = None, lease_s: float = LEASE_S) -> Iterator[Dispatcher]:
    """Let a dispatcher run in a thread, with an archive opened for itself, as the service for a site."""
    started = threading.Event()
    found: list[tuple[Dispatcher, asyncio.AbstractEventLoop]] = []

    def note(dispatcher: Dispatcher, loop: asyncio.AbstractEventLoop) -> None:
        found.append((dispatcher, loop))
        started.set()

    thread = threading.Thread(
        target=serve, args=(place, config), kwargs={"site": site, "lease_s": lease_s, "on_start": note}
    )
    thread.start()
    assert started.wait(30)
    dispatcher, loop = found[0]
    try:
        yield dispatcher
    finally:
        asyncio.run_coroutine_threadsafe(dispatcher.stop(), loop).result(60)
        thread.join()


@contextmanager
def serving(place: str, config: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Let a dispatcher run in a process of its own, to be killed by the test."""
    process = subprocess.Popen([sys.executable, "-P", "-c", _SERVE, place, str(config)], env=module_environment())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def child_of(archive: Archive, crawl_id: int) -> Process:
    """Return the process that runs a crawl, once it has taken it up."""
    found: list[Process] = []

    def has_child() -> bool:
        process = load_crawl(archive, crawl_id=crawl_id).process
        if process is None or "--claimed" not in Path(f"/proc/{process.pid}/cmdline").read_text().split("\0"):
            return False
        found.append(process)
        return True

    wait_until(has_child)
    return found[0]


def send(process: Process, number: signal.Signals) -> None:
    """Send a signal; one that stops a process is waited for, since it takes effect a moment later."""
    os.kill(process.pid, number)
    if number == signal.SIGSTOP:
        wait_until(lambda: process.is_stopped)


def ended(archive: Archive, crawl_id: int) -> Crawl:
    """Return a crawl when it has ended."""
    wait_until(lambda: not load_crawl(archive, crawl_id=crawl_id).is_open)
    return load_crawl(archive, crawl_id=crawl_id)


def retry_of(archive: Archive, crawl_id: int) -> Crawl:
    """Return the crawl that goes on with another."""
    return next(each for each in list_crawls(archive) if each.retry_of == crawl_id)
