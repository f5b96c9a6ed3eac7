"""The lookout of a crawl: it counts what is read, keeps the counts, and tells at the end what is not as it was."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from crawler.archive.connect import Archive
from crawler.archive.readings import (
    Counted,
    links_before,
    newest_moment,
    past_readings,
    readings_of,
    save_readings,
)
from crawler.article import Article, Listing
from crawler.drift import Alarm, Fill, Fills, Place, alarms, count

_RECENT: Final = timedelta(days=60)
# What a kill may cost.
_SAVED_EVERY: Final = 200
# A listing of the last two days that named so many is not empty by chance: one time in 20,000, if they come at random.
_ENOUGH_LINKS: Final = 10
_MANY_LINKS: Final = 50
_LEFT_SHARE: Final = 0.1


class Lookout:
    """Counts for one crawl; `found` fills while it goes on, and at its end.

    Of a crawl that gave way and now goes on, `found` is what had been found by then, and its counts go on too.
    """

    def __init__(self, archive: Archive, crawl_id: int, *, now: datetime, found: Iterable[Alarm] = ()) -> None:
        self.found = list(found)
        self._archive = archive
        self._crawl_id = crawl_id
        self._fills = {
            (each.host, each.layout): Fill(each.pages, Counter(each.filled))
            for each in readings_of(archive, crawl_id=crawl_id)
        }
        self._unsaved = 0
        self._now = now
        newest = newest_moment(archive)
        self._newest = min(newest, now) if newest else None

    def count(self, host: str, layout: str | None, article: Article | None, *, dated_at: datetime | None) -> None:
        """Count an article that was read, or with None a page that could not be.

        What is much older than the newest article is not counted: a back-fill meets the site as it was, and says
        nothing of a change.
        """
        if dated_at is not None:
            # A date of the future is a slip.
            held = min(dated_at, self._now)
            self._newest = max(self._newest or held, held)
            if dated_at < self._newest - _RECENT:
                return
        count(self._fills, host, layout, article)
        self._unsaved += 1
        if self._unsaved >= _SAVED_EVERY:
            self._save([])

    def see_listing(self, listing: Listing, url: str, named: int) -> None:
        """See how many links a listing names; one that used to name many, and names none or next to none, is told."""
        if named >= _ENOUGH_LINKS or (url != listing.url and listing.kind == "index"):
            # The last page of an index, or a day that has only begun, may have few.
            return
        before = links_before(self._archive, url=url)
        if (not named and before >= _ENOUGH_LINKS) or (before >= _MANY_LINKS and named < _LEFT_SHARE * before):
            line = f"listing {listing.name}: {named or 'no'} links, before {before} ({url})"
            self.found.append(Alarm(f"listing {listing.name}", None, "links", (named, named), (before, before), line))

    def end(self) -> list[Alarm]:
        """Compare this crawl with those before it, keep its counts, and return all that was found."""
        hosts = dict.fromkeys(host for host, _ in self._fills)
        past = past_readings(self._archive, before=self._crawl_id, hosts=hosts)
        found = alarms(self._fills, _by_crawl(past))
        self.found += found
        self._save(found)
        return self.found

    def rest(self) -> list[Alarm]:
        """Keep the counts of a crawl that gives way, and return what listings were found to lack."""
        self._save([])
        return self.found

    def _save(self, found: list[Alarm]) -> None:
        self._unsaved = 0
        fields: dict[Place, list[str]] = {}
        for each in found:
            # An alarm of a whole host stands with each of its layouts.
            for place in self._fills:
                if place[0] == each.place and each.layout in {None, place[1]}:
                    fields.setdefault(place, []).append(each.field)
        several = [
            Counted(self._crawl_id, *place, fill.pages, fill.filled, tuple(fields.get(place, ())))
            for place, fill in self._fills.items()
        ]
        save_readings(self._archive, several)


def _by_crawl(several: list[Counted]) -> list[Fills]:
    crawls: dict[int, dict[Place, Fill]] = {}
    for each in several:
        fill = Fill(each.pages, Counter(each.filled), frozenset(each.alarmed))
        crawls.setdefault(each.crawl_id, {})[each.host, each.layout] = fill
    return list(crawls.values())
