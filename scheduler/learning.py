"""What the listings answered becomes what is known of how much they bring, and that decides when each is asked next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Self
from urllib.parse import urlsplit

from config.settings import Settings
from crawler.archive.answers import (
    KeptAnswer,
    forget_answers_in,
    has_settled_answers,
    load_cadence_in,
    save_cadence_in,
    settled_answers_in,
)
from crawler.archive.connect import Transaction
from crawler.archive.schedules import KeptSchedule, put_off_in
from crawler.article import Listing
from crawler.follows import followed
from scheduler import listing_rate, price
from scheduler.cadence import FEW, brings, next_ask, why
from scheduler.listing_rate import Answer, HostRate, ListingRate, observe
from scheduler.price import Budget, Price, set_price
from scheduler.rhythm import JAKARTA
from scheduler.standing import rule_of

# Of a host's requests of a day, this share goes to its listings at most; the rest is for articles.
LISTINGS_SHARE: Final = 0.5
_LEAST_INTERVAL_H: Final = 2 / 60


@dataclass(frozen=True, slots=True)
class Known:
    """What settings say of the listings, by their names, and of how often a host may be asked."""

    listings: Mapping[str, Listing]
    budget: Budget
    max_index_pages: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what settings say; raises SettingsError."""
        requests_per_day = settings.spider.requests_per_day * LISTINGS_SHARE
        return cls(
            {each.name: each for each in followed(settings).listings},
            Budget(requests_per_day, least_interval_h=_LEAST_INTERVAL_H),
            settings.crawl.max_index_pages,
        )

    def listing_of(self, kept: KeptSchedule) -> Listing | None:
        """Return the listing whose schedule it is; None where that is not followed any more, or it is of several."""
        kind, _, name = kept.name.partition(":")
        return self.listings.get(name) if kind == "listing" else None


class Learning:
    """What is known of listings and hosts, within one transaction; `save` writes down what has changed."""

    def __init__(self, connection: Transaction, known: Known, now: datetime) -> None:
        self._connection = connection
        self._known = known
        self._now = now
        load = load_cadence_in
        self._rates = {
            name: listing_rate.listing_from_json(value) for name, value in load(connection, "listing").items()
        }
        self._hosts = {name: listing_rate.host_from_json(value) for name, value in load(connection, "host").items()}
        self._prices = {name: price.from_json(value) for name, value in load(connection, "price").items()}
        self._changed: set[tuple[str, str]] = set()
        # Hosts of which nothing was known until now: the price was set on a guess.
        self._met: set[str] = set()

    def take_answers(self) -> frozenset[str]:
        """Learn from what came since, and let go of it; return the names of the listings that answered."""
        answers = settled_answers_in(self._connection)
        asked: dict[tuple[int | None, str], list[KeptAnswer]] = {}
        for each in answers:
            asked.setdefault((each.crawl_id, each.name), []).append(each)
        for (_, name), rows in asked.items():
            listing = self._known.listings.get(name)
            if listing is not None:
                self._learn(listing, answer_of(rows, listing, max_index_pages=self._known.max_index_pages))
        forget_answers_in(self._connection, answers)
        return frozenset(name for _, name in asked)

    def set_prices(self, schedules: Iterable[KeptSchedule]) -> frozenset[str]:
        """Set the price of a request anew for each host of these schedules where it is time; return these hosts.

        It is time every hour, and when a listing gave its first answer.
        """
        by_host: dict[str, list[ListingRate]] = {}
        for kept in schedules:
            listing = self._known.listing_of(kept)
            if listing is not None:
                by_host.setdefault(host_of(listing), []).append(self._rates.get(listing.name, ListingRate()))
        prices = {host: self._prices.get(host, Price()) for host in by_host}
        due = [host for host in by_host if host in self._met or price.is_due(prices[host], self._now)]
        for host in due:
            rate = self._hosts.get(host, HostRate())
            self._prices[host] = set_price(prices[host], self._known.budget, rate, by_host[host], self._now)
            self._changed.add(("price", host))
        return frozenset(due)

    def put_off(self, kept: KeptSchedule, *, has_fired: bool = False) -> KeptSchedule:
        """Say when a listing is asked next, and why then; one that was never asked is due at once, until it fired."""
        listing = self._known.listing_of(kept)
        if listing is None:
            return kept
        host = host_of(listing)
        rate = self._rates.get(listing.name, ListingRate())
        if rate.asked_at is None and kept.next_at is None and not has_fired:
            return kept
        # One that was asked and gave no answer waits as if it had.
        asked_at = min(self._now, max(kept.settled_at, rate.asked_at or kept.settled_at))
        rate = replace(rate, asked_at=asked_at)
        told = (rate, self._hosts.get(host, HostRate()), self._prices.get(host, Price()), self._known.budget)
        # What should have been asked while nobody looked is late, and says so.
        at, reason = next_ask(*told, asked_at).at, why(*told, self._now)
        rule = rule_of(kept.order)
        held = rule.fires_at(at)
        if held != at:
            reason += f"; held back by quiet hours {rule.quiet} until {held.astimezone(JAKARTA):%H:%M}"
        put_off_in(self._connection, kept.schedule_id, next_at=held, reason=reason)
        return replace(kept, next_at=held, next_reason=reason)

    def tell(self, kept: KeptSchedule) -> None:
        """Say what is known of a listing that is asked by another plan."""
        listing = self._known.listing_of(kept)
        if listing is not None and listing.name in self._rates:
            known = brings(self._rates[listing.name], self._hosts.get(host_of(listing), HostRate()), self._now)
            put_off_in(self._connection, kept.schedule_id, next_at=None, reason=known)

    def save(self) -> None:
        """Write down what has changed."""
        kinds = {
            "listing": {name: listing_rate.as_json(value) for name, value in self._rates.items()},
            "host": {name: listing_rate.as_json(value) for name, value in self._hosts.items()},
            "price": {name: price.as_json(value) for name, value in self._prices.items()},
        }
        for kind in ("listing", "host", "price"):
            changed = {name: value for name, value in kinds[kind].items() if (kind, name) in self._changed}
            save_cadence_in(self._connection, kind, changed, now=self._now)

    def _learn(self, listing: Listing, answer: Answer) -> None:
        host = host_of(listing)
        before = self._rates.get(listing.name, ListingRate()), self._hosts.get(host, HostRate())
        if before[0].asked_at is None:
            self._met.add(host)
        self._rates[listing.name], self._hosts[host] = observe(*before, answer)
        self._prices[host] = self._prices.get(host, Price()).after_asking(answer.requests)
        self._changed |= {("listing", listing.name), ("host", host), ("price", host)}


def host_of(listing: Listing) -> str:
    """Return the host whose budget a listing is asked on."""
    return urlsplit(listing.url).hostname or ""


def is_to_learn(connection: Transaction, known: Known, schedules: Iterable[KeptSchedule], now: datetime) -> bool:
    """Tell whether listings answered since, or the price of a request to one of their hosts is to be set anew."""
    if has_settled_answers(connection):
        return True
    prices = {name: price.from_json(value) for name, value in load_cadence_in(connection, "price").items()}
    hosts = {host_of(listing) for kept in schedules if (listing := known.listing_of(kept))}
    return any(price.is_due(prices.get(host, Price()), now) for host in hosts)


def answer_of(rows: Sequence[KeptAnswer], listing: Listing, *, max_index_pages: int) -> Answer:
    """Return what a listing answered in one crawl, of what the addresses answered that were asked for it.

    The pages of an index are one list, which ends where no further page is asked. The sitemaps that an index of
    sitemaps names are each a list of its own: what scrolls off first counts, so that the fullest speaks for all.
    """
    shown, fresh = sum(each.shown for each in rows), sum(each.fresh for each in rows)
    at = rows[0].at
    told = [(each.shown, each.oldest_at) for each in rows if each.oldest_at is not None and each.oldest_at < at]
    if listing.kind == "index":
        shown = max(shown, max_index_pages * max(each.shown for each in rows))
        oldest_at = min((oldest for _, oldest in told), default=None)
    else:
        fullest = max((each.fresh / each.shown for each in rows if each.shown >= FEW), default=0.0)
        fresh = max(fresh, ceil(fullest * shown))
        # So old that the entries of all, in that time, are as many an hour as those of each in its own.
        rate = sum(number / (at - oldest).total_seconds() for number, oldest in told)
        oldest_at = at - timedelta(seconds=sum(number for number, _ in told) / rate) if rate else None
    novel = sum(each.novel for each in rows)
    return Answer(at, novel=novel, fresh=fresh, shown=shown, oldest_at=oldest_at, requests=len(rows))
