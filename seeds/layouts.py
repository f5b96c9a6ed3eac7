"""In which forms the newsroom prints a page: the site's generations A to E, and the doors by which a page is asked for.

Generations: A 2016 to 2019, B 2020 to 2021, C 2021 to 2023, D 2024 to mid 2025, E since September 2025. Doors: the page
for large screens of www and the regional sites, the one of m., the AMP page, and the page under the white label.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from seeds.blocks import Block, expect, lay_out
from seeds.desk import Manuscript, PageAsked
from seeds.sites import SITES, WWW, Site, site_of

Layout = Literal["A", "B", "C", "D", "E"]
Door = Literal["www", "m", "amp", "white-label"]

LAYOUTS: tuple[Layout, ...] = get_args(Layout)
DOORS: tuple[Door, ...] = get_args(Door)
WHITE_LABELS = frozenset({"presnapress.com", "www.presnapress.com"})
_MOBILE = "m.tribunnews.com"
_AMP = "/amp/"


@dataclass(frozen=True, slots=True)
class Form:
    """How a page is printed."""

    layout: Layout = "E"
    door: Door = "www"

    @property
    def has_pager(self) -> bool:
        """Whether the text is split over pages at all, and the page tells so; an AMP page is cut and says nothing."""
        return self.layout != "A" and self.door != "amp"

    @property
    def has_source_box(self) -> bool:
        """Whether the source stands in a box of its own and not at the end of the text."""
        return self.layout in {"C", "D"} and self.door in {"www", "white-label"}

    @property
    def has_lead(self) -> bool:
        """Whether the lead is printed below the title."""
        return self.layout != "A" or self.door in {"m", "amp"}

    @property
    def has_day(self) -> bool:
        """Whether the day of viewing is printed above the title."""
        return self.door in {"www", "white-label"}

    @property
    def has_story_data(self) -> bool:
        """Whether JSON-LD tells of the article; A has the printed date only."""
        return self.layout != "A" or self.door == "amp"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page to be printed: its blocks, its number of how many (1 of 1 for the whole text), and who looks when."""

    manuscript: Manuscript
    site: Site
    form: Form
    blocks: tuple[Block, ...]
    number: int
    total: int
    suffix: str
    today: date


def door_of(host: str, path: str) -> tuple[Door, str]:
    """Return by which door an address asks, and the path that the page has on the site itself."""
    if path.startswith(_AMP):
        return "amp", path[len(_AMP) - 1 :]
    if host == _MOBILE:
        return "m", path
    return ("white-label" if host in WHITE_LABELS else "www"), path


def as_split(manuscript: Manuscript, form: Form) -> Manuscript:
    """Return the article as it is split over pages in this form."""
    return replace(manuscript, pages=1) if form.layout == "A" and form.door != "amp" else manuscript


def count_pages(manuscript: Manuscript, form: Form) -> int:
    """Return how many pages of an article can be asked for."""
    return 1 if form.door == "amp" else len(lay_out(as_split(manuscript, form)))


def expect_form(manuscript: Manuscript, viewed_on: str, page: PageAsked | None, form: Form) -> dict[str, Any]:
    """Return the JSON that a reader must get of a page in this form: the same article, less what the form lacks."""
    expected = expect(as_split(manuscript, form), viewed_on, 1 if form.door == "amp" and page != "all" else page)
    article = manuscript.article
    if not form.has_lead:
        expected["lead"] = None
    if not form.has_day:
        expected["viewed_on"] = None
    if not form.has_story_data:
        site = site_of(manuscript.entry.host) or SITES[WWW]
        at = datetime.fromisoformat(article["published_at"]).astimezone(site.tzinfo)
        expected |= {
            "published_at": at.replace(second=0).isoformat(),
            "published_from": "time",
            "modified_at": None,
            # That a page is a teaser is told by its JSON-LD only.
            "is_premium": False,
            "is_complete": True,
        }
    if form.has_source_box:
        expected["source"] = article["source"]
    return expected | _counted(expected, page, form, is_premium=expected["is_premium"])


def _counted(expected: Mapping[str, Any], page: PageAsked | None, form: Form, *, is_premium: bool) -> dict[str, Any]:
    """Return how many pages a reader must count: an AMP page tells of none, and C only of the next one."""
    read, total = expected["pages"]["read"], expected["pages"]["total"]
    if form.door == "amp":
        read, total = 1, 1
    elif form.layout == "C" and form.door != "m" and isinstance(page, int):
        total = min(page + 1, total)
    return {"pages": {"read": read, "total": total}, "is_complete": read == total and not is_premium}
