"""The report of a crawl: what was asked, found and kept, what failed and why, and how that adds up to a state."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from crawler.archive.crawls import CrawlState, EndState
from crawler.article import Link
from crawler.drift import Alarm
from crawler.errors import DONE, FAILED, INTERRUPTED

# A changed layout makes most pages unreadable; a few are always odd, so that these few prove nothing.
_ENOUGH_UNREADABLE: Final = 5
_EXIT_CODES: Final = {"succeeded": DONE, "interrupted": INTERRUPTED}


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did.

    `due` counts the articles that were to be fetched, `fetched` those that the site gave; of these, `stored` are new,
    `revised` changed, `unchanged` as they were, and `matched` have a topic. `failed` counts by reason what could not be
    fetched or read, listings included; `answers` counts by status what the site answered. `gone` are removed by the
    site, `skipped` not to be fetched (robots.txt, or not followed), and `left_due` wait for the next crawl. Of the days
    of a back-fill, `days_asked` were walked to their end and `days_known` had been before. `notes` are lines for a
    person; what `alarms` tell stands among them.
    """

    state: CrawlState = "running"
    listings_asked: int = 0
    listings_unchanged: int = 0
    links_seen: int = 0
    links_new: int = 0
    days_asked: int = 0
    days_known: int = 0
    due: int = 0
    fetched: int = 0
    stored: int = 0
    revised: int = 0
    unchanged: int = 0
    matched: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    gone: int = 0
    skipped: int = 0
    left_due: int = 0
    bytes: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    would_fetch: tuple[Link, ...] = ()

    @property
    def exit_code(self) -> int:
        """The code that the command ends with: 0 done, 1 failed or partly failed, 130 interrupted."""
        return _EXIT_CODES.get(self.state, FAILED)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        value = asdict(self)
        value["failed"] = dict(self.failed)
        value["answers"] = dict(self.answers)
        value["notes"] = list(self.notes)
        value["alarms"] = [alarm.as_json() for alarm in self.alarms]
        value["would_fetch"] = [
            {
                "url": link.url,
                "title": link.title,
                "published_at": link.published_at.isoformat() if link.published_at else None,
            }
            for link in self.would_fetch
        ]
        return value


def report_from_json(value: Mapping[str, Any]) -> CrawlReport:
    """Return the report that `as_json` wrote; what is missing has its default, what would be fetched is left out."""
    known = {each.name: value[each.name] for each in fields(CrawlReport) if each.name in value}
    read = {"notes": tuple(value.get("notes", ())), "alarms": tuple(_alarms(value))}
    return CrawlReport(**{**known, **read, "would_fetch": ()})


def _alarms(value: Mapping[str, Any]) -> list[Alarm]:
    return [
        Alarm(**{**alarm, "now": tuple(alarm["now"]), "before": tuple(alarm["before"])})
        for alarm in value.get("alarms", ())
    ]


# What the parts of a crawl that gave way add up to. The rest, as what stays due, is found anew by its last part.
_ADDED_UP: Final = (
    *("listings_asked", "listings_unchanged", "listings_read", "links_seen", "links_new", "days_asked", "tried"),
    *("fetched", "stored", "revised", "unchanged", "matched", "unreadable", "textless", "gone", "skipped", "bytes"),
)


@dataclass(slots=True)
class Tally:
    """The counts of a crawl while it goes on; some of them only serve to tell its state in the end.

    `tried` counts the articles of which it is known what became of them. Of a crawl that gave way and goes on,
    `answers_before` and `seconds_before` are those of its parts before this one.
    """

    listings_asked: int = 0
    listings_unchanged: int = 0
    listings_read: int = 0
    listings_not_asked: dict[str, None] = field(default_factory=dict)
    links_seen: int = 0
    links_new: int = 0
    days_asked: int = 0
    days_known: int = 0
    due: int = 0
    tried: int = 0
    fetched: int = 0
    stored: int = 0
    revised: int = 0
    unchanged: int = 0
    matched: int = 0
    unreadable: int = 0
    textless: int = 0
    gone: int = 0
    skipped: int = 0
    left_due: int = 0
    bytes: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    would_fetch: tuple[Link, ...] = ()
    answers_before: Counter[str] = field(default_factory=Counter)
    seconds_before: float = 0.0

    def report(self, state: CrawlState, *, seconds: float) -> CrawlReport:
        """Return the report as it stands now."""
        counts = {each.name: getattr(self, each.name) for each in fields(CrawlReport) if hasattr(self, each.name)}
        told = {
            "failed": dict(self.failed),
            "answers": dict(self.answers_before + self.answers),
            "notes": tuple(self.notes),
            "alarms": tuple(self.alarms),
        }
        return CrawlReport(**{**counts, **told, "state": state, "seconds": round(self.seconds_before + seconds, 3)})

    def so_far(self, *, seconds: float) -> dict[str, Any]:
        """Return as plain JSON values what is counted on when a crawl gives way; `tally_from_json` takes it up."""
        counts = {name: getattr(self, name) for name in _ADDED_UP}
        return {
            **counts,
            "failed": dict(self.failed),
            "answers": dict(self.answers_before + self.answers),
            "notes": list(dict.fromkeys(self.notes)),
            "alarms": [alarm.as_json() for alarm in self.alarms],
            "seconds": self.seconds_before + seconds,
        }

    def ending(self) -> tuple[EndState, str | None]:
        """Return the state that a crawl which came to its end has, and where it failed as a whole, the reason.

        One page or one listing that fails makes it partial, and so does anything that is not as it was. It failed where
        no listing could be read or all were empty, or where five pages or more, and most of all, could not be read or
        have no text, as photos have none: then the site has changed its layout.
        """
        has_tried = self.listings_asked or self.listings_not_asked
        if has_tried and not (self.listings_read or self.listings_unchanged or self.days_known):
            return "failed", "no listing could be read"
        if self.listings_read and not (self.listings_unchanged or self.links_seen or self.days_asked):
            return "failed", "every listing was empty; the site may have changed its layout"
        bare = self.unreadable + self.textless
        if bare >= _ENOUGH_UNREADABLE and 2 * bare > self.fetched:
            return "failed", (
                f"{self.unreadable} of {self.fetched} pages could not be read, and {self.textless} have no text; "
                "the site may have changed its layout"
            )
        is_partial = self.failed or self.left_due or self.listings_not_asked or self.alarms
        return ("partial" if is_partial else "succeeded"), None


def tally_from_json(value: Mapping[str, Any]) -> Tally:
    """Return the counts with which a crawl goes on that gave way; see `Tally.so_far`."""
    return Tally(
        **{name: value[name] for name in _ADDED_UP},
        due=value["tried"],
        failed=Counter(value["failed"]),
        notes=list(value["notes"]),
        alarms=_alarms(value),
        answers_before=Counter(value["answers"]),
        seconds_before=value["seconds"],
    )
