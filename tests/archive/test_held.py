"""An archive whose writer does not end: who waits says which process it is, and goes on when that does."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.sqlite_holder import holder_of
from crawler.errors import ArchiveHeldError
from tests.archive.conftest import MakeArticle, Save
from tests.serving import wait_for

RunPython = Callable[..., "subprocess.Popen[str]"]

STAND_STILL_WHILE_WRITING = """
import os, signal, sys
from crawler.archive.connect import Archive
with Archive.open(sys.argv[1]) as archive, archive.writing() as connection:
    connection.exec_driver_sql("UPDATE link SET state = state")
    print("writes", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
print("wrote", flush=True)
"""


@pytest.fixture
def stopped(archive: Archive, run_python: RunPython) -> "Iterator[subprocess.Popen[str]]":
    """A process that stands still in the middle of a write."""
    with run_python(STAND_STILL_WHILE_WRITING, archive.path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writes\n"
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        yield process
        process.kill()


@pytest.mark.sqlite
def test_who_waits_for_one_that_stands_still_says_so_what_to_do_and_goes_on_by_itself(
    stopped: "subprocess.Popen[str]", path: Path, save: Save, make_article: MakeArticle
) -> None:
    remedy = f"let it go on (kill -CONT {stopped.pid}) or end it (kill -9 {stopped.pid})"

    with Archive.open(path) as other:
        waiting = threading.Thread(target=lambda: other.write(lambda _: None))
        waiting.start()
        told = wait_for(lambda: other.waits_for, "why it waits")
        stopped.send_signal(signal.SIGCONT)
        waiting.join()
        after = other.waits_for

    assert told == f"takes no write, since process {stopped.pid}, which stands still, is writing to it; {remedy}"
    assert after is None
    assert save(make_article()).change == "new"


@pytest.mark.sqlite
def test_who_waited_in_vain_for_one_that_stands_still_says_what_to_do(
    stopped: "subprocess.Popen[str]", save: Save, make_article: MakeArticle
) -> None:
    with pytest.raises(ArchiveHeldError) as caught:
        save(make_article())
    stopped.send_signal(signal.SIGCONT)

    assert caught.value.reason == (
        f"process {stopped.pid}, which stands still, is writing to it and did not end in time; let it go on "
        f"(kill -CONT {stopped.pid}) or end it (kill -9 {stopped.pid}), then run the same command again"
    )


def test_an_archive_that_nobody_writes_to_has_no_holder(archive: Archive, path: Path) -> None:
    with archive.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM article")

        assert holder_of(path).who == "another process"
