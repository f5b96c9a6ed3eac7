"""A file is whole or not there: killed, interrupted, no room left, several at once."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.errors import FAILED, WRONG_USE, InputFileError, OutputFileError
from crawler.exports import FORMATS, Column, write_rows
from crawler.exports.columns import Row
from crawler.whole_file import whole_file
from tests.exports.reading_back import read_back
from tests.home import ROOT, Home

COLUMNS = (Column("id", "whole"), Column("text"))
# Writes the same rows for ever, or until it is stopped; says so before each.
WRITE_WITHOUT_END = """
import signal, sys
from pathlib import Path
from crawler.exports import Column, write_rows

# What was started in the background of a shell is deaf to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
file, form = sys.argv[1:]
columns = (Column("id", "whole"), Column("text"))
rows = [{"id": number, "text": f"{number} banjir " * 40} for number in range(1_000)]
write_rows(Path(file), form, columns, rows)
print("ready", flush=True)
while True:
    write_rows(Path(file), form, columns, rows)
"""
EXPECTED = [{"id": number, "text": f"{number} banjir " * 40} for number in range(1_000)]


def left_over(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.name.startswith(".tribunwatch-")]


def start(folder: Path, form: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITE_WITHOUT_END, str(folder / "x"), form],
        env=Home(folder).environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_killed_at_any_moment_the_file_is_whole_and_what_is_left_over_goes(form: str, tmp_path: Path) -> None:
    for number in range(3):
        with start(tmp_path, form) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(0.013 * number + 0.003)
            writer.send_signal(signal.SIGKILL)

        assert read_back(tmp_path / "x", form, COLUMNS) == EXPECTED
        assert len(left_over(tmp_path)) <= 2

    write_rows(tmp_path / "y", form, COLUMNS, EXPECTED)

    assert left_over(tmp_path) == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_interrupted_nothing_is_left_over(form: str, tmp_path: Path) -> None:
    with start(tmp_path, form) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.send_signal(signal.SIGINT)

    assert left_over(tmp_path) == []
    assert read_back(tmp_path / "x", form, COLUMNS) == EXPECTED


@pytest.fixture
def limited() -> Iterator[Callable[[int], None]]:
    """Let no file of this process grow beyond so many bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("form", FORMATS)
def test_without_room_the_old_file_stays_and_one_line_says_why(
    form: str, tmp_path: Path, limited: Callable[[int], None]
) -> None:
    file = tmp_path / "x"
    write_rows(file, form, COLUMNS, EXPECTED[:1])
    # Not to be packed into little.
    texts = [{"id": 1, "text": os.urandom(20_000).hex()} for _ in range(20)]

    limited(100_000)
    with pytest.raises(OutputFileError, match="File too large; nothing was changed under this name") as caught:
        write_rows(file, form, COLUMNS, texts)

    assert caught.value.exit_code == FAILED
    assert read_back(file, form, COLUMNS) == EXPECTED[:1]
    assert left_over(tmp_path) == []


def test_rows_that_fail_leave_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield EXPECTED[0]
        raise ValueError("x")

    for form in FORMATS:
        with pytest.raises(ValueError, match="x"):
            write_rows(tmp_path / "x", form, COLUMNS, rows())

        assert list(tmp_path.iterdir()) == []


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a") as first:
        with whole_file(tmp_path / "b") as second:
            second.out.write(b"b")
        first.out.write(b"a")

        assert first.path.exists()
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a": b"a", "b": b"b"}


def test_many_write_into_one_folder_at_once_and_all_end_whole(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            with whole_file(tmp_path / f"{number % 3}") as unfinished:
                unfinished.out.write(b"x" * 10_000)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {each.name: each.stat().st_size for each in tmp_path.iterdir()} == {"0": 10_000, "1": 10_000, "2": 10_000}


def test_a_link_stays_a_link_and_rights_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")

    with whole_file(tmp_path / "link") as unfinished:
        unfinished.out.write(b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["", "missing/x", "/dev/null", "x" * 300, "a\0b"])
def test_a_name_that_cannot_be_written_is_told_before_anything_is_done(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught, whole_file(tmp_path / name):
        pytest.fail("nothing is to be written")

    assert caught.value.exit_code == WRONG_USE
    assert list(tmp_path.iterdir()) == []
