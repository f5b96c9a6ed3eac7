"""default.toml says all that the types say, and nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

from config.check import range_of
from config.model import KEYS, SECTIONS, ListingSettings
from config.settings import DEFAULT_FILE, TOPICS_FILE, load_settings

TEXT = DEFAULT_FILE.read_text(encoding="utf-8")


def comment_above(key: str) -> str:
    """Return the comment that stands right above a setting, in one line."""
    section, _, name = key.partition(".")
    lines = TEXT.split(f"[{section}]\n", 1)[1].splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name} = "))
    comment: list[str] = []
    while lines[at - 1].startswith("#"):
        at -= 1
        comment.insert(0, lines[at].removeprefix("#").strip())
    return " ".join(comment)


def test_every_setting_of_the_types_has_its_default_in_the_same_order() -> None:
    tables = tomllib.loads(TEXT)

    written = [f"{section}.{key}" for section in SECTIONS for key in tables[section]]

    assert written == list(KEYS)
    assert set(tables) == set(SECTIONS)


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_is_explained(key: str) -> None:
    assert len(comment_above(key).split()) > 4


@pytest.mark.parametrize("key", [key for key in KEYS if range_of(KEYS[key])])
def test_the_range_that_is_printed_is_the_range_that_holds(key: str) -> None:
    least, greatest = range_of(KEYS[key]) or (0, 0)

    printed = re.search(r"(\d+) to (\d+)\b", comment_above(key))

    assert printed is not None
    assert (int(printed[1]), int(printed[2])) == (least, greatest)


@pytest.mark.parametrize("key", [key for key in KEYS if key.endswith("_s")])
def test_a_setting_in_seconds_says_so(key: str) -> None:
    assert "in seconds" in comment_above(key)


def test_every_number_has_a_range() -> None:
    unbound = [key for key, field in KEYS.items() if field.annotation in {int, float} and not range_of(field)]

    assert unbound == []


def test_the_keys_of_a_listing_are_explained() -> None:
    explained = re.findall(r"(?m)^#   (\w+) ", TEXT)

    assert explained == list(ListingSettings.model_fields)


def test_by_default_www_is_followed_with_all_sections_and_everything_new_is_fetched() -> None:
    settings = load_settings(DEFAULT_FILE, {}, {})

    assert (settings.site.hosts, settings.site.sections, settings.crawl.fetch) == (("www",), (), "all")
    assert settings.listings == ()


def test_the_user_agent_looks_like_a_browser_and_names_us() -> None:
    mine = {"TRIBUNWATCH_SPIDER_CONTACT": "siti@example.org"}

    user_agent = load_settings(DEFAULT_FILE, mine, {}).user_agent

    assert re.fullmatch(r"Mozilla/5\.0 .* Tribunwatch/\d+\.\d+\.\d+ \(\+siti@example\.org\)", user_agent)


def test_without_a_contact_the_user_agent_leaves_its_place_out() -> None:
    user_agent = load_settings(DEFAULT_FILE, {}, {}).user_agent

    assert re.fullmatch(r"Mozilla/5\.0 .* Tribunwatch/\d+\.\d+\.\d+", user_agent)


def test_the_examples_are_the_topics_where_no_file_is_named() -> None:
    assert load_settings(DEFAULT_FILE, {}, {}).topics_path == str(TOPICS_FILE)
    assert Path(TOPICS_FILE).is_file()
