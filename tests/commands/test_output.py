"""What is printed cannot steer a terminal."""

from datetime import UTC, datetime

import pytest

from crawler.commands.output import in_wib, plain, print_fields, print_table


def test_control_characters_never_reach_the_terminal() -> None:
    assert plain("Judul\x1b[2J\x07\u202epalsu\nbaru") == "Judul [2J  palsu baru"


def test_joiners_and_scripts_of_the_world_stay() -> None:
    assert plain("اللّٰهُمَّ – “Jum’at”") == "اللّٰهُمَّ – “Jum’at”"


def test_a_table_in_a_pipe_is_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    title = "Judul " * 100

    print_table(("title",), [(title,)])

    assert title.strip() in capsys.readouterr().out


def test_markup_in_a_title_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("title",), [("[bold]x[/bold]",)])

    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_empty_fields_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_fields([("title", "Judul"), ("lead", None), ("tags", [])])

    assert capsys.readouterr().out == "title  Judul\n"


def test_moments_are_shown_in_the_time_of_jakarta() -> None:
    assert in_wib(datetime(2026, 7, 24, 17, 30, tzinfo=UTC)) == "2026-07-25 00:30"
    assert in_wib(None) == "–"
