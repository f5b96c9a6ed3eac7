"""Several planners of several processes on one archive: what falls due fires once, whoever is killed."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from crawler.archive.connect import Archive
from crawler.archive.firings import firings_of
from crawler.archive.schedules import list_schedules
from tests.scheduler.conftest import NOON, Keep

# Looks as often as it can, through hours that pass in seconds on a clock that all share.
LOOKING = """
import json, sys, time
from datetime import datetime, timedelta
from config.settings import DEFAULT_FILE, load_settings
from crawler.archive.connect import Archive
from scheduler.planner import Planner
place, began_s, noon, minutes = sys.argv[1], float(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), float(sys.argv[4])
made = looks = 0
with Archive.open(place) as archive:
    planner = Planner(archive, service_id=None, settings=load_settings(DEFAULT_FILE, {}, {}))
    print("looking", flush=True)
    while (passed := (time.monotonic() - began_s) * 10) < minutes:
        made += planner.look(noon + timedelta(minutes=max(0, passed)), "the service did not run").made
        looks += 1
        time.sleep(0.01)
print(json.dumps([made, looks]))
"""
MINUTES = 60
Start = Callable[..., "subprocess.Popen[str]"]


def start(run_python: Start, archive: Archive, began_s: float) -> "subprocess.Popen[str]":
    return run_python(LOOKING, archive.address, began_s, NOON.isoformat(), MINUTES)


def fired(archive: Archive) -> dict[str, Counter[str]]:
    """Return how many firings each schedule has in each state, after a look at which moments they are of."""
    found: dict[str, Counter[str]] = {}
    for kept in list_schedules(archive):
        firings = firings_of(archive, schedule_id=kept.schedule_id, limit=1000)
        moments = sorted(each.scheduled_for for each in firings)
        assert moments == [NOON + (number + 1) * timedelta(minutes=1) for number in range(len(moments))]
        assert all(each.reason for each in firings if each.state != "due")
        found[kept.name] = Counter(str(each.state) for each in firings)
    return found


def test_what_falls_due_is_made_by_one_of_them(archive: Archive, keep: Keep, run_python: Start) -> None:
    for name in ("a", "b", "c"):
        keep(name, "1m", f"{name}-index")
    began_s = time.monotonic() + 2

    planners = [start(run_python, archive, began_s) for _ in range(2)]
    ended = [planner.communicate(timeout=120) for planner in planners]

    told = [json.loads(out.splitlines()[-1]) for out, _ in ended]
    states = sum(fired(archive).values(), Counter())
    assert [error for _, error in ended] == ["", ""]
    assert sum(made for made, _ in told) == states["due"] + states["caught_up"]
    assert sum(states.values()) == 3 * (MINUTES - 1)
    # Both have looked on to the end.
    assert all(looks > 1 for _, looks in told)


def test_one_that_is_killed_leaves_nothing_undone(archive: Archive, keep: Keep, run_python: Start) -> None:
    for name in ("a", "b", "c"):
        keep(name, "1m", f"{name}-index")
    began_s = time.monotonic() + 2

    other, killed = (start(run_python, archive, began_s) for _ in range(2))
    time.sleep(max(0.0, began_s + 2 - time.monotonic()))
    killed.kill()
    killed.communicate(timeout=120)
    other.communicate(timeout=120)

    assert [sum(states.values()) for states in fired(archive).values()] == [MINUTES - 1] * 3
