"""docs/schedules.md tells the truth: each plan in it is due when the page says."""

import re
from datetime import timedelta

import pytest

from crawler.archive.schedules import Order
from scheduler.learning import LISTINGS_SHARE, Known
from scheduler.standing import parse_order
from scheduler.when import next_after
from tests.home import ROOT
from tests.scheduler.conftest import NOON, SETTINGS

PAGE = (ROOT / "docs" / "schedules.md").read_text()
PLANS = re.findall(r"^\| `([^`]+)` \| .* \| ([-\d]+ [\d:]+|–) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("plan", "due"), PLANS, ids=[plan for plan, _ in PLANS])
def test_each_plan_of_the_page_is_due_when_it_says(plan: str, due: str) -> None:
    rule = parse_order(Order(name="x", plan=plan, zone="Asia/Jakarta", origin="archive"), where="docs")

    found = next_after(rule, NOON)

    assert (f"{found + timedelta(hours=7):%Y-%m-%d %H:%M}" if found else "–") == due


def test_the_page_has_every_form_and_the_numbers_of_auto() -> None:
    budget = Known.of(SETTINGS).budget

    assert len(PLANS) >= 10
    assert LISTINGS_SHARE == 0.5
    assert "at most half goes to its listings" in PAGE
    assert f"than every {budget.least_interval_h * 60:.0f} minutes" in PAGE
    assert f"every {budget.most_interval_h:.0f}\nhours" in PAGE
