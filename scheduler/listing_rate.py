"""How much a listing brings: a Gamma-Poisson estimate of its novel links an hour, learned from every answer.

A link is *novel* that no listing had named before; it is *fresh* that this listing had not. What is worth asking
for is the novel; what scrolls off is everything that is fresh.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from scheduler.rhythm import HOURS, LEVEL, Rhythm, Shape, hours_of

# After so many hours half of what was learned is forgotten.
_HALF_H: Final = 21 * 24.0
_LATELY_HALF_H: Final = 2.0
# How many entries a prior is worth: the usual listing of the host, the host's rhythm, and an even day.
_RATE_PRIOR: Final = 0.5
_LISTING_RHYTHM_PRIOR: Final = 12.0
_HOST_RHYTHM_PRIOR: Final = 30.0
# The entries of a first answer tell of the time before; they are worth at most so many.
_FIRST_ANSWER: Final = 5.0
# How many standard deviations are taken for sure: of a rate, and of what comes at a rate.
_SURE: Final = 3.0
_RARELY: Final = 6.0
# By so much the busiest hour may exceed those that were seen on a first day.
_FIRST_DAY: Final = 3.0
# By so much the newest answer counts in how many requests one takes.
_NEWEST: Final = 0.2
# Links an hour of a listing of which nothing at all is known.
_UNKNOWN_RATE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Count:
    """What came, in how many usual hours: the two numbers of a Gamma distribution of the rate."""

    came: float = 0.0
    hours: float = 0.0

    def kept(self, share: float) -> "Count":
        """Return what is left of it after forgetting."""
        return Count(self.came * share, self.hours * share)

    def plus(self, came: float, hours: float) -> "Count":
        """Return it with more."""
        return Count(self.came + came, self.hours + hours)

    def rate(self, prior: float) -> float:
        """Return the mean rate an hour, as if half an entry had come before at the prior's rate."""
        return (_RATE_PRIOR + self.came) / (_RATE_PRIOR / prior + self.hours)


@dataclass(frozen=True, slots=True)
class HostRate:
    """What the listings of one host have in common: the rate of a usual one, and the rhythm of all.

    `shape` is read from the rhythm once an hour, and what is old forgotten.
    """

    novel: Count = field(default_factory=Count)
    rhythm: Rhythm = field(default_factory=Rhythm)
    shape: Shape = LEVEL
    learned_at: datetime | None = None

    @property
    def usual_rate(self) -> float:
        """Novel links an hour of a listing of which nothing is known."""
        return self.novel.rate(_UNKNOWN_RATE)


@dataclass(frozen=True, slots=True)
class ListingRate:
    """What was learned of one listing. `asked_at` is None until its first answer.

    `shown` is how many entries it last showed, `stays_h` the longest time, in hours, that an entry was seen to stay,
    where entries tell; `requests` how many requests an answer takes, as of a sitemap index with those that it names;
    `overruns` counts the answers in which every entry was fresh, so that others may have scrolled
    off before.
    """

    asked_at: datetime | None = None
    first: Count = field(default_factory=Count)
    fresh: Count = field(default_factory=Count)
    lately: Count = field(default_factory=Count)
    rhythm: Rhythm = field(default_factory=Rhythm)
    shape: Shape = LEVEL
    shown: int = 0
    stays_h: float = 0.0
    requests: float = 1.0
    overruns: int = 0

    def novel_rate(self, host: HostRate) -> float:
        """Return its novel links in a usual hour."""
        first = self.first
        usual = host.usual_rate
        # The first answer and the usual listing stand for the time before; what came since outweighs them.
        return self.rhythm.rate(
            self.shape,
            prior=first.rate(usual) if first.hours else usual,
            weight=_RATE_PRIOR + first.came,
        )

    @property
    def fresh_rate(self) -> float:
        """The entries that it gets in a usual hour, rather too many than too few."""
        if not self.fresh.hours:
            return 0.0
        sure = (self.fresh.came + _SURE * math.sqrt(self.fresh.came)) / self.fresh.hours
        # The busy hours of a listing that was not watched for a whole day are still to come.
        return sure * (_FIRST_DAY if sum(self.rhythm.seen_by_hour) < HOURS else 1.0)

    @property
    def lately_rate(self) -> float:
        """The entries an hour that it got in the last hours, as in a burst of news."""
        return self.lately.came / self.lately.hours if self.lately.hours else 0.0

    @property
    def holds(self) -> float:
        """How many entries may be expected on it before it is asked, so that hardly ever more come than it shows."""
        if not self.shown:
            return math.inf
        # Of a mean m, hardly ever more come than m and six times its square root.
        return (math.sqrt(_RARELY * _RARELY + 4 * self.shown) - _RARELY) ** 2 / 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What a listing answered: how many entries it shows, how many are fresh, and how many of those novel.

    A listing that is unchanged shows what it showed: `shown=None`. `oldest_at` is the moment of its oldest entry,
    `requests` how many it took.
    """

    at: datetime
    novel: int = 0
    fresh: int = 0
    shown: int | None = None
    oldest_at: datetime | None = None
    requests: int = 1


def observe(listing: ListingRate, host: HostRate, answer: Answer) -> tuple[ListingRate, HostRate]:
    """Return what is known of a listing and of its host after an answer.

    An answer from before the last one, as after a clock was set back, teaches nothing but the moment.
    """
    listing = _as_taken(_as_shown(listing, answer), answer)
    if listing.asked_at is None:
        return _first(listing, answer), host
    begin, end = hours_of(listing.asked_at), hours_of(answer.at)
    if end <= begin:
        return replace(listing, asked_at=answer.at), host
    usual_h = listing.shape.between(begin, end)
    rate = listing.novel_rate(host)
    kept = _kept(end - begin, _HALF_H)
    overran = listing.shown > 0 and answer.fresh >= listing.shown
    # What scrolled off was not counted; it was at least as much again where every entry was fresh.
    fresh = answer.fresh * (2 if overran else 1)
    rhythm = listing.rhythm.with_count(answer.novel, begin, end, shape=listing.shape)
    shape = listing.shape
    if int(end) > int(begin):
        rhythm = rhythm.kept(_kept(int(end) - int(begin), _HALF_H))
        shape = rhythm.shape(host.shape, weight=_LISTING_RHYTHM_PRIOR)
    learned = ListingRate(
        asked_at=answer.at,
        first=listing.first.kept(kept),
        fresh=listing.fresh.kept(kept).plus(fresh, usual_h),
        lately=listing.lately.kept(_kept(end - begin, _LATELY_HALF_H)).plus(fresh, end - begin),
        rhythm=rhythm,
        shape=shape,
        shown=listing.shown,
        stays_h=listing.stays_h,
        requests=listing.requests,
        overruns=listing.overruns + overran,
    )
    return learned, _host_after(host, answer, begin, rate=rate, usual_h=usual_h)


def as_json(state: ListingRate | HostRate) -> dict[str, Any]:
    """Return a state as JSON knows it."""
    return {key: value.timestamp() if isinstance(value, datetime) else value for key, value in asdict(state).items()}


def listing_from_json(value: Mapping[str, Any]) -> ListingRate:
    """Return the state of a listing that `as_json` wrote."""
    return ListingRate(
        asked_at=_moment(value["asked_at"]),
        first=Count(**value["first"]),
        fresh=Count(**value["fresh"]),
        lately=Count(**value["lately"]),
        rhythm=_rhythm(value["rhythm"]),
        shape=_shape(value["shape"]),
        shown=value["shown"],
        stays_h=value["stays_h"],
        requests=value["requests"],
        overruns=value["overruns"],
    )


def host_from_json(value: Mapping[str, Any]) -> HostRate:
    """Return the state of a host that `as_json` wrote."""
    return HostRate(
        Count(**value["novel"]), _rhythm(value["rhythm"]), _shape(value["shape"]), _moment(value["learned_at"])
    )


def _as_taken(listing: ListingRate, answer: Answer) -> ListingRate:
    if listing.asked_at is None:
        return replace(listing, requests=float(answer.requests))
    return replace(listing, requests=listing.requests + _NEWEST * (answer.requests - listing.requests))


def _as_shown(listing: ListingRate, answer: Answer) -> ListingRate:
    if answer.shown is None:
        return listing
    age_h = 0.0 if answer.oldest_at is None else (answer.at - answer.oldest_at).total_seconds() / 3600
    since_h = 0.0 if listing.asked_at is None else (answer.at - listing.asked_at).total_seconds() / 3600
    return replace(
        listing,
        shown=answer.shown,
        stays_h=max(age_h, listing.stays_h * _kept(max(0.0, since_h), _HALF_H)),
    )


def _first(listing: ListingRate, answer: Answer) -> ListingRate:
    """Return what a first answer tells: its entries came in the time since the oldest of them."""
    listing = replace(listing, asked_at=answer.at)
    if not listing.stays_h or not answer.shown:
        return listing
    worth = min(1.0, _FIRST_ANSWER / answer.shown)
    hours = listing.stays_h * worth
    return replace(
        listing,
        first=Count(answer.novel * worth, hours),
        fresh=Count(answer.shown * worth, hours),
    )


def _host_after(host: HostRate, answer: Answer, begin: float, *, rate: float, usual_h: float) -> HostRate:
    end = hours_of(answer.at)
    novel, shape, learned_at = host.novel, host.shape, host.learned_at
    rhythm = host.rhythm.with_count(answer.novel, begin, end, rate=rate, shape=shape)
    before = end if learned_at is None else hours_of(learned_at)
    if learned_at is None or int(end) > int(before):
        novel = novel.kept(_kept(end - before, _HALF_H))
        rhythm = rhythm.kept(_kept(end - before, _HALF_H))
        shape = rhythm.shape(LEVEL, weight=_HOST_RHYTHM_PRIOR)
        learned_at = answer.at
    return HostRate(novel.plus(answer.novel, usual_h), rhythm, shape, learned_at)


def _kept(hours: float, half_h: float) -> float:
    return float(0.5 ** (hours / half_h))


def _rhythm(value: Mapping[str, Any]) -> Rhythm:
    return Rhythm(**{key: tuple(numbers) for key, numbers in value.items()})


def _shape(value: Mapping[str, Any]) -> Shape:
    return Shape(tuple(value["hours"]), tuple(value["days"]))


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
