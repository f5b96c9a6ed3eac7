"""`tribunwatch topic test` and `topic explain`: what a query finds and why, before anything is saved."""

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, plain, print_json, print_table
from crawler.commands.topic import counted, folded, topic_options
from crawler.commands.topics_file import load_topics, topic_of_options
from crawler.errors import ArchiveMissingError
from crawler.nearest import nearest_name
from crawler.topics import Topic, tree_of
from crawler.topics.explain import read_plainly, reason_lines, reasons

if TYPE_CHECKING:
    from crawler.archive.trying import Tried
    from crawler.topics import Hit

_AROUND = 30
# What may be a name, and no query with marks in it.
_NAME_LIKE = re.compile(r"(?!.*\b(?:AND|OR|NOT|NEAR)\b)[\w -]+")
_PLACES_SHOWN = 3


@click.command(cls=Command)
@click.argument("words", nargs=-1, metavar="[NAME-or-QUERY]")
@topic_options
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
@click.pass_obj
def test(door: Door, /, *, words: tuple[str, ...], limit: int, **options: Any) -> None:
    """Try a topic by its NAME, or a QUERY that is saved nowhere yet, on the articles already stored, newest first.

    Each article is shown with the words that matched, in their context. Nothing is changed.
    """
    from crawler.archive.trying import try_topic

    topic = _topic_to_try(door, " ".join(words), options, command="topic test")
    with door.open_archive() as archive:
        trial = try_topic(archive, topic, limit=limit)
    if door.as_json:
        rows = [_row(each) for each in trial.newest]
        print_json({"articles": rows, "number": trial.number, "is_all": trial.is_all})
        return
    if trial.newest:
        print_table(
            ("published (WIB)", "title", "matched", "id"),
            ((in_wib(each.ordered_at), each.title, _places(each), each.article_id) for each in trial.newest),
            color=not door.no_color,
        )
    number = counted(trial.number, "stored article")
    shown = f"; the newest {len(trial.newest)} are shown" if len(trial.newest) < trial.number else ""
    door.say(f"{'' if trial.is_all else 'more than '}{number}{shown}")


@click.command(cls=Command)
@click.argument("name", metavar="NAME-or-QUERY")
@click.argument("url", required=False)
@topic_options
@click.pass_obj
def explain(door: Door, /, *, name: str, url: str | None, **options: Any) -> None:
    """Say in plain words how a topic or a query is read, with all forms of its families.

    With the URL (or number) of a stored article: whether it is found, and which part says so or stands against it.
    """
    topic = _topic_to_try(door, name, options, command="topic explain")
    tree = tree_of(topic)
    lines = [*read_plainly(tree), *(["only on " + " or ".join(topic.hosts)] if topic.hosts else [])]
    if url is None:
        if door.as_json:
            print_json({"topic": topic.name, "reading": lines})
        else:
            click.echo("\n".join(map(plain, lines)))
        return
    from crawler.archive.trying import stored_row

    with door.open_archive() as archive:
        row = stored_row(archive, url)
    given = reasons(tree, row.subject)
    is_there = not topic.hosts or row.subject.host in topic.hosts
    is_found = given[0].holds and is_there
    if door.as_json:
        told = {"id": row.facts.id, "title": row.facts.title, "is_found": is_found, "is_on_its_hosts": is_there}
        print_json({"topic": topic.name, **told, "reasons": [asdict(each) for each in given]})
        return
    click.echo(plain(f"article {row.facts.id}: {row.facts.title}"))
    click.echo("found" if is_found else "not found")
    for line in reason_lines(given):
        click.echo(plain(line))
    if not is_there:
        click.echo(plain(f"no  it is on {row.subject.host or 'no known site'}, not on {' or '.join(topic.hosts)}"))


def _topic_to_try(door: Door, words: str, options: dict[str, Any], *, command: str) -> Topic:
    """Return the topic of this name; where there is none, the words are a query, or options say what is asked for."""
    given = {key: value for key, value in options.items() if value}
    known = _known(door) if words else {}
    if words and folded(words) in known and not given:
        return known[folded(words)]
    if words and not {"keywords", "query"} & given.keys():
        names = [topic.name for topic in known.values()]
        if _NAME_LIKE.fullmatch(words) and (name := nearest_name(words, names)):
            door.say(f"no topic has this name, so it is read as a query; there is a topic {name!r}")
        given["query"] = words
    elif words or not given:
        raise click.UsageError("give the NAME of a topic, a QUERY, or --keyword")
    return topic_of_options({"name": "(tried)", **given}, command=command, is_named=False)


def _known(door: Door) -> dict[str, Topic]:
    """Return the topics of the file and of the archive by their names."""
    from crawler.archive.following import followed_topics

    topics = load_topics(door.settings)
    try:
        with door.open_archive() as archive:
            topics = followed_topics(archive, topics.topics)
    except ArchiveMissingError:
        pass
    return {folded(topic.name): topic for topic in topics.topics}


def _row(tried: "Tried") -> dict[str, Any]:
    return {
        "id": tried.article_id,
        "published_at": tried.ordered_at,
        "title": tried.title,
        "url": tried.url,
        "matched": list(dict.fromkeys(f"{hit.words} ({hit.field})" for hit in tried.hits)),
        "places": [{**hit._asdict(), "context": _context(tried, hit)} for hit in tried.hits],
    }


def _places(tried: "Tried") -> str:
    """Return the first places where words matched, in their context, and how many more there are."""
    shown = [f"{hit.field}: {_context(tried, hit)}" for hit in tried.hits[:_PLACES_SHOWN]]
    more = len(tried.hits) - len(shown)
    return "; ".join([*shown, f"and {counted(more, 'more place')}"] if more else shown)


def _context(tried: "Tried", hit: "Hit") -> str:
    """Return the words that matched, in square brackets, with some of what stands around them."""
    text = tried.subject.printed[hit.field]
    before, after = text[: hit.start], text[hit.end :]
    if len(before) > _AROUND:
        before = f"…{before[-_AROUND:].partition(' ')[2]}"
    if len(after) > _AROUND:
        after = f"{after[:_AROUND].rpartition(' ')[0]}…"
    return " ".join(f"{before}[{hit.words}]{after}".split())
