"""Articles that no topic ever had go after their days, whole; their links stay, with the reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from crawler.archive import letting_go
from crawler.archive.applying import apply_topics
from crawler.archive.connect import Archive
from crawler.archive.deep_check import check_deeply
from crawler.archive.following import follow_topics
from crawler.archive.keeping import mark_solved
from crawler.archive.lease import begin_crawl
from crawler.archive.ledger import due_links, mark, record_listing
from crawler.archive.letting_go import LetGo, let_go
from crawler.archive.pages import FetchedPage, save_unreadable
from crawler.archive.reading import check, life_of, newest_articles
from crawler.archive.tables import metadata
from crawler.article import Link, Listing
from crawler.processes import this_process
from crawler.site import identify
from crawler.topics import Match, Topic
from tests.archive.conftest import NOW, MakeArticle, Save
from tests.archive.test_writing_safely import RunPython

DAYS = 30
LATER = NOW + timedelta(days=DAYS, seconds=1)
BANJIR = Topic("Banjir", ("banjir",))
# Articles without a topic, on the same day, and what is said of them after their time.
LET_GO = f"let go of after {DAYS} days without a topic"
WITHOUT_END = """
import sys
from datetime import UTC, datetime
from crawler.archive import letting_go
from crawler.archive.connect import Archive

letting_go._AT_ONCE = 3
take_out = letting_go._take_out
def told(connection, **how):
    print("begun", flush=True)
    return take_out(connection, **how)
letting_go._take_out = told
with Archive.open(sys.argv[1]) as archive:
    letting_go.let_go(archive, days=30, now=datetime(2026, 8, 30, tzinfo=UTC))
"""


class Filled:
    """An archive in which one topic is followed, and what was crawled into it."""

    def __init__(self, archive: Archive, save: Save, make_article: MakeArticle) -> None:
        self.archive = archive
        self._save, self._make = save, make_article
        self.crawl_id = begin_crawl(archive, options={}, process=this_process(), now=NOW).crawl_id
        self.follow(BANJIR)

    def follow(self, *topics: Topic, applied: bool = True) -> None:
        follow_topics(self.archive, topics, now=NOW)
        if applied:
            list(apply_topics(self.archive, clock=lambda: NOW))

    def crawled(
        self,
        *numbers: int,
        text: str | None = None,
        topic: bool = False,
        host: str = "www.tribunnews.com",
        **how: object,
    ) -> None:
        """Store articles as a crawl does, with their pages; without a text, each is a story of its own."""
        for number in numbers:
            url = f"https://{host}/nasional/{number}/banjir"
            drawn = " ".join(f"beras{number * part} naik{number + part}" for part in range(40))
            article = self._make(
                number, text or f"{drawn} nomor {number}.", title=f"Beras {number}", authors=("Siti",), host=host
            )
            page = FetchedPage(url, NOW, b"<html>", packed=b"x", encoding="gzip", is_kept=True)
            matches = (Match("Banjir", ()),) if topic else ()
            self._save(article, matches, **{"crawl_id": self.crawl_id, "fetched": page, "generation": 1, **how})

    def numbers(self) -> list[int]:
        return sorted(int(each.article.content_id or 0) for each in newest_articles(self.archive))

    def rows(self) -> dict[str, int]:
        with self.archive.reading() as connection:
            return {name: len(connection.execute(select(table)).all()) for name, table in metadata.tables.items()}

    def state(self, number: int) -> tuple[str, str | None] | None:
        life = life_of(self.archive, address=identify(f"https://www.tribunnews.com/nasional/{number}/banjir"))
        return (life.link.state, life.link.reason) if life and life.link else None

    @property
    def wrong(self) -> list[object]:
        return [*check(self.archive), *check_deeply(self.archive, tell=lambda *_: None)]


@pytest.fixture
def filled(archive: Archive, save: Save, make_article: MakeArticle) -> Filled:
    return Filled(archive, save, make_article)


def test_what_no_topic_has_goes_with_all_that_belongs_to_it_and_its_link_says_so(filled: Filled) -> None:
    filled.crawled(1, 9, topic=True)
    before = filled.rows()
    filled.crawled(*range(2, 8))
    filled.crawled(8, topic=True)

    done = let_go(filled.archive, days=DAYS, now=LATER)

    assert done == LetGo(6, 3)
    assert filled.numbers() == [1, 8, 9]
    assert [filled.state(number) for number in (1, 2, 7)] == [
        ("stored", None),
        ("skipped", LET_GO),
        ("skipped", LET_GO),
    ]
    after = filled.rows()
    for name in ("article", "revision", "page", "article_author", "story", "article_topic"):
        assert after[name] == before[name] + 1, name
    assert after["story_mark"] > 0
    with filled.archive.reading() as connection:
        dead = "SELECT count(*) FROM story_mark WHERE story_id NOT IN (SELECT id FROM story)"
        assert connection.exec_driver_sql(dead).scalar() == 0
    assert after["link"] == 9
    assert filled.wrong == []


def test_it_goes_after_its_days_and_not_before(filled: Filled) -> None:
    filled.crawled(1, 2, 3)
    filled.crawled(2, text="Harga beras turun.", now=NOW + timedelta(days=1))

    assert let_go(filled.archive, days=DAYS, now=NOW + timedelta(days=DAYS)).articles == 0
    assert let_go(filled.archive, days=DAYS, now=LATER).articles == 1
    assert filled.numbers() == [2, 3]
    assert let_go(filled.archive, days=DAYS, now=LATER + timedelta(days=1)).articles == 1


def test_with_0_days_everything_stays(filled: Filled) -> None:
    filled.crawled(1, 2, 3)

    assert let_go(filled.archive, days=0, now=LATER + timedelta(days=9999)) == LetGo(0, 3)


def test_a_dry_run_tells_the_same_number_and_changes_nothing(filled: Filled) -> None:
    filled.crawled(1, 2, 3)
    filled.crawled(4, topic=True)
    before = filled.rows()

    shown = let_go(filled.archive, days=DAYS, now=LATER, dry_run=True)

    assert filled.rows() == before
    assert shown == let_go(filled.archive, days=DAYS, now=LATER) == LetGo(3, 1)


def test_what_a_topic_had_once_stays_though_the_topic_has_ended(filled: Filled) -> None:
    filled.crawled(1, 2, topic=True)
    filled.crawled(3)
    filled.follow(Topic("Beras", ("jagung",)))

    assert let_go(filled.archive, days=DAYS, now=LATER).articles == 0
    assert filled.numbers() == [1, 2, 3]


def test_nothing_goes_while_a_topic_waits_to_be_applied(filled: Filled) -> None:
    filled.crawled(1, 2, 3)
    filled.follow(BANJIR, Topic("Nomor", ("nomor 1",)), applied=False)

    waiting = let_go(filled.archive, days=DAYS, now=LATER)
    list(apply_topics(filled.archive, clock=lambda: NOW))
    done = let_go(filled.archive, days=DAYS, now=LATER)

    assert (waiting.articles, waiting.left) == (0, 2)
    assert "topics wait to be applied" in str(waiting.reason)
    assert done.articles == 1
    assert filled.numbers() == [1, 3]
    assert filled.wrong == []


def test_nothing_goes_where_no_topic_is_followed(filled: Filled) -> None:
    filled.crawled(1, 2)
    filled.follow()

    done = let_go(filled.archive, days=DAYS, now=LATER)

    assert (done.articles, done.left, done.reason) == (0, 1, "no topic is followed, so everything stays")


def test_what_waits_to_be_matched_anew_stays(filled: Filled) -> None:
    filled.crawled(1, 2, 3)
    filled.follow(BANJIR, Topic("Beras", ("beras1",)))
    filled.crawled(2, text="Ini beras1 dan yang lain.", now=NOW + timedelta(seconds=1))

    waiting = let_go(filled.archive, days=DAYS, now=LATER + timedelta(seconds=9))

    assert 2 in filled.numbers()
    assert waiting.articles == 0 or filled.numbers() == [1, 2, 3]
    list(apply_topics(filled.archive, clock=lambda: NOW))
    let_go(filled.archive, days=DAYS, now=LATER + timedelta(seconds=9))
    assert 2 in filled.numbers()
    assert filled.wrong == []


def test_what_a_person_imported_stays(filled: Filled) -> None:
    filled.crawled(1, crawl_id=None)
    filled.crawled(2, 3)

    let_go(filled.archive, days=DAYS, now=LATER)

    assert filled.numbers() == [1, 3]


def test_the_time_that_it_may_take_is_kept_and_the_next_time_goes_on(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letting_go, "_AT_ONCE", 2)
    filled.crawled(*range(1, 8))

    first = let_go(filled.archive, days=DAYS, now=LATER, longest_s=0)
    second = let_go(filled.archive, days=DAYS, now=LATER)

    assert (first.articles, first.left) == (0, 6)
    assert "the next time goes on" in str(first.reason)
    assert second == LetGo(6, 1)


def test_a_story_stays_while_one_of_its_articles_does_and_is_still_found(filled: Filled) -> None:
    words = " ".join(f"kata{number} tentang beras di pasar" for number in range(60))
    for number in (1, 2):
        filled.crawled(number, text=words, now=NOW + timedelta(days=number))
    filled.crawled(3)

    let_go(filled.archive, days=DAYS, now=LATER + timedelta(days=1))
    filled.crawled(4, text=words, now=LATER)

    assert filled.numbers() == [2, 3, 4]
    assert filled.wrong == []


def numbered(archive: Archive) -> list[tuple[int, int]]:
    with archive.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT id, story_id FROM article ORDER BY id")]


def test_the_number_of_an_article_is_never_given_twice(filled: Filled) -> None:
    words = " ".join(f"kata{number} tentang beras di pasar" for number in range(60))
    filled.crawled(1, text=words)
    filled.crawled(2)
    # The newest article tells the oldest story.
    filled.crawled(3, text=words, host="jabar.tribunnews.com")
    before = numbered(filled.archive)

    let_go(filled.archive, days=DAYS, now=LATER)
    filled.crawled(4)

    assert before[2][1] == before[0][1]
    assert numbered(filled.archive)[-1][0] > before[-1][0]


def test_the_number_of_a_story_is_never_given_twice(filled: Filled) -> None:
    words = " ".join(f"kata{number} tentang beras di pasar" for number in range(60))
    filled.crawled(1, text=words)
    filled.crawled(2)
    filled.crawled(3, text=words, host="jabar.tribunnews.com", topic=True)
    newest = max(story for _, story in numbered(filled.archive))

    let_go(filled.archive, days=DAYS, now=LATER)
    filled.crawled(4)

    assert numbered(filled.archive)[-1][1] > newest


def test_a_page_that_could_not_be_read_before_goes_along_once_it_was_solved(filled: Filled) -> None:
    url = "https://www.tribunnews.com/nasional/1/banjir"
    page = FetchedPage(url, NOW, b"<html>")
    save_unreadable(
        filled.archive, key="www.tribunnews.com/1", fetched=page, reason="no text", now=NOW, crawl_id=filled.crawl_id
    )
    filled.crawled(1, 2)
    mark_solved(filled.archive, now=NOW)

    let_go(filled.archive, days=DAYS, now=LATER)

    assert filled.rows()["page"] == 1


def test_a_topic_that_comes_while_articles_go_is_waited_for(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.crawled(1, 2, 3)
    take_out = letting_go._take_out

    def after_a_new_topic(connection: Connection, **how: Any) -> int:
        connection.execute(metadata.tables["topic"].insert().values(name="Beras", changed_at=1))
        return take_out(connection, **how)

    monkeypatch.setattr(letting_go, "_take_out", after_a_new_topic)
    done = let_go(filled.archive, days=DAYS, now=LATER)

    assert (done.articles, done.left) == (0, 2)
    assert filled.numbers() == [1, 2, 3]


def test_what_was_let_go_of_is_not_fetched_again_though_its_title_changes(filled: Filled) -> None:
    listing = Listing("nasional", "https://www.tribunnews.com/nasional/sitemap-news.xml", "sitemap")

    def listed(title: str, now: datetime) -> None:
        url = "https://www.tribunnews.com/nasional/1/banjir"
        record_listing(
            filled.archive, listing=listing, url=listing.url, etag=None, last_modified=None, crawl_id=None, now=now,
            links=[(Link(url, title=title, published_at=NOW, published_from="sitemap"), identify(url))],
        )  # fmt: skip

    listed("Beras 1", NOW)
    filled.crawled(1, 2)
    # It was to be looked at once more.
    listed("Beras kesatu", NOW)
    let_go(filled.archive, days=DAYS, now=LATER)
    listed("Beras satu", LATER)

    assert due_links(filled.archive, now=LATER + timedelta(days=9), limit=9) == []
    assert filled.state(1) == ("skipped", LET_GO)
    with filled.archive.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(retitled_at) FROM link").scalar() == 0
    life = life_of(filled.archive, address=identify("https://www.tribunnews.com/nasional/1/banjir"))
    assert life is not None
    assert f"state     2026-08-23  skipped: {LET_GO}" in life.lines(lambda moment: f"{moment:%Y-%m-%d}")


def test_what_the_site_took_away_stays_gone(filled: Filled) -> None:
    filled.crawled(1, 2)
    mark(
        filled.archive, key="www.tribunnews.com/1", state="gone", reason="gone (410)", now=NOW, crawl_id=filled.crawl_id
    )

    let_go(filled.archive, days=DAYS, now=LATER)

    assert filled.numbers() == [2]
    assert filled.state(1) == ("gone", "gone (410)")
    assert filled.wrong == []


def test_it_can_be_stored_again(filled: Filled) -> None:
    filled.crawled(1, 2)
    let_go(filled.archive, days=DAYS, now=LATER)

    filled.crawled(1, now=LATER)

    assert filled.state(1) == ("stored", None)
    assert filled.numbers() == [1, 2]
    assert filled.wrong == []


def test_killed_at_any_moment_each_article_is_there_or_gone(filled: Filled, place: str, run_python: RunPython) -> None:
    filled.crawled(*range(1, 21))
    for killed_at in (1, 3):
        with run_python(WITHOUT_END, place) as process:
            assert process.stdout is not None
            for _ in range(killed_at):
                process.stdout.readline()
            process.kill()

        left = filled.numbers()
        states = {number: filled.state(number) for number in range(1, 21)}
        assert {number for number, state in states.items() if state == ("stored", None)} == set(left)
        assert check(filled.archive) == []

    let_go(filled.archive, days=DAYS, now=datetime(2026, 8, 30, tzinfo=UTC))
    assert filled.numbers() == [20]
    assert filled.wrong == []
