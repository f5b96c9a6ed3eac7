"""The log of the service, as a process of its own writes it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import SettingsError
from scheduler.logs import start_log
from tests.home import ROOT

BEGIN = "import logging\nfrom scheduler.logs import *\nlog = logging.getLogger('scheduler.test')\n"


def written(code: str) -> list[str]:
    """Return the lines that a program writes on stderr, which is no terminal."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()


def as_json(code: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(f"start_log()\n{code}")]


def test_elsewhere_than_on_a_terminal_a_line_is_a_json_object_with_its_moment_in_utc() -> None:
    (line,) = as_json("log.warning('budget used up host=%s', 'www')")

    assert line.pop("at").endswith("Z")
    assert line == {"level": "WARNING", "from": "scheduler.test", "text": "budget used up host=www"}


def test_every_line_about_a_crawl_has_its_number_also_those_of_tasks_and_threads() -> None:
    lines = as_json("""
import asyncio

async def work():
    log.info("task")
    await asyncio.to_thread(log.info, "thread")

async def main():
    with about_crawl(7):
        task = asyncio.create_task(work())
    log.info("outside")
    await task

asyncio.run(main())
""")

    assert {line["text"]: line.get("crawl") for line in lines} == {"outside": None, "task": 7, "thread": 7}


def test_the_lines_of_a_crawls_process_keep_their_level_and_get_its_number() -> None:
    lines = as_json("""
pass_on(7, "2026-07-24 08:00:00,123 ERROR crawler.crawl: host refuses us host=www\\n")
pass_on(7, "Traceback (most recent call last):\\n")
""")

    assert [(line["crawl"], line["level"], line["from"], line["text"]) for line in lines] == [
        (7, "ERROR", "crawler.crawl", "host refuses us host=www"),
        (7, "WARNING", "crawl", "Traceback (most recent call last):"),
    ]


def test_as_text_a_line_has_moment_level_crawl_and_place() -> None:
    (line,) = written("""
start_log(form="text")
with about_crawl(7):
    log.error("host refuses us")
""")

    at, *rest = line.split(" ")
    assert at.endswith("Z")
    assert rest == ["ERROR", "crawl=7", "scheduler.test:", "host", "refuses", "us"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_logged_cannot_steer_a_terminal_or_pass_for_another_line(form: str) -> None:
    (line,) = written(f"start_log(form={form!r})\nlog.info('a\\x1b[2Jb\\n2026-07-24T00:00:00Z ERROR c')")

    assert "\x1b" not in line
    assert "a [2Jb 2026-07-24T00:00:00Z ERROR c" in line


def test_an_unexpected_error_is_told_with_where_it_came_from() -> None:
    (line,) = as_json("try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('look failed')")

    assert line["text"] == "look failed"
    assert "ZeroDivisionError" in line["trace"]


def test_a_log_file_and_the_one_before_it_stay_within_their_size(tmp_path: Path) -> None:
    file = tmp_path / "service.log"

    said = written(f"start_log(file={str(file)!r}, megabytes=1)\nfor number in range(9000): log.info('x' * 400)")

    sizes = [each.stat().st_size for each in tmp_path.iterdir()]
    assert said == []
    assert len(sizes) == 2
    assert sum(sizes) <= 1_000_000
    assert json.loads(file.read_text().splitlines()[-1])["text"] == "x" * 400


def test_a_log_file_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"service\.log_file: cannot write .*; name another"):
        start_log(file=str(tmp_path / "none" / "service.log"))


def test_a_full_disk_does_not_stop_the_service() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{BEGIN}start_log(file='/dev/full')\nlog.error('a')\nlog.error('b')\nprint('goes on')"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == ("goes on\n", "")
