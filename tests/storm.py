"""Several services on one archive, killed and frozen while much falls due.

Each round owes an hour of firings that nobody has looked at, and hits one service: killed and started again, or frozen
for a while (SIGSTOP, SIGCONT). Afterwards the firings are counted, and `archive check --against` judges the rest.
"""

import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.firings import KeptFiring, firings_of
from crawler.archive.schedules import Order, list_schedules, set_schedule
from crawler.archive.services import live_services
from crawler.crawl_options import CrawlOptions
from tests.killing import Target, target, wait_for

SCHEDULES: Final = 3
# Within this time each service looks at the schedules.
LOOK_S: Final = 5.0
HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class Storm:
    """What became of it: the firings of each schedule, and what the judge says, who says nothing where all is well."""

    killed: int = 0
    frozen: int = 0
    firings: list[list[KeptFiring]] = field(default_factory=list)
    findings: str = ""

    def faults(self) -> list[str]:
        """Return what is not as promised, a line each: each due moment has one firing, an hour is caught up once."""
        told = [self.findings] if self.findings else []
        for each in self.firings:
            name, made = each[0].schedule, sum(firing.is_made for firing in each)
            moments = {firing.scheduled_for for firing in each}
            first, last = min(moments), max(moments)
            if len(moments) != len(each):
                told.append(f"{name}: {len(each) - len(moments)} moments fired twice")
            if (lacks := round((last - first) / timedelta(minutes=1)) + 1 - len(moments)) or len(each) < 60:
                told.append(f"{name}: {len(each)} firings from {first} to {last}, {lacks} lack")
            # Of the hour that was missed, the newest is caught up; what falls due while it goes on is made in time.
            if made > len(each) - 59:
                told.append(f"{name}: {made} of {len(each)} firings made")
        return told


def storm(folder: Path, place: str, *, services: int, rounds: int, chance: Random) -> Storm:
    """Let services run on a new archive at a place, make trouble for so many rounds, and let everything finish."""
    log, found = folder / "log.jsonl", Storm()
    with target(folder, place, log, articles=40) as shot_at:
        Archive.open(place, create=True).close()
        for _ in range(services):
            shot_at.start()
        _all_live(shot_at)
        for number in range(rounds):
            _owe_an_hour(shot_at, number)
            time.sleep(chance.uniform(0, LOOK_S))
            chosen = chance.choice(shot_at.services)
            if chance.random() < 0.5:
                shot_at.kill_service(chosen)
                shot_at.start()
                found.killed += 1
            else:
                chosen.send_signal(signal.SIGSTOP)
                time.sleep(chance.uniform(0, LOOK_S / 2))
                chosen.send_signal(signal.SIGCONT)
                found.frozen += 1
            _all_live(shot_at)
        wait_for(lambda: _all_settled(shot_at))
        shot_at.finish()
        judged = shot_at.check(log)
    if judged.returncode:
        found.findings = f"{judged.stdout}{judged.stderr}".strip()
    with Archive.open(place, readonly=True) as archive:
        owed = [each for each in list_schedules(archive) if each.order.origin == "archive"]
        found.firings = [firings_of(archive, schedule_id=each.schedule_id, limit=None) for each in owed]
    return found


def _owe_an_hour(shot_at: Target, number: int) -> None:
    """Keep schedules of every minute that nobody has looked at for an hour."""
    with Archive.open(shot_at.place) as archive:
        for each in range(SCHEDULES):
            options = CrawlOptions(listings=("nasional",), limit=each + 1).as_json()
            order = Order(name=f"{number}-{each}", plan="1m", zone="UTC", origin="archive", options=options)
            set_schedule(archive, order, now=datetime.now(UTC) - HOUR)


def _all_live(shot_at: Target) -> None:
    """Return when as many services live as are to."""
    with Archive.open(shot_at.place, readonly=True) as archive:
        wait_for(lambda: len(live_services(archive, now=datetime.now(UTC))) == len(shot_at.services))


def _all_settled(shot_at: Target) -> bool:
    with Archive.open(shot_at.place, readonly=True) as archive:
        hour_ago = datetime.now(UTC) - HOUR / 2
        return all(each.settled_at > hour_ago for each in list_schedules(archive))
