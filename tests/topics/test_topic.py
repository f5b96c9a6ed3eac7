"""Where topics stand in articles and links."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Article, Link, Paragraph
from crawler.errors import TopicsError
from crawler.topics import Hit, Match, Topic, TopicSet, fold, split

RUSIA = Topic("Rusia", ("Putin", "Kim Jong Un"))
BANJIR = Topic("Banjir", ("banjir", "BPBD"))


def match_text(topics: TopicSet, title: str, text: str, tags: Iterable[str]) -> tuple[Match, ...]:
    """Return the topics of an article with these words."""
    paragraphs = (Paragraph("text", text),) if text else ()
    return topics.match(Article(title=title, paragraphs=paragraphs, tags=tuple(tags)))


def test_an_article_has_the_topics_whose_keywords_it_says_with_every_place() -> None:
    article = Article(
        title="Putin dan Kim Jong-un",
        paragraphs=(Paragraph("text", "Kim Jong Un tiba."), Paragraph("text", "“PUTIN” menunggu.")),
        tags=("Rusia", "Vladimir Putin"),
    )

    matches = TopicSet([BANJIR, RUSIA]).match(article)

    assert matches == (
        Match(
            "Rusia",
            (
                Hit("title", "Putin", 0, 5, "Putin"),
                Hit("title", "Kim Jong Un", 10, 21, "Kim Jong-un"),
                Hit("text", "Kim Jong Un", 0, 11, "Kim Jong Un"),
                Hit("text", "Putin", 20, 25, "PUTIN"),
                Hit("tag", "Putin", 16, 21, "Putin"),
            ),
        ),
    )
    assert article.text[20:25] == "PUTIN"


def test_topics_are_told_in_the_order_of_the_topics() -> None:
    matches = match_text(TopicSet([BANJIR, RUSIA]), "Putin", "banjir", ())

    assert [match.topic for match in matches] == ["Banjir", "Rusia"]


@pytest.mark.parametrize("text", ["kebanjiran", "Kim bertemu Jong Un", "bpbd", "Putinisme", ""])
def test_parts_of_words_scattered_words_and_small_acronyms_are_no_hits(text: str) -> None:
    assert match_text(TopicSet([BANJIR, RUSIA]), text, text, (text,)) == ()


def test_a_keyword_written_twice_is_told_once() -> None:
    matches = match_text(TopicSet([Topic("Banjir", ("banjir", "BANJIR", "Banjir"))]), "Banjir", "", ())

    assert matches == (Match("Banjir", (Hit("title", "banjir", 0, 6, "Banjir"),)),)


def test_keywords_inside_other_keywords_are_all_told() -> None:
    matches = match_text(TopicSet([Topic("Kim", ("Kim Jong Un", "Kim", "jong un"))]), "Kim Jong Un", "", ())

    assert [hit.words for hit in matches[0].hits] == ["Kim", "Kim Jong Un", "Jong Un"]


def test_hits_are_told_in_the_order_of_reading() -> None:
    matches = match_text(TopicSet([Topic("Banjir", ("banjir", "kota banjir besar"))]), "Kota banjir besar", "", ())

    assert [(hit.start, hit.words) for hit in matches[0].hits] == [(0, "Kota banjir besar"), (5, "banjir")]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        (Link("u", title="Putin tiba"), True),
        (Link("u", title="Lain", keywords=("BPBD",)), True),
        (Link("u", keywords=("Kim Jong Un",)), True),
        (Link("u", title="Lain", keywords=("hujan",)), False),
        (Link("u"), True),
        (Link("u", title=""), True),
    ],
)
def test_a_link_is_wanted_when_its_listing_speaks_of_a_topic_or_says_nothing(link: Link, wanted: bool) -> None:
    assert TopicSet([BANJIR, RUSIA]).may_want(link) is wanted


def test_without_topics_nothing_matches_and_no_link_is_wanted() -> None:
    nothing = TopicSet([])

    assert match_text(nothing, "Putin", "Putin", ("Putin",)) == ()
    assert not nothing.may_want(Link("u", title="Putin"))
    assert not nothing.may_want(Link("u"))


def test_a_keyword_without_a_word_is_refused() -> None:
    with pytest.raises(TopicsError, match='topic "A": keyword "%" has no letter or digit'):
        TopicSet([Topic("A", ("x", "%"))])


def test_a_thousand_other_topics_do_not_have_to_be_tried_one_by_one() -> None:
    others = [Topic(f"Topik {number}", (f"banjir kota{number}", f"kota{number} hujan")) for number in range(1000)]
    topics = TopicSet([*others, RUSIA])

    filed = topics._filed._filed
    waiting = {word: sum(len(numbers) for _, _, numbers in ways) for word, ways in filed.items()}

    assert max(waiting.values()) == 2
    assert [match.topic for match in match_text(topics, "banjir kota7", "Putin hujan banjir", ())] == [
        "Topik 7",
        "Rusia",
    ]


def test_the_document_that_came_with_the_project_has_its_topic() -> None:
    text = next(Path(__file__).parents[2].glob("seeds/000_*.txt")).read_text(encoding="utf-8")

    (match,) = match_text(TopicSet([BANJIR, RUSIA]), "", text, ())

    assert match.topic == "Rusia"
    assert {hit.words for hit in match.hits} == {"Putin", "Kim Jong Un", "Kim Jong-un"}
    assert len([hit for hit in match.hits if hit.keyword == "Putin"]) == len(re.findall(r"\bPutin\b", text))


# Few words, so that they meet often; and words that fold in every way there is.
PARTS = st.sampled_from(
    [
        "pan",
        "PAN",
        "Pan",
        "a",
        "A",
        "b",
        "kim",
        "Kim",
        "jong-un",
        "Jum'at",
        "Jumat",
        "Rp10.000",
        "Rp 10.000",
        "5,2",
        "é",
        "%",
    ]
)
TEXTS = st.lists(st.tuples(PARTS, st.sampled_from([" ", ", ", "\n\n", " – ", "' '"])), max_size=12).map(
    lambda parts: "".join(part + gap for part, gap in parts)
)
KEYWORDS = st.lists(PARTS, min_size=1, max_size=3).map(" ".join).filter(split)
TOPICS = st.lists(st.lists(KEYWORDS, min_size=1, max_size=4), max_size=4).map(
    lambda topics: [Topic(f"T{number}", tuple(keywords)) for number, keywords in enumerate(topics)]
)


def plain_reading(topics: Iterable[Topic], fields: dict[str, str]) -> set[tuple[str, str, str, int, int]]:
    """Return every hit (topic, folded keyword, field, start, end) by trying each keyword at each pair of words."""
    found = set()
    for topic in topics:
        for keyword in topic.keywords:
            asked = [(word.folded, word.printed) for word in split(keyword)]
            for field, text in fields.items():
                words = split(text)
                for first in words:
                    for last in words:
                        said = [word for word in words if first.start <= word.start <= last.start]
                        capitals_kept = all(
                            word.printed == printed.upper() or not re.fullmatch("[A-Z]{2,5}", printed)
                            for word, (_, printed) in zip(said, asked, strict=False)
                        )
                        if [word.folded for word in said] == [folded for folded, _ in asked] and capitals_kept:
                            found.add((topic.name, fold(keyword), field, first.start, last.end))
    return found


@settings(deadline=None)
@given(TOPICS, TEXTS, TEXTS, st.lists(PARTS, max_size=3))
def test_topics_are_found_exactly_where_a_plain_reading_finds_them(
    topics: list[Topic], title: str, text: str, tags: list[str]
) -> None:
    matches = match_text(TopicSet(topics), title, text, tags)

    fields = {"title": title, "text": text, "tag": ", ".join(tags)}
    hits = {(m.topic, fold(h.keyword), h.field, h.start, h.end) for m in matches for h in m.hits}
    assert hits == plain_reading(topics, fields)
    for match in matches:
        assert all(fields[hit.field][hit.start : hit.end] == hit.words for hit in match.hits)
        assert all(fold(hit.words) == fold(hit.keyword) for hit in match.hits)


@settings(deadline=None)
@given(TOPICS, TEXTS, st.lists(PARTS, max_size=3))
def test_a_link_is_wanted_exactly_when_an_article_of_its_words_would_match(
    topics: list[Topic], title: str, keywords: list[str]
) -> None:
    topic_set = TopicSet(topics)

    wanted = topic_set.may_want(Link("u", title=title, keywords=tuple(keywords)))

    says_nothing = not title and not keywords
    assert wanted == bool(match_text(topic_set, title, "", keywords) or (says_nothing and topics))


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_no_text_at_all_breaks_the_matching(title: str, text: str, tags: list[str]) -> None:
    words = tuple(dict.fromkeys(word.printed for word in split(title)))

    matches = match_text(TopicSet([Topic("T", words)] if words else []), title, text, tags)

    assert [match.topic for match in matches] == (["T"] if words else [])


@pytest.mark.parametrize(
    ("link", "host", "section", "wanted"),
    [
        (Link("u", title="Gol indah"), "www.tribunnews.com", "sport", True),
        (Link("u", title="Gol indah"), "www.tribunnews.com", None, True),
        (Link("u", title="Gol indah"), "www.tribunnews.com", "bisnis", False),
        (Link("u", title="Gol indah"), "bali.tribunnews.com", "sport", False),
        (Link("u", title="Hujan"), "www.tribunnews.com", "sport", False),
        (Link("u", title="Hujan"), "www.tribunnews.com", "seleb", True),
        (Link("u"), "bali.tribunnews.com", "bisnis", False),
        (Link("u"), "www.tribunnews.com", "Sport", True),
    ],
)
def test_a_link_is_wanted_where_a_topic_may_be_behind_it(link: Link, host: str, section: str, wanted: bool) -> None:
    topics = TopicSet(
        [
            Topic("Bola", query="gol AND (wasit OR kiper)", sections=("sport",), hosts=("www.tribunnews.com",)),
            Topic("Seleb", ("artis",), sections=("seleb",), hosts=("www.tribunnews.com",), fetch="all"),
        ]
    )

    assert topics.may_want(link, host=host, section=section) is wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("author:budi", True),
        ("author:budi OR banjir", True),
        ("author:budi AND banjir", False),
        ("text:hujan", True),
        ("gempa NEAR/3 hujan", True),
        ("~hujan NOT cerah", True),
        ("banjir", False),
        ("section:sport", True),
    ],
)
def test_what_no_listing_can_tell_may_be_behind_any_link(query: str, wanted: bool) -> None:
    assert TopicSet([Topic("T", query=query)]).may_want(Link("u", title="Hujan cerah")) is wanted


def test_a_topic_of_some_sections_and_hosts_is_had_by_their_articles_only() -> None:
    topics = TopicSet([Topic("Bola", ("gol",), sections=("Sport",), hosts=("www.tribunnews.com",))])
    article = Article(title="Gol", section="sport", host="www.tribunnews.com")

    assert topics.match(article)
    for other in ({"section": "bisnis"}, {"section": None}, {"host": "bali.tribunnews.com"}, {"host": None}):
        assert not topics.match(replace(article, **other))


def test_a_query_of_many_mixed_parts_is_found_by_any_of_them() -> None:
    words = [f"kata{number}" for number in range(40)]
    query = f"({' OR '.join(words[:20])}) ({' OR '.join(words[20:])}) section:sport"
    topics = TopicSet([Topic("T", query=query)])

    assert topics.match(Article(title="kata7 kata33", section="sport"))
    assert not topics.match(Article(title="kata7 kata8", section="sport"))
    assert not topics.match(Article(title="kata7 kata33", section="bisnis"))


def test_a_query_that_is_none_any_more_is_told_with_the_name_of_its_topic() -> None:
    with pytest.raises(TopicsError, match='topic "Lama": this bracket is never closed; change it, or remove it'):
        TopicSet([Topic("Lama", query="(banjir")])
