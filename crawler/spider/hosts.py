"""What one crawl knows of the hosts that it asks: their state, their turns, and which of them are left alone."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from crawler.spider.failures import LeftAloneError, UnreachedError
from crawler.spider.politeness import HostState, Manners, after_answer, after_failure

_UNKNOWN = HostState()


class Hosts:
    """The one place where what is known of a host changes; one for each crawl."""

    def __init__(self, manners: Manners, clock: Callable[[], datetime]) -> None:
        self._manners = manners
        self._clock = clock
        self._states: dict[str, HostState] = {}
        self._delays_s: dict[str, float] = {}
        self._turns: dict[str, float] = {}
        self.unreached: dict[str, UnreachedError] = {}
        self.answers = 0

    def state(self, host: str) -> HostState:
        """Return what is known of a host."""
        return self._states.get(host, _UNKNOWN)

    @property
    def left(self) -> Mapping[str, str]:
        """The hosts that are left alone, each with the reason."""
        return {host: state.left for host, state in self._states.items() if state.left}

    def answered(self, host: str, *, status: int, retry_after: str | None) -> None:
        """Note a status that a host has answered with."""
        self.answers += 1
        state = after_answer(
            self.state(host), status=status, retry_after=retry_after, now=self._clock(), manners=self._manners
        )
        self._states[host] = state
        self._rest(host, state.pause_s)

    def failed(self, host: str, *, reason: str) -> None:
        """Note a request that brought no answer, or none that is whole."""
        self._states[host] = after_failure(self.state(host), reason=reason, manners=self._manners)
        self._rest(host)

    def leave(self, host: str, reason: str) -> None:
        """Leave a host alone for the rest of the crawl."""
        self._states[host] = replace(self.state(host), left=self.state(host).left or reason)

    def slow_down(self, host: str, delay_s: float) -> None:
        """Keep at least this pause from now on, as the host's robots.txt asks."""
        self._delays_s[host] = max(delay_s, self._manners.delay_s)
        self._rest(host)

    async def turn(self, host: str, url: str) -> None:
        """Wait until the host may be asked again.

        Raises:
            LeftAloneError: It may not be asked at all any more.
        """
        self._check(host, url)
        # The loop's clock, unlike that on the wall, never jumps.
        clock = asyncio.get_running_loop().time
        while (wait_s := self._turns.get(host, 0.0) - clock()) > 0:  # noqa: ASYNC110  - a moment, not an event
            # Looked at again afterwards: another request may have had its turn, or brought a pause, meanwhile.
            await asyncio.sleep(wait_s)
        self._check(host, url)
        self._turns[host] = clock() + self._delay_s(host)

    def _check(self, host: str, url: str) -> None:
        state = self.state(host)
        if state.left is not None:
            raise LeftAloneError(url, state.left)

    def _delay_s(self, host: str) -> float:
        return self._delays_s.get(host, self._manners.delay_s)

    def _rest(self, host: str, pause_s: float = 0.0) -> None:
        free_at = asyncio.get_running_loop().time() + max(pause_s, self._delay_s(host))
        self._turns[host] = max(self._turns.get(host, 0.0), free_at)
