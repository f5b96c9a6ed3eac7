"""A query is taken apart into questions that a database can answer, and no more of them than it should."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.alternatives import MOST_ALTERNATIVES, Alternative, HasTopic, Mark, alternatives_of
from crawler.archive.cursor import cursor_after, place_of
from crawler.archive.index import first_rowid
from crawler.archive.request import SearchRequest
from crawler.errors import QueryError
from crawler.topics import parse_query

YEAR_S = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) - 7 * 3600


def taken_apart(text: str) -> tuple[Alternative, ...]:
    return alternatives_of(parse_query(text).tree, lambda name: (len(name),))


def test_words_and_facts_are_one_question_however_they_are_joined() -> None:
    (found,) = taken_apart("(banjir OR -rob section:bisnis) -(kind:photo OR region:bali gempa) a NEAR b")

    assert (found.topics, found.but, found.first, found.end) == (frozenset(), frozenset(), None, None)


def test_dates_and_topics_that_must_hold_are_conditions_of_the_one_question() -> None:
    (found,) = taken_apart("after:2024 banjir topic:abc -topic:abcd before:2025")

    assert (set(found.topics), set(found.but)) == ({3}, {4})
    assert found.first == first_rowid(YEAR_S)


def test_topics_and_dates_beside_words_under_or_are_multiplied_out() -> None:
    found = taken_apart("(topic:a OR banjir OR rob) (before:2024 OR topic:ab)")

    assert len(found) == 4
    assert sum(each.text is not None for each in found) == 2


@pytest.mark.parametrize("text", ["after:2024 before:2023", "topic:a -topic:a", "banjir after:2024 -after:2024"])
def test_what_no_article_can_hold_is_not_asked_for(text: str) -> None:
    assert taken_apart(text) == ()


def test_too_many_questions_are_told_and_not_asked() -> None:
    few = " ".join("(topic:a OR before:2020)" for _ in range(4))
    many = " ".join(f"(topic:{'a' * number} OR before:20{number + 10})" for number in range(1, 30))

    assert len(taken_apart(few)) <= MOST_ALTERNATIVES
    with pytest.raises(QueryError, match=f"takes more than {MOST_ALTERNATIVES} searches; ask for fewer"):
        taken_apart(many)


def test_marks_that_are_wished_for_beside_the_query_hold_in_all_of_it() -> None:
    tree = parse_query("banjir OR topic:abc").tree

    found = alternatives_of(tree, lambda _: (7,), also=[Mark("hostx")])

    assert len(found) == 2
    assert all("hostx" in repr(each.text) for each in found)
    assert HasTopic(7).topic_id in found[1].topics | found[0].topics


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_is_refused_in_one_line(text: str) -> None:
    request = SearchRequest(cursor=text)
    try:
        place = place_of(request)
    except QueryError:
        return

    assert place is not None
    assert place_of(replace(request, cursor=cursor_after(request, place))) == place


@given(st.integers(-(2**62), 2**62))
def test_a_cursor_gives_the_place_back(place: int) -> None:
    cursor = cursor_after(SearchRequest(limit=3), place)

    assert place_of(SearchRequest(limit=5, cursor=cursor)) == place
    with pytest.raises(QueryError, match="belongs to another search"):
        place_of(SearchRequest(section="bisnis", cursor=cursor))
