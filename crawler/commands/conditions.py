"""The options that say which articles are meant: the same where they are looked at and where they go into a file."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

import click

from crawler.article import Kind
from crawler.commands.moments import SINCE, UNTIL, insist_on_a_span
from crawler.commands.numbers import NUMBER

if TYPE_CHECKING:
    from crawler.archive.request import SearchRequest

_Function = TypeVar("_Function", bound=Callable[..., Any])

# Each has the name of its field in SearchRequest.
_OPTIONS: Final = (
    click.option("--topic", metavar="NAME", help="Only articles of this topic."),
    click.option("--since", type=SINCE, metavar="WHEN", help="Published at or after: 2026-07-24, 7d, 12h."),
    click.option(
        "--until", type=UNTIL, metavar="WHEN", help="Published up to: 2026-07-24 means to the end of that day."
    ),
    click.option("--section", metavar="NAME", help="Only this section of the site."),
    click.option("--region", metavar="NAME", help="Only this region: nasional, jabar, bali …"),
    click.option("--host", metavar="HOST", help="Only this host: jabar.tribunnews.com."),
    click.option("--kind", type=click.Choice(get_args(Kind), case_sensitive=False), help="Only this kind."),
    click.option("--author", metavar="NAME", help="Only articles of this author or reporter."),
    click.option("--story", "story_id", type=NUMBER, metavar="N", help="Only articles of this story."),
)


def conditions(function: _Function) -> _Function:
    """Give a command the options; it takes their values as `**conditions`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def request_of(words: Sequence[str], conditions: dict[str, Any], **wishes: Any) -> "SearchRequest":
    """Return what is asked for: the words of a query, the values of the options, and how it is to be shown.

    Raises:
        UsageError: --until lies before --since.
        QueryError: The words are no query.
    """
    from crawler.archive.request import SearchRequest
    from crawler.topics import parse_query

    insist_on_a_span(conditions["since"], conditions["until"])
    return SearchRequest(query=parse_query(" ".join(words)) if words else None, **conditions, **wishes)
