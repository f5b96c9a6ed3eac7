"""The articles of bench/freshness.py: when they are published, and on which listings they appear when."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
