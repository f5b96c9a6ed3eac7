"""Laws of what a host was asked: robots.txt first and obeyed, one request at a time, every pause kept."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from protego import Protego

from crawler.archive.checks import Finding
from crawler.archive.hosts import KnownHost
from crawler.judge.log import PRODUCT, ROBOTS_PATH, Asked, RequestLog
from crawler.spider.politeness import parse_retry_after
from crawler.spider.robots import LONGEST_KEPT_S

# What the clocks of two processes, and a turn of a loop, may differ by.
_TOLERANCE: Final = timedelta(milliseconds=50)
# What was allowed by a robots.txt may still be on its way when that is a day old.
_LONGEST_KEPT: Final = timedelta(seconds=LONGEST_KEPT_S + 60)
_OK, _REDIRECTION, _CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 200, 300, 400, 429, 500
_SPOILT: Final = frozenset({"cut", "reset", "drip", "slow"})


def one_at_a_time(log: RequestLog) -> Iterator[Finding]:
    """Find requests that came while their host was still answering another."""
    for each in log.asked:
        if each.at_once > 1:
            told = f"{each.url}: came at {_shown(each.asked_at)} while {each.at_once - 1} more was being answered"
            yield Finding("two at once", told)


def robots_obeyed(log: RequestLog, hosts: Mapping[str, KnownHost]) -> Iterator[Finding]:
    """Find requests that robots.txt forbids, or that came before it was read or when it was too old."""
    for host, asked in log.by_host().items():
        rules, read_at = _kept_before(hosts.get(host), asked[0].asked_at)
        for each in asked:
            if each.path == ROBOTS_PATH:
                if (told := _rules(each)) is not None:
                    rules, read_at = told, each.at
            elif rules is None or read_at is None:
                yield Finding("robots", f"{each.url}: asked before robots.txt was read")
            elif each.asked_at - read_at > _LONGEST_KEPT:
                yield Finding("robots", f"{each.url}: asked by a robots.txt of {_shown(read_at)}, more than a day old")
            elif not rules.can_fetch(each.url, PRODUCT):
                yield Finding("robots", f"{each.url}: asked though robots.txt forbids it")


def pauses_kept(log: RequestLog, *, pause_s: float, longest_pause_s: float) -> Iterator[Finding]:
    """Find requests that came too soon after the answer before.

    Args:
        log: What was asked.
        pause_s: The pause between two requests to a host.
        longest_pause_s: Of what a host asks for (Retry-After), no more than this is honoured.
    """
    for asked in log.by_host().values():
        crawl_delay_s = 0.0
        until: datetime | None = None
        for before, each in zip([None, *asked], asked, strict=False):
            if before is not None:
                crawl_delay_s = _crawl_delay_s(before, crawl_delay_s)
                until = _asked_to_wait(before, longest_pause_s) or until
                gap, need = each.asked_at - before.at, timedelta(seconds=max(pause_s, crawl_delay_s))
                if need and gap < need - _TOLERANCE:
                    told = f"{gap.total_seconds():.3f} s after the answer before, not {need.total_seconds():g} s"
                    yield Finding("pause", f"{each.url}: asked {told}")
            if until is not None and each.asked_at < until - _TOLERANCE:
                yield Finding(
                    "pause", f"{each.url}: asked though its host asked to be left alone until {_shown(until)}"
                )


def _kept_before(known: KnownHost | None, first: datetime) -> tuple[Protego | None, datetime | None]:
    """Return the rules that the archive had of a host before the log began."""
    robots = known.robots if known else None
    if robots is None or robots.at + timedelta(seconds=1) > first:
        return None, None
    return Protego.parse(robots.body.decode(errors="replace") if robots.status == _OK else ""), robots.at


def _rules(asked: Asked) -> Protego | None:
    """Return the rules that an answer tells; None where it tells none, so that what was known before holds."""
    if asked.faults & _SPOILT:
        return None
    if asked.status == _OK:
        return Protego.parse(asked.robots or "")
    is_missing = _CLIENT_ERROR <= asked.status < _SERVER_ERROR and asked.status != _TOO_MANY
    return Protego.parse("") if is_missing else None


def _crawl_delay_s(asked: Asked, before_s: float) -> float:
    rules = _rules(asked) if asked.path == ROBOTS_PATH else None
    return before_s if rules is None else float(rules.crawl_delay(PRODUCT) or 0.0)


def _asked_to_wait(asked: Asked, longest_s: float) -> datetime | None:
    wait_s = parse_retry_after(asked.retry_after, now=asked.at) if asked.status >= _REDIRECTION else None
    return None if wait_s is None else asked.at + timedelta(seconds=min(wait_s, longest_s))


def _shown(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="milliseconds")
