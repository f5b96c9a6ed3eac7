"""Several services on one archive, killed and frozen while much falls due: each firing is made once."""

import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from crawler.archive.connect import Archive
from crawler.archive.firings import firings_of
from crawler.archive.schedules import Order, list_schedules, set_schedule
from crawler.archive.services import live_services
from crawler.crawl_options import CrawlOptions
from tests.killing import Target, target, wait_for
from tests.postgres import Cluster

ROUNDS, SCHEDULES = 6, 3
# Within this time each service looks at the schedules.
LOOK_S = 5.0
HOUR = timedelta(hours=1)
MADE = {"due", "caught_up"}


def owe_an_hour(shot_at: Target, number: int) -> None:
    """Keep schedules of every minute that nobody has looked at for an hour."""
    with Archive.open(shot_at.place) as archive:
        for each in range(SCHEDULES):
            options = CrawlOptions(listings=("nasional",), limit=each + 1).as_json()
            order = Order(name=f"{number}-{each}", plan="1m", zone="UTC", origin="archive", options=options)
            set_schedule(archive, order, now=datetime.now(UTC) - HOUR)


def all_live(shot_at: Target) -> None:
    """Return when as many services live as are to."""
    with Archive.open(shot_at.place, readonly=True) as archive:
        wait_for(lambda: len(live_services(archive, now=datetime.now(UTC))) == len(shot_at.services))


def all_settled(shot_at: Target) -> bool:
    with Archive.open(shot_at.place, readonly=True) as archive:
        hour_ago = datetime.now(UTC) - HOUR / 2
        return all(each.settled_at > hour_ago for each in list_schedules(archive))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("services", "kind"), [(2, "postgresql"), (10, "sqlite")])
def test_each_firing_is_made_by_one_of_them(
    services: int, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = str(tmp_path / "archive.db")
    if kind == "postgresql":
        server: Cluster = request.getfixturevalue("postgres")
        place = server.address(server.make_database())
    log, chance = tmp_path / "log.jsonl", Random(20261123)  # noqa: S311  - moments, not secrets

    with target(tmp_path, place, log, articles=40) as shot_at:
        Archive.open(place, create=True).close()
        for _ in range(services):
            shot_at.start()
        all_live(shot_at)
        for number in range(ROUNDS):
            owe_an_hour(shot_at, number)
            time.sleep(chance.uniform(0, LOOK_S))
            chosen = chance.choice(shot_at.services)
            if chance.random() < 0.5:
                shot_at.kill_service(chosen)
                shot_at.start()
            else:
                chosen.send_signal(signal.SIGSTOP)
                time.sleep(chance.uniform(0, LOOK_S / 2))
                chosen.send_signal(signal.SIGCONT)
            all_live(shot_at)
        wait_for(lambda: all_settled(shot_at))
        shot_at.finish()

        judged = shot_at.check(log)

    assert (judged.returncode, judged.stderr) == (0, ""), judged.stdout
    with Archive.open(place, readonly=True) as archive:
        owed = [each for each in list_schedules(archive) if each.order.origin == "archive"]
        firings = [firings_of(archive, schedule_id=each.schedule_id, limit=None) for each in owed]
    assert len(owed) == ROUNDS * SCHEDULES
    assert all(len(each) >= 60 for each in firings)
    # Of the hour that was missed, the newest is caught up; what falls due while the test goes on is made in time.
    assert all(sum(made.state in MADE for made in each) <= len(each) - 59 for each in firings)
