"""Archives on both databases, and schedules in them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.settings import DEFAULT_FILE, Settings, load_settings
from crawler.archive.connect import Archive
from crawler.archive.schedules import Order, load_schedule, set_schedule
from crawler.crawl_options import CrawlOptions
from tests.archive.conftest import archive, path, place, pytest_generate_tests, run_python

__all__ = ["NOON", "SETTINGS", "Keep", "archive", "path", "place", "pytest_generate_tests", "run_python", "set_to"]

# Noon in Jakarta, a Sunday.
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
Keep = Callable[..., int]


def set_to(file: Path = DEFAULT_FILE, /, **settings: str) -> Settings:
    """Return the settings of a file, but for these: SCHEDULE_LISTINGS="15m"."""
    return load_settings(file, {f"TRIBUNWATCH_{name}": value for name, value in settings.items()}, {})


SETTINGS = set_to()


@pytest.fixture
def keep(archive: Archive) -> Keep:
    """Keep a schedule of a person's own, made at noon, and return its number."""

    def make(name: str, plan: str, *listings: str, now: datetime = NOON, **facts: Any) -> int:
        usual = {"zone": "Asia/Jakarta", "options": CrawlOptions(listings=listings).as_json()}
        order = Order(name=name, plan=plan, origin="archive", **{**usual, **facts})
        set_schedule(archive, order, now=now)
        return load_schedule(archive, name).schedule_id

    return make
