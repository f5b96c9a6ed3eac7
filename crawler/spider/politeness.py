"""How a host is treated with care: the pauses it asks for, its refusals, and when it is left alone."""

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from crawler.archive import reasons
from crawler.dates import ZONES

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?", re.ASCII)
_LONGEST_NUMBER = 12
_REDIRECTION, _FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 300, 403, 429, 500
# A host that goes on failing is left alone for longer each time: 5 min, 20 min, 80 min, 5 h 20 min, a day.
_FIRST_PAUSE_S: Final = 300.0
_GROWTH: Final = 4.0
LONGEST_GROWN_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave towards every host.

    Between the end of one answer and the next request lies `delay_s`, and by chance up to the share `jitter` of it
    more. A Retry-After is honoured up to `longest_pause_s`, and waited for within the crawl up to `patience_s`. A host
    is left alone after so many refusals (403), or failures of any kind, in a row, and after `requests_per_day`.
    """

    delay_s: float
    jitter: float = 0.0
    longest_pause_s: float = 3600.0
    patience_s: float = 30.0
    refusals_allowed: int = 3
    failures_allowed: int = 5
    requests_per_day: int = 10_000


@dataclass(frozen=True, slots=True)
class HostState:
    """What is known of one host.

    That is how often in a row it refused (403), failed, was lost (no connection, which is not its fault and not kept),
    or gave a wall (a page in place of an article); the pause that it asked for with its last answer, in seconds and as
    the moment when it ends; and in `left` the reason why it is left alone: until then, or for the rest of the crawl.
    """

    refusals: int = 0
    failures: int = 0
    lost: int = 0
    walls: int = 0
    pause_s: float = 0.0
    not_before: datetime | None = None
    wait_reason: str | None = None
    left: str | None = None

    @property
    def told(self) -> str:
        """Why it is left alone and until when, as a person reads it."""
        if self.not_before is None:
            return f"for the rest of this crawl: {self.left}"
        return f"until {in_jakarta(self.not_before)}: {self.left}"


def in_jakarta(moment: datetime) -> str:
    """Return the minute in the time of Jakarta; a part of a minute counts as a whole one."""
    whole = moment + timedelta(seconds=59, microseconds=999_999)
    return f"{whole.astimezone(ZONES['WIB']):%Y-%m-%d %H:%M} WIB"


def parse_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks to wait; None where it says nothing that can be understood.

    Args:
        value: Seconds ("120") or a date ("Fri, 24 Jul 2026 05:00:00 GMT"); a date in the past asks for 0 s.
        now: The present moment, aware.

    Source: RFC 9110, 10.2.3.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return float(text) if len(text) <= _LONGEST_NUMBER else math.inf
    try:
        asked = parsedate_to_datetime(text)
        aware = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def grown_pause_s(times: int) -> float:
    """Return how long a host is left alone that fails again after so many such pauses: 5 min, four times more each."""
    return min(_FIRST_PAUSE_S * _GROWTH ** min(max(times, 0), 9), LONGEST_GROWN_S)


def after_answer(
    host: HostState, *, status: int, retry_after: str | None, now: datetime, manners: Manners
) -> HostState:
    """Return what is known of a host after it has answered with a status.

    A Retry-After counts with every status but those of success, also with a redirect (RFC 9110, 10.2.3).
    """
    asked_s = parse_retry_after(retry_after, now=now) if status >= _REDIRECTION else None
    if status == _FORBIDDEN:
        refusals = host.refusals + 1
        host = replace(host, refusals=refusals, lost=0)
        if refusals >= manners.refusals_allowed:
            reason = f"refused (403) {refusals} times in a row: the site refuses this user agent"
            host = _leave(host, reason, grown_pause_s(refusals - manners.refusals_allowed), now=now)
    elif status == _TOO_MANY or status >= _SERVER_ERROR:
        said = reasons.TOO_MANY_REQUESTS if status == _TOO_MANY else f"{reasons.SERVER_ERROR} ({status})"
        host = after_failure(host, reason=said, now=now, manners=manners)
        if status == _TOO_MANY and asked_s is None:
            return _leave(host, f"{said}, without a time", grown_pause_s(host.failures - 1), now=now)
    elif host.refusals or host.failures or host.lost or host.pause_s or host.not_before:
        host = replace(host, refusals=0, failures=0, lost=0, pause_s=0.0)
        if host.left is None:
            host = replace(host, not_before=None, wait_reason=None)
    return host if asked_s is None else _paused(host, status=status, asked_s=asked_s, now=now, manners=manners)


def after_failure(host: HostState, *, reason: str, now: datetime, manners: Manners, is_lost: bool = False) -> HostState:
    """Return what is known of a host after a request to it has failed without a usable answer.

    Where it was not even reached (`is_lost`), the fault may be that of our own network: it is left for this crawl only.
    """
    lost, failures = host.lost + is_lost, host.failures + (not is_lost)
    host = replace(host, lost=lost, failures=failures, pause_s=0.0)
    if lost + failures < manners.failures_allowed:
        return host
    told = f"{lost + failures} requests in a row failed, the last one with: {reason}"
    if is_lost:
        return host if host.left else replace(host, left=told, not_before=None, wait_reason=None)
    return _leave(host, told, grown_pause_s(failures - manners.failures_allowed), now=now)


def after_wall(host: HostState, *, now: datetime, manners: Manners) -> HostState:
    """Return what is known of a host that gave a page for consent, against robots or with an error for an article."""
    walls = host.walls + 1
    host = replace(host, walls=walls)
    if walls < manners.refusals_allowed:
        return host
    reason = f"{walls} pages in a row were no articles but walls (consent, captcha, error): the site refuses us"
    return _leave(host, reason, grown_pause_s(walls - manners.refusals_allowed), now=now)


def _paused(host: HostState, *, status: int, asked_s: float, now: datetime, manners: Manners) -> HostState:
    """Return the host as it asked for a pause: a short one is waited for, for a long one it is left alone."""
    pause_s = min(max(asked_s, manners.delay_s), manners.longest_pause_s)
    length = f"more than {pause_s:g} s" if asked_s > pause_s else f"{asked_s:.0f} s"
    reason = f"{_called(status)}, asked for a pause of {length}"
    if pause_s > manners.patience_s or host.left is not None:
        return replace(_leave(host, reason, pause_s, now=now), pause_s=pause_s)
    return replace(host, pause_s=pause_s, not_before=now + timedelta(seconds=pause_s), wait_reason=reason)


def _leave(host: HostState, reason: str, pause_s: float, *, now: datetime) -> HostState:
    """Return the host left alone for so long; where it already is, the later end of the two holds."""
    until = now + timedelta(seconds=pause_s)
    if host.not_before is not None and host.not_before > until:
        until = host.not_before
    left = host.left or reason
    return replace(host, left=left, wait_reason=left, not_before=until, pause_s=0.0)


def _called(status: int) -> str:
    if status == _FORBIDDEN:
        return reasons.FORBIDDEN
    if status == _TOO_MANY:
        return reasons.TOO_MANY_REQUESTS
    return f"{reasons.SERVER_ERROR} ({status})" if status >= _SERVER_ERROR else f"status {status}"
