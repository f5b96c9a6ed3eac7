"""Has the site changed? What articles have in this crawl beside what they had in earlier ones; pure.

Articles of one crawl resemble each other (one section, one desk, one hour), so their fields are no throws of a coin: a
rate varies from crawl to crawl. The test is therefore that of the beta-binomial distribution, whose spread is measured
in the earlier crawls and never taken as less than `_LEAST_SPREAD`; and a fall must be large to matter at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import exp, lgamma
from typing import Any, Final

from crawler.article import Article

# In place of a layout: pages that could not be read.
UNREADABLE: Final = "unreadable"
# How often a good crawl may give a false alarm, whatever number of fields, layouts and hosts it tests: a hundred times
# less than is promised, since a spread that few crawls measured may be wrong.
FALSE_ALARMS: Final = 1e-5
_ENOUGH_NOW: Final = 10
_ENOUGH_BEFORE: Final = 30
# A crawl of few articles is judged together with those just before it, until they have so many.
_JUDGED_TOGETHER: Final = 30
_KEPT_SHARE: Final = 0.6
_LEAST_FALL: Final = 0.15
# Of pages that can be read, almost all can: a smaller fall tells.
_READABLE_SHARE: Final = 0.85
_READABLE_SPREAD: Final = 0.02
_LEAST_SPREAD: Final = 0.03
_USUAL_SPREAD: Final = 0.1
_USUAL_WEIGHT: Final = 10
_MOST_SPREAD: Final = 0.8
_RARE: Final = 0.02
_LENGTHS: Final = (16, 32, 64, 128, 256, 512, 1024)
_WORDS: Final = "words "


@dataclass(slots=True)
class Fill:
    """How many articles of one host and layout one crawl read, and how many of them had each field."""

    pages: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    # The fields of which an alarm was given: they say how the site was, not how it should be.
    alarmed: frozenset[str] = frozenset()


Place = tuple[str, str]
Fills = Mapping[Place, Fill]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is not as it was: `now` and `before` are the articles that had it, and all of them."""

    place: str
    layout: str | None
    field: str
    now: tuple[int, int]
    before: tuple[int, int]
    line: str

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {**asdict(self), "now": list(self.now), "before": list(self.before)}


def count(fills: dict[Place, Fill], host: str, layout: str | None, article: Article | None) -> None:
    """Count one article that was read, or with None a page that could not be."""
    fill = fills.setdefault((host, UNREADABLE if article is None else layout or "unknown"), Fill())
    fill.pages += 1
    if article is not None:
        fill.filled.update(fields_of(article))


def fields_of(article: Article) -> Iterator[str]:
    """Return the names of what an article has; of the length of its text, every step that it reaches."""
    for name in (
        *("second_headline", "topic_line", "lead", "summary", "dateline", "authors", "editors", "reporters"),
        *("sign_off", "source", "tags", "related", "photos", "syndicated_from", "modified_at", "content_id"),
    ):
        if getattr(article, name):
            yield name
    if article.published_at is not None and not article.is_dated_by_listing:
        yield "published_at"
        yield f"published_at by {article.published_from}"
    if any(photo.caption for photo in article.photos):
        yield "captions"
    if any(photo.credit for photo in article.photos):
        yield "credits"
    if article.is_complete and not article.is_premium:
        yield "complete"
    words = sum(each.text.count(" ") + 1 for each in article.paragraphs)
    if words:
        yield "paragraphs"
    yield from (f"{_WORDS}{length}" for length in _LENGTHS if words >= length)


def alarms(now: Fills, past: Sequence[Fills]) -> list[Alarm]:
    """Return what is not as it was.

    Args:
        now: What this crawl counted.
        past: What earlier crawls counted, newest first.
    """
    hosts = dict.fromkeys(host for host, _ in now)
    tests = sum(_tests(place, [now[place]], past) for place in now)
    alpha = FALSE_ALARMS / max(tests, 1)
    found = [alarm for host in hosts for alarm in _alarms_of_host(host, now, past)]
    for place, fill in now.items():
        if place[1] != UNREADABLE:
            found += _alarms_of_layout(place, fill, [fills[place] for fills in past if place in fills], alpha)
    return found


def _alarms_of_layout(place: Place, fill: Fill, past: Sequence[Fill], alpha: float) -> Iterator[Alarm]:
    host, layout = place
    together, before = _together(fill, past)
    for name in _tested(before):
        earlier = [(each.filled[name], each.pages) for each in before if name not in each.alarmed]
        had, of = _sum(earlier)
        own, own_of = fill.filled[name], fill.pages
        if of < _ENOUGH_BEFORE or own / own_of > 0.5 * (1 + _KEPT_SHARE) * had / of:
            continue
        recent = _sum([(each.filled[name], each.pages) for each in together])
        if fell(recent, earlier, alpha=alpha):
            what = f"{name.removeprefix(_WORDS)} words or more" if name.startswith(_WORDS) else name
            line = f"{host}, layout {layout}: {what} in {recent[0]} of {recent[1]} articles, before in {had} of {of}"
            yield Alarm(host, layout, name, recent, (had, of), line)


def _alarms_of_host(host: str, now: Fills, past: Sequence[Fills]) -> Iterator[Alarm]:
    whole = _of_host(host, now)
    together, before = _together(whole, [_of_host(host, fills) for fills in past])
    earlier = [(each.filled["readable"], each.pages) for each in before if UNREADABLE not in each.alarmed]
    recent = _sum([(each.filled["readable"], each.pages) for each in together])
    had, of = _sum(earlier)
    if of < _ENOUGH_BEFORE:
        return
    if whole.filled["readable"] < whole.pages and fell(
        recent, earlier, alpha=10 * FALSE_ALARMS, kept_share=_READABLE_SHARE, spread=_READABLE_SPREAD
    ):
        bad, bad_before = recent[1] - recent[0], of - had
        line = f"{host}: {bad} of {recent[1]} pages could not be read, before {bad_before} of {of}"
        yield Alarm(host, None, UNREADABLE, (bad, recent[1]), (bad_before, of), line)
    for layout in (each[len(_LAYOUT) :] for each in whole.filled if each.startswith(_LAYOUT)):
        name = f"{_LAYOUT}{layout}"
        seen, of = _sum([(each.filled[name], each.pages) for each in before if name not in each.alarmed])
        used, pages = _sum([(each.filled[name], each.pages) for each in together])
        if of >= _ENOUGH_BEFORE and pages >= _ENOUGH_NOW and 2 * used > pages and seen <= _RARE * of:
            line = f"{host}: {used} of {pages} pages have layout {layout}, before {seen} of {of}"
            yield Alarm(host, layout, "layout", (used, pages), (seen, of), line)


_LAYOUT: Final = "layout "


def _of_host(host: str, fills: Fills) -> Fill:
    """Return all pages of a host: how many could be read, and how many had each layout."""
    whole, alarmed = Fill(), set[str]()
    for (each_host, layout), fill in fills.items():
        if each_host == host:
            whole.pages += fill.pages
            if layout != UNREADABLE:
                whole.filled["readable"] += fill.pages
                whole.filled[f"{_LAYOUT}{layout}"] += fill.pages
            alarmed |= fill.alarmed & {UNREADABLE}
            if "layout" in fill.alarmed:
                alarmed.add(f"{_LAYOUT}{layout}")
    whole.alarmed = frozenset(alarmed)
    return whole


def _together(fill: Fill, past: Sequence[Fill]) -> tuple[list[Fill], list[Fill]]:
    """Return this crawl with as many before it as it takes to judge, and those with which they are compared."""
    pages, number = fill.pages, 0
    while pages < _JUDGED_TOGETHER and number < len(past):
        # Never more than half of what there is: a short history is for comparing.
        if sum(each.pages for each in past[number + 1 :]) < _ENOUGH_BEFORE:
            break
        pages += past[number].pages
        number += 1
    return [fill, *past[:number]], list(past[number:])


def _tested(before: Sequence[Fill]) -> list[str]:
    """Return the fields that are compared: of the length of the text only one step, half of what most articles have."""
    names = Counter[str]()
    for fill in before:
        names.update(fill.filled)
    pages = sum(fill.pages for fill in before)
    usual = [length for length in _LENGTHS if 2 * names[f"{_WORDS}{length}"] >= pages]
    step = f"{_WORDS}{max(usual) // 2}" if usual else ""
    return [name for name in names if not name.startswith(_WORDS) or name == step]


def _tests(place: Place, fills: Iterable[Fill], past: Sequence[Fills]) -> int:
    names = {name for fill in fills for name in fill.filled}
    return len(names.union(*(fills[place].filled for fills in past if place in fills)))


def fell(
    now: tuple[int, int],
    before: Sequence[tuple[int, int]],
    *,
    alpha: float,
    kept_share: float = _KEPT_SHARE,
    spread: float | None = None,
) -> bool:
    """Say whether a rate fell further than chance explains, more often than once in 1 / alpha times.

    Args:
        now: How many had it, of how many.
        before: The same of each earlier crawl.
        alpha: How often chance may be taken for a fall.
        kept_share: A rate that kept more than this share of what it was is no fall.
        spread: How much the rate varies from crawl to crawl; None to measure it.
    """
    had, of = now
    had_before, of_before = _sum(before)
    if of < _ENOUGH_NOW or of_before < _ENOUGH_BEFORE:
        return False
    rate = (had_before + 0.5) / (of_before + 1)
    if had / of > kept_share * rate or rate - had / of < _LEAST_FALL:
        return False
    spread = _spread(before) if spread is None else spread
    firmness = min((1 - spread) / spread, of_before + 1.0)
    return _tail(had, of, rate * firmness, (1 - rate) * firmness, enough=alpha) < alpha


def _sum(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(had for had, _ in pairs), sum(of for _, of in pairs)


def _spread(before: Sequence[tuple[int, int]]) -> float:
    """Return how much the rate varies from crawl to crawl beyond chance: 0 like coins, 1 all or nothing (ANOVA).

    Few crawls measure it badly, so that a usual value counts as much as some crawls more.
    """
    groups = [(had, of) for had, of in before if of > 1]
    had, of = _sum(groups)
    measured = _USUAL_SPREAD
    if len(groups) > 1:
        within = sum(had * (of - had) / of for had, of in groups) / (of - len(groups))
        between = sum(each_of * (each / each_of - had / of) ** 2 for each, each_of in groups) / (len(groups) - 1)
        size = (of - sum(each * each for _, each in groups) / of) / (len(groups) - 1)
        whole = between + (size - 1) * within
        measured = (between - within) / whole if whole else 0.0
    weighed = (_USUAL_WEIGHT * _USUAL_SPREAD + len(groups) * measured) / (_USUAL_WEIGHT + len(groups))
    return min(max(weighed, _LEAST_SPREAD), _MOST_SPREAD)


def _tail(had: int, of: int, alpha: float, beta: float, *, enough: float) -> float:
    """Return how likely so few or fewer are by the beta-binomial distribution; from `enough` on, no further."""
    constant = lgamma(of + 1) + lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta) - lgamma(of + alpha + beta)
    likely = 0.0
    for each in range(had, -1, -1):
        ways = constant - lgamma(each + 1) - lgamma(of - each + 1)
        likely += exp(ways + lgamma(each + alpha) + lgamma(of - each + beta))
        if likely >= enough:
            break
    return likely
