"""The made-up archive is a sound one: its index is what the archive itself would have made of its articles."""

from pathlib import Path

from sqlalchemy import select

from bench.corpus import Vocabulary, write
from crawler.archive.checks import check
from crawler.archive.connect import Archive
from crawler.archive.index import index_row, with_facts
from crawler.archive.reading import newest_articles
from crawler.archive.request import SearchRequest
from crawler.archive.search import search
from crawler.archive.tables import search as index
from crawler.topics import parse_query

KNOWN = ("section", "region", "kind", "host")


def test_the_index_of_made_up_articles_is_that_of_stored_ones(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        write(archive, 40, vocabulary=Vocabulary(seed=1, words=8_000))

        assert check(archive) == []
        stored = [each.article for each in newest_articles(archive)]
        with archive.reading() as connection:
            rows = connection.execute(select(index).order_by(index.c.rowid.desc())).mappings().all()
        for article, row in zip(stored, rows, strict=True):
            expected = with_facts(index_row(article), {name: getattr(article, name) for name in KNOWN})
            assert {name: sorted(words.split()) for name, words in expected.items()} == {
                name: sorted(words.split()) for name, words in row.items() if name != "rowid"
            }
        assert len(search(archive, SearchRequest(query=parse_query("yang"))).found) == 20


def test_the_same_seed_makes_the_same_words() -> None:
    assert Vocabulary(seed=7, words=8_000).printed == Vocabulary(seed=7, words=8_000).printed
