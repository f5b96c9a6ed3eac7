"""When a listing with the schedule `auto` is asked next, and why.

The price (`price.py`) says how long novel links may wait together; the rate (`listing_rate.py`) says when so much has
come together. Three bounds stand above it: never oftener than the least interval, never more rarely than the most,
and never so rarely that entries scroll off before they are seen.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from scheduler.listing_rate import HostRate, ListingRate
from scheduler.price import Budget, Price
from scheduler.rhythm import JAKARTA, Shape, hours_of, moment_of, pieces

Reason = Literal["first", "price", "least", "most", "scroll"]
_MINUTES: Final = 60
# So few entries are all of some time, as of two days, and not the newest of many.
FEW: Final = 10
# From here on a number is printed without, and from there with, one decimal.
_TEN, _TENTH, _HARDLY = 9.95, 0.095, 0.01


@dataclass(frozen=True, slots=True)
class NextAsk:
    """When a listing is asked next, and what decides it; `waiting` novel links are expected on it by then."""

    at: datetime
    reason: Reason
    waiting: float


def next_ask(listing: ListingRate, host: HostRate, price: Price, budget: Budget, now: datetime) -> NextAsk:
    """Return when a listing is asked next; never before `now`.

    A clock that was set back does not make it wait: an answer that lies in the future counts as one of `now`.
    """
    if listing.asked_at is None:
        return NextAsk(now, "first", 0.0)
    begin = hours_of(min(listing.asked_at, now))
    rate, most_h = listing.novel_rate(host), budget.most_interval_h
    wait_h = _until_waited(begin, rate, listing.shape, price.wait_h * listing.requests, most_h)
    reason: Reason = "price" if wait_h < most_h else "most"
    usual_h = listing.shape.between(begin, begin + wait_h)
    holds_h = _until_scrolled(begin, listing, wait_h, usual_h)
    if holds_h < wait_h:
        wait_h, reason = holds_h, "scroll"
    if wait_h < budget.least_interval_h:
        wait_h, reason = budget.least_interval_h, "least"
    if reason != "price":
        usual_h = listing.shape.between(begin, begin + wait_h)
    return NextAsk(max(now, moment_of(begin + wait_h)), reason, rate * usual_h)


def _until_waited(begin: float, rate: float, shape: Shape, limit: float, most_h: float) -> float:
    """Return after how many hours the links expected by then have together waited as long as the limit says."""
    came = waited = age = 0.0
    for hour, day, length in pieces(begin, begin + most_h):
        here = rate * shape.hours[hour] * shape.days[day]
        after = waited + came * length + here * length * length / 2
        if after >= limit:
            # waited + came x + here x² / 2 = limit
            return age + 2 * (limit - waited) / (came + math.sqrt(came * came + 2 * here * (limit - waited)))
        came, waited, age = came + here * length, after, age + length
    return most_h


def _until_scrolled(begin: float, listing: ListingRate, most_h: float, usual_h: float) -> float:
    """Return after how many hours its first unseen entry may scroll off, at most the hours, worth so many usual ones.

    By its usual rate, and by that of late.
    """
    if listing.shown < FEW:
        return min(most_h, listing.stays_h / 2) if listing.stays_h else most_h
    holds, fresh = listing.holds, listing.fresh_rate
    if listing.lately_rate * most_h > holds:
        most_h = holds / listing.lately_rate
    if fresh * usual_h <= holds:
        return most_h
    age = came = 0.0
    for hour, day, length in pieces(begin, begin + most_h):
        here = fresh * listing.shape.hours[hour] * listing.shape.days[day]
        if came + here * length >= holds:
            return age + (holds - came) / here
        came, age = came + here * length, age + length
    return most_h


def why(listing: ListingRate, host: HostRate, price: Price, budget: Budget, now: datetime) -> str:
    """Return in one line what a listing brings, how often it is therefore asked, when next, and why then."""
    ask = next_ask(listing, host, price, budget, now)
    if listing.asked_at is None:
        return "never asked yet; next now"
    every = _spoken(ask.at - min(listing.asked_at, now))
    match ask.reason:
        case "least":
            cause = f"since nothing is asked more often than every {_spoken_h(budget.least_interval_h)}"
        case "most":
            cause = f"since everything is asked at least every {_spoken_h(budget.most_interval_h)}"
        case "scroll":
            cause = f"since it shows {listing.shown} entries, of which some may be gone later"
        case _:
            worth = "a request" if round(listing.requests) == 1 else f"{listing.requests:.0f} requests"
            cause = f"since {_number(ask.waiting)} are then expected, worth {worth} at today's budget"
    return f"{brings(listing, host, now)}; asked every {every}; next {ask.at.astimezone(JAKARTA):%H:%M}, {cause}"


def brings(listing: ListingRate, host: HostRate, now: datetime) -> str:
    """Return how much a listing brings in the hour that begins."""
    here = hours_of(now)
    rate = listing.novel_rate(host) * listing.shape.between(here, here + 1)
    return f"brings {_number(rate)} new links an hour at this hour"


def _number(value: float) -> str:
    if value < _HARDLY:
        return "hardly any"
    return f"{value:.0f}" if value >= _TEN else f"{value:.1f}" if value >= _TENTH else f"{value:.2g}"


def _spoken(length: timedelta) -> str:
    return _spoken_h(length.total_seconds() / 3600)


def _spoken_h(hours: float) -> str:
    seconds = round(hours * 3600)
    if seconds < 2 * _MINUTES:
        return f"{seconds} s"
    return f"{seconds / 60:.0f} min" if seconds < 120 * _MINUTES else f"{hours:.1f} h".replace(".0 h", " h")
