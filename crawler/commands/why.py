"""`tribunwatch why`: the life of one address."""

from dataclasses import asdict

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_fields, print_json
from crawler.errors import FAILED


@click.command(cls=Command)
@click.argument("url")
@click.pass_obj
def why(door: Door, *, url: str) -> int:
    """Tell the life of one address: seen, fetched, read, matched, stored, or the reason why not."""
    from crawler.archive.reading import life_of
    from crawler.site import identify

    address = identify(url)
    with door.open_archive() as archive:
        life = life_of(archive, address=address)
    if door.as_json:
        print_json({"key": address.key, "url": address.url, "life": asdict(life) if life else None})
        return 0 if life else FAILED
    print_fields([("address", address.url), ("identity", address.key), ("region", address.region)])
    if life is None:
        reason = (
            "no listing that was asked named it, and nobody imported it"
            if address.is_readable
            else "it is of the network, but not an article, so it is never fetched"
        )
        click.echo(f"never seen: {reason}")
        return FAILED
    for line in life.lines(in_wib):
        click.echo(plain(line))
    return 0
