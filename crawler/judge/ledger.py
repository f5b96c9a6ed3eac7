"""Laws of the ledger: every link in one state with a reason, nothing lost that was listed, nothing fetched twice."""

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from crawler.archive import reasons
from crawler.archive.checks import Finding
from crawler.archive.crawls import Crawl
from crawler.archive.facts import Facts, LinkFacts
from crawler.archive.tables import LINK_STATES
from crawler.judge.log import Asked, Published, RequestLog

_WITHOUT_REASON: Final = frozenset({"seen", "fetched", "stored"})
# A crawl that ended so has kept all that it was answered.
_WHOLE: Final = frozenset({"succeeded", "partial"})
_ANSWERED: Final = frozenset({200, 304})
# Left out, or let go of, because of what the settings or robots.txt say.
_LEFT_OUT: Final = (reasons.NOT_FOLLOWED, reasons.NO_TOPIC, reasons.ROBOTS, reasons.LET_GO)
# The archive keeps whole seconds.
_SECOND: Final = timedelta(seconds=1)


def states_explained(facts: Facts) -> Iterator[Finding]:
    """Find links in no known state, or without a known reason where there must be one."""
    for each in facts.links.values():
        if each.state not in LINK_STATES:
            yield Finding("state", f"{each.url}: its state {each.state!r} is none of {', '.join(LINK_STATES)}")
        elif each.state not in _WITHOUT_REASON and each.reason is None:
            yield Finding("state", f"{each.url}: {each.state}, and no reason is given")
        elif each.state not in _WITHOUT_REASON and not str(each.reason).startswith(reasons.ALL):
            yield Finding("state", f"{each.url}: {each.state} for {each.reason!r}, which is no known reason")


def articles_accounted_for(facts: Facts, log: RequestLog) -> Iterator[Finding]:
    """Find stored links without an article, articles without a link, and answers that nothing became of."""
    for each in facts.links.values():
        if each.state == "stored" and each.article_key is None:
            yield Finding("lost", f"{each.url}: the ledger calls it stored, but it has no article")
    led_to = {each.article_key for each in facts.links.values()}
    for key in sorted((facts.articles & log.published.keys()) - led_to):
        yield Finding("lost", f"{log.published[key].url}: its article is stored, but the ledger does not lead to it")
    for crawl in facts.crawls:
        for asked in _asked_by(crawl, log) if crawl.state in _WHOLE else ():
            address = asked.article
            if address is None or not asked.is_whole:
                continue
            known = facts.links.get(address.key)
            if (known is None and address.key not in facts.articles) or (known is not None and known.state == "seen"):
                told = f"answered whole at {_clock(asked.at)} to crawl {crawl.crawl_id}, and nothing became of it"
                yield Finding("lost", f"{asked.url}: {told}")


def listed_links_known(facts: Facts, log: RequestLog) -> Iterator[Finding]:
    """Find articles that a listing named to a crawl which has ended, and that are not in the ledger."""
    settled_at = max((each.ended_at for each in facts.crawls if each.ended_at and each.state in _WHOLE), default=None)
    if settled_at is None:
        return
    named = {key: asked for asked in log.asked if asked.at < settled_at + _SECOND for key in asked.listed}
    for key, asked in named.items():
        if key not in facts.links:
            yield Finding("lost", f"{log.published[key].url}: {asked.url} listed it, and the ledger does not know it")


def listed_links_stored(facts: Facts, log: RequestLog) -> Iterator[Finding]:
    """Find articles that a listing named and that are not stored, though they are still there."""
    for key in dict.fromkeys(key for asked in log.asked for key in asked.listed):
        known, published = facts.links.get(key), log.published[key]
        if known is None:
            yield Finding("not stored", f"{published.url}: the ledger does not know it")
        elif not (known.state == "stored" or _is_left_out(known, published)):
            because = f" ({known.reason})" if known.reason else ""
            yield Finding("not stored", f"{published.url}: {known.state}{because}")


def nothing_asked_twice(facts: Facts, log: RequestLog, *, repeats: int) -> Iterator[Finding]:
    """Find articles that were fetched again without a reason, and listings asked twice by one crawl.

    A reason is an answer that was not whole, a page that could not be read, and a change of the article. So many
    fetches may be repeated (`repeats`) that were under way, or waited to be stored, when a process was killed; but none
    of an article that was stored by then.
    """
    repeated: list[Asked] = []
    for (key, _), asked in _by_page(log).items():
        known = facts.links.get(key)
        stored_at = known.stored_at if known else None
        for each in _unexplained(asked, known, log.published.get(key)):
            if stored_at is not None and stored_at + _SECOND < each.asked_at:
                yield Finding(
                    "fetched twice", f"{each.url}: at {_clock(each.asked_at)}, though stored since {_clock(stored_at)}"
                )
            else:
                repeated.append(each)
    if len(repeated) > repeats:
        for each in repeated:
            told = f"again at {_clock(each.asked_at)}; {repeats} such may be, {len(repeated)} are"
            yield Finding("fetched twice", f"{each.url}: {told}")
    yield from _listings_twice(log)


def _is_left_out(known: LinkFacts, published: Published) -> bool:
    if known.state == "skipped":
        return str(known.reason).startswith((*_LEFT_OUT, reasons.REDIRECTED_AWAY))
    return known.state == "gone" and bool(published.removed_at)


def _asked_by(crawl: Crawl, log: RequestLog) -> Iterator[Asked]:
    """Yield what was asked while a crawl ran, to the second."""
    for began_at, ended_at in crawl.parts():
        if ended_at is not None:
            first = bisect_left(log.asked, began_at, key=_asked_at)
            yield from log.asked[first : bisect_left(log.asked, ended_at + _SECOND, key=_asked_at)]


def _asked_at(asked: Asked) -> datetime:
    return asked.asked_at


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def _by_page(log: RequestLog) -> dict[tuple[str, int], list[Asked]]:
    """Return the requests for each page of each article; that for all pages at once counts as the first."""
    pages: dict[tuple[str, int], list[Asked]] = {}
    for each in log.asked:
        if each.article is not None:
            page = each.article.page
            pages.setdefault((each.article.key, page if isinstance(page, int) else 1), []).append(each)
    return pages


def _unexplained(asked: Sequence[Asked], known: LinkFacts | None, published: Published | None) -> list[Asked]:
    """Return the fetches of one page, but for the first, that nothing explains."""
    whole = [each for each in asked if each.is_whole]
    # A page that could not be read counts as an attempt, as does one that did not come whole.
    unread = max(0, (known.attempts if known else 0) - (len(asked) - len(whole)))
    changes = published.changed_at if published else []
    again = [
        each
        for before, each in itertools.pairwise(whole)
        if not any(before.asked_at < moment < each.asked_at for moment in changes)
    ]
    return again[unread:]


def _listings_twice(log: RequestLog) -> Iterator[Finding]:
    """Find what was asked again though it had answered; what comes by one connection is of one crawl."""
    answered: set[tuple[int, str]] = set()
    for each in log.asked:
        if each.article is None and each.status in _ANSWERED and not each.faults:
            if (each.connection, each.url) in answered:
                yield Finding("asked twice", f"{each.url}: again at {_clock(each.asked_at)} by the same crawl")
            answered.add((each.connection, each.url))
