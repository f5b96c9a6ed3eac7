"""The schedules that follow from settings and topics: for each listing, a topic with a plan of its own, and upkeep."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from config.settings import Settings
from crawler.archive.connect import Archive
from crawler.archive.following import follow_topics
from crawler.archive.schedules import Order, Task, provision_schedules
from crawler.crawl_options import CrawlOptions
from crawler.errors import ScheduleError
from crawler.follows import followed
from crawler.topics import Topic
from scheduler.standing import parse_order
from scheduler.when import AUTO


def provision(archive: Archive, settings: Settings, topics: Iterable[Topic], *, now: datetime) -> None:
    """See to it that the archive has the schedules that follow; called at the start, and when these were read anew.

    Topics of the archive are counted in. What is as it was stays so: paused, and with all that was learned. What does
    not follow any more has ended.

    Raises:
        ScheduleError: A plan cannot be read; nothing was changed.
        SettingsError: A host is not known, or a listing is none of the network.
    """
    provision_schedules(archive, orders_of(settings, follow_topics(archive, topics, now=now).topics), now=now)


def orders_of(settings: Settings, topics: Iterable[Topic]) -> tuple[Order, ...]:
    """Return what settings and topics order, all of it checked; raises what `provision` does."""
    return (*_of_listings(settings), *_of_topics(settings, topics), *_of_upkeep(settings))


def _of_listings(settings: Settings) -> Iterator[Order]:
    own = {each.name: each.every for each in settings.listings}
    for listing in followed(settings).listings:
        key = f"listing {listing.name}: every" if own.get(listing.name) else "schedule.listings"
        origin = settings.origin("listing" if own.get(listing.name) else "schedule.listings")
        plan = own.get(listing.name) or settings.schedule.listings
        options = CrawlOptions(listings=(listing.name,))
        yield _order(settings, f"listing:{listing.name}", plan, options, where=f"{origin}: {key}")


def _of_topics(settings: Settings, topics: Iterable[Topic]) -> Iterator[Order]:
    """Yield the orders of topics; one with the plan `auto` is looked for in all that its listings bring."""
    for topic in topics:
        if topic.every != AUTO:
            options = CrawlOptions(topics=(topic.name,))
            where = f'topic "{topic.name}": every'
            yield _order(settings, f"topic:{topic.name}", topic.every, options, where=where, is_of_topic=True)


def _of_upkeep(settings: Settings) -> Iterator[Order]:
    """Yield the orders of pruning and backups; quiet hours are for listings, and these ask none."""
    plans: tuple[tuple[Task, str, str], ...] = (
        ("prune", "archive.prune_every", settings.archive.prune_every),
        ("backup", "backup.every", settings.backup.every),
    )
    for task, key, plan in plans:
        where = f"{settings.origin(key)}: {key}"
        if plan == AUTO:
            raise ScheduleError(where, '"auto" is for listings; write "1d", or five fields of cron')
        if plan:
            order = Order(task, plan, settings.schedule.zone, "settings", task=task)
            parse_order(order, where=where)
            yield order


def _order(  # noqa: PLR0913  - an order is written whole
    settings: Settings, name: str, plan: str, options: CrawlOptions, *, where: str, is_of_topic: bool = False
) -> Order:
    order = Order(
        name=name,
        plan=plan,
        zone=settings.schedule.zone,
        origin="topic" if is_of_topic else "settings",
        options=options.as_json(),
        quiet_hours=settings.schedule.quiet_hours or None,
        overlap=settings.schedule.overlap,
    )
    parse_order(order, where=where)
    return order
