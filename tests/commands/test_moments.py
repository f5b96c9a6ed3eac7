"""--since and --until as people write them."""

from datetime import UTC, datetime, timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands.moments import SINCE, UNTIL
from tests.home import Home


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-24", datetime(2026, 7, 23, 17, tzinfo=UTC)),
        ("2026-07-24 18:00", datetime(2026, 7, 24, 11, tzinfo=UTC)),
        ("2026-07-24T18:00:05", datetime(2026, 7, 24, 11, 0, 5, tzinfo=UTC)),
        ("2026-07-24T18:00+09:00", datetime(2026, 7, 24, 9, tzinfo=UTC)),
    ],
)
def test_a_moment_without_an_offset_is_in_the_time_of_jakarta(text: str, moment: datetime) -> None:
    assert SINCE.convert(text, None, None) == moment


def test_until_a_day_means_to_its_end() -> None:
    until = UNTIL.convert("2026-07-24", None, None)

    assert until == datetime(2026, 7, 24, 17, tzinfo=UTC) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "span"), [("7d", timedelta(days=7)), ("12h", timedelta(hours=12)), ("2w", timedelta(14))]
)
def test_a_span_counts_back_from_now(text: str, span: timedelta) -> None:
    before = datetime.now(UTC)

    moment = SINCE.convert(text, None, None)

    assert before - span <= moment <= datetime.now(UTC) - span


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_moment_or_one_line(text: str) -> None:
    try:
        moment = UNTIL.convert(text, None, None)
    except click.BadParameter as error:
        told = error.message
    else:
        told = "" if moment.tzinfo else "no offset"

    assert told == "" or "is no date: write" in told


@pytest.mark.parametrize("command", [("query",), ("crawl",), ("reparse",), ("export", "--format", "warc", "x.warc")])
def test_an_end_before_the_beginning_is_refused(home: Home, command: tuple[str, ...]) -> None:
    done = home.run(*command, "--since", "2026-07-24", "--until", "2026-07-23")

    assert done.returncode == 2
    assert "--until lies before --since; exchange them" in done.stderr
    assert done.stdout == ""
