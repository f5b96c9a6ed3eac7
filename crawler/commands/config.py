"""`tribunwatch config`: the settings, and where each came from."""

import click

from config.check import mask
from config.settings import Shown
from crawler.commands.door import Command, Door
from crawler.commands.output import print_json, print_table
from crawler.commands.topics_file import load_topics


@click.command(cls=Command)
@click.pass_obj
def show(door: Door) -> None:
    """Print every setting, its value, and where it came from; secrets are masked."""
    from crawler.follows import followed

    settings = door.settings
    origin = settings.origin("site.hosts")
    named = () if settings.listings else followed(settings).listings
    shown = [*settings.shown(), *(Shown(f"listing.{each.name}", each.url, origin) for each in named)]
    if door.as_json:
        print_json({each.key: {"value": each.value, "origin": each.origin} for each in shown})
        return
    print_table(
        ("setting", "value", "from"),
        ((each.key, _words(each.value), each.origin) for each in shown),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.pass_obj
def check(door: Door) -> None:
    """Check the settings and the topics file; nothing is fetched and nothing is written."""
    from crawler.follows import followed
    from scheduler.provision import orders_of

    settings = door.settings
    topics = load_topics(settings)
    orders = orders_of(settings, topics.topics)
    summary = {
        "listings": len(followed(settings).listings),
        "topics": len(topics.topics),
        "schedules": len(orders),
        "archive": mask(settings.archive_path),
    }
    if door.as_json:
        print_json(summary)
    else:
        click.echo(
            "settings ok: {listings} listings, {topics} topics, {schedules} schedules, archive {archive}".format(
                **summary
            )
        )


def _words(value: object) -> object:
    """Return a list with commas between its names, as the environment takes it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value
