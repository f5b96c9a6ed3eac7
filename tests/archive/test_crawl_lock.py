"""One crawl at a time holds an archive, and whatever ends it lets go."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.errors import HELD, ArchiveHeldError

HOLD = """
import sys
from crawler.archive.connect import Archive
with Archive.open(sys.argv[1], create=True) as archive, archive.crawl_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_crawl_at_a_time_and_the_second_is_told_who_the_first_is(archive: Archive, place: str) -> None:
    with (
        Archive.open(place) as second,
        archive.crawl_lock(),
        pytest.raises(ArchiveHeldError, match=f"a crawl of process {os.getpid()} .*is using it") as caught,
        second.crawl_lock(),
    ):
        pass

    assert caught.value.exit_code == HELD
    with archive.crawl_lock():
        pass


def test_a_file_has_one_lock_whatever_name_it_goes_by(archive: Archive, path: Path, tmp_path: Path) -> None:
    other_name = tmp_path / "link.db"
    other_name.symlink_to(path)

    with Archive.open(other_name) as second, archive.crawl_lock(), pytest.raises(ArchiveHeldError), second.crawl_lock():
        pass


def test_a_killed_crawl_lets_go_of_the_archive(
    archive: Archive, place: str, run_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    with run_python(HOLD, place) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ArchiveHeldError, match=f"process {holder.pid} "), archive.crawl_lock():
            pass

        holder.kill()
        holder.wait()

        with archive.crawl_lock():
            pass
