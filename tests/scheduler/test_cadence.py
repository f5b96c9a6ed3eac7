"""How often a listing is asked: it follows what the listing brings, within its bounds and the host's budget."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.cadence import next_ask, why
from scheduler.listing_rate import (
    Answer,
    Count,
    HostRate,
    ListingRate,
    as_json,
    host_from_json,
    listing_from_json,
    observe,
)
from scheduler.price import Budget, Price, is_due, set_price
from scheduler.rhythm import JAKARTA

MIDNIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUDGET = Budget(requests_per_day=480)
CHANCE = random.Random(5)  # noqa: S311  - no secret


def known(per_hour: float, *, fresh: float | None = None, shown: int = 100) -> ListingRate:
    """Return a listing of a well-known steady rate, last asked at midnight."""
    listing = ListingRate(
        asked_at=MIDNIGHT, shown=shown, fresh=Count((per_hour if fresh is None else fresh) * 1e6, 1e6)
    )
    return replace(
        listing, rhythm=replace(listing.rhythm, came_by_hour=(per_hour * 1e5,) * 24, seen_by_hour=(1e5,) * 24)
    )


def came(mean: float) -> int:
    """Return how many come where so many are expected."""
    count, left = 0, CHANCE.expovariate(1)
    while left < mean:
        count, left = count + 1, left + CHANCE.expovariate(1)
    return count


def learned(rate_at: dict[int, float], *, days: int, every_min: int = 20) -> tuple[ListingRate, HostRate]:
    """Return what is learned of a listing with a rate for each hour of Jakarta's day."""
    listing, host = ListingRate(), HostRate()
    at = MIDNIGHT
    while at < MIDNIGHT + days * 24 * HOUR:
        novel = came(rate_at[at.astimezone(JAKARTA).hour] * every_min / 60)
        at += timedelta(minutes=every_min)
        listing, host = observe(listing, host, Answer(at, novel, novel, 50))
    return listing, host


def test_a_steady_rate_is_learned() -> None:
    listing, host = learned(dict.fromkeys(range(24), 6.0), days=7)

    assert listing.novel_rate(host) == pytest.approx(6.0, rel=0.1)
    assert all(0.7 < factor < 1.4 for factor in listing.shape.hours)


def test_a_daily_rhythm_is_learned_and_shared_with_what_is_not_known_yet() -> None:
    rates = {hour: 10.0 if 8 <= hour < 20 else 1.0 for hour in range(24)}

    listing, host = learned(rates, days=7)

    assert listing.novel_rate(host) == pytest.approx(5.5, rel=0.1)
    assert listing.shape.hours[12] * listing.novel_rate(host) == pytest.approx(10, rel=0.25)
    assert listing.shape.hours[2] * listing.novel_rate(host) < 2
    assert host.shape.hours[12] > 2 * host.shape.hours[2]


def test_what_a_first_answer_shows_tells_of_the_time_before() -> None:
    first = Answer(MIDNIGHT, novel=20, fresh=20, shown=20, oldest_at=MIDNIGHT - HOUR)

    listing, host = observe(ListingRate(), HostRate(), first)

    assert 4 < listing.novel_rate(host) <= 20
    assert next_ask(listing, host, Price(wait_h=100), BUDGET, MIDNIGHT).reason == "scroll"


def test_four_times_the_links_are_asked_for_twice_as_often() -> None:
    quiet, busy = (next_ask(known(rate), HostRate(), Price(), BUDGET, MIDNIGHT) for rate in (2.0, 8.0))

    assert quiet.reason == busy.reason == "price"
    assert (quiet.at - MIDNIGHT) / (busy.at - MIDNIGHT) == pytest.approx(2, rel=0.01)
    # Links that come at a rate r wait r t² / 2 together.
    assert (busy.at - MIDNIGHT).total_seconds() / 3600 == pytest.approx(0.5, rel=0.01)


def test_of_what_other_listings_bring_first_only_the_rest_counts() -> None:
    covered = next_ask(known(0.1, fresh=30), HostRate(), Price(), BUDGET, MIDNIGHT)

    assert covered.reason == "scroll"
    assert 1 < (covered.at - MIDNIGHT) / HOUR < 3


@pytest.mark.parametrize(
    ("listing", "price_h", "reason", "after"),
    [
        (known(1e4, shown=9), 0.001, "least", timedelta(minutes=1)),
        (known(0.001), 10.0, "most", timedelta(hours=12)),
        (known(60, shown=20), 1000.0, "scroll", timedelta(minutes=5.688)),
        (ListingRate(), 1.0, "first", timedelta(0)),
    ],
)
def test_the_bounds_stand_above_the_price(listing: ListingRate, price_h: float, reason: str, after: timedelta) -> None:
    ask = next_ask(listing, HostRate(), Price(wait_h=price_h), BUDGET, MIDNIGHT)

    assert ask.reason == reason
    assert abs(ask.at - MIDNIGHT - after) < timedelta(seconds=5)


def test_a_burst_brings_the_listing_forward_before_entries_scroll_off() -> None:
    listing, host = learned(dict.fromkeys(range(24), 2.0), days=3)
    asked = listing.asked_at
    assert asked is not None
    usual = next_ask(listing, host, Price(wait_h=50), BUDGET, asked).at - asked

    listing, host = observe(listing, host, Answer(asked + HOUR, 50, 50, 50))

    ask = next_ask(listing, host, Price(wait_h=50), BUDGET, asked + HOUR)
    assert ask.reason == "scroll"
    assert ask.at - asked - HOUR < usual / 4
    assert listing.overruns == 1


def test_few_entries_are_those_of_some_days_and_no_reason_for_haste() -> None:
    listing = replace(known(0.05, fresh=0.05, shown=2), stays_h=40.0)

    assert next_ask(listing, HostRate(), Price(wait_h=100), BUDGET, MIDNIGHT).reason == "most"


def test_the_price_uses_up_the_budget_of_a_day() -> None:
    budget = Budget(requests_per_day=24 * 20)
    listings = [known(rate) for rate in (20.0, 8.0, 3.0, 1.0, 0.5, 0.2, 0.1)]
    host, price = HostRate(), Price()
    asks, now = 0, MIDNIGHT
    dues = [MIDNIGHT] * len(listings)
    while now < MIDNIGHT + 72 * HOUR:
        if is_due(price, now):
            price = set_price(price, budget, host, listings, now)
            dues = [next_ask(each, host, price, budget, now).at for each in listings]
        now = max(min(dues), now)
        number = dues.index(min(dues))
        listings[number] = replace(listings[number], asked_at=now)
        price = price.after_asking()
        dues[number] = next_ask(listings[number], host, price, budget, now).at
        asks += now >= MIDNIGHT + 48 * HOUR

    assert asks == pytest.approx(480, rel=0.05)


def test_a_clock_that_was_set_back_does_not_keep_a_listing_waiting() -> None:
    listing = known(8.0)

    ask = next_ask(listing, HostRate(), Price(), BUDGET, MIDNIGHT - 10 * HOUR)

    assert ask.at < MIDNIGHT - 9 * HOUR
    assert is_due(Price(set_at=MIDNIGHT), MIDNIGHT - HOUR)


def test_an_answer_from_before_the_last_teaches_nothing() -> None:
    listing, host = learned(dict.fromkeys(range(24), 2.0), days=1)

    after, same = observe(listing, host, Answer(MIDNIGHT, 40, 40, 50))

    assert after == replace(listing, asked_at=MIDNIGHT)
    assert same == host


def test_an_unchanged_listing_shows_what_it_showed() -> None:
    listing, host = observe(ListingRate(), HostRate(), Answer(MIDNIGHT, 3, 30, 30, MIDNIGHT - 2 * HOUR))

    later, _ = observe(listing, host, Answer(MIDNIGHT + HOUR))

    assert (later.shown, later.overruns) == (30, 0)
    assert later.novel_rate(host) < listing.novel_rate(host)


def test_what_was_learned_goes_through_json() -> None:
    listing, host = learned({hour: 1.0 + hour for hour in range(24)}, days=2)

    assert listing_from_json(json.loads(json.dumps(as_json(listing)))) == listing
    assert host_from_json(json.loads(json.dumps(as_json(host)))) == host


@pytest.mark.parametrize(
    ("listing", "price_h", "told"),
    [
        (
            known(8.0),
            1.0,
            (
                "brings 8.0 new links an hour at this hour; asked every 30 min; next 00:30, "
                "since 4.0 are then expected, worth a request at today's budget"
            ),
        ),
        (
            known(0.01),
            10.0,
            (
                "brings 0.01 new links an hour at this hour; asked every 12 h; next 12:00, "
                "since everything is asked at least every 12 h"
            ),
        ),
        (
            known(60, shown=20),
            1000.0,
            (
                "brings 60 new links an hour at this hour; asked every 6 min; next 00:05, "
                "since it shows 20 entries, of which some may be gone later"
            ),
        ),
        (
            known(9999, shown=9),
            0.001,
            (
                "brings 9999 new links an hour at this hour; asked every 60 s; next 00:01, "
                "since nothing is asked more often than every 60 s"
            ),
        ),
        (ListingRate(), 1.0, "never asked yet; next now"),
    ],
)
def test_why_says_rate_interval_next_time_and_reason(listing: ListingRate, price_h: float, told: str) -> None:
    assert why(listing, HostRate(), Price(wait_h=price_h), BUDGET, MIDNIGHT) == told
