"""A service and its schedule through hours of sleep and clocks that are set: by the rules alone, or in a database."""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.firings import firings_of
from crawler.archive.schedules import Order, load_schedule, remove_schedule, set_schedule
from crawler.crawl_options import CrawlOptions
from scheduler.firings import Firing, firings_after, supersedes
from scheduler.planner import Planner
from scheduler.standing import parse_order
from scheduler.when import next_after
from tests.scheduler.slow_reading import DAY, MINUTE, changes, minutes

CRONS: Final = (
    *("*/30 * * * *", "15 * * * *", "0 */2 * * *", "30 1,2,3 * * *", "0,20 0-5 * * mon-sun", "5 6 * * mon-fri"),
)
HOURS: Final = 18


class Life:
    """One service and one schedule, by the rules alone; it keeps the table of what became of each due moment."""

    def __init__(self, order: Order, begin: datetime, chance: random.Random) -> None:
        self.order, self.schedule = order, parse_order(order, where=order.name)
        self.now, self.chance = begin, chance
        self.settled = begin
        # The stretches of wall time that it lived through, and what it made of each due moment.
        self.lived: list[tuple[datetime, datetime]] = []
        self.table: dict[datetime, Firing] = {}
        self.made: list[datetime] = []
        self.looks = 0

    def look(self) -> None:
        """Look as the service does: store what is new, or takes the row of what was not made."""
        look = firings_after(self.schedule, self.settled, self.now)
        assert sum(each.is_made for each in look.firings) == any(each.state != "quiet" for each in look.firings)
        self.note(
            [
                each
                for each in look.firings
                if (old := self.table.get(each.scheduled_for)) is None or supersedes(each, old)
            ],
            look.upto,
        )

    def note(self, written: Sequence[Firing], upto: datetime) -> None:
        """Keep what a look has written, and up to when it has settled everything."""
        self.looks += 1
        if upto > self.settled:
            self.lived.append((self.settled, upto))
        self.settled = upto
        for each in written:
            self.table[each.scheduled_for] = each
            if each.is_made:
                self.made.append(each.scheduled_for)
                self.check_made(each)

    def check_made(self, firing: Firing) -> None:
        """Nothing is made in quiet hours or early; what is late says so; nothing newer was due before now."""
        assert self.schedule.quiet is None or self.schedule.quiet.period(self.now) is None
        assert firing.scheduled_for <= self.now
        assert (firing.state == "caught_up") == (self.now - firing.scheduled_for > MINUTE)
        newer = next_after(self.schedule, firing.scheduled_for)
        assert newer is None or newer > self.now

    def live(self, hours: int = HOURS) -> None:
        """Live on until so many hours of true time are over."""
        left = timedelta(hours=hours)
        while left > timedelta(0):
            fate = self.chance.random()
            if fate < 0.02:
                # Asleep or stopped: true time passes, nobody looks.
                passed = timedelta(minutes=self.chance.expovariate(1 / 240))
            elif fate < 0.03:
                # Somebody sets the clock.
                passed = timedelta(0)
                self.now += timedelta(minutes=round(self.chance.gauss(0, 300)))
            else:
                due = next_after(self.schedule, self.now) or self.now + timedelta(hours=1)
                passed = min(due - self.now, timedelta(hours=1)) + timedelta(seconds=self.chance.uniform(0, 20))
            self.now += passed
            left -= passed
            self.look()

    def check(self) -> int:
        """Hold the table against a slow reading of the wall; return how many due moments were checked."""
        assert len(self.made) == len(set(self.made))
        if not self.lived:
            # Nearly all of it fell in quiet hours.
            return 0
        due: set[datetime] = set()
        is_held = False
        begin = min(since for since, _ in self.lived).replace(second=0, microsecond=0) - DAY
        for each in minutes(self.schedule, begin, self.settled + MINUTE):
            is_held = is_held or each.is_due
            if each.is_due or (is_held and not each.is_quiet):
                due.add(each.at)
            is_held = is_held and each.is_quiet
        lived = {at for at in due if any(since < at <= upto for since, upto in self.lived)}
        assert lived - set(self.table) == set()
        assert all(each.is_made or each.reason for each in self.table.values())
        # What lies ahead of a clock that was set back was due when it ran ahead.
        assert {at for at in self.table if at <= self.settled} <= due
        return len(lived)


class KeptLife(Life):
    """The same in a database: several planners look, by turns, and what they wrote is read again after each look."""

    def __init__(
        self, order: Order, begin: datetime, chance: random.Random, *, archive: Archive, planners: Sequence[Planner]
    ) -> None:
        super().__init__(order, begin, chance)
        self.archive, self.planners = archive, planners
        set_schedule(archive, order, now=begin)
        self.schedule_id = load_schedule(archive, order.name).schedule_id

    def look(self) -> None:
        """Let one of the planners look."""
        brought = self.chance.choice(self.planners).look(self.now, "the service did not run")
        firings = firings_of(self.archive, schedule_id=self.schedule_id, limit=5000)
        written = []
        for each in firings:
            firing = Firing(each.scheduled_for, each.state, each.reason)
            assert not firing.is_made or each.crawl_id is not None
            if self.table.get(firing.scheduled_for) != firing:
                assert firing.scheduled_for not in self.made
                written.append(firing)
        assert brought.made == sum(firing.is_made for firing in written) <= 1
        is_quiet = self.schedule.quiet is not None and self.schedule.quiet.period(self.now) is not None
        self.note(written, min(self.settled, self.now) if is_quiet else self.now)

    def end(self) -> None:
        """End the schedule, so that the next life has the planners to itself."""
        remove_schedule(self.archive, self.order.name, now=self.now)


def order_in(zone: str, chance: random.Random) -> Order:
    """Return an order in a zone: a cron, half of them with quiet hours."""
    cron = chance.choice(CRONS)
    quiet = f"{time(chance.randint(0, 23)):%H:%M}-{time(chance.randint(0, 22), 30):%H:%M}"
    options = CrawlOptions(listings=("www-index",)).as_json()
    held = quiet if chance.random() < 0.5 else None
    return Order(name=zone, plan=cron, zone=zone, origin="archive", options=options, quiet_hours=held)


def begin_in(zone: str, chance: random.Random, usual: datetime) -> datetime:
    """Return a moment a day before a zone set its clocks in a year that is drawn; another where it never did."""
    set_on = changes(zone, chance.randint(2005, 2030))
    return chance.choice(set_on) - DAY if set_on else usual
