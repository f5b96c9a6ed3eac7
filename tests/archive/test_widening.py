"""What the index of PostgreSQL decides alone, and what has to be looked at, as far back as there is time for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive import search as searching
from crawler.archive import widening
from crawler.archive.alternatives import alternatives_of
from crawler.archive.connect import Archive
from crawler.archive.search import SearchPage, SearchRequest, search
from crawler.archive.tsvector import Tsquery, needs_looking_at
from crawler.archive.wording import worded
from crawler.topics import parse_query
from tests.archive.conftest import MakeArticle, Save

DATABASES = ["postgresql"]


@pytest.mark.parametrize(
    ("query", "is_undecided"),
    [
        ("banjir", False),
        ("banjir -rob section:bisnis", False),
        ("bank*", False),
        ("author:budi", False),
        ("DPR", False),
        ('"banjir rob"', True),
        ("banjir NEAR rob", True),
        ("title:banjir", False),
        ("title:bank*", False),
        ("banjir -tag:rob", False),
        ('title:"banjir rob"', True),
        ("lead:banjir", True),
        ("banjir -text:rob", True),
    ],
)
def test_positions_and_fields_are_looked_at(query: str, is_undecided: bool) -> None:
    (alternative,) = alternatives_of(parse_query(query).tree, lambda _: ())
    assert alternative.text is not None

    expression = worded(alternative.text, Tsquery()).expression

    assert needs_looking_at(expression or "") == is_undecided


def pages(archive: Archive, words: str) -> Iterator[SearchPage]:
    """Yield the pages of a search to its end."""
    cursor = None
    while True:
        page = search(archive, SearchRequest(query=parse_query(words), limit=2, cursor=cursor))
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


@pytest.fixture
def without_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a search look at ten articles, and then have no time for more."""
    monkeypatch.setattr(widening, "_WALKED_FURTHER", (5,))
    monkeypatch.setattr(widening, "_LOOKED_UP", 10)
    monkeypatch.setattr(searching, "_SEARCHED_S", 0.0)


@pytest.mark.usefixtures("without_time")
@pytest.mark.parametrize("has_cut", [False, True])
def test_without_time_for_more_a_page_ends_and_says_how_far_back_it_looked(
    archive: Archive, save: Save, make_article: MakeArticle, has_cut: bool
) -> None:
    for number in range(1, 41):
        rain = "hujan " * 300 if has_cut and number % 8 == 1 else ""
        save(make_article(number, rain + ("Banjir rob." if number <= 3 else "Rob, banjir."), title=f"{number}"))

    asked = list(pages(archive, '"banjir rob"'))

    assert [each.title for page in asked for each in page.found] == ["3", "2", "1"]
    ended_early = [page.searched_back_to for page in asked if page.searched_back_to is not None]
    assert len(ended_early) >= 2
    assert ended_early == sorted(ended_early, reverse=True)
    assert all(page.next_cursor is not None for page in asked if page.searched_back_to is not None)


@pytest.mark.parametrize("slow", ["walk", "look up"])
def test_a_question_that_the_server_ended_loses_nothing(
    archive: Archive, save: Save, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr(widening, "_LOOKED_UP", 150)
    # A millisecond for the one that is slow: in so long a fast server looks at thirty of these articles.
    if slow == "walk":
        monkeypatch.setattr(widening, "_WALKED_FURTHER", (150,))
        monkeypatch.setattr(widening, "_LONGEST_WALK_S", 0.0)
    else:
        monkeypatch.setattr(widening, "_WALKED_FURTHER", (5,))
        monkeypatch.setattr(searching, "_SEARCHED_S", 0.0)
    for number in range(1, 161):
        text = "hujan banjir" if number <= 3 else f"{'hujan ' * 240}{'kota ' * 70}{'banjir ' * 240}"
        save(make_article(number, text, title=f"{number}"))

    asked = list(pages(archive, "hujan NEAR/60 banjir"))

    assert [each.title for page in asked for each in page.found] == ["3", "2", "1"]
    # Not all of these articles on a page, where those are looked up: that takes the server longer.
    ended_early = sum(page.searched_back_to is not None for page in asked)
    assert ended_early >= 2 if slow == "look up" else ended_early == 0


@pytest.mark.usefixtures("without_time")
def test_where_one_of_several_searches_ends_early_nothing_of_it_is_left_out(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    texts = {30: "Banjir rob.", 3: "Banjir rob.", 2: "Angin kencang."}
    for number in range(1, 61):
        on = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        text = texts.get(number, "Rob, banjir. Kencang, angin.")
        save(make_article(number, text, title=f"{number}", published_at=on))

    asked = list(pages(archive, '"banjir rob" OR ("angin kencang" before:2026-01-25)'))

    assert [each.title for page in asked for each in page.found] == ["30", "3", "2"]
    assert any(page.searched_back_to is not None for page in asked)
