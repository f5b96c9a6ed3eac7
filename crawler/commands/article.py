"""`tribunwatch article`: single articles."""

import click

from crawler.article import article_as_json
from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, print_fields, print_json
from crawler.commands.read import show_article


@click.command(cls=Command)
@click.argument("reference")
@click.pass_obj
def show(door: Door, *, reference: str) -> None:
    """Show one article whole: REFERENCE is its number (as `query` prints it) or its address."""
    from crawler.archive.reading import load_article

    with door.open_archive() as archive:
        stored = load_article(archive, reference)
    if door.as_json:
        print_json(
            {
                "id": stored.article_id,
                "revision": stored.revision,
                "revisions": stored.revisions,
                "stored_at": stored.stored_at,
                "topics": {match.topic: [hit.words for hit in match.hits] for match in stored.matches},
                "also_at": stored.also_at,
                "is_dated_by_listing": stored.article.is_dated_by_listing,
                "article": article_as_json(stored.article),
            }
        )
        return
    print_fields(
        [
            ("article", stored.article_id),
            ("revision", f"{stored.revision} of {stored.revisions}, stored {in_wib(stored.stored_at)} WIB"),
            *(
                ("topic", f"{match.topic}: " + ", ".join(sorted({f"{hit.words} ({hit.field})" for hit in match.hits})))
                for match in stored.matches
            ),
            *(("also at", url) for url in stored.also_at),
            ("dated by", "a listing; the page told no time" if stored.article.is_dated_by_listing else None),
        ]
    )
    show_article(stored.article)
