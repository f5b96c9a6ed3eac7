"""What a search asks for, and what it gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.errors import QueryError
from crawler.topics import Query, split
from crawler.topics.tree import All, Dated, Facet, Node, Phrase, Token

Sort = Literal["newest", "relevance"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked for; every condition must hold, None asks for nothing.

    `since` and `until` look at when the article was published, where the site does not say, when it was listed, else
    when it was first stored; `until` itself is no longer part of it. `author` are words of a name, in a row. `cursor`
    is the `next_cursor` of the page before.
    """

    query: Query | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    section: str | None = None
    region: str | None = None
    kind: str | None = None
    author: str | None = None
    host: str | None = None
    story_id: int | None = None
    sort: Sort = "newest"
    limit: int = 20
    cursor: str | None = None

    @property
    def tree(self) -> Node:
        """All that the language can say of it.

        Raises:
            QueryError: The author's name has no word.
        """
        parts = tuple(self._parts())
        return parts[0] if len(parts) == 1 else All(parts)

    def _parts(self) -> Iterator[Node]:
        if self.query is not None:
            yield self.query.tree
        if self.topic is not None:
            yield Facet("topic", self.topic)
        if self.section is not None:
            yield Facet("section", self.section)
        if self.region is not None:
            yield Facet("region", self.region)
        if self.kind is not None:
            yield Facet("kind", self.kind)
        if self.author is not None:
            tokens = tuple(Token(word.folded) for word in split(self.author))
            if not tokens:
                raise QueryError("the author's name has no letter or digit; write a word of it")
            yield Phrase(tokens, fields=("author",), printed=self.author)
        if self.since is not None or self.until is not None:
            yield Dated(self.since, self.until)


@dataclass(frozen=True, slots=True)
class Found:
    """One article that was found.

    `snippet` shows the words as they are printed in the text, and begins as the text does where the words are
    elsewhere. `snippet_marks` and `title_marks` are where in the two they stand: pairs of first and end.
    """

    article_id: int
    title: str
    url: str | None
    published_at: datetime | None
    published_from: str | None
    region: str | None
    section: str | None
    topics: tuple[str, ...]
    snippet: str
    story_id: int
    title_marks: tuple[tuple[int, int], ...] = ()
    snippet_marks: tuple[tuple[int, int], ...] = ()

    @property
    def is_dated_by_listing(self) -> bool:
        """Whether the page told no time of publication, so that the listing's time stands in its place."""
        return (self.published_from or "").startswith(("sitemap", "index"))


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The articles of one page, and the cursor of the next; None where there is none.

    `searched_back_to` is set where looking at single articles took too long to fill the page: so far back it looked,
    the cursor goes on from there. `ranked` is how many of the newest that were found were ranked by relevance.
    """

    found: tuple[Found, ...] = field(default=())
    next_cursor: str | None = None
    searched_back_to: datetime | None = None
    ranked: int | None = None
