"""The desk of the newsroom: which folders of seeds it takes, and the articles that it generates."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from seeds.newsroom import NOW, Newsroom, NewsroomError

Ask = Callable[..., Any]

FLOOD, SONG = "001_banjir", "002_lagu"


def test_a_seed_without_its_table_is_refused_by_name(tiny: Path) -> None:
    shutil.copy(tiny / f"{FLOOD}.json", tiny / "003_baru.json")

    with pytest.raises(NewsroomError, match=r"003_baru has a JSON file but no table in desk\.toml"):
        Newsroom(seeds=tiny)


def test_a_table_without_its_seed_is_refused_by_name(tiny: Path) -> None:
    (tiny / f"{SONG}.json").unlink()

    with pytest.raises(NewsroomError, match=r"002_lagu has a table in desk\.toml but no JSON file"):
        Newsroom(seeds=tiny)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('content_id = "55"', "", "content_id is missing or unknown"),
        ('content_id = "55"', 'content_id = "55"\nfoto = []', "foto is missing or unknown"),
        ("2024-03-02T23:30:00+07:00", "2024-03-02T23:30:00", "a time has no offset"),
        ("kaltim.tribunnews.com", "kaltim.example.com", "is not a site of the newsroom"),
        ("[", "[[", "is not TOML"),
    ],
)
def test_a_desk_that_cannot_be_used_is_told_in_one_line(tiny: Path, old: str, new: str, said: str) -> None:
    desk = tiny / "desk.toml"
    desk.write_text(desk.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(NewsroomError, match=said) as caught:
        Newsroom(seeds=tiny)

    assert "\n" not in str(caught.value)


def test_a_folder_without_a_desk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NewsroomError, match=r"cannot read .*desk\.toml"):
        Newsroom(seeds=tmp_path)


def test_generated_articles_are_the_same_every_time(tiny: Path) -> None:
    one, two = Newsroom(seeds=tiny, articles=40), Newsroom(seeds=tiny, articles=40)

    assert one.addresses == two.addresses
    assert [one.page(name) for name in one.names] == [two.page(name) for name in two.names]


def test_generated_articles_are_as_long_as_news_and_all_different(big: Newsroom) -> None:
    made = [big.expected(name) for name in big.names if name.startswith("wire-")]
    texts = [" ".join(each["text"] for each in article["paragraphs"]) for article in made]

    assert all(250 <= len(text.split()) <= 450 for text in texts)
    assert len(set(texts)) == len({article["url"] for article in made}) == 700
    assert len({article["host"] for article in made}) >= 5


def test_generated_articles_come_at_a_steady_pace_back_from_now(big: Newsroom) -> None:
    moments = [datetime.fromisoformat(big.expected(f"wire-{number:06d}")["published_at"]) for number in range(700)]

    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(moments)]
    assert all(0 < gap < 180 for gap in gaps)
    assert NOW - timedelta(seconds=90) <= moments[0] <= NOW
