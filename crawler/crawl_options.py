"""What is asked of one crawl, by a person, a schedule or the API; it travels as JSON in the row of the crawl."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

_LISTS: Final = ("listings", "topics", "hosts")
_MOMENTS: Final = ("since", "until")


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What a person, a schedule or the API asks of one crawl.

    Empty `listings` mean all; `topics` narrow what is fetched to links whose listing speaks of one of them; `since`
    and `until` compare the time that the listing gives, and what lies outside stays due. Index pages are asked for each
    day of that time; those that were walked to their end before, only with `again`. `site` is a server on this machine
    that is asked in place of the real site.

    With `day`, indexes are asked anew for that day, and only what a listing dates by it is fetched, on `hosts` if there
    are any; without `asks` no listing is asked, without `fetches` nothing is fetched.
    """

    listings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    again: bool = False
    dry_run: bool = False
    site: str | None = None
    day: date | None = None
    hosts: tuple[str, ...] = ()
    asks: bool = True
    fetches: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the options as plain JSON values."""
        value = asdict(self)
        for name in (*_MOMENTS, "day"):
            value[name] = value[name].isoformat() if value[name] else None
        return {**value, **{name: list(value[name]) for name in _LISTS}}


def options_from_json(value: Mapping[str, Any]) -> CrawlOptions:
    """Return the options that `as_json` wrote; what is missing has its default."""
    read = dict(value)
    for name in _LISTS:
        read[name] = tuple(read.get(name) or ())
    for name in _MOMENTS:
        read[name] = datetime.fromisoformat(read[name]) if read.get(name) else None
    read["day"] = date.fromisoformat(read["day"]) if read.get("day") else None
    return CrawlOptions(**read)
