"""One crawl from start to end; the one place that puts the parts together."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as time_of_day
from functools import partial
from typing import Any, Final

from config.settings import Settings
from crawler.archive import reasons
from crawler.archive.applying import apply_for
from crawler.archive.choosing import choose_anew
from crawler.archive.connect import Archive
from crawler.archive.crawls import CrawlState, EndState, offline_reason
from crawler.archive.following import follow_topics, followed_topics
from crawler.archive.hosts import HostStore
from crawler.archive.keeping import mark_solved
from crawler.archive.lease import Lease
from crawler.archive.saving import Saved
from crawler.article import Listing, Reading
from crawler.course import INTERRUPTED_NOTE, Earlier, course_of
from crawler.crawl_options import CrawlOptions
from crawler.dates import ZONES
from crawler.desk import ArchiveDesk, Choice
from crawler.dry_run import DryDesk
from crawler.errors import SettingsError, TopicsError, UnreachableError
from crawler.follows import followed
from crawler.keeper import Keeper
from crawler.lookout import Lookout
from crawler.nearest import nearest
from crawler.one_page import OnePageDesk
from crawler.report import CrawlReport, Tally, tally_from_json
from crawler.site import HOSTS, Address, Followed, listings_named, names_of
from crawler.spider import failures
from crawler.spider.hosts import Hosts
from crawler.spider.listings import Window
from crawler.spider.politeness import Manners
from crawler.spider.process import Ending, run_spider
from crawler.spider.reading_room import ReadingRoom
from crawler.spider.settings import scrapy_settings
from crawler.spider.watch_spider import Desk, Plan
from crawler.stories import content_hash
from crawler.topics import TopicSet
from crawler.upkeep import prune
from crawler.wanted import Wanted, wanted

log = logging.getLogger(__name__)

# No crawl goes on for longer, whatever the site does; what is left over stays due.
LONGEST_CRAWL_S: Final = 6 * 3600.0
# What is stored is looked through for new topics so long at the end of a crawl.
LONGEST_APPLYING_S: Final = 60.0
# What no topic has is let go of so long at the end of a crawl by hand; a service does it by a schedule of its own.
LONGEST_PRUNING_S: Final = 10.0
_CAUSES: Final = {
    reasons.DNS: "its name cannot be resolved",
    reasons.CONNECTION: "no connection",
    failures.BAD_CERTIFICATE: "its certificate is not valid",
    failures.NOT_PUBLIC: "its name leads to an address that is not public",
}


def run_crawl(  # noqa: PLR0913  - what it works with, and who watches
    settings: Settings,
    options: CrawlOptions,
    *,
    archive: Archive | None,
    topics: TopicSet,
    on_progress: Callable[[CrawlReport], None] | None = None,
    lease: Lease | None = None,
    earlier: Earlier | None = None,
    under_way: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> CrawlReport:
    """Ask the listings, fetch what is new or left over, read, match and keep it; return the report.

    One crawl at a time per archive, and one per process. Whatever ends it, kill -9 included, the next one goes on.
    A service has claimed the crawl before, and gives its `lease`; without one it is begun here. `earlier` is what it
    did before it gave way to another; `under_way` holds the key of a link while it is fetched and read.

    `on_progress` is called with the report as it grows; a dry run needs no archive and writes to none.

    Raises:
        SettingsError, TopicsError: A listing or topic is not known, or the site is not on this machine.
        ArchiveHeldError: Another crawl is using the archive.
        CrawlLostError: Another has taken its place; nothing more is stored.
        UnreachableError: Not one host gave any answer; everything stays due.
    """
    if options.site is not None:
        settings = settings.for_own_machine(options.site)
    topics = _followed_in(archive, topics, is_dry=options.dry_run)
    want = wanted(settings, topics)
    tally = Tally() if earlier is None else tally_from_json(earlier.so_far)
    begun_at = None if earlier is None else earlier.begun_at
    gives_way, started_s = threading.Event(), time.monotonic()
    plan = replace(
        _plan(settings, options, want.followed, begun_at=begun_at), gives_way=gives_way.is_set, under_way=under_way
    )
    choice = _choice(settings, options, topics, tried=tally.tried)

    def told(state: CrawlState = "running") -> CrawlReport:
        return tally.report(state, seconds=time.monotonic() - started_s)

    def tell() -> None:
        if on_progress is not None:
            on_progress(told())

    def run(desk: Desk) -> tuple[EndState, str | None]:
        hosts = Hosts(_manners(settings), _now, HostStore(archive) if archive else None)
        tally.answers = hosts.answers
        asked = _scrapy_settings(settings, options.site)
        return _crawl(partial(run_spider, settings=asked, desk=desk, plan=plan, hosts=hosts), hosts, tally)

    def so_far() -> dict[str, Any]:
        return tally.so_far(seconds=time.monotonic() - started_s)

    if options.dry_run or archive is None:
        return told(run(DryDesk(archive, want, choice, tally, _now, tell))[0])
    with course_of(
        *(archive, options),
        report=told,
        so_far=so_far,
        notes=tally.notes,
        gives_way=gives_way,
        clock=_now,
        lease=lease,
    ) as course:
        crawl_id = course.crawl_id
        if begun_at is not None:
            log.info("crawl goes on, having given way crawl=%d begun=%s", crawl_id, begun_at.isoformat())
        choose_anew(archive, choice=want.choice, refusal=want.refusal, now=_now(), crawl_id=crawl_id)
        keeper = Keeper(archive, topics, crawl_id)
        lookout = Lookout(archive, crawl_id, now=_now(), found=tally.alarms)
        keeps_pages = settings.archive.keep_pages_days > 0
        desk = ArchiveDesk(
            *(archive, keeper, want, choice, tally, _now, tell, lookout),
            keeps_pages=keeps_pages,
            walks_days=plan.window is not None,
            begun_at=begun_at,
        )
        course.state, course.reason = run(desk)
        if not (course.state == "interrupted" and gives_way.is_set()):
            _look_after(archive, settings, tally, course.state, is_by_hand=lease is None)
    return told(course.state)


def expect_known(settings: Settings, options: CrawlOptions, *, archive: Archive, topics: TopicSet) -> None:
    """Return if `run_crawl` could begin with these options.

    Raises:
        SettingsError, TopicsError: A listing or topic is not known.
    """
    topics = _followed_in(archive, topics, is_dry=True)
    _plan(settings, options, wanted(settings, topics).followed)
    _choice(settings, options, topics)


def import_document(  # noqa: PLR0913  - where it goes, who reads it, and what is known of it
    archive: Archive, topics: TopicSet, room: ReadingRoom, *, body: bytes, address: Address | None, now: datetime
) -> Saved:
    """Read a saved page or seed document and keep it, matched to the topics, as if it had been crawled.

    Without an address it is known by its content, so that importing the same file twice keeps it once.

    Raises:
        ExtractionError, PageRefusedError: It cannot be read as an article.
    """
    article = room.examine_document(body, address=address).article
    key = address.key if address else f"document/{content_hash(article)}"
    return Keeper(archive, topics).keep_now(article, key=key, now=now)


def fetch_article(
    settings: Settings,
    address: Address,
    *,
    archive: Archive | None = None,
    site: str | None = None,
    explain: bool = False,
) -> Reading:
    """Fetch one article whole and read it, as a crawl would, robots.txt and all; nothing is kept.

    An archive, opened for reading, tells what its host asked for: a host that is left alone is not asked. With
    `explain` it also tells what was cut.

    Raises:
        UnreachableError: The host gave no answer.
        FetchError: The site gave none that can be used, or robots.txt forbids it.
        ExtractionError, PageRefusedError: It cannot be read as an article.
    """
    if site is not None:
        settings = settings.for_own_machine(site)
    hosts = Hosts(_manners(settings), _now, HostStore(archive) if archive else None)
    follows = followed(settings)
    desk = OnePageDesk(None, Wanted(follows), Choice(limit=1), Tally(), _now, lambda: None, address=address)
    plan = Plan((), follows, max_pages_per_article=settings.spider.max_pages_per_article)
    run_spider(settings=_scrapy_settings(settings, site), desk=desk, plan=plan, hosts=hosts)
    _raise_if_unreachable(hosts)
    if desk.reading is None:
        raise desk.error or KeyboardInterrupt
    if not explain:
        return desk.reading
    with ReadingRoom() as room:
        return room.explain(*(each.body for each in desk.answers), address=address, charset=desk.answers[0].charset)


def _crawl(run: Callable[[], Ending], hosts: Hosts, tally: Tally) -> tuple[EndState, str | None]:
    """Run the spider and return the state of the crawl, with what a person must know of it in the notes.

    Beside it stands a reason where nobody could be reached any more.
    """
    ending = run()
    if ending == "gave way":
        return "interrupted", None
    tally.notes += [f"host {host} left alone {reason}" for host, reason in hosts.left.items()]
    for host in hosts.refusing:
        log.error(
            "host refuses us; see spider.user_agent and spider.contact host=%s left_alone=%s", host, hosts.left[host]
        )
    if tally.listings_not_asked:
        tally.notes.append(f"listings not asked: {', '.join(tally.listings_not_asked)}")
    if ending == "interrupted":
        tally.notes.append(INTERRUPTED_NOTE)
        return "interrupted", None
    _raise_if_unreachable(hosts)
    offline = offline_reason(*_unreached(hosts)) if hosts.is_offline else None
    if offline is not None:
        tally.notes.append(offline)
    if tally.left_due:
        tally.notes.append(f"{tally.left_due} links were not asked for and stay due")
    state, reason = tally.ending()
    if reason:
        tally.notes.append(reason)
    return state, offline


def _followed_in(archive: Archive | None, topics: TopicSet, *, is_dry: bool) -> TopicSet:
    """Return the topics of the file together with those that were added to the archive."""
    if archive is None:
        return topics
    return followed_topics(archive, topics.topics) if is_dry else follow_topics(archive, topics.topics, now=_now())


def _look_after(archive: Archive, settings: Settings, tally: Tally, state: CrawlState, *, is_by_hand: bool) -> None:
    """Do what is to be done at the end of a crawl with what is stored."""
    mark_solved(archive, now=_now())
    _apply_topics(archive, tally, longest_s=0.0 if state == "interrupted" else LONGEST_APPLYING_S)
    if is_by_hand and state != "interrupted":
        prune(archive, settings, now=_now(), longest_s=LONGEST_PRUNING_S)


def _apply_topics(archive: Archive, tally: Tally, *, longest_s: float) -> None:
    """Look in what is stored for topics that are new or changed, for a while: the next crawl goes on with it."""
    applied = apply_for(archive, longest_s, clock=_now)
    if applied is not None and applied.done < applied.total:
        share = 100 * applied.done // applied.total
        tally.notes.append(f"new topics are applied to {share} % of the archive; see: tribunwatch topic apply")


def _raise_if_unreachable(hosts: Hosts) -> None:
    if hosts.unreached and not hosts.answers:
        raise UnreachableError(*_unreached(hosts))


def _unreached(hosts: Hosts) -> tuple[str, str]:
    """Return a host that could not be reached, and why."""
    host, error = next(iter(hosts.unreached.items()))
    cause = _CAUSES.get(error.reason, error.reason)
    return host, f"{cause} ({error.detail})" if error.detail else cause


def _scrapy_settings(settings: Settings, site: str | None) -> dict[str, Any]:
    return scrapy_settings(
        user_agent=settings.user_agent,
        delay_s=settings.spider.download_delay_s,
        timeout_s=settings.spider.download_timeout_s,
        most_bytes=settings.spider.max_page_bytes,
        budget_s=LONGEST_CRAWL_S,
        site=site,
    )


def _plan(
    settings: Settings,
    options: CrawlOptions,
    follows: Followed,
    *,
    begun_at: datetime | None = None,
) -> Plan:
    return Plan(
        listings=_listings(follows.listings, options.listings) if options.asks else (),
        followed=follows,
        window=_window(options, begun_at),
        max_index_pages=settings.crawl.max_index_pages,
        max_pages_per_article=settings.spider.max_pages_per_article,
        longest_s=LONGEST_CRAWL_S,
    )


def _window(options: CrawlOptions, begun_at: datetime | None) -> Window | None:
    if options.day is not None:
        # At noon of Jakarta it is the same day in all of the country.
        noon = datetime.combine(options.day, time_of_day(12), tzinfo=ZONES["WIB"])
        return Window(_now(), noon, noon, again=True, begun_at=begun_at)
    return Window(_now(), options.since, options.until, options.again, begun_at) if options.since else None


def _listings(known: tuple[Listing, ...], names: Iterable[str]) -> tuple[Listing, ...]:
    """Return the listings of these names, or of the hosts of these names; all where none is named."""
    found: dict[Listing, None] = {}
    for name in dict.fromkeys(names):
        listings = listings_named(known, name)
        if not listings:
            raise SettingsError(f"no listing named {name!r}{_mend_of(name, known)}")
        found |= dict.fromkeys(listings)
    return tuple(found) or known


def _mend_of(name: str, known: tuple[Listing, ...]) -> str:
    """Return what to do about a name that no listing has: it may be a site that is not followed."""
    if any(host.name.partition(".")[0] == name for host in HOSTS.values()):
        return "; it is a site of the network that is not followed: add it to site.hosts in the settings"
    return f"{nearest(name, names_of(known))}; see: tribunwatch listing list"


def _choice(settings: Settings, options: CrawlOptions, topics: TopicSet, *, tried: int = 0) -> Choice:
    known = {topic.name: topic for topic in topics.topics}
    for name in options.topics:
        if name not in known:
            raise TopicsError(f"no topic named {name!r}{nearest(name, known)}; see: tribunwatch topic list")
    return Choice(
        limit=max(0, (options.limit or settings.crawl.limit) - tried) if options.fetches else 0,
        since=options.since,
        until=options.until,
        topics=TopicSet(known[name] for name in options.topics) if options.topics else None,
        day=options.day,
        hosts=options.hosts,
    )


def _manners(settings: Settings) -> Manners:
    spider = settings.spider
    return Manners(
        delay_s=spider.download_delay_s,
        jitter=spider.jitter,
        longest_pause_s=spider.longest_pause_s,
        patience_s=spider.patience_s,
        refusals_allowed=spider.refusals_allowed,
        failures_allowed=spider.failures_allowed,
        requests_per_day=spider.requests_per_day,
    )


def _now() -> datetime:
    return datetime.now(UTC)
