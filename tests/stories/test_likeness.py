"""Nearly the same text: what is one story although it was edited, and what is not although it looks alike."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Article, Paragraph
from crawler.parser import read_html
from crawler.site import identify
from crawler.stories import are_alike, likeness
from seeds.newsroom import Newsroom

WWW, SOLO = "www.tribunnews.com", "solo.tribunnews.com"
LOOKED_FOR_BY = 3


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    """Every seed and 40 generated articles, as they are read."""
    newsroom = Newsroom(articles=40)
    return {name: read_html(newsroom.page(name), address=identify(newsroom.address(name))) for name in newsroom.names}


def _edited(article: Article, share: float, chance: Random) -> Article:
    """Return a reprint on another host in which this share of the words is another."""
    texts = []
    for each in article.paragraphs:
        words = [f"kata{chance.randrange(10**6)}x" if chance.random() < share else word for word in each.text.split()]
        texts.append(Paragraph("text", " ".join(words)))
    return replace(article, host=SOLO, paragraphs=tuple(texts))


def _share_marks(one: Article, other: Article) -> bool:
    return len(set(likeness(one).marks) & set(likeness(other).marks)) >= LOOKED_FOR_BY


def _is_one_story(one: Article, other: Article) -> bool:
    return _share_marks(one, other) and are_alike(likeness(one), likeness(other))


@pytest.mark.fact("7.6", "1.2.5")
def test_a_reprint_of_another_site_is_the_same_story_and_a_daily_series_is_not(articles: dict[str, Article]) -> None:
    pairs = {
        (one, other)
        for one in articles
        for other in articles
        if one < other and _is_one_story(articles[one], articles[other])
    }

    assert pairs == {
        ("001_dapur-mbg-lereng-merbabu", "011_reprint-dapur-mbg-solo"),
        ("002_bendung-subak-tabanan", "012_copy-bendung-subak-kupang"),
    }


@pytest.mark.fact("7.6")
@pytest.mark.parametrize(("share", "recall"), [(0.0, 1.0), (0.02, 1.0), (0.05, 0.95), (0.1, 0.8)])
def test_a_reprint_with_some_words_changed_is_found(articles: dict[str, Article], share: float, recall: float) -> None:
    chance = Random(7)  # noqa: S311  - the same trial every time
    originals = [each for name, each in articles.items() if name.startswith("wire-")]

    found = [_is_one_story(each, _edited(replace(each, host=WWW), share, chance)) for each in originals]

    assert found.count(True) >= recall * len(found)


@pytest.mark.parametrize("kept", [slice(None, 13), slice(4, None), slice(2, 13)])
def test_a_reprint_of_a_part_is_found(articles: dict[str, Article], kept: slice) -> None:
    originals = [replace(each, host=WWW) for name, each in articles.items() if name.startswith("wire-")]

    found = [_is_one_story(each, replace(each, host=SOLO, paragraphs=each.paragraphs[kept])) for each in originals]

    assert found.count(True) >= 0.9 * len(found)


def test_a_site_does_not_reprint_itself(articles: dict[str, Article]) -> None:
    original = likeness(articles["001_dapur-mbg-lereng-merbabu"])

    assert not are_alike(original, replace(original))


@pytest.mark.fact("7.7")
def test_a_round_up_is_none_of_the_stories_that_it_tells(articles: dict[str, Article]) -> None:
    original = articles["001_dapur-mbg-lereng-merbabu"]
    roundup = replace(original, host=SOLO, kind="roundup")

    assert likeness(roundup).marks == ()
    assert not are_alike(likeness(original), likeness(roundup))


@pytest.mark.fact("7.6")
def test_the_same_words_with_other_figures_are_another_day_of_a_series() -> None:
    line = "Harga cabai rawit merah di pasar induk hari ini tercatat Rp{}.000 per kilogram menurut petugas pencatat. "
    days = [
        Article(title="Harga", host=host, paragraphs=(Paragraph("text", "".join(line.format(n) for n in figures)),))
        for host, figures in ((WWW, range(40, 45)), (SOLO, range(50, 55)))
    ]

    assert not are_alike(*map(likeness, days))


def test_a_short_text_is_not_compared() -> None:
    article = Article(title="Video", host=WWW, paragraphs=(Paragraph("text", "Simak video selengkapnya di atas."),))

    assert likeness(article).marks == ()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(), max_size=60))
def test_no_text_at_all_stops_the_marks(texts: list[str]) -> None:
    article = Article(title="x", host=WWW, paragraphs=tuple(Paragraph("text", each) for each in texts))
    found = likeness(article)

    assert found == likeness(article)
    assert are_alike(found, replace(found, host=SOLO)) in {True, False}
