"""Asking drawn queries of drawn articles in every way there is, and comparing what is found, article by article."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest

from crawler.archive import widening
from crawler.archive.connect import Archive
from crawler.archive.counting import count_by
from crawler.archive.request import SearchRequest
from crawler.archive.saving import make_ready, save_articles
from crawler.archive.search import Count, count, search
from crawler.errors import QueryError
from crawler.topics import Match, Query, Subject, parse_query, subject_of
from crawler.topics.evaluate import holds
from tests.topics.drawing import Drawn, draw_article, draw_query
from tests.topics.plainly import plainly_holds

_MOST = 10_000
# Reading by brute force is slow: it judges so many of the articles for each query, the matcher judges all.
_PLAINLY_READ = 5
_IN_PAGES = 0.1


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A query for which one way finds other articles than it should."""

    way: str
    query: str
    missing: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()


class Stored:
    """The same articles in several archives, by number."""

    def __init__(self, archives: Mapping[str, Archive], random: Random, *, count: int) -> None:
        self.archives = archives
        # So many queries took more searches than one may, and all archives said so.
        self.refused = 0
        self.drawn = [draw_article(random) for _ in range(count)]
        self.subjects = [_subject(each) for each in self.drawn]
        for archive in archives.values():
            store(archive, self.drawn)

    def disagreements(self, random: Random) -> Iterator[Disagreement]:
        """Ask one drawn query of all, and yield what is not agreed."""
        text = draw_query(random)
        query = parse_query(text)
        matched = {number for number, subject in enumerate(self.subjects) if holds(query.tree, subject)}
        some = random.sample(range(len(self.drawn)), min(_PLAINLY_READ, len(self.drawn)))
        expected = {number for number in some if plainly_holds(query.tree, self.drawn[number])}
        yield from _compared("matcher", text, expected, matched & set(some))
        refused = []
        for name, archive in self.archives.items():
            try:
                found = _found(archive, SearchRequest(query=query))
            except QueryError as error:
                if "takes more than 20 searches" not in str(error):
                    raise
                refused.append(name)
                continue
            yield from _compared(f"search in {name}", text, matched, found)
            if random.random() < _IN_PAGES:
                paged = SearchRequest(query=query, limit=random.choice((1, 7)))
                yield from _compared(f"pages in {name}", text, matched, _paged(archive, paged))
                yield from _counted(name, archive, query, len(matched))
        if refused:
            self.refused += 1
            if len(refused) < len(self.archives):
                yield Disagreement(f"refused by {', '.join(refused)} alone", text)


def narrow_windows(patch: pytest.MonkeyPatch) -> None:
    """Let so few articles fill several windows of the search on PostgreSQL."""
    patch.setattr(widening, "_WALKED", (2, 3))
    patch.setattr(widening, "_WALKED_FURTHER", (1, 2, 3))
    patch.setattr(widening, "_LOOKED_UP", 2)


def store(archive: Archive, drawn: Sequence[Drawn]) -> None:
    """Store the articles under their numbers."""
    for number, each in enumerate(drawn):
        matches = [Match(name, ()) for name in sorted(each.topics)]
        save_articles(archive, [make_ready(each.article, key=str(number), matches=matches, now=each.ordered_at)])


def _subject(drawn: Drawn) -> Subject:
    return subject_of(drawn.article, ordered_at=drawn.ordered_at, topics=drawn.topics)


def _found(archive: Archive, request: SearchRequest) -> set[int]:
    page = search(archive, replace(request, limit=_MOST))
    found = {each.article_id - 1 for each in page.found}
    # On a busy machine a page may end for lack of time.
    return found if page.next_cursor is None else found | _found(archive, replace(request, cursor=page.next_cursor))


def _paged(archive: Archive, request: SearchRequest) -> set[int]:
    """Return what all pages find; the newest come first, and none comes twice."""
    stamps: list[float] = []
    numbers: list[int] = []
    while True:
        page = search(archive, request)
        stamps.extend(each.published_at.timestamp() for each in page.found if each.published_at)
        numbers.extend(each.article_id - 1 for each in page.found)
        if page.next_cursor is None:
            break
        request = replace(request, cursor=page.next_cursor)
    assert stamps == sorted(stamps, reverse=True)
    assert len(set(numbers)) == len(numbers)
    return set(numbers)


def _counted(name: str, archive: Archive, query: Query, expected: int) -> Iterator[Disagreement]:
    request = SearchRequest(query=query)
    if count(archive, request, most=_MOST) != Count(expected, is_all=True):
        yield Disagreement(f"count in {name}", query.text)
    for by in ("day", "section"):
        if sum(number for _, number in count_by(archive, request, by)) != expected:
            yield Disagreement(f"count by {by} in {name}", query.text)


def _compared(way: str, text: str, expected: set[int], found: set[int]) -> Iterator[Disagreement]:
    if expected != found:
        yield Disagreement(way, text, tuple(sorted(expected - found)[:5]), tuple(sorted(found - expected)[:5]))
