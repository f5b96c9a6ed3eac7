"""What a crawl knows of the hosts that it asks: their state, their turns, and which of them are left alone.

What must outlive the crawl (pauses, refusals, robots.txt, the budget of the day) is loaded from the archive once, and
saved there when it changes: with a pause, a failure, a new robots.txt, and once for every `TAKEN_AT_ONCE` requests.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from crawler.archive.hosts import KeptRobots, KnownHost, end_of_day, used_up
from crawler.spider.budget import Budget
from crawler.spider.failures import LeftAloneError, UnreachedError
from crawler.spider.politeness import (
    LONGEST_GROWN_S,
    HostState,
    Manners,
    after_answer,
    after_failure,
    after_wall,
    grown_pause_s,
)

_UNKNOWN = HostState()
_LONGEST = timedelta(seconds=LONGEST_GROWN_S)


class Store(Protocol):
    """Where what is known of hosts outlives the crawl."""

    def load(self) -> Mapping[str, KnownHost]:
        """Return all hosts by their names."""

    def save(self, hosts: Iterable[KnownHost]) -> None:
        """Keep what is known of these."""


@dataclass(slots=True)
class _Turn:
    """When a host may be asked again, by a clock that never jumps; the pause is stretched by chance."""

    delay_s: float
    ended_s: float = -math.inf
    stretch: float = 1.0
    paused_until_s: float = -math.inf
    has_answered: bool = False
    # How often in a row a request brought no answer that came to its end.
    unanswered: int = 0
    asked_at: datetime | None = None

    def wait_s(self) -> float:
        """Return how long to wait from now."""
        return max(self.paused_until_s, self.ended_s + self.delay_s * self.stretch) - time.monotonic()


class Hosts:
    """The one place where what is known of a host changes; one for each crawl."""

    def __init__(
        self,
        manners: Manners,
        clock: Callable[[], datetime],
        store: Store | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._manners = manners
        self._clock = clock
        self._store = store
        self._chance = chance
        self._known = dict(store.load()) if store else {}
        self._budget = Budget(manners.requests_per_day, self._known)
        self._states: dict[str, HostState] = {}
        self._turns: dict[str, _Turn] = {}
        self._robots = {name: known.robots for name, known in self._known.items() if known.robots}
        # The hosts that could not be reached since any host answered last.
        self.unreached: dict[str, UnreachedError] = {}
        # How often each status came: {"200": 7}.
        self.answers: Counter[str] = Counter()
        for known in self._known.values():
            self._resume(known)

    def state(self, host: str) -> HostState:
        """Return what is known of a host."""
        return self._states.get(host, _UNKNOWN)

    @property
    def left(self) -> Mapping[str, str]:
        """The hosts that are left alone, each with the reason and until when."""
        return {host: state.told for host, state in self._states.items() if state.left}

    @property
    def is_offline(self) -> bool:
        """Tell whether none of the hosts that were asked can be reached any more: the fault is that of our network."""
        asked = {host for host, turn in self._turns.items() if turn.asked_at is not None}
        return bool(asked) and all(host in self.unreached and self.state(host).left for host in asked)

    @property
    def refusing(self) -> list[str]:
        """The hosts that are left alone because they refuse us: a person must see to it."""
        most = self._manners.refusals_allowed
        return [host for host, state in self._states.items() if state.left and max(state.refusals, state.walls) >= most]

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    def answered(self, host: str, *, status: int, retry_after: str | None) -> None:
        """Note a status that a host has answered with."""
        self.answers[str(status)] += 1
        self.unreached.clear()
        self._turn(host).has_answered = True
        self._turn(host).unanswered = 0
        before = self.state(host)
        now = self._clock()
        state = after_answer(before, status=status, retry_after=retry_after, now=now, manners=self._manners)
        self._change(host, state)
        self._rest(host, state.pause_s)

    def failed(self, host: str, *, reason: str) -> None:
        """Note a request that brought no answer, or none that is whole."""
        self._turn(host).unanswered += 1
        self._change(host, after_failure(self.state(host), reason=reason, now=self._clock(), manners=self._manners))
        self._rest(host)

    def lost(self, host: str, error: UnreachedError) -> None:
        """Note that a host could not be reached; if it never answered in this crawl, it is left to the next one."""
        self.unreached[host] = error
        self._budget.give_back(host)
        reason = f"{error.reason}: {error.detail}" if error.detail else error.reason
        now = self._clock()
        state = after_failure(self.state(host), reason=reason, now=now, manners=self._manners, is_lost=True)
        if state.left is None and not self._turn(host).has_answered:
            state = replace(state, left=reason, not_before=None, wait_reason=None)
        self._states[host] = state
        self._rest(host)

    def walled(self, host: str) -> None:
        """Note that a host gave a page for consent, against robots or with an error in place of an article."""
        self._change(host, after_wall(self.state(host), now=self._clock(), manners=self._manners))

    def was_read(self, host: str) -> None:
        """Note that an article of a host was read."""
        if self.state(host).walls:
            self._change(host, replace(self.state(host), walls=0))

    def leave(self, host: str, reason: str, *, for_s: float | None = None) -> None:
        """Leave a host alone: so long, or longer the more often it has failed."""
        state = self.state(host)
        if state.left is None:
            pause_s = grown_pause_s(state.failures - 1) if for_s is None else for_s
            until = self._clock() + timedelta(seconds=pause_s)
            self._change(host, replace(state, left=reason, wait_reason=reason, not_before=until))

    def slow_down(self, host: str, delay_s: float) -> None:
        """Keep at least this pause from now on, as the host's robots.txt asks."""
        self._turn(host).delay_s = max(delay_s, self._manners.delay_s)

    def robots(self, host: str) -> KeptRobots | None:
        """Return the robots.txt that a host gave when it was last asked, however old."""
        return self._robots.get(host)

    def robots_last_s(self, host: str) -> float:
        """Return for how long the rules of a host may be used in this crawl: until its robots.txt is a day old."""
        kept = self._robots.get(host)
        age = self._clock() - kept.at if kept else timedelta()
        return (_LONGEST - age).total_seconds() if timedelta() < age < _LONGEST else LONGEST_GROWN_S

    def keep_robots(self, host: str, robots: KeptRobots) -> None:
        """Keep a robots.txt for the next crawls."""
        self._robots[host] = robots
        self._save([host])

    def settle(self) -> None:
        """Keep the last of what is to be known by the next crawl; this one is over."""
        self._budget.settle()
        if self.is_offline:
            # What was under way when the network went down is not the fault of the host either.
            for host in self.unreached:
                state = self.state(host)
                failures = max(state.failures - self._turn(host).unanswered, 0)
                self._states[host] = replace(state, failures=failures)
        self._save(host for host, turn in self._turns.items() if turn.asked_at is not None)

    async def turn(self, host: str, url: str) -> None:
        """Wait until the host may be asked again, and count the request.

        Raises:
            LeftAloneError: It may not be asked at all any more.
        """
        self.check(host, url)
        turn = self._turn(host)
        while (wait_s := turn.wait_s()) > 0:  # noqa: ASYNC110  - a moment, not an event
            # Looked at again afterwards: another request may have had its turn, or brought a pause, meanwhile.
            await asyncio.sleep(wait_s)
        self.check(host, url)
        turn.asked_at = now = self._clock()
        must_save = self._budget.use(host, now)
        if must_save is None:
            told = used_up(self._budget.per_day)
            self._states[host] = replace(self.state(host), left=told, wait_reason=None, not_before=end_of_day(now))
            self.check(host, url)
        elif must_save:
            self._save([host])
        turn.ended_s = time.monotonic()

    def check(self, host: str, url: str) -> None:
        """Return if the host may be asked at all.

        Raises:
            LeftAloneError: It is left alone.
        """
        state = self._states.get(host)
        if state is not None and state.left is not None:
            raise LeftAloneError(url, f"its host is left alone {state.told}")

    def _turn(self, host: str) -> _Turn:
        turn = self._turns.get(host)
        if turn is None:
            turn = self._turns[host] = _Turn(self._manners.delay_s)
        return turn

    def _rest(self, host: str, pause_s: float = 0.0) -> None:
        turn = self._turn(host)
        turn.ended_s = time.monotonic()
        turn.stretch = 1.0 + self._manners.jitter * self._chance()
        turn.paused_until_s = turn.ended_s + pause_s if pause_s else -math.inf

    def _resume(self, known: KnownHost) -> None:
        """Take up what an earlier crawl has left: counts, a pause that is not over, the pause between two requests."""
        now, turn = self._clock(), self._turn(known.name)
        state = HostState(refusals=known.refusals, failures=known.failures, walls=known.walls)
        if known.not_before is not None and known.not_before > now:
            # Where the clock was wrong when it was written, it must not hold for years.
            until = min(known.not_before, now + _LONGEST)
            wait_s = (until - now).total_seconds()
            is_long = wait_s > self._manners.patience_s
            reason = known.wait_reason or "it asked for a pause"
            state = replace(state, not_before=until, wait_reason=reason, left=reason if is_long else None)
            turn.paused_until_s = time.monotonic() + wait_s
        if known.last_asked_at is not None and self._manners.delay_s >= 1:
            # Kept in whole seconds; shorter pauses, as with a server on this machine, are not worth it.
            ago_s = (now - known.last_asked_at).total_seconds() - 1
            turn.ended_s = time.monotonic() - max(ago_s, 0.0)
        self._states[known.name] = state

    def _change(self, host: str, state: HostState) -> None:
        before = self._states.get(host, _UNKNOWN)
        if state is before:
            return
        self._states[host] = state
        if _kept(state) != _kept(before):
            self._save([host])

    def _save(self, hosts: Iterable[str]) -> None:
        if self._store is not None:
            self._store.save([self._known_host(host) for host in hosts])

    def _known_host(self, host: str) -> KnownHost:
        state, turn, known = self.state(host), self._turn(host), self._known.get(host)
        counted_on, counted = self._budget.counted(host)
        return KnownHost(
            name=host,
            robots=self._robots.get(host),
            # Without a reason it is the budget, which is counted anew when the day, or the setting, has changed.
            not_before=state.not_before if state.wait_reason else None,
            wait_reason=state.wait_reason,
            refusals=state.refusals,
            failures=state.failures,
            walls=state.walls,
            counted_on=counted_on,
            counted=counted,
            last_asked_at=turn.asked_at or (known.last_asked_at if known else None),
        )


def _kept(state: HostState) -> tuple[object, ...]:
    return state.refusals, state.failures, state.walls, state.not_before
