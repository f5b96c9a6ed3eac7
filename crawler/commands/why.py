"""`tribunwatch why`: the life of one address."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_fields, print_json
from crawler.errors import FAILED

if TYPE_CHECKING:
    from crawler.archive.absence import Absence
    from crawler.archive.hosts import Wait
    from crawler.archive.life import Life
    from crawler.site import Address

# What may still be fetched, and so waits where its host is left alone.
_WAITING = ("seen", "fetched", "failed")


@click.command(cls=Command)
@click.argument("url")
@click.pass_obj
def why(door: Door, *, url: str) -> int:
    """Tell the life of one address: seen, fetched, read, matched, stored, or the reason why not."""
    from crawler.archive.absence import absence_of
    from crawler.archive.hosts import load_hosts
    from crawler.archive.life import life_of
    from crawler.follows import followed
    from crawler.site import identify

    address = identify(url)
    refusal = followed(door.settings).refusal(address)
    with door.open_archive() as archive:
        life = life_of(archive, address=address)
        absence = None if life else absence_of(archive, host=address.host)
        host = load_hosts(archive).get(address.host)
    wait = host.wait(datetime.now(UTC), requests_per_day=door.settings.spider.requests_per_day) if host else None
    if door.as_json:
        known = {"life": asdict(life) if life else None, "absence": asdict(absence) if absence else None}
        now = {"not_followed": refusal, "host_waits": asdict(wait) if wait else None}
        print_json({"key": address.key, "url": address.url, **known, **now})
        return 0 if life else FAILED
    print_fields([("address", address.url), ("identity", address.key), ("region", address.region)])
    lines = life.lines(in_wib) if life else _absence_lines(absence, address)
    for line in [*lines, *_now_lines(address, life, refusal, wait)]:
        click.echo(plain(line))
    return 0 if life else FAILED


def _absence_lines(absence: "Absence | None", address: "Address") -> list[str]:
    """Return why an address was never seen, in lines."""
    if not address.is_readable:
        return ["never seen: it is of the network, but not an article, so it is never fetched"]
    if absence is None or absence.first_crawl_at is None:
        return ["never seen: nobody imported it, and there was no crawl yet; see: tribunwatch crawl"]
    lines = [
        f"never seen: not in any listing since {in_wib(absence.first_crawl_at)} (first crawl), and nobody imported it"
    ]
    for each in absence.listings:
        why_not = f": {each.reason}" if each.reason else ""
        lines.append(f"asked     {in_wib(each.asked_at)}  {each.name} ({each.url}), last{why_not}")
    return lines if absence.listings else [*lines, f"asked     no listing of {address.host} was ever asked"]


def _now_lines(address: "Address", life: "Life | None", refusal: str | None, wait: "Wait | None") -> list[str]:
    """Return what keeps the address from being fetched now, by the settings and by its host."""
    is_told = life is not None and (life.link is None or life.link.state not in _WAITING)
    lines = []
    if refusal and address.is_readable and not is_told:
        lines.append(f"settings  {refusal}; what is followed stands in site.hosts and site.sections")
    if wait and not is_told:
        lines.append(f"host      {address.host} is left alone until {in_wib(wait.until)}: {wait.reason}")
    return lines
