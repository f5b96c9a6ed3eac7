"""What a crawl is at is known when its process is gone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from crawler.processes import module_environment
from crawler.under_way import UnderWay, keys_under_way, new_memory

CRASHES = """
import os, signal, sys
from crawler.under_way import UnderWay
under_way = UnderWay(int(sys.argv[1]))
with under_way("bali.tribunnews.com/1"):
    pass
with under_way("www.tribunnews.com/1"), under_way("jabar.tribunnews.com/2"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def memory() -> Iterator[int]:
    number = new_memory()
    yield number
    os.close(number)


def test_it_outlives_the_process_that_told_it(memory: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-P", "-c", CRASHES, str(memory)], pass_fds=(memory,), env=module_environment(), check=False
    )

    assert ended.returncode == -signal.SIGKILL
    assert keys_under_way(memory) == ("www.tribunnews.com/1", "jabar.tribunnews.com/2")


def test_what_is_done_with_is_not_under_way_however_it_ended(memory: int) -> None:
    under_way = UnderWay(memory)
    with pytest.raises(KeyError), under_way("www.tribunnews.com/1"):
        raise KeyError

    assert keys_under_way(memory) == ()


def test_who_told_nothing_or_half_a_thing_was_at_nothing(memory: int) -> None:
    assert keys_under_way(memory) == ()

    os.pwrite(memory, (100).to_bytes(4) + b'["www.tri', 0)

    assert keys_under_way(memory) == ()
