"""Every article is what was stored, and the index holds its words; what is not so is found."""

import pytest

from crawler.archive.connect import Archive
from crawler.archive.deep_check import check_deeply
from crawler.archive.pages import FetchedPage
from tests.archive.conftest import NOW, MakeArticle, Save


@pytest.fixture
def stored(archive: Archive, save: Save, make_article: MakeArticle) -> Archive:
    """Two articles, one of them revised, with the page of the other."""
    save(
        make_article(1),
        fetched=FetchedPage("https://www.tribunnews.com/nasional/1/x", NOW, b"<html>" * 100, is_kept=True),
    )
    save(make_article(2))
    save(make_article(2, "Diubah kemudian.", authors=("Siti",)))
    return archive


def nothing(*_: object) -> None:
    """Tell nobody."""


def test_a_sound_archive_has_no_findings(stored: Archive) -> None:
    assert check_deeply(stored, tell=nothing) == []


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (
            "UPDATE revision SET article = replace(article, 'Diubah', 'Palsu') WHERE number = 2",
            ["revision: revision 2 of article 2 is not as", "does not hold the words of article 2"],
        ),
        ("UPDATE revision SET content_hash = 'x' WHERE number = 1", ["1 of article 1", "1 of article 2"]),
        ("UPDATE revision SET article = '[' WHERE article_id = 1", ["revision 1 of article 1"]),
        ("UPDATE page SET kept_bytes = 5", ["page: what is kept of page 1"]),
        ("UPDATE page SET body = NULL", ["page: what is kept of page 1"]),
        ("UPDATE article SET section = 'bisnis' WHERE id = 1", ["does not hold the words of article 1"]),
        ("DELETE FROM search WHERE rowid IN (SELECT search_rowid FROM article WHERE id = 2)", ["words of article 2"]),
    ],
)  # fmt: skip
def test_what_is_not_as_it_was_stored_is_found(stored: Archive, harm: str, expected: list[str]) -> None:
    with stored.writing() as connection:
        connection.exec_driver_sql(harm)

    found = [f"{each.what}: {each.detail}" for each in check_deeply(stored, tell=nothing)]

    assert len(found) == len(expected)
    assert all(part in line for part, line in zip(expected, found, strict=True))


def test_no_more_is_told_of_one_thing_than_a_person_reads(
    archive: Archive, save: Save, make_article: MakeArticle
) -> None:
    for number in range(30):
        save(make_article(number))
    with archive.writing() as connection:
        connection.exec_driver_sql("UPDATE revision SET content_hash = 'x'")

    assert len(check_deeply(archive, tell=nothing)) == 20
