"""The command line before any room is asked: help, errors, exit codes."""

import subprocess
import sys

import click
import pytest

from crawler.commands.door import Command, Door, LazyGroup, run
from tests.home import ROOT, Home
from tribunwatch import COMMANDS, front_door


def every_command(group: LazyGroup, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, entry in group.table.items():
        command = group.get_command(click.Context(group), name)
        found += every_command(command, (*path, name)) if isinstance(command, LazyGroup) else [(*path, name)]
        assert entry
    return found


def test_help_lists_every_command_without_loading_any_room() -> None:
    program = (
        "import sys, tribunwatch\n"
        "try: tribunwatch.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'scrapy', 'sqlalchemy', 'alembic', 'pydantic', 'rich', 'lxml'} & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert all(f"  {name} " in told.stdout for name in COMMANDS)
    assert told.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", every_command(front_door), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code = run(front_door, [*path, "--help"])

    assert code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: tribunwatch {' '.join(path)}")
    assert "--archive FILE-or-URL" in shown


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["qury"], "error: no command 'qury'; did you mean 'query'?; see 'tribunwatch --help'"),
        (["archive", "chekc"], "error: no command 'chekc'; did you mean 'check'?; see 'tribunwatch archive --help'"),
        (["query", "--lmit", "3"], "error: No such option '--lmit'"),
        (["query", "--since", "gestern"], "'gestern' is no date: write 2026-07-24, '2026-07-24 18:00', 7d or 12h"),
        (["query", "--limit", "0"], "0 is not in the range 1<=x<=10000"),
        (["query", "--format", "xml"], "'xml' is not one of 'table', 'csv', 'json', 'jsonl', 'xlsx', 'parquet'"),
        (["read"], "Missing argument 'FILE|URL|-'"),
        (["crawls", "show", "first"], "'first' is not a valid integer range"),
        (["-c", "absent.toml", "config", "show"], "absent.toml"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(front_door, arguments)

    told = capsys.readouterr()
    assert code == 2
    assert told.out == ""
    assert line in told.err
    assert len(told.err.splitlines()) == 1


def test_options_work_before_and_after_the_command() -> None:
    seen: list[Door] = []

    @click.pass_obj
    def keep(door: Door) -> None:
        seen.append(door)

    group = LazyGroup(name="g", help="", table={})
    group.get_command = lambda _ctx, _name: Command("c", callback=keep)  # type: ignore[method-assign, assignment]
    group.table["c"] = ("", "")

    run(group, ["--archive", "a.db", "-v", "c", "-v", "--json"])

    assert (seen[0].archive, seen[0].verbose, seen[0].as_json) == ("a.db", 2, True)


def test_a_reader_that_goes_away_is_no_error(demo_home: Home) -> None:
    command = f"{sys.executable} -m tribunwatch query --limit 1000 --format jsonl | head -n 1"

    done = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        env=demo_home.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr


def test_an_unexpected_error_is_one_line_and_shows_where_it_comes_from_only_with_debug(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def break_down() -> None:
        raise RuntimeError("the roof fell in")

    command = Command("c", callback=break_down)
    group = LazyGroup(name="g", help="", table={"c": ("", "")})
    group.get_command = lambda _ctx, _name: command  # type: ignore[method-assign, assignment]

    assert run(group, ["c"]) == 1
    quiet = capsys.readouterr().err
    assert run(group, ["c", "--debug"]) == 1
    loud = capsys.readouterr().err

    assert quiet == "error: unexpected RuntimeError: the roof fell in; please report it with what --debug prints\n"
    assert "break_down" in loud
