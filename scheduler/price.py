"""What one request may cost: the price at which the day's requests of a host are just used up.

A listing is asked when the novel links that are expected on it have together waited as long as the price says, in
hours, for each request that it takes. With steady rates this is the square-root rule: a listing that brings four times
as much is asked twice as often. With a rhythm it spends more of the day's requests where more is to be found.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from scheduler.listing_rate import HostRate, ListingRate
from scheduler.rhythm import HOURS, hours_of, pieces

_FIRST_PRICE_H: Final = 1.0
_LEAST_PRICE_H, _MOST_PRICE_H = 1e-6, 1e6
_DAY_H: Final = 24.0
_ANEW: Final = timedelta(hours=1)
_ROUNDS: Final = 12
_EACH: Final = 2
_NEAR_ENOUGH: Final = 0.002
_LEAST_SHARE, _MOST_SHARE = 0.8, 1.25


@dataclass(frozen=True, slots=True)
class Budget:
    """How many requests the listings of a host may take in a day, and how often each is asked at least and at most."""

    requests_per_day: float
    least_interval_h: float = 1 / 60
    most_interval_h: float = 12.0


@dataclass(frozen=True, slots=True)
class Price:
    """How long novel links may wait together before their listing is asked, in hours; and how the budget stands.

    `by_hour` are the requests made in each of the last hours, at most 24, `asked` those since `set_at`. The plan is
    never quite what happens: `share` of the budget is planned, so that all of it is used.
    """

    wait_h: float = _FIRST_PRICE_H
    set_at: datetime | None = None
    share: float = 1.0
    by_hour: tuple[int, ...] = ()
    asked: int = 0

    def after_asking(self, requests: int = 1) -> "Price":
        """Return it after one answer, which took so many requests."""
        return replace(self, asked=self.asked + requests)


def as_json(price: Price) -> dict[str, Any]:
    """Return a price as JSON knows it."""
    return {**asdict(price), "set_at": None if price.set_at is None else price.set_at.timestamp()}


def from_json(value: Mapping[str, Any]) -> Price:
    """Return the price that `as_json` wrote."""
    set_at = value["set_at"]
    moment = None if set_at is None else datetime.fromtimestamp(set_at, tz=UTC)
    return Price(value["wait_h"], moment, value["share"], tuple(value["by_hour"]), value["asked"])


def is_due(price: Price, now: datetime) -> bool:
    """Tell whether the price is to be set anew: an hour has passed, or the clock was set back."""
    return price.set_at is None or not timedelta(0) <= now - price.set_at < _ANEW


def set_price(price: Price, budget: Budget, host: HostRate, listings: Iterable[ListingRate], now: datetime) -> Price:
    """Return the price for the hour that begins: by it the next day's requests are used up, neither more nor fewer."""
    wanted = [_Wanted.of(listing, host, budget, now) for listing in listings]
    by_hour, share = price.by_hour, price.share
    if price.set_at is None or not _ANEW <= now - price.set_at < _ANEW * 2:
        # After a sleep, or with the clock set, the last hours tell nothing of what a day costs.
        by_hour, set_at = (), now
    else:
        # The next ask comes a little after the hour; hours counted from there would be too long.
        set_at = price.set_at + _ANEW
        by_hour = (*by_hour, price.asked)[-HOURS:]
    if len(by_hour) == HOURS:
        ratio = budget.requests_per_day / max(1, sum(by_hour))
        share *= min(_MOST_SHARE, max(_LEAST_SHARE, ratio)) ** (1 / HOURS)
        share = min(_MOST_SHARE, max(_LEAST_SHARE, share))
    return Price(_solve(wanted, budget.requests_per_day * share / _EACH, price.wait_h), set_at, share, by_hour)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How many requests a listing is worth in the hours of the next day, of which every second one is looked at."""

    # The square root of half its novel links an hour and of what it takes: divided by that of the price, its requests.
    roots: tuple[float, ...]
    floors: tuple[float, ...]
    most: float

    @classmethod
    def of(cls, listing: ListingRate, host: HostRate, budget: Budget, now: datetime) -> "_Wanted":
        shape, novel, fresh = listing.shape, listing.novel_rate(host), listing.fresh_rate
        begin = hours_of(now)
        factors = [shape.hours[hour] * shape.days[day] for hour, day, _ in pieces(begin, begin + _DAY_H)][:HOURS:_EACH]
        least = 1 / budget.most_interval_h
        holds = listing.holds
        return cls(
            tuple([math.sqrt(listing.requests * novel * factor / 2) for factor in factors]),
            tuple([listing.requests * max(least, fresh * factor / holds) for factor in factors]),
            listing.requests / budget.least_interval_h,
        )


def _solve(wanted: list[_Wanted], target: float, guess: float) -> float:
    """Return the price at which the requests of the hours looked at come to the target.

    Those that neither bound holds follow the price; each round finds anew which they are, and shares among them what
    the others leave.
    """
    hours = [(own, floor, each.most) for each in wanted for own, floor in zip(each.roots, each.floors, strict=True)]
    wait_h = guess
    for _ in range(_ROUNDS):
        root = math.sqrt(wait_h)
        fixed = free = 0.0
        for own, floor, most in hours:
            asks = own / root
            if asks < floor:
                fixed += floor
            elif asks > most:
                fixed += most
            else:
                free += own
        # Where the bounds alone use up everything, the rest is asked as rarely as a tenth of the target allows.
        left = max(target - fixed, target / 10)
        if not free:
            wait_h = max(wait_h / 4, _LEAST_PRICE_H) if fixed <= target else min(wait_h * 4, _MOST_PRICE_H)
            continue
        found = min(max((free / left) ** 2, _LEAST_PRICE_H), _MOST_PRICE_H)
        if abs(found - wait_h) <= _NEAR_ENOUGH * wait_h:
            return found
        wait_h = found
    return wait_h
