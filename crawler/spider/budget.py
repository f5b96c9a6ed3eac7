"""The budget of each host: so many requests a day of Jakarta, counted over all crawls, kills included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from crawler.archive.hosts import KnownHost, day_of, end_of_day

# So many requests are taken in advance, so that not each is written down. A kill loses them to the day: never more is
# asked than the budget, but at most this much less.
TAKEN_AT_ONCE: Final = 100


@dataclass(slots=True)
class _Count:
    day: date
    ends_at: datetime
    used: int
    taken: int


class Budget:
    """What was asked of each host today, and whether it may be asked for more."""

    def __init__(self, per_day: int, known: Mapping[str, KnownHost]) -> None:
        self.per_day = per_day
        self._known = known
        self._counts: dict[str, _Count] = {}

    def use(self, host: str, now: datetime) -> bool | None:
        """Count one request before it is made.

        Returns:
            None where the budget is used up and nothing may be asked; True where more was taken in advance, which is
            to be written down before the request; else False.
        """
        count = self._counts.get(host)
        if count is None or now >= count.ends_at:
            known = self._known.get(host)
            used = known.counted_at(now) if known else 0
            count = self._counts[host] = _Count(day_of(now), end_of_day(now), used=used, taken=used)
        if count.used >= self.per_day:
            return None
        count.used += 1
        if count.used <= count.taken:
            return False
        count.taken = min(count.used + TAKEN_AT_ONCE - 1, self.per_day)
        return True

    def give_back(self, host: str) -> None:
        """Count the last request no more: it never reached the host."""
        count = self._counts.get(host)
        if count is not None and count.used:
            count.used -= 1

    def settle(self) -> None:
        """Give back what was taken in advance and not used."""
        for count in self._counts.values():
            count.taken = count.used

    def counted(self, host: str) -> tuple[date | None, int]:
        """Return the day and how many requests are taken of it."""
        count = self._counts.get(host)
        if count is not None:
            return count.day, count.taken
        known = self._known.get(host)
        return (known.counted_on, known.counted) if known else (None, 0)
