"""What is known of each host beyond one crawl: its robots.txt, its pauses, and what it was asked today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Connection, select

from crawler.archive.clean import clean_text
from crawler.archive.connect import Archive
from crawler.archive.insert import insert
from crawler.archive.moments import moment_of, seconds_of
from crawler.archive.statement import Statement
from crawler.archive.tables import host

# The site lives by the day of Jakarta, which has no summer time (Keppres 41/1987), and so do the budgets.
_JAKARTA: Final = timezone(timedelta(hours=7), "WIB")


def day_of(moment: datetime) -> date:
    """Return the day that a moment belongs to for the budgets."""
    return moment.astimezone(_JAKARTA).date()


def used_up(requests_per_day: int) -> str:
    """Return why a host is left alone that was asked so often in one day."""
    return f"the budget of the day is used up ({requests_per_day} of {requests_per_day} requests)"


def end_of_day(moment: datetime) -> datetime:
    """Return the midnight of Jakarta that comes next."""
    day = day_of(moment)
    return datetime(day.year, day.month, day.day, tzinfo=_JAKARTA) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """A robots.txt as a host gave it at a moment; until another it need not be asked for again."""

    status: int
    body: bytes
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when a host is left alone, and why."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class KnownHost:
    """What is known of one host.

    `refusals` (403), `failures` and `walls` (something else in place of an article) are counted in a row. It is left
    alone until `not_before`, for `wait_reason`. `counted` requests of the day `counted_on` are made or taken in
    advance: after a kill there are fewer than that, never more.
    """

    name: str
    robots: KeptRobots | None = None
    not_before: datetime | None = None
    wait_reason: str | None = None
    refusals: int = 0
    failures: int = 0
    walls: int = 0
    counted_on: date | None = None
    counted: int = 0
    last_asked_at: datetime | None = None

    def counted_at(self, now: datetime) -> int:
        """Return how many requests count for the day of this moment."""
        return self.counted if self.counted_on == day_of(now) else 0

    def wait(self, now: datetime, *, requests_per_day: int) -> Wait | None:
        """Return until when and why it may not be asked at this moment; None where it may."""
        if self.not_before is not None and self.not_before > now:
            return Wait(self.not_before, self.wait_reason or "it asked for a pause")
        if self.counted_at(now) >= requests_per_day:
            return Wait(end_of_day(now), used_up(requests_per_day))
        return None


_ALMOST_A_SECOND: Final = timedelta(microseconds=999_999)
_COLUMNS: Final = tuple(column.name for column in host.columns)
_NEW: Final = insert(host)
_SAVE: Final = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["name"], set_={name: _NEW.excluded[name] for name in _COLUMNS if name != "name"}
    ),
    columns=_COLUMNS,
)


def load_hosts(archive: Archive) -> dict[str, KnownHost]:
    """Return all hosts that were ever asked, by their names."""
    with archive.reading() as connection:
        return hosts_in(connection)


def hosts_in(connection: Connection) -> dict[str, KnownHost]:
    """Do the same within a transaction of the caller."""
    return {row.name: _known(row) for row in connection.execute(select(host))}


def save_hosts(archive: Archive, hosts: Iterable[KnownHost]) -> None:
    """Keep what is known of these hosts now."""
    rows = [_row(each) for each in hosts]

    def save(connection: Connection) -> None:
        _SAVE.run_many(connection, rows)

    archive.write(save)


@dataclass(frozen=True, slots=True)
class HostStore:
    """The hosts of one archive, as a crawl loads them once and saves them when something of weight changes."""

    archive: Archive

    def load(self) -> Mapping[str, KnownHost]:
        """Return all hosts by their names."""
        return load_hosts(self.archive)

    def save(self, hosts: Iterable[KnownHost]) -> None:
        """Keep these; an archive that is opened for reading, as by a dry run, stays as it is."""
        if not self.archive.is_readonly:
            save_hosts(self.archive, hosts)


def _known(row: Any) -> KnownHost:
    robots = None
    if row.robots_at is not None:
        robots = KeptRobots(
            row.robots_status, row.robots_body or b"", at=moment_of(row.robots_at), until=moment_of(row.robots_until)
        )
    return KnownHost(
        name=row.name,
        robots=robots,
        not_before=_moment(row.not_before),
        wait_reason=row.wait_reason,
        refusals=row.refusals,
        failures=row.failures,
        walls=row.walls,
        counted_on=None if row.counted_on is None else date.fromisoformat(row.counted_on),
        counted=row.counted,
        last_asked_at=_moment(row.last_asked_at),
    )


def _row(known: KnownHost) -> dict[str, Any]:
    robots = known.robots
    return {
        "name": clean_text(known.name),
        "robots_status": robots.status if robots else None,
        "robots_body": robots.body if robots else None,
        "robots_at": seconds_of(robots.at) if robots else None,
        "robots_until": seconds_of(robots.until) if robots else None,
        # Rounded up: nothing is asked a part of a second too early.
        "not_before": None if known.not_before is None else seconds_of(known.not_before + _ALMOST_A_SECOND),
        "wait_reason": clean_text(known.wait_reason) if known.wait_reason else None,
        "refusals": known.refusals,
        "failures": known.failures,
        "walls": known.walls,
        "counted_on": known.counted_on.isoformat() if known.counted_on else None,
        "counted": known.counted,
        "last_asked_at": seconds_of(known.last_asked_at) if known.last_asked_at else None,
    }


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment_of(seconds)
