"""`tribunwatch topic`: what is followed."""

from typing import Any

import click

from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, print_json, print_table
from crawler.commands.topics_file import load_topics
from crawler.errors import ArchiveMissingError, NotFoundError
from crawler.nearest import nearest
from crawler.topics import Topic, TopicSet


@click.command("list", cls=Command)
@click.pass_obj
def list_(door: Door) -> None:
    """List the topics of the topics file, and how many stored articles each has."""
    from crawler.archive.reading import count_topics

    topics = load_topics(door.settings)
    try:
        with door.open_archive() as archive:
            counts = count_topics(archive)
    except ArchiveMissingError:
        counts = {}
    rows = [
        {"name": topic.name, "keywords": list(topic.keywords), "articles": counts.get(topic.name, 0)}
        for topic in topics.topics
    ]
    if door.as_json:
        print_json(rows)
        return
    print_table(
        ("topic", "articles", "keywords"),
        ((topic.name, counts.get(topic.name, 0), ", ".join(topic.keywords)) for topic in topics.topics),
        color=not door.no_color,
    )


@click.command(cls=Command)
@click.argument("name", required=False)
@click.option("--keyword", "keywords", multiple=True, metavar="WORDS", help="Try these keywords; may be repeated.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
@click.pass_obj
def test(door: Door, *, name: str | None, keywords: tuple[str, ...], limit: int) -> None:
    """Try topic NAME, or keywords that are in no file yet, on the articles already stored, newest first.

    Each article is shown with the words and the places that matched. Nothing is changed.
    """
    from crawler.archive.reading import newest_articles

    topic = _topic_to_try(door, name, keywords)
    tried = TopicSet([topic])
    rows: list[dict[str, Any]] = []
    with door.open_archive() as archive:
        for stored in newest_articles(archive):
            for match in tried.match(stored.article):
                places = sorted({f"{hit.words} ({hit.field})" for hit in match.hits})
                rows.append(
                    {
                        "id": stored.article_id,
                        "published_at": stored.article.published_at,
                        "title": stored.article.title,
                        "matched": places,
                    }
                )
            if len(rows) == limit:
                break
    if door.as_json:
        print_json(rows)
    elif rows:
        print_table(
            ("published (WIB)", "title", "matched", "id"),
            ((in_wib(row["published_at"]), row["title"], ", ".join(row["matched"]), row["id"]) for row in rows),
            color=not door.no_color,
        )
    if not rows:
        door.say(f"no stored article has {' or '.join(topic.keywords)}")


def _topic_to_try(door: Door, name: str | None, keywords: tuple[str, ...]) -> Topic:
    if keywords and not name:
        return Topic(name="(tried)", keywords=keywords)
    if not name or keywords:
        raise click.UsageError("give either the NAME of a topic or --keyword")
    topics = {topic.name: topic for topic in load_topics(door.settings).topics}
    if name not in topics:
        raise NotFoundError(f"no topic {name!r} in {door.settings.topics_path}{nearest(name, topics)}")
    return topics[name]
