"""What is followed, and that a topic finds the same whether it was there before the articles or came after them."""

import json
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crawler.archive import applying
from crawler.archive.applying import apply_for, apply_topics, stored_subject
from crawler.archive.connect import Archive
from crawler.archive.following import add_topic, follow_topics, followed_topics, remove_topic
from crawler.archive.reading import load_article
from crawler.archive.saving import Saved, make_ready, save_articles
from crawler.archive.tables import article, article_topic, topic
from crawler.archive.topics import kept_topic, list_topics
from crawler.article import Article
from crawler.errors import NotFoundError, TopicsError
from crawler.keeper import Keeper
from crawler.topics import Topic, TopicSet, tree_of
from crawler.topics.evaluate import hits, holds
from tests.archive.conftest import NOW, MakeArticle
from tests.topics.drawing import draw_article
from tests.topics.test_topics_agree import draw_topic

ROOT = Path(__file__).parents[2]
BANJIR = Topic("Banjir", ("banjir",))
PAN = Topic("PAN", query="PAN NOT gempa")
LATER = NOW + timedelta(days=1)
Matches = dict[tuple[int, str], str]


def keep(archive: Archive, topics: TopicSet, *articles: Article, now: datetime = NOW) -> list[Saved]:
    """Store articles as a crawl does that follows these topics."""
    keeper = Keeper(archive, topics)
    return [keeper.keep_now(each, key=f"{each.host}/{each.content_id}", now=now) for each in articles]


def matches(archive: Archive) -> Matches:
    """Return the hits of today by article and topic."""
    current = (
        select(article_topic.c.article_id, topic.c.name, article_topic.c.hits)
        .join(topic, topic.c.id == article_topic.c.topic_id)
        .join(article, (article.c.id == article_topic.c.article_id) & (article.c.revision == article_topic.c.revision))
        .where(article_topic.c.search_rowid == article.c.search_rowid)
    )
    with archive.reading() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(current)}


def apply(archive: Archive) -> int:
    """Apply what is left; return how many matches changed."""
    told = list(apply_topics(archive, clock=lambda: LATER))
    assert all(each.applied == 1.0 for each in list_topics(archive) if each.ended_at is None)
    return told[-1].changed if told else 0


def plainly(archive: Archive) -> Matches:
    """Return what a loop over topics and articles finds."""
    with archive.reading() as connection:
        subjects = {row.id: stored_subject(row) for row in connection.execute(applying._articles())}
    return {
        (article_id, each.name): json.dumps(
            [
                {"field": hit.field, "keyword": hit.keyword, "start": hit.start, "end": hit.end, "words": hit.words}
                for hit in hits(tree_of(each), subject)
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for each in followed_topics(archive).topics
        for article_id, subject in subjects.items()
        if holds(tree_of(each), subject)
    }


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=True))
def test_topics_find_the_same_at_arrival_and_afterwards_and_as_a_plain_reading(
    archive: Archive, random: random.Random
) -> None:
    before = [draw_topic(random, f"Dulu {number}") for number in range(3)]
    after = [draw_topic(random, f"Nanti {number}") for number in range(3)]
    drawn = [draw_article(random) for _ in range(8)]
    keeper = Keeper(archive, follow_topics(archive, before, now=NOW))

    ids = set()
    for number, each in enumerate(drawn):
        listed_at = None if each.article.published_at else each.ordered_at
        key = f"{number}-{random.random()}"
        ids.add(keeper.keep_now(each.article, key=key, now=NOW, listed_at=listed_at).article_id)
    at_arrival = {key: found for key, found in matches(archive).items() if key[0] in ids}
    follow_topics(archive, [*before, *after], now=NOW)
    apply(archive)

    applied = matches(archive)
    assert applied == plainly(archive)
    names = {each.name for each in before}
    assert {key: found for key, found in applied.items() if key[0] in ids and key[1] in names} == at_arrival


def test_a_topic_that_leaves_the_file_and_comes_back_has_its_matches_at_once(
    archive: Archive, make_article: MakeArticle
) -> None:
    keep(archive, follow_topics(archive, [BANJIR], now=NOW), make_article(1))
    apply(archive)
    was = matches(archive)

    without = follow_topics(archive, [], now=NOW)
    keep(archive, without, make_article(2))
    ended = kept_topic(archive, "Banjir")
    keep(archive, without, make_article(1))
    back = follow_topics(archive, [BANJIR], now=LATER)

    assert without.topics == ()
    assert (ended.articles, ended.ended_at) == (1, NOW.replace(microsecond=0))
    assert back.topics == (BANJIR,)
    assert matches(archive) == was
    assert apply(archive) == 1
    assert {key[0] for key in matches(archive)} == {1, 2}


def test_a_changed_topic_loses_what_it_does_not_find_any_more(archive: Archive, make_article: MakeArticle) -> None:
    keep(archive, follow_topics(archive, [BANJIR, PAN], now=NOW), make_article(1), make_article(2, "Gempa di Demak."))
    assert sorted(matches(archive)) == [(1, "Banjir"), (1, "PAN"), (2, "Banjir")]

    follow_topics(archive, [Topic("Banjir", ("gempa",)), PAN], now=LATER)
    waiting = {each.topic.name: each.applied for each in list_topics(archive)}
    apply(archive)

    assert waiting["Banjir"] == 0.0
    assert sorted(matches(archive)) == [(1, "PAN"), (2, "Banjir")]


def test_topics_that_were_there_before_any_article_need_not_be_applied(
    archive: Archive, make_article: MakeArticle
) -> None:
    keep(archive, follow_topics(archive, [BANJIR], now=NOW), make_article(1))
    at_arrival = matches(archive)

    applied = apply_for(archive, 60, clock=lambda: LATER)

    assert applied is None
    assert at_arrival == matches(archive) == plainly(archive) != {}


def test_what_changes_no_match_is_not_applied_again(archive: Archive, make_article: MakeArticle) -> None:
    keep(archive, follow_topics(archive, [BANJIR], now=NOW), make_article(1))
    apply(archive)

    follow_topics(archive, [Topic("BANJIR", ("banjir",), title="Banjir di Jawa", every="1h")], now=LATER)

    assert apply_for(archive, 60, clock=lambda: LATER) is None
    kept = kept_topic(archive, "banjir")
    assert (kept.topic.name, kept.topic.title, kept.topic.every, kept.articles) == ("BANJIR", "Banjir di Jawa", "1h", 1)


def test_an_article_that_was_matched_by_older_topics_is_matched_anew(
    archive: Archive, make_article: MakeArticle
) -> None:
    older = follow_topics(archive, [PAN], now=NOW)
    add_topic(archive, BANJIR, now=NOW)
    apply(archive)

    keep(archive, older, make_article(1))

    assert list(matches(archive)) == [(1, "PAN")]
    assert apply_for(archive, 60, clock=lambda: LATER) is None
    assert sorted(matches(archive)) == [(1, "Banjir"), (1, "PAN")]


def test_an_article_is_matched_where_the_archive_has_it_and_not_where_it_was_read(
    archive: Archive, make_article: MakeArticle
) -> None:
    topics = follow_topics(archive, [Topic("Olahraga", ("banjir",), sections=("sport",))], now=NOW)
    keep(archive, topics, make_article(1, section="sport"))

    keep(archive, topics, make_article(1, "Banjir lagi.", section="bisnis"))
    list(apply_topics(archive, clock=lambda: LATER))

    assert load_article(archive, 1).revision == 2
    assert list(matches(archive)) == [(1, "Olahraga")]


def test_topics_of_the_archive_are_followed_beside_those_of_the_file(
    archive: Archive, make_article: MakeArticle
) -> None:
    follow_topics(archive, [BANJIR], now=NOW)
    add_topic(archive, PAN, now=NOW)

    both = follow_topics(archive, [BANJIR], now=NOW)
    keep(archive, both, make_article(1))

    assert both.topics == (BANJIR, PAN)
    assert followed_topics(archive, [Topic("Lain", ("x",))]).topics == (Topic("Lain", ("x",)), PAN)
    assert sorted(matches(archive)) == [(1, "Banjir"), (1, "PAN")]
    with pytest.raises(TopicsError, match='there is a topic "PAN" already; choose another name'):
        add_topic(archive, Topic("pan", ("pan",)), now=NOW)
    with pytest.raises(TopicsError, match='topic "Banjir" is in the topics file'):
        add_topic(archive, Topic("BANJIR", ("x",)), now=NOW)


def test_a_topic_that_is_removed_takes_its_matches_with_it_and_can_come_back(
    archive: Archive, make_article: MakeArticle
) -> None:
    follow_topics(archive, [BANJIR], now=NOW)
    add_topic(archive, PAN, now=NOW)
    keep(archive, followed_topics(archive), make_article(1), make_article(1, "Ketua PAN pulang."), make_article(2))
    before = followed_topics(archive).generation

    assert remove_topic(archive, "pan", now=NOW) == ("PAN", 3)

    assert {name for _, name in matches(archive)} == {"Banjir"}
    assert [each.topic.name for each in list_topics(archive)] == ["Banjir"]
    assert (followed_topics(archive).generation or 0) > (before or 0)
    with pytest.raises(NotFoundError, match="no topic 'PAN' in the archive"):
        remove_topic(archive, "PAN", now=NOW)
    with pytest.raises(TopicsError, match='topic "Banjir" comes from the topics file; remove it there'):
        remove_topic(archive, "banjir", now=NOW)
    add_topic(archive, PAN, now=LATER)
    assert apply(archive) == 2


def test_applying_is_taken_up_where_it_was_broken_off(
    archive: Archive, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "_ARTICLES_AT_ONCE", 2)
    keep(archive, follow_topics(archive, [], now=NOW), *(make_article(number) for number in range(1, 8)))
    add_topic(archive, BANJIR, now=NOW)

    first = list(islice(apply_topics(archive, clock=lambda: LATER), 2))
    share = kept_topic(archive, "Banjir").applied
    add_topic(archive, PAN, now=NOW)
    rest = list(apply_topics(archive, clock=lambda: LATER))

    assert [(each.done, each.total) for each in first] == [(2, 7), (4, 7)]
    assert share == pytest.approx(4 / 7)
    assert rest[-1].done == rest[-1].total == 7
    assert sorted(matches(archive)) == sorted((number, name) for number in range(1, 8) for name in ("Banjir", "PAN"))


APPLY = """
import sys
from datetime import UTC, datetime
from crawler.archive import applying
from crawler.archive.connect import Archive
applying._ARTICLES_AT_ONCE = 3
with Archive.open(sys.argv[1]) as archive:
    for _ in applying.apply_topics(archive, clock=lambda: datetime.now(UTC)):
        print(flush=True)
"""


def test_kill_9_while_topics_are_applied_loses_nothing(archive: Archive, place: str, make_article: MakeArticle) -> None:
    chance = random.Random(4)  # noqa: S311  - when to kill
    texts = ["Banjir di Demak.", "Ketua PAN tiba.", "Gempa, kata PAN.", "Hujan."]
    topics = follow_topics(archive, [PAN], now=NOW)
    keep(archive, topics, *(make_article(number, chance.choice(texts)) for number in range(1, 61)))
    follow_topics(archive, [BANJIR, Topic("PAN", query="~gempa OR hujan")], now=NOW)

    is_done, kills = False, 0
    while not is_done:
        process = subprocess.Popen(
            [sys.executable, "-c", APPLY, place],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = sum(1 for _ in islice(process.stdout, chance.randint(1, 5)))
        is_done = process.poll() == 0 or lines == 0
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        kills += not is_done

    assert kills >= 3
    assert apply_for(archive, 60, clock=lambda: datetime.now(UTC)) is None
    assert matches(archive) == plainly(archive)
    assert {name for _, name in matches(archive)} == {"Banjir", "PAN"}
    assert save_articles(archive, [make_ready(make_article(99), key="x/99", now=NOW)])
