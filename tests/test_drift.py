"""What counts as a change of the site, and what does not."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.article import Article, Paragraph, Photo, PublishedFrom
from crawler.drift import UNREADABLE, Alarm, Fill, Fills, alarms, count, fields_of

HOST, LAYOUT = "www.tribunnews.com", "E"
E = (HOST, LAYOUT)


def counted(pages: int, **filled: int) -> dict[tuple[str, str], Fill]:
    return {E: Fill(pages, Counter(filled))}


def test_a_field_that_is_suddenly_empty_gives_an_alarm_with_both_rates() -> None:
    found = alarms(counted(40, authors=3, tags=39), [counted(850, authors=812, tags=840)])

    line = "www.tribunnews.com, layout E: authors in 3 of 40 articles, before in 812 of 850"
    assert found == [Alarm(HOST, LAYOUT, "authors", (3, 40), (812, 850), line)]


def test_a_first_crawl_gives_no_alarm() -> None:
    assert alarms(counted(400), []) == []


@pytest.mark.parametrize(("now", "before"), [(9, 850), (40, 29)])
def test_few_articles_prove_nothing(now: int, before: int) -> None:
    assert alarms(counted(now), [counted(before, authors=before)]) == []


def test_a_field_that_most_articles_never_had_may_be_missing() -> None:
    assert alarms(counted(60), [counted(900, related=60)]) == []


def test_a_rate_that_changes_from_crawl_to_crawl_needs_more_to_alarm() -> None:
    restless = [counted(50, captions=had) for had in (50, 8, 45, 20, 49, 11, 38, 5)]
    steady = [counted(50, captions=28) for _ in range(8)]

    assert alarms(counted(50, captions=0), restless) == []
    assert [each.field for each in alarms(counted(50, captions=0), steady)] == ["captions"]


def test_crawls_of_few_articles_are_judged_together() -> None:
    good = [counted(5, authors=5) for _ in range(20)]
    past: list[Fills] = list(good)
    told = 0
    for number in range(1, 12):
        now = counted(5)
        if alarms(now, past):
            told = number
            break
        past.insert(0, now)

    assert 1 < told <= 6


def test_an_alarm_goes_on_while_the_fault_does_and_ends_with_it() -> None:
    past: list[Fills] = [counted(60, authors=58) for _ in range(6)]
    for _ in range(12):
        bad = counted(60)
        assert alarms(bad, past) != []
        bad[E].alarmed = frozenset({"authors"})
        past.insert(0, bad)

    assert alarms(counted(4, authors=4), past) == []


def test_a_text_that_suddenly_ends_early_gives_an_alarm() -> None:
    long = Article(title="x", paragraphs=(Paragraph("text", "kata " * 400),))
    short = replace(long, paragraphs=(Paragraph("text", "kata " * 40),))
    before: dict[tuple[str, str], Fill] = {}
    now: dict[tuple[str, str], Fill] = {}
    for _ in range(60):
        count(before, HOST, LAYOUT, long)
        count(now, HOST, LAYOUT, short)

    found = alarms(now, [before])

    assert [each.line for each in found] == [
        "www.tribunnews.com, layout E: 128 words or more in 0 of 60 articles, before in 60 of 60"
    ]


def test_many_unreadable_pages_give_an_alarm_and_a_few_do_not() -> None:
    past: list[Fills] = [{E: Fill(200), (HOST, UNREADABLE): Fill(2)} for _ in range(5)]

    few = alarms({E: Fill(195), (HOST, UNREADABLE): Fill(5)}, past)
    many = alarms({E: Fill(120), (HOST, UNREADABLE): Fill(80)}, past)

    assert few == []
    assert [each.line for each in many] == ["www.tribunnews.com: 80 of 200 pages could not be read, before 10 of 1010"]


def test_a_layout_that_was_never_seen_and_is_now_that_of_most_pages_gives_an_alarm() -> None:
    found = alarms({E: Fill(4), (HOST, "unknown"): Fill(36)}, [{E: Fill(300)}])

    assert [each.line for each in found] == ["www.tribunnews.com: 36 of 40 pages have layout unknown, before 0 of 300"]


def test_what_an_article_has_is_told_field_by_field() -> None:
    article = Article(
        title="x",
        authors=("Siti",),
        photos=(Photo(caption="Banjir"),),
        paragraphs=(Paragraph("text", "satu dua " * 10),),
        published_from="index",
    )

    assert set(fields_of(article)) == {"authors", "photos", "captions", "complete", "paragraphs", "words 16"}


@pytest.mark.parametrize("origin", ["index", "sitemap", "index+host-zone", "sitemap+host-zone"])
def test_a_time_that_a_listing_gave_is_no_field_of_the_page(origin: PublishedFrom) -> None:
    article = Article(title="x", published_at=datetime(2026, 7, 24, tzinfo=UTC), published_from=origin)

    assert not any(name.startswith("published_at") for name in fields_of(article))


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.06])
def test_good_crawls_give_no_false_alarm(spread: float) -> None:
    chance = random.Random(int(spread * 100))  # noqa: S311  - no secret
    told = []
    for _ in range(40):
        rates = {f"field{number}": chance.choice((0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)) for number in range(25)}
        usual_pages = chance.choice((4, 12, 40, 150))
        past: list[Fills] = []
        for _ in range(26):
            now = {E: _good(chance, rates, spread, 1 + int(chance.expovariate(1 / usual_pages)))}
            told += alarms(now, past)
            past.insert(0, now)

    assert told == []


def _good(chance: random.Random, rates: dict[str, float], spread: float, pages: int) -> Fill:
    """Return a crawl of a site that did not change: each rate is drawn anew around its own."""
    fill = Fill(pages)
    for name, rate in rates.items():
        now = rate
        if spread and rate < 1:
            firmness = (1 - spread) / spread
            now = chance.betavariate(rate * firmness, (1 - rate) * firmness)
        fill.filled[name] = sum(chance.random() < now for _ in range(pages))
    return fill
