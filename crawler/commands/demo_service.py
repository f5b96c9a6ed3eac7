"""The demo that goes on: a newsroom whose day goes by, a service that watches it, and lines that tell what happens."""

import asyncio
import os
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Door
from crawler.commands.newsday import ARTICLES, SPEED, NewsDay
from crawler.commands.output import print_jsonl
from crawler.commands.topics_file import load_topics
from crawler.commands.watching import Watch, as_line
from crawler.errors import ArchiveBrokenError, ArchiveHeldError, ArchiveMissingError

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from scheduler.service import Orders, Service

_LOOK_S = 0.5


def run_demo(door: Door, path: str, *, longest_s: float | None) -> None:
    """Run newsroom and service until Ctrl-C, or for so long, and tell what happens; the archive stays."""
    from crawler.archive.connect import Archive
    from crawler.archive.requests import request_crawl
    from crawler.crawl_options import CrawlOptions
    from scheduler.http import listen, url_of
    from seeds.newsroom import Newsroom

    orders = _orders(door, path)
    with (
        Newsroom(articles=ARTICLES) as newsroom,
        NewsDay(newsroom),
        closing(listen("127.0.0.1", 0)) as listening,
        Archive.open(path, create=True, wait_s=orders.settings.archive.wait_s) as archive,
    ):
        door.say(f"a small Tribunnews is open at {newsroom.url}; its day goes by {SPEED} times as fast")
        door.say(f"a service watches it, and crawls every minute; see {url_of(listening)}/readyz?verbose=1")
        door.say(f"in another terminal: tribunwatch --archive {archive.location} query banjir     Ctrl-C ends it all")
        watch = Watch(archive)
        # The first crawl need not wait for its minute.
        first = CrawlOptions(site=newsroom.url).as_json()
        request_crawl(archive, options=first, cause="person", now=datetime.now(UTC))
        asyncio.run(_run(door, _service(archive, orders, listening, newsroom.url), watch, longest_s))
    door.say(
        f"\n{watch.stored} articles were stored, {watch.matched} of them with a topic, and {watch.changed} changed"
    )


def _orders(door: Door, path: str) -> "Orders":
    from config.settings import load_settings
    from scheduler.service import Orders

    environ = {**os.environ, "TRIBUNWATCH_SCHEDULE_LISTINGS": "1m"}
    settings = load_settings(door.config, environ, {"archive.path": path})
    return Orders(settings, load_topics(settings).topics)


def _service(archive: "Archive", orders: "Orders", listening: object, site: str) -> "Service":
    from scheduler.handed_down import HandedDown
    from scheduler.notify import Notifier
    from scheduler.service import Service

    return Service(
        archive,
        orders=orders,
        read_orders=lambda: orders,
        listening=listening,  # type: ignore[arg-type]
        notifier=Notifier(os.environ),
        handed_down=HandedDown(os.environ),
        site=site,
    )


async def _run(door: Door, service: "Service", watch: Watch, longest_s: float | None) -> None:
    loop = asyncio.get_running_loop()
    if longest_s is not None:
        loop.call_later(longest_s, service.end)
    running = asyncio.create_task(service.run())
    is_over = False
    while not is_over:
        # What was stored up to the end is told, too.
        is_over = bool((await asyncio.wait({running}, timeout=_LOOK_S))[0])
        for event in await asyncio.to_thread(lambda: list(watch.look())):
            if door.as_json:
                print_jsonl([event])
            else:
                click.echo(as_line(event))
    await running


def begin_anew(path: str) -> None:
    """Take away what the demo before left: it holds nothing that this one does not bring again.

    Raises:
        ArchiveHeldError: A demo is at work on it.
    """
    from crawler.archive.connect import Archive
    from crawler.archive.services import live_service

    with suppress(ArchiveMissingError, ArchiveBrokenError), Archive.open(path, readonly=True) as archive:
        if live_service(archive, now=datetime.now(UTC)):
            raise ArchiveHeldError(path, "another demo runs; end that one first, or name another with --archive")
    for behind in ("", "-wal", "-shm", "-lock"):
        Path(f"{path}{behind}").unlink(missing_ok=True)
