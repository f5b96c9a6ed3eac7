"""The receipt of a day: what the listings named of that day, what of it is stored, and why the rest is not."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from crawler.archive import reasons
from crawler.archive.connect import Archive
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.steps import MAX_ATTEMPTS
from crawler.archive.tables import article, link
from crawler.dates import ZONES
from crawler.site import identify
from crawler.site.hosts import host_named

# By its own clock, the day of a host may begin so long before that of UTC, and end so long after it.
_MARGIN: Final = timedelta(hours=15)
_MOVED: Final = f"{reasons.REDIRECTED_AWAY}: to "
_KEYS_PER_QUESTION: Final = 500


@dataclass(frozen=True, slots=True)
class Gap:
    """An article that the site listed and that is not stored; `given_up` where no crawl tries it of itself any more."""

    key: str
    url: str
    title: str | None
    host: str
    section: str | None
    listed_at: datetime
    state: str
    reason: str | None
    attempts: int
    next_try_at: datetime | None
    given_up: bool


@dataclass(slots=True)
class Row:
    """The counts of one section of one host; `skipped` counts what the settings or robots.txt leave out, by reason."""

    host: str
    section: str | None
    listed: int = 0
    stored: int = 0
    gone: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """One day by the clocks of its hosts."""

    day: date
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]

    @property
    def listed(self) -> int:
        """How many articles the listings named."""
        return sum(row.listed for row in self.rows)


def receipt_of(archive: Archive, *, day: date, hosts: Collection[str] = ()) -> Receipt:
    """Return the receipt of a day, of these hosts or of all.

    An article belongs to the day that its listing dates it by, at its host. One that no listing dates belongs to none.
    """
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    columns = (
        "key",
        "url",
        "host",
        "title",
        "listed_at",
        "listed_offset_min",
        "state",
        "reason",
        "attempts",
        "not_before",
    )
    dated = select(*(link.c[name] for name in columns)).where(
        link.c.listed_at >= seconds_of(noon - timedelta(hours=12) - _MARGIN),
        link.c.listed_at < seconds_of(noon + timedelta(hours=12) + _MARGIN),
    )
    if hosts:
        dated = dated.where(link.c.host.in_(hosts))
    with archive.reading() as connection:
        found = connection.execute(dated.order_by(link.c.listed_at, link.c.id)).all()
        here = [each for each in found if _day_at_host(each) == day]
        moved = {_moved_to(each) for each in here} - {None}
        arrived = _stored_keys(connection, sorted(filter(None, moved)))
    return _counted(day, here, arrived)


def make_due(archive: Archive, *, keys: Sequence[str]) -> int:
    """Let these links be tried again at once, also those that were given up; return how many that are."""
    changed = 0
    again = {"attempts": 0, "not_before": None}
    with archive.writing() as connection:
        for some in _parts(keys):
            waiting = (link.c.key.in_(some), link.c.state == "failed")
            changed += connection.execute(update(link).where(*waiting).values(again)).rowcount
    return changed


def _counted(day: date, links: Iterable[Any], arrived: Collection[str]) -> Receipt:
    rows: dict[tuple[str, str], Row] = {}
    gaps: list[Gap] = []
    for each in links:
        section = identify(each.url).section
        row = rows.setdefault((each.host, section or ""), Row(each.host, section))
        row.listed += 1
        if each.state == "stored" or _moved_to(each) in arrived:
            row.stored += 1
        elif each.state == "gone":
            row.gone += 1
        elif each.state == "skipped":
            row.skipped[each.reason or "no reason"] += 1
        else:
            row.gaps += 1
            gaps.append(_gap(each, section))
    return Receipt(day, tuple(rows[name] for name in sorted(rows)), tuple(gaps))


def _gap(each: Any, section: str | None) -> Gap:
    return Gap(
        key=each.key,
        url=each.url,
        title=each.title,
        host=each.host,
        section=section,
        listed_at=moment_of(each.listed_at, each.listed_offset_min),
        state=each.state,
        reason=each.reason,
        attempts=each.attempts,
        next_try_at=None if each.not_before is None else moment_of(each.not_before),
        given_up=each.attempts >= MAX_ATTEMPTS,
    )


def _day_at_host(each: Any) -> date:
    return moment_of(each.listed_at).astimezone(ZONES[host_named(each.host).zone]).date()


def _moved_to(each: Any) -> str | None:
    """Return the key of the article that an address led to, if it was a redirect that was followed."""
    reason = each.reason or ""
    return reason.removeprefix(_MOVED) if each.state == "skipped" and reason.startswith(_MOVED) else None


def _stored_keys(connection: Any, keys: Sequence[str]) -> set[str]:
    stored: set[str] = set()
    for some in _parts(keys):
        stored.update(connection.execute(select(article.c.key).where(article.c.key.in_(some))).scalars())
    return stored


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + _KEYS_PER_QUESTION] for start in range(0, len(keys), _KEYS_PER_QUESTION))
