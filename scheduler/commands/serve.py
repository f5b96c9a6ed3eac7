"""`tribunwatch serve`: the background service."""

import asyncio
import logging
import os

import click

from crawler.commands.door import Command, Door

log = logging.getLogger(__name__)

# The service asks for little at a time, on several connections.
_CACHE_KIB = 2048


@click.command(cls=Command)
@click.option("--host", metavar="ADDRESS", help="Where to answer; an address of this machine.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="At which port; 0 takes one that is free.")
@click.option("--site", metavar="URL", help="Ask a server on this machine in place of the real site (for trials).")
@click.pass_obj
def serve(door: Door, *, host: str | None, port: int | None, site: str | None) -> None:
    """Run in the background: crawl when schedules say so, and answer how it fares. SIGTERM and Ctrl-C end it.

    SIGHUP reads settings and topics anew. /livez, /readyz and /metrics answer on this machine. A second service on the
    same archive may run: what falls due is done once.
    """
    from crawler.commands.topics_file import load_topics
    from crawler.opening import open_up_to_date
    from scheduler.handed_down import HandedDown
    from scheduler.http import listen
    from scheduler.logs import start_log
    from scheduler.notify import Notifier
    from scheduler.service import Orders, Service

    environ = dict(os.environ)
    flags = {"archive.path": door.archive, "service.host": host, "service.port": port}

    def read_orders() -> Orders:
        from config.settings import load_settings

        settings = load_settings(door.config, environ, flags)
        return Orders(settings, load_topics(settings).topics)

    orders = read_orders()
    settings = orders.settings
    if site is not None:
        settings.for_own_machine(site)
    told = settings.service
    level = logging.DEBUG if door.debug or door.verbose else logging.WARNING if door.quiet else logging.INFO
    start_log(file=told.log_file, form=told.log_format, megabytes=told.log_mb, level=level)
    with (
        listen(told.host, told.port) as listening,
        open_up_to_date(settings, say=log.warning, tell=lambda *_: None, create=True, cache_kib=_CACHE_KIB) as archive,
    ):

        async def run() -> None:
            await Service(
                archive,
                orders=orders,
                read_orders=read_orders,
                listening=listening,
                notifier=Notifier(os.environ),
                handed_down=HandedDown(os.environ),
                site=site,
            ).run()

        asyncio.run(run())
