"""What is printed cannot steer a terminal, nor run in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest

from crawler.commands.output import in_wib, plain, print_csv, print_fields, print_table


def test_control_characters_never_reach_the_terminal() -> None:
    assert plain("Judul\x1b[2J\x07\u202epalsu\nbaru") == "Judul [2J  palsu baru"


def test_joiners_and_scripts_of_the_world_stay() -> None:
    assert plain("اللّٰهُمَّ – “Jum’at”") == "اللّٰهُمَّ – “Jum’at”"


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_a_spreadsheet_is_given_no_formula(cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_csv([{"title": cell}], ["title"])

    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows[1] == [f"'{cell}"]


def test_csv_keeps_quotes_newlines_and_lists(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv([{"title": 'kata "dia",\nbaris', "topics": ("a", "b"), "none": None}], ["title", "topics", "none"])

    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows == [["title", "topics", "none"], ['kata "dia",\nbaris', "a; b", ""]]


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
