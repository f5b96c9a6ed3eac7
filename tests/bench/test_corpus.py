"""The made-up archive is a sound one: it holds what the archive itself would have made of its articles."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bench.corpus import Vocabulary, articles, write
from crawler.archive.checks import check
from crawler.archive.connect import Archive
from crawler.archive.request import SearchRequest
from crawler.archive.saving import make_ready, save_articles
from crawler.archive.search import search
from crawler.archive.tables import article, article_author, revision, story
from crawler.archive.tables import search as index
from crawler.topics import parse_query

# By these copies are found; no search looks at them.
LEFT_OUT = {"content_hash", "fingerprint"}


def rows_of(archive: Archive, table: Table) -> list[dict[str, Any]]:
    with archive.reading() as connection:
        found = connection.execute(select(table).order_by(*list(table.columns)[:2])).mappings().all()
    return [{name: value for name, value in row.items() if name not in LEFT_OUT} for row in found]


def test_an_archive_written_in_bulk_holds_what_an_ordinary_one_holds(tmp_path: Path) -> None:
    words = Vocabulary(seed=1, words=8_000)
    with (
        Archive.open(tmp_path / "bulk.db", create=True) as bulk,
        Archive.open(tmp_path / "ordinary.db", create=True) as ordinary,
    ):
        write(bulk, 40, vocabulary=words)
        for each, _ in articles(40, seed=1, vocabulary=words):
            assert each.published_at is not None
            save_articles(ordinary, [make_ready(each, key=f"{each.host}/{each.content_id}", now=each.published_at)])

        assert check(bulk) == []
        assert any("1kpk" in row["marks"] or "3kpk" in row["marks"] for row in rows_of(bulk, index))
        for table in (story, article, revision, article_author, index):
            assert rows_of(bulk, table) == rows_of(ordinary, table)


def test_a_made_up_archive_is_searched_like_any_other(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        write(archive, 40, vocabulary=Vocabulary(seed=1, words=8_000))

        assert len(search(archive, SearchRequest(query=parse_query("yang"))).found) == 20


def test_the_same_seed_makes_the_same_articles() -> None:
    one, other = (Vocabulary(seed=7, words=8_000) for _ in range(2))

    assert list(articles(3, seed=7, vocabulary=one)) == list(articles(3, seed=7, vocabulary=other))
