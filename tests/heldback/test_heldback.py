"""The held-back set: pages and documents that the parser was not written for come out right, whole, without noise."""

import pytest
from _pytest.mark import ParameterSet

from tests.heldback.cases import Case, all_cases
from tests.heldback.score import faults

CASES = all_cases()
GROUPS = {
    "generations": ("html A", "html B", "html C", "html D", "html E", "html odd"),
    "doors": ("html m", "html amp", "html white", "html utf", "html windows"),
    "pages": ("html page", "html joined"),
    "datelines": ("html dateline", "text dateline"),
    "empty": ("html empty",),
    "orders": ("text www", "text amp", "text mobile", "text tight", "text crlf", "text copied", "text page"),
}


def of(group: str) -> list[ParameterSet]:
    """Return the cases of one group, each under its own name."""
    return [pytest.param(case, id=case.name) for case in CASES if case.name.startswith(GROUPS[group])]


def test_every_case_belongs_to_one_group() -> None:
    assert len(CASES) > 700
    for case in CASES:
        assert sum(case.name.startswith(starts) for starts in GROUPS.values()) == 1, case.name


@pytest.mark.fact("2.1.title")
@pytest.mark.fact("2.1.date")
@pytest.mark.fact("2.1.author")
@pytest.mark.fact("2.1.body")
@pytest.mark.fact("2.1.caption")
@pytest.mark.fact("2.1.tags")
@pytest.mark.fact("2.2.1")
@pytest.mark.fact("2.2.3")
@pytest.mark.fact("2.2.4")
@pytest.mark.fact("2.3")
@pytest.mark.fact("7.13")
@pytest.mark.fact("7.20")
@pytest.mark.parametrize("case", of("generations"))
def test_a_page_of_any_generation_is_read_as_an_editor_would(case: Case) -> None:
    assert faults(case) == {}


@pytest.mark.fact("7.4")
@pytest.mark.fact("7.25")
@pytest.mark.parametrize("case", of("doors"))
def test_a_page_of_any_door_is_read_as_an_editor_would(case: Case) -> None:
    assert faults(case) == {}


@pytest.mark.fact("2.1.pager")
@pytest.mark.fact("7.3")
@pytest.mark.parametrize("case", of("pages"))
def test_pages_of_one_article_are_read_alone_and_together(case: Case) -> None:
    assert faults(case) == {}


@pytest.mark.fact("3.2")
@pytest.mark.parametrize("case", of("datelines"))
def test_a_dateline_of_any_form_is_no_text(case: Case) -> None:
    assert faults(case) == {}


@pytest.mark.fact("7.19")
@pytest.mark.parametrize("case", of("empty"))
def test_an_empty_byline_names_nobody(case: Case) -> None:
    assert faults(case) == {}


@pytest.mark.fact("3.1")
@pytest.mark.fact("3.3.1")
@pytest.mark.fact("3.3.3")
@pytest.mark.fact("3.3.6")
@pytest.mark.fact("3.4")
@pytest.mark.fact("7.5")
@pytest.mark.fact("7.9")
@pytest.mark.parametrize("case", of("orders"))
def test_plain_text_in_any_order_of_lines_is_read_as_an_editor_would(case: Case) -> None:
    assert faults(case) == {}
