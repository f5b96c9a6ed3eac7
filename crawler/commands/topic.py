"""`tribunwatch topic`: what is followed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, print_fields, print_json, print_table
from crawler.commands.progress import steps
from crawler.commands.topics_file import follow_in, load_topics, topic_of_options
from crawler.errors import ArchiveMissingError, NotFoundError, TopicsError
from crawler.nearest import nearest
from crawler.topics import Topic, TopicSet

if TYPE_CHECKING:
    from crawler.archive.applying import Applied
    from crawler.archive.connect import Archive
    from crawler.archive.topics import KeptTopic

_Function = TypeVar("_Function", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--keyword", "keywords", multiple=True, metavar="WORDS", help="Any of these; may be repeated."),
    click.option("--query", metavar="QUERY", help="Or what this query finds; see docs/query.md."),
    click.option("--families", is_flag=True, help="Every word means its family: serang, menyerang, serangan …"),
    click.option("--section", "sections", multiple=True, metavar="NAME", help="Only in this section; may be repeated."),
    click.option("--host", "hosts", multiple=True, metavar="NAME", help='Only on this site ("www", "jabar").'),
    click.option("--mute", multiple=True, metavar="SET-or-QUERY", help="But not this: zodiac, prices, or a query."),
)


def topic_options(function: _Function) -> _Function:
    """Give a command the options that describe a topic."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command("list", cls=Command)
@click.option(
    "--all", "with_ended", is_flag=True, help="Also topics that left the topics file; their matches are kept."
)
@click.pass_obj
def list_(door: Door, *, with_ended: bool) -> None:
    """List the topics of the topics file and of the archive, and how many stored articles each has.

    A topic that is new or changed is applied to what is stored by the next crawl, or at once by 'topic apply'.
    """
    rows = [row for row in _rows(door) if with_ended or row["state"] != "ended"]
    if door.as_json:
        print_json(rows)
        return
    print_table(
        ("topic", "articles", "newest (WIB)", "from", "state", "asks for"),
        (
            (
                _shown(row),
                row["articles"],
                in_wib(row["newest_at"]),
                row["from"],
                row["state"],
                _asks(row),
            )
            for row in rows
        ),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.argument("name")
@click.pass_obj
def show(door: Door, *, name: str) -> None:
    """Show one topic: what it asks for, where it comes from, what it has found."""
    rows = {folded(row["name"]): row for row in _rows(door)}
    row = rows.get(folded(name))
    if row is None:
        known = [each["name"] for each in rows.values()]
        raise NotFoundError(f"no topic {name!r}{nearest(name, known)}; see: tribunwatch topic list")
    if door.as_json:
        print_json(row)
        return
    told = {key: in_wib(value) if key.endswith("_at") and value else value for key, value in row.items()}
    lines = {key: ", ".join(value) if isinstance(value, list) else value for key, value in told.items()}
    print_fields((key.removesuffix("_at"), value) for key, value in lines.items() if value is not False)


@click.command(cls=Command)
@click.argument("name")
@topic_options
@click.option("--title", metavar="TEXT", help="What is shown as its name.")
@click.option("--fetch", metavar="WHICH", help='Where crawl.fetch is "likely": "all" of its sections and sites.')
@click.option("--every", metavar="TIME", help='How often it is looked for: "auto", "15m", five fields of cron.')
@click.pass_obj
def add(door: Door, /, **options: Any) -> None:
    """Follow one topic more; it is kept in the archive, and applied to all that is stored.

    That may be broken off: the next crawl, or 'topic apply', goes on with it.
    """
    from crawler.archive.following import add_topic
    from crawler.archive.topics import kept_topic

    of_file = load_topics(door.settings)
    topic = topic_of_options(options, command="topic add")
    _refuse_of_file(door, of_file, topic.name)
    with door.open_archive(write=True) as archive:
        follow_in(archive, of_file)
        add_topic(archive, topic, now=_now())
        _apply(door, archive)
        found = kept_topic(archive, topic.name).articles
    if door.as_json:
        print_json({"name": topic.name, "articles": found})
    else:
        click.echo(f"following {topic.name}: {counted(found, 'stored article')} with it")


@click.command(cls=Command)
@click.argument("name")
@click.pass_obj
def remove(door: Door, *, name: str) -> None:
    """Follow a topic of the archive no longer, and drop its matches; the articles stay.

    A topic of the topics file is removed there; the matches that it leaves behind are dropped by this command.
    """
    from crawler.archive.following import remove_topic

    of_file = load_topics(door.settings)
    _refuse_of_file(door, of_file, name)
    with door.open_archive(write=True, demo_will_do=False) as archive:
        follow_in(archive, of_file)
        removed, matches = remove_topic(archive, name, now=_now())
    if door.as_json:
        print_json({"name": removed, "matches": matches})
    else:
        click.echo(f"removed {removed} and its {counted(matches, 'match', 'matches')}")


@click.command(cls=Command)
@click.pass_obj
def apply(door: Door) -> None:
    """Look in all that is stored for topics that are new or changed; what was broken off goes on where it was."""
    of_file = load_topics(door.settings)
    with door.open_archive(write=True, demo_will_do=False) as archive:
        follow_in(archive, of_file)
        applied = _apply(door, archive)
    if door.as_json:
        done, changed = (applied.done, applied.changed) if applied else (0, 0)
        print_json({"articles": done, "matches_changed": changed})
    elif applied:
        matches = counted(applied.changed, "match", "matches")
        click.echo(f"looked at {counted(applied.done, 'article')}; {matches} changed")
    else:
        click.echo("every topic is applied to all that is stored")


def folded(name: str) -> str:
    """Return a name as it is compared."""
    return " ".join(name.casefold().split())


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return how many there are, in words."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _refuse_of_file(door: Door, of_file: TopicSet, name: str) -> None:
    for topic in of_file.topics:
        if folded(topic.name) == folded(name):
            raise TopicsError(f'topic "{topic.name}" is in {door.settings.topics_path}; change it there')


def _apply(door: Door, archive: "Archive") -> "Applied | None":
    """Apply what is left, with progress, and return how far that is; None where nothing was left."""
    from crawler.archive.applying import apply_topics

    applied = None
    with steps(door) as tell:
        try:
            for applied in apply_topics(archive, clock=_now):
                tell("applying topics", applied.done, applied.total)
        except KeyboardInterrupt:
            door.say("broken off; the next crawl, or 'tribunwatch topic apply', goes on where it was")
            raise
    return applied


def _rows(door: Door) -> list[dict[str, Any]]:
    """Return all topics: those of the file in its order, then those of the archive."""
    from crawler.archive.topics import list_topics

    of_file = load_topics(door.settings).topics
    kept = {}
    with suppress(ArchiveMissingError), door.open_archive() as archive:
        kept = {folded(each.topic.name): each for each in list_topics(archive)}
    rows = [_row(topic, kept.pop(folded(topic.name), None), is_in_file=True) for topic in of_file]
    return [*rows, *(_row(each.topic, each, is_in_file=False) for each in kept.values())]


def _row(topic: Topic, kept: "KeptTopic | None", *, is_in_file: bool) -> dict[str, Any]:
    # What the file says now, and what the archive was last told of it, may be two things.
    is_same = kept is not None and kept.ended_at is None and kept.topic.definition == topic.definition
    is_followed = is_in_file or (kept is not None and kept.ended_at is None and kept.origin == "archive")
    applied = kept.applied if kept and is_same else 0.0
    state = "ended" if not is_followed else "applied" if applied == 1 else f"applied {int(100 * applied)} %"
    return {
        "name": topic.name,
        "title": topic.title,
        "articles": kept.articles if kept else 0,
        "newest_at": kept.newest_at if kept else None,
        "from": "file" if is_in_file else kept.origin if kept else None,
        "state": state,
        "applied": applied,
        "keywords": list(topic.keywords),
        "query": topic.query,
        **{name: getattr(topic, name) for name in ("families", "fetch", "every")},
        **{name: list(getattr(topic, name)) for name in ("sections", "hosts", "mute")},
        "changed_at": kept.changed_at if kept else None,
        "ended_at": kept.ended_at if kept else None,
    }


def _shown(row: Mapping[str, Any]) -> str:
    """Return the name by which commands know the topic, and its title where it has one."""
    return f"{row['name']} ({row['title']})" if row["title"] else str(row["name"])


def _asks(row: Mapping[str, Any]) -> str:
    """Return what a topic asks for, on one line."""
    parts = [", ".join(row["keywords"]), row["query"] or ""]
    return " or ".join(part for part in parts if part)


def _now() -> datetime:
    return datetime.now(UTC)
