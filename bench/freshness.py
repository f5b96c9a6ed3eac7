"""How soon articles are discovered, for the same number of requests: four ways to say which listing is asked when.

A fixed interval, tiers made by hand, ours (the code of the service) and an oracle that knows the rates, on the same
articles, ten seeds for each case. The promises, against the fixed interval, stand in CASES.
Run: python bench/freshness.py
"""

import heapq
import math
import random
import statistics
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from scheduler.cadence import next_ask
from scheduler.listing_rate import Answer, HostRate, ListingRate, observe
from scheduler.price import Budget, Price, is_due, set_price

SEEDS = range(10)
# A Monday, midnight in Jakarta.
BEGIN = datetime(2026, 11, 22, 17, tzinfo=UTC).timestamp()
MINUTE_H = 1 / 60
# What a newsroom prints in each hour of Jakarta beside the usual hour, and on each day of the week.
BY_HOUR = (
    0.3,
    0.2,
    0.15,
    0.15,
    0.3,
    0.6,
    0.9,
    1.1,
    1.3,
    1.5,
    1.6,
    1.6,
    1.5,
    1.5,
    1.5,
    1.5,
    1.4,
    1.3,
    1.3,
    1.3,
    1.2,
    1.0,
    0.7,
    0.5,
)
BY_DAY = (1.08, 1.08, 1.08, 1.08, 1.08, 0.85, 0.75)


@dataclass(frozen=True, slots=True)
class Case:
    """What is simulated, and how much fresher than a fixed interval ours must be."""

    name: str
    asks_per_hour: int
    entries_per_hour: float
    zipf: float
    shown: int
    promise: float
    of_oracle: float = 0.0
    has_rhythm: bool = False
    has_overlap: bool = False
    learns_days: int = 3
    days: int = 7


CASES = (
    Case("separate, steady", 60, 120, 1.0, 100, 1.45),
    Case("separate, daily rhythm", 60, 120, 1.0, 100, 1.55, of_oracle=0.95, has_rhythm=True, learns_days=7, days=7),
    Case("separate, uneven, 20 entries", 60, 90, 1.5, 20, 0.0, has_rhythm=True),
    Case("overlapping, 300 an hour", 300, 240, 1.0, 100, 3.5, has_rhythm=True, has_overlap=True, learns_days=2, days=3),
    Case("overlapping, 60 an hour", 60, 240, 1.0, 100, 6.0, has_rhythm=True, has_overlap=True, learns_days=2, days=5),
)


@dataclass(frozen=True, slots=True)
class Board:
    """A listing: which articles appear on it when, in hours, and how many of the newest it shows."""

    at: tuple[float, ...]
    articles: tuple[int, ...]
    shown: int


@dataclass(frozen=True, slots=True)
class World:
    """The articles of one seed, and where they are listed. `rates` tells the oracle what each listing brings."""

    published: tuple[float, ...]
    boards: tuple[Board, ...]
    rates: tuple[Callable[[float], float], ...]


def make_world(case: Case, seed: int) -> World:
    """Return the articles of one seed: from two days before the beginning to a day after the end."""
    chance = random.Random(f"{case.name} {seed}")
    until = 24.0 * (case.learns_days + case.days + 1)
    whole = sum(1 / rank**case.zipf for rank in range(1, 101))
    published: list[float] = []
    boards = []
    rates: list[Callable[[float], float]] = []
    for rank in range(1, 101):
        rate = rate_of(case.entries_per_hour / rank**case.zipf / whole, case, chance)
        own = list(moments(rate, -48.0, until, chance))
        boards.append(Board(tuple(own), tuple(range(len(published), len(published) + len(own))), case.shown))
        published += own
        rates.append(rate)
    if case.has_overlap:
        # An index page that names 85 of 100 a minute later, and a news sitemap that names 97 after three.
        for cover, lag_h, shown in ((0.85, MINUTE_H, 20), (0.97, 3 * MINUTE_H, 1000)):
            named = sorted((at + lag_h, article) for article, at in enumerate(published) if chance.random() < cover)
            boards.append(Board(tuple(at for at, _ in named), tuple(article for _, article in named), shown))
        rates = novel_rates(rates)
    return World(tuple(published), tuple(boards), tuple(rates))


def rate_of(mean: float, case: Case, chance: random.Random) -> Callable[[float], float]:
    """Return the rate at each hour since the beginning: its own working day, earlier or later, more or less even."""
    if not case.has_rhythm:
        return lambda _: mean
    later, even = chance.gauss(0, 2), chance.uniform(0, 0.2)
    week = [
        mean * BY_DAY[hour // 24] * (even + (1 - even) * between(BY_HOUR, hour % 24 - later)) for hour in range(24 * 7)
    ]
    return lambda hour: between(week, hour)


def between(circle: Sequence[float], at: float) -> float:
    """Return a value of a circle of hours, read between two of them as on a straight line."""
    whole = math.floor(at)
    here, there = circle[whole % len(circle)], circle[(whole + 1) % len(circle)]
    return here + (there - here) * (at - whole)


def moments(rate: Callable[[float], float], begin: float, until: float, chance: random.Random) -> Iterator[float]:
    """Yield the moments of a Poisson process, drawn at the highest rate and thinned."""
    most = max(rate(hour / 2) for hour in range(24 * 7 * 2))
    at = begin
    while (at := at + chance.expovariate(most)) < until:
        if chance.random() * most < rate(at):
            yield at


def novel_rates(sections: list[Callable[[float], float]]) -> list[Callable[[float], float]]:
    """Return what each listing brings that the two which cover nearly everything do not bring sooner."""

    def all_of(hour: float) -> float:
        return sum(rate(hour) for rate in sections)

    alone = 0.15 * 0.03
    return [
        *[lambda hour, rate=rate: alone * rate(hour) for rate in sections],
        lambda hour: 0.85 * all_of(hour),
        lambda hour: 0.15 * 0.97 * all_of(hour),
    ]


class Way(Protocol):
    """A way to say when a listing is asked next; hours count from the beginning."""

    def first(self) -> list[float]:
        """Return when each listing is asked first."""

    def after(self, board: int, answer: Answer, now: float) -> float:
        """Return when a listing that just answered is asked next."""

    def anew(self, now: float) -> list[float] | None:
        """Return the next moments of all listings, where they are to be set anew."""


class Fixed:
    """Every listing has its own interval, set once."""

    def __init__(self, intervals: Sequence[float]) -> None:
        self._intervals = intervals

    def first(self) -> list[float]:
        """Spread evenly, as a careful person would."""
        return [interval * (0.5 + number) / len(self._intervals) for number, interval in enumerate(self._intervals)]

    def after(self, board: int, answer: Answer, now: float) -> float:
        """Return now and the interval."""
        del answer
        return now + self._intervals[board]

    def anew(self, now: float) -> None:
        """Nothing changes."""
        del now


class Ours:
    """The cadence of the service."""

    def __init__(self, boards: int, budget: Budget) -> None:
        self._budget, self._host, self._price = budget, HostRate(), Price()
        self._listings = [ListingRate()] * boards

    def first(self) -> list[float]:
        """Ask at once, one every two seconds."""
        return [number * 2 / 3600 for number in range(len(self._listings))]

    def after(self, board: int, answer: Answer, now: float) -> float:
        """Learn from the answer."""
        del now
        self._listings[board], self._host = observe(self._listings[board], self._host, answer)
        self._price = self._price.after_asking()
        return self._next(self._listings[board], answer.at)

    def anew(self, now: float) -> list[float] | None:
        """Set the price once an hour."""
        at = moment(now)
        if not is_due(self._price, at):
            return None
        self._price = set_price(self._price, self._budget, self._host, self._listings, at)
        return [self._next(listing, at) for listing in self._listings]

    def _next(self, listing: ListingRate, at: datetime) -> float:
        return hours(next_ask(listing, self._host, self._price, self._budget, at).at)


class Oracle:
    """Knows every rate at every hour, and asks when the links that wait have waited for the best price."""

    STEP = 2 * MINUTE_H

    def __init__(self, rates: Sequence[Callable[[float], float]], asks_per_hour: float) -> None:
        steps = round(24 * 7 / self.STEP)
        self._tables = [[rate(step * self.STEP) for step in range(steps)] for rate in rates]
        asks = sum(sum(math.sqrt(rate / 2) for rate in table) for table in self._tables) / steps
        self._price = (asks / asks_per_hour) ** 2

    def first(self) -> list[float]:
        """Ask at once."""
        return [number * 2 / 3600 for number in range(len(self._tables))]

    def after(self, board: int, answer: Answer, now: float) -> float:
        """Step on until the price is reached."""
        del answer
        table = self._tables[board]
        step, at = int(now / self.STEP), now
        came = waited = 0.0
        while True:
            rate = table[step % len(table)]
            length = (step + 1) * self.STEP - at
            after = waited + came * length + rate * length * length / 2
            if after >= self._price:
                left = self._price - waited
                return at + 2 * left / (came + math.sqrt(came * came + 2 * rate * left))
            came, waited, step, at = came + rate * length, after, step + 1, at + length

    def anew(self, now: float) -> None:
        """Nothing changes."""
        del now


def moment(hour: float) -> datetime:
    """Return an hour since the beginning as a moment."""
    return datetime.fromtimestamp(BEGIN + hour * 3600, tz=UTC)


def hours(at: datetime) -> float:
    """Return a moment as hours since the beginning."""
    return (at.timestamp() - BEGIN) / 3600


@dataclass(frozen=True, slots=True)
class Result:
    """What one way came to in one world: delays in minutes, the share missed, and the requests of an hour."""

    mean: float
    median: float
    p95: float
    missed: float
    asks_per_hour: float


def simulate(world: World, way: Way, case: Case) -> Result:
    """Return how soon the articles of the days that are measured were discovered."""
    measured, end = 24.0 * case.learns_days, 24.0 * (case.learns_days + case.days)
    found: list[float | None] = [None] * len(world.published)
    read = [bisect_right(board.at, 0.0) for board in world.boards]
    due = [(at, number) for number, at in enumerate(way.first())]
    heapq.heapify(due)
    asks = 0
    answered = [False] * len(world.boards)
    while due[0][0] < end + 24:
        now, number = heapq.heappop(due)
        board = world.boards[number]
        upto = bisect_right(board.at, now)
        oldest = max(0, upto - board.shown)
        begin = max(oldest, read[number]) if answered[number] else oldest
        novel = 0
        for article in board.articles[begin:upto]:
            if found[article] is None:
                found[article] = now
                novel += 1
        answer = Answer(moment(now), novel, upto - begin, upto - oldest, moment(board.at[oldest]) if upto else None)
        read[number], answered[number] = upto, True
        asks += measured <= now < end
        heapq.heappush(due, (way.after(number, answer, now), number))
        if (all_anew := way.anew(now)) is not None and all(answered):
            due = [(at, each) for each, at in enumerate(all_anew)]
            heapq.heapify(due)
    delays, missed, born = [], 0, 0
    for at, seen in zip(world.published, found, strict=True):
        if 0 <= at < end:
            born += 1
            missed += seen is None
            if at >= measured and seen is not None:
                delays.append((seen - at) * 60)
    delays.sort()
    return Result(
        statistics.fmean(delays),
        delays[len(delays) // 2],
        delays[len(delays) * 95 // 100],
        missed / born,
        asks / (end - measured),
    )


def tiers(boards: int, asks_per_hour: float, *, has_overlap: bool) -> list[float]:
    """Return the intervals that a person would write down: the busy ten, the next thirty, the quiet rest."""
    weights = [6.0 if rank < 10 else 2.5 if rank < 40 else 1.0 for rank in range(100)] + [12.0] * (2 * has_overlap)
    return [sum(weights) / asks_per_hour / weight for weight in weights[:boards]]


def ways_of(world: World, case: Case) -> dict[str, Way]:
    """Return the four ways for one world, each with the same number of requests."""
    boards = len(world.boards)
    return {
        "fixed interval": Fixed([boards / case.asks_per_hour] * boards),
        "tiers by hand": Fixed(tiers(boards, case.asks_per_hour, has_overlap=case.has_overlap)),
        "ours": Ours(boards, Budget(asks_per_day=24 * case.asks_per_hour)),
        "oracle": Oracle(world.rates, case.asks_per_hour),
    }


def run(task: tuple[Case, int]) -> dict[str, Result]:
    """Return the results of one case and seed."""
    case, seed = task
    world = make_world(case, seed)
    return {name: simulate(world, way, case) for name, way in ways_of(world, case).items()}


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    broken = 0
    print(f"{'':18}{'mean':>8}{'median':>8}{'p95':>8}{'missed':>9}{'asks/h':>8}{'fresher':>9}   minutes of delay")
    with ProcessPoolExecutor() as pool:
        for case in CASES:
            results = list(pool.map(run, [(case, seed) for seed in SEEDS]))
            print(f"{case.name}, {len(results)} seeds")
            fixed, ours, oracle = (
                statistics.fmean(result[name].mean for result in results)
                for name in ("fixed interval", "ours", "oracle")
            )
            for name in results[0]:
                mine = [result[name] for result in results]
                mean = statistics.fmean(each.mean for each in mine)
                print(
                    f"  {name:16}{mean:8.2f}{statistics.fmean(each.median for each in mine):8.2f}"
                    f"{statistics.fmean(each.p95 for each in mine):8.2f}"
                    f"{statistics.fmean(each.missed for each in mine):9.3%}"
                    f"{statistics.fmean(each.asks_per_hour for each in mine):8.1f}{fixed / mean:9.2f}"
                )
            missed = sum(result["ours"].missed for result in results)
            asked = statistics.fmean(result["ours"].asks_per_hour for result in results) / case.asks_per_hour
            faults = [
                *([f"not {case.promise} times fresher"] if fixed / ours < case.promise else []),
                *([f"below {case.of_oracle} of the oracle"] if oracle / ours < case.of_oracle else []),
                *(["missed entries"] if missed else []),
                *(["over the budget"] if asked > 1.01 else []),
            ]
            promise = f"promise: {case.promise or 'nothing missed'}" + f", {case.of_oracle} of the oracle" * bool(
                case.of_oracle
            )
            print(f"  {promise}; {oracle / ours:.3f} of the oracle; {'; '.join(faults) or 'kept'}", flush=True)
            broken += bool(faults)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
