"""Machines whose clocks differ go by one, which the database has."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.shared_clock import SharedClock, shared_now

AHEAD, BEHIND = timedelta(seconds=75), timedelta(seconds=-80)
# As long as a slow machine may take between two questions.
MOMENT = timedelta(seconds=30)


def wrong_by(archive: Archive, length: timedelta) -> SharedClock:
    """Return the clock as a machine has it whose own is wrong."""
    clock = SharedClock(archive, wall=lambda: datetime.now(UTC) + length)
    clock.set()
    return clock


def test_machines_whose_clocks_differ_have_the_same_time_on_a_server(archive: Archive, kind: str) -> None:
    ahead, behind = (wrong_by(archive, length).now() for length in (AHEAD, BEHIND))

    is_same = abs(ahead - behind) < MOMENT

    assert is_same == (kind == "postgresql")
    assert abs(shared_now(archive) - datetime.now(UTC)) < MOMENT


@pytest.mark.parametrize(("length", "told"), [(AHEAD, "75 s ahead of"), (BEHIND, "80 s behind"), (timedelta(), "")])
def test_a_clock_that_differs_from_that_of_the_server_is_told(
    archive: Archive, kind: str, length: timedelta, told: str
) -> None:
    concern = wrong_by(archive, length).concern()

    line = f"the clock of this machine is {told} that of the database; set it: timedatectl set-ntp true"
    assert concern == (line if told and kind == "postgresql" else None)
