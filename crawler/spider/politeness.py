"""How a host is treated with care: the pauses it asks for, its refusals, and when it is left alone."""

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?", re.ASCII)
_LONGEST_NUMBER = 12
_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503
_SERVER_ERROR = 500
# What 429 means where the host does not say how long.
_PAUSE_UNSAID_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave towards every host.

    `delay_s` lies between the end of one answer and the next request; a Retry-After is honoured up to
    `longest_pause_s`, and waited for within the crawl up to `patience_s`; a host is left alone after so many refusals
    (403), or failures of any kind, in a row.
    """

    delay_s: float
    longest_pause_s: float = 3600.0
    patience_s: float = 30.0
    refusals_allowed: int = 3
    failures_allowed: int = 5


@dataclass(frozen=True, slots=True)
class HostState:
    """What this crawl knows of one host.

    That is how often in a row it refused or failed, the pause that it asked for with its last answer, and in `left`
    the reason why it is left alone.
    """

    refusals: int = 0
    failures: int = 0
    pause_s: float = 0.0
    left: str | None = None


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


def after_answer(
    host: HostState, *, status: int, retry_after: str | None, now: datetime, manners: Manners
) -> HostState:
    """Return what is known of a host after it has answered with a status."""
    if status == _FORBIDDEN:
        refusals = host.refusals + 1
        left = host.left
        if refusals >= manners.refusals_allowed:
            left = left or f"refused (403) {refusals} times in a row: the site refuses this user agent"
        return replace(host, refusals=refusals, pause_s=0.0, left=left)
    if status in {_TOO_MANY, _UNAVAILABLE}:
        asked_s = parse_retry_after(retry_after, now=now)
        if asked_s is None and status == _TOO_MANY:
            asked_s = _PAUSE_UNSAID_S
        if asked_s is not None:
            return _paused(host, status=status, asked_s=asked_s, now=now, manners=manners)
    if status >= _SERVER_ERROR:
        return after_failure(host, reason=f"server error ({status})", manners=manners)
    return replace(host, refusals=0, failures=0, pause_s=0.0)


def after_failure(host: HostState, *, reason: str, manners: Manners) -> HostState:
    """Return what is known of a host after a request to it has failed without a usable answer."""
    failures = host.failures + 1
    left = host.left
    if failures >= manners.failures_allowed:
        left = left or f"{failures} requests in a row failed, the last one with: {reason}"
    return replace(host, failures=failures, pause_s=0.0, left=left)


def _paused(host: HostState, *, status: int, asked_s: float, now: datetime, manners: Manners) -> HostState:
    pause_s = min(max(asked_s, manners.delay_s), manners.longest_pause_s)
    until = now + timedelta(seconds=pause_s)
    failures = host.failures + 1
    left = host.left
    if pause_s > manners.patience_s or failures >= manners.failures_allowed:
        left = left or f"it asked for a pause until {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC ({status})"
    return replace(host, failures=failures, pause_s=pause_s, left=left)
