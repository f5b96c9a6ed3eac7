"""`tribunwatch archive check --against LOG`: what it prints, and its exit code."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.home import Home
from tests.judge.conftest import Case, later


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def check(home: Home, case: Case, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return home.run("archive", "check", "--archive", case.place, "--against", str(case.log), *arguments)


def test_what_is_sound_is_told_with_what_was_judged(home: Home, case: Case) -> None:
    done = check(home, case, "--complete")

    requests = sum(each["kind"] == "request" for each in case.lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"nothing is wrong with {requests} requests" in done.stdout


def test_each_finding_is_a_line_with_the_address_and_exit_code_1(home: Home, case: Case) -> None:
    case.set_link("state = 'failed', reason = 'timeout', article_id = NULL")
    again = later(case.asked(case.other_url), 60)
    with case.log.open("a", encoding="utf-8") as log:
        log.write(json.dumps(again) + "\n")

    done = check(home, case, "--complete")
    told = json.loads(check(home, case, "--complete", "--json").stdout)

    assert done.returncode == 1
    assert f"not stored: {case.url}: failed (timeout)" in done.stdout.splitlines()
    assert any(line.startswith(f"fetched twice: {case.other_url}?page=all: ") for line in done.stdout.splitlines())
    assert [f"{each['what']}: {each['detail']}" for each in told["findings"]] == done.stdout.splitlines()
    assert told["judged"]["requests"] == sum(each["kind"] == "request" for each in case.lines)


@pytest.mark.parametrize("option", [("--complete",), ("--repeats", "3"), ("--pause", "1.5")])
def test_how_to_judge_is_said_only_with_a_log(home: Home, option: tuple[str, ...]) -> None:
    done = home.run("archive", "check", *option)

    assert done.returncode == 2
    assert "--against" in done.stderr


def test_a_file_that_is_no_log_is_told_in_one_line(home: Home, logged: Case) -> None:
    logged.log.write_text("nonsense\n")

    done = check(home, logged)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
