"""Articles that come within a moment of each other are stored together, and one that cannot be takes none with it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.connect import Archive
from crawler.archive.reading import check, newest_articles
from crawler.archive.saving import Ready, Saved
from crawler.article import Article, Paragraph
from crawler.errors import ArchiveMissingError
from crawler.keeper import LONGEST_WAIT_S, MOST_TOGETHER, Keeper
from crawler.topics import Topic, TopicSet

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)
TOPICS = TopicSet([Topic("Banjir", ("banjir",))])


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "tribunwatch.db", create=True) as opened:
        yield opened


class Told:
    """Remembers what became of each article."""

    def __init__(self) -> None:
        self.saved: dict[str, Saved] = {}
        self.errors: dict[str, Exception] = {}
        self.topics: dict[str, list[str]] = {}

    def __call__(self, ready: Ready, saved: Saved | Exception) -> None:
        if isinstance(saved, Exception):
            self.errors[ready.key] = saved
        else:
            self.saved[ready.key] = saved
            self.topics[ready.key] = [match.topic for match in ready.matches]


def article(number: int) -> Article:
    return Article(
        title=f"Banjir {number}",
        url=f"https://www.tribunnews.com/nasional/{number}/banjir",
        host="www.tribunnews.com",
        content_id=str(number),
        paragraphs=(Paragraph("text", f"Air naik di desa nomor {number}."),),
    )


def unstorable(number: int) -> Article:
    """Give an article that the tables refuse, as a fault of the program would."""
    return replace(article(number), kind="puisi")  # type: ignore[arg-type]


def keep(keeper: Keeper, told: Told, *articles: Article) -> None:
    for each in articles:
        keeper.keep(each, told, key=f"www/{each.content_id}", now=NOW)


def titles(archive: Archive) -> set[str]:
    return {each.article.title for each in newest_articles(archive)}


def in_a_loop(do: Callable[[], Any], *, then_wait_s: float = 0.0) -> None:
    async def run() -> None:
        do()
        await asyncio.sleep(then_wait_s)

    asyncio.run(run())


def test_what_comes_together_is_stored_together_after_a_moment(archive: Archive) -> None:
    keeper, told, stored_at_once = Keeper(archive, TOPICS), Told(), []

    def bring() -> None:
        keep(keeper, told, article(1), article(2))
        stored_at_once.append(titles(archive))

    in_a_loop(bring, then_wait_s=4 * LONGEST_WAIT_S)

    assert stored_at_once == [set()]
    assert titles(archive) == {"Banjir 1", "Banjir 2"}
    assert {key: saved.change for key, saved in told.saved.items()} == {"www/1": "new", "www/2": "new"}
    assert told.topics == {"www/1": ["Banjir"], "www/2": ["Banjir"]}


def test_many_are_stored_without_waiting(archive: Archive) -> None:
    told = Told()

    in_a_loop(lambda: keep(Keeper(archive, TOPICS), told, *map(article, range(MOST_TOGETHER))))

    assert len(told.saved) == len(titles(archive)) == MOST_TOGETHER


def test_the_end_stores_what_still_waits(archive: Archive) -> None:
    keeper, told = Keeper(archive, TOPICS), Told()
    in_a_loop(lambda: keep(keeper, told, article(1)))

    keeper.settle()
    keeper.settle()

    assert list(told.saved) == ["www/1"]
    assert titles(archive) == {"Banjir 1"}


def test_two_addresses_of_one_content_stored_together_are_one_article(archive: Archive) -> None:
    keeper, told = Keeper(archive, TOPICS), Told()

    def bring() -> None:
        keeper.keep(article(1), told, key="first", now=NOW)
        keeper.keep(article(1), told, key="second", now=NOW)
        keeper.settle()

    in_a_loop(bring)

    assert {key: saved.change for key, saved in told.saved.items()} == {"first": "new", "second": "unchanged"}
    assert told.saved["first"].article_id == told.saved["second"].article_id


def test_one_that_cannot_be_stored_takes_none_of_the_others_with_it(archive: Archive) -> None:
    keeper, told = Keeper(archive, TOPICS), Told()

    def bring() -> None:
        keep(keeper, told, article(1), unstorable(2), article(3))
        keeper.settle()

    in_a_loop(bring)

    assert titles(archive) == {"Banjir 1", "Banjir 3"}
    assert list(told.errors) == ["www/2"]
    assert list(told.saved) == ["www/1", "www/3"]
    assert check(archive) == []


def test_an_archive_that_goes_away_meanwhile_is_told_to_the_next_who_brings_an_article(archive: Archive) -> None:
    keeper, told = Keeper(archive, TOPICS), Told()
    Path(archive.location).rename(f"{archive.location}.away")

    in_a_loop(lambda: keep(keeper, told, article(1)), then_wait_s=4 * LONGEST_WAIT_S)

    with pytest.raises(ArchiveMissingError):
        in_a_loop(lambda: keep(keeper, told, article(2)))
    with pytest.raises(ArchiveMissingError):
        keeper.settle()
    assert not told.saved
    assert not told.errors
