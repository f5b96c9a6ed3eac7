"""Four ways to say which listing is asked when, for bench/freshness.py."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from scheduler.cadence import next_ask
from scheduler.listing_rate import Answer, HostRate, ListingRate, observe
from scheduler.price import Budget, Price, is_due, set_price

# A Monday, midnight in Jakarta.
BEGIN = datetime(2026, 11, 22, 17, tzinfo=UTC).timestamp()
MINUTE_H = 1 / 60


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


def tiers(boards: int, asks_per_hour: float, *, has_overlap: bool) -> list[float]:
    """Return the intervals that a person would write down: the busy ten, the next thirty, the quiet rest."""
    weights = [6.0 if rank < 10 else 2.5 if rank < 40 else 1.0 for rank in range(100)] + [12.0] * (2 * has_overlap)
    return [sum(weights) / asks_per_hour / weight for weight in weights[:boards]]
